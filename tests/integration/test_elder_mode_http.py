"""Elder mode over HTTP: by switch, by the customer's age, and what it changes for who waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.test_desk_http import Agent
from tests.service import RunningService, write_documents

Json = dict[str, Any]
ELDER, YOUNGER = "c1002", "c1001"


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


class Caller:
    """A conversation as a client has it."""

    def __init__(self, teller: RunningService, customer: str | None = None, **begun: object) -> None:
        self.http = teller.http
        own = {"Authorization": f"Bearer {self.token_of(customer)}"} if customer else {}
        started = self.http.post("/v1/conversations", json=begun, headers=own).raise_for_status().json()
        self.place, self.reply = f"/v1/conversations/{started['id']}", started["reply"]
        self.token = {"Authorization": f"Bearer {started['token']}"}

    def token_of(self, customer: str) -> str:
        return str(self.http.post(f"/v1/demo/customers/{customer}/session").json()["token"])

    def say(self, text: str) -> Json:
        turn: Json = self.http.post(f"{self.place}/turns", json={"text": text}, headers=self.token).json()
        return turn

    def put(self, body: Json) -> int:
        return self.http.put(f"{self.place}/elder", json=body, headers=self.token).status_code

    @property
    def elder(self) -> bool:
        return bool(self.http.get(self.place, headers=self.token).raise_for_status().json()["elder"])


def test_it_is_off_and_the_customer_turns_it_on_and_off(teller: RunningService) -> None:
    caller = Caller(teller)
    assert caller.elder is False
    assert caller.put({"on": True}) == 204
    assert caller.elder is True
    assert "先登录一下" in caller.say("我要换手机号")["reply"]["text"]
    assert caller.put({"on": False}) == 204
    assert caller.elder is False
    assert "办理前请先登录" in caller.say("我要换手机号")["reply"]["text"]


@pytest.mark.parametrize("body", [{}, {"on": "yes"}, {"on": 1}, {"on": True, "more": 1}])
def test_what_is_no_switch_is_refused(teller: RunningService, body: Json) -> None:
    assert Caller(teller).put(body) == 422


def test_a_link_may_begin_with_it(teller: RunningService) -> None:
    begun = Caller(teller, elder=True)
    assert begun.elder is True
    assert "智能助手" in begun.reply["text"]
    assert len(begun.reply["choices"]) <= 3


def test_an_elder_who_is_signed_in_has_it_from_the_beginning(teller: RunningService) -> None:
    assert Caller(teller, ELDER).elder is True
    assert Caller(teller, YOUNGER).elder is False
    assert Caller(teller, ELDER, elder=False).elder is False


def test_an_elder_who_signs_in_is_told_of_it_and_who_has_decided_is_not(teller: RunningService) -> None:
    caller, decided = Caller(teller), Caller(teller, elder=False)
    for one in (caller, decided):
        one.say("我要换手机号")
    turn = caller.http.post(
        f"{caller.place}/identity", json={"token": caller.token_of(ELDER)}, headers=caller.token
    ).json()
    assert "关怀版" in turn["reply"]["text"]
    assert caller.elder is True
    decided.http.post(f"{decided.place}/identity", json={"token": decided.token_of(ELDER)}, headers=decided.token)
    assert decided.elder is False


def test_the_questions_of_a_task_are_put_plainly(teller: RunningService) -> None:
    caller = Caller(teller, ELDER)
    assert "请把短信里的6个数字打在下面" in caller.say("我要换手机号")["reply"]["text"]


def test_who_uses_it_has_a_person_before_others(teller: RunningService) -> None:
    first, elder = Caller(teller), Caller(teller, elder=True)
    first.say("转人工")
    assert elder.say("转人工")["ticket"]["position"] == 1
    agent = Agent(teller)
    taken = agent.next()
    assert taken
    assert taken["conversation"] == elder.place.rsplit("/", 1)[1]


class TestExport:
    def of(self, caller: Caller) -> Any:
        return caller.http.get(f"{caller.place}/export", headers=caller.token)

    def test_who_said_what_and_what_a_machine_wrote(self, teller: RunningService) -> None:
        caller = Caller(teller)
        caller.say("<b>年费</b>是多少")
        caller.say("我的手机号是13812345678")
        answer = self.of(caller)
        assert answer.status_code == 200
        page = answer.text
        assert page.count("· AI</b>") == page.count("由人工智能生成") - 1 == 3
        assert '<meta name="AIGC" content="{&#34;AIGC&#34;: {&#34;Label&#34;: &#34;1&#34;' in page
        assert "&lt;b&gt;年费&lt;/b&gt;" in page
        assert "13812345678" not in page
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")

    def test_nobody_else_has_it(self, teller: RunningService) -> None:
        caller, other = Caller(teller), Caller(teller)
        assert caller.http.get(f"{caller.place}/export", headers=other.token).status_code == 401

    def test_it_is_in_the_customers_language(self, teller: RunningService) -> None:
        caller = Caller(teller, locale="en")
        assert "Conversation record" in self.of(caller).text
