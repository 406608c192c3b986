"""A browser tab's conversation: what the tab keeps of it, and which conversation that opens."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from assistant.conversation import Conversation
from assistant.storage import UnknownConversation
from knowledge_base.passage import Audience
from ui.pages.chat_text import locale
from ui.service import Service
from ui.signin import SignIn


@dataclass(frozen=True)
class Tab:
    """One tab's conversation: its id and the token that opens it.

    `shown` is the number of the last message on the page, `live` whether something may come unasked, `elder` whether it is shown in
    elder mode. `key` names what the tab
    sends, so that it makes one turn however often it arrives; `unsent` is its text as long as no answer was heard. Who is signed
    in is not among it: the conversation itself knows, and a browser is not believed.
    """

    id: str
    token: str
    shown: int = -1
    live: bool = False
    elder: bool = False
    key: str = ""
    unsent: str = ""


_kept = TypeAdapter(Tab)


class Tabs:
    """Each tab keeps its own Tab and shows it with every call, so none is held here."""

    def __init__(self, service: Service, audience: Audience = Audience.CUSTOMER) -> None:
        self._assistant = service.assistant
        self._storage = service.storage
        self._audience = audience

    def begin(self, request: gr.Request, customer: str | None = None, colleague: SignIn | None = None) -> Tab:
        """A new conversation, of a customer who is signed in, of anyone, or of a colleague."""
        name, branch = (colleague.name, colleague.branch) if colleague else (None, "")
        conversation, token, _reply = self._assistant.start(self._audience, of_browser(request), customer, name, branch)
        return Tab(conversation, token)

    def kept(self, kept: object, colleague: SignIn | None = None) -> Tab | None:
        """The conversation that a browser says is its own, if the token opens it, and it is of this audience and this colleague."""
        try:
            tab = _kept.validate_python(kept)
            if not self._storage.opens(tab.id, tab.token):
                return None
            state = self.state(tab)
        except (ValidationError, UnknownConversation):
            return None
        own = state.colleague == (colleague.name if colleague else None)
        return tab if own and state.audience is self._audience else None

    def rated(self, tab: Tab, index: int) -> str | None:
        """The id of the turn whose reply is the message at this place on the page; None for what is no turn's."""
        number = turn_at(index, self.state(tab))
        turn = None if number is None else self._storage.turn_by_number(tab.id, number)
        return turn.id if turn else None

    def state(self, tab: Tab) -> Conversation:
        """Where the tab's conversation stands."""
        return self._assistant.conversation(tab.id)


def of_browser(request: gr.Request) -> str:
    """The locale that a request's browser asks for."""
    return locale(request.headers.get("accept-language", ""))


def turn_at(index: int, state: Conversation) -> int | None:
    """The number of the turn whose reply is this message; what was told without being asked is no turn."""
    authors = ["picture" if message.picture else message.author for message in state.messages]
    # One bubble holds a reply and what was told after it; its thumbs stand under the last and tell of the first.
    if authors[index - 1 : index + 1] != ["customer", "assistant"] or authors[index + 1 : index + 2] == ["assistant"]:
        return None
    return authors[: index + 1].count("customer")
