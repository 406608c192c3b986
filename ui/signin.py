"""Who is signed in: short-lived tokens with a role, and the demo's sign-ins."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

import jwt

from assistant.settings import Settings
from knowledge_base.passage import Audience
from ui.problem import Problem

_LIFETIME = timedelta(hours=8)
_DEMO_PASSWORD = "demo"  # noqa: S105 - published in the README, and refused unless the demo is on


class Role(StrEnum):
    """What a sign-in may do; every role may read staff's documents."""

    STAFF = "staff"
    AGENT = "agent"
    EDITOR = "editor"
    QA = "qa"
    ADMIN = "admin"


DEMO_SIGN_INS = {
    "staff": Role.STAFF,
    "agent": Role.AGENT,
    "agent2": Role.AGENT,
    "editor": Role.EDITOR,
    "qa": Role.QA,
    "admin": Role.ADMIN,
}


@dataclass(frozen=True)
class SignIn:
    """A person who is signed in."""

    name: str
    role: Role


class SignInDesk:
    """Hands out tokens for a name and password, and reads them again."""

    def __init__(self, settings: Settings) -> None:
        self._demo = settings.demo
        self._key = settings.secret_key.get_secret_value() if settings.secret_key else _own_key(settings)

    def open(self, name: str, password: str) -> tuple[str, SignIn]:
        """A token for this person; raises Problem 401 without saying which of the two was wrong."""
        role = DEMO_SIGN_INS.get(name) if self._demo else None
        right = hmac.compare_digest(password.encode("utf-8", "replace"), _DEMO_PASSWORD.encode())
        if role is None or not right:
            raise Problem(HTTPStatus.UNAUTHORIZED, "The name or the password is wrong.")
        claims = {"sub": name, "role": role.value, "exp": datetime.now(UTC) + _LIFETIME}
        return jwt.encode(claims, self._key, "HS256"), SignIn(name, role)

    def read(self, token: str) -> SignIn:
        """Who a token was given to; raises Problem 401."""
        try:
            claims = jwt.decode(token, self._key, ["HS256"], options={"require": ["exp", "sub", "role"]})
            return SignIn(claims["sub"], Role(claims["role"]))
        except (jwt.InvalidTokenError, ValueError) as error:
            detail = "Sign in first: POST /v1/sessions, then send the token as Authorization: Bearer."
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"}) from error

    def allow(self, audience: Audience, authorization: str | None) -> None:
        """Raises Problem 401 when this audience needs a sign-in that the request lacks."""
        if audience is not Audience.CUSTOMER:
            self.read(bearer(authorization) or "")


def bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _own_key(settings: Settings) -> str:
    """A key made once for this data folder; processes that start together agree on the first one written."""
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
