"""The stage of the stories: the whole assistant over a small knowledge base, and a bank of each story's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import bootstrap
from assistant.llms.scripted import Scripted
from assistant.routing import Routing
from assistant.settings import Settings
from evals import bank
from ingest.ingest import Ingest
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.service import write_documents
from tests.stories.story import Stage, Story

SetStage = Callable[[Story], Stage]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Search]:
    """Search over the small knowledge base."""
    root = tmp_path_factory.mktemp("library")
    settings = Settings(data_dir=root, knowledge_dir=write_documents(root))
    database = bootstrap.build_database(settings)
    Ingest(Library(database), embedder, settings.knowledge_dir, root / "ingest.lock").run()
    with bootstrap.open_search(settings, database, embedder) as search:
        search.refresh()
        yield search
    database.close()


@pytest.fixture
def set_stage(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[SetStage]:
    """Sets the stage for one story."""
    with ExitStack() as stack:

        def set_one(story: Story) -> Stage:
            settings = Settings(data_dir=tmp_path, turns_per_conversation=1_000_000)
            database: Database = bootstrap.build_database(settings)
            stack.callback(database.close)
            running = stack.enter_context(bank.running(template, tmp_path / "bank"))
            storage = bootstrap.build_storage(settings, database)
            script = Scripted(story.model) if story.model is not None else None
            house = bootstrap.build_house(settings, storage, library, embedder, running.port, script)
            conversation, _token, reply = house.assistant.start(Audience.CUSTOMER, story.locale, story.customer)
            routing = Routing(storage, house.assistant, house.desk.rules, since=datetime.fromtimestamp(0, UTC))
            who = (house.assistant, running, story.customer, conversation, reply)
            return Stage(*who, house=house, routing=routing, database=database, script=script)

        yield set_one
