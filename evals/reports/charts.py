"""What a report draws: scores with their intervals, limits, changes, pass^k and timings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from markupsafe import Markup

from evals.report import Change, Gate, Score
from evals.reports.chart import BLUE, GREEN, LINE, RED, ROW, SOFT, Chart
from evals.reports.text import Words, metric, text, title

_SHARES = {0.0: "0%", 0.25: "25%", 0.5: "50%", 0.75: "75%", 1.0: "100%"}
_SIGNIFICANT = 0.05


def intervals(name: Words, rows: Sequence[tuple[Words, Score]]) -> Markup:
    """Shares from 0 to 1, each with its interval and how many it is of."""
    chart = Chart(name, len(rows))
    chart.scale(_SHARES)
    for place, (told, score) in enumerate(rows):
        between = f"  [{share(score.low)}, {share(score.high)}]" if score.low != score.high else ""
        chart.row(place, told, f"{share(score.value)}{between}  n={score.n}")
        chart.line(place, (score.low, score.high), BLUE)
        chart.dot(place, score.value, BLUE)
    return chart.svg()


def limits(gates: Sequence[Gate]) -> Markup:
    """Each gate's value as a bar beside its limit; every row has its own scale, which begins at 0."""
    chart = Chart(text("gates"), len(gates), foot=4)
    for place, gate in enumerate(gates):
        whole = max(gate.value, gate.limit, 0.0) * 1.12 or 1.0
        sign = {"at_least": "≥", "at_most": "≤", "above": ">", "not_worse": "≥"}.get(gate.way, "")
        colour = GREEN if gate.passed else RED
        told = Words(*(f"{'✓' if gate.passed else '✗'} {one}" for _language, one in named(gate).both()))
        chart.row(place, told, f"{figure(gate.value)}  {sign} {figure(gate.limit)}", colour)
        chart.bar(place, max(gate.value, 0.0) / whole, colour, 0.85)
        chart.tick(place, gate.limit / whole)
    return chart.svg()


def changes(found: Sequence[Change]) -> Markup:
    """Each metric before (hollow) and now (full); green where it became better, red where worse, faint where it may be chance."""
    chart = Chart(text("changes"), len(found))
    chart.scale(_SHARES)
    for place, one in enumerate(found):
        colour = GREEN if one.gain > 0 else RED
        told = f"{share(one.before)} → {share(one.after)}  p{chance(one.p, '=')}  n={one.cases}"
        chart.row(place, metric(one.metric), told, colour if one.p < _SIGNIFICANT else SOFT)
        chart.line(place, (one.before, one.after), colour)
        chart.dot(place, one.before, colour, hollow=True)
        chart.dot(place, one.after, colour)
    return chart.svg()


def passes(scores: Mapping[int, Score]) -> Markup:
    """pass^k over k, with its interval as a band."""
    steps = sorted(scores)
    span = steps[-1] - steps[0]
    left, right = steps[0] - 0.2 * span, steps[-1] + 0.08 * span
    chart = Chart(text("passes"), 5, left, right)
    top, bottom = 26.0, 5 * ROW - 8.0
    height = [_down(scores[k].value, top, bottom) for k in steps]
    lows = [_down(scores[k].low, top, bottom) for k in steps]
    highs = [_down(scores[k].high, top, bottom) for k in steps]
    for at, told in _SHARES.items():
        chart.axes.plot([left + 0.11 * span, right], [_down(at, top, bottom)] * 2, color=LINE, linewidth=1, zorder=0)
        chart.text(left, _down(at, top, bottom) + 4, told, "left")
    chart.axes.fill_between(steps, lows, highs, color=BLUE, alpha=0.14, linewidth=0)
    chart.axes.plot(steps, height, "o-", color=BLUE, linewidth=2.5, markersize=7)
    for k, at in zip(steps, height, strict=True):
        chart.text(k, at - 11, share(scores[k].value))
    for k in steps:
        chart.text(k, bottom + 20, f"k={k}")
    return chart.svg()


def timings(scores: Mapping[str, Score]) -> Markup:
    """Milliseconds as bars with their intervals, all from 0 on one scale."""
    end = max(score.high for score in scores.values()) * 1.02
    chart = Chart(text("timings"), len(scores), 0.0, end, foot=4)
    for place, (name, score) in enumerate(scores.items()):
        chart.row(place, metric(name), f"{figure(score.value)} ms  [{figure(score.low)}, {figure(score.high)}]")
        chart.bar(place, score.value, BLUE, 0.55)
        chart.line(place, (score.low, score.high), BLUE)
    return chart.svg()


def named(gate: Gate) -> Words:
    """What a gate is of: its suite and its metric."""
    if not gate.metric:
        return Words(gate.name, gate.name)
    suite, told = title(gate.suite), metric(gate.metric)
    return Words(f"{suite.zh} · {told.zh}", f"{suite.en} · {told.en}")


def share(value: float) -> str:
    """A share from 0 to 1 in percent."""
    return f"{100 * value:.1f}%"


def chance(value: float, sign: str = "") -> str:
    """A p value, which is never nought."""
    return "<0.001" if value < 0.001 else f"{sign}{value:.3f}"


def figure(value: float) -> str:
    """A figure with three places that count."""
    if not isfinite(value):
        return "∞"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def _down(value: float, top: float, bottom: float) -> float:
    return bottom - value * (bottom - top)
