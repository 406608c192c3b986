"""The desk page in Chromium, over a real service, with customers on the other side."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from PIL import Image
from playwright.sync_api import Browser, Request, expect

from tests.browser.chat_page import events
from tests.browser.conftest import Site
from tests.browser.desk_page import Customer, Desk

LIN, CHEN, ZHAO = "林*雯", "陈*栋", "赵*远"


@pytest.fixture
def desk(browser: Browser, desk_site: Site) -> Iterator[Desk]:
    """An agent's page, signed in."""
    opened = Desk(browser, desk_site)
    opened.sign_in()
    expect(opened.page.locator(".bar")).to_be_visible()
    yield opened
    opened.context.close()


@pytest.fixture
def customer(desk_site: Site) -> Iterator[Callable[..., Customer]]:
    """Begins a customer's conversation; whoever waits still when the test ends leaves."""
    begun: list[Customer] = []

    def begin(name: str | None = None, *says: str) -> Customer:
        begun.append(Customer(desk_site, name))
        for text in says:
            begun[-1].say(text)
        return begun[-1]

    yield begin
    for one in begun:
        one.leave()


def test_a_wrong_password_opens_nothing(browser: Browser, desk_site: Site) -> None:
    desk = Desk(browser, desk_site)
    expect(desk.page.locator(".door")).to_contain_text("演示账号：agent 或 agent2")
    desk.sign_in(password="wrong")
    expect(desk.told).to_have_text("用户名或密码不对，请重新输入。")
    expect(desk.page.locator("[name=password]")).to_have_value("")
    desk.sign_in("qa")
    expect(desk.told).to_have_text("这个账号没有坐席权限，请换一个账号登录。")
    expect(desk.page.locator(".bar")).to_have_count(0)
    desk.context.close()


def test_outside_the_demo_no_password_is_told(browser: Browser, earnest_site: Site) -> None:
    desk = Desk(browser, earnest_site)
    expect(desk.page.locator(".door")).not_to_contain_text("agent")
    desk.context.close()


def test_a_customer_is_taken_talked_to_and_the_matter_resolved(
    desk: Desk, customer: Callable[..., Customer], desk_site: Site
) -> None:
    expect(desk.page.locator(".waiting")).to_contain_text("现在没有客户在等")
    lin = customer("c1001", "海棠白金信用卡的年费是多少？", "转人工")
    entry = desk.waiting(LIN)
    expect(entry).to_contain_text("客户要求人工")
    expect(entry).to_contain_text("金卡")
    expect(desk.page.locator("#count-waiting")).to_have_text("1")
    desk.take(LIN)
    expect(desk.page.locator("#count-mine")).to_contain_text("1")
    expect(desk.said.filter(has_text="880元").first.locator(".by b")).to_have_text("小杉 AI")
    expect(desk.said.last).to_contain_text("已接入")
    side = desk.page.locator(".side")
    expect(side).to_contain_text("161****1001")
    expect(side.locator(".identity")).to_have_text("已登录")
    expect(side.locator(".evidence a")).to_have_attribute("href", re.compile("^/documents/"))
    desk.box.fill("您好，我来为您处理。")
    desk.box.press("Control+Enter")
    expect(desk.said.last).to_contain_text("您好，我来为您处理。")
    expect(desk.box).to_have_value("")
    assert lin.heard() == "您好，我来为您处理。"
    lin.say("谢谢你")
    expect(desk.said.last).to_contain_text("谢谢你")
    desk.page.get_by_role("button", name="结束").click()
    dialog = desk.page.get_by_role("dialog", name="结束会话")
    dialog.get_by_label("已解答").check()
    dialog.get_by_role("button", name="结束").click()
    expect(dialog).not_to_be_visible()
    expect(desk.page.locator(".nothing")).to_be_visible()
    expect(desk.own(LIN)).to_have_count(0)
    assert events(desk_site, "ticket_resolved")[-1]["code"] == "answered"
    assert lin.read()["mode"] == "assistant"


