"""A bank with its desk: what guided tasks ask of the desk is answered from its rules, all else by core banking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from assistant import business_hours, customer_card
from assistant.bank import Bank, Result
from assistant.desk_rules import GENERAL, DeskRules
from assistant.slot_wording import names, shown


class BankWithDesk:
    """The port to core banking, and three queries that are the desk's own."""

    def __init__(self, bank: Bank, rules: DeskRules, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._bank = bank
        self._rules = rules
        self._now = now
        self.own: Mapping[str, Callable[[str, Mapping[str, str], str], Result]] = {
            "call_back_times": self._times,
            "call_back_time": self._time,
            "number_on_file": self._number,
        }

    def query(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Reads something, of the desk or of core banking."""
        own = self.own.get(name)
        return own(customer, inputs, locale) if own else self._bank.query(name, customer, inputs, locale)

    def prepare(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Core banking's."""
        return self._bank.prepare(name, customer, inputs, locale)

    def commit(self, operation: str, key: str) -> Result:
        """Core banking's."""
        return self._bank.commit(operation, key)

    def look_up(self, operation: str) -> Result | None:
        """Core banking's."""
        return self._bank.look_up(operation)

    def send_code(self, customer: str, purpose: str, phone: str | None, locale: str) -> Result:
        """Core banking's."""
        return self._bank.send_code(customer, purpose, phone, locale)

    def check_code(self, customer: str, purpose: str, code: str) -> Result:
        """Core banking's."""
        return self._bank.check_code(customer, purpose, code)

    def _times(self, _customer: str, _inputs: Mapping[str, str], locale: str) -> Result:
        """The half hours to choose from; each item's id is the time, ISO 8601 by the desk's clock."""
        timetable, calendar = self._rules.timetable(GENERAL), self._rules.calendar
        times = business_hours.call_back_times(timetable, calendar, self._now())
        if not times:
            return Result("none", {})
        today = self._now().astimezone(calendar.zone).date()
        items = tuple({"id": at.isoformat(), "label": _label(at, (at.date() - today).days, locale)} for at in times)
        return Result("open", {"times": items})

    def _time(self, _customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        at = datetime.fromisoformat(inputs["time"])
        return Result("ahead", {"when": _shown("moment", at, locale)}) if at > self._now() else Result("past", {})

    def _number(self, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """The number is told covered, and not at all while core banking is away; it is there all the same."""
        if not customer or "phone" in inputs:
            return Result("none", {})
        card = customer_card.read(self._bank, customer, locale)
        return Result("on_file", {"phone": shown("phone_on_file", locale, phone=card.phone if card else "").strip()})


def _label(at: datetime, days: int, locale: str) -> str:
    return _shown({0: "moment_today", 1: "moment_tomorrow"}.get(days, "moment"), at, locale)


def _shown(form: str, at: datetime, locale: str) -> str:
    month, weekday = names("months", locale)[at.month - 1], names("weekdays", locale)[at.weekday()]
    return shown(form, locale, month=month, day=at.day, weekday=weekday, clock=f"{at:%H:%M}")
