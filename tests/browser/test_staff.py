"""The page for customer managers in Chromium, over a real service, with customers on the other side."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.conftest import Site
from tests.browser.desk_page import Customer
from tests.browser.staff_page import StaffPage

LUO, WUHAN = "罗*", "云杉银行武汉光谷支行"
SECRET = "海棠银行内部话术"


@pytest.fixture
def staff(browser: Browser, staff_site: Site) -> Iterator[StaffPage]:
    """A customer manager's page, signed in."""
    opened = StaffPage(browser, staff_site)
    opened.enter()
    yield opened
    opened.context.close()


@pytest.fixture
def wuhan(browser: Browser, staff_site: Site) -> Iterator[StaffPage]:
    """The page of a customer manager at the branch of the customer who left something."""
    opened = StaffPage(browser, staff_site)
    opened.enter("staff2")
    yield opened
    opened.context.close()


@pytest.fixture
def lead(staff_site: Site) -> Iterator[Customer]:
    """A customer who left a deposit certificate and agreed to be contacted."""
    luo = Customer(staff_site, "c1014")
    luo.say("我要开时点存款证明")
    luo.enter_code()
    for said in ("第一个", "算了", "可以联系我"):
        luo.say(said)
    yield luo
    luo.say("不要联系我了")
    luo.leave()


def test_a_wrong_password_opens_nothing(browser: Browser, staff_site: Site) -> None:
    staff = StaffPage(browser, staff_site)
    expect(staff.form).to_contain_text("演示账号")
    staff.sign_in(password="wrong")
    expect(staff.told).to_have_text("用户名或密码不对，请重新输入。")
    expect(staff.form.locator("[name=password]")).to_have_value("")
    staff.page.keyboard.press("Escape")
    staff.page.keyboard.press("Escape")
    expect(staff.form).to_be_visible()
    expect(staff.replies).to_have_count(0)
    assert staff.page.evaluate("sessionStorage.length") == 0
    staff.context.close()


def test_who_is_signed_in_stands_in_the_bar(staff: StaffPage) -> None:
    expect(staff.page.locator(".sign-in-bar")).to_contain_text("海棠银行")
    expect(staff.page.locator(".signed")).to_have_text(re.compile("staff.*客户经理.*上海陆家嘴支行"))


def test_an_editor_sees_neither_leads_nor_drafts_and_is_refused_them(browser: Browser, staff_site: Site) -> None:
    staff = StaffPage(browser, staff_site)
    staff.enter("editor")
    for name, seen in (("chat", True), ("products", True), ("campaigns", True), ("drafts", False), ("leads", False)):
        expect(staff.tab(name)).to_be_visible(visible=seen)
    staff.page.evaluate("location.hash = 'leads'")
    expect(staff.page.locator("#pane-leads")).not_to_be_visible()
    staff.context.close()


def test_an_answer_is_a_table_and_its_source_opens_beside_it(staff: StaffPage) -> None:
    reply = staff.ask("比较海棠稳盈90天和海棠稳盈180天的起购金额")
    table = reply.locator("table")
    expect(table).to_contain_text("1,000元")
    reply.locator("summary").click()
    reply.locator(".sources a").first.click()
    source = staff.page.frame_locator("dialog.source iframe")
    expect(source.locator(".marked")).to_contain_text("海棠稳盈")
    staff.page.locator("dialog.source [data-closes]").click()
    expect(staff.page.locator("dialog.source")).not_to_be_visible()


def test_a_document_for_staff_does_not_open_by_its_address(staff: StaffPage, staff_site: Site) -> None:
    reply = staff.ask("客户说存款利息太低怎么回")
    expect(reply).to_contain_text(SECRET)
    reply.locator("summary").click()
    address = reply.locator(".sources a").first.get_attribute("href")
    with httpx.Client(base_url=staff_site.address, trust_env=False) as http:
        customer = http.post("/v1/demo/customers/c1001/session").json()["token"]
        assert http.get(str(address)).status_code == 401
        assert http.get(str(address), headers={"Authorization": f"Bearer {customer}"}).status_code == 401
    reply.locator(".sources a").first.click()
    expect(staff.page.frame_locator("dialog.source iframe").locator(".marked")).to_contain_text(SECRET)


