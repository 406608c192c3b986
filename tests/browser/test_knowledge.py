"""The page for those who keep the knowledge base, in Chromium: what an editor publishes is answered, what is withdrawn is not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site

WAIT = 15_000
TEXT = "海棠青年信用卡的年费为每年199元，首年免收。"
QUESTION = "海棠青年信用卡年费是多少？"


class KnowledgePage:
    """An editor's page, in a browser of its own."""

    def __init__(self, browser: Browser, site: Site, name: str = "editor") -> None:
        self.context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.goto(f"{site.address}/knowledge")
        form = self.page.locator("dialog.sign-in form")
        form.locator("[name=username]").fill(name)
        form.locator("[name=password]").fill("demo")
        form.get_by_role("button").click()

    @property
    def documents(self) -> Locator:
        return self.page.locator("#pane-documents")

    def upload(self, name: str, text: str, **fields: str) -> Locator:
        """Fills in the form and sends it; the form."""
        self.documents.locator("details.new summary").click()
        form = self.documents.locator("form[data-uploads='']")
        form.locator("[name=file]").set_input_files({"name": name, "mimeType": "", "buffer": text.encode()})
        form.locator("[name=audience]").select_option(fields.pop("audience"))
        for field, value in fields.items():
            form.locator(f"[name={field}]").fill(value)
        form.get_by_role("button").click()
        return form

    def withdraw(self, why: str) -> None:
        act = self.documents.locator("details", has=self.page.locator("form[data-does=withdraw]"))
        act.locator("summary").click()
        act.locator("[name=why]").fill(why)
        act.get_by_role("button").click()


@pytest.fixture
def editor(browser: Browser, staff_site: Site) -> Iterator[KnowledgePage]:
    opened = KnowledgePage(browser, staff_site)
    expect(opened.documents.locator("table.documents")).to_be_visible(timeout=WAIT)
    yield opened
    opened.context.close()


def ask(site: Site, question: str) -> str:
    """What a customer is told over HTTP."""
    with httpx.Client(base_url=site.address, timeout=60, trust_env=False) as http:
        started = http.post("/v1/conversations", json={"audience": "customer"}).json()
        headers = {"Authorization": f"Bearer {started['token']}"}
        turn = http.post(f"/v1/conversations/{started['id']}/turns", json={"text": question}, headers=headers)
        text: str = turn.json()["reply"]["text"]
        return text


def test_uploaded_looked_at_published_asked_withdrawn_gone(editor: KnowledgePage, staff_site: Site) -> None:
    editor.upload("年费.txt", TEXT, audience="customer", title="海棠青年信用卡说明")
    expect(editor.documents.locator(".passages")).to_contain_text(TEXT)
    expect(editor.documents.locator(".chips")).to_contain_text("草稿")
    assert "199" not in ask(staff_site, QUESTION)

    editor.documents.get_by_role("button", name="发布", exact=True).click()
    expect(editor.documents.locator(".chips")).to_contain_text("现行有效")
    assert "199" in ask(staff_site, QUESTION)

    editor.withdraw("停售")
    expect(editor.documents.locator(".chips")).to_contain_text("已撤下")
    expect(editor.documents.locator(".editions")).to_contain_text("停售")
    assert "199" not in ask(staff_site, QUESTION)

    editor.documents.get_by_role("button", name="返回列表").click()
    editor.documents.locator("[name=status]").select_option("withdrawn")
    expect(editor.documents.locator("table.documents tbody tr")).to_have_count(1)
    expect(editor.documents.locator("table.documents")).to_contain_text("海棠青年信用卡说明")


def test_a_file_that_cannot_be_read_is_told_and_the_form_is_left_as_it_was(editor: KnowledgePage) -> None:
    form = editor.upload("年费.pdf", "no PDF", audience="staff", title="留着")
    expect(form.locator(".wrong")).to_contain_text("这个文件不能收：the suffix is .pdf but the content is not a PDF")
    expect(form.locator("[name=title]")).to_have_value("留着")
    expect(form.locator("[name=audience]")).to_have_value("staff")


def test_a_question_is_tried_with_the_score_of_each_signal(editor: KnowledgePage) -> None:
    editor.page.locator(".tabs [data-tab=search-test]").click()
    trial = editor.page.locator("#pane-search-test")
    trial.locator("[name=query]").fill("珠穆朗玛峰有多高？")
    trial.get_by_role("button", name="测试").click()
    expect(trial.locator(".judged")).to_contain_text("不会回答")
    expect(trial.locator(".judged")).to_contain_text("门槛 0.875")
    expect(trial.locator("table.scores tbody tr")).not_to_have_count(0)


def test_who_is_no_editor_sees_nothing_of_it(browser: Browser, staff_site: Site) -> None:
    page = KnowledgePage(browser, staff_site, "staff")
    expect(page.page.locator("dialog.sign-in .told")).to_be_visible()
    expect(page.documents.locator("table")).to_have_count(0)
    page.context.close()


def test_every_event_asks_whose_token_it_is(editor: KnowledgePage) -> None:
    """A token that counts no more changes nothing, whatever the page still shows."""
    row = editor.documents.locator("table.documents .names").first
    editor.page.evaluate("fetch('/v1/sessions', {method: 'DELETE', headers: signIn.headers()})")
    editor.page.wait_for_timeout(500)
    row.click()
    expect(editor.page.locator("dialog.sign-in")).to_be_visible()
    expect(editor.documents.locator("table.documents")).to_be_attached()
