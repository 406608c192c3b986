"""A run that somebody ordered: what is to be played, by whom, how often it was begun, and whether it was stopped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.run import Run

ORDER, STARTS, STOPPED, LOG = "order.json", "starts.jsonl", "stopped.json", "run.log"
_TRIES = 3
_TAIL = 1_500


class Order(BaseModel):
    """What was ordered; `baseline` is the run that it is compared with."""

    model_config = ConfigDict(frozen=True)

    suites: tuple[str, ...]
    repeat: int = 1
    baseline: str = ""
    who: str
    at: datetime


class Start(BaseModel):
    """One time that the run was begun, or gone on with, and how many playings were done then."""

    at: datetime
    played: int


class Stop(BaseModel):
    """Who stopped it."""

    who: str
    at: datetime


class Ordered:
    """A run's folder, with the order that it was made for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run = Run(folder)

    def place(self, order: Order) -> None:
        """Keeps the order; raises FileExistsError where the folder is there."""
        self.folder.mkdir(parents=True)
        path = self.folder / f"{ORDER}.new"
        path.write_text(order.model_dump_json(indent=2), encoding="utf-8")
        path.replace(self.folder / ORDER)

    @property
    def order(self) -> Order | None:
        """What was ordered; nothing for a run of the command line's."""
        path = self.folder / ORDER
        return Order.model_validate_json(path.read_bytes()) if path.exists() else None

    @property
    def starts(self) -> list[Start]:
        """Every time that it was begun, the first first."""
        path, found = self.folder / STARTS, []
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            try:
                found.append(Start.model_validate_json(line))
            except ValidationError:
                continue  # the machine stopped while it was written
        return found

    def note_start(self) -> None:
        """Notes that it is begun now."""
        with (self.folder / STARTS).open("a", encoding="utf-8") as file:
            file.write(f"{Start(at=datetime.now(UTC), played=self.run.played).model_dump_json()}\n")

    @property
    def stopped(self) -> Stop | None:
        """Who stopped it, if somebody did."""
        path = self.folder / STOPPED
        return Stop.model_validate_json(path.read_bytes()) if path.exists() else None

    def stop(self, who: str) -> None:
        """Notes that somebody stopped it."""
        path = self.folder / f"{STOPPED}.new"
        path.write_text(Stop(who=who, at=datetime.now(UTC)).model_dump_json(), encoding="utf-8")
        path.replace(self.folder / STOPPED)

    @property
    def failed(self) -> bool:
        """Whether it got nowhere in its last tries, and is not tried again."""
        last = [start.played for start in self.starts[-_TRIES:]]
        return len(last) == _TRIES and {*last, self.run.played} == {last[0]}

    @property
    def said(self) -> str:
        """The end of what it printed, for who asks why it failed."""
        path = self.folder / LOG
        return path.read_bytes()[-_TAIL:].decode("utf-8", "replace").strip() if path.exists() else ""
