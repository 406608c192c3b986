from __future__ import annotations

import pytest

from knowledge_base.text import clean, fold, sentences, simplify, words


class TestClean:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("年\x00费\x1b", "年费"),
            ("年费\ud800是", "年费是"),
            ("\ufeff年\u200b费\u202e", "年费"),
            ("⼾⼝本⻓期", "户口本长期"),
            ("一\r\n二\r三", "一\n二\n三"),
            ("  年\u3000 \t费  ", "年 费"),
            ("Ⅱ类户，ＡＴＭ（1％）", "Ⅱ类户，ＡＴＭ（1％）"),
            ("貸款", "貸款"),
            ("👍", "👍"),
            (" \n\u200b ", ""),
        ],
    )
    def test_only_what_cannot_be_shown_is_changed(self, text: str, shown: str) -> None:
        assert clean(text) == shown


class TestSimplify:
    @pytest.mark.parametrize(
        ("text", "simplified"),
        [
            ("個人住房貸款利率", "个人住房贷款利率"),
            ("賬戶餘額", "账户余额"),
            ("ＡＴＭ１００％", "ATM100%"),
            ("（年费）", "(年费)"),
            ("⾏⼾", "行户"),
            ("APP", "APP"),
        ],
    )
    def test_one_script_and_one_width(self, text: str, simplified: str) -> None:
        assert simplify(text) == simplified


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("三年期", "3年期"),
            ("两年期定期", "2年期定期"),
            ("二年", "两年"),
            ("十二个月", "12个月"),
            ("二十年", "20年"),
            ("三十五年", "35年"),
            ("十年", "10年"),
            ("二类户", "Ⅱ类户"),
            ("Ⅱ类户", "II类户"),
            ("Ⅲ类", "ⅲ类"),
            ("一类", "Ⅰ類"),
            ("ＡＴＭ", "atm"),
            ("手機銀行ＡＰＰ", "手机银行app"),
            ("⼾籍", "户籍"),
            ("七个工作日", "7个工作日"),
            ("五万元", "5万元"),
        ],
    )
    def test_the_same_thing_written_two_ways_is_equal(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    @pytest.mark.parametrize(
        "text",
        [
            "万一",
            "一些",
            "十分",
            "一定",
            "统一",
            "三方存管",
            "一百年",
            "二百张",
            "零五年",
            "百万元",
            "七七八八",
            "vii类",
        ],
    )
    def test_a_numeral_in_a_word_or_a_large_number_is_left_alone(self, text: str) -> None:
        assert fold(text) == text

    def test_different_numbers_stay_different(self) -> None:
        assert (
            len({fold(f"{numeral}年") for numeral in ["一", "二", "三", "十", "十一", "二十", "二十一", "九十九"]}) == 8
        )


class TestWords:
    def test_chinese_is_segmented_and_punctuation_dropped(self) -> None:
        found = words("云杉白金信用卡，年费是多少？")
        assert {"信用卡", "年费", "多少"} <= set(found)
        assert not set(found) & set("，？,?")

    @pytest.mark.parametrize("text", ["", "？！…", "👍", "\x00", " "])
    def test_without_words_there_are_none(self, text: str) -> None:
        assert words(text) == []

    def test_both_scripts_have_the_same_words(self) -> None:
        assert words("個人住房貸款利率") == words("个人住房贷款利率")


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("年费为3600元。首年免。", ["年费为3600元。", "首年免。"]),
            ("年利率1.55%，起存50元。", ["年利率1.55%，起存50元。"]),
            ("他说：“可以。”然后走了", ["他说：“可以。”", "然后走了"]),
            ("真的吗？！是；好", ["真的吗？！", "是；", "好"]),
            ("一行\n二行", ["一行", "二行"]),
            ("The fee is 1.5 yuan. It is due in May.", ["The fee is 1.5 yuan.", "It is due in May."]),
            ("See www.bank.com for more.", ["See www.bank.com for more."]),
            ("", []),
            ("。。。", []),
        ],
    )
    def test_sentences_end_where_they_end(self, text: str, parts: list[str]) -> None:
        assert sentences(text) == parts
