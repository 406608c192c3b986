"""A run as one page that needs no network: scores, gates and charts at its head, and every case to be opened."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.outcome import RIGHT
from evals.report import Gate, Report, Score
from evals.reports import charts, section, text
from evals.reports.case_data import Listed
from evals.reports.text import Words

_FOLDER = Path(__file__).parent


def html(report: Report) -> str:
    """The page; the same report makes the same page."""
    listed = Listed(report)
    page = _environment().get_template("page.html")
    script = _read("page.js")
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page.render(
        report=report,
        summary=_Summary.of(report, listed.rows),
        gates=sorted(report.gates, key=lambda gate: gate.passed),
        gate_chart=charts.limits(_comparable(report.gates)) if _comparable(report.gates) else None,
        overview=_overview(report),
        sections=[section.section(result, report.changes) for result in report.suites],
        listed=listed,
        suites={result.name: _pair(text.titled(result)) for result in report.suites if result.outcomes},
        words={name: [both["zh"], both["en"]] for name, both in text.words().items()},
        style=Markup(_read("page.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=hashed,
    )


@dataclass(frozen=True)
class _Summary:
    """How many cases there are of each kind."""

    right: int
    wrong: int
    unscored: int
    broken: int
    turned_wrong: int
    turned_right: int

    @classmethod
    def of(cls, report: Report, rows: Sequence[Mapping[str, Any]]) -> _Summary:
        states = [row["state"] for row in rows]
        turns = [row.get("change") for row in rows]
        return cls(
            states.count("right"),
            states.count("wrong"),
            states.count("unscored"),
            sum(not gate.passed for gate in report.gates),
            turns.count("turned_wrong"),
            turns.count("turned_right"),
        )

    @property
    def scored(self) -> int:
        """The cases that count."""
        return self.right + self.wrong


def _overview(report: Report) -> Markup | None:
    rows = [(text.titled(one), one.scores[RIGHT]) for one in report.suites if RIGHT in one.scores]
    return charts.intervals(text.text("right_by_suite"), rows) if rows else None


def _comparable(gates: Sequence[Gate]) -> list[Gate]:
    """The gates that were measured, those that are broken first."""
    return sorted((gate for gate in gates if gate.way and gate.way != "measured"), key=lambda gate: gate.passed)


def _limit(gate: Gate) -> Words:
    """A gate's limit in words."""
    told = charts.figure(gate.limit)
    other: Words | str = told
    if gate.bound and not _is_number(gate.bound):
        other = text.text("same_as", name=text.metric(gate.bound), limit=told)
    return text.text(gate.way, limit=other) if gate.way else Words(told, told)


def _when(about: Mapping[str, Any]) -> str:
    """When a run was begun, on the clock of the bank's own settings."""
    zone = str((about.get("settings") or {}).get("time_zone", "UTC"))
    return f"{datetime.fromisoformat(str(about['started'])).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def _is_number(told: str) -> bool:
    try:
        float(told)
    except ValueError:
        return False
    return True


def _told(score: Score) -> str:
    """A score in a table."""
    return charts.figure(score.value) if score.value > 1 or score.n == 1 else f"{score.value:.3f}"


def _pair(words: Words) -> list[str]:
    return [words.zh, words.en]


def _set(settings: Mapping[str, object]) -> Mapping[str, object]:
    """The settings that have a value."""
    return {name: value for name, value in settings.items() if str(value) not in ("", "None", "{}", "[]")}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    filters: Mapping[str, Any] = {
        "figure": charts.figure, "told": _told, "chance": charts.chance, "metric": text.metric, "why": text.why, "gate": charts.named, "limit": _limit, "set": _set, "when": _when,
    }  # fmt: skip
    made.filters.update(filters)
    made.globals["t"] = text.text
    return made


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
