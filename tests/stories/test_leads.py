"""Tasks that customers leave: who is asked, what they agree to, what the bank's people then see, and when they no longer do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant import bootstrap, lead_text
from assistant.assistant import Assistant
from assistant.bank import BankUnavailable
from assistant.lead import LeadGone, NoSuchLead, Status, leads
from assistant.lead_desk import LeadDesk, LeadView
from assistant.lead_event import LeadConsented, LeadOffered
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.sign_in import DEMO_SIGN_INS
from assistant.storage import Storage
from evals import bank
from evals.bank import RunningBank
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search

ASKS = "需要客户经理联系您继续办理吗"
AGREE, DECLINE, WITHDRAW = "可以联系我", "不用了", "不要联系我了"
WUHAN = "云杉银行武汉光谷支行"
STAFF, AGENT = DEMO_SIGN_INS["admin"], DEMO_SIGN_INS["agent"]


@dataclass
class Talk:
    """One customer's conversation."""

    house: House
    customer: str | None
    id: str
    turn: Turn | None = None

    def say(self, text: str) -> str:
        return self._heard(self.house.assistant.respond(self.id, text))

    def press(self, label: str) -> str:
        assert self.turn
        choice = next(one.id for one in self.turn.reply.choices if one.label == label)
        return self._heard(self.house.assistant.respond(self.id, "", choice))

    def code(self) -> str:
        return self.say(self.house.bank.code(self.customer or ""))

    @property
    def buttons(self) -> list[str]:
        return [one.label for one in self.turn.reply.choices] if self.turn else []

    def _heard(self, turn: Turn) -> str:
        self.turn = turn
        return turn.reply.text


@dataclass
class House:
    """The whole assistant, a bank, and the desk where leads are seen to."""

    assistant: Assistant
    storage: Storage
    bank: RunningBank
    desk: LeadDesk

    def talk(self, customer: str | None, locale: str = "zh-CN") -> Talk:
        return Talk(self, customer, self.assistant.start(Audience.CUSTOMER, locale, customer)[0])

    def listed(
        self, branch: str | None = None, status: Status | None = None, flow: str | None = None
    ) -> list[LeadView]:
        return self.desk.listed(STAFF, "zh-CN", status, branch, flow)

    def minutes_pass(self, minutes: int) -> None:
        """As if every lead had been left so much earlier."""
        earlier = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
        with self.storage.database.writing() as connection:
            connection.execute(update(leads).values(stopped_at=earlier))


