"""One turn, from message to reply: load, guard, understand, obey, guard, append, reply. Read this first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from assistant import alarm, composing, guard, tracing
from assistant.campaign_mention import CampaignMention
from assistant.command import AnswerObjection, AskKnowledge, CheckDraft, Command
from assistant.conversation import Conversation
from assistant.errand import Errand, Wanted
from assistant.event import (
    AlarmRaised,
    ConversationStarted,
    ElderModeSet,
    Event,
    FeedbackGiven,
    MessageUnderstood,
    ReplySent,
)
from assistant.form import Form, cleaned
from assistant.guiding import Guiding, TaskCommand, signed_in_until
from assistant.lead_offering import LeadOffering
from assistant.live import Live, Speech
from assistant.llm import Allowance
from assistant.masking import masking
from assistant.pace import Pace, TooFast
from assistant.question import Question
from assistant.reception import DeskCommand, Moved, Reception
from assistant.reply import FlowState, Milliseconds, Outcome, Reply, TicketState, Turn
from assistant.said import offers
from assistant.second_opinion import SecondOpinion
from assistant.sent import Sent
from assistant.storage import ConversationMoved, Record, Storage
from assistant.talking import TalkCommand, Talking
from assistant.understanding import Understanding, asks_result, is_urgent
from assistant.wording import Wording, Wordings
from knowledge_base.passage import Audience
from knowledge_base.search import Search

_ASKS_AGAIN = 8
"""A message this short, while a result is waited for, asks for that result."""


class UnknownTurn(Exception):
    """There is no such turn in this conversation."""


class Assistant:
    """The digital employee."""

    def __init__(
        self,
        storage: Storage,
        search: Search,
        understanding: Understanding,
        guiding: Guiding,
        talking: Talking,
        reception: Reception,
        lead_offering: LeadOffering,
        wordings: Wordings,
        limit: int,
        pace: Pace,
        mention: CampaignMention | None = None,
        opinion: SecondOpinion | None = None,
        model_seconds: float = 0,
    ) -> None:
        self._storage = storage
        self._search = search
        self._understanding = understanding
        self._guiding = guiding
        self._talking = talking
        self._reception = reception
        self._lead_offering = lead_offering
        self._wordings = wordings
        self._limit = limit
        self._pace = pace
        self._mention = mention
        self._opinion = opinion
        self._model_seconds = model_seconds

    def start(
        self,
        audience: Audience,
        locale: str,
        customer: str | None = None,
        colleague: str | None = None,
        branch: str = "",
        id: str | None = None,
        elder: bool | None = None,
    ) -> tuple[str, str, Reply]:
        """Opens a conversation of anyone, a signed-in customer, or a colleague at a branch: its id, its token, the greeting.

        Elder mode is on where it is asked for, or where nothing is said of it and the bank knows the customer to be of that age.
        Raises ConversationExists where an id is given that is taken.
        """
        if elder is None and customer and self._reception.is_senior(customer, locale):
            elder = True
        words = self._wordings.of(locale, elder=bool(elder))
        welcome = words.welcome_staff if audience is Audience.STAFF else words.welcome
        samples = self._search.sample_questions(audience)
        reply = Reply(welcome, offers(samples[: composing.FEW] if elder else samples))
        until = signed_in_until(datetime.now(UTC)) if customer else None
        begun = ConversationStarted(audience, locale, reply, customer, until, colleague, branch, elder)
        conversation, token = self._storage.start(begun, id)
        return conversation, token, reply

    def respond(
        self,
        conversation: str,
        text: str,
        choice: str | None = None,
        key: str | None = None,
        live: Live | None = None,
        form: Form | None = None,
    ) -> Turn:
        """One turn, stored before it is returned; a key that was used before returns the turn it made then.

        Sent are words, the id of a button, or a form that the open task's question may be answered by. What `live` hears meanwhile is the beginning of the reply. Raises MessageRefused for a message that cannot be taken, TooFast for one
        that can be taken later, UnknownConversation for an id that does not exist.
        """
        speech, counted = Speech(Allowance(time.monotonic() + self._model_seconds), live), False
        while True:
            done = self._storage.turn_by_key(conversation, key) if key else None
            if done:
                return done
            record = self._storage.record(conversation, key or None)
            counted = counted or self._count(record.state, conversation)
            try:
                with tracing.span("teller.turn", audience=record.state.audience.value) as span:
                    turn = self._turn(record, Sent(text, choice, cleaned(form) if form else None), speech)
                    span.set_attribute("teller.outcome", turn.outcome.value)
                return turn
            except ConversationMoved:
                if record.kept:
                    return self._told_elsewhere(record)
                if live:
                    live.start_over()
                # Another message came first; this one is answered after it.

    def _count(self, state: Conversation, conversation: str) -> bool:
        """Counts a message; raises TooFast."""
        if seconds := self._pace.wait(conversation):
            raise TooFast(self._words(state).too_fast.format(seconds=seconds), seconds)
        return True

    def _turn(self, record: Record, sent: Sent, speech: Speech) -> Turn:
        started = time.perf_counter()
        state, now = record.state, datetime.now(UTC)
        words = self._words(state, sent.spoken(state))
        before = self._guiding.question(state, self._words(state), now)
        message = guard.check_message(sent.message(state, before), self._limit, words)
        names = sent.form is not None or (sent.choice is None and self._only_names(message, state, now))
        errand = Errand(state, self._words(state) if names else words, now, record.keep)
        cover = masking(state, before, date.today())
        received = sent.received(message, state, before, date.today())
        if record.key is None or state.unanswered != record.key:
            errand.happen(replace(received, names=names, key=record.key))
        if state.held_by:
            return self._silent(message, errand, record)
        settled = self._guiding.settle(errand, resend=asks_result(message, sent.choice))
        # Asked in the language that it was asked in, so that what is answered is what was read.
        asked = self._guiding.question(errand.state, self._words(state), now)
        errand.asked = asked if asked and asked.is_before(state.choices) else None
        understood_as = self.understand(replace(sent, text=message), errand.state, asked, date.today(), speech)
        # What was pressed again for want of an answer has its answer now.
        again = settled and (sent.choice is not None or len(message) <= _ASKS_AGAIN) and not is_urgent(understood_as)
        commands = [] if again else [_covered(command, cover) for command in understood_as]
        errand.happen(MessageUnderstood(tuple(commands)))
        understood = time.perf_counter()
        outcome, reply, spent = self._obey(commands, errand, speech)
        errand.happen(*speech.allowance.asked, ReplySent(outcome, reply))
        took = replace(spent, understand=_ms(understood - started), total=_ms(time.perf_counter() - started))
        turn = Turn(_id(), errand.state.turns, outcome, reply, *self._where(errand), milliseconds=took)
        record.close(errand.events, turn)
        return turn

    def understand(
        self, sent: Sent, state: Conversation, asked: Question | None, today: date, speech: Speech
    ) -> list[Command]:
        """The commands of what was sent by the rules; where those are unsure of words and a model is there, by its reading."""
        if sent.form is not None:
            return self._understanding.filled_in(sent.form, state, asked, today)
        commands = self._understanding.understand(sent.text, sent.choice, state, asked, today)
        if self._opinion is None or sent.choice is not None or state.audience is Audience.STAFF:
            return commands
        return self._opinion.on(commands, sent.text, state, asked, today, speech.allowance)

    def _only_names(self, message: str, state: Conversation, now: datetime) -> bool:
        """Whether a message only names what the open task asks for: an address is Chinese whoever types it."""
        if state.held_by or state.audience is Audience.STAFF:
            return False
        asked = self._guiding.question(state, self._words(state), now)
        return self._understanding.only_names(message, state, asked, date.today())

    def _silent(self, message: str, errand: Errand, record: Record) -> Turn:
        """A person of the bank holds the conversation: what was said is theirs to answer, and an alarm in it theirs to see."""
        raised = alarm.find(message)
        if raised and raised.kind is not alarm.Kind.HUMAN:
            errand.happen(AlarmRaised(raised.kind))
        turn = Turn(_id(), errand.state.turns, Outcome.WITH_HUMAN, Reply(""), *self._where(errand))
        record.close(errand.events, turn)
        return turn

    def _where(self, errand: Errand) -> tuple[FlowState | None, TicketState | None]:
        """The task of this turn, and the ticket that is waited on."""
        return composing.flow_state(errand, self._guiding.flows), errand.ticket or self._reception.ticket_state(
            errand.state
        )

    def _cover(self, state: Conversation, now: datetime) -> Callable[[str], str]:
        return masking(state, self._guiding.question(state, self._words(state), now), date.today())

    def _obey(self, commands: Sequence[Command], errand: Errand, speech: Speech) -> tuple[Outcome, Reply, Milliseconds]:
        """Tasks first, then what is said beside them; an open task's question always stands at the end."""
        tasks = [command for command in commands if isinstance(command, TaskCommand)]
        talk = next((command for command in commands if isinstance(command, TalkCommand)), None)
        desk = next((command for command in commands if isinstance(command, DeskCommand)), None)
        if tasks:
            self._guiding.obey(tasks, errand)
        # What stands before an answer is not heard early, and so the answer is not either.
        heard = speech.unheard() if errand.said else speech
        said = self._talking.obey(talk, errand.state, errand.words, heard) if talk else None
        if said:
            errand.happen(*said.events)
            errand.wanted += [Wanted(said.reason)] if said.reason else []
        self._reception.receive(desk, errand)
        self._lead_offering.follow(commands, errand)
        errand.question = None if errand.parting else self._guiding.question(errand.state, errand.words, errand.now)
        spent = Milliseconds(search=said.search, answer=said.answer) if said else Milliseconds()
        outcome, reply = composing.outcome(errand, said), composing.reply(errand, said)
        return outcome, self._mention.beside(outcome, reply, errand) if self._mention else reply, spent

    def sign_in(self, conversation: str, customer: str) -> Turn:
        """The bank's sign-in says who is talking; an open task that waited for it goes on. Another customer's is not taken on."""

        def happen(errand: Errand) -> None:
            self._guiding.sign_in(customer, errand)
            self._reception.meet(errand)

        return self._hear(conversation, happen)

    def review(self, conversation: str, ticket: str, reviewer: str, *, approved: bool, reason: str = "") -> Turn:
        """A person of the bank decides on what a task waits for; raises UnknownTicket where nothing waits for it any more."""
        return self._hear(
            conversation,
            lambda errand: self._guiding.review(ticket, reviewer, errand, approved=approved, reason=reason),
        )

    def hear(self, conversation: str, event: Moved, *, end_task: bool = False) -> Turn:
        """A person of the bank lets the conversation go, or nobody waits any more; the assistant goes on where it stopped.

        What was left for later is moved without a word: nobody waits for it. Raises IllegalMove where the ticket is not where it
        can be moved from.
        """
        if self._reception.is_left(event.ticket):
            self._storage.tell(conversation, event)
            state = self._storage.load(conversation)
            ticket = self._reception.ticket_state(state)
            return Turn(_id(), state.turns, Outcome.WITH_HUMAN, Reply(""), self.flow_state(state), ticket)

        def happen(errand: Errand) -> None:
            held = errand.state.held_by is not None
            self._reception.hear(event, errand)
            if end_task:
                self._guiding.end_task(errand)
            if held and errand.state.held_by is None:
                self._guiding.go_on(errand)

        return self._hear(conversation, happen)

    def _hear(self, conversation: str, happen: Callable[[Errand], None]) -> Turn:
        """What happened elsewhere, and what it leads to here: nothing, while a person of the bank holds the conversation."""
        while True:
            # What is heard follows on what others did, so this process's memory is seldom up to date.
            self._storage.load(conversation)
            try:
                return self._heard(self._storage.record(conversation, None), happen)
            except ConversationMoved:
                continue

    def _heard(self, record: Record, happen: Callable[[Errand], None]) -> Turn:
        errand = Errand(record.state, self._words(record.state), datetime.now(UTC), record.keep)
        happen(errand)
        outcome, reply = Outcome.WITH_HUMAN, Reply("")
        if errand.state.held_by is None:
            self._guiding.walk(errand)
            self._reception.receive(None, errand)
            self._lead_offering.ended(errand)
            errand.question = self._guiding.question(errand.state, errand.words, errand.now)
            outcome, reply = composing.outcome(errand, None), composing.reply(errand, None)
            errand.happen(ReplySent(outcome, reply, unasked=True))
        turn = Turn(_id(), errand.state.turns, outcome, reply, *self._where(errand))
        record.close(errand.events, None)
        return turn

    def _told_elsewhere(self, record: Record) -> Turn:
        """What this turn began was brought to its end by another; the reply is the one that told of it."""
        state = self._storage.load(record.conversation)
        turn = Turn(_id(), record.state.turns, Outcome.IN_FLOW, state.last_reply or Reply(""), self.flow_state(state))
        self._storage.remember(record.conversation, turn, record.key)
        return turn

    def conversation(self, conversation: str) -> Conversation:
        """Where a conversation stands."""
        return self._storage.load(conversation)

    def words(self, conversation: str) -> Wording:
        """The sentences of the language that a conversation is held in."""
        return self._words(self._storage.recall(conversation))

    def _words(self, state: Conversation, message: str = "") -> Wording:
        return self._wordings.of(state.locale, message, elder=bool(state.elder))

    def set_elder_mode(self, conversation: str, *, on: bool) -> None:
        """Turns elder mode on or off: plainer words, fewer choices, and a person sooner."""
        self._storage.tell(conversation, ElderModeSet(on, "customer"))

    def ticket(self, state: Conversation, *, lately: bool = False) -> TicketState | None:
        """The ticket that a conversation waits on, as it stands now, or - where many ask often - stood `lately`."""
        return self._reception.ticket_state(state, lately=lately)

    def pictures_needed(self, conversation: str, ticket: str) -> int:
        """How many pictures the customer must show before the review of this ticket may be approved."""
        return self._guiding.pictures_needed(self._storage.load(conversation), ticket)

    def flow_state(self, state: Conversation) -> FlowState | None:
        """The task that a conversation has open, as clients are told of it."""
        words = self._words(state)
        asked = self._guiding.question(state, words, datetime.now(UTC))
        return composing.open_flow(state, self._guiding.flows, words, asked)

    def open_task(self, conversation: str) -> composing.OpenTask | None:
        """The task that a conversation has open, and what it waits for."""
        state = self._storage.load(conversation)
        if state.frame is None:
            return None
        asked = self._guiding.question(state, self._words(state), datetime.now(UTC))
        flow = self._guiding.flows[state.frame.flow]
        task = composing.OpenTask(flow.id, flow.title, None, progress=flow.progress(state.frame.step))
        if asked is None:
            return task
        return replace(task, wants=asked.wants, slot=asked.slot, links=asked.links, fields=asked.fields)

    def masked(self, conversation: str, message: str) -> str:
        """A message as it is stored when it is said now."""
        return self._cover(self._storage.load(conversation), datetime.now(UTC))(message)

    def events(self, conversation: str) -> list[Event]:
        """All that has happened in a conversation, oldest first."""
        return self._storage.events(conversation)

    def rate(self, conversation: str, feedback: FeedbackGiven) -> None:
        """Notes what someone thought of a turn; raises UnknownTurn."""
        if self._storage.turn_by_id(conversation, feedback.turn) is None:
            raise UnknownTurn(UnknownTurn.__doc__)
        comment = guard.mask_said(feedback.comment) if feedback.comment else None
        while True:
            try:
                return self._storage.record(conversation, None).close([replace(feedback, comment=comment)], None)
            except ConversationMoved:
                continue


def _covered(command: Command, cover: Callable[[str], str]) -> Command:
    if isinstance(command, AskKnowledge):
        return replace(command, question=cover(command.question))
    if isinstance(command, CheckDraft):
        return replace(command, draft=cover(command.draft))
    if isinstance(command, AnswerObjection):
        return replace(command, objection=cover(command.objection), asked=cover(command.asked))
    return command


def _id() -> str:
    return secrets.token_hex(8)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
