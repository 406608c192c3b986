"""Whoever runs a command, as the audit trail calls them, and the database that the command works on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from assistant.settings import Settings
    from knowledge_base.database import Database

errors = Console(stderr=True)


def operator() -> str:
    """The machine's own name for this person; the prefix keeps it apart from the names of sign-ins."""
    return f"system:{getpass.getuser()}"


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database for one command, which ends with a sentence where it cannot be used."""
    from assistant import bootstrap
    from knowledge_base.engine import DatabaseUnusable

    try:
        database = bootstrap.build_database(settings)
    except DatabaseUnusable as error:
        refuse(str(error))
    with closing(database):
        yield database


def refuse(told: str, code: int = 1) -> NoReturn:
    """Ends the command with this sentence: 1 where it failed, 2 where it was used wrongly."""
    errors.print(told, style="red", highlight=False, markup=False)
    raise typer.Exit(code)
