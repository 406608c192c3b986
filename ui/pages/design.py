"""The colours and the type that all pages share, by day and in the dark; a bank's own colour takes the place of ours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "system-ui", "sans-serif")
_DAY, _DARK = 0, 1


def style(dark: str = "") -> str:
    """The colours as custom properties of CSS.

    `dark` selects what stands in the dark, such as Gradio's `.dark`; without one, the browser's wish does.
    """
    day, night = (_declared(look) for look in (_DAY, _DARK))
    font = ", ".join(f'"{name}"' if " " in name else name for name in FONTS)
    if dark:
        return f":root {{ {day} --font: {font}; }}\n{dark} {{ {night} }}\n"
    asked = f"@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}"
    return f":root {{ color-scheme: light dark; {day} --font: {font}; }}\n{asked}\n"


def _declared(look: int) -> str:
    return " ".join(f"--{name}: {pair[look]};" for name, pair in _colours().items())


@cache
def _colours() -> dict[str, list[str]]:
    colours: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return colours
