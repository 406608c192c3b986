"""Files into the library: what is new is read and embedded, what is gone is taken out, what is unchanged costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from filelock import FileLock

from ingest import given_orders, listed_words, metadata
from ingest.due_file import DueFile, ReadFile
from ingest.folder_file import FolderFile
from ingest.given_orders import GivenOrders
from ingest.kept_editions import KeptEditions
from ingest.reader import Unreadable
from ingest.split_document import SplitDocument, revision_of, shelved
from ingest.spread import Spread
from knowledge_base.document_id import OTHER_AUDIENCE, both, key_of
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.library import Holding, Library
from knowledge_base.passage import Audience
from knowledge_base.word_list import NOTHING_LISTED, WordList

_BATCH_UNITS = 1024
Embedded = tuple[list[SplitDocument], Vectors]
"""Documents and the vectors of all their texts, in order."""
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
    """What one run did, by path.

    `withheld` are files that an editor withdrew; `differing`, files that changed since an editor decided on their documents,
    for which the editor's edition still counts. `orders` are files that were taken in though they give an assistant orders.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    orders: list[GivenOrders] = field(default_factory=list)
    passages: int = 0

    def fail(self, path: str, error: Unreadable | OSError) -> None:
        """Notes a file that could not be read."""
        match error:
            case Unreadable():
                self.failed.append(Failure(path, error.reason, error.remedy))
            case OSError():
                self.failed.append(Failure(path, error.strerror or str(error), "check that the file can be read"))


