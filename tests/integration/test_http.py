from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from assistant import bootstrap, gate
from assistant.settings import Settings
from ingest.ingest import Ingest
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from tests.service import QUESTION, RunningService
from ui.problem import Problem
from ui.signin import DEMO_SIGN_INS, SignIns


class Talk:
    """One conversation, as a client holds it."""

    def __init__(self, http: httpx.Client, audience: str = "customer", token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        started = http.post("/v1/conversations", json={"audience": audience}, headers=headers)
        assert started.status_code == 201, started.text
        self.http = http
        self.id: str = started.json()["id"]
        self.greeting: dict[str, Any] = started.json()["reply"]
        self.path = f"/v1/conversations/{self.id}"
        self.headers = {"Authorization": f"Bearer {started.json()['token']}"}

    def post(self, body: object, **headers: str) -> httpx.Response:
        return self.http.post(f"{self.path}/turns", json=body, headers=self.headers | headers)

    def raw(self, body: bytes) -> httpx.Response:
        headers = self.headers | {"Content-Type": "application/json"}
        return self.http.post(f"{self.path}/turns", content=body, headers=headers)

    def say(self, text: str, **headers: str) -> dict[str, Any]:
        response = self.post({"text": text}, **headers)
        assert response.status_code == 200, response.text
        turn: dict[str, Any] = response.json()
        return turn

    def read(self) -> dict[str, Any]:
        response = self.http.get(self.path, headers=self.headers)
        assert response.status_code == 200, response.text
        state: dict[str, Any] = response.json()
        return state

    def rate(self, body: object) -> httpx.Response:
        return self.http.post(f"{self.path}/feedback", json=body, headers=self.headers)


def check_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The response is a problem+json of this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.fixture
def root(service: RunningService) -> Path:
    """The folder that holds the service's data and documents."""
    return service.root


@pytest.fixture
def http(service: RunningService) -> httpx.Client:
    """A client of the whole service."""
    return service.http


@pytest.fixture
def talk(http: httpx.Client) -> Talk:
    return Talk(http)


@pytest.fixture
def staff(http: httpx.Client) -> str:
    """The token of a signed-in member of staff."""
    session = http.post("/v1/sessions", json={"username": "staff", "password": "demo"})
    assert session.json()["role"] == "staff"
    token: str = session.json()["token"]
    return token


class TestConversation:
    def test_a_question_is_answered_with_its_citation(self, talk: Talk) -> None:
        assert talk.greeting["text"]
        turn = talk.say(QUESTION)
        assert (turn["number"], turn["outcome"], turn["flow"], turn["ticket"]) == (1, "answered", None, None)
        assert "3600" in turn["reply"]["text"]
        citation = turn["reply"]["citations"][0]
        assert (citation["number"], citation["title"]) == (1, "白金卡")
        assert "3600元" in citation["text"]
        assert set(turn["milliseconds"]) == {"understand", "search", "answer", "total"}

    def test_a_citation_leads_to_its_passage(self, talk: Talk) -> None:
        url = talk.say(QUESTION)["reply"]["citations"][0]["url"]
        page = talk.http.get(url)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert f'id="{url.partition("#")[2]}"' in page.text
        assert "3600元" in page.text

    def test_what_the_documents_do_not_say_is_not_answered(self, talk: Talk) -> None:
        turn = talk.say("火星上的一天有多长？")
        assert (turn["outcome"], turn["reply"]["citations"]) == ("abstained", [])

    def test_reading_back_gives_all_that_was_said(self, talk: Talk) -> None:
        turn = talk.say(QUESTION)
        state = talk.read()
        assert (state["id"], state["audience"], state["mode"]) == (talk.id, "customer", "assistant")
        assert (state["flow"], state["ticket"]) == (None, None)
        assert [(message["author"], message["text"]) for message in state["messages"]] == [
            ("assistant", talk.greeting["text"]),
            ("customer", QUESTION),
            ("assistant", turn["reply"]["text"]),
        ]

    def test_a_choice_is_asked_as_its_label(self, talk: Talk) -> None:
        choice = talk.greeting["choices"][0]
        response = talk.post({"choice": choice["id"]})
        assert response.json()["outcome"] == "answered"
        assert talk.read()["messages"][1]["text"] == choice["label"]

    def test_a_stale_choice_does_nothing_and_says_so(self, talk: Talk) -> None:
        turn = talk.post({"choice": "confirm:42"}).json()
        assert (turn["outcome"], turn["number"]) == ("clarifying", 1)

    def test_personal_data_is_not_kept(self, talk: Talk) -> None:
        talk.say("我的手机号是13812345678，年费是多少")
        assert "13812345678" not in json.dumps(talk.read())

    def test_the_language_of_the_message_is_answered_in(self, talk: Talk) -> None:
        assert "digital employee" in talk.say("hello")["reply"]["text"]
        assert "数字员工" in talk.say("你好")["reply"]["text"]

    def test_feedback_is_taken(self, talk: Talk) -> None:
        turn = talk.say(QUESTION)
        assert talk.rate({"turn": turn["id"], "rating": "up", "comment": "好"}).status_code == 204
        assert talk.rate({"turn": turn["id"], "rating": "down"}).status_code == 204

    def test_each_turn_has_the_next_number(self, talk: Talk) -> None:
        assert [talk.say("你好")["number"] for _ in range(3)] == [1, 2, 3]


class TestStream:
    def events(self, response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
        blocks = [block for block in response.text.replace("\r\n", "\n").split("\n\n") if block.startswith("event")]
        fields = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
        return [(field["event"], json.loads(field["data"])) for field in fields]

    @pytest.mark.parametrize("message", [QUESTION, "你好", "火星上的一天有多长？", "怎么开户"])
    def test_the_deltas_make_the_text_of_the_turn_that_ends_them(self, talk: Talk, message: str) -> None:
        response = talk.post({"text": message}, Accept="text/event-stream")
        assert response.headers["content-type"].startswith("text/event-stream")
        *deltas, (last, turn) = self.events(response)
        assert deltas
        assert {name for name, _data in deltas} == {"delta"}
        assert last == "turn"
        assert "".join(data["text"] for _name, data in deltas) == turn["reply"]["text"]
        assert turn["number"] == 1

    def test_a_streamed_turn_is_stored_as_it_was_sent(self, talk: Talk) -> None:
        headers = {"Accept": "text/event-stream", "Idempotency-Key": "a"}
        (_name, streamed) = self.events(talk.post({"text": QUESTION}, **headers))[-1]
        assert talk.say(QUESTION, **{"Idempotency-Key": "a"}) == streamed

    def test_a_refused_message_is_a_problem_and_not_a_stream(self, talk: Talk) -> None:
        check_problem(talk.post({"text": " "}, Accept="text/event-stream"), 422)


class TestIdempotency:
    def stored(self, root: Path, conversation: str) -> int:
        database = bootstrap.build_database(Settings(data_dir=root / "data"))
        with database.reading() as connection:
            query = text("select count(*) from turns where conversation = :id")
            count: int = connection.execute(query, {"id": conversation}).scalar_one()
        database.close()
        return count

    def test_the_same_key_gives_the_same_turn_once(self, talk: Talk, root: Path) -> None:
        first = talk.say(QUESTION, **{"Idempotency-Key": "k1"})
        assert talk.say(QUESTION, **{"Idempotency-Key": "k1"}) == first
        assert self.stored(root, talk.id) == 1
        assert talk.say(QUESTION, **{"Idempotency-Key": "k2"})["number"] == 2

    def test_the_same_key_eight_times_at_once_gives_one_turn(self, talk: Talk, root: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            turns = list(pool.map(lambda _: talk.say(QUESTION, **{"Idempotency-Key": "k"}), range(8)))
        assert all(turn == turns[0] for turn in turns)
        assert self.stored(root, talk.id) == 1
        assert len(talk.read()["messages"]) == 3

    def test_the_same_key_in_another_conversation_is_another_turn(self, http: httpx.Client) -> None:
        one, other = Talk(http), Talk(http)
        assert one.say("你好", **{"Idempotency-Key": "k"})["id"] != other.say("你好", **{"Idempotency-Key": "k"})["id"]

    def test_an_empty_key_is_no_key(self, talk: Talk) -> None:
        turns = []
        for _ in range(2):
            with httpx.Client(base_url=talk.http.base_url, timeout=5, trust_env=False) as impatient:
                response = impatient.post(
                    f"{talk.path}/turns", json={"text": "你好"}, headers=talk.headers | {"Idempotency-Key": ""}
                )
                turns.append(response.json())
        assert [turn["number"] for turn in turns] == [1, 2]

    def test_a_key_that_is_too_long_is_a_problem(self, talk: Talk) -> None:
        check_problem(talk.post({"text": "你好"}, **{"Idempotency-Key": "k" * 201}), 422)

    def test_messages_at_the_same_time_each_get_a_turn_of_their_own(self, talk: Talk, root: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            turns = list(pool.map(talk.say, [QUESTION, "你好", "怎么开户", "谢谢"]))
        assert sorted(turn["number"] for turn in turns) == [1, 2, 3, 4]
        assert self.stored(root, talk.id) == 4
        assert len(talk.read()["messages"]) == 9


TAKEN = {
    "emoji only": "👍👨‍👩‍👧🏦",
    "control characters and NUL": "年\x00费\x1b[31m是\x07多少",
    "SQL": "'; DROP TABLE turns; --",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}} ${7*7} {0} %s %n",
    "one character that becomes eighteen": "\ufdfa" * 100,
    "right to left": "\u202e费年\u2066",
    "punctuation only": "？？？！！！",
    "one character": "年",
    "digits only": "9" * 300,
    "as long as allowed": "年" * 2_000,
    "rare characters": "𠮷𡈽㐀",
    "many lines": "年费\n" * 300,
    "a date that does not exist": "2025年2月31日的年费是多少，2025年13月45日呢",
}
REFUSED = {
    "empty": '{"text": ""}',
    "blanks only": '{"text": " \\n\\t\\u3000 "}',
    "invisible characters only": '{"text": "\\u200b\\u0000\\ufeff"}',
    "too long": json.dumps({"text": "年" * 10_000}),
    "a lone surrogate": '{"text": "\\ud800"}',
    "both text and choice": '{"text": "你好", "choice": "human"}',
    "neither": "{}",
    "unknown field": '{"text": "你好", "audience": "staff"}',
    "unknown field with a surrogate": '{"text": "你好", "\\ud800": 1}',
    "number": '{"text": 1}',
    "list": '{"text": ["你好"]}',
    "null": "null",
    "array": '[{"text": "你好"}]',
    "string": '"你好"',
    "empty choice": '{"choice": ""}',
    "long choice": json.dumps({"choice": "c" * 201}),
}
NO_JSON = {
    "cut off": b'{"text": "',
    "no JSON": b"text=hello",
    "bytes that are no UTF-8": b'{"text": "\xff\xfe"}',
    "nothing": b"",
    "very deep": b"[" * 100_000,
}


class TestBadInput:
    @pytest.mark.parametrize("message", TAKEN.values(), ids=TAKEN.keys())
    def test_odd_texts_get_a_turn(self, talk: Talk, message: str) -> None:
        turn = talk.say(message)
        assert turn["reply"]["text"]
        assert turn["outcome"] in {"answered", "abstained", "clarifying", "smalltalk", "blocked"}
        assert talk.say(QUESTION)["outcome"] == "answered"
        assert "\x00" not in json.dumps(talk.read(), ensure_ascii=False)

    @pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
    def test_what_cannot_be_taken_is_a_problem_and_changes_nothing(self, talk: Talk, body: str) -> None:
        check_problem(talk.raw(body.encode()), 422)
        assert len(talk.read()["messages"]) == 1
        assert talk.say(QUESTION)["number"] == 1

    def test_a_lone_surrogate_never_breaks_anything(self, http: httpx.Client, talk: Talk) -> None:
        assert talk.raw(b'{"text": "\\ud800%s"}' % QUESTION.encode()).json()["outcome"] == "answered"
        turn = talk.say("你好")
        odd = {
            f"{talk.path}/turns": b'{"choice": "\\ud800"}',
            f"{talk.path}/feedback": b'{"turn": "%s", "rating": "up", "comment": "\\ud800"}' % turn["id"].encode(),
            "/v1/conversations": b'{"locale": "\\ud800"}',
            "/v1/search": b'{"query": "\\ud800"}',
            "/v1/sessions": b'{"username": "\\ud800", "password": "\\ud800"}',
        }
        for path, body in odd.items():
            response = http.post(path, content=body, headers=talk.headers | {"Content-Type": "application/json"})
            assert response.status_code < 500, (path, response.text)
        assert talk.say(QUESTION)["outcome"] == "answered"
        assert talk.read()

    @pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON.keys())
    def test_what_is_no_json_is_a_problem(self, talk: Talk, body: bytes) -> None:
        response = talk.raw(body)
        check_problem(response, response.status_code)
        assert response.status_code in {400, 422}
        assert talk.say(QUESTION)["number"] == 1

    @pytest.mark.parametrize(
        "body", [{"audience": "everyone"}, {"locale": "../../etc"}, {"locale": "\n"}, {"unknown": 1}, [], "x"]
    )
    def test_a_wrong_start_is_a_problem(self, http: httpx.Client, body: object) -> None:
        check_problem(http.post("/v1/conversations", json=body), 422)

    @pytest.mark.parametrize(
        "change", [{"rating": "best"}, {"comment": "长" * 1_001}, {"turn": 3}, {"unknown": 1}, {"turn": "t" * 65}]
    )
    def test_wrong_feedback_is_a_problem(self, talk: Talk, change: dict[str, object]) -> None:
        turn = talk.say("你好")
        check_problem(talk.rate({"turn": turn["id"], "rating": "up"} | change), 422)

    def test_feedback_for_an_unknown_turn_is_a_problem(self, http: httpx.Client, talk: Talk) -> None:
        check_problem(talk.rate({"turn": "unknown", "rating": "up"}), 404)
        other = Talk(http).say("你好")
        check_problem(talk.rate({"turn": other["id"], "rating": "up"}), 404)
        assert talk.say("你好")["number"] == 1

    @pytest.mark.parametrize(
        "body",
        [{"query": ""}, {"query": "年" * 2_001}, {"query": "年费", "limit": 0}, {"query": "年费", "as_of": "昨天"}, {}],
    )
    def test_a_wrong_search_is_a_problem(self, http: httpx.Client, body: object) -> None:
        check_problem(http.post("/v1/search", json=body), 422)

    @pytest.mark.parametrize("query", [" ", "\x00", "👍", "\ufdfa" * 9, "'; DROP TABLE passages; --", '"+(*'])
    def test_odd_searches_are_answered(self, http: httpx.Client, query: str) -> None:
        response = http.post("/v1/search", json={"query": query})
        assert response.status_code == 200, response.text
        assert isinstance(response.json()["passages"], list)


class TestAccess:
    def test_an_unknown_conversation_is_not_found(self, http: httpx.Client, talk: Talk) -> None:
        for path in ("/v1/conversations/unknown", "/v1/conversations/%00", "/v1/conversations/%F0%9F%98%80"):
            check_problem(http.get(path, headers=talk.headers), 404)
            check_problem(http.post(f"{path}/turns", json={"text": "你好"}, headers=talk.headers), 404)

    @pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "wrong"])
    def test_without_the_right_token_a_conversation_stays_shut(self, talk: Talk, authorization: str | None) -> None:
        headers = {"Authorization": authorization} if authorization is not None else {}
        url = str(talk.http.base_url.join(talk.path))
        for response in (
            httpx.get(url, headers=headers, trust_env=False),
            httpx.post(f"{url}/turns", json={"text": "你好"}, headers=headers, trust_env=False),
            httpx.post(f"{url}/feedback", json={"turn": "t", "rating": "up"}, headers=headers, trust_env=False),
        ):
            check_problem(response, 401)
            assert response.headers["www-authenticate"] == "Bearer"
        assert len(talk.read()["messages"]) == 1

    def test_the_token_of_another_conversation_opens_nothing(self, http: httpx.Client, talk: Talk, staff: str) -> None:
        for headers in (Talk(http).headers, {"Authorization": f"Bearer {staff}"}):
            check_problem(http.get(talk.path, headers=headers), 401)
            check_problem(http.post(f"{talk.path}/turns", json={"text": "你好"}, headers=headers), 401)

    def test_staff_must_sign_in(self, http: httpx.Client, talk: Talk) -> None:
        for headers in ({}, talk.headers, {"Authorization": "Bearer a.b.c"}):
            check_problem(http.post("/v1/conversations", json={"audience": "staff"}, headers=headers), 401)
            check_problem(http.post("/v1/search", json={"query": "佣金", "audience": "staff"}, headers=headers), 401)

    def test_signed_in_staff_are_answered_from_staff_documents(self, http: httpx.Client, staff: str) -> None:
        talk = Talk(http, "staff", staff)
        turn = talk.say("云杉白金信用卡每张佣金是多少？")
        assert "80元" in turn["reply"]["text"]
        assert talk.read()["audience"] == "staff"

    def test_customers_are_not(self, http: httpx.Client, talk: Talk) -> None:
        turn = talk.say("云杉白金信用卡每张佣金是多少？")
        assert "80元" not in json.dumps(turn, ensure_ascii=False)
        found = http.post("/v1/search", json={"query": "云杉白金信用卡每张佣金", "limit": 50}).json()["passages"]
        assert found
        assert not any("佣金" in passage["text"] for passage in found)

    def test_a_customer_cannot_open_a_staff_document(self, http: httpx.Client, talk: Talk, staff: str) -> None:
        headers = {"Authorization": f"Bearer {staff}"}
        body = {"query": "佣金", "audience": "staff", "limit": 50}
        passages = http.post("/v1/search", json=body, headers=headers).json()["passages"]
        (secret,) = [passage["document"] for passage in passages if "佣金" in passage["text"]]
        assert "80元" in http.get(f"/documents/{secret}", headers=headers).text
        for wrong in ({}, talk.headers):
            assert "80元" not in check_problem(http.get(f"/documents/{secret}", headers=wrong), 401)["detail"]
        check_problem(http.get("/documents/unknown"), 404)

    @pytest.mark.parametrize(
        ("username", "password"),
        [("staff", "wrong"), ("staff", ""), ("nobody", "demo"), ("", ""), ("员工", "密码\x00")],
    )
    def test_a_wrong_name_or_password_is_refused_alike(self, http: httpx.Client, username: str, password: str) -> None:
        problem = check_problem(http.post("/v1/sessions", json={"username": username, "password": password}), 401)
        assert problem["detail"] == "The name or the password is wrong."

    def test_every_demo_sign_in_has_its_role(self, http: httpx.Client) -> None:
        roles = {
            name: http.post("/v1/sessions", json={"username": name, "password": "demo"}).json()["role"]
            for name in DEMO_SIGN_INS
        }
        assert roles == {
            "staff": "staff", "staff2": "staff", "agent": "agent", "agent2": "agent", "editor": "editor", "editor2": "editor", "qa": "qa",
            "admin": "admin",
        }  # fmt: skip

    def test_without_the_demo_its_sign_ins_are_refused(self, tmp_path: Path, staff: str) -> None:
        settings = Settings(data_dir=tmp_path, demo=False)
        with closing(bootstrap.build_database(settings)) as database:
            audit = bootstrap.build_audit(settings, database)
            desk = SignIns(settings, gate.build(database, audit), audit)
            for name in DEMO_SIGN_INS:
                with pytest.raises(Problem) as refused:
                    desk.open(name, "demo")
                assert refused.value.status == 401
            other = SignIns(Settings(data_dir=tmp_path), gate.build(database, audit), audit)
            with pytest.raises(Problem):  # signed with another service's key
                other.read(staff)
            token, person = other.open("staff", "demo")
            assert other.read(token) == person
            with pytest.raises(Problem):  # signed while the demo was on
                desk.read(token)


