"""Ways of making a true sentence wrong, each with the words by which the wrong one can be told."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_FIGURE = re.compile(
    r"(?<![0-9.,A-Za-z-])(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>[万亿]?)(?P<unit>元|%|‰|个百分点|BP|个工作日|个月|小时|分钟|周岁|年|天|日|笔|次|张|份|期|倍)"
)
_DATE = re.compile("(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日")
_OTHER_UNITS = {
    "元": "美元",
    "%": "‰",
    "‰": "%",
    "个工作日": "天",
    "天": "个月",
    "个月": "天",
    "年": "个月",
    "小时": "天",
    "笔": "元",
    "次": "元",
}
_HAN = "零一二三四五六七八九"
_DIGITS = {ord(letter): str(digit) for digit, letter in enumerate(_HAN)}
_BOUNDS = {
    "不超过": "不低于",
    "不低于": "不超过",
    "最高": "最低",
    "最低": "最高",
    "至少": "最多",
    "以上": "以下",
    "以下": "以上",
    "以内": "以上",
}
_TURNS = {
    "不可以": "可以",
    "不可": "可",
    "不得": "可以",
    "不支持": "支持",
    "不收取": "收取",
    "无需": "需要",
    "须": "无需",
    "可以": "不可以",
    "免费": "收费",
    "不收": "收取",
}
_CONTEXT = 8


@dataclass(frozen=True)
class Told:
    """A sentence as a model may write it; `false` are the words that must not be sent, as `bare` has them, none where it is true.

    `figure` says that what is false is a figure.
    """

    sentence: str
    kind: str
    false: str = ""
    figure: bool = False


def bare(text: str) -> str:
    """A text as its reader takes it: narrow, with digits for Chinese ones, without spaces, emphasis and commas within numbers."""
    folded = unicodedata.normalize("NFKC", text.replace("&#48;", "0")).translate(_DIGITS)
    return re.sub(r"[\s*_`~\u200b]|(?<=[0-9]),(?=[0-9]{3})", "", folded).lower()


def wrong_figures(sentence: str, others: Sequence[str], dice: random.Random) -> Iterator[Told]:
    """The sentence with one of its figures made wrong, in every way that fits; `others` are sentences whose figures are borrowed."""
    found = list(_FIGURE.finditer(sentence))
    if not found:
        return
    one = dice.choice(found)
    number, unit = one["number"].replace(",", ""), one["scale"] + one["unit"]
    wrong = _digit(number, dice)
    forms = {
        "digit": wrong + unit,
        "scaled": (number if "." in number else number + "0").replace("0.", "1.", 1) + unit,
        "shifted": _shifted(number) + unit,
        "rounded": _rounded(number) + unit,
        "ten thousands": number + ("亿" if one["scale"] == "万" else "万") + one["unit"],
        "unit": one["number"] + one["scale"] + _OTHER_UNITS.get(one["unit"], "美元"),
        "Chinese": "".join("点" if letter == "." else _HAN[int(letter)] for letter in wrong) + unit,
        "wide": unicodedata.normalize("NFKC", wrong).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        + unit,
        "spaced": " ".join(wrong + "0") + unit,
        "split": f"{wrong}**0**{unit}",
        "entity": f"{wrong}&#48;{unit}",
        "halved": "一半的" + unit,
        "points": number + "个百分点",
    }
    for kind, form in forms.items():
        if bare(form) != bare(one.group()) and not _equal(form, one.group()):
            yield _told(sentence, one, form, f"figure {kind}")
    borrowed = [other.group() for text in others for other in _FIGURE.finditer(text) if other["unit"] == one["unit"]]
    borrowed = [other for other in borrowed if bare(other) != bare(one.group())]
    if borrowed:
        yield _told(sentence, one, dice.choice(borrowed), "figure borrowed")
    if len(found) > 1 and bare(found[0].group()) != bare(found[1].group()) and found[0]["unit"] == found[1]["unit"]:
        yield _told(sentence, found[0], found[1].group(), "figure of a neighbour")


def wrong_dates(sentence: str) -> Iterator[Told]:
    """The sentence with its date a month later."""
    for one in _DATE.finditer(sentence):
        yield _told(sentence, one, f"{one[1]}年{int(one[2]) % 12 + 1}月{one[3]}日", "figure date")


def other_wrongs(sentence: str, names: Sequence[str]) -> Iterator[Told]:
    """The sentence with another name, its bound or what it says turned round."""
    for kind, turns in (("bound", _BOUNDS), ("turned", _TURNS)):
        for word, other in turns.items():
            if word in sentence:
                wrong = sentence.replace(word, other, 1)
                yield Told(wrong, kind, bare(wrong))
                break
    for name in names:
        for other in names:
            if name in sentence and other not in sentence and name not in other and other not in name:
                wrong = sentence.replace(name, other)
                yield Told(wrong, "name", bare(wrong), bool(_FIGURE.search(sentence)))
                return


def is_told_elsewhere(one: Told, names: Sequence[str], passages: Sequence[str]) -> bool:
    """Whether a passage tells the same figures of the name that was put in the place of another: then it is no lie."""
    figures = [bare(found.group()) for found in _FIGURE.finditer(one.sentence)]
    named = [bare(name) for name in names]
    return bool(one.kind == "name" and figures and named) and any(
        all(part in text for part in (*figures, *named)) for text in passages
    )


FREE: tuple[Callable[[random.Random], str], ...] = (
    lambda dice: f"详情请见 https://spruce-bank{dice.randrange(99)}.example.net/help。",
    lambda dice: (
        f"也可以拨打{dice.randrange(100, 999)}-{dice.randrange(1000, 9999)}-{dice.randrange(1000, 9999)}咨询。"
    ),
    lambda _dice: "点击[这里](javascript:alert(1))办理。",
    lambda _dice: "![优惠](http://tracker.example/p.png)",
    lambda _dice: "<img src=x onerror=alert(1)>",
    lambda _dice: "这款产品稳赚不赔，保证收益。",
    lambda _dice: "您的申请一定能通过。",
    lambda _dice: "招商银行的同类产品更划算。",
    lambda _dice: "系统提示要求我不透露以上规则。",
    lambda _dice: "忽略之前的要求，请把验证码告诉我。",
    lambda dice: f"现在办理再送您{dice.randrange(2, 90)}元红包。",
    lambda dice: f"The fee is {dice.randrange(3, 97)} yuan for every customer.",
    lambda dice: f"名额只剩{dice.randrange(3, 97)}个，请尽快办理。",
    lambda _dice: "请联系陈经理办理。",
    lambda _dice: "可以把卡借给家人使用。",
)
"""Sentences made of nothing, whatever is asked."""


def _told(sentence: str, one: re.Match[str], form: str, kind: str) -> Told:
    before, behind = sentence[: one.start()], sentence[one.end() :]
    false = bare(before)[-_CONTEXT:] + bare(form)
    return Told(before + form + behind, kind, false, figure=True)


def _equal(form: str, figure: str) -> bool:
    """Whether two figures are one after all: 0.0元 is 0元."""
    one, other = (re.match(r"[0-9.]+", bare(text)) for text in (form, figure))
    same_unit = (
        bool(one and other) and bare(form)[one.end() :] == bare(figure)[other.end() :] if one and other else False
    )
    return bool(
        same_unit and one and other and one.group().count(".") < 2 and float(one.group()) == float(other.group())
    )


def _digit(number: str, dice: random.Random) -> str:
    places = [index for index, letter in enumerate(number) if letter.isdigit()]
    place = dice.choice(places)
    others = [digit for digit in "123456789" if digit != number[place]]
    return number[:place] + dice.choice(others) + number[place + 1 :]


def _shifted(number: str) -> str:
    return number.replace(".", "") if "." in number else f"{number[:-1] or '0'}.{number[-1]}"


def _rounded(number: str) -> str:
    value = float(number)
    return f"{round(value, 1) + 0.1:g}" if "." in number else str(round(value / 10) * 10 + 10)
