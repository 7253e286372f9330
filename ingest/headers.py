"""Which rows of a table are its header, what each column is, and the header path of each figure column.

Takes a `Matrix` whose first row is the first header row (captions are gone), gives a `Layout`. A side-by-side form
(收入 | 支出, or three and four pairs) is one table of several blocks; each block has its own label columns, and the path
of its figure columns begins with the block's heading.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ingest.captions import states_only_unit
from ingest.matrix import Cell, Matrix, is_nothing

Column = Literal["label", "code", "unit_code", "line", "figure", "text", "blank"]

MAX_HEADER_ROWS: Final = 8
_MOSTLY: Final = 0.7
"""Of a row's cells that must count columns where two marks (**) say that it does: text recognition slips."""

_LINE: Final = re.compile(r"行次|序号|栏次|编?号|行号")
_CODE: Final = re.compile(r".*(?:编码|代码|编号)|[类款项目]")
_UNIT_CODE: Final = re.compile(r"(?:预算)?(?:单位|部门)(?:预算)?(?:代码|编码|编号)")
_LABEL: Final = re.compile(
    r"项目|科目|.*科目(?:[（(].*[）)])?|.*名称(?:[（(].*[）)])?|(?:预算|所属|主管)?(?:单位|部门)|支出功能分类|功能分类|经济分类|.*分类科目.*|指标.*|备注|说明|.*内容|类别|资金性质"
)
_ATTRIBUTE: Final = re.compile(
    r"(?:计量|度量)单位|规格.*|型号|.*(?:方式|形式|性质|时间|日期|来源|依据|类型|标准|属性|级次|解释|内容|概况)|.*绩效目标|是否.*|备注|说明|联系.*"
)
"""Header of a column of words that describe a row without naming it."""

_ORGANISATION: Final = re.compile(r"(?:项目|实施|主管|承担|责任|预算|所属|用款|使用|执行)?(?:单位|部门|处室|科室)(?:名称)?")
"""Header of a column of organisations: behind a name that is the only one of its kind, it describes the row."""

_GENERIC: Final = re.compile(
    r"项目|科目|.*科目(?:名称|编码|代码)?|.*(?:编码|代码|名称)|[类款项]|行次|序号|栏次|单位|部门|(?:预算|所属)单位|支出功能分类|.*分类科目.*"
)
_ORDINAL: Final = re.compile(r"\d{1,2}|\*+|栏次|[甲乙丙丁戊A-Z]|[-—]|[\d（）()+\-=×*/＝＋－、,~～—…]{2,}")
_CODE_VALUE: Final = re.compile(r"[0-9]{1,9}(?:[-.][0-9]{1,3}){0,3}")


