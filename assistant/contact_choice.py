"""Whether a customer's privacy choices let the bank make contact about what they left unfinished."""

from __future__ import annotations

from assistant import lead_text
from assistant.bank import Bank

_RECORD = "zh-CN"


def allows(bank: Bank, customer: str) -> bool:
    """Whether every choice that this needs is said to be on at this moment; raises BankUnavailable."""
    return turned_on(bank, customer).issuperset(lead_text.load().must_be_on)


def turned_on(bank: Bank, customer: str) -> frozenset[str]:
    """The privacy choices that the bank says are on at this moment; raises BankUnavailable."""
    result = bank.query("privacy_overview", customer, {}, _RECORD)
    choices = result.values.get("choices", ())
    return (
        frozenset() if isinstance(choices, str) else frozenset(one["id"] for one in choices if one.get("set") == "on")
    )
