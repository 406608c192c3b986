"""The words of the page for those who keep the knowledge base, kept in knowledge_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ui.pages import page_text

# Filled in where the text is used.
_LATER = ("count", "number", "title", "megabytes", "who", "day", "at", "reason", "threshold")


@dataclass(frozen=True)
class Text:
    """Everything that the page says in one language."""

    language: str
    title: str
    tabs: str
    source: str
    close: str
    no_source: str
    documents: str
    search_test: str
    heading: str
    hint: str
    upload: str
    search: str
    search_hint: str
    audience: str
    any_audience: str
    status: str
    any_status: str
    count: str
    none: str
    document: str
    edition: str
    dates: str
    passages: str
    customer: str
    staff: str
    both: str
    draft: str
    published: str
    superseded: str
    withdrawn: str
    in_force: str
    not_yet: str
    ended: str
    draft_waits: str
    folder: str
    uploaded: str
    from_day: str
    to_day: str
    always: str
    back: str
    product: str
    tags: str
    tags_hint: str
    flow: str
    no_flow: str
    url: str
    effective_from: str
    effective_from_hint: str
    effective_to: str
    file: str
    file_hint: str
    name: str
    name_hint: str
    choose: str
    audience_hint: str
    make_draft: str
    new_edition: str
    new_edition_hint: str
    describe: str
    describe_hint: str
    save: str
    draft_heading: str
    draft_hint: str
    publish: str
    drop: str
    withdraw: str
    withdraw_hint: str
    roll_back: str
    roll_back_hint: str
    restore: str
    why: str
    editions: str
    made: str
    published_by: str
    withdrawn_by: str
    show: str
    shown: str
    more: str
    section: str
    page: str
    open_document: str
    nothing_told: str
    uploaded_told: str
    described_told: str
    publish_told: str
    withdraw_told: str
    restore_told: str
    roll_back_told: str
    drop_draft_told: str
    needs_why: str
    unreadable: str
    too_large: str
    not_uploaded: str
    wrong_form: str
    unavailable: str
    NoSuchDocument: str
    EditionMoved: str
    NotADraft: str
    LaterEdition: str
    NothingBefore: str
    NothingWithdrawn: str
    AnotherPerson: str
    FaqDocument: str
    DatesCrossed: str
    trial_heading: str
    trial_hint: str
    question: str
    question_hint: str
    as_of: str
    try_it: str
    verdict: str
    answered: str
    abstained: str
    unclear: str
    support: str
    threshold: str
    weakness: str
    nothing_found: str
    too_far: str
    unknown_name: str
    other_subject: str
    other_kind: str
    no_quantity: str
    listed_word: str
    figures: str
    read_as_of: str
    may_mean: str
    score: str
    similarity: str
    whole: str
    lexical: str
    cited: str
    passage: str
    trial_none: str


def load() -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    return page_text.read(Path(__file__).with_suffix(".yaml"), Text, {name: f"{{{name}}}" for name in _LATER})