@dataclass(frozen=True, slots=True)
class Block:
    """One label-and-figures part of a table: the column indexes of each sort."""

    labels: tuple[int, ...]
    codes: tuple[int, ...]
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`body` is the first row below the header; `ordinals` are header rows that only count columns."""

    body: int
    ordinals: frozenset[int]
    kinds: tuple[Column, ...]
    blocks: tuple[Block, ...]
    paths: dict[int, tuple[Cell, ...]]  # figure column → its header cells, outermost first

    @property
    def figure_columns(self) -> tuple[int, ...]:
        return tuple(column for block in self.blocks for column in block.figures)


@lru_cache(maxsize=64)
def find_layout(matrix: Matrix) -> Layout:
    """The layout of one table. A table without any number still has one (an empty form)."""
    body, ordinals = _body_start(matrix)
    kinds = _column_kinds(matrix, body, ordinals)
    body = _step_back(matrix, body, ordinals, kinds)
    blocks = _blocks(matrix, body, ordinals, kinds)
    return Layout(body, ordinals, kinds, blocks, _paths(matrix, body, ordinals, blocks))


def is_ordinal_row(matrix: Matrix, row: int) -> bool:
    """A row that counts the columns: `栏次 | 1 | 2`, `** | ** | 1 | 2`, `1 | 2 | 3`, `甲 | 1 | 2=3+4`."""
    cells = [cell.plain for cell in matrix.row(row)]
    values = [text for text in cells if text not in ("类", "款", "项")]
    fitting = [text for text in values if _ORDINAL.fullmatch(text)]
    marks = sum(1 for text in fitting if text == "栏次" or text.startswith("**") or text in "甲乙")
    if (marks and len(fitting) == len(values)) or (marks >= 2 and len(fitting) >= _MOSTLY * len(values)):
        return True
    if not values or len(fitting) < len(values):
        return False
    counts = [int(text) for text in values if text.isdigit()]
    steps = [after - before for before, after in itertools.pairwise(counts)]
    return len(counts) >= 2 and counts[0] in (0, 1, 2, 3) and all(step in (0, 1) for step in steps) and sum(steps) >= (len(steps) + 1) // 2


def _body_start(matrix: Matrix) -> tuple[int, frozenset[int]]:
    """The first row that prints a number which is not a column's ordinal, or the row after the ordinals."""
    ordinals: set[int] = set()
    row = 0
    while row < matrix.rows:
        if row < MAX_HEADER_ROWS and is_ordinal_row(matrix, row):
            ordinals.add(row)
        elif ordinals:
            return row, frozenset(ordinals)
        elif any((cell.number is not None and not _is_year(cell)) or cell.is_misprint for cell in matrix.row(row)):
            break
        row += 1
    if row == matrix.rows:
        return _body_without_numbers(matrix), frozenset(ordinals)
    return row, frozenset(ordinals)


def _is_year(cell: Cell) -> bool:
    return cell.plain.isdigit() and len(cell.plain) == 4 and cell.plain[:2] in ("19", "20")


def _body_without_numbers(matrix: Matrix) -> int:
    """An empty form: the header reaches as far as its spans, and one row at least."""
    depth, row = 1, 0
    while row < min(depth, matrix.rows):
        cells = matrix.row(row)
        for cell in cells:
            depth = max(depth, cell.row + cell.row_span)
        if any(cell.column_span > 1 for cell in cells) and row + 1 < matrix.rows and len(matrix.row(row + 1)) > 1:
            depth = max(depth, row + 2)
        row += 1
    return min(depth, matrix.rows)


def _column_kinds(matrix: Matrix, body: int, ordinals: frozenset[int]) -> tuple[Column, ...]:
    kinds: list[Column] = []
    for column in range(matrix.columns):
        kinds.append(_column_kind(matrix, column, body, ordinals))
    return tuple(_settled(kinds, matrix, body))


def _column_kind(matrix: Matrix, column: int, body: int, ordinals: frozenset[int]) -> Column:
    headers = [cell.plain for row in range(body) if row not in ordinals and (cell := matrix.at(row, column)) and cell.plain]
    leaf = headers[-1] if headers else ""
    numbers = texts = codes = 0
    values: list[str] = []
    for row in range(body, matrix.rows):
        cell = matrix.at(row, column)
        if cell is None or cell.row != row or not cell.plain or is_nothing(cell.text):
            continue
        if cell.column_span > 1 and cell.number is None and cell.column != column:
            continue
        values.append(cell.plain)
        if cell.number is None:
            texts += 1
        else:
            numbers += 1
        codes += _CODE_VALUE.fullmatch(cell.plain) is not None
    if leaf.startswith("**") or (_LINE.fullmatch(leaf) and numbers >= texts):
        return "line"
    if any(_UNIT_CODE.fullmatch(header) for header in headers) and codes >= texts:
        return "unit_code"
    if _CODE.fullmatch(leaf) and numbers > texts and not codes and all(value.isdigit() for value in values):
        return "unit_code"  # a project's number: too long for a classification
    if _CODE.fullmatch(leaf) and codes >= texts and (codes or numbers == 0):
        return "code" if codes or not texts else "label"
    if texts > numbers:
        return "text" if _ATTRIBUTE.fullmatch(leaf) else "label"
    if numbers:
        return "line" if _counts_rows(values) and column + 1 < matrix.columns and not headers else "figure"
    if not headers:
        return "blank"
    return "label" if _LABEL.fullmatch(leaf) else "figure"


