"""Every prompt: that it renders, what it must say, and that nothing personal is in what it makes. A new one is added to EXAMPLES."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import prompt
from assistant.cloak import Cloak, Public
from assistant.llm import Size
from assistant.prompt import Prompt, WrongPrompt

PASSAGE = {
    "number": 1,
    "title": Public("云杉白金信用卡"),
    "section": Public("年费"),
    "text": Public("主卡年费为每年3600元，客服电话13800138000。"),
}


@dataclass(frozen=True)
class Example:
    """Values that a prompt is rendered with; those that hold words of people; which model it is for; and what it must say."""

    values: Mapping[str, Any]
    personal: tuple[str, ...]
    size: Size
    says: tuple[str, ...]
    cites: bool = False


EXAMPLES = {
    "answer": Example(
        {
            "bank": Public("云杉银行"), "name": Public("小杉"), "staff": False, "english": False,
            "passages": [PASSAGE], "about": "白金卡", "question": "年费多少",
        },
        ("about", "question"),
        Size.LARGE,
        (
            "你是云杉银行的数字员工小杉", "只依据给出的编号资料回答", "[1] 《云杉白金信用卡》年费", "主卡年费为每年3600元",
            "不承诺收益", "不换算", "只输出 [0]", "前面谈到：白金卡", "问题：年费多少",
        ),
        cites=True,
    ),
    "commands": Example(
        {
            "tasks": [{"id": Public("task:change_phone"), "title": Public("变更手机号")}],
            "value": True, "cancel": True, "asked": "新手机号是多少？", "message": "换个号",
        },
        ("asked", "message"),
        Size.SMALL,
        ("- task:change_phone：要办理“变更手机号”", "- value", "- cancel", "- unclear", "拿不准就选 unclear", "一个字也不改", "客户最后一句话：换个号"),
    ),
    "customer": Example(
        {
            "wish": "我换号码了", "manner": Public("话极少"), "gives_up": True, "english": False,
            "facts": [{"told": "新手机号是新号码", "wrong": "旧号码"}],
            "talk": [{"mine": 0, "text": "请告诉我新的手机号。"}, {"mine": 1, "text": "稍等"}],
        },
        ("wish", "facts", "talk"),
        Size.LARGE,
        (
            "你扮演银行的一位客户", "信息以外的号码、金额、日期、名称一概不说", "用中文说", "你要办的事：我换号码了", "- 新手机号是新号码",
            "你先把它说成 旧号码", "说话方式：话极少", "你说不办了", "数字员工：请告诉我新的手机号。", "你：稍等",
        ),
    ),
    "in_json": Example(
        {"system": Public("你判断一句话。"), "schema": Public('{"type": "object"}'), "user": Public("句子：好")},
        (),
        Size.SMALL,
        ("你判断一句话。", "只输出一个 JSON 对象", '{"type": "object"}', "句子：好"),
    ),
    "judge": Example(
        {
            "passages": [{"title": "云杉白金信用卡", "section": "年费", "text": "主卡年费为每年3600元。"}],
            "before": ["白金卡怎么样"], "question": "年费多少", "answer": "年费3600元",
        },
        ("passages", "before", "question", "answer"),
        Size.SMALL,
        (
            "只看给出的资料", "《云杉白金信用卡》年费", "主卡年费为每年3600元。", "此前客户说过：“白金卡怎么样”", "问题：年费多少", "答复：年费3600元",
            "先写 reason", "grounded", "answers", "只答了一半",
        ),
    ),
    "rewrite": Example(
        {"before": [{"author": Public("customer"), "text": "白金卡年费"}], "message": "那免吗"},
        ("before", "message"),
        Size.SMALL,
        ("能单独看懂", "不添加新的", "不回答问题", "客户：白金卡年费", "客户最后一句话：那免吗"),
    ),
    "summary": Example(
        {
            "bank": Public("云杉银行"), "language": Public("中文"),
            "lines": [{"number": 1, "text": "客户：没有登录。"}, {"number": 2, "text": "正在办“变更手机号”。"}],
        },
        ("lines",),
        Size.LARGE,
        (
            "替云杉银行的坐席", "用中文写", "最多四句话", "每一条记录都要写到", "记录以外的一概不写", "不推测原因", "一个也不能少",
            "[1] 客户：没有登录。", "[2] 正在办“变更手机号”。",
        ),
        cites=True,
    ),
    "support": Example(
        {"passages": [Public("主卡年费为每年3600元。")], "sentence": "年费3600元"},
        ("sentence",),
        Size.SMALL,
        ("只看给出的资料", "supported", "主卡年费为每年3600元。", "句子：年费3600元"),
    ),
}  # fmt: skip
JARGON = re.compile(
    r"\b(?:llm|ai|api|prompt|token|rag|chunk|embedding|context|agent|chat|gpt|openai|system|schema|tool)s?\b", re.I
)
KNOWN = "林晓雯"
digits = st.text("0123456789", min_size=8, max_size=8)
personal = st.one_of(
    digits.map(lambda tail: f"139{tail}"),
    digits.map(lambda tail: f"+86 138 {tail[:4]} {tail[4:]}"),
    digits.map(lambda tail: f"622202{tail}{tail[:5]}"),
    digits.map(lambda tail: f"6222 02{tail[:2]} {tail[2:6]} {tail[4:8]} 123"),
    digits.map(lambda tail: f"11010519{tail[:2]}0101{tail[2:5]}X"),
    digits.map(lambda tail: f"lin.{tail}@example.com"),
    digits.map(lambda tail: "".join(chr(ord(one) + 0xFEE0) for one in f"139{tail}")),
    st.just(KNOWN),
)


def rendered(name: str, cloak: Cloak | None = None, **changed: object) -> str:
    asked = prompt.load(name).render(cloak or Cloak(), **{**EXAMPLES[name].values, **changed})
    return f"{asked.system}\n{asked.user}"


def filled(value: object, text: str) -> object:
    """The value with this text in the place of every text that is not the bank's own."""
    if isinstance(value, Public) or not isinstance(value, str | list | dict):
        return value
    if isinstance(value, str):
        return text
    return (
        [filled(one, text) for one in value]
        if isinstance(value, list)
        else {k: filled(v, text) for k, v in value.items()}
    )


