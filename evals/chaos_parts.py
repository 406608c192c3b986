"""The parts of a whole service, each a process that can be killed without a word and started again where it was."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import httpx

from evals.postgres import Postgres

_PATIENCE = 120


class Part(Protocol):
    """What can be killed."""

    name: str

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        ...

    def start(self) -> None:
        """Starts it, again where it was; returns when it answers."""
        ...


class Server:
    """A program that serves HTTP on a port of its own."""

    def __init__(
        self, name: str, command: Sequence[str], port: int, sign: str, folder: Path, more: Mapping[str, str]
    ) -> None:
        self.name = name
        self.address = f"http://127.0.0.1:{port}"
        self._command = list(command)
        self._sign = sign
        self._folder = folder
        self._environment = os.environ | dict(more)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; returns when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Starts it and waits for nothing."""
        with (self._folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def wait(self) -> None:
        """Returns when it answers, with whatever status."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                httpx.get(f"{self.address}{self._sign}", trust_env=False, timeout=5)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(f"{self.name} did not answer; see {self._folder / self.name}.log")

    def kill(self) -> None:
        """Ends it at once."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(20)


class Store:
    """The database's server."""

    name = "postgresql"

    def __init__(self, server: Postgres) -> None:
        self._server = server

    def kill(self) -> None:
        """Ends it at once."""
        self._server.kill()

    def start(self) -> None:
        """Starts it; it recovers what it had acknowledged."""
        self._server.start()


def python(*arguments: str) -> list[str]:
    """A module of ours as a command."""
    return [sys.executable, "-m", *arguments]


def door() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
