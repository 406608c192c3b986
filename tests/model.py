"""A language model of the tests' own: what it says is decided by what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator

from assistant.llm import Allowance, Asked, Failure, ModelFailed, Shape
from assistant.model_event import ModelAsked


class FakeModel:
    """Says what `answer` makes of what it is asked; a failure in its place is raised. Everything it was asked is kept."""

    def __init__(self, answer: Callable[[Asked], str | Failure], piece: int = 3) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self._piece = piece

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        text = self._said(asked, allowance)
        yield from (text[start : start + self._piece] for start in range(0, len(text), self._piece))

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        said = asked.cloak.uncover(self._said(asked, allowance))
        try:
            return shape.model_validate(json.loads(said))
        except ValueError as error:
            raise ModelFailed(Failure.OTHER_SHAPE) from error

    def resting(self) -> dict[str, bool]:
        return {}

    def close(self) -> None:
        pass

    def _said(self, asked: Asked, allowance: Allowance) -> str:
        self.asked.append(asked)
        answer = self.answer(asked)
        failure = answer if isinstance(answer, Failure) else None
        allowance.asked.append(ModelAsked(asked.prompt, "fake", 100, 20, 0.01, 1.0, 2.0, failure))
        if isinstance(answer, Failure):
            raise ModelFailed(answer)
        return answer


def retold(asked: Asked) -> str:
    """What a model that minds the rules makes of the lines of a summary: four sentences at most, each with its marks."""
    lines = [line.partition("] ")[2] for line in asked.user.splitlines() if line.startswith("[")]
    size = -(-len(lines) // 4) or 1
    parts = [range(start, min(start + size, len(lines))) for start in range(0, len(lines), size)]
    return "".join(
        "，".join(lines[one].strip("。 ").replace("。", "，") for one in part)
        + "".join(f"[{one + 1}]" for one in part)
        + "。"
        for part in parts
    )
