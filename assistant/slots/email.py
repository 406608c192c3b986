"""An e-mail address."""

from __future__ import annotations

import re
import unicodedata

from assistant.slot import Asked, Filled, Found, Rejected

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9._%+@-])([A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*)@((?:{_LABEL}\.)+[A-Za-z]{{2,24}})(?![A-Za-z0-9@-])"
)


def find(text: str, asked: Asked) -> Found:
    """The one address in a message."""
    text = re.sub(r"\s*@\s*", "@", unicodedata.normalize("NFKC", text))
    addresses = {f"{local}@{domain.lower()}" for local, domain in _ADDRESS.findall(text)}
    if len(addresses) == 1:
        address = addresses.pop()
        return Filled(address, f"{address[0]}***@{address.partition('@')[2]}")
    if not asked.open:
        return None
    if addresses:
        return Rejected("several")
    return Rejected("format") if "@" in text or re.fullmatch(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9-]+)+", text) else None
