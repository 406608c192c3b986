"""The names of a bank's products, branches and the like, with their short forms, found in running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_base.passage import Document, Kind, Passage
from knowledge_base.text import fold

_HEADER = re.compile("名称|产品|卡种|卡名|卡片|网点|品种|基金|保险|name|product")
_TOTALS = frozenset(["合计", "总计", "小计", "其他", "其中", "其它"])
_TITLE = re.compile(r"(?:faq\s*:\s*)?([^:]{2,40}?)(?: at a glance|:|$)")
_LONGEST = 24
_COMMON = 2
_SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class Names:
    """What one document calls things: names, tags that may be short for its product, and how its title begins; folded."""

    names: frozenset[str] = frozenset()
    product: str | None = None
    tags: frozenset[str] = frozenset()
    title: str = ""


def names_of(document: Document, passages: Iterable[Passage]) -> Names:
    """The product of a document, and the rows of its tables that list named things."""
    product = fold(document.product) if document.product else None
    found = {product} if product else set()
    for passage in passages:
        if passage.kind is Kind.ROW and passage.subject:
            header, name = fold(passage.cells[0][0]), fold(passage.subject)
            lists_names = _HEADER.search(header) or (len(header) > 1 and header in name)
            if lists_names and 2 <= len(name) <= _LONGEST and not name[0].isdigit() and name not in _TOTALS:
                found.add(name)
    title = _TITLE.match(fold(document.title))
    tags = frozenset(fold(tag) for tag in document.tags)
    return Names(frozenset(found), product, tags, title.group(1).strip() if title else "")


class Lexicon:
    """Names with their short forms: tags such as 白金卡 for 云杉白金信用卡, and beginnings that only one name has."""

    def __init__(self, sources: Iterable[Names] = ()) -> None:
        listed = list(sources)
        # Titles such as "Gold Account: fees" and "FAQ: Gold Account" name one thing when several begin alike.
        titles = Counter(source.title for source in listed if len(source.title) > 1)
        names = {name for source in listed for name in source.names}
        names |= {title for title, documents in titles.items() if documents > 1}
        self._full = {name: name for name in names}
        for form, name in _short_forms(listed, names):
            known = self._full.get(form)
            # 金卡 fits 云杉白金信用卡 too; the shortest name it fits is the one it is short for.
            if known is None or (known != form and len(name) < len(known)):
                self._full[form] = name
        longest_first = sorted(self._full, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_whole_words, longest_first))) if longest_first else None

    def names_in(self, text: str) -> list[str]:
        """The full names of what a text names, folded, in order; the longest form wins where forms overlap."""
        if self._pattern is None:
            return []
        return list(dict.fromkeys(self._full[found] for found in self._pattern.findall(fold(text))))

    def without_names(self, text: str) -> str:
        """A text, folded, without the names in it."""
        return self._pattern.sub("", fold(text)) if self._pattern else fold(text)


def _whole_words(name: str) -> str:
    """The pattern of a name; where it begins or ends in Latin letters, it is no part of a longer word."""
    before = "(?<![a-z0-9])" if name[0].isascii() else ""
    after = "(?![a-z0-9])" if name[-1].isascii() else ""
    return before + re.escape(name) + after


def _short_forms(sources: Iterable[Names], names: set[str]) -> Iterator[tuple[str, str]]:
    for source in sources:
        candidates = [source.product] if source.product else names
        for tag in source.tags - names:
            if len(tag) > 1 and sum(tag in name for name in names) <= _COMMON:
                yield from ((tag, name) for name in candidates if _in_order(tag, name))
    for name in names:
        for length in range(_SHORTEST_PREFIX, len(name)):
            if not name[length - 1].isascii() and sum(other.startswith(name[:length]) for other in names) == 1:
                yield name[:length], name
                break


def _in_order(short: str, name: str) -> bool:
    """Whether the characters of the short form stand in the name in the same order, ending alike."""
    characters = iter(name)
    return short[-1] == name[-1] and all(character in characters for character in short)