@pytest.fixture
def house(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[House]:
    settings = Settings(data_dir=tmp_path)
    database: Database = bootstrap.build_database(settings)
    with bank.running(template, tmp_path / "bank") as running:
        storage = bootstrap.build_storage(settings, database)
        house = bootstrap.build_house(settings, storage, library, embedder, running.port)
        leads = bootstrap.build_lead_desk(settings, storage, running.port, house.flows)
        yield House(house.assistant, storage, running, leads)
    database.close()


def two_answers(house: House, customer: str = "c1014") -> Talk:
    """A deposit certificate, begun: the account and the kind are known, the amount is asked for."""
    talk = house.talk(customer)
    talk.say("我要开存款证明")
    talk.code()
    talk.say("第一个")
    assert "多少金额" in talk.say("时点证明")
    return talk


def test_cancelled_after_two_answers_and_agreed(house: House) -> None:
    talk = two_answers(house)
    assert ASKS in talk.say("算了")
    assert talk.buttons == [AGREE, DECLINE]
    assert house.listed() == []
    assert "客户经理会联系您" in talk.press(AGREE)
    (lead,) = house.listed()
    assert (lead.branch, lead.flow, lead.title, lead.step) == (WUHAN, "deposit_certificate", "开具存款证明", "amount")
    assert lead.asks.startswith("要证明多少金额")
    assert dict(lead.known) == {
        "账户": "Ⅱ类户 尾号" + house.bank.record("c1014")["accounts"][0]["number"][-4:],
        "证明类型": "时点证明",
    }
    assert (lead.name, lead.status, lead.minutes_ago, lead.customer) == ("罗*", Status.NEW, 0, None)
    assert [len(house.listed(branch)) for branch in (WUHAN, "云杉银行杭州西溪支行")] == [1, 0]
    assert [len(house.listed(flow=flow)) for flow in ("deposit_certificate", "apply_credit_card")] == [1, 0]
    assert [len(house.listed(status=status)) for status in (Status.NEW, Status.DONE)] == [1, 0]


def test_what_was_agreed_to_is_kept_as_evidence(house: House) -> None:
    talk = two_answers(house)
    asked = talk.say("算了")
    talk.press(AGREE)
    events = house.assistant.events(talk.id)
    consented = next(event for event in events if isinstance(event, LeadConsented))
    offered = next(event for event in events if isinstance(event, LeadOffered))
    text = lead_text.load().offer.zh
    assert text in asked
    assert consented.digest == offered.digest == sha256(text.encode()).hexdigest()
    assert consented.version == lead_text.load().version
    assert datetime.now(UTC) - datetime.fromisoformat(consented.at) < timedelta(minutes=1)


@pytest.mark.parametrize("no", [DECLINE, "不用了，谢谢", "不需要", "不"])
def test_declined_is_nothing_and_never_asked_again(house: House, no: str) -> None:
    talk = two_answers(house)
    talk.say("算了")
    assert "不联系您" in talk.say(no)
    assert house.listed() == []
    talk.say("我要变更账户类别")
    assert ASKS not in talk.say("算了")
    talk.say("我要开存款证明")
    talk.say("第一个")
    assert ASKS not in talk.say("再见")


def test_ignored_is_not_asked_about_the_same_task_again(house: House) -> None:
    talk = two_answers(house)
    talk.say("算了")
    talk.say("我要开存款证明")
    talk.say("第一个")
    assert ASKS not in talk.say("算了")
    assert house.listed() == []


def test_nobody_is_asked_who_is_not_known_or_has_begun_nothing_or_does_not_allow_it(house: House) -> None:
    anonymous = house.talk(None)
    anonymous.say("开一份英文的时点存款证明")
    assert ASKS not in anonymous.say("算了")
    nothing_begun = house.talk("c1014")
    nothing_begun.say("我要开存款证明")
    assert ASKS not in nothing_begun.say("算了")
    calls_off = house.talk("c1001")
    calls_off.say("我要开养老金账户")
    calls_off.code()
    calls_off.say("第一个")
    assert ASKS not in calls_off.say("算了")
    only_the_bank = house.talk("c1014")
    only_the_bank.say("我要开存款证明")
    assert "用哪个账户" in only_the_bank.code()
    assert ASKS not in only_the_bank.say("算了")
    delicate = house.talk("c1014")
    delicate.say("我要投诉")
    delicate.say("上周在网点排队两个小时没人理我，态度很差")
    assert ASKS not in delicate.say("算了")
    assert house.listed() == []


def test_nobody_is_asked_while_the_bank_cannot_be(house: House) -> None:
    talk = two_answers(house)
    house.bank.fail(mode="refuse", calls=1)
    assert ASKS not in talk.say("算了")


@pytest.mark.parametrize("word", ["好的", "是", "确认", "嗯"])
def test_a_plain_yes_agrees_to_nothing(house: House, word: str) -> None:
    talk = two_answers(house)
    talk.say("算了")
    assert "可以联系我" in talk.say(word)
    assert talk.buttons == [AGREE, DECLINE]
    assert house.listed() == []
    talk.say(AGREE)
    assert len(house.listed()) == 1


def test_a_goodbye_asks_that_alone_and_a_yes_to_it_does_not_confirm_the_task(house: House) -> None:
    talk = house.talk("c1012")
    talk.say("我要开养老金账户")
    talk.code()
    talk.say("第一个")
    assert "确认开立吗" in talk.say("同意")
    goodbye = talk.say("再见")
    assert ASKS in goodbye
    assert "确认开立吗" not in goodbye
    assert talk.buttons == [AGREE, DECLINE]
    for word in ("是", "确认", "确认办理", "第一个"):
        talk.say(word)
        assert house.bank.record("c1012")["pension_accounts"] == []
        assert house.listed() == []


def test_a_button_of_an_earlier_reply_agrees_to_nothing(house: House) -> None:
    talk = two_answers(house)
    talk.say("算了")
    assert talk.turn
    yes = talk.turn.reply.choices[0].id
    talk.say("云杉白金信用卡年费是多少？")
    assert "已经过期" in house.assistant.respond(talk.id, "", yes).reply.text
    assert house.listed() == []


def test_left_open_with_consent_it_counts_when_it_is_untouched(house: House) -> None:
    talk = two_answers(house)
    assert ASKS in talk.say("再见")
    talk.press(AGREE)
    assert [lead.step for lead in house.listed()] == ["amount"]
    talk.say("两千元")
    assert house.listed() == []
    house.minutes_pass(29)
    assert house.listed() == []
    house.minutes_pass(31)
    (lead,) = house.listed()
    assert (lead.step, lead.minutes_ago, lead.known["证明金额"]) == ("copies", 31, "2,000元")


def test_left_open_without_consent_it_is_no_lead(house: House) -> None:
    two_answers(house)
    house.minutes_pass(600)
    assert house.listed() == []


def test_begun_again_elsewhere_it_is_followed_there_and_not_asked_about(house: House) -> None:
    first = two_answers(house)
    first.say("算了")
    first.press(AGREE)
    again = house.talk("c1014")
    again.say("我要开存款证明")
    assert house.listed() == []
    again.code()
    again.say("第一个")
    assert ASKS not in again.say("算了")
    (lead,) = house.listed()
    assert (lead.step, set(lead.known)) == ("certificate", {"账户"})


def test_finished_later_it_is_done(house: House) -> None:
    first = house.talk("c1012")
    first.say("我要开养老金账户")
    first.code()
    first.say("第一个")
    first.say("算了")
    first.press(AGREE)
    lead = house.listed()[0].id
    house.desk.take(STAFF, lead, "zh-CN")
    later = house.talk("c1012")
    later.say("我要开养老金账户")
    later.code()
    later.say("第一个")
    later.say("同意")
    assert "已开立" in later.say("确认")
    assert [one.status for one in house.listed()] == [Status.DONE]
    with pytest.raises(LeadGone):
        house.desk.close(STAFF, lead, "done", "", "zh-CN")


def by_word(house: House, talk: Talk) -> None:
    assert "不会再" in talk.say(WITHDRAW)


def by_button(house: House, talk: Talk) -> None:
    assert "不会再" in talk.press(WITHDRAW)


def in_another_conversation(house: House, talk: Talk) -> None:
    assert "不会再" in house.talk("c1014").say(WITHDRAW)


def by_privacy_choice(house: House, talk: Talk) -> None:
    talk.say("关闭营销电话")
    assert "不会再" in talk.press("确认办理")


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("withdraw", [by_word, by_button, in_another_conversation, by_privacy_choice])
def test_withdrawn_nobody_is_shown_it_any_more(
    house: House, withdraw: Callable[[House, Talk], None], taken: bool
) -> None:
    talk = two_answers(house)
    talk.say("算了")
    talk.press(AGREE)
    lead = house.listed()[0].id
    if taken:
        house.desk.take(STAFF, lead, "zh-CN")
    withdraw(house, talk)
    assert house.listed() == []
    with pytest.raises(NoSuchLead):
        house.desk.take(AGENT, lead, "zh-CN")


def test_there_may_be_nothing_to_withdraw(house: House) -> None:
    assert "没有约好" in house.talk("c1014").say(WITHDRAW)


def test_what_the_customer_turned_off_elsewhere_is_heeded_when_it_is_taken(house: House) -> None:
    talk = two_answers(house)
    talk.say("算了")
    talk.press(AGREE)
    lead = house.listed()[0].id
    port = house.bank.port
    prepared = port.prepare("set_privacy_choice", "c1014", {"wanted": "marketing_calls_off"}, "zh-CN")
    port.commit(prepared.operation or "", "elsewhere")
    with pytest.raises(LeadGone):
        house.desk.take(STAFF, lead, "zh-CN")
    assert house.listed() == []


def test_it_is_taken_once_and_closed_by_whoever_took_it(house: House) -> None:
    talk = two_answers(house)
    talk.say("算了")
    talk.press(AGREE)
    lead = house.listed()[0].id
    with pytest.raises(LeadGone):
        house.desk.close(STAFF, lead, "done", "", "zh-CN")
    house.bank.fail(mode="refuse", calls=1)
    with pytest.raises(BankUnavailable):
        house.desk.take(STAFF, lead, "zh-CN")
    assert house.desk.take(STAFF, lead, "zh-CN").customer == "c1014"
    assert house.listed()[0].customer == "c1014"
    assert house.desk.listed(AGENT, "zh-CN")[0].customer is None
    for other in (AGENT, STAFF):
        with pytest.raises(LeadGone):
            house.desk.take(other, lead, "zh-CN")
    with pytest.raises(LeadGone):
        house.desk.close(AGENT, lead, "dropped", "", "zh-CN")
    closed = house.desk.close(STAFF, lead, "dropped", "客户电话13900139000打不通", "zh-CN")
    assert (closed.status, closed.taken_by) == (Status.DROPPED, STAFF.name)
    assert "13900139000" not in closed.note


def test_in_english(house: House) -> None:
    talk = house.talk("c1014", "en")
    talk.say("I need a deposit certificate")
    talk.code()
    talk.say("the first")
    assert "account manager" in talk.say("cancel")
    assert "will contact you" in talk.say("you may contact me")
    (lead,) = house.desk.listed(STAFF, "en")
    assert (lead.title, lead.branch) == ("Deposit certificate", WUHAN)
    assert "point or a period" in lead.asks
    assert "nobody will contact you" in talk.say("don't contact me")
