"""The `teller` command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.settings import Settings, WrongSettings, load
from knowledge_base.cross_encoder import CrossEncoderUnusable
from knowledge_base.passage import Audience
from knowledge_base.word_list import WrongWordList
from ui.cli_audit import audit
from ui.cli_backup import backup, restore
from ui.cli_cost import cost
from ui.cli_erase import erase
from ui.cli_eval import evaluate
from ui.cli_leads import leads
from ui.cli_replay import replay
from ui.cli_users import users

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.desk_rules import DeskRules
    from assistant.flow import Flow
    from assistant.reply import Reply
    from ingest.ingest import Report
    from ingest.spread import Spread
    from knowledge_base.database import Database
    from knowledge_base.embedder import Embedder
    from knowledge_base.search import Search

# What is heavy is imported inside the commands that need it, so that --help answers at once.
app = typer.Typer(no_args_is_help=True, add_completion=False, help="Teller, a digital employee for banks.")
flows_app = typer.Typer(no_args_is_help=True, help="Prove and list the guided tasks.")
app.add_typer(flows_app, name="flows")
app.add_typer(users, name="user")
app.add_typer(audit, name="audit")
app.add_typer(erase, name="erase")
app.command()(leads)
app.command()(cost)
app.command()(backup)
app.command()(restore)
app.command(name="eval")(evaluate)
app.command()(replay)
console = Console()
errors = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="print JSON for a program to read")]
_HEADINGS = ("added", "changed", "unchanged", "removed", "failed", "withheld", "differing")
For = Annotated[Audience, typer.Option("--audience", help="who is asking")]


def main() -> None:
    """Runs the command line; mistakes in settings are told in a sentence, without a trace."""
    try:
        app()
    except (WrongSettings, WrongWordList, CrossEncoderUnusable) as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        sys.exit(1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 7860,
    workers: Annotated[int, typer.Option(min=1, help="processes; more than one needs a Chroma server")] = 1,
) -> None:
    """Serve the pages and the HTTP interface; index the knowledge folder first if it changed."""
    from ui.server import CannotServe, run

    settings = load()
    try:
        run(settings, host, port, workers, lambda database, embedder: _index(settings, database, embedder))
    except CannotServe as error:
        errors.print(str(error), style="red", highlight=False)
        raise typer.Exit(1) from error


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="files or folders; the knowledge folder by default")
    ] = None,
    audience: Annotated[Audience | None, typer.Option(help="for files that do not say it themselves")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="read and embed everything again")] = False,
    as_json: AsJson = False,
) -> None:
    """Index files or folders, and say what became of each."""
    settings = load()
    missing = [path for path in paths or [] if not path.exists()]
    if missing:
        told = f"No such file or folder: {', '.join(map(str, missing))}"
        errors.print(told, style="red", highlight=False, markup=False)
        raise typer.Exit(2)
    with _open(settings) as (database, embedder):
        report = _index(settings, database, embedder, paths or [], audience, rebuild, quiet=as_json)
    _print_report(report, as_json)
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option("-k", min=1, max=50, help="how many passages")] = 5,
    audience: For = Audience.CUSTOMER,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="search what was in force that day")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find passages, with their scores."""
    from knowledge_base.search import Query

    with searching(load()) as (_database, _embedder, found):
        hits = found.find(Query(query, audience, as_of.date() if as_of else None, limit))
    if as_json:
        from ui.api.search import passage

        _print_json([passage(hit).model_dump() for hit in hits])
        return
    for hit in hits:
        place = " ".join(filter(None, [hit.passage.section, f"p. {hit.passage.page}" if hit.passage.page else ""]))
        console.print(f"[bold]{hit.score:.3f}[/] {escape(hit.document.title)} [dim]{escape(place)}[/]", highlight=False)
        console.print(f"      {hit.passage.text}", highlight=False, markup=False)


@app.command()
def ask(question: str, audience: For = Audience.CUSTOMER, as_json: AsJson = False) -> None:
    """Answer one question, with its citations; no server is needed."""
    from assistant.guard import MessageRefused

    with _assisting(load()) as assistant:
        conversation, _token, _reply = assistant.start(audience, "zh-CN")
        try:
            turn = assistant.respond(conversation, question)
        except MessageRefused as error:
            errors.print(str(error), style="red", highlight=False)
            raise typer.Exit(2) from error
    if as_json:
        _print_json(asdict(turn))
    else:
        _print_reply(turn.reply)


