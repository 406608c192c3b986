"""What people read of slots: the sentences for what cannot be taken, and the forms in which values are shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "slots"


def language(locale: str) -> str:
    """The language of a locale that there are sentences in."""
    return "en" if locale.lower().startswith("en") else "zh"


def rejections(locale: str) -> Mapping[str, Mapping[str, str]]:
    """The sentences by kind and reason."""
    sentences: Mapping[str, Mapping[str, str]] = _load("wording", language(locale))
    return sentences


def rejection(kind: str, reason: str, locale: str) -> str:
    """What is wrong with an attempt at a value, and what to send instead."""
    return rejections(locale)[kind][reason]


def shown(form: str, locale: str, **values: object) -> str:
    """A value in the form that people of this locale read."""
    return str(_load("shown", language(locale))[form]).format(**values)


def names(form: str, locale: str) -> list[str]:
    """The names of the days of the week or of the months, Monday and January first."""
    return list(_load("shown", language(locale))[form])


@cache
def _load(folder: str, name: str) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((_FOLDER / folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded
