"""The words of the customer chat page, kept in chat_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.photo import MOST_BYTES
from assistant.picture import KEPT_DAYS
from assistant.settings import Settings
from ui.pages import page_text

_FILE = Path(__file__).with_name("chat_text.yaml")
# Filled in where the text is used.
_LATER = ("page", "customer", "purpose", "person", "position", "wait", "at", "id")


@dataclass(frozen=True)
class Text:
    """Everything the page says in one language."""

    language: str
    title: str
    role: str
    notice: str
    placeholder: str
    send: str
    human: str
    restart: str
    conversation: str
    sources: str
    page: str
    open: str
    copy: str
    copied: str
    by_ai: str
    by_ai_sourced: str
    thanks: str
    too_long: str
    failed: str
    not_pressed: str
    not_opened: str
    not_rated: str
    forgotten: str
    code_placeholder: str
    task: str
    under_way: str
    cancel: str
    choose: str
    optional: str
    submit: str
    at_once: str
    offered: str
    app: str
    demo: str
    sign_in: str
    sign_in_to_go_on: str
    signed_in: str
    sign_in_heading: str
    sign_in_hint: str
    sign_out: str
    close: str
    now_in: str
    is_in: str
    is_out: str
    not_signed_in: str
    phone: str
    phone_hint: str
    text_message: str
    any_purpose: str
    show_picture: str
    picture_note: str
    pictures: str
    picture_failed: str
    picture_too_large: str
    by_person: str
    joined: str
    left: str
    queue: str
    queue_nobody: str
    in_queue: str
    leave_queue: str
    with_person: str
    with_human: str
    person_placeholder: str
    on_hold: str
    new_message: str
    export: str
    elder: str
    standard: str
    elder_hint: str
    read_aloud: str
    stop_reading: str
    speak: str
    listening: str
    why: str
    why_wrong: str
    why_unclear: str
    why_unhelpful: str
    why_other: str
    transcript: str
    exported: str
    transcript_note: str
    you: str
    number: str
    nothing_to_export: str


def load(settings: Settings) -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    known = {
        "bank": settings.bank_name,
        "name": settings.assistant_name,
        "hotline": settings.hotline,
        "limit": settings.max_message_characters,
        "megabytes": MOST_BYTES // 1024 // 1024,
        "days": KEPT_DAYS,
        **{name: f"{{{name}}}" for name in _LATER},
    }
    return page_text.read(_FILE, Text, known)


def locale(accepted: str) -> str:
    """The locale of a browser by its Accept-Language: Chinese, unless another language comes first."""
    first = accepted.split(",")[0].split(";")[0].strip().lower()
    return "zh-CN" if first in ("", "*") or first.startswith("zh") else "en"
