"""Checks a text that customers will read before a person sends it: refused with the reasons, or nothing found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant import agent_guard, draft_offer, draft_phrase, draft_rules, product_table
from assistant.draft_rules import Need, Subject
from assistant.product import Kind as ProductKind
from assistant.reply import Citation
from assistant.source import Source, Sources, first_with
from knowledge_base.passage import Audience, Hit
from knowledge_base.search import Query, Search
from knowledge_base.text import fold, sentences

_NEAR = 24
_FIGURE = re.compile("[0-9]")
_PHONE = re.compile(r"(?<![0-9-])(?:0[0-9]{2,3}|400|800)-?[0-9]{3,4}-?[0-9]{4}(?![0-9])")
_SWINDLE = re.compile("骗|谨防|警惕|冒充|swindle|scam")
_REMARK = re.compile(r"[(（].*?[)）]")
_PARTS = re.compile("·|私募.*")
_SHORT_PART = 3
_PRODUCT_HEADERS = frozenset({"产品", "产品名称", "产品代码"})

Kind = Literal["phrase", "private", "refused", "missing", "figure", "personal"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the words of the draft (empty where something is missing), why, what to write instead, and the rule."""

    kind: Kind
    words: str
    reason: str
    instead: str
    citation: Citation | None = None


@dataclass(frozen=True)
class Verdict:
    """Refused where anything was found; a text that passed still needs the approval that the rules ask for."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def asked(message: str) -> str | None:
    """The draft that a colleague wants checked, where a message asks for that."""
    found = (re.match(pattern, message, re.DOTALL) for pattern in draft_rules.load().asks)
    return next((one["draft"].strip().strip('“”"「」') for one in found if one), None)


def forbidden(text: str, language: str = "zh") -> tuple[Finding, ...]:
    """The forbidden phrases of a text, without a look into the library; nothing where the text itself warns of them."""
    told = draft_rules.load().text
    return tuple(
        Finding("phrase", one.words, told.phrase.of(language).format(words=one.words), one.instead.of(language))
        for one in draft_phrase.found(text)
    )


def worded(verdict: Verdict, language: str) -> tuple[str, tuple[Citation, ...]]:
    """A verdict as text, a line for each finding with the number of its citation, and these citations."""
    told = draft_rules.load().text
    if verdict.passed:
        return told.passed.of(language), ()
    cited = {one.citation.url: one.citation for one in verdict.findings if one.citation}
    numbers = {url: number for number, url in enumerate(cited, start=1)}
    lines = [told.refused.of(language).format(count=len(verdict.findings))]
    for number, one in enumerate(verdict.findings, start=1):
        line = told.line.of(language).format(number=number, reason=one.reason, instead=one.instead)
        lines.append(f"{line} [{numbers[one.citation.url]}]" if one.citation else line)
    return "\n".join(lines), tuple(replace(one, number=numbers[url]) for url, one in cited.items())


class DraftCheck:
    """Holds a draft to the rules and to the documents in force that customers may read."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._rules = draft_rules.load()
        places = self._rules.documents
        self._sources = Sources(search, [re.escape(one) for one in (places.phrases, places.drafts, places.private)])

    def of(self, draft: str, language: str = "zh", day: date | None = None, *, personal: bool = False) -> Verdict:
        """What is wrong with a draft, the gravest first; `personal` where something in it was covered. Raises IndexUnavailable."""
        today, folded = day or date.today(), fold(draft)
        source = _Rules(self._sources.of(Audience.STAFF, today))
        found = [
            *self._phrases(draft, language, source),
            *self._private(folded, language, source),
            *self._refused(folded, language, source),
            *self._missing(folded, language, source),
            *self._personal(draft, language, source, personal=personal),
            *self._figures(folded, language, today),
        ]
        return Verdict(tuple(found))

    def _phrases(self, draft: str, language: str, source: _Rules) -> Iterator[Finding]:
        path = self._rules.documents.phrases
        for one in draft_phrase.found(draft):
            reason = self._rules.text.phrase.of(language).format(words=one.words)
            yield Finding("phrase", one.words, reason, one.instead.of(language), source.cited(path, one.row))

    def _private(self, folded: str, language: str, source: _Rules) -> Iterator[Finding]:
        """The names and codes of the products that may not be advertised, as the documents list them."""
        told, path = self._rules.text, self._rules.documents.private
        named = next((name for name in source.private_names(path) if name in folded), None)
        if named:
            reason = told.private.of(language).format(words=named)
            yield Finding(
                "private", named, reason, told.private_instead.of(language), source.cited(path, "不得公开宣传")
            )

    def _refused(self, folded: str, language: str, source: _Rules) -> Iterator[Finding]:
        path = self._rules.documents.drafts
        for rule, words in draft_offer.refused(folded):
            cited = source.cited(path, rule.says)
            yield Finding("refused", words, rule.reason.of(language), rule.instead.of(language), cited)

    def _missing(self, folded: str, language: str, source: _Rules) -> Iterator[Finding]:
        offers = draft_offer.offers(folded)
        for subject in self._rules.subjects.values():
            if _is_about(subject, offers):
                cited = source.cited(self._rules.documents.drafts, subject.says)
                yield from (self._lacks(one, language, cited) for one in subject.needs if not _has(one, folded))

    def _lacks(self, need: Need, language: str, cited: Citation | None) -> Finding:
        told, name = self._rules.text, need.name.of(language)
        reason, instead = told.missing.of(language), told.missing_instead.of(language)
        return Finding("missing", "", reason.format(name=name), instead.format(name=name), cited)

    def _personal(self, draft: str, language: str, source: _Rules, *, personal: bool) -> Iterator[Finding]:
        told, cited = self._rules.text, source.cited(self._rules.documents.drafts, "写员工个人手机号")
        if personal or agent_guard.is_personal(draft, ()):
            yield Finding("personal", "", told.personal.of(language), told.personal_instead.of(language), cited)
        for phone in dict.fromkeys(_PHONE.findall(fold(draft))):
            if not any(phone in _digits(hit) for hit in self._near(phone)):
                reason = told.phone.of(language).format(words=phone)
                yield Finding("personal", phone, reason, told.personal_instead.of(language), cited)

    def _figures(self, folded: str, language: str, day: date) -> Iterator[Finding]:
        """Each sentence's figures must stand in passages near to it, about what it names where it names something."""
        told = self._rules.text
        missing: dict[str, None] = {}
        for sentence in sentences(folded):
            plain = self._without_plain_numbers(sentence)
            if _FIGURE.search(plain):
                missing |= dict.fromkeys(agent_guard.unsupported(plain, self._texts(sentence, day)))
        for figure in missing:
            reason = told.figure.of(language).format(words=figure)
            yield Finding("figure", figure, reason, told.figure_instead.of(language))

    def _without_plain_numbers(self, sentence: str) -> str:
        for pattern in (_PHONE.pattern, *self._rules.no_figures):
            sentence = re.sub(pattern, " ", sentence)
        return sentence

    def _texts(self, sentence: str, day: date) -> list[str]:
        names = [fold(name) for name in self._search.lexicon(Audience.CUSTOMER).names_in(sentence)]
        hits = self._near(sentence)
        hits += [row for name in names for row in self._search.rows(name, Audience.CUSTOMER, day)]
        texts = [f"{hit.document.title} {hit.passage.section} {hit.passage.text}" for hit in hits]
        about = [text for text in texts if any(name in fold(text) for name in names)]
        return about if names else texts

    def _near(self, text: str) -> list[Hit]:
        return self._search.find(Query(text, Audience.CUSTOMER, limit=_NEAR))


