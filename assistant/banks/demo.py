"""The demo bank as a child process: it ends when this one does, however that goes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from assistant.bank import BankUnavailable

_GRACE_SECONDS = 10


class UnknownCustomer(Exception):
    """The demo bank has no such customer; GET /v1/demo/customers lists them."""


class DemoBankDidNotStart(Exception):
    """The demo bank did not start; what it said is above."""


class DemoBank:
    """What only a demo bank tells: everything it has on its customers, and the codes it sent them."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=10, trust_env=False
        )

    def customers(self) -> list[dict[str, Any]]:
        """Its customers, each with what may be tried as that customer."""
        customers: list[dict[str, Any]] = self._read("/v1/customers")
        return customers

    def customer(self, customer: str) -> dict[str, Any]:
        """One customer's whole record; raises UnknownCustomer."""
        record: dict[str, Any] = self._read(f"/v1/customers/{customer}")
        return record

    def codes(self, customer: str) -> list[dict[str, Any]]:
        """One-time codes sent to this customer's phones, newest first; raises UnknownCustomer."""
        codes: list[dict[str, Any]] = self._read(f"/v1/customers/{customer}/codes")
        return codes

    def _read(self, path: str) -> Any:
        try:
            answer = self._client.get(path)
        except httpx.TransportError as error:
            raise BankUnavailable(str(error)) from error
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise UnknownCustomer(UnknownCustomer.__doc__)
        return answer.raise_for_status().json()


@contextmanager
def running(data_dir: Path, key: str) -> Iterator[str]:
    """Runs the demo bank over this folder, and gives its address."""
    data_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "assistant.demo_bank", "--data-dir", str(data_dir), "--follow-stdin"]
    environment = os.environ | {"TELLER_BANK_KEY": key}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:  # noqa: S603 - our own interpreter and module
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise DemoBankDidNotStart(DemoBankDidNotStart.__doc__)
            yield str(json.loads(line)["url"])
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
