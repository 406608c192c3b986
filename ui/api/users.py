"""Who may sign in, over HTTP; role admin."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.password import LONGEST
from assistant.sign_in import Role
from assistant.user import Change, User
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Admin

router = APIRouter(prefix="/v1/users", tags=["users"])
Name = Annotated[str, Path(max_length=64)]
Words = Annotated[str, Field(max_length=100)]
Password = Annotated[str, Field(max_length=LONGEST)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewUser(_Body):
    """Someone who may sign in from now on; without a branch, of the head office."""

    name: Annotated[str, Field(max_length=64)]
    role: Role
    password: Password
    branch: Words = ""
    display_name: Words = ""


class Changed(_Body):
    """What changes of a user; what is left out stays as it was."""

    role: Role | None = None
    branch: Words | None = None
    display_name: Words | None = None
    disabled: StrictBool | None = None
    password: Password | None = None


@router.get("")
def users(parts: Parts, _admin: Admin) -> list[dict[str, Any]]:
    """All users by name; the demo's sign-ins are not among them."""
    return [_shown(user) for user in parts.users.listed()]


@router.post("", status_code=HTTPStatus.CREATED)
def add(parts: Parts, admin: Admin, body: NewUser) -> dict[str, Any]:
    """Adds a user; 409 where the name is taken."""
    return _shown(parts.users.add(admin.name, body.name, body.role, body.password, body.branch, body.display_name))


@router.patch("/{name}")
def change(parts: Parts, admin: Admin, name: Name, body: Changed) -> dict[str, Any]:
    """Changes a user, who has to sign in anew; 409 where administrators would lock themselves out."""
    demoted = body.role not in (None, Role.ADMIN)
    if name.lower() == admin.name and (body.disabled or demoted):
        raise Problem(HTTPStatus.CONFLICT, "Nobody takes the role admin from themselves; another administrator can.")
    return _shown(parts.users.change(admin.name, name, Change(**body.model_dump())))


def _shown(user: User) -> dict[str, Any]:
    told = asdict(user)
    return {key: told[key] for key in told.keys() - {"stamp", "subject"}} | {"own_sign_in": user.subject is not None}
