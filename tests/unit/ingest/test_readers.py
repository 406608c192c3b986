from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import reading
from ingest.reader import Block, Faq, Heading, ListItem, Paragraph, Row, Unreadable
from ingest.readers import ocr
from ingest.readers.number_format import shown
from ingest.readers.outline import heading_level, join
from ingest.reading import read
from tests.unit.ingest import files

needs_font = pytest.mark.skipif(not files.FONT.exists(), reason="fonts-noto-cjk is not installed")


def rows(blocks: list[Block]) -> list[Row]:
    return [block for block in blocks if isinstance(block, Row)]


def html(tmp_path: Path, body: str) -> list[Block]:
    return read(files.text_file(tmp_path / "page.html", body))


class TestMarkdown:
    def test_headings_lists_and_joined_lines(self, tmp_path: Path) -> None:
        text = "---\ntitle: 手册\n---\n# 开户\n\n请携带\n身份证。\n\n1. 取号\n2. 填单\n   - 签字\n\n```\ncode\n```\n"
        assert read(files.text_file(tmp_path / "a.md", text)) == [
            Heading("开户", 1),
            Paragraph("请携带身份证。"),
            ListItem("1. 取号"),
            ListItem("2. 填单"),
            ListItem("签字"),
            Paragraph("code"),
        ]

    def test_tables_and_html(self, tmp_path: Path) -> None:
        text = "|业务|费用|\n|-|-|\n|挂失|10元<br>每次|\n\n<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr></table>\n"
        assert read(files.text_file(tmp_path / "a.md", text)) == [
            Row(("业务", "费用"), ("挂失", "10元每次")),
            Row(("甲", "乙"), ("1", "2")),
        ]

    def test_broken_front_matter_is_left_out_all_the_same(self, tmp_path: Path) -> None:
        assert read(files.text_file(tmp_path / "a.md", "---\ntitle: [\n---\n正文")) == [Paragraph("正文")]

    def test_a_rule_at_the_top_is_no_front_matter(self, tmp_path: Path) -> None:
        assert read(files.text_file(tmp_path / "a.md", "---\n\n正文")) == [Paragraph("正文")]

    def test_html_under_the_suffix_of_markdown_is_fine(self, tmp_path: Path) -> None:
        assert read(files.text_file(tmp_path / "a.md", "<p>你好</p>")) == [Paragraph("你好")]


