"""Addresses where people live, told by the words with which they are given or by their parts: a building, a unit, a room."""

from __future__ import annotations

import re

from knowledge_base.text import simplify

_COUNT = "(?:[0-9]{1,5}|[一二三四五六七八九十百零〇]{1,5}|[A-Za-z](?![A-Za-z]))"
_PART = rf"(?:{_COUNT}(?:[-－—][0-9A-Za-z]{{1,4}})*\s?(?:号院|号楼|号|弄|栋|幢|座|单元|室|层|楼|房|组|队|门|户|支弄)(?![线卡码])|{_COUNT}(?:[-－—][0-9A-Za-z]{{1,4}}){{1,3}})"
_PARTS = rf"{_PART}(?:[,，\s]?(?:[\u4e00-\u9fff]{{0,8}}?)?{_PART}|[0-9]{{2,4}}(?![0-9元年月日%万]))*"
_PLACE = r"(?:路|街|大道|巷|弄|胡同|里|村|屯|镇|乡|道|小区|花园|公寓|大厦|广场|家园|新村|嘉园|[苑园府庭阁轩城湾墅]|中心|学校|大学|期)"
_GIVES = (
    "(?:住在?|住址|地址|户籍|老家|家在|家里?是|搬[到去]|寄[到往给去]|邮寄|寄送|送到|收[货件]|快递到|通讯处|籍贯|新家)"
)
_BUILT = re.compile("[栋幢室]|单元|号楼|号院")
_BANKS = re.compile("网点|支行|分行|营业[厅部所]|柜台|大厅|银行|自助|你们|贵行|ATM|atm")
_CLAUSE, _CLAUSE_BEFORE = re.compile("[^,，。;；!！?？\n]*"), re.compile("[^,，。;；!！?？\n]*$")
_GIVEN_HERE = re.compile(rf"{_GIVES}[^。;；!！?？\n]{{0,60}}$")
_ADDRESS = re.compile(rf"{_PLACE}(?:[东西南北]区)?[甲乙丙丁,，\s]?(?P<parts>{_PARTS})")
_NUMBER = re.compile("[0-9]+|[一二三四五六七八九十百零〇]+|[A-Za-z]")
_ROAD = "(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Terrace|Close)"
_ENGLISH = re.compile(
    r"(?P<gives>\b(?:live|living|address|mail(?:ed)?|send|sent|deliver(?:ed)?|mov(?:ed|ing)|home|reside|ship(?:ped)?)\b[^.;!?\n]{0,50}?)"
    rf"(?P<parts>(?:(?:Flat|Apartment|Apt|Room|Rm|Unit|Suite|Floor|No)\.? ?[0-9A-Z-]{{1,6}},? ?){{0,3}}\b[0-9]{{1,5}}[A-Za-z]?)(?= (?:[A-Z][A-Za-z'-]+ ){{1,4}}{_ROAD}\b)"
)
_LEAST, _SHOWN = 2, 6
_COVER = "****"
_ARABIC = re.compile("[0-9]")


def found(text: str) -> list[str]:
    """Of the addresses that a text gives, what stands behind the road or the estate: 100号阳光花园5栋302室."""
    plain = simplify(text)
    # Both scripts are of one length but for a few words, where the text itself is read.
    plain = plain if len(plain) == len(text) else text
    spans = [match.span("parts") for match in _ADDRESS.finditer(plain) if _is_somebodys(match)]
    spans += [match.span("parts") for match in _ENGLISH.finditer(plain)]
    return [text[start:end] for start, end in spans]


def cover(text: str) -> str:
    """The text with the addresses that it gives covered from the number of the house on; the road stays."""
    for parts in found(text):
        text = text.replace(parts, _COVER)
    return text


def covered(address: str) -> str:
    """An address, known to be one, but for its road or its beginning."""
    number = _ARABIC.search(address)
    return address[: number.start() if number and number.start() else _SHOWN] + _COVER


def _is_somebodys(found: re.Match[str]) -> bool:
    """Whether it is given as where somebody lives, or goes down to a door."""
    parts, rest = found["parts"], _CLAUSE.match(found.string, found.end())
    before = _CLAUSE_BEFORE.search(found.string, 0, found.start())
    if any(_BANKS.search(beside.group()) for beside in (before, rest) if beside):
        return False
    to_a_door = len(_NUMBER.findall(parts)) >= _LEAST and _BUILT.search(parts)
    return bool(to_a_door or _GIVEN_HERE.search(found.string, 0, found.start()))
