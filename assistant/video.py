"""The way into the bank's own video call, signed so that the bank can tell that it comes from here."""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

TICKET = "{ticket}"
Side = Literal["customer", "agent"]


class VideoCall:
    """Makes links from the bank's address, in which {ticket} stands for the ticket; without an address there are none."""

    def __init__(self, address: str = "", key: str = "") -> None:
        self._address = address
        self._key = key

    def link(self, ticket: str, side: Side) -> str | None:
        """Where this side joins the call about a ticket.

        `signature` is the HMAC-SHA256 of `ticket:side`, so a customer's link does not become an agent's.
        """
        if not self._address:
            return None
        signature = hmac.new(self._key.encode(), f"{ticket}:{side}".encode(), hashlib.sha256).hexdigest()
        address = self._address.replace(TICKET, ticket)
        return f"{address}{'&' if '?' in address else '?'}side={side}&signature={signature}"
