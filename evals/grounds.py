"""How far passages bear out an answer, without a model: its figures in their places, its denials, its names, and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import naming, quantity
from assistant.quantity import Quantity
from evals import ground_piece
from evals.ground_piece import Piece

HOLDS = 0.4
"""An answer is taken for grounded from this score on; set on the labels' split `tune`."""
_MARGIN = 1.0
_NEAR = 0.5
_CONTRARY = 0.2
_ALL = re.compile("所有|全部|一律|每位|任何|人人|随时|一定|自动|永久|完全|笔数不限|就是")
_MOST = re.compile("最高|最多|至多|不(?:能|得)?超过|上限|以内|以下|封顶|最长|至(?=[0-9])")
_LEAST = re.compile("最低|最少|至少|不(?:能|得)?(?:低|少)于|以上|起存|起购")
_STEP = re.compile("(?<=[。；;])(?:[0-9]{1,2}[.、] ?)(?=[\u4e00-\u9fff])")
_ONE = re.compile("一(?:天|日|年|周|季度|个月|笔|张|次)")
"""How a single one of its kind is spoken of: a period or an occasion rather than a figure."""
_PERIODS = {
    "year": re.compile("年(?:化|利率|费率)|/年|每年|一年|全年|年累计|年度"),
    "month": re.compile("月(?:利率|费率)|/月|每月|一个月|每个月|月累计"),
    "day": re.compile("日(?:利率|累计)|/日|/天|每[日天]|一天|单日"),
    "quarter": re.compile("/季|每季|一季"),
}


@dataclass(frozen=True)
class Ground:
    """A passage, and what stands over it."""

    heading: str
    text: str


@dataclass(frozen=True)
class Grounds:
    """How well an answer is borne out, from 0 to 1: its weakest clause decides. `figures` stand in no passage; `why` is what was found."""

    score: float
    figures: tuple[str, ...]
    why: tuple[str, ...]


def unheld(answer: str, passages: Sequence[Ground]) -> list[str]:
    """The figures of an answer that stand in no passage, as they are written."""
    # Steps that are quoted one after the other are numbered within a line, which no source does.
    text = ground_piece.plain(_STEP.sub("\n", answer))
    held = [
        one
        for ground in passages
        for part in (ground.heading, ground.text)
        for one in quantity.read(ground_piece.plain(part))
    ]
    told = ((text[one.start : one.end], one) for one in quantity.read(text))
    return [
        written
        for written, one in told
        if not _ONE.fullmatch(written) and not any(quantity.same(one, other) for other in held)
    ]


def of(answer: str, passages: Sequence[Ground], question: str = "") -> Grounds:
    """How well passages bear an answer out that was given to a question."""
    told = list(ground_piece.pieces(answer))
    sources = [piece for ground in passages for piece in ground_piece.pieces(ground.text, ground.heading)]
    asked = ground_piece.words(ground_piece.plain(question))
    judged = [_judged(place, told, sources, asked) for place in range(len(told))]
    scores, why = [score for score, _why in judged], [one for _score, found in judged for one in found]
    if _strange(answer, passages, question):
        scores.append(_CONTRARY)
        why.append("name")
    missing = tuple(unheld(answer, passages))
    return Grounds(0.0 if missing else min(scores, default=1.0), missing, tuple(why))


def _judged(
    place: int, told: Sequence[Piece], sources: Sequence[Piece], asked: frozenset[str]
) -> tuple[float, Sequence[str]]:
    """How well one clause is borne out, and what is wrong with it; what stands in a passage to the letter is."""
    piece = told[place]
    if any(_bare(piece.text) in _bare(one.text) and one.denies == piece.denies for one in sources):
        return 1.0, ()
    said = frozenset[str]().union(*(one.words for one in told[:place]))
    figures = [figure for one in told for figure in one.figures]
    faults = [f"{fault}: {piece.text}" for fault in _faults(piece, sources, asked | said, figures)]
    covered = _covered(piece, frozenset[str]().union(asked, *(one.words | one.around for one in sources)))
    if not faults and covered < _NEAR:
        return covered, [f"words: {piece.text}"]
    return covered * (_CONTRARY if faults else 1), faults


def _bare(text: str) -> str:
    return re.sub(r"[\s,;。]", "", text)


