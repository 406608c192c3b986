"""The chat on other sites: the script they load, the frame it shows, and a host page to try it on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from ui import widget
from ui.pages import chat_text, page_text
from ui.pages.design import style
from ui.pages.template import environment
from ui.service import Parts
from ui.widget.inputs import inputs

router = APIRouter(include_in_schema=False)
_FOLDER = Path(widget.__file__).parent
_templates = environment("widget")
_FILES = {
    "frame.js": "text/javascript",
    "frame.css": "text/css",
    "markdown.js": "text/javascript",
    "voice.js": "text/javascript",
    "form.js": "text/javascript",
    "demo.css": "text/css",
}
_FRAME = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'{origins}"
)
# As strict as a bank's own site may be: nothing within the page, and of others only the widget's script and frame.
_HOST = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_CACHED = {"Cache-Control": "public, max-age=300"}


@dataclass(frozen=True)
class Text:
    """What the widget says beside the chat page's words, in one language."""

    language: str
    good: str
    bad: str
    writing: str
    minutes: str
    agent: str


@router.get("/widget.js")
def script() -> FileResponse:
    """The script that a site loads; sites of any origin may."""
    headers = _CACHED | {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(_FOLDER / "widget.js", media_type="text/javascript", headers=headers)


@router.get("/widget/design.css")
def design() -> Response:
    """The colours of the frame."""
    return Response(style(), media_type="text/css", headers=_CACHED)


@router.get("/widget/{name}")
def file(name: str) -> Response:
    """What the frame and the host page load."""
    if name not in _FILES:
        return Response(status_code=404)
    return FileResponse(_FOLDER / name, media_type=_FILES[name], headers=_CACHED)


@router.get("/widget", response_class=HTMLResponse)
def frame(parts: Parts, language: str = "zh-CN") -> HTMLResponse:
    """The conversation, for a frame on the sites that TELLER_WIDGET_ORIGINS names."""
    settings = parts.settings
    spoken = chat_text.locale(language)
    own, page = _own_texts()[spoken.partition("-")[0]], chat_text.load(settings)[spoken.partition("-")[0]]
    shown = _templates.get_template("frame.html").render(
        language=spoken,
        bank=settings.bank_name,
        t=page,
        texts=json.dumps(asdict(page) | asdict(own), ensure_ascii=False),
        inputs=json.dumps(inputs()),
        limit=settings.max_message_characters,
        speech=settings.speech_input,
    )
    origins = "".join(f" {str(origin).rstrip('/')}" for origin in settings.widget_origins)
    return HTMLResponse(shown, headers={"Content-Security-Policy": _FRAME.format(origins=origins)})


@router.get("/widget-demo", response_class=HTMLResponse)
def demo(request: Request, parts: Parts) -> HTMLResponse:
    """A bank's site with the widget on it, under a strict content policy."""
    shown = _templates.get_template("demo.html").render(bank=parts.settings.bank_name, address=str(request.base_url))
    return HTMLResponse(shown, headers={"Content-Security-Policy": _HOST})


@cache
def _own_texts() -> dict[str, Text]:
    return page_text.read(_FOLDER / "text.yaml", Text, {"minutes": "{minutes}"})
