"""The widget on a host page of another origin with a strict content policy, in Chromium, over a real service."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FrameLocator, Page, expect

from tests.browser.chat_page import WAIT, events
from tests.browser.conftest import Site, serving
from ui import widget

HOST = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>bank</title></head>
<body><h1>银行网站</h1><script src="{address}widget.js" data-color="#7a1f5c" data-position="left" async></script></body></html>"""
POLICY = "default-src 'none'; script-src {address}; frame-src {address}; require-trusted-types-for 'script'"
OWN = 15_000
"""Bytes that all scripts of the widget may have, compressed."""


class Host:
    """A bank's own site on another port, which is another origin."""

    def __init__(self) -> None:
        host = self
        self.teller = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                language = "en" if "en" in self.path else "zh-CN"
                body = HOST.format(address=f"{host.teller}/", language=language).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(address=host.teller))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[Site]:
    origins = json.dumps([host.address])
    with serving(tmp_path_factory, TELLER_BANK_NAME="海棠银行", TELLER_WIDGET_ORIGINS=origins) as running:
        host.teller = running.address.rstrip("/")
        yield running


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, height = request.param
    with browser.new_context(locale="zh-CN", viewport={"width": width, "height": height}) as opened:
        opened.set_default_timeout(WAIT)
        yield opened


@pytest.fixture
def page(context: BrowserContext, site: Site, host: Host) -> Iterator[Page]:
    """The host page; whatever its policy forbids, or breaks, fails the test."""
    assert site
    wrong: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: wrong.append(message.text) if _is_broken(message) else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(f"{host.address}/")
    yield opened
    opened.close()
    assert wrong == []


def _is_broken(message: ConsoleMessage) -> bool:
    """Whether something is forbidden or wrong; an answer that refuses is no fault of the page."""
    return message.type == "error" and "status of 429" not in message.text


def chat(page: Page) -> FrameLocator:
    """The widget, opened."""
    page.get_by_role("button", name="打开客服对话").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("article.assistant")).to_have_count(1)
    return frame


def ask(frame: FrameLocator, question: str, count: int) -> str:
    frame.locator("#text").fill(question)
    frame.locator("#text").press("Enter")
    expect(frame.locator("article.assistant .foot")).to_have_count(count)
    return frame.locator("article.assistant").last.inner_text()


def test_a_customer_asks_and_reads_where_it_stands(page: Page) -> None:
    frame = chat(page)
    expect(frame.locator("header")).to_contain_text("海棠银行 AI")
    told = ask(frame, "海棠白金信用卡的年费是多少？", 2)
    assert "880元/年" in told
    assert "由人工智能生成，依据本行文件" in told
    frame.locator("summary").click()
    with page.context.expect_page() as opened:
        frame.locator("details a").first.click()
    expect(opened.value.locator(".marked")).to_contain_text("880元/年")
    opened.value.close()


def test_it_is_where_it_was_after_a_reload_and_a_thumb_counts(page: Page, site: Site) -> None:
    frame = chat(page)
    ask(frame, "海棠借记卡有年费吗？", 2)
    frame.get_by_role("button", name="有帮助").last.click()
    expect(frame.get_by_role("button", name="有帮助").last).to_have_attribute("aria-pressed", "true")
    assert events(site, "feedback_given")[-1]["rating"] == "up"
    page.reload()
    page.get_by_role("button", name="打开客服对话").click()
    expect(page.frame_locator("iframe").locator("article.customer")).to_have_text(["海棠借记卡有年费吗？"])


def test_a_quick_reply_is_sent_and_closing_gives_the_page_back(page: Page) -> None:
    frame = chat(page)
    label = frame.locator(".choices button").first.inner_text()
    frame.locator(".choices button").first.click()
    expect(frame.locator("article.customer")).to_have_text([label])
    expect(frame.locator("article.assistant .foot")).to_have_count(2)
    frame.locator("#text").press("Escape")
    expect(page.get_by_role("button", name="打开客服对话")).to_be_visible()
    expect(page.locator("iframe")).not_to_be_visible()


