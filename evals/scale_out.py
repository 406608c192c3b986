"""Two processes over one PostgreSQL and one Chroma server against one of them: turns a second, where they wait and where they work."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from evals import postgres
from evals.chaos import house
from evals.model_process import ModelProcess
from evals.report import Score, SuiteResult
from evals.statistics import exact

_CLIENTS = 12
"""Of each process, one turn after the other without a pause."""
_SECONDS, _WARM = 20.0, 4.0
_WAIT = 0.8
"""Seconds before the model says anything: the process has nothing to do meanwhile."""
_QUESTIONS = ("白金卡年费多少", "三年定期利率是多少", "手机银行转账收费吗")


def run() -> SuiteResult:
    """Turns a second of one process and of two, waiting for a model and by the rules alone, and their ratios."""
    programs = postgres.programs()
    if programs is None:
        return SuiteResult("scale_out", 0, 0, {}, skipped="skipped: PostgreSQL's programs are not installed")
    scores: dict[str, Score] = {}
    with _slow_model() as url:
        waiting = {"TELLER_LLM_BASE_URL": url, "TELLER_LLM_MODEL": "scripted", "TELLER_LLM_SMALL_MODEL": "scripted"}
        for name, settings in (("waiting", waiting), ("working", {})):
            with tempfile.TemporaryDirectory() as scratch, house(Path(scratch), programs, **settings) as whole:
                addresses = [one.address for one in whole.tellers]
                one, two = _rate(addresses[:1]), _rate(addresses)
            scores |= {
                f"{name}: one process, turns a second": exact(one),
                f"{name}: two processes, turns a second": exact(two),
                f"{name}: two over one": exact(two / one),
            }
    return SuiteResult("scale_out", 4, 4, scores)


@contextmanager
def _slow_model() -> Iterator[str]:
    model = ModelProcess({"pause": _WAIT})
    try:
        yield model.url
    finally:
        model.kill()


def _rate(addresses: list[str]) -> float:
    """Turns a second that these processes make, each for its own customers."""
    began = time.monotonic()
    end = began + _WARM + _SECONDS
    clients = [address for address in addresses for _ in range(_CLIENTS)]
    with ThreadPoolExecutor(len(clients)) as pool:
        counts = list(pool.map(lambda address: _talk(address, began + _WARM, end), clients))
    return sum(counts) / _SECONDS


def _talk(address: str, counted_from: float, end: float) -> int:
    count = 0
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
        opened = http.post("/v1/conversations", json={}).json()
        own = {"Authorization": f"Bearer {opened['token']}"}
        while time.monotonic() < end:
            text = _QUESTIONS[count % len(_QUESTIONS)]
            http.post(f"/v1/conversations/{opened['id']}/turns", json={"text": text}, headers=own).raise_for_status()
            count += counted_from < time.monotonic() < end
    return count
