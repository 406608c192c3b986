"""The prompts: read from prompts/, rendered strictly, each with its version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import prompts
from assistant.cloak import Cloak, Public
from assistant.llm import Asked, Size

_FOLDER = Path(prompts.__file__).parent
# What a model reads is no HTML.
_jinja = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701


class WrongPrompt(Exception):
    """A prompt cannot be read, or is rendered with other values than those that it names."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    size: Size
    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """A prompt: `label` is its name, version and the beginning of its text's SHA-256, as it is kept with what came of it."""

    label: str
    size: Size
    system: Template
    user: Template
    values: frozenset[str]

    def render(self, cloak: Cloak, **values: object) -> Asked:
        """What is sent; every text among the values is covered but those that are Public. Raises WrongPrompt."""
        if values.keys() != self.values:
            odd = ", ".join(sorted(values.keys() ^ self.values))
            raise WrongPrompt(f"{self.label} is rendered with other values than it names: {odd}")
        covered = {name: _covered(value, cloak) for name, value in values.items()}
        try:
            return Asked(self.label, self.size, self.system.render(covered), self.user.render(covered), cloak)
        except TemplateError as error:
            raise WrongPrompt(f"{self.label} cannot be rendered: {error}") from error


@cache
def load(name: str) -> Prompt:
    """The prompt of this name; raises WrongPrompt."""
    path = _FOLDER / f"{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
        file = _File.model_validate(yaml.safe_load(text))
        named = [meta.find_undeclared_variables(_jinja.parse(part)) for part in (file.system, file.user)]
        system, user = _jinja.from_string(file.system), _jinja.from_string(file.user)
    except (OSError, yaml.YAMLError, ValidationError, TemplateError) as error:
        raise WrongPrompt(f"{path} cannot be read: {error}") from error
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(f"{name}@{file.version}-{digest}", file.size, system, user, frozenset(set.union(*named)))


def names() -> list[str]:
    """The names of all prompts."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def _covered(value: object, cloak: Cloak) -> object:
    if isinstance(value, Public):
        return str(value)
    if isinstance(value, str):
        return cloak.cover(value)
    if isinstance(value, Mapping):
        return {name: _covered(item, cloak) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [_covered(item, cloak) for item in value]
    if isinstance(value, int):
        return value
    raise WrongPrompt(f"a {type(value).__name__} is no value of a prompt")
