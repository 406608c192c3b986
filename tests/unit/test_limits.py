"""What is too much is refused before it reaches the service, and told when to come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import StreamingResponse
from starlette.types import Message, Scope

from assistant.pace import TooFast
from assistant.settings import Settings
from ui import client_address, problem
from ui.headers import SecurityHeaders
from ui.limits import Limits
from ui.request_body import MOST_BYTES, RequestBody


def served(**limits: Any) -> FastAPI:
    app = FastAPI()
    problem.install(app)
    app.add_middleware(RequestBody, seconds=0.3)
    app.add_middleware(Limits, settings=Settings(**limits))
    app.add_middleware(SecurityHeaders, framing=["https://www.bank.example"])

    @app.get("/healthz")
    def health() -> str:
        return "ok"

    @app.post("/v1/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/v1/live")
    async def live() -> StreamingResponse:
        async def words() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"

        return StreamingResponse(words(), media_type="text/event-stream")

    return app


@pytest.fixture
def http() -> Iterator[TestClient]:
    with TestClient(served()) as client:
        yield client


def scope(client: str, *forwarded: str) -> Scope:
    return {"type": "http", "client": (client, 1), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}


class TestHowOften:
    def test_an_address_is_refused_with_when_to_come_again(self) -> None:
        with TestClient(served(calls_per_address=3)) as http:
            statuses = [http.post("/v1/echo").status_code for _ in range(5)]
            refused = http.post("/v1/echo")
        assert statuses == [200, 200, 200, 429, 429]
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["retry-after"] in refused.json()["detail"]

    def test_health_is_always_answered(self) -> None:
        with TestClient(served(calls_per_address=1)) as http:
            assert {http.get("/healthz").status_code for _ in range(20)} == {200}

    def test_one_key_is_refused_and_another_is_not(self) -> None:
        with TestClient(served(calls_per_key=2)) as http:
            mine, other = {"Authorization": "Bearer a"}, {"Authorization": "Bearer b"}
            assert [http.post("/v1/echo", headers=mine).status_code for _ in range(3)] == [200, 200, 429]
            assert http.post("/v1/echo", headers=other).status_code == 200


class TestStreams:
    def hold(self, app: Limits, address: str) -> tuple[asyncio.Task[None], list[Message]]:
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits so long")

        async def send(message: Message) -> None:
            sent.append(message)

        path = {"path": "/v1/conversations/a/live", "method": "GET", "scheme": "http", "query_string": b""}
        return asyncio.create_task(app({**scope(address), **path}, receive, send)), sent

    def statuses(self, addresses: list[str], **limits: Any) -> list[int | None]:
        """What each of these is told, opened one after the other while those before stay open; nothing is an open stream."""

        async def open_ended(_scope: Scope, receive: Any, _send: Any) -> None:
            await receive()

        async def play() -> list[int | None]:
            app = Limits(open_ended, Settings(**limits))
            held = []
            for address in addresses:
                held.append(self.hold(app, address))
                await asyncio.sleep(0.01)
            told = [next((message["status"] for message in sent if "status" in message), None) for _, sent in held]
            for task, _ in held:
                task.cancel()
            await asyncio.gather(*(task for task, _ in held), return_exceptions=True)
            assert not app._open
            return told

        return asyncio.run(play())

    def test_one_address_holds_no_more_than_its_share(self) -> None:
        assert self.statuses(["1.1.1.1"] * 3 + ["2.2.2.2"], streams_per_address=2) == [None, None, 429, None]

    def test_the_process_holds_no_more_than_it_can(self) -> None:
        assert self.statuses(["1.1.1.1", "2.2.2.2", "3.3.3.3"], streams=2) == [None, None, 503]

    def test_a_stream_that_ended_makes_room(self) -> None:
        with TestClient(served(streams_per_address=1)) as http:
            assert {http.get("/v1/live").status_code for _ in range(3)} == {200}


class TestBodies:
    def test_a_body_that_is_too_long_is_refused_by_its_own_word(self, http: TestClient) -> None:
        assert http.post("/v1/echo", content=b"x" * (MOST_BYTES + 1)).status_code == 413

    def test_a_body_without_a_length_is_read_no_further_than_it_may_be_long(self, http: TestClient) -> None:
        read = 0

        def pieces() -> Iterator[bytes]:
            nonlocal read
            for _ in range(64):
                read += 1
                yield b"x" * (MOST_BYTES // 8)

        refused = http.post("/v1/echo", content=pieces())
        assert refused.status_code == 413
        assert "1024 KiB" in refused.json()["detail"]

    def test_a_body_within_the_limit_is_read(self, http: TestClient) -> None:
        assert http.post("/v1/echo", content=b"x" * MOST_BYTES).json() == MOST_BYTES

    def test_a_body_that_does_not_come_is_given_up(self) -> None:
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.sleep(5)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        call = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/echo",
            "raw_path": b"/v1/echo",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
            "client": ("1.1.1.1", 1),
            "server": ("service", 80),
        }
        asyncio.run(served()(call, receive, send))
        assert sent[0]["status"] == 408


class TestWhoseCall:
    PROXIES = (ip_network("10.0.0.0/8"),)

    def test_nobody_is_believed_by_default(self) -> None:
        assert client_address.of(scope("1.1.1.1", "9.9.9.9"), ()) == "1.1.1.1"

    def test_a_trusted_proxy_tells_who_called_it(self) -> None:
        assert client_address.of(scope("10.0.0.2", "9.9.9.9"), self.PROXIES) == "9.9.9.9"

    def test_what_the_caller_itself_put_in_front_is_not_believed(self) -> None:
        assert client_address.of(scope("10.0.0.2", "7.7.7.7, 9.9.9.9"), self.PROXIES) == "9.9.9.9"

    def test_several_proxies_are_passed_over(self) -> None:
        assert client_address.of(scope("10.0.0.2", "9.9.9.9, 10.3.0.1"), self.PROXIES) == "9.9.9.9"

    @pytest.mark.parametrize("nonsense", ["", "unknown", "1.1.1.1:80:x", "x" * 10_000])
    def test_nonsense_is_one_caller(self, nonsense: str) -> None:
        assert client_address.of(scope("10.0.0.2", nonsense), self.PROXIES) in ("unknown", "10.0.0.2")

    def test_a_network_of_version_six_is_one_caller(self) -> None:
        one, other = (client_address.of(scope(f"2001:db8::{end}"), ()) for end in ("1", "2"))
        assert one == other != client_address.of(scope("2001:db8:0:1::1"), ())

    def test_a_version_four_address_is_the_same_however_written(self) -> None:
        assert client_address.of(scope("::ffff:1.2.3.4"), ()) == "1.2.3.4"


class TestHeaders:
    def test_pages_and_calls_tell_browsers_what_to_allow(self, http: TestClient) -> None:
        page, call = http.get("/").headers, http.post("/v1/echo").headers
        assert "frame-ancestors 'self' https://www.bank.example" in page["content-security-policy"]
        assert call["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        for headers in (page, call):
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "strict-transport-security" not in headers

    def test_over_tls_browsers_are_told_to_stay_there(self) -> None:
        with TestClient(served(), base_url="https://testserver") as http:
            assert http.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"

    def test_a_refusal_has_them_too(self) -> None:
        with TestClient(served(calls_per_address=1)) as http:
            http.post("/v1/echo")
            assert http.post("/v1/echo").headers["x-content-type-options"] == "nosniff"


def test_a_message_too_soon_is_told_when_to_come_again() -> None:
    app = served()

    @app.get("/v1/soon")
    def soon() -> None:
        raise TooFast("请过 7 秒再发。", 7)

    with TestClient(app) as http:
        refused = http.get("/v1/soon")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert refused.json()["detail"] == "请过 7 秒再发。"
