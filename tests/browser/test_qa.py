"""The page for those who judge answers, in Chromium: a run from its start to a case of it, a mark, and a case from a conversation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from evals import suite
from evals.wrong_label import Labels
from tests.browser.conftest import Site

WAIT = 15_000
PLAYED = 180_000
TABS = ("figures", "runs", "compare", "cases", "conversations")
TINY = """
title: 网点常问
cases:
  - {id: q1, question: 海棠白金信用卡年费多少, must_say: [["880元"]]}
  - {id: q2, question: 海棠借记卡有年费吗, must_say: [["每年10元"]]}
"""


class QaPage:
    """The page of somebody who is signed in."""

    def __init__(self, browser: Browser, site: Site, name: str = "qa", width: int = 1440) -> None:
        self.context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.goto(f"{site.address}/qa")
        form = self.page.locator("dialog.sign-in form")
        form.locator("[name=username]").fill(name)
        form.locator("[name=password]").fill("demo")
        form.get_by_role("button").click()

    def tab(self, name: str) -> Locator:
        self.page.locator(f".tabs button[data-tab={name}]").click()
        pane = self.page.locator(f"#pane-{name}")
        expect(pane.locator("section.pane")).to_be_visible()
        return pane


@pytest.fixture
def qa(browser: Browser, site: Site) -> Iterator[QaPage]:
    own = site.data / "suites"
    own.mkdir(exist_ok=True)
    (own / "tiny.yaml").write_text(TINY, encoding="utf-8")
    opened = QaPage(browser, site)
    yield opened
    opened.context.close()


def test_a_run_is_started_watched_and_looked_into(qa: QaPage, site: Site) -> None:
    runs = qa.tab("runs")
    form = runs.locator("form[data-does=order]")
    if not form.is_visible():
        runs.locator("details.new summary").click()
    form.locator("button[type=submit]").click()
    expect(runs.locator(".wrong")).to_contain_text("至少选择一个测评集")
    form.locator("[name='suite:tiny']").check()
    form.locator("button[type=submit]").click()
    expect(runs.locator(".live")).to_contain_text("网点常问")
    expect(runs.locator(".live")).to_have_count(0, timeout=PLAYED)
    row = runs.locator(".runs tbody tr").first
    expect(row).to_contain_text("已完成")
    expect(row).to_contain_text("50.0%")
    row.locator("button.names").click()
    expect(runs.locator(".tile")).to_contain_text("50.0%")
    cases = qa.tab("cases")
    cases.locator("[name=suite]").select_option("tiny")
    wrong = cases.locator("tr", has_text="q2")
    expect(wrong).to_contain_text("错误")
    wrong.locator("button.names").click()
    expect(cases.locator(".replied")).to_contain_text("免收年费")
    expect(cases.locator(".marks .bad")).to_be_visible()
    cases.locator(".acts summary").click()
    cases.locator("[name=why]").fill("借记卡免年费")
    cases.locator(".acts button").click()
    expect(cases.locator(".acts")).to_contain_text("qa 于")
    tiny = suite.load(site.data / "suites" / "tiny.yaml")
    mark = Labels(site.data / "suites").of("tiny", tiny.cases[1])
    assert mark is not None and (mark.who, mark.why) == ("qa", "借记卡免年费")
    cases.locator(".back").click()
    expect(cases.locator("tr", has_text="q2")).to_contain_text("标注有误")
    cases.locator("tr", has_text="q2").locator("button.names").click()
    cases.locator("[data-do=take_back]").click()
    expect(cases.locator(".acts summary")).to_be_visible()
    assert Labels(site.data / "suites").wrong() == {}


def test_what_is_chosen_while_the_tab_still_answers_counts(qa: QaPage) -> None:
    cases = qa.tab("cases")

    def late(route: Route) -> None:
        qa.page.wait_for_timeout(300)
        route.continue_()

    qa.page.route("**/queue/data*", late)
    with qa.page.expect_request("**/queue/join*"):
        qa.page.evaluate("staff.ask('cases', { do: 'look', id: 'none' })")
    cases.locator("[name=suite]").select_option("tiny")
    expect(cases.locator("tr", has_text="q2")).to_be_visible()
    expect(cases.locator("[name=suite]")).to_have_value("tiny")


def said(site: Site, *texts: str) -> None:
    with httpx.Client(base_url=site.address, timeout=30, trust_env=False) as http:
        started = http.post("/v1/conversations", json={}).json()
        headers = {"Authorization": f"Bearer {started['token']}"}
        for text in texts:
            http.post(f"/v1/conversations/{started['id']}/turns", json={"text": text}, headers=headers)


def test_a_conversation_becomes_a_case(qa: QaPage, site: Site) -> None:
    said(site, "海棠白金信用卡的贵宾厅怎么约", "我的号码是16100001001")
    pane = qa.tab("conversations")
    row = pane.locator("tr", has_text="贵宾厅怎么约").first
    row.locator("button.names").click()
    form = pane.locator("form.as-case")
    assert "16100001001" not in pane.inner_html()
    expect(form.locator("[name=turn_1]")).to_have_value("我的号码是161****1001")
    form.get_by_role("button").click()
    expect(form.locator(".wrong")).to_contain_text("应当如何")
    form.locator("[name=must_say]").fill("手机银行")
    form.locator("[name=turn_1]").fill("我的号码是16100001001")
    form.get_by_role("button").click()
    expect(form.locator("li.is-wrong")).to_contain_text("个人信息")
    path = site.data / "suites" / "real_questions.yaml"
    assert not path.exists()
    form.locator("[name=turn_1]").fill("")
    form.get_by_role("button").click()
    expect(form.locator(".passed")).to_contain_text("real_questions")
    (case,) = suite.load(path).cases
    assert [move.say for move in case.moves] == ["海棠白金信用卡的贵宾厅怎么约"]
    assert case.must_say == (("手机银行",),)
    with httpx.Client(base_url=site.address, timeout=30, trust_env=False) as http:
        token = http.post("/v1/sessions", json={"username": "admin", "password": "demo"}).json()["token"]
        entries = http.get("/v1/audit", headers={"Authorization": f"Bearer {token}"}).json()
    done = {entry["did"] for entry in entries if entry["who"] == "qa"}
    assert {"read_conversation", "add_eval_case"} <= done


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_window(browser: Browser, site: Site, width: int) -> None:
    page = QaPage(browser, site, width=width)
    for name in TABS:
        page.tab(name)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.page.locator(f"#pane-{name}").evaluate("one => one.scrollWidth - one.clientWidth")
        assert wide <= 0, name
    page.context.close()


@pytest.mark.parametrize("name", ["editor", "staff", "agent"])
def test_others_see_no_tab(browser: Browser, site: Site, name: str) -> None:
    page = QaPage(browser, site, name)
    expect(page.page.locator("dialog.sign-in")).to_contain_text("不能使用本页")
    expect(page.page.locator("#pane-runs section")).to_have_count(0)
    page.context.close()


@pytest.fixture(scope="module")
def token(site: Site) -> Callable[[str], str]:
    def whose(who: str) -> str:
        with httpx.Client(base_url=site.address, timeout=30, trust_env=False) as http:
            if who.startswith("c"):
                return str(http.post(f"/v1/demo/customers/{who}/session").json()["token"])
            return (
                str(http.post("/v1/sessions", json={"username": who, "password": "demo"}).json()["token"])
                if who
                else ""
            )

    return whose


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("who", ["qa", "admin", "editor", "staff", "agent", "c1001", ""])
def test_handlers_answer_qa_and_admin_alone(site: Site, token: Callable[[str], str], who: str, tab: str) -> None:
    heard = call(site, tab, [token(who), {"do": "look"}])
    assert ("section class" in heard) == (who in ("qa", "admin"))


@pytest.mark.parametrize("who", ["editor", "staff", "c1001", ""])
def test_nobody_else_starts_or_writes_anything(site: Site, token: Callable[[str], str], who: str) -> None:
    folder = site.data / "evals"
    before = sorted(folder.glob("*/order.json"))
    call(site, "runs", [token(who), {"do": "order", "fields": {"suite:knowledge": "on"}}])
    call(site, "cases", [token(who), {"do": "mark", "id": ":knowledge:k001", "fields": {"why": "x"}}])
    assert sorted(folder.glob("*/order.json")) == before
    assert ("knowledge", "k001") not in Labels(site.data / "suites").wrong()


@pytest.mark.parametrize("sent", [{"do": "look", "id": "../../etc"}, {"do": "open", "id": "a:b:c"}, {"do": 5}, [], "x"])
@pytest.mark.parametrize("tab", TABS)
def test_what_the_page_never_sends_breaks_nothing(site: Site, token: Callable[[str], str], tab: str, sent: Any) -> None:
    assert "section class" in call(site, tab, [token("qa"), sent])


def call(site: Site, tab: str, data: list[Any]) -> str:
    """Calls a tab's handler as the page's script does, without the page."""
    with httpx.Client(base_url=f"{site.address}/qa", timeout=30, trust_env=False) as http:
        config = http.get("/config").raise_for_status().json()
        place = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == f"pane-{tab}")
        function = next(
            one["id"]
            for one in config["dependencies"]
            if [place, "submit"] in [list(target) for target in one["targets"]]
        )
        sent = {"data": data, "fn_index": function, "session_hash": "test", "event_data": None}
        http.post("/gradio_api/queue/join", json=sent).raise_for_status()
        heard = ""
        with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": "test"}) as stream:
            for line in stream.iter_lines():
                heard += line
                if "process_completed" in line:
                    return json.dumps(heard, ensure_ascii=False)
    raise AssertionError("the handler did not answer")
