"""How questions are put: by what a text names, and in the ways that people type."""

from __future__ import annotations

import re
from random import Random

import rjieba

_NOUNS = frozenset({"n", "vn", "nz", "nr", "ns", "nt", "l"})
_LONGEST = 10
_GREETINGS = ("请问", "请问一下", "你好，", "我想问", "想问下", "麻烦问下")
_ENDS = ("呢", "呀", "啊", "？谢谢", "呢？", "，急", "？？")
_SPOKEN = (("什么", "啥"), ("哪里", "哪儿"), ("为什么", "为啥"), ("怎样", "咋样"))


def nouns(text: str) -> list[str]:
    """The nouns and names of a text, two characters or longer, as often as they stand there."""
    return [word for word, tag in rjieba.tag(text) if tag in _NOUNS and len(word) > 1]


def compounds(text: str) -> list[str]:
    """Runs of nouns, two to ten characters long."""
    runs, run = [], ""
    for word, tag in [*rjieba.tag(text), ("。", "x")]:
        if tag in _NOUNS:
            run += word
        else:
            runs.append(run)
            run = ""
    return [run for run in runs if 1 < len(run) <= _LONGEST]


def bare(title: str) -> str:
    """A title without what stands in brackets behind it."""
    return re.sub(r"\s*[(（].*?[)）]", "", title).strip()


def styled(question: str, choose: Random) -> str:
    """The question as it is, or as people type: without its mark, with a greeting, in passing."""
    plain = question.rstrip("？?。 ")
    match choose.randrange(10):
        case 0 | 1:
            return plain
        case 2:
            return choose.choice(_GREETINGS) + question
        case 3:
            return plain + choose.choice(_ENDS)
        case 4:
            return _spoken(plain)
        case _:
            return question


def _spoken(question: str) -> str:
    for written, said in _SPOKEN:
        question = question.replace(written, said)
    return question
