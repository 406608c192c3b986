"""Bytes of a text file as text: the encoding found, binary content refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from ingest.reader import Unreadable
from ingest.readers.signature import name_of

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHERS = ["big5hkscs", "cp1252", "shift_jis", "euc_kr"]
_SAMPLE = 64 * 1024
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_REMEDY = "open it in its own program and save it again as UTF-8 text"


def decode(path: Path, declared: str | None = None) -> str:
    """The file's text; `declared` is the encoding that the file itself names. Raises Unreadable for binary content."""
    content = path.read_bytes()
    kind = name_of(content[:16])
    if kind is not None:
        raise Unreadable(f"the suffix is {path.suffix} but the content is {kind}", "give the file its right suffix")
    encoding = next((name for bom, name in _BOMS.items() if content.startswith(bom)), None)
    if encoding is None and b"\x00" in content:
        raise Unreadable("the content is binary, not text", _REMEDY)
    text = _decoded(content, [encoding] if encoding else [declared or "utf-8", "utf-8"])
    if text is None:
        text = _gb18030(content) or _guessed(content)
    if text is None or len(_CONTROL.findall(text)) * 50 > len(text):
        raise Unreadable("the content is binary or in an unknown encoding", _REMEDY)
    return text


def _decoded(content: bytes, encodings: list[str]) -> str | None:
    for encoding in encodings:
        try:
            return content.decode("gb18030" if encoding.lower() in {"gb2312", "gbk"} else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _gb18030(content: bytes) -> str | None:
    """GB18030 decodes almost any bytes, so it counts only where most characters are everyday ones (GB 2312 level 1)."""
    text = _decoded(content, ["gb18030"])
    if text is None:
        return None
    hanzi = [character for character in text[:_SAMPLE] if "\u3400" <= character <= "\u9fff"]
    return text if hanzi and sum(map(_is_everyday, hanzi)) >= 0.7 * len(hanzi) else None


def _is_everyday(character: str) -> bool:
    code = character.encode("gb2312", errors="ignore")
    return bool(code) and 0xB0 <= code[0] <= 0xD7


def _guessed(content: bytes) -> str | None:
    best = from_bytes(content[:_SAMPLE], cp_isolation=_OTHERS).best()
    if best is None:
        return None
    text = _decoded(content, [best.encoding])
    if text is not None and best.encoding == "cp1252" and sum(map(str.isascii, text)) < 0.9 * len(text):
        return None  # Latin letters with accents throughout are a Chinese file misread
    return text
