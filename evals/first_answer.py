"""How soon an answer is on the customer's screen: the widget in a browser against the service's own first words."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from assistant import bootstrap
from assistant.settings import load
from evals.report import Case, SuiteResult
from evals.served import served
from evals.statistics import exact

_QUESTIONS = (
    "白金卡年费多少", "三年定期利率是多少", "手机银行转账收费吗", "怎么挂失", "网点几点开门", "怎么投诉", "信用卡最长免息多少天",
    "存款保险最高赔多少", "青年卡年费多少", "怎么开户",
)  # fmt: skip
_ROUNDS = 3
_FACTOR, _SLACK_MS = 1.5, 150
"""On screen within so many times the service's time, and so many milliseconds more for the browser."""
# Notes when the last reply's first words are there: a frame that is painted, not an event that is heard.
_WATCH = """question => new Promise(done => {
  const count = document.querySelectorAll("article.assistant").length, box = document.getElementById("text");
  box.value = question;
  const began = performance.now();
  document.getElementById("say").requestSubmit();
  const look = () => {
    const all = document.querySelectorAll("article.assistant");
    const there = all.length > count && all[all.length - 1].querySelector("p:not(.who), ul, table, div.table");
    there ? done(performance.now() - began) : requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


class NoBrowser(Exception):
    """This suite needs Playwright and Chromium: pip install '.[dev]', and Debian's package chromium."""


def run() -> SuiteResult:
    """Milliseconds until the first words, on screen and from the service, question by question in turns."""
    bootstrap.go_offline()
    with tempfile.TemporaryDirectory() as scratch:
        settings = load().model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        with served(settings, settings.knowledge_dir) as running:
            pairs = _measured(running.address)
    seen, sent = np.array(pairs).T
    late = [
        Case(question, "turn", f"within {_FACTOR} x {theirs:.0f} + {_SLACK_MS} ms", f"{shown:.0f} ms")
        for question, (shown, theirs) in zip(_QUESTIONS * _ROUNDS, pairs, strict=True)
        if shown > _FACTOR * theirs + _SLACK_MS
    ]
    scores = {
        "answers": exact(len(pairs)),
        "on screen, median ms": exact(float(np.median(seen))),
        "on screen, p95 ms": exact(float(np.quantile(seen, 0.95))),
        "from the service, median ms": exact(float(np.median(sent))),
        "from the service, p95 ms": exact(float(np.quantile(sent, 0.95))),
        "on screen in time": exact(1 - len(late) / len(pairs)),
    }
    return SuiteResult("first_answer", len(pairs), len(pairs), scores, late)


def _measured(address: str) -> list[tuple[float, float]]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowser(NoBrowser.__doc__) from error
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NoBrowser(NoBrowser.__doc__)
    with sync_playwright() as playwright, httpx.Client(base_url=address, timeout=30, trust_env=False) as http:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{address}/widget")
        page.locator("article.assistant .foot").wait_for()
        ask = _conversation(http)
        for question in _QUESTIONS:  # whatever is slow the first time alone
            ask(question), page.evaluate(_WATCH, question)
            page.wait_for_timeout(100)
        pairs = []
        for question in _QUESTIONS * _ROUNDS:
            theirs = ask(question)
            page.wait_for_function("!document.querySelector('#say button:disabled')")
            pairs.append((float(page.evaluate(_WATCH, question)), theirs))
        browser.close()
    return pairs


def _conversation(http: httpx.Client) -> Any:
    begun = http.post("/v1/conversations", json={}).raise_for_status().json()
    headers = {"Authorization": f"Bearer {begun['token']}", "Accept": "text/event-stream"}

    def ask(question: str) -> float:
        """Milliseconds until the first words."""
        started, first = time.perf_counter(), 0.0
        with http.stream(
            "POST", f"/v1/conversations/{begun['id']}/turns", json={"text": question}, headers=headers
        ) as got:
            for line in got.iter_lines():
                if not first and line.startswith("event: "):
                    first = time.perf_counter() - started
        return 1000 * first

    return ask
