from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, String, inspect, text
from sqlalchemy.exc import IntegrityError

import assistant.audit
import assistant.campaign_table
import assistant.day_figures
import assistant.faq_draft
import assistant.faq_publishing
import assistant.gap_table
import assistant.human_agent
import assistant.lead
import assistant.one_key
import assistant.picture
import assistant.signed_out
import assistant.storage
import assistant.ticket_table
import assistant.user
import knowledge_base.edition
import knowledge_base.library
from assistant.event import ConversationStarted
from assistant.reply import Reply
from assistant.seal import Seal
from assistant.storage import Storage
from knowledge_base import migrations, schema
from knowledge_base.database import Database, metadata
from knowledge_base.engine import DatabaseUnusable, open_engines
from knowledge_base.passage import Audience
from tests.service import ROOT

TABLES_ARE_IN = (
    assistant.audit,
    assistant.campaign_table,
    assistant.day_figures,
    assistant.faq_draft,
    assistant.faq_publishing,
    assistant.gap_table,
    assistant.human_agent,
    assistant.lead,
    assistant.one_key,
    assistant.picture,
    assistant.signed_out,
    assistant.ticket_table,
    assistant.storage,
    assistant.user,
    knowledge_base.edition,
    knowledge_base.library,
)
STARTED = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"))


def revision(database: Database) -> str:
    with database.reading() as connection:
        found: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return found


def make_old(url: str, *names: str) -> None:
    """A database as it was made before there were migrations: the tables that the program had then."""
    engines = open_engines(url)
    with engines.migrator.begin() as connection:
        schema.migrate(connection, "0001")
        unmade = set(inspect(connection).get_table_names()) - set(names or metadata.tables)
        for name in unmade - {"tickets"} | ({"tickets"} if names else set()):
            connection.execute(text(f"DROP TABLE {name}"))
    engines.dispose()


class TestTables:
    def test_what_the_migrations_make_is_what_the_program_uses(self, database_url: str) -> None:
        with closing(Database(database_url)) as database, database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def test_the_files_are_one_chain_in_the_order_of_their_names(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.set_main_option("path_separator", "os")
        chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        assert chain[::-1] == schema.revisions()

    def test_a_database_that_is_up_to_date_opens_without_alembic(self, database_url: str) -> None:
        Database(database_url).close()
        code = (
            "import sys; from knowledge_base.database import Database\n"
            f"Database({database_url!r}).close(); sys.exit('alembic' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


class TestForeignKeys:
    def test_a_table_that_others_refer_to_can_be_made_anew(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'teller.sqlite3'}"
        with closing(Database(url)) as database:
            conversation, _token = Storage(database, Seal("secret of the test")).start(STARTED)
            with database.engines.migrator.begin() as connection:
                operations = Operations(MigrationContext.configure(connection))
                with operations.batch_alter_table("conversations", recreate="always") as batch:
                    batch.add_column(Column("colour", String(8)))
            assert len(Storage(database, Seal("secret of the test")).events(conversation)) == 1
            with pytest.raises(IntegrityError), database.writing() as connection:
                connection.execute(text("DELETE FROM conversations"))

    def test_rows_that_refer_to_nothing_stop_the_migration(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'teller.sqlite3'}"
        make_old(url)
        engines = open_engines(url)
        with engines.migrator.begin() as connection:
            connection.execute(text("INSERT INTO events VALUES ('nobody', 0, '', '')"))
        engines.dispose()
        with pytest.raises(DatabaseUnusable, match="a row of events refers to one of conversations that is not there"):
            Database(url)
        assert "alembic_version" not in tables(url)


class TestOldDatabase:
    @pytest.mark.parametrize("names", [(), ("conversations", "events", "turns")], ids=["all", "before tickets"])
    def test_it_is_taken_over_with_what_is_in_it(self, database_url: str, names: tuple[str, ...]) -> None:
        make_old(database_url, *names)
        row = {"id": "c1", "token_digest": "d", "started_at": "2026-11-22"}
        engines = open_engines(database_url)
        with engines.writer.begin() as connection:
            connection.execute(metadata.tables["conversations"].insert().values(row))
        engines.dispose()
        with closing(Database(database_url)) as database:
            assert revision(database) == schema.revisions()[-1]
            with database.reading() as connection:
                (kept,) = connection.execute(metadata.tables["conversations"].select()).mappings()
                assert dict(kept) == row
                assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def test_a_generation_that_was_counted_goes_on(self, database_url: str) -> None:
        make_old(database_url)
        engines = open_engines(database_url)
        with engines.writer.begin() as connection:
            connection.execute(metadata.tables["library_generation"].update().values(number=41))
        engines.dispose()
        with closing(Database(database_url)) as database:
            library = knowledge_base.library.Library(database)
            assert library.generation() == 41


class TestNewerDatabase:
    def test_it_is_refused_with_what_to_do(self, database_url: str) -> None:
        with closing(Database(database_url)) as database, database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(DatabaseUnusable, match=r"newer Teller: its tables are at 9999.*start the newer Teller"):
            Database(database_url)
        assert tables(database_url) == {*metadata.tables, "alembic_version"}


def tables(url: str) -> set[str]:
    engines = open_engines(url)
    with engines.reader.connect() as connection:
        names = inspect(connection).get_table_names()
    engines.dispose()
    return set(names)


class TestTogether:
    def test_eight_threads_may_open_a_new_database_at_once(self, database_url: str) -> None:
        errors: list[Exception] = []
        gate = threading.Barrier(8)

        def open_one() -> None:
            gate.wait()
            try:
                Database(database_url).close()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=open_one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with closing(Database(database_url)) as database:
            assert revision(database) == schema.revisions()[-1]

    def test_eight_processes_may_open_a_new_database_at_once(self, database_url: str) -> None:
        code = (
            "import sys; from knowledge_base.database import Database\n"
            f"print('ready', flush=True); sys.stdin.readline(); Database({database_url!r}).close()"
        )
        command = [sys.executable, "-c", code]
        processes = [
            subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) for _ in range(8)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 8
        with closing(Database(database_url)) as database:
            assert Storage(database, Seal("secret of the test")).start(STARTED)


class TestUnusable:
    @pytest.mark.parametrize(
        ("url", "told"),
        [
            (
                "postgresql://teller:hidden@127.0.0.1:1/teller",
                "teller:\\*\\*\\*@127.0.0.1:1.*refused.*start the Postgre",
            ),
            ("postgresql://teller:hidden@127.0.0.1:x/teller", "cannot be read; write TELLER_DATABASE_URL as"),
            ("mysql://root:hidden@localhost/teller", "begins with mysql.*write TELLER_DATABASE_URL as"),
            ("not a url", "cannot be read; write TELLER_DATABASE_URL as"),
            ("sqlite:////nowhere/at/all/teller.sqlite3", "unable to open database file; check TELLER_DATABASE_URL"),
        ],
    )
    def test_it_says_why_and_what_to_do_without_the_password(self, url: str, told: str) -> None:
        with pytest.raises(DatabaseUnusable, match=told) as caught:
            Database(url)
        assert "hidden" not in str(caught.value)

    def test_a_database_that_is_not_there(self, postgres_url: str) -> None:
        with pytest.raises(DatabaseUnusable, match='database "nothing" does not exist'):
            Database(_elsewhere(postgres_url))


def _elsewhere(url: str) -> str:
    head, _, tail = url.partition("@/")
    return f"{head}@/nothing?{tail.partition('?')[2]}"
