"""Personal values are sealed in what is stored, and open again only with the service's key."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated

from cryptography.fernet import Fernet, InvalidToken
from pydantic import BeforeValidator, PlainSerializer, SerializationInfo, ValidationInfo

_MARK = "sealed:"


class WrongKey(Exception):
    """What is stored was sealed with another key; set TELLER_SECRET_KEY to the one that was used, on every machine alike, or restore secret.key."""


class Seal:
    """Encrypts and authenticates (AES-128-CBC with HMAC-SHA256, the Fernet format) under a key derived from the secret."""

    def __init__(self, secret: str) -> None:
        digest = hashlib.sha256(b"teller seal\0" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def close(self, value: str) -> str:
        """The value as it may be stored."""
        return _MARK + self._fernet.encrypt(value.encode()).decode()

    def close_bytes(self, value: bytes) -> bytes:
        """Bytes, such as a picture's, as they may be stored."""
        return self._fernet.encrypt(value)

    def open_bytes(self, stored: bytes) -> bytes:
        """Those bytes; raises WrongKey."""
        try:
            return self._fernet.decrypt(stored)
        except InvalidToken as error:
            raise WrongKey(WrongKey.__doc__) from error

    def open(self, stored: str) -> str:
        """The value itself; raises WrongKey."""
        return self.open_bytes(stored.removeprefix(_MARK).encode()).decode()


def _close(value: str, info: SerializationInfo) -> str:
    seal = info.context
    return seal.close(value) if isinstance(seal, Seal) else value


def _open(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) and value.startswith(_MARK) and isinstance(info.context, Seal):
        return info.context.open(value)
    return value


Sealed = Annotated[str, PlainSerializer(_close), BeforeValidator(_open)]

Secret = Annotated[str, PlainSerializer(lambda _: "")]
