"""A question of staff becomes a need: what to recommend, what fits limits, what to compare, whether a customer may buy it.

Rules alone. A question that is none of these is left to the documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import age_words, assessment_words, need_words, numeral, sales_vocabulary, span_words
from assistant.catalogue import Mention, Products
from assistant.command import CheckSale, CompareProducts, GuideSale
from assistant.conversation import Conversation
from assistant.need_words import Words
from assistant.product import Kind, Product
from assistant.sales_need import CustomerFacts, SalesNeed, changed
from knowledge_base.passage import Audience

NAME = "\ue000"
"""Stands where a product was named."""
SaleCommand = GuideSale | CompareProducts | CheckSale

_COMPARES = re.compile(
    r"区别|对比|比较|相比|比一?比|(?:和|跟|与)[^。;]{0,6}比(?:呢|怎么样|一下|$)|不同|差别|差异|差在哪|哪个|哪款|哪只|哪种|谁|怎么选|选哪|二选一|还是|\bpk\b|compare|difference|versus|\bvs\b|which"
)
_PAIR = re.compile(f"^(?:那|请)?{NAME}[^{NAME}]{{0,4}}?(?:(?:和|跟|与|;|同|or|and){NAME}[^{NAME}]{{0,4}}?)+$")
_ALIKE = re.compile(f"(?:像|类似|跟|和|与|同|比|like|similar to|than)[^{NAME}]{{0,6}}{NAME}")
_WHY_NOT = re.compile("为什么|怎么(?:没|不)|咋(?:没|不)|为啥|为何|why")
_MAY = re.compile(
    "能不能|能否|可不可以|可以|能|行不行|行吗|合适|适合|适不适合|让不让|推荐|卖|\\b(?:can|may|could|suitable|eligible|allowed|fit)\\b"
)
_ASKS_WHAT = re.compile(
    "推荐|推什么|推啥|适合|合适|配什么|怎么配|配置|(?:买|卖|推|做|选|存|放|投|配|拿|介绍|讲|说)(?:点|些|个|到)?(?:什么|啥|哪)|有什么|有啥|有没有|哪些|哪款|哪个|哪只|哪几|什么(?:产品|理财|基金|保险|好)"
    "|能买|可以买|方案|建议|怎么(?:安排|打理|规划)|列(?:一下|出|个)|what|recommend|suggest|suitable|which|\\bfits?\\b|options?|list"
)
_LISTS = re.compile(
    "^(?:现在|目前|我行|我们|咱们|行里|帮我|请|列一?下|看看|在售|在卖|的)*(?:有|都有|还有)?(?:哪些|什么|哪几款|哪几只)(?:产品|在售|在卖|可以卖|能卖|可卖)?(?:的)?[?]?$"
)
_WISHES = re.compile("(?:想|要|打算|准备)(?:买|存|配|投|做|放)|买点|存点|wants? to (?:buy|save|invest|put)")
_FILLERS = re.compile(
    "那么?|如果|假如|要是|换成?|改成?|变成?|换|呢|吗|吧|啊|的|了|是|有|客户|顾客|他|她|这位|这个|一位|一个|只|要|个|位|哦|不对|错了|又|说|可能|看看?|还有|其他|再|都|就|也|和|跟|给|我|请|帮|您|你|年龄|风险|等级|评级"
    r"|资金|钱|产品|想|买|手[上里头]|现在|目前|准备|打算|大概|左右|什么样|怎么样|怎样|情况|要买|想买|看重|希望|觉得|比较|偏好|类型|承受能力|测评|评估|结果|而且|并且|最好|男|女|先生|女士|阿姨|大爷|\b(?:what|about|how|if|and|the|an?|customer|client|is|are|with|has|of|only|show|me|make it|instead|but|for|please)\b|[\W_]"
)
_NOT_RECOMMENDED = frozenset({Kind.CARD, Kind.LOAN})
"""Which of these suits whom depends on more than guidance knows; the documents tell."""
_NEW_CUSTOMER = 2
"""So many facts at once are another customer's."""
_WHOLE_CUSTOMER = 3
"""So many facts at once ask what fits, whatever else is said."""


@dataclass(frozen=True)
class _Read:
    """A message read: what it says of a need, which products it names, and the text with all that taken away."""

    need: SalesNeed
    mentions: tuple[Mention, ...]
    named: str
    rest: str

    @property
    def says_more(self) -> bool:
        """Whether the message says something besides what was read."""
        return bool(_FILLERS.sub("", self.rest))

    def says_more_than(self, pattern: re.Pattern[str]) -> bool:
        """Whether the message says something besides what was read and this."""
        return bool(_FILLERS.sub("", pattern.sub("", self.rest)))


class StaffUnderstanding:
    """Finds the need in what staff ask; `products` gives the products of a day."""

    def __init__(self, products: Callable[[Audience, date], Products]) -> None:
        self._products = products

    def understand(self, message: str, state: Conversation, today: date) -> SaleCommand | None:
        """What guidance is asked for, in the light of the need that was spoken of before; nothing where none is."""
        folded = need_words.prepared(message)
        read = _read(folded, self._products(state.audience, today), today)
        if sales_vocabulary.load().is_ordinary(folded, read.need.facts.told):
            return None
        need = _in_conversation(read, state)
        return (
            self._compared(read, need, state)
            or _alike(read, need)
            or _checked(read, need)
            or _asked(read, need, state)
            or _followed(read, need, state)
        )

    def _compared(self, read: _Read, need: SalesNeed, state: Conversation) -> CompareProducts | None:
        """Two products or more side by side; one beside what was looked at last."""
        names = list(dict.fromkeys(_chosen(mention, read.need, need) for mention in read.mentions))
        compares = _COMPARES.search(read.named) or _PAIR.search(read.named)
        if len(names) == 1 and compares and len(state.compared) == 1 and state.guided:
            names = [*state.compared, *names]
        return CompareProducts(tuple(dict.fromkeys(names)), need) if len(names) > 1 and compares else None


