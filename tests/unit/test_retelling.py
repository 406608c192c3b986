from __future__ import annotations

import pytest

from assistant import retelling

LINES = (
    "原因：客户要求人工，14:05提出。",
    "客户：没有登录，身份未知。",
    "“变更手机号”已提交，银行还没有告知结果；核清之前请不要重复办理。 已填：新手机号 139****9077。",
    "没有答上：“月球上有你们的网点吗”。",
    "已办成：挂失（回执号LR20260703001）。",
)
NAMES = ("变更手机号", "挂失", "解除挂失", "139****9077", "小林")
LINE, RETOLD = (
    "".join(LINES),
    (
        "客户14:05提出要求人工，没有登录，身份未知。“变更手机号”已提交，新手机号已填139****9077，银行还没有告知结果，"
        "核清之前请不要重复办理。没有答上的问题是“月球上有你们的网点吗”。挂失已办成，回执号LR20260703001。"
    ),
)


def test_a_text_that_tells_everything_and_nothing_else_is_whole() -> None:
    assert retelling.lost(LINE, RETOLD, NAMES) == []
    assert retelling.added(LINES, RETOLD, NAMES) == []


@pytest.mark.parametrize(
    ("without", "lost"),
    [
        ("14:05", "14:05"),
        ("139****9077", "139****9077"),
        ("LR20260703001", "lr20260703001"),
        ("“变更手机号”", "变更手机号"),
        ("，核清之前请不要重复办理", "核清之前请不要重复办理"),
        ("，没有登录", "没有登录"),
        ("身份未知", "身份未知"),
        ("月球上有你们的网点吗", "月球上有你们的网点吗"),
    ],
)
def test_what_is_left_out_is_named(without: str, lost: str) -> None:
    assert without in RETOLD
    assert lost in retelling.lost(LINE, RETOLD.replace(without, ""), NAMES)


@pytest.mark.parametrize(
    ("instead", "of", "added"),
    [
        ("14:15提出", "14:05提出", "14:15"),
        ("138****9077", "139****9077", "138****9077"),
        ("解除挂失已办成", "挂失已办成", "解除挂失"),
        ("小林说挂失已办成", "挂失已办成", "小林"),
        ("“火星上有你们的网点吗”", "“月球上有你们的网点吗”", "火星上有你们的网点吗"),
        ("客户催了3次，14", "客户14", "3"),
        ("客户催了两次，14", "客户14", "2"),
        ("客户情绪激动，14", "客户14", "客户情绪激动"),
        ("，建议先安抚再核实账户。没有答上", "。没有答上", "建议先安抚再核实账户"),
    ],
)
def test_what_is_added_is_named(instead: str, of: str, added: str) -> None:
    assert of in RETOLD
    assert added in retelling.added(LINES, RETOLD.replace(of, instead, 1), NAMES)


@pytest.mark.parametrize(
    ("instead", "of"),
    [
        ("身份已知", "身份未知"),
        ("银行已告知结果", "银行还没有告知结果"),
        ("请重复办理", "请不要重复办理"),
        ("未办成", "已办成"),
    ],
)
def test_a_denial_more_or_less_turns_what_is_told(instead: str, of: str) -> None:
    assert of in RETOLD
    assert not retelling.turned(LINES, RETOLD)
    assert retelling.turned(LINES, RETOLD.replace(of, instead, 1))


def test_what_is_quoted_ends_no_sentence_and_marks_belong_to_the_one_before_them() -> None:
    text = "客户说“卡丢了。快点！”[1]。客户没有登录。[2] 正在挂失！[3][4]\n等客户确认[5]"
    assert retelling.sentences(text) == [
        "客户说“卡丢了。快点！”[1]。", "客户没有登录[2]。", "正在挂失[3][4]！", "等客户确认[5]"
    ]  # fmt: skip
    english = "Asked for a person, since 1 Jul 10:00 [1]. Known: new number 139.5 m. [2]"
    assert retelling.sentences(english) == [
        "Asked for a person, since 1 Jul 10:00 [1].", "Known: new number 139.5 m[2]."
    ]  # fmt: skip


def test_english_lines_are_held_to_the_same() -> None:
    lines = ("Reason: Asked for a person, since 1 Jul 10:00.", "Customer: not signed in.")
    text = "The customer, who is not signed in, asked for a person on 1 Jul, and has waited since 10:00."
    assert [lost for line in lines for lost in retelling.lost(line, text, ())] == []
    assert "10:00" in retelling.lost(lines[0], text.replace("10:00", "ten"), ())
    assert retelling.added(lines, text, ()) == []
    assert not retelling.turned(lines, text)
    assert retelling.turned(lines, text.replace("not signed in", "signed in"))
    assert retelling.added(lines, text + " She was very upset and wants money back.", ())
    assert "not signed in." in retelling.lost(lines[1], text.replace("who is not signed in, ", ""), ())
