"""A ticket as one entry of the desk's lists: who waits, for what, and what is new."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cachetools import TTLCache, cachedmethod

from assistant.conversation import Conversation
from assistant.human_agent import HumanAgent
from assistant.ticket import Ticket
from ui.pages.desk_line import is_offered
from ui.pages.desk_text import Text
from ui.service import Service

_REMEMBERED = 2_000
_SECONDS = 300


@dataclass(frozen=True)
class Entry:
    """One entry. `task` is the title of the task that is open, `unread` counts the customer's messages not read yet."""

    ticket: Ticket
    who: str
    kind: str
    reason: str
    skill: str
    task: str | None
    offered: bool
    unread: int = 0


class Entries:
    """Makes entries of tickets."""

    def __init__(self, service: Service) -> None:
        self._assistant = service.assistant
        self._views = service.views
        self._rules = service.desk.rules
        self._names: TTLCache[tuple[str, str], str] = TTLCache(_REMEMBERED, _SECONDS)
        self._lock = threading.Lock()

    def waiting(self, ticket: Ticket, me: HumanAgent, now: str, text: Text) -> Entry:
        """A ticket that waits; `now` is UTC, ISO 8601."""
        return self._entry(ticket, text, offered=is_offered(ticket, me, now))

    def own(self, ticket: Ticket, read: Mapping[str, int], text: Text) -> Entry:
        """A ticket that the agent has, with what is new in its conversation."""
        return self._entry(ticket, text, read=read.get(ticket.id, 0))

    def _entry(self, ticket: Ticket, text: Text, *, offered: bool = False, read: int = 0) -> Entry:
        state, language = self._assistant.conversation(ticket.conversation), text.language
        task = self._assistant.open_task(ticket.conversation) if state.frame else None
        new = [one for one in state.messages if one.author == "customer" and one.number >= read]
        return Entry(
            ticket,
            self._who(state, text),
            getattr(text, ticket.kind.value),
            self._rules.reasons[ticket.reason].name.of(language),
            self._skill(ticket.skill, language),
            task.title.of(language) if task else None,
            offered,
            len(new),
        )

    def _skill(self, name: str, language: str) -> str:
        """A skill in words; one that the rules no longer have by its name."""
        return self._rules.skills[name].name.of(language) if name in self._rules.skills else name

    def _who(self, state: Conversation, text: Text) -> str:
        """The covered name; the bank is asked for it once."""
        return self._name(state.customer, text) if state.customer else text.anonymous

    @cachedmethod(
        lambda self: self._names,
        key=lambda _self, customer, text: (customer, text.language),
        lock=lambda self: self._lock,
    )
    def _name(self, customer: str, text: Text) -> str:
        card = self._views.card(customer, text.language)
        return card.name if card else text.unnamed
