from __future__ import annotations

from pathlib import Path

from assistant import flow, flow_runner
from assistant.flow_event import SlotFilled, StepTaken
from assistant.frame import Frame
from assistant.slot import Filled

FLOW = flow.read(Path("assistant/flows/change_account_class.yaml"))
SECOND, THIRD = Filled("second", "Ⅱ类户"), Filled("third", "Ⅲ类户")


class TestFill:
    def test_what_was_passed_is_walked_again_before_it_is_confirmed(self) -> None:
        path = ("accounts", "account", "target", "check", "terms_third", "prepare")
        frame = Frame("f", FLOW.id, "confirm", slots={"target": THIRD}, path=path, operation="op-1")
        events = flow_runner.fill(FLOW, frame, "target", SECOND)
        assert events == [SlotFilled("f", "target", SECOND), StepTaken("f", "confirm", "target")]

    def test_what_was_not_known_is_filled_where_the_flow_stands(self) -> None:
        frame = Frame("f", FLOW.id, "account", path=("accounts",))
        assert flow_runner.fill(FLOW, frame, "target", SECOND) == [SlotFilled("f", "target", SECOND)]
