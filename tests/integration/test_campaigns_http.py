"""Campaigns and the check of drafts over HTTP: who may do what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.service import RunningService

TODAY = date.today()
HOST = "云杉银行上海陆家嘴支行"
CAMPAIGNS = "/v1/campaigns"


def plan(number: str, **changes: Any) -> dict[str, Any]:
    days = {"starts": TODAY.isoformat(), "ends": (TODAY + timedelta(days=9)).isoformat()}
    told = {"name": "跨境咨询日", "organiser": HOST, "audience": "个人客户均可参加", "reward": "咨询手册1册"}
    rest = {"quota": "100册", "places": 100, "rules": "每人每活动限参与1次，以身份证号识别", "phone": "021-0000-2001"}
    return days | told | rest | {"approval_number": number, "about": ["跨境咨询"]} | changes


@pytest.fixture
def call(service: RunningService) -> Any:
    def one(who: str | None, method: str, path: str, **asked: Any) -> httpx.Response:
        headers = {}
        if who:
            body = {"username": who, "password": "demo"}
            headers = {"Authorization": f"Bearer {service.http.post('/v1/sessions', json=body).json()['token']}"}
        return service.http.request(method, path, headers=headers, **asked)

    return one


def test_nobody_reads_them_without_a_sign_in(call: Any, service: RunningService) -> None:
    customer = service.http.post("/v1/demo/customers/c1001/session").json()["token"]
    for path in (CAMPAIGNS, f"{CAMPAIGNS}/none"):
        assert call(None, "GET", path).status_code == 401
        assert service.http.get(path, headers={"Authorization": f"Bearer {customer}"}).status_code == 401
    assert call(None, "POST", "/v1/drafts/check", json={"text": "您好"}).status_code == 401


def test_the_documents_campaigns_are_there_for_every_sign_in(call: Any) -> None:
    for who in ("staff", "agent", "editor", "qa", "admin"):
        found = call(who, "GET", CAMPAIGNS, params={"status": "live", "day": "2026-11-22"}).json()
        assert {one["name"] for one in found} >= {"岁末绿色支付季", "陆家嘴跨境服务月"}, who
        assert {one["status"] for one in found} == {"live"}
    mine = call("qa", "GET", CAMPAIGNS, params={"branch": HOST, "day": "2026-11-22", "status": "live"}).json()
    assert [one["name"] for one in mine] == ["陆家嘴跨境服务月"]


def test_three_steps_over_http(call: Any) -> None:
    made = call("staff", "POST", CAMPAIGNS, json=plan("云杉沪营审〔2026〕第901号", rules=""))
    assert made.status_code == 201
    draft = made.json()
    path = f"{CAMPAIGNS}/{draft['id']}"
    assert (draft["host"], draft["status"], draft["made_by"]) == (HOST, "draft", "staff")
    lacking = call("staff", "POST", f"{path}/submit")
    assert lacking.status_code == 422
    assert "规则" in lacking.json()["detail"]
    changed = call("staff", "PATCH", path, json={"rules": "每人限1次", "version": draft["version"]}).json()
    assert (changed["rules"], changed["name"]) == ("每人限1次", "跨境咨询日")
    stale = call("staff", "PATCH", path, json={"rules": "不限", "version": draft["version"]})
    assert stale.status_code == 409
    assert call("staff", "POST", f"{path}/submit").json()["status"] == "submitted"
    assert [call(who, "POST", f"{path}/approve").status_code for who in ("staff", "agent", "qa")] == [403, 403, 403]
    returned = call("editor", "POST", f"{path}/return", json={"reason": "再核对"}).json()
    assert (returned["status"], returned["reason"]) == ("draft", "再核对")
    call("staff", "POST", f"{path}/submit")
    live = call("editor", "POST", f"{path}/approve").json()
    assert (live["status"], live["approved_by"], live["left"]) == ("live", "editor", 100)
    assert call("staff", "POST", f"{path}/uses", json={"count": 30}).json()["left"] == 70
    assert call("staff", "POST", f"{path}/uses", json={"count": 71}).status_code == 409
    assert call("editor", "POST", f"{path}/end", json={"reason": "册子发完"}).json()["status"] == "ended"


def test_an_editor_does_not_approve_an_own_one(call: Any) -> None:
    made = call("editor", "POST", CAMPAIGNS, json=plan("云杉营审〔2026〕第902号")).json()
    path = f"{CAMPAIGNS}/{made['id']}"
    assert call("editor", "POST", f"{path}/submit").status_code == 200
    assert call("editor", "POST", f"{path}/approve").status_code == 409
    assert call("editor2", "POST", f"{path}/approve").json()["status"] == "live"


@pytest.mark.parametrize("who", ["agent", "qa"])
def test_these_make_none(call: Any, who: str) -> None:
    assert call(who, "POST", CAMPAIGNS, json=plan("云杉营审〔2026〕第903号")).status_code == 403


@pytest.mark.parametrize("wrong", [{"name": ""}, {"places": 0}, {"status": "approved"}, {"starts": "tomorrow"}])
def test_what_the_form_does_not_know_is_refused(call: Any, wrong: dict[str, Any]) -> None:
    assert call("staff", "POST", CAMPAIGNS, json=plan("云杉沪营审〔2026〕第904号", **wrong)).status_code == 422


def test_there_is_none_of_another_id(call: Any) -> None:
    assert call("staff", "GET", f"{CAMPAIGNS}/none").status_code == 404
    assert call("staff", "POST", f"{CAMPAIGNS}/none/submit").status_code == 404


def test_a_draft_is_checked(call: Any) -> None:
    refused = call("agent", "POST", "/v1/drafts/check", json={"text": "这款理财保-本，放心买。"}).json()
    assert refused["verdict"] == "refused"
    assert {"kind", "words", "reason", "instead", "citation"} == set(refused["findings"][0])
    assert refused["findings"][0]["words"] == "保本"
    passed = call("qa", "POST", "/v1/drafts/check", json={"text": "您好，请携带有效身份证件到网点办理开户。"}).json()
    assert passed == {"verdict": "passed", "findings": []}
    assert call("staff", "POST", "/v1/drafts/check", json={"text": ""}).status_code == 422
