"""The form on the chat page for all that the open task asks for at once; form.js, which the widget shares, makes it of what stands here."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape

from pydantic import TypeAdapter, ValidationError

from assistant.composing import OpenTask
from assistant.form import Form
from ui.pages.chat_text import Text
from ui.widget.inputs import inputs

ON_LOAD = 'element.addEventListener("teller:form", (event) => trigger("select", event.detail));'
_WORDS = ("choose", "optional", "submit")
_sent = TypeAdapter(dict[str, str])


def place(task: OpenTask | None, text: Text) -> str:
    """Where the form is to stand; nothing where one thing alone is asked for that is as well typed into the box."""
    fields = task.fields if task else ()
    if not (len(fields) > 1 or any(inputs().get(one.kind, {}).get("type") == "date" for one in fields)):
        return ""
    told = {
        "asks": [asdict(field) for field in fields],
        "inputs": inputs(),
        "words": {name: getattr(text, name) for name in _WORDS},
    }
    data = escape(json.dumps(told, ensure_ascii=False))
    return (
        f'<details class="form" open><summary>{escape(text.at_once)}</summary><div data-asks="{data}"></div></details>'
    )


def sent(value: object) -> Form:
    """What the page sent; nothing where it is no form."""
    try:
        return _sent.validate_python(value, strict=True)
    except ValidationError:
        return {}
