"""Fills a new bank from the YAML files beside this module, with days counted from the day it is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, Table, func, insert, select

from assistant.demo_bank.database.tables import customers, metadata
from assistant.demo_bank.rules import stamp
from assistant.demo_bank.seed import numbers
from assistant.demo_bank.seed.spending import Habits, history

Row = dict[str, Any]
_DAY = re.compile(r"T([+-]\d+)(w?)(?: (\d\d):(\d\d))?")
_AGE = re.compile(r"age (\d+) (\d\d)-(\d\d)")
_CHOICES = {"personalisation": True, "sharing": False, "marketing_sms": True, "marketing_calls": False}
_OWN = ("account", "card", "linked_account")


def fill(connection: Connection, now: datetime) -> None:
    """Writes everything, where the bank has no customers yet."""
    if connection.scalar(select(func.count()).select_from(customers)):
        return
    for file in ("branches", "products"):
        _insert(connection, metadata.tables[file], [_row(file, entry, now) for entry in _read(file)])
    entries = [(entry, _customer(entry, number, now)) for number, entry in enumerate(_read("customers"))]
    _insert(connection, customers, [row for _, row in entries])
    for entry, row in entries:
        _fill_one(connection, entry["has"], row["id"], now)


def _fill_one(connection: Connection, has: Mapping[str, list[Row]], customer: str, now: datetime) -> None:
    """A customer's rows, in the order in which tables refer to each other."""
    rows = {name: _owned(name, entries, customer, now) for name, entries in has.items() if name != "habits"}
    _number(rows, customer)
    rows.setdefault("privacy_choices", _choices(customer, now))
    for table in metadata.sorted_tables:
        _insert(connection, table, rows.get(table.name, []))
    balances = {row["id"]: row["balance_fen"] for row in rows.get("accounts", ())}
    for habits in has.get("habits", ()):
        own: Row = {key: f"{customer}-{value}" if key in _OWN else value for key, value in habits.items()}
        spent = history(Habits(**own), customer, balances[own["account"]], now)
        _insert(connection, metadata.tables["transactions"], spent)


def _customer(entry: Row, index: int, now: datetime) -> Row:
    row = _row("customers", {key: value for key, value in entry.items() if key not in ("has", "story")}, now)
    born = date.fromisoformat(row["birth_date"])
    row["resident_id"] = numbers.resident_id(born, row["gender"] == "女", 11 + index)
    return row | {"story_zh": entry["story"]["zh"], "story_en": entry["story"]["en"]}


def _owned(name: str, entries: list[Row], customer: str, now: datetime) -> list[Row]:
    """Rows of one table: ids are short in the file, and the customer's own."""
    rows = []
    for index, entry in enumerate(entries, 1):
        row = _row(name, entry, now) | {"customer": customer}
        row |= {key: f"{customer}-{row[key]}" for key in _OWN if row.get(key)}
        if "id" in metadata.tables[name].c:
            row["id"] = f"{customer}-{row.get('id', f'{name}-{index}')}"
        rows.append(row)
    return rows


def _choices(customer: str, now: datetime) -> list[Row]:
    """What everybody starts with."""
    at = _dated("T-200 09:00", now)
    return [{"customer": customer, "choice": name, "on": on, "changed_at": at} for name, on in _CHOICES.items()]


def _number(rows: Mapping[str, list[Row]], customer: str) -> None:
    """Gives accounts and cards their numbers; a debit card's is its account's."""
    accounts = {row["id"]: row for row in rows.get("accounts", ())}
    for index, row in enumerate(accounts.values(), 1):
        row["number"] = numbers.bank_number(customer, index, 19)
    for index, row in enumerate(rows.get("cards", ()), 51):
        debit = row["kind"] == "debit"
        row["number"] = accounts[row["account"]]["number"] if debit else numbers.bank_number(customer, index, 16)


def _row(name: str, entry: Row, now: datetime) -> Row:
    """Amounts in yuan become fen, and days counted from today become days."""
    known = metadata.tables[name].c
    row = {}
    for key, value in entry.items():
        if f"{key}_fen" in known:
            row[f"{key}_fen"] = round(value * 100)
        else:
            row[key] = _dated(value, now) if isinstance(value, str) else value
    return row


def _dated(text: str, now: datetime) -> str:
    """`T-5` and `T+3w` are days, the latter no weekend; `T-5 10:30` a moment; `age 15 03-08` when who is that old was born."""
    if match := _DAY.fullmatch(text):
        then = now + timedelta(days=int(match.group(1)))
        if match.group(2):
            then += timedelta(days=7 - then.weekday() if then.weekday() > 4 else 0)
        if match.group(3) is None:
            return then.date().isoformat()
        return stamp(then.replace(hour=int(match.group(3)), minute=int(match.group(4)), second=0, microsecond=0))
    if match := _AGE.fullmatch(text):
        years, month, day = map(int, match.groups())
        passed = (now.month, now.day) >= (month, day)
        return date(now.year - years - (not passed), month, day).isoformat()
    return text


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    for row in rows:
        unknown = row.keys() - set(table.c.keys())
        if unknown:
            raise ValueError(f"{table.name} has no {', '.join(sorted(unknown))}")
    # SQLAlchemy takes the first row's columns for all of them.
    every = {key for row in rows for key in row}
    if rows:
        connection.execute(insert(table), [_default(table, every) | row for row in rows])


def _default(table: Table, keys: set[str]) -> Row:
    """What a row has in the columns that only its neighbours name."""
    return {key: getattr(table.c[key].default, "arg", None) for key in keys}


def _read(file: str) -> list[Row]:
    path = Path(__file__).with_name(f"{file}.yaml")
    found: list[Row] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
