"""A reply's Markdown in a terminal: no figure of a table is ever cut off."""

from __future__ import annotations

import io

from rich.console import Console

from ui import terminal_text

TEXT = """**客户**：45岁

| 产品 | 基准或利率 |
| --- | --- |
| 云杉·安享1年封闭 [5] | 2.20%—2.70%（2026-11-10公布） |

- 理财非存款"""


def _shown(text: str, width: int) -> str:
    out = io.StringIO()
    terminal_text.show(text, Console(file=out, width=width))
    return out.getvalue()


def test_a_table_is_folded_and_never_cut() -> None:
    shown = _shown(TEXT, 36)
    assert "…" not in shown
    told = "".join(line[-18:].strip() for line in shown.split("\n"))
    assert all(figure in told.replace(" ", "") for figure in ("2.20%", "2.70%", "2026-11-10"))
    assert "**" not in shown
    assert "[5]" in shown


def test_everything_else_stands_as_it_is() -> None:
    assert _shown("大额存单20万元起存。 [1]", 80) == "大额存单20万元起存。 [1]\n"
