"""`teller cost`: what models cost, by day and model, and the dearest conversations."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.settings import load
from ui.cli_operator import opened

if TYPE_CHECKING:
    from assistant.spending import Spending

console = Console()
_DIGITS = 6
_ROW = ("day", "model", "calls", "failed", "input_tokens", "output_tokens", "cost")


def cost(
    since: Annotated[
        datetime | None, typer.Option(metavar="DAY", formats=["%Y-%m-%d"], help="from this day on; ever by default")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for a program to read")] = False,
) -> None:
    """Add up what models cost, by day and model, and show the dearest conversations.

    Costs are in the currency of TELLER_LLM_PRICES, by the prices that held when a model was asked.
    """
    from assistant import bootstrap, spending

    settings = load()
    with opened(settings) as database:
        found = spending.since(bootstrap.build_storage(settings, database), since.date() if since else None)
    if as_json:
        print(json.dumps(_rounded(asdict(found)), ensure_ascii=False, indent=2, default=str))
    else:
        _print(found)


def _print(found: Spending) -> None:
    table = Table(*(name.replace("_", " ") for name in _ROW))
    for row in found.rows:
        told = asdict(row) | {"cost": f"{row.cost:.{_DIGITS}f}"}
        table.add_row(*(escape(str(told[name])) for name in _ROW))
    console.print(table)
    console.print(f"{found.cost:.{_DIGITS}f} in all", highlight=False)
    for one in found.dearest:
        console.print(f"  {one.cost:.{_DIGITS}f}  {one.conversation}, {one.calls} calls", highlight=False, markup=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
