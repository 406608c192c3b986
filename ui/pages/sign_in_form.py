"""The bar and the sign-in form that the pages for the bank's people share, and the check of every event of such a page.

The browser signs in over HTTP and keeps the token in its tab; each event carries it, and what an event's handler is told of the
person is read from the token alone.
"""

from __future__ import annotations

import inspect
import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from ui import oidc
from ui.pages import design, navigation, page_text
from ui.pages.chat import theme
from ui.pages.navigation import Place
from ui.pages.template import environment
from ui.problem import Problem
from ui.service import Service
from ui.signin import DEMO_SIGN_INS, Role, SignIn

log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_CONNECT = "signIn.connect(element, () => trigger('submit'));"
_AT_ONCE = 256
_TREE = "M12 2 8 8h2l-3.5 5H9l-4 6h6v3h2v-3h6l-4-6h2.5L14 8h2z"
_templates = environment("sign_in")
Handler = Callable[..., Any]


@dataclass(frozen=True)
class _Text:
    """What the bar and the form say in one language."""

    language: str
    heading: str
    user: str
    password: str
    sign_in: str
    why: str
    demo: str
    bank_account: str
    sign_out: str
    head_office: str
    staff: str
    agent: str
    editor: str
    qa: str
    admin: str
    wrong: str
    locked: str
    no_right: str
    cut: str
    expired: str
    failed: str
    is_out: str


class SignInForm:
    """The sign-in of one page; `titles` name it by language."""

    def __init__(self, service: Service, place: Place, titles: Mapping[str, str]) -> None:
        self._service = service
        self._path = place.path
        self._titles = titles
        self._roles = place.roles
        demo = ", ".join(name for name, one in DEMO_SIGN_INS.items() if one.role in self._roles)
        known = {"assistant": service.settings.assistant_name, "demo": demo}
        self._texts = page_text.read(_HERE / "sign_in_form.yaml", _Text, known)

    def place(self) -> None:
        """Puts the bar and the form on the page; called once, where the page's Blocks begin."""
        self._form = gr.HTML(self._html(), elem_id="sign-in", js_on_load=_CONNECT, apply_default_css=False)
        self._says = gr.HTML("", elem_id="sign-in-says", js_on_load=None, apply_default_css=False)
        self._token = gr.Textbox(visible=False)

    @property
    def entered(self) -> Any:
        """The event that somebody has signed in, or opens the page while signed in: what the page shows is asked for now."""
        return self._form.submit

    def on(
        self,
        listener: Any,
        handler: Handler,
        inputs: Sequence[Any] = (),
        outputs: Sequence[Any] = (),
        *,
        roles: Sequence[Role] = (),
        js: str = "(...values) => values",
        **how: Any,
    ) -> Any:
        """Wires an event, or a list of events: `handler(who, *inputs)` gives a value for each output, or yields them, as with Gradio's own events.

        It is called only with the SignIn of a valid token of these roles (those of the page, where none are named); else nothing
        changes on the page and the form asks to sign in. What it raises is logged, and told in a sentence. `js` changes the inputs
        before they are sent.
        """
        sent = f"(_, ...values) => [signIn.token(), ...[({js})(...values.slice(0, {len(inputs)}))].flat(1)]"
        checked = self._checked(handler, len(outputs), frozenset({*(roles or self._roles), Role.ADMIN}))
        wires = [self._token, *inputs], [*outputs, self._says]
        if isinstance(listener, list):
            return gr.on(listener, checked, *wires, js=sent, **(_QUIET | how))
        return listener(checked, *wires, js=sent, **(_QUIET | how))

    def who(self, token: object, roles: Sequence[Role] = ()) -> SignIn | None:
        """Whose token this is, where it is valid and of one of these roles (those of the page, where none are named)."""
        found = self._read(token)
        return found if found and found.role in {*(roles or self._roles), Role.ADMIN} else None

    def mount(self, app: FastAPI, page: gr.Blocks, head: str = "", **how: Any) -> FastAPI:
        """The application with the page at its path; `head` is the page's own styles and scripts, the rest is Gradio's own."""

        @app.get(self._path, include_in_schema=False)
        def with_slash() -> RedirectResponse:
            return RedirectResponse(f"{self._path}/")

        # Otherwise Gradio runs each handler for one person at a time, in the threads that all calls of the service share.
        page.max_threads = _AT_ONCE
        page.queue(api_open=False, default_concurrency_limit=_AT_ONCE)
        mounted: FastAPI = gr.mount_gradio_app(
            app,
            page,
            path=self._path,
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=1,
            ssr_mode=False,
            enable_monitoring=False,
            theme=theme(),
            head=self._head() + head,
            **how,
        )
        return mounted

    def _read(self, token: object) -> SignIn | None:
        try:
            return self._service.sign_ins.read(token if isinstance(token, str) else "")
        except Problem:
            return None

    def _refusal(self, token: object, roles: frozenset[Role]) -> SignIn | str:
        """Who it is, or what is told instead."""
        found = self._read(token)
        if found is None:
            return "expired"
        return found if found.role in roles else "no_right"

    def _checked(self, handler: Handler, outputs: int, roles: frozenset[Role]) -> Handler:
        same = [gr.skip()] * outputs

        def shown(value: Any) -> list[Any]:
            return [*([value] if outputs == 1 else value or []), gr.skip()]

        # Gradio sees the handler's own parameters, so that it fills in requests and events.
        @wraps(handler)
        def stream(token: object, *values: Any) -> Iterator[list[Any]]:
            found = self._refusal(token, roles)
            if isinstance(found, str):
                yield [*same, _says(found)]
                return
            try:
                given = handler(found, *values)
                for value in given if inspect.isgenerator(given) else [given]:
                    yield shown(value)
            except (
                Exception
            ):  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
                log.exception("%s could not be done on %s", handler.__name__, self._path)
                yield [*same, _says("failed")]

        return stream

    def _html(self) -> str:
        return _templates.get_template("form.html").render(
            texts=[asdict(text) for text in self._texts.values()],
            titles=self._titles,
            bank=self._service.settings.bank_name,
            links=Markup(navigation.links(self._path)),  # noqa: S704 - made by an escaping template
            demo=self._service.settings.demo,
            elsewhere=oidc.begins_at(self._service.settings, self._path),
        )

    def _head(self) -> str:
        known = {
            "words": {language: asdict(text) for language, text in self._texts.items()},
            "roles": sorted(self._roles),
            "bank": self._service.settings.bank_name,
        }
        told = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
        names = ("sign_in_form.js", "keys.js", "sign_in_form.css", "navigation.css")
        script, keys, *styles = ((_HERE / name).read_text(encoding="utf-8") for name in names)
        icon = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#1f6f54" d="{_TREE}"/></svg>'
        # As css_paths, Gradio would put its own prefix into every comma of a selector, also between brackets.
        return (
            f'<link rel="icon" href="data:image/svg+xml,{quote(icon)}"><style>{design.style(".dark")}{"".join(styles)}</style>'
            f"<script>window.signInKnows = {told};\n{script}{keys}</script>"
        )


def _says(what: str) -> str:
    """What the form's script is told, anew each time."""
    return f'<i hidden data-sign-in-says="{what}" data-at="{secrets.token_hex(4)}"></i>'
