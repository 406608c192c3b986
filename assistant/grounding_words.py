"""The words by which the lock on a model's sentences tells claims apart, from grounding.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("grounding.yaml")


@dataclass(frozen=True)
class Bound:
    """How a figure is said to be a bound: by words right before it, right behind it, or anywhere in its clause."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    loose: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """The expressions of grounding.yaml; `apart` is a pattern with the name that it stands for, `contrary` one with what
    is the contrary of each of its words."""

    apart: tuple[tuple[str, re.Pattern[str]], ...]
    any_apart: re.Pattern[str]
    opposites: tuple[frozenset[str], ...]
    contrary: tuple[tuple[re.Pattern[str], dict[str, tuple[str, ...]]], ...]
    kept: frozenset[str]
    least: Bound
    most: Bound
    strong: re.Pattern[str]
    free: re.Pattern[str]
    not_free: re.Pattern[str]
    denied: re.Pattern[str]
    alike: re.Pattern[str]
    charged: re.Pattern[str]
    courtesy: re.Pattern[str]
    plain_words: frozenset[str]
    person: re.Pattern[str]
    no_person: re.Pattern[str]
    no_branch: re.Pattern[str]
    no_bank: re.Pattern[str]
    thing: re.Pattern[str]

    def apart_in(self, text: str) -> frozenset[str]:
        """The names of what sets things apart in a plain text."""
        if not self.any_apart.search(text):
            return frozenset()
        return frozenset(name for name, pattern in self.apart if pattern.search(text))


@cache
def words() -> Words:
    """The words, read once."""
    content: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    apart = [_named(one) for one in content["apart"]]
    least, most = (
        Bound(
            re.compile(f"(?:{content[name]['before']}) ?[:：]?(?:约|人民币|为|是)? ?$"),
            re.compile(content[name]["behind"]),
            re.compile(content[name]["loose"]),
        )
        for name in ("least", "most")
    )
    return Words(
        apart=tuple((name, re.compile(pattern)) for name, pattern in apart),
        any_apart=re.compile("|".join(pattern for _name, pattern in apart)),
        opposites=tuple(map(frozenset, content["opposites"])),
        contrary=tuple(_contrary(*sides) for sides in content["contrary"]),
        kept=frozenset(content["kept"]),
        least=least,
        most=most,
        plain_words=frozenset(content["plain_words"].split("|")),
        person=re.compile(f"([\u4e00-\u9fff]{{1,3}})({content['person']})"),
        no_person=re.compile(f"(?:{content['no_person']})$"),
        no_branch=re.compile(f"(?:{content['no_branch']})$"),
        no_bank=re.compile(f"(?:{content['no_bank']})$"),
        thing=re.compile(content["thing"]),
        courtesy=re.compile(content["courtesy"]),
        **{name: re.compile(content[name]) for name in ("strong", "free", "not_free", "denied", "alike", "charged")},
    )


def _named(one: str | dict[str, str]) -> tuple[str, str]:
    """A pattern with its name: its first word, where it has none of its own."""
    if isinstance(one, str):
        return one.partition("|")[0], one
    ((name, pattern),) = one.items()
    return name, pattern


def _contrary(one: list[str], other: list[str]) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    longest_first = sorted([*one, *other], key=len, reverse=True)
    against = dict.fromkeys(one, tuple(other)) | dict.fromkeys(other, tuple(one))
    return re.compile("|".join(map(re.escape, longest_first))), against
