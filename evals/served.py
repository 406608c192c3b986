"""The whole service in a process of its own, for suites that measure or attack it from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.settings import Settings

_START_SECONDS = 240
_UNHURRIED = {
    f"TELLER_{limit}": "1000000"
    for limit in ("TURNS_PER_CONVERSATION", "CALLS_PER_ADDRESS", "CALLS_PER_KEY", "STREAMS_PER_ADDRESS")
}
"""All of a suite's customers come from one address, and faster than any."""


@dataclass(frozen=True)
class Served:
    """A running service: its address, the seconds until it was ready, its process, and what commands beside it need to know."""

    address: str
    ready_after: float
    process: subprocess.Popen[bytes]
    environment: dict[str, str]


@contextmanager
def served(settings: Settings, knowledge: Path, **more: str) -> Iterator[Served]:
    """The service over a knowledge folder, with the data folder of these settings; it is ended afterwards.

    `more` are variables of its environment.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = (
        os.environ
        | _UNHURRIED
        | more
        | {
            "TELLER_DATA_DIR": str(settings.data_dir),
            "TELLER_DATABASE_URL": "",
            "TELLER_KNOWLEDGE_DIR": str(knowledge),
        }
    )
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, began)
        yield Served(address, time.perf_counter() - began, process, environment)
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, began: float) -> None:
    while time.perf_counter() - began < _START_SECONDS:
        try:
            if httpx.get(f"{address}/readyz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"the service was not ready within {_START_SECONDS} seconds")
