"""Ids in the library: a document's key, the number of its edition, and whether it holds rows for the other audience."""

from __future__ import annotations

OTHER_AUDIENCE = "s"
"""Ends the id of the document that holds a mixed FAQ file's rows for the other audience; keys are hexadecimal."""
_EDITION = "-"


def library_id(key: str, number: int) -> str:
    """The id under which an edition stands in the library; the first one has the key itself, as a folder's file has."""
    return key if number == 1 else f"{key}{_EDITION}{number}"


def key_of(identifier: str) -> str:
    """The key that all editions of a document share."""
    return identifier.removesuffix(OTHER_AUDIENCE).partition(_EDITION)[0]


def number_of(identifier: str) -> int:
    """Which edition an id in the library names."""
    number = identifier.removesuffix(OTHER_AUDIENCE).partition(_EDITION)[2]
    return int(number) if number.isdecimal() else 1


def both(identifier: str) -> tuple[str, str]:
    """An id, and the one of the rows for the other audience."""
    own = identifier.removesuffix(OTHER_AUDIENCE)
    return own, own + OTHER_AUDIENCE
