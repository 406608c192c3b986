from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from assistant.bell import Bell
from knowledge_base.database import Database
from tests.integration.bell_process import TOPIC, count, hear, write
from tests.service import ROOT

SOON = 5.0
NEVER = 0.8  # long enough for several looks at SQLite


@dataclass
class Room:
    """A database with its bell."""

    url: str
    database: Database
    bell: Bell

    def write(self) -> None:
        write(self.database, self.bell)


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    with closing(Database(database_url)) as database, closing(Bell(database)) as bell:
        yield Room(database_url, database, bell)


def another(what: str, url: str, wanted: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.integration.bell_process", what, url, str(wanted)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def threads() -> int:
    return sum(thread.name == "bell" for thread in threading.enumerate())


class TestOneProcess:
    def test_a_commit_wakes_who_listens_for_its_topic_and_nobody_else(self, room: Room) -> None:
        async def listen() -> tuple[bool, bool, float]:
            with room.bell.listening(TOPIC, "conversation:1") as ear, room.bell.listening("conversation:2") as other:
                await ear.rung(NEVER)  # when watching begins, everyone is woken once
                await other.rung(NEVER)
                begun = time.monotonic()
                writing = asyncio.to_thread(room.write)
                rung, _ = await asyncio.gather(ear.rung(SOON), writing)
                return rung, await other.rung(NEVER), time.monotonic() - begun - NEVER

        rung, other, seconds = asyncio.run(listen())
        assert (rung, other) == (True, False)
        assert seconds < SOON / 2

    def test_a_ring_between_reading_and_waiting_is_not_missed(self, room: Room) -> None:
        async def listen() -> tuple[int, bool]:
            with room.bell.listening(TOPIC) as ear:
                await ear.rung(NEVER)
                seen = count(room.database)
                await asyncio.to_thread(room.write)
                return seen, await ear.rung(0)

        assert asyncio.run(listen()) == (0, True)

    def test_a_rollback_rings_nothing(self, room: Room) -> None:
        async def listen() -> bool:
            with room.bell.listening(TOPIC) as ear:
                await ear.rung(NEVER)
                with pytest.raises(ZeroDivisionError), room.database.writing() as connection:
                    room.bell.ring(connection, TOPIC)
                    raise ZeroDivisionError
                return await ear.rung(NEVER)

        assert asyncio.run(listen()) is False

    def test_it_rings_after_the_commit_and_not_before(self, room: Room) -> None:
        async def listen() -> tuple[bool, bool]:
            with room.bell.listening(TOPIC) as ear:
                await ear.rung(NEVER)
                with room.database.writing() as connection:
                    room.bell.ring(connection, TOPIC)
                    early = await ear.rung(0.1)
                return early, await ear.rung(SOON)

        assert asyncio.run(listen()) == (False, True)

    def test_what_this_process_writes_without_a_ring_wakes_nobody(self, room: Room) -> None:
        async def listen() -> bool:
            with room.bell.listening(TOPIC) as ear:
                await ear.rung(NEVER)
                with room.database.writing() as connection:
                    connection.execute(text("INSERT INTO conversations VALUES ('a', '', '')"))
                return await ear.rung(NEVER)

        assert asyncio.run(listen()) is False

    def test_a_thousand_rings_from_four_threads_leave_nobody_behind(self, room: Room) -> None:
        wanted = 1_000

        def ring() -> None:
            for _ in range(wanted // 4):
                room.write()

        async def listen() -> list[int]:
            listeners = [asyncio.create_task(hear(room.database, room.bell, wanted)) for _ in range(20)]
            await asyncio.sleep(0.1)
            for thread in writers:
                thread.start()
            return await asyncio.gather(*listeners)

        writers = [threading.Thread(target=ring) for _ in range(4)]
        beside = another("hear", room.url, wanted)
        assert asyncio.run(listen()) == [wanted] * 20
        for thread in writers:
            thread.join()
        out, errors = beside.communicate(timeout=30)
        assert (out.splitlines()[-1], errors) == (str(wanted), "")

    def test_hundreds_may_listen_and_are_forgotten_when_they_leave(self, room: Room) -> None:
        async def one(number: int) -> bool:
            with room.bell.listening(TOPIC, f"conversation:{number}") as ear:
                await ear.rung(NEVER)
                await asyncio.sleep(NEVER)
                return await ear.rung(SOON)

        async def listen() -> list[bool]:
            listeners = [asyncio.create_task(one(number)) for number in range(500)]
            await asyncio.sleep(1.5 * NEVER)
            await asyncio.to_thread(room.write)
            return await asyncio.gather(*listeners)

        assert all(asyncio.run(listen()))
        assert not room.bell._ears
        room.write()  # the loop is closed, and nobody minds


class TestSeveralProcesses:
    def test_what_another_process_commits_wakes(self, room: Room) -> None:
        async def listen() -> int:
            listening = asyncio.create_task(hear(room.database, room.bell, 3))
            await asyncio.sleep(NEVER)
            other = another("ring", room.url, 3)
            seen = await listening
            assert await asyncio.to_thread(other.wait, 30) == 0
            other.communicate()
            return seen

        assert asyncio.run(listen()) == 3

    def test_another_process_is_woken_by_this_one(self, room: Room) -> None:
        other = another("hear", room.url, 1)
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n"
        time.sleep(NEVER)
        begun = time.monotonic()
        room.write()
        while (line := other.stdout.readline()) == "0\n":
            pass
        assert line == "1\n"
        assert time.monotonic() - begun < 2
        assert other.communicate(timeout=30)[1] == ""


class TestLostConnection:
    TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"

    def terminate(self, database: Database) -> int:
        with database.writing() as connection:
            return len(connection.execute(text(self.TERMINATE)).all())

    def test_it_is_made_again_and_everyone_is_woken_for_what_was_missed(self, postgres_url: str) -> None:
        async def listen() -> list[bool]:
            with bell.listening(TOPIC) as ear:
                heard = [await ear.rung(SOON)]
                assert await asyncio.to_thread(self.terminate, database) == 1
                heard.append(await ear.rung(SOON))
                with database.writing() as connection:  # as another process would
                    connection.execute(text("SELECT pg_notify('teller_bell', 'desk')"))
                return [*heard, await ear.rung(SOON)]

        with closing(Database(postgres_url)) as database, closing(Bell(database)) as bell:
            assert asyncio.run(listen()) == [True, True, True]


class TestClosing:
    def test_nothing_starts_before_someone_listens_and_nothing_stays(self, room: Room) -> None:
        async def listen() -> int:
            with room.bell.listening(TOPIC):
                return threads()

        room.write()
        assert threads() == 0
        assert asyncio.run(listen()) == 1
        begun = time.monotonic()
        room.bell.close()
        assert time.monotonic() - begun < 2
        assert threads() == 0
        room.bell.close()

    def test_closing_ends_also_while_the_database_is_out(self, postgres_url: str) -> None:
        async def listen() -> None:
            with bell.listening(TOPIC) as ear:
                await ear.rung(SOON)

        with closing(Database(postgres_url)) as database:
            bell = Bell(database)
            asyncio.run(listen())
            with closing(Database(postgres_url)) as other:
                TestLostConnection().terminate(other)
            bell.close()
            assert threads() == 0
