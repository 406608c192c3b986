"""What a customer had to go through: how many turns, whether anything was asked in vain, and whether a correction was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from evals.case import Case, Goal
from evals.evaluator import Evaluator, Mark, failed
from evals.record import PlayedTurn, Record
from knowledge_base.text import fold

_LOOP = 4
"""So often the same is asked in a row, and nothing has moved: nobody gets on any more."""


class _Effort(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """Of a simulated customer: `effort`, the fewest turns possible beside those it took; `not asked twice`, `no loop`, `correction heard`."""
        if case.goal is None or not record.turns:
            return
        yield Mark("effort", fewest(record.turns) / len(record.turns), required=False)
        twice = asked_in_vain(record.turns)
        yield failed("not asked twice", [f"asks for {slot} though it was understood" for slot in twice])
        around = loops(record.turns)
        yield failed("no loop", [f"asks {times} times: {asked}" for asked, times in around])
        heard = corrections(case.goal, record.turns)
        if heard is not None:
            yield Mark("correction heard", float(heard), required=False)


def fewest(turns: Sequence[PlayedTurn]) -> int:
    """The turns in which it could have been done: the wish, and one for each question that was asked."""
    return min(len(turns), 1 + len({turn.asked for turn in turns[:-1] if turn.asked}))


def asked_in_vain(turns: Sequence[PlayedTurn]) -> list[str]:
    """Slots that were asked for although they were known; what was taken back, refused or begun anew is rightly asked for."""
    known: dict[str, set[str]] = {}
    found = []
    for turn in turns:
        if turn.flow and (turn.status != "open" or "flow_started" in turn.events):
            known.pop(turn.flow, None)
        flow, _, wanted = turn.asked.partition(" ")
        wants, _, slot = wanted.partition(" ")
        before = known.setdefault(flow, set())
        if {"slots_cleared", "call_ended"} & set(turn.events):
            before.clear()
        if wants == "slot" and slot in before:
            found.append(slot)
        if turn.flow and turn.status == "open":
            known.setdefault(turn.flow, set()).update(turn.slots.keys() - {slot if flow == turn.flow else ""})
    return list(dict.fromkeys(found))


def loops(turns: Sequence[PlayedTurn]) -> list[tuple[str, int]]:
    """Questions that were asked over and over in a row, with how often."""
    times: Counter[str] = Counter()
    row, last = 0, ""
    for turn in turns:
        row = row + 1 if turn.asked and turn.asked == last else 1
        last = turn.asked
        times[turn.asked] = max(times[turn.asked], row)
    return [(asked, count) for asked, count in times.items() if asked and count >= _LOOP]


def corrections(goal: Goal, turns: Sequence[PlayedTurn]) -> bool | None:
    """Whether the first word of a correction changed what it was about; nothing where none was made."""
    for slot, wrong in goal.wrong.items():
        said = next((at for at, turn in enumerate(turns) if fold(wrong) in fold(turn.said)), None)
        rights = [fold(one) for one in goal.facts[slot]]
        taken_back = (
            (at for at in range(said + 1, len(turns)) if any(one in fold(turns[at].said) for one in rights))
            if said is not None
            else iter(())
        )
        at = next(taken_back, None)
        if at is not None:
            before = turns[at - 1].slots.get(slot)
            return turns[at].slots.get(slot) not in (None, before)
    return None


evaluator = _Effort()
