"""Files into the library: what is new is read and embedded, what is gone is taken out, what is unchanged costs nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from ingest import metadata, splitting
from ingest.reader import Block, Faq, Unreadable
from ingest.reading import read
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.library import Holding, Library, Shelved
from knowledge_base.passage import Audience, Document, Kind, Passage
from knowledge_base.search import dense_units
from knowledge_base.text import simplify

_BATCH_UNITS = 1024
_OTHER_AUDIENCE = "s"
"""Ends the id of the document that holds a mixed FAQ file's rows for the other audience; ids are hexadecimal."""
Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the file just done."""


@dataclass(frozen=True)
class Failure:
    """A file that is not in the knowledge base, why, and what to do."""

    path: str
    reason: str
    remedy: str


@dataclass
class Report:
    """What one run did, by path."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0


@dataclass(frozen=True)
class _File:
    """A file to look at: `root` is the folder whose `_meta.yaml` files count, and that paths are told from.

    `origin` names the root in the library; the knowledge folder has none, so that it may be moved.
    """

    path: Path
    root: Path
    origin: str

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.origin}/{self.name}".encode()).hexdigest()[:12]

    def stamp(self, audience: Audience | None) -> str:
        """Differs when the file or anything that gives it metadata was written since."""
        stats = [source.stat() for source in (self.path, *metadata.sources(self.path, self.root))]
        written = ",".join(f"{stat.st_size}:{stat.st_mtime_ns}" for stat in stats)
        return f"{splitting.VERSION}/{audience}/{written}"


@dataclass(frozen=True)
class _Draft:
    """A document read and split, not yet embedded."""

    holding: Holding
    passages: tuple[Passage, ...]