class Ingest:
    """One way into the library; runs take turns, and each document is replaced as a whole or not at all."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        knowledge: Path,
        lock: Path,
        words: WordList = NOTHING_LISTED,
        spread: Spread | None = None,
    ) -> None:
        """`spread` reads and embeds in other processes; without one it is done in this."""
        self._library = library
        self._embedder = embedder
        self._words = words
        self._spread = spread
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
            report, kept = Report(), KeptEditions(self._library)
            holdings = {holding.document.id: holding for holding in self._library.holdings()}
            held = {} if rebuild else holdings
            files = [file for target in targets for file in self._files(target)]
            self._remove_missing(targets, {file.id for file in files}, kept, report)
            due = self._due(files, held, kept, audience, report, progress)
            editions = iter(()) if paths else kept.due(held, self._embedder.fingerprint, report.fail)
            self._store(self._embedded(due, editions, report), holdings.keys(), kept, report)
            report.passages = self._library.count()
            return report

    def _files(self, target: Path) -> list[FolderFile]:
        root = (
            self._knowledge if target.is_relative_to(self._knowledge) else target if target.is_dir() else target.parent
        )
        found = sorted(target.rglob("*")) if target.is_dir() else [target]
        origin = "" if root == self._knowledge else root.as_posix()
        return [
            FolderFile(path, root, origin) for path in found if path.is_file() and not _hidden(path.relative_to(root))
        ]

    def _remove_missing(self, targets: Sequence[Path], present: set[str], kept: KeptEditions, report: Report) -> None:
        for holding in self._library.holdings():
            path = Path(holding.origin or self._knowledge) / holding.document.path
            key = key_of(holding.document.id)
            gone = key not in present and any(path.is_relative_to(target) for target in targets)
            if gone and not kept.holds(key):
                self._library.remove(holding.document.id)
                report.removed.append(holding.document.path)

    def _due(
        self,
        files: Sequence[FolderFile],
        held: Mapping[str, Holding],
        kept: KeptEditions,
        audience: Audience | None,
        report: Report,
        progress: Progress | None,
    ) -> Iterator[DueFile]:
        """What must be read; the rest is reported."""
        for done, file in enumerate(files, start=1):
            if kept.decides(file.id):
                _heed(kept, file, report)
            elif whole := self._whole(file, held.get(file.id), audience, report):
                yield DueFile(file, whole)
            if progress:
                progress(done, len(files), file.name)

    def _whole(
        self, file: FolderFile, held: Holding | None, audience: Audience | None, report: Report
    ) -> Holding | None:
        """What the library will hold of the file; None where it is unchanged, or unreadable and so reported."""
        fingerprint = self._embedder.fingerprint
        try:
            stamp = file.stamp(audience)
            current = held is not None and held.embedder == fingerprint
            if held and current and held.stamp == stamp:
                report.unchanged.append(file.name)
                return None
            document = file.document(audience)
            revision = revision_of(file.path, document, fingerprint)
            if held and current and held.revision == revision:
                self._library.restamp(document.id, stamp)
                report.unchanged.append(file.name)
                return None
        except (Unreadable, OSError) as error:
            self._fail(file, error, report)
            return None
        return Holding(document, revision, file.origin, fingerprint, stamp, 0)

    def _embedded(
        self, due: Iterator[DueFile], editions: Iterator[SplitDocument], report: Report
    ) -> Iterator[Embedded]:
        """Documents with the vectors of their texts, read and embedded by the crew, or here."""
        if self._spread:
            for read in self._spread.read(due):
                if found := self._taken(read, report):
                    yield found, read.vectors
            found_here: Iterator[SplitDocument] = editions
        else:
            found_here = chain((split for one in due for split in self._taken(one.read(), report)), editions)
        for group in _ahead(_grouped(found_here)):
            yield group, self._embedder.embed_passages([text for document in group for text in document.texts])

    def _taken(self, read: ReadFile, report: Report) -> list[SplitDocument]:
        """A file's documents to be stored; none where it is unreadable or says what may not be said, and so reported."""
        error: Unreadable | OSError | None = read.error
        try:
            listed_words.refuse(read.found, self._words)
        except Unreadable as listed:
            error = listed
        if error:
            self._fail(read.file, error, report)
            return []
        orders = given_orders.find(read.found)
        report.orders += [orders] if orders else []
        if len(read.found) == 1:
            self._library.remove(read.file.id + OTHER_AUDIENCE)
        return read.found

    def _fail(self, file: FolderFile, error: Unreadable | OSError, report: Report) -> None:
        """Reports a file, and takes out what an earlier state of it said: what it says now is not known."""
        report.fail(file.name, error)
        for identifier in both(file.id):
            self._library.remove(identifier)

    def _store(self, embedded: Iterator[Embedded], known: Collection[str], kept: KeptEditions, report: Report) -> None:
        """Stores in a thread of its own, so that embedding does not wait for it."""
        with ThreadPoolExecutor(1) as shelf:
            stored = [shelf.submit(self._shelve, group, vectors, known, kept, report) for group, vectors in embedded]
        for done in stored:
            done.result()

    def _shelve(
        self,
        group: Sequence[SplitDocument],
        vectors: Vectors,
        known: Collection[str],
        kept: KeptEditions,
        report: Report,
    ) -> None:
        """Stores documents with their vectors, unless an editor has decided otherwise meanwhile."""
        for split, (holding, items) in zip(group, shelved(group, vectors), strict=True):
            with self._library.changing() as connection:
                if not kept.allows(split, connection):
                    continue
                self._library.put(holding, items, connection)
            document = holding.document
            if not document.id.endswith(OTHER_AUDIENCE):
                (report.changed if document.id in known else report.added).append(document.path)


def _heed(kept: KeptEditions, file: FolderFile, report: Report) -> None:
    """Reports a file on whose document editors decide."""
    differs = kept.differs(file)
    if differs:
        report.differing.append(file.name)
    if not kept.holds(file.id):
        report.withheld.append(file.name)
    elif not differs:
        report.unchanged.append(file.name)


def _ahead(groups: Iterator[list[SplitDocument]]) -> Iterator[list[SplitDocument]]:
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


def _grouped(documents: Iterable[SplitDocument]) -> Iterator[list[SplitDocument]]:
    """Small documents together, so that texts of like length fill the model's batches."""
    group: list[SplitDocument] = []
    units = 0
    for document in documents:
        group.append(document)
        units += sum(len(passage.units) for passage in document.passages)
        if units >= _BATCH_UNITS:
            yield group
            group, units = [], 0
    if group:
        yield group
