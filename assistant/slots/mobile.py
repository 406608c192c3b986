"""A mainland mobile number: 138 1234 5678, +86-13812345678, 幺三八…"""

from __future__ import annotations

import re

import phonenumbers

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import fold

_MOBILE = re.compile(
    r"(?<![0-9a-z.+])(?:(?:\+|00)?86[ -]{0,2})?(1[0-9]{2}(?:[ -]?[0-9]{4}){2})(?![0-9a-z@]|[ -][0-9]{4}(?![0-9]))"
)
_ABROAD = re.compile(r"(?<![0-9])(?:\+|00)(?!86)[1-9][0-9](?:[ -]?[0-9]){5,13}(?![0-9])")
_LANDLINE = re.compile(
    r"(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[ -]{0,2}[2-9][0-9]{2,3}[ -]?[0-9]{4}(?![0-9])|(?<![0-9])[48]00(?:-?[0-9]){7}(?![0-9])"
)
_NO_ATTEMPT = re.compile(r"20[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}|[0-9,.]+ ?(?:元|块|万|圆|yuan|rmb)")
_BARE = re.compile(r"[0-9 +-]+")
_MAINLAND = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")
_FEWEST, _MOST = 7, 15


def find(text: str, asked: Asked) -> Found:
    """A mobile number that stands as one; attempts at one are judged only when it was asked for."""
    text = numeral.spelled(fold(text))
    numbers = {re.sub("[ -]", "", found) for found in _MOBILE.findall(text)}
    mobiles = sorted(filter(_is_mobile, numbers))
    if len(mobiles) == 1:
        return Filled(mobiles[0], f"{mobiles[0][:3]}****{mobiles[0][-4:]}")
    if not asked.open:
        return None
    return Rejected("several") if mobiles else _attempt(text)


def _is_mobile(number: str) -> bool:
    parsed = phonenumbers.PhoneNumber(country_code=86, national_number=int(number))
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE


def _attempt(text: str) -> Found:
    if _ABROAD.search(text):
        return Rejected("foreign")
    if _LANDLINE.search(text):
        return Rejected("not_mobile")
    fewest = 5 if _BARE.fullmatch(text) else _FEWEST
    found = [_MAINLAND.sub("", run) for run in numeral.runs(_NO_ATTEMPT.sub(" , ", text))]
    attempts = [run for run in found if fewest <= len(run) <= _MOST]
    if not attempts:
        return None
    return _judged(attempts[0])


def _judged(number: str) -> Found:
    if len(number) != 11:
        return Rejected("length")
    return Filled(number, f"{number[:3]}****{number[-4:]}") if _is_mobile(number) else Rejected("not_mobile")