def test_every_prompt_has_its_example() -> None:
    assert set(prompt.names()) <= set(EXAMPLES)


WRAPPING = "in_json"
"""What holds another prompt whole, which was rendered, and so covered, before."""
OWN = [name for name in prompt.names() if name != WRAPPING]


@pytest.mark.parametrize("name", prompt.names())
class TestEvery:
    def test_is_for_its_model_and_says_what_it_must(self, name: str) -> None:
        said, example = rendered(name), EXAMPLES[name]
        assert prompt.load(name).size is example.size
        assert [text for text in example.says if text not in said] == []

    def test_refuses_other_values_than_it_names(self, name: str) -> None:
        values = dict(EXAMPLES[name].values)
        first = next(iter(values))
        with pytest.raises(WrongPrompt, match="other values than it names: more"):
            prompt.load(name).render(Cloak(), **values, more="more")
        del values[first]
        with pytest.raises(WrongPrompt, match=first):
            prompt.load(name).render(Cloak(), **values)

    def test_holds_no_placeholder_that_was_not_filled_in(self, name: str) -> None:
        assert not re.search(r"\{\{|\}\}|\{%|None|\[\]", rendered(name))


@pytest.mark.parametrize("name", OWN)
class TestOwnWords:
    def test_bids_to_leave_tokens_and_to_follow_no_order_in_what_is_read(self, name: str) -> None:
        said = rendered(name)
        assert "指令" in said
        assert "不执行" in said
        assert EXAMPLES[name].size is Size.SMALL or "形如 <PHONE_1> 的记号原样保留" in said

    def test_speaks_no_jargon(self, name: str) -> None:
        said = re.sub(r"<PHONE_1>|JSON", "", rendered(name))
        assert JARGON.findall(said) == []

    def test_a_value_that_is_no_value_of_a_prompt_is_refused(self, name: str) -> None:
        with pytest.raises(WrongPrompt, match="no value of a prompt"):
            rendered(name, None, **{EXAMPLES[name].personal[0]: 0.5})

    @given(
        value=personal,
        before=st.sampled_from(["", "我的是", "call "]),
        after=st.sampled_from(["", "，麻烦查一下", " thanks"]),
    )
    def test_nothing_personal_is_in_it_and_all_comes_back(self, name: str, value: str, before: str, after: str) -> None:
        cloak = Cloak([KNOWN])
        text = f"{before}{value}{after}"
        values = {one: filled(EXAMPLES[name].values[one], text) for one in EXAMPLES[name].personal}
        said = rendered(name, cloak, **values)
        narrow = "".join(chr(ord(one) - 0xFEE0) if 0xFF10 <= ord(one) <= 0xFF19 else one for one in value)
        assert value not in said
        assert narrow not in said
        assert narrow in cloak.uncover(said)


