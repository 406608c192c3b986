"""The credit cards that meet a wish: a need such as travel, a card's own name, or none in particular."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import credit_card, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.credit_card import CreditCard
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer, BadInput


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The best first; for no need in particular those whose age and income the customer meets."""
    del connection
    wish = given.text(inputs, "wish")
    named = credit_card.by_id(wish) or _only(wish)
    if named:
        return Answer("one", {"cards": [item(named, locale)], "card": named.id})
    found = _fitting(customer) if wish == "recommend" else _for(wish)
    if not found:
        raise BadInput("The input 'wish' is no need and no card.")
    return Answer("several", {"cards": [item(card, locale) for card in found]})


def item(card: CreditCard, locale: str) -> dict[str, str]:
    """A card to choose, with what it costs, gives and asks for."""
    youngest, oldest = card.ages
    income, more = shown.money(card.income * 100, locale), card.told("needs", locale)
    asks = shown.choose(
        locale,
        f"{youngest}至{oldest}周岁，年收入{income}以上",
        f"age {youngest} to {oldest}, income from {income} a year",
    )
    if more:
        asks += shown.choose(locale, f"，{more}", f", {more}")
    told = {"id": card.id, "label": card.label(locale), "also": "|".join(card.about["also"])}
    return told | {"fee": card.fee(locale), "benefit": card.told("benefit", locale), "asks": asks}


def _for(need: str) -> list[CreditCard]:
    """The cards for a need, by the place that it has among a card's needs."""
    meant = [card for card in credit_card.all_cards() if need in card.about["for"]]
    return sorted(meant, key=lambda card: card.about["for"].index(need))


def _only(need: str) -> CreditCard | None:
    found = _for(need)
    return found[0] if len(found) == 1 else None


def _fitting(customer: Customer) -> list[CreditCard]:
    """All cards that ask for no more than the bank knows of the customer; all of them where it knows too little."""
    income = (customer.record["annual_income_fen"] or 0) // 100
    cards = credit_card.all_cards()
    fitting = [card for card in cards if card.income <= income and card.ages[0] <= customer.age <= card.ages[1]]
    return sorted(fitting, key=lambda card: -card.income)[:4] or list(cards)
