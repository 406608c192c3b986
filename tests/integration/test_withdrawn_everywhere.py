"""What an editor withdraws in one process answers nothing in any other within a second: two services on one Chroma server."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.postgres import Postgres
from tests.integration.test_documents_http import FEE, NEW_FEE, QUESTION, Keeping
from tests.service import RunningService, teller, write_documents

FAQ = "问题,答案\n云杉青年信用卡怎么申请？,云杉青年信用卡请在手机银行申请，年满18岁即可。\n"
ASKED = "云杉青年信用卡怎么申请？"
SHARED = {
    "TELLER_SECRET_KEY": "a secret of the test that two services share",
    "TELLER_BANK_URL": "http://127.0.0.1:9",  # no bank is asked here, so none is started
    "TELLER_BANK_KEY": "none",
}


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server of the tests' own."""
    root = tmp_path_factory.mktemp("chroma")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(root / "store")]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with (root / "chroma.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=root, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _wait(url: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{url}/api/v2/heartbeat", trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < end
            time.sleep(0.1)


class Branch:
    """One service of the two, on its own data folder."""

    def __init__(self, root: Path, settings: dict[str, str]) -> None:
        root.mkdir()
        write_documents(root)
        self.root, self.settings = root, settings
        self.service = RunningService(root, **settings)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One new database for both services."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared') / 'teller.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, shared_url: str, chroma: str) -> Iterator[tuple[Branch, Branch]]:
    """Two services on one new database and one Chroma server."""
    root = tmp_path_factory.mktemp("pair")
    # The folder is one for both, as it is where several processes serve.
    shared = SHARED | {
        "TELLER_DATABASE_URL": shared_url,
        "TELLER_CHROMA_URL": chroma,
        "TELLER_KNOWLEDGE_DIR": str(root / "one" / "documents"),
    }
    with ExitStack() as stack:
        both = []
        for name in ("one", "two"):
            branch = Branch(root / name, shared)
            stack.callback(branch.service.end)
            branch.service.wait()
            both.append(branch)
        yield both[0], both[1]


def tells(keeping: Keeping, question: str, what: str) -> bool:
    """Whether an answer says it, or cites what says it."""
    return what in json.dumps(keeping.ask(question)["reply"], ensure_ascii=False)


def test_withdrawn_in_one_process_is_gone_in_all(pair: tuple[Branch, Branch]) -> None:
    one, two = (Keeping(branch.service.http) for branch in pair)
    fee = publish(one, FEE, "年费.txt")
    faq = publish(one, FAQ, "申请.csv")
    for keeping in (one, two):
        assert tells(keeping, QUESTION, "199")
        assert tells(keeping, ASKED, "年满18岁")
        assert ASKED in samples(keeping)
    told = two.ask()["reply"]["citations"][0]

    for document in (fee, faq):
        two.http.delete(f"/v1/documents/{document}", headers=two.headers).raise_for_status()
    gone_at = time.monotonic()
    for keeping in (one, two):
        assert not tells(keeping, QUESTION, "199")
        assert not tells(keeping, ASKED, "年满18岁")
        assert ASKED not in samples(keeping)
        assert keeping.http.get(told["url"]).status_code == 404
        search = keeping.http.post("/v1/search", json={"query": QUESTION, "limit": 50}).json()
        assert not [item for item in search["passages"] if item["document"] in (fee, faq)]
    assert time.monotonic() - gone_at < 5
    beside = teller(pair[0].root, "ask", QUESTION, **pair[0].settings)
    assert (beside.returncode, "199" in beside.stdout) == (0, False)

    one.act(fee, "restore").raise_for_status()
    assert tells(two, QUESTION, "199")
    one.act(fee, "withdraw").raise_for_status()


def test_nothing_withdrawn_is_told_while_both_are_asked_all_the_time(pair: tuple[Branch, Branch]) -> None:
    one, two = (Keeping(branch.service.http) for branch in pair)
    document = publish(one, FEE, "年费.txt")
    asked: list[tuple[float, bool]] = []
    end = time.monotonic() + 6

    def ask(number: int) -> None:
        keeping = (one, two)[number % 2]
        while time.monotonic() < end:
            begun = time.monotonic()
            asked.append((begun, tells(keeping, QUESTION, "199")))

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, number) for number in range(4)]
        time.sleep(2)
        one.http.delete(f"/v1/documents/{document}", headers=one.headers).raise_for_status()
        gone_at = time.monotonic()
        for each in asking:
            each.result()
    before = [told for begun, told in asked if begun < gone_at - 2]
    after = [told for begun, told in asked if begun > gone_at]
    assert (bool(before), all(before)) == (True, True)
    assert (bool(after), any(after)) == (True, False)


def test_two_editors_who_publish_in_two_processes_leave_one_edition_in_force(pair: tuple[Branch, Branch]) -> None:
    one, two = Keeping(pair[0].service.http), Keeping(pair[1].service.http, "editor2")
    document = publish(one, FEE, "年费.txt")
    for round_ in range(3):
        text = NEW_FEE.replace("299", str(300 + round_))
        draft = one.draft(text, document=document)
        with ThreadPoolExecutor(2) as pool:
            publishing = [pool.submit(each.act, document, "publish", edition=draft["draft"]) for each in (one, two)]
            done = [each.result() for each in publishing]
        assert sorted(response.status_code for response in done) == [200, 409]
        for keeping in (one, two):
            assert tells(keeping, QUESTION, str(300 + round_))
    statuses = [edition["status"] for edition in two.get(f"/{document}")["history"]]
    assert statuses == ["published", "superseded", "superseded", "superseded"]
    one.act(document, "withdraw").raise_for_status()


def publish(keeping: Keeping, text: str, name: str) -> str:
    draft: dict[str, Any] = keeping.draft(text, name, audience="customer")
    keeping.act(draft["id"], "publish").raise_for_status()
    return str(draft["id"])


def samples(keeping: Keeping) -> str:
    """What is offered to people who do not know what to ask."""
    started = keeping.http.post("/v1/conversations", json={"audience": "customer"}).json()
    return json.dumps(started["reply"], ensure_ascii=False)
