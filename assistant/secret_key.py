"""The service's own secret: from the settings, or made once for a data folder."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from assistant.settings import Settings


def secret(settings: Settings) -> str:
    """The secret in force; processes that start together agree on the first one written."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Writes a secret beside its place and links it there, so that nobody ever reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:  # only its owner may read it
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)


def derived(settings: Settings, purpose: str) -> str:
    """A secret of its own for one purpose."""
    return hashlib.sha256(f"teller {purpose}\0{secret(settings)}".encode()).hexdigest()
