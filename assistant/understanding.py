"""A message becomes commands, with no LLM: buttons, alarms, answers to the open question, tasks, follow-ups, questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from assistant import (
    alarm,
    day,
    doubt,
    followup,
    form,
    guard,
    later,
    lead_answer,
    smalltalk,
    staff_help,
    task_classifier,
    task_examples,
)
from assistant.alarm import Kind
from assistant.asking import STARTED_BY
from assistant.command import (
    AskHuman,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    Decline,
    LeaveQueue,
    MakeSmalltalk,
    NotUnderstood,
    PressStaleChoice,
    RaiseAlarm,
    RatePerson,
    Repeat,
    ResumeFlow,
    SetSlot,
    StartFlow,
    Topic,
)
from assistant.conversation import Conversation
from assistant.flow import Flow
from assistant.form import Form
from assistant.leaving import cancels
from assistant.question import Question
from assistant.reception import LEAVE_QUEUE, SATISFACTION
from assistant.said import ASK_CHOICE, HUMAN_CHOICE
from assistant.slot import Filled
from assistant.staff_understanding import StaffUnderstanding
from assistant.task_classifier import Nothing, Offer, Start, TaskClassifier
from assistant.task_understanding import (
    answers,
    is_free_text,
    is_question,
    plain_answer,
    resumes,
    retries,
    submitted,
    told_already,
    unsettled,
    volunteered,
)
from assistant.wording import language
from knowledge_base import injection
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from knowledge_base.text import fold
from knowledge_base.word_list import NOTHING_LISTED, WordList

_ORDINAL = re.compile(
    r"^(?:选|要|看)?(?:第([一二三四五六七八九123456789])[个条项款张种]?|([1-9])|(最后)[一1]?[个条项款张种]|(?:the )?(first|second|third)(?: one)?)(?:吧|呢)?$"
)
_DIGITS = {character: index for index, character in enumerate("一二三四五六七八九", start=1)} | {
    "first": 1, "second": 2, "third": 3
}  # fmt: skip


_NAMING = frozenset({"choice", "branch", "address", "name", "employer", "email", "bank_card", "last_four"})
_TASK_NAME = "挂失"
_HEARD_IN_FORMS = (Kind.DANGER, Kind.FRAUD, Kind.LOST_CARD)
_PLAIN_WISH = 8
"""What is this short and wishes for a person says nothing else."""
_ASKS_NICELY = re.compile(
    "麻烦|劳驾|拜托|谢谢|多谢|请|帮|给|我|俺|你们?|您|想|要|需要|希望|还是|那|就|先|直接|现在|马上|可不可以|能不能|可以|能|一下|人工|客服|服务|坐席"
    r"|好吗|行吗|吧|吗|呢|啊|呀|了|\b(?:please|thanks?|thank you|i|i'd|would|like|want|need|can|could|may|you|me|to|a|an|the|just|now"
    r"|rather|instead|human|real|live|agent|person|someone|operator|representative)\b|[\W_]"
)
_LEAVES_QUEUE = re.compile(
    "(不用|不要|不必|别|取消|不想|不需要|算了)(再|给我|帮我)?(转|排|等|叫|找)?(接)?(人工|工作人员|坐席|客服|队|排队)|不(排|等)(队)?了|"
    r"(do ?n[o']t|no longer|no) (need|want|person)( a)?( person| human| agent)?|leave (the )?queue|cancel (the )?(queue|hand ?over)"
)


_ASKS_PLACE = re.compile(
    "(请问|喂|到底)?(有没有|有)(人|客服|人工|工作人员)(在)?(啊|吗|么|没有?)?(啊)?|在吗|人呢|(还要?|要|得)(再)?(等|排)?多(久|长时间)(啊|呢)?"
    "|(我)?(现在)?(排)?(到)?(第几|哪(了|里|儿)?|几(号|位)?)(了|位)?|(我)?(前面)?还有(几|多少)(个|位)?(人)?|怎么还(没|不)(有人?|到|来|接)?.{0,4}|(到我|轮到我)(了)?(吗|没有?)"
    "|(快|快点|催一?下|抓紧)(一?点|吧|啊)*|how (much )?long(er)?( .{0,20})?|(is )?any(one|body) there|when is it my turn|where am i( in the queue)?"
)


class Understanding:
    """Finds what a message asks for, in the light of the open question and of what was last offered."""

    def __init__(
        self,
        classifier: TaskClassifier,
        flows: Mapping[str, Flow],
        lexicon: Callable[[Audience], Lexicon],
        staff: StaffUnderstanding | None = None,
        words: WordList = NOTHING_LISTED,
    ) -> None:
        self._classifier = classifier
        self._flows = flows
        self._lexicon = lexicon
        self._staff = staff
        self._words = words

    def understand(
        self, message: str, choice: str | None, state: Conversation, asked: Question | None, today: date
    ) -> list[Command]:
        """The commands of a message, never none. `choice` is a button's id, `asked` the question that is open."""
        if choice is not None:
            return [self._pressed(choice, state, asked, today)]
        if state.audience is Audience.STAFF:
            return self._colleague(message, state, today)
        typed = next((one.id for one in asked.choices if one.label == message.strip()), None) if asked else None
        if asked and typed:
            return [asked.pressed[typed]]
        code = submitted(message, asked)
        if code:
            return [code]
        return self._heard(message, state, asked, today)

    def filled_in(self, filled: Form, state: Conversation, asked: Question | None, today: date) -> list[Command]:
        """The commands of a form; what cannot wait is heard in its fields too, and who writes nothing but a wish for a person gets one."""
        flow = self._flows[state.frame.flow] if state.frame else None
        found = form.commands(filled, flow, state.frame, asked, today, state.locale)
        raised = [(value, one) for value in filled.values() if (one := alarm.find(value))]
        if any(one.kind is Kind.HUMAN and not _says_more(value, one.words) for value, one in raised):
            return [*found, AskHuman()]
        urgent = next((one.kind for _value, one in raised if one.kind in _HEARD_IN_FORMS), None)
        return [*found, RaiseAlarm(urgent)] if urgent else found

    def only_names(self, message: str, state: Conversation, asked: Question | None, today: date) -> bool:
        """Whether a message does nothing but give the open task a name, a place or a choice, which is in no language."""
        if state.frame is None or asked is None or language(message) in (None, state.locale[:2]):
            return False
        slots = self._flows[state.frame.flow].slots
        said = self.understand(message, None, state, asked, today)
        return all(isinstance(one, SetSlot | CorrectSlot) and slots[one.slot].kind in _NAMING for one in said)

    def _heard(self, message: str, state: Conversation, asked: Question | None, today: date) -> list[Command]:
        first = (
            lead_answer.said(message, state)
            or self._of_queue(message, state, today)
            or self._urgent(message, state, asked, today)
        )
        if first:
            return first
        open_task = self._flows[state.frame.flow] if state.frame else None
        if cancels(smalltalk.bare(message), open_task):
            return [CancelFlow()]
        flow = open_task if asked else None
        if flow and state.frame and asked:
            found = answers(message, flow, state.frame, asked, today, state.locale)
            if found:
                return found
        return self._beside(message, state, asked, today)

    def _colleague(self, message: str, state: Conversation, today: date) -> list[Command]:
        """What staff ask, often about a customer: no task, alarm or wish for a person of the customers' queue is their own."""
        help_wanted = staff_help.understood(message)
        if help_wanted:
            return [help_wanted]
        raised = alarm.find(message)
        if raised and raised.kind is Kind.HUMAN and not _says_more(message, raised.words):
            return [MakeSmalltalk(Topic.COLLEAGUE)]
        return self._sale(message, state, today) or self._beside(message, state, None, today)

    def _sale(self, message: str, state: Conversation, today: date) -> list[Command]:
        """Guidance on a sale, which staff alone may ask for."""
        if self._staff is None or state.audience is not Audience.STAFF:
            return []
        found = self._staff.understand(message, state, today)
        return [found] if found else []

    def _pressed(self, choice: str, state: Conversation, asked: Question | None, today: date) -> Command:
        if asked and choice in asked.pressed:
            return asked.pressed[choice]
        offered = next((one for one in state.choices if one.id == choice), None)
        if offered is None:
            return PressStaleChoice()
        if choice in (HUMAN_CHOICE, LEAVE_QUEUE):
            return AskHuman() if choice == HUMAN_CHOICE else LeaveQueue()
        if lead_answer.is_button(choice):
            return lead_answer.pressed(choice)
        if choice.startswith(SATISFACTION):
            _, ticket, score = choice.split(":")
            return RatePerson(ticket, int(score))
        if choice in self._flows:
            return StartFlow(choice)
        if not choice.startswith(ASK_CHOICE):
            return PressStaleChoice()
        return next(iter(self._sale(offered.label, state, today)), AskKnowledge(offered.label))

    def _of_queue(self, message: str, state: Conversation, today: date) -> list[Command]:
        """What is said to the queue: that no person is wanted any more, where one stands, or how a person was liked."""
        text = smalltalk.bare(message)
        if state.talk and (_LEAVES_QUEUE.search(text) or (state.frame is None and cancels(text))):
            return [LeaveQueue()]
        if state.talk and _ASKS_PLACE.fullmatch(text.strip(" ?.!~")):
            return [AskHuman()]
        rates = (one for one in state.choices if one.id.startswith(SATISFACTION))
        chosen = next((one for one in rates if fold(one.label) == text), None)
        return [self._pressed(chosen.id, state, None, today)] if chosen else []

    def _urgent(self, message: str, state: Conversation, asked: Question | None, today: date) -> list[Command]:
        """What stops everything else; while a text is being told, only danger and a plain wish for a person do."""
        raised = alarm.find(message)
        if raised is None:
            return []
        if asked and asked.slot and is_free_text(asked) and raised.kind not in (Kind.HUMAN, Kind.DANGER):
            told: list[Command] = [SetSlot(asked.slot, Filled(message, guard.mask(message)))]
            return [*told, RaiseAlarm(raised.kind)] if raised.kind in (Kind.FRAUD, Kind.LOST_CARD) else []
        if raised.kind is Kind.HUMAN:
            return self._person(message, raised.words, state, asked, today)
        task = STARTED_BY.get(raised.kind)
        if task is None or task not in self._flows:
            return [RaiseAlarm(raised.kind)]
        if state.frame and state.frame.flow == task:
            return []
        if _only_asks(message) or doubt.speaks_of_something_else(message):
            return [self.question(message, state, today, task)]
        told = volunteered(message, self._flows[task], today, state.locale)
        person: list[Command] = [AskHuman()] if alarm.wishes_person(message) else []
        return [StartFlow(task, raised.kind), *told, *person]

    def _person(
        self, message: str, words: str, state: Conversation, asked: Question | None, today: date
    ) -> list[Command]:
        """A person is wished for: to talk, or - in so many words - later; a message being told may speak of both."""
        wished = self._left(message, today, state.locale)
        leaves = state.frame is not None and self._flows[state.frame.flow].leaves
        if is_free_text(asked) and (wished or (leaves and _says_more(message, words))):
            return []
        return wished or [AskHuman()]

    def _left(self, message: str, today: date, locale: str) -> list[Command]:
        """To leave a message, or to be called back."""
        task = later.wished(message)
        if task is None or task not in self._flows:
            return []
        return [StartFlow(task), *volunteered(message, self._flows[task], today, locale)]

    def _beside(self, message: str, state: Conversation, asked: Question | None, today: date) -> list[Command]:
        """What is no answer to the open question: small talk, another task, a question - or nothing that can be made out."""
        declined = self._declined(message)
        if declined:
            return [declined]
        text = smalltalk.bare(message)
        if smalltalk.asks_to_repeat(text):
            return [Repeat()]
        if asked and resumes(text):
            return [ResumeFlow()]
        chosen = None if asked else self._ordinal(text, state, today) or self._agreed(message, state)
        if chosen:
            return [chosen]
        topic = smalltalk.topic(text)
        if topic:
            return [MakeSmalltalk(topic)]
        # A bare yes or no never begins anything, however much it may sound like the name of a task.
        plain = plain_answer(message)
        if plain:
            return [NotUnderstood() if asked else plain]
        return self._wished(message, state, asked, today)

    def _declined(self, message: str) -> Decline | None:
        """What is not answered, whatever the documents say of it."""
        listed = self._words.find(message)
        orders = None if listed else injection.find(message)
        return Decline(listed) if listed else Decline((orders,), orders=True) if orders else None

    def _agreed(self, message: str, state: Conversation) -> Command | None:
        """A plain yes to the one task that was offered."""
        offered = [one.id for one in state.choices if one.id in self._flows]
        plain = plain_answer(message)
        return StartFlow(offered[0]) if len(offered) == 1 and plain and plain.yes else None

    def _wished(self, message: str, state: Conversation, asked: Question | None, today: date) -> list[Command]:
        """Another task, or a question; while a task is open, what is neither is not understood."""
        left = self._left(message, today, state.locale) if state.audience is Audience.CUSTOMER else []
        if left:
            return left
        decided = self._classifier.understand(message) if state.audience is Audience.CUSTOMER else Nothing()
        starts = decided if isinstance(decided, tuple) else (decided,) if isinstance(decided, Start) else ()
        flows = [start.flow for start in starts if start.flow in self._flows]
        if flows:
            return self._started(flows, message, state, today)
        if asked and state.frame and not is_question(message):
            flow = self._flows[state.frame.flow]
            told = told_already(message, flow, state.frame)
            return told or unsettled(message, flow, state.frame, asked, today, state.locale) or [NotUnderstood()]
        unclear = tuple(flow for flow in _unclear(decided) if flow in self._flows)
        likely = decided.flow if isinstance(decided, Offer) else next(iter(unclear), None)
        question = self.question(message, state, today, likely)
        follows = question.question != message or question.about
        return [question] if asked or state.asked_back or follows or not unclear else [Clarify(unclear)]

    def _started(self, flows: Sequence[str], message: str, state: Conversation, today: date) -> list[Command]:
        """These tasks, with what the message tells already; a question where it speaks of something else after all."""
        if self._is_doubtful(message, flows):
            return [self.question(message, state, today, flows[0])]
        told = volunteered(message, self._flows[flows[0]], today, state.locale)
        return [StartFlow(flows[0]), *told, *(StartFlow(flow) for flow in flows[1:])]

    def likely(self, message: str) -> tuple[str, ...]:
        """The tasks that a message may wish which is taken for a question, though it has no question's form."""
        return (
            () if is_question(message) else tuple(one for one in self._classifier.likely(message) if one in self._flows)
        )

    def start(self, flow: str, message: str, state: Conversation, today: date) -> list[Command]:
        """This task, which a message was read to wish; a question where the message speaks of something else after all."""
        return self._started([flow], message, state, today) if flow in self._flows else []

    def _is_doubtful(self, message: str, flows: Sequence[str]) -> bool:
        changes = any(self._flows[flow].commits for flow in flows)
        return changes and doubt.speaks_of_something_else(message)

    def question(self, message: str, state: Conversation, today: date, task: str | None = None) -> AskKnowledge:
        """The message as a question for the documents, standing on its own; `task` is the flow that does what it is about."""
        names = self._lexicon(state.audience)
        question = followup.resolve(message, state, names)
        text = smalltalk.bare(message)
        own = question != message or followup.OWN_MEASURE.search(text)
        about = None if own else followup.spoken_of(state, message, names)
        return AskKnowledge(followup.whole(question), day.find(text, today), about, task)

    def _ordinal(self, text: str, state: Conversation, today: date) -> Command | None:
        """The button that 第二个 means."""
        found = _ORDINAL.match(text)
        choices = [one for one in state.choices if not lead_answer.is_button(one.id)]
        if not found or not choices:
            return None
        character = found.group(1) or found.group(2) or found.group(4)
        position = len(choices) if found.group(3) else _DIGITS.get(character) or int(character)
        return self._pressed(choices[position - 1].id, state, None, today) if position <= len(choices) else None


