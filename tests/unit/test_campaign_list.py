from __future__ import annotations

from datetime import date

import pytest

from assistant import campaign_list, staff_help
from assistant.campaign import Campaign, Status
from assistant.command import ListCampaigns
from assistant.reply import Citation

BRANCH = "云杉银行上海陆家嘴支行"
CITED = Citation(1, "d", "分行网点活动一览", "", None, "", "/documents/d?passage=1")


def campaign(name: str, citation: Citation | None = None) -> Campaign:
    return Campaign(
        id=name, name=name, host=BRANCH, status=Status.APPROVED, version=1, made_by="a", made_at="", authors=("a",),
        starts=date(2026, 11, 10), ends=date(2026, 12, 20), audience="首次汇款|客户", reward="手续费\n减免", quota="300名",
        places=300, used=20, approval_number="云杉沪营审〔2026〕第022号", citation=citation,
    )  # fmt: skip


@pytest.mark.parametrize(
    "message",
    [
        "本网点现在有什么活动", "我们支行有哪些活动？", "最近有什么优惠活动", "现在有什么活动可以跟客户说", "正在进行的活动有哪些",
        "活动有哪些", "本月在做什么活动", "What campaigns are running at my branch?",
    ],
)  # fmt: skip
def test_what_runs_is_asked_for(message: str) -> None:
    assert staff_help.understood(message) == ListCampaigns()


@pytest.mark.parametrize(
    "message",
    [
        "积分兑换有什么活动",
        "活动怎么报批",
        "活动文案要写什么",
        "金秋分期礼活动的规则是什么",
        "客户问有什么活动能送礼怎么回",
        "活期存款利率",
    ],
)
def test_what_is_about_one_thing_is_asked_of_the_documents(message: str) -> None:
    assert staff_help.understood(message) != ListCampaigns()


def test_each_row_has_its_source_and_what_is_left() -> None:
    text, citations = campaign_list.told([campaign("甲"), campaign("乙", CITED)], BRANCH, "zh")
    assert text.startswith(f"{BRANCH}今天进行中的活动，共2项：")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[2].startswith("| 甲 | 2026-11-10至2026-12-20 | 首次汇款｜客户 | 手续费 减免 | 300名（还剩280） |")
    assert rows[3].startswith("| 乙 [1] |")
    assert [(one.number, one.title) for one in citations] == [(1, "分行网点活动一览")]


def test_that_nothing_runs_is_said() -> None:
    assert campaign_list.told([], BRANCH, "zh") == (f"{BRANCH}今天没有进行中的活动。", ())
    assert campaign_list.told([], "", "en")[0] == "The head office has none running today."
