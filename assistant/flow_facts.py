"""What holds whenever a step is come to, whichever way led there: what is known, held ready at the bank, and confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.action import Operation
from assistant.part import Text
from assistant.step import (
    YES,
    Call,
    Choose,
    Collect,
    Confirm,
    Disclose,
    End,
    HandOff,
    Identity,
    Review,
    Step,
    Subflow,
    Verify,
    asks,
)
from assistant.step_text import placeholders

if TYPE_CHECKING:
    from assistant.flow_case import Case, Edge

_WAITING = Collect | Choose | Verify | Confirm | Disclose | Review | Call


class Fact(NamedTuple):
    """`known`: a value or a list. Of an operation: `ready` at the bank; `agreed`, a yes was said; `confirmed`, to all of it."""

    kind: Literal["known", "ready", "agreed", "confirmed"]
    name: str


Facts = frozenset[Fact]
Corrections = Mapping[str, Sequence[tuple[str, str]]]


def find(case: Case) -> dict[str, Facts]:
    """The facts at each step that can be reached: those that all ways to it have in common, corrections included.

    A correction leads back to a step on the way that led here, so what it brings is found from that step on, without
    passing again what always comes before it.
    """
    corrections = _corrections(case)
    returns = {step for back in corrections.values() for step, _ in back}
    starts: dict[str, Facts] = {case.flow.first: frozenset()}
    while True:
        found = _spread(case, starts, {}, frozenset())
        back = {
            step: _spread(case, {step: found[step]}, corrections, case.before(step))[step]
            for step in returns & found.keys()
        }
        lost = {step: facts for step, facts in back.items() if facts != found[step]}
        if not lost:
            return found
        starts |= lost


def _spread(
    case: Case, starts: Mapping[str, Facts], corrections: Corrections, barred: frozenset[str]
) -> dict[str, Facts]:
    """The facts that come of these, wherever they lead but to the barred steps."""
    found, waiting = dict(starts), list(starts)
    while waiting:
        step = waiting.pop()
        for end, facts in [*_onward(case, step, found[step]), *_back(corrections.get(step, ()), found[step])]:
            common = facts & found.get(end, facts)
            if end not in barred and common != found.get(end):
                found[end] = common
                waiting.append(end)
    return found


def left_known(case: Case) -> dict[str, frozenset[str]]:
    """What a flow leaves known whenever it ends, by how; what may have been left unfilled is not known."""
    left: dict[str, frozenset[str]] = {}
    for name, facts in case.facts.items():
        step = case.flow.steps[name]
        if isinstance(step, End | HandOff):
            status = step.end if isinstance(step, End) else step.ends
            known = frozenset(fact.name for fact in facts if fact.kind == "known" and not case.optional(fact.name))
            left[status.value] = known & left.get(status.value, known)
    return left


def needed(case: Case, action: str) -> frozenset[str]:
    """What the customer gives for an operation, and so must be read back."""
    return frozenset(case.actions[action].inputs) & case.flow.slots.keys()


def read_back(text: Text) -> frozenset[str]:
    """What a text names in both languages."""
    return (placeholders(text.zh) or frozenset()) & (placeholders(text.en) or frozenset())


def _onward(case: Case, name: str, facts: Facts) -> Iterator[tuple[str, Facts]]:
    step = case.flow.steps[name]
    for edge in case.edges[name]:
        after = _done(case, step, edge, facts)
        if step.clear:
            after = _unheld(after) - {Fact("known", slot) for slot in step.clear}
        yield edge.end, after


def _done(case: Case, step: Step, edge: Edge, facts: Facts) -> Facts:
    """The facts once a step is done. The runner lets go of what the bank holds when any slot changes, so this does too."""
    match step:
        case Collect() | Choose():
            return _unheld(facts) | {Fact("known", slot) for slot in asks(step)}
        case Confirm() if edge.answer == YES:
            return facts | _agreed(case, step, facts)
        case Call():
            return _called(case, step, edge, facts)
        case Subflow():
            return _unheld(facts) | _known(case, edge)
        case _:
            return facts


def _agreed(case: Case, step: Confirm, facts: Facts) -> Facts:
    """A yes holds for what is held ready; it confirms that only where all that was given for it was read back."""
    ready = {fact.name for fact in facts if fact.kind == "ready"}
    whole = {action for action in ready if needed(case, action) <= read_back(step.confirm)}
    return frozenset({Fact("agreed", action) for action in ready} | {Fact("confirmed", action) for action in whole})


def _called(case: Case, step: Call, edge: Edge, facts: Facts) -> Facts:
    """An operation in hand takes the place of any other; a query's answer may change what one was prepared from."""
    filled = _known(case, edge)
    if isinstance(case.actions.get(step.action), Operation):
        held = {Fact("ready", step.action)} if (step.phase, edge.answer) == ("prepare", "ready") else set()
        return _unheld(facts) | filled | held
    names = {fact.name for fact in filled}
    changed = {action for action, one in case.actions.items() if names & set(one.inputs)}
    return _unheld(facts, changed) | filled


def _known(case: Case, edge: Edge) -> Facts:
    return frozenset(Fact("known", name) for name in case.fills(edge))


def _unheld(facts: Facts, actions: set[str] | None = None) -> Facts:
    """Without what is held ready or confirmed: of these operations, or of all."""
    return frozenset(
        fact for fact in facts if fact.kind == "known" or (actions is not None and fact.name not in actions)
    )


def _corrections(case: Case) -> Corrections:
    """Where a customer may go back to from each step that waits, and for which slot: to what was passed on the way there."""
    back: dict[str, list[tuple[str, str]]] = {}
    for name, step in case.flow.steps.items():
        if isinstance(step, _WAITING) or step.identity > Identity.ANONYMOUS:
            around = case.without(name)
            back[name] = [
                (earlier, slot)
                for earlier in around
                if name in case.beyond[earlier]
                for slot in asks(case.flow.steps[earlier])
            ]
    return back


def _back(corrections: Sequence[tuple[str, str]], facts: Facts) -> Iterator[tuple[str, Facts]]:
    for step, slot in corrections:
        yield step, _unheld(facts) - {Fact("known", slot)}
