"""Products as rows and columns of a table, each cell as its document writes it, with the passages that it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.footnotes import Footnotes
from assistant.guidance_text import Phrases
from assistant.product import Field, Product
from assistant.source import Source

_ROW = ("level", "term", "minimum", "yield", "age", "hesitation", "channel")
_INSTEAD = {"yield": ("benchmark", "rate", "floor_rate"), "term": ("term", "remark")}
"""Fields that stand in a column for want of the one before."""
_PARTS = {"term": ("matures",), "benchmark": ("published",), "floor_rate": ("middle_rate", "top_rate")}
_NOT_COMPARED = frozenset({"alias", "code", "levels", "conditions", "starts", "interest_from", "holding_limit"})


def rows(products: Sequence[Product], notes: Footnotes, say: Phrases) -> str:
    """A product a row: level, term, minimum, benchmark with its day or rate, and channel."""
    names = [name for name in _ROW if any(_fields(product, name) for product in products)]
    lines = [[say("product"), *(say.of(say.told.fields[name]) for name in names)]]
    lines.append(["---"] * (len(names) + 1))
    for product in products:
        sources = [source for name in names for source in _sources(product, name)]
        cells = [_cell(product, name, say) for name in names]
        lines.append([f"{product.name}{notes.mark(*sources)}", *cells])
    return _table(lines)


def columns(products: Sequence[Product], notes: Footnotes, say: Phrases) -> tuple[str, list[str]]:
    """A product a column and a field a row; and the names of the fields that some of them lack."""
    names = [
        name for name in say.told.fields if name not in _NOT_COMPARED and any(name in one.fields for one in products)
    ]
    lines = [["", *(product.name for product in products)], ["---"] * (len(products) + 1)]
    for name in names:
        cells = [
            f"{_said(product.fields.get(name), say)}{notes.mark(*_stands(product.fields.get(name)))}"
            for product in products
        ]
        lines.append([say.of(say.told.fields[name]), *cells])
    lacking = [say.of(say.told.fields[name]) for name in names if not all(name in one.fields for one in products)]
    return _table(lines), lacking


def sources(products: Sequence[Product]) -> list[Source]:
    """Every passage that any field of these products stands in."""
    return [said.source for one in products for field in one.fields.values() for said in field.statements]


def _fields(product: Product, name: str) -> list[str]:
    """The names of the fields that a cell of the row table is made of."""
    name = next((one for one in _INSTEAD.get(name, (name,)) if one in product.fields), "")
    return [one for one in (name, *_PARTS.get(name, ())) if one in product.fields]


def _sources(product: Product, name: str) -> list[Source]:
    return [said.source for one in _fields(product, name) for said in product.fields[one].statements]


def _cell(product: Product, name: str, say: Phrases) -> str:
    names = _fields(product, name)
    if not names:
        return "—"
    text = _said(product.fields[names[0]], say)
    if names[0] == "term" and product.matures:
        return say("matures", term=text, day=say.day(product.matures))
    if names[0] == "benchmark" and "published" in names:
        return say("published", benchmark=text, day=product.text("published"))
    if names[0] == "floor_rate":
        middle, top = product.text("middle_rate"), product.text("top_rate")
        return say("bands", floor=text, middle=middle, top=top)
    since = product.fields[names[0]].statements[0].source.document.effective_from
    return say("rate_from", rate=text, day=say.day(since)) if names[0] == "rate" and since else text


def _said(field: Field | None, say: Phrases) -> str:
    if field is None:
        return "—"
    values = [said.text for said in field.statements]
    return say("disagree", values=say("clause").join(values)) if field.disagrees else values[0]


def _stands(field: Field | None) -> list[Source]:
    return [said.source for said in field.statements] if field else []


def _table(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(cell: str) -> str:
    return cell.replace("|", "/").replace("\n", " ")
