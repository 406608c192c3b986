"""A case that is written down from a conversation: what is wrong is told by field, and nothing personal is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from evals import own_suite, suite
from evals.case_draft import CaseDraft, DraftTurn, Kind, Wrong
from evals.own_suite import CaseTaken, SuiteShipped
from evals.suite import WrongSuite

RIGHT = CaseDraft(
    suite="real_questions",
    id="c1",
    turns=(DraftTurn(Kind.SAY, "换手机号"), DraftTurn(Kind.RIGHT_CODE), DraftTurn(Kind.PRESS, "确认"), DraftTurn(Kind.SAY, " ")),
    must_say="已修改 | 改好了\n回执号",
    handoff=False,
)  # fmt: skip


def test_it_becomes_the_case_that_was_meant() -> None:
    assert RIGHT.faults() == {}
    assert RIGHT.content() == {
        "id": "c1",
        "audience": "customer",
        "locale": "zh-CN",
        "turns": ["换手机号", {"code": "right"}, {"press": "确认"}],
        "must_say": [["已修改", "改好了"], ["回执号"]],
        "handoff": False,
    }


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"suite": ""}, {"suite": Wrong.MISSING}),
        ({"suite": "../evil"}, {"suite": Wrong.NOT_A_NAME}),
        ({"suite": "gates.yaml"}, {"suite": Wrong.NOT_A_NAME}),
        ({"id": "a:b"}, {"id": Wrong.NOT_A_NAME}),
        ({"turns": ()}, {"turns": Wrong.MISSING}),
        ({"must_say": " \n", "handoff": None}, {"case": Wrong.NOTHING_EXPECTED}),
        ({"must_not_say": "写到 zhang.san@bank.example"}, {"must_not_say": Wrong.PERSONAL}),
    ],
)
def test_what_is_wrong_is_told_by_field(changes: dict[str, object], wrong: dict[str, Wrong]) -> None:
    assert replace(RIGHT, **changes).faults() == wrong  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said", ["我的号码是16100001001", "卡号 6222 0200 0000 0000 123", "验证码是482913", "1３９12345678"]
)
def test_a_turn_that_holds_personal_data_is_refused(said: str) -> None:
    assert replace(RIGHT, turns=(DraftTurn(Kind.SAY, "你好"), DraftTurn(Kind.SAY, said))).faults() == {
        "turn_1": Wrong.PERSONAL
    }


def test_what_is_covered_may_stay() -> None:
    assert replace(RIGHT, turns=(DraftTurn(Kind.SAY, "号码是161****1001"),)).faults() == {}


class TestOwnSuite:
    def test_it_is_made_and_added_to(self, tmp_path: Path) -> None:
        own_suite.add(tmp_path, "real_questions", RIGHT.content())
        path = own_suite.add(tmp_path, "real_questions", RIGHT.content() | {"id": "c2"})
        assert [case.id for case in suite.load(path).cases] == ["c1", "c2"]

    @pytest.mark.parametrize("indent", ["", "  "])
    def test_what_people_wrote_stays_as_it_is(self, tmp_path: Path, indent: str) -> None:
        written = f"# ours\nname: real_questions\ncases:\n{indent}# a remark\n{indent}- {{id: c0, question: 你好, abstain: false}}\n"
        (tmp_path / "real_questions.yaml").write_text(written, encoding="utf-8")
        path = own_suite.add(tmp_path, "real_questions", RIGHT.content())
        assert path.read_text(encoding="utf-8").startswith(written)
        assert [case.id for case in suite.load(path).cases] == ["c0", "c1"]

    def test_cases_that_are_not_last_are_kept_too(self, tmp_path: Path) -> None:
        written = "cases: [{id: c0, question: 你好, abstain: false}]\ntitle: 真实问题\n"
        (tmp_path / "real_questions.yaml").write_text(written, encoding="utf-8")
        path = own_suite.add(tmp_path, "real_questions", RIGHT.content())
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["title"] == "真实问题"
        assert [case.id for case in suite.load(path).cases] == ["c0", "c1"]

    def test_an_id_is_used_once(self, tmp_path: Path) -> None:
        own_suite.add(tmp_path, "real_questions", RIGHT.content())
        with pytest.raises(CaseTaken):
            own_suite.add(tmp_path, "real_questions", RIGHT.content())

    def test_a_suite_that_ships_is_left_alone(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteShipped):
            own_suite.add(tmp_path, "knowledge", RIGHT.content())
        assert list(tmp_path.iterdir()) == []

    def test_a_file_that_cannot_be_read_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "real_questions.yaml").write_text("cases: [", encoding="utf-8")
        with pytest.raises(WrongSuite, match="nothing was added"):
            own_suite.add(tmp_path, "real_questions", RIGHT.content())
        assert (tmp_path / "real_questions.yaml").read_text(encoding="utf-8") == "cases: ["
