"""Demo only: the demo bank's customers, signing in as one of them, and the codes that were sent to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from assistant.banks.demo import DemoBank
from ui.problem import Problem
from ui.service import Parts

router = APIRouter(prefix="/v1/demo/customers", tags=["demo"])


def _bank(parts: Parts) -> DemoBank:
    if parts.demo_bank is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, "There is no demo bank here: TELLER_DEMO is false, or another bank is connected."
        )
    return parts.demo_bank


Demo = Annotated[DemoBank, Depends(_bank)]
Id = Annotated[str, Path(max_length=40, pattern="^[A-Za-z0-9_-]+$")]


@router.get("")
def customers(bank: Demo) -> list[dict[str, Any]]:
    """The demo bank's customers, and what may be tried as each."""
    return bank.customers()


@router.get("/{id}")
def customer(bank: Demo, id: Id) -> dict[str, Any]:
    """One customer's whole record, as the bank has it now."""
    return bank.customer(id)


@router.get("/{id}/codes")
def codes(bank: Demo, id: Id) -> list[dict[str, Any]]:
    """One-time codes sent to this customer's phones, newest first."""
    return bank.codes(id)


@router.post("/{id}/session", status_code=HTTPStatus.CREATED)
def sign_in(parts: Parts, bank: Demo, id: Id) -> dict[str, str]:
    """A token of this customer, signed in; send it as bearer to POST /v1/conversations, or to a conversation's /identity."""
    bank.customer(id)
    return {"token": parts.sign_ins.open_customer(id)}
