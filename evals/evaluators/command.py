"""Whether a message was understood: its commands, the slots they fill, and that nothing was begun that was not wished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from assistant import bootstrap, task_examples
from assistant.settings import load
from evals import statistics
from evals.case import Case
from evals.evaluator import Evaluator, Mark, Played, failed
from evals.record import Record
from evals.report import Score

_NONE = "none"
_SAYS_MORE = ("AskKnowledge", "Clarify")


class _Command(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`understood`, by the label or the very commands; `no wrong start` and `wish started` beside a label."""
        commands = record.last.commands
        if case.commands is not None:
            yield failed("commands", [] if set(commands) == set(case.commands) else [f"{' | '.join(commands)}"])
        if case.slots:
            other = [
                f"{slot} is {record.last.slots.get(slot)}"
                for slot, shown in case.slots.items()
                if record.last.slots.get(slot) != shown
            ]
            yield failed("slots", other)
        if case.expect is not None:
            yield failed("understood", [] if meets(commands, case.expect) else [f"{' | '.join(commands)}"])
            wrong = [flow for flow in _started(commands) if flow not in _read_only() | _startable(case.expect)]
            yield failed("no wrong start", [f"starts {flow}" for flow in wrong])
            if ":" not in case.expect and case.expect != _NONE:
                started = case.expect in _started(commands)
                yield failed("wish started", [] if started else [f"does not start {case.expect}"], required=False)

    def scores(self, played: Sequence[Played]) -> Mapping[str, Score]:
        """F1 of the slots that commands fill, over all commands that are expected."""
        wanted = [
            (_slots(case.commands or ()), _slots(record.last.commands)) for case, record in played if case.commands
        ]
        hits = sum(len(right & said) for right, said in wanted)
        count = sum(len(right) + len(said) for right, said in wanted)
        return {"slot F1": statistics.exact(2 * hits / count)} if count else {}


def _slots(commands: Sequence[str]) -> set[str]:
    return {one for command in commands for name, _, one in [command.partition(" ")] if name.endswith("Slot")}


def _started(commands: Sequence[str]) -> list[str]:
    return [one.split()[1] for one in commands if one.startswith("StartFlow ")]


def _held(commands: Sequence[str], command: str, key: str) -> list[str]:
    """What a command of this name holds under this key, part by part."""
    values = [
        part for one in commands if one.split()[0] == command for part in one.split() if part.startswith(f"{key}=")
    ]
    return [part for value in values for part in value.removeprefix(f"{key}=").split("+")]


def _alarms(commands: Sequence[str]) -> list[str]:
    human = ["human"] if any(one.split()[0] == "AskHuman" for one in commands) else []
    return [*_held(commands, "StartFlow", "alarm"), *_held(commands, "RaiseAlarm", "alarm"), *human]


@cache
def _read_only() -> frozenset[str]:
    return task_examples.load(bootstrap.build_flows(load())).read_only


def _startable(expected: str) -> frozenset[str]:
    return frozenset(expected.rpartition(":")[2].split("+")) if not expected.startswith("question:") else frozenset()


def meets(commands: Sequence[str], expected: str) -> bool:
    """Whether commands are what a label wants. A question may be answered without the offer; where a question back is fine, so is the start."""
    wanted, _, flow = expected.rpartition(":")
    started, offered = _started(commands), _held(commands, "AskKnowledge", "task")
    clarified = _held(commands, "Clarify", "flows")
    if wanted == "question":
        return not started and not clarified and offered in ([], [flow])
    if wanted == "clarify":
        return started == [flow] or flow in clarified
    if wanted == "alarm":
        return flow in _alarms(commands)
    if wanted == "several":
        return started == flow.split("+")
    if expected == _NONE:
        return not started and not clarified and not _alarms(commands)
    return started == [expected]


evaluator = _Command()
