"""A model that says what a script tells: for stories, and for a demo without a server."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from assistant.llm import Allowance, Asked, Failure, ModelFailed, Shape
from assistant.llms import in_json
from assistant.llms.call import tokens
from assistant.model_event import ModelAsked

_PIECE = 4
MODEL = "scripted"


class WrongScript(Exception):
    """A script cannot be read, or does not have what is asked."""


class Line(BaseModel):
    """What is answered to a prompt of this name, `about` in its text: words, an object, or a failure, after words or without."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    about: str = ""
    say: str = ""
    fill: dict[str, Any] | None = None
    fail: Failure | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.say or self.fill is not None or self.fail):
            raise ValueError("a line has one of say, fill and fail")
        return self

    def fits(self, asked: Asked) -> bool:
        """Whether it is the answer to this."""
        return asked.prompt.partition("@")[0] == self.prompt and self.about in asked.user


class Scripted:
    """Each line is used once, the first that fits. Raises WrongScript for what is not in the script."""

    def __init__(self, lines: list[Line]) -> None:
        self.left = list(lines)
        """Lines that were not asked for yet."""

    @classmethod
    def of(cls, path: Path) -> Scripted:
        """The script in a YAML file; raises WrongScript."""
        try:
            return cls(TypeAdapter(list[Line]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise WrongScript(f"{path} cannot be read: {error}") from error

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        """The words of the next line that fits, piece by piece; raises ModelFailed where the line says so."""
        line = self._next(asked, allowance)
        if line.fill is not None:
            raise WrongScript(f"{asked.prompt} is asked for words, and the script has an object")
        for start in range(0, len(line.say), _PIECE):
            yield line.say[start : start + _PIECE]
        if line.fail:
            raise ModelFailed(line.fail, "by the script")

    def resting(self) -> dict[str, bool]:
        """A script has no server."""
        return {}

    def close(self) -> None:
        """Nothing is open."""

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        """The object of the next line that fits, or what is found in its words; raises ModelFailed where the line says so."""
        line = self._next(asked, allowance)
        if line.fail:
            raise ModelFailed(line.fail, "by the script")
        return in_json.read(_text(line), shape, asked.cloak)

    def _next(self, asked: Asked, allowance: Allowance) -> Line:
        line = next((line for line in self.left if line.fits(asked)), None)
        if line is None:
            raise WrongScript(f"the script has no line left for {asked.prompt}, asked:\n{asked.user}")
        self.left.remove(line)
        read = tokens(asked.system) + tokens(asked.user)
        allowance.asked.append(ModelAsked(asked.prompt, MODEL, read, tokens(_text(line)), 0, 0, 0, line.fail))
        return line


def _text(line: Line) -> str:
    return line.say if line.fill is None else json.dumps(line.fill, ensure_ascii=False)
