"""The tab of drafts of answers: written, submitted, approved by another person, published, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import gradio as gr

from assistant.faq_desk import DraftFaulty, NeedsSecondPerson, NoRefusalReason
from assistant.faq_draft import DraftMoved, FaqWords, NoSuchDraft, Status
from knowledge_base.passage import Audience
from ui.pages import knowledge_gap_text
from ui.pages.chat_tab import of_browser
from ui.pages.knowledge_gap_text import Text, Told, writes
from ui.pages.knowledge_pane import html
from ui.pages.pane import Asked, asked
from ui.pages.tab_page import when
from ui.service import Service
from ui.signin import SignIn

_FIRST = {"status": "", "audience": "", "open": ""}
_EDITED = (Status.DRAFT, Status.SUBMITTED, Status.REFUSED, Status.WITHDRAWN)


class FaqDraftTab:
    """Lists drafts and makes the moves on them."""

    name = "faqs"

    def __init__(self, service: Service) -> None:
        self._faqs = service.faqs
        self._texts = knowledge_gap_text.load()
        self.titles: Mapping[str, str] = {language: text.drafts_heading for language, text in self._texts.items()}

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The drafts as they are filtered, after what was asked is done."""
        text = self._texts[of_browser(request).partition("-")[0]]
        wish = asked(sent)
        opened, told = "", (text.wrong_form, "alert")
        if wish is not None:
            before = wish.filters.get("open", "")
            opened = "" if wish.do in ("close", "remove") else wish.id.partition(":")[0] or before
            opened, told = self._done(who, wish, opened, text) if writes(who) else (opened, ("", "status"))
        return self._shown(who, wish or Asked(), opened, text, told)

    def _done(self, who: SignIn, wish: Asked, opened: str, text: Text) -> tuple[str, Told]:
        """Which draft is open now, and what is told."""
        moves: Mapping[str, Callable[[], str]] = {
            "save": lambda: self._saved(who, wish, text),
            "submit": lambda: self._submitted(who, wish, text),
            "approve": lambda: self._approved(who, wish, text),
            "refuse": lambda: self._refused(who, wish, text),
            "withdraw": lambda: self._withdrawn(who, wish, text),
            "remove": lambda: self._removed(who, wish, text),
        }
        if wish.do == "new":
            return self._faqs.make(who.name, FaqWords("", "", Audience.CUSTOMER)).id, ("", "status")
        try:
            return opened, (moves[wish.do](), "status") if wish.do in moves else ("", "status")
        except (DraftMoved, NoSuchDraft) as error:
            return opened, (text.gone if isinstance(error, NoSuchDraft) else text.moved, "alert")
        except NeedsSecondPerson:
            return opened, (text.second_person, "alert")
        except (NoRefusalReason, ValueError) as error:
            return opened, (text.no_reason if isinstance(error, NoRefusalReason) else text.wrong_form, "alert")
        except DraftFaulty:
            return opened, (text.findings_heading, "alert")

    def _saved(self, who: SignIn, wish: Asked, text: Text) -> str:
        self._faqs.change(who.name, wish.id, _words(wish.fields))
        return text.told_saved

    def _submitted(self, who: SignIn, wish: Asked, text: Text) -> str:
        """What was typed is saved first, so that what is submitted is what is seen."""
        self._faqs.change(who.name, wish.id, _words(wish.fields))
        self._faqs.submit(who.name, wish.id, text.language)
        return text.told_submitted

    def _approved(self, who: SignIn, wish: Asked, text: Text) -> str:
        draft, _, revision = wish.id.partition(":")
        self._faqs.approve(who.name, draft, int(revision), text.language)
        return text.told_approved

    def _refused(self, who: SignIn, wish: Asked, text: Text) -> str:
        self._faqs.refuse(who.name, wish.id, wish.fields.get("because", ""))
        return text.told_refused

    def _withdrawn(self, who: SignIn, wish: Asked, text: Text) -> str:
        self._faqs.withdraw(who.name, wish.id, wish.fields.get("because", ""))
        return text.told_withdrawn

    def _removed(self, who: SignIn, wish: Asked, text: Text) -> str:
        self._faqs.remove(who.name, wish.id)
        return text.told_removed

    def _shown(self, who: SignIn, wish: Asked, opened: str, text: Text, told: Told) -> str:
        filters = {**_FIRST, **wish.filters}
        status = next((one for one in Status if one.value == filters["status"]), None)
        audience = next((one for one in Audience if one.value == filters["audience"]), None)
        drafts = self._faqs.listed(status, audience)
        view = self._faqs.view(opened, text.language) if any(one.id == opened for one in drafts) else None
        return html(
            "faq_drafts",
            t=text,
            me=who,
            writes=writes(who),
            edits=writes(who) and view is not None and view.draft.status in _EDITED,
            drafts=drafts,
            opened=opened,
            findings=view.findings if view else (),
            nearest=view.nearest if view else None,
            flows=self._faqs.tasks(text.language),
            filters=filters,
            statuses=[one.value for one in Status],
            clock=when,
            told=told[0],
            kind=told[1],
        )


def _words(fields: Mapping[str, str]) -> FaqWords:
    """What was typed; raises ValueError where it cannot be taken."""
    question, answer = fields.get("question", ""), fields.get("answer", "")
    similar = tuple(line for line in fields.get("similar_questions", "").splitlines() if line.strip())
    if len(question) > 200 or len(answer) > 4_000 or len(similar) > 30 or any(len(line) > 200 for line in similar):
        raise ValueError("too long")
    days = [
        date.fromisoformat(fields[name]) if fields.get(name) else None for name in ("effective_from", "effective_to")
    ]
    return FaqWords(question, answer, Audience(fields.get("audience", "")), similar, fields.get("flow") or None, *days)
