"""The way through the bank's own sign-in and back to the page that was asked for."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from assistant.human_agent import Presence
from assistant.secret_key import derived
from assistant.user import NameTaken, User
from ui.oidc import PATH, NoBranch, NoRole, NotVouched, Oidc, Person, Unreachable, begins_at, is_on
from ui.pages import page_text
from ui.pages.chat_text import locale
from ui.pages.desk_screen import PATH as DESK
from ui.pages.template import environment
from ui.service import Service
from ui.signin import Role, SignIn

log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_PARENT = PATH.rpartition("/")[0]
_MINUTES = 10
_KEY = "teller.sign_in"
"""Where the pages keep the sign-in in the tab."""
_PAGE = re.compile(r"/[a-z0-9-]+")
_WHY = {NotVouched: "not_vouched", NoRole: "no_role", NoBranch: "no_branch"}
_templates = environment("oidc")


@dataclass(frozen=True)
class _Text:
    """What is said in one language on the way."""

    language: str
    heading: str
    entering: str
    again: str
    not_vouched: str
    no_role: str
    no_branch: str
    disabled: str
    name_taken: str
    unreachable: str
    no_page: str


class _Refused(Exception):
    """Nobody enters; named by the text that says why."""


def mount(app: FastAPI, service: Service) -> None:
    """Adds the way in, where the bank has a sign-in of its own; to be mounted before what takes every path."""
    if not is_on(service.settings):
        return
    way = _Way(app, service)
    kept = Middleware(
        SessionMiddleware,
        secret_key=derived(service.settings, "oidc"),
        session_cookie="teller_oidc",
        max_age=_MINUTES * 60,
        path=_PARENT,
        https_only=service.settings.oidc_issuer.startswith("https://"),
    )
    place = PATH.removeprefix(_PARENT)
    routes = [Route(place, way.begin), Route(f"{place}/callback", way.end, name="callback")]
    app.mount(_PARENT, Starlette(routes=routes, middleware=[kept]))


class _Way:
    """There and back."""

    def __init__(self, app: FastAPI, service: Service) -> None:
        self._app = app
        self._service = service
        self._oidc = Oidc(service.settings)
        self._texts = page_text.read(_HERE / "oidc_page.yaml", _Text, {"bank": service.settings.bank_name})

    async def begin(self, request: Request) -> Response:
        """Leads to the bank's sign-in."""
        page = request.query_params.get("next", DESK)
        if not self._is_ours(page):
            return self._refusal(request, "no_page", DESK)
        request.session["next"] = page
        try:
            return await self._oidc.begin(request, str(request.url_for("callback")))
        except Unreachable as error:
            log.error("the bank's sign-in cannot be reached: %s", error)
            return self._refusal(request, "unreachable", page)

    async def end(self, request: Request) -> Response:
        """Where the bank's sign-in leads back to: the token is put where the page keeps it, and the page opens."""
        page = str(request.session.pop("next", DESK))
        try:
            person = await self._oidc.end(request)
            token, who = await run_in_threadpool(self._admit, person, page)
        except Unreachable as error:
            log.error("the bank's sign-in cannot be reached: %s", error)
            return self._refusal(request, "unreachable", page)
        except (NotVouched, NoRole, NoBranch, _Refused) as error:
            return await run_in_threadpool(self._refuse, request, error, page)
        return self._page(request, "done", HTTPStatus.OK, page, key=_KEY, kept=_kept(token, who))

    def _admit(self, person: Person, page: str) -> tuple[str, SignIn]:
        try:
            user: User = self._service.users.known(**asdict(person))
        except NameTaken as error:
            raise _Refused("name_taken") from error
        if user.disabled:
            raise _Refused("disabled")
        self._service.audit.note(user.name, "sign_in", user.name, {"by": "oidc"})
        if page == DESK and user.role in (Role.AGENT, Role.ADMIN):
            self._service.desk.be(user.name, Presence.ONLINE)
        return self._service.sign_ins.admit(user)

    def _refuse(self, request: Request, error: NotVouched | NoRole | NoBranch | _Refused, page: str) -> Response:
        """Somebody whom the bank knows is named in the audit trail; what a forger says is not."""
        why = str(error) if isinstance(error, _Refused) else _WHY[type(error)]
        known = isinstance(error, NoRole | NoBranch)
        detail = {"by": "oidc", "why": why} | ({"subject": str(error)} if known else {})
        self._service.audit.note("nobody", "fail_sign_in", "nobody", detail)
        return self._refusal(request, why, page)

    def _refusal(self, request: Request, why: str, page: str) -> Response:
        status = {
            "unreachable": HTTPStatus.BAD_GATEWAY,
            "no_page": HTTPStatus.BAD_REQUEST,
            "not_vouched": HTTPStatus.BAD_REQUEST,
        }.get(why, HTTPStatus.FORBIDDEN)
        return self._page(request, "refused", status, page, why=why, again=begins_at(self._service.settings, page))

    def _page(self, request: Request, name: str, status: HTTPStatus, page: str, **known: Any) -> Response:
        language = locale(request.headers.get("accept-language", "")).partition("-")[0]
        nonce = secrets.token_urlsafe(16)
        text = asdict(self._texts[language])
        html = _templates.get_template(f"{name}.html").render(t=text, nonce=nonce, page=page, **known)
        allowed = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; frame-ancestors 'none'"
        headers = {"Content-Security-Policy": allowed, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return HTMLResponse(html, status, headers)

    def _is_ours(self, page: str) -> bool:
        """Whether one of our pages stands there; nobody is led anywhere else with a token in hand."""
        known = {route.path for route in self._app.routes if isinstance(route, Mount)} - {_PARENT}
        return _PAGE.fullmatch(page) is not None and page in known


def _kept(token: str, who: SignIn) -> dict[str, Any]:
    return {"token": token, "name": who.name, "role": who.role.value, "branch": who.branch}
