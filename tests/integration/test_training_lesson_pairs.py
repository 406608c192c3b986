"""Pairs of labelled questions: what search finds answers where it holds the evidence, and nowhere else."""

from __future__ import annotations

import pytest

from knowledge_base.cross_encoder import Excerpt
from training import lesson_pairs
from training.bases import Base, Question
from training.pair import Pair

GUIDE = """---
title: 湖光卡使用指南
---
# 费用

| 项目 | 湖光金卡 | 湖光普卡 |
| --- | --- | --- |
| 年费 | 每年200元 | 免费 |
| 换卡工本费 | 15元 | 5元 |

# 挂失

口头挂失有效期为5天。正式挂失须本人到网点办理。补发新卡需要7天。

# 還款

还款日为账单日后第二十天，逾期收取违约金。
"""
FAQ = "question,answer\n怎么关闭短信提醒？,发送QX到客服号码即可关闭，次月起不收费。\n"
QUESTIONS = (
    Question(asked="口头挂失管几天", evidence=("口头挂失有效期为5天",)),
    Question(asked="金卡换一张多少钱", evidence=("换卡工本费 | 15元 | 5元",)),
    Question(asked="不想要短信了咋办", evidence=("发送QX到客服号码即可关闭",)),
    Question(asked="挂失能不能在手机上撤销", evidence=()),
)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "指南.md").write_text(GUIDE, encoding="utf-8")
    (folder / "问答.csv").write_text(FAQ, encoding="utf-8")
    return list(lesson_pairs.looked_up([Base("湖光", folder, QUESTIONS)]))


def of(pairs: list[Pair], number: int) -> list[Pair]:
    return [one for one in pairs if one.article == f"湖光 {number}"]


@pytest.mark.parametrize(
    ("number", "answer"), [(0, "口头挂失有效期为5天"), (1, "15元"), (2, "发送QX到客服号码即可关闭")]
)
def test_what_holds_the_evidence_answers_by_the_words_that_stand_there(
    pairs: list[Pair], number: int, answer: str
) -> None:
    right = [one for one in of(pairs, number) if one.made == "positive, lesson"]
    assert right
    assert all(answer in one.answer and one.answer in one.excerpt.body for one in right)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_search_found_beside_it_does_not(pairs: list[Pair], number: int) -> None:
    beside = [one for one in of(pairs, number) if one.made == "beside, lesson"]
    assert beside
    assert not any(one.answer for one in beside)
    assert not any("口头挂失有效期" in one.excerpt.body for one in beside if number == 0)


def test_of_what_nothing_answers_all_is_wrong(pairs: list[Pair]) -> None:
    found = of(pairs, 3)
    assert len(found) > 1
    assert {(one.made, one.answer) for one in found} == {("unanswered, lesson", "")}


def test_answered_pairs_are_learnt_four_times_as_often() -> None:
    read = Excerpt("", ("年费580元。",))
    answered, unanswered = (
        Pair("年费", read, "580元", "positive, lesson", "a"),
        Pair("利率", read, "", "beside, lesson", "a"),
    )
    learnt = lesson_pairs.repeated([answered, unanswered], 2)
    assert (learnt.count(answered), learnt.count(unanswered)) == (8, 2)
