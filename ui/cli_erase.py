"""`teller erase`: one customer's conversations, or those that are old, out of everything that is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant.settings import load
from ui.cli_operator import opened, operator, refuse

if TYPE_CHECKING:
    from assistant.erasure import Erasure

erase = typer.Typer(no_args_is_help=True, help="Erase conversations everywhere, also while the service runs.")
console = Console(highlight=False)
DryRun = Annotated[bool, typer.Option("--dry-run", help="only say how many there are")]


@erase.command()
def customer(
    id: Annotated[str, typer.Argument(help="the bank's id of the customer")],
    certificate: Annotated[Path | None, typer.Option(help="where to write the certificate, as JSON")] = None,
    dry_run: DryRun = False,
) -> None:
    """Erase the conversations in which a customer signed in, and certify it."""
    if certificate and certificate.exists():
        refuse(f"{certificate} exists already; name another file.")
    with _erasure() as erasure:
        if dry_run:
            console.print(f"{len(erasure.of_customer(id))} conversations would be erased.")
            return
        done = erasure.customer(id, operator())
    text = json.dumps(asdict(done), ensure_ascii=False, indent=2)
    if certificate:
        certificate.write_text(text + "\n", encoding="utf-8")
        console.print(f"{done.conversations} conversations were erased; the certificate is {certificate}.")
    else:
        print(text)


@erase.command()
def old(
    days: Annotated[int, typer.Argument(min=1, help="for how many days nothing has happened in them")],
    dry_run: DryRun = False,
) -> None:
    """Erase conversations in which nothing has happened for so many days; those that somebody waits in stay."""
    with _erasure() as erasure:
        count = len(erasure.older_than(days)) if dry_run else erasure.old(days, operator()).conversations
    console.print(f"{count} conversations {'would be' if dry_run else 'were'} erased.")


@contextmanager
def _erasure() -> Iterator[Erasure]:
    from assistant import bootstrap
    from assistant.erasure import StillOpen

    settings = load()
    with opened(settings) as database:
        try:
            yield bootstrap.build_erasure(settings, database)
        except StillOpen as error:
            refuse(str(error))
