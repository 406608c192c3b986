"""From one page of the bank's own to the others, signed in once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

PHONE, DESK = (390, 844), (1280, 860)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    with browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN") as context:
        opened = context.new_page()
        opened.set_default_timeout(15_000)
        yield opened


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.locator("input[name=username], input[name=name]").fill(name)
    page.locator("input[name=password]").fill("demo")
    page.keyboard.press("Enter")


def links(page: Page) -> list[str]:
    return [one.inner_text() for one in page.locator(".places a:visible").all()]


def go(page: Page, name: str) -> None:
    page.locator(".places a", has_text=name).click()
    expect(page.locator(".places a[aria-current=page]")).to_contain_text(name)


def test_who_may_everything_is_led_everywhere(page: Page, site: Site) -> None:
    sign_in(page, f"{site.address}/staff", "admin")
    expect(page.locator(".sign-in-bar .signed")).to_contain_text("admin")
    assert links(page) == ["坐席", "客户经理", "知识库", "质检"]
    go(page, "知识库")
    expect(page.locator("#pane-documents section.pane")).to_be_visible()
    go(page, "坐席")
    expect(page.locator(".presences")).to_be_visible()
    expect(page.locator(".door form")).to_have_count(0)
    go(page, "质检")
    expect(page.locator("#pane-figures section.pane")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_signs_in_at_the_desk_is_known_elsewhere(page: Page, site: Site) -> None:
    sign_in(page, f"{site.address}/desk", "agent")
    expect(page.locator(".presences")).to_be_visible()
    assert links(page) == ["坐席", "客户经理"]
    go(page, "客户经理")
    expect(page.locator(".sign-in-bar .signed b")).to_have_text("agent")
    page.locator("[data-signs-out]").click()
    expect(page.locator("dialog.sign-in")).to_be_visible()
    page.goto(f"{site.address}/desk")
    expect(page.locator(".door form")).to_be_visible()


def test_who_may_open_one_page_alone_sees_no_links(page: Page, site: Site) -> None:
    sign_in(page, f"{site.address}/staff", "staff")
    expect(page.locator(".sign-in-bar .signed b")).to_have_text("staff")
    assert links(page) == []
