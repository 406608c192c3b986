"""Every part killed at random under load: afterwards each acknowledged turn is there once, and tickets and the bank's operations agree."""

from __future__ import annotations

import itertools
import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.settings import load
from evals import postgres
from evals.chaos_audit import audit
from evals.chaos_customer import ChaosCustomer, Heard
from evals.chaos_parts import Part, Server, Store, door, python
from evals.report import SuiteResult
from evals.statistics import exact

_CONVERSATIONS_A_SECOND = 20.0
_AT_ONCE = 120
_EVERY_SO_MANY = 100
"""One conversation in so many changes something at the bank, which sends a customer only so many codes a day."""
_DEMO_CUSTOMERS = tuple(f"c{number}" for number in range(1001, 1020))
_SEED = 20
_UNHURRIED = {
    f"TELLER_{limit}": "1000000"
    for limit in ("TURNS_PER_CONVERSATION", "CALLS_PER_ADDRESS", "CALLS_PER_KEY", "STREAMS_PER_ADDRESS")
}


def minutes() -> float:
    """How long parts are killed: TELLER_CHAOS_MINUTES, or 15."""
    return float(os.environ.get("TELLER_CHAOS_MINUTES", "15"))


@dataclass
class House:
    """Two processes of the service over a PostgreSQL, a Chroma server and a bank."""

    tellers: list[Server]
    parts: list[Part]
    bank_folder: Path
    database: str
    secret: str

    @property
    def address(self) -> str:
        """Of one of the processes."""
        return self.tellers[0].address


@dataclass
class Storm:
    """What happened while it lasted."""

    heard: list[Heard] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    begun: int = 0


def run() -> SuiteResult:
    """What was lost, doubled or does not agree, of which there must be nothing."""
    programs = postgres.programs()
    if programs is None:
        return SuiteResult("chaos", 0, 0, {}, skipped="skipped: PostgreSQL's programs are not installed")
    with tempfile.TemporaryDirectory() as scratch, house(Path(scratch), programs) as whole:
        storm = _weathered(whole, minutes())
        _await_all(whole)
        found, looked = audit(whole, storm.heard)
    turns = sum(len(one.turns) for one in storm.heard)
    scores = {
        "conversations": exact(storm.begun),
        "turns acknowledged": exact(turns),
        "kills": exact(storm.kills.total()),
        **{f"kills: {name}": exact(count) for name, count in sorted(storm.kills.items())},
        **{name: exact(count) for name, count in looked.items()},
        "messages nobody took": exact(sum(one.unheard for one in storm.heard)),
        **{name: exact(len(cases)) for name, cases in found.items()},
    }
    return SuiteResult("chaos", turns, turns, scores, list(itertools.chain.from_iterable(found.values()))[:20])


@contextmanager
def house(scratch: Path, programs: Path, **more: str) -> Iterator[House]:
    """A whole one, in processes of its own; `more` are settings of the service."""
    key, secret = secrets.token_hex(16), secrets.token_hex(32)
    bank_door, chroma_door = door(), door()
    bank_command = python("assistant.demo_bank", "--data-dir", str(scratch / "bank"), "--port", str(bank_door))
    bank = Server("bank", bank_command, bank_door, "/v1/customers", scratch, {"TELLER_BANK_KEY": key})
    chroma_command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
    chroma_command += ["--port", str(chroma_door), "--path", str(scratch / "chroma")]
    chroma = Server("chroma", chroma_command, chroma_door, "/api/v2/heartbeat", scratch, {})
    with postgres.running(programs) as database_server, database_server.database() as url:
        settings = {
            "TELLER_DATABASE_URL": url, "TELLER_CHROMA_URL": chroma.address, "TELLER_SECRET_KEY": secret,
            "TELLER_BANK_URL": bank.address, "TELLER_BANK_KEY": key, "TELLER_DEMO": "true",
            "TELLER_KNOWLEDGE_DIR": str(load().knowledge_dir), **_UNHURRIED, **more,
        }  # fmt: skip
        tellers = [_teller(name, scratch, settings) for name in ("teller 1", "teller 2")]
        parts: list[Part] = [*tellers, bank, chroma, Store(database_server)]
        try:
            for part in (bank, chroma, *tellers):
                part.start()
            yield House(tellers, parts, scratch / "bank", url, secret)
        finally:
            for server in (*tellers, chroma, bank):
                server.kill()


def _teller(name: str, scratch: Path, settings: dict[str, str]) -> Server:
    port, folder = door(), scratch / name.replace(" ", "-")
    folder.mkdir()
    (folder / "data").mkdir()
    command = python("assistant", "serve", "--port", str(port))
    return Server(name, command, port, "/healthz", folder, settings | {"TELLER_DATA_DIR": str(folder / "data")})


def _weathered(house: House, long: float) -> Storm:
    """Conversations begin evenly, whatever becomes of those before, and one part after another dies."""
    storm, end = Storm(), time.monotonic() + 60 * long
    killer = threading.Thread(target=_kill, args=(house.parts, storm, end), name="killer")
    killer.start()
    choose = random.Random(_SEED)
    customers = itertools.cycle(_DEMO_CUSTOMERS)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        under_way: list[Future[Heard | None]] = []
        while time.monotonic() < end:
            storm.begun += 1
            who = next(customers) if storm.begun % _EVERY_SO_MANY == 0 else None
            under_way.append(pool.submit(_talk, [one.address for one in house.tellers], choose.randrange(2**40), who))
            time.sleep(choose.expovariate(_CONVERSATIONS_A_SECOND))
        killer.join()
        storm.heard = [heard for future in under_way if (heard := future.result())]
    return storm


def _talk(addresses: Sequence[str], seed: int, customer: str | None) -> Heard | None:
    talker = ChaosCustomer(list(addresses), seed)
    try:
        return talker.talk(customer)
    finally:
        talker.close()


def _kill(parts: Sequence[Part], storm: Storm, end: float) -> None:
    """One at a time, so that there is always something to come back to; it lies for a moment."""
    choose = random.Random(_SEED)
    while time.monotonic() < end:
        time.sleep(choose.uniform(4, 12))
        part = choose.choice(parts)
        part.kill()
        storm.kills[part.name] += 1
        time.sleep(choose.uniform(0.2, 3))
        part.start()


def _await_all(house: House) -> None:
    """Returns when all is well again."""
    for teller in house.tellers:
        for _ in range(600):
            try:
                if httpx.get(f"{teller.address}/readyz", trust_env=False).is_success:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
