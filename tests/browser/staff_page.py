"""The page for customer managers as a test uses it."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.conftest import Site

WAIT = 15_000


class StaffPage:
    """A colleague's page, in a browser of its own; nobody is signed in yet."""

    def __init__(self, browser: Browser, site: Site, locale: str = "zh-CN", **viewport: int) -> None:
        size = {"width": 1440, "height": 900} | viewport
        self.context = browser.new_context(locale=locale, viewport=size)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.goto(f"{site.address}/staff")
        expect(self.form).to_be_visible(timeout=WAIT)

    def sign_in(self, name: str = "staff", password: str = "demo") -> None:
        self.form.locator("[name=username]").fill(name)
        self.form.locator("[name=password]").fill(password)
        self.form.get_by_role("button").click()

    def enter(self, name: str = "staff") -> None:
        """Signs in, and waits for the assistant's greeting."""
        self.sign_in(name)
        expect(self.form).not_to_be_visible()
        self._await_replies(1)

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog.sign-in form")

    @property
    def told(self) -> Locator:
        """Why the form does not let anybody in."""
        return self.form.locator(".told")

    @property
    def toast(self) -> Locator:
        return self.page.locator("#told")

    @property
    def box(self) -> Locator:
        return self.page.locator("#box textarea")

    def tab(self, name: str) -> Locator:
        return self.page.locator(f".tabs button[data-tab={name}]")

    def open(self, name: str) -> Locator:
        """Opens a tab and gives what it shows."""
        self.tab(name).click()
        pane = self.page.locator(f"#pane-{name} .pane")
        expect(pane).to_be_visible()
        return pane

    def ask(self, question: str) -> Locator:
        """Asks the assistant and gives its reply."""
        before = self.replies.count()
        self.box.fill(question)
        self.box.press("Enter")
        self._await_replies(before + 1)
        return self.page.locator("#messages .bot-row").last

    @property
    def replies(self) -> Locator:
        """The whole replies: the AI label comes with the last of a reply."""
        return self.page.locator("#messages .by-ai")

    def leave(self) -> None:
        self.page.locator("[data-signs-out]").click()
        expect(self.told).to_have_text("已退出。")

    def _await_replies(self, count: int) -> None:
        """Looks at every frame: an expectation that is not met at once soon looks once a second."""
        with suppress(TookTooLong):
            are_there = "count => document.querySelectorAll('#messages .by-ai').length === count"
            self.page.wait_for_function(are_there, arg=count, timeout=WAIT)
        expect(self.replies).to_have_count(count, timeout=1_000)
