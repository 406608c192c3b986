"""What happens when a tab of the desk says something: who says it, what is done, and what is shown then."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import gradio as gr

from assistant.desk import IllegalMove, NoReason, SamePerson, TooFewPictures, UnknownCode, UnknownSkill
from assistant.guard import MessageRefused
from assistant.guiding import UnknownTicket
from assistant.human_agent import Presence
from assistant.ticket import NoSuchTicket
from ui.pages import desk_tab, navigation
from ui.pages.chat_tab import of_browser
from ui.pages.desk_moves import Done, Moves, NotAsked
from ui.pages.desk_pane import PANES, digest
from ui.pages.desk_screen import PATH, Screen, Screens
from ui.pages.desk_tab import Malformed, Tab
from ui.pages.desk_text import Text
from ui.problem import Problem
from ui.service import Service
from ui.signin import LockedOut, SignIn

log = logging.getLogger(__name__)
SAME: Any = gr.skip()
_ROLES = navigation.place(PATH).roles
_REFUSED: Mapping[type[Exception], str] = {
    IllegalMove: "moved_on",
    UnknownTicket: "moved_on",
    NoSuchTicket: "moved_on",
    SamePerson: "same_person",
    NoReason: "reason_needed",
    TooFewPictures: "too_few_pictures",
    MessageRefused: "refused_message",
    NotAsked: "unreadable",
    UnknownCode: "unreadable",
    UnknownSkill: "unreadable",
}


@dataclass(frozen=True)
class Answer:
    """What the tab is to keep and to tell: its token and ticket, whether what was asked was done, and what is said of it.

    An empty token signs the tab out; None leaves all that it keeps as it is. `now` is the server's time, UTC, ISO 8601, by which the
    tab shows how long everybody has waited.
    """

    token: str | None = ""
    ticket: str = ""
    read: Mapping[str, int] = field(default_factory=dict)
    title: str = ""
    done: str = ""
    told: str = ""
    now: str = ""


class Handler:
    """The one handler of the page."""

    def __init__(self, service: Service, texts: Mapping[str, Text]) -> None:
        self._service = service
        self._texts = texts
        self._screens = Screens(service)
        self._moves = Moves(service)

    def hear(self, sent: object, request: gr.Request) -> list[Any]:
        """Does what a tab asks, and returns what changed on its page; nothing of the queue without a sign-in."""
        text = self._texts[of_browser(request).partition("-")[0]]
        try:
            tab = desk_tab.sent(sent)
        except Malformed as error:
            log.warning("a tab of the desk sent what cannot be read: %s", error)
            return _same(text.unreadable)
        try:
            return self._heard(tab, text)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the desk page could not do %r", tab.asked.do)
            return _same(text.cut if tab.asked.do == "look" else text.failed)

    def _heard(self, tab: Tab, text: Text) -> list[Any]:
        if tab.asked.do == "sign_in":
            return self._sign_in(tab, text)
        who = self._who(tab.token)
        if who is None:
            return self._door(tab, text, text.expired if tab.token else "")
        if who.role not in _ROLES:
            return self._door(tab, text, text.no_right)
        if tab.asked.do == "sign_out":
            self._service.desk.be(who.name, Presence.OFFLINE)
            self._service.sign_ins.close(tab.token)
            return self._door(tab, text, text.is_out)
        try:
            return self._desk(tab, who, self._moves.make(who.name, tab.asked, text), text, tab.asked.do)
        except tuple(_REFUSED) as error:
            return self._desk(tab, who, Done(told=getattr(text, _REFUSED[type(error)])), text)

    def _who(self, token: str) -> SignIn | None:
        """Whose token this is, where it is valid still."""
        try:
            return self._service.sign_ins.read(token)
        except Problem:
            return None

    def _sign_in(self, tab: Tab, text: Text) -> list[Any]:
        try:
            token, who = self._service.sign_ins.open(tab.asked.name.strip(), tab.asked.password)
        except LockedOut as locked:
            return self._door(tab, text, text.locked.format(time=self._screens.clock(locked.until)))
        except Problem as problem:
            disabled = problem.status is HTTPStatus.FORBIDDEN
            return self._door(tab, text, text.disabled if disabled else text.wrong)
        if who.role not in _ROLES:
            return self._door(tab, text, text.no_right)
        self._service.desk.be(who.name, Presence.ONLINE)
        return self._desk(replace(tab, token=token), who, Done(), text, "sign_in")

    def _door(self, tab: Tab, text: Text, told: str) -> list[Any]:
        screen = self._screens.door(text)
        # Who comes back finds the conversation open that was open before.
        kept = Answer(done="sign_out") if tab.asked.do == "sign_out" else Answer(ticket=tab.ticket, read=tab.read)
        return _changes(screen, tab, replace(kept, title=screen.title, told=told, now=_now()))

    def _desk(self, tab: Tab, who: SignIn, done: Done, text: Text, did: str = "") -> list[Any]:
        me = self._service.desk.agents.seen(who.name)
        ticket = tab.ticket if done.ticket is None else done.ticket
        screen = self._screens.desk(who, me, tab, ticket, done.warnings, text)
        lost = bool(ticket) and not screen.ticket and did != "sign_in"
        told = done.told or (text.moved_on if lost else "")
        did = "" if lost or done.warnings else did
        token = self._service.sign_ins.kept_up(tab.token)
        return _changes(screen, tab, Answer(token, screen.ticket, screen.read, screen.title, did, told, _now()))


def _changes(screen: Screen, tab: Tab, answer: Answer) -> list[Any]:
    """The panes that differ from what the tab shows, and what it keeps; a form that is being filled in is left alone."""
    held = tab.held if answer.token and tab.ticket == screen.ticket else ()
    panes = [
        SAME if name in held or digest(html) == tab.shown.get(name, "") else html
        for name, html in ((name, screen.panes[name]) for name in PANES)
    ]
    return [*panes, asdict(answer)]


def _same(told: str) -> list[Any]:
    """Everything stays as it is."""
    return [*(SAME for _ in PANES), asdict(Answer(None, told=told, now=_now()))]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
