"""Leads as a sheet, for spreadsheet programs: CSV or XLSX, with the same rows and with no cell that is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from assistant.lead_desk import LeadView
from assistant.part import Part, Text

CSV, XLSX = "csv", "xlsx"
MEDIA = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Some spreadsheet programs take the full-width forms of = + - @ for the same.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_WIDTH = 20
Cell = str | int


class _Words(Part):
    """The sheet's words in both languages."""

    title: Text
    status: Mapping[str, Text]
    columns: Mapping[str, Text]


def rows(leads: Sequence[LeadView], language: str) -> list[list[Cell]]:
    """The headings, and then a row for each lead."""
    words = _words()
    headings: list[Cell] = [heading.of(language) for heading in words.columns.values()]
    return [headings, *([_cell(lead, name, language) for name in words.columns] for lead in leads)]


def as_csv(leads: Sequence[LeadView], language: str) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows(leads, language))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(leads: Sequence[LeadView], language: str) -> bytes:
    """A workbook with one sheet, its headings fixed."""
    book, data = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(_words().title.of(language))
    sheet.freeze_panes = "A2"
    for number in range(1, len(_words().columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    for row in rows(leads, language):
        sheet.append(row)
    book.save(data)
    return data.getvalue()


def written(leads: Sequence[LeadView], locale: str, form: str) -> bytes:
    """The sheet as `csv` or `xlsx`, its words in the language of `locale`."""
    language = "en" if locale.lower().startswith("en") else "zh"
    return as_xlsx(leads, language) if form == XLSX else as_csv(leads, language)


def harmless(text: str) -> str:
    """The text as a cell that a spreadsheet program shows and never computes."""
    plain = _UNPRINTABLE.sub(" ", text)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _cell(lead: LeadView, name: str, language: str) -> Cell:
    value = getattr(lead, name)
    if isinstance(value, int):
        return value
    if name == "status":
        return _words().status[value].of(language)
    if name == "known":
        return harmless("; ".join(f"{slot}: {shown}" for slot, shown in value.items()))
    return harmless(str(value or ""))


@cache
def _words() -> _Words:
    return _Words.model_validate(yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")))
