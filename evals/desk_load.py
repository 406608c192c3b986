"""Fifty agents in four processes at two thousand tickets: nothing claimed twice, nothing lost, and what a claim costs over a bare row."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals import desk_floor, postgres
from evals.desk_audit import Audit, audit
from evals.desk_crew import Worked
from evals.desk_office import fill, opened
from evals.report import Score, SuiteResult
from evals.statistics import exact

_TICKETS, _AGENTS, _PROCESSES = 2_000, 50, 4
_SEED = 20261122
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Load:
    """What came of one run: what the events say, and what was measured."""

    audit: Audit
    worked: Worked
    seconds: float


def run() -> SuiteResult:
    """By database - PostgreSQL where the machine has its programs -: the faults, of which there must be none, and times in milliseconds."""
    scores: dict[str, Score] = {}
    tickets = 0
    for name, url in _databases():
        load = play(url, _TICKETS, _AGENTS, _PROCESSES)
        tickets += load.audit.tickets
        scores |= {f"{name}: {what}": exact(value) for what, value in _scores(load).items()}
    return SuiteResult("desk", tickets, tickets, scores)


def play(url: str, tickets: int, agents: int, processes: int, seed: int = _SEED) -> Load:
    """Fills a new database with tickets and has agents, in processes of their own, serve them all."""
    with opened(url) as office:
        fill(office, tickets, seed)
        desk_floor.lay(office.storage.database, 2 * tickets)
        worked, seconds = _worked(url, _crews(agents, processes), seed)
        return Load(audit(office), worked, seconds)


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    return statistics.median(seconds), float(np.quantile(seconds, 0.99))


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as scratch:
        yield "sqlite", f"sqlite:///{scratch}/teller.sqlite3"
    programs = postgres.programs()
    if programs:
        with postgres.running(programs) as server, server.database() as url:
            yield "postgresql", url


def _scores(load: Load) -> dict[str, float]:
    (half, most), (bare_half, bare_most) = quantiles(load.worked.claims), quantiles(load.worked.floor)
    found = load.audit
    return {
        "claimed twice": found.claimed_twice,
        "closed twice": found.closed_twice,
        "lost": found.lost,
        "events against rows": found.illegal,
        "claims": found.claims,
        "seconds in all": load.seconds,
        "claim, median ms": 1000 * half,
        "claim, p99 ms": 1000 * most,
        "bare row, median ms": 1000 * bare_half,
        "bare row, p99 ms": 1000 * bare_most,
        "claim over bare row, median": half / bare_half,
        "claim over bare row, p99": most / bare_most,
    }


def _crews(agents: int, processes: int) -> list[list[str]]:
    names = [f"agent{number:02}" for number in range(agents)]
    return [names[first::processes] for first in range(processes)]


def _worked(url: str, crews: Sequence[Sequence[str]], seed: int) -> tuple[Worked, float]:
    """What all crews did, and how many seconds they took from the moment when all were ready."""
    with ExitStack() as stack:
        running = [stack.enter_context(_started(url, crew, seed)) for crew in crews]
        for one in running:
            _read(one)
        begun = time.perf_counter()
        for one in running:
            _write(one, "begin\n")
        told = [json.loads(_read(one)) for one in running]
        seconds = time.perf_counter() - begun
    claims, floor = ([value for one in told for value in one[key]] for key in ("claims", "floor"))
    return Worked(claims, floor, sum((Counter(one["moves"]) for one in told), Counter[str]())), seconds


@contextmanager
def _started(url: str, crew: Sequence[str], seed: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "evals.desk_crew", url, str(seed), *crew]
    running = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with running:
        try:
            yield running
        finally:
            running.kill()


def _read(running: subprocess.Popen[str]) -> str:
    line = running.stdout.readline() if running.stdout else ""
    if not line:
        raise AssertionError("a crew has ended without a word; it says why above")
    return line


def _write(running: subprocess.Popen[str], line: str) -> None:
    if running.stdin:
        running.stdin.write(line)
        running.stdin.flush()
