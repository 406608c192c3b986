"""Showing pictures on the chat page, while a person of the bank checks who is talking: the panel above the input box."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.photo import MOST_BYTES
from assistant.picture import Picture
from assistant.reply import Link
from assistant.step import MOST_PICTURES
from ui.pages.chat_text import Text

_TAKEN = "image/jpeg,image/png,image/webp"
# A picture goes to the service by chat.js, never through Gradio, which would keep a copy; the page then shows it.
ON_LOAD = """
element.addEventListener("change", async (event) => {
  const input = event.target.closest("input[type=file]");
  if (!input?.files.length) return;
  const button = input.closest("label");
  button.classList.add("busy");
  const problem = await teller.show(input.files[0], input.dataset);
  button.classList.remove("busy");
  input.value = "";
  trigger("select", { problem });
});
"""


def panel(shown: Sequence[Picture], calls: Sequence[Link], text: Text) -> str:
    """The button to show one more, what was shown, and the way into the video call where there is one."""
    ways = "".join(
        f'<a class="call" href="{escape(call.url)}" target="_blank" rel="noopener">{escape(call.label)}</a>'
        for call in calls
    )
    thumbnails = "".join(_thumbnail(picture) for picture in shown)
    listed = f'<ul aria-label="{escape(text.pictures)}">{thumbnails}</ul>' if thumbnails else ""
    button = _button(text) if len(shown) < MOST_PICTURES else ""
    note = f"<small>{escape(text.picture_note)}</small>"
    return f'<section class="pictures" aria-label="{escape(text.show_picture)}">{button}{ways}{note}{listed}</section>'


def _button(text: Text) -> str:
    told = f'data-failed="{escape(text.picture_failed)}" data-too-large="{escape(text.picture_too_large)}"'
    chooser = f'<input type="file" accept="{_TAKEN}" data-most="{MOST_BYTES}" {told}>'
    return f'<label class="show">{chooser}<span>{escape(text.show_picture)}</span></label>'


def _thumbnail(picture: Picture) -> str:
    name = escape(picture.name)
    return f'<li><a target="_blank" title="{name}"><img data-picture="{picture.id}" alt="{name}"></a></li>'