def _read(folded: str, products: Products, today: date) -> _Read:
    named = numeral.figures(products.without_names(folded))
    words = Words(named, today)
    minds, levels = need_words.minds(words), need_words.levels(words)
    minimum, fee = need_words.minimum(words), need_words.fee(words)
    assessed_on = assessment_words.assessed(words)
    spare, needed_on = span_words.horizon(words)
    ages = age_words.ages(words)
    term = span_words.term(words)
    expired, level = assessment_words.expired(words), need_words.level(words)
    qualified, channel = need_words.qualified(words), need_words.channel(words)
    order = need_words.order(words)
    kinds, not_kinds = need_words.kinds(words)
    amount = need_words.amount(words)
    facts = CustomerFacts(ages, level, assessed_on, expired, qualified, amount, spare, needed_on, channel)
    if facts.told:
        lying, aged = span_words.alone(words)
        facts = replace(facts, ages=ages or aged, spare_days=lying if spare is None else spare)
        undated = assessed_on is None and assessment_words.is_undated(named, words.text)
        facts = replace(facts, expired=True if undated else expired)
    need = SalesNeed(facts, kinds, not_kinds, levels, term, minimum, fee, order, None, minds)
    return _Read(need, tuple(products.mentions(folded)), named, words.text)


def _in_conversation(read: _Read, state: Conversation) -> SalesNeed:
    """The need as it stands now: another customer's where so much is told at once, else what was known with what is new."""
    if state.need is None or read.need.facts.told >= _NEW_CUSTOMER:
        return read.need
    alone = not state.guided and read.need.facts.told
    return read.need if alone else changed(state.need, read.need)


def _alike(read: _Read, need: SalesNeed) -> GuideSale | None:
    """Anything like this product, with a shorter term, a lower minimum or a lower level."""
    if len(read.mentions) != 1 or read.need.order is None or not _ALIKE.search(read.named):
        return None
    return GuideSale(replace(need, like=_chosen(read.mentions[0], read.need, need), kinds=read.need.kinds))


def _checked(read: _Read, need: SalesNeed) -> CheckSale | None:
    """Whether this customer may be sold it, or why it was not listed."""
    asks = _WHY_NOT.search(read.rest) or _MAY.search(read.rest)
    about_customer = asks and (need.facts.told or need.facts.expired)
    if not read.mentions or not (about_customer or _ON_SALE.search(read.named)):
        return None
    return CheckSale(tuple(dict.fromkeys(_chosen(mention, read.need, need) for mention in read.mentions)), need)


_ON_SALE = re.compile(
    "还能?(?:不能)?(?:买|卖|认购|申购|投|做)|(?:现在|今天|目前|眼下)[^。;]{0,4}(?:能|可以)[^。;]{0,2}(?:买|卖|认购|申购|投)|还在(?:卖|售|募集)|在售吗|还有没?有?额度|still (?:on sale|open|available)"
)


def _asked(read: _Read, need: SalesNeed, state: Conversation) -> GuideSale | None:
    """What fits, or what there is within limits."""
    if read.mentions and not read.need.facts.told:
        return None
    told, limits = read.need.facts.told, read.need.limits
    if told >= _WHOLE_CUSTOMER or (told >= _NEW_CUSTOMER and read.need.kinds) or (limits and not read.says_more):
        return GuideSale(need)
    wishes = told or limits or read.need.order
    if read.need.kinds and set(read.need.kinds) <= _NOT_RECOMMENDED:
        return None
    if told and _WISHES.search(read.rest):
        return GuideSale(need)
    lists = read.need.kinds and _LISTS.search(read.rest.replace(need_words.TAKEN, ""))
    if read.mentions and not read.need.facts.told:
        return None
    known = need.facts.told and (read.need.kinds or (state.guided and not read.says_more_than(_ASKS_WHAT)))
    if lists or (_ASKS_WHAT.search(read.rest) and (wishes or known)):
        return GuideSale(need)
    return None


def _followed(read: _Read, need: SalesNeed, state: Conversation) -> GuideSale | CheckSale | None:
    """Facts and nothing else: of the customer spoken of, or enough of them to go by."""
    if read.need.is_empty and not read.mentions:
        return None
    asks_why = state.guided and _WHY_NOT.search(read.rest)
    if (read.says_more and not asks_why) or (read.mentions and not state.guided):
        return None
    if read.mentions:
        return CheckSale(tuple(dict.fromkeys(_chosen(one, read.need, need) for one in read.mentions)), need)
    if state.guided == "check" and read.need == SalesNeed(read.need.facts):
        return CheckSale(state.compared, need)
    return GuideSale(need) if state.guided or read.need.facts.told >= _NEW_CUSTOMER else None


def _chosen(mention: Mention, said: SalesNeed, need: SalesNeed) -> str:
    """The one product that is meant: of a family, the term that was said, or the longest that can be waited for, or a year's."""
    wanted = said.term[1] if said.term and said.term[0] == said.term[1] else need.facts.spare_days
    return _nearest(mention.products, 365 if wanted is None else wanted).name


def _nearest(products: Sequence[Product], days: int) -> Product:
    fitting = [product for product in products if (product.lock or 0) <= days]
    return max(fitting or products[:1], key=lambda product: product.lock or 0)
