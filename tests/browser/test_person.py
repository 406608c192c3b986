"""The customer chat page with a person of the bank at the desk: Chromium on one side, the desk over HTTP on the other."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.chat_page import ask, choices, events, open_page, reply_number, sign_in
from tests.browser.conftest import Site

_SOON = 10_000
_A_POLL = 30_000


class Agent:
    """A person at the desk, by what the desk's page would ask of the service."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=15)
        token = self._ask("POST", "/v1/sessions", username="agent", password="demo")["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self.ticket = ""

    def be(self, presence: str) -> None:
        self._ask("PUT", "/v1/agents/me", presence=presence, shown_as="801号坐席")

    def clear(self) -> None:
        """Nobody is left waiting by other tests."""
        while self._http.post("/v1/tickets/claim").status_code == 200:
            for ticket in self._http.get("/v1/tickets", params={"status": "claimed"}).json():
                self._http.post(f"/v1/tickets/{ticket['id']}/resolve", json={"code": "other"})

    def claim(self) -> None:
        self.ticket = self._ask("POST", "/v1/tickets/claim")["id"]

    def write(self, text: str) -> None:
        self._ask("POST", f"/v1/tickets/{self.ticket}/messages", text=text)

    def hears(self, text: str) -> None:
        """The page shows at once what is said; here it has arrived."""
        end = time.monotonic() + _A_POLL / 1000
        while self._ask("GET", f"/v1/tickets/{self.ticket}")["messages"][-1]["text"] != text:
            assert time.monotonic() < end, text
            time.sleep(0.1)

    def give_back(self) -> None:
        self._ask("POST", f"/v1/tickets/{self.ticket}/return")

    def resolve(self) -> None:
        self._ask("POST", f"/v1/tickets/{self.ticket}/resolve", code="answered", end_task=True)

    def leave(self) -> None:
        self.be("offline")
        self._http.close()

    def _ask(self, method: str, path: str, **body: str | bool) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body or None)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def agent(site: Site) -> Iterator[Agent]:
    """A person who is at the desk."""
    person = Agent(site.address)
    person.be("online")
    person.clear()
    yield person
    person.leave()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A customer's phone."""
    with browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """The page just opened."""
    return open_page(context.new_page(), site)


def _box(page: Page) -> Locator:
    return page.locator("#box textarea")


def _say(page: Page, text: str) -> None:
    """What is said to a person, whom no reply of the assistant's follows."""
    _box(page).fill(text)
    _box(page).press("Enter")
    expect(page.locator("#messages .user-row").last).to_contain_text(text, timeout=_SOON)


def _ask_for_a_person(page: Page) -> None:
    page.locator("#human").click()
    expect(page.locator("#person")).to_contain_text("正在排队：第1位")


def _with(page: Page, agent: Agent) -> None:
    """A conversation that the agent has taken."""
    _ask_for_a_person(page)
    agent.claim()
    expect(page.locator("#standing")).to_have_text("801号坐席正在为您服务", timeout=_SOON)


def _talk(page: Page) -> list[str]:
    """Who said what since the person came, as it stands on the page from top to bottom."""
    lines: list[str] = page.evaluate(
        """() => {
          const said = [];
          for (const part of document.querySelectorAll("#messages .flex-wrap > .message > .message")) {
            const person = part.querySelector(".by-person"), came = part.querySelector(".came");
            if (came) said.push(came.innerText);
            else if (person) said.push([...person.querySelectorAll("b, i, p")].map((one) => one.innerText).join("|"));
            else if (part.closest(".user-row")) said.push("客户|" + part.innerText.trim());
          }
          return said;
        }"""
    )
    return lines[lines.index("801号坐席已接入") :]


def test_a_person_takes_over_in_the_middle_of_a_task_and_gives_it_back(page: Page, site: Site, agent: Agent) -> None:
    sign_in(page, "c1016")
    expect(ask(page, "我换号码了")).to_contain_text("验证码已发送至")
    before = choices(page).all_inner_texts()
    _ask_for_a_person(page)
    expect(page.locator("#person")).to_contain_text("预计")
    expect(page.locator("#human")).to_be_disabled()
    expect(page.locator("#human")).to_have_text("排队中")
    expect(page.locator("#task")).to_contain_text("变更预留手机号")

    agent.claim()
    expect(page.locator("#messages .came")).to_have_text("801号坐席已接入", timeout=_SOON)
    expect(page.locator("#standing")).to_have_text("801号坐席正在为您服务")
    expect(page.locator("#task")).to_contain_text("人工服务期间暂停")
    expect(_box(page)).to_have_attribute("placeholder", "请输入给801号坐席的消息")
    expect(_box(page)).not_to_have_attribute("inputmode", "numeric")
    expect(choices(page)).to_have_count(0)

    said = ["801号坐席已接入"]
    for number in (1, 2, 3):
        agent.write(f"这是第{number}句")
        expect(page.locator(".by-person").last).to_contain_text(f"这是第{number}句", timeout=_SOON)
        _say(page, f"收到第{number}句 <b>")
        said += [f"801号坐席|人工|这是第{number}句", f"客户|收到第{number}句 <b>"]
        if number == 2:
            page.reload()
            reply_number(page, 3)
    expect(page.locator("#messages .user-row").last).to_contain_text("收到第3句")
    assert _talk(page) == said
    assert page.locator(".by-person .by-ai").count() == 0

    agent.give_back()
    expect(page.locator("#messages .came").last).to_have_text("801号坐席已离开会话", timeout=_SOON)
    back = reply_number(page, 4)
    expect(back).to_contain_text("801号坐席的服务已结束，接下来由我继续为您服务")
    expect(back).to_contain_text("验证码已发送至")
    assert choices(page).all_inner_texts() == before
    expect(page.locator("#person")).not_to_be_visible()
    expect(page.locator("#human")).to_have_text("转人工")
    expect(_box(page)).to_have_attribute("placeholder", "请输入短信中的6位验证码")
    _box(page).fill(page.locator("#phone .code").first.inner_text())
    _box(page).press("Enter")
    expect(reply_number(page, 5)).to_contain_text("新")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_customer_rates_the_person_with_one_press(page: Page, site: Site, agent: Agent) -> None:
    _with(page, agent)
    agent.write("已经处理好了")
    agent.resolve()
    expect(reply_number(page, 3)).to_contain_text("您可以在下面为这次服务评分")
    expect(choices(page)).to_have_text(["非常满意", "满意", "一般", "不满意", "非常不满意"])
    expect(choices(page).last).to_be_in_viewport(ratio=1)
    assert len({round(button.bounding_box()["y"]) for button in choices(page).all()}) == 1  # type: ignore[index]
    choices(page).nth(1).click()
    expect(reply_number(page, 4)).to_contain_text("感谢您的评价")
    assert events(site, "satisfaction_given")[-1]["score"] == 4


