from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import staff_help
from assistant.command import AnswerObjection, CheckDraft
from assistant.draft_check import DraftCheck
from assistant.playbook import Playbook
from assistant.staff_help import StaffHelp
from knowledge_base.embedder import Embedder
from tests.conftest import KnowledgeBase

ROOT = Path(__file__).parents[2] / "knowledge_base" / "documents"
SALES = "staff/sales/异议处理话术库.docx"
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[KnowledgeBase]:
    """The bank's table of objections, and nothing else."""
    opened = KnowledgeBase(tmp_path_factory.mktemp("playbook"), embedder)
    for name in ("staff/_meta.yaml", "staff/sales/_meta.yaml", SALES, f"{SALES}.meta.yaml"):
        target = opened.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    opened.ingest()
    opened.search.refresh()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("message", "answer", "reminder"),
    [
        ("客户说年费太贵怎么回", "年费580元/年，首年免年费", "不得说“反正能免”而不讲条件"),
        ("客户嫌存款利息低", "大额存单3年年利率1.50%", "不得以赠礼弥补"),
        ("客户觉得保险都是骗人的，怎么回应？", "犹豫期内可退保", "不贬低同业"),
        ("客户说朋友买了都赚了怎么回", "过往业绩不代表未来", "不举他人案例"),
        ("客戶嫌測評麻煩", "测评必须您本人作答", "代测评是红线"),
    ],
)
def test_the_whole_row_is_told_with_its_source(
    knowledge: KnowledgeBase, message: str, answer: str, reminder: str
) -> None:
    command = staff_help.understood(message)
    assert isinstance(command, AnswerObjection)
    found = StaffHelp(DraftCheck(knowledge.search), Playbook(knowledge.search)).obey(command, "zh")
    assert found
    reply, _events = found
    assert answer in reply.text
    assert f"提醒：{reminder}" in reply.text
    assert reply.citations[0].title == "异议处理话术库"
    assert answer in reply.citations[0].text


@pytest.mark.parametrize("said", ["网点太远", "天气不好", "开户太慢", "你们服务态度差", "房贷利率太高"])
def test_what_no_row_answers_is_left_to_the_other_documents(knowledge: KnowledgeBase, said: str) -> None:
    assert Playbook(knowledge.search).objection(said, DAY) is None


@pytest.mark.parametrize(
    "message",
    ["客户45岁，稳健型，20万活期，一年内不用，推荐什么", "年费多少", "客户能买R3吗", "客户说想要90天的产品，推荐什么"],
)
def test_another_question_is_not_taken_for_an_objection(message: str) -> None:
    assert staff_help.understood(message) is None


def test_what_is_personal_in_a_draft_is_noted_before_it_is_covered() -> None:
    command = staff_help.understood("帮我看看这段话能不能发：有事打13800001234")
    assert command == CheckDraft("有事打13800001234", personal=True)
