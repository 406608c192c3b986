"""Nothing personal is in anything that a model's server is sent; and without a model no server is sent anything.

The whole service is run as a bank runs it, with a server in the model's place that keeps every request.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from evals import model_server
from evals.model_behaviour import Behaviour, Sent, smallest
from evals.model_server import ModelServer
from tests.service import QUESTION, RunningService, write_documents

NAME = "林晓雯"
PERSONAL = {
    "mobile": "13800138000",
    "new mobile": "13900139077",
    "mobile with spaces": "137 0013 7000",
    "wide mobile": "１３６００１３６０００",
    "resident ID": "11010519900307123X",
    "card": "6222021234567890123",
    "card with spaces": "6228 4804 0256 4890 018",
    "mail": "lin.xiaowen@example.com",
    "name": NAME,
    "password": "839264",
    "number for the colleague": "13500135000",
}
SAID = (
    QUESTION,
    f"我叫{NAME}，手机{PERSONAL['mobile']}，身份证{PERSONAL['resident ID']}，云杉白金信用卡年费是多少？",
    f"我的卡{PERSONAL['card']}和{PERSONAL['card with spaces']}年费多少",
    f"白金卡免年费的条件发到{PERSONAL['mail']}可以吗，或打{PERSONAL['mobile with spaces']}、{PERSONAL['wide mobile']}",
    f"密码是{PERSONAL['password']}，怎么开户",
    f"月球上有你们的网点吗，请回{PERSONAL['mobile']}",
    "我想弄一下手机号的事",
    "那个东西要多少钱",
)
PATIENCE = 30.0


def spoken(sent: Sent) -> str:
    """What a model that minds the rules says: lines again, the first passage, or the smallest object of the shape."""
    if sent.shape is not None:
        return json.dumps(smallest(sent.shape), ensure_ascii=False)
    if sent.user.startswith("记录"):
        lines = re.findall(r"^\[([0-9]+)\] (.+)$", sent.user, re.MULTILINE)
        size = -(-len(lines) // 4)
        parts = [lines[start : start + size] for start in range(0, len(lines), size)]
        return "".join(
            "，".join(t.strip("。").replace("。", "，") for _, t in part) + "".join(f"[{n}]" for n, _ in part) + "。"
            for part in parts
        )
    passage = re.search(r"^\[1\][^\n]*\n([^\n。]+)。", sent.user, re.MULTILINE)
    return f"{passage.group(1)}[1]。" if passage else "[0]"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server.running(Behaviour(text=spoken)) as server:
        yield server


@pytest.fixture(scope="module")
def bank(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service with its demo bank, and the model."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(
        root,
        TELLER_LLM_BASE_URL=model.url,
        TELLER_LLM_MODEL="large",
        TELLER_LLM_SMALL_MODEL="small",
        TELLER_LLM_CHECK_SUPPORT="true",
    )
    try:
        running.wait()
        yield running
    finally:
        running.end()


class Talk:
    """One conversation over HTTP."""

    def __init__(self, service: RunningService, bearer: str | None, **begun: str) -> None:
        self.http = service.http
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = self.http.post("/v1/conversations", json=begun, headers=headers).raise_for_status().json()
        self.place = f"/v1/conversations/{answer['id']}"
        self.token = {"Authorization": f"Bearer {answer['token']}"}

    def say(self, text: str, stream: bool = False) -> dict[str, Any]:
        headers = self.token | ({"Accept": "text/event-stream"} if stream else {})
        answer = self.http.post(f"{self.place}/turns", json={"text": text}, headers=headers).raise_for_status()
        found: dict[str, Any] = {} if stream else answer.json()
        return found

    def ticket(self) -> str:
        return str(self.http.get(self.place, headers=self.token).raise_for_status().json()["ticket"]["id"])


def signed_in(service: RunningService, name: str) -> str:
    answer = service.http.post("/v1/sessions", json={"username": name, "password": "demo"})
    return str(answer.raise_for_status().json()["token"])


def customer(service: RunningService, name: str) -> str:
    return str(service.http.post(f"/v1/demo/customers/{name}/session").raise_for_status().json()["token"])


def codes(service: RunningService) -> list[str]:
    found = service.http.get("/v1/demo/customers/c1001/codes").raise_for_status().json()
    return [str(one["code"]) for one in found]


def works_on(service: RunningService, ticket: str) -> dict[str, Any]:
    """What an agent sees in the end, who took the ticket, wrote, noted, passed it on and looked until a model had worded all."""
    bearer = {"Authorization": f"Bearer {signed_in(service, 'agent')}"}
    place = f"/v1/tickets/{ticket}"

    def post(what: str, **body: str) -> None:
        service.http.post(f"{place}/{what}", json=body or None, headers=bearer).raise_for_status()

    post("claim")
    post("messages", text=f"{NAME}女士您好，请确认手机{PERSONAL['mobile']}")
    post("notes", text=f"客户{NAME}，{PERSONAL['mobile']}")
    post("transfer", skill="general", note=f"请回电{PERSONAL['number for the colleague']}")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        seen: dict[str, Any] = {}
        for language in ("en", "zh"):
            seen = service.http.get(place, params={"language": language}, headers=bearer).raise_for_status().json()
        if seen["polished"] and any(one["worded"] for one in seen["suggestions"]):
            break
        time.sleep(0.1)
    return seen


@pytest.fixture(scope="module")
def sent(bank: RunningService, model: ModelServer) -> dict[str, Any]:
    """Everything that was sent while customers, colleagues and agents said all that they should not; and what the agent saw."""
    known = Talk(bank, customer(bank, "c1001"))
    for text in SAID:
        known.say(text)
    known.say(SAID[1], stream=True)
    known.say("我要换手机号")
    used = codes(bank)[0]
    known.say(used)
    known.say(f"新号码是{PERSONAL['new mobile']}")
    known.say(f"啊？{PERSONAL['new mobile']}不对吗，我是{NAME}")
    second = codes(bank)[0]
    known.say("云杉白金信用卡年费多少？")
    known.say(f"我叫{NAME}，{PERSONAL['mobile']}，转人工")
    seen = works_on(bank, known.ticket())
    stranger = Talk(bank, None)
    for text in SAID:
        stranger.say(text)
    colleague = Talk(bank, signed_in(bank, "staff"), audience="staff")
    for text in (
        f"客户{NAME}，手机{PERSONAL['mobile']}，问云杉白金信用卡佣金多少",
        f"我叫{NAME}，{PERSONAL['resident ID']}，白金卡年费怎么说",
    ):
        colleague.say(text)
    client = {"model": "teller", "messages": [{"role": "user", "content": SAID[1]}]}
    bank.http.post("/v1/chat/completions", json=client).raise_for_status()
    return {"requests": [*model.requests], "seen": seen, "codes": [used, second]}


def test_models_were_asked_for_all_that_they_are_there_for(sent: dict[str, Any]) -> None:
    said = [json.dumps(one.body, ensure_ascii=False) for one in sent["requests"]]
    for marks in (
        "只依据给出的编号资料回答",
        "交接摘要",
        "判断银行客户最后一句话",
        "改写成一个能单独看懂",
        "核对一句话是否有依据",
    ):
        assert any(marks in one for one in said), marks
    assert sent["seen"]["polished"]
    assert "变更预留手机号" in sent["seen"]["polished"]


def forms(value: str) -> set[str]:
    """The ways in which a value could have been sent."""
    narrow = "".join(chr(ord(one) - 0xFEE0) if 0xFF10 <= ord(one) <= 0xFF19 else one for one in value)
    return {value, narrow, narrow.replace(" ", ""), narrow.lower()}


def test_nothing_personal_was_sent(sent: dict[str, Any]) -> None:
    for request in sent["requests"]:
        whole = json.dumps([request.path, dict(request.headers), dict(request.body)], ensure_ascii=False)
        told = [what for what, value in PERSONAL.items() if any(form in whole for form in forms(value))]
        assert told == [], whole


def test_no_code_was_sent(sent: dict[str, Any]) -> None:
    whole = "\n".join(json.dumps(dict(one.body), ensure_ascii=False) for one in sent["requests"])
    assert [code for code in sent["codes"] if code in whole] == []


def test_the_banks_own_documents_were_sent_as_they_stand(sent: dict[str, Any]) -> None:
    assert any("云杉白金信用卡主卡年费为每年3600元。" in one.user for one in sent["requests"])


class Trap:
    """A door at which nobody may knock."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(0.1)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.knocks: list[bytes] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                visitor, _address = self._door.accept()
            except TimeoutError:
                continue
            with visitor:
                visitor.settimeout(1)
                self.knocks.append(b"somebody")
                with suppress(OSError):
                    self.knocks[-1] = visitor.recv(1_000)

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._door.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.close()


def test_without_a_model_no_connection_is_tried(trap: Trap, tmp_path: Path) -> None:
    """Whatever the environment of the process names, as other programs' settings for models and ways out do."""
    write_documents(tmp_path)
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    elsewhere = dict.fromkeys(proxies, trap.url)
    models = {"OPENAI_BASE_URL": f"{trap.url}/v1", "OPENAI_API_BASE": f"{trap.url}/v1", "OPENAI_API_KEY": "a key"}
    running = RunningService(tmp_path, NO_PROXY="", no_proxy="", **elsewhere, **models)
    try:
        running.wait()
        known = Talk(running, customer(running, "c1001"))
        for text in (*SAID, "我叫林晓雯，转人工"):
            known.say(text)
        bearer = {"Authorization": f"Bearer {signed_in(running, 'agent')}"}
        seen = running.http.get(f"/v1/tickets/{known.ticket()}", headers=bearer).raise_for_status().json()
        assert seen["summary"]
        assert seen["polished"] is None
    finally:
        running.end()
    assert trap.knocks == []