class TestHtml:
    def test_structure_and_what_is_left_out(self, tmp_path: Path) -> None:
        body = """<html><head><title>t</title><style>p{}</style></head><body><nav>首页</nav><script>x()</script>
        <h2>贷款
        产品</h2><div>第一<b>段</b><p hidden>秘密</p><p style="display: none">秘密</p></div>
        <ol start="3"><li>申请<ul><li>附件</li></ul></li><li>审批</li></ol><footer>版权</footer></body></html>"""
        assert html(tmp_path, body) == [
            Heading("贷款产品", 2),
            Paragraph("第一段"),
            ListItem("3. 申请"),
            ListItem("附件"),
            ListItem("4. 审批"),
        ]

    def test_headers_of_several_rows_are_joined_and_spans_repeated(self, tmp_path: Path) -> None:
        body = """<table><tr><td rowspan=2>项目</td><td colspan=2>2019年</td><td colspan=2>2018年</td></tr>
        <tr><td>金额</td><td>占比</td><td>金额</td><td>占比</td></tr>
        <tr><td>总行</td><td>38</td><td>14.01</td><td>40</td><td>15.39</td></tr></table>"""
        headers = ("项目", "2019年 / 金额", "2019年 / 占比", "2018年 / 金额", "2018年 / 占比")
        assert html(tmp_path, body) == [Row(headers, ("总行", "38", "14.01", "40", "15.39"))]

    def test_a_cell_over_several_rows_is_repeated(self, tmp_path: Path) -> None:
        body = """<table><tr><td>地区</td><td colspan=2>分行</td></tr><tr><td rowspan=2>华东</td><td>上海</td><td>浙江</td></tr>
        <tr><td>江苏</td><td>宁波</td></tr></table>"""
        assert [row.cells for row in rows(html(tmp_path, body))] == [("华东", "上海", "浙江"), ("华东", "江苏", "宁波")]

    def test_an_empty_first_header_keeps_the_columns_in_place(self, tmp_path: Path) -> None:
        body = (
            "<table><tr><td></td><td>人数</td><td>占比</td></tr><tr><td>管理层</td><td>5</td><td>3.34</td></tr></table>"
        )
        assert html(tmp_path, body) == [Row(("", "人数", "占比"), ("管理层", "5", "3.34"))]

    def test_names_and_values_have_no_header(self, tmp_path: Path) -> None:
        body = "<table><tr><td>行长：</td><td>郭某</td></tr><tr><td>地址：</td><td>北京市</td></tr></table>"
        assert html(tmp_path, body) == [Row(("", ""), ("行长：", "郭某")), Row(("", ""), ("地址：", "北京市"))]

    def test_full_width_cells_are_caption_section_and_note(self, tmp_path: Path) -> None:
        body = """<table><tr><td colspan=2>收费表</td></tr><tr><th>项目</th><th>费用</th></tr>
        <tr><td colspan=2>一、个人</td></tr><tr><td>汇款</td><td>5元</td></tr>
        <tr><td colspan=2>二、对公</td></tr><tr><td>汇款</td><td>10元</td></tr><tr><td colspan=2>注：可优惠</td></tr></table>"""
        assert html(tmp_path, body) == [
            Paragraph("收费表"),
            Row(("项目", "费用"), ("一、个人 / 汇款", "5元")),
            Row(("项目", "费用"), ("二、对公 / 汇款", "10元")),
            Paragraph("注：可优惠"),
        ]

    def test_a_second_header_begins_a_second_table(self, tmp_path: Path) -> None:
        body = """<table><tr><td>项目</td><td>2019年</td></tr><tr><td>收入</td><td>7.5</td></tr>
        <tr><td>项目</td><td>2019年12月31日</td></tr><tr><td>资产</td><td>9.5</td></tr></table>"""
        assert [row.headers[1] for row in rows(html(tmp_path, body))] == ["2019年", "2019年12月31日"]

    def test_a_table_that_lays_out_the_page_is_read_through(self, tmp_path: Path) -> None:
        body = """<table><tr><td>左栏</td><td><h1>标题</h1><table><tr><th>甲</th><th>乙</th></tr>
        <tr><td>1</td><td>2</td></tr></table></td></tr></table>"""
        assert html(tmp_path, body) == [Paragraph("左栏"), Heading("标题", 1), Row(("甲", "乙"), ("1", "2"))]

    def test_the_declared_encoding_is_used(self, tmp_path: Path) -> None:
        page = files.text_file(tmp_path / "a.html", '<meta charset="gb2312"><p>银行</p>', "gb18030")
        assert read(page) == [Paragraph("银行")]

    def test_deep_nesting_and_wild_spans_are_read(self, tmp_path: Path) -> None:
        assert html(tmp_path, "<div>" * 5000 + "好") == [Paragraph("好")]
        assert html(tmp_path, "<table><tr><td colspan=99999999>甲</td><td rowspan=-3>乙</td></tr></table>")