def test_a_slash_offers_canned_replies_and_a_pick_fills_the_box_only(
    desk: Desk, customer: Callable[..., Customer]
) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    desk.box.press_sequentially("/he")
    expect(desk.page.locator("#canned [role=option]:visible")).to_have_count(1)
    desk.box.press("Enter")
    expect(desk.box).to_have_value(
        "您好，我是云杉银行人工客服。前面的对话我都看到了，您不用从头再说。请问还有要补充的吗？"
    )
    expect(desk.page.locator("#canned")).not_to_be_visible()
    assert lin.read()["messages"][-1]["notice"] == "joined"
    desk.box.fill("/nothing-of-that-name")
    expect(desk.page.locator("#canned")).to_contain_text("没有这样的常用语")
    desk.page.get_by_role("button", name="发送", exact=True).click()
    expect(desk.box).to_have_value("/nothing-of-that-name")
    desk.give_back()
    assert "nothing-of-that-name" not in json.dumps(lin.read())


def test_pressed_twice_is_done_once(desk: Desk, customer: Callable[..., Customer], desk_site: Site) -> None:
    lin, chen = customer("c1001", "转人工"), customer("c1002", "转人工")
    expect(desk.page.locator("#count-waiting")).to_have_text("2")
    desk.page.get_by_role("button", name="接入下一位").dblclick()
    expect(desk.page.locator(".talk h2")).to_have_text(CHEN)
    desk.box.fill("您好")
    desk.page.get_by_role("button", name="发送", exact=True).dblclick()
    expect(desk.said.last).to_contain_text("您好")
    desk.give_back()
    assert [one["text"] for one in chen.read()["messages"] if one["author"] == "human_agent" and one["text"]] == [
        "您好"
    ]
    assert lin.read()["mode"] == "waiting"


def test_a_sign_in_that_ends_takes_an_open_dialog_along(desk: Desk) -> None:
    desk.page.locator(".me").click()
    expect(desk.page.get_by_role("dialog", name="接待设置")).to_be_visible()
    desk.page.evaluate("desk.heard({token: 'gone', ticket: '', read: {}, title: '', now: new Date().toISOString()})")
    desk.page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(desk.told).to_contain_text("登录已失效")
    expect(desk.page.locator(".door [name=name]")).to_be_visible()
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_what_is_typed_survives_news_another_conversation_and_a_reload(
    desk: Desk, customer: Callable[..., Customer]
) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    expect(desk.box).to_be_focused()
    desk.box.fill("还没有写完")
    lin.say("在吗")
    expect(desk.said.last).to_contain_text("在吗")
    expect(desk.box).to_have_value("还没有写完")
    expect(desk.box).to_be_focused()
    chen = customer("c1002", "转人工")
    expect(desk.waiting(CHEN)).to_contain_text("长者")
    desk.take(CHEN)
    expect(desk.box).to_have_value("")
    lin.say("你好？")
    expect(desk.own(LIN).locator("em")).to_contain_text("1")
    expect(desk.page).to_have_title(re.compile(r"^\(1\) "))
    desk.own(LIN).get_by_role("button").click()
    expect(desk.box).to_have_value("还没有写完")
    expect(desk.own(LIN).locator("em")).to_have_count(0)
    desk.page.reload()
    expect(desk.page.locator(".talk h2")).to_have_text(LIN)
    expect(desk.box).to_have_value("还没有写完")
    assert chen.read()["mode"] == "human"
    desk.give_back()
    desk.own(CHEN).get_by_role("button").click()
    desk.give_back()


def test_a_promise_is_warned_of_and_sent_only_when_meant(desk: Desk, customer: Callable[..., Customer]) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    desk.box.fill("这款理财保证收益6.88%")
    desk.box.press("Control+Enter")
    warning = desk.page.locator(".warn")
    expect(warning).to_contain_text("6.88")
    assert lin.read()["messages"][-1]["notice"] == "joined"
    warning.get_by_role("button", name="修改").click()
    expect(warning).not_to_be_visible()
    expect(desk.box).to_have_value("这款理财保证收益6.88%")
    desk.page.get_by_role("button", name="发送", exact=True).click()
    warning.get_by_role("button", name="仍要发送").click()
    expect(desk.said.last).to_contain_text("6.88%")
    expect(desk.box).to_have_value("")
    assert lin.heard() == "这款理财保证收益6.88%"
    desk.give_back()


def test_a_suggested_reply_shows_its_source_and_sends_nothing_by_itself(
    desk: Desk, customer: Callable[..., Customer]
) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    lin.say("手机银行转账收费吗？")
    card = desk.page.locator(".help li").first
    expect(card).to_contain_text("免收手续费")
    expect(card.locator("a")).to_have_attribute("href", re.compile("^/documents/"))
    card.get_by_role("button", name="填入").click()
    expect(desk.box).to_have_value(re.compile("免收手续费"))
    assert lin.heard() == "手机银行转账收费吗？"
    desk.give_back()


