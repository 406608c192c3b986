"""Every provider of language models holds to the port."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.cloak import Cloak
from assistant.llm import LLM, Failure, ModelFailed
from assistant.llms.scripted import Line, Scripted
from evals import model_server
from evals.model_behaviour import Act, Behaviour
from tests.models import Slip, allow, ask, built


@dataclass
class Plan:
    """What the next call meets: words, an object, or a failure after words."""

    say: str = ""
    fill: dict[str, Any] | None = None
    fails: bool = False
    lines: list[Line] = field(default_factory=list)

    def behaviour(self) -> Behaviour:
        text = self.say if self.fill is None else json.dumps(self.fill)
        return Behaviour(Act.CUT if self.fails else Act.ANSWER, text=text, after=len(text))

    def line(self) -> Line:
        return Line(prompt="answer", say=self.say, fill=self.fill, fail=Failure.BROKEN_OFF if self.fails else None)


Provide = Callable[[Plan], LLM]


@pytest.fixture(params=["a server", "a script"])
def provide(request: pytest.FixtureRequest) -> Iterator[Provide]:
    with ExitStack() as stack:

        def server(plan: Plan) -> LLM:
            running = stack.enter_context(model_server.running(plan.behaviour()))
            return stack.enter_context(built(running.url))

        yield server if request.param == "a server" else lambda plan: Scripted([plan.line()])


def test_an_answer_comes_in_pieces_with_the_cloaks_tokens_in_it(provide: Provide) -> None:
    cloak = Cloak()
    covered = cloak.cover("我的手机号是13800138000")
    allowance, llm = allow(), provide(Plan("您的手机号是<PHONE_1>[1]。"))
    pieces = llm.stream(ask(covered, cloak), allowance)
    assert not allowance.asked
    said = list(pieces)
    assert len(said) > 2 and "".join(said) == "您的手机号是<PHONE_1>[1]。"
    (kept,) = allowance.asked
    assert (kept.prompt, kept.failure) == ("answer@1-00000000", None)
    assert kept.input_tokens > 0 and kept.output_tokens > 0 and kept.total_ms >= 0


def test_a_failure_midway_comes_after_what_was_said(provide: Provide) -> None:
    allowance, llm, said = allow(), provide(Plan("年费为3600元", fails=True)), ""
    with pytest.raises(ModelFailed) as raised:
        for piece in llm.stream(ask(), allowance):
            said += piece
    assert (said, raised.value.failure) == ("年费为3600元", Failure.BROKEN_OFF)
    assert [kept.failure for kept in allowance.asked] == ["broken_off"]


def test_a_shape_is_filled_and_its_texts_uncovered(provide: Provide) -> None:
    cloak = Cloak(["王小明"])
    covered = cloak.cover("我叫王小明")
    allowance = allow()
    llm = provide(Plan(fill={"kind": "task", "name": "<NAME_1>", "lines": [{"text": "见<NAME_1>"}], "day": None}))
    slip = llm.fill(ask(covered, cloak), Slip, allowance)
    assert slip == Slip(kind="task", name="王小明", lines=[Slip.Line(text="见王小明")])
    assert [kept.failure for kept in allowance.asked] == [None]


def test_another_shape_is_a_failure(provide: Provide) -> None:
    with pytest.raises(ModelFailed) as raised:
        provide(Plan(fill={"kind": "dance"})).fill(ask(), Slip, allow())
    assert raised.value.failure is Failure.OTHER_SHAPE


def test_an_answer_may_be_left_unheard(provide: Provide) -> None:
    allowance = allow()
    pieces = provide(Plan("您好，" * 100)).stream(ask(), allowance)
    next(pieces)
    pieces.close()
    assert len(allowance.asked) == 1
    with pytest.raises(StopIteration):
        next(pieces)
