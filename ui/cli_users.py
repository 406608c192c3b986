"""`teller user`: who may sign in, kept on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.settings import load
from assistant.sign_in import Role
from ui.cli_operator import opened, operator, refuse

if TYPE_CHECKING:
    from assistant.user import User, Users

users = typer.Typer(no_args_is_help=True, help="Add, list and change who may sign in.")
console = Console()
_SHOWN = ("name", "display_name", "role", "branch", "disabled", "locked_until", "created_at")
Name = Annotated[str, typer.Argument(help="the name to sign in with")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for a program to read")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="read the password from one line of standard input")]


@users.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="what the user may do")],
    branch: Annotated[str, typer.Option(help="where the user works; the head office when empty")] = "",
    display_name: Annotated[str, typer.Option("--display-name", help="what others see; the name when empty")] = "",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a user; the password is asked for twice, and not shown."""
    password = _password(password_stdin)
    with _users() as known:
        _told(_tried(lambda: known.add(operator(), name, role, password, branch, display_name)), as_json)


@users.command(name="list")
def list_users(as_json: AsJson = False) -> None:
    """List the users."""
    with _users() as known:
        found = [_shown(one) for one in known.listed()]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table(*_SHOWN)
    for row in found:
        table.add_row(*(escape(str("" if cell is None else cell)) for cell in row.values()))
    console.print(table)


@users.command()
def disable(name: Name, as_json: AsJson = False) -> None:
    """Refuse a user from now on; who is signed in by this name is signed out at once."""
    _changed(name, as_json, disabled=True)


@users.command()
def enable(name: Name, as_json: AsJson = False) -> None:
    """Let a user sign in again."""
    _changed(name, as_json, disabled=False)


@users.command()
def password(name: Name, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Set a user's password anew, and unlock the user; who is signed in by this name signs in again."""
    _changed(name, as_json, password=_password(password_stdin))


def _changed(name: str, as_json: bool, *, disabled: bool | None = None, password: str | None = None) -> None:
    from assistant.user import Change

    with _users() as known:
        _told(_tried(lambda: known.change(operator(), name, Change(disabled=disabled, password=password))), as_json)


@contextmanager
def _users() -> Iterator[Users]:
    from assistant import bootstrap
    from assistant.user import Users

    settings = load()
    with opened(settings) as database:
        yield Users(database, bootstrap.build_audit(settings, database))


def _tried(action: Callable[[], User]) -> User:
    from assistant.password import WeakPassword
    from assistant.user import NameTaken, NoSuchUser, WrongName

    try:
        return action()
    except (WeakPassword, WrongName) as error:
        refuse(str(error), 2)
    except (NameTaken, NoSuchUser) as error:
        refuse(str(error))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True))


def _told(user: User, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_shown(user), ensure_ascii=False, indent=2))
        return
    place = user.branch or "head office"
    state = "disabled" if user.disabled else "may sign in"
    console.print(f"{user.name}: {user.role}, {place}, {state}", highlight=False, markup=False)


def _shown(user: User) -> dict[str, str | bool | None]:
    told = asdict(user)
    return {name: told[name] for name in _SHOWN}
