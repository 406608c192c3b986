"""What decides who enters: the users, their tries with a password, and the sign-ins that were ended."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.attempt import Attempts
from assistant.audit import Audit
from assistant.signed_out import SignedOut
from assistant.user import Users
from knowledge_base.database import Database


@dataclass(frozen=True)
class Gate:
    """The three, over one database."""

    users: Users
    attempts: Attempts
    signed_out: SignedOut


def build(database: Database, audit: Audit) -> Gate:
    """The gate of this database, each entry and change noted."""
    return Gate(Users(database, audit), Attempts(database, audit), SignedOut(database))
