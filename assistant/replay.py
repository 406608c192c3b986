"""A turn made again from what is stored, with today's rules, documents, prompts and model, and nothing done: what would be different?"""

from __future__ import annotations

import difflib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant import composing
from assistant.assistant import Assistant
from assistant.command import Command
from assistant.conversation import Conversation, fold
from assistant.errand import Errand
from assistant.event import Event, MessageReceived, MessageUnderstood, ReplySent
from assistant.guiding import Guiding
from assistant.live import Speech
from assistant.llm import Allowance
from assistant.reply import Outcome, Reply
from assistant.retelling import sentences
from assistant.sent import Sent
from assistant.storage import Storage
from assistant.take import Take, beyond
from assistant.talking import TalkCommand, Talking
from assistant.wording import Wordings

_COVERED = "*"


class UnknownTurn(Exception):
    """There is no such turn; its id stands in the answer to POST /v1/conversations/{id}/turns and in the feedback on it."""


@dataclass(frozen=True)
class Replayed:
    """A turn as it was and as it would be now.

    `message` is as it is stored, `masked` where something in it is covered, which is then not understood as it was. `beyond` is what
    the turn did, or would do, besides answering, which is not done again; replies can then be compared in their answers alone.
    """

    turn: str
    conversation: str
    customer: str | None
    number: int
    at: str
    message: str
    masked: bool
    beyond: tuple[str, ...]
    then: Take
    now: Take

    @property
    def is_same(self) -> bool:
        """Whether the same was understood, and the same would be said."""
        then, now = self.then, self.now
        if then.commands != now.commands or then.sources != now.sources:
            return False
        return bool(self.beyond) or (then.outcome, then.reply) == (now.outcome, now.reply)

    @property
    def diff(self) -> tuple[str, ...]:
        """The reply then and now, sentence by sentence, as a unified diff; nothing where it is the same."""
        then, now = (_lines(one.reply) for one in (self.then, self.now))
        return tuple(difflib.unified_diff(then, now, "then", "now", lineterm="", n=1))


class Replay:
    """Replays turns; it reads and models are asked, but nothing is stored, and neither bank nor desk is called."""

    def __init__(
        self,
        storage: Storage,
        assistant: Assistant,
        guiding: Guiding,
        talking: Talking,
        wordings: Wordings,
        seconds: float,
    ) -> None:
        self._storage = storage
        self._assistant = assistant
        self._guiding = guiding
        self._talking = talking
        self._wordings = wordings
        self._seconds = seconds

    def of(self, turn: str) -> Replayed:
        """The turn of this id; raises UnknownTurn."""
        found = self._storage.conversation_with(turn)
        if found is None:
            raise UnknownTurn(UnknownTurn.__doc__)
        conversation, made = found
        history = self._storage.history(conversation)
        start = _beginning(history, made.number)
        at, received = history[start]
        assert isinstance(received, MessageReceived)  # noqa: S101 - that is how the beginning was found
        before, happened = fold(event for _at, event in history[:start]), _happened(history, start)
        then = _then(happened, made.outcome)
        now, more = self._now(before, received, datetime.fromisoformat(at))
        besides = tuple(dict.fromkeys((*beyond(happened), *more)))
        masked = _COVERED in received.text
        who = before.customer
        return Replayed(turn, conversation, who, made.number, at, received.text, masked, besides, then, now)

    def _now(self, before: Conversation, received: MessageReceived, at: datetime) -> tuple[Take, list[str]]:
        """The turn as it would be now, with the sign-in and the day of then, and what it would do besides answering."""
        sent = Sent(received.text, received.choice, received.form)
        spoken = "" if received.names else sent.spoken(before)
        errand = Errand(before, self._wordings.of(before.locale, spoken), at, _keep_nothing)
        errand.happen(received)
        if before.held_by:
            return Take(outcome=Outcome.WITH_HUMAN.value), []
        speech = Speech(Allowance(time.monotonic() + self._seconds))
        asked = self._guiding.question(errand.state, self._wordings.of(before.locale), at)
        day = at.astimezone().date()
        commands = self._assistant.understand(sent, errand.state, asked, day, speech)
        return self._answered(commands, errand, speech)

    def _answered(self, commands: Sequence[Command], errand: Errand, speech: Speech) -> tuple[Take, list[str]]:
        """What is said to these commands; those of tasks and of the desk are named and not obeyed."""
        errand.happen(MessageUnderstood(tuple(commands)))
        talk = next((command for command in commands if isinstance(command, TalkCommand)), None)
        more = [type(command).__name__ for command in commands if not isinstance(command, TalkCommand)]
        said = self._talking.obey(talk, errand.state, errand.words, speech) if talk else None
        if said:
            errand.happen(*said.events)
            more += [f"HumanRequested({said.reason.value})"] if said.reason else []
        errand.question = self._guiding.question(errand.state, errand.words, errand.now)
        reply = composing.reply(errand, said) if said else Reply("")
        outcome = composing.outcome(errand, said) if said else None
        take = Take.of([*errand.happened, *speech.allowance.asked], outcome.value if outcome else "", reply)
        return take, more


def _then(happened: Sequence[Event], outcome: Outcome) -> Take:
    reply = next((event.reply for event in happened if isinstance(event, ReplySent)), Reply(""))
    return Take.of(happened, outcome.value, reply)


def _beginning(history: Sequence[tuple[str, Event]], number: int) -> int:
    """Where in the history the message of the turn of this number stands."""
    messages = [place for place, (_at, event) in enumerate(history) if isinstance(event, MessageReceived)]
    return messages[number - 1]


def _happened(history: Sequence[tuple[str, Event]], start: int) -> list[Event]:
    """The events of the turn that begins there, up to its reply, or to the next message where it has none."""
    happened = [history[start][1]]
    for _at, event in history[start + 1 :]:
        if isinstance(event, MessageReceived):
            break
        happened.append(event)
        if isinstance(event, ReplySent) and not event.unasked:
            break
    return happened


def _keep_nothing(_events: Sequence[Event]) -> None:
    pass


def _lines(reply: str) -> list[str]:
    return [sentence for line in reply.splitlines() for sentence in sentences(line)]
