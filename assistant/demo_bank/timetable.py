"""When a branch receives customers who have booked: days, hours, and what is still free."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import branches
from assistant.demo_bank.outcome import BadInput

FARTHEST = timedelta(days=30)
Row = Mapping[str, Any]


def branch(connection: Connection, inputs: Mapping[str, str]) -> Row:
    """The branch that the input names."""
    row = connection.execute(select(branches).where(branches.c.name == given.text(inputs, "branch"))).mappings().first()
    if row is None:
        raise BadInput("The input 'branch' is none of the bank's.")
    return dict(row)


def day(inputs: Mapping[str, str]) -> date:
    """The day that the input names."""
    try:
        return date.fromisoformat(given.text(inputs, "day"))
    except ValueError as error:
        raise BadInput("The input 'day' is no day.") from error


def obstacle(place: Row, wanted: date, today: date) -> str | None:
    """Why nobody can come on that day."""
    if wanted < today:
        return "past"
    if wanted > today + FARTHEST:
        return "too_far"
    return None if str(wanted.isoweekday()) in place["open_days"] else "closed"


def free(connection: Connection, table: Table, place: Row, wanted: date, customer: Customer) -> list[str]:
    """The hours of that day that are still to come and not booked; each is for one customer."""
    mine = (table.c.branch == place["name"], table.c.day == wanted.isoformat(), table.c.status == "booked")
    booked = set(connection.scalars(select(table.c.slot).where(*mine)))
    now = customer.now.strftime("%H:%M") if wanted == customer.today else ""
    return [slot for slot in _hours(place) if slot not in booked and slot[:5] > now]


def spoken(slot: str) -> str:
    """What people call an hour such as 14:00-15:00, joined by |."""
    start = slot.partition("-")[0]
    hour, half = int(start[:2]), "半" if start[3:] == "30" else ""
    part, short = ("上午", hour) if hour < 12 else ("中午", 12) if hour == 12 else ("下午", hour - 12)
    clock = f"{short}:30" if half else str(short)
    digits = [
        f"{part}{short}点{half}",
        f"{hour}点{half}",
        f"{short}点{half}",
        f"{part}{_CHINESE[short]}点{half}",
        f"{_CHINESE[short]}点{half}",
    ]
    return "|".join(dict.fromkeys([*digits, start, f"{clock}{'am' if hour < 12 else 'pm'}"]))


def number(connection: Connection, table: Table, letters: str, now: datetime) -> str:
    """The next number of a table, such as YY20261122000007."""
    earlier = connection.scalar(select(func.count()).select_from(table)) or 0
    return f"{letters}{now:%Y%m%d}{earlier + 1:06d}"


def is_ahead(wanted: date, today: date) -> bool:
    """Whether a working day lies before that day, today being the first that counts."""
    days = (today + timedelta(days=step) for step in range((wanted - today).days))
    return any(found.isoweekday() < 6 for found in days)


def _hours(place: Row) -> list[str]:
    start = datetime.strptime(place["opens"], "%H:%M")
    closes, found = place["closes"], []
    while (end := start + timedelta(hours=1)).strftime("%H:%M") <= closes:
        found.append(f"{start:%H:%M}-{end:%H:%M}")
        start = end
    return found


_CHINESE = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
