"""An edition's file, laid down for as long as a reader needs it, and split into passages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ingest import splitting
from ingest.split_document import SplitDocument, revision_of, split_file
from knowledge_base.edition import Edition
from knowledge_base.library import Holding


@contextmanager
def laid_down(file_name: str, body: bytes) -> Iterator[Path]:
    """The file in a folder of its own, under a short name: readers go by the suffix."""
    with TemporaryDirectory(prefix="teller-edition-") as folder:
        path = Path(folder) / f"document{PurePosixPath(file_name).suffix}"
        path.write_bytes(body)
        yield path


def stamp_of(edition: Edition) -> str:
    """Differs when an edition must be read again."""
    return f"{splitting.VERSION}/{edition.id}"


def split_edition(edition: Edition, body: bytes, fingerprint: str) -> list[SplitDocument]:
    """The edition as documents for the library; raises Unreadable, OSError."""
    with laid_down(edition.file_name, body) as path:
        revision = revision_of(path, edition.document, fingerprint)
        whole = Holding(edition.document, revision, edition.origin, fingerprint, stamp_of(edition), 0)
        return [replace(part, edition=edition.id) for part in split_file(path, whole)]