def test_who_waits_can_leave_the_queue_and_where_nobody_is_there_is_told(page: Page, site: Site, agent: Agent) -> None:
    agent.be("offline")
    _ask_for_a_person(page)
    expect(page.locator("#person")).to_contain_text("现在没有工作人员在线")
    agent.be("online")
    expect(page.locator("#person")).to_contain_text("预计不到1分钟", timeout=10_000)
    page.locator("#leave-queue").click()
    expect(reply_number(page, 3)).to_contain_text("已取消排队")
    expect(page.locator("#person")).not_to_be_visible()
    expect(page.locator("#human")).to_be_enabled()
    assert events(site, "ticket_abandoned")[-1]["why"] == "left"


def test_what_is_being_typed_and_read_stays_when_news_come(page: Page, agent: Agent) -> None:
    _with(page, agent)
    for number in range(12):
        agent.write(f"第{number}行")
    expect(page.locator(".by-person")).to_have_count(12)
    log = page.locator("#messages .bubble-wrap")
    log.evaluate("log => log.scrollTo(0, 0)")
    page.wait_for_timeout(300)
    _box(page).fill("我还没写完")
    agent.write("最后一行")
    expect(page.locator(".by-person")).to_have_count(13, timeout=_SOON)
    expect(_box(page)).to_have_value("我还没写完")
    page.wait_for_timeout(300)
    assert log.evaluate("log => log.scrollTop") < 50
    log.evaluate("log => log.scrollTo(0, log.scrollHeight)")
    page.wait_for_timeout(300)
    agent.write("真的是最后一行")
    expect(page.locator(".by-person").last).to_be_in_viewport(timeout=_SOON)


def test_a_tab_that_is_not_looked_at_says_so_in_its_title(page: Page, agent: Agent) -> None:
    _with(page, agent)
    title = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    agent.write("您好")
    expect(page).to_have_title(re.compile(r"^\(1\) 新消息"), timeout=_SOON)
    agent.write("您还在吗？")
    expect(page).to_have_title(re.compile(r"^\(2\) 新消息"), timeout=_SOON)
    page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")
    expect(page).to_have_title(title)


def test_enter_and_the_button_at_once_send_once_and_messages_keep_their_order(page: Page, site: Site) -> None:
    before = len(events(site, "message_received"))
    _box(page).fill("海棠借记卡有年费吗？")
    page.evaluate(
        """() => {
          const box = document.querySelector("#box textarea"), send = document.querySelector("#send");
          const enter = () => box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
          enter(); enter(); send.click(); send.click();
        }"""
    )
    _box(page).fill("手机银行转账收费吗？")
    _box(page).press("Enter")
    reply_number(page, 3)
    page.wait_for_timeout(1_000)
    said = [str(event["text"]) for event in events(site, "message_received")[before:]]
    assert said == ["海棠借记卡有年费吗？", "手机银行转账收费吗？"]
    expect(page.locator("#messages .user-row")).to_have_text(said)


def test_a_service_that_starts_again_loses_and_doubles_nothing(page: Page, site: Site, agent: Agent) -> None:
    _with(page, agent)
    agent.write("重启之前")
    _say(page, "客户在重启之前")
    _box(page).fill("写到一半")
    site.restart()
    agent.write("重启之后")
    expect(page.locator(".by-person").last).to_contain_text("重启之后", timeout=_A_POLL)
    expect(_box(page)).to_have_value("写到一半")
    _say(page, "客户在重启之后")
    agent.hears("客户在重启之后")
    agent.write("最后")
    expect(page.locator(".by-person").last).to_contain_text("最后", timeout=_A_POLL)
    assert _talk(page) == [
        "801号坐席已接入",
        "801号坐席|人工|重启之前",
        "客户|客户在重启之前",
        "801号坐席|人工|重启之后",
        "客户|客户在重启之后",
        "801号坐席|人工|最后",
    ]


def test_where_a_proxy_holds_streams_up_the_page_looks_by_itself(page: Page, agent: Agent) -> None:
    page.route("**/live?*", lambda route: route.abort())
    _ask_for_a_person(page)
    agent.claim()
    agent.write("您好")
    expect(page.locator(".by-person")).to_have_text(re.compile("您好"), timeout=_A_POLL)
    page.unroute("**/live?*")
    agent.write("现在通了")
    expect(page.locator(".by-person").last).to_contain_text("现在通了", timeout=_A_POLL)
    assert _talk(page) == ["801号坐席已接入", "801号坐席|人工|您好", "801号坐席|人工|现在通了"]
