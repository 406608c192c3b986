"""Showing pictures for a check on the customer chat page, in Chromium, over a real service with a video call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evals import bank
from evals.bank import RunningBank
from tests.browser.chat_page import ask, open_page, sign_in
from tests.browser.conftest import Site
from tests.service import RunningService, write_documents
from tests.unit.test_photo import picture, written

VIDEO = "https://video.bank.example/{ticket}"


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory, door: int) -> Iterator[RunningService]:
    """The service of a bank that has a video call."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    address = f"http://127.0.0.1:{door}"
    running = RunningService(root, TELLER_BANK_URL=address, TELLER_BANK_KEY=bank.KEY, TELLER_VIDEO_URL=VIDEO)
    try:
        running.wait()
        yield running
    finally:
        running.end()


@pytest.fixture
def running(template: Path, door: int, tmp_path: Path) -> Iterator[RunningBank]:
    with bank.running(template, tmp_path / "bank", port=door) as opened:
        yield opened


@pytest.fixture(params=[(360, 740), (1280, 800)], ids=["phone", "desktop"])
def page(
    request: pytest.FixtureRequest, browser: Browser, teller: RunningService, running: RunningBank
) -> Iterator[Page]:
    width, height = request.param
    with browser.new_context(locale="zh-CN", viewport={"width": width, "height": height}) as context:
        yield open_page(context.new_page(), Site(teller.address, teller.root / "data"))


def wait_for_review(page: Page, running: RunningBank) -> None:
    sign_in(page, "c1007")
    ask(page, "重置借记卡取款密码")
    ask(page, running.code("c1007"))
    ask(page, "第一张")
    expect(page.locator(".pictures")).to_have_count(0)
    expect(ask(page, "忘了")).to_contain_text("已提交")


def test_photos_are_sent_and_seen_until_the_check_is_over(
    page: Page, running: RunningBank, teller: RunningService, tmp_path: Path
) -> None:
    wait_for_review(page, running)
    panel = page.locator(".pictures")
    expect(panel).to_contain_text("上传证件照片")
    expect(panel).to_contain_text("仅供核验，30天后删除")
    for link in (panel.locator("a.call"), page.locator("#messages a.way-out")):
        expect(link).to_have_text("进入视频核验")
        assert (link.get_attribute("href") or "").startswith("https://video.bank.example/")
    for number, name in enumerate(("身份证正面.png", "身份证背面.png"), start=1):
        (tmp_path / name).write_bytes(written(picture(), "PNG"))
        panel.locator("input").set_input_files(tmp_path / name)
        expect(panel.locator("img")).to_have_count(number)
        expect(page.locator("#messages .user-row").last).to_contain_text(f"[图片] {name}")
    page.wait_for_function("[...document.querySelectorAll('.pictures img')].every(one => one.naturalWidth === 320)")
    (tmp_path / "证件.jpg").write_bytes(b"no photo")
    panel.locator("input").set_input_files(tmp_path / "证件.jpg")
    expect(page.locator("#notice")).to_contain_text("这个文件不是能打开的照片")
    expect(panel.locator("img")).to_have_count(2)
    expect(panel.locator(".busy")).to_have_count(0)
    expect(page.locator("#messages .bot-row").last.locator(".offered")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    expect(panel.locator("img")).to_have_count(2)
    session = teller.http.post("/v1/sessions", json={"username": "agent", "password": "demo"}).json()
    bearer = {"Authorization": f"Bearer {session['token']}"}
    [waiting] = teller.http.get("/v1/tickets", params={"status": "waiting"}, headers=bearer).json()
    decision = f"/v1/tickets/{waiting['id']}/review"
    teller.http.post(decision, json={"decision": "approved"}, headers=bearer).raise_for_status()
    expect(page.locator("#messages .bot-row").last).to_contain_text("确认重置吗")
    expect(panel).to_have_count(0)


def test_gradios_own_upload_stays_closed(teller: RunningService) -> None:
    answer = teller.http.post("/gradio_api/upload", files={"files": ("a.png", written(picture(), "PNG"))})
    assert answer.status_code == 413
