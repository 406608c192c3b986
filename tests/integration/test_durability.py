from __future__ import annotations

import json
import random
import signal
import threading
import time
from pathlib import Path
from typing import Any

import httpx

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
    def test_no_acknowledged_turn_is_ever_lost(self, tmp_path: Path) -> None:
        write_documents(tmp_path)
        dice = random.Random(20261122)
        acknowledged: dict[str, Turn] = {}
        path = ""
        headers: dict[str, str] = {}
        for round_ in range(ROUNDS):
            service = RunningService(tmp_path)
            service.wait()
            if not path:
                path, headers = start(service.http)
            check(service.http, path, headers, acknowledged)
            customers = [Customer(service.address, path, headers, f"{round_}-{name}") for name in "ab"]
            for customer in customers:
                customer.start()
            time.sleep(dice.uniform(0.1, 0.8))
            service.end(signal.SIGKILL)
            for customer in customers:
                customer.join()
                acknowledged |= customer.acknowledged
        assert len(acknowledged) >= ROUNDS
        service = RunningService(tmp_path)
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
        assert messages[2 * turn["number"] - 1] == {"author": "customer", "text": QUESTION, "reply": None}
    assert len({turn["number"] for turn in acknowledged.values()}) == len(acknowledged)
    for key in sorted(acknowledged)[:5] + sorted(acknowledged)[-5:]:
        assert say(http, path, headers, key) == acknowledged[key]


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
