from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.fault import Fault
from assistant.grounding import Grounding
from assistant.reply import Citation
from knowledge_base.lexicon import Lexicon, Names

SENTENCES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))
NAMES = Lexicon(
    Names(frozenset({full.lower()}), full.lower(), frozenset(short)) for full, short in SENTENCES["names"].items()
)


def grounding(case: dict[str, Any]) -> Grounding:
    return Grounding(case["question"], [cited(number, *one) for number, one in enumerate(case["passages"], 1)], NAMES)


def cited(number: int, title: str, section: str, text: str) -> Citation:
    return Citation(number, "d", title, section, None, text, f"/documents/d#{number}")


def listed(kind: str) -> list[Any]:
    return [pytest.param(case, sentence, id=sentence) for case in SENTENCES["cases"] for sentence in case[kind]]


@pytest.mark.parametrize(("case", "sentence"), listed("honest"))
def test_what_a_passage_says_passes_in_other_words(case: dict[str, Any], sentence: str) -> None:
    checked = grounding(case).check(sentence)
    assert checked.text and not checked.faults, checked


@pytest.mark.parametrize(("case", "sentence"), listed("figures"))
def test_a_wrong_figure_never_passes(case: dict[str, Any], sentence: str) -> None:
    assert grounding(case).check(sentence).text is None


@pytest.mark.parametrize(("case", "sentence"), listed("figures"))
def test_nor_without_a_mark_or_with_every_mark(case: dict[str, Any], sentence: str) -> None:
    bare, every = sentence.partition(" [")[0], "".join(f"[{number}]" for number in range(1, 6))
    assert grounding(case).check(bare + "。").text is None
    assert grounding(case).check(f"{bare} {every}。").text is None


@pytest.mark.parametrize(("case", "sentence"), listed("dishonest"))
def test_what_no_passage_says_does_not_pass(case: dict[str, Any], sentence: str) -> None:
    assert grounding(case).check(sentence).text is None


class TestMarks:
    CASE = SENTENCES["cases"][0]

    @pytest.mark.parametrize(
        ("sentence", "text", "faults"),
        [
            ("主卡年费580元/年[1]。", "主卡年费580元/年。 [1]", ()),
            ("主卡年费580元/年。【1】", "主卡年费580元/年。 [1]", ()),
            ("主卡年费**580元**/年。", "主卡年费580元/年。 [1]", ()),
            ("\n- 主卡年费580元/年 ［1］\n", "\n- 主卡年费580元/年 [1]\n", ()),
            ("主卡年费580元/年[9]。", "主卡年费580元/年。 [1]", (Fault.MADE_UP_CITATION,)),
            ("主卡年费580元/年[3]。", "主卡年费580元/年。 [1]", (Fault.MOVED_CITATION,)),
            ("您好！", None, (Fault.COURTESY,)),
            ("希望以上信息对您有帮助。", None, (Fault.COURTESY,)),
            ("[0]", None, (Fault.COURTESY, Fault.MADE_UP_CITATION)),
        ],
    )
    def test_marks_are_written_one_way(self, sentence: str, text: str | None, faults: tuple[Fault, ...]) -> None:
        checked = grounding(self.CASE).check(sentence)
        assert (checked.text, checked.faults) == (text, faults)

    def test_a_token_of_the_cloak_is_no_figure(self) -> None:
        assert grounding(self.CASE).check("<PHONE_1>的白金卡主卡年费580元/年。").text


def test_figures_of_two_sources_make_no_statement_of_their_own() -> None:
    tiers = [
        Citation(1, "d", "转账收费", "", None, "柜面跨行转账2,000元以上至5,000元（含）的，手续费为5元/笔。", "u"),
        Citation(2, "d", "转账收费", "", None, "柜面跨行转账5万元以上的，按转账金额的0.03%收取，最高50元。", "u"),
    ]
    grounding = Grounding("柜台汇三千块收几块", tiers, Lexicon())
    assert grounding.check("柜面跨行转账0.5万元以上的，按转账金额的0.03%收取，最高50元[2]。").text is None
    assert grounding.check("柜面跨行转账5万元以上的，按转账金额的0.03%收取，最高50元[2]。").cited == (2,)
