from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.backroom import Backroom
from assistant.llm import Asked, Failure
from assistant.model_event import ModelAsked
from assistant.polishing import Grounds, Lines, Polishing, covered_values, names_like
from assistant.reply import Citation
from tests.model import FakeModel

PATIENCE = 10.0
LINES = Lines(
    "t1",
    "c1",
    "zh",
    (
        "原因：客户要求人工，14:05提出。客户原话：“我是林晓雯，卡在13800138000名下”",
        "客户：已登录，还没有用验证码核验。",
        "正在办“变更手机号”，等客户说“新手机号”。已填：邮箱 l***@example.com。",
        "小林接待过。",
    ),
    frozenset(["林晓雯", "小林", "l***@example.com"]),
)
TITLES = ("变更手机号", "挂失", "Change the phone number")
GOOD = (
    "客户14:05提出要求人工，客户原话是“我是<NAME_4>，卡在<PHONE_1>名下”[1]。客户已登录，还没有用验证码核验，<NAME_3>接待过。[2][4]\n"
    "正在办“变更手机号”，已填邮箱<NAME_2>，等客户说“新手机号”[3]。"
)


class Desk:
    """Polishing over a model that answers so, and what was noted."""

    def __init__(
        self, answer: Callable[[Asked], str | Failure], stands: Callable[[str], bool] = lambda _: True
    ) -> None:
        self.model = FakeModel(answer)
        self.room = Backroom[str]()
        self.noted: list[tuple[str, list[ModelAsked], str | None]] = []
        self.sources: Sequence[Citation] = ()

        def grounds(sources: Sequence[Citation]) -> Callable[[str], bool]:
            self.sources = sources
            return stands

        ground: Grounds = grounds
        self.polishing = Polishing(self.model, self.room, ground, self._note, TITLES, "云杉银行", 5)

    def _note(self, conversation: str, asked: Sequence[ModelAsked]) -> None:
        # What wakes the desk comes when the text is there.
        self.noted.append((conversation, list(asked), self.polishing.of(LINES)))

    def polished(self, lines: Lines = LINES) -> str | None:
        assert self.polishing.of(lines) is None
        assert self.room.wait(PATIENCE)
        return self.polishing.of(lines)


def worded(asked: Asked) -> str:
    """What a model that minds the rules makes of it, with the tokens that it was given."""
    tokens = dict(asked.cloak._tokens)
    text = GOOD
    for token, value in zip(("NAME_4", "NAME_3", "NAME_2", "PHONE_1"), ("林晓雯", "小林", "l***@example.com", "13800138000"), strict=True):  # fmt: skip
        text = text.replace(f"<{token}>", f"@{value}@")
    for value, token in tokens.items():
        text = text.replace(f"@{value}@", token)
    return text


def test_a_good_text_is_shown_without_marks_and_with_the_values_back_in_it() -> None:
    desk = Desk(worded)
    told = desk.polished()
    assert told == (
        "客户14:05提出要求人工，客户原话是“我是林晓雯，卡在13800138000名下”。客户已登录，还没有用验证码核验，小林接待过。"
        "正在办“变更手机号”，已填邮箱l***@example.com，等客户说“新手机号”。"
    )
    assert [one.number for one in desk.sources] == [1, 2, 3, 4]
    assert [one.text for one in desk.sources] == [
        "原因：客户要求人工，14:05提出。客户原话：“我是，卡在名下”",
        "客户：已登录，还没有用验证码核验。",
        "正在办“变更手机号”，等客户说“新手机号”。已填：邮箱 。",
        "接待过。",
    ]


def test_the_model_is_shown_no_value_that_is_personal() -> None:
    desk = Desk(worded)
    desk.polished()
    sent = desk.model.asked[0].system + desk.model.asked[0].user
    assert "正在办“变更手机号”" in sent
    assert "云杉银行" in sent
    for value in (*LINES.names, "13800138000"):
        assert value not in sent


def test_it_is_made_once_and_noted_with_its_cost_when_it_is_there() -> None:
    desk = Desk(worded)
    told = desk.polished()
    desk.polishing.of(LINES)
    assert desk.room.wait(PATIENCE)
    assert len(desk.model.asked) == 1
    assert [(conversation, [one.cost for one in asked], text) for conversation, asked, text in desk.noted] == [
        ("c1", [0.01], told)
    ]
    assert desk.noted[0][1][0].prompt.startswith("summary@")


@pytest.mark.parametrize(
    ("of", "instead"),
    [
        ("14:05", "14:50"),
        ("变更手机号", "挂失"),
        ("，还没有用验证码核验", ""),
        ("，<小林>接待过", ""),
        ("已登录，还没有用验证码核验", "已登录，还没有用验证码核验，客户很着急，已等3小时"),
        ("[2][4]", "[2]"),
        ("[3]", "[3][7]"),
        ("[1]", ""),
        ("。客户已登录", "[1]。客户已登录。[2]已登录。[2]已登录"),
    ],
)
def test_a_text_that_adds_or_loses_something_is_not_shown(of: str, instead: str) -> None:
    def spoilt(asked: Asked) -> str:
        good = worded(asked)
        token = asked.cloak._tokens["小林"]
        assert of.replace("<小林>", token) in good
        return good.replace(of.replace("<小林>", token), instead)

    desk = Desk(spoilt)
    assert desk.polished() is None
    assert desk.polished() is None
    assert len(desk.model.asked) == 1


def test_a_sentence_that_stands_in_no_line_is_not_shown() -> None:
    seen: list[str] = []

    def stands(sentence: str) -> bool:
        seen.append(sentence)
        return "接待过" not in sentence

    assert Desk(worded, stands).polished() is None
    assert all("[" in one for one in seen)


@pytest.mark.parametrize("answer", ["", "[0]", "好的。"])
def test_an_answer_that_is_none_is_not_shown(answer: str) -> None:
    assert Desk(lambda _asked: answer).polished() is None


def test_a_failure_is_noted_and_nobody_hears_of_it() -> None:
    desk = Desk(lambda _asked: Failure.UNREACHABLE)
    assert desk.polished() is None
    assert desk.noted[0][1][0].failure == "unreachable"


def test_other_lines_and_another_language_are_made_anew() -> None:
    desk = Desk(lambda _asked: "好的。")
    for lines in (LINES, Lines("t1", "c1", "en", LINES.lines), Lines("t1", "c1", "zh", LINES.lines[:2]), LINES):
        desk.polishing.of(lines)
        assert desk.room.wait(PATIENCE)
    assert ["英文" in one.system for one in desk.model.asked] == [False, True, False]


def test_the_covered_name_is_found_where_the_customer_said_it() -> None:
    lines = ("客户原话：“我是林晓雯”", "林*雯", "张三")
    assert names_like("林*雯", lines) == {"林晓雯", "林*雯"}
    assert names_like("张*", lines) == {"张*"}
    assert names_like("", lines) == set()


def test_what_is_covered_in_part_is_found() -> None:
    assert covered_values(["已填：新手机号 139****9077、邮箱 l***@example.com。", "验证码******，14:05"]) == {
        "139****9077", "l***@example.com", "******"
    }  # fmt: skip
