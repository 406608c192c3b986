"""What the tabs of the page for those who keep the knowledge base are made by."""

from __future__ import annotations

from ui.pages.template import environment

_templates = environment("knowledge", "staff")


def html(name: str, /, **known: object) -> str:
    """The template of this name filled in; every text is escaped."""
    return _templates.get_template(f"{name}.html").render(known)
