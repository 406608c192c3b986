"""Reviews over HTTP: two people, reasons, pictures and the video call, each only for whom it is."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from evals import bank
from tests.integration.test_tasks_http import Caller
from tests.service import RunningService, write_documents
from tests.stories.story import Said, Story
from tests.unit.test_photo import HIDDEN, colour, picture, written

VIDEO = "https://video.bank.example/rooms/{ticket}?from=teller"
FRONT, BACK = written(picture(), "PNG"), written(picture(640, 400), "JPEG", comment=HIDDEN)


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory, door: int) -> Iterator[RunningService]:
    """The service of a bank that has a video call."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    address = f"http://127.0.0.1:{door}"
    running = RunningService(root, TELLER_BANK_URL=address, TELLER_BANK_KEY=bank.KEY, TELLER_VIDEO_URL=VIDEO)
    try:
        running.wait()
        yield running
    finally:
        running.end()


@pytest.fixture(autouse=True)
def _bank(template: Path, door: int, tmp_path: Path) -> Iterator[None]:
    with bank.running(template, tmp_path / "bank", port=door):
        yield


def signed_in(teller: RunningService, name: str) -> dict[str, str]:
    session = teller.http.post("/v1/sessions", json={"username": name, "password": "demo"}).raise_for_status().json()
    return {"Authorization": f"Bearer {session['token']}"}


class Customer(Caller):
    """A customer who waits for a review."""

    def __init__(self, teller: RunningService, task: str = "重置云盾密码", customer: str = "c1010") -> None:
        turns = [{"say": task}, {"code": "right"}, {"say": "第一个"}, {"say": "忘了"}]
        story = Story.model_validate({"name": task, "kind": "identity", "customer": customer, "turns": turns})
        super().__init__(teller, story)
        for turn in story.turns:
            self.told = self.play(turn) or {}
        self.ticket = str(self.state()["ticket"]["id"])

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(self.place, headers=self.token).raise_for_status().json()
        return found

    def last(self) -> str:
        return str(self.state()["messages"][-1]["text"])

    def show(self, data: bytes = FRONT, name: str = "身份证正面.png", token: dict[str, str] | None = None) -> Any:
        return self.http.post(f"{self.place}/pictures", files={"file": (name, data)}, headers=token or self.token)


def decide(teller: RunningService, ticket: str, name: str, decision: str = "approved", reason: str = "") -> Any:
    body = {"decision": decision, "reason": reason}
    return teller.http.post(f"/v1/tickets/{ticket}/review", json=body, headers=signed_in(teller, name))


def test_pictures_are_shown_and_seen_and_the_task_goes_on(teller: RunningService) -> None:
    customer, agent = Customer(teller), signed_in(teller, "agent")
    sent = [customer.show(), customer.show(BACK, "背面13900139000.jpg")]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert [answer.json()["name"] for answer in sent] == ["身份证正面.png", "背面139****9000.jpg"]
    messages = [message for message in customer.state()["messages"] if message["picture"]]
    assert [message["text"] for message in messages] == ["[图片] 身份证正面.png", "[图片] 背面139****9000.jpg"]
    place = f"/v1/tickets/{customer.ticket}/pictures"
    listed = teller.http.get(place, headers=agent).raise_for_status().json()
    assert [one["id"] for one in listed] == [answer.json()["id"] for answer in sent]
    for one, size in zip(listed, [(320, 200), (640, 400)], strict=True):
        seen = teller.http.get(f"{place}/{one['id']}", headers=agent).raise_for_status()
        own = teller.http.get(f"{customer.place}/pictures/{one['id']}", headers=customer.token).raise_for_status()
        assert seen.content == own.content
        assert len(seen.content) == one["size"]
        assert HIDDEN not in seen.content
        kept = Image.open(io.BytesIO(seen.content))
        assert (kept.format, kept.size, colour(kept, 20, 20)) == ("JPEG", size, "red")
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["cache-control"] == "no-store"
        assert seen.headers["content-disposition"] == "inline"
        assert seen.headers["x-content-type-options"] == "nosniff"
    before = customer.state()["messages"]
    assert decide(teller, customer.ticket, "agent").json()["status"] == "waiting"
    assert customer.state()["messages"] == before
    assert decide(teller, customer.ticket, "agent2").json()["code"] == "approved"
    assert "确认重置吗" in customer.last()
    after = customer.show()
    assert (after.status_code, after.headers["content-type"]) == (409, "application/problem+json")
    assert "没有等待核验的业务" in after.json()["detail"]
    assert teller.http.get(place, headers=agent).json() == listed


