"""A file that is due to be read, and what reading it gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ingest.folder_file import FolderFile
from ingest.reader import Unreadable
from ingest.split_document import SplitDocument, split_file
from knowledge_base.embedder import Vectors
from knowledge_base.library import Holding


@dataclass(frozen=True)
class DueFile:
    """A file, and what the library will hold of it, units uncounted."""

    file: FolderFile
    whole: Holding

    def read(self) -> ReadFile:
        """The file as documents, or why it cannot be read."""
        try:
            return ReadFile(self.file, split_file(self.file.path, self.whole))
        except (Unreadable, OSError) as error:
            return self.failed(error)

    def failed(self, error: Unreadable | OSError) -> ReadFile:
        """As one that cannot be read."""
        return ReadFile(self.file, [], error)


@dataclass(frozen=True)
class ReadFile:
    """Its documents, or why there are none; with the vectors of their texts, in order, where they were embedded at once."""

    file: FolderFile
    found: list[SplitDocument]
    error: Unreadable | OSError | None = None
    vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def texts(self) -> Iterator[str]:
        """What is embedded of it."""
        return (text for document in self.found for text in document.texts)

    def embedded(self, vectors: Vectors) -> ReadFile:
        """The same with the vectors of its texts."""
        return replace(self, vectors=vectors)
