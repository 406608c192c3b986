"""The whole bank as one web application: every module of api/ adds its part."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from assistant.demo_bank import api, problem
from assistant.demo_bank.codes import Codes
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.desk import Desk
from assistant.demo_bank.door import Door, Underway, Watch
from assistant.demo_bank.faults import Faults, FaultyLine
from assistant.demo_bank.operation import Operations
from assistant.demo_bank.rules import Rules
from assistant.demo_bank.seed.seed import fill

_ABOUT = "The gateway of a small demo bank; a real bank's gateway would implement all but the demo's own addresses."


def create(data_dir: Path, key: str, rules: Rules | None = None) -> FastAPI:
    """The application over the database in this folder, which is made and filled where there is none."""
    rules = rules or Rules()
    store = Store(data_dir / "bank.sqlite3")
    with store.writing() as connection:
        fill(connection, rules.now())
    desk = Desk(store, rules, Operations(store, rules), Codes(store, rules, key), Faults(store), Underway())
    app = FastAPI(title="Spruce Bank", version="1", description=_ABOUT, docs_url=None, redoc_url=None, lifespan=_life)
    app.state.desk = desk
    problem.install(app)
    for entry in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        app.include_router(importlib.import_module(entry.name).router)
    # The last one added is the first to see a call.
    app.add_middleware(FaultyLine, faults=desk.faults)
    app.add_middleware(Watch, underway=desk.underway)
    app.add_middleware(Door, key=key)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.desk.store.close()
