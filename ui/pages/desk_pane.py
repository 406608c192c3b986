"""A pane of the desk page as HTML, by its template, with the digest by which the tab tells what it shows."""

from __future__ import annotations

import hashlib

from markupsafe import Markup

from ui.pages.template import environment

PANES = ("door", "bar", "queue", "talk", "help", "warn", "ask", "side", "dialogs")
"""The panes by name, in the order in which they stand on the page; each has a template of its name."""
_templates = environment("desk")


def pane(name: str, **known: object) -> str:
    """The pane of this name; every text that is filled in is escaped."""
    inside = _templates.get_template(f"{name}.html").render(known)
    digest = hashlib.blake2s(inside.encode(), digest_size=8).hexdigest()
    return f'<div class="pane" data-digest="{digest}">{Markup(inside)}</div>'  # noqa: S704 - made by an escaping template


def digest(html: str) -> str:
    """The digest of a pane; nothing for a pane that is empty."""
    return html.partition('data-digest="')[2].partition('"')[0]
