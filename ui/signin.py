"""Who is signed in: tokens for names and passwords, whether they still count, and what each role may call."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request

from assistant.attempt import Refused
from assistant.audit import Audit
from assistant.gate import Gate
from assistant.secret_key import secret
from assistant.settings import Settings
from assistant.sign_in import DEMO_SIGN_INS as DEMO_SIGN_INS
from assistant.sign_in import Role as Role
from assistant.sign_in import SignIn as SignIn
from assistant.user import NoSuchUser, User
from knowledge_base.passage import Audience
from ui.problem import Problem
from ui.token import LIFETIME, StaffToken, Tokens, WrongToken

_SIGN_IN_FIRST = "Sign in first: POST /v1/sessions, then send the token as Authorization: Bearer."
_CUSTOMER_FIRST = "This customer's token is not valid, or no longer; the bank's sign-in gives a new one."
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_DEMO_PASSWORD = "demo"  # noqa: S105 - published in the README, and refused unless the demo is on
_DEMO_STAMP = "demo"


class LockedOut(Problem):
    """Too many wrong passwords: `until` (UTC, ISO 8601) nobody enters by this name; told to who gave the right one alone."""

    def __init__(self, until: str) -> None:
        super().__init__(HTTPStatus.LOCKED, f"After too many wrong passwords this sign-in is locked until {until}.")
        self.until = until


class SignIns:
    """Hands out tokens for a name and password, and reads them again."""

    def __init__(self, settings: Settings, gate: Gate, audit: Audit) -> None:
        self._demo = settings.demo
        self._tokens = Tokens(secret(settings))
        self._gate = gate
        self._audit = audit

    def open(self, name: str, password: str) -> tuple[str, SignIn]:
        """A token for this person; raises Problem 401 without saying which of the two was wrong, or LockedOut."""
        if self._demo and name in DEMO_SIGN_INS:
            return self._open_demo(DEMO_SIGN_INS[name], password)
        match self._gate.attempts.enter(name, password):
            case User() as user:
                return self.admit(user)
            case Refused(disabled=True):
                raise Problem(HTTPStatus.FORBIDDEN, "This sign-in is disabled; an administrator can enable it.")
            case Refused(locked_until=None):
                raise _wrong()
            case Refused(locked_until=until):
                raise LockedOut(str(until))

    def _open_demo(self, person: SignIn, password: str) -> tuple[str, SignIn]:
        right = hmac.compare_digest(password.encode("utf-8", "replace"), _DEMO_PASSWORD.encode())
        self._audit.note(person.name, "sign_in" if right else "fail_sign_in", person.name, {"demo": "true"})
        if not right:
            raise _wrong()
        return self._begin(person, _DEMO_STAMP)

    def admit(self, user: User) -> tuple[str, SignIn]:
        """A token for a user who has proved who they are."""
        return self._begin(SignIn(user.name, user.role, user.branch), user.stamp)

    def _begin(self, person: SignIn, stamp: str) -> tuple[str, SignIn]:
        return self._tokens.written(self._tokens.new(person, secrets.token_hex(16), stamp)), person

    def read(self, token: str) -> SignIn:
        """Who a token was given to; raises Problem 401, at once where the user was changed or disabled, or has signed out."""
        return self._read(token).person

    def expiry(self, token: str) -> datetime:
        """Until when a token lasts; raises Problem 401."""
        return self._read(token).expires_at

    def renew(self, token: str) -> str:
        """A new token for one that is still valid, up to ten hours after the sign-in; raises Problem 401."""
        return self._tokens.written(self._read(token).renewed())

    def kept_up(self, token: str) -> str:
        """The token to go on with: this one, or a new one where half of its time is over; raises Problem 401."""
        found = self._read(token)
        late = found.expires_at - datetime.now(UTC) < LIFETIME / 2 and found.expires_at < found.ends_at
        return self._tokens.written(found.renewed()) if late else token

    def close(self, token: str) -> None:
        """Signs out: this token and those that it was renewed to count no more; raises Problem 401."""
        found = self._read(token)
        self._gate.signed_out.end(found.id, found.ends_at.isoformat(timespec="milliseconds"))

    def _read(self, token: str) -> StaffToken:
        try:
            found = self._tokens.read(token)
        except WrongToken as error:
            raise Problem(HTTPStatus.UNAUTHORIZED, _SIGN_IN_FIRST, _CHALLENGE) from error
        if not self._counts(found) or self._gate.signed_out.is_ended(found.id):
            raise Problem(HTTPStatus.UNAUTHORIZED, _SIGN_IN_FIRST, _CHALLENGE)
        return found

    def _counts(self, token: StaffToken) -> bool:
        """Whether nothing changed since that the token does not know of."""
        if token.person.name in DEMO_SIGN_INS:
            return self._demo and token.person == DEMO_SIGN_INS[token.person.name]
        try:
            user = self._gate.users.get(token.person.name)
        except NoSuchUser:
            return False
        return not user.disabled and hmac.compare_digest(user.stamp, token.stamp)

    def open_customer(self, customer: str) -> str:
        """A token of a customer whom the bank's own sign-in knows."""
        return self._tokens.customers(customer)

    def read_customer(self, token: str) -> str:
        """The customer that a token was given to; raises Problem 401."""
        try:
            customer = self._tokens.read_customers(token)
        except WrongToken as error:
            raise Problem(HTTPStatus.UNAUTHORIZED, _CUSTOMER_FIRST, _CHALLENGE) from error
        if customer is None:
            raise Problem(HTTPStatus.UNAUTHORIZED, "This token is not a customer's.", _CHALLENGE)
        return customer

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


def _wrong() -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, "The name or the password is wrong.")


def _allowed(*roles: Role, refusal: str) -> Callable[..., SignIn]:
    """Who is signed in, where it is one of these roles or admin; else 401 or 403."""

    def who(request: Request, authorization: Annotated[str | None, Header()] = None) -> SignIn:
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
KnowledgeReader = Annotated[
    SignIn,
    Depends(_allowed(Role.EDITOR, Role.QA, refusal="What the documents left open is for the roles editor and qa.")),
]
"""Whoever may read what editors work on: role editor, qa, or admin."""
Judge = Annotated[SignIn, Depends(_allowed(Role.QA, refusal="Evaluation is for the role qa."))]
"""Whoever judges answers: role qa, or admin."""
Admin = Annotated[SignIn, Depends(_allowed(refusal="This is for the role admin."))]
"""Whoever is signed in with the role admin."""


def bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _token(authorization: Annotated[str | None, Header()] = None) -> str:
    return bearer(authorization) or ""


Token = Annotated[str, Depends(_token)]
"""The token that came along, not read yet; empty where there is none."""
