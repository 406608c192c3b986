from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from knowledge_base.database import Database
from knowledge_base.library import Holding, Library, Shelved
from knowledge_base.passage import Audience, Document, Kind, Passage

THREADS = 8


@pytest.fixture
def library(database_url: str) -> Iterator[Library]:
    with closing(Database(database_url)) as database:
        yield Library(database)


def holding(identifier: str, revision: str = "r", audience: Audience = Audience.CUSTOMER) -> Holding:
    return Holding(Document(identifier, f"{identifier}.md", "标题", audience), revision, "folder", "hash", "s", 2)


def shelved(identifier: str, revision: str = "r", count: int = 3) -> list[Shelved]:
    vectors = np.ones((2, 4), dtype=np.float32)
    return [
        Shelved(
            Passage(f"{identifier}.{revision}.{number}", identifier, number, Kind.TEXT, f"第{number}段", ("甲", "乙")),
            vectors,
        )
        for number in range(count)
    ]


def all_at_once(action: Callable[[int], object]) -> None:
    """Runs it in eight threads that begin together; raises what any of them raises."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> None:
        gate.wait()
        action(number)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))


class TestLibrary:
    def test_what_was_put_is_there_as_a_whole(self, library: Library) -> None:
        assert library.generation() == 0
        library.put(holding("d"), shelved("d"))
        library.put(holding("e", audience=Audience.STAFF), shelved("e", count=1))
        assert [held.document.id for held in library.holdings()] == ["d", "e"]
        assert [held.document.id for held in library.holdings(Audience.STAFF)] == ["e"]
        passages = library.passages("d")
        assert [item.passage for item in passages] == [item.passage for item in shelved("d")]
        assert np.array_equal(passages[0].vectors, np.ones((2, 4)))
        assert set(library.fetch(["d.r.1", "e.r.0", "gone"])) == {"d.r.1", "e.r.0"}
        assert library.count() == 4

    def test_a_document_is_replaced_and_removed(self, library: Library) -> None:
        library.put(holding("d"), shelved("d"))
        library.put(holding("d", "r2"), shelved("d", "r2", 1))
        assert [item.passage.id for item in library.passages("d")] == ["d.r2.0"]
        library.restamp("d", "touched")
        assert library.holdings()[0].stamp == "touched"
        library.remove("d")
        library.remove("d")
        assert (library.count(), library.holdings(), library.generation()) == (0, [], 3)

    def test_every_change_from_many_threads_is_counted(self, library: Library) -> None:
        def put(number: int) -> None:
            for round_ in range(4):
                library.put(holding(f"{number}-{round_}"), shelved(f"{number}-{round_}"))

        all_at_once(put)
        assert (library.generation(), library.count()) == (4 * THREADS, 12 * THREADS)

    def test_many_may_put_the_same_document_at_once(self, library: Library) -> None:
        all_at_once(lambda number: library.put(holding("d", f"r{number}"), shelved("d", f"r{number}")))
        (held,) = library.holdings()
        assert [item.passage.id for item in library.passages("d")] == [f"d.{held.revision}.{n}" for n in range(3)]

    def test_many_may_note_at_once_what_an_index_has(self, library: Library) -> None:
        many = [holding(str(number)) for number in range(1_200)]
        all_at_once(lambda _number: library.mark_indexed("index", many))
        assert library.indexed("index") == {str(number): ("r", 2) for number in range(1_200)}
        library.unmark_indexed("index", [str(number) for number in range(1_199)])
        assert library.indexed("index") == {"1199": ("r", 2)}
        assert library.indexed("other") == {}
