"""The words of the desk page, kept in desk_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from ui.pages import page_text

_FILE = Path(__file__).with_name("desk_text.yaml")
# Filled in where the text is used.
_LATER = ("count", "page", "who", "task", "time")


@dataclass(frozen=True)
class Text:
    """Everything the page says in one language."""

    language: str
    title: str
    desk: str
    skip_link: str
    to_list: str
    to_talk: str
    sign_in: str
    sign_in_heading: str
    sign_in_why: str
    user: str
    password: str
    bank_account: str
    demo_hint: str
    wrong: str
    locked: str
    disabled: str
    no_right: str
    expired: str
    sign_out: str
    presence: str
    online: str
    busy: str
    offline: str
    online_hint: str
    busy_hint: str
    offline_hint: str
    settings: str
    settings_why: str
    shown_as: str
    capacity: str
    skills: str
    all_skills: str
    save: str
    saved: str
    close: str
    cancel: str
    counts: str
    waiting: str
    mine: str
    longest: str
    none: str
    cut: str
    queue: str
    queue_empty: str
    queue_empty_why: str
    elsewhere: str
    next: str
    take: str
    accept: str
    pass_on: str
    offered: str
    seconds_left: str
    waited: str
    anonymous: str
    unnamed: str
    elder: str
    second_check: str
    came_back: str
    for_me: str
    doing: str
    talk: str
    review: str
    message: str
    call_back: str
    mine_empty: str
    unread: str
    nothing_open: str
    nothing_open_why: str
    conversation: str
    customer: str
    assistant: str
    agent: str
    you: str
    joined: str
    left: str
    sources: str
    page: str
    new_below: str
    suggestions: str
    suggestions_why: str
    suggestion_worded: str
    fill: str
    reply_to: str
    placeholder: str
    send: str
    canned: str
    canned_none: str
    check_first: str
    send_anyway: str
    mend: str
    details: str
    identity: str
    is_anonymous: str
    is_signed_in: str
    is_verified: str
    not_known: str
    no_card: str
    age: str
    level: str
    risk_level: str
    branch: str
    phone: str
    since: str
    products: str
    open_matters: str
    next_actions: str
    left_details: str
    summary: str
    summary_worded: str
    summary_lines: str
    task: str
    asked_now: str
    evidence: str
    notes: str
    notes_empty: str
    note_placeholder: str
    add_note: str
    actions: str
    transfer: str
    give_back: str
    resolve: str
    transfer_heading: str
    transfer_why: str
    to_skill: str
    to_agent: str
    anyone: str
    note_for_colleague: str
    give_back_heading: str
    give_back_why: str
    note_optional: str
    resolve_heading: str
    resolve_why: str
    result: str
    settles_task: str
    to_decide: str
    reason: str
    reason_placeholder: str
    pictures: str
    open_picture: str
    video: str
    approve: str
    refuse: str
    reason_needed: str
    too_few_pictures: str
    two_people: str
    first_approved: str
    is_out: str
    nobody_waits: str
    noted: str
    transferred: str
    given_back: str
    resolved: str
    approved: str
    approved_first: str
    refused: str
    passed: str
    moved_on: str
    same_person: str
    refused_message: str
    failed: str
    unreadable: str


def load(settings: Settings) -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    known = {
        "bank": settings.bank_name,
        "name": settings.assistant_name,
        "limit": settings.max_message_characters,
        **{name: f"{{{name}}}" for name in _LATER},
    }
    return page_text.read(_FILE, Text, known)
