"""Names, addresses and quotations in a sentence, which must stand in a source to the letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.evidence import ELSEWHERE
from assistant.fault import Fault
from assistant.grounding_words import words as known

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![a-z0-9.@-])[a-z0-9][a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[!-~]*)?(?![a-z])",
    re.ASCII,
)
_SPOKEN_DOT = re.compile(r"[a-z0-9] ?(?:点|dot|\(dot\)|\[dot\]) ?(?:com|cn|net|org|top|xyz|vip|io|cc)(?![a-z])")
_TITLE = re.compile("《([^》]{1,60})》")
_QUOTED = re.compile('[“"「『]([^”"」』]{2,60})[”"」』]|‘([^’]{2,60})’')
_BRANCH = re.compile("([\u4e00-\u9fff]{2})(支行|分行|分理处|营业部|储蓄所)")
_BANK = re.compile("([\u4e00-\u9fff]{2})(银行|信用社|证券|支付宝|微信)")
_LOOSE = re.compile(r"[\s—–\-→>·、,:/“”\"'‘’()《》]+")
_KIND = re.compile(
    "(?:经营|住房|商户|消费|抵押|信用|公积金|组合|助学|装修|汽车|标准|白金|尊享|航旅|公益|青年|车主)(?:贷款|贷(?!款)|信用卡)"
)
_TRAIL = ".,;:!?)]}'\""
_CJK = re.compile("[\u3400-\u9fff]")


def has_odd_digits(text: str) -> bool:
    """Whether a text has digits of other scripts, which a reader may take for figures that nobody has read."""
    return any(
        unicodedata.category(letter)[0] == "N" and not letter.isascii() and not _CJK.match(letter)
        for letter in unicodedata.normalize("NFKC", text)
        if letter != "〇"
    )


def addresses(text: str, links: Sequence[str]) -> list[str]:
    """The addresses of sites and mailboxes in a plain text, and those that its words led to."""
    return [*(found.rstrip(_TRAIL) for found in _ADDRESS.findall(text)), *(link.lower() for link in links)]


def faults(text: str, links: Sequence[str], compact: str, asked: str) -> Iterator[Fault]:
    """What a plain text names that stands neither in its sources nor, but for addresses, in the question; both without spaces."""
    if any(address not in compact for address in addresses(text, links)) or (
        _SPOKEN_DOT.search(text) and not _SPOKEN_DOT.search(compact)
    ):
        yield Fault.LINK
    both = f"{compact}\n{asked}"
    if any(name not in both for name in ELSEWHERE.findall(text)) or not all(
        name in both for name in (*_banks(text), *_people(text), *_titles(text))
    ):
        yield Fault.NAME
    loose = _LOOSE.sub("", both)
    if any(_LOOSE.sub("", quoted) not in loose for pair in _QUOTED.findall(text) for quoted in pair if quoted):
        yield Fault.QUOTE


def strange(text: str, compact: str) -> bool:
    """Whether a plain text names a loan or a card by a word that its sources do not put there: 经营贷 where they say 住房贷款."""
    return any(
        not re.search(re.escape(found.group()) + ("(?!款)" if found.group()[-1] == "贷" else ""), compact)
        for found in _KIND.finditer(re.sub(r"\s", "", text))
    )


def _titles(text: str) -> list[str]:
    return [re.sub(r"\s", "", title) for title in _TITLE.findall(text)]


def _banks(text: str) -> Iterator[str]:
    """Branches and banks by the two characters before the word, which name them."""
    for pattern, none in ((_BRANCH, known().no_branch), (_BANK, known().no_bank)):
        for found in pattern.finditer(text):
            if not none.search(found.group(1)):
                yield found.group()


def _people(text: str) -> Iterator[str]:
    for found in known().person.finditer(text):
        if not known().no_person.search(found.group(1)):
            yield found.group(1)[-1] + found.group(2)
