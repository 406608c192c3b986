"""One answer of guidance as it is written, and the parts that every form of it may have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant import extract, guard, need_text, product_view
from assistant.catalogue import Products
from assistant.event import LeftOut, SaleGuided
from assistant.footnotes import Footnotes, texts
from assistant.guidance_text import Phrases, Sentence
from assistant.product import Product
from assistant.reply import Citation
from assistant.sale_choice import Refused, SaleChoice, is_about_customer
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.source import Source, first_with
from assistant.suitability import Condition, Rule, conditions

_NAMED = 6
"""So many products of a group are named."""
_OF_CUSTOMERS = (Condition.VALID_ASSESSMENT, Condition.REVIEWED)


@dataclass(frozen=True)
class Guided:
    """What staff are told, what may be asked next, and what happened by it."""

    text: str
    citations: tuple[Citation, ...]
    next: tuple[str, ...]
    event: SaleGuided


@dataclass
class Page:
    """One answer as it is written: who asks at which branch on which day, what there is to go by, and the parts so far."""

    branch: str
    day: date
    say: Phrases
    products: Products
    rules: Sequence[Source]
    notes: Footnotes
    parts: list[str]

    def mark(self, sentence: Sentence) -> str:
        """The mark of the passage that a sentence goes by, where the knowledge base has it."""
        found = (first_with(self.rules, words) for words in sentence.find)
        return self.notes.mark(next(filter(None, found), None))

    def titled(self, title: str, lines: Iterable[str]) -> None:
        """A part with a title and a line each, where there are any."""
        listed = list(dict.fromkeys(lines))
        if listed:
            self.parts.append("\n".join([self.say(title), "", *(f"- {line}" for line in listed)]))


def echo(need: SalesNeed, page: Page) -> None:
    """The need as it was understood, and what may not be promised to who hopes for it."""
    facts, limits = need_text.customer(need.facts, page.say), need_text.limits(need, page.say)
    lines = [page.say("customer", facts=facts)] if facts else []
    lines += [page.say("limits", limits=limits)] if limits else []
    if lines:
        page.parts.append("  \n".join(lines))
    page.parts += [
        page.say.of(sentence) + page.mark(sentence) for sentence in (page.say.told.minds[one] for one in need.minds)
    ]


def unknown(choice: SaleChoice, need: SalesNeed) -> list[str]:
    """What is to be asked of the customer next: the level where it forbids, the age and the time of need where they matter."""
    if not is_about_customer(need.facts):
        return []
    forbids = any(Rule.NOT_ASSESSED in one.rules for one in choice.refused)
    differ = need.facts.spare_days is None and any(one.lock is not None for one in choice.offered)
    return ["level"] * forbids + ["age"] * _turns_on_age(choice, need.facts) + ["spare"] * differ


def _turns_on_age(choice: SaleChoice, facts: CustomerFacts) -> bool:
    """Whether the age that nobody told decides on a sale that is offered, or on one refused for it alone."""
    if facts.ages is not None:
        return False
    reviewed = any(Condition.REVIEWED in conditions(facts, one) for one in choice.offered)
    return reviewed or any(one.rules == (Rule.AGE_UNTOLD,) for one in choice.refused)


def following(choice: SaleChoice, need: SalesNeed, say: Phrases) -> tuple[str, ...]:
    """What may be said next with a press of a button."""
    asked = unknown(choice, need)
    if "level" in asked:
        return tuple(say("say_level", level=say.of(level)) for level in say.told.levels.values())
    return tuple(say(name) for name in ("say_any_day", "say_half", "say_year")) if "spare" in asked else ()


def what_it_takes(facts: CustomerFacts, offered: Sequence[Product], page: Page) -> Iterable[str]:
    """What a sale of these must come with, a line each."""
    asked = {one.name: conditions(facts, one) for one in offered}
    for condition in Condition:
        concerned = [one for one in offered if condition in asked[one.name]]
        if concerned and (is_about_customer(facts) or condition not in _OF_CUSTOMERS):
            yield from _condition(condition, concerned, page)


def _condition(condition: Condition, products: Sequence[Product], page: Page) -> Iterable[str]:
    """The condition, once; or once for each thing that the documents tell in the field that it goes by."""
    sentence = page.say.told.conditions[condition]
    if sentence.field is None:
        yield page.say.of(sentence) + page.mark(sentence)
        return
    for product in products:
        told = page.say.of(sentence, value=product.text(sentence.field))
        mark = page.notes.mark(*(said.source for said in product.fields[sentence.field].statements))
        yield page.say("group", rule=product.name, products=told) + mark


def what_must_be_said(offered: Sequence[Product], page: Page) -> Iterable[str]:
    """The disclosures that products of these kinds need, a line each."""
    kinds = {product.kind for product in offered}
    for sentence in page.say.told.must_say:
        if kinds & set(sentence.kinds):
            yield page.say.of(sentence) + page.mark(sentence)


def left_out(facts: CustomerFacts, refused: Sequence[Refused], page: Page) -> Iterable[str]:
    """What was left out, by the gravest rule that forbids it."""
    for rule in Rule:
        group = [one.product for one in refused if one.rules[0] is rule]
        if group:
            yield _group(rule, facts, group, page)


def _group(rule: Rule, facts: CustomerFacts, group: Sequence[Product], page: Page) -> str:
    sentence = page.say.told.rules[rule]
    reason = page.say.of(sentence, level=facts.level)
    if rule is Rule.NOT_QUALIFIED:
        return reason + page.mark(sentence)
    first = list({product.family: product for product in reversed(group)}.values())[::-1]
    named = [_told(product, sentence.field, page) for product in first[:_NAMED]]
    more = page.say("and_more", count=len(first)) if len(first) > _NAMED else ""
    return page.say("group", rule=reason, products=page.say.listed(named) + more) + page.mark(sentence)


def _told(product: Product, field: str | None, page: Page) -> str:
    """A product's name, with the field that the rule goes by, or its level."""
    told = value(product, field, page)
    return page.say("told", product=product.family, value=told) if told else product.family


