"""What nobody should wait for is made in the back room: a few things at a time, each once, and kept for who asks again."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache, TTLCache

from assistant.llm import ModelFailed

Made = TypeVar("Made")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job(Generic[Made]):
    """How something is made, and what is done once it is kept, or could not be made.

    `make` returns nothing where nothing good came of it, which is kept too, and raises ModelFailed.
    """

    make: Callable[[], Made | None]
    after: Callable[[], None]


class Backroom(Generic[Made]):
    """Threads that end with the process; what is asked for while too much waits is not begun, and may be asked for again."""

    def __init__(self, workers: int = 2, waiting: int = 64, kept: int = 2_000, again_after: float = 60) -> None:
        self._workers = workers
        self._made: LRUCache[Hashable, Made | None] = LRUCache(kept)
        self._failed: TTLCache[Hashable, bool] = TTLCache(kept, again_after)
        self._under_way: set[Hashable] = set()
        self._jobs: queue.Queue[tuple[Hashable, Job[Made]]] = queue.Queue(waiting)
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()

    def ask(self, key: Hashable, job: Job[Made]) -> Made | None:
        """What was made under this key; where nothing was yet, nothing, and the job is begun unless it failed just now."""
        with self._changed:
            if key in self._made:
                return self._made[key]
            if key not in self._under_way and key not in self._failed:
                self._begin(key, job)
        return None

    def wait(self, seconds: float) -> bool:
        """Whether nothing is under way, now or within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)

    def _begin(self, key: Hashable, job: Job[Made]) -> None:
        try:
            self._jobs.put_nowait((key, job))
        except queue.Full:
            return
        self._under_way.add(key)
        if len(self._threads) < min(self._workers, len(self._under_way)):
            self._threads.append(threading.Thread(target=self._work, name="backroom", daemon=True))
            self._threads[-1].start()

    def _work(self) -> None:
        while True:
            key, job = self._jobs.get()
            try:
                self._do(key, job)
                job.after()
            except Exception:  # the thread's outermost edge: the next job must be done all the same
                log.exception("what was made in the background was lost")
                self._note_failure(key)
            finally:
                with self._changed:
                    self._under_way.discard(key)
                    self._changed.notify_all()

    def _do(self, key: Hashable, job: Job[Made]) -> None:
        try:
            made = job.make()
        except ModelFailed as error:
            log.info("nothing was made in the background: %s", error)
            self._note_failure(key)
        else:
            with self._changed:
                self._made[key] = made

    def _note_failure(self, key: Hashable) -> None:
        with self._changed:
            self._failed[key] = True
