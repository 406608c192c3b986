"""Whether a figure stands in a source, and stands there for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant import clause, movement, quantity
from assistant.clause import Clause, key
from assistant.fault import Fault
from assistant.grounding_words import Bound
from assistant.grounding_words import words as known
from assistant.quantity_amount import DIGITS
from assistant.quantity_form import DATE, NUMBER, WORD, Quantity

_OWN, _AROUND = 2, 1
_REACH = 12
_EVERY = re.compile("均|都|一律|统一|无论|不论")
_BEGINS = re.compile(" ?(?:至|到|-|—+|–|~) ?(?=[0-9])|开门|开始")
_ENDS_BEFORE = re.compile("[0-9日号](?:至|到|-|—+|–|~) ?$|期(?:至|到) ?$")
_ENDS_BEHIND = re.compile("关门|结束|打烊|下班")
_CELL = 5


@dataclass(frozen=True)
class Setting:
    """What surrounds a clause of an answer: `asked` is the question, `before` the clauses of its sentence that came before it, `sentence`
    all of them; `named` the names in all sources, with spaces between them.
    """

    asked: Clause
    before: tuple[Clause, ...] = ()
    sentence: tuple[Clause, ...] = ()
    named: str = ""

    @property
    def said(self) -> frozenset[str]:
        """The words of the clauses before."""
        return frozenset[str]().union(*(one.own for one in self.before))

    @property
    def apart(self) -> frozenset[str]:
        """All distinctions around."""
        return self.asked.apart.union(*(one.apart for one in self.before))

    def names(self, own: frozenset[str]) -> frozenset[str]:
        """What a clause is about: what it names, else what was named last, else what was asked about."""
        for named in (own, *(one.names for one in reversed(self.before))):
            if named:
                return named
        return self.asked.names


def faults(told: Clause, setting: Setting, cited: Sequence[Clause], every: Sequence[Clause]) -> Iterable[Fault]:
    """What is wrong with the figures of an answer's clause: they must stand in what it cites, and no source say another of the same."""
    if not _in_order(told, cited):
        yield Fault.SWAPPED
    for figure in told.figures:
        fault = _fault(figure, told, setting, cited, every)
        if fault:
            yield fault


def _fault(
    figure: Quantity, told: Clause, setting: Setting, cited: Sequence[Clause], every: Sequence[Clause]
) -> Fault | None:
    holding = [one for one in cited if any(quantity.same(figure, other) for other in one.figures)]
    if not holding:
        if figure.kind == DIGITS:
            return Fault.PHONE
        other_unit = any(figure.value == other.value != "" for one in cited for other in one.figures)
        return Fault.UNIT if other_unit else Fault.FIGURE
    fitting = [one for one in holding if fits(told, setting, one)]
    if not fitting:
        return Fault.SWAPPED
    rivals = [
        one
        for one in every
        if not one.asks and _alike(figure, one) and not any(quantity.same(figure, other) for other in one.figures)
    ]
    near = _Near(figure, told, setting, rivals)
    best = max(near.by(one) for one in fitting)
    nearest = [one for one in fitting if near.by(one) == best]
    if near.is_of_another(best, nearest):
        return Fault.SWAPPED
    if _EVERY.search(told.text) and not any(_EVERY.search(one.text) for one in nearest):
        return Fault.SWAPPED
    return None if any(_bounded_alike(figure, told, one) for one in nearest) else Fault.BOUND


@dataclass(frozen=True)
class _Near:
    """A figure of an answer's clause, with the sources' clauses that say another of its kind."""

    figure: Quantity
    told: Clause
    setting: Setting
    rivals: Sequence[Clause]

    def by(self, source: Clause) -> tuple[int, int, int]:
        return nearness(self.figure, self.told, self.setting, source)

    def is_of_another(self, best: tuple[int, int, int], nearest: Sequence[Clause]) -> bool:
        """Whether a rival says what is told around the figure better than the nearest clauses with that figure, or as well and plainer."""
        fitting = [one for one in self.rivals if fits(self.told, self.setting, one)]
        if any(self.by(one) > best for one in fitting):
            return True
        header = "" if self.told.names or self.setting.before else _header(self.told)
        if header and any(header in one.text for one in self.rivals):
            return True
        as_near = [one for one in fitting if self.by(one) == best]
        wholes = {one.whole for one in nearest}
        if _says_little(self.told, self.setting) and any(one.whole not in wholes for one in as_near):
            return True
        # 每消费8元 is of 旅行类商户 alone, which is not said, and 12元 of all.
        unsaid = min(_unsaid(one, self.told, self.setting) for one in nearest)
        return any(_unsaid(one, self.told, self.setting) < unsaid for one in as_near)


def _unsaid(source: Clause, told: Clause, setting: Setting) -> int:
    """How many words of a source's clause an answer's clause leaves out, with those before it and the question, and how many figures; no names."""
    said = told.own | setting.said | setting.asked.own
    words = clause.content(clause.without_figures(source)) - said
    return sum(word not in setting.named for word in words) + max(0, len(source.figures) - len(told.figures))


def _says_little(told: Clause, setting: Setting) -> bool:
    """Whether a clause is a cell without its row: 年利率：1.50%."""
    return not (told.names or setting.before) and sum(map(len, clause.content(clause.without_figures(told)))) <= _CELL


def _header(told: Clause) -> str:
    """What stands before the colon of a cell that is told without its row."""
    header, sign, _value = told.text.partition(":")
    return header.strip() if sign and len(header.strip()) <= _CELL else ""


