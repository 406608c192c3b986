"""What an agent is shown of a ticket, over HTTP: a customer in the middle of a task, who had asked before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals import bank
from tests.service import QUESTION, RunningService
from tests.stories.story import Said

UNANSWERED = "月球上有你们的网点吗"


class Chat:
    """A customer's side."""

    def __init__(self, teller: RunningService, customer: str | None) -> None:
        self.http, self.customer = teller.http, customer
        headers = {}
        if customer:
            session = self.http.post(f"/v1/demo/customers/{customer}/session").raise_for_status().json()["token"]
            headers = {"Authorization": f"Bearer {session}"}
        begun = self.http.post("/v1/conversations", json={}, headers=headers).raise_for_status().json()
        self.place = f"/v1/conversations/{begun['id']}"
        self.token = {"Authorization": f"Bearer {begun['token']}"}

    def play(self, *turns: Said) -> None:
        for turn in turns:
            text = turn.say
            if turn.code:
                newest = self.http.get(f"/v1/demo/customers/{self.customer}/codes").json()[0]["code"]
                text = newest if turn.code == "right" else f"{(int(newest) + 1) % 1_000_000:06d}"
            self.http.post(f"{self.place}/turns", json={"text": text}, headers=self.token).raise_for_status()

    def ticket(self) -> str:
        return str(self.http.get(self.place, headers=self.token).json()["ticket"]["id"])

    def texts(self) -> list[str]:
        return [one["text"] for one in self.http.get(self.place, headers=self.token).json()["messages"]]


class Agent:
    """A person at the desk."""

    def __init__(self, teller: RunningService) -> None:
        token = teller.http.post("/v1/sessions", json={"username": "agent", "password": "demo"}).json()["token"]
        self.http, self.bearer = teller.http, {"Authorization": f"Bearer {token}"}

    def see(self, ticket: str, language: str = "zh") -> dict[str, Any]:
        answer = self.http.get(f"/v1/tickets/{ticket}", params={"language": language}, headers=self.bearer)
        seen: dict[str, Any] = answer.raise_for_status().json()
        return seen

    def do(self, ticket: str, what: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"/v1/tickets/{ticket}/{what}", json=body or None, headers=self.bearer)
        done: dict[str, Any] = answer.raise_for_status().json()
        return done | {"status_code": answer.status_code}


@pytest.fixture
def own_bank(template: Path, door: int, tmp_path: Path) -> Iterator[bank.RunningBank]:
    with bank.running(template, tmp_path / "bank", port=door) as running:
        yield running


@pytest.fixture
def chat(teller: RunningService, own_bank: bank.RunningBank) -> Chat:
    """In the middle of changing the phone number, after two questions, of which one had no answer."""
    chat = Chat(teller, "c1001")
    chat.play(
        Said(say=QUESTION),
        Said(say=UNANSWERED),
        Said(say="我要换手机号"),
        Said(code="wrong"),
        Said(code="right"),
        Said(say="新号码是13900139077"),
        Said(say="转人工"),
    )
    return chat


@pytest.fixture
def agent(teller: RunningService) -> Agent:
    return Agent(teller)


def test_the_whole_view(chat: Chat, agent: Agent) -> None:
    ticket = chat.ticket()
    agent.do(ticket, "claim")
    agent.do(ticket, "notes", text="客户很着急，电话13812345678")
    chat.play(Said(say="存款保险最多赔多少"))
    view = agent.see(ticket)

    assert (view["id"], view["status"], view["reason"], view["claimed_by"]) == (ticket, "claimed", "asked", "agent")
    assert (view["reason_name"], view["skill_name"], view["identity"]) == ("客户要求人工", "综合", "verified")
    assert 0 <= view["waited_seconds"] < 60
    assert (view["card"]["name"], view["card"]["level"]) == ("林*雯", "金卡")

    reason, who, task, troubles, unanswered, answered = view["summary"]
    assert reason.startswith("原因：客户要求人工，")
    assert who == "客户：已登录，并用验证码核验过；金卡。"
    assert task == "正在办“变更预留手机号”，等客户输入验证码。已填：新手机号 139****9077。"
    assert troubles == "验证码输错1次。"
    assert unanswered == f"没有答上：“{UNANSWERED}”。"
    assert answered == f"已按文件答复：“{QUESTION}”。"

    assert view["task"]["title"] == "变更预留手机号"
    assert view["task"]["flow"]["step"] == "prove"
    assert view["task"]["known"] == {"新手机号": "139****9077"}
    assert view["task"]["question"].startswith("验证码已发送至 139****9077")

    said = [(one["author"], one["notice"], one["text"]) for one in view["messages"]]
    assert said[-2:] == [("human_agent", "joined", ""), ("customer", None, "存款保险最多赔多少")]
    assert [one["text"] for one in view["notes"]] == ["客户很着急，电话138****5678"]
    assert view["notes"][0]["at"] >= view["claimed_at"]
    assert "3600元" in view["evidence"][0]["text"]
    assert view["suggestions"][0]["question"] == "存款保险最多赔多少"
    assert "50万元" in view["suggestions"][0]["text"]
    assert view["suggestions"][0]["citations"][0]["title"] == "存款保险"
    assert view["details"] == {}
    assert "13900139077" not in str(view)


def test_in_english(chat: Chat, agent: Agent) -> None:
    view = agent.see(chat.ticket(), "en")
    assert view["reason_name"] == "Asked for a person"
    assert view["task"]["known"] == {"new mobile number": "139****9077"}
    assert view["summary"][2].startswith("Open task: “Change your registered mobile number”, waiting for the one-time")


def test_without_the_bank_the_rest_is_seen(chat: Chat, agent: Agent, own_bank: bank.RunningBank) -> None:
    own_bank.fail(mode="refuse", calls=99, paths="/v1/")
    view = agent.see(chat.ticket())
    assert view["card"] is None
    assert view["task"]["title"] == "变更预留手机号"


def test_staff_only_text_is_never_suggested(teller: RunningService, own_bank: bank.RunningBank, agent: Agent) -> None:
    chat = Chat(teller, None)
    chat.play(Said(say="转人工"), Said(say="云杉白金信用卡每张佣金是多少"))
    view = agent.see(chat.ticket())
    assert (view["identity"], view["card"]) == ("anonymous", None)
    assert "佣金为80元" not in str(view)


def test_an_agent_is_warned_and_the_message_is_sent(chat: Chat, agent: Agent) -> None:
    ticket = chat.ticket()
    agent.do(ticket, "claim")
    checked = agent.do(ticket, "messages", text="这款产品保本，年费5800元", check=True)
    assert checked["status_code"] == 200
    assert [one["kind"] for one in checked["warnings"]] == ["promise", "figure"]
    assert not any("保本" in text for text in chat.texts())

    sent = agent.do(ticket, "messages", text="白金卡年费是每年3600元，消费满18万元免次年年费。")
    assert (sent["status_code"], sent["id"], sent["warnings"]) == (201, ticket, [])
    sent = agent.do(ticket, "messages", text="请把验证码发给我")
    assert [one["kind"] for one in sent["warnings"]] == ["secret"]
    assert chat.texts()[-1] == "请把验证码发给我"
