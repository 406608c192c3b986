from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant import task_examples
from assistant.flow import WrongFlow, read_all
from assistant.settings import Settings
from assistant.task_classifier import (
    Candidate,
    Clarify,
    Nothing,
    Offer,
    Ranking,
    Start,
    TaskClassifier,
    decide,
    split,
)
from assistant.task_examples import NONE
from assistant.task_model import embeddings, train
from knowledge_base.embedder import Embedder, Vectors

FLOWS = read_all(Settings().flows_dir)


@pytest.fixture(scope="session")
def classifier(embedder: Embedder) -> TaskClassifier:
    """The one that ships, as it was trained at set-up."""
    return TaskClassifier(embedder, task_examples.load(FLOWS), Settings().models_dir)


@pytest.mark.parametrize(
    ("message", "flow"),
    [
        ("怎么帮我改一下手机号", "change_phone"),
        ("能不能帮我把手机号改了", "change_phone"),
        ("可以帮我查下申请进度吗", "card_application_status"),
        ("我的卡申请到哪一步了？", "card_application_status"),
        ("上个月花了多少钱？", "query_transactions"),
        ("信用卡下来没", "card_application_status"),
        ("我工资发了没，帮我查查", "query_transactions"),
        ("给我媳妇办个副卡", "apply_credit_card"),
        ("可不可以给我开个存款证明", "deposit_certificate"),
        ("Where is my card application?", "card_application_status"),
        ("解掛", "lift_lost_report"),
        ("給我開存款證明", "deposit_certificate"),
        ("I lost my card", "report_lost_card"),
        ("秘码忘了取不出钱", "reset_card_password"),
        ("卡不知道搁哪儿了，给我挂失", "report_lost_card"),
        ("卡在大衣里，别挂失了", "lift_lost_report"),
        ("中介要看账上有多少钱的存款证明，麻烦给开一下", "deposit_certificate"),
        ("好几个月没收到短信了，登记的号给我换成新号", "change_phone"),
        ("推销短信烦不烦，给我退订", "privacy_choices"),
    ],
)
def test_wishes_start(classifier: TaskClassifier, message: str, flow: str) -> None:
    assert decide(classifier.classify(message)) == Start(flow)


@pytest.mark.parametrize(
    ("message", "flow"),
    [
        ("怎么修改手机号？", "change_phone"),
        ("解挂要不要跑网点", "lift_lost_report"),
        ("绑微信安不安全", "bind_quick_pay"),
        ("开一份存款证明收多少手续费", "deposit_certificate"),
        ("双录能不能让我儿子替我去", "dual_recording_booking"),
        ("Can my son reset the PIN for me?", "reset_card_password"),
        ("挂失要多少钱", "report_lost_card"),
        ("存款证明可以开英文的吗", "deposit_certificate"),
        ("双录是什么", "dual_recording_booking"),
        ("How do I change my PIN?", "reset_card_password"),
        ("怎么绑微信，给我讲讲", "bind_quick_pay"),
        ("U盾密码怎么重置，麻烦告诉我", "reset_ukey_password"),
        ("不知道去哪里办信用卡", "apply_credit_card"),
        ("存款证明要什么材料，给我办一个", "deposit_certificate"),
    ],
)
def test_questions_about_a_task_offer_it(classifier: TaskClassifier, message: str, flow: str) -> None:
    assert decide(classifier.classify(message)) == Offer(flow)


@pytest.mark.parametrize(
    "message", ["我还有多少钱", "解挂钩要用什么", "理解挂历", "今天天气怎么样", "apply for a mortgage", "book a flight"]
)
def test_what_is_no_task_starts_none(classifier: TaskClassifier, message: str) -> None:
    assert decide(classifier.classify(message)) == Nothing()


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("我要约双路", "我要约双录"),
        ("取款秘码", "取款密码"),
        ("帮定微信", "帮绑定微信"),
        ("双路由器", "双路由器"),
        ("确任办卡", "确认办卡"),
        ("明确任务", "明确任务"),
        ("头诉", "投诉"),
        ("二累户", "2类户"),
        ("手机号吗换了", "手机号码换了"),
    ],
)
def test_plain_slips_are_mended(text: str, mended: str) -> None:
    assert task_examples.respelled(text) == mended


