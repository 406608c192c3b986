"""The service's own secret: from the settings, or made once for a data folder."""

from __future__ import annotations

import hashlib
import os
import secrets

from assistant.settings import Settings


def secret(settings: Settings) -> str:
    """The secret in force; processes that start together agree on the first one written."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def derived(settings: Settings, purpose: str) -> str:
    """A secret of its own for one purpose."""
    return hashlib.sha256(f"teller {purpose}\0{secret(settings)}".encode()).hexdigest()
