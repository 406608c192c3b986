"""What a customer had to go through, told from the record."""

from __future__ import annotations

from evals.case import Goal
from evals.evaluators.effort import asked_in_vain, corrections, fewest, loops
from evals.record import PlayedTurn

FLOW = "deposit_certificate"


def turn(asked: str, slots: dict[str, str] | None = None, said: str = "", **more: object) -> PlayedTurn:
    """A turn after which this slot is asked for."""
    wanted = f"{FLOW} slot {asked}" if asked else ""
    return PlayedTurn.model_validate(
        {"said": said, "flow": FLOW, "status": "open", "asked": wanted, "slots": slots or {}} | more
    )


class TestAskedInVain:
    def test_what_was_understood_and_is_asked_for_again(self) -> None:
        assert asked_in_vain([turn("amount"), turn("copies", {"amount": "5"}), turn("amount", {})]) == ["amount"]

    def test_what_was_not_understood_is_rightly_asked_for_again(self) -> None:
        assert asked_in_vain([turn("amount"), turn("amount"), turn("amount")]) == []

    def test_what_was_cleared_is_rightly_asked_for_again(self) -> None:
        cleared = turn("amount", {}, events=["slots_cleared"])
        assert asked_in_vain([turn("amount"), turn("copies", {"amount": "5"}), cleared]) == []

    def test_a_task_begun_anew_asks_anew(self) -> None:
        ended, anew = turn("", {"amount": "5"}, status="cancelled"), turn("amount", {}, events=["flow_started"])
        assert asked_in_vain([turn("amount"), turn("copies", {"amount": "5"}), ended, anew]) == []


def test_fewest_counts_each_question_once() -> None:
    turns = [turn("amount"), turn("amount"), turn("copies", {"amount": "5"}), turn("")]
    assert fewest(turns) == 3


def test_a_loop_is_the_same_question_in_a_row() -> None:
    assert loops([turn("amount")] * 3) == []
    assert loops([turn("amount")] * 4) == [(f"{FLOW} slot amount", 4)]
    assert loops([turn("amount"), turn("copies")] * 4) == []


class TestCorrections:
    goal = Goal(flow=FLOW, opening="存款证明", facts={"amount": ("10万元",)}, wrong={"amount": "5万元"})
    asked, wrong = turn("amount"), turn("copies", {"amount": "50,000元"}, "5万元")

    def test_heard_where_the_value_changes(self) -> None:
        right = turn("copies", {"amount": "100,000元"}, "不对，是10万元")
        assert corrections(self.goal, [self.asked, self.wrong, right]) is True

    def test_not_heard_where_it_stays(self) -> None:
        stays = turn("copies", {"amount": "50,000元"}, "不对，是10万元")
        assert corrections(self.goal, [self.asked, self.wrong, stays]) is False

    def test_nothing_where_none_was_made(self) -> None:
        assert corrections(self.goal, [self.asked]) is None
