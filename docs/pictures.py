"""Takes the pictures in docs/pictures/ anew: `python docs/pictures.py [NAME...]`, with what `pip install '.[dev]'` and Debian's chromium bring."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.settings import load
from evals.served import served

_FOLDER = Path(__file__).parent / "pictures"
_DESK, _PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
_ASKED = (
    "白金卡年费多少",
    "三年定期利率是多少",
    "手机银行转账收费吗",
    "能买比特币吗",
    "存款保险最高赔多少",
    "公积金能提取吗",
)


class Camera:
    """A browser at a service of its own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self.address = address

    def page(self, path: str, size: Mapping[str, int] = _DESK, locale: str = "zh-CN", *, dark: bool = False) -> Page:
        """A page of somebody new."""
        scheme = "dark" if dark else "light"
        context = self._browser.new_context(viewport=size, locale=locale, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{self.address}{path}")
        return page


def _say(page: Page, text: str) -> None:
    """On the chat page; returns when the whole reply is there."""
    before = page.locator("#messages .by-ai").count()
    page.locator("#box textarea").fill(text)
    page.locator("#box textarea").press("Enter")
    page.wait_for_function("count => document.querySelectorAll('#messages .by-ai').length > count", arg=before)
    page.wait_for_timeout(600)


def _signed_in(page: Page, customer: str) -> None:
    page.locator("#account button.account").click()
    page.locator(f'.customers button[data-customer="{customer}"]').click()
    page.locator("#account button.in").wait_for()
    page.wait_for_timeout(600)


def _entered(page: Page, name: str) -> None:
    """At a page of the bank's own people."""
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("demo")
    page.keyboard.press("Enter")


def _chat(camera: Camera, size: Mapping[str, int], locale: str, *asked: str, dark: bool = False) -> Page:
    page = camera.page("/", size, locale, dark=dark)
    page.locator("#messages .by-ai").first.wait_for()
    for text in asked:
        _say(page, text)
    return page


def _chat_in_chinese(camera: Camera) -> Page:
    return _chat(camera, _DESK, "zh-CN", "白金卡年费多少", "三年定期利率是多少")


def _task(camera: Camera) -> Page:
    page = _chat(camera, _DESK, "zh-CN")
    _signed_in(page, "c1001")
    _say(page, "我要换手机号")
    _say(page, _code(camera))
    _say(page, "16100001234")
    _say(page, _code(camera))
    return page


def _code(camera: Camera) -> str:
    """The last code that was sent to the customer of the demo bank who is signed in."""
    codes = httpx.get(f"{camera.address}/v1/demo/customers/c1001/codes", trust_env=False).raise_for_status().json()
    return str(codes[0]["code"])


def _chat_in_english(camera: Camera) -> Page:
    return _chat(camera, _DESK, "en-GB", "How much is the annual fee of the platinum card?", "I lost my card")


def _dark_phone(camera: Camera) -> Page:
    return _chat(camera, _PHONE, "zh-CN", "三年定期利率是多少", dark=True)


def _elder_phone(camera: Camera) -> Page:
    page = _chat(camera, _PHONE, "zh-CN")
    _signed_in(page, "c1002")
    _say(page, "我的卡丢了")
    return page


def _form(camera: Camera) -> Page:
    page = _chat(camera, _DESK, "zh-CN", "我要投诉")
    page.locator("#messages .option", has_text="网点服务").last.click()
    page.locator("#form .fields").wait_for()
    page.locator(".fields [name=what_happened]").fill("11月20日上午在西溪支行办业务，排队两个小时没有人解释原因。")
    page.locator(".fields [name=wish]").fill("请说明原因，并改进叫号安排。")
    page.wait_for_timeout(600)
    return page


def _widget(camera: Camera) -> Page:
    page = camera.page("/widget-demo")
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="打开客服对话").click()
    frame = page.frame_locator("iframe")
    frame.locator("article.assistant .foot").first.wait_for()
    frame.locator("#text").fill("白金卡年费多少")
    frame.locator("#text").press("Enter")
    frame.locator("article.assistant .foot").nth(1).wait_for()
    page.wait_for_timeout(600)
    return page


