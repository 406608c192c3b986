"""What the desk page shows: all its panes, made from how things stand."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cachetools import TTLCache
from markupsafe import Markup

from assistant.agent_guard import Caution
from assistant.desk_view import TicketView
from assistant.human_agent import HumanAgent, Presence
from assistant.ticket import Ticket
from ui import oidc
from ui.pages import desk_said, navigation
from ui.pages.desk_entry import Entries, Entry
from ui.pages.desk_line import Line, line
from ui.pages.desk_pane import PANES, pane
from ui.pages.desk_tab import Tab
from ui.pages.desk_text import Text
from ui.service import Service
from ui.signin import SignIn

PATH = "/desk"
_LISTED = 50
_REMEMBERED = 500
_SECONDS = 30


@dataclass(frozen=True)
class Screen:
    """The panes as HTML by name, the ticket among them, how far each conversation is read, and the tab's title."""

    panes: Mapping[str, str]
    title: str
    ticket: str = ""
    read: Mapping[str, int] = field(default_factory=dict)


class Screens:
    """Makes screens."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._entries = Entries(service)
        self._views: TTLCache[tuple[Ticket, int, str, str], TicketView] = TTLCache(_REMEMBERED, _SECONDS)
        self._lock = threading.Lock()

    def door(self, text: Text) -> Screen:
        """The form to sign in, and nothing else."""
        settings = self._service.settings
        shown = {"door": pane("door", t=text, settings=settings, elsewhere=oidc.begins_at(settings, PATH))}
        return Screen(dict.fromkeys(PANES, "") | shown, text.title)

    def desk(
        self, who: SignIn, me: HumanAgent, tab: Tab, ticket: str, warnings: Sequence[Caution], text: Text
    ) -> Screen:
        """The desk of an agent who is signed in; `ticket` is shown where this agent has it."""
        queue, now = line(self._service, me), datetime.now(UTC).isoformat(timespec="milliseconds")
        ticket = ticket if any(one.id == ticket for one in queue.mine) else ""
        view = self._view(next(one for one in queue.mine if one.id == ticket), text.language, me) if ticket else None
        read = {one.id: tab.read.get(one.id, 0) for one in queue.mine}
        if view and tab.watched:
            read[ticket] = max(message.number for message in view.messages) + 1
        waiting = [self._entries.waiting(one, me, now, text) for one in queue.waiting[:_LISTED]]
        own = [self._entries.own(one, read, text) for one in queue.mine]
        shown = {
            "bar": self._bar(who, me, queue, text),
            "queue": pane("queue", t=text, waiting=waiting, own=own, line=queue, ticket=ticket),
            "talk": pane("nothing", t=text),
            "dialogs": pane("dialogs", t=text, me=me, view=view, **self._choices(me, text)),
        }
        shown |= self._open(view, me, warnings, text) if view else {}
        return Screen(dict.fromkeys(PANES, "") | shown, _title(waiting, own, text), ticket, read)

    def _bar(self, who: SignIn, me: HumanAgent, queue: Line, text: Text) -> str:
        """Who is signed in, how many wait, and the way to the other pages."""
        links = Markup(navigation.links(PATH, who.role))  # noqa: S704 - made by an escaping template
        settings = self._service.settings
        return pane("bar", t=text, me=me, line=queue, presences=Presence, settings=settings, links=links)

    def _view(self, ticket: Ticket, language: str, me: HumanAgent) -> TicketView:
        """A ticket as it was seen last, while nothing has happened in its conversation: suggestions are not searched for again."""
        key = (ticket, self._service.storage.lengths([ticket.conversation])[ticket.conversation], language, me.name)
        with self._lock:
            known = self._views.get(key)
        view = known or self._service.views.of(ticket.id, language, me.name)
        with self._lock:
            self._views[key] = view
        return view

    def _open(self, view: TicketView, me: HumanAgent, warnings: Sequence[Caution], text: Text) -> Mapping[str, str]:
        """What stands around a conversation that is open."""
        who = view.card.name if view.card else text.anonymous if view.identity == "anonymous" else text.unnamed
        history = self._service.storage.history(view.ticket.conversation)
        times = {number: at for number, (at, _event) in enumerate(history)}
        said = list(desk_said.lines(view.messages, who, text, times))
        known = {"t": text, "me": me, "view": view, "who": who, "clock": self.clock}
        return {
            "talk": pane("talk", lines=said, kind=getattr(text, view.ticket.kind.value), **known),
            "help": pane("help", **known) if view.suggestions else "",
            "warn": pane("warn", warnings=warnings, **known) if warnings else "",
            "ask": pane("ask", replies=self._replies(view), **known),
            "side": pane(
                "side", identity=getattr(text, f"is_{view.identity}"), **self._to_decide(view.ticket), **known
            ),
        }

    def _to_decide(self, ticket: Ticket) -> Mapping[str, object]:
        """What there is to look at before deciding on a review."""
        desk = self._service.desk
        return {"pictures": desk.pictures.of_ticket(ticket.id), "video": desk.video_url(ticket)}

    def clock(self, at: str) -> str:
        """A time (UTC, ISO 8601) as the bank's clock shows it, with the day where it is not today's."""
        zone = ZoneInfo(self._service.desk.rules.time_zone)
        moment, today = datetime.fromisoformat(at).astimezone(zone), datetime.now(zone).date()
        return f"{moment:%H:%M}" if moment.date() == today else f"{moment:%m-%d %H:%M}"

    def _replies(self, view: TicketView) -> Mapping[str, str]:
        """The canned replies by name, in the customer's language."""
        language = self._service.assistant.words(view.ticket.conversation).language
        return {name: reply.of(language) for name, reply in self._service.desk.rules.replies.items()}

    def _choices(self, me: HumanAgent, text: Text) -> Mapping[str, object]:
        """What the dialogs offer: skills and codes by name as they are called, and colleagues."""
        rules = self._service.desk.rules
        return {
            "skills": {name: skill.name.of(text.language) for name, skill in rules.skills.items()},
            "codes": {name: code.of(text.language) for name, code in rules.codes.items()},
            "colleagues": [one for one in self._service.desk.agents.all() if one.name != me.name],
        }


def _title(waiting: Sequence[Entry], own: Sequence[Entry], text: Text) -> str:
    """The tab's title; the number is what calls for the agent: offers, and messages not read."""
    calling = sum(one.offered for one in waiting) + sum(one.unread for one in own)
    return f"({calling}) {text.title}" if calling else text.title
