"""What a flow file is made of beside its steps: texts in both languages, slots, and how people ask."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Part(BaseModel):
    """A part of a flow file; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Spoken(Part):
    """One text in both languages; `{slot}` stands for what is known."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The text in `zh` or `en`."""
        return self.en if language == "en" else self.zh

    @property
    def names(self) -> frozenset[str]:
        """The slots that the text names, in either language."""
        return frozenset(
            name for text in (self.zh, self.en) for _, name, _, _ in string.Formatter().parse(text) if name
        )


class Text(Spoken):
    """A text that may be put more plainly for who uses elder mode; it says the same."""

    elder: Spoken | None = None

    def plainest(self, language: str, *, elder: bool) -> str:
        """The text in `zh` or `en`, as it is put in elder mode where it is on."""
        return (self.elder or self).of(language) if elder else self.of(language)


class Examples(Part):
    """How people ask for a task, and about it; all matched without regard to script and case.

    `questions` are answered from the documents instead. `patterns` are regular expressions that speak for the task, `needs`
    what a message cannot do without, `excludes` what speaks against it.
    """

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    questions: Mapping[Literal["zh", "en"], tuple[str, ...]] = {}
    patterns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    @field_validator("patterns", "needs", "excludes")
    @classmethod
    def _are_expressions(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return patterns


class Choosable(Part):
    """An option of a choice slot that is the same for everyone; a quiet one is understood, and has no button."""

    label: Text
    also: tuple[str, ...] = ()
    quiet: bool = False


class Slot(Part):
    """Something that the flow needs to know from the customer; `only_asked` where it is not taken from what is said before."""

    kind: str
    name: Text
    ask: Text
    optional: bool = False
    only_asked: bool = False
    also: tuple[str, ...] = ()
    options: Mapping[str, Choosable] = {}
    reject: Mapping[str, Text] = {}

    @field_validator("options", mode="before")
    @classmethod
    def _no_booleans(cls, options: Any) -> Any:
        if isinstance(options, dict) and any(isinstance(key, bool) for key in options):
            raise ValueError(
                "an option is called yes, no, on or off, which YAML reads as true or false; quote it or rename it"
            )
        return options
