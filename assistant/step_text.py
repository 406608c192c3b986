"""What a text of a flow names between braces."""

from __future__ import annotations

import re
import string

NAME = re.compile("[a-z][a-z0-9_]*")


def placeholders(text: str) -> frozenset[str] | None:
    """The names between braces; nothing where the braces are not as they must be."""
    try:
        found = [(name, form, conversion) for _, name, form, conversion in string.Formatter().parse(text)]
    except ValueError:
        return None
    named = [part for part in found if part[0] is not None]
    if any(form or conversion or not NAME.fullmatch(name or "") for name, form, conversion in named):
        return None
    return frozenset(name for name, _, _ in named if name)


def apart(text: str) -> str:
    """The text without its placeholders."""
    try:
        return "".join(literal for literal, _, _, _ in string.Formatter().parse(text))
    except ValueError:
        return text
