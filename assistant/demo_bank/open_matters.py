"""What is still being worked on or awaited for a customer, the gravest first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select

from assistant.demo_bank import card_applications, card_drafts, cards, credit_card, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import branches, complaints, products, recordings, visits
from assistant.demo_bank.holdings import card_label
from assistant.demo_bank.operations.book_branch_visit import business_name
from assistant.demo_bank.operations.file_complaint import OPEN, category
from assistant.demo_bank.queries.privacy_overview import requests

_APPLICATIONS = {
    "submitted": ("已提交", "submitted"),
    "reviewing": ("审核中", "under review"),
    "awaiting_confirmation": ("已批准，待客户确认", "approved, to be confirmed by the customer"),
    "approved": ("已确认，待制卡", "confirmed, the card is being made"),
    "card_sent": ("卡片已寄出", "the card has been sent"),
}
_SOON = timedelta(days=90)
_RECEIVED = "已签收"
Items = list[dict[str, str]]


def of(connection: Connection, customer: Customer, locale: str) -> Items:
    """Lost cards, complaints, applications, an ID that expires, bookings, and requests about personal information."""
    kinds = (_lost, _complaints, _applications, _draft, _identity, _visits, _recordings, _requests)
    return [item for kind in kinds for item in kind(connection, customer, locale)]


def _lost(connection: Connection, customer: Customer, locale: str) -> Items:
    mine = cards.of(connection, customer)
    lost = [card for card in mine if card["status"] == "lost" and not cards.is_replaced(card, mine)]
    return [{"id": card["id"], "label": _loss(card, customer, locale)} for card in lost]


def _loss(card: cards.Row, customer: Customer, locale: str) -> str:
    name = card_label(card, locale)
    if card["kind"] == "credit":
        return shown.choose(locale, f"{name} 已挂失", f"{name}: reported lost")
    if not card["lost_until"]:
        return shown.choose(locale, f"{name} 已正式挂失", f"{name}: formally reported lost")
    until = shown.day(card["lost_until"], locale)
    if cards.lapsed(card, customer):
        return shown.choose(locale, f"{name} 口头挂失已于{until}到期", f"{name}: loss report lapsed on {until}")
    return shown.choose(locale, f"{name} 口头挂失至{until}", f"{name}: reported lost by word until {until}")


def _complaints(connection: Connection, customer: Customer, locale: str) -> Items:
    mine = select(complaints).where(complaints.c.customer == customer.id, complaints.c.status.in_(OPEN))
    rows = connection.execute(mine.order_by(complaints.c.filed_at)).mappings()
    return [{"id": row["number"], "label": _complaint(dict(row), locale)} for row in rows]


def _complaint(row: dict[str, Any], locale: str) -> str:
    about, due = category(row["category"], locale), shown.day(row["due_on"], locale)
    return shown.choose(
        locale, f"投诉 {row['number']}（{about}），{due}前答复", f"complaint {row['number']} ({about}), due {due}"
    )


def _applications(connection: Connection, customer: Customer, locale: str) -> Items:
    found = []
    for row in card_applications.of(connection, customer):
        state = card_applications.status(row, customer)
        if state in _APPLICATIONS and row["delivery_status"] != _RECEIVED:
            name, told = credit_card.label(row["product"], locale), shown.choose(locale, *_APPLICATIONS[state])
            label = shown.choose(locale, f"{name}申请：{told}", f"application for {name}: {told}")
            found.append({"id": row["id"], "label": label})
    return found


def _draft(connection: Connection, customer: Customer, locale: str) -> Items:
    draft = card_drafts.latest(connection, customer)
    if draft is None:
        return []
    name, until = credit_card.label(draft.product, locale), shown.day(draft.expires_on, locale)
    told = (f"{name}申请未提交，保留至{until}", f"application for {name} not submitted, kept until {until}")
    return [{"id": "draft", "label": shown.choose(locale, *told)}]


def _identity(connection: Connection, customer: Customer, locale: str) -> Items:
    """An ID on file that expires within three months, or has."""
    del connection
    expires = date.fromisoformat(customer.record["id_expires_on"])
    if expires > customer.today + _SOON:
        return []
    day = shown.day(expires.isoformat(), locale)
    told = (f"身份证件已于{day}过期", f"ID expired on {day}")
    if expires >= customer.today:
        told = (f"身份证件将于{day}到期", f"ID expires on {day}")
    return [{"id": "identity", "label": shown.choose(locale, *told)}]


def _visits(connection: Connection, customer: Customer, locale: str) -> Items:
    return [
        {"id": row["number"], "label": _booking(row, business_name(row["business"], locale), locale)}
        for row in _booked(connection, visits, customer)
    ]


def _recordings(connection: Connection, customer: Customer, locale: str) -> Items:
    names = {row["code"]: row for row in connection.execute(select(products)).mappings()}
    found = []
    for row in _booked(connection, recordings, customer):
        product = names[row["product"]]
        what = shown.choose(locale, f"双录 {product['name']}", f"recorded sale of {product['name_en']}")
        found.append({"id": row["number"], "label": _booking(row, what, locale)})
    return found


def _booked(connection: Connection, table: Table, customer: Customer) -> list[dict[str, Any]]:
    """Bookings whose hour is not over, the next first."""
    query = select(table, branches.c.name_en).join(branches, branches.c.name == table.c.branch)
    mine = query.where(table.c.customer == customer.id, table.c.status == "booked").order_by(table.c.day, table.c.slot)
    return [dict(row) for row in connection.execute(mine).mappings() if not _is_over(dict(row), customer.now)]


def _is_over(row: dict[str, Any], now: datetime) -> bool:
    return f"{row['day']} {row['slot'].partition('-')[2]}" <= f"{now:%Y-%m-%d %H:%M}"


def _booking(row: dict[str, Any], what: str, locale: str) -> str:
    when = f"{shown.day(row['day'], locale)} {row['slot']}"
    return shown.choose(
        locale, f"预约 {row['number']}：{when} {row['branch']}，{what}",
        f"booking {row['number']}: {when}, {row['name_en']}, {what}",
    )  # fmt: skip


def _requests(connection: Connection, customer: Customer, locale: str) -> Items:
    return [
        {"id": one["id"], "label": shown.choose(locale, f"{one['label']}，{one['due']}前完成", f"{one['label']}, due {one['due']}")}
        for one in requests(connection, customer, locale)
    ]  # fmt: skip
