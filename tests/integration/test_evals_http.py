"""Evaluation runs over HTTP: for the role qa and admin alone, and a report that reaches nothing."""

from __future__ import annotations

import pytest

from tests.service import RunningService

RUN = "2026-11-23-100000"
ROLES = ("qa", "admin", "editor", "staff", "agent", "c1001", "")


def headers(service: RunningService, who: str) -> dict[str, str]:
    if not who:
        return {}
    if who.startswith("c"):
        token = service.http.post(f"/v1/demo/customers/{who}/session").json()["token"]
    else:
        token = service.http.post("/v1/sessions", json={"username": who, "password": "demo"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def report(service: RunningService) -> str:
    """A run with a report, as the command line leaves it."""
    folder = service.root / "data" / "evals" / RUN
    folder.mkdir(parents=True)
    (folder / "order.json").write_text(
        '{"suites": ["tiny"], "repeat": 1, "baseline": "", "who": "qa", "at": "2026-11-23T02:00:00Z"}', encoding="utf-8"
    )
    (folder / "report.json").write_text('{"suites": {}, "gates": [], "passed": true}', encoding="utf-8")
    (folder / "report.html").write_text(
        "<html><head></head><body>报告<script>1</script></body></html>", encoding="utf-8"
    )
    return f"/v1/evals/runs/{RUN}/report"


@pytest.mark.parametrize("who", ROLES)
def test_only_qa_and_admin_see_runs(service: RunningService, report: str, who: str) -> None:
    allowed = who in ("qa", "admin")
    refused = 401 if who in ("", "c1001") else 403
    mine = headers(service, who)
    for path in ("/v1/evals/runs", f"/v1/evals/runs/{RUN}", report):
        answer = service.http.get(path, headers=mine)
        assert answer.status_code == (200 if allowed else refused), path
        assert allowed or (RUN not in answer.text and "报告" not in answer.text)
    order = service.http.post("/v1/evals/runs", json={"suites": ["no_such"]}, headers=mine)
    assert order.status_code == (422 if allowed else refused)
    stop = service.http.post(f"/v1/evals/runs/{RUN}/stop", headers=mine)
    assert stop.status_code == (200 if allowed else refused)


def test_a_report_reaches_neither_the_page_nor_any_address(service: RunningService, report: str) -> None:
    answer = service.http.get(report, headers=headers(service, "qa"))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox") and "allow-same-origin" not in policy and "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("run", ["..", "..%2F..", "library", "nothing", "%2Fetc"])
def test_what_is_no_run_is_not_read(service: RunningService, report: str, run: str) -> None:
    assert report
    for rest in ("", "/report"):
        assert service.http.get(f"/v1/evals/runs/{run}{rest}", headers=headers(service, "qa")).status_code in (404, 405)
