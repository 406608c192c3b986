"""Which tables of a page hold data, and that pages nest as deep as they like."""

from __future__ import annotations

from ingest.reader import Paragraph, Row
from ingest.readers.html import blocks_of

DEEP = 20_000


def test_a_table_of_cells_is_read_row_by_row() -> None:
    (row,) = blocks_of("<table><tr><th>项目</th><th>费用</th></tr><tr><td>年费</td><td>580元</td></tr></table>")
    assert isinstance(row, Row)
    assert (row.headers, row.cells) == (("项目", "费用"), ("年费", "580元"))


def test_a_table_that_lays_out_a_page_is_read_through() -> None:
    data = "<table><tr><th>项目</th><th>费用</th></tr><tr><td>年费</td><td>580元</td></tr></table>"
    first, row = blocks_of(f"<table><tr><td>说明</td><td>{data}</td></tr></table>")
    assert isinstance(first, Paragraph)
    assert isinstance(row, Row)
    assert row.cells == ("年费", "580元")


def test_tables_within_tables_are_walked_once() -> None:
    nested = "<table><tr><td>" * DEEP + "年费580元" + "</td></tr></table>" * DEEP
    assert [block.text for block in blocks_of(nested) if isinstance(block, Paragraph)] == ["年费580元"]
