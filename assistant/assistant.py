"""One turn, from message to reply: load, guard, understand, obey, guard, append, reply. Read this first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from assistant import guard
from assistant.answering import Abstained, Answered, Answering, Question, Unclear
from assistant.command import AskHuman, AskKnowledge, Command, MakeSmalltalk, PressStaleChoice, Repeat
from assistant.conversation import Conversation
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

    def __init__(self, storage: Storage, search: Search, answering: Answering, wordings: Wordings, limit: int) -> None:
        self._storage = storage
        self._search = search
        self._answering = answering
        self._wordings = wordings
        self._limit = limit

    def start(self, audience: Audience, locale: str) -> tuple[str, str, Reply]:
        """Opens a conversation: its id, the token that opens it, and the greeting."""
        words = self._wordings.of(locale)
        welcome = words.welcome_staff if audience is Audience.STAFF else words.welcome
        reply = Reply(welcome, _offers(self._search.sample_questions(audience)))
        conversation, token = self._storage.start(ConversationStarted(audience, locale, reply))
        return conversation, token, reply

    def respond(self, conversation: str, text: str, choice: str | None = None, key: str | None = None) -> Turn:
        """One turn, stored before it is returned; a key that was used before returns the turn it made then.

        Raises MessageRefused for a message that cannot be taken, UnknownConversation for an id that does not exist.
        """
        key = key or None
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
        state = self._storage.recall(conversation)
        label = next((offered.label for offered in state.choices if offered.id == choice), choice)
        said = text if choice is None else str(label)
        message = guard.check_message(said, self._limit, self._wordings.of(state.locale, said))
        commands = understand(message, choice, state, self._search.lexicon(state.audience), date.today())
        understood = time.perf_counter()
        obeyed = self._obey(commands, state, self._wordings.of(state.locale, message))
        received = MessageReceived(guard.mask(message), choice)
        sent = ReplySent(obeyed.outcome, obeyed.reply)
        events = [received, MessageUnderstood(_masked(commands)), *obeyed.events, sent]
        spent = Milliseconds(
            _ms(understood - started), obeyed.search, obeyed.answer, _ms(time.perf_counter() - started)
        )
        turn = Turn(secrets.token_hex(8), state.turns + 1, obeyed.outcome, obeyed.reply, milliseconds=spent)
        self._storage.append(conversation, state, events, turn, key)
        return turn

    def conversation(self, conversation: str) -> Conversation:
        """Where a conversation stands."""
        return self._storage.load(conversation)

    def rate(self, conversation: str, feedback: FeedbackGiven) -> None:
        """Notes what someone thought of a turn; raises UnknownTurn."""
        if self._storage.turn_by_id(conversation, feedback.turn) is None:
            raise UnknownTurn(UnknownTurn.__doc__)
        while True:
            try:
                comment = guard.mask(feedback.comment) if feedback.comment else None
                state = self._storage.recall(conversation)
                return self._storage.append(conversation, state, [replace(feedback, comment=comment)], None, None)
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
        question = Question(command.question, state.audience, command.as_of, command.about, state.asked_back)
        try:
            hits = self._answering.find(question)
        except IndexUnavailable as error:
            reply = Reply(words.search_failed, (Choice(HUMAN_CHOICE, words.human_choice),))
            return Obeyed(Outcome.ABSTAINED, reply, (SearchFailed(guard.mask(command.question), str(error)),))
        searched = time.perf_counter()
        found = self._answering.answer(question, hits)
        match found:
            case Answered():
                obeyed = _answered(question, found, words)
            case Abstained():
                obeyed = _abstained(question, found, state, words)
            case Unclear():
                reply = Reply(words.unclear, _offers(found.options, words))
                obeyed = Obeyed(Outcome.CLARIFYING, reply)
            case _:
                assert_never(found)
        return replace(obeyed, search=_ms(searched - started), answer=_ms(time.perf_counter() - searched))


def _answered(question: Question, found: Answered, words: Wording) -> Obeyed:
    note = words.as_of.format(day=found.as_of.isoformat()) + "\n" if found.as_of else ""
    event = KnowledgeAnswered(guard.mask(question.text), found.subject, found.support, found.passages)
    reply = Reply(note + found.text, _offers(found.related), citations=found.citations)
    return Obeyed(Outcome.ANSWERED, reply, (event,))


def _abstained(question: Question, found: Abstained, state: Conversation, words: Wording) -> Obeyed:
    offer = words.abstain_nearest if found.nearest else words.abstain_plain
    text = f"{words.abstain}{words.abstain_again if state.abstained_in_a_row else offer}"
    event = KnowledgeAbstained(guard.mask(question.text), found.weakness.value, found.support)
    return Obeyed(Outcome.ABSTAINED, Reply(text, _offers(found.nearest, words)), (event,))


def _offers(questions: Sequence[str], human: Wording | None = None) -> tuple[Choice, ...]:
    """Questions as buttons, and where it may help a button that brings a person in."""
    asks = tuple(Choice(f"ask:{number}", question) for number, question in enumerate(questions, start=1))
    return (*asks, Choice(HUMAN_CHOICE, human.human_choice)) if human else asks


def _masked(commands: Sequence[Command]) -> tuple[Command, ...]:
    return tuple(
        replace(command, question=guard.mask(command.question)) if isinstance(command, AskKnowledge) else command
        for command in commands
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
