"""Texts that give an assistant orders of their own, in a message or within a document, however they are disguised."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import yaml

from knowledge_base.text import fold

_FILE = Path(__file__).with_name("injection.yaml")
_NAMED = re.compile("<([a-z_]+|[\u4e00-\u9fff]+)>")
_READ = 4_000
"""Characters of a text that are looked at from either end; what gives orders does so where it is read first or last."""
_SPACED = re.compile(r"(?<!\w)\w(?:[ ._*-]\w){3,}(?!\w)")
_BETWEEN = re.compile(r"[ ._*-]")
_LEET = tuple(str.maketrans("01345789@$!", f"o{one}eastbgasi") for one in "il")
_MIXED = re.compile(r"(?<![a-z0-9@$!])(?=[a-z@$!0-9]*[0-9@$])(?=[0-9@$!]*[a-z])[a-z0-9@$!]{3,}")
_ALIKE = str.maketrans("аеорсухіѕјԁһӏԛԝαοερνικτυ", "aeopcyxisjdhlqwaoepvikty")
_BITS = re.compile(r"(?:[01]{8}[ ,]?){6,}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){12,}(?![0-9A-Za-z])")
_BASE32 = re.compile(r"(?<![0-9A-Za-z])[A-Z2-7]{24,}={0,6}(?![0-9A-Za-z])")
_BASE64 = re.compile(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/_-]{16,}={0,2}(?![0-9A-Za-z+/])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}[^%]{0,24}){3,}")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_LATIN = re.compile("[A-Za-z]")
_MOSTLY = 0.6


def find(text: str) -> str | None:
    """What a text is after that gives an assistant orders, such as `orders dropped`; nothing where it gives none."""
    seen = text if len(text) <= 2 * _READ else f"{text[:_READ]}\n{text[-_READ:]}"
    families, unless = _rules()
    for reading in _readings(seen):
        told = unless.sub(" ", reading)
        family = next((name for name, rule in families.items() if rule.search(told)), None)
        if family:
            return family
    return None


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as it reads once what disguises it is taken off; each is folded."""
    plain = fold(text)
    yield plain
    bare = _SPACED.sub(lambda found: _BETWEEN.sub("", found.group()), plain.translate(_ALIKE))
    for leet in _LEET if _MIXED.search(bare) else _LEET[:1]:
        read = _MIXED.sub(lambda found, leet=leet: found.group().translate(leet), bare)  # type: ignore[misc]
        if read != plain:
            yield read
    for hidden in _hidden(text):
        yield fold(hidden)
    if len(_LATIN.findall(text)) > _MOSTLY * len(text):
        yield fold(codecs.decode(text, "rot13"))
        yield fold(text[::-1])


def _hidden(text: str) -> Iterator[str]:
    """What stands in a text in another notation, once it is taken out of it."""
    for found in _BITS.finditer(text):
        yield _text(bytes(int(bits, 2) for bits in re.findall("[01]{8}", found.group())))
    for found in _HEX.finditer(text):
        yield _text(bytes.fromhex(re.sub("[^0-9a-fA-F]", "", found.group())))
    for found in _BASE32.finditer(text):
        yield _decoded(base64.b32decode, found.group().rstrip("="), 8)
    for found in _BASE64.finditer(text):
        yield _decoded(base64.urlsafe_b64decode, found.group().rstrip("=").replace("+", "-").replace("/", "_"), 4)
    for found in _TAGS.finditer(text):
        yield "".join(chr(ord(letter) - 0xE0000) for letter in found.group())
    if _PERCENT.search(text):
        yield unquote(text)


def _decoded(decode: object, letters: str, whole: int) -> str:
    try:
        return _text(decode(letters + "=" * (-len(letters) % whole)))  # type: ignore[operator]
    except (binascii.Error, ValueError):
        return ""


def _text(read: bytes) -> str:
    """Bytes as text; nothing where they are none."""
    try:
        return read.decode()
    except UnicodeDecodeError:
        return ""


@cache
def _rules() -> tuple[Mapping[str, re.Pattern[str]], re.Pattern[str]]:
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    words: Mapping[str, str] = read["words"]

    def pattern(rules: list[str]) -> re.Pattern[str]:
        named = (_NAMED.sub(lambda found: words.get(found.group(1), found.group()), rule) for rule in rules)
        return re.compile("|".join(f"(?:{rule})" for rule in named))

    return {name: pattern(rules) for name, rules in read["families"].items()}, pattern(read["unless"])
