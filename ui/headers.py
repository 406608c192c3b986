"""What a browser is told to allow: nothing from elsewhere, and frames only where the bank's sites are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_DOCUMENT = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
# Gradio's pages carry scripts and styles within them and make functions of texts; all of it comes from this service.
_PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'{origins}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


class SecurityHeaders:
    """Middleware that adds to each answer what it does not say itself; `framing` are the sites that may show the chat."""

    def __init__(self, app: ASGIApp, framing: Sequence[str] = ()) -> None:
        self._app = app
        self._page = _PAGE.format(origins="".join(f" {origin}" for origin in framing))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, and its answer with more headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = self._added(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)

    def _added(self, scope: Scope) -> Mapping[str, str]:
        path = scope["path"]
        policy = _NOTHING if path.startswith("/v1/") else _DOCUMENT if path.startswith("/documents/") else self._page
        return _ALWAYS | {"Content-Security-Policy": policy} | (_OVER_TLS if scope["scheme"] == "https" else {})