class TestService:
    def test_it_lives_and_is_ready(self, http: httpx.Client) -> None:
        assert http.get("/healthz").json() == {"status": "ok"}
        ready = http.get("/readyz").json()
        assert ready["status"] == "ready"
        assert ready["passages"] == 5

    def test_turns_are_counted_by_outcome(self, talk: Talk) -> None:
        def answered() -> float:
            lines = talk.http.get("/metrics").text.splitlines()
            return sum(
                float(line.split()[-1]) for line in lines if line.startswith('teller_turns_total{outcome="answered"}')
            )

        before = answered()
        talk.say(QUESTION)
        assert answered() == before + 1

    def test_the_interface_describes_itself(self, http: httpx.Client) -> None:
        described = http.get("/openapi.json").json()
        assert described["info"]["title"] == "Teller"
        assert {
            "/v1/conversations", "/v1/conversations/{id}", "/v1/conversations/{id}/turns",
            "/v1/conversations/{id}/feedback", "/v1/search", "/v1/sessions", "/healthz", "/readyz",
        } <= described["paths"].keys()  # fmt: skip

    def test_search_gives_passages_with_scores(self, http: httpx.Client) -> None:
        passages = http.post("/v1/search", json={"query": "年费", "limit": 2}).json()["passages"]
        assert len(passages) == 2
        assert passages[0].keys() == {"id", "document", "title", "section", "page", "text", "score"}
        assert "3600" in passages[0]["text"]
        assert passages[0]["score"] >= passages[1]["score"]

    def test_an_unknown_address_and_a_wrong_method_are_problems(self, http: httpx.Client) -> None:
        check_problem(http.get("/v1/unknown"), 404)
        check_problem(http.delete("/v1/search"), 405)

    def test_the_chat_page_is_served(self, http: httpx.Client) -> None:
        page = http.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")

    def test_a_new_document_is_answered_from_without_a_restart(
        self, http: httpx.Client, root: Path, embedder: Embedder, talk: Talk
    ) -> None:
        path = root / "documents" / "车位.md"
        path.write_text("# 停车服务\n\n云杉广场网点为客户提供两小时免费停车。\n", encoding="utf-8")
        database = bootstrap.build_database(Settings(data_dir=root / "data"))
        run = Ingest(Library(database), embedder, root / "documents", root / "data" / "ingest.lock")
        try:
            run.run()
            assert "两小时" in talk.say("云杉广场网点可以免费停车多久？")["reply"]["text"]
        finally:
            path.unlink()
            run.run()
            database.close()
        assert "两小时" not in talk.say("云杉广场网点可以免费停车多久？")["reply"]["text"]