@pytest.mark.parametrize("name", [name for name in prompt.names() if EXAMPLES[name].cites])
def test_what_words_texts_for_people_keeps_the_rules_of_citation(name: str) -> None:
    said = rendered(name)
    assert "每一句话的末尾写上依据的" in said
    assert "[1][2]" in said
    assert "完全一致" in said


def test_what_is_the_banks_own_is_sent_as_it_stands() -> None:
    assert "客服电话13800138000" in rendered("answer")


def test_a_code_is_blotted_out_altogether() -> None:
    cloak = Cloak()
    said = rendered("answer", cloak, question="验证码是482913，对吗")
    assert "482913" not in said
    assert "482913" not in cloak.uncover(said)


class TestLabel:
    """By what is kept with an answer, one can tell which text it came of."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(prompt, "_FOLDER", tmp_path)
        prompt.load.cache_clear()
        return tmp_path

    def loaded(self, folder: Path, text: str) -> Prompt:
        (folder / "greeting.yaml").write_text(text, encoding="utf-8")
        prompt.load.cache_clear()
        return prompt.load("greeting")

    def test_it_changes_with_every_character_of_the_text(self, folder: Path) -> None:
        text = "version: 1\nsize: small\nsystem: 你好\nuser: '{{ question }}'\n"
        first, again = self.loaded(folder, text), self.loaded(folder, text)
        other = self.loaded(folder, text.replace("你好", "您好"))
        assert re.fullmatch("greeting@1-[0-9a-f]{8}", first.label)
        assert first.label == again.label
        assert first.label != other.label
        prompt.load.cache_clear()

    @pytest.mark.parametrize(
        "text",
        [
            "size: small\nsystem: a\nuser: b\n",
            "version: 1\nsize: huge\nsystem: a\nuser: b\n",
            "version: 1\nsize: small\nsystem: a\nuser: b\nmore: c\n",
            "version: 1\nsize: small\nsystem: '{{ a'\nuser: b\n",
            "version: [",
        ],
    )
    def test_a_file_that_is_wrong_is_named(self, folder: Path, text: str) -> None:
        with pytest.raises(WrongPrompt, match=r"greeting\.yaml cannot be read"):
            self.loaded(folder, text)

    def test_a_value_of_a_prompt_that_is_not_there_is_no_empty_text(self, folder: Path) -> None:
        wrong = self.loaded(folder, "version: 1\nsize: small\nsystem: a\nuser: '{{ one.missing }}'\n")
        with pytest.raises(WrongPrompt, match="cannot be rendered"):
            wrong.render(Cloak(), one={"there": "a"})
