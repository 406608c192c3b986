"""The pages for the people of the bank: where they stand, for whom, and the links from each to the others, and the list of its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ui.pages.template import environment
from ui.signin import Role

_WORDS = {
    "labels": {"zh": "工作页面", "en": "Pages"},
    "keys": {"zh": "快捷键", "en": "Keyboard shortcuts"},
    "close": {"zh": "关闭", "en": "Close"},
}
_templates = environment("navigation")


@dataclass(frozen=True)
class Place:
    """One page: its path, the roles it is for (admin among them), and what it is called by language."""

    path: str
    roles: frozenset[Role]
    names: Mapping[str, str]


@cache
def places() -> tuple[Place, ...]:
    """All of them, in their order."""
    told = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(Place(path, frozenset({*map(Role, one.pop("roles")), Role.ADMIN}), one) for path, one in told.items())


def place(path: str) -> Place:
    """The page at this path."""
    return next(one for one in places() if one.path == path)


def links(here: str, role: Role | None = None) -> str:
    """The links as HTML; without a role all of them, for the page's script to hide those that are not for who has signed in."""
    shown = [one for one in places() if role is None or role in one.roles]
    return _templates.get_template("navigation.html").render(places=shown, here=here, **_WORDS)
