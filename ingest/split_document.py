"""A document read and split, ready to be embedded and put into the library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import splitting
from ingest.reader import Block, Faq, Unreadable
from ingest.reading import read
from knowledge_base.document_id import OTHER_AUDIENCE
from knowledge_base.embedder import Vectors
from knowledge_base.library import Holding, Shelved
from knowledge_base.passage import Audience, Document, Kind, Passage
from knowledge_base.search import dense_units
from knowledge_base.text import simplify


@dataclass(frozen=True)
class SplitDocument:
    """A document's passages, not yet embedded; `edition` is the id of the edition that they were read from, if of one."""

    holding: Holding
    passages: tuple[Passage, ...]
    edition: str | None = None

    @property
    def texts(self) -> Iterator[str]:
        """What is embedded: each unit after the title and heading it stands under, without which it often says nothing."""
        for passage in self.passages:
            context = splitting.context(self.holding.document, passage)
            for unit in passage.units:
                yield simplify(unit if passage.kind is Kind.FAQ else f"{context}：{unit}")


def split_file(path: Path, whole: Holding) -> list[SplitDocument]:
    """The file as documents: two, where a table of questions has rows for both audiences. Raises Unreadable, OSError.

    `whole` is what the library will hold of it, units uncounted.
    """
    found = []
    for part, blocks in _parts(whole.document, read(path)):
        passages = splitting.split(part, whole.revision, blocks)
        if not passages:
            raise Unreadable("it holds no text", "check that it is the right file")
        units = sum(dense_units(passage.kind, len(passage.units)) for passage in passages)
        found.append(SplitDocument(replace(whole, document=part, units=units), tuple(passages)))
    return found


def revision_of(path: Path, document: Document, fingerprint: str) -> str:
    """Differs where the file, what is said of it, or what reads and embeds it differs."""
    return digest_of(path, document, f"{fingerprint}/{splitting.VERSION}")[:12]


def digest_of(path: Path, document: Document, beside: str = "") -> str:
    """Differs where the file, or what is said of it, or something beside them differs; in hexadecimal."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    digest.update(f"{document!r}/{beside}".encode())
    return digest.hexdigest()


def shelved(documents: Sequence[SplitDocument], vectors: Vectors) -> Iterator[tuple[Holding, list[Shelved]]]:
    """Each document with its passages' vectors, of which `vectors` holds those of all texts in order."""
    start = 0
    for document in documents:
        items = []
        for passage in document.passages:
            items.append(Shelved(passage, vectors[start : start + len(passage.units)]))
            start += len(passage.units)
        yield document.holding, items


def _parts(document: Document, blocks: Sequence[Block]) -> Iterator[tuple[Document, Sequence[Block]]]:
    """The document, and beside it a second one of the rows that say they are for the other audience."""
    other = Audience.CUSTOMER if document.audience is Audience.STAFF else Audience.STAFF
    apart = [block for block in blocks if isinstance(block, Faq) and block.audience == other.value]
    if len(apart) < len(blocks) or not apart:
        yield document, [block for block in blocks if block not in apart] if apart else blocks
        if apart:
            yield replace(document, id=document.id + OTHER_AUDIENCE, audience=other), apart
    else:
        yield replace(document, audience=other), apart
