"""The port to core banking: queries, operations in two phases, one-time codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.seal import Sealed

Items = tuple[Mapping[str, Sealed], ...]
Value = str | Items


@dataclass(frozen=True)
class Result:
    """How a call ended, and the values that came with it: texts, or lists of items with an `id` and a `label`."""

    outcome: str
    values: Mapping[str, Value]
    operation: str | None = None


class BankUnavailable(Exception):
    """The bank did not answer, and nothing was done."""


class ResultUnknown(Exception):
    """The bank did not say whether the operation was done; look it up before saying anything."""


class Bank(Protocol):
    """What Teller needs of core banking. Every call raises BankUnavailable; texts come in the language of `locale`."""

    def query(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Reads something; never changes anything."""
        ...

    def prepare(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        """Checks an operation and holds it ready; `operation` then is its id. Nothing is changed yet."""
        ...

    def commit(self, operation: str, key: str) -> Result:
        """Does a prepared operation, at most once whatever is sent again; raises ResultUnknown."""
        ...

    def look_up(self, operation: str) -> Result | None:
        """How a commit ended; nothing where the bank has not seen one. Raises ResultUnknown while it is under way."""
        ...

    def send_code(self, customer: str, purpose: str, phone: str | None, locale: str) -> Result:
        """Sends a one-time code to this phone, or to the registered one.

        Ends in `sent` (fills phone, covered; seconds_valid; seconds_to_resend), `too_soon` (phone, seconds_to_resend), where
        the code sent before still holds, or `locked` (minutes).
        """
        ...

    def check_code(self, customer: str, purpose: str, code: str) -> Result:
        """Ends in `right`, `wrong` (attempts_left), `expired` or `locked`; a right code is used up."""
        ...
