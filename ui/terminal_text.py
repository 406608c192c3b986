"""A reply's Markdown in a terminal: tables whose cells are folded and never cut, everything else as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text


def show(text: str, console: Console) -> None:
    """Prints a reply's text."""
    for part in _parts(text):
        if isinstance(part, Table):
            console.print(part)
        else:
            console.print(part, highlight=False, markup=False)


def _parts(text: str) -> Iterator[str | Table]:
    for is_table, lines in groupby(text.split("\n"), key=lambda line: line.startswith("| ")):
        listed = list(lines)
        yield _table(listed) if is_table and len(listed) > 1 else "\n".join(listed).replace("**", "").rstrip(" ")


def _table(lines: list[str]) -> Table:
    """The rows of a Markdown table; its second line is the rule below the heading."""
    heading, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in heading:
        table.add_column(Text(title), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
