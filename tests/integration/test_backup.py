"""What was stored comes back from an archive, whole or not at all."""

from __future__ import annotations

import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from assistant import backup, bootstrap
from assistant.backup import BackupFailed
from assistant.event import ConversationStarted, MessageReceived
from assistant.reply import Reply
from assistant.seal import Seal
from assistant.secret_key import secret
from assistant.settings import Settings
from evals.postgres import Postgres
from knowledge_base.passage import Audience
from ui.cli import app

SAID = "我的定期什么时候到期"


def settings(folder: Path, url: str = "") -> Settings:
    return Settings(data_dir=folder, database_url=url)


def converse(place: Settings, times: int = 1) -> list[str]:
    """Conversations that are stored here, with something said in each."""
    begun = []
    with closing(bootstrap.build_database(place)) as database:
        storage = bootstrap.build_storage(place, database)
        for _ in range(times):
            one, _token = storage.start(
                ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"), "c1001", None, None, "")
            )
            storage.note(one, (MessageReceived(SAID, None),))
            begun.append(one)
    return begun


def said(place: Settings, conversation: str) -> list[str]:
    with closing(bootstrap.build_database(place)) as database:
        state = bootstrap.build_storage(place, database).record(conversation, None).state
        return [message.text for message in state.messages]


def test_it_comes_back_elsewhere_with_what_is_sealed(tmp_path: Path) -> None:
    here, there = settings(tmp_path / "here"), settings(tmp_path / "there")
    (conversation,) = converse(here)
    (here.data_dir / "suites").mkdir()
    (here.data_dir / "suites" / "own.yaml").write_text("name: own", encoding="utf-8")
    made = backup.make(here, tmp_path / "b.tar.gz")
    assert made.has_key
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    restored = backup.restore(there, made.path)
    assert restored.files == made.files == ("secret.key", "suites/own.yaml", "teller.sqlite3")
    assert said(there, conversation) == ["您好", SAID]
    assert Seal(secret(there)).open(Seal(secret(here)).close("13900139012")) == "13900139012"
    assert (there.data_dir / "suites" / "own.yaml").read_text(encoding="utf-8") == "name: own"
    assert stat.S_IMODE((there.data_dir / "secret.key").stat().st_mode) == 0o600


def test_what_is_acknowledged_before_is_in_it_while_others_write(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    before, stop = converse(here, 5), threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            converse(here)

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        made = backup.make(here, tmp_path / "b.tar.gz")
    finally:
        stop.set()
        writer.join()
    there = settings(tmp_path / "there")
    backup.restore(there, made.path)
    assert all(said(there, conversation) == ["您好", SAID] for conversation in before)


def test_a_database_that_is_there_stays_unless_told(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    (old,) = converse(here)
    made = backup.make(here, tmp_path / "b.tar.gz")
    (new,) = converse(here)
    with pytest.raises(BackupFailed, match="--replace"):
        backup.restore(here, made.path)
    assert said(here, new)
    backup.restore(here, made.path, replace=True)
    assert said(here, old) == ["您好", SAID]
    aside = [path.name for path in here.data_dir.iterdir() if ".before-" in path.name]
    assert any(name.startswith("teller.sqlite3.before-") for name in aside)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    converse(here)
    to = tmp_path / "b.tar.gz"
    to.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupFailed, match="exists already"):
        backup.make(here, to)
    assert to.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("harm", ["cut", "altered", "strange", "no archive"])
def test_what_is_damaged_is_not_restored(harm: str, tmp_path: Path) -> None:
    here, there = settings(tmp_path / "here"), settings(tmp_path / "there")
    converse(here)
    whole = backup.make(here, tmp_path / "b.tar.gz").path
    spoilt = tmp_path / "spoilt.tar.gz"
    if harm == "cut":
        spoilt.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    elif harm == "no archive":
        spoilt.write_text("not an archive", encoding="utf-8")
    else:
        inside = tmp_path / "inside"
        with tarfile.open(whole) as packed:
            packed.extractall(inside, filter="data")
        name = "secret.key" if harm == "altered" else "more"
        (inside / name).write_text("another", encoding="utf-8")
        with tarfile.open(spoilt, "w:gz") as packed:
            packed.add(inside, arcname=".")
    with pytest.raises(BackupFailed, match="damaged"):
        backup.restore(there, spoilt)
    assert not (there.data_dir / "teller.sqlite3").exists()


def test_a_file_may_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    evil, victim = tmp_path / "evil.tar.gz", tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    with tarfile.open(evil, "w:gz") as packed:
        packed.add(victim, arcname="../../stolen")
    with pytest.raises(BackupFailed):
        backup.restore(settings(tmp_path / "there"), evil)
    assert not (tmp_path / "stolen").exists()


def test_a_running_service_is_not_restored_under_its_feet(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    converse(here)
    made = backup.make(here, tmp_path / "b.tar.gz")
    with FileLock(here.data_dir / "chroma.lock"), pytest.raises(BackupFailed, match="stop it first"):
        backup.restore(here, made.path, replace=True)


def test_the_key_can_stay_out(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    converse(here)
    made = backup.make(here, tmp_path / "b.tar.gz", with_key=False)
    assert not made.has_key
    assert "secret.key" not in made.files


def test_where_nothing_was_stored_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="nothing was ever stored"):
        backup.make(settings(tmp_path / "here"), tmp_path / "b.tar.gz")


def test_postgresql_comes_back_into_an_empty_database(postgres_server: Postgres, tmp_path: Path) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        here, there = settings(tmp_path / "here", one), settings(tmp_path / "there", other)
        (conversation,) = converse(here)
        made = backup.make(here, tmp_path / "b.tar.gz")
        backup.restore(there, made.path)
        assert said(there, conversation) == ["您好", SAID]
        with pytest.raises(BackupFailed, match="already exists"):
            backup.restore(there, made.path)
        with pytest.raises(BackupFailed, match="of postgresql"):
            backup.restore(settings(tmp_path / "third"), made.path)


def test_by_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (conversation,) = converse(settings(here))
    monkeypatch.setenv("TELLER_DATA_DIR", str(here))
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "b.tar.gz")])
    assert done.exit_code == 0
    assert "keep it as safe" in done.output
    monkeypatch.setenv("TELLER_DATA_DIR", str(there))
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "b.tar.gz")])
    assert done.exit_code == 0
    assert said(settings(there), conversation) == ["您好", SAID]
    again = CliRunner().invoke(app, ["restore", str(tmp_path / "b.tar.gz")])
    assert again.exit_code == 1
    assert "--replace" in again.output
