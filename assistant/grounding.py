"""The lock between a model and the reader: of what it writes only sentences pass whose every figure and name stand in what they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant import agent_guard, claim, clause, naming, quantity
from assistant.claim import Claim
from assistant.cloak import without_tokens
from assistant.fault import Fault
from assistant.markup import Undressed, undressed
from assistant.passage_clauses import told
from assistant.reply import Citation
from knowledge_base.lexicon import Lexicon

__all__ = ["Checked", "Fault", "Grounding"]

_SHORT = 5
_CLAUSE = re.compile("[,。;!?\n]")


@dataclass(frozen=True)
class Checked:
    """A sentence as it may be sent, with the sources it stands in; `text` is None where it must not be sent.

    `faults` are why it must not; of a sentence that may be sent, what was mended in it: citations that were made up or moved.
    """

    text: str | None
    cited: tuple[int, ...]
    faults: tuple[Fault, ...]


class Grounding:
    """Checks the sentences of one answer against the passages that it was given.

    What is compared are values, not words: a sentence may say in its own words what its sources say, but no figure, name, address or
    bound that they do not, nor one that they say of something else.
    """

    def __init__(self, question: str, sources: Sequence[Citation], names: Lexicon) -> None:
        self._names = names
        self._sources = {source.number: told(source, names) for source in sources}
        self._question = clause.clause_of(quantity.plain(without_tokens(question)), names)

    def check(self, sentence: str) -> Checked:
        """The sentence as it may be sent, or why it may not."""
        bare = undressed(sentence)
        known_numbers = tuple(number for number in bare.numbers if number in self._sources)
        made_up = (Fault.MADE_UP_CITATION,) if len(known_numbers) < len(bare.numbers) else ()
        text = quantity.plain(without_tokens(bare.words))
        refused = tuple(self._refused(bare, text))
        if refused:
            return Checked(None, (), (*refused, *made_up))
        made = claim.made(text, bare.links, self._question, self._names)
        if made.says_nothing:
            return Checked(None, (), (Fault.COURTESY, *made_up))
        first: tuple[Fault, ...] | None = None
        for numbers in self._readings(made, known_numbers):
            faults, cited = self._judged(made, numbers)
            if not faults:
                moved = (Fault.MOVED_CITATION,) if known_numbers and not set(cited) <= set(known_numbers) else ()
                return Checked(_marked(bare, cited), cited, (*made_up, *moved))
            first = first or faults
        return Checked(None, (), (*(first or (Fault.UNSUPPORTED,)), *made_up))

    def _refused(self, bare: Undressed, text: str) -> Iterator[Fault]:
        """What no citation can make right; a warning that the bank itself words so is no promise."""
        if bare.forbidden or naming.has_odd_digits(bare.words):
            yield Fault.MARKUP
        promises = (one.words for one in agent_guard.promises(text))
        if any(not self._warns(promised, text) for promised in promises):
            yield Fault.PROMISE

    def _warns(self, promised: str, text: str) -> bool:
        clauses = [re.sub(r"\s", "", one) for one in _CLAUSE.split(text)]
        saying = [one for one in clauses if promised.replace(" ", "") in one and len(one) > _SHORT]
        return bool(saying) and all(any(one in source.compact for source in self._sources.values()) for one in saying)

    def _readings(self, made: Claim, cited: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The sources to hold a sentence to, one choice after the other: those it cites, each alone, the nearest first, and - without figures - all."""
        if cited:
            yield cited
        nearest = sorted(self._sources.values(), key=lambda one: -made.nearness(one))
        yield from ((one.number,) for one in nearest)
        # Figures of several sources make a new statement, which only a model that cites them all answers for.
        if len(nearest) > 1 and not any(one.figures for one in made.clauses):
            yield tuple(sorted(self._sources))

    def _judged(self, made: Claim, numbers: tuple[int, ...]) -> tuple[tuple[Fault, ...], tuple[int, ...]]:
        """What is wrong with a sentence if it cites these, and which of them it stands in."""
        sources = [self._sources[number] for number in numbers]
        faults = tuple(dict.fromkeys(made.faults(sources, tuple(self._sources.values()))))
        return faults, () if faults else made.stands_in(sources)


def _marked(bare: Undressed, cited: Iterable[int]) -> str:
    return bare.before + bare.words + "".join(f" [{number}]" for number in cited) + bare.behind
