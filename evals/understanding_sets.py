"""The open question sets with what is right for each of their labels, where the sets are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant import task_examples
from evals import open_data

ALARM = "alarm"
_NONE = task_examples.NONE
_ALARM = ALARM
_LOST, _PIN, _STATUS, _SPENT = (
    "report_lost_card",
    "reset_card_password",
    "card_application_status",
    "query_transactions",
)
_UNRECOGNISED = {_NONE, _ALARM, _SPENT, _LOST}
# Labels that are not here are none of our tasks. Where a label leaves open what is wished, each of the set is right.
_BANKING77: dict[str, set[str]] = {
    "lost_or_stolen_card": {_LOST},
    "compromised_card": {_NONE, _ALARM, _LOST},  # some say that the card is gone, some that it is misused
    "change_pin": {_PIN, _NONE},  # mostly how and where, at times a wish
    "pin_blocked": {_PIN, _NONE},
    "passcode_forgotten": {_PIN, _NONE},  # the app's passcode, which we have no task for, or the card's
    "card_arrival": {_STATUS, _NONE},  # a card on its way is the last step of our application task
    "card_delivery_estimate": {_STATUS, _NONE},
    "card_linking": {_NONE, "lift_lost_report", "bind_quick_pay"},  # a found card, put back into the app
    "apple_pay_or_google_pay": {_NONE, "bind_quick_pay"},
    "edit_personal_details": {_NONE, "change_phone"},
    "card_payment_not_recognised": _UNRECOGNISED,  # some add that the card was stolen
    "cash_withdrawal_not_recognised": _UNRECOGNISED,
    "direct_debit_payment_not_recognised": _UNRECOGNISED,
    "transaction_charged_twice": {_NONE, _ALARM, _SPENT},
    "extra_charge_on_statement": {_NONE, _ALARM, _SPENT},
    "card_payment_fee_charged": {_NONE, _ALARM},
    "request_refund": {_NONE, _ALARM},
    "wrong_exchange_rate_for_cash_withdrawal": {_NONE, _ALARM},
    "card_payment_wrong_exchange_rate": {_NONE, _ALARM},
    "lost_or_stolen_phone": {_NONE, _ALARM},
}  # fmt: skip
_CLINC: dict[str, set[str]] = {
    "report_lost_card": {_LOST},
    "transactions": {_SPENT},
    "spending_history": {_SPENT},
    "pin_change": {_PIN},
    "application_status": {_STATUS},
    "new_card": {"apply_credit_card"},
    "report_fraud": {_NONE, _ALARM},
    "freeze_account": {_NONE, _LOST},  # a hold is asked for, at times because the card is gone
}


@dataclass(frozen=True)
class Message:
    """A message with its label, and what of our tasks, alarms or none is right for it."""

    text: str
    label: str
    right: frozenset[str]


def sets() -> Iterator[tuple[str, list[Message]]]:
    """Each open set by name."""
    if not open_data.present():
        return
    yield "banking77", [_message(row["text"], row["label"], _BANKING77) for row in open_data.rows("banking77")]
    yield "clinc150", [_message(row["text"], row["intent"], _CLINC) for row in open_data.rows("clinc150")]
    yield "nlupp", [_joint(row["text"], row["intents"], _nlupp) for row in open_data.rows("nlupp_banking")]
    yield "far zh", [Message(row["query"], "far", frozenset({_NONE})) for row in open_data.rows("out_of_scope_zh")]
    yield "multidogo", [_joint(row["text"], row["intent"], _multidogo) for row in open_data.rows("multidogo_finance")]
    turns = (turn for row in open_data.rows("sgd_banks") for turn in row["turns"] if turn["speaker"] == "USER")
    yield "sgd banks", [_message(turn["text"], turn["intent"], {}) for turn in turns]


def _message(text: str, label: str, mapping: dict[str, set[str]]) -> Message:
    return Message(text, label, frozenset(mapping.get(label, {_NONE})))


def _joint(text: str, labels: Sequence[str], mapping: Callable[[set[str]], set[str]]) -> Message:
    return Message(text, "+".join(labels), frozenset(mapping(set(labels))))


def _nlupp(labels: set[str]) -> set[str]:
    """Its labels are parts of a meaning; what they come to together is left open where they do not say."""
    if "lost_stolen" in labels:
        return {_LOST} if "card" in labels and not labels & {"arrival", "cheque"} else {_LOST, _NONE}
    opening = "make_open_apply_setup_get_activate" in labels
    if "appointment" in labels:
        asks = labels & {"request_info", "how", "when"}
        return {"book_branch_visit"} if opening and not asks else {"book_branch_visit", _NONE}
    parts: list[tuple[set[str], set[str]]] = [
        ({"pin"}, {_PIN, _NONE}),
        ({"handoff"}, {_NONE, _ALARM, "file_complaint"}),
        ({"arrival", "card"}, {_NONE, _STATUS}),
        ({"card", "credit"}, {_NONE, "apply_credit_card"} if opening else {_NONE}),
        ({"transfer_payment_deposit"}, {_NONE, _ALARM, _SPENT}),
        ({"how_much"}, {_NONE, _SPENT}),
        ({"wrong_notworking_notshowing"}, {_NONE, _ALARM}),
        ({"refund"}, {_NONE, _ALARM}),
    ]
    return next((right for wanted, right in parts if wanted <= labels), {_NONE})


def _multidogo(labels: set[str]) -> set[str]:
    if "disputecharge" in labels:
        return {_NONE, _ALARM, _SPENT, "file_complaint"}
    if "reportlostcard" in labels:
        return {_LOST} if labels == {"reportlostcard"} else {_LOST, _NONE}
    return {_NONE, _ALARM} if "outofdomain" in labels else {_NONE}
