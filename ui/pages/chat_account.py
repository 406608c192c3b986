"""Who is signed in, in the demo: the control in the header, and the panel where a demo customer is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ui.pages.chat_text import Text

SIGN_OUT = "sign-out"
# The panel's buttons end it and tell the page which of them was pressed.
ON_LOAD = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-customer]");
  if (!pressed) return;
  element.querySelector("dialog").close();
  trigger("select", { customer: pressed.dataset.customer });
});
"""


def account(customers: Mapping[str, dict[str, Any]], customer: str | None, text: Text) -> str:
    """The control and its panel."""
    signed_in = customers.get(customer or "")
    name = name_of(signed_in, text) if signed_in else customer
    label = escape(text.signed_in.format(customer=name) if name else text.sign_in)
    shown = f"<span>{escape(name)}</span>" if name else f"<span>{label}</span>"
    attributes = f'data-opens="customers" aria-haspopup="dialog" aria-label="{label}" title="{label}"'
    button = f'<button class="account{" in" if name else ""}" {attributes}>{shown}</button>'
    leave = f'<button class="leave" data-customer="{SIGN_OUT}">{escape(text.sign_out)}</button>' if name else ""
    return button + leave + _panel(customers, customer, text)


def name_of(customer: Mapping[str, Any], text: Text) -> str:
    """A customer's name in the page's language."""
    return str(customer["name_en" if text.language == "en" else "name"])


def _panel(customers: Mapping[str, dict[str, Any]], customer: str | None, text: Text) -> str:
    close = f'<form method="dialog"><button class="close" aria-label="{escape(text.close)}">×</button></form>'
    head = f'<header><i>{escape(text.demo)}</i><h2 id="sign-in-heading">{escape(text.sign_in_heading)}</h2>{close}</header>'
    items = "".join(_item(one, text, now=one["id"] == customer) for one in customers.values())
    out = f'<footer><button data-customer="{SIGN_OUT}">{escape(text.sign_out)}</button></footer>' if customer else ""
    body = f"<p>{escape(text.sign_in_hint)}</p><ul>{items}</ul>{out}"
    return f'<dialog class="customers" aria-labelledby="sign-in-heading">{head}{body}</dialog>'


def _item(customer: Mapping[str, Any], text: Text, *, now: bool) -> str:
    name, story = escape(name_of(customer, text)), escape(customer["story"][text.language])
    mark = f"<i>{escape(text.now_in)}</i>" if now else ""
    current = ' aria-current="true"' if now else ""
    return (
        f'<li><button data-customer="{escape(customer["id"])}"{current}>'
        f"<b>{name}{mark}</b><small>{story}</small></button></li>"
    )
