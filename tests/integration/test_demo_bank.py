"""The bank as a process of its own: over HTTP, when it fails, and when it is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.bank import BankUnavailable, Result, ResultUnknown
from assistant.banks.http import HttpBank

ROOT = Path(__file__).parents[2]
KEY = "key-of-the-test"
ROUNDS = 30
COMMAND = [sys.executable, "-m", "assistant.demo_bank", "--follow-stdin", "--data-dir"]


class BankProcess:
    """The demo bank on a free port, over the folder given."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, str(folder)], cwd=ROOT, env=os.environ | {"TELLER_BANK_KEY": KEY},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout
        self.url = str(json.loads(self._process.stdout.readline())["url"])
        self.http = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=10, trust_env=False
        )

    def fail(self, mode: str, path: str, **more: int) -> None:
        self.http.put("/v1/faults", json={"mode": mode, "paths": path, **more}).raise_for_status()

    def record(self, customer: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/v1/customers/{customer}").json()
        return found

    def kill(self) -> None:
        self._process.kill()
        self._close()

    def close_stdin(self) -> int:
        """How it ends when stdin does."""
        assert self._process.stdin
        self._process.stdin.close()
        return self._close()

    def _close(self) -> int:
        code = self._process.wait(timeout=20)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self.http.close()
        return code


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankProcess]:
    running = BankProcess(tmp_path_factory.mktemp("bank"))
    yield running
    assert running.close_stdin() == 0


@pytest.fixture
def bank(process: BankProcess) -> Iterator[HttpBank]:
    with closing(HttpBank(process.url, KEY, timeout=1)) as client:
        yield client


_numbers = iter(range(16100100000, 16100200000))


def prepare(bank: HttpBank, customer: str = "c1001") -> str:
    result = bank.prepare("change_phone", customer, {"new_phone": str(next(_numbers))}, "zh-CN")
    assert result.outcome == "ready" and result.operation
    return result.operation


class TestPort:
    def test_an_operation(self, bank: HttpBank, process: BankProcess) -> None:
        before = process.record("c1002")["customers"][0]["phone"]
        result = bank.prepare("change_phone", "c1002", {"new_phone": "16100002002"}, "en")
        assert result.values == {"old_phone": f"{before[:3]}****{before[-4:]}"}
        assert bank.look_up(str(result.operation)) is None
        done = bank.commit(str(result.operation), "c1002")
        assert done.outcome == "done" and str(done.values["receipt"]).startswith("YS")
        assert bank.look_up(str(result.operation)) == done == bank.commit(str(result.operation), "other")
        assert process.record("c1002")["customers"][0]["phone"] == "16100002002"

    def test_a_refusal(self, bank: HttpBank) -> None:
        assert bank.prepare("change_phone", "c1003", {"new_phone": "16100002003"}, "en") == Result("underage", {})

    def test_codes(self, bank: HttpBank, process: BankProcess) -> None:
        sent = bank.send_code("c1005", "phone", "16100002005", "zh-CN")
        assert sent.outcome == "sent"
        assert sent.values == {"phone": "161****2005", "seconds_valid": "300", "seconds_to_resend": "60"}
        assert bank.send_code("c1005", "phone", None, "zh-CN").outcome == "too_soon"
        code = process.http.get("/v1/customers/c1005/codes").json()[0]["code"]
        assert bank.check_code("c1005", "phone", f"{(int(code) + 1) % 10**6:06d}").values == {"attempts_left": "4"}
        assert bank.check_code("c1005", "phone", code).outcome == "right"
        assert bank.check_code("c1005", "phone", code).outcome == "expired"

    def test_what_the_bank_does_not_know(self, bank: HttpBank) -> None:
        with pytest.raises(BankUnavailable):
            bank.query("no_such_query", "c1001", {}, "zh-CN")
        with pytest.raises(BankUnavailable):
            bank.commit("op-none", "key")
        assert bank.look_up("op-none") is None
        assert bank.look_up("../customers") is None

    def test_a_wrong_key_is_refused(self, process: BankProcess) -> None:
        with closing(HttpBank(process.url, "wrong")) as stranger:
            with pytest.raises(BankUnavailable):
                stranger.send_code("c1001", "phone", None, "zh-CN")
            with pytest.raises(BankUnavailable):
                stranger.commit("op-none", "key")
            with pytest.raises(ResultUnknown):
                stranger.look_up("op-none")

    def test_listens_to_this_machine_only(self, process: BankProcess) -> None:
        port = int(process.url.rpartition(":")[2])
        states = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        listening = [line.split()[1] for line in states if line.split()[3] == "0A"]
        assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


