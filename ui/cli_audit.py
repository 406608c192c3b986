"""`teller audit`: who read or changed what, and whether the trail still holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.settings import load
from ui.cli_operator import opened, refuse

if TYPE_CHECKING:
    from assistant.audit import Audit

audit = typer.Typer(no_args_is_help=True, help="Read the audit trail, and prove that nothing in it was altered.")
console = Console()
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for a program to read")]


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Prove the whole trail: exit 0 where it holds, 1 with the first entry where it does not."""
    with _audit() as trail:
        held, broken = trail.verify()
    if as_json:
        print(json.dumps({"held": held, "broken": asdict(broken) if broken else None}))
    elif broken is None:
        console.print(f"{held} entries hold", highlight=False)
    else:
        refuse(f"{held} entries hold; the trail breaks at entry {broken.number}: {broken.reason}")
    raise typer.Exit(0 if broken is None else 1)


@audit.command(name="list")
def list_entries(
    who: Annotated[str | None, typer.Option(help="of this person only")] = None,
    what: Annotated[str | None, typer.Option(help="on this thing only")] = None,
    limit: Annotated[int, typer.Option("-n", min=1, max=10_000, help="how many entries, the last first")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the entries, the last first."""
    with _audit() as trail:
        found = trail.listed(who, what, limit=limit)
    if as_json:
        print(json.dumps([asdict(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    table = Table("number", "at", "who", "did", "what", "detail")
    for entry in found:
        detail = ", ".join(f"{name}: {value}" for name, value in entry.detail.items())
        table.add_row(*map(escape, (str(entry.number), entry.at, entry.who, entry.did, entry.what, detail)))
    console.print(table)


@contextmanager
def _audit() -> Iterator[Audit]:
    from assistant import bootstrap

    settings = load()
    with opened(settings) as database:
        yield bootstrap.build_audit(settings, database)
