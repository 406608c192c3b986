"""Text in the image of a scanned page, by RapidOCR with the models inside its wheel; no network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.reader import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Seen:
    """One line of text in an image and its box in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def lines_of(image: Image, page: int) -> list[Seen]:
    """The lines of a page's image, top to bottom; raises Unreadable when OCR is not installed."""
    found = _engine(page)(image)
    if found.boxes is None or not found.txts:
        return []
    pieces = [_seen(box, text) for box, text in zip(found.boxes, found.txts, strict=True)]
    return [_merged(row) for row in _rows(pieces)]


def _engine(page: int) -> Any:
    try:
        return _loaded()
    except ImportError as error:
        reason = f"page {page} has no text layer"
        raise Unreadable(
            reason, "install teller[ocr] to read scanned pages, or replace the file by one with text"
        ) from error


@cache
def _loaded() -> Any:
    from rapidocr import RapidOCR  # loads OpenCV and ONNX Runtime, which most files do not need

    return RapidOCR(params={"Global.log_level": "critical"})


def _seen(box: Any, text: str) -> Seen:
    across, down = [float(point[0]) for point in box], [float(point[1]) for point in box]
    return Seen(text, min(across), min(down), max(across), max(down))


def _rows(pieces: list[Seen]) -> list[list[Seen]]:
    """The pieces in rows from top to bottom, those of a row from left to right."""
    rows: list[list[Seen]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top + piece.bottom):
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _merged(row: list[Seen]) -> Seen:
    text = " ".join(piece.text for piece in row)
    return Seen(text, row[0].left, row[0].top, max(p.right for p in row), max(p.bottom for p in row))
