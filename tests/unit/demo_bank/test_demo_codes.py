from __future__ import annotations

import threading

import pytest

from assistant.demo_bank.customer import UnknownCustomer
from assistant.demo_bank.database.tables import codes
from assistant.demo_bank.outcome import Answer
from tests.unit.demo_bank.conftest import Bank

WHO = "c1001"


def send(bank: Bank, purpose: str = "phone", number: str | None = None) -> Answer:
    return bank.codes.send(WHO, purpose, number)


def check(bank: Bank, code: str | None = None, purpose: str = "phone") -> Answer:
    return bank.codes.check(WHO, purpose, bank.last_code(WHO) if code is None else code)


def wrong(bank: Bank) -> str:
    return f"{(int(bank.last_code(WHO)) + 1) % 1_000_000:06d}"


class TestSend:
    def test_says_where_it_went_and_for_how_long(self, bank: Bank) -> None:
        times = {"seconds_valid": "300", "seconds_to_resend": "60"}
        assert send(bank) == Answer("sent", {"phone": "161****1001", **times})
        assert send(bank, "new", "16100002001") == Answer("sent", {"phone": "161****2001", **times})

    def test_the_database_does_not_hold_it_for_checking(self, bank: Bank) -> None:
        send(bank)
        row = bank.rows(codes, WHO)[0]
        assert len(bank.last_code(WHO)) == 6
        assert bank.last_code(WHO) not in row.values()
        assert len(row["digest"]) == 64

    def test_pauses_before_the_next(self, bank: Bank) -> None:
        send(bank)
        bank.clock.move(seconds=20)
        again = send(bank)
        assert (again.outcome, again.values["seconds_to_resend"]) == ("too_soon", "40")
        assert send(bank, "other").outcome == "sent"
        bank.clock.move(seconds=40)
        assert send(bank).outcome == "sent"

    def test_ten_a_day(self, bank: Bank) -> None:
        for _ in range(10):
            assert send(bank).outcome == "sent"
            bank.clock.move(minutes=2)
        bank.clock.now = bank.clock.now.replace(hour=23, minute=30, second=0)
        assert send(bank) == Answer("locked", {"minutes": "30"})
        bank.clock.move(minutes=30)
        assert send(bank).outcome == "sent"

    def test_unknown_customers_are_errors(self, bank: Bank) -> None:
        with pytest.raises(UnknownCustomer):
            bank.codes.send("c9999", "phone", "16100002001")


class TestCheck:
    def test_right_once(self, bank: Bank) -> None:
        send(bank)
        assert check(bank) == Answer("right")
        assert check(bank) == Answer("expired")

    def test_right_once_of_eight_at_once(self, bank: Bank) -> None:
        send(bank)
        code, answers = bank.last_code(WHO), []
        threads = [threading.Thread(target=lambda: answers.append(check(bank, code).outcome)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["expired"] * 7 + ["right"]

    def test_only_for_its_purpose(self, bank: Bank) -> None:
        send(bank)
        assert check(bank, purpose="other") == Answer("expired")

    def test_only_the_last_one(self, bank: Bank) -> None:
        send(bank)
        first = bank.last_code(WHO)
        bank.clock.move(seconds=60)
        send(bank)
        if first != bank.last_code(WHO):
            assert check(bank, first).outcome == "wrong"
        assert check(bank).outcome == "right"

    def test_expires(self, bank: Bank) -> None:
        send(bank)
        bank.clock.move(seconds=300)
        assert check(bank, wrong(bank)).outcome == "wrong"
        bank.clock.move(seconds=1)
        assert check(bank) == Answer("expired")

    def test_five_wrong_ones_lock_for_half_an_hour(self, bank: Bank) -> None:
        send(bank)
        left = [check(bank, wrong(bank)).values["attempts_left"] for _ in range(4)]
        assert left == ["4", "3", "2", "1"]
        assert check(bank, wrong(bank)) == Answer("locked", {"minutes": "30"})
        assert check(bank).outcome == "locked"
        bank.clock.move(minutes=29, seconds=30)
        assert send(bank) == Answer("locked", {"minutes": "1"})
        assert send(bank, "other").outcome == "locked"
        bank.clock.move(seconds=31)
        assert check(bank) == Answer("expired")
        assert send(bank).outcome == "sent"
        assert check(bank, wrong(bank)).values == {"attempts_left": "4"}

    def test_a_new_code_gives_no_new_attempts(self, bank: Bank) -> None:
        send(bank)
        for _ in range(4):
            check(bank, wrong(bank))
        bank.clock.move(seconds=60)
        send(bank)
        assert check(bank, wrong(bank)).outcome == "locked"

    def test_a_right_one_does(self, bank: Bank) -> None:
        send(bank)
        check(bank, wrong(bank))
        check(bank)
        bank.clock.move(seconds=60)
        send(bank)
        assert check(bank, "").values == {"attempts_left": "4"}
