from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.demo_bank import members
from assistant.demo_bank.app import create
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.rules import Rules

NEW = {"new_phone": "16100002001"}
WANTED = {"name": "change_phone", "customer": "c1001", "inputs": NEW, "locale": "zh-CN"}


class Echo:
    """A query for tests."""

    @staticmethod
    def answer(_connection: object, customer: object, inputs: dict[str, str], locale: str) -> Answer:
        return Answer("found", {"said": inputs["text"], "items": [{"id": "1", "label": locale}]})


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create(tmp_path_factory.mktemp("bank"), "secret", Rules())
    with TestClient(app, headers={"Authorization": "Bearer secret"}) as client:
        yield client


class TestDoor:
    @pytest.mark.parametrize("key", ["", "Bearer ", "Bearer other", "secret", "Basic secret"])
    @pytest.mark.parametrize("path", ["/v1/customers", "/v1/faults", "/openapi.json", "/nothing"])
    def test_no_key_no_entry(self, http: TestClient, path: str, key: str) -> None:
        response = http.get(path, headers={"Authorization": key})
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"

    def test_health_needs_no_key(self, http: TestClient) -> None:
        assert http.get("/healthz", headers={"Authorization": ""}).json() == {"status": "ok"}


class TestAddresses:
    def test_an_operation_from_start_to_end(self, http: TestClient) -> None:
        prepared = http.post("/v1/operations", json=WANTED | {"customer": "c1007"}).json()
        assert prepared.keys() == {"outcome", "operation", "values", "expires_at"}
        path = f"/v1/operations/{prepared['operation']}"
        assert http.get(path).json() == {"status": "prepared", "outcome": None, "values": {}}
        done = http.post(f"{path}/commit", headers={"Idempotency-Key": "c1007"}).json()
        assert done["outcome"] == "done"
        assert http.get(path).json() == {"status": "done", **done}
        record = http.get("/v1/customers/c1007").json()
        assert record["customers"][0]["phone"] == NEW["new_phone"]
        assert record["operations"][0]["receipt"] == done["values"]["receipt"]
        assert len(record["phone_changes"]) == 1

    def test_a_refusal(self, http: TestClient) -> None:
        refused = http.post("/v1/operations", json=WANTED | {"customer": "c1003"}).json()
        assert refused == {"outcome": "underage", "operation": None, "values": {}, "expires_at": None}

    def test_a_query(self, http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(members, "queries", lambda: {"echo": Echo})
        asked = {"customer": "c1001", "inputs": {"text": "你好"}, "locale": "en"}
        answer = http.post("/v1/queries/echo", json=asked).json()
        assert answer == {"outcome": "found", "values": {"said": "你好", "items": [{"id": "1", "label": "en"}]}}

    def test_codes(self, http: TestClient) -> None:
        wanted = {"customer": "c1004", "purpose": "phone"}
        assert http.post("/v1/codes", json=wanted).json()["outcome"] == "sent"
        assert http.post("/v1/codes", json=wanted).json()["outcome"] == "too_soon"
        assert http.post("/v1/codes", json=wanted | {"purpose": "new", "phone": "16100002004"}).is_success
        newest, first = http.get("/v1/customers/c1004/codes").json()
        assert newest.keys() == {"phone", "code", "purpose", "at"}
        assert (newest["phone"], newest["purpose"]) == ("161****2004", "new")
        checked = http.post("/v1/codes/check", json=wanted | {"code": first["code"]}).json()
        assert checked == {"outcome": "right", "values": {}}
        record = http.get("/v1/customers/c1004").json()
        assert "digest" not in record["codes"][0] and "code" not in record["outbox"][0]

    def test_customers(self, http: TestClient) -> None:
        first = http.get("/v1/customers").json()[0]
        assert first.keys() == {"id", "name", "name_en", "phone", "story"}
        assert first["story"].keys() == {"zh", "en"}
        assert "****" in first["phone"]

    def test_every_address_is_described(self, http: TestClient) -> None:
        for path in http.get("/openapi.json").json()["paths"].values():
            assert all(method["description"] for method in path.values())


class TestProblems:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "/v1/queries/none", {"customer": "c1001"}, 404),
            ("POST", "/v1/operations", WANTED | {"name": "none"}, 404),
            ("POST", "/v1/operations", WANTED | {"customer": "c9999"}, 404),
            ("POST", "/v1/operations", WANTED | {"inputs": {}}, 422),
            ("POST", "/v1/operations", WANTED | {"inputs": {"new_phone": 16100002001}}, 422),
            ("POST", "/v1/operations", {}, 422),
            ("POST", "/v1/operations/op-none/commit", None, 422),
            ("GET", "/v1/operations/op-none", None, 404),
            ("POST", "/v1/codes", {"customer": "c9999", "purpose": "phone"}, 404),
            ("POST", "/v1/codes", {"customer": "c1001", "purpose": "phone", "phone": "12345"}, 422),
            ("POST", "/v1/codes/check", {"customer": "c9999", "purpose": "phone", "code": "1"}, 404),
            ("GET", "/v1/customers/c9999", None, 404),
            ("GET", "/v1/customers/c9999/codes", None, 404),
            ("PUT", "/v1/faults", {"mode": "explode"}, 422),
            ("GET", "/nothing", None, 404),
            ("DELETE", "/v1/customers", None, 405),
        ],
    )
    def test_are_problem_json(self, http: TestClient, method: str, path: str, body: object, status: int) -> None:
        response = http.request(method, path, json=body)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json().keys() == {"type", "title", "detail", "status"}

    def test_another_operations_key(self, http: TestClient) -> None:
        both = [http.post("/v1/operations", json=WANTED | {"inputs": {"new_phone": f"1610000211{n}"}}) for n in (1, 2)]
        answers = [
            http.post(f"/v1/operations/{prepared.json()['operation']}/commit", headers={"Idempotency-Key": "same"})
            for prepared in both
        ]
        assert [answer.status_code for answer in answers] == [200, 422]


class TestFaults:
    def test_refuse_for_as_many_calls_and_only_there(self, http: TestClient) -> None:
        ordered = http.put("/v1/faults", json={"mode": "refuse", "calls": 2, "paths": "/v1/codes"}).json()
        assert (ordered["mode"], ordered["calls"]) == ("refuse", 2)
        body = {"customer": "c1012", "purpose": "phone"}
        assert http.post("/v1/operations", json=WANTED | {"inputs": {"new_phone": "16100002012"}}).status_code == 200
        assert [http.post("/v1/codes", json=body).status_code for _ in range(3)] == [503, 503, 200]
        assert http.get("/v1/faults").json()["calls"] == 0
        assert len(http.get("/v1/customers/c1012/codes").json()) == 1

    def test_none_ends_them(self, http: TestClient) -> None:
        http.put("/v1/faults", json={"mode": "refuse", "calls": 9})
        http.put("/v1/faults", json={})
        assert http.post("/v1/codes/check", json={"customer": "c1012", "purpose": "x", "code": "1"}).is_success

    def test_the_data_folder_is_made(self, tmp_path: Path) -> None:
        with TestClient(create(tmp_path / "a" / "b", "secret")) as client:
            assert client.get("/healthz").is_success
        assert (tmp_path / "a" / "b" / "bank.sqlite3").exists()
