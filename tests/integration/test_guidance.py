"""Guidance over the documents that ship: each form of question, its sources, and that no customer ever gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from assistant import bootstrap, guard
from assistant.assistant import Assistant
from assistant.banks.none import NoBank
from assistant.campaign import Campaign, Status
from assistant.catalogue import Catalogue
from assistant.command import GuideSale
from assistant.conversation import Conversation, fold
from assistant.event import SaleGuided
from assistant.guidance import Guidance
from assistant.guidance_page import Guided
from assistant.live import Speech
from assistant.llm import Allowance
from assistant.product import Kind
from assistant.reply import Outcome, Turn
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.settings import Settings
from assistant.staff_understanding import StaffUnderstanding
from assistant.suitability import Rule
from assistant.talking import Talking
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase

DAY = date(2026, 11, 22)
PRIVATE = ("臻选固收", "松岭远航")
MARK = re.compile(r" \[([0-9]+)\]")
CAMPAIGN = Campaign(
    id="k1",
    host="云杉银行深圳福田支行",
    status=Status.APPROVED,
    version=1,
    made_by="editor",
    made_at="2026-10-20T08:00:00+00:00",
    authors=("editor",),
    name="福田社区反诈集市",
    starts=date(2026, 11, 1),
    ends=date(2026, 11, 30),
    audience="深圳市民均可参加",
    reward="完成反诈问答赠环保袋1个",
)


@dataclass
class Desk:
    """A conversation of staff on the day of the documents."""

    understanding: StaffUnderstanding
    guidance: Guidance
    state: Conversation = Conversation(audience=Audience.STAFF)

    def ask(self, message: str, language: str = "zh") -> Guided:
        command = self.understanding.understand(message, self.state, DAY)
        assert command, message
        found = self.guidance.guide(command, "云杉银行深圳福田支行", language)
        self.state = fold((found.event,), self.state)
        return found


@pytest.fixture
def desk(shipped: KnowledgeBase) -> Desk:
    catalogue = Catalogue(shipped.search)
    guidance = Guidance(shipped.search, catalogue, lambda _branch, _day: [CAMPAIGN], lambda: DAY)
    return Desk(StaffUnderstanding(catalogue.products), guidance)


def _table(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("| ")]


ASKED = [
    "客户45岁，稳健型，20万活期，一年内不用，推荐什么",
    "70多岁，C3，随时要用的10万块，推荐什么",
    "客户60岁，C5，三年不用，200万，合格投资者，推荐私募",
    "R2以下、起购1万以内的理财有哪些",
    "哪些保险65岁还能买",
    "稳盈90、稳盈180、安享1年怎么选",
    "定期和大额存单对比",
    "颐年和福寿年金有什么区别",
    "有没有类似安享1年但是期限短一点的",
    "C3客户66岁能买固收增强吗",
    "C3客户66岁能买权益精选吗",
    "国债现在能买吗",
    "客户说要保本，20万，C2，一年",
    "Customer aged 45, C2, 200k, not needed for a year, what fits?",
]


@pytest.mark.parametrize("message", ASKED)
def test_every_figure_of_a_table_stands_in_a_passage_that_its_row_cites(desk: Desk, message: str) -> None:
    found = desk.ask(message)
    for line in _table(found.text):
        cited = [one for one in found.citations if str(one.number) in MARK.findall(line)]
        told = " ".join(cell for cell in MARK.sub("", line).split("|")[1:])
        days = re.sub("（20[0-9-]+起）|[(]from 20[0-9-]+[)]", "", told)
        if cited:
            assert not guard.unsupported_figures(days, [one.text for one in cited]), line


@pytest.mark.parametrize("message", ASKED)
def test_marks_and_citations_belong_together_and_nothing_forbidden_is_said(desk: Desk, message: str) -> None:
    found = desk.ask(message)
    assert sorted({int(number) for number in MARK.findall(found.text)}) == [one.number for one in found.citations]
    assert not re.search("保本|稳赚|零风险|收益更高|佣金", found.text)


@pytest.mark.parametrize("message", [one for one in ASKED if "合格投资者" not in one])
def test_private_products_are_named_to_nobody_who_is_not_told_to_be_qualified(desk: Desk, message: str) -> None:
    found = desk.ask(message)
    shown = found.text + "".join(one.text for one in found.citations)
    assert not any(name in shown for name in PRIVATE)


def test_what_fits_is_told_with_reasons_words_and_what_is_left_out(desk: Desk) -> None:
    found = desk.ask(ASKED[0])
    assert {"定期存款（整存整取）1年", "大额存单1年", "云杉·安享1年封闭"} <= set(found.event.offered)
    assert len(found.event.offered) == 5
    assert "2.20%—2.70%（2026-11-10公布）" in found.text
    assert "C2可以买R1、R2" in found.text
    assert "业绩比较基准不是预期收益率" in found.text
    assert "怎么说" in found.text
    assert CAMPAIGN.name in found.text
    assert "活动奖励不得与存款挂钩" in found.text
    out = {one.product: one.rules for one in found.event.left_out}
    assert out["云杉·固收增强18个月"][0] is Rule.ABOVE_LEVEL
    assert out["储蓄国债（电子式）3年"] == (Rule.COLLECTION_OVER, Rule.LOCKED_TOO_LONG)


def test_deposits_come_first_where_the_money_may_be_needed_any_day(desk: Desk) -> None:
    found = desk.ask("C3，随时要用的10万块，推荐什么")
    assert found.event.offered[0] == "活期存款"
    # One of them, gold, tells no term, so nothing is said of all.
    assert "云杉积存金" in found.event.offered
    assert "先列存款" not in found.text
    assert "云杉·稳盈90天" not in found.event.offered


def test_without_a_level_only_what_needs_none_is_offered_and_the_level_is_asked(desk: Desk) -> None:
    found = desk.ask("客户45岁，20万，一年不用，推荐什么")
    assert not re.search("R[1-5] \\|", found.text)
    assert found.next[1] == "客户是C2稳健型"
    again = desk.ask(found.next[1])
    assert "云杉·安享1年封闭" in again.event.offered
    assert again.event.need.facts.amount == 200_000


def test_a_fact_that_changes_carries_the_rest(desk: Desk) -> None:
    desk.ask(ASKED[0])
    older = desk.ask("那70岁呢")
    assert older.event.need.facts == CustomerFacts((70, 70), 2, amount=200_000, spare_days=365)
    assert "每次评估都在网点完成" in older.text
    only = desk.ask("只要存款")
    assert {
        one.kind
        for one in Catalogue(desk.guidance._rules._search).products(Audience.STAFF, DAY)
        if one.name in only.event.offered
    } == {
        Kind.DEPOSIT,
        Kind.CERTIFICATE,
    }
    why = desk.ask("为什么没有权益精选")
    assert why.event.left_out[0].rules == (Rule.ABOVE_LEVEL,)
    assert "不能卖" in why.text


def test_an_elder_may_buy_r4_at_a_branch_with_a_review_and_r5_never(desk: Desk) -> None:
    r4 = desk.ask("70岁C4客户能买权益精选吗")
    assert r4.event.offered == ("云杉·进取权益精选",)
    assert "网点负责人复核" in r4.text
    r5 = desk.ask("70岁C5客户能买全球多资产吗")
    assert r5.event.left_out[0].rules == (Rule.ELDER_R5,)


def test_who_may_be_an_elder_for_all_that_is_known_is_not_sold_r5_and_the_age_is_asked(desk: Desk) -> None:
    r5 = desk.ask("C5，50万，全球多资产能卖吗")
    assert r5.event.left_out[0].rules == (Rule.AGE_UNTOLD,)
    assert "不能卖" in r5.text
    assert "先问年龄" in r5.text
    r4 = desk.ask("C5，50万，权益精选能卖吗")
    assert r4.event.offered == ("云杉·进取权益精选",)
    assert "按已知条件可以卖" in r4.text
    assert "先问客户多大年纪" in r4.text
    assert "网点负责人复核" in r4.text
    among = desk.ask("客户C5，50万，三年不用，推荐什么")
    assert "先问客户多大年纪" in among.text
    assert "云杉·全球多资产" not in " ".join(among.event.offered)


def test_what_is_listed_for_nobody_in_particular_asks_no_age(desk: Desk) -> None:
    found = desk.ask("R5以下的理财有哪些")
    assert any("| R5" in line for line in _table(found.text))
    assert "年龄" not in found.text.split("\n\n**没有列出的**")[0]
    assert "网点负责人复核" not in found.text


def test_a_private_product_is_told_to_a_qualified_investor_with_its_conditions(desk: Desk) -> None:
    found = desk.ask("客户50岁，C3，合格投资者，50万，三年不用，推荐私募")
    assert found.event.offered == ("云杉私享·臻选固收1号（私募）",)
    assert "24小时冷静期" in found.text
    assert "一对一" in found.text


def test_products_stand_side_by_side_and_what_is_not_told_is_said(desk: Desk) -> None:
    found = desk.ask("日日盈和稳盈90天有什么区别")
    rows = {line.split("|")[1].strip(): line for line in _table(found.text)}
    assert "每日开放" in rows["期限"]
    assert "最短持有期90天" in rows["期限"]
    assert "表示文件没有写" in found.text


def test_like_another_but_shorter(desk: Desk) -> None:
    found = desk.ask("有没有类似安享1年但是期限短一点的")
    assert found.event.offered[0] == "云杉·日日盈现金管理1号"
    assert "云杉·安享1年封闭" not in found.event.offered
    assert "云杉·进取权益精选" not in found.event.offered


def test_an_assessment_that_may_be_too_old_forbids_the_sale(desk: Desk) -> None:
    found = desk.ask("客户去年10月份做的测评C3，今天要买固收增强18个月，能办吗")
    assert found.event.left_out[0].rules == (Rule.ASSESSMENT_EXPIRED,)
    assert "须重新评估" in found.text


@pytest.mark.parametrize(
    "message",
    [
        "45岁C3，20万，测评日期2024-03-01，固收增强18个月能卖吗",
        "45岁，C4（已过期），权益精选能卖吗",
        "45岁C3等级已经失效，固收增强18个月能买吗",
    ],
)
def test_an_assessment_out_of_date_forbids_the_sale(desk: Desk, message: str) -> None:
    assert desk.ask(message).event.left_out[0].rules == (Rule.ASSESSMENT_EXPIRED,)


@pytest.mark.parametrize(
    "message",
    [
        "1950年出生的客户，C5，50万，全球多资产能卖吗",
        "退休老太太，C5，全球多资产能卖吗",
        "72的客户，C5，50万，全球多资产能卖吗",
    ],
)
def test_an_elder_is_known_however_the_age_is_told(desk: Desk, message: str) -> None:
    assert desk.ask(message).event.left_out[0].rules == (Rule.ELDER_R5,)


@pytest.mark.parametrize("kind", ["保险", "黄金"])
def test_no_product_is_said_to_be_had_on_any_day_where_no_document_tells_it(desk: Desk, kind: str) -> None:
    found = desk.ask(f"45岁C3，10万，随时要用，推荐{kind}")
    assert "随时能支取" not in found.text
    assert "每日开放的低风险产品" not in found.text
    assert not any(re.search("年金|重大疾病|寿险|养老", name) for name in found.event.offered)


def test_a_rule_holds_where_the_documents_do_not_tell_it(knowledge: KnowledgeBase) -> None:
    knowledge.write(
        "wealth/a.md",
        "---\ntitle: 清单\n---\n\n| 产品名称 | 风险等级 | 期限 |\n|---|---|---|\n| 青山·一号 | R3 | 90天 |\n",
    )
    knowledge.ingest()
    guidance = Guidance(knowledge.search, Catalogue(knowledge.search), lambda _branch, _day: [], lambda: DAY)
    need = SalesNeed(CustomerFacts((45, 45), 2), kinds=(Kind.WEALTH,))
    found = guidance.guide(GuideSale(need), "", "zh")
    assert found.event.offered == ()
    assert "高于客户的风险等级C2" in found.text
    assert not found.citations


@pytest.fixture(scope="module")
def assistant(shipped: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    root = tmp_path_factory.mktemp("guidance")
    settings = Settings(data_dir=root, models_dir=root / "models")
    database = bootstrap.build_database(settings)
    storage = bootstrap.build_storage(settings, database)
    yield bootstrap.build_assistant(settings, storage, shipped.search, shipped.embedder, NoBank())
    database.close()


def _asked(assistant: Assistant, audience: Audience, *messages: str) -> tuple[str, list[Turn]]:
    conversation, _token, _reply = assistant.start(audience, "zh-CN", branch="云杉银行上海陆家嘴支行")
    return conversation, [assistant.respond(conversation, message) for message in messages]


def test_staff_are_guided_and_the_log_holds_what_was_advised(assistant: Assistant) -> None:
    conversation, turns = _asked(assistant, Audience.STAFF, ASKED[0], "换成C3", "为什么没有权益精选")
    assert [turn.outcome for turn in turns] == [Outcome.ANSWERED] * 3
    advised = [event for event in assistant.events(conversation) if isinstance(event, SaleGuided)]
    assert [event.form for event in advised] == ["recommend", "recommend", "check"]
    assert advised[1].need.facts.level == 3
    assert advised[0].offered
    assert advised[0].passages
    assert assistant.conversation(conversation).branch == "云杉银行上海陆家嘴支行"


def test_a_button_is_understood_like_what_it_says(assistant: Assistant) -> None:
    conversation, turns = _asked(assistant, Audience.STAFF, "客户45岁，20万，一年不用，推荐什么")
    button = next(choice for choice in turns[0].reply.choices if "C2" in choice.label)
    turn = assistant.respond(conversation, "", button.id)
    assert "C2稳健型" in turn.reply.text.split("\n")[0]


@pytest.mark.parametrize(
    "message", [*ASKED, "推荐什么理财", "我45岁，稳健型，20万，一年不用，推荐什么", "臻选固收1号和松岭远航对比"]
)
def test_a_customer_never_gets_guidance(assistant: Assistant, message: str) -> None:
    conversation, turns = _asked(assistant, Audience.CUSTOMER, message)
    assert not [event for event in assistant.events(conversation) if isinstance(event, SaleGuided)]
    shown = turns[0].reply.text + "".join(one.text for one in turns[0].reply.citations)
    assert not any(word in shown for word in ("可以谈的", "怎么说", "没有列出的", "话术", *PRIVATE))


def test_talking_refuses_a_sale_command_in_a_customers_conversation(assistant: Assistant) -> None:
    talking: Talking = assistant._talking
    words = bootstrap.build_wordings(Settings()).of("zh-CN")
    said = talking.obey(GuideSale(SalesNeed(CustomerFacts((45, 45), 2))), Conversation(), words, Speech(Allowance(0)))
    assert (said.outcome, said.events) == (Outcome.ABSTAINED, ())
