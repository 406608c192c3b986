"""The open task on the chat page: the strip above the input box."""

from __future__ import annotations

from html import escape

from assistant.composing import OpenTask
from ui.pages.chat_text import Text


def strip(task: OpenTask | None, text: Text) -> str:
    """What is being done now; the page's style and script see by `data-wants` what would answer the question."""
    if task is None:
        return ""
    wants = task.wants.value if task.wants else ""
    title = f"<b>{escape(task.title.of(text.language))}</b>"
    return f'<p class="task" role="status" data-wants="{wants}">{escape(text.task)} {title}<i>{escape(text.under_way)}</i></p>'