def test_an_example_is_asked_and_one_that_is_to_be_completed_only_filled_in(staff: StaffPage) -> None:
    staff.page.locator(".examples:visible button", has_text="比较").click()
    expect(staff.page.locator("#messages .user-row").last).to_contain_text("比较")
    expect(staff.replies).to_have_count(2)
    staff.page.locator(".examples:visible button", has_text="能不能发").click()
    expect(staff.box).to_have_value("帮我看看这段话能不能发：")
    expect(staff.replies).to_have_count(2)


def test_a_conversation_outlives_a_reload_and_no_other_tab_sees_it(
    staff: StaffPage, browser: Browser, staff_site: Site
) -> None:
    staff.ask("客户说存款利息太低怎么回")
    staff.page.reload()
    expect(staff.replies).to_have_count(2)
    tab = staff.context.new_page()
    tab.goto(f"{staff_site.address}/staff")
    expect(tab.locator("dialog.sign-in form")).to_be_visible()
    assert SECRET not in tab.content()


def test_a_branch_sees_no_lead_of_another(staff: StaffPage, lead: Customer) -> None:
    leads = staff.open("leads")
    expect(leads.locator("[name=branch]")).to_have_value("云杉银行上海陆家嘴支行")
    expect(leads.locator(".none")).to_be_visible()
    expect(leads).not_to_contain_text("其他网点")
    expect(leads).not_to_contain_text(LUO)


def test_a_lead_is_taken_and_seen_to(wuhan: StaffPage, lead: Customer, staff_site: Site) -> None:
    leads = wuhan.open("leads")
    expect(leads.locator("[name=branch]")).to_have_value(WUHAN)
    entry = leads.locator(".lead", has_text=LUO)
    expect(entry).to_contain_text("开具存款证明")
    expect(entry.locator(".offer")).to_contain_text("首份免费")
    expect(entry).not_to_contain_text("c1014")
    entry.get_by_role("button", name="我来跟进").click()
    expect(wuhan.toast).to_contain_text("已由您跟进")
    expect(entry).to_contain_text("c1014")
    entry.get_by_role("textbox").fill("已电话联系，周六来网点")
    wuhan.tab("chat").click()
    leads = wuhan.open("leads")
    expect(entry.get_by_role("textbox")).to_have_value("已电话联系，周六来网点")
    entry.get_by_role("button", name="已办成").click()
    expect(wuhan.toast).to_contain_text("已标记办成")
    expect(entry).to_have_count(0)
    leads.locator("[name=status]").select_option("done")
    expect(entry.first).to_contain_text("已电话联系，周六来网点")


