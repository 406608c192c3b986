"""Reads one file with the reader that claims its suffix; adding a format means adding a module to `readers/`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from ingest import readers
from ingest.reader import Block, Reader, Unreadable

MAX_BYTES = 200 * 1024 * 1024
_SAVE_AS = {
    ".doc": ".docx", ".wps": ".docx", ".rtf": ".docx", ".odt": ".docx",
    ".xls": ".xlsx", ".et": ".xlsx", ".ods": ".xlsx",
    ".ppt": ".pptx", ".dps": ".pptx", ".odp": ".pptx",
}  # fmt: skip


def read(path: Path) -> list[Block]:
    """The file's blocks in reading order; raises Unreadable, and nothing else, for a file that cannot be read."""
    reader = _reader_for(path)
    _check_size(path)
    try:
        blocks = list(reader.read(path))
    except Unreadable:
        raise
    except Exception as error:  # a parser may raise anything at all on a damaged file, and the rest must go on
        reason = f"the file is damaged: its parser stopped with {type(error).__name__}"
        raise Unreadable(reason, "open it in its own program, save it again and replace it") from error
    if not blocks:
        raise Unreadable("the file holds no text", "add text to it or remove it from the folder")
    return blocks


@cache
def suffixes() -> frozenset[str]:
    """Every suffix that some reader claims, lower case, with the dot."""
    return frozenset(_readers())


def _reader_for(path: Path) -> Reader:
    suffix = path.suffix.lower()
    if suffix in _readers():
        return _readers()[suffix]
    if suffix in _SAVE_AS:
        raise Unreadable(f"the format {suffix} is not supported", f"save the file as {_SAVE_AS[suffix]} and replace it")
    known = ", ".join(sorted(_readers()))
    raise Unreadable(f"the format {suffix or '(no suffix)'} is not supported", f"save the file as one of {known}")


@cache
def _readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    for entry in pkgutil.iter_modules(readers.__path__, f"{readers.__name__}."):
        module: Reader = importlib.import_module(entry.name)
        for suffix in getattr(module, "SUFFIXES", ()):
            found[suffix] = module
    return found


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        is_file = path.is_file()
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error.strerror})", "check its name and permissions") from error
    if not is_file:
        raise Unreadable("this is not a file", "give the path of a file")
    if size == 0:
        raise Unreadable("the file is empty (0 bytes)", "export or copy it again, or remove it from the folder")
    if size > MAX_BYTES:
        reason = f"the file is larger than {MAX_BYTES // 1024**2} MB ({size / 1024**2:.0f} MB)"
        raise Unreadable(reason, "split it into smaller files")
