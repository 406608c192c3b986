"""Who is signed in at the bank, and the sign-ins of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
        SignIn("staff2", Role.STAFF, "云杉银行武汉光谷支行"),
        SignIn("agent", Role.AGENT),
        SignIn("agent2", Role.AGENT),
        SignIn("editor", Role.EDITOR),
        SignIn("editor2", Role.EDITOR),
        SignIn("qa", Role.QA),
        SignIn("admin", Role.ADMIN),
    )
}
"""Sign-ins by name that work while TELLER_DEMO is on; no user may be called so."""
