"""What a sentence claims, held against sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import clause, contrary, figure_match, naming, quantity
from assistant.clause import Clause
from assistant.evidence import FUNCTION_WORDS
from assistant.fault import Fault
from assistant.figure_match import Setting
from assistant.grounding_words import words as known
from assistant.passage_clauses import Told
from assistant.quantity_form import Quantity
from knowledge_base import terms
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import words

_SHARE = 0.6
_ENGLISH_SHARE = 0.5
_STRONG = 0.5
_DENIED = 0.6
_FEW = 2
_AUXILIARY = re.compile("^[予得能可会要再以需被让 ]+")
_CJK = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Claim:
    """A sentence's clauses with the question it answers, and its words that need a source."""

    text: str
    links: tuple[str, ...]
    clauses: tuple[Clause, ...]
    asked: Clause
    claims: tuple[str, ...]
    english: bool

    @property
    def says_nothing(self) -> bool:
        """Whether only courtesies are left, or nothing at all."""
        if any(one.figures for one in self.clauses) or self.links:
            return False
        return not self.claims or self.text.rstrip(" ”\"'」").endswith("?")

    def nearness(self, source: Told) -> float:
        """How much of the sentence stands in a source: its figures first."""
        held = sum(_holds(figure, source) for one in self.clauses for figure in one.figures)
        return 3 * held + sum(self._stands(word, source.words, source.compact) for word in self.claims)

    def faults(self, sources: Sequence[Told], every: Sequence[Told]) -> Iterator[Fault]:
        """What is wrong with the sentence if it rests on these sources, of every one that was given."""
        compact = "\n".join(source.compact for source in sources)
        yield from naming.faults(self.text, self.links, compact, re.sub(r"\s", "", self.asked.text))
        named = frozenset[str]().union(*(one.names for one in self.clauses))
        if named - self.asked.names - frozenset[str]().union(*(source.names for source in sources)):
            yield Fault.NAME
        theirs = [one for source in sources for one in source.clauses]
        known_of = [one for source in every for one in source.clauses]
        names = " ".join(frozenset[str]().union(*(source.names for source in every)))
        if naming.strange(self.text, compact):
            yield Fault.NAME
        said = [one.own for one in self.clauses if one.figures]
        if len(set(said)) < len(said):
            yield Fault.SWAPPED
        for index, told in enumerate(self.clauses):
            setting = Setting(self.asked, self.clauses[:index], self.clauses, names)
            yield from self._clause_faults(told, setting, theirs, known_of)
        known_text = "\n".join(source.compact for source in every)
        if any(contrary.turns(text, known_text) for text in (self.text, *(one.text for one in self.clauses))):
            yield Fault.POLARITY
        if known().alike.search(self.text) and not known().alike.search(compact):
            yield Fault.UNSUPPORTED
        if not self._supported(sources, compact):
            yield Fault.UNSUPPORTED

    def _clause_faults(
        self, told: Clause, setting: Setting, cited: Sequence[Clause], every: Sequence[Clause]
    ) -> Iterator[Fault]:
        if told.free and not any(self._free_alike(told, setting, one) for one in cited):
            yield Fault.FREE
        if _charges_alone(told, cited):
            yield Fault.FREE
        checked = replace(told, figures=tuple(one for one in told.figures if not (told.free and one.value == 0)))
        yield from figure_match.faults(checked, setting, cited, every)
        if _turned(told, setting, every) or _denies_alone(told, setting, cited) or _crossed(told, every):
            yield Fault.POLARITY

    def _free_alike(self, told: Clause, setting: Setting, source: Clause) -> bool:
        """Whether a source's clause says that the same costs nothing, and under no condition that is left out here."""
        if not source.free or not figure_match.fits(told, setting, source):
            return False
        said = [figure for one in self.clauses for figure in one.figures]
        conditions = [figure for figure in source.figures if figure.value != 0]
        if conditions and not any(quantity.same(one, other) for one in said for other in conditions):
            return False
        of = {word for word in clause.content(told.text) if not known().free.search(word) and "免" not in word}
        if of and not any(word in source.own or word in source.text for word in of):
            return False
        told_apart = told.apart | setting.apart
        return bool((told.own | setting.asked.own) & (source.own | source.around)) and (
            not source.apart or bool(source.apart & told_apart)
        )

    def stands_in(self, sources: Sequence[Told]) -> tuple[int, ...]:
        """The sources that the sentence needs, best first found, in the order of their numbers."""
        least = max((self.nearness(source) for source in sources), default=0.0) / 2
        return tuple(sorted(source.number for source in sources if self.nearness(source) >= least))

    def _supported(self, sources: Sequence[Told], compact: str) -> bool:
        """Whether enough of the sentence's words stand in the sources or the question, and some in the sources themselves."""
        if not self.claims:
            return True
        theirs = frozenset[str]().union(*(source.words for source in sources))
        standing = [word for word in self.claims if self._stands(word, theirs, compact)]
        asked = [
            word for word in self.claims if word not in standing and self._stands(word, self.asked.own, self.asked.text)
        ]
        share = (len(standing) + len(asked)) / len(self.claims)
        return bool(standing) and share >= (_ENGLISH_SHARE if self.english else _SHARE)

    def _stands(self, word: str, among: frozenset[str], text: str) -> bool:
        if word in among or (len(word) > 1 and word in text):
            return True
        return any(chinese in text for _english, chinese in terms.named(word)) if self.english else False


