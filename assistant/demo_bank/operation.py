"""The life of an operation: prepared, then done or not done, once and for all."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, func, insert, select, update

from assistant.demo_bank import members
from assistant.demo_bank.customer import Customer, load
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.database.tables import operations
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.rules import Rules, moment, stamp


class Kind(Protocol):
    """One kind of operation: a module of `operations/`."""

    def prepare(
        self, connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str
    ) -> Ready | Refused:
        """Checks everything and changes nothing; it is asked again at the commit, in the same transaction."""
        ...

    def commit(
        self, connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str
    ) -> Mapping[str, Value]:
        """Makes the change; the receipt comes on top of what it gives."""
        ...


class UnknownOperation(LookupError):
    """The bank has no such kind of operation, or none with this id."""


class KeyTaken(Exception):
    """The idempotency key has been used for another operation."""


@dataclass(frozen=True)
class State:
    """Where an operation stands; the outcome is its status, or why it cannot be prepared, and then it has no id."""

    outcome: str
    values: Mapping[str, Value]
    id: str | None = None
    expires_at: str | None = None


class Operations:
    """The desk where operations are prepared and committed."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules

    def prepare(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> State:
        """Checks an operation; one that can be done is written down, to be committed while it lives."""
        kind, now = _kind(name), self._rules.now()
        with self._store.reading() as connection:
            checked = kind.prepare(connection, load(connection, customer, now), inputs, locale)
        if isinstance(checked, Refused):
            return State(checked.outcome, {})
        operation, expires = f"op-{secrets.token_hex(12)}", stamp(now + self._rules.operation_lives)
        row = {"id": operation, "customer": customer, "name": name, "locale": locale, "status": "prepared"}
        row |= {"prepared_at": stamp(now), "expires_at": expires}
        row |= {"inputs": _json(inputs), "values": _json(checked.values)}
        with self._store.writing() as connection:
            connection.execute(insert(operations).values(row))
        return State("ready", checked.values, operation, expires)

    def commit(self, operation: str, key: str) -> State:
        """Does the operation and finishes it in one transaction; what is final already only gives its answer again."""
        with self._store.writing() as connection:
            row = _row(connection, operation)
            _refuse_other(connection, operation, key)
            if row["status"] == "prepared":
                self._finish(connection, row, key)
                row = _row(connection, operation)
            return _state(row)

    def look_up(self, operation: str) -> State:
        """Where the operation stands."""
        with self._store.reading() as connection:
            return _state(_row(connection, operation))

    def _finish(self, connection: Connection, row: Mapping[str, Any], key: str) -> None:
        kind, now, inputs, locale = _kind(row["name"]), self._rules.now(), json.loads(row["inputs"]), row["locale"]
        customer = load(connection, row["customer"], now)
        reason = _obstacle(connection, kind, customer, row)
        final: dict[str, object] = {"key": key, "finished_at": stamp(now), "status": "not_done", "reason": reason}
        if reason is None:
            receipt = _receipt(connection, customer)
            values = {"receipt": receipt, **kind.commit(connection, customer, inputs, locale)}
            final |= {"status": "done", "receipt": receipt, "values": _json(values)}
        connection.execute(update(operations).where(operations.c.id == row["id"]).values(final))


def _obstacle(connection: Connection, kind: Kind, customer: Customer, row: Mapping[str, Any]) -> str | None:
    """Why what the customer confirmed cannot be done any more."""
    if customer.now > moment(row["expires_at"]):
        return "expired"
    checked = kind.prepare(connection, customer, json.loads(row["inputs"]), row["locale"])
    if isinstance(checked, Refused):
        return checked.outcome
    return None if _json(checked.values) == row["values"] else "changed"


def _kind(name: str) -> Kind:
    found: Kind | None = members.operations().get(name)
    if found is None:
        raise UnknownOperation(f"No operation is called {name!r}.")
    return found


def _row(connection: Connection, operation: str) -> Mapping[str, Any]:
    row = connection.execute(select(operations).where(operations.c.id == operation)).mappings().one_or_none()
    if row is None:
        raise UnknownOperation(f"No operation {operation!r}.")
    return dict(row)


def _refuse_other(connection: Connection, operation: str, key: str) -> None:
    used = connection.scalar(select(operations.c.id).where(operations.c.key == key))
    if used not in (None, operation):
        raise KeyTaken("This Idempotency-Key has been used for another operation.")


def _receipt(connection: Connection, customer: Customer) -> str:
    """Such as YS2026112200000042; the caller holds the only right to write, so the count is nobody else's."""
    earlier = connection.scalar(select(func.count(operations.c.receipt))) or 0
    return f"YS{customer.now:%Y%m%d}{earlier + 1:08d}"


def _state(row: Mapping[str, Any]) -> State:
    values = {} if row["status"] == "not_done" else json.loads(row["values"])
    return State(row["status"], values, row["id"], row["expires_at"])


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
