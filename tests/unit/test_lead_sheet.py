from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant import lead_text
from assistant.lead import Status
from assistant.part import Text
from ui import lead_sheet
from ui.lead_sheet import harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
)
def test_a_formula_is_shown_and_never_computed(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "3-5", "a=b", "2026-11-22", "云杉银行武汉光谷支行"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_what_no_sheet_can_hold_is_left_out() -> None:
    assert harmless("a\x00b\x0bc\nd") == "a b c d"


def test_every_status_has_its_word() -> None:
    words = yaml.safe_load(Path(lead_sheet.__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    assert set(words["status"]) == {status.value for status in Status}


def test_every_text_is_in_its_own_language() -> None:
    texts = [text for _, text in lead_text.load() if isinstance(text, Text)]
    assert texts
    for text in texts:
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)
        assert text.en.isascii()
