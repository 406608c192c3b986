"""The customer chat page as a test uses it: open it, talk, look at what came back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.conftest import Site

WAIT = 15_000


def open_page(page: Page, site: Site) -> Page:
    page.set_default_timeout(WAIT)
    page.goto(site.address)
    await_replies(page, 1)
    return page


def sign_in(page: Page, customer: str) -> None:
    """Signs in by the control in the header."""
    page.locator("#account button.account").click()
    page.locator(f'.customers button[data-customer="{customer}"]').click()
    expect(page.locator("#account button.in")).to_be_visible()
    expect(page.locator(".customers")).not_to_be_visible()


def replies(page: Page) -> Locator:
    """The whole replies: the AI label comes with the last of a reply."""
    return page.locator("#messages .by-ai")


def ask(page: Page, question: str) -> Locator:
    """Sends a question and returns the reply."""
    before = replies(page).count()
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    return reply_number(page, before + 1)


def reply_number(page: Page, count: int) -> Locator:
    await_replies(page, count)
    return page.locator("#messages .bot-row").last


def await_replies(page: Page, count: int) -> None:
    """Looks at every frame: an expectation that is not met at once soon looks once a second."""
    with suppress(TookTooLong):
        are_there = "count => document.querySelectorAll('#messages .by-ai').length === count"
        page.wait_for_function(are_there, arg=count, timeout=WAIT)
    expect(replies(page)).to_have_count(count, timeout=1_000)


def choices(page: Page) -> Locator:
    return page.locator("#messages .option")


def events(site: Site, kind: str) -> list[dict[str, object]]:
    with sqlite3.connect(site.data / "teller.sqlite3") as database:
        bodies = [json.loads(body) for (body,) in database.execute("SELECT body FROM events ORDER BY rowid")]
    database.close()
    return [body for body in bodies if body["type"] == kind]
