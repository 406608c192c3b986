"""The rules for texts that customers will read, kept in draft_check.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator

from assistant.part import Part, Text

_FILE = Path(__file__).with_name("draft_check.yaml")


def _expression(given: str) -> str:
    try:
        re.compile(given)
    except re.error as error:
        raise ValueError(f"{given!r} is no regular expression: {error}") from error
    return given


Expression = Annotated[str, AfterValidator(_expression)]


class Disguise(Part):
    """Other characters for a forbidden phrase, and the phrase that they mean."""

    says: Expression
    means: str


class Refusal(Part):
    """What may not be said together, unless the text says this; `says` are words of the passage that gives the rule."""

    about: Expression
    also: Expression = ""
    unless: Expression = "(?!)"
    reason: Text
    instead: Text
    says: str


class Need(Part):
    """What a text must hold: every one of these expressions."""

    has: tuple[Expression, ...]
    name: Text


class Subject(Part):
    """What a text may be about, and what it then must hold; `innocent` words only sound like it."""

    about: Expression
    innocent: Expression = "(?!)"
    says: str
    needs: tuple[Need, ...]


class Documents(Part):
    """Parts of the paths of the documents that give the rules."""

    phrases: str
    drafts: str
    private: str


class Told(Part):
    """What is said of what was found."""

    phrase: Text
    private: Text
    private_instead: Text
    missing: Text
    missing_instead: Text
    figure: Text
    figure_instead: Text
    personal: Text
    personal_instead: Text
    phone: Text
    passed: Text
    refused: Text
    line: Text


class DraftRules(Part):
    """All of it; expressions are looked for in folded text."""

    documents: Documents
    asks: tuple[Expression, ...]
    innocent: tuple[Expression, ...]
    disguised: tuple[Disguise, ...]
    warns: Expression
    refusals: Mapping[str, Refusal]
    subjects: Mapping[Literal["wealth", "benchmark", "fund", "insurance", "loan", "activity"], Subject]
    no_figures: tuple[Expression, ...]
    text: Told


@cache
def load() -> DraftRules:
    """The rules; raises ValidationError when one is missing or unknown."""
    return DraftRules.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
