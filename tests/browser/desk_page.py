"""The desk page as a test uses it, and the customers who wait on its other side."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site

WAIT = 15_000


class Customer:
    """A customer's side, over HTTP; without an id, nobody who has signed in."""

    def __init__(self, site: Site, customer: str | None = None) -> None:
        self._http = httpx.Client(base_url=site.address, timeout=30, trust_env=False)
        self._customer = customer
        headers = {"Authorization": f"Bearer {self._session()}"} if customer else {}
        begun = self._http.post("/v1/conversations", json={}, headers=headers).raise_for_status().json()
        self._place = f"/v1/conversations/{begun['id']}"
        self._token = {"Authorization": f"Bearer {begun['token']}"}

    def say(self, text: str) -> dict[str, Any]:
        turn = self._http.post(f"{self._place}/turns", json={"text": text}, headers=self._token)
        said: dict[str, Any] = turn.raise_for_status().json()
        return said

    def enter_code(self) -> None:
        self.say(self._http.get(f"/v1/demo/customers/{self._customer}/codes").json()[0]["code"])

    def show(self, photo: bytes) -> None:
        """Shows a picture to whoever decides."""
        files = {"file": ("身份证.png", photo, "image/png")}
        self._http.post(f"{self._place}/pictures", files=files, headers=self._token).raise_for_status()

    def read(self) -> dict[str, Any]:
        stands: dict[str, Any] = self._http.get(self._place, headers=self._token).raise_for_status().json()
        return stands

    def heard(self) -> str:
        """The last that was said to them."""
        return str(self.read()["messages"][-1]["text"])

    def leave(self) -> None:
        if self.read()["mode"] == "waiting":
            self.say("不用转人工了")
        self._http.close()

    def _session(self) -> str:
        session = self._http.post(f"/v1/demo/customers/{self._customer}/session").raise_for_status().json()
        return str(session["token"])


class Desk:
    """An agent's page."""

    def __init__(self, browser: Browser, site: Site, locale: str = "zh-CN", **viewport: int) -> None:
        size = {"width": 1440, "height": 900} | viewport
        self.context = browser.new_context(locale=locale, viewport=size)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.goto(f"{site.address}/desk")
        expect(self.page.locator(".door form")).to_be_visible(timeout=WAIT)

    def sign_in(self, name: str = "agent", password: str = "demo") -> None:
        self.page.locator("[name=name]").fill(name)
        self.page.locator("[name=password]").fill(password)
        self.page.locator(".door button").click()

    def waiting(self, who: str) -> Locator:
        return self.page.locator(".waiting li", has_text=who)

    def own(self, who: str) -> Locator:
        return self.page.locator(".own li", has_text=who)

    def take(self, who: str) -> None:
        self.waiting(who).locator("[data-do=take]").click()
        expect(self.page.locator(".talk h2")).to_have_text(who)

    def give_back(self) -> None:
        """Gives the conversation that is open back to the assistant."""
        self.page.get_by_role("button", name="交还小杉").click()
        self.page.get_by_role("dialog", name="交还小杉").get_by_role("button", name="交还小杉").click()
        expect(self.page.locator(".nothing")).to_be_attached()

    @property
    def box(self) -> Locator:
        return self.page.locator(".ask textarea")

    @property
    def said(self) -> Locator:
        return self.page.locator(".said > ol > li")

    @property
    def told(self) -> Locator:
        return self.page.locator("#told")
