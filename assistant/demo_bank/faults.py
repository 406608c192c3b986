"""Failures to order: the bank slow, away, or losing an answer after the change is made."""

from __future__ import annotations

import asyncio
import fnmatch
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import delete, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.demo_bank.database.store import Store
from assistant.demo_bank.database.tables import faults
from assistant.demo_bank.problem import unavailable

Mode = Literal["none", "refuse", "drop_before", "drop_after", "hang"]
_SPARED = ("/v1/faults", "/v1/customers")


@dataclass(frozen=True)
class Fault:
    """`paths` is a prefix, or a pattern where it has a `*`; `calls` is how many more calls it is for."""

    mode: Mode = "none"
    latency_ms: int = 0
    seconds: int = 30
    calls: int = 0
    paths: str = ""

    def meets(self, path: str) -> bool:
        """Whether a call to this path fails so; the demo's own pages never do."""
        if self.calls < 1 or not path.startswith("/v1/") or path.startswith(_SPARED):
            return False
        return fnmatch.fnmatchcase(path, self.paths) if "*" in self.paths else path.startswith(self.paths)


class Faults:
    """The failure that has been ordered, if any."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> Fault:
        """As it stands, with the calls that are left."""
        with self._store.reading() as connection:
            row = connection.execute(select(faults)).mappings().one_or_none()
        return Fault(**{name: value for name, value in row.items() if name != "id"}) if row else Fault()

    def order(self, fault: Fault) -> None:
        """Replaces the one before."""
        with self._store.writing() as connection:
            connection.execute(delete(faults))
            connection.execute(insert(faults).values(id=1, **asdict(fault)))

    def take(self, path: str) -> Fault:
        """The failure for this call, which then is used up by one."""
        if not self.read().meets(path):
            return Fault()
        with self._store.writing() as connection:
            row = connection.execute(
                update(faults).where(faults.c.calls > 0).values(calls=faults.c.calls - 1).returning(faults)
            ).mappings().one_or_none()  # fmt: skip
        return Fault(**{name: value for name, value in row.items() if name != "id"}) if row else Fault()


class FaultyLine:
    """Middleware between the caller and the bank, where calls fail as ordered."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, or does not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = await run_in_threadpool(self._faults.take, scope["path"])
        await asyncio.sleep(fault.latency_ms / 1000 + (fault.seconds if fault.mode == "hang" else 0))
        if fault.mode == "refuse":
            await unavailable()(scope, receive, send)
        elif fault.mode == "drop_before":
            await _drop(send)
        elif fault.mode == "drop_after":
            await self._app(scope, receive, _lose)
            await _drop(send)
        else:
            await self._app(scope, receive, send)


async def _lose(_message: Message) -> None:
    """Where an answer goes that nobody is to get."""


async def _drop(send: Send) -> None:
    """Promises an answer and gives none; uvicorn then closes the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
