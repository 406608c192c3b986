"""Tries to sign in with a password: counted before they are looked at, in the database, so that all processes count together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from assistant import password
from assistant.audit import Audit
from assistant.user import NOBODY, User, now, user, users
from knowledge_base.database import Database

WRONG_TRIES = 5
LOCKED = timedelta(minutes=15)
# Who is locked out is told so if the password is right; that may not become a way to go on guessing.
_TOLD_TRIES = 2 * WRONG_TRIES


@dataclass(frozen=True)
class Refused:
    """Nobody enters. Only who gave the right password is told why: locked until then (UTC, ISO 8601), or disabled."""

    locked_until: str | None = None
    disabled: bool = False


@dataclass(frozen=True)
class _Try:
    """The row that was found, and whether this try may enter, or be told why not."""

    row: Mapping[Any, Any]
    may_enter: bool
    may_be_told: bool


class Attempts:
    """Lets in who gives the right password, and locks a name for a quarter of an hour after five wrong ones."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def enter(self, name: str, given: str) -> User | Refused:
        """Whoever this is. A wrong name, a wrong password and a locked name are answered alike, and after about the same time."""
        with self._database.writing() as connection:
            tried = _count(connection, _findable(name))
        right = password.matches(tried.row["password_hash"], given)
        if right and tried.may_enter and not tried.row["disabled"]:
            return self._let_in(user(tried.row), tried.row["password_hash"], given)
        return self._refuse(tried, right=right)

    def _let_in(self, who: User, kept: str, given: str) -> User:
        renewed = {"password_hash": password.hashed(given)} if password.is_outdated(kept) else {}
        with self._database.writing() as connection:
            # A password that was changed meanwhile is not put back.
            entered = users.c.name == who.name, users.c.stamp == who.stamp
            connection.execute(update(users).where(*entered).values(failed=0, locked_until=None, **renewed))
            self._audit.note(who.name, "sign_in", who.name, within=connection)
        return who

    def _refuse(self, tried: _Try, *, right: bool) -> Refused:
        # What was typed as an unknown name may be a password, so nothing of it is kept.
        name, locked = tried.row["name"] or "nobody", tried.row["locked_until"] or ""
        why = "disabled" if tried.row["disabled"] and right else "locked" if not tried.may_enter else "wrong"
        detail = {"why": why} | ({"locked_until": locked} if locked and tried.row["name"] else {})
        self._audit.note(name, "fail_sign_in", name, detail)
        if not right or not tried.may_be_told:
            return Refused()
        return Refused(None, disabled=True) if tried.row["disabled"] else Refused(locked)


def _findable(name: str) -> str:
    """The name, or nobody's where no user can be called so."""
    name = name.strip().lower()
    return name if name.isascii() and name.isprintable() else NOBODY


def _count(connection: Connection, name: str) -> _Try:
    """Counts a try as failed, which is taken back where it was not; the row of whoever tried, or nobody's."""
    for found in (name, NOBODY):
        if connection.execute(update(users).where(users.c.name == found).values(failed=users.c.failed + 1)).rowcount:
            break
    row = dict(connection.execute(select(users).where(users.c.name == found)).mappings().one())
    locked = row["locked_until"]
    if locked and locked > now():
        return _Try(row, may_enter=False, may_be_told=row["failed"] <= _TOLD_TRIES)
    failed = 1 if locked else row["failed"]
    until = (datetime.now(UTC) + LOCKED).isoformat(timespec="milliseconds") if failed >= WRONG_TRIES else None
    connection.execute(update(users).where(users.c.name == found).values(failed=failed, locked_until=until))
    return _Try(row | {"locked_until": until}, may_enter=True, may_be_told=True)
