"""Guidance of staff on a sale: what fits, why, what to say, what must be said and what is left out, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from assistant import guard, need_text, product_view
from assistant.campaign import Campaign
from assistant.catalogue import Catalogue, Products
from assistant.command import CheckSale, CompareProducts, GuideSale
from assistant.event import LeftOut, SaleGuided
from assistant.footnotes import Footnotes, texts
from assistant.guidance_text import Phrases, Sentence, load
from assistant.product import Product
from assistant.reply import Citation
from assistant.sale_choice import INSURED, Refused, SaleChoice, choose, is_about_customer
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.source import Source, Sources, first_with
from assistant.suitability import Condition, Rule, conditions, refusals
from assistant.talking_point import points, suiting
from knowledge_base.passage import Audience
from knowledge_base.search import Search

_NAMED = 6
"""So many products of a group are named."""
Command = GuideSale | CompareProducts | CheckSale


Campaigns = Callable[[str, date], Sequence[Campaign]]
"""The campaigns that run at a branch on a day."""


@dataclass(frozen=True)
class Guided:
    """What staff are told, what may be asked next, and what happened by it."""

    text: str
    citations: tuple[Citation, ...]
    next: tuple[str, ...]
    event: SaleGuided


@dataclass
class _Page:
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


class Guidance:
    """Answers the three sale commands for staff; it never compares what products earn, and nothing it says is computed."""

    def __init__(
        self,
        search: Search,
        catalogue: Catalogue,
        campaigns: Campaigns,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._catalogue = catalogue
        self._rules = Sources(search, load().sources)
        self._campaigns = campaigns
        self._today = today

    def guide(self, command: Command, branch: str, language: str) -> Guided:
        """What a command comes to, for a member of staff at this branch."""
        day, say = self._today(), Phrases(language)
        products, rules = self._catalogue.products(Audience.STAFF, day), self._rules.of(Audience.STAFF, day)
        page = _Page(branch, day, say, products, rules, Footnotes(), [])
        match command:
            case GuideSale():
                return self._recommended(command.need, page)
            case CompareProducts():
                return _compared(command, page)
            case CheckSale():
                return _checked(command, page)
            case _:
                assert_never(command)

    def _recommended(self, need: SalesNeed, page: _Page) -> Guided:
        choice = choose(page.products, need, page.day)
        _echo(need, page)
        _table(choice, need, page)
        page.titled("why", _why(need.facts, choice.offered, page))
        page.titled("do", _what_it_takes(need.facts, choice.offered, page))
        if is_about_customer(need.facts):
            page.titled("say", _what_to_say(choice.offered, page))
        page.titled("must", _what_must_be_said(choice.offered, page))
        if choice.offered and is_about_customer(need.facts):
            page.titled("campaigns", self._running(choice, page))
        page.titled("left_out", _left_out(need.facts, _without_siblings(choice), page))
        offered = tuple(product.name for product in choice.offered)
        return _guided(need, "recommend", offered, choice.refused, page, _next(choice, need, page.say))

    def _running(self, choice: SaleChoice, page: _Page) -> Iterable[str]:
        running = self._campaigns(page.branch, page.day)
        for one in running:
            told = {"name": one.name, "audience": one.audience, "reward": one.reward}
            mark = page.notes.given(one.citation) if one.citation else ""
            yield page.say("campaign", **told, starts=one.starts, ends=one.ends) + mark
        if running and any(product.kind in INSURED for product in choice.offered):
            rule = page.say.told.campaign_rule
            yield page.say.of(rule) + page.mark(rule)


def _echo(need: SalesNeed, page: _Page) -> None:
    facts, limits = need_text.customer(need.facts, page.say), need_text.limits(need, page.say)
    lines = [page.say("customer", facts=facts)] if facts else []
    lines += [page.say("limits", limits=limits)] if limits else []
    if lines:
        page.parts.append("  \n".join(lines))
    page.parts += [
        page.say.of(sentence) + page.mark(sentence) for sentence in (page.say.told.minds[one] for one in need.minds)
    ]


def _table(choice: SaleChoice, need: SalesNeed, page: _Page) -> None:
    """The products that fit, in which order, and what else would fit."""
    say = page.say
    if not choice.offered:
        page.parts.append(say("nothing" if choice.refused else "nothing_found"))
    else:
        table = product_view.rows(choice.offered, page.notes, say)
        # A second lock: every cell is a document's own, and a figure that is not would be a mistake in the code.
        if guard.unsupported_figures(
            table, [*texts(product_view.sources(choice.offered)), *_own_figures(page, choice)]
        ):
            raise ValueError(f"a figure of this table stands in no cited passage: {table}")
        page.parts += [say("fits"), table, _order(need, say)]
    if choice.besides and choice.offered:
        page.parts.append(say("besides", products=_names(choice.besides, say)))
    page.parts += [page.say(f"ask_{name}") for name in _unknown(choice, need)]


def _own_figures(page: _Page, choice: SaleChoice) -> list[str]:
    """The numbers of the marks, and the names of the products."""
    return [" ".join(str(one.number) for one in page.notes.citations), " ".join(one.name for one in choice.offered)]


def _order(need: SalesNeed, say: Phrases) -> str:
    if need.order:
        return say("by_wish", wish=say(f"wish_{need.order.value}"))
    if need.facts.spare_days is None:
        return say("by_level")
    return say("by_need") if need.facts.spare_days else say("by_day")


def _unknown(choice: SaleChoice, need: SalesNeed) -> list[str]:
    """What is to be asked of the customer next: the level where it forbids, the time of need where terms differ."""
    if not is_about_customer(need.facts):
        return []
    forbids = any(Rule.NOT_ASSESSED in one.rules for one in choice.refused)
    differ = need.facts.spare_days is None and any(one.lock is not None for one in choice.offered)
    return ["level"] * forbids + ["spare"] * differ


def _next(choice: SaleChoice, need: SalesNeed, say: Phrases) -> tuple[str, ...]:
    """What may be said next with a press of a button."""
    unknown = _unknown(choice, need)
    if "level" in unknown:
        return tuple(say("say_level", level=say.of(level)) for level in say.told.levels.values())
    return tuple(say(name) for name in ("say_any_day", "say_half", "say_year")) if "spare" in unknown else ()


def _why(facts: CustomerFacts, offered: Sequence[Product], page: _Page) -> Iterable[str]:
    """Which facts fit, a line each."""
    say = page.say
    if not offered or not is_about_customer(facts):
        return
    if facts.level and any(product.level for product in offered):
        levels = "、".join(f"R{level}" for level in range(1, facts.level + 1))
        source = first_with(page.rules, [f"C{facts.level}", "可购买", levels])
        yield say("why_level", level=facts.level, levels=levels) + page.notes.mark(source)
    if facts.amount and all(product.minimum is not None for product in offered):
        yield say("why_amount", amount=say.money(facts.amount))
    if facts.spare_days is not None:
        yield say("why_spare" if facts.spare_days else "why_any_day")
    aged = [product for product in offered if product.ages]
    if facts.ages and aged:
        sources = [said.source for product in aged for said in product.fields["age"].statements]
        yield say("why_age", age=need_text.age(facts.ages, say)) + page.notes.mark(*sources)


def _what_it_takes(facts: CustomerFacts, offered: Sequence[Product], page: _Page) -> Iterable[str]:
    asked = {one.name: conditions(facts, one) for one in offered}
    for condition in Condition:
        concerned = [one for one in offered if condition in asked[one.name]]
        if concerned and (is_about_customer(facts) or condition is not Condition.VALID_ASSESSMENT):
            yield from _condition(condition, concerned, page)


def _condition(condition: Condition, products: Sequence[Product], page: _Page) -> Iterable[str]:
    """The condition, once; or once for each thing that the documents tell in the field that it goes by."""
    sentence = page.say.told.conditions[condition]
    if sentence.field is None:
        yield page.say.of(sentence) + page.mark(sentence)
        return
    for product in products:
        told = page.say.of(sentence, value=product.text(sentence.field))
        mark = page.notes.mark(*(said.source for said in product.fields[sentence.field].statements))
        yield page.say("group", rule=product.name, products=told) + mark


def _what_to_say(offered: Sequence[Product], page: _Page) -> Iterable[str]:
    form = page.say.told.talk
    for point in suiting(list(points(page.rules, form)), offered, page.products, form):
        before = page.say("objection", objection=point.objection) if point.objection else ""
        yield f"{before}“{point.text.strip('“”')}”{page.notes.mark(point.source)}"


def _what_must_be_said(offered: Sequence[Product], page: _Page) -> Iterable[str]:
    kinds = {product.kind for product in offered}
    for sentence in page.say.told.must_say:
        if kinds & set(sentence.kinds):
            yield page.say.of(sentence) + page.mark(sentence)


def _without_siblings(choice: SaleChoice) -> list[Refused]:
    """What is refused, but for other terms of what fits."""
    fitting = {product.family for product in (*choice.offered, *choice.besides)}
    return [one for one in choice.refused if one.product.family not in fitting]


def _left_out(facts: CustomerFacts, refused: Sequence[Refused], page: _Page) -> Iterable[str]:
    """What was left out, by the gravest rule that forbids it."""
    for rule in Rule:
        group = [one.product for one in refused if one.rules[0] is rule]
        if group:
            yield _group(rule, facts, group, page)


def _group(rule: Rule, facts: CustomerFacts, group: Sequence[Product], page: _Page) -> str:
    sentence = page.say.told.rules[rule]
    reason = page.say.of(sentence, level=facts.level)
    if rule is Rule.NOT_QUALIFIED:
        return reason + page.mark(sentence)
    first = list({product.family: product for product in reversed(group)}.values())[::-1]
    named = [_told(product, sentence.field, page) for product in first[:_NAMED]]
    more = page.say("and_more", count=len(first)) if len(first) > _NAMED else ""
    return page.say("group", rule=reason, products=page.say.listed(named) + more) + page.mark(sentence)


def _told(product: Product, field: str | None, page: _Page) -> str:
    """A product's name, with the field that the rule goes by, or its level."""
    value = _value(product, field, page)
    return page.say("told", product=product.family, value=value) if value else product.family


