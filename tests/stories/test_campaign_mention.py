"""Campaigns that customers are told of: to whom, beside what, how often, and never where it would be out of place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant import bootstrap, campaign_table
from assistant.assistant import Assistant
from assistant.bootstrap import House
from assistant.campaign import Conditions, Plan
from assistant.event import CampaignMentioned
from assistant.settings import Settings
from assistant.storage import Storage
from evals import bank
from evals.bank import RunningBank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.conftest import Open
from tests.service import DOCUMENTS, QUESTION

TODAY = date.today()
TOMORROW = TODAY + timedelta(days=1)  # a run of the tests may go past midnight
NOTICE = "【活动告知】岁末绿色支付季"
XIXI = "云杉银行杭州西溪支行"
PLAN = Plan(
    name="岁末绿色支付季", organiser="总行零售业务部", starts=TODAY, ends=TOMORROW, audience="绑定快捷支付的客户",
    reward="单笔满50元随机立减1至10元", quota="每日5,000份", places=5000, daily=True, rules="每人限1次",
    approval_number="云杉营审〔2026〕第036号", phone="400-000-9528", about=("云杉白金信用卡", "bind_quick_pay"),
)  # fmt: skip


@dataclass
class Place:
    """The whole assistant with a bank whose calls are counted."""

    house: House
    storage: Storage
    bank: RunningBank

    @property
    def assistant(self) -> Assistant:
        return self.house.assistant

    def runs(self, plan: Plan = PLAN, host: str = "") -> str:
        with self.storage.database.writing() as connection:
            return campaign_table.import_approved(connection, plan, host, "editor")

    def start(self, customer: str | None = "c1001", locale: str = "zh-CN") -> str:
        return self.assistant.start(Audience.CUSTOMER, locale, customer)[0]

    def told(self, customer: str | None = "c1001", *said: str) -> str:
        """The reply to the last of what was said, in a conversation of its own."""
        conversation = self.start(customer)
        replies = [self.assistant.respond(conversation, text).reply.text for text in (*said, QUESTION)]
        return replies[-1]


@pytest.fixture
def place(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Place]:
    settings = Settings(data_dir=tmp_path, demo=False)
    database = bootstrap.build_database(settings)
    with bank.running(template, tmp_path / "bank") as running:
        storage = bootstrap.build_storage(settings, database)
        yield Place(bootstrap.build_house(settings, storage, library, embedder, running.port), storage, running)
    database.close()


def test_it_is_told_at_the_end_with_its_dates_and_where_it_was_approved(place: Place) -> None:
    place.runs()
    conversation = place.start()
    text = place.assistant.respond(conversation, QUESTION).reply.text
    answer, _, notice = text.partition("\n\n【")
    assert "3600元" in answer
    starts, ends = (f"{day.year}年{day.month}月{day.day}日" for day in (TODAY, TOMORROW))
    assert f"活动告知】岁末绿色支付季（{starts}至{ends}，总行零售业务部）" in notice
    told = (
        PLAN.reward,
        PLAN.audience,
        PLAN.quota,
        PLAN.rules,
        PLAN.approval_number,
        PLAN.phone,
        "不参加不影响办理业务",
    )
    for words in told:
        assert words in notice
    events = place.assistant.events(conversation)
    assert [one.name for one in events if isinstance(one, CampaignMentioned)] == ["岁末绿色支付季"]


def test_its_source_is_cited_under_the_next_number(
    place: Place, embedder: Embedder, open_knowledge: Open, tmp_path: Path
) -> None:
    place.runs()
    knowledge = open_knowledge(embedder, tmp_path / "announced")
    knowledge.write("白金卡.md", DOCUMENTS["白金卡.md"])
    knowledge.write("活动.csv", "活动名称,奖励\n岁末绿色支付季,单笔满50元随机立减1至10元\n")
    knowledge.ingest()
    house = bootstrap.build_house(
        Settings(data_dir=tmp_path), place.storage, knowledge.search, embedder, place.bank.port
    )
    reply = house.assistant.respond(place.start(), QUESTION).reply
    assert [one.number for one in reply.citations] == list(range(1, len(reply.citations) + 1))
    assert reply.citations[-1].text.startswith("活动名称：岁末绿色支付季")
    assert f"咨询电话：400-000-9528。[{len(reply.citations)}]\n" in reply.text


def test_it_is_told_once_in_a_conversation(place: Place) -> None:
    place.runs()
    conversation = place.start()
    first, second = (place.assistant.respond(conversation, QUESTION).reply.text for _ in range(2))
    assert NOTICE in first
    assert NOTICE not in second


@pytest.mark.parametrize("customer", [None, "c1002", "c1003", "nobody"])
def test_not_to_who_is_unknown_does_not_allow_it_or_is_a_child(place: Place, customer: str | None) -> None:
    place.runs()
    assert NOTICE not in place.told(customer)


@pytest.mark.parametrize(
    ("conditions", "host", "told"),
    [
        (Conditions(branches=(XIXI,)), "", True),
        (Conditions(cities=("杭州",)), "", True),
        (Conditions(cities=("深圳",)), "", False),
        (Conditions(levels=("私行",)), "", False),
        (Conditions(min_age=60), "", False),
        (Conditions(holds=("信用卡",)), "", True),
        (Conditions(holds=("个人养老金",)), "", False),
        (Conditions(), XIXI, True),
        (Conditions(), "云杉银行深圳福田支行", False),
    ],
)
def test_only_where_it_applies(place: Place, conditions: Conditions, host: str, told: bool) -> None:
    place.runs(replace(PLAN, conditions=conditions), host)
    assert (NOTICE in place.told()) is told


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": TODAY + timedelta(days=2), "ends": TODAY + timedelta(days=3)},
        {"starts": TODAY - timedelta(days=2), "ends": TODAY - timedelta(days=1)},
        {"about": ("个人养老金",)},
    ],
)
def test_only_while_it_runs_and_beside_what_it_is_about(place: Place, changes: dict[str, object]) -> None:
    place.runs(replace(PLAN, **changes))  # type: ignore[arg-type]
    assert NOTICE not in place.told()


def test_not_once_its_places_are_taken(place: Place) -> None:
    campaign = place.runs(replace(PLAN, places=1))
    with place.storage.database.writing() as connection:
        today = date.today()
        campaign_table.take_places(connection, campaign_table.held(connection, campaign, today), 1, today)
    assert NOTICE not in place.told()


@pytest.mark.parametrize("worry", ["我被骗了5万元", "我要投诉你们", "我的卡丢了", "信用卡逾期还不上了怎么办", "转人工"])
def test_never_after_a_worry(place: Place, worry: str) -> None:
    place.runs()
    assert NOTICE not in place.told("c1001", worry)


def test_never_beside_a_refusal_to_answer_or_small_talk(place: Place) -> None:
    place.runs(replace(PLAN, about=("云杉白金信用卡", "你好", "谢谢", "火星")))
    conversation = place.start()
    for said in ("你好", "火星上的天气怎么样", "谢谢"):
        assert NOTICE not in place.assistant.respond(conversation, said).reply.text


def test_never_while_a_task_is_open(place: Place) -> None:
    place.runs()
    assert NOTICE not in place.told("c1001", "帮我绑定支付宝")


def test_it_is_told_after_a_task_that_it_is_about(place: Place) -> None:
    place.runs()
    conversation = place.start()
    place.assistant.respond(conversation, "帮我绑定支付宝")
    place.assistant.respond(conversation, place.bank.code("c1001"))
    replies = [place.assistant.respond(conversation, said).reply.text for said in ("借记卡", "同意", "确认")]
    assert NOTICE in replies[-1]
    assert not any(NOTICE in one for one in replies[:-1])


def test_while_the_bank_does_not_answer_the_answer_stands_alone(place: Place) -> None:
    place.runs()
    place.bank.fail(mode="refuse", calls=50)
    assert "3600元" in place.told()
    assert NOTICE not in place.told()


@pytest.mark.parametrize("changes", [None, {"about": ("个人养老金",)}, {"starts": TODAY + timedelta(days=2)}])
def test_the_bank_is_not_asked_where_none_is_about_the_answer(place: Place, changes: dict[str, object] | None) -> None:
    if changes is not None:
        place.runs(replace(PLAN, **{"ends": TODAY + timedelta(days=3), **changes}))  # type: ignore[arg-type]
    conversation = place.start()
    place.bank.calls.clear()
    assert "3600元" in place.assistant.respond(conversation, QUESTION).reply.text
    assert place.bank.calls == []


def test_where_one_is_the_bank_is_asked_twice_at_most(place: Place) -> None:
    place.runs()
    conversation = place.start()
    place.bank.calls.clear()
    place.assistant.respond(conversation, QUESTION)
    assert [one.rpartition("/")[2] for one in place.bank.calls] == ["privacy_overview", "customer_card"]


def test_whoever_turned_it_off_in_this_conversation_is_told_of_none(place: Place) -> None:
    place.runs()
    conversation = place.start()
    turn = place.assistant.respond(conversation, "关闭个性化推荐")
    assert turn.flow
    assert turn.flow.id == "privacy_choices"


def test_in_english_it_says_that_it_was_announced_in_chinese(place: Place) -> None:
    place.runs()
    conversation = place.start("c1016", "en")
    place.assistant.respond(conversation, "link my card to WeChat Pay")
    place.assistant.respond(conversation, place.bank.code("c1016"))
    said = ("credit card", "I agree", "yes")
    assert (
        "[Activity notice] 岁末绿色支付季"
        in [place.assistant.respond(conversation, one).reply.text for one in said][-1]
    )
