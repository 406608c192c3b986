"""Declared slots are of a kind that there is, are used, and can be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.flow_case import Case
from assistant.flow_mistake import Mistake, listed, meant
from assistant.part import Slot
from assistant.slot import kinds
from assistant.slot_wording import rejections
from assistant.step import Choose, Collect, asks

_CHOSEN = frozenset({"choice", "branch", "moment"})
_ALWAYS = frozenset({"cannot_skip"})


def find(case: Case) -> Iterator[Mistake]:
    """Slots that cannot be filled as they are declared."""
    for name, slot in case.flow.slots.items():
        for what, mend in [*_kind(slot), *_use(case, name), *_options(case, name, slot), *_reject(slot)]:
            yield Mistake(case.flow.id, f"slots.{name}", what, mend)


def _kind(slot: Slot) -> Iterator[tuple[str, str]]:
    if slot.kind not in kinds():
        others = f"there are: {listed(sorted(kinds()))}"
        yield f"no kind of slot is called {slot.kind}", meant(slot.kind, kinds(), others)


def _use(case: Case, name: str) -> Iterator[tuple[str, str]]:
    if name not in case.filled:
        yield "no step asks for it, and no action fills it", "collect or choose it in a step, or delete it"


def _options(case: Case, name: str, slot: Slot) -> Iterator[tuple[str, str]]:
    asking = [step for step in case.flow.steps.values() if name in asks(step)]
    lists = {step.options_from for step in asking if isinstance(step, Choose) and step.options_from}
    collected = any(isinstance(step, Collect) for step in asking)
    if slot.kind in _CHOSEN and collected and not slot.options and not lists:
        yield (
            f"a {slot.kind} needs something to choose from",
            "give it options, or a step that chooses it `from` a list",
        )
    if len(lists) > 1:
        yield f"its options come from {listed(sorted(lists))}, and only the first is used", "use one list, or two slots"
    if slot.optional and "skip" in slot.options:
        yield "the option skip is also the button that leaves it out", "rename the option"


def _reject(slot: Slot) -> Iterator[tuple[str, str]]:
    if slot.kind not in kinds():
        return
    known = _reasons().get(slot.kind, {}).keys() | _ALWAYS
    for reason in slot.reject:
        if reason not in known:
            others = f"delete it; there are: {listed(sorted(known))}"
            yield f"no {slot.kind} is ever rejected as {reason}", meant(reason, known, others)


def _reasons() -> Mapping[str, Mapping[str, str]]:
    return rejections("zh")
