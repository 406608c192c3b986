"""Names are plain: small letters, digits and underscores."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.flow_case import Case
from assistant.flow_mistake import Mistake
from assistant.question import IDENTITY
from assistant.step_text import NAME

_MEND = "use a to z, 0 to 9 and _, with a letter first"


def find(case: Case) -> Iterator[Mistake]:
    """Names that are not plain, or that mean something already."""
    flow = case.flow
    for where, kind, name in _names(case):
        if not NAME.fullmatch(name):
            yield Mistake(flow.id, where, f"{name} cannot be the name of {kind}", _MEND)
    if IDENTITY in flow.slots:
        what = f"{IDENTITY} is the name of who the customer is, not of a slot"
        yield Mistake(flow.id, f"slots.{IDENTITY}", what, "rename it")


def _names(case: Case) -> Iterator[tuple[str, str, str]]:
    flow = case.flow
    yield "the file", "a flow", flow.id
    for step in flow.steps:
        yield step, "a step", step
    for name, slot in flow.slots.items():
        yield f"slots.{name}", "a slot", name
        for option in slot.options:
            yield f"slots.{name}", "an option", option
