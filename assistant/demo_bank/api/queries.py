"""Reading from the bank."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.demo_bank import query
from assistant.demo_bank.desk import AtDesk
from assistant.demo_bank.request import Asked

router = APIRouter(tags=["queries"])


@router.post("/v1/queries/{name}")
def ask(name: str, asked: Asked, desk: AtDesk) -> dict[str, object]:
    """Reads something and changes nothing: `{outcome, values}`; 404 for an unknown query or customer.

    Values are texts, or lists of items with an `id`, a `label` and more texts.
    """
    answer = query.ask(desk.store, desk.rules, name, asked.customer, asked.inputs, asked.locale)
    return {"outcome": answer.outcome, "values": answer.values}
