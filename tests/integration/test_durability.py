from __future__ import annotations

import json
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service import QUESTION, RunningService, teller, write_documents

ROUNDS = 3
Turn = dict[str, Any]


class Customer(threading.Thread):
    """Talks without pause until the service is gone, and remembers each turn that was acknowledged by its key."""

    def __init__(self, address: str, path: str, headers: dict[str, str], name: str) -> None:
        super().__init__(name=name)
        self._url = f"{address}{path}/turns"
        self._headers = headers
        self.acknowledged: dict[str, Turn] = {}
        self.lost: str | None = None
        """The key of the message that was under way when the service went."""

    def run(self) -> None:
        with httpx.Client(timeout=30, trust_env=False) as http:
            for number in range(10_000):
                key = f"{self.name}-{number}"
                self.lost = key
                try:
                    response = http.post(
                        self._url, json={"text": QUESTION}, headers=self._headers | {"Idempotency-Key": key}
                    )
                    self.acknowledged[key] = response.json()
                except httpx.TransportError:
                    return


class TestKill:
    def test_no_acknowledged_turn_is_ever_lost(self, tmp_path: Path, database_url: str) -> None:
        write_documents(tmp_path)
        dice = random.Random(20261122)
        acknowledged: dict[str, Turn] = {}
        path = ""
        headers: dict[str, str] = {}
        for round_ in range(ROUNDS):
            service = RunningService(tmp_path, TELLER_DATABASE_URL=database_url)
            service.wait()
            if not path:
                path, headers = start(service.http)
            check(service.http, path, headers, acknowledged)
            customers = [Customer(service.address, path, headers, f"{round_}-{name}") for name in "ab"]
            for customer in customers:
                customer.start()
            while not any(customer.acknowledged for customer in customers):
                time.sleep(0.01)  # a service that has just started takes its time over the first
            time.sleep(dice.uniform(0, 0.7))
            service.end(signal.SIGKILL)
            for customer in customers:
                customer.join()
                acknowledged |= customer.acknowledged
        assert len(acknowledged) >= ROUNDS
        service = RunningService(tmp_path, TELLER_DATABASE_URL=database_url)
        service.wait()
        check(service.http, path, headers, acknowledged)
        for customer in customers:  # what was under way when it was killed can be sent again, and is there once
            again = [say(service.http, path, headers, str(customer.lost)) for _ in range(2)]
            assert again[0] == again[1]
        messages = service.http.get(path, headers=headers).json()["messages"]
        following = say(service.http, path, headers, "new")
        assert 2 * following["number"] == len(messages) + 1
        service.end()


def start(http: httpx.Client) -> tuple[str, dict[str, str]]:
    """A conversation's path, and the headers that open it."""
    started = http.post("/v1/conversations", json={}).json()
    return f"/v1/conversations/{started['id']}", {"Authorization": f"Bearer {started['token']}"}


def say(http: httpx.Client, path: str, headers: dict[str, str], key: str) -> Turn:
    response = http.post(f"{path}/turns", json={"text": QUESTION}, headers=headers | {"Idempotency-Key": key})
    assert response.status_code == 200, response.text
    turn: Turn = response.json()
    return turn


def check(http: httpx.Client, path: str, headers: dict[str, str], acknowledged: dict[str, Turn]) -> None:
    """Every acknowledged turn is where it was, in the conversation and by its key."""
    messages = http.get(path, headers=headers).json()["messages"]
    for turn in acknowledged.values():
        assert messages[2 * turn["number"]]["text"] == turn["reply"]["text"]
        asked = messages[2 * turn["number"] - 1]
        assert (asked["author"], asked["text"], asked["reply"]) == ("customer", QUESTION, None)
    assert len({turn["number"] for turn in acknowledged.values()}) == len(acknowledged)
    for key in sorted(acknowledged)[:5] + sorted(acknowledged)[-5:]:
        assert say(http, path, headers, key) == acknowledged[key]


class TestPostgres:
    def test_one_key_eight_times_at_once_is_one_turn_and_a_nul_is_a_problem(
        self, tmp_path: Path, postgres_url: str
    ) -> None:
        write_documents(tmp_path)
        service = RunningService(tmp_path, TELLER_DATABASE_URL=postgres_url)
        service.wait()
        path, headers = start(service.http)
        with ThreadPoolExecutor(8) as pool:
            turns = list(pool.map(lambda _: say(service.http, path, headers, "k"), range(8)))
        assert turns == [turns[0]] * 8
        assert say(service.http, path, headers, "other")["number"] == 2
        refused = service.http.get("/v1/conversations/%00", headers=headers)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
        service.end()


class TestBeside:
    def test_a_question_asked_beside_the_service_indexes_what_is_new_for_both(self, service: RunningService) -> None:
        document = service.root / "documents" / "保管箱.md"
        document.write_text("云杉广场网点出租保管箱，年租金为600元。", encoding="utf-8")
        for is_there in (True, False):
            asked = teller(service.root, "ask", QUESTION, "--json")
            assert asked.returncode == 0, asked.stderr
            assert "3600" in json.loads(asked.stdout)["reply"]["text"]
            passages = service.http.post("/v1/search", json={"query": "保管箱年租金"}).json()["passages"]
            assert any("保管箱" in passage["text"] for passage in passages) == is_there
            document.unlink(missing_ok=True)
        path, headers = start(service.http)
        assert "3600" in say(service.http, path, headers, "k")["reply"]["text"]

    def test_a_second_service_over_the_same_data_is_refused(self, service: RunningService) -> None:
        second = teller(service.root, "serve", "--port", "0")
        assert second.returncode == 1
        assert "TELLER_CHROMA_URL" in second.stderr


class TestRefusals:
    @pytest.mark.parametrize("command", [["serve"], ["ask", QUESTION], ["ingest"], ["doctor"]])
    def test_a_database_that_does_not_answer_is_told_in_a_sentence(self, tmp_path: Path, command: list[str]) -> None:
        write_documents(tmp_path)
        url = "postgresql://teller:hidden@127.0.0.1:1/teller"
        refused = teller(tmp_path, *command, TELLER_DATABASE_URL=url)
        assert refused.returncode == 1
        told = " ".join((refused.stdout + refused.stderr).split())
        assert "postgresql+psycopg://teller:***@127.0.0.1:1/teller cannot be used: connection failed" in told
        assert "start the PostgreSQL server, or correct TELLER_DATABASE_URL" in told
        assert "Traceback" not in told
        assert "hidden" not in told

    def test_the_doctor_knows_postgresql_and_hides_its_password(self, tmp_path: Path, postgres_url: str) -> None:
        url = postgres_url.replace("teller@", "teller:hidden@")
        examined = teller(tmp_path, "doctor", TELLER_DATABASE_URL=url)
        assert "database: PostgreSQL, 0 passages" in examined.stdout
        assert "hidden" not in examined.stdout + examined.stderr

    def test_the_demo_is_not_served_to_others(self, tmp_path: Path) -> None:
        write_documents(tmp_path)
        refused = teller(tmp_path, "serve", "--host", "0.0.0.0")
        assert refused.returncode == 1
        assert "TELLER_DEMO=false" in refused.stderr
        assert "0.0.0.0" in refused.stderr
        assert "Traceback" not in refused.stderr

    def test_several_workers_need_a_chroma_server(self, tmp_path: Path) -> None:
        write_documents(tmp_path)
        refused = teller(tmp_path, "serve", "--workers", "2")
        assert refused.returncode == 1
        assert "TELLER_CHROMA_URL" in refused.stderr
        assert "Traceback" not in refused.stderr