def _counts_rows(values: list[str]) -> bool:
    if len(values) < 5 or not all(value.isdigit() for value in values):
        return False
    counts = [int(value) for value in values]
    return all(after == before + 1 for before, after in itertools.pairwise(counts))


def _settled(kinds: list[Column], matrix: Matrix, body: int) -> list[Column]:
    """Second look: integers beside a name are codes; text after the last figures is no label."""
    for column, kind in enumerate(kinds[:-1]):
        leads = not any(kinds[before] in ("figure", "label", "text") for before in range(column))
        if kind == "figure" and leads and kinds[column + 1] in ("label", "code", "figure") and _looks_like_codes(matrix, column, body):
            kinds[column] = "code"
    first = next((column for column, kind in enumerate(kinds) if kind == "figure"), len(kinds))
    if "label" not in kinds[:first]:
        kinds[:first] = ["label" if kind == "text" else kind for kind in kinds[:first]]
    for column in range(1, first):
        is_organisation = kinds[column] == "label" and _ORGANISATION.fullmatch(_leaf(matrix, column, body)) is not None
        if is_organisation and _are_named_before(matrix, column, body, kinds):
            kinds[column] = "text"
    last = max((column for column, kind in enumerate(kinds) if kind == "figure"), default=-1)
    if last >= 0:
        for column in range(last + 1, len(kinds)):
            if kinds[column] == "label":
                kinds[column] = "text"
    return kinds


def _leaf(matrix: Matrix, column: int, body: int) -> str:
    return next((cell.plain for row in range(body - 1, -1, -1) if (cell := matrix.at(row, column)) and cell.plain), "")


def _are_named_before(matrix: Matrix, column: int, body: int, kinds: list[Column]) -> bool:
    """Whether the label columns to the left name every row, no two alike."""
    before = [other for other in range(column) if kinds[other] == "label"]
    rows = [row for row in range(body, matrix.rows) if (cell := matrix.at(row, column)) and cell.plain and cell.column == column]
    names = [tuple(cell.plain if (cell := matrix.at(row, other)) else "" for other in before) for row in rows]
    return bool(before) and all(any(name) for name in names) and len(set(names)) == len(names)


def _looks_like_codes(matrix: Matrix, column: int, body: int) -> bool:
    values = [
        cell.plain for row in range(body, matrix.rows) if (cell := matrix.at(row, column)) and cell.row == row and cell.number is not None
    ]
    whole = [value for value in values if value.isdigit() and len(value) in (2, 3, 5, 6, 7) and value != "00"]
    return len(whole) == len(values) > 0 and any(len(value) >= 3 and value[0] in "1235" for value in whole)


def _step_back(matrix: Matrix, body: int, ordinals: frozenset[int], kinds: tuple[Column, ...]) -> int:
    """Rows just above the first number that print only a label are already body: groups and blank lines of the form."""
    figures = [column for column, kind in enumerate(kinds) if kind in ("figure", "text")]
    while body > 1 and figures and body - 1 not in ordinals:
        row = body - 1
        covering = [cell for column in figures if (cell := matrix.at(row, column)) and cell.plain]
        own = matrix.row(row)
        if (
            covering
            or not own
            or any(_GENERIC.fullmatch(cell.plain) for cell in own)
            or any(cell.column_span >= matrix.columns - 1 > 1 for cell in own)
        ):
            break
        body -= 1
    return body


