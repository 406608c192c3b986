"""Quick payment: the cards that can be bound, the institutions, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank.database.tables import accounts, cards

OF_AGE = 16
"""Under this age the guardian must come to a branch."""
INSTITUTIONS = {"wechat": "微信支付", "alipay": "支付宝", "unionpay": "云闪付", "jd": "京东支付", "douyin": "抖音支付",
                "meituan": "美团支付"}  # fmt: skip
LIMITS = {"single_limit_fen": 1_000_000, "day_limit_fen": 2_000_000, "month_limit_fen": 20_000_000}
CLASS_DAY_FEN = {"II": 1_000_000, "III": 200_000}
Row = Mapping[str, Any]


def all_cards(connection: Connection, customer: str) -> list[Row]:
    """Cards that are not cancelled, with the class and status of their account."""
    found = select(cards, accounts.c.account_class, accounts.c.status.label("account_status"))
    found = found.outerjoin(accounts, accounts.c.id == cards.c.account)
    mine = found.where(cards.c.customer == customer, cards.c.status != "cancelled")
    return [dict(row) for row in connection.execute(mine).mappings()]


def is_in_order(card: Row) -> bool:
    """Whether the card and its account can be used."""
    return card["status"] == "normal" and card["account_status"] in (None, "normal")


def limits(card: Row) -> dict[str, int]:
    """The limits in fen; a class II or III account's own hold too."""
    day = min(LIMITS["day_limit_fen"], CLASS_DAY_FEN.get(card["account_class"] or "", LIMITS["day_limit_fen"]))
    return LIMITS | {"single_limit_fen": min(LIMITS["single_limit_fen"], day), "day_limit_fen": day}
