"""The demo phone on the chat page: the texts with one-time codes that a bank would send to the customer's own phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from assistant.composing import OpenTask
from assistant.question import Wants
from ui.pages.chat_text import Text

_SHOWN = 3
_RECENT = timedelta(minutes=10)


def phone(codes: Sequence[dict[str, Any]], task: OpenTask | None, text: Text, now: datetime) -> str:
    """The newest texts while a task is open, newest first; nothing where none came lately."""
    recent = [code for code in codes if now - datetime.fromisoformat(code["at"]) < _RECENT][:_SHOWN]
    if task is None or not recent:
        return ""
    waiting = " waiting" if task.wants is Wants.CODE else ""
    head = f"<h2><i>{escape(text.demo)}</i>{escape(text.phone)}</h2>"
    texts = "".join(_text_message(code, task, text) for code in recent)
    hint = escape(text.phone_hint)
    return f'<section class="phone{waiting}" aria-label="{hint}" title="{hint}">{head}<ol>{texts}</ol></section>'


def _text_message(sent: dict[str, Any], task: OpenTask, text: Text) -> str:
    flow = str(sent["purpose"]).partition(":")[0]
    purpose = task.title.of(text.language) if flow == task.flow else text.any_purpose
    said = escape(text.text_message.format(purpose=purpose))
    at = datetime.fromisoformat(sent["at"])
    foot = f'<small>{escape(sent["phone"])}<time datetime="{at.isoformat()}">{at:%H:%M}</time></small>'
    return f'<li><p>{said} <b class="code">{escape(sent["code"])}</b></p>{foot}</li>'