def _value(product: Product, field: str | None, page: _Page) -> str:
    """What documents tell in the field that a rule goes by, with its marks; the level where the rule goes by none."""
    name = field or "level"
    if name not in product.fields:
        return ""
    said = product.fields[name].statements
    mark = page.notes.mark(*(one.source for one in said)) if field else ""
    return page.say("clause").join(one.text for one in said) + mark


def _names(products: Sequence[Product], say: Phrases) -> str:
    more = say("and_more", count=len(products)) if len(products) > _NAMED else ""
    return say.listed([product.name for product in products[:_NAMED]]) + more


def _compared(command: CompareProducts, page: _Page) -> Guided:
    """Products side by side; a private one only for who is a qualified investor."""
    found = [one for name in command.compared if (one := page.products.named(name))]
    shown = [one for one in found if not one.is_private or command.need.facts.qualified]
    if shown:
        table, lacking = product_view.columns(shown, page.notes, page.say)
        page.parts += [table, page.say("compared")]
        page.parts += [page.say("untold", fields=page.say.listed(lacking))] if lacking else []
    if len(shown) < len(found):
        page.parts.append(page.say("private_kept") + page.mark(page.say.told.rules[Rule.NOT_QUALIFIED]))
    page.titled("must", _what_must_be_said(shown, page))
    refused = tuple(Refused(one, (Rule.NOT_QUALIFIED,)) for one in found if one not in shown)
    return _guided(command.need, "compare", tuple(one.name for one in shown), refused, page)


