"""The parts of the bank, as its addresses use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.demo_bank.codes import Codes
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.door import Underway
from assistant.demo_bank.faults import Faults
from assistant.demo_bank.operation import Operations
from assistant.demo_bank.rules import Rules


@dataclass(frozen=True)
class Desk:
    """Everything that stands behind the addresses."""

    store: Store
    rules: Rules
    operations: Operations
    codes: Codes
    faults: Faults
    underway: Underway


def _of(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


AtDesk = Annotated[Desk, Depends(_of)]