def test_pictures_are_only_for_those_who_check_and_for_who_sent_them(teller: RunningService) -> None:
    customer, other = Customer(teller), Customer(teller, customer="c1004")
    sent = customer.show().json()["id"]
    place = f"{customer.place}/pictures/{sent}"
    assert customer.show(token=other.token).status_code == 401
    assert teller.http.get(place, headers=other.token).status_code == 401
    assert teller.http.get(place).status_code == 401
    assert teller.http.get(place, headers=signed_in(teller, "agent")).status_code == 401
    assert teller.http.get(f"{other.place}/pictures/{sent}", headers=other.token).status_code == 404
    for name, status in (("staff", 403), ("editor", 403), ("qa", 403), ("agent", 200), ("admin", 200)):
        bearer = signed_in(teller, name)
        for path in (f"/v1/tickets/{customer.ticket}/pictures", f"/v1/tickets/{customer.ticket}/pictures/{sent}"):
            assert teller.http.get(path, headers=bearer).status_code == status, (name, path)
    agent = signed_in(teller, "agent")
    assert teller.http.get(f"/v1/tickets/{other.ticket}/pictures/{sent}", headers=agent).status_code == 404
    assert teller.http.get("/v1/tickets/none/pictures", headers=agent).status_code == 404
    assert teller.http.get(f"/v1/tickets/{customer.ticket}/pictures", headers=customer.token).status_code == 401
    assert teller.http.get(f"/v1/tickets/{customer.ticket}/pictures").status_code == 401


def test_what_cannot_be_taken_is_told_and_leaves_nothing(teller: RunningService) -> None:
    customer = Customer(teller)
    url, before = f"{customer.place}/pictures", customer.state()["messages"]
    script = customer.show(b"<script>alert(1)</script>", "a.jpg")
    assert (script.status_code, "不是能打开的照片" in script.json()["detail"]) == (422, True)
    large = customer.show(FRONT + b"\0" * 11 * 1024 * 1024)
    assert (large.status_code, "10MB" in large.json()["detail"]) == (413, True)
    for body in ({"json": {"file": "x"}}, {"data": {"file": "x"}}, {"files": {"other": ("a.png", FRONT)}}):
        answer = teller.http.post(url, headers=customer.token, **body)
        assert (answer.status_code, "field file" in answer.json()["detail"]) == (422, True)
    two = [("file", ("a.png", FRONT)), ("file", ("b.png", FRONT))]
    assert teller.http.post(url, headers=customer.token, files=two).status_code == 422
    broken = customer.token | {"Content-Type": "multipart/form-data"}
    assert teller.http.post(url, headers=broken, content=b"x").status_code == 422
    assert customer.state()["messages"] == before
    assert [customer.show().status_code for _ in range(7)] == [201] * 6 + [409]


def test_a_picture_is_nowhere_on_the_disk_as_it_is(teller: RunningService) -> None:
    customer = Customer(teller)
    sent = customer.show(BACK).json()["id"]
    body = teller.http.get(f"{customer.place}/pictures/{sent}", headers=customer.token).content
    for path in (teller.root / "data").rglob("*"):
        if path.is_file():
            stored = path.read_bytes()
            assert body[200:260] not in stored, path
            assert HIDDEN not in stored, path


