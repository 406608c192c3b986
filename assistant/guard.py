"""Checks on the way in and on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from assistant import given_address, given_name
from assistant.wording import Wording
from knowledge_base.passage import Audience, Hit
from knowledge_base.text import clean, fold

# Digits are written [0-9]: \d would take other scripts' digits too.
_RESIDENT_ID = re.compile(r"(?<![0-9])[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9Xx](?![0-9])")
_MOBILE = re.compile(
    r"(?<![0-9])(?:(?:00)?86[ -]*)?1[ -]*[3-9](?:[ -]*[0-9]){9}(?![0-9])|[一幺][三四五六七八九][零\u3007一二三四五六七八九幺两]{9}"
)
_CARD = re.compile(r"(?<![0-9])[2-9](?:[ -]?[0-9]){14,18}(?![0-9])")
# The lookbehind keeps a long run without an @ from being tried from each of its characters.
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WIDE = {ord(character) + 0xFEE0: character for character in "0123456789@+-"}
_DIGIT = re.compile(
    "[0-9零\u3007一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]|\\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\\b",
    re.IGNORECASE,
)
_SPOKEN_DIGIT = "[零\u3007一二三四五六七八九幺两]"
_ENGLISH_DIGIT = r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b"
_SIX_DIGITS = re.compile(r"(?<![0-9.])[0-9](?:[ -]?[0-9]){5}(?![0-9.])")
# Six digits as they are spoken: 七三五 一六四, or seven three five one six four.
_SIX_SPOKEN = re.compile(
    f"(?<!{_SPOKEN_DIGIT}){_SPOKEN_DIGIT}(?:[ ，、-]?{_SPOKEN_DIGIT}){{5}}(?![零\u3007一二三四五六七八九幺两十百千万])|"
    f"(?:{_ENGLISH_DIGIT}[ ,-]*){{6}}",
    re.IGNORECASE,
)
_ONLY_CODE = re.compile(
    rf"^[\s,.。!?]*(?:[0-9](?:[ -]?[0-9]){{5}}|{_SPOKEN_DIGIT}(?:[ ，、-]?{_SPOKEN_DIGIT}){{5}})[\s,.。!?]*$"
)
_CODE = (
    "(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3}|[0-9](?:[ ,，、-][0-9]){3,7}"
    f"|{_SPOKEN_DIGIT}(?:[ ，、-]?{_SPOKEN_DIGIT}){{3,7}}|{_ENGLISH_DIGIT}(?:[ ,-]*{_ENGLISH_DIGIT}){{3,7}})"
)
_CODE_WORD = (
    r"(?:[验驗][证證][码碼]|[动動][态態](?:[码碼]|口令)|密[码碼]|口令|\bpin\b|\b(?:pass)?code\b|\botp\b|\bpassword\b)"
)
_SECRET = re.compile(rf"{_CODE_WORD}[^0-9]{{0,8}}?(?P<value>{_CODE})(?![0-9十百千万])", re.IGNORECASE)
_SECRET_AFTER = re.compile(
    rf"(?<![0-9零\u3007一二三四五六七八九幺两])(?P<value>{_CODE})(?=\s?(?:就?[是系]|is|was)\s?(?:我|您|你|my|your|the)?[的嘅]?\s?"
    rf"(?:[银銀]行卡|登[录錄]|短[信訊]|支付|取款)?\s?{_CODE_WORD})",
    re.IGNORECASE,
)
# The three digits on a card's back, by which it pays without being there.
_CARD_CODE = re.compile(
    r"(?:\bcv[vc]2?\b|\bsecurity code\b|安全[码碼]|(?:卡|[签簽]名[栏欄]).{0,3}(?:背面|[后後]面|反面|背后).{0,4}[三3][位个個](?:[数數]字?|[码碼])?)"
    rf"[^0-9]{{0,6}}?(?P<value>[0-9]{{3,4}}|{_SPOKEN_DIGIT}{{3,4}})(?![0-9零\u3007一二三四五六七八九幺两十百千万年月元块位次个天分%.])",
    re.IGNORECASE,
)
_PAPER = (
    "(?:[护護]照|通行[证證]|回[乡鄉][证證]|[台臺]胞[证證]|居住[证證]|居留[证證]|[军軍]官[证證]|士兵[证證]|警官[证證]|文[职職]干部[证證]"
    r"|\bpassport\b|\b(?:travel|residence) permit\b)"
)
_LETTERED = "[A-Za-z]{1,2}[ -]?[0-9]{6,10}"
# A passport, a travel permit, an officer's certificate: a number is one where the paper is named beside it.
_PAPER_NUMBER = (
    re.compile(
        rf"{_PAPER}(?:(?![回受]|工单|单号|代码|产品|receipt|ticket|reference)[^0-9]){{0,12}}?"
        rf"(?<![A-Za-z0-9])(?P<value>{_LETTERED})(?![0-9A-Za-z])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_PAPER}\s?(?:[号號][码碼]?|no\.?|number)?\s?(?:[是为為:：]|is)?\s?(?:[\u4e00-\u9fff]字)?第?"
        r"(?P<value>(?!(?:19|20)[0-9]{6})[0-9]{7,10})(?![0-9])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![A-Za-z0-9])(?P<value>{_LETTERED})(?=\s?(?:[,，(（]|就?[是系]|is)?\s?(?:我|您|他|她|my|his|her)?[的嘅]?(?:[这這呢]?[本张張])?\s?"
        rf"(?:[中港澳台美英日韩][国國]?[^0-9]{{0,6}})?{_PAPER})",
        re.IGNORECASE,
    ),
    re.compile("[军軍南北沈兰蘭济濟广廣成海空参政后後装裝武士]字第? ?(?P<value>[0-9]{6,8}) ?[号號]"),
)
_FIGURE = re.compile(r"[0-9]+(?:[,.][0-9]+)*")
_RATE = re.compile(r"(?<![0-9.,])[0-9]+(?:\.[0-9]+)?(?=%)")


class MessageRefused(Exception):
    """The message cannot be taken: it is empty, or too long."""


def check_message(text: str, limit: int, wording: Wording) -> str:
    """The message fit to be understood; raises MessageRefused with what to do."""
    if len(text) > limit:
        raise MessageRefused(wording.too_long.format(length=len(text), limit=limit))
    cleaned = clean(text)
    if not cleaned:
        raise MessageRefused(wording.nothing_said)
    return cleaned


def narrowed(text: str) -> str:
    """The text with wide digits and signs written as narrow ones, as `mask` reads it."""
    return text.translate(_WIDE)


def mask(text: str) -> str:
    """The text with the numbers of papers, cards and mobiles and with e-mail addresses covered but for their ends.

    Digits, in figures or spoken, said to be a code, a password or a card's security code, or that are the whole message and
    look like a code, are covered altogether.
    """
    text = narrowed(text)
    for pattern in (_RESIDENT_ID, _CARD, _MOBILE):
        text = pattern.sub(lambda found: _cover(found.group()), text)
    for pattern in _PAPER_NUMBER:
        text = _replace_value(pattern, text, lambda value: value[0] + "*" * (len(value) - 3) + value[-2:])
    text = _ONLY_CODE.sub("******", text)
    for pattern in (_CARD_CODE, _SECRET, _SECRET_AFTER):
        text = _replace_value(pattern, text, lambda value: "*" * len(value))
    return _EMAIL.sub(lambda found: found.group()[0] + "***@" + found.group().partition("@")[2], text)


def replace_personal(text: str, replace: Callable[[str, str], str]) -> str:
    """The text with what `replace` gives for a kind and a value in the place of papers, bank cards, mobiles and addresses."""
    text = narrowed(text)
    for kind, pattern in (("ID", _RESIDENT_ID), ("CARD", _CARD), ("PHONE", _MOBILE), ("EMAIL", _EMAIL)):
        text = pattern.sub(lambda found, kind=kind: replace(kind, found.group()), text)  # type: ignore[misc]
    for pattern in _PAPER_NUMBER:
        text = _replace_value(pattern, text, lambda value: replace("PAPER", value))
    return text


def mask_said(text: str) -> str:
    """What somebody says with all that is personal covered: what `mask` covers, and the names and addresses that it gives."""
    return given_address.cover(given_name.cover(mask(text)))


def mask_code(text: str) -> str:
    """A message said while a one-time code is asked for, every digit of it covered, in figures or in words."""
    return _DIGIT.sub("*", narrowed(text))


def mask_live(text: str) -> str:
    """The same of a message said while a one-time code is on its way: whatever could be that code is covered too."""
    return _SIX_SPOKEN.sub("******", _SIX_DIGITS.sub("******", mask_said(text)))


def _replace_value(pattern: re.Pattern[str], text: str, replace: Callable[[str], str]) -> str:
    """The text with only the value of each match replaced; the words that told what it is stay."""

    def told(found: re.Match[str]) -> str:
        before, after = found.start("value") - found.start(), found.end("value") - found.start()
        return found.group()[:before] + replace(found["value"]) + found.group()[after:]

    return pattern.sub(told, text)


def _cover(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def readable(hits: Iterable[Hit], audience: Audience) -> list[Hit]:
    """The hits that this audience may read: a second lock behind the index's own."""
    return [hit for hit in hits if hit.document.audience in audience.readable]


def unsupported_figures(text: str, sources: Sequence[str]) -> list[str]:
    """The figures of a text that stand in none of its sources; 2.3% and 2.30% are one."""
    folded, told = fold(text), [fold(source) for source in sources]
    known = {figure for source in told for figure in _FIGURE.findall(source)}
    rates = {Decimal(rate) for source in told for rate in _RATE.findall(source)}
    missing = (found for found in _FIGURE.finditer(folded) if found.group() not in known)
    return [found.group() for found in missing if _rate(folded, found.start()) not in rates]


def _rate(folded: str, at: int) -> Decimal | None:
    found = _RATE.match(folded, at)
    return Decimal(found.group()) if found else None
