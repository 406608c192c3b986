"""The desk page for the people of the bank, at /desk: its panes, and the one wire between them and the handler.

The panes are HTML that the handler makes. desk.js says over the wire what is pressed or sent and asks every few seconds, or when
the live stream says so, how things stand; one call at a time, so that no answer overtakes another.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from ui.pages import design, desk_text
from ui.pages.chat import theme
from ui.pages.desk_handler import Handler
from ui.pages.desk_pane import PANES
from ui.pages.desk_screen import PATH
from ui.pages.desk_text import Text
from ui.service import Service

_HERE = Path(__file__).parent
_CONNECT = "desk.connect(() => trigger('submit'));"
_SENT = "() => [desk.sent()]"
_KEEP = "(answer) => desk.heard(answer)"
_HEADSET = "M12 3a8 8 0 0 0-8 8v6a3 3 0 0 0 3 3h2v-8H6v-1a6 6 0 0 1 12 0v1h-3v8h2a3 3 0 0 0 3-3v-6a8 8 0 0 0-8-8z"


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the desk at /desk; to be mounted before what takes every path."""

    @app.get(PATH, include_in_schema=False)
    def with_slash() -> RedirectResponse:
        return RedirectResponse(f"{PATH}/")

    texts = desk_text.load(service.settings)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        _page(service, texts),
        path=PATH,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme(),
        head=_head(),
    )
    return mounted


def _page(service: Service, texts: dict[str, Text]) -> gr.Blocks:
    page: gr.Blocks
    with gr.Blocks(title=texts["zh"].title, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        panes = [gr.HTML("", elem_id=name, js_on_load=None, apply_default_css=False) for name in PANES]
        wire = gr.HTML("", elem_id="wire", js_on_load=_CONNECT, apply_default_css=False)
        kept = gr.JSON(visible=False)
        hear = Handler(service, texts).hear
        # Each agent waits for their own answers alone.
        happening = wire.submit(
            hear, kept, [*panes, kept], js=_SENT, trigger_mode="multiple", concurrency_limit=None,
            show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        happening.then(None, kept, js=_KEEP, show_progress="hidden", api_visibility="private")
    return page


def _head() -> str:
    icon = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#1f6f54" d="{_HEADSET}"/></svg>'
    names = ("desk.js", "keys.js", "desk.css", "navigation.css")
    *scripts, own, shared = ((_HERE / name).read_text(encoding="utf-8") for name in names)
    # As css_paths, Gradio would put its own prefix into every comma of a selector, also between brackets.
    return f'<link rel="icon" href="data:image/svg+xml,{quote(icon)}"><style>{design.style(".dark")}{own}{shared}</style><script>{"".join(scripts)}</script>'