def test_a_note_stays_inside_and_a_transfer_carries_its_own(
    desk: Desk, browser: Browser, customer: Callable[..., Customer], desk_site: Site
) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    notes = desk.page.locator(".notes")
    notes.get_by_role("textbox").fill("客户在外地，先不要约网点")
    notes.get_by_role("button", name="添加备注").click()
    expect(notes.locator("li")).to_contain_text("客户在外地，先不要约网点")
    expect(notes.get_by_role("textbox")).to_have_value("")
    desk.page.get_by_role("button", name="转接").click()
    dialog = desk.page.get_by_role("dialog", name="转接会话")
    dialog.get_by_label("转给技能组").select_option(label="银行卡")
    dialog.get_by_label("给同事的说明").fill("请核对年费")
    dialog.get_by_role("button", name="转接").click()
    expect(desk.page.locator(".nothing")).to_be_visible()
    expect(desk.waiting(LIN)).to_contain_text("银行卡")
    assert "客户在外地" not in json.dumps(lin.read(), ensure_ascii=False)
    other = Desk(browser, desk_site)
    other.sign_in("agent2")
    expect(other.waiting(LIN)).to_contain_text("请核对年费")
    other.take(LIN)
    expect(other.page.locator(".notes li")).to_contain_text("客户在外地，先不要约网点")
    other.give_back()
    other.page.get_by_role("button", name="退出").click()
    expect(other.page.locator(".door")).to_be_visible()
    other.context.close()


def test_a_conversation_is_given_back_at_the_step_where_it_stopped(
    desk: Desk, customer: Callable[..., Customer]
) -> None:
    lin = customer("c1001", "我换号码了", "转人工")
    expect(desk.waiting(LIN)).to_contain_text("正在办理：变更预留手机号")
    desk.take(LIN)
    doing = desk.page.locator(".doing")
    expect(doing).to_contain_text("变更预留手机号")
    expect(doing.locator(".asked")).to_contain_text("验证码已发送至 161****1001")
    desk.give_back()
    assert "验证码已发送至 161****1001" in lin.heard()
    assert lin.read()["mode"] == "assistant"


def test_a_review_shows_what_to_check_and_a_refusal_wants_its_reason(
    desk: Desk, customer: Callable[..., Customer], desk_site: Site
) -> None:
    zhao = customer("c1005", "我的借记卡取款密码忘了")
    zhao.enter_code()
    zhao.say("尾号3243")
    zhao.show(_photo())
    expect(desk.waiting(ZHAO)).to_contain_text("办理中等待审批")
    desk.take(ZHAO)
    expect(desk.page.get_by_role("img", name="身份证")).to_have_attribute("src", re.compile("^blob:"))
    decide = desk.page.locator(".decide")
    expect(decide.locator(".check")).to_contain_text("请视频核验是否本人")
    expect(desk.page.get_by_role("button", name="结束")).to_have_count(0)
    decide.get_by_role("button", name="拒绝").click()
    expect(desk.told).to_contain_text("拒绝时请写明理由")
    decide.get_by_role("textbox").fill("视频里不是本人")
    decide.get_by_role("button", name="拒绝").click()
    expect(desk.told).to_have_text("已拒绝。")
    expect(desk.page.locator(".nothing")).to_be_visible()
    decided = events(desk_site, "review_decided")[-1]
    assert (decided["approved"], decided["reason"]) == (False, "视频里不是本人")
    assert zhao.read()["ticket"] is None


def test_what_was_offered_is_taken_or_left_to_others(desk: Desk, customer: Callable[..., Customer]) -> None:
    customer(None, "转人工")
    entry = desk.waiting("未登录客户")
    expect(entry.locator(".offer")).to_contain_text("请您接待")
    assert 0 < int(entry.locator(".offer time").inner_text()) <= 30
    entry.get_by_role("button", name="跳过").click()
    expect(desk.told).to_have_text("已跳过，会请其他同事接待。")
    expect(entry.locator(".offer")).to_have_count(0)