def _in_order(told: Clause, sources: Sequence[Clause]) -> bool:
    """Whether figures of one kind that stand in one clause of a source stand here in the same order, none twice: 2元以下2,000元 do not."""
    for one, other in _neighbours_of_a_kind(told):
        if quantity.same(one, other) and any(told.text[one.start : one.end] in name for name in told.names):
            continue
        places = [
            (first.start, second.start)
            for source in sources
            for first in source.figures
            for second in source.figures
            if quantity.same(one, first) and quantity.same(other, second)
        ]
        if places and not any(first < second for first, second in places):
            return False
    return True


def _neighbours_of_a_kind(told: Clause) -> Iterator[tuple[Quantity, Quantity]]:
    for kind in dict.fromkeys(one.kind for one in told.figures if one.kind != WORD):
        yield from pairwise(one for one in told.figures if one.kind == kind)


def _alike(figure: Quantity, source: Clause) -> bool:
    kinds = {other.kind for other in source.figures}
    return figure.kind in kinds or (figure.kind == NUMBER and bool(kinds - {DATE, WORD}))


def fits(told: Clause, setting: Setting, source: Clause) -> bool:
    """Whether a source's clause can be about the same: no other name of its kind, nothing that sets the two apart."""
    names = setting.names(told.names)
    if names and not _same_thing(names, source):
        return False
    return not (_apart(told, setting, source) or _of_another(told, setting, source))


def _of_another(told: Clause, setting: Setting, source: Clause) -> bool:
    """Whether the clause, or else the question, speaks of something by a part of its name that this source does not have: 日日盈."""
    for one in (told, *reversed(setting.before)):
        said = [word for word in one.own - one.names if word in setting.named]
        if said:
            return any(word not in source.whole for word in said)
    asked = [word for word in setting.asked.own - setting.asked.names if word in setting.named]
    others = source.names or source.names_around
    return bool(asked and others) and not any(word in source.whole for word in asked)


def _same_thing(names: frozenset[str], source: Clause) -> bool:
    for theirs in (source.names, source.names_around):
        rivals = [one for one in theirs if any(_of_a_kind(one, name) for name in names)]
        if rivals:
            # 云杉白金信用卡12期分期 is of 云杉白金信用卡 too.
            return any(one.startswith(name) or name.startswith(one) for one in theirs for name in names)
    return True


def _of_a_kind(name: str, other: str) -> bool:
    return name[-1] == other[-1] or name[:3] == other[:3]


def _apart(told: Clause, setting: Setting, source: Clause) -> bool:
    """Whether something sets the two apart: 主卡 here and 附属卡 there, or a 次年 that is left out."""
    words, sentence = known(), frozenset[str]().union(*(one.apart for one in setting.sentence))
    if told.apart - source.apart - source.apart_around:
        return True
    if (source.apart & words.kept) - told.apart - setting.apart - sentence:
        return True
    nearest = (told, *reversed(setting.before), setting.asked)
    if any(len(told.apart & group) > 1 and not told.apart & group <= source.apart for group in words.opposites):
        return True  # 主卡和附属卡都是 of what is said of one of them
    for group in words.opposites:
        here = next((one.apart & group for one in nearest if one.apart & group), frozenset[str]())
        there = source.apart & group or source.apart_around & group
        if here and there and not here & there and not (there & sentence and not told.apart & group):
            return True
    return False


def nearness(figure: Quantity, told: Clause, setting: Setting, source: Clause) -> tuple[int, int, int]:
    """How much a source's clause says of what an answer's clause says around a figure; then, of what was said before; then, of what was
    asked.
    """
    own = told.own - {key(figure)}
    if not clause.content(clause.without_figures(told)) and setting.before:
        own |= setting.before[-1].own
    before = setting.said - own
    asked = setting.asked.own - own - before
    beside = len(before & (source.own | source.around))
    return _share(own, setting, source), beside, _share(asked, setting, source)


def _share(words: frozenset[str], setting: Setting, source: Clause) -> int:
    # Words are cut differently here and there, but 金卡 must not be found in 白金卡.
    own = {word for word in words if word in source.own or (word in source.text and word not in setting.named)}
    beside = len(own & {key(one) for one in source.figures})
    return _OWN * len(own) + beside + _AROUND * len((words - own) & source.around)


def _bounded_alike(figure: Quantity, told: Clause, source: Clause) -> bool:
    return all(
        _agree(_bound(figure, told.text), _bound(other, source.text), told, source)
        and not movement.differs(figure, told.text, other, source.text)
        for other in source.figures
        if quantity.same(figure, other)
    )


def _agree(mine: str | None, theirs: str | None, told: Clause, source: Clause) -> bool:
    if mine == theirs:
        return True
    if mine and theirs:
        return False
    if mine:
        return _loosely(mine, source.text) or not known().strong.search(told.text)
    return theirs is None or _loosely(theirs, told.text) or not known().strong.search(source.text)


def _side(name: str) -> Bound:
    return known().least if name == "least" else known().most


def _loosely(name: str, text: str) -> bool:
    return bool(_side(name).loose.search(text))


def _bound(figure: Quantity, text: str) -> str | None:
    """Whether a figure is a least or a most, by the words right beside it."""
    before = text[max(0, figure.start - _REACH) : figure.start]
    most, least = known().most.before.search(before), known().least.before.search(before)
    if most or least:
        # 不超过 ends in 超过: the longer one is meant.
        return "most" if most and (not least or most.start() <= least.start()) else "least"
    if figure.kind in (DATE, "clock"):
        if _BEGINS.match(text, figure.end):
            return "least"
        if _ENDS_BEFORE.search(before) or _ENDS_BEHIND.match(text, figure.end):
            return "most"
    for name in ("least", "most"):
        if _side(name).behind.match(text, figure.end):
            return name
    return None
