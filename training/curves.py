"""How a run went: a line of figures every so many steps, and a picture of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

FILE = "curves.jsonl"
PICTURE = "curves.png"
Point = dict[str, Any]
"""step, seconds, score_loss and pointer_loss; and dev, AUROC by what it is of, where it was measured."""


class Curves:
    """The points of a run in its folder."""

    def __init__(self, folder: Path) -> None:
        self._file, self._picture = folder / FILE, folder / PICTURE

    def points(self) -> list[Point]:
        """All points so far; a last line that a kill broke off is none."""
        text = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def add(self, point: Point) -> None:
        """Writes one more."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(point, ensure_ascii=False) + "\n")

    def cut(self, step: int) -> None:
        """Takes back what was written after a step, from which the run goes on."""
        kept = [json.dumps(point, ensure_ascii=False) for point in self.points() if point["step"] <= step]
        self._file.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")

    def draw(self) -> None:
        """Draws the losses, and the AUROC on held-out articles, whole and by kind of negative."""
        points = self.points()
        figure = Figure(figsize=(11, 4.5), layout="constrained")
        canvas = FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        for name in ("score_loss", "pointer_loss"):
            left.plot([point["step"] for point in points], [point[name] for point in points], label=name)
        _named(left, "loss, smoothed")
        _draw_dev(right, [point for point in points if "dev" in point])
        canvas.print_png(self._picture, metadata={"Software": None})


def _draw_dev(axes: Axes, points: list[Point]) -> None:
    names = list(points[-1]["dev"]) if points else []
    for name in names:
        told = [(point["step"], point["dev"][name]) for point in points if name in point["dev"]]
        whole = name in ("score", "pointer", "all")
        axes.plot(*zip(*told, strict=True), label=name, marker=".", linestyle="-" if whole else ":")
    _named(axes, "AUROC, held-out articles")


def _named(axes: Axes, name: str) -> None:
    axes.set_title(name)
    axes.set_xlabel("step")
    axes.grid(alpha=0.3)
    if axes.lines:
        axes.legend(fontsize=7)
