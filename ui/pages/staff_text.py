"""The words of the page for customer managers, kept in staff_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.pages import page_text

# Filled in where the text is used.
_LATER = ("count", "name")


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


def load() -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    return page_text.read(Path(__file__).with_suffix(".yaml"), Text, {name: f"{{{name}}}" for name in _LATER})
