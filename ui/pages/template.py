"""Where the pages' templates are found, and how they are filled in: every text escaped, and one that is missing an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ui.pages.design import style

_FOLDER = Path(__file__).parent.parent / "templates"


def environment(*folders: str) -> Environment:
    """The templates of these folders; a name is looked for in the first one first."""
    made = Environment(
        loader=FileSystemLoader([_FOLDER / folder for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["design"] = Markup(style())  # noqa: S704 - made of our own colours
    return made
