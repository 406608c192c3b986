"""What a simulated customer says: wordings of its manner with the facts of its goal in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from evals.case import Goal
from evals.manner import Manner, Stock


class CustomerWords:
    """Sentences of one customer in one conversation; a figure comes from the goal alone."""

    def __init__(self, goal: Goal, manner: Manner, stock: Stock, random: Random) -> None:
        self._goal = goal
        self._manner = manner
        self._stock = stock
        self._random = random
        self._wish = random.choice(goal.opening)
        self._facts = {slot: random.choice(wordings) for slot, wordings in goal.facts.items()}
        self._used: set[str] = set()
        self._exact = [*(one for wordings in goal.facts.values() for one in wordings), *goal.wrong.values()]

    @property
    def wish(self) -> str:
        """What is wanted, in this customer's wording."""
        return self._wish

    @property
    def facts(self) -> Mapping[str, str]:
        """The facts in the wording that this customer has for them."""
        return self._facts

    def keeps_all(self, slot: str) -> bool:
        """Whether all that is said to the question for a slot becomes its value."""
        return slot in self._stock.whole

    def opening(self, beside: Iterable[str] = ()) -> str:
        """The first message, with facts that are told in it unasked."""
        return self._typed(self._pick("opening").format(wish=self._wish) + self._beside(beside))

    def wishing(self, situation: str) -> str:
        """What is wanted, said once more."""
        return self._typed(self._pick(situation).format(wish=self._wish))

    def answer(self, slot: str, value: str, beside: Iterable[str] = (), *, chosen: bool = False) -> str:
        """An answer to the question for a slot; what is `chosen` among options may be mistyped, what is written out may not."""
        said = self._fresh(self._stock.answer(slot)).format(value=value)
        return self._typed(said + self._beside(beside), loose=value if chosen else None)

    def takes_back(self, slot: str, value: str) -> str:
        """The right value in the place of one that was said before."""
        return self._typed(self._pick("takes_back").format(told=self._told(slot, value)))

    def insists(self, slot: str, value: str) -> str:
        """The right value once more, with what it is of."""
        return self._typed(self._pick("insists").format(told=self._told(slot, value), value=value))

    def says(self, situation: str) -> str:
        """What is said in a situation that is about no fact."""
        return self._typed(self._pick(situation))

    def _beside(self, slots: Iterable[str]) -> str:
        return "".join(self._pick("and") + self._told(slot, self._facts[slot]) for slot in slots)

    def _told(self, slot: str, value: str) -> str:
        return self._fresh(self._stock.telling(slot)).format(value=value)

    def _pick(self, situation: str) -> str:
        return self._fresh(self._stock.says[situation])

    def _fresh(self, wordings: Sequence[str]) -> str:
        """One that this customer has not used yet, as long as there is one."""
        chosen = self._random.choice([one for one in wordings if one not in self._used] or wordings)
        self._used.add(chosen)
        return chosen

    def _typed(self, text: str, loose: str | None = None) -> str:
        return self._manner.typed(text, [one for one in self._exact if one != loose], self._random)
