"""All that the service was told, in one archive: the database as it stands at one moment, its key, and the bank's own suites.

What can be made again from it, such as the index, is left out; so is the knowledge folder, which is the bank's own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant import postgres_dump
from assistant.alone import ServiceRunning, alone
from assistant.settings import Settings

_MANIFEST = "manifest.json"
_SQLITE, _POSTGRES = "teller.sqlite3", "teller.pgdump"
_KEY = "secret.key"
_SUITES = "suites"
_INDEX = "chroma"


class BackupFailed(Exception):
    """Nothing was written, or nothing restored: why, and what to do."""


@dataclass(frozen=True)
class Backup:
    """An archive: when it was made (UTC, ISO 8601), its size in bytes, its files, and whether the key is among them."""

    path: Path
    made_at: str
    size: int
    files: tuple[str, ...]
    has_key: bool


class _Manifest(BaseModel):
    """What stands in an archive beside the files: their SHA-256, by their names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    made_at: str
    database: Literal["sqlite", "postgresql"]
    sha256: Mapping[str, str]


def make(settings: Settings, to: Path, *, with_key: bool = True) -> Backup:
    """Writes an archive that only its owner may read, while the service goes on; raises BackupFailed."""
    if to.exists():
        raise BackupFailed(f"{to} exists already; name another file.")
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory(dir=_folder(to), prefix=".backup-") as scratch:
        held = Path(scratch) / "held"
        held.mkdir()
        database = _dump(settings, held)
        _take_along(settings, held, with_key=with_key)
        digests = {str(file.relative_to(held)): _digest(file) for file in _files(held)}
        told = _Manifest(made_at=made_at, database=database, sha256=digests)
        (held / _MANIFEST).write_text(told.model_dump_json(indent=2), encoding="utf-8")
        archive = Path(scratch) / "archive"
        _pack(held, archive)
        archive.replace(to)
    _sync(to.parent)
    return Backup(to, made_at, to.stat().st_size, tuple(sorted(digests)), _KEY in digests)


def restore(settings: Settings, source: Path, *, replace: bool = False) -> Backup:
    """Puts back what an archive holds, once all of it was found whole; raises BackupFailed.

    Where there is a database, nothing is done unless `replace`: then what was there is moved aside, under a name with the time.
    """
    with tempfile.TemporaryDirectory(dir=_made(settings.data_dir), prefix=".restore-") as scratch:
        held = Path(scratch)
        told = _unpack(source, held)
        try:
            with alone(settings):
                _put_back(settings, held, told.database, replace=replace)
        except ServiceRunning as error:
            raise BackupFailed(str(error)) from error
    return Backup(source, told.made_at, source.stat().st_size, tuple(sorted(told.sha256)), _KEY in told.sha256)


def _dump(settings: Settings, held: Path) -> Literal["sqlite", "postgresql"]:
    """The database as it stands at one moment; what kind it is."""
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        try:
            postgres_dump.dump(settings.database_url, held / _POSTGRES)
        except postgres_dump.DumpFailed as error:
            raise BackupFailed(str(error)) from error
        return "postgresql"
    source = _sqlite(settings)
    if not source.exists():
        raise BackupFailed(f"There is no database at {source}; nothing was ever stored there.")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here, closing(sqlite3.connect(held / _SQLITE)) as there:  # fmt: skip
            here.backup(there)
            (found,) = there.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(f"The database {source} cannot be copied: {error}") from error
    if found != "ok":
        raise BackupFailed(f"The database {source} is damaged: {found}")
    return "sqlite"


def _take_along(settings: Settings, held: Path, *, with_key: bool) -> None:
    key, suites = settings.data_dir / _KEY, settings.data_dir / _SUITES
    if with_key and key.exists() and settings.secret_key is None:
        shutil.copy(key, held / _KEY)
    if suites.is_dir():
        shutil.copytree(suites, held / _SUITES)


def _pack(held: Path, archive: Path) -> None:
    descriptor = os.open(archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as packed:
            packed.add(held, arcname=".")
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, to: Path) -> _Manifest:
    """The archive's files, each as it was; what the manifest tells."""
    try:
        with tarfile.open(source, "r:gz") as packed:
            packed.extractall(to, filter="data")
        told = _Manifest.model_validate_json((to / _MANIFEST).read_bytes())
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValidationError) as error:
        raise BackupFailed(f"{source} is no backup of this Teller's, or damaged: {error}") from error
    (to / _MANIFEST).unlink()
    digests = told.sha256
    wrong = [name for name, digest in digests.items() if not (to / name).is_file() or _digest(to / name) != digest]
    strange = {str(file.relative_to(to)) for file in _files(to)} - digests.keys()
    if wrong or strange:
        raise BackupFailed(f"{source} is damaged, or was altered: {', '.join(sorted([*wrong, *strange]))}")
    return told


def _put_back(settings: Settings, held: Path, kind: str, *, replace: bool) -> None:
    to_postgres = bool(settings.database_url) and not settings.database_url.startswith("sqlite")
    if to_postgres != (kind == "postgresql"):
        raise BackupFailed(f"The backup is of {kind}; point TELLER_DATABASE_URL at a database of that kind.")
    if to_postgres:
        try:
            postgres_dump.restore(settings.database_url, held / _POSTGRES)
        except postgres_dump.DumpFailed as error:
            raise BackupFailed(str(error)) from error
    else:
        _put_sqlite_back(settings, held / _SQLITE, replace=replace)
    shutil.rmtree(settings.data_dir / _INDEX, ignore_errors=True)
    for name in (_KEY, _SUITES):
        if (held / name).exists():
            _aside(settings.data_dir / name)
            (held / name).replace(settings.data_dir / name)
    _sync(settings.data_dir)


def _put_sqlite_back(settings: Settings, dump: Path, *, replace: bool) -> None:
    place = _sqlite(settings)
    if place.exists() and not replace:
        raise BackupFailed(f"There is a database at {place} already; --replace moves it aside and restores.")
    _aside(place)
    for beside in ("-wal", "-shm"):
        _aside(place.with_name(place.name + beside))
    _made(place.parent)
    with dump.open("rb+") as file:
        os.fsync(file.fileno())
    dump.replace(place)


def _aside(path: Path) -> None:
    if path.exists():
        path.replace(path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"))


def _sqlite(settings: Settings) -> Path:
    return Path(settings.sql_url.removeprefix("sqlite:///"))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def _folder(to: Path) -> Path:
    if not to.parent.is_dir():
        raise BackupFailed(f"There is no folder {to.parent}; make it first.")
    return to.parent


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
