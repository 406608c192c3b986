"""One-time codes: one live code for each customer and purpose, few tries, and a pause after too many."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.demo_bank import shown
from assistant.demo_bank.customer import load
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.database.tables import codes, outbox
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.rules import Rules, moment, stamp


class Codes:
    """Sends codes and checks them; each call is one transaction."""

    def __init__(self, store: Store, rules: Rules, secret: str) -> None:
        self._store = store
        self._rules = rules
        self._secret = secret.encode()

    def send(self, customer: str, purpose: str, phone: str | None) -> Answer:
        """Sends a code to this number, or to the registered one; the code before it is dead."""
        now = self._rules.now()
        with self._store.writing() as connection:
            registered = load(connection, customer, now).phone
            number = phone or registered
            refused = self._refused(connection, customer, purpose, number, now)
            if refused is None:
                self._send(connection, customer, purpose, number, now)
                return self._sent(number)
        return refused

    def check(self, customer: str, purpose: str, code: str) -> Answer:
        """Compares in constant time; the code is used up when it is right, and counts as a try when it is not."""
        now = self._rules.now()
        with self._store.writing() as connection:
            load(connection, customer, now)
            until = _locked_until(connection, customer, now)
            if until is not None:
                return _locked(until - now)
            row = _row(connection, customer, purpose)
            if row is None or row["digest"] is None or now > moment(row["expires_at"]):
                return Answer("expired")
            if hmac.compare_digest(row["digest"], self._digest(customer, purpose, code)):
                _change(connection, row, digest=None, wrong=0)
                return Answer("right")
            return self._wrong(connection, row, now)

    def _refused(
        self, connection: Connection, customer: str, purpose: str, number: str, now: datetime
    ) -> Answer | None:
        until = _locked_until(connection, customer, now)
        if until is not None:
            return _locked(until - now)
        row = _row(connection, customer, purpose)
        # A code that was used up needs no pause: nobody is trying to guess it.
        live = row is not None and row["digest"] is not None
        wait = moment(row["sent_at"]) + self._rules.resend_pause - now if row and live else timedelta(0)
        if wait > timedelta(0):
            seconds = str(math.ceil(wait.total_seconds()))
            return Answer("too_soon", {"phone": shown.phone(number), "seconds_to_resend": seconds})
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if _sent_since(connection, customer, midnight) >= self._rules.codes_a_day:
            return _locked(midnight + timedelta(days=1) - now)
        return None

    def _send(self, connection: Connection, customer: str, purpose: str, number: str, now: datetime) -> None:
        code = f"{secrets.randbelow(1_000_000):06d}"
        row = {"digest": self._digest(customer, purpose, code), "sent_at": stamp(now)}
        row |= {"expires_at": stamp(now + self._rules.code_lives)}
        new = upsert(codes).values(customer=customer, purpose=purpose, **row)
        connection.execute(new.on_conflict_do_update(index_elements=["customer", "purpose"], set_=row))
        message = {"customer": customer, "phone": number, "purpose": purpose, "code": code, "at": stamp(now)}
        connection.execute(insert(outbox).values(message))

    def _sent(self, number: str) -> Answer:
        valid, pause = self._rules.code_lives.total_seconds(), self._rules.resend_pause.total_seconds()
        values = {"seconds_valid": f"{valid:.0f}", "seconds_to_resend": f"{pause:.0f}"}
        return Answer("sent", {"phone": shown.phone(number), **values})

    def _wrong(self, connection: Connection, row: Mapping[str, Any], now: datetime) -> Answer:
        left = self._rules.wrong_attempts - row["wrong"] - 1
        if left > 0:
            _change(connection, row, wrong=row["wrong"] + 1)
            return Answer("wrong", {"attempts_left": str(left)})
        _change(connection, row, wrong=0, digest=None, locked_until=stamp(now + self._rules.locked))
        return _locked(self._rules.locked)

    def _digest(self, customer: str, purpose: str, code: str) -> str:
        """Keyed with what is not in the database: a million codes are soon tried."""
        return hmac.new(self._secret, f"{customer}\n{purpose}\n{code}".encode(), hashlib.sha256).hexdigest()


def _row(connection: Connection, customer: str, purpose: str) -> Mapping[str, Any] | None:
    found = select(codes).where(codes.c.customer == customer, codes.c.purpose == purpose)
    row = connection.execute(found).mappings().one_or_none()
    return None if row is None else dict(row)


def _change(connection: Connection, row: Mapping[str, Any], **values: object) -> None:
    mine = update(codes).where(codes.c.customer == row["customer"], codes.c.purpose == row["purpose"])
    connection.execute(mine.values(**values))


def _locked_until(connection: Connection, customer: str, now: datetime) -> datetime | None:
    """A lock holds for all purposes: it protects the customer, not the form."""
    until = connection.scalar(select(func.max(codes.c.locked_until)).where(codes.c.customer == customer))
    return moment(until) if until and moment(until) > now else None


def _sent_since(connection: Connection, customer: str, since: datetime) -> int:
    found = select(func.count()).where(outbox.c.customer == customer, outbox.c.at >= stamp(since))
    return connection.scalar(found) or 0


def _locked(wait: timedelta) -> Answer:
    return Answer("locked", {"minutes": str(math.ceil(wait.total_seconds() / 60))})
