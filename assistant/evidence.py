"""Whether what was found answers what was asked: the hard half of answering."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.search import Search
from knowledge_base.text import fold, words

THRESHOLD = 0.865
"""For the bundled model: keeps at least 95 in 100 answerable questions of every set in evals/suites."""
_MISSING_WEIGHT = 0.03

_OPEN = re.compile(
    "如何|怎么|怎样|为什么|为何|总结|概述|概括|对比|比较|分析|描述|介绍|说明|哪些|区别|影响|how |why |compare|summar|describe|explain"
)
_FUNCTION_WORDS = frozenset(
    [
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


class Weakness(StrEnum):
    """Why the evidence does not carry an answer."""

    NOTHING_FOUND = "nothing_found"
    TOO_FAR = "too_far"
    UNKNOWN_NAME = "unknown_name"
    OTHER_SUBJECT = "other_subject"
    NO_QUANTITY = "no_quantity"


@dataclass(frozen=True)
class Evidence:
    """The judgement on a question's hits; `weakness` is None where they carry an answer."""

    support: float
    weakness: Weakness | None


class Judge(Protocol):
    """Says whether hits answer a question; a trained model can take this place."""

    def judge(self, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        """The evidence that the hits, best first, give for an answer."""
        ...


class SimilarityJudge:
    """Judges by the nearest sentence, and by what the question names that the passage does not.

    Support is the cosine of the question with its nearest sentence (read with title and heading), less 0.03 times the share of
    the question's words, weighted by rarity, that the passage lacks; open questions (how, why, which ones) are let off, since
    their words often differ from the answer's. On near-domain questions this separates with an AUROC of 0.86 to 0.92, the
    whole passage's cosine with 0.71 (evals/search_quality.py). Then plain rules, which do not depend on the model.
    """

    def __init__(self, search: Search, threshold: float) -> None:
        self._search = search
        self._threshold = threshold

    def judge(self, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        """The evidence that the hits give, by the first of them."""
        if not hits:
            return Evidence(0.0, Weakness.NOTHING_FOUND)
        support = self.support(question, hits, audience)
        if support < self._threshold:
            return Evidence(support, Weakness.TOO_FAR)
        return Evidence(support, self._weakness(question, hits, audience))

    def support(self, question: str, hits: Sequence[Hit], audience: Audience) -> float:
        """How well the first hit stands for an answer, between 0 and 1; an ordering, not a probability."""
        folded = fold(question)
        top = hits[0]
        if _OPEN.search(folded):
            return top.similarity
        return top.similarity - _MISSING_WEIGHT * self._missing(question, hits, audience)

    def _missing(self, question: str, hits: Sequence[Hit], audience: Audience) -> float:
        asked = [word for word in words(question) if word not in _FUNCTION_WORDS]
        size = self._search.size(audience)
        weights = {word: math.log(1 + size / (1 + self._search.frequency(word, audience))) for word in asked}
        total = sum(weights[word] for word in asked)
        said = _said(hits)
        return sum(weights[word] for word in asked if word not in said) / total if total else 0.0

    def _weakness(self, question: str, hits: Sequence[Hit], audience: Audience) -> Weakness | None:
        folded = fold(question)
        said = _said(hits)
        if self._names_the_unknown(folded, said, audience):
            return Weakness.UNKNOWN_NAME
        if self._names_another(folded, said):
            return Weakness.OTHER_SUBJECT
        if _QUANTITY.search(folded) and not any(_HAS_QUANTITY.search(_answer(hit)) for hit in hits[:1]):
            return Weakness.NO_QUANTITY
        return None

    def _names_the_unknown(self, folded: str, said: str, audience: Audience) -> bool:
        """Whether the question names a product or company by a word that stands in no document at all."""
        for found in _NAME.finditer(folded):
            for word in words(found.group(1)):
                known = word in said or word in _FUNCTION_WORDS or self._search.frequency(word, audience)
                if len(word) >= 2 and not known:
                    return True
        return False

    def _names_another(self, folded: str, said: str) -> bool:
        """Whether the question names a known product that the passage does not speak of."""
        return any(name not in said for name in self._search.names_in(folded)[:1])


def _said(hits: Sequence[Hit]) -> str:
    """All that the first hit's document says among the hits, folded, title and product included."""
    top = hits[0]
    texts = [hit.passage.text + hit.passage.section for hit in hits if hit.document.id == top.document.id]
    if top.passage.kind is Kind.FAQ:
        texts = [top.passage.text, *top.passage.units]
    document = top.document
    return fold(" ".join([document.title, document.product or "", *document.tags, *texts]))


def _answer(hit: Hit) -> str:
    """The part of a hit that an answer is taken from."""
    return fold(hit.passage.answer or hit.passage.text)
