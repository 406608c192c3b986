"""`teller backup` and `teller restore`: all that the service was told, in one file, and back from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.settings import load
from ui.cli_operator import refuse

console = Console(highlight=False)


def backup(
    to: Annotated[Path, typer.Argument(help="the archive to write, such as teller-2026-11-23.tar.gz")],
    without_key: Annotated[bool, typer.Option(help="leave out the key that opens sealed values")] = False,
) -> None:
    """Write everything that was stored to one archive, while the service goes on."""
    from assistant import backup as archive

    try:
        made = archive.make(load(), to, with_key=not without_key)
    except archive.BackupFailed as error:
        refuse(str(error))
    console.print(f"{made.path}: {made.size:,} bytes, as of {made.made_at}")
    if made.has_key:
        console.print("It holds the key that opens sealed values: keep it as safe as the service itself.")
    else:
        console.print("The key is not in it: without TELLER_SECRET_KEY or secret.key what is sealed stays sealed.")


def restore(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="an archive of `teller backup`")],
    replace: Annotated[bool, typer.Option(help="move what is there aside, and restore")] = False,
) -> None:
    """Put back what an archive holds; the service must be stopped, and makes its index anew at the next start."""
    from assistant import backup as archive

    try:
        put = archive.restore(load(), source, replace=replace)
    except archive.BackupFailed as error:
        refuse(str(error))
    console.print(f"Restored as of {put.made_at}: {', '.join(put.files)}")
