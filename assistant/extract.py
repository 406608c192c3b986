"""The words of an answer, taken from passages: an FAQ's answer, the sentences that say it, the cells that are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from knowledge_base.passage import UNIT_HEADER, Hit, Kind
from knowledge_base.text import fold, words

_AS_NEAR = 0.012
_SAME_SUBJECT = 0.006
_MAX_SENTENCES = 3
_MAX_PASSAGES = 3
_MAX_ROWS = 4
_WORD_SHARE = 0.03
_SMALL_ROW = 5
_LIST = re.compile("如何|怎么|怎样|流程|步骤|哪些|什么材料|条件|要求|区别|介绍|说明|how |what are|which ")
_ONE = re.compile("谁|哪位|哪个人|who ")
_YEAR = re.compile("20[0-9]{2}")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十0-9]+[、.)]|[(][^)]*[)]|其中:|[减加]:|\s)+|[(][^)]*[)]$")
_MARK = re.compile(r" \[[0-9]+\]")


def used(question: str, best: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """The hits an answer is taken from: the best, and those beside it that say as much on the same question."""
    match best.passage.kind:
        case Kind.FAQ:
            return [best]
        case Kind.ROW:
            if row_name(best) and row_name(best) in fold(question):
                return [best]
            alike = [hit for hit in hits if _same_table(hit, best) and hit.similarity > best.similarity - _AS_NEAR]
            return [best, *(hit for hit in alike if hit is not best)][: 1 if _ONE.search(question) else _MAX_ROWS]
        case Kind.TEXT:
            alike = [hit for hit in hits if hit is not best and hit.document.id == best.document.id]
            near = [hit for hit in alike if hit.passage.kind is Kind.TEXT and _about_as_near(hit, best)]
            return [best, *near][:_MAX_PASSAGES]
        case _:
            assert_never(best.passage.kind)


def worded(question: str, hits: Sequence[Hit], marked: int | None = None) -> str:
    """What the hits say to the question, each followed by the number of its citation; `marked` is the unit of the first that answers."""
    marks = [marked, *[None] * (len(hits) - 1)]
    told = (_of(question, hit, mark) for hit, mark in zip(hits, marks, strict=True))
    return "\n".join(f"{text} [{number}]" for number, text in enumerate(told, start=1))


def comparison(question: str, rows: Sequence[Hit]) -> str:
    """Rows of one table side by side, as a Markdown table: a column each, a line for each heading that is asked for."""
    headers = [header for header, _cell in rows[0].passage.cells[1:]]
    picked = [header for header in headers if asks_for(header, question)] or headers
    names = [f"{row.passage.cells[0][1]} [{number}]" for number, row in enumerate(rows, start=1)]
    lines = [["", *names], ["---"] * (len(rows) + 1)]
    lines += [[header, *(dict(row.passage.cells).get(header, "—") for row in rows)] for header in picked]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def without_marks(text: str) -> str:
    """The text without the numbers of its citations."""
    return _MARK.sub("", text)


def _of(question: str, hit: Hit, marked: int | None) -> str:
    match hit.passage.kind:
        case Kind.FAQ:
            return hit.passage.answer
        case Kind.ROW:
            return _row(question, hit)
        case Kind.TEXT:
            return _sentences(question, hit, marked)
        case _:
            assert_never(hit.passage.kind)


def _row(question: str, hit: Hit) -> str:
    """The row's name and the cells that are asked for; the whole row where it is short or the question picks none."""
    name, *cells = hit.passage.cells
    years = [cell for cell in cells if any(year in cell[0] for year in _YEAR.findall(question))]
    picked = years or [cell for cell in cells if asks_for(cell[0], question)]
    if not picked or (not years and len(cells) <= _SMALL_ROW):
        picked = cells
    picked += [cell for cell in cells if cell[0] == UNIT_HEADER and cell not in picked]
    shown = "；".join(f"{header}：{cell}" if header else cell for header, cell in picked)
    return f"{name[1]}：{shown}" if shown else name[1]


def asks_for(header: str, question: str) -> bool:
    """Whether a question asks for what stands under a heading."""
    folded = fold(header)
    return bool(folded) and (folded in fold(question) or bool(set(words(header)) & set(words(question))))


def _sentences(question: str, hit: Hit, marked: int | None) -> str:
    """The sentence that answers and those nearest to the question, in the document's order; the whole passage where a list is asked for."""
    passage = hit.passage
    if _LIST.search(fold(question)) or len(passage.units) <= 2:
        return passage.text
    weights = [_weight(question, unit, near) for unit, near in zip(passage.units, hit.similarities, strict=True)]
    best = sorted(range(len(weights)), key=lambda index: weights[index], reverse=True)[:_MAX_SENTENCES]
    picked = {index for index in best if weights[index] >= max(weights) - _AS_NEAR}
    picked |= set() if marked is None else {marked}
    return _joined([passage.units[index] for index in sorted(picked)])


def _weight(question: str, unit: str, nearness: float) -> float:
    """How much a sentence says to the question: all are embedded behind one title, so their own words decide with."""
    asked = set(words(question))
    return nearness + _WORD_SHARE * len(asked & set(words(unit))) / (len(asked) or 1)


def _joined(sentences: Sequence[str]) -> str:
    """Sentences one after the other, with a space where the script wants one."""
    text = ""
    for sentence in sentences:
        text += f" {sentence}" if text and text[-1].isascii() else sentence
    return text


def row_name(hit: Hit) -> str:
    """What a row is about, folded, without the numbering and remarks around it."""
    return _NUMBERING.sub("", fold(hit.passage.subject or ""))


def _same_table(hit: Hit, other: Hit) -> bool:
    headers = [[header for header, _cell in item.passage.cells] for item in (hit, other)]
    return hit.document.id == other.document.id and headers[0] == headers[1]


def _about_as_near(hit: Hit, best: Hit) -> bool:
    return hit.similarity > best.similarity - _SAME_SUBJECT
