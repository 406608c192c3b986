"""A chart of rows as inline SVG: words in both languages, in the page's own fonts, figures beside what is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

from markupsafe import Markup, escape
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from evals.reports.text import Words

WIDTH, EDGE, ROW, FOOT = 400, 10, 40, 26
"""In CSS pixels: narrow enough to be read on a telephone."""
GREEN, RED, INK, SOFT, LINE, BLUE = "#1f6f54", "#b3261e", "#1d2b26", "#5c6b65", "#dbe3df", "#1d4f91"
_SIGNS = (WIDTH - 2 * EDGE) / 6.4
"""So many Latin letters stand side by side."""
_NO_DATE = {"Date": None, "Creator": None, "Format": None, "Type": None}
_OURS = re.compile(
    r"<style[^>]*>.*?</style>|<metadata>.*?</metadata>| id=\"[A-Za-z0-9]+_\d+\"|font-family: [^;]*; ", re.DOTALL
)
"""What the page has its own of, and ids, which may stand once in a page."""


class Chart:
    """Rows one below another, each with its name and its figure above a lane to draw in; lanes share one scale."""

    def __init__(self, name: Words, rows: int, low: float = 0.0, high: float = 1.0, foot: int = FOOT) -> None:
        self._name = name
        self._rows = rows
        self._words: list[Words] = []
        """What is said in the chart, each by the token that stands for it."""
        self.height = rows * ROW + foot
        figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72)
        self._canvas = FigureCanvasSVG(figure)
        inner = (EDGE / WIDTH, 0, 1 - 2 * EDGE / WIDTH, 1)
        self.axes: Axes = figure.add_axes(inner, xlim=(low, high), ylim=(self.height, 0))
        self.axes.set_axis_off()
        figure.patch.set_alpha(0)
        self._low, self._high, self._foot = low, high, foot

    def lane(self, row: int) -> float:
        """The height at which a row is drawn."""
        return row * ROW + 29

    def row(self, row: int, name: Words, figure: str, colour: str = INK) -> None:
        """A row's name at its left and its figure at its right."""
        room = int(_SIGNS - len(figure)) - 1
        told = Words(_short(name.zh, room), _short(name.en, room))
        self._text(self._low, row * ROW + 16, self._said(told), INK, "left")
        self._text(self._high, row * ROW + 16, figure, colour, "right")

    def scale(self, ticks: dict[float, str]) -> None:
        """Thin lines across every lane, with what they stand for at the foot."""
        end = self._rows * ROW
        for at, told in ticks.items():
            for middle in map(self.lane, range(self._rows)):
                self.axes.plot([at, at], [middle - 7, middle + 7], color=LINE, linewidth=1, zorder=0, clip_on=False)
            side = "left" if at == self._low else "right" if at == self._high else "center"
            self._text(at, end + 14, told, SOFT, side, 11)

    def bar(self, row: int, end: float, colour: str, alpha: float = 1.0) -> None:
        """A bar from the scale's start."""
        at = self.lane(row)
        self.axes.plot([self._low, self._high], [at, at], color="#eef2f0", linewidth=8, solid_capstyle="butt", zorder=1)
        self.axes.plot(
            [self._low, end], [at, at], color=colour, linewidth=8, alpha=alpha, solid_capstyle="butt", zorder=2
        )

    def line(self, row: int, ends: tuple[float, float], colour: str) -> None:
        """A line between two values."""
        at = self.lane(row)
        self.axes.plot(ends, [at, at], color=colour, linewidth=2.5, solid_capstyle="round", zorder=2, clip_on=False)

    def dot(self, row: int, at: float, colour: str, *, hollow: bool = False) -> None:
        """A point at a value."""
        face = "#ffffff" if hollow else colour
        place = ([at], [self.lane(row)])
        self.axes.plot(*place, "o", markersize=8, color=face, markeredgecolor=colour, zorder=3, clip_on=False)

    def tick(self, row: int, at: float) -> None:
        """A mark across the lane."""
        middle = self.lane(row)
        self.axes.plot([at, at], [middle - 8, middle + 8], color=INK, linewidth=2.5, zorder=4, clip_on=False)

    def text(self, at: float, height: float, told: str, side: str = "center") -> None:
        """A figure anywhere."""
        self._text(at, height, told, INK, side, 11)

    def svg(self) -> Markup:
        """The chart for a page; the same chart is the same text."""
        written = StringIO()
        salt = f"{self._name.zh}{[one.zh for one in self._words]}"
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
            self._canvas.print_svg(written, metadata=_NO_DATE)
        drawn = written.getvalue()
        drawn = _OURS.sub("", drawn[drawn.index("<svg") :])
        for number, words in enumerate(self._words):
            drawn = drawn.replace(f">{_token(number)}<", f">{_spans(words)}<")
        zh, en = escape(self._name.zh), escape(self._name.en)
        named = (
            f'<svg role="img" aria-label="{zh}" data-attribute="aria-label" data-zh="{zh}" data-en="{en}" class="chart"'
        )
        return Markup(drawn.replace("<svg", named, 1))  # noqa: S704 - every word of it is escaped above

    def _said(self, words: Words) -> str:
        self._words.append(words)
        return _token(len(self._words) - 1)

    def _text(self, at: float, height: float, told: str, colour: str, side: str, size: int = 12) -> None:
        self.axes.text(at, height, told, ha=side, va="baseline", fontsize=size, color=colour, parse_math=False)


def _token(number: int) -> str:
    """Stands for words while the chart is drawn, for which no font with their letters is needed then."""
    return f"words{number:04d}"


def _spans(words: Words) -> str:
    return "".join(_span(language, text) for language, text in words.both())


def _span(language: str, text: str) -> str:
    return f'<tspan class="{language}">{escape(text)}</tspan>'


def _short(text: str, room: int) -> str:
    """As much of a name as fits beside a figure, where a Chinese sign takes two places."""
    cut = list(_fitting(text, room))
    return text if len(cut) == len(text) else "".join(cut[:-1]) + "…"


def _fitting(text: str, room: int) -> Iterator[str]:
    for sign in text:
        room -= 1 if sign.isascii() else 2
        if room < 0:
            return
        yield sign
