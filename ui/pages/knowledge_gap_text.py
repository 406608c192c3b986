"""The words of the tabs of unanswered questions and of drafts of answers, kept in knowledge_gap_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.pages import page_text
from ui.signin import Role, SignIn

Told = tuple[str, str]
"""What is told of a move, and as what: a status or an alert."""

# Filled in where the text is used.
_LATER = ("count", "conversations", "at", "title", "name", "because", "score", "names", "question")


@dataclass(frozen=True)
class Text:
    """Everything these tabs say in one language."""

    language: str
    questions_heading: str
    questions_hint: str
    questions_none: str
    question_count: str
    standing: str
    standing_open: str
    standing_answered: str
    standing_ignored: str
    standing_far: str
    audience: str
    audience_all: str
    audience_customer: str
    audience_staff: str
    since: str
    since_all: str
    since_7: str
    since_30: str
    replied: str
    asked_times: str
    last_asked: str
    kind_unanswered: str
    kind_rated_down: str
    kind_not_understood: str
    kind_asked_person: str
    by_person: str
    answered_now: str
    ignored_why: str
    see_questions: str
    hide_questions: str
    was_answered: str
    comment: str
    person_reply: str
    score: str
    make_draft: str
    ignore: str
    ignore_why: str
    reopen: str
    has_draft: str
    drafts_heading: str
    drafts_hint: str
    drafts_none: str
    draft_count: str
    new_draft: str
    all_statuses: str
    draft: str
    submitted: str
    approved: str
    published: str
    refused: str
    withdrawn: str
    for_customer: str
    for_staff: str
    question: str
    similar: str
    answer: str
    for_whom: str
    flow: str
    no_flow: str
    effective_from: str
    effective_to: str
    save: str
    submit: str
    approve: str
    refuse: str
    refuse_why: str
    withdraw: str
    withdraw_why: str
    remove: str
    close: str
    edit: str
    origin_person: str
    origin_passage: str
    hands: str
    decided: str
    findings_heading: str
    sound: str
    nearest: str
    second_person: str
    told_saved: str
    told_made: str
    told_ignored: str
    told_reopened: str
    told_submitted: str
    told_approved: str
    told_refused: str
    told_withdrawn: str
    told_removed: str
    moved: str
    gone: str
    no_reason: str
    wrong_form: str
    read_only: str


def writes(who: SignIn) -> bool:
    """Whether this person may change anything here; others of the page only read."""
    return who.role in (Role.EDITOR, Role.ADMIN)


def load() -> dict[str, Text]:
    """The words by language."""
    return page_text.read(Path(__file__).with_suffix(".yaml"), Text, {name: f"{{{name}}}" for name in _LATER})
