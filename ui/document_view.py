"""Documents, editions and passages as they are sent and shown to those who keep the knowledge base."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from knowledge_base.edition import Edition, Source, Status
from knowledge_base.passage import Audience, Document, Passage
from knowledge_base.register import Registered, State


class Told(BaseModel):
    """What is said of a document, or of one edition of it."""

    title: str
    audience: Audience
    product: str | None
    tags: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    flow: str | None
    url: str | None


class EditionView(Told):
    """An edition; `id` is null for a folder's file that no editor has acted on."""

    id: str | None
    number: int
    status: Status
    source: Source
    file_name: str
    size: int | None
    passages: int
    made_by: tuple[str, ...]
    made_at: str | None
    published_by: str | None
    published_at: str | None
    withdrawn_by: str | None
    withdrawn_at: str | None
    withdrawn_why: str | None


class DocumentView(Told):
    """A document in one line; `number` says which edition it tells of, `draft` which waits to be published."""

    id: str
    path: str
    audiences: tuple[Audience, ...]
    status: Status
    state: State | None
    number: int
    passages: int
    source: Source
    editions: int
    draft: int | None


class PassageView(BaseModel):
    """A passage, and who may read it."""

    number: int
    audience: Audience
    section: str
    page: int | None
    text: str


class WholeDocument(DocumentView):
    """A document with its editions, the newest first."""

    history: tuple[EditionView, ...]


class WithPreview(WholeDocument):
    """A document after a draft was made of it, with the passages that the draft has."""

    preview: tuple[PassageView, ...]


def document(found: Registered) -> DocumentView:
    """A document as it is listed."""
    return DocumentView(**_line(found))


def whole(found: Registered) -> WholeDocument:
    """A document with its editions."""
    history = [edition(one) for one in reversed(found.editions)]
    if found.status is Status.PUBLISHED and not any(one.number == 1 for one in found.editions):
        history.append(_in_folder(found))
    return WholeDocument(**_line(found), history=tuple(history))


def edition(found: Edition) -> EditionView:
    """An edition as it is sent."""
    return EditionView(
        **_told(found.document),
        id=found.id,
        number=found.number,
        status=found.status,
        source=found.source,
        file_name=found.file_name,
        size=found.size,
        passages=found.passages,
        made_by=found.hands,
        made_at=found.made_at,
        published_by=found.published_by,
        published_at=found.published_at,
        withdrawn_by=found.withdrawn_by,
        withdrawn_at=found.withdrawn_at,
        withdrawn_why=found.withdrawn_why,
    )


def passage(audience: Audience, found: Passage) -> PassageView:
    """A passage as it is sent."""
    return PassageView(number=found.number, audience=audience, section=found.section, page=found.page, text=found.text)


def _in_folder(found: Registered) -> EditionView:
    """A folder's file that no editor has acted on, as its own first edition."""
    nothing = dict.fromkeys(
        ("made_at", "published_by", "published_at", "withdrawn_by", "withdrawn_at", "withdrawn_why")
    )
    return EditionView(
        **_told(found.document),
        **nothing,
        id=None,
        number=1,
        status=Status.PUBLISHED,
        source=Source.FOLDER,
        file_name=found.document.path.rpartition("/")[2],
        size=None,
        passages=found.passages,
        made_by=(),
    )


def _line(found: Registered) -> dict[str, object]:
    return _told(found.document) | {
        "id": found.key,
        "path": found.document.path,
        "audiences": found.audiences,
        "status": found.status,
        "state": found.state,
        "number": found.number,
        "passages": found.passages,
        "source": found.source,
        "editions": max(len(found.editions), 1),
        "draft": found.draft.number if found.draft else None,
    }


def _told(said: Document) -> dict[str, object]:
    return {name: getattr(said, name) for name in Told.model_fields}
