"""What must be seen in a message before any model is asked: danger, fraud, a lost card, a dispute, a complaint, a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from knowledge_base.text import fold

_FILE = Path(__file__).with_name("alarms.yaml")
# 转 人 工 is one word, typed a character at a time.
_SPACED = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[ .·_*-]+[\u3400-\u9fff])+(?![\u3400-\u9fff])")
_BETWEEN = re.compile(r"[ .·_*-]+")
_CLAUSES = re.compile(r"[,.;!?。、\n]+\s*|(?<=[\u3400-\u9fff]) +|\b(?:but|and)\b|但是?|不过")


class Kind(StrEnum):
    """What an alarm is about, the gravest first."""

    DANGER = "danger"
    FRAUD = "fraud"
    LOST_CARD = "lost_card"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HUMAN = "human"


@dataclass(frozen=True)
class Alarm:
    """An alarm with the words that raised it, as they are compared."""

    kind: Kind
    words: str


@dataclass(frozen=True)
class _Rule:
    says: re.Pattern[str]
    unless: re.Pattern[str]
    asks: re.Pattern[str]
    supposes: re.Pattern[str]

    def find(self, text: str) -> str | None:
        """The words that raise the alarm in one clause."""
        found = self.says.search(text)
        if found is None or self.unless.search(text) or self.asks.search(text):
            return None
        return found.group()


def find(message: str) -> Alarm | None:
    """The gravest alarm of a message; a question about rules or fees raises none, nor does what is denied."""
    text = _together(message)
    for kind, rule in _rules().items():
        words = _found(rule, text)
        if words is not None:
            return Alarm(kind, words)
    return None


def wishes_person(message: str) -> bool:
    """Whether a message wishes for a person, whatever else it says."""
    return _found(_rules()[Kind.HUMAN], _together(message)) is not None


def _together(message: str) -> str:
    """The message folded, a word that was typed a character at a time put together."""
    return _SPACED.sub(lambda found: _BETWEEN.sub("", found.group()), fold(message))


def _found(rule: _Rule, text: str) -> str | None:
    """Looked for in the whole, and in each clause, so that a denial or a question in one does not cover another."""
    if rule.supposes.search(text):
        return None
    whole = rule.find(text)
    if whole is not None:
        return whole
    found = (rule.find(clause) for clause in _CLAUSES.split(text) if clause)
    return next((words for words in found if words is not None), None)


@cache
def _rules() -> dict[Kind, _Rule]:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {kind: _rule(content[kind.value], content["words"]) for kind in Kind}


def _rule(content: Mapping[str, str | list[str]], words: Mapping[str, str]) -> _Rule:
    joined = "|".join(f"(?:{pattern})" for pattern in content["says"])
    others = (str(content.get(key, "(?!)")) for key in ("unless", "asks", "supposes"))
    return _Rule(*(re.compile(_written_out(pattern, words)) for pattern in (joined, *others)))


def _written_out(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with the words that it names."""
    for name, alternatives in words.items():
        pattern = pattern.replace(f"<{name}>", f"(?:{alternatives})")
    return pattern
