"""What was said in a conversation as HTML that is safe to be shown."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

# What a customer said is read back in replies: it must neither load pictures from elsewhere nor lead there.
_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(["image", "link", "autolink"])
)


def by_assistant(text: str) -> Markup:
    """A reply, which is Markdown."""
    return Markup(_markdown.render(text))  # noqa: S704 - made without HTML of its own


def as_written(text: str) -> Markup:
    """What a person wrote is no Markdown."""
    return Markup.escape(text)
