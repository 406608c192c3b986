"""Years of transactions as people make them: salary, rent, groceries; the same for the same customer and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from assistant.demo_bank.rules import stamp

_DAILY = (
    # category, times a month, least and most in yuan, merchants
    ("餐饮", 11, 12, 68, ("巷口面馆", "青竹快餐", "豆花小厨", "麦穗面包房", "山泉咖啡")),
    ("餐饮", 2, 90, 320, ("江南小馆", "老街火锅", "云上茶餐厅")),
    ("购物", 6, 35, 260, ("禾田超市", "邻里便利店", "绿叶生鲜")),
    ("购物", 1.4, 99, 880, ("晴空百货", "木棉服饰", "南山数码", "书页书店")),
    ("交通", 7, 3, 42, ("城市地铁", "顺路出行", "公交公司")),
    ("交通", 0.6, 73, 420, ("铁路客票", "清风加油站")),
    ("医疗", 0.4, 40, 520, ("仁和药房", "市民医院")),
    ("教育", 0.3, 120, 900, ("启明书院", "知行在线课堂")),
)
_BILLS = (("生活缴费", "供电公司", 80, 260), ("生活缴费", "自来水公司", 30, 75), ("生活缴费", "燃气公司", 40, 120))
_INTEREST_MONTHS = (3, 6, 9, 12)
_RATE = 0.0005  # of demand deposits, a year


@dataclass(frozen=True)
class Habits:
    """What comes in and goes out each month, in yuan; `scale` makes everyday spending larger or smaller."""

    account: str
    income: float
    employer: str
    rent: float = 0
    scale: float = 1
    card: str | None = None
    months: int = 36
    payday: int = 10
    income_category: str = "工资"


@dataclass
class _Line:
    at: datetime
    fen: int
    kind: str
    category: str
    merchant: str
    by_card: bool = False


def history(habits: Habits, customer: str, balance: int, now: datetime) -> list[dict[str, Any]]:
    """Rows of the table `transactions`, oldest first, that end in this balance."""
    dice = Random(f"spruce {customer}")  # noqa: S311 - no secret, and it must come out the same each time
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [line for month in _months(start, habits.months) for line in _month(habits, month, dice)]
    lines = sorted((line for line in lines if line.at < start), key=lambda line: line.at)
    _settle(lines, balance)
    lines.sort(key=lambda line: line.at)
    return _rows(lines, habits, customer, balance)


def _months(today: datetime, count: int) -> Iterator[datetime]:
    for back in range(count, -1, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        yield today.replace(year=year, month=month + 1, day=1)


def _month(habits: Habits, first: datetime, dice: Random) -> Iterator[_Line]:
    yield _Line(_at(first, habits.payday, 9, dice), _fen(habits.income * dice.uniform(0.99, 1.03)), "income",
                habits.income_category, habits.employer)  # fmt: skip
    if habits.rent:
        yield _Line(_at(first, 3, 12, dice), -_fen(habits.rent), "transfer", "转账", "房东")
    for category, merchant, least, most in _BILLS:
        yield _Line(_at(first, 18, 10, dice), -_fen(dice.uniform(least, most)), "payment", category, merchant)
    for category, times, least, most, merchants in _DAILY:
        for _ in range(int(times) + (dice.random() < times % 1)):
            amount = _fen(dice.uniform(least, most) * habits.scale)
            moment = _at(first, dice.randint(1, 28), dice.randint(7, 21), dice)
            by_card = habits.card is not None and dice.random() < 0.5
            yield _Line(moment, -amount, "purchase", category, dice.choice(merchants), by_card)


def _settle(lines: list[_Line], balance: int) -> None:
    """Adds interest, card bills, and what is moved into wealth management and out so that the account stays afloat."""
    first, last = lines[0].at, lines[-1].at
    running, mean, bill = balance, balance, 0
    extra: list[_Line] = []
    month = (first.year, first.month)
    for line in [*lines, _Line(last + timedelta(days=40), 0, "end", "", "")]:
        if (line.at.year, line.at.month) != month:
            month = (line.at.year, line.at.month)
            extra += _close(line.at.replace(day=1, hour=2), last, running, mean, bill)
            running, bill = mean, 0
        if line.by_card:
            bill -= line.fen
        else:
            running += line.fen
    lines += extra


def _close(at: datetime, last: datetime, running: int, mean: int, bill: int) -> Iterator[_Line]:
    """What a month ends with; afterwards the account stands where it stood before."""
    if at > last:
        return
    if bill:
        yield _Line(at, -bill, "repayment", "其他", "信用卡还款")
    interest = round(mean * _RATE / 4) if (at - timedelta(days=1)).month in _INTEREST_MONTHS else 0
    if interest:
        yield _Line(at.replace(hour=1), interest, "interest", "其他", "存款结息")
    rest = running - bill + interest - mean
    if rest:
        yield _Line(at.replace(hour=3), -rest, "investment", "理财", "云杉·日日盈现金管理1号")


def _rows(lines: list[_Line], habits: Habits, customer: str, balance: int) -> list[dict[str, Any]]:
    running = balance - sum(line.fen for line in lines if not line.by_card)
    rows = []
    for number, line in enumerate(lines, 1):
        running += 0 if line.by_card else line.fen
        row: dict[str, Any] = {"id": f"{customer}-t{number:05d}", "customer": customer, "at": stamp(line.at)}
        row |= {"account": None if line.by_card else habits.account, "card": habits.card if line.by_card else None}
        row |= {"amount_fen": line.fen, "kind": line.kind, "category": line.category, "merchant": line.merchant}
        rows.append(row | {"balance_fen": None if line.by_card else running})
    return rows


def _at(first: datetime, day: int, hour: int, dice: Random) -> datetime:
    return first.replace(day=day, hour=hour, minute=dice.randrange(60), second=dice.randrange(60))


def _fen(yuan: float) -> int:
    return round(yuan * 100)
