"""Who may apply for which credit card; as knowledge_base/documents/cards/信用卡章程与通用规则.md says."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from sqlalchemy import Connection

from assistant.demo_bank import card_applications, cards, credit_card
from assistant.demo_bank.credit_card import CreditCard
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import BadInput

YOUNGEST, OLDEST = 18, 65
MOST_CARDS = 5
_HELD = frozenset({"normal", "not_activated", "frozen", "lost"})
_UNDER_WAY = frozenset({"submitted", "reviewing", "awaiting_confirmation"})
STUDENT = "student"


def obstacle(connection: Connection, customer: Customer, card: CreditCard) -> str | None:
    """Why this customer cannot apply for this card, whatever the form says."""
    if not YOUNGEST <= customer.age <= OLDEST:
        return "age"
    if not card.ages[0] <= customer.age <= card.ages[1]:
        return "age_of_card"
    if len(_held(connection, customer)) >= MOST_CARDS:
        return "too_many"
    return "in_progress" if _under_way(connection, customer, card) else None


def earns_too_little(card: CreditCard, income: str) -> bool:
    """Whether an annual income in yuan is below what the card asks for."""
    try:
        return Decimal(income) < card.income
    except InvalidOperation as error:
        raise BadInput("The input 'annual_income' is no amount.") from error


def product(id_: str) -> CreditCard:
    """The card that an input names."""
    card = credit_card.by_id(id_)
    if card is None:
        raise BadInput("The input 'card' is no credit card of the bank's.")
    return card


def _held(connection: Connection, customer: Customer) -> list[cards.Row]:
    own = cards.of(connection, customer)
    held = [card for card in own if card["kind"] == "credit" and card["status"] in _HELD]
    return [card for card in held if not (card["status"] == "lost" and cards.is_replaced(card, own))]


def _under_way(connection: Connection, customer: Customer, card: CreditCard) -> bool:
    own = card_applications.of(connection, customer)
    return any(one["product"] == card.name and card_applications.status(one, customer) in _UNDER_WAY for one in own)
