"""The tab of real conversations: looked through, read, and made into cases of the bank's own suites."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import gradio as gr

from assistant.conversation_list import LOOKED_THROUGH, Trait
from assistant.storage import UnknownConversation
from evals import own_suite, transcript
from evals.case_draft import CaseDraft, DraftTurn, Kind, Wrong
from evals.own_suite import CaseTaken, SuiteShipped
from evals.suite import WrongSuite
from evals.transcript import Transcript
from knowledge_base.passage import Audience
from ui.pages.pane import Asked, asked
from ui.pages.qa_pane import Spoken, html
from ui.pages.qa_text import Text
from ui.service import Service
from ui.signin import SignIn

_SUITE = "real_questions"
_MOST_TURNS = 60
_CHOICES = {"yes": True, "no": False}


class ConversationTab:
    """Lists conversations, shows one, and keeps cases made of them."""

    name = "conversations"

    def __init__(self, service: Service) -> None:
        self._storage = service.storage
        self._list = service.conversations
        self._runs = service.runs
        self._library = service.search.library
        self._audit = service.audit
        self._spoken = Spoken(self.name)
        self.titles = self._spoken.titles

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The list, or the conversation that was asked for, after what was asked is done."""
        text, wish = self._spoken.of(request), asked(sent) or Asked()
        filters = {"trait": "", "text": "", "until": ""} | dict(wish.filters)
        if wish.id and wish.do in ("open", "keep"):
            with suppress(UnknownConversation):
                return self._one(who, wish, filters, text)
        return self._listed(filters, text)

    def _one(self, who: SignIn, wish: Asked, filters: Mapping[str, str], text: Text) -> str:
        found = transcript.read(self._storage, wish.id)
        self._audit.note_look(who.name, "read_conversation", found.id, {"customer": found.customer or ""})
        draft, told = replace(found.draft(), suite=_SUITE), ""
        wrong: Mapping[str, str] = {}
        if wish.do == "keep":
            draft = _filled(wish.fields, found)
            wrong = self._kept(who, draft, found)
            told = "" if wrong else text.case_saved.format(suite=draft.suite, id=draft.id)
        return html(
            "conversation",
            t=text,
            one=found,
            draft=draft,
            wrong={name: _told(fault, text) for name, fault in wrong.items()},
            opened=wish.do == "keep" and bool(wrong),
            told=told,
            filters=filters,
            kinds=list(Kind),
            audiences=list(Audience),
            own=[name for name in self._runs.suites() if self._runs.is_own(name)],
            files=self._files(),
        )

    def _kept(self, who: SignIn, draft: CaseDraft, found: Transcript) -> Mapping[str, str]:
        """What is wrong, by field; nothing where the case was kept."""
        faults = draft.faults()
        if faults:
            return {name: fault.value for name, fault in faults.items()}
        suite = draft.suite.strip()
        try:
            own_suite.add(self._runs.own, suite, draft.content())
        except SuiteShipped:
            return {"suite": "shipped_suite"}
        except CaseTaken:
            return {"id": Wrong.TAKEN.value}
        except WrongSuite:
            return {"suite": "suite_unreadable"}
        self._audit.note(who.name, "add_eval_case", f"{suite}:{draft.id}", {"conversation": found.id})
        return {}

    def _listed(self, filters: Mapping[str, str], text: Text) -> str:
        trait = Trait(filters["trait"]) if filters["trait"] in list(Trait) else None
        found = self._list.listed(trait, filters["text"], _until(filters["until"]))
        conversations = [transcript.read(self._storage, one.id) for one in found]
        return html(
            "conversations",
            t=text,
            filters=filters,
            conversations=conversations,
            traits=list(Trait),
            looked_through=LOOKED_THROUGH,
        )

    def _files(self) -> list[str]:
        """The names of the documents' files, which a case may ask to be cited."""
        return sorted({Path(one.document.path).name for one in self._library.holdings()})


def _until(day: str) -> datetime | None:
    """The end of a day, at the bank."""
    try:
        return (datetime.fromisoformat(day) + timedelta(days=1)).astimezone() if day else None
    except ValueError:
        return None


def _filled(fields: Mapping[str, str], found: Transcript) -> CaseDraft:
    """What was filled in; the language is the conversation's."""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    turns = [_turn(fields, place) for place in range(_MOST_TURNS) if f"turn_{place}" in fields]
    audience = fields.get("audience", "")
    return CaseDraft(
        suite=said("suite"),
        id=said("id"),
        document=said("document"),
        must_say=said("must_say"),
        must_not_say=said("must_not_say"),
        note=said("note"),
        audience=Audience(audience) if audience in list(Audience) else found.audience,
        locale=found.locale,
        turns=turns,
        abstain=_CHOICES.get(fields.get("abstain", "")),
        handoff=_CHOICES.get(fields.get("handoff", "")),
    )


def _turn(fields: Mapping[str, str], place: int) -> DraftTurn:
    kind = fields.get(f"kind_{place}", "")
    return DraftTurn(Kind(kind) if kind in list(Kind) else Kind.SAY, fields[f"turn_{place}"])


def _told(fault: str, text: Text) -> str:
    return str(getattr(text, fault))
