"""A model puts the lines of a summary into fluent sentences, behind the agent's back; it may leave nothing out and add nothing."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant import prompt, retelling
from assistant.backroom import Backroom, Job
from assistant.cloak import Cloak, Public, without_tokens
from assistant.llm import LLM, Allowance
from assistant.model_event import ModelAsked
from assistant.reply import Citation

log = logging.getLogger(__name__)
PROMPT = "summary"
_SENTENCES = 4
_MARK = re.compile(r" ?\[([0-9]+)\]")
_COVERED = "*"
_HALF_COVERED = re.compile(r"[0-9A-Za-z@.*-]*\*[0-9A-Za-z@.*-]*")
_SHORTEST_COVERED_NAME = 3
_LANGUAGES = {"zh": "中文", "en": "英文"}

Note = Callable[[str, Sequence[ModelAsked]], None]
"""Keeps what a conversation asked of models, and wakes who looks at it."""
Grounds = Callable[[Sequence[Citation]], Callable[[str], bool]]
"""Given the numbered sources: whether a sentence, with the marks of its sources, stands in them."""


@dataclass(frozen=True)
class Lines:
    """The lines of a ticket's summary in one language; `names` are the values in them that a model must not see."""

    ticket: str
    conversation: str
    language: str
    lines: tuple[str, ...]
    names: frozenset[str] = frozenset()


class Polishing:
    """Polishes summaries; `titles` are those of all tasks, in any language."""

    def __init__(
        self,
        llm: LLM,
        backroom: Backroom[str],
        grounds: Grounds,
        note: Note,
        titles: Collection[str],
        bank: str,
        seconds: float,
    ) -> None:
        self._llm = llm
        self._backroom = backroom
        self._grounds = grounds
        self._note = note
        self._titles = frozenset(titles)
        self._bank = bank
        self._seconds = seconds

    def of(self, lines: Lines) -> str | None:
        """The lines in fluent sentences, once they are there; what else is said in the conversation does not have them made again."""
        asked: list[ModelAsked] = []
        job = Job(lambda: self._made(lines, asked), lambda: self._note(lines.conversation, asked))
        return self._backroom.ask((PROMPT, lines.ticket, lines.language, lines.lines), job)

    def _made(self, lines: Lines, asked: list[ModelAsked]) -> str | None:
        cloak = Cloak(lines.names)
        numbered = [{"number": number, "text": line} for number, line in enumerate(lines.lines, start=1)]
        about = {"bank": Public(self._bank), "language": Public(_LANGUAGES[lines.language])}
        rendered = prompt.load(PROMPT).render(cloak, lines=numbered, **about)
        allowance = Allowance(time.monotonic() + self._seconds, asked)
        written = "".join(self._llm.stream(rendered, allowance)).strip()
        text = cloak.uncover(written)
        wrong = [*self._wrong(text, lines), *self._unfounded(written, lines, cloak)]
        if wrong:
            log.info("a summary stands as it was composed: %s", ", ".join(wrong))
            return None
        return (" " if lines.language == "en" else "").join(map(_without_marks, retelling.sentences(text)))

    def _wrong(self, text: str, lines: Lines) -> Iterator[str]:
        """Why a text may not be shown: kinds of reasons alone, for what they are about is the customer's."""
        told = [_Told(_without_marks(one), _marks(one)) for one in retelling.sentences(text)]
        if not 1 <= len(told) <= _SENTENCES:
            yield "too many sentences" if told else "no sentence"
        numbers = range(1, len(lines.lines) + 1)
        if not all(one.sources and one.sources <= set(numbers) for one in told):
            yield "a sentence names no line, or one that is not there"
            return
        names = self._titles | lines.names
        of_line = ("".join(one.text for one in told if number in one.sources) for number in numbers)
        if any(retelling.lost(line, text, names) for line, text in zip(lines.lines, of_line, strict=True)):
            yield "something is lost"
        if any(retelling.added([lines.lines[n - 1] for n in one.sources], one.text, names) for one in told):
            yield "something is added"
        if retelling.turned(lines.lines, text):
            yield "something is denied that was not, or is not that was"

    def _unfounded(self, written: str, lines: Lines, cloak: Cloak) -> Iterator[str]:
        """Whether what a model wrote stands in what it read, but for the values that were covered, which are held to elsewhere."""
        covered = (without_tokens(cloak.cover(line)) for line in lines.lines)
        stands = self._grounds([_cited(number, line) for number, line in enumerate(covered, start=1)])
        if not all(map(stands, retelling.sentences(written))):
            yield "a sentence does not stand in its lines"


@dataclass(frozen=True)
class _Told:
    """A sentence of the model's without its marks, and the numbers that they gave."""

    text: str
    sources: frozenset[int]


def covered_values(lines: Sequence[str]) -> set[str]:
    """What is covered in the lines already, such as 139****9077, which a model need not see either."""
    return {found for line in lines for found in _HALF_COVERED.findall(line)}


def names_like(covered: str, lines: Sequence[str]) -> set[str]:
    """Names that may be the one that the bank covers as 林*雯; a shorter one fits too much that is no name."""
    if len(covered) < _SHORTEST_COVERED_NAME or _COVERED not in covered:
        return {covered} if covered else set()
    pattern = re.escape(covered).replace(re.escape(_COVERED), "[\u3400-\u9fff*]")
    return {found for line in lines for found in re.findall(pattern, line)}


def _marks(text: str) -> frozenset[int]:
    return frozenset(map(int, _MARK.findall(text)))


def _without_marks(text: str) -> str:
    return _MARK.sub("", text)


def _cited(number: int, line: str) -> Citation:
    return Citation(number, "", "", "", None, line, "")
