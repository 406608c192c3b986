"""The customer chat page in Chromium, over a real service."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.chat_page import WAIT, ask, choices, events, open_page, reply_number
from tests.browser.conftest import Site


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A Chinese customer's browser; each tab has a conversation of its own."""
    rights = ["clipboard-read", "clipboard-write"]
    with browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, permissions=rights) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A tab with the page just opened."""
    tab = open_page(context.new_page(), site)
    yield tab
    tab.close()


def test_greets_with_the_banks_name_an_ai_label_and_questions(page: Page) -> None:
    expect(page.locator("#top")).to_contain_text("海棠银行")
    expect(page.locator("#top")).to_contain_text("数字员工小杉")
    expect(page.locator("#label")).to_contain_text("由人工智能生成，依据本行文件")
    expect(page.locator("#messages .bot-row")).to_contain_text("海棠银行数字员工小杉")
    assert choices(page).count() >= 2
    expect(page).to_have_title("海棠银行 · 数字员工小杉")
    expect(page.locator("footer")).not_to_be_visible()


def test_an_answer_carries_its_source_and_the_link_opens_it_marked(page: Page) -> None:
    reply = ask(page, "海棠白金信用卡的年费是多少？")
    expect(reply).to_contain_text("880元/年")
    expect(reply).to_contain_text("由人工智能生成，依据本行文件")
    reply.locator("summary", has_text="出处").click()
    link = reply.locator(".sources a").first
    expect(link).to_contain_text("海棠白金信用卡产品说明")
    expect(link).to_contain_text("年费")
    with page.context.expect_page() as opened:
        link.click()
    marked = opened.value.locator(".marked")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("880元/年")
    assert urlsplit(opened.value.url).fragment.startswith("passage-")
    opened.value.close()


def test_a_copied_answer_takes_its_source_along(page: Page) -> None:
    reply = ask(page, "海棠白金信用卡的年费是多少？")
    reply.get_by_role("button", name="复制").click()
    expect(reply.locator(".copy")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "880元/年" in copied
    assert "[1] 海棠白金信用卡产品说明 年费" in copied


def test_a_range_is_not_struck_out_and_what_the_customer_writes_is_no_markup(page: Page) -> None:
    reply = ask(page, "海棠白金信用卡的授信额度是多少，临时额度最高上浮多少？")
    expect(reply).to_contain_text(re.compile("5.10万元"))
    expect(reply.locator("del")).to_have_count(0)
    ask(page, "**年费** <b>1~2~3</b> 怎么算")
    expect(page.locator("#messages .user-row").last).to_contain_text("**年费** <b>1~2~3</b> 怎么算")


def test_what_the_documents_do_not_say_is_not_answered(page: Page) -> None:
    reply = ask(page, "今晚的月亮有多大？")
    expect(reply).to_contain_text("没有找到可靠的依据")
    expect(reply.locator(".sources")).to_have_count(0)
    expect(choices(page).filter(has_text="转人工")).to_have_count(1)


def test_a_quick_reply_sends_its_choice(page: Page, site: Site) -> None:
    question = choices(page).first.inner_text()
    choices(page).first.click()
    reply_number(page, 2)
    expect(page.locator("#messages .user-row")).to_contain_text(question)
    assert events(site, "message_received")[-1]["choice"] == "ask:1"


def test_a_person_can_be_asked_for_at_any_time(page: Page, site: Site) -> None:
    page.locator("#human").click()
    expect(reply_number(page, 2)).to_contain_text("400-000-9528")
    assert events(site, "human_requested")


def test_thumbs_are_stored_and_thanked_for(page: Page, site: Site) -> None:
    ask(page, "手机银行转账收费吗？")
    page.get_by_role("button", name="踩").last.click()
    expect(page.locator("#notice")).to_contain_text("谢谢您的反馈")
    assert events(site, "feedback_given")[-1]["rating"] == "down"


def test_a_reload_keeps_the_conversation_and_its_thumbs(page: Page, site: Site) -> None:
    ask(page, "海棠借记卡有年费吗？")
    page.reload()
    expect(reply_number(page, 2)).to_contain_text("免收年费")
    expect(page.locator("#messages .user-row")).to_contain_text("海棠借记卡有年费吗？")
    page.get_by_role("button", name="赞").last.click()
    expect(page.locator("#notice")).to_contain_text("谢谢您的反馈")
    assert events(site, "feedback_given")[-1]["rating"] == "up"


def test_a_new_conversation_and_another_tab_know_nothing_of_the_first(page: Page, site: Site) -> None:
    ask(page, "海棠借记卡有年费吗？")
    other = open_page(page.context.new_page(), site)
    expect(other.locator("#messages .user-row")).to_have_count(0)
    other.close()
    page.locator("#restart").click()
    expect(page.locator("#messages .user-row")).to_have_count(0)
    page.reload()
    reply_number(page, 1)
    expect(page.locator("#messages .user-row")).to_have_count(0)


def test_a_conversation_that_the_token_does_not_open_is_not_shown(page: Page) -> None:
    ask(page, "海棠借记卡有年费吗？")
    page.wait_for_function("JSON.parse(sessionStorage.getItem('teller.conversation')).shown > 0")
    page.evaluate(
        "() => { const key = 'teller.conversation', kept = JSON.parse(sessionStorage.getItem(key));"
        " sessionStorage.setItem(key, JSON.stringify({...kept, token: 'guessed'})); }"
    )
    page.reload()
    expect(page.locator("#notice")).to_contain_text("已为您开始新的对话")
    expect(page.locator("#messages .user-row")).to_have_count(0)


def test_a_message_that_is_too_long_is_refused_clearly_and_not_lost(page: Page) -> None:
    long = "年费" * 1_500
    page.locator("#box textarea").fill(long)
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#notice")).to_contain_text("消息有 3000 个字，超过了 2000 个字，请分几次发送。")
    expect(page.locator("#box textarea")).to_have_value(long)
    expect(page.locator("#messages .user-row")).to_have_count(0)


def test_an_empty_message_does_nothing(page: Page) -> None:
    page.locator("#box textarea").fill("   ")
    page.locator("#box textarea").press("Enter")
    page.locator("#send").click()
    page.wait_for_timeout(500)
    expect(page.locator("#messages .user-row")).to_have_count(0)
    expect(page.locator("#notice p")).to_have_count(0)


def test_a_database_that_fails_is_said_and_the_message_stays(page: Page, site: Site) -> None:
    with sqlite3.connect(site.data / "teller.sqlite3") as database:
        database.execute("ALTER TABLE turns RENAME TO turns_away")
        database.commit()
        try:
            page.locator("#box textarea").fill("海棠借记卡有年费吗？")
            page.locator("#box textarea").press("Enter")
            expect(page.locator("#notice")).to_contain_text("系统暂时出现故障", timeout=WAIT)
        finally:
            database.execute("ALTER TABLE turns_away RENAME TO turns")
            database.commit()
    database.close()
    expect(page.locator("#notice")).to_contain_text("400-000-9528")
    expect(page.locator("#box textarea")).to_have_value("海棠借记卡有年费吗？")
    page.locator("#send").click()
    expect(reply_number(page, 2)).to_contain_text("免收年费")


def test_an_english_browser_reads_english(browser: Browser, site: Site) -> None:
    with browser.new_context(locale="en-US", viewport={"width": 390, "height": 844}) as context:
        page = open_page(context.new_page(), site)
        expect(page.locator("#human")).to_have_text("Human agent")
        expect(page.locator(".brand").get_by_text("数字员工")).to_be_hidden()
        expect(page.locator("#box textarea")).to_have_attribute("placeholder", "Type your question")
        expect(page.locator("#label")).to_contain_text("generated by AI")
        expect(page.locator("#messages .bot-row")).to_contain_text("Hello, I am 小杉")
        reply = ask(page, "When do the branches of Haitang Bank open?")
        expect(reply).to_contain_text("9:00")
        expect(reply.locator("summary")).to_contain_text("Sources")
        expect(reply.locator(".title")).to_have_text("Opening hours ${1+1} {{value}} <b>", use_inner_text=False)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_is_asked_of_any_other_host(browser: Browser, site: Site) -> None:
    asked: list[Request] = []
    with browser.new_context(locale="zh-CN") as context:
        context.on("request", lambda request: asked.append(request))  # a bound built-in cannot be wrapped
        page = open_page(context.new_page(), site)
        reply = ask(page, "海棠白金信用卡的年费是多少？")
        reply.locator("summary").click()
        with context.expect_page() as opened:
            reply.locator(".sources a").first.click()
        expect(opened.value.locator(".marked")).to_have_count(1)
        page.get_by_role("button", name="赞").last.click()
        expect(page.locator("#notice")).to_contain_text("谢谢")
        page.locator("#human").click()
        reply_number(page, 3)
        page.reload()
        reply_number(page, 3)
    hosts = {urlsplit(request.url).hostname for request in asked if not request.url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_the_api_and_the_documents_stand_beside_the_page(site: Site) -> None:
    for path in ("/healthz", "/openapi.json", "/metrics"):
        with urlopen(f"{site.address}{path}", timeout=5) as answer:
            assert answer.status == 200
