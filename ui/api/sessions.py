"""Sign-in over HTTP."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ui.service import Parts, Service
from ui.signin import SignIn, Token

router = APIRouter(prefix="/v1/sessions", tags=["sign-in"])


class Credentials(BaseModel):
    """A name and its password."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=100)
    password: str = Field(max_length=200)


@router.post("")
def sign_in(parts: Parts, credentials: Credentials) -> dict[str, str]:
    """A token for staff, to be sent as a bearer, until `expires_at`; 423 where the sign-in is locked for some minutes."""
    return _told(parts, *parts.sign_ins.open(credentials.username, credentials.password))


@router.post("/renew")
def renew(parts: Parts, token: Token) -> dict[str, str]:
    """A new token for one that is still valid, up to ten hours after the sign-in."""
    renewed = parts.sign_ins.renew(token)
    return _told(parts, renewed, parts.sign_ins.read(renewed))


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
def sign_out(parts: Parts, token: Token) -> None:
    """Signs out: the token, and those that it was renewed to, count no more."""
    parts.sign_ins.close(token)


def _told(parts: Service, token: str, person: SignIn) -> dict[str, str]:
    until = parts.sign_ins.expiry(token).isoformat()
    return {"token": token, "role": person.role.value, "branch": person.branch, "expires_at": until}
