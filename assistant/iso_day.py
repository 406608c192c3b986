"""Days and times as they come over HTTP: written out (ISO 8601), never a number that might be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator


def _written(pattern: str, example: str) -> Callable[[object], object]:
    form = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if value is None or isinstance(value, date) or (isinstance(value, str) and form.fullmatch(value)):
            return value
        raise ValueError(f"write it out, as in {example}")

    return check


IsoDay = Annotated[date, BeforeValidator(_written(r"\d{4}-\d{2}-\d{2}", "2026-11-23"))]
IsoTime = Annotated[AwareDatetime, BeforeValidator(_written(r"\d{4}-\d{2}-\d{2}[Tt ]\S+", "2026-11-23T09:00:00+08:00"))]
