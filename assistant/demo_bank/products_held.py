"""What a customer holds at the bank, by kind and state: accounts, cards and U-keys, never a balance."""

from __future__ import annotations

from sqlalchemy import Connection, select

from assistant.demo_bank import cards, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, ukeys
from assistant.demo_bank.holdings import account_label, card_label
from assistant.demo_bank.queries import my_ukeys

_STATES = {
    "normal": ("正常", "in order"),
    "dormant": ("长期不动户", "dormant"),
    "frozen": ("已冻结", "frozen"),
    "lost": ("已挂失", "reported lost"),
    "lapsed": ("挂失已到期", "loss report lapsed"),
    "not_activated": ("未激活", "not activated"),
    "expired": ("已过期", "expired"),
    "locked": ("密码已锁定", "PIN locked"),
}


def of(connection: Connection, customer: Customer, locale: str) -> list[dict[str, str]]:
    """Accounts that are not closed, cards that are not cancelled, and U-keys."""
    return [
        *_accounts(connection, customer, locale),
        *_cards(connection, customer, locale),
        *_ukeys(connection, customer, locale),
    ]


def _accounts(connection: Connection, customer: Customer, locale: str) -> list[dict[str, str]]:
    mine = select(accounts).where(accounts.c.customer == customer.id, accounts.c.status != "closed")
    rows = connection.execute(mine.order_by(accounts.c.opened_on, accounts.c.id)).mappings()
    return [_item(row["id"], account_label(dict(row), locale), row["status"], locale) for row in rows]


def _cards(connection: Connection, customer: Customer, locale: str) -> list[dict[str, str]]:
    held = [card for card in cards.of(connection, customer) if card["status"] != "cancelled"]
    return [_item(card["id"], card_label(card, locale), _state(card, customer), locale) for card in held]


def _state(card: cards.Row, customer: Customer) -> str:
    if cards.lapsed(card, customer):
        return "lapsed"
    return "locked" if card["status"] == "normal" and card["password_locked"] else str(card["status"])


def _ukeys(connection: Connection, customer: Customer, locale: str) -> list[dict[str, str]]:
    mine = select(ukeys).where(ukeys.c.customer == customer.id).order_by(ukeys.c.id)
    rows = connection.execute(mine).mappings()
    return [{"id": row["id"], "label": my_ukeys.label(row["number"], row["status"], locale)} for row in rows]


def _item(id_: str, label: str, state: str, locale: str) -> dict[str, str]:
    told = shown.choose(locale, *_STATES[state])
    return {"id": id_, "label": shown.choose(locale, f"{label}（{told}）", f"{label} ({told})")}
