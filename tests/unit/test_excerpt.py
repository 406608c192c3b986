"""What of a passage is read closely: its nearest sentences, in reading order, under what they stand under."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base import excerpt
from knowledge_base.cross_encoder import Excerpt, Reading
from knowledge_base.passage import Document, Hit, Kind, Passage

SENTENCES = ("云杉白金信用卡年费五百八十元。", "首年免年費。", "當年消費滿十二筆次年免。", "附属卡另收。")


def hit(
    units: tuple[str, ...],
    similarities: tuple[float, ...],
    kind: Kind = Kind.TEXT,
    section: str = "",
    title: str = "信用卡收费",
) -> Hit:
    passage = Passage("1", "1", 0, kind, "".join(units), units, section, answer=units[-1])
    return Hit(passage, Document("1", "fees.md", title), 1.0, max(similarities), similarities, 0.0)


@pytest.mark.parametrize(
    ("longest", "places"),
    [(1, (2,)), (19, (2,)), (20, (0, 2)), (25, (0, 2)), (26, (0, 2, 3)), (30, (0, 2, 3)), (32, (0, 1, 2, 3)), (500, (0, 1, 2, 3))],
)  # fmt: skip
def test_the_nearest_are_taken_first_and_read_in_order(longest: int, places: tuple[int, ...]) -> None:
    units = ("a" * 10, "b" * 6, "c" * 10, "d" * 6)
    assert excerpt.nearest(units, (0.8, 0.1, 0.9, 0.3), longest) == places


def test_a_sentence_however_long_is_read_where_it_is_the_nearest() -> None:
    assert excerpt.nearest(("短句。", "长" * 10_000), (0.1, 0.9)) == (1,)


def test_the_first_that_does_not_fit_ends_it() -> None:
    # The next would fit, but is farther than one that was left out.
    assert excerpt.nearest(("a" * 10, "b" * 200, "c"), (0.9, 0.8, 0.1)) == (0,)


def test_of_equally_near_ones_those_that_stand_first_are_read() -> None:
    assert excerpt.nearest(("a" * 60, "b" * 60, "c" * 60), (0.5, 0.5, 0.5)) == (0, 1)


def test_a_text_is_read_in_one_script_under_title_and_last_heading() -> None:
    found = excerpt.of(hit(SENTENCES, (0.9, 0.8, 0.7, 0.6), section="第一章 總則 > 年費"))
    assert found == Excerpt(
        "信用卡收费 年费",
        ("云杉白金信用卡年费五百八十元。", "首年免年费。", "当年消费满十二笔次年免。", "附属卡另收。"),
    )
    assert found.text == f"信用卡收费 年费：{found.body}"
    assert found.text[len(found.lead) :] == found.body


@pytest.mark.parametrize(
    ("title", "section", "heading"),
    [
        ("信用卡收费", "", "信用卡收费"),
        ("信用卡收费", "总则 > 信用卡", "信用卡收费"),
        ("信用卡收费", "年费", "信用卡收费 年费"),
        ("", "年费", " 年费"),
    ],
)
def test_a_heading_is_not_said_twice(title: str, section: str, heading: str) -> None:
    assert excerpt.of(hit(SENTENCES, (0.9,) * 4, section=section, title=title)).heading.strip() == heading.strip()


def test_of_a_question_the_unit_with_its_answer_is_read_without_a_title() -> None:
    units = ("年费多少？", "一年收多少钱？", "年费多少？ 五百八十元。")
    found = hit(units, (0.99, 0.98, 0.5), Kind.FAQ, section="年费")
    assert excerpt.places(found) == (2,)
    assert excerpt.of(found) == Excerpt("", ("年费多少? 五百八十元。",))


def test_a_row_is_read_whole() -> None:
    row = hit(("云杉白金信用卡 年费：580元 " + "说明：" + "很长" * 100,), (0.9,), Kind.ROW)
    assert excerpt.places(row) == (0,)
    assert len(excerpt.of(row).body) > excerpt.LONGEST


def test_what_is_read_fits_and_has_as_many_sentences_as_places() -> None:
    many = hit(tuple(f"第{number}句说的是年费。" for number in range(40)), tuple(number / 40 for number in range(40)))
    places = excerpt.places(many)
    assert 1 < len(places) < 40
    assert len(excerpt.of(many).sentences) == len(places)
    assert len(excerpt.of(many).body) <= excerpt.LONGEST
    assert 39 in places


def test_an_excerpt_without_a_heading_has_no_lead() -> None:
    assert Excerpt("", SENTENCES).lead == ""
    assert Excerpt("", SENTENCES).text == "".join(SENTENCES)
    assert replace(Excerpt("", SENTENCES), heading="年费").lead == "年费："


def test_the_sentence_that_answers_has_the_most_of_the_answer() -> None:
    assert Reading(1.0, (0.1, 0.7, 0.2)).sentence == 1
    assert Reading(-3.0, (0.2, 0.2)).sentence == 0
