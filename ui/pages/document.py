"""A document as its passages, with the cited one marked: where a citation leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse

from knowledge_base.passage import Document, Kind, Passage
from knowledge_base.search import superseded
from ui.pages.template import environment
from ui.problem import Problem
from ui.service import Parts

router = APIRouter(include_in_schema=False)
_templates = environment("")


@dataclass(frozen=True)
class Stretch:
    """Passages that are shown alike: a section's text, the rows of one table, or questions."""

    kind: Kind
    headers: tuple[str, ...]
    passages: tuple[Passage, ...]


@router.get("/documents/{id}", response_class=HTMLResponse)
def show(
    parts: Parts, id: str, passage: int | None = None, authorization: Annotated[str | None, Header()] = None
) -> HTMLResponse:
    """The document, with one passage marked; a staff document only with a sign-in."""
    held = superseded(parts.search.library.holdings()).get(id)
    if held is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, "没有这份文件，或它已被撤下。 There is no such document, or it was withdrawn."
        )
    parts.sign_ins.allow(held.document.audience, authorization)
    passages = [item.passage for item in parts.search.library.passages(id)]
    page = _templates.get_template("document.html").render(
        document=held.document,
        state=_state(held.document, date.today()),
        sections=[
            (name, list(_stretches(list(group)))) for name, group in groupby(passages, key=lambda item: item.section)
        ],
        marked=passage,
        settings=parts.settings,
    )
    return HTMLResponse(page)


def _state(document: Document, today: date) -> str:
    if document.valid_on(today):
        return "现行有效"
    return "尚未生效" if document.effective_from and document.effective_from > today else "已失效"


def _stretches(passages: Sequence[Passage]) -> Iterator[Stretch]:
    def alike(passage: Passage) -> tuple[Kind, tuple[str, ...]]:
        return passage.kind, tuple(header for header, _cell in passage.cells)

    for (kind, headers), group in groupby(passages, key=alike):
        yield Stretch(kind, headers, tuple(group))
