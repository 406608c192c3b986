"""What happened when a case was played: all that evaluators judge and reports show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class Found(BaseModel):
    """A passage that search found for a question, best first; `score` is what it was ordered by, `file` the name of its document's file."""

    model_config = ConfigDict(frozen=True)

    passage: str
    file: str
    title: str
    section: str
    text: str
    score: float
    similarity: float


class Cited(BaseModel):
    """A source beside a reply."""

    model_config = ConfigDict(frozen=True)

    number: int
    passage: str
    file: str
    title: str
    section: str
    text: str


class PlayedTurn(BaseModel):
    """One turn. `commands` are in words, as `SetSlot new_phone=139****9000`; `events` by their types; `support` is how well the best
    passage answers, from 0 to 1; `slots` are shown ones; `asked` is what the open task asks after it, as `change_phone slot new_phone`.
    """

    model_config = ConfigDict(frozen=True)

    said: str
    reply: str = ""
    outcome: str = ""
    choices: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()
    commands: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    support: float | None = None
    flow: str | None = None
    status: str | None = None
    slots: Mapping[str, str] = {}
    asked: str = ""
    ticket: str | None = None
    offered: tuple[str, ...] | None = None
    guided: str | None = None
    milliseconds: Mapping[str, float] = {}


class Judgement(BaseModel):
    """What a judge says of the last reply, or why it says nothing: both verdicts are none then.

    `judge` is its model and prompt; `counts` are the verdicts that it is sure enough of, by people's labels, to decide with.
    """

    model_config = ConfigDict(frozen=True)

    judge: str
    grounded: bool | None = None
    answers: bool | None = None
    reason: str = ""
    counts: tuple[str, ...] = ()


class Record(BaseModel):
    """One playing of a case. `bank` is the customer's whole record at the end, `calls` the paths that were called there; `stored` are all
    events as they are kept; `failed` is what broke it off, `notes` what else to know of how it was played; `judgement` is a judge's, where
    there is one.
    """

    model_config = ConfigDict(frozen=True)

    case: str
    trial: int = 0
    turns: tuple[PlayedTurn, ...] = ()
    bank: Any = None
    calls: tuple[str, ...] = ()
    stored: str = ""
    failed: str | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0
    judgement: Judgement | None = None

    @property
    def last(self) -> PlayedTurn:
        """The last turn, or an empty one where none was played."""
        return self.turns[-1] if self.turns else PlayedTurn(said="")
