from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, update

from assistant.demo_bank.customer import Customer, UnknownCustomer
from assistant.demo_bank.database.tables import customers, operations, phone_changes
from assistant.demo_bank.operation import KeyTaken, State, UnknownOperation
from assistant.demo_bank.operations import change_phone
from assistant.demo_bank.outcome import BadInput, Value
from tests.unit.demo_bank.conftest import Bank

NEW = "16100002001"


def prepare(bank: Bank, customer: str = "c1001", number: str = NEW) -> str:
    state = bank.operations.prepare("change_phone", customer, {"new_phone": number}, "zh-CN")
    assert state.outcome == "ready" and state.id
    return state.id


def phone(bank: Bank, customer: str = "c1001") -> str:
    return str(bank.rows(customers, customer)[0]["phone"])


class TestLife:
    def test_prepared_changes_nothing_and_is_written_down(self, bank: Bank) -> None:
        state = bank.operations.prepare("change_phone", "c1001", {"new_phone": NEW}, "zh-CN")
        assert state.values == {"old_phone": "161****1001"}
        assert state.expires_at == "2026-11-22T12:15:00.000+08:00"
        assert phone(bank) == "16100001001"
        assert bank.operations.look_up(str(state.id)).outcome == "prepared"

    def test_done_changes_it_with_a_receipt(self, bank: Bank) -> None:
        state = bank.operations.commit(prepare(bank), "key")
        assert state.outcome == "done"
        assert state.values == {"receipt": "YS2026112200000001"}
        assert phone(bank) == NEW
        change = bank.rows(phone_changes, "c1001")[0]
        assert change["limited_until"] == "2026-11-23T12:00:00.000+08:00"

    def test_refused_has_no_operation(self, bank: Bank) -> None:
        state = bank.operations.prepare("change_phone", "c1003", {"new_phone": NEW}, "zh-CN")
        assert (state.outcome, state.id, state.expires_at) == ("underage", None, None)
        assert not bank.rows(operations, "c1003")

    def test_unknown_names_are_errors(self, bank: Bank) -> None:
        with pytest.raises(UnknownOperation):
            bank.operations.prepare("rob_the_bank", "c1001", {}, "zh-CN")
        with pytest.raises(UnknownCustomer):
            bank.operations.prepare("change_phone", "c9999", {"new_phone": NEW}, "zh-CN")
        with pytest.raises(UnknownOperation):
            bank.operations.commit("op-none", "key")
        with pytest.raises(UnknownOperation):
            bank.operations.look_up("op-none")

    @pytest.mark.parametrize(
        "inputs", [{}, {"new_phone": ""}, {"new_phone": "12345678901"}, {"new_phone": "1610000200١"}]
    )
    def test_malformed_inputs_are_errors(self, bank: Bank, inputs: dict[str, str]) -> None:
        with pytest.raises(BadInput):
            bank.operations.prepare("change_phone", "c1001", inputs, "zh-CN")


class TestOnce:
    def test_any_key_gets_the_answer_of_the_first(self, bank: Bank) -> None:
        operation = prepare(bank)
        first = bank.operations.commit(operation, "one")
        assert bank.operations.commit(operation, "one") == first
        assert bank.operations.commit(operation, "two") == first
        assert bank.operations.look_up(operation) == first
        assert len(bank.rows(phone_changes, "c1001")) == 1

    def test_a_key_is_for_one_operation(self, bank: Bank) -> None:
        bank.operations.commit(prepare(bank), "key")
        other = prepare(bank, number="16100002002")
        with pytest.raises(KeyTaken):
            bank.operations.commit(other, "key")
        assert bank.operations.look_up(other).outcome == "prepared"

    def test_eight_at_once_make_one_change(self, bank: Bank) -> None:
        operation = prepare(bank)
        states = at_once(bank, [(operation, f"key-{number}") for number in range(8)])
        assert {str(state.values["receipt"]) for state in states} == {"YS2026112200000001"}
        assert len(bank.rows(phone_changes, "c1001")) == 1

    def test_of_eight_prepared_alike_one_is_done(self, bank: Bank) -> None:
        prepared = [(prepare(bank, number=f"1610000210{number}"), f"key-{number}") for number in range(8)]
        outcomes = sorted(state.outcome for state in at_once(bank, prepared))
        assert outcomes == ["done"] + ["not_done"] * 7
        assert len(bank.rows(phone_changes, "c1001")) == 1

    def test_of_two_customers_one_gets_the_number(self, bank: Bank) -> None:
        prepared = [(prepare(bank, customer), customer) for customer in ("c1001", "c1002")]
        assert sorted(state.outcome for state in at_once(bank, prepared)) == ["done", "not_done"]
        assert sorted([phone(bank), phone(bank, "c1002")]).count(NEW) == 1


class TestNotDone:
    def test_expired(self, bank: Bank) -> None:
        operation = prepare(bank)
        bank.clock.move(minutes=15, seconds=1)
        assert bank.operations.commit(operation, "key").outcome == "not_done"
        assert bank.rows(operations, "c1001")[0]["reason"] == "expired"
        bank.clock.move(minutes=-10)
        again = bank.operations.commit(operation, "other")
        assert (again.outcome, again.values) == ("not_done", {})
        assert phone(bank) == "16100001001"

    def test_still_good_in_the_last_second(self, bank: Bank) -> None:
        operation = prepare(bank)
        bank.clock.move(minutes=15)
        assert bank.operations.commit(operation, "key").outcome == "done"

    def test_the_number_has_been_taken_meanwhile(self, bank: Bank) -> None:
        operation = prepare(bank)
        with bank.store.writing() as connection:
            connection.execute(update(customers).where(customers.c.id == "c1002").values(phone=NEW))
        assert bank.operations.commit(operation, "key").outcome == "not_done"
        assert bank.rows(operations, "c1001")[0]["reason"] == "number_taken"

    def test_what_was_read_back_has_changed_meanwhile(self, bank: Bank) -> None:
        operation = prepare(bank)
        bank.operations.commit(prepare(bank, number="16100002002"), "one")
        assert bank.operations.commit(operation, "two").outcome == "not_done"
        assert phone(bank) == "16100002002"

    def test_an_error_in_the_change_undoes_it(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        operation, commit = prepare(bank), change_phone.commit

        def fail(
            connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str
        ) -> Mapping[str, Value]:
            commit(connection, customer, inputs, locale)
            raise RuntimeError

        monkeypatch.setattr(change_phone, "commit", fail)
        with pytest.raises(RuntimeError):
            bank.operations.commit(operation, "key")
        assert phone(bank) == "16100001001" and not bank.rows(phone_changes, "c1001")
        monkeypatch.undo()
        assert bank.operations.commit(operation, "key").outcome == "done"


def at_once(bank: Bank, calls: list[tuple[str, str]]) -> list[State]:
    """What commits give that start together."""
    gate, states = threading.Barrier(len(calls)), []

    def commit(operation: str, key: str) -> None:
        gate.wait()
        states.append(bank.operations.commit(operation, key))

    threads = [threading.Thread(target=commit, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == len(calls)
    return states
