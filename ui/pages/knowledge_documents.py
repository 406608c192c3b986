"""The tab of documents: all of them as a list, and one with its editions, its passages and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from ingest.reader import Unreadable
from ingest.reading import suffixes
from ingest.upload import MOST_MEGABYTES
from knowledge_base.edition import EditionRefused, Status
from knowledge_base.passage import Audience, Passage
from knowledge_base.register import Registered
from ui import document_acts, document_view
from ui.document_acts import Act
from ui.pages import knowledge_text
from ui.pages.chat_tab import of_browser
from ui.pages.knowledge_pane import html
from ui.pages.knowledge_text import Text
from ui.pages.pane import Asked, asked
from ui.pages.tab_page import when
from ui.service import Service
from ui.signin import SignIn

_NEEDS_WHY = (Act.WITHDRAW, Act.ROLL_BACK)
_DESCRIBE = "describe"
_SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """An edition's passages as far as they are shown; `mixed` where some are for customers and some for staff."""

    number: int
    passages: tuple[tuple[Audience, Passage], ...]
    total: int
    mixed: bool


class DocumentTab:
    """Shows the register and makes the moves that editors make."""

    name = "documents"

    def __init__(self, service: Service) -> None:
        self._publishing = service.publishing
        self._register = service.register
        self._texts = knowledge_text.load()
        self.titles = {language: text.documents for language, text in self._texts.items()}
        self._flows = service.flows

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The list, or the document that was asked for, after what was asked is done."""
        text = self._texts[of_browser(request).partition("-")[0]]
        wish = asked(sent) or Asked()
        key, _, number = wish.id.partition(":")
        told, wrong = self._done(who, wish, key, int(number) if number.isdecimal() else None, text)
        known = {
            "t": text,
            "wish": wish,
            "told": told,
            "wrong": wrong,
            "filters": {"text": "", "audience": "", "status": ""} | dict(wish.filters),
            "flows": {name: flow.title.of(text.language) for name, flow in self._flows.items()},
            "megabytes": MOST_MEGABYTES,
            "accepted": ",".join(sorted(suffixes())),
        }
        try:
            return self._document(key, number, known) if key else self._list(wish.filters, known)
        except EditionRefused as refusal:
            return self._list(wish.filters, known | {"wrong": _refusal(refusal, text)})

    def _done(self, who: SignIn, wish: Asked, key: str, number: int | None, text: Text) -> tuple[str, str]:
        """What is told of what was done, or why it was not."""
        try:
            if wish.do == _DESCRIBE:
                said = document_acts.said(wish.fields)
                document_acts.describe(self._publishing, who, self._register.document(key), said)
                return text.described_told, ""
            if wish.do not in list(Act):
                return "", ""
            act, why = Act(wish.do), wish.fields.get("why", "").strip()[:500]
            if act in _NEEDS_WHY and not why:
                return "", text.needs_why
            document_acts.do(self._publishing, who, key, act, number, why)
            return getattr(text, f"{act.value}_told"), ""
        except EditionRefused as refusal:
            return "", _refusal(refusal, text)
        except Unreadable as error:
            return "", text.unreadable.format(reason=str(error))

    def _list(self, filters: Mapping[str, str], known: Mapping[str, object]) -> str:
        status, audience = filters.get("status", ""), filters.get("audience", "")
        found = document_acts.fitting(
            self._register,
            Status(status) if status in list(Status) else None,
            Audience(audience) if audience in list(Audience) else None,
            filters.get("text", ""),
        )
        return html("documents", documents=[document_view.document(one) for one in found], **known)

    def _document(self, key: str, number: str, known: Mapping[str, object]) -> str:
        found = self._register.document(key)
        one = document_view.whole(found)
        ever = [edition for edition in found.editions if edition.published_at]
        return html(
            "document",
            one=one,
            library_id=found.document.id,
            draft=next((each for each in one.history if each.number == one.draft), None),
            published=sum(each.status in (Status.PUBLISHED, Status.SUPERSEDED) for each in one.history),
            restorable=bool(ever) and ever[-1].status is Status.WITHDRAWN,
            shown=self._passages(found, int(number) if number.isdecimal() else None),
            when=when,
            **known,
        )

    def _passages(self, found: Registered, number: int | None) -> Shown | None:
        """Those of the edition asked for, else of the draft that waits, else of the one that stands for the document."""
        if number is None:
            number = found.draft.number if found.draft else found.number
        try:
            passages = document_acts.passages(self._publishing, self._register, found.key, number)
        except Unreadable:
            return None
        mixed = len({audience for audience, _passage in passages}) > 1
        return Shown(number, tuple(passages[:_SHOWN]), len(passages), mixed)


def _refusal(refusal: EditionRefused, text: Text) -> str:
    told: str = getattr(text, type(refusal).__name__)
    return told
