"""A chat page that stays open while its conversation is erased: the customer goes on in a new one, told why."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat_page import ask, await_replies, open_page, sign_in
from tests.browser.conftest import Site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with browser.new_context(locale="zh-CN") as context:
        yield open_page(context.new_page(), site)


def test_what_is_typed_after_it_was_erased_is_answered_in_a_new_conversation(page: Page, site: Site) -> None:
    sign_in(page, "c1004")
    ask(page, "海棠白金信用卡的年费是多少？")
    own = {name: value for name, value in os.environ.items() if not name.startswith("TELLER_")}
    command = [sys.executable, "-m", "assistant", "erase", "customer", "c1004"]
    places = {"TELLER_DATA_DIR": str(site.data), "TELLER_DEMO": "true"}
    subprocess.run(command, env=own | places, check=True, capture_output=True)
    page.locator("#box textarea").fill("海棠借记卡有年费吗？")
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#messages .bot-row").last).to_contain_text("免收年费")
    expect(page.locator("#messages")).not_to_contain_text("海棠白金信用卡的年费是多少")
    expect(page.locator("#notice")).to_contain_text("之前的对话已找不到")
    expect(page.locator(".toast-body")).to_have_count(0)
    await_replies(page, 2)