def _blocks(matrix: Matrix, body: int, ordinals: frozenset[int], kinds: tuple[Column, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    labels: list[int] = []
    codes: list[int] = []
    unit_codes: list[int] = []
    figures: list[int] = []

    def close() -> None:
        if figures:
            blocks.append(Block(tuple(labels), tuple(codes or unit_codes), tuple(figures)))
        for columns in (labels, codes, unit_codes, figures):
            columns.clear()

    for column, kind in enumerate(kinds):
        if kind in ("label", "code", "unit_code") and figures:
            if not _names_rows(kinds, column):
                continue
            close()
        if kind == "label":
            labels.append(column)
        elif kind == "code":
            codes.append(column)
        elif kind == "unit_code":
            unit_codes.append(column)
        elif kind == "figure":
            figures.append(column)
    close()
    return tuple(blocks)


def _names_rows(kinds: tuple[Column, ...], column: int) -> bool:
    """Whether a label column stands in this run of columns: codes alone, after figures, describe the row that they are in."""
    for kind in kinds[column:]:
        if kind == "label":
            return True
        if kind == "figure":
            return False
    return False


def _paths(matrix: Matrix, body: int, ordinals: frozenset[int], blocks: tuple[Block, ...]) -> dict[int, tuple[Cell, ...]]:
    paths: dict[int, tuple[Cell, ...]] = {}
    naming = _naming_labels(matrix, body, ordinals, blocks)
    for block in blocks:
        for column in block.figures:
            cells = _column_cells(matrix, column, body, ordinals)
            if column == block.figures[0] and (wide := _misdrawn_heading(matrix, column, cells, body, ordinals)):
                cells = [wide, *cells]
            heading = _block_heading(matrix, block, column, body, ordinals) if len(blocks) > 1 else None
            if heading and heading not in cells:
                cells = [heading, *cells]
            if naming and (label := naming.get(block)) and label not in cells:
                cells = [*(cell for cell in cells if cell.row < label.row), label, *(cell for cell in cells if cell.row >= label.row)]
            paths[column] = tuple(cells)
    return paths


def _column_cells(matrix: Matrix, column: int, body: int, ordinals: frozenset[int]) -> list[Cell]:
    cells: list[Cell] = []
    for row in range(body):
        cell = matrix.at(row, column)
        if row in ordinals or cell is None or not cell.plain or cell in cells or is_unit_cell(cell):
            continue
        cells.append(cell)
    return cells


def _misdrawn_heading(matrix: Matrix, column: int, cells: list[Cell], body: int, ordinals: frozenset[int]) -> Cell | None:
    """The heading to the right of a blank cell over the first figure column: its frame was drawn one column short."""
    if not cells or cells[0].row == 0 or 0 in ordinals or matrix.at(0, column) is not None:
        return None
    wide = matrix.at(0, column + 1)
    return (
        wide
        if wide and wide.plain and wide.column == column + 1 and wide.column_span > 1 and wide.column + wide.column_span == matrix.columns
        else None
    )


def is_unit_cell(cell: Cell) -> bool:
    """A header cell that only states the unit."""
    return states_only_unit(cell.text)


def _block_heading(matrix: Matrix, block: Block, column: int, body: int, ordinals: frozenset[int]) -> Cell | None:
    """Where the spans of the top header row were lost: the heading printed over the block's label column."""
    for row in range(body - 1):
        if row in ordinals:
            continue
        over = matrix.at(row, column)
        if over and over.plain:
            return None
        for label in (*block.labels, *block.codes):
            cell = matrix.at(row, label)
            if cell and cell.plain and not _GENERIC.fullmatch(cell.plain):
                return cell
    return None


def _naming_labels(matrix: Matrix, body: int, ordinals: frozenset[int], blocks: tuple[Block, ...]) -> dict[Block, Cell]:
    """The header over the label column of each block, where blocks under one heading differ by nothing else."""
    leaves: dict[Block, Cell] = {}
    for block in blocks:
        for column in block.labels[-1:]:
            cells = _column_cells(matrix, column, body, ordinals)
            if cells:
                leaves[block] = cells[-1]
    seen: dict[tuple[str, ...], set[str]] = {}
    for block in blocks:
        if block in leaves:
            path = tuple(cell.plain for cell in _column_cells(matrix, block.figures[0], body, ordinals))
            seen.setdefault(path, set()).add(leaves[block].plain)
    return leaves if any(len(names) > 1 for names in seen.values()) else {}
