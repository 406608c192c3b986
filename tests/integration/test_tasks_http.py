"""Every task from its first word to its end over HTTP, as any channel would do it, against a bank of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.flow import read_all
from assistant.settings import Settings
from evals import bank
from evals.evaluators.end_state import found
from tests.service import RunningService
from tests.stories.story import Said, Story, stories

STORIES = Path(__file__).parents[1] / "stories"
HAPPY = [(name, story) for name, story in stories(STORIES) if story.kind == "happy_path"]


class Caller:
    """A channel: it knows HTTP and nothing else."""

    def __init__(self, teller: RunningService, story: Story) -> None:
        self.http, self.customer = teller.http, story.customer
        start: dict[str, Any] = {"json": {"locale": story.locale}}
        if story.customer:
            start["headers"] = {"Authorization": f"Bearer {self._session(story.customer)}"}
        begun = self.http.post("/v1/conversations", **start).raise_for_status().json()
        self.place = f"/v1/conversations/{begun['id']}"
        self.token = {"Authorization": f"Bearer {begun['token']}"}
        self.choices = begun["reply"]["choices"]

    def _session(self, customer: str) -> str:
        answer = self.http.post(f"/v1/demo/customers/{customer}/session")
        return str(answer.raise_for_status().json()["token"])

    def play(self, turn: Said) -> dict[str, Any] | None:
        if turn.review:
            self._review(turn)
            return None
        if turn.sign_in:
            self.customer = turn.sign_in
            return self._post("identity", {"token": self._session(turn.sign_in)})
        if turn.code:
            newest = self.http.get(f"/v1/demo/customers/{self.customer}/codes").json()[0]["code"]
            return self._post("turns", {"text": newest})
        if turn.press:
            return self._post("turns", {"choice": next(c["id"] for c in self.choices if c["label"] == turn.press)})
        return self._post("turns", {"text": turn.say or ""})

    def _post(self, what: str, body: dict[str, str]) -> dict[str, Any]:
        answer = self.http.post(f"{self.place}/{what}", json=body, headers=self.token)
        told: dict[str, Any] = answer.raise_for_status().json()
        self.choices = told["reply"]["choices"]
        return told

    def _review(self, turn: Said) -> None:
        """An agent decides on the ticket that the conversation waits for."""
        agent = self.http.post("/v1/sessions", json={"username": turn.by, "password": "demo"}).json()["token"]
        ticket = self.http.get(self.place, headers=self.token).json()["ticket"]["id"]
        bearer = {"Authorization": f"Bearer {agent}"}
        waiting = self.http.get("/v1/tickets", params={"status": "waiting"}, headers=bearer).json()
        assert ticket in {one["id"] for one in waiting}
        decision = {"decision": turn.review, "reason": turn.because}
        self.http.post(f"/v1/tickets/{ticket}/review", json=decision, headers=bearer).raise_for_status()
        last = self.http.get(self.place, headers=self.token).json()["messages"][-1]
        self.choices = last["reply"]["choices"]

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/v1/demo/customers/{self.customer}").json()
        return found


def test_every_task_has_a_happy_story() -> None:
    assert {turn.flow for _, story in HAPPY for turn in story.turns} >= set(read_all(Settings().flows_dir))


@pytest.mark.parametrize("story", [story for _, story in HAPPY], ids=[name for name, _ in HAPPY])
def test_task_over_http(story: Story, teller: RunningService, template: Path, door: int, tmp_path: Path) -> None:
    with bank.running(template, tmp_path / "bank", port=door):
        caller = Caller(teller, story)
        told = None
        for number, turn in enumerate(story.turns, start=1):
            told = caller.play(turn)
            if told is None:
                continue
            where = f"turn {number}: {told['reply']['text']}"
            assert turn.outcome in (None, told["outcome"]), where
            assert turn.flow in (None, told["flow"] and told["flow"]["id"]), where
            assert all(text in told["reply"]["text"] for text in turn.reply), where
        for path, wanted in story.bank.items():
            assert found(caller.record(), path) == wanted, path


class TestDoors:
    """Nothing is shown or done for whom it is not."""

    @pytest.fixture(autouse=True)
    def _bank(self, template: Path, door: int, tmp_path: Path) -> Iterator[None]:
        with bank.running(template, tmp_path / "bank", port=door):
            yield

    def begin(self, teller: RunningService, customer: str | None) -> Caller:
        return Caller(
            teller, Story.model_validate({"name": "", "kind": "identity", "customer": customer, "turns": [{}]})
        )

    def identify(self, caller: Caller, token: str) -> int:
        answer = caller.http.post(f"{caller.place}/identity", json={"token": token}, headers=caller.token)
        return int(answer.status_code)

    def test_a_conversation_is_of_one_customer(self, teller: RunningService) -> None:
        caller = self.begin(teller, "c1001")
        assert self.identify(caller, caller._session("c1002")) == 409
        assert self.identify(caller, caller._session("c1001")) == 200

    def test_no_token_but_a_customers_identifies(self, teller: RunningService) -> None:
        caller = self.begin(teller, None)
        staff = teller.http.post("/v1/sessions", json={"username": "admin", "password": "demo"}).json()["token"]
        assert self.identify(caller, staff) == 401
        assert self.identify(caller, "made.up.token") == 401
        assert self.identify(caller, caller.token["Authorization"].removeprefix("Bearer ")) == 401

    def test_a_customers_token_opens_neither_staff_nor_queue(self, teller: RunningService) -> None:
        caller = self.begin(teller, None)
        bearer = {"Authorization": f"Bearer {caller._session('c1001')}"}
        assert teller.http.post("/v1/conversations", json={"audience": "staff"}, headers=bearer).status_code == 401
        assert teller.http.get("/v1/tickets", headers=bearer).status_code == 401

    def test_the_queue_is_for_agents(self, teller: RunningService) -> None:
        staff = teller.http.post("/v1/sessions", json={"username": "staff", "password": "demo"}).json()["token"]
        bearer = {"Authorization": f"Bearer {staff}"}
        assert teller.http.get("/v1/tickets", headers=bearer).status_code == 403
        assert teller.http.get("/v1/tickets").status_code == 401
        assert (
            teller.http.post("/v1/tickets/none/review", json={"decision": "approved"}, headers=bearer).status_code
            == 403
        )

    def test_unknown_customers_and_tickets_are_not_found(self, teller: RunningService) -> None:
        agent = teller.http.post("/v1/sessions", json={"username": "agent", "password": "demo"}).json()["token"]
        assert teller.http.get("/v1/demo/customers/c9999").status_code == 404
        assert teller.http.post("/v1/demo/customers/c9999/session").status_code == 404
        bearer = {"Authorization": f"Bearer {agent}"}
        assert teller.http.get("/v1/tickets/none", headers=bearer).status_code == 404

    def test_a_code_is_nowhere_on_record(self, teller: RunningService) -> None:
        caller = self.begin(teller, "c1001")
        caller.play(Said(say="我要换手机号"))
        code = teller.http.get("/v1/demo/customers/c1001/codes").json()[0]["code"]
        caller.play(Said(code="right"))
        caller.play(Said(say="新号码是13900139011"))
        assert code not in teller.http.get(caller.place, headers=caller.token).text
        for path in (teller.root / "data").rglob("teller.sqlite3*"):
            stored = path.read_bytes()
            assert code.encode() not in stored, path
            assert b"13900139011" not in stored, path

    def test_nothing_personal_stands_open_in_what_is_stored(self, teller: RunningService) -> None:
        caller = self.begin(teller, "c1001")
        caller.play(Said(say="我叫林晓雯，确认信用卡申请"))
        caller.play(Said(code="right"))
        shown = caller.play(Said(say="第一个"))
        assert shown and "青禾路18号3幢502室" in shown["reply"]["text"]
        caller.play(Said(press="修改寄送地址"))
        caller.play(Said(say="寄到杭州市西湖区文三路103号2幢301室"))
        told = caller.play(Said(say="同意"))
        assert told and "文三路103号2幢301室" in told["reply"]["text"]
        stored = b"".join(path.read_bytes() for path in (teller.root / "data").rglob("teller.sqlite3*"))
        assert "文三路****".encode() in stored
        for open_to_read in ("林晓雯", "103号2幢301室", "青禾路18号3幢502室", "批准额度"):
            assert open_to_read.encode() not in stored, open_to_read

    def test_the_same_yes_from_eight_sides_does_it_once(self, teller: RunningService) -> None:
        caller = self.begin(teller, "c1001")
        for turn in (Said(say="我要换手机号"), Said(code="right"), Said(say="13900139012"), Said(code="right")):
            caller.play(turn)
        yes = next(choice["id"] for choice in caller.choices if choice["label"] == "确认办理")

        def press(number: int) -> dict[str, Any]:
            headers = caller.token | {"Idempotency-Key": f"side {number}"}
            answer = teller.http.post(f"{caller.place}/turns", json={"choice": yes}, headers=headers)
            told: dict[str, Any] = answer.raise_for_status().json()
            return told

        with ThreadPoolExecutor(8) as sides:
            told = list(sides.map(press, range(8)))
        record = caller.record()
        assert record["customers"][0]["phone"] == "13900139012"
        assert len(record["phone_changes"]) == 1
        assert any("回执号" in one["reply"]["text"] for one in told)
        assert all("回执号" in one["reply"]["text"] or "没有做任何操作" in one["reply"]["text"] for one in told)

    def test_where_a_task_stands_is_read_back(self, teller: RunningService) -> None:
        caller = self.begin(teller, "c1001")
        told = caller.play(Said(say="我要换手机号"))
        assert told
        assert told["flow"]["status"] == "open"
        state = teller.http.get(caller.place, headers=caller.token).json()
        assert state["flow"]["id"] == "change_phone"
        assert state["ticket"] is None
