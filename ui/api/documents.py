"""The knowledge base over HTTP, for those who keep it: documents, their editions and passages, and trying out a question."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.evidence import Weakness
from assistant.iso_day import IsoDay
from assistant.search_test import Outcome
from assistant.whole_number import Whole
from ingest.upload import MOST_BYTES, MOST_MEGABYTES
from knowledge_base.edition import Status
from knowledge_base.passage import Audience
from ui import document_acts, document_view
from ui.api.search import FoundPassage
from ui.api.search import passage as found_passage
from ui.document_acts import Act
from ui.document_view import DocumentView, PassageView, WholeDocument, WithPreview
from ui.multipart import is_form, limited
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Editor, SignIn

router = APIRouter(prefix="/v1/documents", tags=["documents"])
Id = Annotated[str, Path(max_length=40)]
_ENVELOPE = 64 * 1024
_ONE_FILE = "Send multipart/form-data with the field file and, at least for a new document, the field audience."
_TOO_LARGE = f"A file may have {MOST_MEGABYTES} MB at most; split it into smaller files."
_TEXTS = ("title", "audience", "product", "tags", "effective_from", "effective_to", "supersedes", "flow", "url")
_DOCUMENT = "document"
_SHOWN = 200
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in (*_TEXTS, _DOCUMENT)},
                    },
                }
            }
        },
    }
}


class Said(BaseModel):
    """What to say otherwise of a document; what is left out stays, null takes it away."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, max_length=200)
    audience: Audience | None = None
    product: str | None = Field(None, max_length=200)
    tags: list[str] | None = None
    effective_from: IsoDay | None = None
    effective_to: IsoDay | None = None
    flow: str | None = None
    url: str | None = None


class Wish(BaseModel):
    """One act on a document, or what to say otherwise of it."""

    model_config = ConfigDict(extra="forbid")

    action: Act | None = None
    edition: Whole | None = Field(None, ge=1)
    why: str = Field("", max_length=500)
    metadata: Said | None = None


class Documents(BaseModel):
    """The documents, by title."""

    documents: list[DocumentView]


class Passages(BaseModel):
    """An edition's passages in reading order."""

    passages: list[PassageView]


class Tried(BaseModel):
    """A question to try."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=2_000)
    audience: Audience = Audience.CUSTOMER
    as_of: IsoDay | None = None


class Scored(FoundPassage):
    """A passage with each signal: cosine of the nearest unit and of the whole, BM25, and the score that orders them."""

    similarity: float
    whole: float
    lexical: float
    cited: bool


class Trial(BaseModel):
    """What a question finds, and what the assistant would do with it, by its support against the threshold."""

    passages: list[Scored]
    outcome: Outcome
    support: float | None
    threshold: float
    weakness: Weakness | None
    as_of: IsoDay | None
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class _Upload:
    who: SignIn
    name: str
    content: bytes
    said: dict[str, Any]
    document: str | None


async def _upload(who: Editor, request: Request) -> _Upload:
    """The file and what is said of it, read only after the sign-in was found right, and no further than it may be long."""

    async def too_large() -> Problem:
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)

    if not is_form(request):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE)
    body = limited(request, MOST_BYTES + _ENVELOPE, too_large)
    try:
        form = await MultiPartParser(request.headers, body, max_files=1, max_fields=len(_TEXTS) + 1).parse()
    except MultiPartException as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE) from error
    file = form.get("file")
    texts = {name: value for name, value in form.multi_items() if name != "file" and isinstance(value, str)}
    try:
        if not isinstance(file, UploadFile):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE)
        content = await file.read()
    finally:
        await form.close()
    document = texts.pop(_DOCUMENT, None) or None
    return _Upload(who, file.filename or "", content, document_acts.said(texts), document)


@router.get("")
def documents(
    parts: Parts, _who: Editor, status: Status | None = None, audience: Audience | None = None, text: str = ""
) -> Documents:
    """Every document with its status, dates, audience and passages; those that fit, where a filter is given."""
    return Documents(
        documents=[document_view.document(one) for one in document_acts.fitting(parts.register, status, audience, text)]
    )


@router.post("", status_code=HTTPStatus.CREATED, openapi_extra=_BODY)
def upload(parts: Parts, sent: Annotated[_Upload, Depends(_upload)]) -> WithPreview:
    """Makes a draft: of a new document, or of the next edition of `document`. The form's fields are those of front matter.

    The audience must be said for a new document. Nothing is found of a draft until it is published.
    """
    draft = parts.publishing.draft(sent.who.name, sent.name, sent.content, sent.said, sent.document)
    return _with_preview(parts, draft.key, draft.number)


@router.post("/search-test")
def search_test(parts: Parts, _who: Editor, tried: Tried) -> Trial:
    """What a question finds with the score of each signal, and whether the assistant would answer it."""
    hits, verdict = parts.search_test.run(tried.query, tried.audience, tried.as_of)
    return Trial(
        passages=[
            Scored(
                **found_passage(hit).model_dump(),
                similarity=round(hit.similarity, 4),
                whole=round(hit.whole, 4),
                lexical=round(hit.lexical, 2),
                cited=hit.passage.id in verdict.cited,
            )
            for hit in hits
        ],
        **{name: getattr(verdict, name) for name in Trial.model_fields if name != "passages"},
    )


@router.get("/{id}")
def document(parts: Parts, _who: Editor, id: Id) -> WholeDocument:
    """A document with all its editions, the newest first; by its id, or by the one that a passage or citation tells."""
    return document_view.whole(parts.register.document(id))


@router.get("/{id}/passages")
def passages(parts: Parts, _who: Editor, id: Id, edition: int | None = None) -> Passages:
    """The passages of the edition in force, or of the one with this number; a draft's as they would be."""
    found = document_acts.passages(parts.publishing, parts.register, id, edition)
    return Passages(passages=[document_view.passage(audience, one) for audience, one in found])


@router.patch("/{id}")
def change(parts: Parts, who: Editor, id: Id, wish: Wish) -> WholeDocument:
    """Does one thing: `action`, or `metadata`, which changes the draft, or makes one from the newest file.

    `publish` puts the newest draft (or `edition`) into force, `withdraw` takes the document out at once, `roll_back` goes back to
    the edition before, `restore` undoes the last of these two, `drop_draft` puts a draft away. A later edition supersedes.
    """
    if (wish.action is None) == (wish.metadata is None):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Send either action or metadata.")
    if wish.metadata is not None:
        said = wish.metadata.model_dump(exclude_unset=True)
        document_acts.describe(parts.publishing, who, parts.register.document(id), said)
    if wish.action is not None:
        document_acts.do(parts.publishing, who, id, wish.action, wish.edition, wish.why)
    return document_view.whole(parts.register.document(id))


@router.delete("/{id}")
def withdraw(parts: Parts, who: Editor, id: Id, why: str = "") -> WholeDocument:
    """Withdraws a document in all its editions: nothing of it is found any more. Nothing is destroyed."""
    document_acts.do(parts.publishing, who, id, Act.WITHDRAW, None, why)
    return document_view.whole(parts.register.document(id))


def _with_preview(parts: Parts, key: str, number: int) -> WithPreview:
    found = document_acts.passages(parts.publishing, parts.register, key, number)
    shown = [document_view.passage(audience, one) for audience, one in found[:_SHOWN]]
    whole = document_view.whole(parts.register.document(key))
    return WithPreview(**whole.model_dump(), preview=tuple(shown))
