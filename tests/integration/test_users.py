"""Users and their tries to sign in, on both databases."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from assistant import gate, password
from assistant.attempt import Refused
from assistant.audit import Audit
from assistant.gate import Gate
from assistant.secret_key import secret
from assistant.settings import Settings
from assistant.sign_in import DEMO_SIGN_INS, Role, SignIn
from assistant.user import Change, NameTaken, NoSuchUser, User, WrongName, users
from knowledge_base.database import Database
from tests.service import ROOT
from ui.problem import Problem
from ui.signin import LockedOut, SignIns

NAME, PASSWORD, WRONG = "zhang.wei", "a quiet forest", "a noisy forest"
BRANCH = "云杉银行成都高新支行"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database, "key")


@pytest.fixture
def entry(database: Database, audit: Audit) -> Gate:
    """A gate with one user."""
    made = gate.build(database, audit)
    made.users.add("admin", NAME, Role.AGENT, PASSWORD, BRANCH, "张伟")
    return made


@pytest.fixture
def sign_ins(entry: Gate, audit: Audit, tmp_path: Path) -> SignIns:
    return SignIns(Settings(data_dir=tmp_path, demo=False), entry, audit)


def lock(entry: Gate) -> str:
    """Locks the user out; returns until when."""
    for _ in range(5):
        assert entry.attempts.enter(NAME, WRONG) == Refused()
    until = entry.users.get(NAME).locked_until
    assert until is not None
    return until


def set_row(database: Database, **values: object) -> None:
    with database.writing() as connection:
        connection.execute(update(users).where(users.c.name == NAME).values(**values))


def row(database: Database) -> dict[str, object]:
    with database.reading() as connection:
        return dict(connection.execute(select(users).where(users.c.name == NAME)).mappings().one())


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="milliseconds")


class TestUsers:
    def test_a_user_is_kept_without_the_password(self, entry: Gate, database: Database) -> None:
        (found,) = entry.users.listed()
        assert (found.name, found.display_name, found.role, found.branch) == (NAME, "张伟", Role.AGENT, BRANCH)
        assert PASSWORD not in json.dumps(row(database), default=str)
        assert entry.users.count() == 1

    @pytest.mark.parametrize("name", [*DEMO_SIGN_INS, "system", "nobody", "", "a b", "张伟", "x" * 65, "a\0b", "-a"])
    def test_a_name_of_the_demo_or_of_other_letters_is_refused(self, entry: Gate, name: str) -> None:
        with pytest.raises(WrongName):
            entry.users.add("admin", name, Role.STAFF, PASSWORD)

    def test_a_name_is_one_persons_whatever_its_case(self, entry: Gate) -> None:
        with pytest.raises(NameTaken):
            entry.users.add("admin", "Zhang.Wei", Role.ADMIN, PASSWORD)
        assert entry.users.get("Zhang.Wei").role is Role.AGENT

    @pytest.mark.parametrize("name", ["", "li.na"])
    def test_nobody_cannot_be_read_or_changed(self, entry: Gate, name: str) -> None:
        with pytest.raises(NoSuchUser):
            entry.users.get(name)
        with pytest.raises(NoSuchUser):
            entry.users.change("admin", name, Change(password=PASSWORD))

    def test_each_change_is_noted_without_the_password(self, entry: Gate, audit: Audit) -> None:
        entry.users.change("admin", NAME, Change(role=Role.QA, password="another quiet forest"))
        changed, added = audit.listed(what=NAME)
        assert (added.who, added.did, added.detail["role"]) == ("admin", "add_user", "agent")
        assert (changed.did, changed.detail) == ("change_user", {"changed": "password, role", "role": "qa"})
        assert audit.verify() == (2, None)


class TestAttempts:
    def test_the_right_password_enters(self, entry: Gate, audit: Audit) -> None:
        entered = entry.attempts.enter(" Zhang.Wei ", PASSWORD)
        assert isinstance(entered, User)
        assert (audit.listed()[0].who, audit.listed()[0].did) == (NAME, "sign_in")

    @pytest.mark.parametrize(
        ("name", "given"),
        [(NAME, WRONG), (NAME, ""), ("li.na", PASSWORD), ("", ""), ("", "nobody has this password"), ("a\0", "\ud800")],
    )
    def test_what_is_wrong_is_refused_alike(self, entry: Gate, name: str, given: str) -> None:
        assert entry.attempts.enter(name, given) == Refused()

    def test_what_was_typed_is_not_kept(self, entry: Gate, audit: Audit) -> None:
        entry.attempts.enter("hunter2-typed-as-a-name", WRONG)
        told = str(audit.listed())
        assert "hunter2" not in told
        assert WRONG not in told
        assert (audit.listed()[0].who, audit.listed()[0].did) == ("nobody", "fail_sign_in")

    def test_five_wrong_ones_lock_it_for_a_quarter_of_an_hour(self, entry: Gate) -> None:
        until = datetime.fromisoformat(lock(entry)) - datetime.now(UTC)
        assert timedelta(minutes=14) < until <= timedelta(minutes=15)
        assert entry.attempts.enter(NAME, PASSWORD) == Refused(entry.users.get(NAME).locked_until)
        assert entry.attempts.enter(NAME, WRONG) == Refused()

    def test_four_wrong_ones_are_forgiven(self, entry: Gate, database: Database) -> None:
        for _ in range(4):
            entry.attempts.enter(NAME, WRONG)
        assert isinstance(entry.attempts.enter(NAME, PASSWORD), User)
        assert row(database)["failed"] == 0

    def test_a_lock_ends(self, entry: Gate, database: Database) -> None:
        lock(entry)
        set_row(database, locked_until=ago(seconds=1))
        assert entry.attempts.enter(NAME, WRONG) == Refused()
        assert row(database)["failed"] == 1
        assert isinstance(entry.attempts.enter(NAME, PASSWORD), User)

    def test_a_lock_is_no_place_to_go_on_guessing(self, entry: Gate) -> None:
        lock(entry)
        for _ in range(5):
            entry.attempts.enter(NAME, WRONG)
        assert entry.attempts.enter(NAME, PASSWORD) == Refused()

    def test_many_at_once_are_counted_each(self, entry: Gate, database: Database) -> None:
        with ThreadPoolExecutor(12) as pool:
            ended = list(pool.map(lambda _: entry.attempts.enter(NAME, WRONG), range(12)))
        assert ended == [Refused()] * 12
        assert row(database)["failed"] == 12
        assert entry.users.get(NAME).locked_until

    def test_two_processes_count_together(self, entry: Gate, database_url: str) -> None:
        command = [sys.executable, "-m", "tests.integration.sign_in_process", database_url, NAME]
        others = [
            subprocess.Popen([*command, WRONG, times], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for times in ("3", "2")
        ]
        told = "".join(other.communicate(timeout=60)[0] for other in others)
        assert told.count("Refused(locked_until=None") == 5
        assert entry.attempts.enter(NAME, PASSWORD) == Refused(entry.users.get(NAME).locked_until)
        assert entry.users.get(NAME).locked_until

    def test_an_unknown_name_takes_as_long_as_a_wrong_password(self, entry: Gate) -> None:
        def took(name: str) -> float:
            began = time.perf_counter()
            entry.attempts.enter(name, WRONG)
            return time.perf_counter() - began

        took("li.na")
        unknown, known = zip(*((took("li.na"), took(NAME)) for _ in range(9)), strict=True)
        ratio = statistics.median(unknown) / statistics.median(known)
        assert 0.6 < ratio < 1.6, ratio

    def test_other_parameters_are_brought_up_to_date(self, entry: Gate, database: Database) -> None:
        old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        set_row(database, password_hash=old)
        assert isinstance(entry.attempts.enter(NAME, PASSWORD), User)
        renewed = str(row(database)["password_hash"])
        assert not password.is_outdated(renewed)
        assert password.matches(renewed, PASSWORD)

    def test_who_is_disabled_is_told_so_for_the_right_password_alone(self, entry: Gate) -> None:
        entry.users.change("admin", NAME, Change(disabled=True))
        assert entry.attempts.enter(NAME, WRONG) == Refused()
        assert entry.attempts.enter(NAME, PASSWORD) == Refused(disabled=True)


class TestTokens:
    def test_a_token_tells_who_it_is(self, sign_ins: SignIns) -> None:
        token, person = sign_ins.open(NAME, PASSWORD)
        assert sign_ins.read(token) == person == SignIn(NAME, Role.AGENT, BRANCH)
        assert timedelta(minutes=29) < sign_ins.expiry(token) - datetime.now(UTC) <= timedelta(minutes=30)

    @pytest.mark.parametrize(
        "change",
        [
            Change(disabled=True),
            Change(role=Role.STAFF),
            Change(branch="云杉银行武汉光谷支行"),
            Change(password="another quiet forest"),
        ],
    )
    def test_a_change_of_the_user_ends_it_at_once(self, sign_ins: SignIns, entry: Gate, change: Change) -> None:
        token, _person = sign_ins.open(NAME, PASSWORD)
        entry.users.change("admin", NAME, change)
        for use in (sign_ins.read, sign_ins.renew, sign_ins.kept_up, sign_ins.expiry):
            with pytest.raises(Problem) as refused:
                use(token)
            assert refused.value.status == 401

    def test_another_process_knows_of_it_too(
        self, sign_ins: SignIns, entry: Gate, database_url: str, tmp_path: Path
    ) -> None:
        with closing(Database(database_url)) as database:
            audit = Audit(database, "key")
            other = SignIns(Settings(data_dir=tmp_path, demo=False), gate.build(database, audit), audit)
            first, _person = sign_ins.open(NAME, PASSWORD)
            second, person = sign_ins.open(NAME, PASSWORD)
            assert other.read(first) == person
            sign_ins.close(first)
            for change in (None, Change(disabled=True)):
                if change:
                    assert other.read(second) == person
                    entry.users.change("admin", NAME, change)
                with pytest.raises(Problem):
                    other.read(second if change else first)

    def test_signing_out_ends_it_with_those_renewed(self, sign_ins: SignIns) -> None:
        token, _person = sign_ins.open(NAME, PASSWORD)
        other, _person = sign_ins.open(NAME, PASSWORD)
        renewed = sign_ins.renew(token)
        sign_ins.close(token)
        for ended in (token, renewed):
            with pytest.raises(Problem):
                sign_ins.read(ended)
        assert sign_ins.read(other).name == NAME

    def test_it_is_renewed_up_to_ten_hours_after_the_sign_in(self, sign_ins: SignIns, tmp_path: Path) -> None:
        token, _person = sign_ins.open(NAME, PASSWORD)
        assert sign_ins.kept_up(token) == token

        def aged(hours: float, minutes_left: float) -> str:
            key = secret(Settings(data_dir=tmp_path))
            claims = jwt.decode(token, key, ["HS256"])
            now = datetime.now(UTC)
            times = {"auth_time": now - timedelta(hours=hours), "exp": now + timedelta(minutes=minutes_left)}
            return jwt.encode(claims | {name: int(at.timestamp()) for name, at in times.items()}, key, "HS256")

        late = aged(9, 10)
        for renewed in (sign_ins.renew(late), sign_ins.kept_up(late)):
            assert sign_ins.expiry(renewed) - sign_ins.expiry(late) > timedelta(minutes=19)
        last = aged(9.9, 3)
        assert sign_ins.expiry(sign_ins.renew(last)) - datetime.now(UTC) < timedelta(minutes=6.1)
        end = aged(10, -0.1)
        with pytest.raises(Problem):
            sign_ins.renew(end)

    def test_a_customers_token_is_nobodys_of_the_bank_and_the_other_way(self, sign_ins: SignIns) -> None:
        with pytest.raises(Problem):
            sign_ins.read(sign_ins.open_customer(NAME))
        with pytest.raises(Problem):
            sign_ins.read_customer(sign_ins.open(NAME, PASSWORD)[0])

    def test_who_is_locked_out_is_told_until_when(self, sign_ins: SignIns, entry: Gate) -> None:
        until = lock(entry)
        with pytest.raises(LockedOut, match="locked until") as locked:
            sign_ins.open(NAME, PASSWORD)
        assert (locked.value.status, locked.value.until) == (423, until)
        with pytest.raises(Problem) as wrong:
            sign_ins.open(NAME, WRONG)
        assert wrong.value.status == 401


class TestLooks:
    def test_who_looks_on_looks_once_a_day_in_all_processes(self, database: Database, audit: Audit) -> None:
        other = Audit(database, "key")
        for one in (audit, audit, other):
            one.note_look("agent", "read_ticket", "t1")
        audit.note_look("agent", "read_ticket", "t2")
        audit.note_look("agent2", "read_ticket", "t1")
        assert [(one.who, one.what) for one in audit.listed()] == [("agent2", "t1"), ("agent", "t2"), ("agent", "t1")]