class TestPdf:
    def test_headings_paragraphs_and_pages(self, tmp_path: Path) -> None:
        blocks = read(files.report(tmp_path / "a.pdf"))
        assert [block for block in blocks if isinstance(block, Heading)] == [
            Heading("第一章 总则", 1, 1),
            Heading("一、适用范围", 3, 1),
            Heading("第二章 附则", 1, 3),
        ]
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        assert paragraphs[0].text.endswith("监管要求以及本行章程的规定，结合实际制定本办法。")
        assert paragraphs[-1] == Paragraph("本办法由总行负责解释。", 3)

    def test_a_table_goes_on_over_the_page_under_its_header(self, tmp_path: Path) -> None:
        blocks = read(files.report(tmp_path / "a.pdf"))
        headers = ("项目", "2023年", "2024年")
        assert rows(blocks) == [
            Row(headers, ("存款", "100.00", "120.00"), 1),
            Row(headers, ("贷款", "80.00", "90.00"), 2),
            Row(headers, ("理财", "30.00", "35.00"), 2),
        ]
        assert not any("120.00" in block.text for block in blocks if isinstance(block, Paragraph))

    def test_running_header_and_page_numbers_are_left_out(self, tmp_path: Path) -> None:
        shown_texts = [
            block.text for block in read(files.report(tmp_path / "a.pdf")) if not isinstance(block, Row | Faq)
        ]
        assert not [text for text in shown_texts if "内部制度" in text or text.isdigit()]

    @needs_font
    def test_a_scanned_page_is_read_by_ocr(self, tmp_path: Path) -> None:
        pytest.importorskip("rapidocr", reason="teller[ocr] is not installed")
        blocks = read(files.scan(tmp_path / "scan.pdf"))
        text = "".join(block.text for block in blocks if isinstance(block, Paragraph | Heading))
        assert "银行卡挂失业务须知" in text
        assert "请携带身份证到网点办理" in text

    @needs_font
    def test_a_scanned_page_without_ocr_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ocr._loaded.cache_clear()
        monkeypatch.setitem(sys.modules, "rapidocr", None)
        with pytest.raises(Unreadable, match=r"page 1 has no text layer; install teller\[ocr\]"):
            read(files.scan(tmp_path / "scan.pdf"))


class TestOffice:
    def test_word(self, tmp_path: Path) -> None:
        headers = ("业务", "收费标准 / 柜台", "收费标准 / 网银")
        assert read(files.word(tmp_path / "a.docx")) == [
            Heading("个人网银操作手册", 1),
            Paragraph("客户可以在网点办理。"),
            Heading("转账限额", 2),
            ListItem("1. 登录网银"),
            ListItem("2. 点击转账"),
            ListItem("带上身份证"),
            Row(headers, ("跨行转账", "每笔5元", "免费")),
            Row(headers, ("跨行转账", "每笔10元", "每笔2元")),
        ]

    def test_slides(self, tmp_path: Path) -> None:
        assert read(files.deck(tmp_path / "a.pptx")) == [
            Heading("信用卡介绍", 2, 1),
            ListItem("免年费", 1),
            ListItem("积分兑换", 1),
            Paragraph("提醒客户阅读章程。", 1),
            Heading("费率", 2, 2),
            Row(("期数", "费率"), ("3期", "0.60%"), 2),
            Row(("期数", "费率"), ("6期", "0.55%"), 2),
        ]

    def test_workbook(self, tmp_path: Path) -> None:
        headers = ("类别", "期限", "利率", "起存金额", "执行日期")
        assert read(files.rates(tmp_path / "a.xlsx")) == [
            Heading("存款利率", 2),
            Paragraph("人民币存款利率表"),
            Row(headers, ("整存整取", "三个月", "1.35%", "50.00元", "2024-01-05")),
            Row(headers, ("整存整取", "一年", "1.55%", "1,234,567.50元", "2024-01-05")),
            Heading("网点", 2),
            Row(("名称", "地址"), ("城西支行", "解放路1号")),
        ]

    def test_a_workbook_of_questions(self, tmp_path: Path) -> None:
        header = ("编号", "问题", "答案", "相似问法", "受众", "办理流程", "生效日期", "失效日期")
        row = (
            "Q1",
            "怎么挂失？",
            "打电话。",
            "卡丢了｜卡不见了；挂失",
            "员工",
            "report_card_loss",
            "2024/1/5",
            "2025年12月31日",
        )
        assert read(files.workbook(tmp_path / "a.xlsx", [header, row])) == [
            Faq(
                "怎么挂失？",
                "打电话。",
                ("卡丢了", "卡不见了", "挂失"),
                "Q1",
                "staff",
                "report_card_loss",
                "2024-01-05",
                "2025-12-31",
            )
        ]

    def test_a_large_workbook_is_quick(self, tmp_path: Path) -> None:
        path = files.workbook(
            tmp_path / "a.xlsx", [("名称", "代码", "金额")] + [(f"产品{n}", n, 1.5) for n in range(11_500)]
        )
        started = time.monotonic()
        assert len(read(path)) == 11_500
        assert time.monotonic() - started < 10


