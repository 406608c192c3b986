"""The open task on the chat page: the strip above the input box."""

from __future__ import annotations

from html import escape

from assistant.composing import OpenTask
from ui.pages.chat_text import Text


def strip(task: OpenTask | None, text: Text, *, held: bool = False) -> str:
    """What is being done now; the page's style and script see by `data-wants` what would answer the question.

    It rests while a person of the bank holds the conversation.
    """
    if task is None:
        return ""
    wants = task.wants.value if task.wants else ""
    stands = text.on_hold if held else text.under_way
    title = f"<b>{escape(task.title.of(text.language))}</b>"
    far = f'<progress max="1" value="{task.progress:.2f}"></progress>'
    return f'<p class="task" role="status" data-wants="{wants}">{escape(text.task)} {title}{far}<i>{escape(stands)}</i></p>'
