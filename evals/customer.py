"""A simulated customer by script: what is still to be said, and what is done about each reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from assistant.composing import OpenTask
from assistant.question import Wants
from assistant.reply import Choice, Outcome
from evals.case import Goal, Move
from evals.customer_words import CustomerWords
from evals.manner import manner, stock
from evals.scene import Scene, Stuck

_ATTEMPTS = 2
"""How often a wish that was not heard is said again."""
_QUERIES = frozenset({"query_transactions", "card_application_status"})


class Customer:
    """One customer in one conversation: what is still to be said, and what was."""

    def __init__(self, goal: Goal, scene: Scene, random: Random) -> None:
        self._goal = goal
        self._scene = scene
        self._random = random
        self._manner = manner(goal.manner)
        self.words = CustomerWords(goal, self._manner, stock(goal.manner), random)
        self._asked: Counter[tuple[str, str]] = Counter()
        self._told: set[str] = set()
        self._wrong = dict(goal.wrong)
        self._to_take_back: str | None = None
        self._unheard_of: str | None = None
        self._at_once = random.random() < 0.5
        self._leaves = random.choice(("asks", "turns_to")) if self._manner.wavers else None
        self._refuses = self._manner.wavers and not goal.gives_up
        self._refused = False
        self._early = goal.gives_up and random.random() < 0.4
        self._attempts = 0

    def opening(self) -> Move:
        """The first message."""
        return Move(say=self.words.opening(self._unasked()))

    def reaction(self) -> Move | None:
        """What is done about the reply that came; nothing where the conversation is over."""
        if self._is_over():
            return self._after_all() if self._refused else None
        task = self._scene.assistant.open_task(self._scene.conversation)
        if task is None or task.wants is None:
            return self._unheard()
        key = (task.flow, f"{task.wants} {task.slot or self._step()}")
        self._asked[key] += 1
        if self._asked[key] > self._manner.patience + 1:
            return None
        if self._asked[key] > self._manner.patience and task.wants is not Wants.BANK:
            return self._say("person")
        if (
            task.flow != self._goal.flow
            and task.slot not in self._goal.facts
            and task.wants in (Wants.SLOT, Wants.YES_NO)
        ):
            return self._astray(task)
        return self._answer(task, self._asked[key])

    def _answer(self, task: OpenTask, time: int) -> Move | None:
        match task.wants:
            case Wants.SIGN_IN:
                return Move(sign_in=self._goal.sign_in) if self._goal.sign_in else None
            case Wants.CODE:
                return self._code(time)
            case Wants.REVIEW:
                return Move(review="approved")
            case Wants.BANK:
                return self._pressed(("retry",)) or self._say("retries")
            case Wants.YES_NO:
                return self._decision(time)
            case _:
                return self._value(task.slot or "", time)

    def _is_over(self) -> bool:
        """Whether the task that was wanted has ended, or a person takes over."""
        turn = self._scene.turn
        if turn is None:
            return False
        if turn.outcome in (Outcome.HANDED_OFF, Outcome.WITH_HUMAN):
            return True
        return bool(turn.flow and turn.flow.id == self._goal.flow and turn.flow.status != "open")

    def _unheard(self) -> Move | None:
        """Nothing is being done: the button that offers it is pressed, or the wish said again."""
        self._attempts += 1
        if self._attempts > _ATTEMPTS:
            return None
        offered = next((one for one in self._choices if one.id == self._goal.flow), None)
        return Move(press=offered.label) if offered else Move(say=self.words.wishing("again"))

    def _astray(self, task: OpenTask) -> Move | None:
        """Another task asks: a look at something else is enough, and what was never wanted is put right."""
        self._attempts += 1
        if self._attempts > _ATTEMPTS:
            return None
        return self._say("leaves_that") if task.flow in _QUERIES else Move(say=self.words.wishing("astray"))

    def _after_all(self) -> Move:
        """Who said no wants it after all."""
        self._refused = False
        self._asked.clear()
        self._told.clear()
        return Move(say=self.words.wishing("after_all"))

    def _code(self, time: int) -> Move:
        if taken_back := self._taken_back(at_once=True):
            return taken_back
        slips = time == 1 and self._random.random() < self._manner.miscopies
        return Move(code="wrong" if slips else "right")

    def _value(self, slot: str, time: int) -> Move | None:
        """An answer to the question for a slot."""
        if taken_back := self._taken_back(at_once=True):
            return taken_back
        if self._leaves:
            situation, self._leaves = self._leaves, None
            return self._say("asks" if self._goal.flow in _QUERIES else situation)
        if self._early:
            return self._say("gives_up")
        if slot not in self._goal.facts:
            return self._skip(slot)
        value = self._wrong.pop(slot, None)
        if value is not None:
            self._to_take_back = slot
        self._told.add(slot)
        return self._told_or_pressed(slot, value or self.words.facts[slot], time)

    def _told_or_pressed(self, slot: str, value: str, time: int) -> Move:
        """Whoever was not understood presses the button where there is one."""
        button = self._button(value)
        if button and (time > 1 or self._random.random() < self._manner.presses):
            return Move(press=button.label)
        if time > 1:
            return Move(say=value)
        return Move(say=self.words.answer(slot, value, self._unasked(slot), chosen=button is not None))

    def _skip(self, slot: str) -> Move:
        skip = self._pressed(("skip",))
        if skip is None:
            raise Stuck(f"the customer is asked for {slot}, of which the goal says nothing; add it to the facts")
        return skip if self._random.random() < self._manner.presses else self._say("skips")

    def _decision(self, time: int) -> Move:
        """A yes or no: to what is to be read, or to what was read back."""
        consent = self._scene.assistant.words(self._scene.conversation).consent_yes
        if any(one.label == consent for one in self._choices):
            return self._yes("consents", time)
        if taken_back := self._taken_back(at_once=False):
            return taken_back
        if self._goal.gives_up:
            return self._no("gives_up" if time == 1 and self._random.random() < 0.5 else "declines")
        if self._refuses:
            self._refuses, self._refused = False, True
            return self._no("declines")
        if time == 1 and self._random.random() < self._manner.doubts:
            return self._say("nods")
        return self._yes("confirms", time)

    def _yes(self, situation: str, time: int) -> Move:
        presses = time > 1 or self._random.random() < self._manner.presses
        return (self._pressed(("yes",)) if presses else None) or self._say(situation)

    def _no(self, situation: str) -> Move:
        presses = self._random.random() < self._manner.presses
        return (self._pressed(("no",)) if presses else None) or self._say(situation)

    def _taken_back(self, *, at_once: bool) -> Move | None:
        """The right value, where a wrong one was said and now is the time to notice: said once more where it was not heard."""
        slot = self._to_take_back
        if slot is None or (at_once and not self._at_once):
            return None
        shown = self._slots.get(slot)
        if self._unheard_of is None:
            self._unheard_of = shown or ""
            return Move(say=self.words.takes_back(slot, self.words.facts[slot]))
        heard, self._to_take_back = shown != self._unheard_of, None
        return None if heard else Move(say=self.words.insists(slot, self.words.facts[slot]))

    def _unasked(self, asked: str = "") -> list[str]:
        """Facts that are told beside: of those not told yet, but none that is first said wrongly."""
        left = [slot for slot in self._goal.facts if slot not in self._told | self._goal.wrong.keys() | {asked}]
        beside = [slot for slot in left if not self.words.keeps_all(slot)]
        if self.words.keeps_all(asked) or not beside:
            return []
        told = self._random.sample(beside, self._random.randint(0, min(self._manner.volunteers, len(beside))))
        self._told.update(told)
        return told

    @property
    def _choices(self) -> tuple[Choice, ...]:
        return self._scene.reply.choices

    @property
    def _slots(self) -> Mapping[str, str]:
        turn = self._scene.turn
        return turn.flow.slots if turn and turn.flow else {}

    def _step(self) -> str:
        turn = self._scene.turn
        return turn.flow.step if turn and turn.flow else ""

    def _button(self, value: str) -> Choice | None:
        """The one button that says this value."""
        fitting = [one for one in self._choices if ":" in one.id and (value in one.label or one.label in value)]
        return fitting[0] if len(fitting) == 1 else None

    def _pressed(self, ends: tuple[str, ...]) -> Move | None:
        found = next((one for one in self._choices if one.id.rpartition(":")[2] in ends), None)
        return Move(press=found.label) if found else None

    def _say(self, situation: str) -> Move:
        return Move(say=self.words.says(situation))
