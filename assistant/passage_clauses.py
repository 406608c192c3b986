"""A cited passage as clauses, each with what its heading, its row or its question say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant import clause
from assistant.clause import Clause
from assistant.grounding_words import words as known
from assistant.quantity import plain
from assistant.reply import Citation
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import UNIT_HEADER

_UNIT_IN_HEADER = re.compile(
    r"^(?P<header>[^:]*?)[(](?:单位:?)?(?P<unit>万元|亿元|元|%|‰|天|个月|年|岁|次|笔|克|份)[)]$"
)
_CELL_NUMBER = re.compile(
    r"(?<![0-9.,a-z])[0-9][0-9,]*(?:\.[0-9]+)?(?![0-9.,a-z%‰个元天年月万亿岁次笔克份期美港欧日倍])"
)


@dataclass(frozen=True)
class Told:
    """What a source tells: its clauses, and all its words in one plain text, heading and title with them."""

    number: int
    text: str
    compact: str
    words: frozenset[str]
    names: frozenset[str]
    clauses: tuple[Clause, ...]


def told(citation: Citation, names: Lexicon) -> Told:
    """A citation read."""
    heading, text = plain(f"{citation.title} {citation.section}"), plain(citation.text)
    head = clause.clause_of(heading, names)
    narrow = frozenset(names.names_in(plain(citation.section))) or head.names
    parts = _row(text, names) if clause.is_row(text) else _prose(text, names)
    head = replace(head, asks=True)
    found = [head, *(_under(one, replace(head, names=narrow)) for one in parts)]
    everything = f"{heading}\n{text}"
    words, named, _apart = clause.joined(found)
    compact = re.sub(r"\s", "", everything)
    found = [replace(one, whole=compact) for one in found]
    return Told(
        citation.number, everything, compact, words, named | frozenset(names.names_in(everything)), tuple(found)
    )


def _under(one: Clause, head: Clause) -> Clause:
    return replace(
        one,
        around=one.around | head.own,
        # What was named last counts where the heading does not tell better.
        names_around=one.names_around & head.names or head.names or one.names_around,
        apart_around=one.apart_around | head.apart,
    )


def _row(text: str, names: Lexicon) -> Iterator[Clause]:
    """Every cell says its value of the row's name, under its heading."""
    first, *cells = (cell.strip() for cell in text.split(";") if cell.strip())
    subject = clause.clause_of(first, names)
    yield subject
    unit = next((cell.partition(":")[2].strip() for cell in cells if cell.partition(":")[0].strip() == UNIT_HEADER), "")
    for cell in cells:
        header, value = _cell(cell, unit)
        above = clause.clause_of(header, names)
        for part in (one.text for sentence in clause.clauses(value, names) or [[above]] for one in sentence):
            told = clause.clause_of(f"{header}:{part}" if header else part, names)
            yield replace(
                told,
                own=told.own | subject.own,
                names=told.names | subject.names,
                apart=told.apart | subject.apart,
                denials=told.denials - above.denials,
            )


def _cell(cell: str, unit: str) -> tuple[str, str]:
    """Heading and value; a number without a unit has that of the heading, or else of the row."""
    header, sign, value = (part.strip() for part in cell.partition(":"))
    if not sign:
        return "", header
    found = _UNIT_IN_HEADER.match(header)
    unit = found.group("unit") if found else unit
    return header, _CELL_NUMBER.sub(lambda number: number.group() + unit, value) if unit else value


def _prose(text: str, names: Lexicon) -> Iterator[Clause]:
    """Clauses, each among those of its sentence, under the passage's question, with the names last spoken of."""
    sentences = clause.clauses(text, names)
    asked = sentences[0] if sentences and text.partition("\n")[0].rstrip().endswith("?") else []
    above, last, apart = clause.joined(asked)
    everywhere = clause.joined([one for sentence in sentences for one in sentence])[2]
    for sentence in sentences:
        carried = frozenset[str]()
        for index, part in enumerate(sentence):
            last = part.names or last
            before = clause.joined(sentence[:index])[0]
            later = frozenset(clause.key(one) for other in sentence[index:] for one in other.figures)
            # 即3.05% says of what was said just before.
            said = clause.content(clause.without_figures(part))
            carried = _words(part) if said else carried
            own = part.own if said else part.own | carried
            yield replace(
                part,
                own=own,
                around=before | later | above,
                names_around=last,
                apart_around=apart | everywhere,
                asks=sentence is asked,
            )


def _words(one: Clause) -> frozenset[str]:
    """The words of a clause and its names, without figures and what bounds them."""
    return (
        frozenset(word for word in clause.content(clause.without_figures(one)) if not known().strong.search(word))
        | one.names
    )