class TestFaults:
    @pytest.mark.parametrize("mode", ["refuse", "drop_before", "drop_after", "hang"])
    def test_nothing_but_a_commit_can_be_unknown(self, bank: HttpBank, process: BankProcess, mode: str) -> None:
        calls: list[Callable[[], object]] = [
            lambda: bank.query("anything", "c1001", {}, "zh-CN"),
            lambda: prepare(bank),
            lambda: bank.send_code("c1004", mode, None, "zh-CN"),
            lambda: bank.check_code("c1004", mode, "123456"),
        ]
        for call in calls:
            process.fail(mode, "", seconds=2)
            with pytest.raises(BankUnavailable):
                call()

    @pytest.mark.parametrize("mode", ["refuse", "drop_before"])
    def test_a_commit_that_never_came(self, bank: HttpBank, process: BankProcess, mode: str) -> None:
        operation = prepare(bank)
        process.fail(mode, "/v1/operations/*/commit")
        with pytest.raises(ResultUnknown):
            bank.commit(operation, operation)
        assert bank.look_up(operation) is None
        assert bank.commit(operation, operation).outcome == "done"

    def test_a_commit_whose_answer_is_lost(self, bank: HttpBank, process: BankProcess) -> None:
        operation, before = prepare(bank), len(process.record("c1001")["phone_changes"])
        process.fail("drop_after", "/v1/operations/*/commit", calls=2)
        for _ in range(2):
            with pytest.raises(ResultUnknown):
                bank.commit(operation, operation)
        found = bank.look_up(operation)
        assert found and found.outcome == "done" and found.values["receipt"]
        assert bank.commit(operation, operation) == found
        assert len(process.record("c1001")["phone_changes"]) == before + 1

    def test_a_commit_that_hangs_is_under_way_until_it_is_done(self, bank: HttpBank, process: BankProcess) -> None:
        operation = prepare(bank)
        process.fail("hang", "/v1/operations/*/commit", seconds=2)
        with pytest.raises(ResultUnknown):
            bank.commit(operation, operation)
        with pytest.raises(ResultUnknown):
            bank.look_up(operation)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                found = bank.look_up(operation)
                break
            except ResultUnknown:
                time.sleep(0.1)
        assert found and found.outcome == "done"

    def test_a_look_up_that_fails_says_nothing(self, bank: HttpBank, process: BankProcess) -> None:
        operation = prepare(bank)
        for mode in ("refuse", "drop_before", "drop_after"):
            process.fail(mode, "/v1/operations/")
            with pytest.raises(ResultUnknown):
                bank.look_up(operation)

    def test_latency(self, bank: HttpBank, process: BankProcess) -> None:
        process.fail("none", "", latency_ms=300)
        start = time.monotonic()
        prepare(bank)
        assert time.monotonic() - start > 0.3

    def test_a_bank_that_is_not_there(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            nobody = f"http://127.0.0.1:{door.getsockname()[1]}"
        with closing(HttpBank(nobody, KEY)) as bank:
            with pytest.raises(BankUnavailable):
                prepare(bank)
            with pytest.raises(BankUnavailable):
                bank.commit("op-1", "key")
            with pytest.raises(ResultUnknown):
                bank.look_up("op-1")

    def test_a_bank_that_takes_calls_and_says_nothing(self) -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as door,
            closing(HttpBank(f"http://127.0.0.1:{door.getsockname()[1]}", KEY, timeout=0.3)) as bank,
        ):
            with pytest.raises(BankUnavailable):
                prepare(bank)
            with pytest.raises(ResultUnknown):
                bank.commit("op-1", "key")

    @pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"outcome": "done", "values": {"receipt": 7}}'])
    def test_a_bank_that_talks_nonsense(self, answer: bytes) -> None:
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(answer), answer)
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=answer_all, args=(door, reply, 3), daemon=True).start()
            with closing(HttpBank(f"http://127.0.0.1:{door.getsockname()[1]}", KEY, timeout=5)) as bank:
                with pytest.raises(BankUnavailable):
                    prepare(bank)
                with pytest.raises(ResultUnknown):
                    bank.commit("op-1", "key")
                with pytest.raises(ResultUnknown):
                    bank.look_up("op-1")

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, BankUnavailable),
            (422, BankUnavailable),
            (408, ResultUnknown),
            (409, ResultUnknown),
            (502, ResultUnknown),
        ],
    )
    def test_a_commit_is_unknown_unless_it_is_plainly_refused(self, status: int, error: type[Exception]) -> None:
        reply = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=answer_all, args=(door, reply, 1), daemon=True).start()
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            with closing(HttpBank(url, KEY, timeout=5)) as bank, pytest.raises(error):
                bank.commit("op-1", "key")


def answer_all(door: socket.socket, reply: bytes, calls: int) -> None:
    """Gives one answer to so many calls."""
    for _ in range(calls):
        connection, _address = door.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(reply)