def _strange(answer: str, passages: Sequence[Ground], question: str) -> bool:
    """Whether an answer names a branch, a bank, a document or an address that neither the passages nor the question name."""
    held = ground_piece.plain("\n".join(f"{one.heading}\n{one.text}" for one in passages))
    compact, asked = (re.sub(r"\s", "", text) for text in (held, ground_piece.plain(question)))
    return any(naming.faults(ground_piece.plain(answer), (), compact, asked))


def _covered(piece: Piece, held: frozenset[str]) -> float:
    if not piece.words:
        return 1.0
    share = len(piece.words & held) / len(piece.words)
    # A figure in its place bears out half of what is said of it.
    return (1 + share) / 2 if piece.figures else share


def _faults(
    piece: Piece, sources: Sequence[Piece], around: frozenset[str], figures: Sequence[Quantity]
) -> Iterator[str]:
    """What a clause says otherwise than the passages; `around` is what was asked and said before, `figures` are all the answer's."""
    for figure in piece.figures:
        yield from _misplaced(figure, piece, sources, around)
    if _otherwise(piece, sources):
        yield "denial"
    text = "".join(one.text for one in sources)
    if any(found not in text for found in _ALL.findall(piece.text)):
        yield "all"
    if piece.free:
        yield from _free(sources, figures)


def _misplaced(figure: Quantity, piece: Piece, sources: Sequence[Piece], around: frozenset[str]) -> Iterator[str]:
    """Where another figure of its kind is what the passages say of this, or they bound it otherwise, or count it by another period."""
    holding = [one for one in sources if _holds(one, figure)]
    rivals = [
        one
        for one in sources
        if any(other.kind == figure.kind for other in one.figures)
        and not any(_holds(one, told) for told in piece.figures if told.kind == figure.kind)
    ]
    if not holding:
        return
    context = replace(piece, figures=tuple(one for one in piece.figures if one.kind != figure.kind))
    near = {one: _nearness(context, one, around) for one in (*holding, *rivals)}
    mine = max(near[one] for one in holding)
    if any(near[one] >= mine + _MARGIN for one in rivals):
        yield "place"
    nearest = [one for one in holding if near[one] == mine]
    if not any(_bounded_alike(piece, one) for one in nearest):
        yield "bound"
    if not any(_as_often(piece, one) for one in nearest):
        yield "period"


def _otherwise(piece: Piece, sources: Sequence[Piece]) -> bool:
    """Whether the passages deny what is said here, or say what is denied."""
    near = _nearest(piece, sources)
    if near and all(one.denies != piece.denies for one in near):
        return True
    said = frozenset[str]().union(*(one.words for one in sources if not one.denies))
    scopes = [one.denied - said for one in sources if one.denies]
    return not piece.denies and any(scope and 2 * len(scope & piece.words) >= len(scope) for scope in scopes)


def _free(sources: Sequence[Piece], figures: Sequence[Quantity]) -> Iterator[str]:
    """Where nothing is free, or only what keeps a condition with a figure, and the answer names none of these."""
    free = [one for one in sources if one.free]
    if not free:
        yield "free"
    elif all(one.figures for one in free) and not any(_holds(one, figure) for one in free for figure in figures):
        yield "condition"


def _nearness(piece: Piece, source: Piece, around: frozenset[str]) -> float:
    here = source.words | source.around
    around = around - piece.words
    figures = sum(
        _holds(source, one) or any(quantity.same(one, other) for other in source.above) for one in piece.figures
    )
    return 2 * (len(piece.words & source.words) + figures) + len(piece.words & source.around) + 0.5 * len(around & here)


def _nearest(piece: Piece, sources: Sequence[Piece]) -> list[Piece]:
    if len(piece.words) < 2:
        return []
    shares = [len(piece.words & one.words) / len(piece.words) for one in sources]
    best = max(shares, default=0.0)
    return [one for one, share in zip(sources, shares, strict=True) if share == best] if best >= _NEAR else []


def _holds(piece: Piece, figure: Quantity) -> bool:
    return any(quantity.same(figure, other) for other in piece.figures)


def _as_often(piece: Piece, source: Piece) -> bool:
    mine, theirs = ({name for name, says in _PERIODS.items() if says.search(one.text)} for one in (piece, source))
    return not mine or not theirs or bool(mine & theirs)


def _bounded_alike(piece: Piece, source: Piece) -> bool:
    most, least = bool(_MOST.search(piece.text)), bool(_LEAST.search(piece.text))
    theirs = bool(_MOST.search(source.text)), bool(_LEAST.search(source.text))
    return not ((most and not least and theirs == (False, True)) or (least and not most and theirs == (True, False)))