def test_leads_are_exported_as_they_are_filtered(wuhan: StaffPage, lead: Customer) -> None:
    leads = wuhan.open("leads")
    expect(leads.locator(".lead", has_text=LUO).first).to_be_visible()
    with wuhan.page.expect_download() as download:
        leads.get_by_role("button", name="导出 CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert WUHAN in rows[1]
    assert "可以这样帮客户" in rows[0]


def test_products_are_filtered_and_opened_to_their_sources(staff: StaffPage) -> None:
    products = staff.open("products")
    expect(products.locator("tbody tr")).to_have_count(3)
    products.locator("[name=level]").select_option("2")
    expect(products.locator("tbody tr")).to_have_count(2)
    products.locator("[name=term]").select_option("90")
    expect(products.locator("tbody tr")).to_have_count(1)
    products.get_by_role("button", name="海棠稳盈90天").click()
    expect(products.locator(".all")).to_contain_text("1,000元")
    products.locator(".all a").first.click()
    expect(staff.page.frame_locator("dialog.source iframe").locator(".marked")).to_contain_text("海棠稳盈90天")


def test_a_draft_is_refused_with_the_words_and_the_reason(staff: StaffPage) -> None:
    drafts = staff.open("drafts")
    drafts.get_by_role("textbox").fill("海棠稳盈90天稳赚不赔")
    drafts.get_by_role("button", name="检查").click()
    expect(drafts.locator(".refused")).to_be_visible()
    expect(drafts.locator("mark").first).to_contain_text("稳赚")
    expect(drafts.get_by_role("textbox")).to_have_value("海棠稳盈90天稳赚不赔")


def test_a_campaign_goes_from_draft_to_live_by_two_people(staff: StaffPage, browser: Browser, staff_site: Site) -> None:
    name = "陆家嘴开门红测试"
    campaigns = staff.open("campaigns")
    campaigns.locator("details.new summary").click()
    new = campaigns.locator("details.new")
    typed = {
        "name": name, "organiser": "云杉银行上海陆家嘴支行", "starts": "2026-01-01", "ends": "2099-12-31", "audience": "新开户客户",
        "reward": "赠雨伞一把", "quota": "100名", "places": "100", "rules": "每人限1次，以身份证号识别",
        "approval_number": "云杉沪营审〔2026〕第088号", "phone": "021-0000-2001",
    }  # fmt: skip
    for field, value in typed.items():
        new.locator(f"[name={field}]").fill(value)
    new.get_by_role("button", name="保存草稿").click()
    entry = campaigns.locator(".campaign", has_text=name)
    expect(entry).to_contain_text("草稿")
    entry.get_by_role("button", name="提交审批").click()
    expect(entry).to_contain_text("待批准")
    expect(entry).to_contain_text("经手人不能自己批准")
    expect(entry.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    other = StaffPage(browser, staff_site)
    other.enter("editor2")
    theirs = other.open("campaigns").locator(".campaign", has_text=name)
    theirs.get_by_role("button", name="退回").click()
    expect(theirs.locator("[name=reason]")).to_be_focused()
    theirs.get_by_role("button", name="批准", exact=True).click()
    expect(other.toast).to_contain_text("已批准")
    expect(theirs).to_contain_text("进行中")
    other.context.close()


def test_a_sign_in_that_ended_is_asked_for_over_the_page_and_nothing_typed_is_lost(staff: StaffPage) -> None:
    staff.ask("客户说存款利息太低怎么回")
    staff.box.fill("还没有写完")
    staff.page.evaluate("fetch('/v1/sessions', {method: 'DELETE', headers: signIn.headers()})")
    staff.box.press("Enter")
    expect(staff.told).to_have_text("登录已到期，请重新登录。您填写的内容还在。")
    staff.sign_in()
    expect(staff.form).not_to_be_visible()
    expect(staff.box).to_have_value("还没有写完")
    expect(staff.replies).to_have_count(2)


def test_who_works_on_is_signed_in_on_and_a_page_left_alone_asks_again(browser: Browser, staff_site: Site) -> None:
    staff = StaffPage(browser, staff_site)
    staff.page.clock.install()
    staff.page.reload()
    staff.enter()
    staff.page.clock.fast_forward("21:00")
    staff.box.press("Shift")
    with staff.page.expect_response("**/v1/sessions/renew") as renewed:
        staff.page.clock.run_for(16_000)
    assert renewed.value.ok
    staff.page.clock.fast_forward("20:00")
    staff.page.clock.run_for(16_000)
    expect(staff.page.locator("body")).to_have_class(re.compile("signed-in"))
    staff.page.clock.fast_forward("11:00")
    staff.page.clock.run_for(16_000)
    expect(staff.told).to_contain_text("登录已到期")
    staff.context.close()


def test_another_person_who_signs_in_then_sees_nothing_of_it(staff: StaffPage) -> None:
    staff.ask("客户说存款利息太低怎么回")
    staff.page.evaluate("fetch('/v1/sessions', {method: 'DELETE', headers: signIn.headers()})")
    staff.box.fill("在吗")
    staff.box.press("Enter")
    expect(staff.told).to_contain_text("登录已到期")
    staff.sign_in("agent")
    expect(staff.page.locator(".signed")).to_contain_text("agent")
    expect(staff.replies).to_have_count(1)
    assert SECRET not in staff.page.content()


def test_a_conversation_opens_for_nobody_but_the_colleague_who_began_it(
    staff: StaffPage, browser: Browser, staff_site: Site
) -> None:
    staff.ask("客户说存款利息太低怎么回")
    kept = staff.page.evaluate("sessionStorage.getItem('teller.kept.chat')")
    other = StaffPage(browser, staff_site)
    other.page.evaluate("kept => sessionStorage.setItem('teller.kept.chat', kept)", kept)
    other.enter("agent")
    expect(other.page.locator("#notice")).to_contain_text("已为您开始新的对话")
    assert SECRET not in other.page.content()
    other.context.close()


def test_the_number_of_a_source_opens_it(staff: StaffPage) -> None:
    reply = staff.ask("客户说存款利息太低怎么回")
    reply.get_by_role("link", name="[1]").click()
    expect(staff.page.frame_locator("dialog.source iframe").locator(".marked")).to_contain_text(SECRET)


def test_signing_out_forgets_everything_and_ends_the_token(staff: StaffPage, staff_site: Site) -> None:
    staff.ask("客户说存款利息太低怎么回")
    token = staff.page.evaluate("signIn.token()")
    staff.leave()
    assert SECRET not in staff.page.content()
    assert staff.page.evaluate("sessionStorage.length") == 0
    with httpx.Client(base_url=staff_site.address, trust_env=False) as http:
        assert http.get("/v1/leads", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("token", ["", "forged", "customer", "editor"])
@pytest.mark.parametrize("handler", ["leads", "drafts"])
def test_a_call_without_the_right_token_gives_nothing(
    token: str, handler: str, lead: Customer, staff_site: Site
) -> None:
    said = _call(staff_site, handler, [_token(staff_site, token), {"do": "look", "filters": {"branch": ""}}])
    assert LUO not in said
    assert "导出" not in said
    assert "no_right" in said if token == "editor" else "expired" in said


def test_in_english_on_a_phone_and_asking_no_other_host(browser: Browser, staff_site: Site) -> None:
    staff = StaffPage(browser, staff_site, "en-US", width=390, height=844)
    asked: list[Request] = []
    staff.context.on("request", lambda request: asked.append(request))
    staff.enter()
    for name in ("products", "campaigns", "drafts", "leads"):
        expect(staff.open(name)).to_be_visible()
        assert staff.page.evaluate("document.documentElement.scrollWidth") <= 390, name
    staff.tab("chat").click()
    expect(staff.page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport()
    hosts = {urlsplit(one.url).hostname for one in asked if not one.url.startswith(("data:", "blob:", "about:"))}
    assert hosts == {"127.0.0.1"}
    staff.context.close()


def _token(site: Site, whose: str) -> str:
    with httpx.Client(base_url=site.address, trust_env=False) as http:
        if whose == "editor":
            return str(http.post("/v1/sessions", json={"username": whose, "password": "demo"}).json()["token"])
        if whose == "customer":
            return str(http.post("/v1/demo/customers/c1001/session").json()["token"])
    return whose


def _call(site: Site, pane: str, data: list[Any]) -> str:
    """Calls a pane's handler as the page's script does, without the page."""
    with httpx.Client(base_url=f"{site.address}/staff", timeout=30, trust_env=False) as http:
        config = http.get("/config").json()
        place = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == f"pane-{pane}")
        function = next(
            one["id"]
            for one in config["dependencies"]
            if [place, "submit"] in [list(target) for target in one["targets"]]
        )
        call = {"data": data, "fn_index": function, "session_hash": "test", "event_data": None}
        http.post("/gradio_api/queue/join", json=call).raise_for_status()
        heard = ""
        with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": "test"}) as stream:
            for line in stream.iter_lines():
                heard += line
                if "process_completed" in line:
                    return json.dumps(heard, ensure_ascii=False)
    raise AssertionError("the handler did not answer")
