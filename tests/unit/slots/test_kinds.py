from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assistant
from assistant.slot import Asked, Filled, Option, Rejected, kinds
from assistant.slot_wording import rejection, rejections
from tests.unit.slots.asking import TODAY, find

FOLDER = Path(assistant.__file__).parent
SHARED = {"choice": "option_match.py", "branch": "option_match.py"}
OPTIONS = (Option("a", "白金卡"), Option("b", "青年卡", ("年轻人的卡",)), Option("c", "Savings account"))
HAN = "一二三四五六七八九十百千万亿两半零点元块号月日年周期份第个上下明今后前天是不好的对吧去来到至"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("给13812345678转两万五，尾号1234的卡", {"mobile": "13812345678", "amount": "25000.00", "last_four": "1234"}),
        ("身份证330102199001011234，手机13812345678，卡号6222021234567890128", {"resident_id": "330102199001011234", "mobile": "13812345678", "bank_card": "6222021234567890128"}),
        ("下周三下午三点预约", {"date": "2026-11-25", "time": "15:00"}),
        ("12月1号上午十点半，预存5000元", {"date": "2026-12-01", "time": "10:30", "amount": "5000.00"}),
        ("打印最近三个月的流水，要2份，发到a@b.com", {"period": "2026-08-23/2026-11-22", "count": "2", "email": "a@b.com"}),
        ("把上个月的账单发给我", {"period": "2026-10-01/2026-10-31"}),
        ("白金卡分12期还6000元", {"choice": "a", "count": "12", "amount": "6000.00"}),
        ("2026年12月1日", {"date": "2026-12-01"}),
        ("15:30", {"time": "15:30"}),
        ("330102199001011234", {"resident_id": "330102199001011234"}),
        ("6222021234567890128", {"bank_card": "6222021234567890128"}),
        ("13812345678", {"mobile": "13812345678"}),
        ("12月1日或12月5日", {}),
        ("123456", {}),
        ("3", {}),
        ("好的", {}),
        ("你好，白天营业吗", {}),
        ("年费怎么算", {}),
    ],
)  # fmt: skip
def test_kinds_that_were_not_asked_for_take_only_what_is_theirs(text: str, filled: dict[str, str]) -> None:
    found = {kind: find(kind, text, open=False, options=OPTIONS) for kind in kinds() if kind != "branch"}
    assert {kind: one.value for kind, one in found.items() if isinstance(one, Filled)} == filled


@given(
    st.one_of(st.text(max_size=80), st.text(alphabet=HAN + "0123456789 -.,:/+@x", max_size=60)),
    st.booleans(),
    st.sampled_from(["zh-CN", "en-US"]),
)
def test_no_text_is_too_strange(text: str, open: bool, locale: str) -> None:
    for name, kind in kinds().items():
        found = kind.find(text, Asked(open, TODAY, locale, OPTIONS))
        assert found is None or isinstance(found, Filled | Rejected)
        if not open:
            assert not isinstance(found, Rejected), name
        if isinstance(found, Rejected):
            assert rejection(name, found.reason, locale)


@pytest.mark.parametrize(
    "text",
    [
        "十" * 2000,
        "1" * 2000,
        "1 " * 1000,
        "a@" * 1000,
        "我" * 2000,
        "1-" * 1000,
        "一点" * 1000,
        "." * 2000,
        "\n" * 500,
        "9月到" * 600,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    for name, kind in kinds().items():
        start = time.perf_counter()
        kind.find(text, Asked(True, TODAY, "zh-CN", OPTIONS))
        assert time.perf_counter() - start < 0.5, name


def _reasons(kind: str) -> set[str]:
    found: set[str] = set()
    for path in (FOLDER / "slots" / f"{kind}.py", FOLDER / SHARED.get(kind, f"slots/{kind}.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = list(ast.walk(tree))
        faults = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == "fault"]
        parts = [
            call.args[0] for call in nodes if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Rejected"
        ]
        parts += [node.value for one in faults for node in ast.walk(one) if isinstance(node, ast.Return) and node.value]
        found |= {value for part in parts for value in _constants(part)}
    return found


def _constants(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_every_reason_has_a_sentence_and_every_sentence_a_reason(locale: str) -> None:
    reasons = {kind: found for kind in kinds() if (found := _reasons(kind))}
    assert {kind: set(sentences) for kind, sentences in rejections(locale).items()} == reasons
    assert all(sentence.strip() for sentences in rejections(locale).values() for sentence in sentences.values())


def test_every_module_is_a_kind() -> None:
    assert set(kinds()) == {
        "address", "amount", "bank_card", "branch", "choice", "count", "date", "email", "employer", "last_four", "mobile", "moment", "name", "period", "resident_id", "secret", "text",
        "time", "yes_no",
    }  # fmt: skip
    assert all(callable(kind.find) for kind in kinds().values())
