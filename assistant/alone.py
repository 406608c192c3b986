"""Work that nobody else may be at meanwhile: the service must be stopped."""

from __future__ import annotations

from filelock import FileLock, Timeout

from assistant.settings import Settings


class ServiceRunning(Exception):
    """A service works on this data folder; stop it first."""


def alone(settings: Settings) -> FileLock:
    """What the service holds where its index is embedded, to be let go after the work; raises ServiceRunning.

    Services with a Chroma server of their own hold nothing, so they are not noticed.
    """
    lock = FileLock(settings.data_dir / "chroma.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise ServiceRunning(f"The service is running on {settings.data_dir}; stop it first.") from error
    return lock
