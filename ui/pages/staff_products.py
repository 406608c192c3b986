"""The tab of products: the catalogue as a table to be filtered, each row opening to all that the documents tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import gradio as gr
import yaml

from assistant.catalogue import Catalogue
from assistant.part import Part
from assistant.part import Text as Both
from assistant.product import Kind, Product
from knowledge_base.passage import Audience
from knowledge_base.text import fold
from ui.pages.chat_tab import of_browser
from ui.pages.pane import Asked, asked, html
from ui.pages.staff_text import Text
from ui.service import Service
from ui.signin import SignIn

_LEVELS = range(1, 6)
TERMS = (30, 90, 180, 365, 1095)
"""The longest times, in days, that the filter offers to bind the money for."""
MINIMA = (100, 10_000, 50_000, 200_000)
"""The amounts, in yuan, that the filter offers as what the customer has."""
_YIELDS = ("benchmark", "rate", "top_rate", "annual_fee")


class Names(Part):
    """What kinds and fields are called in both languages."""

    kinds: Mapping[Kind, Both]
    fields: Mapping[str, Both]


@dataclass(frozen=True)
class Row:
    """A product as a row of the table; `rate` is the name of the field that tells what it yields or costs."""

    product: Product
    kind: str
    rate: str
    open: bool


class ProductPane:
    """Shows the products that are in force today."""

    name = "products"

    def __init__(self, service: Service, texts: Mapping[str, Text]) -> None:
        self._catalogue = Catalogue(service.search)
        self._texts = texts

    def hear(self, _who: SignIn, sent: object, request: gr.Request) -> str:
        """The products as they are filtered, with the one open that was asked for."""
        language = of_browser(request).partition("-")[0]
        wish = asked(sent) or Asked()
        products = self._catalogue.products(Audience.STAFF, date.today())
        found = [one for one in products if _fits(one, wish.filters)]
        told, there = names(), {one.kind for one in products}
        return html(
            "products",
            t=self._texts[language],
            rows=[Row(one, told.kinds[one.kind].of(language), _rate(one), one.name == wish.id) for one in found],
            filters={"kind": "", "level": "", "term": "", "minimum": "", "words": "", **wish.filters},
            kinds=[(kind.value, told.kinds[kind].of(language)) for kind in Kind if kind in there],
            fields={name: both.of(language) for name, both in told.fields.items()},
            levels=_LEVELS,
            terms=TERMS,
            minima=MINIMA,
        )


@cache
def names() -> Names:
    """The names; raises ValidationError when one is missing in a language."""
    file = Path(__file__).with_name("staff_product.yaml")
    return Names.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def _fits(product: Product, filters: Mapping[str, str]) -> bool:
    """Whether all filters let it pass; what is not told of a product is no reason to show it where it is asked for."""
    words = fold(filters.get("words", "").strip())
    return (
        filters.get("kind", "") in ("", product.kind)
        and _is_at_most(product.level, filters.get("level", ""))
        and _is_at_most(product.lock, filters.get("term", ""))
        and _is_at_most(product.minimum, filters.get("minimum", ""))
        and (not words or words in fold(product.name) or words in fold(product.text("alias") + product.text("code")))
    )


def _is_at_most(value: int | None, most: str) -> bool:
    return not most.isdecimal() or (value is not None and value <= int(most))


def _rate(product: Product) -> str:
    return next((name for name in _YIELDS if name in product.fields), "")
