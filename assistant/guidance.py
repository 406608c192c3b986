"""Guidance of staff on a sale: what fits, why, what to say, what must be said and what is left out, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import assert_never

from assistant import need_text, product_view
from assistant.campaign import Campaign
from assistant.catalogue import Catalogue
from assistant.command import CheckSale, CompareProducts, GuideSale
from assistant.footnotes import Footnotes
from assistant.guidance_page import (
    Guided,
    Page,
    echo,
    following,
    guarded,
    guided,
    left_out,
    names,
    unknown,
    what_it_takes,
    what_must_be_said,
)
from assistant.guidance_text import Phrases, load
from assistant.guidance_verdict import checked, compared
from assistant.product import Kind, Product
from assistant.sale_choice import INSURED, Refused, SaleChoice, choose, is_about_customer
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.source import Sources, first_with
from assistant.talking_point import points, suiting
from knowledge_base.passage import Audience
from knowledge_base.search import Search

Command = GuideSale | CompareProducts | CheckSale


Campaigns = Callable[[str, date], Sequence[Campaign]]
"""The campaigns that run at a branch on a day."""


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
        page = Page(branch, day, say, products, rules, Footnotes(), [])
        match command:
            case GuideSale():
                return self._recommended(command.need, page)
            case CompareProducts():
                return compared(command, page)
            case CheckSale():
                return checked(command, page)
            case _:
                assert_never(command)

    def _recommended(self, need: SalesNeed, page: Page) -> Guided:
        choice = choose(page.products, need, page.day)
        echo(need, page)
        _table(choice, need, page)
        page.titled("why", _why(need.facts, choice.offered, page))
        page.titled("do", what_it_takes(need.facts, choice.offered, page))
        if is_about_customer(need.facts):
            page.titled("say", _what_to_say(choice.offered, page))
        page.titled("must", what_must_be_said(choice.offered, page))
        if choice.offered and is_about_customer(need.facts):
            page.titled("campaigns", self._running(choice, page))
        page.titled("left_out", left_out(need.facts, _without_siblings(choice), page))
        offered = tuple(product.name for product in choice.offered)
        return guided(need, "recommend", offered, choice.refused, page, following(choice, need, page.say))

    def _running(self, choice: SaleChoice, page: Page) -> Iterable[str]:
        running = self._campaigns(page.branch, page.day)
        for one in running:
            told = {"name": one.name, "audience": one.audience, "reward": one.reward}
            mark = page.notes.given(one.citation) if one.citation else ""
            yield page.say("campaign", **told, starts=one.starts, ends=one.ends) + mark
        if running and any(product.kind in INSURED for product in choice.offered):
            rule = page.say.told.campaign_rule
            yield page.say.of(rule) + page.mark(rule)


def _table(choice: SaleChoice, need: SalesNeed, page: Page) -> None:
    """The products that fit, in which order, and what else would fit."""
    say = page.say
    if not choice.offered:
        page.parts.append(say("nothing" if choice.refused else "nothing_found"))
    else:
        table = guarded(product_view.rows(choice.offered, page.notes, say), choice.offered, page)
        page.parts += [say("fits"), table, *_order(need, choice.offered, say)]
    if choice.besides and choice.offered:
        page.parts.append(say("besides", products=names(choice.besides, say)))
    page.parts += [page.say(f"ask_{name}") for name in unknown(choice, need)]


def _order(need: SalesNeed, offered: Sequence[Product], say: Phrases) -> Iterable[str]:
    if need.order:
        yield say("by_wish", wish=say(f"wish_{need.order.value}"))
    elif need.facts.spare_days is None:
        yield say("by_level" if any(product.level for product in offered) else "by_term")
    elif _are_bound_as_told(offered):
        yield say("by_need") if need.facts.spare_days else say("by_day")


def _are_bound_as_told(offered: Sequence[Product]) -> bool:
    """Whether it is known of each how long it binds the money; a term of cover tells nothing of that."""
    return all(product.lock is not None and product.kind is not Kind.INSURANCE for product in offered)


def _why(facts: CustomerFacts, offered: Sequence[Product], page: Page) -> Iterable[str]:
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
    if facts.spare_days is not None and _are_bound_as_told(offered):
        yield say("why_spare" if facts.spare_days else "why_any_day")
    aged = [product for product in offered if product.ages]
    if facts.ages and aged:
        sources = [said.source for product in aged for said in product.fields["age"].statements]
        yield say("why_age", age=need_text.age(facts.ages, say)) + page.notes.mark(*sources)


def _what_to_say(offered: Sequence[Product], page: Page) -> Iterable[str]:
    form = page.say.told.talk
    for point in suiting(list(points(page.rules, form)), offered, page.products, form):
        before = page.say("objection", objection=point.objection) if point.objection else ""
        yield f"{before}“{point.text.strip('“”')}”{page.notes.mark(point.source)}"


def _without_siblings(choice: SaleChoice) -> list[Refused]:
    """What is refused, but for other terms of what fits."""
    fitting = {product.family for product in (*choice.offered, *choice.besides)}
    return [one for one in choice.refused if one.product.family not in fitting]
