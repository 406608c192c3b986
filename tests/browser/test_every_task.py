"""Every task from its first word to its end on the customer page, in Chromium, against a bank of each story's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.flow import read_all
from assistant.settings import Settings
from evals import bank
from evals.bank import RunningBank
from evals.evaluators.end_state import found
from tests.browser.chat_page import await_replies, choices, open_page, replies, sign_in
from tests.browser.conftest import Site
from tests.service import RunningService
from tests.stories.story import Said, Story, stories

STORIES = Path(__file__).parents[1] / "stories"


def _first_happy_stories() -> dict[str, Story]:
    """The first happy story of every file, by the file's name."""
    first: dict[str, Story] = {}
    for name, story in stories(STORIES):
        if story.kind == "happy_path":
            first.setdefault(name.partition(":")[0], story)
    return first


FIRST = _first_happy_stories()


class Customer:
    """Someone at the page: what they can do there is what a story's turn may ask of them."""

    def __init__(self, page: Page, teller: RunningService, running: RunningBank, story: Story) -> None:
        self.page, self.teller, self.bank, self.id = page, teller, running, story.customer
        if self.id:
            sign_in(page, self.id)

    def play(self, turn: Said) -> None:
        """Does what the turn says, and waits until the page shows what came of it."""
        before = replies(self.page).count()
        if turn.review:
            if self._review(turn) == "waiting":  # another person must look at it too
                return
        elif turn.sign_in:
            self.id = turn.sign_in
            self.page.locator("#messages").get_by_role("button", name="登录后继续办理").click()
            self.page.get_by_role("dialog").locator(f'[data-customer="{self.id}"]').click()
        elif turn.press:
            choices(self.page).get_by_text(turn.press, exact=True).click()
        else:
            self._type(self._code() if turn.code else turn.say or "")
        await_replies(self.page, before + 1)

    def _type(self, text: str) -> None:
        box = self.page.locator("#box textarea")
        box.fill(text)
        box.press("Enter")

    def _code(self) -> str:
        """The newest code, read from the phone on the page."""
        code = self.page.locator("#phone .code").first
        expect(code).to_have_text(self.bank.code(self.id or ""))
        return code.inner_text()

    def _review(self, turn: Said) -> str:
        """An agent decides on the ticket that the conversation waits for; the page shows it when it is opened again."""
        http = self.teller.http
        kept = json.loads(self.page.evaluate("sessionStorage.getItem('teller.conversation')"))
        place, token = f"/v1/conversations/{kept['id']}", {"Authorization": f"Bearer {kept['token']}"}
        ticket = http.get(place, headers=token).raise_for_status().json()["ticket"]["id"]
        agent = http.post("/v1/sessions", json={"username": turn.by, "password": "demo"}).json()["token"]
        bearer = {"Authorization": f"Bearer {agent}"}
        decision = {"decision": turn.review, "reason": turn.because}
        answer = http.post(f"/v1/tickets/{ticket}/review", json=decision, headers=bearer)
        status = str(answer.raise_for_status().json()["status"])
        if status != "waiting":
            self.page.reload()
        return status


def _as_shown(text: str) -> str:
    """A text of a reply as the page shows it: a list has bullets, and a range has a tilde that strikes nothing out."""
    return text.removeprefix("- ").replace("~", "～")


def _check(page: Page, turn: Said) -> None:
    """Whether the page shows what the story says."""
    last = page.locator("#messages .bot-row .md").last
    for text in turn.reply:
        expect(last).to_contain_text(_as_shown(text))
    for text in turn.not_reply:
        expect(last).not_to_contain_text(_as_shown(text))
    for label in turn.choices:
        expect(choices(page).get_by_text(label, exact=True)).to_be_visible()


def test_every_task_has_a_story_to_play() -> None:
    assert set(FIRST) == set(read_all(Settings().flows_dir))


@pytest.mark.parametrize("task", FIRST)
def test_task_on_the_page(
    task: str, browser: Browser, teller: RunningService, template: Path, door: int, tmp_path: Path
) -> None:
    story = FIRST[task]
    with (
        bank.running(template, tmp_path / "bank", port=door) as running,
        browser.new_context(locale=story.locale, viewport={"width": 360, "height": 740}) as context,
    ):
        page = open_page(context.new_page(), Site(teller.address, teller.root / "data"))
        customer = Customer(page, teller, running, story)
        for turn in story.turns:
            customer.play(turn)
            _check(page, turn)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        expect(page.locator("#task")).not_to_be_visible()
        record = running.record(customer.id) if customer.id else {}
        for path, wanted in story.bank.items():
            assert found(record, path) == wanted, path
