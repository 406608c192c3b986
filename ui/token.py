"""Signed tokens: what is in them, and whether one is ours and still in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from assistant.sign_in import Role, SignIn

LIFETIME = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_CUSTOMERS_LIFETIME = timedelta(hours=8)
_CUSTOMER = "customer"
_ALGORITHM = "HS256"


class WrongToken(Exception):
    """The token is not ours, has expired, or is for something else."""


@dataclass(frozen=True)
class StaffToken:
    """Who signed in, in which sign-in (`id`) and when, until when the token lasts, and the user's stamp at that time."""

    person: SignIn
    id: str
    stamp: str
    since: datetime
    expires_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When the sign-in itself ends, however often it is renewed."""
        return self.since + LONGEST

    def renewed(self) -> StaffToken:
        """The same sign-in for another while, but not beyond its end."""
        return replace(self, expires_at=min(_now() + LIFETIME, self.ends_at))


class Tokens:
    """Signs tokens and reads them again."""

    def __init__(self, key: str) -> None:
        self._key = key

    def new(self, person: SignIn, id: str, stamp: str) -> StaffToken:
        """For a person who signs in now."""
        return StaffToken(person, id, stamp, _now(), _now() + LIFETIME)

    def written(self, token: StaffToken) -> str:
        """As it is sent."""
        who = token.person
        told = {"sub": who.name, "role": who.role.value, "branch": who.branch, "sid": token.id, "stamp": token.stamp}
        times = {"auth_time": int(token.since.timestamp()), "exp": int(token.expires_at.timestamp())}
        return jwt.encode(told | times, self._key, _ALGORITHM)

    def read(self, text: str) -> StaffToken:
        """As it was signed; raises WrongToken."""
        claims = self._claims(text, "sid", "stamp", "auth_time")
        try:
            person = SignIn(claims["sub"], Role(claims["role"]), claims["branch"])
            since, until = _moment(claims["auth_time"]), _moment(claims["exp"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise WrongToken(WrongToken.__doc__) from error
        return StaffToken(person, claims["sid"], claims["stamp"], since, until)

    def customers(self, customer: str) -> str:
        """A token of a customer, as the bank's sign-in for customers gives it."""
        claims = {"sub": customer, "role": _CUSTOMER, "exp": _now() + _CUSTOMERS_LIFETIME}
        return jwt.encode(claims, self._key, _ALGORITHM)

    def read_customers(self, text: str) -> str | None:
        """The customer whose token this is, or nobody where it is another's; raises WrongToken."""
        claims = self._claims(text)
        return str(claims["sub"]) if claims["role"] == _CUSTOMER else None

    def _claims(self, text: str, *needed: str) -> dict[str, Any]:
        try:
            return jwt.decode(text, self._key, [_ALGORITHM], options={"require": ["exp", "sub", "role", *needed]})
        except jwt.InvalidTokenError as error:
            raise WrongToken(WrongToken.__doc__) from error


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