def test_probabilities_add_up(classifier: TaskClassifier) -> None:
    ranking = classifier.classify("我要挂失")
    assert sum(row.probability for row in ranking.candidates) + ranking.none == pytest.approx(1, abs=1e-4)
    assert ranking.best.wish <= ranking.best.probability


def test_several_tasks_start_in_order(classifier: TaskClassifier) -> None:
    wanted = (Start("change_phone"), Start("card_application_status"))
    assert classifier.understand("我要换手机号，顺便查一下信用卡申请进度") == wanted


def test_one_task_is_one_decision(classifier: TaskClassifier) -> None:
    assert classifier.understand("你好，我要换手机号，谢谢") == Start("change_phone")


def test_a_trained_model_is_read_again(embedder: Embedder, tmp_path: Path) -> None:
    rules = task_examples.Rules(None, None, None)
    texts = (("改号", "a"), ("换号", "a"), ("挂失", "b"), ("你好", NONE))
    messages = tuple(task_examples.Example(*row) for row in texts)
    examples = task_examples.Examples(messages, {"a": rules, "b": rules})
    first = TaskClassifier(embedder, examples, tmp_path).classify("改号")
    assert len(list(tmp_path.glob("tasks-*.npz"))) == 1
    assert TaskClassifier(embedder, examples, tmp_path).classify("改号") == first


class Counting:
    """Counts what is embedded."""

    fingerprint = "counting"
    dimensions = 2

    def __init__(self) -> None:
        self.count = 0

    def embed_query(self, text: str) -> Vectors:
        self.count += 1
        return np.array([len(text), 1], dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.embed_query(text) for text in texts])


def test_only_texts_that_are_new_are_embedded(tmp_path: Path) -> None:
    counting = Counting()
    first = embeddings(counting, ["改号", "挂失"], tmp_path)
    second = embeddings(counting, ["改号", "挂失一下"], tmp_path)
    assert counting.count == 3
    assert (first[0] == second[0]).all()


def ranked(*rows: tuple[str, float, float]) -> Ranking:
    candidates = [Candidate(*row, commits=row[0] != "query_transactions") for row in rows]
    return Ranking(tuple(candidates), 1 - sum(row[1] for row in rows))


def test_a_task_that_commits_needs_more() -> None:
    assert decide(ranked(("change_phone", 0.65, 0.65))) == Clarify(("change_phone",))
    assert decide(ranked(("query_transactions", 0.65, 0.65))) == Start("query_transactions")
    assert decide(ranked(("change_phone", 0.95, 0.95))) == Start("change_phone")
    assert decide(ranked(("change_phone", 0.95, 0.05))) == Offer("change_phone")
    assert decide(ranked(("change_phone", 0.3, 0.3))) == Nothing()


def test_splits_into_clauses() -> None:
    assert split("改手机号，顺便查进度") == ["改手机号", "查进度"]
    assert split("change my phone number and then show my transactions") == [
        "change my phone number",
        "show my transactions",
    ]


def test_trains_what_can_be_separated() -> None:
    rows = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], dtype=np.float32)
    classes = np.array([0, 0, 1, 1])
    assert ((rows @ train(rows, classes)).argmax(axis=1) == classes).all()


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    flow = (Settings().flows_dir / "change_phone.yaml").read_text(encoding="utf-8")
    path = tmp_path / "change_phone.yaml"
    path.write_text(flow[: flow.index("\nexamples:")] + "\nexamples: {en: [yes]}\n", encoding="utf-8")
    with pytest.raises(WrongFlow, match=r"examples: en\.0 is true or false"):
        read_all(tmp_path)


def test_tasks_that_only_read_are_told_from_the_flows() -> None:
    assert task_examples.load(FLOWS).read_only == {"card_application_status", "query_transactions"}
