"""Sign-in over HTTP."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ui.service import Parts

router = APIRouter(prefix="/v1/sessions", tags=["sign-in"])


class Credentials(BaseModel):
    """A name and its password."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=100)
    password: str = Field(max_length=200)


@router.post("")
def sign_in(parts: Parts, credentials: Credentials) -> dict[str, str]:
    """A token for staff, to be sent as a bearer."""
    token, person = parts.sign_ins.open(credentials.username, credentials.password)
    return {"token": token, "role": person.role.value, "branch": person.branch}
