"""Starts the service: checks, index, addresses, uvicorn."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from assistant import bootstrap
from assistant.bell import Bell
from assistant.desk_rules import WrongDesk
from assistant.flow import WrongFlow
from assistant.seal import WrongKey
from assistant.settings import Settings, load
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.engine import DatabaseUnusable
from knowledge_base.word_list import WrongWordList
from ui import building
from ui.pages import navigation
from ui.signin import DEMO_SIGN_INS
from ui.sweeping import keeping, playing_runs, reading_gaps, sweeping
from ui.telemetry import telling

console = Console()
Index = Callable[[Database, Embedder], object]


class CannotServe(Exception):
    """The service cannot start as asked."""


def run(settings: Settings, host: str, port: int, workers: int, index: Index) -> None:
    """Serves until it is stopped; raises CannotServe."""
    _check(settings, host, workers)
    bootstrap.go_offline()
    try:
        database = bootstrap.build_database(settings)
    except DatabaseUnusable as error:
        raise CannotServe(str(error)) from error
    embedder = bootstrap.build_embedder(settings)
    console.print("Checking the knowledge folder …")
    index(database, embedder)
    with bootstrap.banking(settings) as settings:
        if workers > 1:
            database.close()
            _announce(settings, host, port)
            _tell_workers(settings)
            uvicorn.run("ui.server:worker", factory=True, host=host, port=port, workers=workers, log_level="warning")
            return
        with serving(settings, database, embedder) as app:
            _announce(settings, host, port)
            uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _tell_workers(settings: Settings) -> None:
    """Worker processes read the environment; the demo bank that was started for all of them stands there."""
    if settings.bank_url and settings.bank_key:
        os.environ |= {
            "TELLER_BANK_URL": str(settings.bank_url),
            "TELLER_BANK_KEY": settings.bank_key.get_secret_value(),
        }


def worker() -> FastAPI:
    """The application of one process among several; its parts live as long as the process."""
    settings = load()
    bootstrap.go_offline()
    return serving(settings, bootstrap.build_database(settings), bootstrap.build_embedder(settings)).__enter__()


@contextmanager
def serving(settings: Settings, database: Database, embedder: Embedder) -> Iterator[FastAPI]:
    """The application with its indexes loaded."""
    from ui.app import create

    try:
        with bootstrap.open_search(settings, database, embedder, exclusive=True) as search:
            search.refresh()
            with closing(Bell(database)) as bell, bootstrap.language_models(settings) as llm:
                service, routing = building.build(settings, database, embedder, search, bell, llm)
                with (
                    telling(settings),
                    sweeping(routing, service.desk.pictures),
                    keeping(
                        service.storage, bootstrap.build_erasure(settings, database), settings.keep_conversations_days
                    ),
                    reading_gaps(service.gaps, service.faqs),
                    playing_runs(service.runs),
                ):
                    yield create(service)
    except (bootstrap.StoreInUse, WrongFlow, WrongDesk, WrongWordList, WrongKey) as error:
        raise CannotServe(str(error)) from error


def _check(settings: Settings, host: str, workers: int) -> None:
    if workers > 1 and settings.chroma_url is None:
        raise CannotServe(
            "Several processes cannot share the embedded Chroma store; set TELLER_CHROMA_URL to a server."
        )
    if settings.demo and not _loopback(host):
        raise CannotServe(
            f"The demo's sign-ins are published, so with TELLER_DEMO on the service listens on loopback only, not {host}. "
            "Set TELLER_DEMO=false to serve others."
        )


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _announce(settings: Settings, host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    console.print(f"\n[bold]{settings.assistant_name}[/] is at your service:")
    for name, path in (
        ("customer chat", "/"),
        *((place.names["en"].lower(), place.path) for place in navigation.places()),
        ("HTTP interface", "/openapi.json"),
        ("metrics", "/metrics"),
    ):
        console.print(f"  {name:<17} {address}{path}", highlight=False)
    if settings.demo:
        console.print(f"  demo sign-ins     {', '.join(DEMO_SIGN_INS)} (password: demo)", highlight=False)
    console.print("Stop with Ctrl+C.")
