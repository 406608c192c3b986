"""The numbered citations of one answer, each passage once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.reply import Citation
from assistant.source import Source


class Footnotes:
    """Gives each passage a number when it is first cited."""

    def __init__(self) -> None:
        self._citations: dict[str, Citation] = {}
        self._passages: list[str] = []

    def mark(self, *sources: Source | None) -> str:
        """The marks of these passages, each once, to stand behind what they say."""
        return "".join(dict.fromkeys(self._cite(source) for source in sources if source))

    def given(self, citation: Citation) -> str:
        """The mark of a citation that was made elsewhere."""
        number = len(self._citations) + 1
        known = self._citations.setdefault(citation.url, replace(citation, number=number))
        return f" [{known.number}]"

    def _cite(self, source: Source) -> str:
        if source.passage.id not in self._passages:
            self._passages.append(source.passage.id)
        return self.given(source.cited(0))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations, in order of their numbers."""
        return tuple(self._citations.values())

    @property
    def passages(self) -> tuple[str, ...]:
        """The ids of the passages cited."""
        return tuple(self._passages)


def texts(sources: Iterable[Source]) -> list[str]:
    """All that these passages tell figures by: their text, their documents' titles and days."""
    return [f"{one.passage.text}\n{one.document.title}\n{one.document.effective_from}" for one in sources]
