"""Steps ask for, verify, clear and offer only what there is."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.flow_case import Case
from assistant.flow_facts import Fact
from assistant.flow_mistake import Mistake, listed, meant
from assistant.step import Choose, Collect, HandOff, Step, Verify, asks

_TIMES = ("moment", "date")


def find(case: Case) -> Iterator[Mistake]:
    """Steps whose slots or options do not exist, or not yet."""
    for name, step in case.flow.steps.items():
        for what, mend in _wrong(case, name, step):
            yield Mistake(case.flow.id, name, what, mend)


def _wrong(case: Case, name: str, step: Step) -> Iterator[tuple[str, str]]:
    slots = case.flow.slots
    yield from (_unknown(case, slot, "asked for") for slot in asks(step) if slot not in slots)
    known = slots.keys() | case.filled
    yield from (_unknown(case, slot, "cleared") for slot in step.clear if slot not in known)
    if isinstance(step, Collect) and not step.collect:
        yield "the step asks for nothing", "name the slots that it collects"
    if isinstance(step, Choose):
        yield from _choice(case, name, step)
    if isinstance(step, Verify):
        yield from _number(case, name, step.verify)
    if isinstance(step, HandOff) and step.due is not None:
        yield from _due(case, name, step, step.due)


def _choice(case: Case, name: str, step: Choose) -> Iterator[tuple[str, str]]:
    slot = case.flow.slots.get(step.choose)
    if slot and not slot.options and not step.options_from:
        yield f"{step.choose} has no options", "give the slot options, or the step `from` with a list of the bank's"
    if slot and slot.options and step.options_from:
        yield f"{step.choose} has options of its own and others from the bank", "delete `options` or `from`"
    if step.options_from:
        yield from _list(case, name, step.options_from)


def _list(case: Case, name: str, items: str) -> Iterator[tuple[str, str]]:
    given = {filled for edges in case.edges.values() for edge in edges for filled in case.fills(edge)}
    if items not in given:
        mend = meant(items, given, "call an action first that fills it")
        yield f"the options come from {items}, which no action fills", mend
    elif name in case.facts and Fact("known", items) not in case.facts[name]:
        what = f"the options come from {items}, which is not known on every way here"
        yield what, "call the action that fills it on each way"


def _number(case: Case, name: str, slot: str) -> Iterator[tuple[str, str]]:
    declared = case.flow.slots.get(slot)
    if declared is None:
        yield _unknown(case, slot, "verified")
    elif declared.kind != "mobile":
        yield f"{slot} is of kind {declared.kind}, and codes go to a mobile", "verify a slot of kind mobile"
    elif declared.optional:
        yield f"{slot} may be skipped, and then there is no number to verify", "make it not optional"
    elif name in case.facts and Fact("known", slot) not in case.facts[name]:
        yield f"{slot} is verified, and is not known on every way here", f"collect {slot} on each way"


def _due(case: Case, name: str, step: HandOff, slot: str) -> Iterator[tuple[str, str]]:
    declared = case.flow.slots.get(slot)
    if not step.leaves.is_left:
        yield "only what is left for later is due at some time", "delete `due`, or say what it `leaves`"
    elif declared is None:
        yield _unknown(case, slot, "named as due")
    elif declared.kind not in _TIMES:
        yield f"{slot} is of kind {declared.kind}, which is no time", f"name a slot of kind {' or '.join(_TIMES)}"
    elif name in case.facts and Fact("known", slot) not in case.facts[name]:
        yield f"it is due at {slot}, which is not known on every way here", f"ask for {slot} on each way"


def _unknown(case: Case, slot: str, done: str) -> tuple[str, str]:
    others = f"declare it; there are: {listed(case.flow.slots)}"
    return f"{slot} is {done}, and no slot is called so", meant(slot, case.flow.slots, others)
