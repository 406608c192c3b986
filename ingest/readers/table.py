"""A table of any format: a grid of cells with their spans, its header found, its rows as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.reader import Block, Paragraph, Row
from ingest.readers.outline import join_all, rank
from knowledge_base.text import clean

_MAX_LABEL = 30
_MAX_HEADER_ROWS = 4
_VALUE = re.compile(
    "[(（]?[+−–-]?[¥￥$€]?[0-9][0-9,，.]*[%％‰]?[)）]?[万亿]?[元%]?|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_BLANKS = frozenset({"", "-", "–", "—", "－", "--", "/", "*", "N/A", "不适用"})
_TOTALS = ("合计", "总计", "总额", "共计")
_NOTE = re.compile("^(?:其中|备?注|说明|附注|数据来源|资料来源|note)", re.IGNORECASE)
_COLUMN_NOUN = re.compile(
    "(?:名称|项目|事项|内容|类别|类型|种类|标准|说明|备注|金额|单位|日期|时间|机构|行业|比例|占比|方式|要求|条件|费率|利率|情况"
    "|原因|描述|指标|范围|用途|材料|期限|数值|含义|定义|释义|负责人|电话|地址|网址|渠道|答案|行|值|数|率|额|价|(?<!免)费|费用|量)$"
)


@dataclass(frozen=True)
class Cell:
    """The text at one place of a grid, and the row and column at which the cell that covers the place begins."""

    text: str
    row: int
    column: int

    @property
    def origin(self) -> tuple[int, int]:
        """Where the covering cell begins; equal for all places that it covers."""
        return self.row, self.column


Grid = list[list[Cell]]


def plain(rows: Iterable[Sequence[str]]) -> Grid:
    """A grid in which no cell spans."""
    return [[Cell(text, r, c) for c, text in enumerate(row)] for r, row in enumerate(rows)]


def spread(rows: Sequence[Sequence[tuple[str, int, int]]]) -> Grid:
    """A grid from rows of (text, rowspan, colspan), each cell repeated in every place that it covers."""
    places: dict[tuple[int, int], Cell] = {}
    for r, row in enumerate(rows):
        column = 0
        for text, rowspan, colspan in row:
            while (r, column) in places:
                column += 1
            cell = Cell(text, r, column)
            down = range(r, min(r + max(1, rowspan), len(rows)))
            places.update(((y, x), cell) for y in down for x in range(column, column + max(1, colspan)))
            column += max(1, colspan)
    width = 1 + max((x for _, x in places), default=-1)
    return [[places.get((y, x)) or Cell("", y, x) for x in range(width)] for y in range(len(rows))]


def table_blocks(grid: Grid, pages: Sequence[int | None] | None = None, header_rows: int | None = None) -> list[Block]:
    """The table as rows under their headers, with full-width cells as captions, sections and notes.

    `pages` gives each grid row's page; `header_rows` is known where the format marks its header, else it is found.
    """
    pages = pages or [None] * len(grid)
    cut = _second_header(grid)
    if cut is not None:
        upper = table_blocks(grid[:cut], pages[:cut], header_rows)
        return upper + table_blocks(grid[cut:], pages[cut:], header_rows and 1)
    kept = [number for number, row in enumerate(grid) if any(cell.text.strip() for cell in row)]
    pages = [pages[number] for number in kept]
    tidy = _narrow([[Cell(_shown(cell.text), cell.row, cell.column) for cell in grid[number]] for number in kept])
    if not tidy or len(tidy[0]) < 2:
        return [Paragraph(row[0].text, page) for row, page in zip(tidy, pages, strict=True) if _begins(tidy, row)]
    first = next((number for number, row in enumerate(tidy) if not _is_single(row)), len(tidy))
    captions: list[Block] = [Paragraph(_text(row), page) for row, page in zip(tidy[:first], pages, strict=False)]
    body = tidy[first:]
    depth = _header_depth(body) if header_rows is None else max(0, min(header_rows, len(tidy)) - first)
    headers = _joined(body[:depth], len(tidy[0]))
    return captions + list(_body_blocks(headers, body[depth:], pages[first + depth :], body[:depth]))


def is_header(row: Sequence[str]) -> bool:
    """Whether the row could be a table's header: at least two short labels on half of the columns, and no value."""
    filled = [text for text in row if text.strip()]
    labels = all(len(text) <= _MAX_LABEL and not _is_value(text) for text in filled)
    return labels and len(filled) >= 2 and 2 * len(filled) >= len(row)


def _shown(text: str) -> str:
    return join_all(clean(line) for line in text.splitlines())


def _second_header(grid: Grid) -> int | None:
    """The row at which a second table begins inside the first, told by its header or by a title above its header."""
    texts = [[_shown(cell.text) for cell in row] for row in grid]
    named = [number for number, row in enumerate(grid) if len({cell.origin for cell in row if cell.text}) > 1]
    if not named or not is_header(texts[named[0]]):
        return None
    first = texts[named[0]]
    for above, number in pairwise(named):
        row = texts[number]
        if row == first or not is_header(row) or grid[above][0].origin == grid[number][0].origin:
            continue
        follows_values = above != named[0] and any(map(_is_value, texts[above]))
        if row[0] == first[0] or (not row[0] and follows_values and all(row[1:])):
            return number
        if number - above > 1 and _is_wide(grid[number - 1]) and follows_values and _names_columns(row):
            return number - 1
    return None


def _names_columns(row: Sequence[str]) -> bool:
    """Whether most cells beside the first read as names of columns, as 数量 and 股东性质 do."""
    beside = [text for text in row[1:] if text]
    return 2 * sum(_COLUMN_NOUN.search(text) is not None for text in beside) > len(beside)


