"""Files as they go wrong on their way: cut off, with flipped bits, under another name, packed too large, nested too deep."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

_ENCODINGS = ("gb18030", "utf-16", "big5", "shift_jis", "utf-32")
_PACKED = 200_000_000
"""Bytes that a packed file opens to: far more than any document has."""

Maker = Callable[[bytes, random.Random], bytes]


def _cut(content: bytes, choose: random.Random) -> bytes:
    return content[: choose.randrange(len(content) + 1)]


def _flipped(content: bytes, choose: random.Random) -> bytes:
    body = bytearray(content)
    for _ in range(choose.choice((1, 8, 64, 512))):
        if body:
            body[choose.randrange(len(body))] ^= 1 << choose.randrange(8)
    return bytes(body)


def _holed(content: bytes, choose: random.Random) -> bytes:
    start = choose.randrange(len(content) + 1)
    return content[:start] + b"\0" * choose.randrange(4_000) + content[start + choose.randrange(4_000) :]


def _shuffled(content: bytes, choose: random.Random) -> bytes:
    size = max(1, len(content) // 8)
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    choose.shuffle(parts)
    return b"".join(parts)


def _noise(content: bytes, choose: random.Random) -> bytes:
    return content[:8] + choose.randbytes(choose.choice((0, 1, 100, 20_000)))


def _recoded(content: bytes, choose: random.Random) -> bytes:
    text = content.decode("utf-8", "ignore")
    return text.encode(choose.choice(_ENCODINGS), "ignore") + choose.choice((b"", b"\xff\xfe", b"\x81"))


def _twice(content: bytes, _choose: random.Random) -> bytes:
    return content + content


def _bomb(_content: bytes, _choose: random.Random) -> bytes:
    """A package of the office formats whose document opens to far more than it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "[Content_Types].xml"):
            archive.writestr(name, b" " * (_PACKED // 4))
    return packed.getvalue()


def _nested(_content: bytes, choose: random.Random) -> bytes:
    depth = choose.choice((100, 5_000, 50_000))
    return choose.choice((b"<div>", b"> ", b"- ", b"<table><tr><td>", b"#", b"[", b'"'))[:20] * depth


def _entities(_content: bytes, _choose: random.Random) -> bytes:
    """An XML document whose entities open to one another."""
    lines = [f'<!ENTITY e{one} "{f"&e{one - 1};" * 10}">' for one in range(1, 10)]
    return ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "利率">' + "".join(lines) + "]><x>&e9;</x>").encode()


_WAYS: Sequence[Maker] = (
    _cut, _cut, _flipped, _flipped, _flipped, _holed, _holed, _shuffled, _noise, _recoded, _twice, _nested, _entities
)  # fmt: skip


def write(sources: Sequence[Path], folder: Path, number: int, seed: int) -> None:
    """Writes so many files made of these, every tenth under the name of another format and one in a hundred a packed bomb."""
    choose = random.Random(seed)
    suffixes = sorted({source.suffix for source in sources})
    for one in range(number):
        source = choose.choice(sources)
        make = _bomb if one % 100 == 0 else choose.choice(_WAYS)
        suffix = choose.choice(suffixes) if one % 10 == 0 else source.suffix
        content = make(source.read_bytes(), choose)
        (folder / f"{one:04}-{make.__name__.strip('_')}{suffix}").write_bytes(content)
