"""Guided tasks on the customer chat page, in Chromium, over a real service and the demo bank."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.reply import Link, Reply
from assistant.settings import Settings
from tests.browser.chat_page import ask, await_replies, choices, events, open_page, reply_number, sign_in
from tests.browser.conftest import Site
from ui.pages import chat_message, chat_text


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The page on a customer's phone."""
    with browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 740}) as context:
        yield open_page(context.new_page(), site)


def _box(page: Page) -> Locator:
    return page.locator("#box textarea")


def _newest_code(page: Page, phone: str) -> str:
    newest = page.locator("#phone li").first
    expect(newest).to_contain_text(phone)
    return newest.locator(".code").inner_text()


def _is_covered(page: Page) -> bool:
    return bool(_box(page).evaluate("area => getComputedStyle(area).webkitTextSecurity === 'disc'"))


def _enter_code(page: Page, phone: str) -> str:
    """Types the newest code that came to this number."""
    code = _newest_code(page, phone)
    _box(page).fill(code)
    assert _is_covered(page)
    ask(page, code)
    expect(page.locator("#messages .user-row").last).to_contain_text("******")
    assert code not in page.locator("#messages").inner_text()
    return code


def _customer(site: Site, customer: str) -> dict[str, Any]:
    with urlopen(f"{site.address}/v1/demo/customers/{customer}", timeout=5) as answer:
        record: dict[str, Any] = json.load(answer)["customers"][0]
        return record


def test_a_number_is_changed_from_the_wish_to_the_receipt(page: Page, site: Site) -> None:
    sign_in(page, "c1001")
    expect(page.locator("#account button.account")).to_have_attribute("aria-label", "已登录：林晓雯")
    expect(ask(page, "我换号码了")).to_contain_text("验证码已发送至 161****1001")
    expect(page.locator("#task")).to_contain_text("变更预留手机号")
    expect(page.locator("#task")).to_contain_text("进行中")
    expect(page.locator("#phone")).to_contain_text("演示手机短信")
    first = _enter_code(page, "161****1001")
    assert not _is_covered(page)
    expect(ask(page, "13900139001")).to_contain_text("139****9001")
    second = _enter_code(page, "139****9001")
    expect(page.locator("#messages .bot-row").last).to_contain_text("原手机号：161****1001")
    choices(page).get_by_text("确认办理").click()
    expect(reply_number(page, 6)).to_contain_text("回执号")
    expect(page.locator("#task")).not_to_be_visible()
    expect(page.locator("#phone")).not_to_be_visible()
    assert _customer(site, "c1001")["phone"] == "13900139001"
    page.reload()
    reply_number(page, 6)
    said = page.locator("#messages").inner_text()
    assert not [secret for secret in (first, second, "13900139001") if secret in said]


def test_who_has_not_signed_in_is_asked_to_and_then_goes_on(page: Page, site: Site) -> None:
    expect(ask(page, "我换号码了")).to_contain_text("请先登录")
    page.locator("#messages").get_by_role("button", name="登录后继续办理").click()
    page.get_by_role("dialog").locator('[data-customer="c1013"]').click()
    went_on = reply_number(page, 3)
    expect(went_on).to_contain_text("您已登录")
    expect(went_on).to_contain_text("验证码已发送至")
    expect(page.locator("#messages").get_by_role("button", name="登录后继续办理")).to_have_count(0)
    expect(page.locator("#phone .code")).to_be_visible()
    rated = len(events(site, "feedback_given"))
    page.get_by_role("button", name="赞").last.click()
    # The next turn comes after the thumb, so what the thumb did is on record by then.
    expect(ask(page, "再说一遍")).to_contain_text("验证码已发送至")
    assert len(events(site, "feedback_given")) == rated


def test_the_strip_cancels_the_task(page: Page, site: Site) -> None:
    sign_in(page, "c1005")
    ask(page, "我换号码了")
    expect(choices(page)).not_to_have_count(0)
    page.locator("#cancel").click()
    expect(reply_number(page, 3)).to_contain_text("已停止办理“变更预留手机号”")
    expect(page.locator("#messages .user-row").last).to_contain_text("取消办理")
    expect(page.locator("#task")).not_to_be_visible()
    expect(_box(page)).to_have_attribute("placeholder", "请输入您的问题")
    expect(page.locator("#messages .offered").last).to_contain_text("重新发送")
    assert events(site, "flow_ended")[-1]["status"] == "cancelled"


