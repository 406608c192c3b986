"""The product catalogue: the bank's products as its tables tell of them on a day, for an audience."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cachetools import LRUCache

from assistant.product import Field, Kind, Product
from assistant.product_table import Layout, Named, layout, merged, read
from assistant.source import Sources
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from knowledge_base.text import fold

_BRACKETS = re.compile("[（(][^（）()]*[）)]")
_SHORTEST = 3
_KEPT = 8


@dataclass(frozen=True)
class Mention:
    """Products that a text names in one breath, and where: one of them, or all terms of a family."""

    products: tuple[Product, ...]
    start: int
    end: int


class Products(Sequence[Product]):
    """The products of one day, and how they are called."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = tuple(products)
        self._forms: dict[str, list[Product]] = {}
        for product in self._products:
            for form in product.forms:
                self._forms.setdefault(form, []).append(product)
        longest = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_whole, longest))) if longest else None

    def __len__(self) -> int:
        return len(self._products)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # both int and slice, as Sequence wants it
        return self._products[index]

    def named(self, name: str) -> Product | None:
        """The product with exactly this name."""
        return next((product for product in self._products if product.name == name), None)

    def mentions(self, text: str) -> list[Mention]:
        """The products that a text names, in order, the longest form first; positions are those of the folded text."""
        found = self._pattern.finditer(fold(text)) if self._pattern else ()
        return [Mention(tuple(self._forms[one.group()]), one.start(), one.end()) for one in found]

    def without_names(self, text: str) -> str:
        """The text, folded, each product's name in it replaced by a mark that nothing else matches."""
        return self._pattern.sub("\ue000", fold(text)) if self._pattern else fold(text)


class Catalogue:
    """Products from the knowledge base's tables, read again when the library or the day has moved on."""

    def __init__(self, search: Search, told: Layout | None = None) -> None:
        self._told = told or layout()
        self._sources = Sources(search, self._told.sources)
        self._kept: LRUCache[tuple[int, Audience, date], Products] = LRUCache(_KEPT)

    def products(self, audience: Audience, day: date) -> Products:
        """The products whose tables are in force on `day` and may be read by this audience."""
        key = (self._sources.generation, audience, day)
        if key not in self._kept:
            rows = list(read(self._sources.of(audience, day), self._told))
            self._kept[key] = Products(_products(rows, self._told))
        return self._kept[key]


def _products(rows: Sequence[Named], told: Layout) -> list[Product]:
    families: dict[str, list[Named]] = {}
    for row in rows:
        families.setdefault(told.same.get(row.family, row.family), []).append(row)
    tags = _tags(families)
    found = []
    for members in families.values():
        terms = dict.fromkeys(fold(row.term) for row in members if row.term) or {"": None}
        found += [_product([row for row in members if fold(row.term) in ("", term)], told, tags) for term in terms]
    return [product for product in found if product is not None]


def _product(rows: Sequence[Named], told: Layout, tags: Mapping[str, frozenset[str]]) -> Product | None:
    """One product of all rows about it; its name is the first one's that tells its term."""
    first = next((row for row in rows if row.term), rows[0])
    kinds = [told.kind(row.name, row.source) for row in rows]
    kind = Kind.PRIVATE if Kind.PRIVATE in kinds else next(filter(None, kinds), None)
    if kind is None:
        return None
    names = dict.fromkeys(name for row in rows for name in row.said)
    fields = {name: merged([row.said[name] for row in rows if name in row.said], told) for name in names}
    known = {name: field for name, field in fields.items() if not told.is_blank(field.text)}
    forms = _forms(first, known, told) | tags.get(first.family, frozenset())
    return Product(first.name, kind, first.family, known, forms)


def _forms(first: Named, fields: Mapping[str, Field], told: Layout) -> frozenset[str]:
    """How people call it: its name, its family's, both without brackets and the bank's name, short names, and other words."""
    family = told.same.get(first.family, first.family)
    names = {first.family, family, *(re.split("[、,，]", fields["alias"].text) if "alias" in fields else ())}
    names |= {_BRACKETS.sub("", name) for name in names} | {name.partition("·")[2] for name in names if "·" in name}
    names |= {word for name in (first.family, family) for word in told.also.get(name, ())}
    own = {f"{name}{first.term}" for name in names} | {f"{first.term}{name}" for name in names} if first.term else set()
    return frozenset(fold(name) for name in names | own if len(name) > 1)


def _tags(families: Mapping[str, Sequence[Named]]) -> dict[str, frozenset[str]]:
    """By family: tags of its documents that stand in its name, and in no other family's."""
    found: dict[str, set[str]] = {}
    for name, rows in families.items():
        tags = {tag for row in rows for tag in row.source.document.tags}
        found[name] = {tag for tag in tags if len(tag) >= _SHORTEST and tag in name}
    owners = Counter(tag for tags in found.values() for tag in tags)
    shared = {tag for tag in owners if sum(tag in name for name in families) > 1}
    by_first = {rows[0].family: found[name] - shared for name, rows in families.items()}
    return {name: frozenset(map(fold, tags)) for name, tags in by_first.items()}


def _whole(form: str) -> str:
    """The pattern of a form; what begins or ends in Latin letters or digits is no part of something longer."""
    before = "(?<![a-z0-9])" if form[0].isascii() else ""
    after = "(?![a-z0-9])" if form[-1].isascii() else ""
    return before + re.escape(form) + after


def in_kinds(products: Iterable[Product], kinds: Iterable[Kind]) -> list[Product]:
    """The products of these kinds."""
    wanted = frozenset(kinds)
    return [product for product in products if product.kind in wanted]
