"""One turn, from message to reply: load, guard, understand, obey, guard, append, reply. Read this first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from assistant import answering, guard
from assistant.answering import Abstained, Answered
from assistant.command import AskHuman, AskKnowledge, Command, MakeSmalltalk, PressStaleChoice, Repeat
from assistant.conversation import Conversation, fold
from assistant.event import (
    ConversationStarted,
    Event,
    FeedbackGiven,
    HumanRequested,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
    SearchFailed,
)
from assistant.evidence import Judge
from assistant.reply import Choice, Milliseconds, Outcome, Reply, Turn
from assistant.storage import ConversationMoved, Storage
from assistant.understanding import HUMAN_CHOICE, understand
from assistant.wording import Wording, Wordings
from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience
from knowledge_base.search import Search


class UnknownTurn(Exception):
    """There is no such turn in this conversation."""


@dataclass(frozen=True)
class Obeyed:
    """What following a command came to: what happened, and what to say."""

    outcome: Outcome
    reply: Reply
    events: tuple[Event, ...] = ()
    search: float = 0
    answer: float = 0


class Assistant:
    """The digital employee."""

    def __init__(self, storage: Storage, search: Search, judge: Judge, wordings: Wordings, limit: int) -> None:
        self._storage = storage
        self._search = search
        self._judge = judge
        self._wordings = wordings
        self._limit = limit

    def start(self, audience: Audience, locale: str) -> tuple[str, str, Reply]:
        """Opens a conversation: its id, the token that opens it, and the greeting."""
        words = self._wordings.of(locale)
        welcome = words.welcome_staff if audience is Audience.STAFF else words.welcome
        questions = self._search.sample_questions(audience)
        choices = tuple(Choice(f"ask:{number}", question) for number, question in enumerate(questions, start=1))
        reply = Reply(welcome, choices)
        conversation, token = self._storage.start(ConversationStarted(audience, locale, reply))
        return conversation, token, reply

    def respond(self, conversation: str, text: str, choice: str | None = None, key: str | None = None) -> Turn:
        """One turn, stored before it is returned; a key that was used before returns the turn it made then.

        Raises MessageRefused for a message that cannot be taken, UnknownConversation for an id that does not exist.
        """
        while True:
            done = self._storage.turn_by_key(conversation, key) if key else None
            if done:
                return done
            try:
                return self._turn(conversation, text, choice, key)
            except ConversationMoved:
                continue  # another message came first; this one is answered after it

    def _turn(self, conversation: str, text: str, choice: str | None, key: str | None) -> Turn:
        started = time.perf_counter()
        past = self._storage.load(conversation)
        state = fold(past)
        label = next((offered.label for offered in state.choices if offered.id == choice), choice)
        message = guard.check_message(text if choice is None else str(label), self._limit)
        commands = understand(message, choice, state, self._search, date.today())
        understood = time.perf_counter()
        obeyed = self._obey(commands, state, self._wordings.of(state.locale, message))
        received = MessageReceived(guard.mask(message), choice)
        sent = ReplySent(obeyed.outcome, obeyed.reply)
        events = [received, MessageUnderstood(_masked(commands)), *obeyed.events, sent]
        spent = Milliseconds(
            _ms(understood - started), obeyed.search, obeyed.answer, _ms(time.perf_counter() - started)
        )
        turn = Turn(secrets.token_hex(8), state.turns + 1, obeyed.outcome, obeyed.reply, milliseconds=spent)
        self._storage.append(conversation, len(past), events, turn, key)
        return turn

    def conversation(self, conversation: str) -> Conversation:
        """Where a conversation stands."""
        return fold(self._storage.load(conversation))

    def rate(self, conversation: str, feedback: FeedbackGiven) -> None:
        """Notes what someone thought of a turn; raises UnknownTurn."""
        if self._storage.turn_by_id(conversation, feedback.turn) is None:
            raise UnknownTurn(UnknownTurn.__doc__)
        while True:
            try:
                comment = guard.mask(feedback.comment) if feedback.comment else None
                after = len(self._storage.load(conversation))
                return self._storage.append(conversation, after, [replace(feedback, comment=comment)], None, None)
            except ConversationMoved:
                continue

    def _obey(self, commands: Sequence[Command], state: Conversation, words: Wording) -> Obeyed:
        command = commands[0]
        match command:
            case AskKnowledge():
                return self._ask(command, state, words)
            case MakeSmalltalk():
                return Obeyed(Outcome.SMALLTALK, Reply(getattr(words, command.topic.value)))
            case AskHuman():
                return Obeyed(Outcome.HANDED_OFF, Reply(words.human), (HumanRequested(),))
            case Repeat():
                return Obeyed(Outcome.SMALLTALK, state.last_reply or Reply(words.nothing_to_repeat))
            case PressStaleChoice():
                return Obeyed(Outcome.CLARIFYING, Reply(words.stale_choice, state.choices))
            case _:
                assert_never(command)

    def _ask(self, command: AskKnowledge, state: Conversation, words: Wording) -> Obeyed:
        started = time.perf_counter()
        try:
            hits = answering.find(self._search, command.question, state.audience, command.as_of)
        except IndexUnavailable as error:
            reply = Reply(words.search_failed, (Choice(HUMAN_CHOICE, words.human_choice),))
            return Obeyed(Outcome.ABSTAINED, reply, (SearchFailed(guard.mask(command.question), str(error)),))
        searched = time.perf_counter()
        found = answering.answer(command.question, hits, state.audience, self._judge, self._search)
        match found:
            case Answered():
                obeyed = _answered(command, found, words)
            case Abstained():
                obeyed = _abstained(command, found, state, words)
            case _:
                assert_never(found)
        return replace(obeyed, search=_ms(searched - started), answer=_ms(time.perf_counter() - searched))


def _answered(command: AskKnowledge, found: Answered, words: Wording) -> Obeyed:
    note = words.as_of.format(day=command.as_of.isoformat()) + "\n" if command.as_of else ""
    choices = tuple(Choice(f"ask:{number}", topic) for number, topic in enumerate(found.related, start=1))
    event = KnowledgeAnswered(guard.mask(command.question), found.subject, found.evidence.support, found.passages)
    return Obeyed(Outcome.ANSWERED, Reply(note + found.text, choices, citations=found.citations), (event,))


def _abstained(command: AskKnowledge, found: Abstained, state: Conversation, words: Wording) -> Obeyed:
    offer = words.abstain_nearest if found.nearest else words.abstain_plain
    text = f"{words.abstain}{words.abstain_again if state.abstained_in_a_row else offer}"
    choices = [Choice(f"ask:{number}", topic) for number, topic in enumerate(found.nearest, start=1)]
    weakness = found.evidence.weakness
    event = KnowledgeAbstained(guard.mask(command.question), weakness.value if weakness else "", found.evidence.support)
    reply = Reply(text, (*choices, Choice(HUMAN_CHOICE, words.human_choice)))
    return Obeyed(Outcome.ABSTAINED, reply, (event,))


def _masked(commands: Sequence[Command]) -> tuple[Command, ...]:
    return tuple(
        replace(command, question=guard.mask(command.question)) if isinstance(command, AskKnowledge) else command
        for command in commands
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
