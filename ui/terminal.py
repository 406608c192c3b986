"""A conversation in the terminal: what is said, and before each prompt what came meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rich.console import Console

from assistant.assistant import Assistant
from assistant.guard import MessageRefused
from assistant.live import Live
from assistant.message import Message
from assistant.reply import Reply
from ui.pages import chat_person
from ui.pages.chat_text import Text


class Terminal:
    """One conversation; `show` prints a reply."""

    def __init__(
        self,
        assistant: Assistant,
        conversation: str,
        texts: Mapping[str, Text],
        console: Console,
        show: Callable[[Reply], None],
    ) -> None:
        self._assistant = assistant
        self._conversation = conversation
        self._texts = texts
        self._console = console
        self._show = show
        self._told = -1
        self._stands = ""

    def talk(self) -> None:
        """Until an empty line; while a person of the bank is waited for or there, that only looks for news."""
        while True:
            mode, choices = self._catch_up()
            try:
                said = self._console.input("[bold cyan]> [/]").strip()
            except EOFError:
                return
            if said:
                self._say(said, choices.get(said))
            elif mode == "assistant":
                return

    def _say(self, said: str, choice: str | None) -> None:
        live = Live(lambda words: self._console.print(words, end="", highlight=False, markup=False))
        try:
            reply = self._assistant.respond(self._conversation, said, choice, live=live).reply
        except MessageRefused as error:
            self._console.print(str(error), style="red", highlight=False, markup=False)
            return
        if live.said and reply.text.startswith(live.said):
            reply = replace(reply, text=reply.text[len(live.said) :])
        elif live.said:
            self._console.print()
        if reply.text or live.said:
            self._show(reply)

    def _catch_up(self) -> tuple[str, dict[str, str]]:
        """Prints what came unasked; who answers now, and the buttons by their numbers."""
        state = self._assistant.conversation(self._conversation)
        text = self._texts[state.locale.partition("-")[0]]
        for message in state.messages:
            if message.number > self._told and message.unasked:
                self._print(message, text)
        self._told = state.events - 1
        stands = chat_person.standing(state, self._assistant.ticket(state), text)
        if stands and stands != self._stands:
            self._console.print(stands, style="magenta", highlight=False, markup=False)
        self._stands = stands
        return state.mode, {str(number): choice.id for number, choice in enumerate(state.choices, start=1)}

    def _print(self, message: Message, text: Text) -> None:
        if message.reply:
            self._show(message.reply)
        elif not message.notice:
            self._console.print(f"{message.name}: {message.text}", style="magenta", highlight=False, markup=False)
        else:
            self._console.print(chat_person.came(message, text), style="dim", highlight=False, markup=False)
