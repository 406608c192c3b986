"""Operations in two phases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header

from assistant.demo_bank.desk import AtDesk
from assistant.demo_bank.request import Asked, Name

router = APIRouter(tags=["operations"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


class Wanted(Asked):
    """An operation by its name, with its inputs."""

    name: Name


@router.post("/v1/operations")
def prepare(wanted: Wanted, desk: AtDesk) -> dict[str, object]:
    """Checks an operation and changes nothing of the customer's: `{outcome, operation, values, expires_at}`.

    The outcome is `ready`, with an operation to commit before it expires and the values to read back to the customer, or the
    name of what is in the way, and then there is no operation.
    """
    state = desk.operations.prepare(wanted.name, wanted.customer, wanted.inputs, wanted.locale)
    answer: dict[str, object] = {"outcome": state.outcome, "operation": state.id, "values": state.values}
    return answer | {"expires_at": state.expires_at}


@router.post("/v1/operations/{operation}/commit")
def commit(operation: str, key: Key, desk: AtDesk) -> dict[str, object]:
    """Does a prepared operation, at most once: `{outcome, values}`.

    The outcome is `done`, with a `receipt` among the values, or `not_done` where the operation has expired or what was read
    back no longer holds. Both are final: whatever is sent again, with this key or another, gets the same answer. The change,
    the receipt and the final state are one transaction. 404 for an unknown operation, 422 for another operation's key.
    """
    state = desk.operations.commit(operation, key)
    return {"outcome": state.outcome, "values": state.values}


@router.get("/v1/operations/{operation}")
def look_up(operation: str, desk: AtDesk) -> dict[str, object]:
    """How a commit ended: `{status, outcome, values}`.

    Status is `prepared` (no commit has come), `under_way` (one has come, and it is not known yet how it ends), `done` or
    `not_done`; outcome is the same once it is final, and null before. 404 for an unknown operation.
    """
    # In this order: a commit that ends in between is seen as final, never as one that has not come.
    committing = desk.underway.has(f"/v1/operations/{operation}/commit")
    state = desk.operations.look_up(operation)
    final = state.outcome != "prepared"
    status = "under_way" if committing and not final else state.outcome
    return {"status": status, "outcome": state.outcome if final else None, "values": state.values if final else {}}