@app.command()
def chat(
    audience: For = Audience.CUSTOMER,
    customer: Annotated[str | None, typer.Option(help="signed in as this customer of the demo bank: c1001")] = None,
) -> None:
    """Talk in the terminal; an empty line ends it, or looks for news while a person of the bank is wanted."""
    from ui.pages import chat_text
    from ui.terminal import Terminal

    settings = load()
    if customer and not settings.demo:
        errors.print("--customer signs in at the demo bank, and TELLER_DEMO is false.", style="red", highlight=False)
        raise typer.Exit(2)
    with _assisting(settings) as assistant:
        conversation, _token, reply = assistant.start(audience, "zh-CN", customer)
        _print_reply(reply)
        Terminal(assistant, conversation, chat_text.load(settings), console, _print_reply).talk()


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Show what is installed, configured and reachable, and what to do about the rest."""
    from ui.doctor import examine

    findings = examine(load())
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "[green]ok[/]  " if finding.ok else "[red]no[/]  "
            console.print(f"{mark}{finding.what}: {finding.state}", highlight=False)
            if finding.remedy:
                console.print(f"      {finding.remedy}", style="yellow", highlight=False)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@flows_app.command(name="check")
def check_flows(
    path: Annotated[Path | None, typer.Argument(help="a file or folder; the folder of flows by default")] = None,
) -> None:
    """Prove that flows keep their promises, or say what to mend, a line a mistake."""
    from assistant.action import actions
    from assistant.flow_check import check

    settings = load()
    path = path or settings.flows_dir
    if not path.exists():
        errors.print(f"No such file or folder: {path}", style="red", highlight=False, markup=False)
        raise typer.Exit(2)
    flows = _read_flows(path)
    named = flows.keys() if path.is_dir() else {path.stem}
    skills = _read_desk(settings.desk_file).skills
    mistakes = [mistake for mistake in check(flows, actions(), skills) if mistake.flow in named]
    for mistake in mistakes:
        print(mistake)
    if not mistakes:
        print(f"{len(named)} {'flow' if len(named) == 1 else 'flows'}, no mistakes")
    raise typer.Exit(1 if mistakes else 0)


@flows_app.command(name="list")
def list_flows(as_json: AsJson = False) -> None:
    """List the guided tasks, and the bank's actions that they call."""
    from rich.table import Table

    rows = [_flow_row(flow) for flow in _read_flows(load().flows_dir).values()]
    if as_json:
        _print_json(rows)
        return
    table = Table()
    for heading in ("id", "title zh", "title en", "identity", "steps", "actions"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    for row in rows:
        table.add_row(*(", ".join(cell) if isinstance(cell, list) else escape(str(cell)) for cell in row.values()))
    console.print(table)


@contextmanager
def _open(settings: Settings) -> Iterator[tuple[Database, Embedder]]:
    from assistant import bootstrap
    from knowledge_base.engine import DatabaseUnusable

    bootstrap.go_offline()
    try:
        database = bootstrap.build_database(settings)
    except DatabaseUnusable as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from error
    try:
        yield database, bootstrap.build_embedder(settings)
    finally:
        database.close()


@contextmanager
def searching(settings: Settings) -> Iterator[tuple[Database, Embedder, Search]]:
    """The database and the documents as they are now, for one command."""
    from assistant import bootstrap

    with _open(settings) as (database, embedder):
        _index(settings, database, embedder)
        with bootstrap.open_search(settings, database, embedder) as found:
            yield database, embedder, found


@contextmanager
def _assisting(settings: Settings) -> Iterator[Assistant]:
    from assistant import bootstrap

    with (
        searching(settings) as (database, embedder, found),
        bootstrap.banking(settings) as settings,
        bootstrap.language_models(settings) as llm,
    ):
        storage, bank = bootstrap.build_storage(settings, database), bootstrap.build_bank(settings)
        yield bootstrap.build_assistant(settings, storage, found, embedder, bank, llm)


def _index(
    settings: Settings,
    database: Database,
    embedder: Embedder,
    paths: list[Path] | tuple[()] = (),
    audience: Audience | None = None,
    rebuild: bool = False,
    quiet: bool = False,
) -> Report:
    from assistant import bootstrap
    from ingest.ingest import Ingest
    from knowledge_base.library import Library

    words, lock = bootstrap.build_word_list(settings), settings.data_dir / "ingest.lock"
    run = Ingest(Library(database), embedder, settings.knowledge_dir, lock, words, _spread(settings))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=quiet or not errors.is_terminal) as bar:
        task = bar.add_task("Indexing", total=None)
        return run.run(
            paths,
            audience,
            rebuild,
            lambda done, total, name: bar.update(task, completed=done, total=total, description=name),
        )


