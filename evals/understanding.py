"""Whether the task that a message wishes is told, and how often one that changes something is started wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from assistant import alarm, bootstrap, task_examples
from assistant.alarm import Kind
from assistant.settings import load
from assistant.task_classifier import Clarify, Decision, Nothing, Offer, Start, TaskClassifier, decide
from assistant.task_examples import READ_ONLY
from evals import open_data
from evals.report import Case, Score, SuiteResult, exact, mean

_HELD_OUT = Path(__file__).parent / "suites" / "understanding.yaml"
_NONE = task_examples.NONE
_ALARM = "alarm"
_FOLDS = 5
_SEED = 20261122

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
class _Message:
    text: str
    label: str
    right: frozenset[str]


@dataclass(frozen=True)
class _Outcome:
    """What became of a message: a task, an alarm, or none; `best` is the likeliest where nothing was started."""

    decision: Decision
    best: str
    alarm: Kind | None = None

    @property
    def started(self) -> str | None:
        return self.decision.flow if isinstance(self.decision, Start) else None

    def is_right(self, right: frozenset[str]) -> bool:
        """The likeliest of all is right; an alarm counts where the label calls for one, or nothing else was wished."""
        return self.best in right or (self.alarm is Kind.HUMAN and _ALARM in right)

    def is_wrong_start(self, right: frozenset[str]) -> bool:
        return self.started is not None and self.started not in READ_ONLY and self.started not in right


def run() -> SuiteResult:
    """Each open set, a cross-validation over our own examples, and the held-out messages."""
    bootstrap.go_offline()
    settings = load()
    embedder = bootstrap.build_embedder(settings)
    classifier = TaskClassifier(embedder, task_examples.load(), settings.models_dir)
    scores: dict[str, Score] = {}
    misses: list[Case] = []
    count = 0
    for name, messages in _sets():
        outcomes = [outcome(classifier, message.text) for message in messages]
        scores |= _scores(name, messages, outcomes)
        misses += [
            Case(name, message.text, message.label, str(found.started))
            for message, found in zip(messages, outcomes, strict=True)
            if found.is_wrong_start(message.right)
        ]
        count += len(messages)
    scores |= _cross_validated(classifier)
    held_out, missed = _held_out(classifier)
    note = None if open_data.present() else "the open question sets are not here; own examples and held-out only"
    return SuiteResult("understanding", count, count, scores | held_out, misses + missed, note)


def outcome(classifier: TaskClassifier, text: str) -> _Outcome:
    """What rules and classifier make of a message, alarms first."""
    raised = alarm.find(text)
    if raised is not None:
        flow = {Kind.LOST_CARD: _LOST, Kind.COMPLAINT: "file_complaint"}.get(raised.kind)
        return _Outcome(Start(flow), flow, raised.kind) if flow else _Outcome(Nothing(), _ALARM, raised.kind)
    ranking = classifier.classify(text)
    best = ranking.best.flow if ranking.best.probability > ranking.none else _NONE
    return _Outcome(decide(ranking), best)


def _sets() -> Iterator[tuple[str, list[_Message]]]:
    if not open_data.present():
        return
    yield "banking77", [_message(row["text"], row["label"], _BANKING77) for row in open_data._rows("banking77")]
    yield "clinc150", [_message(row["text"], row["intent"], _CLINC) for row in open_data._rows("clinc150")]
    yield "nlupp", [_joint(row["text"], row["intents"], _nlupp) for row in open_data._rows("nlupp_banking")]
    yield "far zh", [_Message(row["query"], "far", frozenset({_NONE})) for row in open_data._rows("out_of_scope_zh")]
    yield "multidogo", [_joint(row["text"], row["intent"], _multidogo) for row in open_data._rows("multidogo_finance")]
    turns = (turn for row in open_data._rows("sgd_banks") for turn in row["turns"] if turn["speaker"] == "USER")
    yield "sgd banks", [_message(turn["text"], turn["intent"], {}) for turn in turns]


def _message(text: str, label: str, mapping: dict[str, set[str]]) -> _Message:
    return _Message(text, label, frozenset(mapping.get(label, {_NONE})))


def _joint(text: str, labels: Sequence[str], mapping: Callable[[set[str]], set[str]]) -> _Message:
    return _Message(text, "+".join(labels), frozenset(mapping(set(labels))))


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


def _scores(name: str, messages: Sequence[_Message], outcomes: Sequence[_Outcome]) -> dict[str, Score]:
    pairs = list(zip(messages, outcomes, strict=True))
    wishes = [found.started in message.right for message, found in pairs if _NONE not in message.right]
    return {
        f"{name} accuracy": mean([found.is_right(message.right) for message, found in pairs]),
        f"{name} clarified": mean([isinstance(found.decision, Clarify) for _, found in pairs]),
        f"{name} wrong starts": mean([found.is_wrong_start(message.right) for message, found in pairs]),
    } | ({f"{name} wishes started": mean(wishes)} if wishes else {})


def _cross_validated(classifier: TaskClassifier) -> dict[str, Score]:
    """Our own examples, each judged by a model that has not seen its fold."""
    messages = classifier.examples.messages
    folds = np.random.default_rng(_SEED).integers(0, _FOLDS, len(messages))
    rankings = classifier.cross_validate(folds)
    decisions = [decide(ranking) for ranking in rankings]
    pairs = list(zip(messages, decisions, strict=True))
    bests = [ranking.best.flow if ranking.best.probability > ranking.none else _NONE for ranking in rankings]
    sure = [max(ranking.none, ranking.best.probability) for ranking in rankings]
    hits = [best == example.flow for best, example in zip(bests, messages, strict=True)]
    wishes = [isinstance(made, Start) and made.flow == example.flow for example, made in pairs if _wish(example)]
    asked = [isinstance(made, Start) and made.flow not in READ_ONLY for example, made in pairs if example.question]
    wrong = [isinstance(made, Start) and made.flow not in READ_ONLY | {example.flow} for example, made in pairs]
    return {
        "own examples accuracy": mean(hits),
        "own examples wishes started": mean(wishes),
        "own examples questions started": mean(asked),
        "own examples wrong starts": mean(wrong),
        "own examples calibration error": exact(_calibration_error(np.array(sure), np.array(hits))),
    }


def _wish(example: task_examples.Example) -> bool:
    return example.flow != _NONE and not example.question


def _calibration_error(sure: np.ndarray, hits: np.ndarray) -> float:
    """How far the share that is right lies from the probability given, over ten bins of it."""
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == at].mean() - hits[bins == at].mean()) * (bins == at).mean() for at in np.unique(bins)]
    return float(sum(gaps))


def _held_out(classifier: TaskClassifier) -> tuple[dict[str, Score], list[Case]]:
    """Messages written after the classifier was fixed; `expect` names what is right."""
    cases = yaml.safe_load(_HELD_OUT.read_text(encoding="utf-8"))["messages"]
    outcomes = [outcome(classifier, case["text"]) for case in cases]
    right = [_meets(found, case["expect"]) for case, found in zip(cases, outcomes, strict=True)]
    wrong = [found.is_wrong_start(_startable(case["expect"])) for case, found in zip(cases, outcomes, strict=True)]
    misses = [
        Case("held out", case["text"], case["expect"], repr(found.decision))
        for case, found, good in zip(cases, outcomes, right, strict=True)
        if not good
    ]
    clarified = [isinstance(found.decision, Clarify) for found in outcomes]
    named = {"held out right": right, "held out clarified": clarified, "held out wrong starts": wrong}
    return {name: mean(values) for name, values in named.items()}, misses


def _startable(expected: str) -> frozenset[str]:
    return frozenset({expected.removeprefix("clarify:")})


def _meets(found: _Outcome, expected: str) -> bool:
    """A question may be answered without the offer; where a question back is fine, so is the start."""
    wanted, _, flow = expected.rpartition(":")
    if wanted == "question":
        return not isinstance(found.decision, Start | Clarify) and getattr(found.decision, "flow", flow) == flow
    if wanted == "clarify":
        return found.started == flow or (isinstance(found.decision, Clarify) and flow in found.decision.flows)
    if wanted == _ALARM:
        return found.alarm is not None and found.alarm.value == flow
    if expected == _NONE:
        return isinstance(found.decision, Nothing | Offer) and found.alarm is None
    return found.started == expected
