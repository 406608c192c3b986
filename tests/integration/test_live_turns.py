"""Replies that are heard while they are made, over a real HTTP server; who makes them here speaks as the test says."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import openai
import pytest
import uvicorn
from fastapi import FastAPI

from assistant import bootstrap, gate
from assistant.assistant import Assistant
from assistant.form import Form
from assistant.live import Live
from assistant.reply import Turn
from assistant.settings import Settings
from ingest.ingest import Ingest
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from tests.service import QUESTION, write_documents
from ui import problem
from ui.api import completions, conversations
from ui.signin import SignIns

Speak = Callable[[Live, Turn], None]


class Speaker:
    """An assistant whose turns are the real one's, and which says what it is told to while it makes them."""

    def __init__(self, real: Assistant) -> None:
        self._real = real
        self.speak: Speak = lambda live, turn: None
        self.done = threading.Semaphore(0)

    def respond(
        self,
        conversation: str,
        text: str,
        choice: str | None,
        key: str | None,
        live: Live | None = None,
        form: Form | None = None,
    ) -> Turn:
        try:
            turn = self._real.respond(conversation, text, choice, key, form=form)
            if live:
                self.speak(live, turn)
            return turn
        finally:
            self.done.release()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class House:
    """The two interfaces that stream, served on a free port."""

    def __init__(self, root: Path, embedder: Embedder) -> None:
        write_documents(root)
        self.settings = Settings(
            data_dir=root / "data", knowledge_dir=root / "documents", secret_key="key of this test"
        )
        self.database = bootstrap.build_database(self.settings)
        Ingest(Library(self.database), embedder, root / "documents", root / "data" / "ingest.lock").run()
        self._search = bootstrap.open_search(self.settings, self.database, embedder)
        search = self._search.__enter__()
        search.refresh()
        storage = bootstrap.build_storage(self.settings, self.database)
        bank = bootstrap.build_bank(self.settings)
        self.speaker = Speaker(bootstrap.build_assistant(self.settings, storage, search, embedder, bank))
        audit = bootstrap.build_audit(self.settings, self.database)
        self.app = FastAPI()
        self.app.state.service = SimpleNamespace(
            settings=self.settings, assistant=self.speaker, storage=storage, search=search,
            sign_ins=SignIns(self.settings, gate.build(self.database, audit), audit),
        )  # fmt: skip
        problem.install(self.app)
        self.app.include_router(conversations.router)
        self.app.include_router(completions.router)
        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(uvicorn.Config(self.app, port=port, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._search.__exit__(None, None, None)
        self.database.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[House]:
    opened = House(tmp_path_factory.mktemp("house"), embedder)
    yield opened
    opened.close()


@pytest.fixture
def http(house: House) -> Iterator[httpx.Client]:
    house.speaker.speak = lambda live, turn: None
    house.speaker.done = threading.Semaphore(0)
    with httpx.Client(base_url=house.address, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def client(house: House, http: httpx.Client) -> Iterator[openai.OpenAI]:
    web = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(base_url=f"{house.address}/v1", api_key="none", max_retries=0, http_client=web) as one:
        yield one


def opened(http: httpx.Client) -> tuple[str, dict[str, str]]:
    """The path of a new conversation, and the headers that open it to a stream."""
    started = http.post("/v1/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {started['token']}", "Accept": "text/event-stream"}
    return f"/v1/conversations/{started['id']}", headers


def events(response: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a stream as they come."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def streamed(http: httpx.Client, text: str = QUESTION, **more: str) -> list[tuple[str, dict[str, Any]]]:
    path, headers = opened(http)
    with http.stream("POST", f"{path}/turns", json={"text": text}, headers=headers | more) as response:
        assert response.status_code == 200, response.read()
        return list(events(response))


class Halting:
    """Says the reply up to a place, then waits until it is let go on."""

    def __init__(self, place: int = 6) -> None:
        self.place = place
        self.go = threading.Event()
        self.live: Live | None = None

    def __call__(self, live: Live, turn: Turn) -> None:
        self.live = live
        live.say(turn.reply.text[: self.place])
        assert self.go.wait(20)


class TestEvents:
    def test_the_first_words_arrive_while_the_turn_is_being_made(self, house: House, http: httpx.Client) -> None:
        halting = Halting()
        house.speaker.speak = halting
        path, headers = opened(http)
        with http.stream("POST", f"{path}/turns", json={"text": QUESTION}, headers=headers) as response:
            coming = events(response)
            name, first = next(coming)
            assert not house.speaker.done.acquire(blocking=False)
            halting.go.set()
            others = list(coming)
        turn = others[-1][1]
        assert (name, others[-1][0], {kind for kind, _ in others[:-1]}) == ("delta", "turn", {"delta"})
        said = first["text"] + "".join(event["text"] for _, event in others[:-1])
        assert said == turn["reply"]["text"]
        assert first["text"] == said[:6]
        assert len(others) > 2  # what is left comes clause by clause

    def test_where_it_turned_out_otherwise_the_turn_holds(self, house: House, http: httpx.Client) -> None:
        house.speaker.speak = lambda live, turn: live.say("另一句话。")
        told = streamed(http)
        assert [name for name, _ in told] == ["delta", "turn"]
        assert "3600元" in told[1][1]["reply"]["text"]

    def test_what_goes_wrong_after_the_first_words_ends_the_stream(self, house: House, http: httpx.Client) -> None:
        def fail(live: Live, turn: Turn) -> None:
            live.say(turn.reply.text[:5])
            raise ZeroDivisionError("these words are for the log alone")

        house.speaker.speak = fail
        told = streamed(http)
        assert [name for name, _ in told] == ["delta", "error"]
        assert (told[1][1]["status"], told[1][1]["title"]) == (500, "Internal Server Error")
        assert "log alone" not in json.dumps(told)

    def test_what_goes_wrong_before_them_has_its_status(self, house: House, http: httpx.Client) -> None:
        path, headers = opened(http)
        for body, changed, status in (
            ({"text": "长" * 5_000}, {}, 422),
            ({}, {}, 422),
            ({"text": QUESTION}, {"Authorization": "Bearer no"}, 401),
        ):
            response = http.post(f"{path}/turns", json=body, headers=headers | changed)
            assert response.status_code == status
            assert response.headers["content-type"] == "application/problem+json"
        assert http.post("/v1/conversations/none/turns", json={"text": "a"}, headers=headers).status_code == 404

        def fail(live: Live, turn: Turn) -> None:
            raise ZeroDivisionError

        house.speaker.speak = fail
        assert http.post(f"{path}/turns", json={"text": QUESTION}, headers=headers).status_code == 500

    def test_who_leaves_is_not_spoken_to_and_the_turn_is_kept(self, house: House, http: httpx.Client) -> None:
        halting = Halting()
        house.speaker.speak = halting
        path, headers = opened(http)
        url = f"{house.address}{path}/turns"
        with httpx.stream("POST", url, json={"text": QUESTION}, headers=headers, trust_env=False) as response:
            next(events(response))
        wait_until(lambda: halting.live is not None and halting.live.gone)
        halting.go.set()
        assert house.speaker.done.acquire(timeout=20)
        messages = http.get(path, headers=headers).json()["messages"]
        assert [one["author"] for one in messages] == ["assistant", "customer", "assistant"]

    def test_who_leaves_before_the_first_words_is_noticed_too(self, house: House, http: httpx.Client) -> None:
        noticed = threading.Event()

        def ponder(live: Live, turn: Turn) -> None:
            wait_until(lambda: live.gone)
            noticed.set()

        house.speaker.speak = ponder
        path, headers = opened(http)
        with pytest.raises(httpx.ReadTimeout), httpx.Client(trust_env=False) as leaver:
            leaver.post(f"{house.address}{path}/turns", json={"text": QUESTION}, headers=headers, timeout=0.5)
        assert noticed.wait(20)

    def test_a_key_that_was_used_gives_the_turn_it_made(self, http: httpx.Client) -> None:
        path, headers = opened(http)
        headers = headers | {"Idempotency-Key": "once"}
        told = []
        for _ in range(2):
            with http.stream("POST", f"{path}/turns", json={"text": QUESTION}, headers=headers) as response:
                told.append(list(events(response)))
        assert told[0] == told[1]


class TestManyAtOnce:
    def test_two_hundred_streams_flow_and_other_calls_are_answered(self, house: House, http: httpx.Client) -> None:
        count = 200
        everyone = threading.Barrier(count + 1)

        def together(live: Live, turn: Turn) -> None:
            live.say(turn.reply.text[:6])
            everyone.wait(60)

        house.speaker.speak = together
        seats = [opened(http) for _ in range(count)]

        async def one(web: httpx.AsyncClient, path: str, headers: dict[str, str]) -> list[str]:
            async with web.stream("POST", f"{path}/turns", json={"text": QUESTION}, headers=headers) as response:
                return [line async for line in response.aiter_lines() if line.startswith("event: ")]

        async def all_of_them() -> list[list[str]]:
            limits = httpx.Limits(max_connections=count)
            async with httpx.AsyncClient(base_url=house.address, timeout=90, trust_env=False, limits=limits) as web:
                return await asyncio.gather(*(one(web, *seat) for seat in seats))

        told: list[list[list[str]]] = []
        crowd = threading.Thread(target=lambda: told.append(asyncio.run(all_of_them())))
        crowd.start()
        wait_until(lambda: everyone.n_waiting == count, 60)
        assert opened(http)  # every one of them is in the middle of its turn, and there is room for others
        everyone.wait(20)
        crowd.join()
        assert {(lines[0], lines[-1]) for lines in told[0]} == {("event: delta", "event: turn")}


class TestOpenAIClient:
    def chunks(self, client: openai.OpenAI, messages: list[dict[str, str]]) -> Iterator[Any]:
        with client.chat.completions.create(model="teller", messages=cast("Any", messages), stream=True) as stream:
            yield from stream

    def test_chunks_flow_while_the_turn_is_being_made(self, house: House, client: openai.OpenAI) -> None:
        halting = Halting()
        house.speaker.speak = halting
        coming = self.chunks(client, [{"role": "user", "content": QUESTION}])
        role, first = next(coming), next(coming)
        assert role.choices[0].delta.role == "assistant"
        assert not house.speaker.done.acquire(blocking=False)
        halting.go.set()
        others = list(coming)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in [first, *others])
        assert text.startswith(first.choices[0].delta.content)
        assert "3600元" in text
        assert "出处：" in text
        assert others[-1].choices[0].finish_reason == "stop"
        assert len({chunk.id for chunk in [role, first, *others]}) == 1
        cited = (others[-1].choices[0].delta.model_extra or {})["annotations"][0]["url_citation"]
        assert text[cited["start_index"] : cited["end_index"]] == "[1]"

    def test_several_turns(self, house: House, client: openai.OpenAI) -> None:
        house.speaker.speak = lambda live, turn: live.say(turn.reply.text[:4])
        messages: list[dict[str, str]] = []
        for question, answer in ((QUESTION, "3600元"), ("那年费呢", "3600元")):
            messages.append({"role": "user", "content": question})
            text = "".join(chunk.choices[0].delta.content or "" for chunk in self.chunks(client, messages))
            assert answer in text
            messages.append({"role": "assistant", "content": text})

    def test_where_it_turned_out_otherwise_that_is_said(self, house: House, client: openai.OpenAI) -> None:
        house.speaker.speak = lambda live, turn: live.say("另一句话[1]。")
        chunks = list(self.chunks(client, [{"role": "user", "content": QUESTION}]))
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert text.startswith("另一句话[1]。\n\n（情况刚有变化，请以下面的回复为准。）\n\n云杉")
        notes = (chunks[-1].choices[0].delta.model_extra or {})["annotations"]
        assert {text[one["url_citation"]["start_index"] :][:3] for one in notes} == {"[1]"}

    def test_what_goes_wrong_after_the_first_words_is_raised(self, house: House, client: openai.OpenAI) -> None:
        def fail(live: Live, turn: Turn) -> None:
            live.say(turn.reply.text[:5])
            raise ZeroDivisionError

        house.speaker.speak = fail
        with pytest.raises(openai.APIError, match="on our side"):
            list(self.chunks(client, [{"role": "user", "content": QUESTION}]))

    def test_what_goes_wrong_before_them_has_its_status(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError):
            list(self.chunks(client, [{"role": "user", "content": "长" * 5_000}]))


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
