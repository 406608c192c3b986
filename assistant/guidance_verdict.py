"""Products looked at by name: side by side, or whether this customer may be sold them and what that takes."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import product_view
from assistant.command import CheckSale, CompareProducts
from assistant.guidance_page import (
    Guided,
    Page,
    echo,
    following,
    guarded,
    guided,
    reason,
    unknown,
    what_it_takes,
    what_must_be_said,
)
from assistant.product import Product
from assistant.sale_choice import Refused, SaleChoice, is_about_customer
from assistant.sales_need import SalesNeed
from assistant.suitability import Condition, Rule, conditions, refusals


def compared(command: CompareProducts, page: Page) -> Guided:
    """Products side by side; a private one only for who is a qualified investor."""
    found = [one for name in command.compared if (one := page.products.named(name))]
    shown = [one for one in found if not one.is_private or command.need.facts.qualified]
    if shown:
        table, lacking = product_view.columns(shown, page.notes, page.say)
        page.parts += [guarded(table, shown, page), page.say("compared")]
        page.parts += [page.say("untold", fields=page.say.listed(lacking))] if lacking else []
    if len(shown) < len(found):
        page.parts.append(page.say("private_kept") + page.mark(page.say.told.rules[Rule.NOT_QUALIFIED]))
    page.titled("must", what_must_be_said(shown, page))
    refused = tuple(Refused(one, (Rule.NOT_QUALIFIED,)) for one in found if one not in shown)
    return guided(command.need, "compare", tuple(one.name for one in shown), refused, page)


def checked(command: CheckSale, page: Page) -> Guided:
    """Each product: may it be sold to this customer, why not, and what it takes."""
    need = command.need
    echo(SalesNeed(need.facts), page)
    found = [one for name in command.checked if (one := page.products.named(name))]
    of_customer = is_about_customer(need.facts)
    judged = [(one, refusals(need.facts, one, page.day, of_customer=of_customer)) for one in found]
    refused = tuple(Refused(one, rules) for one, rules in judged if rules)
    for product in found:
        rules = next((one.rules for one in refused if one.product == product), ())
        page.parts.append(_verdict(product, rules, need, page))
    sold = [one for one in found if one not in [two.product for two in refused]]
    page.titled("must", what_must_be_said(sold, page))
    return guided(
        need,
        "check",
        tuple(one.name for one in sold),
        refused,
        page,
        following(SaleChoice((), (), refused), need, page.say),
    )


def _verdict(product: Product, rules: Sequence[Rule], need: SalesNeed, page: Page) -> str:
    say = page.say
    if Rule.NOT_QUALIFIED in rules:
        rules = (Rule.NOT_QUALIFIED,)
    if rules:
        lines = [reason(rule, product, need.facts, page) for rule in rules]
        return "\n".join(
            [
                say("may_not" if is_about_customer(need.facts) else "not_on_sale", product=product.name),
                "",
                *(f"- {line}" for line in lines),
            ]
        )
    table = guarded(product_view.rows([product], page.notes, say), [product], page)
    lines = [say(f"ask_{name}") for name in unknown(SaleChoice((product,), (), ()), need) if name == "age"]
    lines += what_it_takes(need.facts, [product], page)
    head = say(_may(product, need), product=product.name)
    return "\n".join([head, "", table, "", *(f"- {line}" for line in lines)])


def _may(product: Product, need: SalesNeed) -> str:
    if not is_about_customer(need.facts):
        return "on_sale"
    if need.facts.ages and Condition.REVIEWED in conditions(need.facts, product):
        return "may_reviewed"
    return "may" if need.facts.ages and (need.facts.level or product.level is None) else "may_if_known"