def value(product: Product, field: str | None, page: Page) -> str:
    """What documents tell in the field that a rule goes by, with its marks; the level where the rule goes by none."""
    name = field or "level"
    if name not in product.fields:
        return ""
    said = product.fields[name].statements
    mark = page.notes.mark(*(one.source for one in said)) if field else ""
    return page.say("clause").join(one.text for one in said) + mark


def reason(rule: Rule, product: Product, facts: CustomerFacts, page: Page) -> str:
    """Why a product may not be sold, with what its documents tell in the field that the rule goes by."""
    sentence = page.say.told.rules[rule]
    told = page.say.of(sentence, level=facts.level)
    if rule is not Rule.NOT_QUALIFIED and (field := value(product, sentence.field, page)):
        told = page.say("told", product=told, value=field)
    return told + page.mark(sentence)


def names(products: Sequence[Product], say: Phrases) -> str:
    """The first names, and how many there are."""
    more = say("and_more", count=len(products)) if len(products) > _NAMED else ""
    return say.listed([product.name for product in products[:_NAMED]]) + more


def guarded(table: str, products: Sequence[Product], page: Page) -> str:
    """The table, where each of its figures stands in the products' passages; else that it does not."""
    sources = texts(product_view.sources(products))
    return page.say("unsupported") if guard.unsupported_figures(extract.without_marks(table), sources) else table


def guided(
    need: SalesNeed,
    form: Literal["recommend", "compare", "check"],
    offered: tuple[str, ...],
    refused: Sequence[Refused],
    page: Page,
    following: tuple[str, ...] = (),
) -> Guided:
    """The answer with the event that tells of it."""
    left_out = tuple(LeftOut(one.product.name, one.rules) for one in refused)
    event = SaleGuided(need, form, offered, left_out, page.notes.passages)
    return Guided("\n\n".join(page.parts), page.notes.citations, following, event)