class TestConcurrency:
    def test_eight_commits_at_once(self, process: BankProcess, bank: HttpBank) -> None:
        operation, before = prepare(bank), len(process.record("c1001")["phone_changes"])
        gate, receipts = threading.Barrier(8), []

        def commit(number: int) -> None:
            with closing(HttpBank(process.url, KEY)) as client:
                gate.wait()
                receipts.append(client.commit(operation, f"{operation}-{number}").values["receipt"])

        threads = [threading.Thread(target=commit, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(receipts) == 8 and len(set(receipts)) == 1
        assert len(process.record("c1001")["phone_changes"]) == before + 1


class Customer(threading.Thread):
    """Changes a number without pause until the bank is gone, and remembers what was acknowledged."""

    def __init__(self, url: str, customer: str) -> None:
        super().__init__()
        self._url = url
        self._customer = customer
        self.acknowledged: dict[str, Result] = {}
        self.lost: str | None = None
        """The operation whose commit was under way when the bank went."""

    def run(self) -> None:
        with closing(HttpBank(self._url, KEY)) as bank:
            while True:
                try:
                    self.lost = None
                    operation = prepare(bank, self._customer)
                    self.lost = operation
                    self.acknowledged[operation] = bank.commit(operation, operation)
                except (BankUnavailable, ResultUnknown):
                    return


class TestKill:
    def test_never_half_done(self, tmp_path: Path) -> None:
        dice = random.Random(20261122)
        acknowledged: dict[str, Result] = {}
        lost: list[str] = []
        for _ in range(ROUNDS):
            process = BankProcess(tmp_path)
            customers = [Customer(process.url, customer) for customer in ("c1001", "c1002", "c1004", "c1005")]
            for customer in customers:
                customer.start()
            end = time.monotonic() + 10
            while not any(customer.acknowledged for customer in customers) and time.monotonic() < end:
                time.sleep(0.005)  # a busy machine is slow to do the first one
            time.sleep(dice.uniform(0, 0.25))
            process.kill()
            for customer in customers:
                customer.join()
                acknowledged |= customer.acknowledged
                lost += [customer.lost] if customer.lost else []
            check(tmp_path, acknowledged)
        assert len(acknowledged) >= ROUNDS and lost
        self._send_again(tmp_path, lost)
        check(tmp_path, acknowledged)

    def _send_again(self, folder: Path, lost: list[str]) -> None:
        """What was under way is done once, or not at all because the number has changed since."""
        process = BankProcess(folder)
        with closing(HttpBank(process.url, KEY)) as bank:
            for operation in lost:
                known = bank.look_up(operation)
                again = bank.commit(operation, operation)
                assert known in (None, again)
                assert again.outcome in ("done", "not_done")
        process.close_stdin()

    def test_nobody_is_left_when_the_parent_is_killed(self, tmp_path: Path) -> None:
        script = (
            "import subprocess, sys, time\n"
            "bank = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=sys.stdout)\n"
            "time.sleep(60)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, *COMMAND, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE,
            env=os.environ | {"TELLER_BANK_KEY": KEY},
        ) as parent:  # fmt: skip
            assert parent.stdout
            url = json.loads(parent.stdout.readline())["url"]
            assert httpx.get(f"{url}/healthz", trust_env=False).json() == {"status": "ok"}
            parent.send_signal(signal.SIGKILL)
            assert parent.stdout.read() == b""  # ends only when the bank has closed it too
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/healthz", trust_env=False)

    def test_no_key_no_bank(self, tmp_path: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "TELLER_BANK_KEY"}
        ended = subprocess.run(
            [*COMMAND, str(tmp_path)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert ended.returncode == 1 and "TELLER_BANK_KEY" in ended.stderr


def check(folder: Path, acknowledged: dict[str, Result]) -> None:
    """Every operation that is done has its change, every change its operation, and what was acknowledged is there."""
    with closing(sqlite3.connect(folder / "bank.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        operations = [dict(row) for row in database.execute("SELECT * FROM operations")]
        changes = [dict(row) for row in database.execute("SELECT * FROM phone_changes ORDER BY rowid")]
        phones = dict(database.execute("SELECT id, phone FROM customers").fetchall())
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    done = [row for row in operations if row["status"] == "done"]
    wanted = sorted(json.loads(row["inputs"])["new_phone"] for row in done)
    assert wanted == sorted(row["new_phone"] for row in changes)
    for row in operations:
        assert (row["receipt"] is None) == (row["status"] != "done")
        assert (row["finished_at"] is None) == (row["status"] == "prepared")
    assert len({row["receipt"] for row in done}) == len(done)
    last = {row["customer"]: row["new_phone"] for row in changes}
    assert {customer: phones[customer] for customer in last} == last
    stored = {row["id"]: row for row in operations}
    for operation, result in acknowledged.items():
        assert result.outcome == stored[operation]["status"]
        assert result.values == json.loads(stored[operation]["values"])
