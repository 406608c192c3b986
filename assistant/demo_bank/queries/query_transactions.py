"""What went in and out in a period: totals, by category, and the lines that matter; of three years, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, cards, transactions
from assistant.demo_bank.holdings import holdings
from assistant.demo_bank.outcome import Answer, BadInput, Value

KEPT_YEARS = 3
_CATEGORIES = {
    "food": ("餐饮", "dining"), "transport": ("交通", "transport"), "shopping": ("购物", "shopping"),
    "bills": ("生活缴费", "utility bills"), "medical": ("医疗", "medical"), "education": ("教育", "education"),
    "transfer": ("转账", "transfers"), "salary": ("工资", "salary"), "wealth": ("理财", "wealth management"),
    "other": ("其他", "other"),
}  # fmt: skip
_ENGLISH = dict(_CATEGORIES.values())
# Money that only changes places; a card's bill was counted when the card was used.
_MOVED = {"repayment": ("信用卡还款", "card repayments"), "investment": ("理财买卖", "wealth products bought and sold")}
_SHORT, _LARGEST = 10, 5
Rows = Sequence[Mapping[str, Any]]


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Every account and card where neither is named."""
    start, end = given.span(inputs, "period")
    earliest = _earliest(customer.today)
    if start < earliest:
        return Answer("too_early", {"earliest": shown.day(earliest.isoformat(), locale)})
    held = holdings(connection, customer.id, locale)
    if inputs.get("account") and not any(item["id"] == inputs["account"] for item in held):
        return Answer("no_such_account")
    scope = _scope(inputs, held, locale)
    found = _rows(connection, customer.id, inputs, start, end)
    if not found:
        return Answer("nothing", {"scope": scope})
    return Answer("few" if len(found) <= _SHORT else "many", {"scope": scope, **_Told(found, inputs, locale).values()})


def _earliest(today: date) -> date:
    """The same day three years ago; 28 February for the 29th."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - KEPT_YEARS, day=day)


def _scope(inputs: Mapping[str, str], held: Rows, locale: str) -> str:
    named = [item["label"] for item in held if item["id"] == inputs.get("account")]
    kinds = {"debit": ("借记卡和账户", "debit cards and accounts"), "credit": ("信用卡", "credit cards")}
    everything = shown.choose(locale, *kinds.get(inputs.get("source", ""), ("全部账户和卡", "all accounts and cards")))
    category = _CATEGORIES.get(inputs.get("category", ""))
    parts = [named[0] if named else everything, *([shown.choose(locale, *category)] if category else [])]
    return " · ".join(parts)


def _rows(connection: Connection, customer: str, inputs: Mapping[str, str], start: date, end: date) -> Rows:
    """Newest first."""
    wanted = [transactions.c.customer == customer, transactions.c.at >= start.isoformat()]
    wanted.append(transactions.c.at < (end + timedelta(days=1)).isoformat())
    if inputs.get("category"):
        wanted.append(transactions.c.category == _category(inputs["category"]))
    if inputs.get("account"):
        mine = [
            select(table.c.id).where(table.c.customer == customer, table.c.number.endswith(inputs["account"]))
            for table in (accounts, cards)
        ]
        wanted.append(or_(transactions.c.account.in_(mine[0]), transactions.c.card.in_(mine[1])))
    elif inputs.get("source") in ("debit", "credit"):
        column = transactions.c.account if inputs["source"] == "debit" else transactions.c.card
        wanted.append(column.is_not(None))
    found = select(transactions).where(*wanted).order_by(transactions.c.at.desc())
    return [dict(row) for row in connection.execute(found).mappings()]


def _category(name: str) -> str:
    if name not in _CATEGORIES:
        raise BadInput(f"No category is called {name!r}.")
    return _CATEGORIES[name][0]


@dataclass(frozen=True)
class _Told:
    """What is told of transactions; money that only changes places is told apart, unless it is what was asked for."""

    rows: Rows
    inputs: Mapping[str, str]
    locale: str

    def values(self) -> Mapping[str, Value]:
        """The values of the answer."""
        counted = [row for row in self.rows if not self._is_apart(row)]
        return {
            "count": str(len(self.rows)),
            "spent": self._money(sum(row["amount_fen"] for row in counted if row["amount_fen"] < 0)),
            "received": self._money(sum(row["amount_fen"] for row in counted if row["amount_fen"] > 0)),
            "apart": self._apart(),
            "categories": self._categories(counted),
            "lines": [self._line(row) for row in self._chosen()],
        }

    def _is_apart(self, row: Mapping[str, Any]) -> bool:
        return row["kind"] in _MOVED and not (row["kind"] == "investment" and self.inputs.get("category") == "wealth")

    def _apart(self) -> str:
        parts = []
        for kind, names in _MOVED.items():
            fen = sum(abs(row["amount_fen"]) for row in self.rows if row["kind"] == kind and self._is_apart(row))
            if fen:
                parts.append(f"{shown.choose(self.locale, *names)} {self._money(fen)}")
        listed = shown.choose(self.locale, "、", ", ").join(parts)
        told = shown.choose(self.locale, f"另有{listed}，没有计入收支。", f"Not counted above: {listed}.")
        return told if parts else ""

    def _categories(self, counted: Rows) -> list[dict[str, str]]:
        """The largest first, what went out before what came in."""
        sums: dict[tuple[bool, str], list[int]] = {}
        for row in counted:
            sums.setdefault((row["amount_fen"] > 0, row["category"]), []).append(row["amount_fen"])
        ordered = sorted(sums.items(), key=lambda item: (item[0][0], -abs(sum(item[1]))))
        return [self._part(category, came_in, fens) for (came_in, category), fens in ordered]

    def _part(self, category: str, came_in: bool, fens: Sequence[int]) -> dict[str, str]:
        way = shown.choose(self.locale, *(("收入", "in") if came_in else ("支出", "out")))
        label = shown.choose(self.locale, category, _ENGLISH.get(category, category))
        return {"id": f"{label}-{came_in}", "label": label, "way": way, "sum": self._money(sum(fens)),
                "count": str(len(fens))}  # fmt: skip

    def _chosen(self) -> Rows:
        """All where they are few; else the largest and the latest, in the order of their days."""
        if len(self.rows) <= _SHORT:
            return self.rows
        largest = sorted(self.rows, key=lambda row: -abs(row["amount_fen"]))[:_LARGEST]
        latest = [row for row in self.rows if row not in largest][: _SHORT - _LARGEST]
        return sorted([*largest, *latest], key=lambda row: row["at"], reverse=True)

    def _line(self, row: Mapping[str, Any]) -> dict[str, str]:
        sign = "+" if row["amount_fen"] > 0 else "-"
        label = shown.choose(self.locale, row["category"], _ENGLISH.get(row["category"], row["category"]))
        return {"id": row["id"], "label": row["merchant"], "day": shown.day(row["at"], self.locale),
                "amount": f"{sign}{self._money(row['amount_fen'])}", "category": label}  # fmt: skip

    def _money(self, fen: int) -> str:
        return shown.money(abs(fen), self.locale)
