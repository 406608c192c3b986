"""Whether what was found answers what was asked: the hard half of answering."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

import rjieba

from assistant import condition, organisation
from knowledge_base import terms
from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.search import Search
from knowledge_base.text import fold, words

THRESHOLD = 0.875
"""For the bundled model: keeps at least 95 in 100 answerable questions of every set in evals/suites."""
_MISSING_WEIGHT = 0.03
_LEAD_WEIGHT = 1.6
_MOST_LEAD = 0.03

_OPEN = re.compile(
    "如何|怎么|怎样|为什么|为何|总结|概述|概括|对比|比较|分析|描述|介绍|说明|哪些|区别|影响|how |why |compare|summar|describe|explain"
)
FUNCTION_WORDS = frozenset(
    [
        "钱",
        "的",
        "了",
        "是",
        "在",
        "和",
        "与",
        "及",
        "或",
        "什么",
        "哪些",
        "哪个",
        "哪",
        "多少",
        "如何",
        "怎么",
        "怎样",
        "吗",
        "呢",
        "请问",
        "为",
        "为什么",
        "有",
        "对",
        "中",
        "于",
        "被",
        "由",
        "从",
        "到",
        "根据",
        "其",
        "该",
        "这",
        "那",
        "何",
        "谁",
        "几",
        "年",
        "月",
        "日",
        "哪里",
        "哪一",
        "一",
        "个",
        "之",
        "以",
        "而",
        "并",
        "也",
        "等",
        "通过",
        "进行",
        "我",
        "你",
        "您",
        "我们",
        "你们",
        "想",
        "要",
        "能",
        "可以",
        "会",
        "吧",
        "啊",
        "呀",
        "嘛",
        "就",
        "都",
        "还",
        "很",
        "多",
        "没有",
        "不",
        "没",
        "请",
        "帮",
        "一下",
        "问",
        "问一下",
        "知道",
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "do",
        "does",
        "did",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "what",
        "which",
        "who",
        "when",
        "where",
        "how",
        "much",
        "many",
        "i",
        "my",
        "me",
        "you",
        "your",
        "can",
        "could",
        "would",
        "will",
        "it",
        "its",
        "this",
        "that",
        "there",
        "have",
        "has",
        "if",
        "with",
        "from",
        "by",
    ]
)
_QUANTITY = re.compile(
    "多少|几[个次天年月人家岁张笔位名元点级]|多大|多长|多高|多久|多远|百分之几|how (?:much|many|long|old|often)"
)
_HAS_QUANTITY = re.compile(
    "[0-9零一二三四五六七八九十百千万亿两]|免费|不收|免收|不限|没有|无需|无上限|无限|实时|当日|次日|即时|free|no fee|no limit"
)
_NAME = re.compile(r"([\w·]{2,14}?)(信用卡|借记卡|卡|贷款|贷|理财|基金|保险|存单|存款|银行|公司|宝|盾|国债)")


# What sets two things apart that read alike: Ⅱ类户 and Ⅲ类户, 3年定期 and 5年定期, R2 and R3, yuan and dollars. A time that
# belongs to the customer's own story (才放款8个月) is none.
_TIME = "[0-9]+(?:年|个月|天)"
_DESIGNATOR = re.compile(
    "(?<![0-9.哪这那同每各])[0-9]+(?:类|级|期)"
    f"|(?<![0-9.]){_TIME}(?=期|的?(?:定期|大额|存单|存款|国债|封闭|理财|产品))|(?<=[盈期债单存]){_TIME}"
    "|(?<![a-z0-9])[rc][1-5](?![0-9a-z])"
    "|美元|港币|港元|欧元|日元|英镑|澳元"
)
_YEAR = re.compile("(?<![0-9])20[0-9]{2}(?=年| ?(?:财年|年度)|$)|(?<=in )20[0-9]{2}")
_ANY_YEAR = re.compile("(?<![0-9])20[0-9]{2}(?![0-9])")
# What customers call other institutions; one of them in a question is not answered from this bank's documents.
ELSEWHERE = re.compile(
    "[工建农中交招]行|[工农]商银行|(?:工商|建设|农业|交通|招商|浦发|兴业|民生|光大|平安|中信|华夏|广发|邮储|浙商|渤海)(?:银行)|支付宝|微信|余额宝|花呗|借呗"
)
_ENGLISH_NAME = re.compile(
    r"\b((?:[A-Z][\w'&-]*[ -])+)(?:(?:credit|debit|savings?|current|time|home|car|personal) )?"
    r"(?:cards?|accounts?|loans?|mortgages?|funds?|deposits?|plans?|insurance|bonds?|certificates?)\b",
)
"""Something called by a name of its own, as Global Payment credit card."""
_REACH = 0.02


def designators(text: str) -> frozenset[str]:
    """The classes, terms, grades and currencies that a text names, by which things that read alike are told apart."""
    return frozenset(_DESIGNATOR.findall(fold(text)))


class Weakness(StrEnum):
    """Why the evidence does not carry an answer."""

    NOTHING_FOUND = "nothing_found"
    TOO_FAR = "too_far"
    UNKNOWN_NAME = "unknown_name"
    OTHER_SUBJECT = "other_subject"
    OTHER_KIND = "other_kind"
    NO_QUANTITY = "no_quantity"
    FIGURES = "figures"
    LISTED_WORD = "listed_word"
    NOT_SAID = "not_said"


@dataclass(frozen=True)
class Evidence:
    """The judgement on a question's hits: the hit that carries an answer, or the weakness of them all.

    `support` orders questions by how near they are to what was found, `confidence` by how surely they are answered, both between 0
    and 1. `hits` are those judged, in the judge's order; `doubtful` when the answer may be beside the point; `marked` is the place
    of the best hit's unit that answers, where it was `read`.
    """

    support: float
    best: Hit | None = None
    weakness: Weakness | None = None
    hits: tuple[Hit, ...] = ()
    doubtful: bool = False
    marked: int | None = None
    read: bool = False
    confidence: float = 0.0


class Judge(Protocol):
    """Says whether hits answer a question; a trained model can take this place."""

    def judge(self, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        """The evidence that the hits, best first, give for an answer."""
        ...

    def fits(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> bool:
        """Whether a hit is about what is asked, so that it may be read beside the one that answers."""
        ...


class SimilarityJudge:
    """Judges by the nearest sentence, and by what the question names that the passage does not.

    Support is the cosine of the question with its nearest sentence (read with title and heading), less 0.03 times the share of
    the question's words, weighted by rarity, that the passage lacks; open questions (how, why, which ones) are let off, since
    their words often differ from the answer's. An FAQ's question gains by its lead over the next one's. Support separates the
    near-domain questions of the open finance set with an AUROC of 0.87 (evals/abstention.py). Plain rules come after, which
    depend on no model: a hit that lacks the name, the class or the quantity that is asked for does not answer, however near.
    """

    def __init__(self, search: Search, threshold: float) -> None:
        self._search = search
        self._threshold = threshold

    def judge(self, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        """The best hit that has what is asked for, among those that are about as near as the first."""
        if not hits or not _content(question):
            return Evidence(0.0, weakness=Weakness.NOTHING_FOUND, hits=tuple(hits))
        within = [hit for hit in hits if hit.similarity >= hits[0].similarity - _REACH]
        weaknesses = [self._weakness(question, hit, hits, audience) for hit in within]
        if self._is_called_strangely(question, audience) or self._names_a_strange_company(question, hits, audience):
            found = self.support(question, hits[0], hits, audience)
            return Evidence(found, weakness=Weakness.UNKNOWN_NAME, hits=tuple(hits))
        best = next((hit for hit, weakness in zip(within, weaknesses, strict=True) if weakness is None), None)
        support = self.support(question, best or hits[0], hits, audience)
        if support < self._threshold:
            return Evidence(support, weakness=Weakness.TOO_FAR, hits=tuple(hits), confidence=support)
        return Evidence(support, best, None if best else weaknesses[0], tuple(hits), confidence=support)

    def fits(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> bool:
        """Whether a hit has the names, classes and quantities that are asked for."""
        return self._weakness(question, hit, hits, audience) is None

    def support(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> float:
        """How well a hit stands for an answer."""
        lead = _LEAD_WEIGHT * _lead(hit, hits) if hit.passage.kind is Kind.FAQ else 0.0
        if _OPEN.search(fold(question)):
            return hit.similarity + lead
        return hit.similarity + lead - _MISSING_WEIGHT * self._missing(question, _said(hit, hits), audience)

    def _missing(self, question: str, said: str, audience: Audience) -> float:
        asked = _content(question)
        size = self._search.size(audience)
        weights = {word: math.log(1 + size / (1 + self._search.frequency(word, audience))) for word in asked}
        total = sum(weights[word] for word in asked)
        return sum(weights[word] for word in asked if word not in said) / total if total else 0.0

    def _weakness(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> Weakness | None:
        folded, own = fold(question), _own(hit)
        if self._names_the_unknown(folded, _said(hit, hits), audience):
            return Weakness.UNKNOWN_NAME
        lexicon = self._search.lexicon(audience)
        named = lexicon.names_in(folded)
        if named and not set(named) & set(lexicon.names_in(own)):
            return Weakness.OTHER_SUBJECT
        if any(not _stands(found, own) for found in _DESIGNATOR.findall(folded)):
            return Weakness.OTHER_KIND
        if condition.is_of_another(folded, own) or condition.leaves_out(folded, fold(hit.passage.answer or own)):
            return Weakness.OTHER_KIND
        if not _QUANTITY.search(folded):
            return None
        if not _HAS_QUANTITY.search(fold(hit.passage.answer or hit.passage.text)):
            return Weakness.NO_QUANTITY
        if _other_year(folded, own, hit):
            return Weakness.OTHER_KIND
        return None

    def _is_called_strangely(self, question: str, audience: Audience) -> bool:
        """Whether an English question names something by words none of which stands in any document, nor among the known terms."""
        known = {word for english, _chinese in terms.named(question) for word in words(english)}
        for found in _ENGLISH_NAME.finditer(question):
            own = [word for word in words(found.group(1)) if word not in FUNCTION_WORDS | known]
            if own and not any(self._search.frequency(word, audience) for word in own):
                return True
        return False

    def _names_a_strange_company(self, question: str, hits: Sequence[Hit], audience: Audience) -> bool:
        """Whether one of the companies that the question names in full stands neither in what was found nor over any document."""
        named = organisation.names(question)
        said = " ".join(_own(hit) for hit in hits) if named else ""
        strange = [name for name in named if name not in said]
        if not strange:
            return False
        titles = [fold(document.title) for document in self._search.documents(audience)]
        return not all(any(name in title for title in titles) for name in strange)

    def _names_the_unknown(self, folded: str, said: str, audience: Audience) -> bool:
        """Whether the question names a product or company by a word that stands in no document at all."""
        if any(found not in said for found in ELSEWHERE.findall(folded)):
            return True
        for found in _NAME.finditer(folded):
            word, part_of_speech = rjieba.tag(found.group(1))[-1]
            is_noun = part_of_speech.startswith(("n", "eng"))
            if is_noun and len(word) > 1 and word not in said and not self._search.frequency(word, audience):
                return True
        return False


def _content(question: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in words(question) if word not in FUNCTION_WORDS]


def _lead(hit: Hit, hits: Sequence[Hit]) -> float:
    """How much nearer an FAQ's question is than the next one's: of questions that read alike, none may be the one."""
    others = [other.similarity for other in hits if other.passage.kind is Kind.FAQ and other is not hit]
    return min(_MOST_LEAD, max(0.0, hit.similarity - max(others, default=0.0)))


def _own(hit: Hit) -> str:
    """What a hit itself says and stands under, folded."""
    passage, document = hit.passage, hit.document
    return fold(" ".join([document.title, document.product or "", passage.section, passage.text, *passage.units]))


def _said(hit: Hit, hits: Sequence[Hit]) -> str:
    """What a hit says, with what else its document says among the hits, unless that is a table of questions."""
    if hit.passage.kind is Kind.FAQ:
        return _own(hit)
    alike = [other for other in hits if other.document.id == hit.document.id]
    return " ".join([*map(_own, alike), fold(" ".join(hit.document.tags))])


def _other_year(folded: str, own: str, hit: Hit) -> bool:
    """Whether years are asked for, and the hit speaks of other years only, nor was its document in force in any of them."""
    dated = hit.document.effective_from or hit.document.effective_to
    spoken_of, asked = set(_ANY_YEAR.findall(own)), set(_YEAR.findall(folded))
    if not spoken_of or not asked or spoken_of & asked:
        return False
    return not (dated and any(hit.document.valid_on(date(int(year), 12, 31)) for year in asked))


def _stands(designator: str, text: str) -> bool:
    return re.search(f"(?<![0-9a-z.]){re.escape(designator)}", text) is not None