def _figures(camera: Camera) -> Page:
    with httpx.Client(base_url=camera.address, timeout=60, trust_env=False) as http:
        for number in range(24):
            _talked(http, number)
    page = camera.page("/qa#figures")
    _entered(page, "qa")
    page.locator(".figures > .cards").wait_for()
    page.wait_for_timeout(600)
    return page


def _desk(camera: Camera) -> Page:
    with httpx.Client(base_url=camera.address, timeout=60, trust_env=False) as http:
        for customer, asked in (
            ("c1003", "三年定期利率是多少"),
            ("c1001", "白金卡年费多少"),
            ("c1002", "有人冒充公安让我转账，我被骗了"),
        ):
            _waits(http, customer, asked)
    page = camera.page("/desk", {"width": 1440, "height": 900})
    page.locator("input[name=name]").fill("agent")
    page.locator("input[name=password]").fill("demo")
    page.keyboard.press("Enter")
    page.locator(".next:not([disabled])").click()
    page.locator("form.ask textarea").fill("您好，请先不要再转账。我马上帮您核实，")
    page.wait_for_timeout(1_000)
    return page


def _waits(http: httpx.Client, customer: str, asked: str) -> None:
    """A customer who is signed in asks something, and then for a person."""
    session = http.post(f"/v1/demo/customers/{customer}/session").raise_for_status().json()
    known = {"Authorization": f"Bearer {session['token']}"}
    begun = http.post("/v1/conversations", json={}, headers=known).raise_for_status().json()
    own = {"Authorization": f"Bearer {begun['token']}"}
    for text in (asked, "转人工"):
        http.post(f"/v1/conversations/{begun['id']}/turns", json={"text": text}, headers=own).raise_for_status()


def _staff(camera: Camera) -> Page:
    page = camera.page("/staff#chat")
    _entered(page, "staff")
    page.locator("#messages .by-ai, #messages .bot-row").first.wait_for()
    page.locator("#box textarea").fill("客户手上有30万，想要稳健，推荐什么")
    page.locator("#box textarea").press("Enter")
    page.wait_for_timeout(4_000)
    return page


def _talked(http: httpx.Client, number: int) -> None:
    """One of a day's conversations."""
    begun = http.post("/v1/conversations", json={}).raise_for_status().json()
    own = {"Authorization": f"Bearer {begun['token']}"}
    for text in (
        _ASKED[number % len(_ASKED)],
        *(["我要换手机号"] if number % 4 == 0 else []),
        *(["转人工"] if number % 8 == 0 else []),
    ):
        turn = http.post(f"/v1/conversations/{begun['id']}/turns", json={"text": text}, headers=own).raise_for_status()
    if number % 3 == 0:
        rated = {"turn": turn.json()["id"], "rating": "up" if number % 9 else "down"}
        http.post(f"/v1/conversations/{begun['id']}/feedback", json=rated, headers=own).raise_for_status()


def _knowledge(camera: Camera) -> Page:
    page = camera.page("/knowledge")
    _entered(page, "editor")
    page.locator("section.pane table, section.pane li").first.wait_for()
    page.wait_for_timeout(800)
    return page


_TAKEN: Mapping[str, Callable[[Camera], Page]] = {
    "chat": _chat_in_chinese,
    "chat-en": _chat_in_english,
    "task": _task,
    "phone-dark": _dark_phone,
    "phone-elder": _elder_phone,
    "form": _form,
    "widget": _widget,
    "figures": _figures,
    "knowledge": _knowledge,
    "desk": _desk,
    "staff": _staff,
}


def main(names: list[str]) -> None:
    """All of them, or those that are named."""
    settings: Any = load()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        mine = settings.model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        with served(mine, mine.knowledge_dir) as running:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
            camera = Camera(browser, running.address)
            for name in names or _TAKEN:
                _TAKEN[name](camera).screenshot(path=_FOLDER / f"{name}.png")
                sys.stdout.write(f"{name}.png\n")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
