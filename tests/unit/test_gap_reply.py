from __future__ import annotations

import pytest

from assistant.gap_reply import is_personal, substance


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("您好，我是801号坐席，很高兴为您服务。", ""),
        ("好的，我正在为您查询，请稍等。", ""),
        ("李女士您好，残币可以到任一网点免费兑换，带上残币本身就可以。", "残币可以到任一网点免费兑换，带上残币本身就可以。"),
        ("外币取现请提前一个工作日预约。您尾号6484的卡已经可以取了。", "外币取现请提前一个工作日预约。"),
        ("下午3点我同事给您回电，手机号138****5678对吗？", ""),
        ("残缺人民币四分之三以上的按原面额全额兑换。请问还有其他可以帮您的吗？", "残缺人民币四分之三以上的按原面额全额兑换。"),
        ("张伟先生的申请已经退回。境外汇款一般1到3个工作日到账。", "境外汇款一般1到3个工作日到账。"),
        ("Hello, thank you for waiting. Worn notes are exchanged free of charge at any branch.", "Worn notes are exchanged free of charge at any branch."),
    ],
)  # fmt: skip
def test_only_what_answers_anybody_is_left(said: str, left: str) -> None:
    assert substance(said) == left


def test_a_prepared_reply_says_nothing_of_its_own() -> None:
    prepared = "理财有风险，投资须谨慎。请先看产品说明书。"
    assert substance(prepared) and substance(prepared, frozenset({"理财有风险,投资须谨慎。请先看产品说明书。"})) == ""


def test_personal_matters_are_told_from_questions() -> None:
    assert is_personal("我叫王小明，卡号6222****1234") and is_personal("我的申请现在到哪了")
    assert not is_personal("残币能换吗")
