"""A file of the knowledge folder, or of another folder that was ingested, and the document that it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ingest import metadata, splitting
from ingest.reader import Unreadable
from ingest.split_document import digest_of
from knowledge_base.passage import Audience, Document


@dataclass(frozen=True)
class FolderFile:
    """A file to look at: `root` is the folder whose `_meta.yaml` files count, and that paths are told from.

    `origin` names the root in the library; the knowledge folder has none, so that it may be moved.
    """

    path: Path
    root: Path
    origin: str

    @property
    def name(self) -> str:
        """Where it lies in its root."""
        return self.path.relative_to(self.root).as_posix()

    @property
    def id(self) -> str:
        """The id of its document."""
        return hashlib.sha256(f"{self.origin}/{self.name}".encode()).hexdigest()[:12]

    def stamp(self, audience: Audience | None) -> str:
        """Differs when the file or anything that gives it metadata was written since."""
        stats = [source.stat() for source in (self.path, *metadata.sources(self.path, self.root))]
        written = ",".join(f"{stat.st_size}:{stat.st_mtime_ns}" for stat in stats)
        return f"{splitting.VERSION}/{audience}/{written}"

    def document(self, audience: Audience | None = None) -> Document:
        """What is said of it; `audience` counts where nothing else says so. Raises Unreadable, OSError."""
        meta = metadata.load(self.path, self.root, audience)
        return document_of(self.id, self.name, self.path.stem, meta)

    def digest(self) -> str:
        """Differs when the file or what is said of it differs; empty where either cannot be read."""
        try:
            return digest_of(self.path, self.document())
        except (Unreadable, OSError):
            return ""


def document_of(identifier: str, path: str, stem: str, meta: metadata.Metadata) -> Document:
    """A document with this metadata; without a title it is called as its file is."""
    values = meta.model_dump() | {"title": meta.title or stem.replace("_", " ")}
    return Document(id=identifier, path=path, **values)