class Ingest:
    """One way into the library; runs take turns, and each document is replaced as a whole or not at all."""

    def __init__(self, library: Library, embedder: Embedder, knowledge: Path, lock: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._knowledge = knowledge.resolve()
        lock.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(lock)

    def run(
        self,
        paths: Sequence[Path] = (),
        audience: Audience | None = None,
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Ingests files and folders, or the knowledge folder where none are given.

        Files that are no longer in a given folder are taken out. Raises FileNotFoundError for a path that does not exist.
        """
        targets = [path.resolve(strict=True) for path in paths] or [self._knowledge]
        with self._lock:
            report = Report()
            held = {} if rebuild else {holding.document.id: holding for holding in self._library.holdings()}
            known = {holding.document.id for holding in self._library.holdings()}
            files = [file for target in targets for file in self._files(target)]
            self._remove_missing(targets, {file.id for file in files}, report)
            drafts = self._drafts(files, held, audience, report, progress)
            with ThreadPoolExecutor(1) as shelf:
                stored = [
                    shelf.submit(self._shelve, group, self._embedder.embed_passages(list(_texts(group))), known, report)
                    for group in _ahead(_grouped(drafts))
                ]
            for done in stored:
                done.result()
            report.passages = self._library.count()
            return report

    def _files(self, target: Path) -> list[_File]:
        root = (
            self._knowledge if target.is_relative_to(self._knowledge) else target if target.is_dir() else target.parent
        )
        found = sorted(target.rglob("*")) if target.is_dir() else [target]
        origin = "" if root == self._knowledge else root.as_posix()
        return [_File(path, root, origin) for path in found if path.is_file() and not _hidden(path.relative_to(root))]

    def _remove_missing(self, targets: Sequence[Path], present: set[str], report: Report) -> None:
        for holding in self._library.holdings():
            path = Path(holding.origin or self._knowledge) / holding.document.path
            file = holding.document.id.removesuffix(_OTHER_AUDIENCE)
            if file not in present and any(path.is_relative_to(target) for target in targets):
                self._library.remove(holding.document.id)
                report.removed.append(holding.document.path)

    def _drafts(
        self,
        files: Sequence[_File],
        held: dict[str, Holding],
        audience: Audience | None,
        report: Report,
        progress: Progress | None,
    ) -> Iterator[_Draft]:
        for done, file in enumerate(files, start=1):
            yield from self._read(file, held.get(file.id), audience, report)
            if progress:
                progress(done, len(files), file.name)

    def _read(self, file: _File, held: Holding | None, audience: Audience | None, report: Report) -> list[_Draft]:
        """The file as documents to be stored; none where it is unchanged, or unreadable and so reported."""
        try:
            stamp = file.stamp(audience)
            current = held is not None and held.embedder == self._embedder.fingerprint
            if held and current and held.stamp == stamp:
                report.unchanged.append(file.name)
                return []
            document = _document(file, metadata.load(file.path, file.root, audience))
            revision = _revision(file, document, self._embedder)
            if held and current and held.revision == revision:
                self._library.restamp(document.id, stamp)
                report.unchanged.append(file.name)
                return []
            drafts = [
                self._draft(file, part, revision, stamp, blocks) for part, blocks in _parts(document, read(file.path))
            ]
        except (Unreadable, OSError) as error:
            self._fail(file, error, report)
            return []
        if len(drafts) == 1:
            self._library.remove(file.id + _OTHER_AUDIENCE)
        return drafts

    def _draft(self, file: _File, document: Document, revision: str, stamp: str, blocks: Sequence[Block]) -> _Draft:
        passages = splitting.split(document, revision, blocks)
        if not passages:
            raise Unreadable("it holds no text", "check that it is the right file")
        units = sum(dense_units(passage.kind, len(passage.units)) for passage in passages)
        holding = Holding(document, revision, file.origin, self._embedder.fingerprint, stamp, units)
        return _Draft(holding, tuple(passages))

    def _fail(self, file: _File, error: Unreadable | OSError, report: Report) -> None:
        """Reports a file, and takes out what an earlier state of it said: what it says now is not known."""
        match error:
            case Unreadable():
                report.failed.append(Failure(file.name, error.reason, error.remedy))
            case OSError():
                reason = error.strerror or str(error)
                report.failed.append(Failure(file.name, reason, "check that the file can be read"))
        for identifier in (file.id, file.id + _OTHER_AUDIENCE):
            self._library.remove(identifier)

    def _shelve(self, drafts: Sequence[_Draft], vectors: Vectors, known: set[str], report: Report) -> None:
        """Stores documents with their vectors, while the next are embedded."""
        start = 0
        for draft in drafts:
            shelved = []
            for passage in draft.passages:
                shelved.append(Shelved(passage, vectors[start : start + len(passage.units)]))
                start += len(passage.units)
            self._library.put(draft.holding, shelved)
            document = draft.holding.document
            if not document.id.endswith(_OTHER_AUDIENCE):
                (report.changed if document.id in known else report.added).append(document.path)


def _ahead(groups: Iterator[list[_Draft]]) -> Iterator[list[_Draft]]:
    """The groups, each read while the one before it is embedded."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, groups, None)
        while (group := coming.result()) is not None:
            coming = pool.submit(next, groups, None)
            yield group


def _hidden(path: Path) -> bool:
    """Files that are not documents: metadata, dot files, and the locks that Office leaves beside open files."""
    if path.name == metadata.FOLDER_FILE or path.name.endswith(metadata.SIDECAR_SUFFIX):
        return True
    return any(part.startswith((".", "~$")) for part in path.parts)


def _document(file: _File, meta: metadata.Metadata) -> Document:
    values = meta.model_dump() | {"title": meta.title or file.path.stem.replace("_", " ")}
    return Document(id=file.id, path=file.name, **values)


def _revision(file: _File, document: Document, embedder: Embedder) -> str:
    with file.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    digest.update(f"{document!r}/{embedder.fingerprint}/{splitting.VERSION}".encode())
    return digest.hexdigest()[:12]


def _parts(document: Document, blocks: Sequence[Block]) -> Iterator[tuple[Document, Sequence[Block]]]:
    """The document, and beside it a second one of the rows that say they are for the other audience."""
    other = Audience.CUSTOMER if document.audience is Audience.STAFF else Audience.STAFF
    apart = [block for block in blocks if isinstance(block, Faq) and block.audience == other.value]
    if len(apart) < len(blocks) or not apart:
        yield document, [block for block in blocks if block not in apart] if apart else blocks
        if apart:
            yield replace(document, id=document.id + _OTHER_AUDIENCE, audience=other), apart
    else:
        yield replace(document, audience=other), apart


def _texts(drafts: Sequence[_Draft]) -> Iterator[str]:
    """What is embedded: each unit after the title and heading it stands under, without which it often says nothing."""
    for draft in drafts:
        for passage in draft.passages:
            context = splitting.context(draft.holding.document, passage)
            for unit in passage.units:
                yield simplify(unit if passage.kind is Kind.FAQ else f"{context}：{unit}")


def _grouped(drafts: Iterable[_Draft]) -> Iterator[list[_Draft]]:
    """Small documents together, so that texts of like length fill the model's batches."""
    group: list[_Draft] = []
    units = 0
    for draft in drafts:
        group.append(draft)
        units += sum(len(passage.units) for passage in draft.passages)
        if units >= _BATCH_UNITS:
            yield group
            group, units = [], 0
    if group:
        yield group
