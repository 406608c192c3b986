"""The demo bank in a thread of its own, over a copy of a database that was filled once: for suites and tests."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from assistant.banks.http import HttpBank
from assistant.demo_bank.app import create
from assistant.demo_bank.rules import Rules

KEY = "key of a bank that nobody else reaches"


class RunningBank:
    """A running demo bank: the port to it with the paths that were called, and what only a suite or a test may see or do."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = HttpBank(url, KEY)
        self.calls: list[str] = []
        self.port._http.event_hooks["request"].append(lambda request: self.calls.append(request.url.path))
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False)

    def record(self, customer: str) -> dict[str, Any]:
        """One customer's whole record."""
        found: dict[str, Any] = self._http.get(f"/v1/customers/{customer}").raise_for_status().json()
        return found

    def code(self, customer: str) -> str:
        """The newest one-time code."""
        return str(self._http.get(f"/v1/customers/{customer}/codes").json()[0]["code"])

    def fail(self, **fault: object) -> None:
        """Orders failures."""
        self._http.put("/v1/faults", json=fault).raise_for_status()

    def close(self) -> None:
        """Lets the connections go."""
        self._http.close()
        self.port._http.close()


def seeded(folder: Path) -> Path:
    """A folder with a bank's database, filled."""
    folder.mkdir(parents=True, exist_ok=True)
    create(folder, KEY).state.desk.store.close()
    return folder


@contextmanager
def running(template: Path, folder: Path, rules: Rules | None = None, port: int = 0) -> Iterator[RunningBank]:
    """A bank over a copy of `template`, on any free port or on this one."""
    shutil.copytree(template, folder)
    with socket.create_server(("127.0.0.1", port)) as door:
        server = uvicorn.Server(uvicorn.Config(create(folder, KEY, rules), log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        bank = RunningBank(f"http://127.0.0.1:{door.getsockname()[1]}")
        try:
            yield bank
        finally:
            bank.close()
            server.should_exit = True
            thread.join(10)
