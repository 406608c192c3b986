"""A suite in a report: which of its scores are drawn, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evals.outcome import RIGHT
from evals.report import Change, Score, SuiteResult
from evals.reports import charts, text
from evals.reports.text import Words

_DRAWN = 14
"""So many rows a chart; the tables below have all."""
_PASS = "pass^"  # noqa: S105 - no password


@dataclass(frozen=True)
class Section:
    """A suite with its charts, each with the key of its heading in the texts."""

    result: SuiteResult
    name: Words
    unscored: int
    charts: Sequence[tuple[str, Markup]]
    changes: Sequence[Change]


def section(result: SuiteResult, changes: Sequence[Change]) -> Section:
    """A suite with what of these changes is its own."""
    mine = [change for change in changes if change.suite == result.name]
    unscored = sum(bool(one.unscored) for one in result.outcomes)
    return Section(result, text.titled(result), unscored, list(_charts(result, mine)), mine)


def _charts(result: SuiteResult, changes: Sequence[Change]) -> Iterator[tuple[str, Markup]]:
    shares, groups = _shares(result), _groups(result)
    moved = sorted((one for one in changes if one.gain), key=lambda one: (one.metric != RIGHT, one.p))
    passes = {int(name.removeprefix(_PASS)): score for name, score in result.scores.items() if name.startswith(_PASS)}
    if shares:
        rows = [(text.metric(name), score) for name, score in shares.items()]
        yield "scores_of", charts.intervals(text.text("scores_of"), rows[:_DRAWN])
    if groups:
        rows = [(Words(name, name), score) for name, score in groups.items()]
        yield "by_group", charts.intervals(text.text("by_group"), rows)
    if moved:
        yield "changes", charts.changes(moved[:_DRAWN])
    if len(passes) > 1:
        yield "passes", charts.passes(passes)
    if result.timings:
        yield "timings", charts.timings(result.timings)


def _shares(result: SuiteResult) -> Mapping[str, Score]:
    """The scores from 0 to 1 that are a sample's, but for those of groups and for pass^k."""
    groups = {one.case.group for one in result.outcomes} - {""}
    return {
        name: score
        for name, score in result.scores.items()
        if score.n > 1 and 0 <= score.low <= score.high <= 1
        if name.rpartition(": ")[0] not in groups and not name.startswith(_PASS)
    }


def _groups(result: SuiteResult) -> Mapping[str, Score]:
    """The share of right cases of each group."""
    groups = sorted({one.case.group for one in result.outcomes} - {""})
    named = {group: f"{group}: {RIGHT}" for group in groups}
    return {group: result.scores[name] for group, name in named.items() if name in result.scores}
