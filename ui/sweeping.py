"""Keeps the queue moving for as long as the service runs."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.picture import KEPT_DAYS, Pictures
from assistant.routing import Routing

log = logging.getLogger(__name__)
_EVERY = 1.0
_PICTURES_EVERY = 3600


@contextmanager
def sweeping(routing: Routing, pictures: Pictures) -> Iterator[None]:
    """Sweeps every second in a thread of its own, and deletes old pictures every hour; what fails is logged and tried again."""
    ended = threading.Event()

    def run() -> None:
        for second in itertools.count():
            if ended.wait(_EVERY):
                return
            try:
                routing.sweep()
                if second % _PICTURES_EVERY == 0:
                    pictures.delete_older_than(KEPT_DAYS)
            except Exception:  # the outermost edge of this thread, which must outlive an outage of the database
                log.exception("the queue could not be swept")

    thread = threading.Thread(target=run, name="sweep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)
