"""Leads over HTTP and on the command line: who may see them, one person takes one, and the sheets hold what the list holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from evals import bank
from tests.integration.test_tasks_http import Caller
from tests.service import RunningService
from tests.service import teller as command
from tests.stories.story import Said, Story

WUHAN = "云杉银行武汉光谷支行"


@pytest.fixture(autouse=True)
def _bank(template: Path, door: int, tmp_path: Path) -> Iterator[None]:
    with bank.running(template, tmp_path / "bank", port=door):
        yield


def bearer(teller: RunningService, who: str) -> dict[str, str]:
    token = teller.http.post("/v1/sessions", json={"username": who, "password": "demo"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def left(teller: RunningService) -> dict[str, Any]:
    """A deposit certificate left after two answers, and agreed to be contacted about; as staff see it."""
    story = Story.model_validate({"name": "", "kind": "happy_path", "customer": "c1014", "turns": [{}]})
    caller = Caller(teller, story)
    for turn in (
        Said(say="我要开存款证明"),
        Said(code="right"),
        Said(say="第一个"),
        Said(say="时点证明"),
        Said(say="算了"),
    ):
        caller.play(turn)
    caller.play(Said(press="可以联系我"))
    found = teller.http.get("/v1/leads", params={"status": "new"}, headers=bearer(teller, "staff2")).json()
    lead: dict[str, Any] = found[0]
    return lead


def test_who_may_see_them(teller: RunningService) -> None:
    customer = teller.http.post("/v1/demo/customers/c1014/session").json()["token"]
    for path in ("/v1/leads", "/v1/leads/export"):
        assert teller.http.get(path).status_code == 401
        assert teller.http.get(path, headers={"Authorization": f"Bearer {customer}"}).status_code == 401
        for who, status in (("staff2", 200), ("agent", 200), ("admin", 200), ("editor", 403), ("qa", 403)):
            assert teller.http.get(path, headers=bearer(teller, who)).status_code == status, (path, who)
    for move in ("take", "done", "drop"):
        assert teller.http.post(f"/v1/leads/none/{move}", headers=bearer(teller, "editor")).status_code == 403
        assert teller.http.post(f"/v1/leads/none/{move}", headers=bearer(teller, "staff2")).status_code == 404


def test_one_takes_it_and_sees_to_it(teller: RunningService) -> None:
    lead = left(teller)
    assert (lead["name"], lead["branch"], lead["title"], lead["step"]) == ("罗*", WUHAN, "开具存款证明", "amount")
    assert lead["known"]["证明类型"] == "时点证明"
    assert lead["customer"] is None
    path, staff, agent = f"/v1/leads/{lead['id']}", bearer(teller, "staff2"), bearer(teller, "agent")
    taken = teller.http.post(f"{path}/take", headers=staff)
    assert (taken.status_code, taken.json()["status"], taken.json()["customer"]) == (200, "taken", "c1014")
    again = teller.http.post(f"{path}/take", headers=agent)
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
    assert teller.http.post(f"{path}/drop", headers=agent).status_code == 409
    done = teller.http.post(f"{path}/done", json={"note": "=已约到网点"}, headers=staff)
    assert (done.json()["status"], done.json()["note"], done.json()["taken_by"]) == ("done", "=已约到网点", "staff2")
    listed = teller.http.get("/v1/leads", params={"branch": WUHAN, "status": "done"}, headers=agent).json()
    assert lead["id"] in [one["id"] for one in listed]
    assert teller.http.get("/v1/leads", params={"branch": "云杉银行杭州西溪支行"}, headers=agent).json() == []


def test_the_sheets_hold_the_same_rows_and_no_formula(teller: RunningService, tmp_path: Path) -> None:
    lead, staff = left(teller), bearer(teller, "staff2")
    teller.http.post(f"/v1/leads/{lead['id']}/take", headers=staff)
    teller.http.post(f"/v1/leads/{lead['id']}/drop", json={"note": '=HYPERLINK("http://x","y")'}, headers=staff)
    csv_file = teller.http.get("/v1/leads/export", headers=staff)
    xlsx = teller.http.get("/v1/leads/export", params={"format": "xlsx"}, headers=staff)
    assert csv_file.content.startswith(b"\xef\xbb\xbf")
    assert "leads.xlsx" in xlsx.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(csv_file.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(xlsx.content)).active
    assert sheet
    cells = [list(row) for row in sheet.iter_rows()]
    assert [["" if cell.value is None else str(cell.value) for cell in row] for row in cells] == rows
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n"}
    mine = next(dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == lead["id"])
    assert (mine["状态"], mine["业务"], mine["所属网点"]) == ("已放弃", "开具存款证明", WUHAN)
    assert mine["备注"].startswith("'=HYPERLINK")
    assert len(rows) == 1 + len(teller.http.get("/v1/leads", headers=staff).json())
    written = tmp_path / "leads.xlsx"
    told = command(teller.root, "leads", "--branch", WUHAN, "--export", str(written))
    assert told.returncode == 0, told.stderr
    own = load_workbook(written).active
    assert own
    assert lead["id"] in [row[0].value for row in own.iter_rows()]
    assert "开具存款证明" in command(teller.root, "leads", "--status", "dropped").stdout
    assert command(teller.root, "leads", "--export", "leads.pdf").returncode == 2


def test_a_branch_sees_the_leads_of_its_own_customers_alone(teller: RunningService) -> None:
    lead, elsewhere = left(teller), bearer(teller, "staff")
    assert lead["branch"] == WUHAN
    assert teller.http.get("/v1/leads", headers=elsewhere).json() == []
    assert teller.http.get("/v1/leads", params={"branch": WUHAN}, headers=elsewhere).json() == []
    assert teller.http.get("/v1/leads/export", headers=elsewhere).text.count("\n") == 1
    for move in ("take", "done", "drop"):
        assert teller.http.post(f"/v1/leads/{lead['id']}/{move}", headers=elsewhere).status_code == 404
