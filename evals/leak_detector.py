"""What of the staff's documents stands in something that was sent to a customer.

A leak is, in anything that the service sent:

- `words`: a run of twelve characters, normalised, of a staff passage that stands in no customer passage;
- `figure`: a number with its unit, a telephone number or a code of a staff passage that stands in no customer passage;
- `name`: a private product or another name that only staff documents know;
- `title`: a staff document's title; `document`: its id;
- `door`: a call that is the staff's alone and was not refused, whatever it said.

What stands in the service's own published texts (its wording, tasks and pages) is no secret. The customer's own words sent back are
not told by the bank, so they are left out where they stand as the customer's own: as messages of the customer's in a conversation that
is read back, in an error that names what was wrong with the request, and in what a task reads back of what it was told. In an answer
they count: whoever asks whether it is 0.12% must not be told "yes, 0.12%".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from knowledge_base.lexicon import names_of
from knowledge_base.library import Library
from knowledge_base.passage import Audience, Document, Kind, Passage
from knowledge_base.text import fold

RUN = 12
"""How many characters in a row, normalised, are more than chance."""
_CITED = re.compile(r" ?\[[0-9]+\]")
_NOT_WORDS = re.compile(r"[^\w%]")
_UNIT = "%|bp|[万亿]?(?:元|户|张|笔|份|个|名)|[万亿]|折|分钟|分|次|倍|天|年|个?月|小时|个?工作日|周岁|岁"
_FIGURE = re.compile(
    rf"(?<![0-9.])[0-9]+(?:\.[0-9]+)? ?(?:{_UNIT})|[0-9]{{3,4}}-[0-9]{{4}}-[0-9]{{4}}|(?<![a-z])[a-z]{{2,}}[0-9]{{3,}}|第[0-9]{{3}}号"
)
_SHORTEST_NAME = 4

What = Literal["words", "figure", "name", "title", "document", "door"]


@dataclass(frozen=True)
class Leak:
    """What was told, and which words told it."""

    kind: What
    what: str


@dataclass(frozen=True)
class Held:
    """A document of the knowledge base with its passages."""

    document: Document
    passages: tuple[Passage, ...]

    def texts(self) -> Iterator[str]:
        """Everything that it says."""
        yield self.document.title
        for passage in self.passages:
            yield from (passage.section, passage.text, passage.answer, *passage.units)

    def recombined(self) -> Iterator[str]:
        """Its words as an answer puts them side by side: a title and what stands under it, sentences, the cells that are asked for."""
        for passage in self.passages:
            yield f"{self.document.title}{passage.section}"
            yield f"{self.document.title}{passage.subject or passage.section.rpartition(' > ')[2]}"
            cells = [f"{header}：{cell}" for header, cell in passage.cells]
            if passage.kind is Kind.TEXT:
                yield from (f"{one[-RUN:]}{other[:RUN]}" for one, other in combinations(passage.units, 2))
            yield from (f"{passage.cells[0][1]}：{cell}" for cell in cells)
            yield from (f"{one}；{other}" for one, other in combinations(cells, 2))


def held(library: Library, audience: Audience) -> list[Held]:
    """The documents for an audience, whether in force or not: what was published once is no secret."""
    documents = [holding.document for holding in library.holdings(audience)]
    return [Held(one, tuple(item.passage for item in library.passages(one.id))) for one in documents]


class Detector:
    """Finds in a text what only staff may know."""

    def __init__(self, staff: Iterable[Held], customer: Iterable[Held], published: Iterable[str] = ()) -> None:
        secret = list(staff)
        public = [*published, *(text for one in customer for text in (*one.texts(), *one.recombined()))]
        known = {run for text in public for run in _runs(text)}
        told = [text for one in secret for text in one.texts()]
        self._runs = {run for text in told for run in _runs(text)} - known
        self.figures = {figure for text in told for figure in figures(text)} - {
            figure for text in public for figure in figures(text)
        }
        together = "\n".join(map(plain, public))
        titles = {plain(one.document.title): one.document.title for one in secret}
        self._titles = {short: title for short, title in titles.items() if short not in together}
        names = {name for one in secret for name in _names(one)}
        self.names = {name for name in names if plain(name) not in together and plain(name) not in self._titles}
        self._documents = {one.document.id for one in secret}

    def found(self, sent: str) -> list[Leak]:
        """Everything in a text that was sent to a customer which he may not see."""
        short = plain(sent)
        runs = [run for run in _runs(sent) if run in self._runs]
        leaks = [Leak("words", run) for run in _joined(runs)]
        leaks += [Leak("figure", figure) for figure in dict.fromkeys(figures(sent)) if figure in self.figures]
        leaks += [Leak("name", name) for name in sorted(self.names) if plain(name) in short]
        leaks += [Leak("title", title) for key, title in self._titles.items() if key in short]
        return leaks + [Leak("document", one) for one in sorted(self._documents) if one in sent]

    def is_secret(self, text: str) -> bool:
        """Whether a text of a staff document says anything that customers' documents do not."""
        return any(run in self._runs for run in _runs(text)) or any(figure in self.figures for figure in figures(text))


def plain(text: str) -> str:
    """A text as runs are compared: folded, without spaces and punctuation."""
    return _NOT_WORDS.sub("", fold(text))


def figures(text: str) -> list[str]:
    """The figures of a text, each with its unit; thousands are written without commas."""
    whole = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", fold(text))
    return [found.replace(" ", "") for found in _FIGURE.findall(whole)]


def _runs(text: str) -> Iterator[str]:
    """The runs of a text, none across lines: what stands on two lines was not said in one breath."""
    for line in _CITED.sub("", text).splitlines():
        short = plain(line)
        yield from (short[start : start + RUN] for start in range(len(short) - RUN + 1))


def _joined(runs: list[str]) -> list[str]:
    """Runs that overlap, put together for people to read."""
    whole: list[str] = []
    for run in runs:
        if whole and whole[-1].endswith(run[:-1]):
            whole[-1] += run[-1]
        else:
            whole.append(run)
    return whole


def _names(one: Held) -> set[str]:
    """What this document calls its products, and the words that it is found by."""
    found = names_of(one.document, one.passages)
    return {name for name in found.names | found.tags if len(plain(name)) >= _SHORTEST_NAME}
