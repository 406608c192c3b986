"""Every step leads where the file says, and a step that branches does so for each of its answers and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.flow_case import Case
from assistant.flow_mistake import Mistake, listed, meant
from assistant.step import Call, Choose, Confirm, Disclose, End, HandOff, Review, Step, Subflow


def find(case: Case) -> Iterator[Mistake]:
    """Steps that lead nowhere, and tables that do not fit."""
    for name, step in case.flow.steps.items():
        for what, mend in _wrong(case, name, step):
            yield Mistake(case.flow.id, name, what, mend)


def _wrong(case: Case, name: str, step: Step) -> Iterator[tuple[str, str]]:
    if isinstance(step, End | HandOff):
        if step.next is not None:
            yield "the flow ends here, so nothing comes next", "delete next"
        return
    if isinstance(step.next, Mapping):
        yield from _table(case, step, step.next)
    else:
        yield from _single(case, name, step)
    yield from _targets(case, step)


def _single(case: Case, name: str, step: Step) -> Iterator[tuple[str, str]]:
    must = isinstance(step, Confirm | Disclose | Review) or (isinstance(step, Call) and len(case.answers(step)) > 1)
    if must:
        answers = [str(answer) for answer in case.answers(step)]
        yield "the step does not branch on how it ends", f"give next a table with: {listed(answers)}"
    elif case.flow.after(name) is None:
        yield "nothing comes next, and the flow does not end here", "name the next step, or end the flow with `end`"


def _table(case: Case, step: Step, table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    why = _cannot(case, step)
    if why:
        yield why
        return
    answers = [str(answer) for answer in case.answers(step) if answer is not None]
    if not answers:
        return
    for answer in answers:
        if answer not in table:
            yield f"next leaves out {answer}", f"say which step {answer} leads to"
    for answer in table.keys() - set(answers):
        others = f"delete it; there are: {listed(answers)}"
        yield f"next has {answer}, which never comes", meant(answer, set(answers) - table.keys(), others)


def _cannot(case: Case, step: Step) -> tuple[str, str] | None:
    """Why a step must not have a table."""
    if isinstance(step, Choose):
        if step.options_from:
            return "options that come from the bank cannot be branched on", "make next the name of a step"
        if case.optional(step.choose):
            return f"{step.choose} may be skipped, which no table can name", "make it not optional, or next one step"
        return None
    if isinstance(step, Call | Subflow) or step.answers:
        return None
    return "the step has no answers to branch on", "make next the name of a step"


def _targets(case: Case, step: Step) -> Iterator[tuple[str, str]]:
    targets = step.next.values() if isinstance(step.next, Mapping) else filter(None, [step.next])
    for target in dict.fromkeys(targets):
        if target not in case.flow.steps:
            others = f"there are: {listed(case.flow.steps)}"
            yield f"next names {target}, and no step is called so", meant(target, case.flow.steps, others)
