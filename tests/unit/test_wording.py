from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from assistant import wording
from assistant.wording import Wording, Wordings

FOLDER = Path(wording.__file__).parent / "wording"
FILLED_IN_LATER = {
    "as_of": ["{day}"],
    "read_as": ["{question}"],
    "too_long": ["{length}", "{limit}"],
    "too_fast": ["{seconds}"],
    "code_ask": ["{phone}"],
    "code_wrong": ["{attempts_left}"],
    "code_too_soon": ["{seconds_to_resend}"],
    "flow_begins": ["{title}"],
    "review_done": ["{title}"],
    "flow_next": ["{title}"],
    "flow_back": ["{title}"],
    "flow_cancelled": ["{title}"],
    "human_next": ["{wait}"],
    "human_waiting": ["{before}", "{wait}"],
    "human_nobody": ["{position}"],
    "human_still_next": ["{wait}"],
    "human_still_waiting": ["{before}", "{wait}"],
    "human_still_nobody": ["{position}"],
    "flow_closed": ["{title}"],
    "human_closed": ["{skill}", "{hours}"],
    "human_left": ["{agent}"],
    "human_done": ["{agent}"],
    "human_gone": ["{agent}"],
    "transferred": ["{agent}", "{position}", "{wait}"],
    "transferred_nobody": ["{agent}", "{position}"],
    "review_refused": ["{reason}"],
    "pictures_needed": ["{count}"],
    "picture_sent": ["{picture}"],
    "picture_too_large": ["{megabytes}"],
    "pictures_enough": ["{count}"],
}
WORDINGS = Wordings("云杉银行", "小杉", "400-000-9528")
LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
class TestEachLanguage:
    def texts(self, language: str) -> dict[str, str]:
        return {name: text for name, text in asdict(WORDINGS.of(language)).items() if name not in ("language", "elder")}

    def test_every_sentence_is_there(self, language: str) -> None:
        assert all(text.strip() for text in self.texts(language).values())

    def test_only_what_a_turn_knows_is_left_to_fill_in(self, language: str) -> None:
        left = {name: re.findall(r"{\w*}", text) for name, text in self.texts(language).items()}
        assert {name: found for name, found in left.items() if found} == FILLED_IN_LATER

    def test_the_same_names_are_filled_in_as_in_the_other(self, language: str) -> None:
        def placeholders(name: str) -> dict[str, set[str]]:
            texts = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
            own = {"{bank}", "{name}"}
            return {key: set(re.findall(r"{\w+}", text)) - own for key, text in texts.items()}

        assert placeholders(language) == placeholders("zh")

    def test_it_is_written_in_its_own_script(self, language: str) -> None:
        plain = Wordings("B", "N", "1").of(language)
        for name, text in asdict(plain).items():
            if name in ("language", "elder"):
                continue
            has_chinese = bool(re.search("[\u4e00-\u9fff]", text))
            assert has_chinese == (language == "zh"), name

    def test_it_says_that_it_is_no_person(self, language: str) -> None:
        assert re.search("人工智能|artificial intelligence", self.texts(language)["welcome"])
        assert re.search("不是真人|not a person", self.texts(language)["identity"])


def test_both_languages_and_no_more_are_there() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(LANGUAGES)


def test_the_bank_its_assistant_and_its_number_are_named() -> None:
    words = Wordings("甲银行", "小甲", "95000").of("zh-CN")
    assert "甲银行" in words.welcome
    assert "小甲" in words.welcome
    assert "95000" in words.human_nobody


@pytest.mark.parametrize(
    ("locale", "message", "language"),
    [
        ("zh-CN", "", "zh"),
        ("en-US", "", "en"),
        ("EN", "", "en"),
        ("fr", "", "zh"),
        ("zh-CN", "what is the annual fee", "en"),
        ("en", "年费是多少", "zh"),
        ("en", "APP怎么下载", "zh"),
        ("en", "123", "en"),
        ("zh-CN", "👍", "zh"),
        ("zh-CN", "OK", "zh"),
        ("en", "ok", "en"),
    ],
)
def test_the_language_of_the_message_wins_over_the_locale(locale: str, message: str, language: str) -> None:
    assert WORDINGS.of(locale, message) is WORDINGS.of(language)


@pytest.mark.parametrize("change", [{"welcome": None}, {"wellcome": "x"}])
def test_a_language_file_that_lacks_or_adds_a_sentence_stops_the_start(
    change: dict[str, str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = yaml.safe_load((FOLDER / "zh.yaml").read_text(encoding="utf-8")) | change
    kept = {name: text for name, text in texts.items() if text is not None}
    (tmp_path / "zh.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    monkeypatch.setattr(wording, "_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=next(iter(change))):
        Wordings("a", "b", "c")


def test_the_sentences_are_those_that_the_code_names() -> None:
    assert set(Wording.__dataclass_fields__) == set(asdict(WORDINGS.of("zh")))