def _checked(command: CheckSale, page: _Page) -> Guided:
    """Each product: may it be sold to this customer, why not, and what it takes."""
    need = command.need
    _echo(SalesNeed(need.facts), page)
    found = [one for name in command.checked if (one := page.products.named(name))]
    of_customer = is_about_customer(need.facts)
    judged = [(one, refusals(need.facts, one, page.day, of_customer=of_customer)) for one in found]
    refused = tuple(Refused(one, rules) for one, rules in judged if rules)
    for product in found:
        rules = next((one.rules for one in refused if one.product == product), ())
        page.parts.append(_verdict(product, rules, need, page))
    sold = [one for one in found if one not in [two.product for two in refused]]
    page.titled("must", _what_must_be_said(sold, page))
    return _guided(
        need,
        "check",
        tuple(one.name for one in sold),
        refused,
        page,
        _next(SaleChoice((), (), refused), need, page.say),
    )


def _verdict(product: Product, rules: Sequence[Rule], need: SalesNeed, page: _Page) -> str:
    say = page.say
    if Rule.NOT_QUALIFIED in rules:
        rules = (Rule.NOT_QUALIFIED,)
    if rules:
        lines = [_reason(rule, product, need.facts, page) for rule in rules]
        return "\n".join(
            [
                say("may_not" if is_about_customer(need.facts) else "not_on_sale", product=product.name),
                "",
                *(f"- {line}" for line in lines),
            ]
        )
    table = product_view.rows([product], page.notes, say)
    lines = list(_what_it_takes(need.facts, [product], page))
    head = say(_may(product, need), product=product.name)
    return "\n".join([head, "", table, "", *(f"- {line}" for line in lines)])


def _may(product: Product, need: SalesNeed) -> str:
    if not is_about_customer(need.facts):
        return "on_sale"
    return "may" if need.facts.ages and (need.facts.level or product.level is None) else "may_if_known"


def _reason(rule: Rule, product: Product, facts: CustomerFacts, page: _Page) -> str:
    sentence = page.say.told.rules[rule]
    reason = page.say.of(sentence, level=facts.level)
    if rule is Rule.NOT_QUALIFIED:
        return reason + page.mark(sentence)
    told = _value(product, sentence.field, page)
    return (page.say("told", product=reason, value=told) if told else reason) + page.mark(sentence)


def _guided(
    need: SalesNeed,
    form: Literal["recommend", "compare", "check"],
    offered: tuple[str, ...],
    refused: Sequence[Refused],
    page: _Page,
    following: tuple[str, ...] = (),
) -> Guided:
    left_out = tuple(LeftOut(one.product.name, one.rules) for one in refused)
    event = SaleGuided(need, form, offered, left_out, page.notes.passages)
    return Guided("\n\n".join(page.parts), page.notes.citations, following, event)
