"""The colours: each that is used is declared, and text can be read on what it stands on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.pages import design

UI = Path(design.__file__).parents[1]
SHEETS = [*UI.rglob("*.css"), *UI.rglob("*.html")]
DECLARED = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")
TEXT_ON = [
    *((text, under) for text in ("ink", "soft") for under in ("page", "sheet", "tint")),
    *(("brand", under) for under in ("page", "sheet", "tint")),
    *((f"{kind}", f"{kind}-tint") for kind in ("warn", "grave", "calm", "person")),
    ("on-brand", "brand"),
    ("ink", "mark"),
]


def looks() -> list[dict[str, str]]:
    day, dark = design.style(".dark").split(".dark")
    return [dict(DECLARED.findall(day)), dict(DECLARED.findall(dark))]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", looks(), ids=["day", "dark"])
@pytest.mark.parametrize(("text", "under"), TEXT_ON)
def test_text_can_be_read(look: dict[str, str], text: str, under: str) -> None:
    assert contrast(look[text], look[under]) >= 4.5


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_what_a_sheet_uses_is_declared(sheet: Path) -> None:
    written = sheet.read_text(encoding="utf-8")
    used = set(re.findall(r"var\(--([a-z-]+)[,)]", written))
    own = set(re.findall(r"--([a-z-]+):", written)) | {"assistant", "font", "part"}
    assert used - own <= looks()[0].keys()


def test_both_looks_have_the_same_colours() -> None:
    day, dark = looks()
    assert day.keys() == dark.keys()


def test_pages_without_gradio_follow_the_browser() -> None:
    assert "prefers-color-scheme: dark" in design.style()
