"""A model that lies in every way it can: what it writes for the passages that it was given."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evals import falsehoods
from evals.falsehoods import Told

_PASSAGE = re.compile(r"^\[([0-9]+)\] 《(.*?)》(.*)\n((?:.+\n?)+)", re.MULTILINE)
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
NAME = re.compile("云杉[\u4e00-\u9fff]{2,6}?(?:信用卡|借记卡|贷)(?!.{0,2}分期|单笔|积分)")
_SENTENCES = 9
_MARKS = ("[{n}]", " [{n}]", "【{n}】", "[{n}][{m}]", "[9]", "[{m}]", "")


@dataclass(frozen=True)
class _Passage:
    number: int
    sentences: tuple[str, ...]


def lie(user: str, number: int) -> str:
    """What the model answers to a prompt, the `number`th that it is sent."""
    return "".join(one.sentence for one in told(user, number))


def told(user: str, number: int) -> list[Told]:
    """The same, sentence by sentence, with what of it is false; the same for the same prompt and number."""
    dice, passages = random.Random(number), _passages(user)
    every = [sentence for passage in passages for sentence in passage.sentences]
    if not every:
        return [Told("好的。", "nothing")]
    names = sorted({name for sentence in every for name in NAME.findall(sentence)})
    chosen = [_one(dice, passages, every, names) for _ in range(_SENTENCES)]
    return [_marked(one, passage, len(passages), dice) for passage, one in chosen]


def _passages(user: str) -> list[_Passage]:
    found = []
    for number, _title, _section, text in _PASSAGE.findall(user):
        sentences = tuple(one for one in map(str.strip, _SENTENCE.findall(text)) if len(one) > 3 and one[-1] != "？")
        if "：" in text and text.count("；") > 1:
            sentences = sentences[1:]  # a row's name alone says nothing that could be false
        if sentences:
            found.append(_Passage(int(number), sentences))
    return found


def _one(
    dice: random.Random, passages: Sequence[_Passage], every: Sequence[str], names: Sequence[str]
) -> tuple[int, Told]:
    passage = dice.choice(passages)
    sentence = dice.choice(passage.sentences)
    way = dice.random()
    if way < 0.3:
        return passage.number, Told(sentence, "true")
    if way < 0.4:
        made = dice.choice(falsehoods.FREE)(dice)
        return passage.number, Told(made, "free", falsehoods.bare(made.rstrip("。")), any(map(str.isdigit, made)))
    wrong = [*falsehoods.wrong_figures(sentence, every, dice), *falsehoods.wrong_dates(sentence)]
    if way > 0.85 or not wrong:
        wrong = list(falsehoods.other_wrongs(sentence, names)) or wrong
    truth = falsehoods.bare("\n".join(every))
    wrong = [one for one in wrong if one.false not in truth]
    return passage.number, dice.choice(wrong) if wrong else Told(sentence, "true")


def _marked(one: Told, passage: int, passages: int, dice: random.Random) -> Told:
    """The sentence with a mark: mostly the right one, else another's, a made up one, or none."""
    mark = dice.choice(_MARKS[:3] * 2 + _MARKS).format(n=passage, m=dice.randint(1, passages))
    end = "" if one.sentence[-1] in "。！？；" else "。"
    return Told(f"{one.sentence}{end}{mark}", one.kind, one.false, one.figure)
