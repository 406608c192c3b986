"""Question and answer columns of a sheet as FAQ entries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.reader import Faq, Unreadable
from knowledge_base.text import clean, fold

_COLUMNS = {
    "question": ("question", "问题", "标准问题", "标准问"),
    "answer": ("answer", "答案", "标准答案", "回答"),
    "id": ("id", "编号"),
    "similar_questions": ("similar_questions", "similar questions", "相似问法", "相似问", "相似问题"),
    "audience": ("audience", "受众"),
    "flow": ("flow", "办理流程"),
    "effective_from": ("effective_from", "生效日期"),
    "effective_to": ("effective_to", "失效日期"),
}
_FIELDS = {name: field for field, names in _COLUMNS.items() for name in names}
_AUDIENCES = {"客户": "customer", "员工": "staff", "customer": "customer", "staff": "staff"}
_SEPARATOR = re.compile(r"[|｜；;\n]")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:\s.*)?")


def faq_columns(header: Sequence[str]) -> dict[str, int] | None:
    """Each FAQ field's column, or None when the header has no question and answer."""
    columns: dict[str, int] = {}
    for number, name in enumerate(header):
        if field := _FIELDS.get(fold(name)):
            columns.setdefault(field, number)
    return columns if {"question", "answer"} <= columns.keys() else None


def faqs(columns: dict[str, int], rows: Sequence[Sequence[str]]) -> list[Faq]:
    """One entry a row, blank rows passed over; raises Unreadable naming the rows that lack a question or an answer."""
    named = [{field: clean(row[at]) if at < len(row) else "" for field, at in columns.items()} for row in rows]
    half = [number for number, row in enumerate(named, 1) if bool(row["question"]) != bool(row["answer"])]
    if half:
        listed = ", ".join(map(str, half[:5])) + (" ..." if len(half) > 5 else "")
        reason = f"{len(half)} FAQ rows lack a question or an answer (rows below the header: {listed})"
        raise Unreadable(reason, "fill in or delete these rows")
    return [_faq(row) for row in named if row["question"]]


def _faq(row: dict[str, str]) -> Faq:
    return Faq(
        question=row["question"],
        answer=row["answer"],
        similar_questions=tuple(filter(None, map(clean, _SEPARATOR.split(row.get("similar_questions", ""))))),
        id=row.get("id") or None,
        audience=_audience(row.get("audience", "")),
        flow=row.get("flow") or None,
        effective_from=_date(row.get("effective_from")),
        effective_to=_date(row.get("effective_to")),
    )


def _audience(text: str) -> str | None:
    """Who a row is for, None where it does not say; a misspelt `staff` must not publish, so raises Unreadable."""
    if text and fold(text) not in _AUDIENCES:
        raise Unreadable(f"{text!r} in the audience column is no audience", f"write one of {', '.join(_AUDIENCES)}")
    return _AUDIENCES[fold(text)] if text else None


def _date(text: str | None) -> str | None:
    """The date as YYYY-MM-DD where it is one, else as written, for the metadata check to report."""
    found = _DATE.fullmatch(text or "")
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text or None
