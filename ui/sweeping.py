"""What is done again and again for as long as the service runs: the queue, what was left open, runs of suites."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from assistant.erasure import Erasure
from assistant.faq_desk import FaqDesk
from assistant.gap_desk import GapDesk
from assistant.picture import KEPT_DAYS, Pictures
from assistant.routing import Routing
from assistant.storage import Storage
from evals.run_desk import RunDesk

log = logging.getLogger(__name__)
_QUEUE_SECONDS = 1.0
_PICTURES_EVERY = 3600
_GAPS_SECONDS = 60.0
_RUNS_SECONDS = 2.0
_KEEPING_SECONDS = 60.0
_ERASED_AT_ONCE = 200
"""So that nobody who writes meanwhile waits long."""
_RETENTION = "system:retention"


@contextmanager
def sweeping(routing: Routing, pictures: Pictures) -> Iterator[None]:
    """Sweeps the queue every second, and deletes old pictures every hour."""
    seconds = itertools.count()

    def sweep() -> None:
        routing.sweep()
        if next(seconds) % _PICTURES_EVERY == 0:
            pictures.delete_older_than(KEPT_DAYS)

    with _repeated("sweep", _QUEUE_SECONDS, sweep):
        yield


@contextmanager
def keeping(storage: Storage, erasure: Erasure, days: int) -> Iterator[None]:
    """Every minute, `keep`."""
    with _repeated("keeping", _KEEPING_SECONDS, lambda: keep(storage, erasure, days)):
        yield


def keep(storage: Storage, erasure: Erasure, days: int) -> None:
    """Erases some of the conversations that are older than is kept - 0 days keep all - and forgets what was erased by whomever."""
    if days and erasure.older_than(days, 1):
        erasure.old(days, _RETENTION, _ERASED_AT_ONCE)
    storage.forget_erased()


@contextmanager
def reading_gaps(gaps: GapDesk, faqs: FaqDesk) -> Iterator[None]:
    """Reads every minute what the documents left open, a bounded part of it, and publishes what was approved and is not there yet."""

    def read() -> None:
        gaps.refresh()
        faqs.make_good()

    with _repeated("gaps", _GAPS_SECONDS, read):
        yield


@contextmanager
def playing_runs(runs: RunDesk) -> Iterator[None]:
    """Begins the evaluation run whose turn it is; what this process began is broken off when the service ends, to be gone on with."""
    with closing(runs), _repeated("runs", _RUNS_SECONDS, runs.keep_going):
        yield


@contextmanager
def _repeated(name: str, seconds: float, work: Callable[[], object]) -> Iterator[None]:
    """Does this in a thread of its own; what fails is logged and tried again."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(seconds):
            try:
                work()
            except Exception:  # the outermost edge of this thread, which must outlive an outage of the database
                log.exception("%s failed, and is tried again", name)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)