class TestCsvAndText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        path = files.text_file(tmp_path / "a.csv", "产品名称,年利率\n定期存款,1.35%\n", encoding)
        assert read(path) == [Row(("产品名称", "年利率"), ("定期存款", "1.35%"))]

    def test_a_traditional_chinese_file_in_big5(self, tmp_path: Path) -> None:
        text = "客戶可以透過網上銀行辦理轉賬及查詢賬戶結餘，請先登記成為網上銀行用戶並啟動流動保安編碼器。" * 3
        assert read(files.text_file(tmp_path / "a.txt", text, "big5hkscs")) == [Paragraph(text)]

    def test_other_delimiters_and_quoted_cells(self, tmp_path: Path) -> None:
        path = files.text_file(tmp_path / "a.csv", '名称;说明\n"甲;乙";"第一行\n第二行"\n')
        assert read(path) == [Row(("名称", "说明"), ("甲;乙", "第一行第二行"))]

    def test_questions(self, tmp_path: Path) -> None:
        text = "question,answer,similar_questions,audience\n怎么开户,来网点,如何开户|开户流程,客户\n"
        assert read(files.text_file(tmp_path / "a.csv", text)) == [
            Faq("怎么开户", "来网点", ("如何开户", "开户流程"), audience="customer")
        ]

    def test_a_question_without_an_answer_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="below the header: 2"):
            read(files.text_file(tmp_path / "a.csv", "问题,答案\n甲,乙\n丙,\n"))

    def test_plain_text(self, tmp_path: Path) -> None:
        text = "第一章 总则\n　　为了规范⻓期管理。\n目录........3\n（一）范围\n1、全行\n• 网点\n"
        assert read(files.text_file(tmp_path / "a.txt", text)) == [
            Heading("第一章 总则", 1),
            Paragraph("为了规范长期管理。"),
            Heading("（一）范围", 4),
            ListItem("1、全行"),
            ListItem("网点"),
        ]


def write(content: bytes) -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return made


