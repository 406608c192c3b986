"""What editors decided, as a run over the folders must heed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection

from ingest.edition_file import split_edition, stamp_of
from ingest.folder_file import FolderFile
from ingest.reader import Unreadable
from ingest.split_document import SplitDocument
from knowledge_base.document_id import key_of
from knowledge_base.edition import Editions, Source
from knowledge_base.library import Holding, Library

Fail = Callable[[str, Unreadable], None]


class KeptEditions:
    """Editors' decisions as they stand when a run begins; `allows` asks again, in the transaction that stores."""

    def __init__(self, library: Library) -> None:
        self._editions = Editions(library.database)
        self._known = self._editions.all()

    def decides(self, key: str) -> bool:
        """Whether editors decide on this document, and not the folder that its file lies in."""
        return any(edition.source is Source.FOLDER for edition in self._known.get(key, ()))

    def holds(self, key: str) -> bool:
        """Whether there are editions of this document that the library must hold, whatever the folders say."""
        return any(edition.in_library for edition in self._known.get(key, ()))

    def differs(self, file: FolderFile) -> bool:
        """Whether a file says something else than when editors took its document over."""
        taken = next(edition for edition in self._known[file.id] if edition.source is Source.FOLDER)
        return taken.digest != file.digest()

    def due(self, held: Mapping[str, Holding], fingerprint: str, fail: Fail) -> Iterator[SplitDocument]:
        """Published editions that the library lacks, or that were read or embedded otherwise than now."""
        for edition in (one for editions in self._known.values() for one in editions if one.in_library):
            holding = held.get(edition.document.id)
            if holding and (holding.embedder, holding.stamp) == (fingerprint, stamp_of(edition)):
                continue
            try:
                yield from split_edition(edition, self._editions.body(edition.id), fingerprint)
            except Unreadable as error:
                fail(edition.file_name, error)

    def allows(self, document: SplitDocument, within: Connection) -> bool:
        """Whether editors let this be put into the library now."""
        if document.edition:
            return self._editions.get(document.edition, within).in_library
        return not self._editions.kept(key_of(document.holding.document.id), within)