def test_a_person_is_within_reach(page: Page) -> None:
    frame = chat(page)
    frame.get_by_role("button", name="转人工").first.click()
    expect(frame.locator("article.assistant .foot")).to_have_count(2)
    assert (
        "400-000-9528" in frame.locator("article.assistant").last.inner_text() or frame.locator("#stand").is_visible()
    )


def test_the_host_pages_customer_is_signed_in(page: Page, site: Site) -> None:
    frame = chat(page)
    token = httpx.post(f"{site.address}/v1/demo/customers/c1001/session").json()["token"]
    page.evaluate("token => window.Teller.identify(token)", token)
    end = time.monotonic() + 10
    while not [one for one in events(site, "signed_in") if one["customer"] == "c1001"] and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert events(site, "signed_in")
    assert frame.locator("#alert").is_hidden()


def test_a_message_that_could_not_be_sent_is_back_in_the_box(page: Page) -> None:
    frame = chat(page)
    page.context.route("**/turns", lambda route: route.fulfill(status=429, json={"detail": "请稍等十秒再发。"}))
    frame.locator("#text").fill("年费多少")
    frame.locator("#text").press("Enter")
    expect(frame.locator("#alert")).to_have_text("请稍等十秒再发。")
    expect(frame.locator("#text")).to_have_value("年费多少")
    page.context.unroute("**/turns")


class TestDoors:
    def test_no_other_site_may_show_the_frame(self, site: Site, host: Host) -> None:
        policy = httpx.get(f"{site.address}/widget").headers["Content-Security-Policy"]
        assert f"frame-ancestors 'self' {host.address}" in policy
        assert "'unsafe-inline'" not in policy

    def test_the_scripts_are_small(self) -> None:
        folder = Path(widget.__file__).parent
        scripts = b"".join(path.read_bytes() for path in sorted(folder.glob("*.js")))
        assert len(gzip.compress(scripts)) < OWN

    def test_what_is_no_file_of_the_widget_is_not_served(self, site: Site) -> None:
        assert httpx.get(f"{site.address}/widget/text.yaml").status_code == 404
        assert httpx.get(f"{site.address}/widget.js").headers["Access-Control-Allow-Origin"] == "*"

    def test_the_demo_page_shows_it_in_english_too(self, site: Site, browser: Browser) -> None:
        with browser.new_context(locale="en-GB") as opened:
            page = opened.new_page()
            page.goto(f"{site.address}/widget?language=en")
            expect(page.locator("article.assistant")).to_have_count(1, timeout=WAIT)
            expect(page.locator("#human")).to_have_text("Human agent")
            page.goto(f"{site.address}/widget-demo")
            page.get_by_role("button", name="打开客服对话").click()
            expect(page.frame_locator("iframe").locator("article.assistant")).to_have_count(1, timeout=WAIT)


def test_all_that_a_task_asks_for_is_filled_in_at_once(page: Page) -> None:
    frame = chat(page)
    ask(frame, "我要投诉", 2)
    frame.locator(".choices button", has_text="网点服务").click()
    form = frame.locator("form.fields")
    expect(form.get_by_label("经过")).to_be_visible()
    expect(frame.locator("#task")).to_contain_text("登记投诉")
    before = frame.locator("#task progress").evaluate("one => one.value")
    form.get_by_role("button").click()
    expect(form).to_have_count(1)  # the browser asks for what is missing
    form.get_by_label("经过").fill("上午在人民路支行等了两个小时")
    form.get_by_label("诉求").fill("请道歉")
    form.get_by_role("button").click()
    expect(frame.locator("article.customer").last).to_have_text("经过：上午在人民路支行等了两个小时\n诉求：请道歉")
    expect(frame.locator("article.assistant").last).to_contain_text("登录")
    expect(form).to_have_count(0)
    assert frame.locator("#task progress").evaluate("one => one.value") > before
    frame.locator("#cancel").click()
    expect(frame.locator("#task")).to_be_hidden()


def test_a_form_stands_there_again_after_a_reload(page: Page) -> None:
    frame = chat(page)
    ask(frame, "我要投诉", 2)
    frame.locator(".choices button", has_text="网点服务").click()
    expect(frame.locator("form.fields")).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="打开客服对话").click()
    expect(page.frame_locator("iframe").locator("form.fields")).to_have_count(1)
