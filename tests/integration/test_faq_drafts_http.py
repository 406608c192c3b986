"""A question that nobody could answer becomes one that is answered: asked, grouped, drafted, approved by another, published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.service import RunningService, write_documents

ASKED = ("残币能换吗", "残币可以换新的吗")
ANSWER = "残币可以到任一网点免费兑换。"


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    root = tmp_path_factory.mktemp("faq")
    write_documents(root)
    running = RunningService(root)
    try:
        running.wait()
        yield running
    finally:
        running.end()


class Person:
    """Somebody who is signed in."""

    def __init__(self, teller: RunningService, name: str) -> None:
        self._http = teller.http
        token = teller.http.post("/v1/sessions", json={"username": name, "password": "demo"}).json()["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        answer = self._http.request(method, f"/v1{path}", headers=self._headers, json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


def ask(teller: RunningService, question: str, who: str | None = None) -> dict[str, Any]:
    headers: dict[str, str] = Person(teller, who)._headers if who else {}
    body = {"audience": "staff"} if who else {}
    started = teller.http.post("/v1/conversations", json=body, headers=headers).json()
    opened = {"Authorization": f"Bearer {started['token']}"}
    turn: dict[str, Any] = teller.http.post(
        f"/v1/conversations/{started['id']}/turns", json={"text": question}, headers=opened
    ).json()
    return turn


def words(draft: dict[str, Any], **changes: Any) -> dict[str, Any]:
    kept = ("question", "answer", "audience", "similar_questions", "flow", "effective_from", "effective_to")
    return {name: draft[name] for name in kept} | changes


def test_from_the_question_to_its_answer_and_out_again(teller: RunningService) -> None:
    for question in ASKED:
        assert ask(teller, question)["outcome"] == "abstained"
    editor, second = Person(teller, "editor"), Person(teller, "editor2")
    (group,) = [one for one in editor.call("GET", "/gaps") if one["title"] in ASKED]
    assert (group["count"], group["conversations"], group["audience"]) == (2, 2, "customer")
    draft = editor.call("POST", f"/gaps/{group['id']}/draft", 201)
    path = f"/faq-drafts/{draft['id']}"
    assert {draft["question"], *draft["similar_questions"]} == set(ASKED)
    assert (draft["audience"], draft["status"], draft["hands"]) == ("customer", "draft", ["editor"])
    editor.call("PUT", path, **words(draft, answer="残币3天内兑换，手续费88元。"))
    assert "88" in editor.call("POST", f"{path}/submit", 422)["detail"]
    editor.call("PUT", path, **words(draft, answer=ANSWER))
    revision = editor.call("POST", f"{path}/submit")["revision"]
    assert "another person" in editor.call("POST", f"{path}/approve", 409, revision=revision)["detail"]
    second.call("POST", f"{path}/approve", 409, revision=revision - 1)
    assert ask(teller, ASKED[0])["outcome"] == "abstained"
    assert second.call("POST", f"{path}/approve", revision=revision)["status"] == "published"
    for question in ASKED:
        turn = ask(teller, question)
        assert (turn["outcome"], ANSWER in turn["reply"]["text"]) == ("answered", True)
        assert turn["reply"]["citations"][0]["title"] == "编辑补充问答"
    (closed,) = [one for one in editor.call("GET", "/gaps?standing=answered") if one["id"] == group["id"]]
    assert closed["answered_by"] == "编辑补充问答"
    trail = [one["did"] for one in Person(teller, "admin").call("GET", f"/audit?what=faq:{draft['id']}")]
    assert trail[::-1] == ["draft_faq", "change_faq", "change_faq", "submit_faq", "approve_faq", "publish_faq"]
    assert second.call("POST", f"{path}/withdraw", because="规定改了")["status"] == "withdrawn"
    assert ask(teller, ASKED[0])["outcome"] == "abstained"
    assert group["id"] in [one["id"] for one in editor.call("GET", "/gaps")]


def test_who_may(teller: RunningService) -> None:
    for name, reads in (("staff", 403), ("agent", 403), ("qa", 200), ("editor", 200), ("admin", 200)):
        person = Person(teller, name)
        person.call("GET", "/gaps", reads)
        person.call("GET", "/faq-drafts", reads)
        writes = 404 if name in ("editor", "admin") else 403
        for move, body in (("draft", {}), ("ignore", {"because": "x"}), ("reopen", {})):
            person.call("POST", f"/gaps/none/{move}", writes, **body)
        decided: tuple[tuple[str, dict[str, Any]], ...]
        decided = (("submit", {}), ("approve", {"revision": 1}), ("refuse", {"because": "x"}))
        for move, body in decided:
            person.call("POST", f"/faq-drafts/none/{move}", writes, **body)
    assert teller.http.get("/v1/gaps").status_code == 401


def test_what_staff_asked_stays_with_staff_unless_an_editor_says_so(teller: RunningService) -> None:
    question, secret = "白金卡客户经理奖励怎么发放", "云杉白金信用卡每张佣金为80元，仅限内部使用。"
    assert ask(teller, question, "staff")["outcome"] in ("abstained", "answered")
    editor, second = Person(teller, "editor"), Person(teller, "admin")
    made = editor.call("POST", "/faq-drafts", 201, question=question, answer=secret, audience="staff")
    path = f"/faq-drafts/{made['id']}"
    editor.call("PUT", path, **words(made, audience="customer"))
    refused = editor.call("POST", f"{path}/submit", 422)["detail"]
    assert "只在员工资料（佣金）里有依据" in refused
    assert "“80”在现行文件里没有出处" in refused
    editor.call("PUT", path, **words(made))
    revision = editor.call("POST", f"{path}/submit")["revision"]
    assert second.call("POST", f"{path}/approve", revision=revision)["status"] == "published"
    assert "80元" in ask(teller, question, "staff")["reply"]["text"]
    assert "佣金" not in str(ask(teller, question)["reply"]["text"])


def test_each_fault_is_told(teller: RunningService) -> None:
    editor = Person(teller, "editor")

    def faults(**changes: Any) -> set[str]:
        body = {"question": "残币在哪里兑换", "answer": ANSWER, "audience": "customer"} | changes
        made = editor.call("POST", "/faq-drafts", 201, **body)
        found = {one["kind"] for one in editor.call("GET", f"/faq-drafts/{made['id']}")["findings"]}
        editor.call("DELETE", f"/faq-drafts/{made['id']}", 204)
        return found

    assert faults() == set()
    assert faults(answer="") == {"empty"}
    assert faults(answer="存款保险最高偿付限额为人民币50万元。") == set()
    assert faults(answer="存款保险最高偿付限额为人民币60万元。") == {"figure"}
    assert "promise" in faults(answer="我们保证一定给您兑换成功，稳赚不赔。")
    assert "personal" in faults(answer="请联系王经理13800138000。")
    assert "personal" in faults(similar_questions=["我手机号是138****8000能换吗"])
    assert faults(question="怎么开户") == {"duplicate"}
    assert faults(flow="fly_to_the_moon") == {"flow"}
    assert faults(effective_from="2026-12-01", effective_to="2026-11-01") == {"dates"}


def test_an_editor_who_withdraws_the_document_withdraws_what_stands_in_it(teller: RunningService) -> None:
    editor, second = Person(teller, "editor"), Person(teller, "editor2")

    def publish(question: str) -> str:
        made = editor.call("POST", "/faq-drafts", 201, question=question, answer=ANSWER, audience="customer")
        revision = editor.call("POST", f"/faq-drafts/{made['id']}/submit")["revision"]
        second.call("POST", f"/faq-drafts/{made['id']}/approve", revision=revision)
        return str(made["id"])

    def statuses() -> list[str]:
        status = {one["id"]: one["status"] for one in editor.call("GET", "/faq-drafts")}
        return [status[first], status[later]]

    first, later = publish("破损的纸币能兑换吗"), publish("旧版纸币哪里能兑")
    turn = ask(teller, "破损的纸币能兑换吗")
    assert (turn["outcome"], statuses()) == ("answered", ["published", "published"])
    document = f"/documents/{turn['reply']['citations'][0]['document']}"
    editor.call("PATCH", document, action="roll_back")
    assert statuses() == ["published", "withdrawn"]
    editor.call("DELETE", f"{document}?why=过期")
    assert statuses() == ["withdrawn", "withdrawn"]
    assert ANSWER not in ask(teller, "破损的纸币能兑换吗")["reply"]["text"]
    third = publish("纸币烧坏了能换吗")
    assert statuses() == ["withdrawn", "withdrawn"]
    assert ANSWER in ask(teller, "纸币烧坏了能换吗")["reply"]["text"]
    editor.call("POST", f"/faq-drafts/{third}/withdraw", because="规定改了")
