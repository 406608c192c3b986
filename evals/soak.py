"""An hour at half of the top rate: whether memory, handles and times stay as they were."""

from __future__ import annotations

import itertools
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from assistant import bootstrap
from assistant.settings import load
from evals.plain_client import Talker, talking
from evals.report import Case, SuiteResult
from evals.served import Served, served
from evals.statistics import exact

_QUESTIONS = ("白金卡年费多少", "三年定期利率是多少", "手机银行转账收费吗", "怎么挂失", "网点几点开门", "怎么投诉")
_TOP_CLIENTS, _TOP_SECONDS = 8, 30
_CLIENTS = 24
"""More than are ever busy, so that a slow answer delays no other's question."""
_STREAMED_EACH, _HANDED_EACH = 5, 50
_SAMPLE_SECONDS = 5.0
_WARM = 1 / 6
"""The share of the time in which caches may still fill."""
_PARTS = 10
"""What is compared with one another: the first and the last of so many even parts of the time."""


@dataclass
class Soaked:
    """What was seen: the seconds since it began of each turn and how long it took, and of each look at the process what it held."""

    turns: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    handles: list[tuple[float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def minutes() -> float:
    """How long it goes on: TELLER_SOAK_MINUTES, or 60."""
    return float(os.environ.get("TELLER_SOAK_MINUTES", "60"))


def run() -> SuiteResult:
    """Slopes of memory (MiB) and handles an hour after warming up, and the p99 of the last part over that of the first."""
    bootstrap.go_offline()
    with tempfile.TemporaryDirectory() as scratch:
        settings = load().model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        with served(settings, settings.knowledge_dir) as running:
            top = _top(running.address)
            soaked = _soaked(running, top / 2, 60 * minutes())
    warm = 60 * minutes() * _WARM
    first, *_, last = _windows([(at, took) for at, took in soaked.turns if at >= warm])
    scores = {
        "top rate, turns a second": exact(top),
        "turns": exact(len(soaked.turns)),
        "turns a second": exact(len(soaked.turns) / (60 * minutes())),
        "failed": exact(len(soaked.failed)),
        "memory at first, MiB": exact(_mean_from(soaked.memory, warm)[0]),
        "memory at the end, MiB": exact(_mean_from(soaked.memory, warm)[1]),
        "memory, MiB more an hour": exact(_slope(soaked.memory, warm)),
        "handles at the end": exact(soaked.handles[-1][1]),
        "handles more an hour": exact(_slope(soaked.handles, warm)),
        "median ms": exact(1000 * float(np.median([took for _, took in soaked.turns]))),
        "p99 at first, ms": exact(1000 * first),
        "p99 at the end, ms": exact(1000 * last),
        "p99, end over first": exact(last / first),
    }
    failed = [Case("failed", "turn", "an answer", error) for error in soaked.failed[:20]]
    return SuiteResult("soak", len(soaked.turns), len(soaked.turns), scores, failed)


def _top(address: str) -> float:
    """Turns a second of clients that never pause."""
    end = time.monotonic() + _TOP_SECONDS

    def one(_client: int) -> int:
        count = 0
        with talking(address) as talk:
            while time.monotonic() < end:
                talk(_QUESTIONS[count % len(_QUESTIONS)])
                count += 1
        return count

    with ThreadPoolExecutor(_TOP_CLIENTS) as pool:
        return sum(pool.map(one, range(_TOP_CLIENTS))) / _TOP_SECONDS


def _soaked(running: Served, rate: float, seconds: float) -> Soaked:
    """Turns at an even rate; each is timed from when it was due, so that waiting for a slow one counts."""
    soaked, began = Soaked(), time.monotonic()
    due: Iterator[int] = itertools.count()
    turn_of = threading.Lock()

    def one(_client: int) -> None:
        with talking(running.address) as talk:
            while True:
                with turn_of:
                    number = next(due)
                at = number / rate
                if at >= seconds:
                    return
                time.sleep(max(0.0, began + at - time.monotonic()))
                try:
                    _say(talk, number)
                except (RuntimeError, ConnectionError) as error:
                    soaked.failed.append(str(error))
                soaked.turns.append((at, time.monotonic() - began - at))

    watch = threading.Thread(target=_watch, args=(running, soaked, began, seconds), name="watch")
    watch.start()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(one, range(_CLIENTS)))
    watch.join()
    return soaked


def _say(talk: Talker, number: int) -> None:
    """Questions, some of them streamed; now and then somebody asks for a person and thinks better of it."""
    if number % _HANDED_EACH == 0:
        talk("转人工", "不用转人工了")
    else:
        talk(_QUESTIONS[number % len(_QUESTIONS)], streamed=number % _STREAMED_EACH == 0)


def _watch(running: Served, soaked: Soaked, began: float, seconds: float) -> None:
    """What the process holds, from beside it."""
    process = psutil.Process(running.process.pid)
    while (at := time.monotonic() - began) < seconds:
        soaked.memory.append((at, process.memory_info().rss / 2**20))
        soaked.handles.append((at, process.num_fds() + process.num_threads()))
        time.sleep(_SAMPLE_SECONDS)


def _slope(seen: Sequence[tuple[float, float]], after: float) -> float:
    """More an hour, by least squares over what was seen after that second."""
    at, held = np.array([one for one in seen if one[0] >= after]).T
    return float(np.polyfit(at / 3600, held, 1)[0])


def _mean_from(seen: Sequence[tuple[float, float]], after: float) -> tuple[float, float]:
    """The means of the first and of the last tenth of what was seen after that second."""
    held = [value for at, value in seen if at >= after]
    few = max(1, len(held) // _PARTS)
    return float(np.mean(held[:few])), float(np.mean(held[-few:]))


def _windows(turns: Sequence[tuple[float, float]]) -> list[float]:
    """The p99 of each tenth of the time."""
    took = [seconds for _, seconds in sorted(turns)]
    return [float(np.quantile(part, 0.99)) for part in np.array_split(took, _PARTS)]
