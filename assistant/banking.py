"""The bank's part of guided tasks: calls, one-time codes, and finding out how a commit ended before anything is said."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from datetime import date, timedelta

from assistant.bank import Bank, BankUnavailable, Items, Result, ResultUnknown, Value
from assistant.errand import Errand
from assistant.event import IdentityVerified
from assistant.flow import Flow
from assistant.flow_event import CallEnded, CallFailed, CallStarted, CodeChecked, CodeSent
from assistant.flow_runner import NeedCall
from assistant.frame import Frame
from assistant.part import Slot
from assistant.question import IDENTITY
from assistant.slot import Asked, Filled, kinds
from assistant.step import Call, Identity

log = logging.getLogger(__name__)
_CHOSEN = ("choice", "branch", "moment")
_PROOF_LASTS = timedelta(minutes=15)
_PAUSES = (0.2, 0.8, 2.0)
_LONGEST_SECONDS = 5


class Banking:
    """Does at the bank what the open task needs; an outage becomes an event, and the task waits where it stands."""

    def __init__(self, flows: Mapping[str, Flow], bank: Bank) -> None:
        self._flows = flows
        self._bank = bank

    def call(self, need: NeedCall, errand: Errand) -> None:
        """Calls an action and takes the step that its outcome leads to."""
        frame = errand.frame
        try:
            result = self._result(need, errand)
        except BankUnavailable as error:
            errand.happen(CallFailed(frame.id, need.action, unknown=False, error=str(error)))
        except ResultUnknown as error:
            errand.happen(CallFailed(frame.id, need.action, unknown=True, error=str(error)))
        else:
            self._ended(need.action, need.phase, result, errand)

    def _result(self, need: NeedCall, errand: Errand) -> Result:
        frame, locale = errand.frame, errand.state.locale
        # Once a sign-in has lapsed, whoever is there now is told nothing of that customer.
        known = errand.state.identity(errand.now) > Identity.ANONYMOUS
        customer = (errand.state.customer or "") if known else ""
        inputs = {name: value for name in frame.slots if (value := frame.value(name)) is not None}
        if need.phase == "commit":
            return self._commit(need.action, errand)
        if need.phase == "prepare":
            return self._bank.prepare(need.action, customer, inputs, locale)
        return self._bank.query(need.action, customer, inputs, locale)

    def _commit(self, action: str, errand: Errand) -> Result:
        """Commits what is held ready; that it is about to be is stored first, so that nothing is done and then forgotten."""
        frame = errand.frame
        operation = frame.operation
        if operation is None:  # what was held ready no longer stands: the flow prepares again and asks again
            return Result("not_done", {})
        errand.happen(CallStarted(frame.id, action, operation))
        errand.store()
        try:
            return self._bank.commit(operation, _key(frame))
        except ResultUnknown:
            return self._found_out(frame, _PAUSES)

    def settle(self, errand: Errand, *, resend: bool) -> bool:
        """Finds out how a commit ended whose answer was never heard; whether it is known now."""
        frame = errand.frame
        step = self._flows[frame.flow].steps[frame.step]
        action = step.action if isinstance(step, Call) else frame.step
        try:
            result = self._found_out(frame, (0.0,), resend=resend)
        except ResultUnknown as error:
            errand.happen(CallFailed(frame.id, action, unknown=True, error=str(error)))
            return False
        self._ended(action, "commit", result, errand)
        return True

    def _found_out(self, frame: Frame, pauses: tuple[float, ...], *, resend: bool = True) -> Result:
        """How a commit ended; to `resend` is to send one that the bank never saw again with its key, which does it only once."""
        operation, lost, end = frame.operation or "", "", time.monotonic() + _LONGEST_SECONDS
        for pause in pauses:
            time.sleep(pause)
            if lost and time.monotonic() > end:
                break
            try:
                found = self._bank.look_up(operation)
                if found or resend:
                    return found or self._bank.commit(operation, _key(frame))
                lost = "the bank has not seen the commit"
            except (ResultUnknown, BankUnavailable) as error:
                lost = str(error)
        raise ResultUnknown(lost)

    def _ended(self, action: str, phase: str, result: Result, errand: Errand) -> None:
        """Takes the step that the outcome leads to; a bank that answers what it may not is treated as one that is out."""
        frame = errand.frame
        flow = self._flows[frame.flow]
        leads = flow.steps[frame.step].next
        if isinstance(leads, Mapping) and result.outcome not in leads:
            error = f"{action} ended in {result.outcome}, which is not among its outcomes"
            log.error(error)
            errand.happen(CallFailed(frame.id, action, unknown=phase == "commit", error=error))
            return
        values = _filled(result.values, flow.slots, errand.state.locale, errand.now.astimezone().date())
        errand.happen(CallEnded(frame.id, action, phase, result.outcome, values, result.operation))
        errand.take(flow, result.outcome)

    def send_code(self, target: str, errand: Errand) -> None:
        """Sends a one-time code to the number in the slot `target`, or to the registered one."""
        frame, state = errand.frame, errand.state
        phone = None if target == IDENTITY else frame.value(target)
        try:
            result = self._bank.send_code(state.customer or "", _purpose(frame, target), phone, state.locale)
        except BankUnavailable as error:
            errand.happen(CallFailed(frame.id, "send_code", unknown=False, error=str(error)))
            return
        if result.outcome == "locked":
            errand.happen(CodeChecked(frame.id, target, "locked"))
            return
        if result.outcome == "too_soon":
            errand.said.append(errand.words.code_too_soon.format_map(result.values))
        errand.happen(CodeSent(frame.id, target, str(result.values["phone"])))

    def check_code(self, code: str, errand: Errand) -> None:
        """Checks a one-time code; a right one proves its target."""
        frame, words = errand.frame, errand.words
        if frame.code is None:
            return
        target = frame.code.target
        try:
            result = self._bank.check_code(errand.state.customer or "", _purpose(frame, target), code)
        except BankUnavailable as error:
            errand.happen(CallFailed(frame.id, "check_code", unknown=False, error=str(error)))
            return
        errand.happen(CodeChecked(frame.id, target, result.outcome))
        # The code is used up at the bank: this turn must not be done again from its beginning.
        errand.store()
        if result.outcome == "right" and target == IDENTITY:
            errand.happen(IdentityVerified((errand.now + _PROOF_LASTS).isoformat()))
        elif result.outcome == "wrong":
            errand.said.append(words.code_wrong.format_map(result.values))
        elif result.outcome == "expired":
            errand.said.append(words.code_expired)


def _key(frame: Frame) -> str:
    return f"{frame.id}:{frame.operation}"


def _purpose(frame: Frame, target: str) -> str:
    """A code that was sent to one number must not prove another."""
    if target == IDENTITY:
        return frame.flow
    return f"{frame.flow}:{target}:{hashlib.sha256((frame.value(target) or '').encode()).hexdigest()[:8]}"


def _filled(
    values: Mapping[str, Value], slots: Mapping[str, Slot], locale: str, today: date
) -> dict[str, Filled | Items]:
    """What the bank said, as the task keeps it: a slot's value is shown as its kind shows it; an empty one is not known."""
    known: dict[str, Filled | Items] = {}
    for name, value in values.items():
        if not isinstance(value, str):
            known[name] = value
        elif value or name not in slots:
            known[name] = _labelled(name, value, values, slots, locale) or _text(name, value, slots, locale, today)
    return known


def _labelled(
    name: str, value: str, values: Mapping[str, Value], slots: Mapping[str, Slot], locale: str
) -> Filled | None:
    """The option with this id: one that the slot declares, or an item of a list that came with it."""
    if name not in slots or slots[name].kind not in _CHOSEN:
        return None
    if value in slots[name].options:
        return Filled(value, slots[name].options[value].label.of("en" if locale.startswith("en") else "zh"))
    items = (item for one in values.values() if not isinstance(one, str) for item in one)
    return next((Filled(value, item["label"]) for item in items if item["id"] == value), None)


def _text(name: str, value: str, slots: Mapping[str, Slot], locale: str, today: date) -> Filled:
    if name in slots:
        found = kinds()[slots[name].kind].find(value, Asked(open=True, today=today, locale=locale))
        if isinstance(found, Filled):
            return found
    return Filled(value, value)