def cut(maker: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        whole = maker(path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        return path

    return made


GARBAGE = bytes(range(1, 256)) * 8
BOMB = b"0" * (60 * 1024**2)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


class TestBadFiles:
    @pytest.mark.parametrize(
        ("name", "made", "reason"),
        [
            ("a.md", write(b""), "empty"),
            ("a.xyz", write(b"x"), "not supported"),
            ("a.doc", write(files.OLE), "save the file as .docx"),
            ("a.xls", write(files.OLE), "save the file as .xlsx"),
            ("a.ppt", write(files.OLE), "save the file as .pptx"),
            ("a.docx", write(files.OLE + b"x" * 99), "old Office file"),
            ("a.docx", write(files.OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
            ("a.xlsx", write(files.OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
            ("a.pdf", write(files.png()), "content is a PNG image"),
            ("a.docx", write(b"%PDF-1.7 x"), "content is a PDF"),
            ("a.docx", files.rates, "content is an Excel workbook"),
            ("a.xlsx", lambda path: files.package(path, {"a.txt": b"a"}), "another kind of ZIP"),
            ("a.txt", write(files.png()), "content is a PNG image"),
            ("a.txt", write(GARBAGE), "binary"),
            ("a.md", write(b"\x00\x01\x02" * 50), "binary"),
            ("a.csv", write(GARBAGE), "binary"),
            ("a.csv", write(b'a,b\n"open,1\n'), "not well-formed CSV"),
            ("a.md", write(b"---\ntitle: x\n---\n"), "holds no text"),
            ("a.pdf", write(b"%PDF-1.7\n" + GARBAGE), "damaged"),
            ("a.pdf", lambda path: files.report(path, password="secret"), "password"),
            ("a.docx", cut(files.word), "damaged"),
            ("a.xlsx", cut(files.rates), "damaged"),
            ("a.pptx", cut(files.deck), "damaged"),
            ("a.docx", lambda path: files.package(path, {"word/document.xml": BOMB}), "ZIP bomb"),
            ("a.xlsx", lambda path: files.package(path, {"xl/workbook.xml": ENTITIES}), "DOCTYPE"),
            ("a.pptx", lambda path: files.package(path, {"ppt/presentation.xml": b"<x/>"}), "damaged"),
        ],
    )
    def test_is_unreadable(self, tmp_path: Path, name: str, made: Callable[[Path], Path], reason: str) -> None:
        with pytest.raises(Unreadable, match=reason):
            read(made(tmp_path / name))

    def test_a_missing_file_and_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "folder.md").mkdir()
        for name in ("none.md", "folder.md"):
            with pytest.raises(Unreadable):
                read(tmp_path / name)

    def test_a_file_over_the_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_BYTES", 4)
        with pytest.raises(Unreadable, match="larger than"):
            read(files.text_file(tmp_path / "a.txt", "太长了"))

    @pytest.mark.parametrize(
        ("name", "make", "part"),
        [
            ("a.docx", files.word, "word/document.xml"),
            ("a.docx", files.word, "word/numbering.xml"),
            ("a.pptx", files.deck, "ppt/slides/slide1.xml"),
            ("a.xlsx", files.rates, "xl/worksheets/sheet1.xml"),
        ],
    )
    def test_a_broken_part_is_unreadable(
        self, tmp_path: Path, name: str, make: Callable[[Path], Path], part: str
    ) -> None:
        source = make(tmp_path / f"source-{name}")
        with pytest.raises(Unreadable, match="damaged"):
            read(files.with_part(source, tmp_path / name, part, b"<a><b></a>"))

    @pytest.mark.parametrize("cut_at", range(1, 10))
    def test_a_pdf_cut_off_anywhere_never_leaks_another_error(self, tmp_path: Path, cut_at: int) -> None:
        path = files.report(tmp_path / "a.pdf")
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * cut_at // 10])
        with pytest.raises(Unreadable):
            read(path)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一章 总则", 1),
        ("第二节 利率", 2),
        ("一、适用范围", 3),
        ("（一）个人客户", 4),
        ("1.1 网络", 2),
        ("7.3.1个人银行业务", 3),
        ("3.5万元", None),
        ("1.35%", None),
        ("一、本行对所有客户一视同仁。", None),
        ("第一章的规定适用于本章", None),
        ("2019年", None),
    ],
)
def test_heading_level(line: str, level: int | None) -> None:
    assert heading_level(line) == level


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.0135, "0.00%", "1.35%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (5, '0"元/笔"', "5元/笔"),
        (88, "[$¥-804]#,##0.00", "¥88.00"),
        (12345678, '#,##0.0,"千"', "12,345.7千"),
        (42, "000000", "000042"),
        (0.5, "0.##", "0.5"),
        (0.1 + 0.2, "General", "0.3"),
        (20240105, "General", "20240105"),
        (-0.001, "0.00", "0.00"),
        (1.005, "0.00_ ", "1.01"),
        (1e20, "General", "100000000000000000000"),
        (True, "General", "TRUE"),
        ("文本", "@", "文本"),
    ],
)
def test_number_formats(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_lines_join_without_a_space_between_chinese_characters() -> None:
    assert join("银行", "卡") == "银行卡"
    assert join("open", "account") == "open account"
    assert join("infor-", "mation") == "information"
