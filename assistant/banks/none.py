"""No core banking: every task that needs it says so and offers a person."""

from __future__ import annotations

from typing import NoReturn

from assistant.bank import BankUnavailable


class NoBank:
    """Stands where TELLER_BANK_URL is not set and the demo is off."""

    def query(self, *_: object) -> NoReturn:
        """Raises BankUnavailable."""
        raise BankUnavailable("no core banking is connected; set TELLER_BANK_URL")

    prepare = commit = look_up = send_code = check_code = query
