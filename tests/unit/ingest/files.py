"""Makes the files that the reader tests read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Inches
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def word(path: Path) -> Path:
    """Headings, paragraphs, both kinds of list, a fee table with merged cells, a deletion and an insertion."""
    document = docx.Document()
    document.add_heading("个人网银操作手册", 1)
    document.add_paragraph("客⼾可以在网点办理。")
    document.add_heading("转账限额", 2)
    document.add_paragraph("登录网银", style="List Number")
    document.add_paragraph("点击转账", style="List Number")
    document.add_paragraph("带上身份证", style="List Bullet")
    table = document.add_table(rows=4, cols=3)
    for row, texts in zip(
        table.rows,
        (("业务", "收费标准", ""), ("", "柜台", "网银"), ("跨行转账", "每笔5元", "免费"), ("", "每笔10元", "每笔2元")),
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 0).merge(table.cell(3, 0))
    document.save(str(path))
    return path


def deck(path: Path) -> Path:
    """Two slides: a title with bullets and notes, and a table."""
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "信用卡介绍"
    slide.placeholders[1].text_frame.text = "免年费"
    slide.placeholders[1].text_frame.add_paragraph().text = "积分兑换"
    slide.notes_slide.notes_text_frame.text = "提醒客户阅读章程。"
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "费率"
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for y, row in enumerate((("期数", "费率"), ("3期", "0.60%"), ("6期", "0.55%"))):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    presentation.save(str(path))
    return path


def rates(path: Path) -> Path:
    """Two sheets: rates under a merged title, with formats and merged cells; and a hidden one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "存款利率"
    for row in (
        ["人民币存款利率表"],
        ["类别", "期限", "利率", "起存金额", "执行日期"],
        ["整存整取", "三个月", 0.0135, 50, dt.date(2024, 1, 5)],
        [None, "一年", 0.0155, 1234567.5, dt.datetime(2024, 1, 5)],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("A3:A4")
    for number in (3, 4):
        sheet.cell(number, 3).number_format = "0.00%"
        sheet.cell(number, 4).number_format = '#,##0.00"元"'
        sheet.cell(number, 5).number_format = "yyyy/m/d"
    hidden = book.create_sheet("草稿")
    hidden.append(["不要读", "这里"])
    hidden.sheet_state = "hidden"
    book.create_sheet("网点").append(["名称", "地址"])
    book["网点"].append(["城西支行", "解放路1号"])
    book.save(path)
    return path


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def report(path: Path, password: str | None = None) -> Path:
    """Three pages with running header and page numbers, headings, wrapped text, and a table over two pages."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4, encrypt=password)
    _page(canvas, 1, ["第一章 总则", *_WRAPPED, "一、适用范围", "本办法适用于全行各分支机构。"])
    _table(canvas, [["项目", "2023年", "2024年"], ["存款", "100.00", "120.00"]], bottom=60)
    canvas.showPage()
    _page(canvas, 2, [])
    _table(canvas, [["贷款", "80.00", "90.00"], ["理财", "30.00", "35.00"]], bottom=740)
    canvas.showPage()
    _page(canvas, 3, ["第二章 附则", "本办法由总行负责解释。"])
    canvas.showPage()
    canvas.save()
    return path


_WRAPPED = [
    "　　为规范全行数字员工的管理，保护客户合法权益，防范操作风险，根据国家法律法规和监管要求以及",
    "本行章程的规定，结合实际制定本办法。",
]


def _page(canvas: Canvas, number: int, lines: list[str]) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.drawString(72, 815, "某某银行股份有限公司内部制度")
    canvas.drawString(290, 25, str(number))
    canvas.setFont("STSong-Light", 11)
    for place, line in enumerate(lines):
        canvas.drawString(60, 720 - 18 * place, line)


def _table(canvas: Canvas, rows: list[list[str]], bottom: float) -> None:
    table = Table(rows, colWidths=[150, 150, 150])
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), "STSong-Light")])
    )
    table.wrapOn(canvas, 450, 200)
    table.drawOn(canvas, 60, bottom)


def scan(path: Path) -> Path:
    """One page that is only an image of text."""
    image = Image.new("RGB", (1240, 600), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 44)
    draw.text((100, 100), "银行卡挂失业务须知", font=font, fill="black")
    draw.text((100, 220), "请携带身份证到网点办理", font=font, fill="black")
    image.save(path, "PDF", resolution=150)
    return path


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def package(path: Path, parts: dict[str, bytes]) -> Path:
    """A ZIP archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_part(source: Path, path: Path, name: str, content: bytes) -> Path:
    """A copy of an Office file with one part replaced."""
    with zipfile.ZipFile(source) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    return package(path, parts | {name: content})
