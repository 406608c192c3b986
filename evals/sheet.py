"""Suites as spreadsheets: a row a case, a column a key, as QA people keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

_HEADINGS = {
    "编号": "id", "划分": "split", "分组": "group", "备注": "note", "受众": "audience", "语言": "locale", "客户": "customer", "网点": "branch",
    "问题": "question", "多轮": "turns", "文件": "document", "段落": "passage", "应说": "must_say", "不应说": "must_not_say", "应拒答": "abstain",
    "结果": "outcome", "期望": "expect", "转人工": "handoff", "几轮内": "within", "应推荐": "products", "不可推荐": "not_products",
    "不适合": "not_fitting",
}  # fmt: skip
"""Chinese headings, beside the keys themselves."""
_LISTS = {
    "turns",
    "document",
    "passage",
    "must_not_say",
    "not_products",
    "not_fitting",
    "tags",
    "not_kept",
    "events",
    "not_events",
}
_GROUPS = {"must_say", "products"}
_TRUTHS = {"abstain", "handoff"}
_YES = {"是", "yes", "true", "1", "y", "应", "应该"}
_NO = {"否", "no", "false", "0", "n", "不应", "不应该"}


def read(path: Path) -> Mapping[str, Any]:
    """The content of the first sheet: a line of a cell each is one of a list, `/` parts alternatives; raises ValueError."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        headings = [_key(cell, path) for cell in next(rows, ())]
        return {"cases": list(_cases(headings, rows))}
    finally:
        book.close()


def _key(cell: object, path: Path) -> str:
    heading = str(cell or "").strip()
    if not heading:
        return ""
    key = _HEADINGS.get(heading, heading)
    if key not in _HEADINGS.values():
        raise ValueError(f"{path.name}: no such column: {heading}; the columns are {'、'.join(_HEADINGS)}")
    return key


def _cases(headings: list[str], rows: Iterator[tuple[object, ...]]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=2):
        texts = {key: _text(cell) for key, cell in zip(headings, row, strict=False) if key and _text(cell)}
        if texts:
            yield {"id": f"row {number}"} | {key: _value(key, text, number) for key, text in texts.items()}


def _text(cell: object) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell).strip() if cell is not None else ""  # type: ignore[call-overload]


def _value(key: str, text: str, number: int) -> Any:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if key in _LISTS:
        return lines
    if key in _GROUPS:
        return [[part.strip() for part in line.split("/") if part.strip()] for line in lines]
    if key in _TRUTHS:
        if text.lower() not in _YES | _NO:
            raise ValueError(f"row {number}: {text} is neither 是 nor 否")
        return text.lower() in _YES
    return text
