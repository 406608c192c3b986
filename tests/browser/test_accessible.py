"""Every page as axe sees it: nothing serious stands between it and a keyboard, a screen reader or weak eyes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat_page import ask, await_replies, choices, open_page, sign_in
from tests.browser.conftest import Site
from tests.browser.desk_page import Customer

RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
STILL = "Promise.allSettled(document.getAnimations().filter(one => one.effect.getTiming().iterations < 99).map(one => one.finished))"
"""Colours that are on their way to others are not looked at."""
SERIOUS = ("serious", "critical")
LOOKS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light", "locale": "zh-CN"},
    "phone in the dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "zh-CN"},
    "English": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light", "locale": "en-GB"},
}


@pytest.fixture(params=LOOKS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    # axe is put into the page, which the pages' own policy would not allow.
    with browser.new_context(**LOOKS[request.param], bypass_csp=True, reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.set_default_timeout(15_000)
        yield opened


def check(page: Page) -> None:
    """Fails with what is wrong, where, and why."""
    # What is being fetched is dimmed until it is there.
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate(STILL)
    found = Axe().run(page, options=RULES).response["violations"]
    told = [
        f"{one['id']} ({one['impact']}): {one['help']}\n    {node['html'][:160]}\n    {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:4]
    ]
    assert not told, "\n".join(told)


def signed_in(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("demo")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.sign-in")).not_to_be_visible()


def test_the_chat(page: Page, site: Site) -> None:
    open_page(page, site)
    ask(page, "海棠白金信用卡的年费是多少？")
    check(page)
    page.locator("#elder").click()
    expect(page.locator("html.elder")).to_have_count(1)
    check(page)


def test_a_task_with_a_form(page: Page, site: Site) -> None:
    open_page(page, site)
    sign_in(page, "c1001")
    ask(page, "我要投诉")
    choices(page).first.click()
    await_replies(page, 3)
    expect(page.locator(".fields")).to_be_visible()
    check(page)


def test_the_widget(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/widget")
    expect(page.locator("article.assistant .foot")).to_have_count(1)
    page.locator("#text").fill("海棠白金信用卡的年费是多少？")
    page.locator("#text").press("Enter")
    expect(page.locator("article.assistant .foot")).to_have_count(2)
    check(page)
    page.locator("#text").fill("我要投诉")
    page.locator("#text").press("Enter")
    expect(page.locator("#task")).to_be_visible()
    check(page)
    page.locator("#elder").click()
    expect(page.locator("html.elder")).to_have_count(1)
    check(page)


def test_the_widgets_host_page(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/widget-demo")
    check(page)


def test_a_document(page: Page, site: Site) -> None:
    open_page(page, site)
    ask(page, "海棠白金信用卡的年费是多少？")
    link = page.locator("#messages .bot-row a[href*='/documents/']").last.get_attribute("href")
    page.goto(f"{site.address}{link}" if str(link).startswith("/") else str(link))
    check(page)


@pytest.fixture
def customer(desk_site: Site) -> Iterator[Customer]:
    """Somebody who waits for a person; whoever takes them gives them back when the test ends."""
    waits = Customer(desk_site, "c1001")
    waits.say("转人工")
    yield waits
    waits.leave()
    with httpx.Client(base_url=desk_site.address, trust_env=False) as agent:
        session = agent.post("/v1/sessions", json={"username": "agent", "password": "demo"}).raise_for_status().json()
        agent.headers["Authorization"] = f"Bearer {session['token']}"
        for taken in agent.get("/v1/tickets", params={"status": "claimed"}).raise_for_status().json():
            agent.post(f"/v1/tickets/{taken['id']}/return").raise_for_status()


def test_the_desk_from_the_sign_in_to_a_conversation(page: Page, desk_site: Site, customer: Customer) -> None:
    page.goto(f"{desk_site.address}/desk")
    expect(page.locator(".door form")).to_be_visible()
    check(page)
    page.locator("[name=name]").fill("agent")
    page.locator("[name=password]").fill("demo")
    page.locator(".door button").click()
    expect(page.locator(".waiting li")).to_have_count(1)
    check(page)
    page.locator(".waiting li [data-do=take]").click()
    expect(page.locator(".talk h2")).to_be_visible()
    check(page)
    customer.say("你好")
    expect(page.locator(".said > ol > li").last).to_contain_text("你好")


def test_the_staffs_page(page: Page, staff_site: Site) -> None:
    signed_in(page, f"{staff_site.address}/staff", "staff")
    expect(page.locator("#messages .by-ai").first).to_be_visible()
    check(page)


@pytest.mark.parametrize("address", ["knowledge", "qa"])
def test_the_pages_with_tabs(page: Page, site: Site, address: str) -> None:
    signed_in(page, f"{site.address}/{address}", "admin")
    tabs = page.locator(".tabs button[data-tab]")
    expect(tabs.first).to_be_visible()
    for number in range(tabs.count()):
        tabs.nth(number).click()
        name = tabs.nth(number).get_attribute("data-tab")
        expect(page.locator(f"#pane-{name} section.pane")).to_be_visible()
        check(page)