def _narrow(grid: Grid) -> Grid:
    """The grid, rectangular, without columns that are empty or that repeat their left neighbour."""
    width = max((len(row) for row in grid), default=0)
    full = [row + [Cell("", number, x) for x in range(len(row), width)] for number, row in enumerate(grid)]
    full = _unspanned(full)
    width = len(full[0]) if full else 0
    columns = [
        x
        for x in range(width)
        if any(row[x].text for row in full) and (x == 0 or any(row[x].text != row[x - 1].text for row in full))
    ]
    return [[row[x] for x in columns] for row in full]


def _unspanned(grid: Grid) -> Grid:
    """The grid with each row's cells side by side, where all rows have equally many and spans only set their widths."""
    cells = [list({cell.origin: cell for cell in row}.values()) for row in grid]
    counts = {len(row) for row in cells if len(row) > 1}
    reaches = any(set(map(_origin, up)) & set(map(_origin, low)) for up, low in pairwise(grid))
    if len(counts) != 1 or reaches:
        return grid
    count = counts.pop()
    return [row if len(row) == count else row * count for row in cells]


def _origin(cell: Cell) -> tuple[int, int]:
    return cell.origin


def _begins(grid: Grid, row: list[Cell]) -> bool:
    return all(other[0].origin != row[0].origin for other in grid[: grid.index(row)])


def _is_single(row: list[Cell]) -> bool:
    """Whether the row holds one cell only, across the table or alone at its left."""
    return len({cell.origin for cell in row if cell.text}) == 1


def _is_wide(row: list[Cell]) -> bool:
    return len({cell.origin for cell in row}) == 1


def _text(row: list[Cell]) -> str:
    return next((cell.text for cell in row if cell.text), "")


def _is_value(text: str) -> bool:
    bare = text.replace(" ", "")
    return _VALUE.fullmatch(bare) is not None and _YEAR.fullmatch(bare) is None


def _header_depth(body: Grid) -> int:
    if len(body) < 2 or not is_header([cell.text for cell in body[0]]):
        return 0
    if any(_repeats(body, x) for x in range(len(body[0]))):
        return 0
    names = {cell.origin for cell in body[0] if cell.text.endswith(("：", ":"))}
    if len(names) > 1 or (len(body[0]) == 2 and (names or not _heads_pairs(body))):
        return 0
    depth = 1
    while depth < min(len(body) - 1, _MAX_HEADER_ROWS) and _goes_on(body, depth):
        depth += 1
    return depth


def _repeats(body: Grid, column: int) -> bool:
    """Whether the first cell of a column comes back below, as 指 does in a list of terms, and so heads nothing."""
    first, rest = body[0][column].text, [row[column].text for row in body[1:]]
    return bool(first) and len(rest) > 1 and 2 * rest.count(first) > len(rest)


def _goes_on(body: Grid, depth: int) -> bool:
    """Whether the row at `depth` still belongs to the header: a cell above reaches down to it or spans its columns."""
    above, row = body[depth - 1], body[depth]
    reaches = any(up.text and up.origin == cell.origin for up, cell in zip(above, row, strict=True))
    spans = any(left.text and left.origin == right.origin for left, right in pairwise(above))
    starts = row[0].text and above[0].text and above[0].origin not in (row[0].origin, above[1].origin)  # a data row
    labels = [cell.text for cell in row if cell.text]
    begins = {cell.origin for cell in row if cell.text} - {cell.origin for cell in above}
    fits = len(begins) > 1 and all(not _is_value(label) and len(label) <= _MAX_LABEL for label in labels)
    return (reaches or spans) and fits and not starts and rank(row[0].text) is None


def _heads_pairs(body: Grid) -> bool:
    """Whether the first row of a two-column table heads the columns, rather than being the first name and value."""
    values = [row[1].text for row in body[1:] if row[1].text not in _BLANKS]
    if sum(map(_is_value, values)) >= 0.6 * len(values):
        return True
    head = body[0][1].text
    return len(head) <= 2 * _MAX_LABEL // 3 and (_COLUMN_NOUN.search(head) is not None or head.isascii())


def _joined(header: Grid, width: int) -> tuple[str, ...]:
    """One header a column; the cells above each other are joined, as `2019年 / 金额`."""
    columns = ([row[x] for row in header] for x in range(width))
    return tuple(" / ".join(dict.fromkeys(cell.text for cell in column if cell.text)) for column in columns)


def _body_blocks(headers: tuple[str, ...], body: Grid, pages: Sequence[int | None], header: Grid) -> Iterable[Block]:
    repeated = {tuple(cell.text for cell in row) for row in header}
    section, was_wide = "", False
    for number, (row, page) in enumerate(zip(body, pages, strict=True)):
        cells = tuple(cell.text for cell in row)
        if cells in repeated:
            continue
        if not _is_wide(row):
            section = "" if _leaves(section, cells[0]) else section
            yield Row(headers, (_under(section, cells[0]), *cells[1:]), page)
        elif _NOTE.match(cells[0]) or len(cells[0]) > 2 * _MAX_LABEL or all(map(_is_wide, body[number:])):
            section = ""
            yield Paragraph(cells[0], page)
        else:
            section = _under(section, cells[0]) if was_wide else cells[0]
        was_wide = _is_wide(row)


def _leaves(section: str, name: str) -> bool:
    """Whether a row stands outside the section above it: a grand total, or a number as high as the section's own."""
    own, number = rank(section), rank(name)
    return name.startswith(_TOTALS) or (own is not None and number is not None and number <= own)


def _under(section: str, text: str) -> str:
    return " / ".join(filter(None, (section, text)))
