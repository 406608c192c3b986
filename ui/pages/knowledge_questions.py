"""The tab of unanswered questions: groups by meaning, each with a draft one press away, or set aside for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import gradio as gr

from assistant.gap_desk import GapGroup, NoReasonGiven, NoSuchGap, Standing
from knowledge_base.passage import Audience
from ui.pages import knowledge_gap_text
from ui.pages.chat_tab import of_browser
from ui.pages.knowledge_gap_text import Text, Told, writes
from ui.pages.knowledge_pane import html
from ui.pages.pane import Asked, asked
from ui.pages.tab_page import when
from ui.service import Service
from ui.signin import SignIn

_DAYS = {"7": 7, "30": 30}
_FIRST = {"standing": Standing.OPEN.value, "audience": "", "since": "", "replied": "", "open": ""}


class QuestionTab:
    """Lists groups of questions, opens one, drafts an answer, sets aside."""

    name = "questions"

    def __init__(self, service: Service) -> None:
        self._gaps = service.gaps
        self._faqs = service.faqs
        self._texts = knowledge_gap_text.load()
        self.titles: Mapping[str, str] = {language: text.questions_heading for language, text in self._texts.items()}

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The groups as they are filtered, after what was asked is done."""
        text = self._texts[of_browser(request).partition("-")[0]]
        wish = asked(sent)
        told = (text.wrong_form, "alert") if wish is None else self._done(who, wish, text)
        return self._shown(who, wish or Asked(), text, told)

    def _done(self, who: SignIn, wish: Asked, text: Text) -> Told:
        if not writes(who) or wish.do not in ("draft", "ignore", "reopen"):
            return "", "status"
        try:
            return self._moved(who, wish, text), "status"
        except NoSuchGap:
            return text.gone, "alert"
        except NoReasonGiven:
            return text.no_reason, "alert"

    def _moved(self, who: SignIn, wish: Asked, text: Text) -> str:
        if wish.do == "draft":
            self._faqs.make_from_gap(who.name, wish.id)
            return text.told_made
        if wish.do == "ignore":
            self._gaps.ignore(who.name, wish.id, wish.fields.get("because", ""))
            return text.told_ignored
        self._gaps.reopen(who.name, wish.id)
        return text.told_reopened

    def _shown(self, who: SignIn, wish: Asked, text: Text, told: Told) -> str:
        self._gaps.refresh()
        filters = {**_FIRST, **wish.filters}
        opened = wish.id if wish.do == "open" else "" if wish.do == "close" else filters["open"]
        groups = self._listed(filters)
        return html(
            "questions",
            t=text,
            writes=writes(who),
            groups=groups,
            opened=opened,
            questions=self._gaps.questions(opened) if any(one.id == opened for one in groups) else [],
            drafted={one.id: bool(self._faqs.drafts.listed(group=one.id)) for one in groups},
            filters=filters,
            standings=[one.value for one in Standing],
            clock=when,
            told=told[0],
            kind=told[1],
        )

    def _listed(self, filters: Mapping[str, str]) -> list[GapGroup]:
        standing = next((one for one in Standing if one.value == filters["standing"]), Standing.OPEN)
        audience = next((one for one in Audience if one.value == filters["audience"]), None)
        days = _DAYS.get(filters["since"])
        since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds") if days else None
        return self._gaps.listed(standing, audience, since, replied=bool(filters["replied"]))
