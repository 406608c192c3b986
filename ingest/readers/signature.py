"""What a file really is, told by its first bytes, and the checks of an Office package before a parser opens it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from ingest.reader import Unreadable

_MAX_UNPACKED = 1024**3
_RATIO_FROM = 50 * 1024**2
_MAX_RATIO = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an Office file or ZIP archive",
    b"PK\x05\x06": "an empty ZIP archive",
    _OLE: "an old Office file (.doc, .xls or .ppt)",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
    b"{\\rtf": "an RTF document",
    b"SQLite format 3": "a database",
}
_PACKAGES = {"word/": ("a Word document", ".docx"), "xl/": ("an Excel workbook", ".xlsx"), "ppt/": ("a deck", ".pptx")}


def name_of(head: bytes) -> str | None:
    """The kind of binary file that starts with these bytes, in words; None when they are no known binary file."""
    return next((name for magic, name in _SIGNATURES.items() if head.startswith(magic)), None)


def require_pdf(path: Path) -> None:
    """Raises Unreadable unless the file starts as a PDF does (a few bytes of junk before it are allowed)."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" not in head:
        raise _mismatch(path, name_of(head) or "not a PDF")


def require_package(path: Path, folder: str) -> None:
    """Raises Unreadable unless the file is a sound, unencrypted, safe Office package holding `folder` (as `word/`)."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        raise _old_or_encrypted(path)
    if not head.startswith(b"PK"):
        raise _mismatch(path, name_of(head) or "not an Office file")
    try:
        with zipfile.ZipFile(path) as package:
            _check_entries(path, package.infolist(), folder)
            for entry in package.infolist():
                if entry.filename.endswith((".xml", ".rels")):
                    _refuse_entities(package, entry)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as error:
        reason = "the file is damaged or cut off: its ZIP structure is broken"
        raise Unreadable(reason, "copy or download it again, or save it again from Office") from error


def _old_or_encrypted(path: Path) -> Unreadable:
    modern = next((new for _, new in _PACKAGES.values() if new[:4] == path.suffix.lower()[:4]), ".docx, .xlsx or .pptx")
    if _ENCRYPTED in path.read_bytes():
        return Unreadable("the file is encrypted with a password", "remove the password in Office and save it again")
    return Unreadable("this is an old Office file under a new suffix", f"open it in Office and save it as {modern}")


def _mismatch(path: Path, found: str) -> Unreadable:
    return Unreadable(f"the suffix is {path.suffix} but the content is {found}", "give the file its right suffix")


def _check_entries(path: Path, entries: list[zipfile.ZipInfo], folder: str) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("the file is encrypted with a password", "remove the password and save it again")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > _MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked / packed > _MAX_RATIO):
        reason = f"the file unpacks to {unpacked / 1024**2:.0f} MB from {packed / 1024**2:.1f} MB, as a ZIP bomb does"
        raise Unreadable(reason, "do not open it; ask whoever sent it, and save a genuine file again from Office")
    if not any(entry.filename.startswith(folder) for entry in entries):
        held = [name for part, (name, _) in _PACKAGES.items() if any(e.filename.startswith(part) for e in entries)]
        raise _mismatch(path, held[0] if held else "another kind of ZIP archive")


def _refuse_entities(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Office never writes a DOCTYPE; one is there only to expand entities or to reach other files."""
    parser = expat.ParserCreate()
    state = {"root": False, "doctype": False}
    parser.StartDoctypeDeclHandler = lambda *_: state.update(doctype=True)
    parser.StartElementHandler = lambda *_: state.update(root=True)
    with package.open(entry) as part:
        while not any(state.values()) and (piece := part.read(512)):
            try:
                parser.Parse(piece)
            except expat.ExpatError:
                break
    if state["doctype"]:
        reason = f"the part {entry.filename} declares a DOCTYPE, which Office files never do"
        raise Unreadable(reason, "do not open it; save a genuine file again from Office")
