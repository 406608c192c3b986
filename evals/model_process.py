"""The scripted model server as a process of its own, which can be killed and started again at the same address."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx


class ModelProcess:
    """The process; `url` is the address that TELLER_LLM_BASE_URL takes."""

    def __init__(self, behaviour: Mapping[str, Any]) -> None:
        self._behaviour = dict(behaviour)
        self._port = 0
        self.start()

    def start(self) -> None:
        """Starts it; the second time at the address of the first."""
        command = [sys.executable, "-m", "evals.model_server", "--port", str(self._port)]
        command += ["--behaviour", json.dumps(self._behaviour)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout  # noqa: S101 - asked for a line above
        self.url = str(json.loads(self._process.stdout.readline())["url"])
        self._port = urlsplit(self.url).port or 0

    def behave(self, behaviour: Mapping[str, Any]) -> None:
        """Does this from now on."""
        self._behaviour = dict(behaviour)
        place = self.url.removesuffix("/v1") + "/behaviour"
        httpx.put(place, json=self._behaviour, trust_env=False).raise_for_status()

    def kill(self) -> None:
        """As the power would."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def model_process(behaviour: Mapping[str, Any]) -> Iterator[ModelProcess]:
    """The process, for as long as this lasts."""
    process = ModelProcess(behaviour)
    try:
        yield process
    finally:
        process.kill()
