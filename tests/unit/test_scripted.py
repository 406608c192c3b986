"""A script answers what it has lines for, and says clearly what it has none for."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.llms.scripted import Scripted, WrongScript
from tests.models import Slip, allow, ask

SCRIPT = """
- {prompt: answer, about: 年费, say: "年费3600元[1]。"}
- {prompt: answer, say: "随便[1]。"}
- {prompt: answer, fill: {kind: task}}
"""


def scripted(folder: Path, text: str = SCRIPT) -> Scripted:
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    return Scripted.of(folder / "script.yaml")


def test_each_line_is_said_once_to_what_it_fits(tmp_path: Path) -> None:
    llm = scripted(tmp_path)
    assert "".join(llm.stream(ask("怎么开户？"), allow())) == "随便[1]。"
    assert "".join(llm.stream(ask("年费？"), allow())) == "年费3600元[1]。"
    assert llm.fill(ask("年费？"), Slip, allow()).kind == "task"
    assert llm.left == []
    with pytest.raises(WrongScript, match="no line left for answer@1"):
        list(llm.stream(ask("年费？"), allow()))


def test_words_are_no_object(tmp_path: Path) -> None:
    with pytest.raises(WrongScript, match="has an object"):
        list(scripted(tmp_path, "[{prompt: answer, fill: {}}]").stream(ask(), allow()))


@pytest.mark.parametrize("text", ["[{prompt: answer}]", "[{prompt: answer, fail: tired}]", "- {", "{}"])
def test_a_script_that_says_nothing_is_wrong(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongScript, match=r"script\.yaml cannot be read"):
        scripted(tmp_path, text)
