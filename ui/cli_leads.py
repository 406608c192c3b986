"""`teller leads`: the tasks that customers left and agreed to be contacted about, in the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.settings import load
from ui.cli_operator import opened, operator

if TYPE_CHECKING:
    from assistant.lead_desk import LeadView

_FORMS = ("csv", "xlsx")
_COLUMNS = ("status", "branch", "name", "title", "asks", "stopped_at")
console = Console()
errors = Console(stderr=True)
Status = Literal["new", "taken", "done", "dropped"]


def leads(
    branch: Annotated[str | None, typer.Option(help="of this branch only")] = None,
    status: Annotated[Status | None, typer.Option(help="where the lead stands")] = None,
    export: Annotated[Path | None, typer.Option(help="write a file instead: .csv or .xlsx", dir_okay=False)] = None,
) -> None:
    """List the tasks that customers left and agreed to be contacted about."""
    form = export.suffix.lower().lstrip(".") if export else ""
    if export and form not in _FORMS:
        errors.print(f"{export} is neither .csv nor .xlsx.", style="red", highlight=False, markup=False)
        raise typer.Exit(2)
    found = _listed(branch, status, export=export is not None)
    if export:
        from ui import lead_sheet

        export.write_bytes(lead_sheet.written(found, "zh-CN", form))
        console.print(f"{len(found)} leads written to {export}", highlight=False, markup=False)
        return
    _print(found)


def _listed(branch: str | None, status: Status | None, *, export: bool) -> list[LeadView]:
    from assistant import bootstrap
    from assistant.lead import Status as Stored
    from assistant.sign_in import Role, SignIn

    settings, stands = load(), Stored(status) if status else None
    who = SignIn(operator(), Role.ADMIN)
    with opened(settings) as database:
        desk = bootstrap.build_lead_desk(
            settings,
            bootstrap.build_storage(settings, database),
            bootstrap.build_bank(settings),
            bootstrap.build_flows(settings),
        )
        if export:
            return desk.exported(who, "zh-CN", stands, branch)
        return desk.listed(who, "zh-CN", stands, branch)


def _print(found: list[LeadView]) -> None:
    table = Table()
    for name in _COLUMNS:
        table.add_column(name, overflow="fold")
    for lead in found:
        table.add_row(*(escape(str(getattr(lead, name))) for name in _COLUMNS))
    console.print(table)
