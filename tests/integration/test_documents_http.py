"""Editors keep the knowledge base over HTTP, and customers find what they published at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service import RunningService, write_documents

FEE = "云杉青年信用卡的年费为每年199元，首年免收。"
NEW_FEE = "云杉青年信用卡的年费为每年299元，首年免收。"
QUESTION = "云杉青年信用卡年费是多少？"
LAST_YEAR = "去年年底云杉青年信用卡的年费是多少？"


class Keeping:
    """An editor at work, and a customer who asks."""

    def __init__(self, http: httpx.Client, who: str = "editor") -> None:
        self.http = http
        session = http.post("/v1/sessions", json={"username": who, "password": "demo"}).raise_for_status()
        self.headers = {"Authorization": f"Bearer {session.json()['token']}"}

    def post(self, content: bytes, name: str = "年费.txt", **fields: str) -> httpx.Response:
        return self.http.post("/v1/documents", files={"file": (name, content)}, data=fields, headers=self.headers)

    def draft(self, text: str, name: str = "年费.txt", **fields: str) -> dict[str, Any]:
        response = self.post(text.encode(), name, **fields)
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found

    def act(self, document: str, action: str, **more: object) -> httpx.Response:
        return self.patch(document, action=action, **more)

    def patch(self, document: str, **body: object) -> httpx.Response:
        return self.http.patch(f"/v1/documents/{document}", json=body, headers=self.headers)

    def get(self, path: str = "", **query: str) -> dict[str, Any]:
        response = self.http.get(f"/v1/documents{path}", params=query, headers=self.headers)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def ask(self, question: str = QUESTION) -> dict[str, Any]:
        started = self.http.post("/v1/conversations", json={"audience": "customer"}).json()
        headers = {"Authorization": f"Bearer {started['token']}"}
        turn = self.http.post(f"/v1/conversations/{started['id']}/turns", json={"text": question}, headers=headers)
        found: dict[str, Any] = turn.raise_for_status().json()
        return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    root = tmp_path_factory.mktemp("keeping")
    write_documents(root)
    found = RunningService(root)
    try:
        found.wait()
        yield found
    finally:
        found.end()


@pytest.fixture
def editor(running: RunningService) -> Iterator[Keeping]:
    """An editor; what the test uploaded is withdrawn at the end."""
    keeping = Keeping(running.http)
    before = {document["id"] for document in keeping.get()["documents"]}
    yield keeping
    for document in keeping.get()["documents"]:
        if document["id"] not in before:
            running.http.delete(f"/v1/documents/{document['id']}", headers=keeping.headers).raise_for_status()


def test_uploaded_published_answered_withdrawn_gone(editor: Keeping) -> None:
    draft = editor.draft(
        FEE, audience="customer", title="青年信用卡说明", tags="信用卡, 青年", product="云杉青年信用卡"
    )
    assert [(item["text"], item["audience"]) for item in draft["preview"]] == [(FEE, "customer")]
    assert (draft["status"], draft["draft"], draft["tags"]) == ("draft", 1, ["信用卡", "青年"])
    assert "199" not in editor.ask()["reply"]["text"]

    published = editor.act(draft["id"], "publish").json()
    assert (published["status"], published["state"], published["number"]) == ("published", "in_force", 1)
    answer = editor.ask()["reply"]
    assert "199" in answer["text"]
    link = answer["citations"][0]["url"]
    assert editor.http.get(link).status_code == 200

    gone = editor.http.delete(f"/v1/documents/{draft['id']}", params={"why": "停售"}, headers=editor.headers).json()
    assert (gone["status"], gone["state"]) == ("withdrawn", None)
    assert gone["history"][0]["withdrawn_why"] == "停售"
    assert "199" not in editor.ask()["reply"]["text"]
    assert editor.http.get(link).status_code == 404


def test_what_counted_last_year_is_told_of_last_year(editor: Keeping) -> None:
    first = editor.draft(FEE, audience="customer", effective_from="2020-01-01")
    editor.act(first["id"], "publish").raise_for_status()
    second = editor.draft(NEW_FEE, document=first["id"], effective_from=f"{date.today().year}-01-01")
    assert (second["number"], second["draft"], second["audience"]) == (1, 2, "customer")
    assert [item["text"] for item in second["preview"]] == [NEW_FEE]
    editor.act(first["id"], "publish").raise_for_status()
    assert "299" in editor.ask()["reply"]["text"]
    assert "199" in editor.ask(LAST_YEAR)["reply"]["text"]
    whole = editor.get(f"/{first['id']}")
    assert [(one["number"], one["status"]) for one in whole["history"]] == [(2, "published"), (1, "superseded")]
    back = editor.act(first["id"], "roll_back", why="算错了").json()
    assert [(one["number"], one["status"]) for one in back["history"]] == [(2, "withdrawn"), (1, "published")]
    assert "199" in editor.ask()["reply"]["text"]
    editor.act(first["id"], "restore").raise_for_status()
    assert "299" in editor.ask()["reply"]["text"]


def test_a_folders_file_is_listed_and_can_be_withdrawn_and_put_back(editor: Keeping) -> None:
    (held,) = editor.get(text="存款保险")["documents"]
    assert (held["status"], held["state"], held["source"], held["audience"]) == (
        "published",
        "in_force",
        "folder",
        "customer",
    )
    whole = editor.get(f"/{held['id']}")
    assert [(one["id"], one["number"], one["file_name"]) for one in whole["history"]] == [(None, 1, "存款保险.md")]
    question = "存款保险最高偿付多少？"
    assert "50万元" in editor.ask(question)["reply"]["text"]
    editor.act(held["id"], "withdraw", why="过期").raise_for_status()
    assert "50万元" not in editor.ask(question)["reply"]["text"]
    assert editor.get(status="withdrawn", text="存款保险")["documents"][0]["id"] == held["id"]
    editor.act(held["id"], "restore").raise_for_status()
    assert "50万元" in editor.ask(question)["reply"]["text"]


def test_other_metadata_is_a_draft_of_the_same_file(editor: Keeping) -> None:
    first = editor.draft(FEE, audience="customer", effective_from="2020-01-01")
    editor.act(first["id"], "publish").raise_for_status()
    changed = editor.patch(first["id"], metadata={"title": "青年卡", "tags": ["青年"]}).json()
    assert (changed["number"], changed["draft"], changed["title"]) == (1, 2, "年费")
    again = editor.patch(first["id"], metadata={"product": "云杉青年信用卡"}).json()
    assert (again["draft"], again["history"][0]["title"], again["history"][0]["product"]) == (
        2,
        "青年卡",
        "云杉青年信用卡",
    )
    editor.act(first["id"], "publish").raise_for_status()
    assert editor.ask()["reply"]["citations"][0]["title"] == "青年卡"
    assert editor.get(f"/{first['id']}/passages")["passages"][0]["text"] == FEE


def test_customers_do_not_read_what_staff_read_until_a_second_editor_says_so(editor: Keeping) -> None:
    staff = editor.draft(FEE, audience="staff")
    editor.act(staff["id"], "publish").raise_for_status()
    assert "199" not in editor.ask()["reply"]["text"]
    editor.draft(FEE, document=staff["id"], audience="customer")
    refused = editor.act(staff["id"], "publish")
    assert (refused.status_code, "an editor who had no hand" in refused.json()["detail"]) == (409, True)
    assert "199" not in editor.ask()["reply"]["text"]
    Keeping(editor.http, "editor2").act(staff["id"], "publish").raise_for_status()
    assert "199" in editor.ask()["reply"]["text"]


def test_the_audience_must_be_said(editor: Keeping) -> None:
    for fields in ({}, {"audience": ""}, {"audience": "everyone"}):
        response = editor.post(FEE.encode(), **fields)
        assert response.status_code == 422, response.text
        assert "audience" in response.json()["detail"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"\x89PNG\r\n", "the content is a PNG image"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.txt", b"", "empty"),
        ("../../a.exe", b"MZ", "not supported"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_leaves_nothing(
    editor: Keeping, name: str, content: bytes, told: str
) -> None:
    before = editor.get()["documents"]
    response = editor.post(content, name, audience="customer")
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert told in response.json()["detail"]
    assert editor.get()["documents"] == before


def test_a_file_too_large_is_refused_before_it_is_read(editor: Keeping) -> None:
    response = editor.post(b"x" * (33 * 1024 * 1024), audience="customer")
    assert (response.status_code, "32 MB" in response.json()["detail"]) == (413, True)


def test_a_form_without_a_file_and_a_wish_without_an_act_are_refused(editor: Keeping) -> None:
    empty = editor.http.post("/v1/documents", json={"file": "x"}, headers=editor.headers)
    assert empty.status_code == 422
    (held,) = editor.get(text="存款保险")["documents"]
    assert editor.patch(held["id"]).status_code == 422
    assert editor.patch(held["id"], action="publish", metadata={"title": "x"}).status_code == 422
    assert editor.act(held["id"], "publish").status_code == 409
    assert editor.act("abcdefabcdef", "withdraw").status_code == 404


@pytest.mark.parametrize("who", [None, "staff", "agent", "qa"])
def test_only_editors_keep_the_knowledge_base(running: RunningService, editor: Keeping, who: str | None) -> None:
    other = Keeping(running.http, who) if who else None
    headers = other.headers if other else {}
    (held,) = editor.get(text="存款保险")["documents"]
    path = f"/v1/documents/{held['id']}"
    calls = [
        running.http.get("/v1/documents", headers=headers),
        running.http.get(path, headers=headers),
        running.http.get(f"{path}/passages", headers=headers),
        running.http.patch(path, json={"action": "withdraw"}, headers=headers),
        running.http.delete(path, headers=headers),
        running.http.post(
            "/v1/documents", files={"file": ("a.txt", b"x")}, data={"audience": "customer"}, headers=headers
        ),
        running.http.post("/v1/documents/search-test", json={"query": "x"}, headers=headers),
    ]
    assert {response.status_code for response in calls} == {403 if who else 401}
    assert editor.get(f"/{held['id']}")["status"] == "published"


class TestSearchTest:
    def trial(self, editor: Keeping, query: str, **more: str) -> dict[str, Any]:
        body = {"query": query} | more
        response = editor.http.post("/v1/documents/search-test", json=body, headers=editor.headers)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def test_it_shows_each_signal_and_what_the_assistant_would_do(self, editor: Keeping) -> None:
        trial = self.trial(editor, "云杉白金信用卡年费是多少？")
        assert trial["outcome"] == "answered"
        assert trial["support"] >= trial["threshold"] == 0.875
        best = trial["passages"][0]
        assert best["cited"]
        assert "3600元" in best["text"]
        assert min(best["similarity"], best["whole"], best["lexical"], best["score"]) > 0
        expected = (best["similarity"] + best["whole"]) / 2 + 0.03
        assert best["score"] == pytest.approx(expected, abs=0.001)

    def test_it_says_why_not(self, editor: Keeping) -> None:
        trial = self.trial(editor, "珠穆朗玛峰有多高？")
        assert (trial["outcome"], trial["weakness"]) == ("abstained", "too_far")
        assert trial["support"] < trial["threshold"]
        assert not any(item["cited"] for item in trial["passages"])

    def test_it_shows_staffs_passages_to_staffs_questions_alone(self, editor: Keeping) -> None:
        query = "云杉白金信用卡每张佣金多少？"
        assert not any("佣金" in item["text"] for item in self.trial(editor, query)["passages"])
        assert any("80元" in item["text"] for item in self.trial(editor, query, audience="staff")["passages"])

    def test_the_day_that_a_question_names_counts(self, editor: Keeping) -> None:
        assert self.trial(editor, LAST_YEAR)["as_of"] == f"{date.today().year - 1}-12-31"
        assert self.trial(editor, LAST_YEAR, as_of="2020-02-29")["as_of"] == "2020-02-29"


def test_a_withdrawn_file_of_the_folder_stays_out_after_a_restart(tmp_path: Path) -> None:
    write_documents(tmp_path)
    for start in range(2):
        running = RunningService(tmp_path)
        try:
            running.wait()
            editor = Keeping(running.http)
            if start == 0:
                (held,) = editor.get(text="存款保险")["documents"]
                editor.act(held["id"], "withdraw", why="过期").raise_for_status()
            assert editor.get(f"/{held['id']}")["status"] == "withdrawn"
            assert "50万元" not in editor.ask("存款保险最高偿付多少？")["reply"]["text"]
        finally:
            running.end()