def _spread(settings: Settings) -> Spread | None:
    """The processes that read and embed, where the settings want some beside this one."""
    from assistant import bootstrap
    from ingest.crews import NoRay, own_processes, ray_cluster
    from ingest.spread import Spread

    make = partial(bootstrap.build_embedder, settings)
    if settings.ray_address:
        try:
            return Spread(ray_cluster(settings.ray_address, make), settings.ingest_processes)
        except NoRay as error:
            errors.print(str(error), style="red", highlight=False)
            raise typer.Exit(1) from error
    return Spread(own_processes(make), settings.ingest_processes) if settings.ingest_processes > 1 else None


def _read_desk(path: Path) -> DeskRules:
    """The desk's rules; mistakes in them end the command."""
    from assistant.desk_rules import WrongDesk
    from assistant.desk_rules import load as load_desk

    try:
        return load_desk(path)
    except WrongDesk as error:
        print(error)
        raise typer.Exit(1) from error


def _read_flows(path: Path) -> dict[str, Flow]:
    """The flows of a folder, or one with those beside it that can be read; mistakes in them end the command."""
    from assistant.flow import WrongFlow, read, read_all

    try:
        if path.is_dir():
            return read_all(path)
        flows = {path.stem: read(path)}
    except WrongFlow as error:
        print(error)
        raise typer.Exit(1) from error
    for beside in path.parent.glob("*.yaml"):
        with suppress(WrongFlow):
            flows.setdefault(beside.stem, read(beside))
    return flows


def _flow_row(flow: Flow) -> dict[str, Any]:
    from assistant.step import Call

    called = {step.action for step in flow.steps.values() if isinstance(step, Call)}
    return {
        "id": flow.id,
        "title_zh": flow.title.zh,
        "title_en": flow.title.en,
        "identity": flow.identity.name.lower(),
        "steps": len(flow.steps),
        "actions": sorted(called),
    }


def _print_report(report: Report, as_json: bool) -> None:
    if as_json:
        _print_json(asdict(report))
        return
    counts = {name: len(getattr(report, name)) for name in _HEADINGS}
    told = (f"{count} {name}" for name, count in counts.items() if count or name not in ("withheld", "differing"))
    console.print(", ".join(told), f"({report.passages} passages)")
    for path in report.withheld:
        console.print(f"  {path}: withheld, an editor withdrew it", highlight=False, markup=False)
    for path in report.differing:
        told_of = "it changed since an editor decided on its document; upload it as a new edition to have it count"
        console.print(f"  {path}: {told_of}", style="yellow", highlight=False, markup=False)
    for given in report.orders:
        told_of = f"it gives an assistant orders ({given.after}); they are read as text, but check who wrote them:"
        console.print(f"  {given.path}: {told_of}", style="yellow", highlight=False, markup=False)
        console.print(f"      {given.passage}", highlight=False, markup=False)
    for failure in report.failed:
        console.print(f"  {failure.path}: {failure.reason}", style="red", highlight=False, markup=False)
        console.print(f"      {failure.remedy}", style="yellow", highlight=False, markup=False)


def _print_reply(reply: Reply) -> None:
    from ui import terminal_text

    terminal_text.show(reply.text, console)
    for citation in reply.citations:
        place = f"《{citation.title}》{citation.section}" + (f" 第{citation.page}页" if citation.page else "")
        console.print(f"  [{citation.number}] {place}", style="dim", highlight=False, markup=False)
    for link in reply.links:
        console.print(f"  {link.label}: {link.url}", style="cyan", highlight=False, markup=False)
    for number, choice in enumerate(reply.choices, start=1):
        console.print(f"  {number}. {choice.label}", style="cyan", highlight=False, markup=False)


def _print_json(value: Any) -> None:
    def plain(item: Any) -> str:
        return item.isoformat() if isinstance(item, date) else str(item)

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n")