def test_a_conversation_that_somebody_else_closes_goes_with_a_word(
    desk: Desk, customer: Callable[..., Customer], desk_site: Site
) -> None:
    lin = customer("c1001", "转人工")
    desk.take(LIN)
    ticket = _ticket(lin)
    with httpx.Client(base_url=desk_site.address, trust_env=False) as http:
        bearer = {"Authorization": f"Bearer {_token(desk_site, 'agent')}"}
        http.post(f"/v1/tickets/{ticket}/return", headers=bearer).raise_for_status()
    expect(desk.page.locator(".nothing")).to_be_visible()
    expect(desk.told).to_contain_text("已被其他同事接走，或已经结束")


def test_presence_and_settings_are_kept(desk: Desk) -> None:
    desk.page.get_by_role("button", name="忙碌").click()
    expect(desk.page.get_by_role("button", name="忙碌")).to_have_attribute("aria-pressed", "true")
    desk.page.locator(".me").click()
    settings = desk.page.get_by_role("dialog", name="接待设置")
    settings.get_by_label("客户看到的称呼").fill("客服小林")
    settings.get_by_label("同时接待上限").fill("2")
    settings.get_by_label("投诉").uncheck()
    settings.get_by_role("button", name="保存").click()
    expect(desk.page.locator(".me b")).to_have_text("客服小林")
    desk.page.reload()
    expect(desk.page.locator("#count-mine")).to_have_text("0/2")
    expect(desk.page.get_by_role("button", name="忙碌")).to_have_attribute("aria-pressed", "true")
    desk.page.locator(".me").click()
    expect(settings.get_by_label("投诉")).not_to_be_checked()
    expect(settings.get_by_label("综合")).to_be_checked()
    settings.get_by_label("投诉").check()
    settings.get_by_label("同时接待上限").fill("3")
    settings.get_by_role("button", name="保存").click()
    expect(desk.page.locator("#count-mine")).to_have_text("0/3")


def test_signing_out_leaves_nothing_on_the_page(desk: Desk, customer: Callable[..., Customer]) -> None:
    customer("c1001", "转人工")
    expect(desk.waiting(LIN)).to_be_visible()
    desk.page.get_by_role("button", name="退出").click()
    expect(desk.page.locator(".door")).to_be_visible()
    assert LIN not in desk.page.content()
    assert desk.page.evaluate("sessionStorage.getItem('teller.sign_in')") is None


def test_who_stays_at_the_desk_stays_signed_in(desk: Desk, customer: Callable[..., Customer], desk_site: Site) -> None:
    key = (desk_site.data / "secret.key").read_text(encoding="ascii")
    kept = json.loads(desk.page.evaluate("sessionStorage.getItem('teller.sign_in')"))
    now = int(datetime.now(UTC).timestamp())
    claims = jwt.decode(kept["token"], key, ["HS256"]) | {"auth_time": now - 3600, "exp": now + 60}
    late = jwt.encode(claims, key, "HS256")
    desk.page.evaluate("kept => sessionStorage.setItem('teller.sign_in', kept)", json.dumps(kept | {"token": late}))
    # The stream, too, goes on with the new one.
    with desk.page.expect_request(
        lambda one: one.url.endswith("/desk/live") and late not in one.headers["authorization"]
    ):
        desk.page.reload()
    renewed = json.loads(desk.page.evaluate("sessionStorage.getItem('teller.sign_in')"))["token"]
    assert jwt.decode(renewed, key, ["HS256"])["exp"] >= now + 1790
    customer("c1001", "转人工")
    expect(desk.waiting(LIN)).to_be_visible()


def test_a_token_that_does_not_hold_any_more_leads_back_to_the_form(
    desk: Desk, customer: Callable[..., Customer]
) -> None:
    customer("c1001", "转人工")
    expect(desk.waiting(LIN)).to_be_visible()
    desk.page.evaluate("sessionStorage.setItem('teller.sign_in', JSON.stringify({token: 'gone'}))")
    desk.page.reload()
    expect(desk.told).to_contain_text("登录已失效")
    expect(desk.page.locator(".door")).to_be_visible()
    assert LIN not in desk.page.content()


