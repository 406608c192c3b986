"""What guidance of staff says, from guidance.yaml, in the language of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from assistant import product_value
from assistant.part import Part, Text
from assistant.product import Kind
from assistant.sales_need import Mind
from assistant.suitability import Condition, Rule


class Sentence(Text):
    """A sentence with the words to find its source by, or the product's field that it goes by."""

    find: tuple[tuple[str, ...], ...] = ()
    field: str | None = None


class Disclosure(Sentence):
    """What must be said where products of these kinds are sold."""

    kinds: tuple[Kind, ...] = Field(min_length=1)


class TalkFormat(Part):
    """Where what to say stands: in which documents, under which headings of tables, behind which words."""

    sources: tuple[str, ...]
    headings: tuple[str, ...]
    objections: tuple[str, ...]
    spoken: str
    never: str


class GuidanceTexts(Part):
    """guidance.yaml."""

    sources: tuple[str, ...]
    levels: Mapping[int, Text]
    kinds: Mapping[Kind, Text]
    fields: Mapping[str, Text]
    rules: Mapping[Rule, Sentence]
    conditions: Mapping[Condition, Sentence]
    must_say: tuple[Disclosure, ...]
    talk: TalkFormat
    minds: Mapping[Mind, Sentence]
    campaign_rule: Sentence
    texts: Mapping[str, Text]


@cache
def load() -> GuidanceTexts:
    """The texts that ship; raises ValidationError for a file that is wrong."""
    path = Path(__file__).with_name("guidance.yaml")
    told = GuidanceTexts.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    missing = {*Rule} - {*told.rules} | {*Condition} - {*told.conditions} | {*Kind} - {*told.kinds}
    if missing:
        raise ValueError(f"guidance.yaml lacks: {', '.join(sorted(missing))}")
    return told


class Phrases:
    """The sentences in one language."""

    def __init__(self, language: str) -> None:
        self.told = load()
        self.language = language

    def __call__(self, name: str, /, **values: object) -> str:
        """A sentence of `texts`, filled in."""
        return self.told.texts[name].of(self.language).format(**values)

    def of(self, text: Text, /, **values: object) -> str:
        """Another text of the file, filled in."""
        return text.of(self.language).format(**values)

    def listed(self, items: list[str]) -> str:
        """Items in a row."""
        return self("between").join(items)

    def money(self, amount: int) -> str:
        """An amount of yuan."""
        if self.language == "en":
            return f"{amount:,} yuan"
        return f"{amount / 10**4:g}万元" if amount >= 10**4 and amount % 100 == 0 else f"{amount:,}元"

    def span(self, days: int) -> str:
        """A number of days as people say it."""
        for unit, size in (("years", product_value.YEAR), ("months", product_value.MONTH)):
            if days and days % size == 0:
                return self(unit, count=days // size)
        return self("days", count=days)

    def day(self, day: date) -> str:
        """A day."""
        return day.isoformat()
