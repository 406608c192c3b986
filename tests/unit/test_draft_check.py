from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import draft_check
from assistant.draft_check import DraftCheck
from tests.conftest import KnowledgeBase
from tests.fakes import HashEmbedder

ROOT = Path(__file__).parents[2] / "knowledge_base" / "documents"
TABLE = yaml.safe_load(Path(__file__).with_name("drafts.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 22)
FOLDERS = (
    "staff/compliance",
    "staff/products",
    "wealth",
    "deposits",
    "funds",
    "loans",
    "campaigns",
    "branches",
    "insurance",
)
FILES = ("staff/_meta.yaml", "cards/十张信用卡对比表.xlsx", "cards/十张信用卡对比表.xlsx.meta.yaml", "cards/_meta.yaml")


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftCheck]:
    """The check over the bank's own documents."""
    knowledge = KnowledgeBase(tmp_path_factory.mktemp("drafts"), HashEmbedder())
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, knowledge.folder / folder)
    for name in FILES:
        target = knowledge.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    knowledge.ingest()
    knowledge.search.refresh()
    yield DraftCheck(knowledge.search)
    knowledge.close()


def test_there_are_many_and_nearly_half_of_them_pass() -> None:
    assert len(TABLE["passes"]) >= 35
    assert len(TABLE["passes"]) + len(TABLE["refused"]) >= 60


@pytest.mark.parametrize("text", TABLE["passes"])
def test_what_may_be_sent_passes(check: DraftCheck, text: str) -> None:
    assert check.of(text, day=DAY).findings == ()


@pytest.mark.parametrize("case", TABLE["refused"], ids=lambda case: case["text"])
def test_what_may_not_is_refused_with_the_reason(check: DraftCheck, case: dict[str, Any]) -> None:
    verdict = check.of(case["text"], day=DAY)
    assert not verdict.passed
    told = [(one.kind, f"{one.words} {one.reason}") for one in verdict.findings]
    assert any(kind == case["kind"] and case["words"] in text for kind, text in told), told
    assert all(one.reason and one.instead for one in verdict.findings)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("稳赚不赔。", "禁止表述：稳赚"),
        ("我手里有内部额度。", "禁止表述：内部额度"),
        ("预期收益率4%。", "业绩比较基准不得称为预期收益率"),
        ("存满5万元送大米一袋。", "不得出现赠礼、返现、返息"),
        ("云杉·稳盈90天热销。", "理财非存款、产品有风险、投资须谨慎"),
        ("绿色支付季立减多多，先到先得！", "宣传材料必备要素为"),
        ("松岭远航热销。", "不得公开宣传"),
    ],
)
def test_the_rules_own_passage_is_cited(check: DraftCheck, text: str, rule: str) -> None:
    first = check.of(text, day=DAY).findings[0]
    assert first.citation
    assert rule in first.citation.text


def test_in_english_the_reasons_are_in_english(check: DraftCheck) -> None:
    (first, *_rest) = check.of("这款理财保本。", "en", DAY).findings
    assert first.reason == "“保本” is a forbidden phrase."
    assert first.instead.startswith("An investment is never guaranteed")


def test_a_verdict_in_words_numbers_its_citations(check: DraftCheck) -> None:
    text, cited = draft_check.worded(check.of("保本，稳赚，年费99元。", day=DAY), "zh")
    assert text.startswith("这段话不能发，有3处要改：\n1. “保本”是禁止表述。改法：")
    assert [one.number for one in cited] == [1, 2]
    assert text.splitlines()[1].endswith("[1]")
    assert text.splitlines()[2].endswith("[2]")
    passed, none = draft_check.worded(check.of("您好，欢迎到网点办理。", day=DAY), "zh")
    assert (passed, none) == ("没有查出问题。发布前仍须按规定审批。", ())


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("帮我看看这段话能不能发：稳赚不赔", "稳赚不赔"),
        ("检查文案：保本理财，火热预约", "保本理财，火热预约"),
        ("请帮我审核一下这条朋友圈: 新品上线", "新品上线"),
        ("这段话能不能发：您好", "您好"),
        ("检查文案：“两行\n文案”", "两行\n文案"),
        ("check this draft: guaranteed returns", "guaranteed returns"),
        ("帮我看看客户的风险等级", None),
        ("年费是多少：白金卡", None),
        ("检查一下信用卡年费", None),
    ],
)
def test_a_colleague_asks_for_the_check(message: str, draft: str | None) -> None:
    assert draft_check.asked(message) == draft


def test_a_pitch_is_checked_without_the_library() -> None:
    assert [one.words for one in draft_check.forbidden("稳 赚不赔，不得说保本")] == ["稳赚"]
    assert draft_check.forbidden("理财非存款，产品有风险，投资须谨慎") == ()