def _says_more(message: str, words: str) -> bool:
    """Whether a message says more than that a person is wished for, in these words."""
    rest = _ASKS_NICELY.sub("", fold(message).replace(words, ""))
    return bool(rest) and len(message) > max(_PLAIN_WISH, 2 * len(words))


def _unclear(decided: object) -> tuple[str, ...]:
    return decided.flows if isinstance(decided, task_classifier.Clarify) else ()


def _only_asks(message: str) -> bool:
    """Whether what alarms is asked about, and not told: 卡丢了，怎么挂失 tells it first."""
    alarms = {clause: alarm.find(clause) for clause in task_classifier.split(message)}
    # The name of the task is no news of a loss.
    told = [clause for clause, found in alarms.items() if found and _TASK_NAME not in found.words]
    return all(task_examples.asking(fold(clause), reads=False) > 0 for clause in told or [message])


def asks_result(message: str, choice: str | None) -> bool:
    """Whether a message, or the button pressed, asks for what a commit came to, or says yes to it once more."""
    if choice is not None:
        return choice.endswith((":yes", ":retry"))
    plain = plain_answer(message)
    return (plain is not None and plain.yes) or retries(message)


def is_urgent(commands: Sequence[Command]) -> bool:
    """Whether what was understood cannot wait: an alarm, or a wish for a person."""
    return any(isinstance(one, AskHuman | RaiseAlarm) or (isinstance(one, StartFlow) and one.alarm) for one in commands)
