"""What editors do with documents, the same over HTTP and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, assert_never

from ingest.publishing import Publishing
from knowledge_base.document_id import key_of
from knowledge_base.edition import Edition, NoSuchDocument, NotADraft, Status
from knowledge_base.passage import Audience, Passage
from knowledge_base.register import Register, Registered
from knowledge_base.text import fold
from ui.signin import SignIn


class Act(StrEnum):
    """What can be done with a document as a whole."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    ROLL_BACK = "roll_back"
    DROP_DRAFT = "drop_draft"


def fitting(register: Register, status: Status | None, audience: Audience | None, text: str) -> list[Registered]:
    """The documents that fit a filter; `draft` fits those that have a draft waiting, too."""
    sought = fold(text)
    return [
        one
        for one in register.documents()
        if (status in (None, one.status) or (status is Status.DRAFT and one.draft))
        and (audience is None or audience in one.audiences)
        and all(word in _said_of(one) for word in sought.split())
    ]


def _said_of(found: Registered) -> str:
    document = found.document
    return fold(" ".join([found.key, document.title, document.path, document.product or "", *document.tags]))


def do(publishing: Publishing, who: SignIn, identifier: str, act: Act, number: int | None, why: str) -> None:
    """Does it; `number` names the draft where there are several, else the newest is meant."""
    key = key_of(identifier)
    match act:
        case Act.PUBLISH:
            publishing.publish(who.name, draft_of(publishing, key, number).id)
        case Act.DROP_DRAFT:
            publishing.drop(who.name, draft_of(publishing, key, number).id, why)
        case Act.WITHDRAW:
            publishing.withdraw(who.name, key, why)
        case Act.RESTORE:
            publishing.restore(who.name, key)
        case Act.ROLL_BACK:
            publishing.roll_back(who.name, key, why)
        case _:
            assert_never(act)


def describe(publishing: Publishing, who: SignIn, found: Registered, said: Mapping[str, Any]) -> Edition:
    """Says something else of a document: in its draft, or in a draft made for that from its newest file."""
    if found.draft:
        return publishing.change(who.name, found.draft.id, said)
    return publishing.revise(who.name, found.key, said)


def said(texts: Mapping[str, str]) -> dict[str, Any]:
    """A form's fields as metadata; an empty one takes away what the edition before had, but for the audience and the title."""
    found: dict[str, Any] = {name: text.strip() or None for name, text in texts.items()}
    if "tags" in found:
        parts = (found["tags"] or "").replace("，", ",").split(",")
        found["tags"] = tuple(part.strip() for part in parts if part.strip())
    return {name: value for name, value in found.items() if value is not None or name not in ("audience", "title")}


def draft_of(publishing: Publishing, key: str, number: int | None) -> Edition:
    """The draft with this number, or the newest; raises NotADraft, NoSuchDocument."""
    editions = publishing.editions.of(key)
    meant = [one for one in editions if number in (None, one.number)]
    drafts = [one for one in meant if one.status is Status.DRAFT]
    if not meant:
        raise NoSuchDocument
    if not drafts:
        raise NotADraft
    return drafts[-1]


def passages(
    publishing: Publishing, register: Register, identifier: str, number: int | None
) -> list[tuple[Audience, Passage]]:
    """An edition's passages: as they are in the library, or as they would be; the newest draft's where none is in it."""
    found = register.document(identifier)
    by_number = {one.number: one for one in found.editions}
    wanted = number if number is not None else found.number
    edition = by_number.get(wanted)
    if edition is None and (wanted != found.number or found.state is None):
        raise NoSuchDocument
    if edition is None or edition.in_library:
        return register.passages(edition.document.id if edition else found.document.id)
    return preview(publishing, edition)


def preview(publishing: Publishing, edition: Edition) -> list[tuple[Audience, Passage]]:
    """The passages that a draft has."""
    return [
        (part.holding.document.audience, passage)
        for part in publishing.preview(edition.id)
        for passage in part.passages
    ]
