"""Reading and embedding spread over a crew of processes; what is due is chosen, and what was read is stored, in one place only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ingest.due_file import DueFile, ReadFile
from ingest.reader import Unreadable
from knowledge_base.embedder import Embedder

MakeEmbedder = Callable[[], Embedder]
Parcel = Sequence[DueFile]
_FILES, _BYTES = 32, 2**20
_AHEAD = 2
"""Parcels that each process has before the first of them is stored, so that none waits and memory stays bounded."""


class Died(Exception):
    """A process of the crew ended before it gave back what it was sent."""


class Crew(Protocol):
    """Processes that read."""

    def send(self, parcel: Parcel) -> Callable[[], list[ReadFile]]:
        """Has a parcel read; the result waits for it. Both raise Died."""
        ...


Hire = Callable[[int], AbstractContextManager[Crew]]


class Hand:
    """What reads and embeds in a process of the crew; it has a model of its own."""

    def __init__(self, make_embedder: MakeEmbedder) -> None:
        self._embedder = make_embedder()

    def read(self, parcel: Parcel) -> list[ReadFile]:
        """The files of a parcel, their texts embedded together so that those of like length fill the model's batches."""
        files = [due.read() for due in parcel]
        texts = [list(file.texts) for file in files]
        whole = [text for one in texts for text in one]
        vectors = (
            self._embedder.embed_passages(whole) if whole else np.empty((0, self._embedder.dimensions), np.float32)
        )
        ends = np.cumsum([len(one) for one in texts])
        return [file.embedded(part) for file, part in zip(files, np.split(vectors, ends[:-1]), strict=True)]


@dataclass(frozen=True)
class Spread:
    """So many processes, and where they are had from."""

    hire: Hire
    count: int

    def read(self, due: Iterable[DueFile]) -> Iterator[ReadFile]:
        """Each file read and embedded, or why it cannot be, in the order in which they are due.

        A file over which a process dies takes no other with it: what was under way is then read one by one.
        """
        parcels = _parcels(due)
        while under_way := (yield from self._until_one_dies(parcels)):
            yield from self._one_by_one(deque(under_way))

    def _until_one_dies(self, parcels: Iterator[Parcel]) -> Generator[ReadFile, None, list[DueFile]]:
        """What was sent and did not come back; nothing once all parcels have."""
        sent: deque[Parcel] = deque()
        waiting: deque[Callable[[], list[ReadFile]]] = deque()
        with self.hire(self.count) as crew:
            try:
                while True:
                    while len(sent) < self.count * _AHEAD and (parcel := next(parcels, None)):
                        sent.append(parcel)
                        waiting.append(crew.send(parcel))
                    if not sent:
                        return []
                    read = waiting.popleft()()
                    sent.popleft()
                    yield from read
            except Died:
                return [due for parcel in sent for due in parcel]

    def _one_by_one(self, files: deque[DueFile]) -> Iterator[ReadFile]:
        """Each alone in a process, so that it is known which file ends it."""
        while files:
            with self.hire(1) as crew:
                while files:
                    due = files.popleft()
                    try:
                        read = crew.send([due])()
                    except Died:
                        yield due.failed(
                            Unreadable("reading it ended the process", "open it in its own program and save it again")
                        )
                        break
                    yield from read


def _parcels(due: Iterable[DueFile]) -> Iterator[Parcel]:
    """Small files together, large ones alone."""
    parcel: list[DueFile] = []
    size = 0
    for one in due:
        parcel.append(one)
        size += one.file.path.stat().st_size
        if len(parcel) >= _FILES or size >= _BYTES:
            yield parcel
            parcel, size = [], 0
    if parcel:
        yield parcel
