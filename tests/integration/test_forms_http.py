"""Several answers in one form: what a task asks for, told by its `asks` and sent back by slot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.test_elder_mode_http import Caller, Json
from tests.service import RunningService, write_documents


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(root)
    try:
        running.wait()
        yield running
    finally:
        running.end()


STORY = "11月20日在西溪支行办业务，排队两个小时没人理，我的电话是13900139011"
WISH = "请给我打个电话说明情况"


class Complaint(Caller):
    """A complaint that stands where it asks for what happened and for what is wished."""

    def __init__(self, teller: RunningService, **begun: object) -> None:
        super().__init__(teller, "c1001", **begun)
        told = self.say("I want to make a complaint" if begun.get("locale") == "en" else "我要投诉")
        of_branch = next(one for one in told["reply"]["choices"] if one["id"].endswith(":branch"))
        press = {"choice": of_branch["id"]}
        self.turn: Json = (
            self.http.post(f"{self.place}/turns", json=press, headers=self.token).raise_for_status().json()
        )

    @property
    def asks(self) -> list[Json]:
        return list(self.turn["flow"]["asks"])

    def send(self, form: dict[str, str], key: str = "") -> Json:
        headers = self.token | ({"Idempotency-Key": key} if key else {})
        answer = self.http.post(f"{self.place}/turns", json={"form": form}, headers=headers).raise_for_status()
        self.turn = answer.json()
        return self.turn

    @property
    def messages(self) -> list[Json]:
        return list(self.http.get(self.place, headers=self.token).json()["messages"])


def test_what_may_be_told_at_once_is_named(teller: RunningService) -> None:
    complaint = Complaint(teller)
    first, second = complaint.asks
    assert (first["slot"], first["name"], first["kind"], first["optional"]) == ("what_happened", "经过", "text", False)
    assert first["ask"] in complaint.turn["reply"]["text"]
    assert (second["slot"], second["name"], second["optional"]) == ("wish", "诉求", True)
    assert complaint.turn["flow"]["title"]
    assert 0 < complaint.turn["flow"]["progress"] < 1
    assert complaint.http.get(complaint.place, headers=complaint.token).json()["flow"]["asks"] == complaint.asks


def test_a_form_answers_all_of_it(teller: RunningService) -> None:
    complaint = Complaint(teller)
    turn = complaint.send({"what_happened": STORY, "wish": WISH})
    assert turn["flow"]["step"] == "confirm"
    assert turn["flow"]["asks"] == []
    for told in ("排队两个小时没人理", WISH):
        assert told in turn["reply"]["text"]


def test_it_stands_in_the_conversation_by_names_with_personal_data_covered(teller: RunningService) -> None:
    complaint = Complaint(teller)
    complaint.send({"what_happened": STORY, "wish": WISH})
    said = [one["text"] for one in complaint.messages if one["author"] == "customer"][-1]
    assert said.startswith("经过：11月20日在西溪支行")
    assert said.endswith(f"诉求：{WISH}")
    assert "13900139011" not in said


def test_an_empty_field_that_may_stay_empty_is_skipped(teller: RunningService) -> None:
    turn = Complaint(teller).send({"what_happened": STORY, "wish": ""})
    assert turn["flow"]["step"] == "confirm"


def test_what_is_missing_is_asked_for_alone(teller: RunningService) -> None:
    complaint = Complaint(teller)
    turn = complaint.send({"what_happened": "", "wish": WISH})
    assert [one["slot"] for one in turn["flow"]["asks"]] == ["what_happened"]
    assert turn["flow"]["slots"]["wish"] == WISH


def test_a_form_of_an_earlier_question_changes_nothing(teller: RunningService) -> None:
    complaint = Complaint(teller)
    first = complaint.send({"what_happened": STORY, "wish": WISH})
    again = complaint.send({"what_happened": "别的事情，完全不同", "wish": "别的诉求"})
    assert again["flow"]["slots"] == first["flow"]["slots"]
    assert again["flow"]["step"] == "confirm"


@pytest.mark.parametrize("form", [{"no_such_slot": "x"}, {"what_happened": STORY, "category": "fees"}])
def test_fields_that_are_not_asked_for_fill_nothing(teller: RunningService, form: dict[str, str]) -> None:
    complaint = Complaint(teller)
    before = complaint.turn["flow"]["slots"]
    assert complaint.send(form)["flow"]["slots"] == before


def test_the_same_key_is_one_turn(teller: RunningService) -> None:
    complaint = Complaint(teller)
    first, second = (complaint.send({"what_happened": STORY, "wish": WISH}, "form-1") for _ in range(2))
    assert first == second


def test_a_wish_for_a_person_in_a_field_brings_one(teller: RunningService) -> None:
    turn = Complaint(teller).send({"what_happened": STORY, "wish": "转人工"})
    assert turn["ticket"]["status"] == "waiting"


def test_in_english(teller: RunningService) -> None:
    complaint = Complaint(teller, locale="en")
    assert [one["name"] for one in complaint.asks] == ["what happened", "wish"]
    turn = complaint.send({"what_happened": "I queued for two hours and nobody came to the counter", "wish": ""})
    assert "queued for two hours" in turn["reply"]["text"]


def test_in_elder_mode_one_thing_is_asked_at_a_time(teller: RunningService) -> None:
    assert [one["slot"] for one in Complaint(teller, elder=True).asks] == ["what_happened"]


def test_without_a_task_a_form_says_nothing_that_is_obeyed(teller: RunningService) -> None:
    caller = Caller(teller)
    answer = caller.http.post(f"{caller.place}/turns", json={"form": {"a": "我要挂失"}}, headers=caller.token)
    assert answer.status_code == 200
    assert answer.json()["flow"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"form": {}},
        {"form": {"a": "b"}, "text": "x"},
        {"form": {"a" * 65: "b"}},
        {"form": {"a": 1}},
        {"form": {"a": " "}},
    ],
)
def test_what_is_no_form_is_refused(teller: RunningService, body: dict[str, Any]) -> None:
    caller = Caller(teller)
    assert caller.http.post(f"{caller.place}/turns", json=body, headers=caller.token).status_code == 422


def test_a_code_is_asked_for_as_one_and_may_come_in_a_form(teller: RunningService) -> None:
    caller = Caller(teller, "c1001")
    turn = caller.say("我要换手机号")
    assert [(one["slot"], one["kind"]) for one in turn["flow"]["asks"]] == [("code", "code")]
    codes = caller.http.get("/v1/demo/customers/c1001/codes").json()
    body = {"form": {"code": codes[0]["code"]}}
    turn = caller.http.post(f"{caller.place}/turns", json=body, headers=caller.token).raise_for_status().json()
    assert [one["kind"] for one in turn["flow"]["asks"]] == ["mobile"]
    said = caller.http.get(caller.place, headers=caller.token).json()["messages"]
    assert codes[0]["code"] not in str(said)
