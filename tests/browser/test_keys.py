"""The pages for the bank's people by the keyboard: the keys that a page lists do what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.desk_page import Customer
from tests.browser.test_navigation import sign_in


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN") as context:
        opened = context.new_page()
        opened.set_default_timeout(15_000)
        yield opened


def listed(page: Page) -> dict[str, str]:
    page.keyboard.press("Alt+k")
    dialog = page.locator("dialog.keys")
    expect(dialog).to_be_visible()
    keys, does = dialog.locator("dt").all_inner_texts(), dialog.locator("dd").all_inner_texts()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    return dict(zip(keys, does, strict=True))


def test_tabs_are_opened_by_number(page: Page, site: Site) -> None:
    sign_in(page, f"{site.address}/qa", "qa")
    expect(page.locator("#pane-figures section.pane")).to_be_visible()
    assert listed(page) == {
        "Alt + K": "快捷键", "Alt + 1": "数据", "Alt + 2": "测评运行", "Alt + 3": "对比", "Alt + 4": "用例", "Alt + 5": "会话",
    }  # fmt: skip
    page.keyboard.press("Alt+4")
    expect(page.locator("#pane-cases section.pane")).to_be_visible()
    expect(page.locator(".tabs button[data-tab=cases]")).to_have_attribute("aria-pressed", "true")


def test_numbers_count_only_the_tabs_one_may_open(page: Page, site: Site) -> None:
    sign_in(page, f"{site.address}/staff", "editor")
    expect(page.locator("[data-signs-out]")).to_be_visible()
    shown = page.locator(".tabs button:visible")
    expect(shown.first).to_have_attribute("aria-keyshortcuts", "Alt+1")
    keys = [one.get_attribute("aria-keyshortcuts") for one in shown.all()]
    assert keys == [f"Alt+{at + 1}" for at in range(len(keys))]


def test_nothing_is_pressed_before_the_sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/qa")
    expect(page.locator("dialog.sign-in form")).to_be_visible()
    page.keyboard.press("Alt+k")
    expect(page.locator("dialog.keys")).to_have_count(0)


def test_the_desk_without_a_mouse(page: Page, desk_site: Site) -> None:
    """The next customer is taken, answered and given back by keys alone; in a box, letters without Alt are text."""
    customer = Customer(desk_site)
    customer.say("转人工")
    sign_in(page, f"{desk_site.address}/desk", "agent")
    expect(page.locator(".next:not([disabled])")).to_be_visible()
    page.keyboard.press("Alt+n")
    box = page.locator("form.ask textarea")
    expect(box).to_be_visible()
    assert {"Alt + R", "Alt + T", "Alt + G", "Alt + S", "Alt + 1"} <= set(listed(page))
    page.keyboard.press("Alt+r")
    expect(box).to_be_focused()
    page.keyboard.type("nrt")
    expect(box).to_have_value("nrt")
    page.keyboard.press("Alt+g")
    expect(page.locator("#give_back")).to_be_visible()
    page.keyboard.press("Alt+t")
    expect(page.locator("#transfer")).to_be_hidden()
    page.locator("#give_back button.primary").press("Enter")
    expect(page.locator(".nothing")).to_be_attached()
    customer.leave()
