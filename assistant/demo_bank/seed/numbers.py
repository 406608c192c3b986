"""Numbers that are valid in form and belong to nobody: their issuers and regions do not exist."""

from __future__ import annotations

from datetime import date

_ISSUER = "629900"
_REGION = "990101"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def bank_number(customer: str, index: int, length: int) -> str:
    """An account's or card's number, with its Luhn digit; each index of a customer gives another one."""
    mixed = int(customer[1:]) * 7_919 + index * 104_729
    body = f"{_ISSUER}{mixed:0{length - 7}d}"
    return body + _luhn(body)


def resident_id(born: date, female: bool, index: int) -> str:
    """A number of 18 places: region, birth date, sequence (even for women), and what the standard checks."""
    body = f"{_REGION}{born:%Y%m%d}{2 * (index % 450) + (0 if female else 1):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _luhn(body: str) -> str:
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
