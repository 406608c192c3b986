"""`teller replay`: a turn that was made once, made again with what is in force now, side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.settings import load
from ui.cli_operator import operator, refuse

if TYPE_CHECKING:
    from assistant.replay import Replayed
    from assistant.take import Take

console = Console()
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_MASKED = "The message is stored covered (*), and is read as it is stored: what was covered cannot be understood again."
_BEYOND = "Not done again, so that only what was understood and what was cited are compared: "


def replay(
    turn: Annotated[str, typer.Argument(help="the turn's id")],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for a program to read")] = False,
) -> None:
    """Make a turn again with today's rules, documents, prompts and model, doing nothing: exit 0 same, 1 different, 2 unknown."""
    replayed = _replayed(turn)
    if as_json:
        print(json.dumps(_plain(replayed), ensure_ascii=False, indent=2))
    else:
        _print(replayed)
    raise typer.Exit(0 if replayed.is_same else 1)


def _replayed(turn: str) -> Replayed:
    from assistant import bootstrap
    from assistant.banks.none import NoBank
    from assistant.replay import UnknownTurn
    from ui.cli import searching

    settings = load()
    with searching(settings) as (database, embedder, search), bootstrap.language_models(settings) as llm:
        audit = bootstrap.build_audit(settings, database)
        storage = bootstrap.build_storage(settings, database)
        # Without the way to the bank, nothing can be done there.
        house = bootstrap.build_house(settings, storage, search, embedder, NoBank(), llm)
        try:
            replayed = house.replay.of(turn)
        except UnknownTurn as error:
            refuse(str(error), 2)
        # Whoever replays a turn reads a customer's conversation.
        told = {"conversation": replayed.conversation, "customer": replayed.customer or ""}
        audit.note(operator(), "replay_turn", turn, told)
    return replayed


def _plain(replayed: Replayed) -> dict[str, Any]:
    found = asdict(replayed) | {"same": replayed.is_same, "diff": replayed.diff}
    for name, take in (("then", replayed.then), ("now", replayed.now)):
        found[name] |= {"tokens": take.tokens, "cost": take.cost}
    return found


def _print(replayed: Replayed) -> None:
    console.print(f"turn {replayed.number} of {replayed.conversation}, {replayed.at}", style="bold", highlight=False)
    console.print(f"“{replayed.message}”", highlight=False, markup=False)
    for told in ([_MASKED] if replayed.masked else []) + (
        [_BEYOND + ", ".join(replayed.beyond)] if replayed.beyond else []
    ):
        console.print(told, style="yellow", highlight=False, markup=False)
    console.print(_table(replayed.then, replayed.now))
    for line in replayed.diff:
        console.print(Text(line, style=_COLOURS.get(line[:1], "dim")))
    same = replayed.is_same
    console.print("the same" if same else "different", style="green" if same else "red", highlight=False)


def _table(then: Take, now: Take) -> Table:
    table = Table("", "then", "now", show_lines=True)
    rows = {
        "commands": (then.commands, now.commands),
        "outcome": ([then.outcome], [now.outcome]),
        "cited": (then.sources, now.sources),
        "worded by": (_worded(then), _worded(now)),
        "held back": (then.held_back, now.held_back),
        "tokens": (_spent(then), _spent(now)),
    }
    for name, (one, other) in rows.items():
        style = "" if list(one) == list(other) else "yellow"
        table.add_row(name, *(Text("\n".join(cell), style=style, overflow="fold") for cell in (one, other)))
    return table


def _worded(take: Take) -> Sequence[str]:
    """The prompt that worded the reply, and every model that was asked, for what."""
    asked = [f"{one.model}: {one.prompt}" + (f" ({one.failure})" if one.failure else "") for one in take.asked]
    return [take.prompt or "the documents' own words", *asked]


def _spent(take: Take) -> Sequence[str]:
    read, written = take.tokens
    return [f"{read} read, {written} written, {take.cost:.6g} spent"] if take.asked else []
