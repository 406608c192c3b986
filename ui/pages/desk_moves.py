"""What each button and form of the desk page does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.agent_guard import Caution
from ui.pages.desk_tab import Asked
from ui.pages.desk_text import Text
from ui.service import Service


@dataclass(frozen=True)
class Done:
    """What came of a move: which ticket is shown from now on (None: as before), what is told, and what must be checked first.

    Where there are warnings nothing was done, and the tab keeps what was typed.
    """

    ticket: str | None = None
    told: str = ""
    warnings: tuple[Caution, ...] = ()


class NotAsked(Exception):
    """The page asks for no such move."""


class Moves:
    """The moves by name, each with the name of the agent who is signed in."""

    def __init__(self, service: Service) -> None:
        self._desk = service.desk
        self._views = service.views
        self._known: Mapping[str, Callable[[str, Asked, Text], Done]] = {
            "look": lambda _me, _asked, _text: Done(),
            "open": lambda _me, asked, _text: Done(asked.ticket),
            "be": self._be,
            "settings": self._settings,
            "next": self._next,
            "take": self._take,
            "pass_on": self._pass_on,
            "write": self._write,
            "note": self._note,
            "transfer": self._transfer,
            "give_back": self._give_back,
            "resolve": self._resolve,
            "review": self._review,
        }

    def make(self, me: str, asked: Asked, text: Text) -> Done:
        """Makes the move; what it must not do it raises, as the desk does."""
        move = self._known.get(asked.do)
        if move is None:
            raise NotAsked(asked.do)
        return move(me, asked, text)

    def _be(self, me: str, asked: Asked, _text: Text) -> Done:
        self._desk.be(me, asked.presence)
        return Done()

    def _settings(self, me: str, asked: Asked, text: Text) -> Done:
        # All skills are kept as none, so that a skill that is added later is served too.
        every = set(asked.skills) == set(self._desk.rules.skills)
        self._desk.be(me, None, asked.capacity, () if every else asked.skills, asked.shown_as.strip() or None)
        return Done(told=text.saved)

    def _next(self, me: str, _asked: Asked, text: Text) -> Done:
        ticket = self._desk.claim_next(me)
        return Done(ticket.id) if ticket else Done(told=text.nobody_waits)

    def _take(self, me: str, asked: Asked, _text: Text) -> Done:
        return Done(self._desk.claim(me, asked.ticket).id)

    def _pass_on(self, me: str, asked: Asked, text: Text) -> Done:
        self._desk.let_pass(me, asked.ticket)
        return Done(told=text.passed)

    def _write(self, me: str, asked: Asked, text: Text) -> Done:
        warnings = () if asked.sure else self._views.warnings(asked.ticket, asked.text, text.language)
        if not warnings:
            self._desk.write(me, asked.ticket, asked.text)
        return Done(warnings=warnings)

    def _note(self, me: str, asked: Asked, text: Text) -> Done:
        self._desk.note(me, asked.ticket, asked.text)
        return Done(told=text.noted)

    def _transfer(self, me: str, asked: Asked, text: Text) -> Done:
        self._desk.transfer(me, asked.ticket, asked.skill or None, asked.agent or None, asked.note)
        return Done("", text.transferred)

    def _give_back(self, me: str, asked: Asked, text: Text) -> Done:
        self._desk.give_back(me, asked.ticket, asked.note)
        return Done("", text.given_back)

    def _resolve(self, me: str, asked: Asked, text: Text) -> Done:
        self._desk.resolve(me, asked.ticket, asked.code, asked.note, end_task=asked.end_task)
        return Done("", text.resolved)

    def _review(self, me: str, asked: Asked, text: Text) -> Done:
        approved = asked.decision == "approved"
        first = self._desk.review(me, asked.ticket, approved=approved, reason=asked.note).first_reviewer == me
        told = text.approved_first if approved and first else text.approved if approved else text.refused
        return Done("", told)
