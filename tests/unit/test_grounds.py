"""What a reply tells as the documents': figures that stand nowhere make it wrong, all else lowers how well it is borne out."""

from __future__ import annotations

import pytest

from assistant.reply import Outcome
from evals import grounds
from evals.case import Case
from evals.document_words import document_words
from evals.evaluator import Mark
from evals.evaluators.groundedness import evaluator
from evals.grounds import HOLDS, Ground
from evals.record import Cited, PlayedTurn, Record

FEE = "云杉白金信用卡主卡年费为580元/年，附属卡年费为290元/年。云杉白金信用卡首年免年费，当年消费满12笔次年免年费。"
BOX = "保管箱年租金为小型300元/年、中型600元/年、大型1,200元/年，起租期1年，另收押金500元，退租退还。"
CASH = "云杉全球支付信用卡的境外取现手续费为每月首笔免费，之后取现金额的3%，最低30元。"
ACCOUNT = "Ⅲ类户的余额上限为2,000元。\nⅢ类户不可以购买理财，不可以配发实体卡。"
OFFER = "需要的话，我现在就可以为您办理。"


def turn(
    reply: str,
    cited: str = FEE,
    events: tuple[str, ...] = ("knowledge_answered",),
    said: str = "年费多少",
    status: str | None = None,
    guided: str | None = None,
) -> PlayedTurn:
    source = Cited(number=1, passage="p", file="f.md", title="产品说明", section="", text=cited)
    return PlayedTurn(
        said=said,
        reply=reply,
        outcome=Outcome.ANSWERED.value,
        cited=(source,),
        events=events,
        status=status,
        guided=guided,
    )


def marks(*turns: PlayedTurn) -> dict[str, Mark]:
    case = Case(id="c", question="年费多少", must_say=(("580",),))
    return {one.metric: one for one in evaluator.marks(case, Record(case="c", turns=turns))}


class TestReplies:
    def test_the_documents_own_words_are_borne_out_altogether(self) -> None:
        found = marks(turn(f"{FEE} [1]"))
        assert (found["figures grounded"].value, found["groundedness"].value) == (1, 1)

    @pytest.mark.parametrize("other", ["480元", "58元", "5,800元", "580美元", "580%"])
    def test_a_figure_that_stands_nowhere_makes_the_case_wrong(self, other: str) -> None:
        mark = marks(turn(f"云杉白金信用卡主卡年费为{other}。 [1]"))["figures grounded"]
        assert (mark.value, mark.required) == (0, True)
        assert "stands in no source" in mark.why

    @pytest.mark.parametrize("same", ["580.00元", "五百八十元", "５８０元"])
    def test_the_same_figure_may_be_written_otherwise(self, same: str) -> None:
        assert marks(turn(f"主卡年费为{same}。 [1]"))["figures grounded"].value == 1

    def test_a_wrong_figure_of_an_earlier_turn_counts_too(self) -> None:
        assert marks(turn("年费480元。 [1]"), turn(f"{FEE} [1]"))["figures grounded"].value == 0

    def test_a_figure_without_a_mark_needs_a_source_all_the_same(self) -> None:
        assert marks(turn(f"{FEE} [1]\n\n另收工本费15元。"))["figures grounded"].value == 0

    def test_the_assistants_own_sentences_need_none(self) -> None:
        reply = f"（以下按 2025-12-31 有效的规定）\n（我理解您问的是：白金卡年费480元吗）\n{FEE} [1]\n\n{OFFER}"
        assert document_words(turn(reply)) == FEE
        assert marks(turn(reply))["groundedness"].value == 1

    def test_beside_a_task_its_question_needs_none(self) -> None:
        reply = f"{FEE} [1]\n\n请输入11位新手机号。"
        assert marks(turn(reply, status="open"))["figures grounded"].value == 1
        assert marks(turn(reply))["figures grounded"].value == 0

    def test_of_guidance_the_rows_of_products_need_one_and_the_customers_own_figures_none(self) -> None:
        reply = "**客户**：72岁、30万元\n\n| 产品 | 年费 |\n| --- | --- |\n| 白金卡 [1] | {fee} |\n\n也符合：8项。"
        right, wrong = (turn(reply.format(fee=fee), events=(), guided="recommend") for fee in ("580元/年", "480元/年"))
        assert (marks(right)["figures grounded"].value, marks(wrong)["figures grounded"].value) == (1, 0)

    def test_what_is_no_answer_from_documents_is_not_marked(self) -> None:
        refused = PlayedTurn(said="年费", reply="抱歉，没有找到依据。", outcome=Outcome.ABSTAINED.value)
        assert marks(refused) == {}


@pytest.mark.parametrize(
    ("question", "source", "answer", "holds"),
    [
        ("年费多少，怎么免", FEE, "主卡一年580元，第一年免，当年刷满12笔，次年免年费。", True),
        ("附属卡年费多少", FEE, "附属卡年费为580元/年。", False),
        ("年费多少", FEE, "主卡年费为580元/月。", False),
        ("年费能免吗", FEE, "所有客户一律免年费。", False),
        ("大型保管箱多少钱", BOX, "大型1,200元一年，押金500元，退租退还。", True),
        ("大型保管箱多少钱", BOX, "大型保管箱年租金为600元。", False),
        ("境外取现手续费", CASH, "每月首笔免费，之后按取现金额的3%收，最低30元。", True),
        ("境外取现手续费", CASH, "每月首笔免费，之后按取现金额的3%收，最高30元。", False),
        ("能买理财吗", ACCOUNT, "Ⅲ类户不可以购买理财。", True),
        ("能买理财吗", ACCOUNT, "Ⅲ类户可以购买理财。", False),
        ("余额上限", ACCOUNT, "Ⅲ类户的余额上限为2,000元，详见 https://www.other.example/a。", False),
        ("余额上限", ACCOUNT, "需要先下载客户端，再联系主管经理盖章登记。", False),
    ],
)
def test_an_answer_is_held_against_what_the_passage_says_of_that_very_thing(
    question: str, source: str, answer: str, holds: bool
) -> None:
    found = grounds.of(answer, [Ground("产品说明", source)], question)
    assert (found.score >= HOLDS) is holds, found


def test_of_two_passages_each_says_its_own() -> None:
    rows = [
        Ground("", f"账户类别：{kind}；日累计限额：{limit}")
        for kind, limit in (("Ⅱ类户", "1万元"), ("Ⅲ类户", "2,000元"))
    ]
    right, wrong = (grounds.of(f"{kind}日累计限额为2,000元。", rows) for kind in ("Ⅲ类户", "Ⅱ类户"))
    assert right.score >= HOLDS > wrong.score


def test_the_numbers_of_steps_within_a_line_are_no_figures() -> None:
    steps = [Ground("流程", "1. 提交身份证\n2. 审核\n3. 签约\n4. 放款")]
    assert grounds.unheld("1. 提交身份证。3. 签约。4. 放款。", steps) == []
    assert grounds.unheld("提交身份证。3.5%另收。", steps) == ["3.5%"]
