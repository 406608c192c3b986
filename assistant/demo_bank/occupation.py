"""Occupations: those of the application form, and what customers' records say in their own words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("occupations.yaml")


def of_record(text: str | None) -> str:
    """The form's occupation for a record's; nothing where there is none."""
    if not text:
        return ""
    return next((id_ for id_, one in _all().items() if text in (id_, one["zh"], *one["records"])), "employee")


def recorded(id_: str, record: str | None) -> str:
    """How the form's occupation is put on record: in the customer's own words where they mean the same."""
    return record if record and of_record(record) == id_ else str(_all().get(id_, {"zh": id_})["zh"])


@cache
def _all() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read
