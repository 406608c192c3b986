"""What the bank's own sales documents say that staff may say, and which of it suits the products offered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import sales_vocabulary
from assistant.catalogue import Products
from assistant.guidance_text import TalkFormat
from assistant.product import Product
from assistant.source import Source
from knowledge_base.passage import Kind as PassageKind

_MOST = 3


@dataclass(frozen=True)
class TalkingPoint:
    """Words that a document gives staff to say, and the objection that they answer, if one."""

    text: str
    source: Source
    objection: str = ""


def points(sources: Sequence[Source], form: TalkFormat) -> Iterator[TalkingPoint]:
    """All that these passages give to say."""
    wanted = [re.compile(pattern) for pattern in form.sources]
    for source in sources:
        if any(pattern.search(source.document.path) for pattern in wanted):
            yield from _of(source, form)


def _of(source: Source, form: TalkFormat) -> Iterator[TalkingPoint]:
    passage = source.passage
    if passage.kind is PassageKind.ROW:
        cells = dict(passage.cells)
        objection = next((cells[heading] for heading in form.objections if heading in cells), "")
        said = [cells[heading].strip("“”") for heading in form.headings if heading in cells]
        yield from (TalkingPoint(text, source, objection) for text in said)
    elif passage.kind is PassageKind.TEXT:
        yield from (TalkingPoint(text, source) for text in re.findall(form.spoken, passage.text))


def suiting(
    found: Sequence[TalkingPoint], offered: Sequence[Product], products: Products, form: TalkFormat
) -> list[TalkingPoint]:
    """Those that speak of what is offered and of nothing else; the most to the point first, three at most."""
    scored = [(_score(point, offered, products), number) for number, point in enumerate(found)]
    good = sorted((-score, number) for score, number in scored if score > 0)
    return [found[number] for _score_, number in good if not re.search(form.never, found[number].text)][:_MOST]


def _score(point: TalkingPoint, offered: Sequence[Product], products: Products) -> int:
    """How many of the products and kinds offered it speaks of; nothing where it speaks of any other."""
    families = {product.family for product in offered}
    spoken = f"{point.objection} {point.text}"
    named = [{product.family for product in mention.products} for mention in products.mentions(spoken)]
    kinds = {product.kind for product in offered}
    spoken_of = sales_vocabulary.load().kinds_named(products.without_names(spoken))
    if any(not names & families for names in named) or spoken_of - kinds:
        return 0
    return 2 * len(named) + len(spoken_of & kinds)
