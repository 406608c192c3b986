"""CSV: an FAQ, or a table row by row under its header."""

from __future__ import annotations

import csv
from pathlib import Path

from ingest.reader import Block, Unreadable
from ingest.readers.encoding import decode
from ingest.readers.faq import faq_columns, faqs
from ingest.readers.table import plain, table_blocks

SUFFIXES = frozenset({".csv", ".tsv"})

_DELIMITERS = ",\t;|，"
_SAMPLE_LINES = 20
_MAX_FIELD = 10_000_000


def read(path: Path) -> list[Block]:
    """The file's FAQ entries when its header has question and answer, else its rows."""
    rows = _rows(decode(path))
    columns = faq_columns(rows[0]) if rows else None
    if columns is not None:
        return list(faqs(columns, rows[1:]))
    return table_blocks(plain(rows), header_rows=1 if rows and not _is_title(rows) else None)


def _rows(text: str) -> list[list[str]]:
    csv.field_size_limit(_MAX_FIELD)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        reason = f"the file is not well-formed CSV ({error})"
        raise Unreadable(reason, "open it in a spreadsheet and save it again as CSV UTF-8") from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _is_title(rows: list[list[str]]) -> bool:
    return sum(bool(cell.strip()) for cell in rows[0]) < 2 <= max(map(len, rows))


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the same number of columns, the most columns winning."""
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE_LINES]

    def evenness(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count) if counts else 1
        return (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)

    return max(_DELIMITERS, key=evenness)
