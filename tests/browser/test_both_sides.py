"""A customer's page and an agent's page in two browsers, talking to each other over one service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat_page import ask, choices, open_page, sign_in
from tests.browser.conftest import Site
from tests.browser.desk_page import WAIT, Desk

CUSTOMER = "林*雯"


@pytest.fixture
def phone(browser: Browser, desk_site: Site) -> Iterator[Page]:
    """A customer's phone."""
    with browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}) as context:
        yield open_page(context.new_page(), desk_site)


@pytest.fixture
def desk(browser: Browser, desk_site: Site) -> Iterator[Desk]:
    """An agent's page, signed in."""
    opened = Desk(browser, desk_site)
    opened.sign_in()
    expect(opened.page.locator(".bar")).to_be_visible()
    yield opened
    opened.context.close()


def say(phone: Page, text: str) -> None:
    phone.locator("#box textarea").fill(text)
    phone.locator("#box textarea").press("Enter")


def test_from_the_assistant_to_a_person_and_back_to_the_same_step(phone: Page, desk: Desk) -> None:
    sign_in(phone, "c1001")
    expect(ask(phone, "我换号码了")).to_contain_text("验证码已发送至")
    before = choices(phone).all_inner_texts()
    phone.locator("#human").click()
    expect(phone.locator("#person")).to_contain_text("正在排队：第1位")
    expect(desk.waiting(CUSTOMER)).to_contain_text("变更预留手机号", timeout=WAIT)
    desk.take(CUSTOMER)
    expect(phone.locator("#standing")).to_contain_text("正在为您服务", timeout=WAIT)
    for number in (1, 2):
        desk.box.fill(f"您好，这是第{number}句")
        desk.page.keyboard.press("Control+Enter")
        expect(phone.locator(".by-person").last).to_contain_text(f"您好，这是第{number}句", timeout=WAIT)
        say(phone, f"收到第{number}句")
        expect(desk.said.last).to_contain_text(f"收到第{number}句", timeout=WAIT)
    texts = [line for line in desk.said.all_inner_texts() if "第" in line and "句" in line]
    assert ["坐席" in line for line in texts] == [True, False, True, False]
    desk.give_back()
    expect(phone.locator("#messages")).to_contain_text("我们接着办理“变更预留手机号”", timeout=WAIT)
    expect(choices(phone)).to_have_count(len(before), timeout=WAIT)
    assert choices(phone).all_inner_texts() == before
    expect(desk.own(CUSTOMER)).to_have_count(0, timeout=WAIT)