class _Rules:
    """Where the rules stand, in the documents for staff that are in force."""

    def __init__(self, rules: Sequence[Source]) -> None:
        self._rules = rules

    def cited(self, path: str, says: str) -> Citation | None:
        """The row that is headed by these words, or else the passage that holds them."""
        there = [one for one in self._rules if says and path in one.document.path]
        headed = (one for one in there if one.passage.cells and one.passage.cells[0][1] == says)
        found = next(headed, None) or first_with(there, [says])
        return found.cited(1) if found else None

    def private_names(self, path: str) -> Sequence[str]:
        """Private products by name, by each part of the name, by code and by what staff call them; folded, the longest first."""
        cells = (cell for one in self._rules if path in one.document.path for cell in one.passage.cells)
        names = {_REMARK.sub("", value) for header, value in cells if header in _PRODUCT_HEADERS}
        parts = {part for name in names for part in _PARTS.split(name) if len(part) > _SHORT_PART}
        every = names | parts | _aliases(names)
        return sorted((fold(name) for name in every if name), key=len, reverse=True)


def _aliases(names: Collection[str]) -> set[str]:
    """What the private products of the catalogue are called besides: those with such a name, and all that are private by it."""
    told = product_table.layout()
    private = re.compile(told.kinds[ProductKind.PRIVATE].name)
    called = (words for name, words in told.also.items() if private.search(name) or _REMARK.sub("", name) in names)
    return {word for words in called for word in words}


def _is_about(subject: Subject, offers: Sequence[str]) -> bool:
    """Whether a draft is about a subject; a sentence that warns of swindlers sells nothing."""
    said = (re.sub(subject.innocent, " ", one) for one in offers)
    return any(re.search(subject.about, one) for one in said if not _SWINDLE.search(one))


def _has(need: Need, folded: str) -> bool:
    return all(re.search(pattern, folded) for pattern in need.has)


def _digits(hit: Hit) -> str:
    return fold(hit.passage.text)
