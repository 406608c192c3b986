"""The words of the page for customer managers, kept in staff_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.pages import page_text

# Filled in where the text is used.
_LATER = ("count", "name", "level", "day", "fields")


@dataclass(frozen=True)
class Text:
    """Everything the page says in one language."""

    language: str
    title: str
    chat: str
    products: str
    campaigns: str
    drafts: str
    leads: str
    tabs: str
    placeholder: str
    send: str
    restart: str
    examples: str
    notice: str
    source: str
    from_document: str
    close: str
    no_source: str
    failed: str
    forgotten: str
    busy: str
    example_fit: str
    example_compare: str
    example_objection: str
    example_campaign: str
    example_draft: str
    lead_heading: str
    lead_hint: str
    lead_none: str
    lead_elsewhere: str
    lead_count: str
    mine: str
    all_branches: str
    all_tasks: str
    branch: str
    task: str
    status: str
    open: str
    new: str
    taken: str
    done: str
    dropped: str
    all_statuses: str
    export_csv: str
    export_xlsx: str
    not_exported: str
    stopped_at: str
    known: str
    offer: str
    agreed_at: str
    take: str
    taken_by_me: str
    taken_by: str
    customer: str
    note: str
    note_hint: str
    mark_done: str
    mark_dropped: str
    lead_taken: str
    lead_done: str
    lead_dropped: str
    lead_gone: str
    bank_out: str
    unreadable: str
    minutes: str
    hours: str
    days: str
    head_office: str
    any: str
    product_heading: str
    product_hint: str
    product_words: str
    product_words_hint: str
    kind: str
    all_kinds: str
    level: str
    level_at_most: str
    term: str
    days_at_most: str
    minimum: str
    yuan_at_most: str
    product_count: str
    product_none: str
    product: str
    rate: str
    channel: str
    published: str
    differs: str
    private: str
    benchmark_note: str
    ask_in_chat: str
    ask_about: str
    draft_heading: str
    draft_hint: str
    draft: str
    draft_placeholder: str
    check: str
    draft_none: str
    draft_passed: str
    draft_passed_why: str
    draft_refused: str
    draft_count: str
    instead: str
    rule: str
    not_checked: str
    finding_phrase: str
    finding_private: str
    finding_refused: str
    finding_missing: str
    finding_figure: str
    finding_personal: str
    campaign_heading: str
    campaign_hint: str
    campaign_host: str
    campaign_here: str
    campaign_not_ended: str
    campaign_count: str
    campaign_none: str
    campaign_new: str
    campaign_steps: str
    campaign_save: str
    campaign_name: str
    campaign_organiser: str
    campaign_starts: str
    campaign_ends: str
    campaign_audience: str
    campaign_reward: str
    campaign_quota: str
    campaign_places: str
    campaign_daily: str
    campaign_rules: str
    campaign_approval_number: str
    campaign_phone: str
    campaign_quota_told: str
    campaign_left: str
    campaign_reason: str
    campaign_reason_hint: str
    campaign_hands: str
    campaign_change: str
    campaign_submit: str
    campaign_two: str
    campaign_approve: str
    campaign_return: str
    campaign_take_back: str
    campaign_end: str
    campaign_made: str
    campaign_changed: str
    campaign_submitted: str
    campaign_approved: str
    campaign_returned: str
    campaign_ended: str
    campaign_wrong_form: str
    campaign_same_hand: str
    campaign_not_yours: str
    campaign_moved: str
    campaign_needs_reason: str
    state_draft: str
    state_submitted: str
    state_approved: str
    state_live: str
    state_ended: str


def load() -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    return page_text.read(Path(__file__).with_suffix(".yaml"), Text, {name: f"{{{name}}}" for name in _LATER})
