"""From the assistant to a person and back, over HTTP, as any channel and any desk would do it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals import bank
from tests.service import RunningService

Json = dict[str, Any]


class Customer:
    """A channel that a customer talks through."""

    def __init__(self, teller: RunningService, customer: str | None = None) -> None:
        self.http = teller.http
        headers = {}
        if customer:
            token = self.http.post(f"/v1/demo/customers/{customer}/session").raise_for_status().json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
        begun = self.http.post("/v1/conversations", json={}, headers=headers).raise_for_status().json()
        self.id = begun["id"]
        self.place = f"/v1/conversations/{self.id}"
        self.token = {"Authorization": f"Bearer {begun['token']}"}
        self.name = customer

    def say(self, text: str, **headers: str) -> Json:
        answer = self.http.post(f"{self.place}/turns", json={"text": text}, headers=self.token | headers)
        return dict(answer.raise_for_status().json())

    def press(self, turn: Json, label: str) -> Json:
        choice = next(one["id"] for one in turn["reply"]["choices"] if one["label"] == label)
        answer = self.http.post(f"{self.place}/turns", json={"choice": choice}, headers=self.token)
        return dict(answer.raise_for_status().json())

    def code(self) -> Json:
        return self.say(str(self.http.get(f"/v1/demo/customers/{self.name}/codes").json()[0]["code"]))

    def state(self) -> Json:
        return dict(self.http.get(self.place, headers=self.token).raise_for_status().json())


class Agent:
    """A desk."""

    def __init__(self, teller: RunningService, name: str = "agent") -> None:
        self.http = teller.http
        token = self.http.post("/v1/sessions", json={"username": name, "password": "demo"}).json()["token"]
        self.token = {"Authorization": f"Bearer {token}"}

    def be(self, **me: Any) -> Json:
        return dict(self.http.put("/v1/agents/me", json=me, headers=self.token).raise_for_status().json())

    def move(self, ticket: str, move: str, **body: Any) -> tuple[int, Json]:
        answer = self.http.post(f"/v1/tickets/{ticket}/{move}", json=body or None, headers=self.token)
        return answer.status_code, answer.json()

    def next(self, **body: Any) -> Json | None:
        answer = self.http.post("/v1/tickets/claim", json=body, headers=self.token)
        return dict(answer.json()) if answer.status_code == 200 else None

    def ticket(self, ticket: str) -> Json:
        return dict(self.http.get(f"/v1/tickets/{ticket}", headers=self.token).raise_for_status().json())


class Stream:
    """Listens to an event stream in a thread of its own."""

    def __init__(self, http: Any, place: str, headers: dict[str, str]) -> None:
        self.events: list[tuple[str, Json, str | None]] = []
        self._arrived = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, args=(http, place, headers), daemon=True)
        self._thread.start()

    def _read(self, http: Any, place: str, headers: dict[str, str]) -> None:
        # A stream that nobody listens to any more is cut when the service ends.
        with suppress(httpx.TransportError), http.stream("GET", place, headers=headers, timeout=30) as answer:
            answer.raise_for_status()
            name, number = "", None
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                name = value if field == "event" else name
                number = value if field == "id" else number
                if field == "data":
                    with self._arrived:
                        self.events.append((name, json.loads(value), number))
                        self._arrived.notify_all()
                if self._ended:
                    return

    def wait(self, found: Any, seconds: float = 10) -> Json:
        """The first event that is as wished."""
        with self._arrived:
            self._arrived.wait_for(lambda: any(found(*event[:2]) for event in self.events), seconds)
            told = [event[1] for event in self.events if found(*event[:2])]
        assert told, self.events
        return told[0]

    def end(self) -> None:
        self._ended = True


@pytest.fixture(autouse=True)
def _bank(template: Path, door: int, tmp_path: Path) -> Iterator[None]:
    with bank.running(template, tmp_path / "bank", port=door):
        yield


@pytest.fixture(autouse=True)
def _empty_queue(teller: RunningService) -> Iterator[None]:
    yield
    agent = Agent(teller)
    agent.be(presence="online", capacity=3, skills=[])
    for name in ("agent", "agent2"):
        one = Agent(teller, name)
        for ticket in one.http.get("/v1/tickets", params={"status": "claimed"}, headers=one.token).json():
            one.move(ticket["id"], "resolve", code="other")
    while ticket := agent.next():
        agent.move(ticket["id"], "resolve", code="other")


def in_the_middle(teller: RunningService) -> tuple[Customer, Json]:
    """A customer who changes their number, and asks for a person where the new one is asked for."""
    customer = Customer(teller, "c1001")
    customer.say("我要换手机号")
    customer.code()
    return customer, customer.say("转人工")


class TestThereAndBack:
    def test_the_task_goes_on_at_the_very_step(self, teller: RunningService) -> None:
        customer = Customer(teller, "c1001")
        customer.say("我要换手机号")
        customer.code()
        before = customer.say("13900139012")
        turn = customer.say("转人工")
        assert turn["outcome"] == "handed_off"
        assert (turn["ticket"]["status"], turn["ticket"]["position"]) == ("waiting", 1)
        assert customer.state()["mode"] == "waiting"
        agent = Agent(teller)
        ticket = agent.next()
        assert ticket
        assert (ticket["id"], ticket["status"], ticket["reason"]) == (turn["ticket"]["id"], "claimed", "asked")
        assert agent.move(ticket["id"], "messages", text="您好，我来帮您。")[0] == 201
        silent = customer.say("验证码一直收不到")
        assert (silent["outcome"], silent["reply"]["text"], silent["reply"]["choices"]) == ("with_human", "", [])
        assert silent["ticket"]["status"] == "claimed"
        assert customer.state()["mode"] == "human"
        assert agent.move(ticket["id"], "return", note="已说明")[0] == 200
        after = customer.state()
        assert after["mode"] == "assistant"
        assert (after["flow"], after["ticket"]) == (before["flow"], None)
        assert customer.code()["reply"]["text"]
        assert customer.state()["flow"]["step"] != before["flow"]["step"]

    def test_every_message_says_who_wrote_it(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        agent = Agent(teller)
        agent.be(shown_as="801号坐席")
        agent.move(turn["ticket"]["id"], "claim")
        agent.move(turn["ticket"]["id"], "messages", text="您好")
        customer.say("你好")
        said = [(one["author"], one["name"], one["notice"]) for one in customer.state()["messages"]][-3:]
        joined = ("human_agent", "801号坐席", "joined")
        assert said == [joined, ("human_agent", "801号坐席", None), ("customer", None, None)]

    def test_buttons_of_before_do_nothing_while_a_person_is_there(self, teller: RunningService) -> None:
        customer = Customer(teller, "c1001")
        customer.say("我要换手机号")
        customer.code()
        customer.say("13900139012")
        asked = customer.code()
        turn = customer.say("转人工")
        agent = Agent(teller)
        agent.move(turn["ticket"]["id"], "claim")
        pressed = customer.press(asked, "确认办理")
        assert pressed["outcome"] == "with_human"
        record = customer.http.get("/v1/demo/customers/c1001").json()
        assert record["customers"][0]["phone"] == "16100001001"

    def test_secrets_and_whole_numbers_are_covered_for_everyone(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        agent, ticket = Agent(teller), turn["ticket"]["id"]
        agent.move(ticket, "claim")
        customer.say("短信里的验证码是 735164，我的卡号是6222021234567890123")
        agent.move(ticket, "messages", text="是13900139088这个号码吗？")
        agent.move(ticket, "notes", text="客户的身份证是330106199001011239")
        seen = json.dumps([customer.state(), agent.ticket(ticket)], ensure_ascii=False)
        assert "622************0123" in seen and "139****9088" in seen and "330***********1239" in seen
        for secret in ("735164", "6222021234567890123", "13900139088", "330106199001011239"):
            assert secret not in seen

    def test_a_key_gives_the_same_turn_again_beside_a_person(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        Agent(teller).move(turn["ticket"]["id"], "claim")
        one, two = (customer.say("在吗", **{"Idempotency-Key": "k1"}) for _ in range(2))
        assert one == two
        texts = [message["text"] for message in customer.state()["messages"]]
        assert texts.count("在吗") == 1

    def test_resolving_asks_how_it_was(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        agent = Agent(teller)
        agent.move(turn["ticket"]["id"], "claim")
        status, _ = agent.move(turn["ticket"]["id"], "resolve", code="answered", end_task=True)
        assert status == 200
        last = customer.state()["messages"][-1]["reply"]
        rated = customer.press({"reply": last}, "满意")
        assert "感谢" in rated["reply"]["text"]
        assert agent.ticket(turn["ticket"]["id"])["satisfaction"] == 4
        assert customer.state()["flow"] is None

    def test_who_leaves_the_queue_is_not_served(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        assert customer.say("不用转人工了")["ticket"] is None
        assert Agent(teller).ticket(turn["ticket"]["id"])["status"] == "abandoned"
        assert Agent(teller).move(turn["ticket"]["id"], "claim")[0] == 409

    def test_codes_told_to_a_person_are_covered(self, teller: RunningService) -> None:
        customer = Customer(teller, "c1001")
        customer.say("我要换手机号")
        turn = customer.say("转人工")
        Agent(teller).move(turn["ticket"]["id"], "claim")
        customer.say("验证码是 482913，手机13900139012")
        said = customer.state()["messages"][-1]["text"]
        assert "482913" not in said
        assert "13900139012" not in said


class TestReviews:
    def test_a_review_is_closed_by_a_decision_alone(self, teller: RunningService) -> None:
        customer = Customer(teller, "c1007")
        customer.say("重置借记卡取款密码")
        customer.code()
        customer.say("第一张")
        ticket = customer.say("忘了")["ticket"]
        assert (ticket["kind"], ticket["status"]) == ("review", "waiting")
        agent = Agent(teller)
        agent.move(ticket["id"], "claim")
        assert agent.move(ticket["id"], "return")[0] == 409
        assert agent.move(ticket["id"], "resolve", code="other")[0] == 409
        assert customer.say("请问还要多久")["outcome"] == "with_human"
        assert agent.move(ticket["id"], "review", decision="refused", reason="照片不清楚")[0] == 200
        state = customer.state()
        assert state["mode"] == "assistant"
        assert "照片不清楚" in state["messages"][-1]["text"]

    def test_a_complaint_that_asks_for_a_person_gets_both(self, teller: RunningService) -> None:
        turn = Customer(teller, "c1005").say("你们这什么破银行，我要投诉，转人工")
        assert (turn["outcome"], turn["flow"]["id"]) == ("handed_off", "file_complaint")
        assert turn["ticket"]["status"] == "waiting"


class TestMoves:
    def test_one_ticket_is_taken_once(self, teller: RunningService) -> None:
        _, turn = in_the_middle(teller)
        sides = [Agent(teller), Agent(teller, "agent2")]
        with ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(lambda agent: agent.move(turn["ticket"]["id"], "claim")[0], sides))
        assert sorted(statuses) == [200, 409]

    def test_only_who_has_it_may_move_it(self, teller: RunningService) -> None:
        _, turn = in_the_middle(teller)
        one, two = Agent(teller), Agent(teller, "agent2")
        mine = turn["ticket"]["id"]
        assert one.move(mine, "messages", text="您好")[0] == 409
        one.move(mine, "claim")
        for move, body in {
            "messages": {"text": "您好"},
            "return": {},
            "resolve": {"code": "answered"},
            "transfer": {"skill": "cards"},
        }.items():
            assert two.move(mine, move, **body)[0] == 409, move
        assert two.move(mine, "notes", text="客户昨天来过电话")[0] == 201
        assert one.move(mine, "resolve", code="no such")[0] == 422
        assert one.move(mine, "resolve", code="answered")[0] == 200
        assert one.move(mine, "messages", text="您好")[0] == 409

    def test_a_transfer_keeps_the_place_and_tells_the_customer(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        one, two = Agent(teller), Agent(teller, "agent2")
        one.be(skills=["cards", "general"])
        two.be(skills=["loans"])
        mine = turn["ticket"]["id"]
        one.move(mine, "claim")
        assert one.move(mine, "transfer", skill="nothing")[0] == 422
        status, ticket = one.move(mine, "transfer", skill="loans", note="想问房贷")
        assert (status, ticket["status"], ticket["skill"], ticket["note"]) == (200, "waiting", "loans", "想问房贷")
        assert ticket["asked_at"] == one.ticket(mine)["asked_at"]
        assert "同事" in customer.state()["messages"][-1]["text"]
        assert one.next() is None
        taken = two.next()
        assert taken
        assert taken["id"] == mine
        two.be(skills=[])

    def test_skills_of_a_claim(self, teller: RunningService) -> None:
        _, turn = in_the_middle(teller)
        agent = Agent(teller)
        assert agent.next(skills=["loans"]) is None
        taken = agent.next(skills=["general"])
        assert taken
        assert taken["id"] == turn["ticket"]["id"]
        assert agent.http.post("/v1/tickets/claim", json={"skills": ["x"]}, headers=agent.token).status_code == 422

    def test_elders_come_first_and_danger_before_them(self, teller: RunningService) -> None:
        said = (("c1001", "转人工"), ("c1002", "转人工"), ("c1003", "我不想活了"))
        tickets = {name: Customer(teller, name).say(text)["ticket"]["id"] for name, text in said}
        agent = Agent(teller)
        order = [(agent.next() or {})["id"] for _ in tickets]
        assert order == [tickets["c1003"], tickets["c1002"], tickets["c1001"]]

    def test_something_graver_moves_up(self, teller: RunningService) -> None:
        first, second = Customer(teller), Customer(teller)
        first.say("转人工")
        assert second.say("转人工")["ticket"]["position"] == 2
        assert second.say("我被骗了，刚给骗子转了钱")["ticket"]["position"] == 1
        taken = Agent(teller).next()
        assert taken
        assert taken["conversation"] == second.id


class TestLive:
    def test_what_a_person_says_arrives_once_and_is_told_again_after_a_cut(self, teller: RunningService) -> None:
        customer, turn = in_the_middle(teller)
        agent = Agent(teller)
        stream = Stream(teller.http, f"{customer.place}/live", customer.token)
        stream.wait(lambda name, told: name == "ticket" and told["mode"] == "waiting")
        agent.move(turn["ticket"]["id"], "claim")
        stream.wait(lambda name, told: name == "ticket" and told["mode"] == "human")
        began = time.monotonic()
        agent.move(turn["ticket"]["id"], "messages", text="第一句")
        first = stream.wait(lambda name, told: name == "message" and told["text"] == "第一句")
        assert time.monotonic() - began < 3
        stream.end()
        for text in ("第二句", "第三句"):
            agent.move(turn["ticket"]["id"], "messages", text=text)
        resumed = Stream(
            teller.http, f"{customer.place}/live", customer.token | {"Last-Event-ID": str(first["number"])}
        )
        resumed.wait(lambda name, told: name == "message" and told["text"] == "第三句")
        said = [told["text"] for name, told, _ in resumed.events if name == "message"]
        assert said == ["第二句", "第三句"]
        resumed.end()

    def test_the_desk_sees_tickets_come_and_customers_write(self, teller: RunningService) -> None:
        agent = Agent(teller)
        stream = Stream(teller.http, "/v1/desk/live", agent.token)
        customer, turn = in_the_middle(teller)
        mine = turn["ticket"]["id"]
        stream.wait(lambda name, told: name == "ticket" and told["id"] == mine and told["status"] == "waiting")
        agent.move(mine, "claim")
        taken = stream.wait(lambda name, told: told["id"] == mine and told["status"] == "claimed")
        customer.say("有人吗")
        stream.wait(lambda name, told: told["id"] == mine and told["events"] > taken["events"])
        agent.move(mine, "resolve", code="answered")
        stream.wait(lambda name, told: told["id"] == mine and told["status"] == "resolved")
        stream.end()

    def test_streams_are_for_whom_they_are(self, teller: RunningService) -> None:
        one, other = Customer(teller), Customer(teller)
        assert teller.http.get(f"{one.place}/live", headers=other.token).status_code == 401
        assert teller.http.get("/v1/desk/live", headers=one.token).status_code == 401
