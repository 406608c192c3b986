"""Who is signed in: short-lived tokens with a role, and the demo's sign-ins."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

import jwt
from fastapi import Depends, Header, Request

from assistant.secret_key import secret
from assistant.settings import Settings
from knowledge_base.passage import Audience
from ui.problem import Problem

_LIFETIME = timedelta(hours=8)
_CUSTOMER = "customer"
_SIGN_IN_FIRST = "Sign in first: POST /v1/sessions, then send the token as Authorization: Bearer."
_CUSTOMER_FIRST = "This customer's token is not valid, or no longer; the bank's sign-in gives a new one."
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_DEMO_PASSWORD = "demo"  # noqa: S105 - published in the README, and refused unless the demo is on


class Role(StrEnum):
    """What a sign-in may do; every role may read staff's documents."""

    STAFF = "staff"
    AGENT = "agent"
    EDITOR = "editor"
    QA = "qa"
    ADMIN = "admin"


@dataclass(frozen=True)
class SignIn:
    """A person who is signed in."""

    name: str
    role: Role
    branch: str = ""
    """The branch that the person works at; empty for the head office."""


DEMO_SIGN_INS = {
    one.name: one
    for one in (
        SignIn("staff", Role.STAFF, "云杉银行上海陆家嘴支行"),
        SignIn("agent", Role.AGENT),
        SignIn("agent2", Role.AGENT),
        SignIn("editor", Role.EDITOR),
        SignIn("editor2", Role.EDITOR),
        SignIn("qa", Role.QA),
        SignIn("admin", Role.ADMIN),
    )
}


class SignIns:
    """Hands out tokens for a name and password, and reads them again."""

    def __init__(self, settings: Settings) -> None:
        self._demo = settings.demo
        self._key = secret(settings)

    def open(self, name: str, password: str) -> tuple[str, SignIn]:
        """A token for this person; raises Problem 401 without saying which of the two was wrong."""
        person = DEMO_SIGN_INS.get(name) if self._demo else None
        right = hmac.compare_digest(password.encode("utf-8", "replace"), _DEMO_PASSWORD.encode())
        if person is None or not right:
            raise Problem(HTTPStatus.UNAUTHORIZED, "The name or the password is wrong.")
        end = datetime.now(UTC) + _LIFETIME
        claims = {"sub": name, "role": person.role.value, "branch": person.branch, "exp": end}
        return jwt.encode(claims, self._key, "HS256"), person

    def read(self, token: str) -> SignIn:
        """Who a token was given to; raises Problem 401."""
        claims = self._claims(token)
        try:
            return SignIn(claims["sub"], Role(claims["role"]), claims.get("branch", ""))
        except ValueError as error:
            raise Problem(HTTPStatus.UNAUTHORIZED, _SIGN_IN_FIRST, _CHALLENGE) from error

    def _claims(self, token: str, detail: str = _SIGN_IN_FIRST) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key, ["HS256"], options={"require": ["exp", "sub", "role"]})
        except jwt.InvalidTokenError as error:
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, _CHALLENGE) from error

    def open_customer(self, customer: str) -> str:
        """A token of a customer whom the bank's own sign-in knows."""
        claims = {"sub": customer, "role": _CUSTOMER, "exp": datetime.now(UTC) + _LIFETIME}
        return jwt.encode(claims, self._key, "HS256")

    def read_customer(self, token: str) -> str:
        """The customer that a token was given to; raises Problem 401."""
        claims = self._claims(token, _CUSTOMER_FIRST)
        if claims["role"] != _CUSTOMER:
            raise Problem(HTTPStatus.UNAUTHORIZED, "This token is not a customer's.", _CHALLENGE)
        return str(claims["sub"])

    def customer_of(self, audience: Audience, authorization: str | None) -> str | None:
        """Who begins a conversation: the customer whose token came along, or nobody known; raises Problem 401."""
        token = bearer(authorization)
        if audience is Audience.CUSTOMER:
            return self.read_customer(token) if token else None
        self.read(token or "")
        return None

    def colleague_of(self, audience: Audience, authorization: str | None) -> SignIn | None:
        """Who begins a conversation of staff; raises Problem 401."""
        return None if audience is Audience.CUSTOMER else self.read(bearer(authorization) or "")

    def allow(self, audience: Audience, authorization: str | None) -> None:
        """Raises Problem 401 when this audience needs a sign-in that the request lacks."""
        if audience is not Audience.CUSTOMER:
            self.read(bearer(authorization) or "")


def _allowed(*roles: Role, refusal: str) -> Callable[..., Awaitable[SignIn]]:
    """Who is signed in, where it is one of these roles or admin; else 401 or 403."""

    async def who(request: Request, authorization: Annotated[str | None, Header()] = None) -> SignIn:
        sign_ins: SignIns = request.app.state.service.sign_ins
        found = sign_ins.read(bearer(authorization) or "")
        if found.role not in (*roles, Role.ADMIN):
            raise Problem(HTTPStatus.FORBIDDEN, refusal)
        return found

    return who


Anyone = Annotated[SignIn, Depends(_allowed(*Role, refusal="Sign in first."))]
"""Whoever is signed in, in any role."""
Agent = Annotated[SignIn, Depends(_allowed(Role.AGENT, refusal="The desk is for the role agent."))]
"""Whoever is signed in with the role agent, or admin."""
Colleague = Annotated[
    SignIn,
    Depends(_allowed(Role.STAFF, Role.AGENT, refusal="What customers left is for the roles staff and agent.")),
]
"""Whoever is signed in and sees to customers: role staff, agent, or admin."""
Editor = Annotated[SignIn, Depends(_allowed(Role.EDITOR, refusal="The knowledge base is kept by the role editor."))]
"""Whoever keeps the knowledge base: role editor, or admin."""
Admin = Annotated[SignIn, Depends(_allowed(refusal="This is for the role admin."))]
"""Whoever is signed in with the role admin."""


def bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
