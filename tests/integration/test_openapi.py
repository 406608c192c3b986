"""The interface's description says how to sign in and what a refusal looks like, and what it does not describe is refused so."""

from __future__ import annotations

import pytest

from tests.service import RunningService

OPTIONAL = {("POST", "/v1/search"), ("POST", "/v1/conversations"), ("POST", "/v1/chat/completions")}
OPEN = {"/healthz", "/readyz", "/v1/models", "/v1/models/{name}", "/v1/sessions"}


@pytest.fixture(scope="module")
def described(teller: RunningService) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = teller.http.get("/openapi.json").json()["paths"]
    return found


def test_who_must_sign_in_is_told(described: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, operations in described.items():
        for method, operation in operations.items():
            names = [one["name"] for one in operation.get("parameters", ())]  # type: ignore[attr-defined]
            assert "authorization" not in names, path
            if (method.upper(), path) in OPTIONAL:
                assert operation["security"] == [{}, {"bearer": []}]
            elif path not in OPEN and "/demo/" not in path:
                assert operation["security"] == [{"bearer": []}], path


def test_every_refusal_is_described(described: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, operations in described.items():
        for operation in operations.values():
            responses = operation["responses"]
            assert "422" not in responses, path  # type: ignore[operator]
            assert {"4XX", "503"} <= set(responses), path  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/conversations", "POST"),
        ("PUT", "/v1/documents/search-test", "POST"),
        ("PUT", "/v1/documents/d1", "DELETE, GET, PATCH"),
        ("TRACE", "/healthz", "GET"),
        ("QUERY", "/v1/search", "POST"),
    ],
)
def test_a_method_that_is_not_served_is_told_with_those_that_are(
    teller: RunningService, method: str, path: str, allowed: str
) -> None:
    answer = teller.http.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("day", [0, 1_700_000_000, True, "0", "2026-1-1"])
def test_a_day_is_written_out(teller: RunningService, day: object) -> None:
    answer = teller.http.post("/v1/search", json={"query": "年费", "as_of": day})
    assert answer.status_code == 422
    assert "2026-11-23" in answer.json()["detail"]