def test_a_second_person_must_approve(teller: RunningService) -> None:
    customer, agent = Customer(teller), signed_in(teller, "agent")
    teller.http.post(f"/v1/tickets/{customer.ticket}/claim", headers=agent).raise_for_status()
    other = decide(teller, customer.ticket, "agent2")
    assert other.status_code == 409  # another has it
    assert decide(teller, customer.ticket, "agent").json()["first_reviewer"] == "agent"
    again = decide(teller, customer.ticket, "agent")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "You approved this already; a second person must check it.",
    )
    assert decide(teller, customer.ticket, "agent", "refused", "人证不符").status_code == 409
    wish = {"skills": ["video_review"]}
    taken = [teller.http.post("/v1/tickets/claim", json=wish, headers=agent) for _ in range(20)]
    assert customer.ticket not in [answer.json()["id"] for answer in taken if answer.status_code == 200]
    assert taken[-1].status_code == 204
    assert teller.http.post(f"/v1/tickets/{customer.ticket}/claim", headers=agent).status_code == 409
    second = teller.http.post("/v1/tickets/claim", json=wish, headers=signed_in(teller, "agent2"))
    assert second.json()["id"] == customer.ticket
    assert decide(teller, customer.ticket, "agent2").json()["status"] == "resolved"
    assert "确认重置吗" in customer.last()


def test_one_person_is_enough_for_a_card(teller: RunningService) -> None:
    customer = Customer(teller, "重置借记卡取款密码", "c1007")
    assert decide(teller, customer.ticket, "agent").json()["status"] == "resolved"
    assert "确认重置吗" in customer.last()


def test_a_refusal_needs_a_reason_and_the_customer_reads_it(teller: RunningService) -> None:
    customer = Customer(teller)
    for reason in ("", "  \n\u200b", "长" * 201):
        answer = decide(teller, customer.ticket, "agent", "refused", reason)
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    assert "已提交" in customer.last()
    why = "身份证已过期，请更换后再试；登记的联系电话是13900139000"
    assert decide(teller, customer.ticket, "agent", "refused", why).json()["code"] == "refused"
    assert "未通过原因：身份证已过期，请更换后再试" in customer.last()
    assert "139****9000" in customer.last()
    assert "13900139000" not in customer.last()
    assert "没有重置" in customer.last()
    assert decide(teller, customer.ticket, "agent2").status_code == 409


def test_the_way_into_the_video_call_is_signed_for_each_side(teller: RunningService) -> None:
    customer, agent = Customer(teller), signed_in(teller, "agent")
    own = next(link for link in customer.told["reply"]["links"] if link["label"] == "进入视频核验")
    ticket = f"/v1/tickets/{customer.ticket}"
    theirs = teller.http.get(ticket, headers=agent).json()["video_url"]
    secret = (teller.root / "data" / "secret.key").read_text(encoding="ascii")
    key = hashlib.sha256(f"teller video\0{secret}".encode()).hexdigest()
    for address, side in ((own["url"], "customer"), (theirs, "agent")):
        parts = urlsplit(address)
        assert (parts.netloc, parts.path) == ("video.bank.example", f"/rooms/{customer.ticket}")
        signature = hmac.new(key.encode(), f"{customer.ticket}:{side}".encode(), hashlib.sha256).hexdigest()
        assert parse_qs(parts.query) == {"from": ["teller"], "side": [side], "signature": [signature]}
    decide(teller, customer.ticket, "agent", "refused", "人证不符")
    assert teller.http.get(ticket, headers=agent).json()["video_url"] is None
    talking = Caller(teller, Story.model_validate({"name": "", "kind": "handoff", "turns": [{}]}))
    asked = talking.play(Said(say="转人工"))
    assert asked
    assert asked["reply"]["links"] == []
    talk = f"/v1/tickets/{asked['ticket']['id']}"
    assert teller.http.get(talk, headers=agent).json()["video_url"] is None
