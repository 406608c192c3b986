"""Drafts of questions with answers, over HTTP; role editor, and qa to read."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.faq_draft import FaqDraft, FaqWords, Status
from assistant.iso_day import IsoDay
from knowledge_base.passage import Audience
from ui.service import Parts
from ui.signin import Editor, KnowledgeReader

router = APIRouter(prefix="/v1/faq-drafts", tags=["knowledge"])
Id = Annotated[str, Path(max_length=64)]
Locale = Annotated[str, Query(max_length=35)]
Wording = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(_Body):
    """What an editor writes."""

    question: Wording = Field(min_length=1)
    answer: str = Field("", max_length=4_000)
    audience: Audience
    similar_questions: list[Wording] = Field([], max_length=30)
    flow: str | None = Field(None, max_length=100)
    effective_from: IsoDay | None = None
    effective_to: IsoDay | None = None

    def words(self) -> FaqWords:
        """The same for the core."""
        return FaqWords(**{**dict(self), "similar_questions": tuple(self.similar_questions)})


class Revision(_Body):
    """Which revision was read."""

    revision: int = Field(ge=1)


class Because(_Body):
    """Why."""

    because: str = Field(max_length=200)


def told(draft: FaqDraft) -> dict[str, Any]:
    """A draft as it is sent, its words beside the rest."""
    rest = asdict(draft)
    words: dict[str, Any] = rest.pop("words")
    return words | rest


@router.get("")
def drafts(
    parts: Parts, _who: KnowledgeReader, status: Status | None = None, audience: Audience | None = None
) -> list[dict[str, Any]]:
    """The drafts, those changed last first."""
    return [told(one) for one in parts.faqs.listed(status, audience)]


@router.post("", status_code=HTTPStatus.CREATED)
def make(parts: Parts, who: Editor, body: Words) -> dict[str, Any]:
    """A draft of one's own."""
    return told(parts.faqs.make(who.name, body.words()))


@router.get("/{id}")
def draft(parts: Parts, _who: KnowledgeReader, id: Id, locale: Locale = "zh-CN") -> dict[str, Any]:
    """One draft, with what is wrong with it and the published question nearest to it."""
    view = parts.faqs.view(id, _language(locale))
    near = asdict(view.nearest) if view.nearest else None
    return told(view.draft) | {"findings": [asdict(one) for one in view.findings], "nearest": near}


@router.put("/{id}")
def change(parts: Parts, who: Editor, id: Id, body: Words) -> dict[str, Any]:
    """Writes it anew; it is a draft again."""
    return told(parts.faqs.change(who.name, id, body.words()))


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT)
def remove(parts: Parts, who: Editor, id: Id) -> None:
    """Throws away what was never published."""
    parts.faqs.remove(who.name, id)


@router.post("/{id}/submit")
def submit(parts: Parts, who: Editor, id: Id, locale: Locale = "zh-CN") -> dict[str, Any]:
    """Hands it to another person; 422 with what is wrong with it."""
    return told(parts.faqs.submit(who.name, id, _language(locale)))


@router.post("/{id}/approve")
def approve(parts: Parts, who: Editor, id: Id, body: Revision, locale: Locale = "zh-CN") -> dict[str, Any]:
    """Publishes what was read; 409 for who had a hand in it, or where it was changed meanwhile."""
    return told(parts.faqs.approve(who.name, id, body.revision, _language(locale)))


@router.post("/{id}/refuse")
def refuse(parts: Parts, who: Editor, id: Id, body: Because) -> dict[str, Any]:
    """Gives it back for a reason."""
    return told(parts.faqs.refuse(who.name, id, body.because))


@router.post("/{id}/withdraw")
def withdraw(parts: Parts, who: Editor, id: Id, body: Because) -> dict[str, Any]:
    """Takes a published answer out again."""
    return told(parts.faqs.withdraw(who.name, id, body.because))


def _language(locale: str) -> str:
    return "en" if locale.startswith("en") else "zh"
