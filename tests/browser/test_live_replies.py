"""A reply that a model words stands on the pages sentence by sentence, while the rest is still being written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chat_page import open_page, replies
from tests.browser.conftest import LIVE_SENTENCES, Site
from tests.browser.staff_page import StaffPage

FIRST, SECOND = (sentence.partition("[")[0] for sentence in LIVE_SENTENCES)
QUESTION = "海棠白金信用卡年费是多少？"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


def check_growth(page: Page, whole: Locator) -> None:
    """The first sentence is read while the second is not there yet; in the end both are, with what stands beside them."""
    before = whole.count()
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    growing = page.locator("#messages .bot-row").last
    expect(growing).to_contain_text(FIRST, timeout=15_000)
    assert SECOND not in growing.inner_text()
    assert whole.count() == before
    expect(growing).to_contain_text(SECOND, timeout=15_000)
    expect(whole).to_have_count(before + 1, timeout=15_000)
    assert growing.inner_text().count(FIRST) == 1


def test_customers_read_along(page: Page, model_site: Site) -> None:
    open_page(page, model_site)
    check_growth(page, replies(page))


def test_staff_read_along(browser: Browser, model_site: Site) -> None:
    staff = StaffPage(browser, model_site)
    try:
        staff.enter()
        check_growth(staff.page, staff.replies)
    finally:
        staff.context.close()


def test_a_page_that_is_left_meanwhile_has_the_reply_when_it_is_back(page: Page, model_site: Site) -> None:
    open_page(page, model_site)
    page.locator("#box textarea").fill(QUESTION)
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#messages .bot-row").last).to_contain_text(FIRST, timeout=15_000)
    page.wait_for_timeout(7_000)
    page.reload()
    expect(replies(page)).to_have_count(2, timeout=15_000)
    assert page.locator("#messages .user-row").count() == 1
