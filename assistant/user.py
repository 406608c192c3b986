"""The bank's people who may sign in: what they may do, where they work, and who changed that."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, String, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant import password
from assistant.audit import Audit
from assistant.sign_in import DEMO_SIGN_INS, Role
from knowledge_base.database import Database, metadata

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("display_name", String(100), nullable=False),
    Column("role", String(20), nullable=False),
    Column("branch", String(100), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("subject", String(500), unique=True),
    Column("disabled", Boolean, nullable=False),
    Column("stamp", String(32), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("failed", Integer, nullable=False),
    Column("locked_until", String(40)),
)
NOBODY = ""
"""The row that wrong names are counted at, so that they take as long as right ones; no user is called so."""
_RESERVED = {*DEMO_SIGN_INS, "system", "nobody"}
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


class WrongName(ValueError):
    """A name is 1 to 64 of the letters a to z, digits, and . _ @ - inside; those of the demo, system and nobody are taken."""


class NameTaken(Exception):
    """There is a user with this name already; change that one, or choose another name."""


class NoSuchUser(Exception):
    """There is no user with this name; `teller user list` lists them."""


@dataclass(frozen=True)
class User:
    """Someone who may sign in. `created_at` and `locked_until` are UTC, ISO 8601; `branch` is empty for the head office.

    What was signed with an older `stamp` counts no more. `subject` is who this is at the bank's own sign-in, where that is used.
    """

    name: str
    display_name: str
    role: Role
    branch: str
    disabled: bool
    created_at: str
    locked_until: str | None
    stamp: str
    subject: str | None


@dataclass(frozen=True)
class Change:
    """What is to be changed of a user; None leaves it as it is."""

    display_name: str | None = None
    role: Role | None = None
    branch: str | None = None
    disabled: bool | None = None
    password: str | None = None


class Users:
    """Keeps the users; `by` is the name of whoever changes one, and each change is noted with it."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def get(self, name: str) -> User:
        """One user; raises NoSuchUser."""
        with self._database.reading() as connection:
            return _get(connection, name)

    def listed(self) -> list[User]:
        """All users by name."""
        query = select(users).where(users.c.name != NOBODY).order_by(users.c.name)
        with self._database.reading() as connection:
            return [user(row) for row in connection.execute(query).mappings()]

    def count(self) -> int:
        """How many users may sign in."""
        query = select(func.count()).where(users.c.name != NOBODY, users.c.disabled.is_(False))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def add(self, by: str, name: str, role: Role, secret: str, branch: str = "", display_name: str = "") -> User:
        """A new user with this password; raises WrongName, WeakPassword, NameTaken."""
        name = _checked(name)
        password.check(name, secret)
        return self._insert(by, name, role, branch, display_name, password_hash=password.hashed(secret))

    def change(self, by: str, name: str, change: Change) -> User:
        """The user as changed; all who are signed in by this name sign in again. Raises NoSuchUser, WeakPassword."""
        name = name.lower()
        values = {key: value for key, value in vars(change).items() if value is not None}
        changed = ", ".join(sorted(values))
        if change.password is not None:
            password.check(name, values.pop("password"))
            values |= {"password_hash": password.hashed(change.password), "failed": 0, "locked_until": None}
        told = {key: str(value) for key, value in values.items() if key in ("role", "branch", "disabled")}
        with self._database.writing() as connection:
            _get(connection, name)
            connection.execute(update(users).where(users.c.name == name).values(**values, stamp=_stamp()))
            self._audit.note(by, "change_user", name, {"changed": changed, **told}, connection)
            return _get(connection, name)

    def known(self, subject: str, wished: str, role: Role, branch: str, display_name: str) -> User:
        """Whom the bank's own sign-in vouches for: made at the first time, brought up to date at each further one.

        `wished` is the name to have, where it can be had; raises NameTaken where it is another user's.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(users).where(users.c.subject == subject)).mappings().first()
        if row is None:
            name = wished.lower() if _is_name(wished.lower()) else f"oidc-{secrets.token_hex(6)}"
            return self._insert("system", name, role, branch, display_name, subject=subject)
        told, now = user(row), Change(display_name, role, branch)
        same = (told.display_name, told.role, told.branch) == (now.display_name, now.role, now.branch)
        return told if same else self.change("system", told.name, now)

    def _insert(self, by: str, name: str, role: Role, branch: str, display_name: str, **more: Any) -> User:
        told = {"name": name, "display_name": display_name or name, "role": role.value, "branch": branch}
        row = {"password_hash": "", "disabled": False, "stamp": _stamp(), "created_at": now(), "failed": 0}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(users).values(**told, **(row | more)))
                self._audit.note(by, "add_user", name, {"role": role.value, "branch": branch}, connection)
                return _get(connection, name)
        except IntegrityError as error:
            raise NameTaken(f"{name!r}: {NameTaken.__doc__}") from error


def user(row: Mapping[Any, Any]) -> User:
    """A user as the table holds them."""
    told = {name: row[name] for name in User.__dataclass_fields__}
    return User(**told | {"role": Role(row["role"])})


def now() -> str:
    """Now, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _get(connection: Connection, name: str) -> User:
    row = connection.execute(select(users).where(users.c.name == name.lower())).mappings().first()
    if row is None or name == NOBODY:
        raise NoSuchUser(f"{name!r}: {NoSuchUser.__doc__}")
    return user(row)


def _checked(name: str) -> str:
    name = name.strip().lower()
    if not _is_name(name):
        raise WrongName(f"{name!r}: {WrongName.__doc__}")
    return name


def _is_name(name: str) -> bool:
    return name not in _RESERVED and _NAME.fullmatch(name) is not None


def _stamp() -> str:
    return secrets.token_hex(16)
