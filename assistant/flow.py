"""A guided task, declared in one YAML file: slots, steps and wording together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from assistant import flow_file
from assistant.part import Examples, Part, Slot, Text
from assistant.step import (
    Call,
    Choose,
    Collect,
    Confirm,
    Disclose,
    HandOff,
    Identity,
    Review,
    Step,
    Verify,
    asks,
    named_identity,
)

_ASKING = (Collect, Choose, Verify, Confirm, Disclose, Review)


class WrongFlow(Exception):
    """A flow file cannot be used; mend it as each line says."""


class Flow(Part):
    """One guided task. The file's name is its id; `skill` is what a person who helps with it must know.

    `lead` where customers who leave it unfinished are asked whether the bank may make contact about it; `offer` is then what the
    bank's people may offer them.
    """

    id: str
    title: Text
    summary: Text
    identity: Identity = Identity.ANONYMOUS
    skill: str = "general"
    lead: bool = False
    offer: Text | None = Field(None, validate_default=True)
    examples: Examples = Examples()
    slots: Mapping[str, Slot] = {}
    steps: Mapping[str, Step]

    @field_validator("identity", mode="before")
    @classmethod
    def _identity_by_name(cls, value: Any) -> Any:
        return named_identity(value)

    @field_validator("offer")
    @classmethod
    def _is_said_of_a_lead(cls, offer: Text | None, info: ValidationInfo) -> Text | None:
        if offer is None and info.data.get("lead"):
            raise ValueError("a flow with `lead: true` says what the bank's people may offer who leaves it")
        return offer

    @field_validator("steps")
    @classmethod
    def _has_steps(cls, steps: Mapping[str, Step]) -> Mapping[str, Step]:
        if not steps:
            raise ValueError("a flow has at least one step")
        return steps

    @property
    def first(self) -> str:
        """The step that the flow begins with."""
        return next(iter(self.steps))

    @cached_property
    def _following(self) -> Mapping[str, str]:
        names = list(self.steps)
        return dict(pairwise(names))

    @property
    def commits(self) -> bool:
        """Whether the flow changes anything at the bank."""
        return any(isinstance(step, Call) and step.phase == "commit" for step in self.steps.values())

    @property
    def leaves(self) -> bool:
        """Whether the customer leaves something for a person here, to be seen to later."""
        return any(isinstance(step, HandOff) and step.leaves.is_left for step in self.steps.values())

    def after(self, step: str, answer: str | None = None) -> str | None:
        """The step that `answer` leads to: the table's, the one named, or the one that follows in the file."""
        leads = self.steps[step].next
        if isinstance(leads, Mapping):
            return leads.get(answer or "")
        return leads or self._following.get(step)

    def onward(self, step: str) -> Iterator[tuple[str | None, str | None]]:
        """Every answer that a step branches on (nothing where it does not), with the step it leads to."""
        leads = self.steps[step].next
        if isinstance(leads, Mapping):
            yield from leads.items()
        else:
            yield None, self.after(step)

    def progress(self, step: str) -> float:
        """How much of what is asked of the customer lies before a step in the file, from 0 to 1."""
        before, asking = 0, [name for name, one in self.steps.items() if isinstance(one, _ASKING)]
        for name in self.steps:
            if name == step:
                return before / len(asking) if asking else 0
            before += name in asking
        return 0

    def collects(self, slot: str) -> list[str]:
        """The steps that ask for a slot, in the file's order."""
        return [name for name, step in self.steps.items() if slot in asks(step)]


def read(path: Path) -> Flow:
    """The flow in a file; raises WrongFlow with a line for each mistake."""
    try:
        content = flow_file.load(path)
        return Flow.model_validate({"id": path.stem, **content})
    except flow_file.WrongFile as error:
        raise WrongFlow(str(error)) from error
    except ValidationError as error:
        raise WrongFlow("\n".join(map(str, flow_file.mistakes(path.stem, error)))) from error


def read_all(folder: Path) -> dict[str, Flow]:
    """Every flow of a folder by its id; raises WrongFlow with all that is wrong."""
    flows, wrong = {}, []
    for path in sorted(folder.glob("*.yaml")):
        try:
            flows[path.stem] = read(path)
        except WrongFlow as error:
            wrong.append(str(error))
    if wrong:
        raise WrongFlow("\n".join(wrong))
    return flows