def test_all_that_is_asked_for_is_filled_in_at_once(page: Page) -> None:
    sign_in(page, "c1001")
    ask(page, "我要投诉")
    choices(page).filter(has_text="网点服务").last.click()
    await_replies(page, 3)
    form = page.locator("#form form.fields")
    form.get_by_label("经过").fill("上午在西溪支行等了两个小时")
    form.get_by_label("诉求").fill("请道歉")
    form.get_by_role("button").click()
    await_replies(page, 4)
    expect(page.locator("#messages .user-row").last).to_contain_text("诉求：请道歉")
    expect(page.locator("#messages .bot-row").last).to_contain_text("上午在西溪支行等了两个小时")
    expect(form).to_have_count(0)
    choices(page).first.click()
    await_replies(page, 5)
    expect(page.locator("#messages .bot-row").last).to_contain_text("投诉编号")
    expect(page.locator("#task progress")).to_have_count(0)


def test_words_are_shown_where_a_code_is_asked_for_and_figures_are_not(page: Page) -> None:
    sign_in(page, "c1007")
    expect(_box(page)).not_to_have_attribute("inputmode", "numeric")
    ask(page, "我换号码了")
    expect(_box(page)).to_have_attribute("inputmode", "numeric")
    expect(_box(page)).to_have_attribute("autocomplete", "one-time-code")
    for typed, covered in (("没收到", False), ("验证码 12", True), ("一二三", True), ("", True)):
        _box(page).fill(typed)
        assert _is_covered(page) is covered
    page.locator("#cancel").click()
    expect(_box(page)).to_have_attribute("inputmode", "text")


def test_signing_out_and_another_customer_start_a_new_conversation(page: Page, site: Site) -> None:
    sign_in(page, "c1008")
    ask(page, "我换号码了")
    page.reload()
    expect(page.locator("#account button.in")).to_have_text("吴佳怡")
    sign_in(page, "c1009")
    expect(page.locator("#messages .user-row")).to_have_count(0)
    expect(page.locator("#notice")).to_contain_text("已登录为")
    page.locator("#restart").click()
    expect(page.locator("#account button.in")).to_be_visible()
    page.locator("#account button.account").click()
    page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    expect(page.locator("#account button.account")).to_have_text("登录")
    assert [event["customer"] for event in events(site, "conversation_started")][-4:] == [
        "c1008",
        "c1009",
        "c1009",
        None,
    ]


def test_the_panel_is_worked_by_the_keyboard(page: Page) -> None:
    page.locator("#account button.account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="以演示客户的身份登录")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".customers")).not_to_be_visible()
    expect(page.locator("#account button.account")).to_be_focused()


def test_a_task_in_english(browser: Browser, site: Site) -> None:
    with browser.new_context(locale="en-US", viewport={"width": 360, "height": 740}) as context:
        page = open_page(context.new_page(), site)
        expect(page.locator("#account button.account")).to_have_text("Sign in")
        sign_in(page, "c1016")
        expect(ask(page, "I want to change my phone number")).to_contain_text("A code was sent to 161****1016")
        expect(page.locator("#phone")).to_contain_text("do not share this code")
        expect(page.locator("#task")).to_contain_text("Change your registered mobile number")
        _enter_code(page, "161****1016")
        ask(page, "13900139016")
        _enter_code(page, "139****9016")
        expect(choices(page).first).to_have_text("Yes, do it")
        page.locator("#cancel").click()
        expect(reply_number(page, 6)).to_contain_text("Nothing was changed")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert _customer(site, "c1016")["phone"] == "16100001016"


def test_without_the_demo_the_banks_own_sign_in_is_linked(browser: Browser, earnest_site: Site) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = open_page(context.new_page(), earnest_site)
        link = ask(page, "我换号码了").get_by_role("link", name="登录")
        expect(link).to_have_attribute("href", "https://bank.example/sign-in")
        expect(link).to_have_attribute("rel", "noopener")
        expect(page.locator("#account button")).to_have_count(0)
        expect(page.locator(".customers")).to_have_count(0)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bank.example/a?b=1&c=2", 'href="https://bank.example/a?b=1&amp;c=2" target="_blank" rel="noopener"'),
        ("spruce://security/u-key", '<a class="way-out app" href="spruce://security/u-key" rel="noopener">'),
        ("javascript:alert(1)", None),
        ("//elsewhere.example", None),
        ('https://bank.example/"onclick="alert(1)', 'href="https://bank.example/&quot;onclick=&quot;alert(1)"'),
    ],
)
def test_links_go_only_where_they_should(url: str, shown: str | None) -> None:
    text = chat_text.load(Settings())["zh"]
    below = chat_message.replied(Reply("好", links=(Link("打开", url),)), text, last=True)["content"][1].value
    assert (shown in below) if shown else ("打开" not in below)