@pytest.mark.parametrize("token", ["", "forged", "staff", "customer"])
@pytest.mark.parametrize("do", ["look", "next", "write", "sign_out"])
def test_a_call_without_an_agents_token_gives_and_does_nothing(
    token: str, do: str, customer: Callable[..., Customer], desk_site: Site
) -> None:
    lin = customer("c1001", "转人工")
    sent = {"token": _token(desk_site, token), "ticket": "", "asked": {"do": do, "text": "x", "ticket": _ticket(lin)}}
    *panes, answer = _call(desk_site, sent)
    assert [pane for pane in panes if isinstance(pane, str)] == panes[:1]
    assert "登录坐席工作台" in panes[0]
    assert not answer["token"]
    assert LIN not in json.dumps([panes, answer], ensure_ascii=False)
    assert lin.read()["mode"] == "waiting"


def test_what_no_page_sends_is_refused_in_a_sentence(desk_site: Site) -> None:
    *panes, answer = _call(desk_site, {"token": 3, "asked": ["look"]})
    assert not [pane for pane in panes if isinstance(pane, str)]
    assert "请刷新页面" in answer["told"]


def test_in_english_on_a_small_screen_and_asking_no_other_host(
    browser: Browser, customer: Callable[..., Customer], desk_site: Site
) -> None:
    desk = Desk(browser, desk_site, "en-US", width=1024, height=768)
    asked: list[Request] = []
    desk.context.on("request", lambda request: asked.append(request))
    desk.sign_in()
    customer("c1001", "转人工")
    desk.take(desk.page.locator(".waiting .who b").inner_text())
    expect(desk.page.locator(".side")).to_contain_text("Registered phone")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 1024
    expect(desk.page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport()
    desk.page.get_by_role("button", name="Back to 小杉").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Back to 小杉").click()
    expect(desk.page.locator(".nothing")).to_be_visible()
    hosts = {urlsplit(one.url).hostname for one in asked if not one.url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    desk.context.close()


def test_the_chat_page_and_the_api_stand_beside_the_desk(desk_site: Site) -> None:
    with httpx.Client(base_url=desk_site.address, trust_env=False) as http:
        assert http.get("/desk").headers["location"].endswith("/desk/")
        assert '"elem_id":"queue"' in http.get("/desk/").text.replace(" ", "")
        assert '"elem_id":"messages"' in http.get("/").text.replace(" ", "")
        assert http.get("/v1/tickets").headers["content-type"] == "application/problem+json"


def _photo() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "#88aa99").save(drawn, "PNG")
    return drawn.getvalue()


def _ticket(customer: Customer) -> str:
    return str(customer.read()["ticket"]["id"])


def _token(site: Site, whose: str) -> str:
    with httpx.Client(base_url=site.address, trust_env=False) as http:
        if whose in ("staff", "agent"):
            return str(http.post("/v1/sessions", json={"username": whose, "password": "demo"}).json()["token"])
        if whose == "customer":
            return str(http.post("/v1/demo/customers/c1001/session").json()["token"])
    return whose


def _call(site: Site, sent: dict[str, Any]) -> list[Any]:
    """Calls the page's handler as its script does, without the page."""
    with httpx.Client(base_url=f"{site.address}/desk", timeout=30, trust_env=False) as http:
        function = http.get("/config").json()["dependencies"][0]["id"]
        call = {"data": [sent], "fn_index": function, "session_hash": "test", "event_data": None}
        http.post("/gradio_api/queue/join", json=call).raise_for_status()
        with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": "test"}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("msg") == "process_completed":
                    return list(message["output"]["data"])
    raise AssertionError("the handler did not answer")


def test_on_a_phone_one_column_at_a_time(browser: Browser, customer: Callable[..., Customer], desk_site: Site) -> None:
    customer("c1001", "转人工")
    desk = Desk(browser, desk_site, width=390, height=844)
    desk.sign_in()
    page = desk.page
    expect(desk.waiting(LIN)).to_be_visible()
    expect(page.locator("#talk")).not_to_be_visible()
    desk.take(LIN)
    expect(desk.box).to_be_visible()
    expect(page.locator("#queue")).not_to_be_visible()
    page.get_by_role("button", name="客户资料").click()
    expect(page.get_by_role("heading", name="客户资料")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="回到对话").click()
    expect(desk.box).to_be_visible()
    page.get_by_role("button", name="队列").click()
    expect(desk.own(LIN)).to_be_visible()
    desk.own(LIN).get_by_role("button").click()
    desk.page.get_by_role("button", name="客户资料").click()
    desk.give_back()
    expect(page.locator("#queue")).to_be_visible()
    desk.context.close()
