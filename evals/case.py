"""A case: one conversation, and what must be true of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from assistant.reply import Outcome
from knowledge_base.passage import Audience

Player = Literal["script", "model"]
_MANNERS = Path(__file__).parent / "manners"


class Move(BaseModel):
    """One thing that a customer does, or that happens around the conversation: exactly one of these.

    `press` is the label of a button, `code` the one-time code that was sent last, `sign_in` who signs in, `fault` a failure of the
    demo bank's, `review` what a person of the bank decides on what the open task waits for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str | None = None
    press: str | None = None
    press_id: str | None = None
    code: Literal["right", "wrong"] | None = None
    sign_in: str | None = None
    fault: Mapping[str, Any] | None = None
    review: Literal["approved", "refused"] | None = None

    @property
    def name(self) -> str:
        """What is done, for who reads why something failed."""
        done = (self.say, self.press, self.press_id, self.code and f"({self.code} code)", self.sign_in, self.review)
        return next((one for one in done if one), "fault")


def _as_move(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


def _as_wordings(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Wordings = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_wordings), Field(min_length=1)
]
"""One thing in one or several wordings, any of which may be said."""


class Goal(BaseModel):
    """What a simulated customer wants: the task `flow`, asked for by an `opening`, with the facts to give when asked, by slot.

    `wrong` are values that are said first and taken back; `gives_up` that the task is left before its end. `sign_in` is who signs in when
    asked to. `manner` is how the customer talks, a file in evals/manners; `played_by` says whether a script or a model words it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    flow: str
    opening: Wordings
    facts: Mapping[str, Wordings] = {}
    manner: str = "plain"
    wrong: Mapping[str, str] = {}
    gives_up: bool = False
    sign_in: str | None = None
    played_by: Player = "script"

    @field_validator("manner")
    @classmethod
    def _known(cls, manner: str) -> str:
        known = sorted(path.stem for path in _MANNERS.glob("[a-z]*.py"))
        if manner not in known:
            raise ValueError(f"no manner is called {manner!r}; there are {', '.join(known)}")
        return manner

    @model_validator(mode="after")
    def _taken_back(self) -> Goal:
        if odd := sorted(self.wrong.keys() - self.facts.keys()):
            raise ValueError(f"what is said wrongly first must be known rightly too: add {', '.join(odd)} to facts")
        return self


class Case(BaseModel):
    """One case. What is said is a `question`, `turns`, or a `goal`; all other keys say what must be true, most of the last reply.

    `document` are files, one of which must be cited; `passage` words of the passage that answers; `must_say` groups of which one
    alternative each must be said. `expect` is a label of understanding: a task, `none`, `question:<task>`, `clarify:<task>`,
    `alarm:<kind>` or `several:<task>+<task>`; only understanding is asked then. `commands` are exactly the commands of the last message, as
    `StartFlow change_phone`, and `slots` what the open task then has. `bank` are paths into the demo customer's record at the end, and
    `calls` how often a path of the bank was called. `handoff` says whether a person must be brought in, `within` so many turns; `not_kept`
    what may stand in no event.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Literal["test", "tune"] = "test"
    group: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    audience: Audience | None = None
    locale: str = "zh-CN"
    customer: str | None = None
    branch: str = ""
    at: datetime | None = None

    question: str | None = None
    turns: tuple[Annotated[Move, BeforeValidator(_as_move)], ...] = ()
    goal: Goal | None = None

    document: tuple[str, ...] = ()
    passage: tuple[str, ...] = ()
    must_say: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    abstain: bool | None = None
    outcome: Outcome | None = None
    expect: str | None = None
    commands: tuple[str, ...] | None = None
    slots: Mapping[str, str] = {}
    flow: str | None = None
    status: Literal["open", "done", "cancelled"] | None = None
    bank: Mapping[str, Any] = {}
    calls: Mapping[str, int] = {}
    events: tuple[str, ...] = ()
    not_events: tuple[str, ...] = ()
    handoff: bool | None = None
    within: int = Field(default=1, ge=1)
    not_kept: tuple[str, ...] = ()
    products: tuple[tuple[str, ...], ...] = ()
    not_products: tuple[str, ...] = ()
    not_fitting: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Case:
        if [bool(self.question), bool(self.turns), self.goal is not None].count(True) != 1:
            raise ValueError(f"case {self.id}: give one of question, turns and goal")
        if not any(
            getattr(self, name) not in (None, (), {}) for name in (*_EXPECTED, "abstain", "handoff", "commands")
        ):
            raise ValueError(f"case {self.id}: say what must be true: one of {', '.join(_EXPECTED)}")
        return self

    @property
    def moves(self) -> tuple[Move, ...]:
        """What is done, turn by turn; a simulated customer decides as it goes."""
        return self.turns or ((Move(say=self.question),) if self.question else ())

    @property
    def asked(self) -> str:
        """What the case is about, for who reads a list of cases."""
        return " → ".join(move.name for move in self.moves) or (self.goal.opening[0] if self.goal else "")


_EXPECTED = (
    "document", "passage", "must_say", "must_not_say", "outcome", "expect", "slots", "flow", "status", "bank", "calls", "events",
    "not_events", "not_kept", "products", "not_products", "not_fitting",
)  # fmt: skip
