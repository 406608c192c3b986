"""English banking terms in the words of Chinese documents, so that an English question can find them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("terms.yaml")
_CJK = re.compile("[\u3400-\u9fff]")
_FEWEST = 2


def in_chinese(question: str) -> str | None:
    """The terms of an English question in Chinese, in order; nothing where it names too few, or is not English."""
    if _CJK.search(question):
        return None
    found = list(dict.fromkeys(chinese for _english, chinese in named(question)))
    return " ".join(found) if len(found) >= _FEWEST else None


def named(text: str) -> list[tuple[str, str]]:
    """The English terms that a text names, in order, each with its Chinese."""
    pattern, terms = _terms()
    return [(match.group(), terms[match.group(1).lower()]) for match in pattern.finditer(text)]


@cache
def _terms() -> tuple[re.Pattern[str], dict[str, str]]:
    terms: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE), terms
