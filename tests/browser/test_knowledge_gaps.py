"""From a question that nobody could answer to its answer, in the page: one editor writes it, another approves it."""

from __future__ import annotations

import httpx
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Site
from tests.browser.test_knowledge import KnowledgePage

QUESTION, ANSWER = "撕坏的纸币能兑换吗", "撕坏的纸币可以到任一网点免费兑换。"


def ask(site: Site) -> str:
    with httpx.Client(base_url=site.address, timeout=30, trust_env=False) as http:
        started = http.post("/v1/conversations", json={}).json()
        headers = {"Authorization": f"Bearer {started['token']}"}
        turn = http.post(f"/v1/conversations/{started['id']}/turns", json={"text": QUESTION}, headers=headers).json()
        return str(turn["reply"]["text"])


def opened(page: KnowledgePage, tab: str) -> Locator:
    page.page.locator(f".tabs button[data-tab={tab}]").click()
    return page.page.locator(f"#pane-{tab} .lead", has_text=QUESTION)


def test_one_writes_it_another_approves_it(browser: Browser, staff_site: Site) -> None:
    assert ANSWER not in ask(staff_site)
    editor = KnowledgePage(browser, staff_site)
    group = opened(editor, "questions")
    group.locator("[data-do=draft]").click()
    expect(group).to_contain_text("已有草稿")
    draft = opened(editor, "faqs")
    draft.locator("[data-do=open]").click()
    draft.locator("[name=answer]").fill("撕坏的纸币兑换要收88元。")
    draft.locator("button[value=submit]").click()
    expect(draft.locator(".finding").filter(has_text="“88”在现行文件里没有出处")).to_be_visible()
    draft.locator("[name=answer]").fill(ANSWER)
    draft.locator("button[value=submit]").click()
    expect(draft).to_contain_text("须由另一人复核")
    expect(draft.locator("[data-do=approve]")).to_have_count(0)
    second = KnowledgePage(browser, staff_site, "editor2")
    draft = opened(second, "faqs")
    draft.locator("[data-do=open]").click()
    draft.locator("[data-do=approve]").click()
    expect(draft).to_contain_text("已发布")
    assert ANSWER in ask(staff_site)
    draft.locator("[name=because]").fill("规定改了")
    draft.locator("button[value=withdraw]").click()
    expect(draft).to_contain_text("已撤下")
    assert ANSWER not in ask(staff_site)
    editor.context.close()
    second.context.close()
