"""Credit card applications: where each stands, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, select

from assistant.demo_bank import credit_card, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables

Row = Mapping[str, Any]
_DELIVERY = {"派送中": "out for delivery", "已签收": "delivered", "运输中": "on its way"}


def of(connection: Connection, customer: Customer) -> list[Row]:
    """All applications, the newest first."""
    table = tables.applications
    newest = select(table).where(table.c.customer == customer.id).order_by(table.c.submitted_at.desc(), table.c.id)
    return [dict(row) for row in connection.execute(newest).mappings()]


def find(connection: Connection, customer: Customer, id_: str) -> Row | None:
    """One of the customer's own applications."""
    return next((row for row in of(connection, customer) if row["id"] == id_), None)


def status(application: Row, customer: Customer) -> str:
    """The status; one whose time to confirm has passed is `expired`."""
    until = application["needs_confirmation_until"]
    if application["status"] == "awaiting_confirmation" and until and date.fromisoformat(until[:10]) < customer.today:
        return "expired"
    return str(application["status"])


def awaits(application: Row, customer: Customer) -> bool:
    """Whether the customer may confirm or decline it."""
    return status(application, customer) == "awaiting_confirmation"


def item(application: Row, customer: Customer, locale: str) -> dict[str, str]:
    """An application to choose, with where it stands."""
    now, card = status(application, customer), credit_card.by_name(application["product"])
    filled = {
        "until": shown.day(application["needs_confirmation_until"] or customer.today.isoformat(), locale),
        "note": application[shown.choose(locale, "note_zh", "note_en")] or "",
        "delivery": _delivery(application, locale),
    }
    told = {"id": application["id"], "label": credit_card.label(application["product"], locale)}
    told |= {"also": "|".join(card.about["also"] if card else ()), "state": text("state", now, locale)}
    submitted = shown.day(application["submitted_at"], locale)
    told["since"] = shown.choose(locale, f"{submitted}提交", f"submitted on {submitted}")
    return told | {"next": text("next", now, locale).format(**filled)}


def text(what: str, status: str, locale: str) -> str:
    """A text of the file beside this module."""
    found = _texts()[what][status]
    return shown.choose(locale, found["zh"], found["en"])


@cache
def _texts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return read


def _delivery(application: Row, locale: str) -> str:
    if not application["delivery_number"]:
        return ""
    company, number, where = (application[f"delivery_{name}"] or "" for name in ("company", "number", "status"))
    return shown.choose(
        locale, f"{company} {number}，{where}。", f"Tracking number {number}, {_DELIVERY.get(where, 'sent')}. "
    )
