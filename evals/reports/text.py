"""What a report says in Chinese and English, kept in text.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

from evals.report import SuiteResult

_FILE = Path(__file__).with_name("text.yaml")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def both(self) -> Iterator[tuple[str, str]]:
        """Each with its language."""
        yield "zh", self.zh
        yield "en", self.en

    def __html__(self) -> str:
        """Both, of which the page shows the one that is chosen; once where they are the same."""
        if self.zh == self.en:
            return str(escape(self.zh))
        return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
            self.zh, self.en
        )

    def filled(self, **known: object) -> Words:
        """With what stands in braces filled in; what is filled in may itself be in two languages."""
        zh, en = ({name: _in(value, language) for name, value in known.items()} for language in ("zh", "en"))
        return Words(self.zh.format(**zh), self.en.format(**en))


def _in(value: object, language: str) -> object:
    return getattr(value, language) if isinstance(value, Words) else value


@cache
def _all() -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


def text(key: str, **known: object) -> Words:
    """What the page says under a key; raises KeyError where there is none."""
    return Words(**_all()["page"][key]).filled(**known)


def words() -> Mapping[str, Mapping[str, str]]:
    """All that the page's own script says, by key."""
    return {**_all()["page"], **{f"wanted_{name}": both for name, both in _all()["wanted"].items()}}


def metric(name: str) -> Words:
    """A metric, of a group where the name says so; as it is where nothing is known of it."""
    known = _all()["metrics"]
    if name in known:
        return Words(**known[name])
    group, colon, rest = name.rpartition(": ")
    found = Words(**known.get(rest, {"zh": rest, "en": rest}))
    return Words(f"{_all()['groups'].get(group, group)}：{found.zh}", f"{group}: {found.en}") if colon else found


def title(suite: str, given: str = "") -> Words:
    """A suite's name: as its file titles it in Chinese, else as it is known."""
    known = _all()["suites"].get(suite, {})
    return Words(given or known.get("zh", suite), known.get("en", given or suite))


def titled(result: SuiteResult) -> Words:
    """The name of a result's suite."""
    return title(result.name, result.title)


def outcome(name: str) -> Words:
    """How a turn ended."""
    return Words(**_all()["outcomes"].get(name, {"zh": name, "en": name}))


def why(told: str) -> Words:
    """What evaluators say is wrong, in English, in both languages; as it is where nothing is known of it."""
    return Words("；".join(map(_why, told.split("; "))), told)


def _why(told: str) -> str:
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(told)
        if found:
            parts = {name: outcome(part).zh for name, part in found.groupdict().items()}
            return chinese.format(**parts)
    return told


def fault(told: str) -> Words:
    """A metric with what is wrong, as an outcome tells it: `words: does not say 580元`."""
    name, _, said = told.partition(": ")
    mark, reason = metric(name), why(said)
    return Words(f"{mark.zh}：{reason.zh}", f"{mark.en}: {reason.en}") if said else why(told)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_FIELD.sub(r"(?P<\1>.+)", one["en"]), re.DOTALL), one["zh"]) for one in _all()["faults"])
