"""Passwords: which ones are taken, and how they are kept and compared."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST, LONGEST = 10, 200
_FILE = Path(__file__).with_suffix(".yaml")
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Each comparison takes 64 MiB; many at once would take the machine's memory before they took its time.
_at_once = threading.BoundedSemaphore(2)


class WeakPassword(ValueError):
    """The password is too easy to guess, or too long; the message says which and what to do."""


def check(name: str, password: str) -> None:
    """Raises WeakPassword unless this user may have this password."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise WeakPassword(f"The password has {len(plain)} characters; choose one of {SHORTEST} to {LONGEST}.")
    if plain.casefold() == name.casefold():
        raise WeakPassword("The password is the name; choose another one.")
    if plain.casefold() in _common():
        raise WeakPassword("The password is among those that everybody tries first; choose another one.")


def hashed(password: str) -> str:
    """The password as it is kept: argon2id with its parameters and salt."""
    with _at_once:
        return _hasher.hash(_plain(password))


def matches(kept: str, password: str) -> bool:
    """Whether this password was kept so; takes as long where nothing is kept."""
    with _at_once:
        try:
            _hasher.verify(kept or _nobodys(), _plain(password))
        except VerificationError:
            return False
    return bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether it was kept with other parameters than those in force."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["common"])


def _plain(password: str) -> str:
    """The same whichever keyboard it was typed on; a lone surrogate cannot be compared."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
