"""A run's report in Chromium, from a file and without a network: found, filtered, opened, read in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from evals.reports import written
from tests import made_report


class ReportPage:
    """A report that is open, and all that it asked for or complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = 1440) -> None:
        self.context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900}, offline=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(5_000)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._refuse)
        self.page.goto(path.as_uri())

    def _refuse(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def case(self, name: str) -> Locator:
        return self.page.locator("details.case", has=self.page.locator(".meta .code", has_text=name))

    @property
    def ids(self) -> list[str]:
        return self.page.locator("details.case > summary .meta .code").all_inner_texts()

    def choose(self, field: str, value: str) -> None:
        self.page.locator(f"#filter [name={field}]").select_option(value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(made_report.kept(tmp_path), tmp_path)


@pytest.fixture
def report(browser: Browser, file: Path) -> Iterator[ReportPage]:
    opened = ReportPage(browser, file)
    yield opened
    opened.context.close()
    assert opened.asked == [file.as_uri()]
    assert opened.complaints == []


def test_cases_are_filtered_and_searched(report: ReportPage) -> None:
    assert report.ids == ["markup", "phone", "steady", "nobody", "fee", "hours"]

    report.choose("show", "wrong")
    assert report.ids == ["markup", "phone", "steady"]
    report.choose("suite", "tasks")
    assert report.ids == ["phone"]
    report.choose("suite", "knowledge")
    report.choose("show", "all")
    report.choose("group", "网点")
    assert report.ids == ["hours"]

    report.choose("suite", "")
    report.page.locator("#filter [name=find]").fill("请到网点兑换")
    expect(report.page.locator("#count")).to_contain_text("共 1 例")
    assert report.ids == ["steady"]
    report.page.locator("#filter [name=find]").fill("白金卡产品说明")
    expect(report.page.locator("#count")).to_contain_text("共 4 例")
    assert report.ids == ["markup", "steady", "fee", "hours"]
    report.page.locator("#filter [name=find]").fill("没有这句话")
    expect(report.page.locator("#list")).to_contain_text("没有符合条件的用例。")


def test_what_turned_wrong_since_the_earlier_run_is_one_click_away(report: ReportPage) -> None:
    report.page.locator("[data-show=turned_wrong]").click()

    assert report.ids == ["markup"]
    expect(report.case("markup").locator(".meta")).to_contain_text("上次对")


def test_a_case_tells_what_it_rests_on_and_why_it_is_wrong(report: ReportPage) -> None:
    case = report.case("markup")
    case.locator("> summary").click()

    expect(case.locator(".said").first).to_have_text(made_report.SCRIPT)
    expect(case.locator(".reply").first).to_contain_text(made_report.SCRIPT)
    expect(case.locator("tr", has_text="要点").first).to_contain_text("没有说“880元”")
    case.locator(".turn details > summary").first.click()
    passage = case.locator(".passage.hit").first
    expect(passage).to_contain_text("0.8123")
    expect(passage).to_contain_text("正确出处")
    expect(passage).to_contain_text("白金卡产品说明 › 年费")
    expect(passage.locator("p")).to_contain_text("</script>段落")


def test_the_end_state_and_what_has_no_score_are_told(report: ReportPage) -> None:
    report.case("phone").locator("> summary").click()
    expect(report.case("phone").locator("td.bad", has_text="✗ 138")).to_be_visible()

    report.choose("show", "unscored")
    expect(report.case("nobody").locator(".fault")).to_contain_text("无法读取银行记录")


def test_the_other_language_is_one_click_away_and_what_is_open_follows(report: ReportPage) -> None:
    report.case("markup").locator("> summary").click()
    expect(report.page.locator("h1 .zh")).to_have_text("数字员工测评报告")
    expect(report.page.locator("h1 .en")).to_be_hidden()
    chart = report.page.locator("#overview svg text:has(.zh)").first
    expect(chart.locator(".zh")).to_be_visible()

    report.page.locator("#switch").click()

    expect(report.page.locator("h1 .en")).to_be_visible()
    expect(report.page.locator("h1 .zh")).to_be_hidden()
    expect(report.page.locator("details.case .en", has_text="What must be true")).to_be_visible()
    expect(report.page.locator("#filter [name=show] option").first).to_have_text("All")
    expect(chart.locator(".zh")).to_be_hidden()


def test_on_a_telephone_nothing_runs_out_of_the_page(browser: Browser, file: Path) -> None:
    opened = ReportPage(browser, file, width=390)
    for summary in opened.page.locator("details.case > summary").all():
        summary.click()

    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    opened.context.close()