def made(text: str, links: tuple[str, ...], asked: Clause, names: Lexicon) -> Claim:
    """The claim of a plain text, which answers what was asked."""
    clauses = tuple(one for sentence in clause.clauses(text, names) for one in sentence)
    english = not _CJK.search(text)
    bare = known().courtesy.sub(lambda found: found.group() if quantity.read(found.group()) else " ", text)
    return Claim(
        text,
        links,
        clauses,
        asked,
        tuple(_claims(clause.without_figures(clause.clause_of(bare, names)), english)),
        english,
    )


def _claims(text: str, english: bool) -> Iterator[str]:
    if english:
        found = [name for name, _chinese in terms.named(text)]
        for name in found:
            text = text.replace(name, " ")
        yield from found
    for word in dict.fromkeys(words(text)):
        says = len(word) > 1 and not any(letter.isdigit() for letter in word)
        if says and word not in FUNCTION_WORDS and word not in known().plain_words:
            yield word


def _holds(figure: Quantity, source: Told) -> bool:
    return any(quantity.same(figure, other) for one in source.clauses for other in one.figures)


def _turned(told: Clause, setting: Setting, sources: Sequence[Clause]) -> bool:
    """Whether the clauses nearest to this one all deny what it says, or say what it denies."""
    mine = _said(told)
    if len(mine) < 2:
        return False
    near = [(_overlap(mine, one), one) for one in sources if not one.asks and _comparable(told, setting, one)]
    best = max((share for share, _one in near), default=0.0)
    return best >= _STRONG and all(_opposed(told, one) for share, one in near if share >= best)


def _comparable(told: Clause, setting: Setting, source: Clause) -> bool:
    return not told.names or figure_match.fits(told, setting, source)


def _opposed(told: Clause, source: Clause) -> bool:
    if told.denials % 2 != source.denials % 2:
        return True
    return bool((source.denied & told.own) - told.denied or (told.denied & source.own) - source.denied)


def _denies_alone(told: Clause, setting: Setting, sources: Sequence[Clause]) -> bool:
    """Whether this clause denies what no source's clause of the same denies."""
    if told.free or told.denials % 2 == 0:
        return False
    mine = _said(told)
    if len(mine) < _FEW and setting.before:
        mine |= _said(setting.before[-1])
    tails = [_AUXILIARY.sub("", told.text[found.end() :])[:1] for found in known().denied.finditer(told.text)]
    return not any(
        one.denials and _overlap(mine, one) >= _DENIED and all(tail in one.text for tail in tails)
        for one in sources
        if _comparable(told, setting, one)
    )


def _crossed(told: Clause, sources: Sequence[Clause]) -> bool:
    """Whether this clause joins what every source's clause joins with its opposite: 普通赎回实时到账, where 快速赎回 is."""
    for group in known().opposites:
        mine = told.apart & group
        for other in told.apart - group if mine else ():
            joined = [one.apart & group for one in sources if other in one.apart and one.apart & group and not one.asks]
            if joined and not any(theirs & mine for theirs in joined):
                return True
    return False


def _charges_alone(told: Clause, sources: Sequence[Clause]) -> bool:
    """Whether this clause says that something costs, which no source's clause says, nor names a price."""
    if not known().charged.search(told.text) or told.free or told.denials % 2:
        return False
    return not any(
        (one.denials % 2 == 0 and not one.free and known().charged.search(one.text))
        or any(figure.kind in ("CNY", "percent") for figure in one.figures)
        for one in sources
        if not one.asks
    )


def _said(told: Clause) -> frozenset[str]:
    return clause.content(clause.without_figures(told))


def _overlap(mine: frozenset[str], source: Clause) -> float:
    """Which share of these words a source's clause says, those around it counted half."""
    return (len(mine & source.own) + len((mine - source.own) & source.around) / 2) / len(mine) if mine else 1.0
