from __future__ import annotations

from datetime import date

import pytest

from ingest.reader import Block, Faq, Heading, ListItem, Paragraph, Row, Unreadable
from ingest.splitting import MAX_CHARACTERS, context, split
from knowledge_base.passage import Document, Kind, Passage

DOCUMENT = Document("d", "白金卡.md", "白金卡", product="云杉白金信用卡")


def passages(*blocks: Block) -> list[Passage]:
    return split(DOCUMENT, "r", blocks)


class TestText:
    def test_a_sections_text_is_one_passage_under_its_headings(self) -> None:
        (one, other) = passages(
            Heading("收费", 1), Heading("年费", 2), Paragraph("年费为三千六百元。"), ListItem("1. 首年免年费。"),
            Heading("利息", 2), Paragraph("日利率万分之五，按月计收复利。", page=3),
        )  # fmt: skip
        assert (one.section, one.text) == ("收费 > 年费", "年费为三千六百元。\n1. 首年免年费。")
        assert (other.section, other.page) == ("收费 > 利息", 3)

    def test_a_heading_of_a_higher_level_ends_those_below(self) -> None:
        found = passages(
            Heading("甲", 1), Heading("乙", 3), Paragraph("一二三四五六七八九十。"), Heading("丙", 2), Paragraph("文。")
        )
        assert [passage.section for passage in found] == ["甲 > 乙", "甲 > 丙"]

    def test_the_documents_own_title_is_no_section(self) -> None:
        assert passages(Heading("白金卡", 1), Paragraph("年费为三千六百元。"))[0].section == ""

    def test_headings_without_text_make_no_passage(self) -> None:
        assert passages(Heading("收费", 1), Heading("年费", 2)) == []

    def test_passages_are_numbered_in_reading_order_with_ids_of_their_own(self) -> None:
        found = passages(*(Paragraph("字" * 300 + "。") for _ in range(4)))
        assert [passage.number for passage in found] == [0, 1, 2, 3]
        assert [passage.id for passage in found] == ["d.r.0", "d.r.1", "d.r.2", "d.r.3"]

    @pytest.mark.parametrize(
        "text", ["年费为三千六百元整。" * 200, "无标点" * 700, "短。" * 900, "A sentence here. " * 200]
    )
    def test_a_long_block_is_cut_and_nothing_is_lost(self, text: str) -> None:
        found = passages(Paragraph(text))
        assert len(found) > 1
        assert all(len(passage.text) <= MAX_CHARACTERS for passage in found)
        assert "".join(passage.text for passage in found).replace(" ", "") == text.replace(" ", "")

    def test_units_are_the_sentences_the_very_short_joined_to_the_next(self) -> None:
        (passage,) = passages(Paragraph("是的。云杉白金信用卡年费为三千六百元。首年免年费，次年达标可免。好。"))
        assert passage.units == (
            "是的。云杉白金信用卡年费为三千六百元。",
            "首年免年费，次年达标可免。",
            "好。",
        )


class TestRow:
    HEADERS = ("卡种", "年费", "额度")

    def test_a_row_keeps_its_headers_and_is_named_by_its_first_cell(self) -> None:
        (passage,) = passages(Row(self.HEADERS, ("白金卡", "3600元", "10万"), page=2))
        assert (passage.kind, passage.subject, passage.page) == (Kind.ROW, "白金卡", 2)
        assert passage.text == "卡种：白金卡；年费：3600元；额度：10万"
        assert passage.cells == (("卡种", "白金卡"), ("年费", "3600元"), ("额度", "10万"))

    def test_empty_cells_are_left_out_and_empty_rows_make_no_passage(self) -> None:
        (passage,) = passages(Row(self.HEADERS, ("白金卡", "", "10万")), Row(self.HEADERS, ("", "", "")))
        assert "年费" not in passage.text

    def test_each_row_is_a_passage_of_its_own_between_the_text_around(self) -> None:
        found = passages(
            Paragraph("前文。"),
            Row(self.HEADERS, ("甲", "1", "2")),
            Row(self.HEADERS, ("乙", "3", "4")),
            Paragraph("后文。"),
        )
        assert [passage.kind for passage in found] == [Kind.TEXT, Kind.ROW, Kind.ROW, Kind.TEXT]

    def test_a_wide_row_has_several_units_each_with_its_name(self) -> None:
        headers = ("卡种", *(f"第{number}项" for number in range(20)))
        (passage,) = passages(Row(headers, ("白金卡", *("内容" * 15 for _ in range(20)))))
        assert len(passage.units) > 1
        assert all(unit.startswith("白金卡") for unit in passage.units)
        assert all(header in "".join(passage.units) for header in headers[1:])


class TestFaq:
    def test_a_question_is_found_by_each_of_its_wordings(self) -> None:
        (passage,) = passages(Faq("怎么开户", "带身份证到网点", ("如何开户", "开户流程"), flow="open"))
        assert passage.kind is Kind.FAQ
        assert passage.units[:3] == ("怎么开户", "如何开户", "开户流程")
        assert (passage.text, passage.answer, passage.flow) == ("怎么开户\n带身份证到网点", "带身份证到网点", "open")

    @pytest.mark.parametrize("written", ["2026-01-31", "2026/01/31"])
    def test_its_dates_count(self, written: str) -> None:
        (passage,) = passages(Faq("怎么开户", "来", effective_from=written))
        assert (passage.effective_from, passage.effective_to) == (date(2026, 1, 31), None)

    def test_a_date_that_is_none_is_told_with_its_question(self) -> None:
        with pytest.raises(Unreadable, match=r"下月.*怎么开户"):
            passages(Faq("怎么开户", "来", effective_to="下月"))


class TestContext:
    def test_a_sentence_is_read_with_title_and_nearest_heading(self) -> None:
        (passage,) = passages(Heading("收费", 1), Heading("年费", 2), Paragraph("三千六百元。"))
        assert context(DOCUMENT, passage) == "白金卡 年费"

    def test_a_heading_within_the_title_is_not_said_twice(self) -> None:
        (passage,) = passages(Heading("白金", 1), Paragraph("三千六百元。"))
        assert context(DOCUMENT, passage) == "白金卡"

    def test_a_question_stands_alone(self) -> None:
        assert context(DOCUMENT, passages(Faq("怎么开户", "来"))[0]) == ""
