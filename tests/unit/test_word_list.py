"""Listed words are found however they are written, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from knowledge_base import word_list
from knowledge_base.word_list import WordList, WrongWordList

WORDS = WordList(["保本高息", "洗钱通道", "Ponzi", "内幕消息", "台币黑市", "gold rush", "高息"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这是保本高息产品", ("保本高息", "高息")),
        ("保 本-高*息", ("保本高息", "高息")),
        ("有没有內幕消息？", ("内幕消息",)),
        ("洗\u200b钱\u3000通。道", ("洗钱通道",)),
        ("is this a PONZI scheme", ("Ponzi",)),
        ("ｐｏｎｚｉ", ("Ponzi",)),
        ("臺幣黑市", ("台币黑市",)),
        ("the Gold  Rush of 1849", ("gold rush",)),
        ("保本不等于高收益", ()),
        ("ponzing", ()),
        ("marigold rushes", ()),
        ("高一点的利息", ()),
        ("", ()),
        ("。、 \u200b", ()),
    ],
)
def test_what_is_found(text: str, found: tuple[str, ...]) -> None:
    assert WORDS.find(text) == found


def test_without_words_nothing_is_found() -> None:
    assert not WordList()
    assert WordList().find("保本高息") == ()


def test_all_of_many_are_found_and_none_that_is_not_there() -> None:
    choose = random.Random(1)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 500)]
    words = {"".join(choose.choices(letters, k=choose.randint(3, 6))) for _ in range(10_000)}
    listed = WordList(words)
    for _ in range(50):
        text = "".join(choose.choices(letters, k=300))
        planted = choose.sample(sorted(words), 5)
        text += "，".join(planted)
        expected = {word for word in words if word in text.replace("，", "")}
        assert set(listed.find(text)) == expected


class TestFile:
    def test_a_word_a_line_with_remarks(self, tmp_path: Path) -> None:
        file = tmp_path / "words.txt"
        file.write_text("\ufeff# the bank's list\n保本高息\n\n内幕消息  # since 2026\n", encoding="utf-8")
        assert word_list.load(file).find("内幕消息和保本高息") == ("内幕消息", "保本高息")

    @pytest.mark.parametrize("content", [b"\xb1\xa3\xb1\xbe", "保本\n——\n".encode()])
    def test_what_is_wrong_in_it_is_told(self, content: bytes, tmp_path: Path) -> None:
        file = tmp_path / "words.txt"
        file.write_bytes(content)
        with pytest.raises(WrongWordList, match=r"words\.txt"):
            word_list.load(file)

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(WrongWordList, match=r"nowhere\.txt"):
            word_list.load(tmp_path / "nowhere.txt")
