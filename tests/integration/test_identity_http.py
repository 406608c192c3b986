"""The service without the demo: people sign in by their own names, what they do is noted, and what ends, ends at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.integration.test_desk_http import Agent, Customer, Stream
from tests.service import QUESTION, ROOT, RunningService, environment, write_documents

PASSWORD = "a quiet forest"
BRANCH = "云杉银行成都高新支行"
PEOPLE = {"zhao.min": "admin", "wang.lei": "agent", "sun.jie": "agent", "li.na": "staff", "chen.yu": "editor"}
Json = dict[str, Any]


def command(teller: RunningService, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], cwd=ROOT, env=environment(teller.root, TELLER_DEMO="false"),
        input=stdin, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service as a bank runs it, with people who were added on the command line."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(root, TELLER_DEMO="false")
    try:
        running.wait()
        for name, role in PEOPLE.items():
            added = command(
                running, "user", "add", name, "--role", role, "--branch", BRANCH, "--password-stdin", stdin=f"{PASSWORD}\n"
            )  # fmt: skip
            assert added.returncode == 0, added.stderr
        yield running
    finally:
        running.end()


def sign_in(teller: RunningService, name: str, password: str = PASSWORD) -> httpx.Response:
    return teller.http.post("/v1/sessions", json={"username": name, "password": password})


def bearer(teller: RunningService, name: str) -> dict[str, str]:
    token = sign_in(teller, name).raise_for_status().json()["token"]
    return {"Authorization": f"Bearer {token}"}


class Colleague(Agent):
    """A desk of somebody with a password of their own."""

    def __init__(self, teller: RunningService, name: str) -> None:
        self.http = teller.http
        self.token = bearer(teller, name)


def entries(teller: RunningService, **query: str) -> list[Json]:
    answer = teller.http.get("/v1/audit", params=query, headers=bearer(teller, "zhao.min"))
    return list(answer.raise_for_status().json())


def waiting(teller: RunningService) -> str:
    """The id of a new ticket."""
    customer = Customer(teller)
    customer.say("转人工")
    ticket: str = customer.state()["ticket"]["id"]
    return ticket


class TestWithoutTheDemo:
    def test_a_person_signs_in_with_role_and_branch(self, teller: RunningService) -> None:
        session = sign_in(teller, "li.na").json()
        assert (session["role"], session["branch"]) == ("staff", BRANCH)
        assert session["expires_at"].endswith("+00:00")
        headers = {"Authorization": f"Bearer {session['token']}"}
        found = teller.http.post("/v1/search", json={"query": QUESTION, "audience": "staff"}, headers=headers)
        assert found.status_code == 200

    def test_the_demos_sign_ins_do_not_work(self, teller: RunningService) -> None:
        for name in ("admin", "staff", "editor2"):
            assert sign_in(teller, name, "demo").status_code == 401

    def test_the_desk_works_and_what_an_agent_saw_is_noted(self, teller: RunningService) -> None:
        ticket, agent = waiting(teller), Colleague(teller, "wang.lei")
        agent.be(presence="online")
        assert agent.move(ticket, "claim")[0] == 200
        for _ in range(3):
            agent.ticket(ticket)
        assert agent.move(ticket, "messages", text="您好，我来帮您。")[0] == 201
        assert agent.move(ticket, "resolve", code="answered")[0] == 200
        seen = [(one["who"], one["did"]) for one in entries(teller, what=ticket)]
        assert seen == [("wang.lei", "read_ticket")]

    def test_leads_that_are_read_and_exported_are_noted(self, teller: RunningService) -> None:
        headers = bearer(teller, "li.na")
        for path in ("/v1/leads", "/v1/leads", "/v1/leads/export", "/v1/leads/export"):
            assert teller.http.get(path, headers=headers).status_code == 200
        did = [one["did"] for one in entries(teller, who="li.na")]
        assert (did.count("read_leads"), did.count("export_leads")) == (1, 2)


class TestTokens:
    def test_one_is_renewed_and_ended_over_http(self, teller: RunningService) -> None:
        headers = bearer(teller, "wang.lei")
        renewed = teller.http.post("/v1/sessions/renew", headers=headers).raise_for_status().json()
        again = {"Authorization": f"Bearer {renewed['token']}"}
        assert teller.http.get("/v1/agents/me", headers=again).status_code == 200
        assert teller.http.delete("/v1/sessions", headers=again).status_code == 204
        for ended in (headers, again):
            assert teller.http.get("/v1/agents/me", headers=ended).status_code == 401
            assert teller.http.post("/v1/sessions/renew", headers=ended).status_code == 401

    def test_who_is_disabled_sees_nothing_more_not_even_in_an_open_stream(self, teller: RunningService) -> None:
        headers = bearer(teller, "sun.jie")
        before = waiting(teller)
        stream = Stream(teller.http, "/v1/desk/live", headers)
        stream.wait(lambda name, told: told.get("id") == before)
        assert command(teller, "user", "disable", "sun.jie").returncode == 0
        assert teller.http.get("/v1/tickets", headers=headers).status_code == 401
        after = waiting(teller)
        stream._thread.join(20)
        assert not stream._thread.is_alive()
        assert after not in {event[1].get("id") for event in stream.events}
        assert sign_in(teller, "sun.jie").status_code == 403
        assert command(teller, "user", "enable", "sun.jie").returncode == 0
        assert sign_in(teller, "sun.jie").status_code == 200

    def test_a_lock_is_told_to_who_knows_the_password_alone(self, teller: RunningService) -> None:
        for _ in range(5):
            assert sign_in(teller, "chen.yu", "a noisy forest").status_code == 401
        assert sign_in(teller, "chen.yu", "a noisy forest").status_code == 401
        locked = sign_in(teller, "chen.yu")
        assert (locked.status_code, locked.headers["content-type"]) == (423, "application/problem+json")
        assert "locked until 20" in locked.json()["detail"]
        changed = command(teller, "user", "password", "chen.yu", "--password-stdin", stdin="another quiet forest")
        assert changed.returncode == 0
        assert sign_in(teller, "chen.yu", "another quiet forest").status_code == 200


class TestUsers:
    def test_an_administrator_adds_and_changes_people(self, teller: RunningService) -> None:
        admin = bearer(teller, "zhao.min")
        new = {"name": "gao.fei", "role": "staff", "password": PASSWORD, "display_name": "高飞"}
        added = teller.http.post("/v1/users", json=new, headers=admin)
        assert (added.status_code, added.json()["display_name"]) == (201, "高飞")
        assert "password" not in added.text
        assert teller.http.post("/v1/users", json=new, headers=admin).status_code == 409
        theirs = bearer(teller, "gao.fei")
        changed = teller.http.patch("/v1/users/gao.fei", json={"role": "editor"}, headers=admin)
        assert changed.json()["role"] == "editor"
        assert teller.http.get("/v1/leads", headers=theirs).status_code == 401
        assert {one["name"] for one in teller.http.get("/v1/users", headers=admin).json()} >= {"gao.fei", *PEOPLE}
        assert [one["who"] for one in entries(teller, what="gao.fei") if one["did"] == "change_user"] == ["zhao.min"]

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"disabled": True}, 409),
            ({"role": "staff"}, 409),
            ({"password": "password123"}, 422),
            ({"nmae": "x"}, 422),
            ({"display_name": "赵敏"}, 200),
        ],
    )
    def test_what_may_be_changed_of_oneself(self, teller: RunningService, change: Json, status: int) -> None:
        answer = teller.http.patch("/v1/users/zhao.min", json=change, headers=bearer(teller, "zhao.min"))
        assert answer.status_code == status, answer.text

    def test_others_see_neither_users_nor_the_trail(self, teller: RunningService) -> None:
        for name in ("li.na", "wang.lei"):
            for path in ("/v1/users", "/v1/audit"):
                assert teller.http.get(path, headers=bearer(teller, name)).status_code == 403
                assert teller.http.get(path).status_code == 401
            change = teller.http.patch(f"/v1/users/{name}", json={"role": "admin"}, headers=bearer(teller, name))
            assert change.status_code == 403


class TestCommandLine:
    def test_users_are_listed_without_what_is_secret(self, teller: RunningService) -> None:
        listed = command(teller, "user", "list", "--json")
        found = {one["name"]: one for one in json.loads(listed.stdout)}
        assert (found["li.na"]["role"], found["li.na"]["branch"]) == ("staff", BRANCH)
        assert "argon2" not in listed.stdout
        assert "stamp" not in listed.stdout

    @pytest.mark.parametrize(
        ("arguments", "stdin", "code", "told"),
        [
            (("add", "x", "--role", "staff", "--password-stdin"), "short", 2, "has 5 characters"),
            (("add", "admin", "--role", "staff", "--password-stdin"), PASSWORD, 2, "those of the demo"),
            (("add", "li.na", "--role", "staff", "--password-stdin"), PASSWORD, 1, "is a user with this name already"),
            (("add", "x", "--role", "boss", "--password-stdin"), PASSWORD, 2, "boss"),
            (("disable", "nobody.here"), "", 1, "no user with this name"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, teller: RunningService, arguments: tuple[str, ...], stdin: str, code: int, told: str
    ) -> None:
        ended = command(teller, "user", *arguments, stdin=stdin)
        assert (ended.returncode, ended.stdout) == (code, "")
        assert told in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_the_trail_is_listed_with_who_ran_the_command(self, teller: RunningService) -> None:
        listed = json.loads(command(teller, "audit", "list", "--what", "li.na", "-n", "500", "--json").stdout)
        assert listed[-1]["did"] == "add_user"
        assert listed[-1]["who"].startswith("system:")

    def test_doctor_says_whether_anybody_can_sign_in(self, teller: RunningService) -> None:
        findings = json.loads(command(teller, "doctor", "--json").stdout)
        (found,) = [one for one in findings if one["what"] == "sign-ins"]
        assert found["ok"]
        assert "users with TELLER_DEMO off" in found["state"]

    def test_the_trail_holds_and_tampering_is_found(self, teller: RunningService) -> None:
        sound = command(teller, "audit", "verify")
        assert sound.returncode == 0, sound.stderr
        assert "entries hold" in sound.stdout
        engine = create_engine(f"sqlite:///{teller.root / 'data' / 'teller.sqlite3'}")
        with engine.begin() as connection:
            connection.execute(text("UPDATE audit SET who = 'somebody' WHERE number = 3"))
        engine.dispose()
        broken = command(teller, "audit", "verify")
        assert broken.returncode == 1
        assert "2 entries hold; the trail breaks at entry 3" in broken.stderr
