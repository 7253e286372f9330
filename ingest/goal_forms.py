"""Forms of labelled fields, not of columns: 绩效目标表 and their like.

Takes a `Matrix` of such a form; gives each printed number with the labels beside it (`项目资金（万元）` / `年度资金总额`) and,
where the form has a list of indicators, with the header above it (`指标值`, `分值`). Text stays text: `≥95%` is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ingest.headers import find_layout
from ingest.matrix import Cell, Matrix, is_nothing
from ingest.units import MEASURE_HEADER

_SUBJECT: Final = re.compile(r"绩效|总体目标|年度目标|[一二三]级指标")
_INDICATORS: Final = re.compile(r"[一二三]级指标|指标值|指标内容|绩效指标|指标名称")
_FIELD: Final = re.compile(
    r"项目名称|(?:主管|实施|预算|填报|申报)?(?:部门|单位)(?:名称|及代码)?[:：]?|.*(?:资金|金额|总额)(?:情况)?(?:[（(].{1,3}[）)])?[:：]?|年度(?:总体)?目标"
)
_VALUE_HEADER: Final = re.compile(r"值|性质|单位|权重|方向|备注|标准|解释|内容|说明")
_AMOUNTS: Final = re.compile(r"数|金额|资金|[合总小]计|预算|经费|拨款")
_NAMES: Final = re.compile(r"项目|名称|科目|单位|部门|内容")
_MOST_ROWS: Final = 0.6
_LONG: Final = 40
"""Characters past which a text is a description, not a label."""


@dataclass(frozen=True, slots=True)
class Field:
    """A printed number of a form: the labels to its left and the headers above it, outermost first."""

    cell: Cell
    labels: tuple[Cell, ...]
    headers: tuple[Cell, ...]
    measured: str | None = None  # what the row prints under 计量单位


def is_goal_form(matrix: Matrix, title: str) -> bool:
    """Whether a grid is such a form: it speaks of 绩效, and its indicators are no columns of the whole table."""
    about = "绩效" in title or any(_SUBJECT.search(cell.plain) for cell in matrix.cells if len(cell.plain) <= _LONG)
    header = _indicator_row(matrix) if about else None
    if not about or (header is None and _is_list(matrix)):
        return False
    fields = len({cell.row for cell in matrix.cells if cell.column <= 2 and _FIELD.fullmatch(cell.plain)})
    if header is None:
        return fields >= (1 if "绩效" in title and len(matrix.row(0)) == 2 else 2)
    if header >= find_layout(matrix).body or any(len(cell.plain) > _LONG for row in range(header) for cell in matrix.row(row)):
        return True
    return fields >= 2 and any(cell.number is not None for row in range(header) for cell in matrix.row(row))


def _is_list(matrix: Matrix) -> bool:
    """Whether headers over all columns name a label and amounts, with amounts below in most rows: projects and their goals."""
    layout = find_layout(matrix)
    rows = [row for row in range(layout.body, matrix.rows) if matrix.row(row)]
    headed = all(any((cell := matrix.at(row, column)) and cell.plain for row in range(layout.body)) for column in range(matrix.columns))
    if not headed or not rows or not any(_AMOUNTS.search(path[-1].plain) for path in layout.paths.values() if path):
        return False
    counts = (sum((cell := matrix.at(row, column)) is not None and cell.number is not None for row in rows) for column in layout.paths)
    labelled = any(_NAMES.search(cell.plain) for cell in matrix.row(0))
    return labelled and max(counts, default=0) >= _MOST_ROWS * len(rows)


def read_fields(matrix: Matrix) -> Iterator[Field]:
    """Every cell that prints one number, with its labels."""
    indicators = _indicator_row(matrix)
    for cell in matrix.cells:
        if cell.number is None:
            continue
        left = [other for other in _to_the_left(matrix, cell) if other.number is None]
        labels = tuple(other for other in left if _is_label(other))
        if indicators is not None and cell.row > indicators:
            yield _indicator(matrix, indicators, cell, labels)
            continue
        top = min((label.row for label in labels), default=0)
        above = tuple(_above(matrix, cell, top))
        own = [other for other in labels if other.row == cell.row and other.row_span == cell.row_span]
        alone = sum(1 for other in matrix.row(cell.row) if other.number is not None) == 1
        if own and own[-1] is left[-1] and _is_beside(matrix, own[-1], cell) and (alone or not above):
            outer = tuple(label for label in labels if label.row_span > cell.row_span)
            yield Field(cell, (*outer, own[-1]), ())
        else:
            yield Field(cell, labels, above)


def _is_label(cell: Cell) -> bool:
    return len(cell.plain) <= _LONG and not is_nothing(cell.text) and not re.fullmatch(r"[=＝≥≤<>＜＞]+", cell.plain)


def _indicator(matrix: Matrix, indicators: int, cell: Cell, labels: tuple[Cell, ...]) -> Field:
    """A number in the list of indicators: the header above it is in the list's own header row."""
    head = matrix.at(indicators, cell.column)
    names = tuple(label for label in labels if not _is_value(matrix, indicators, label))
    measured = None
    for column in range(matrix.columns):
        unit = matrix.at(indicators, column)
        if unit and MEASURE_HEADER.fullmatch(unit.plain) and (printed := matrix.at(cell.row, column)) and printed.plain:
            measured = printed.plain
    return Field(cell, names, (head,) if head and head.plain else (), measured)


def _is_value(matrix: Matrix, indicators: int, label: Cell) -> bool:
    """Whether a text of the list stands under 指标值, 性质, 单位 or 分值: what is measured, not its name."""
    head = matrix.at(indicators, label.column)
    return head is not None and _VALUE_HEADER.search(head.plain) is not None


def _indicator_row(matrix: Matrix) -> int | None:
    for row in range(matrix.rows):
        if sum(1 for cell in matrix.row(row) if _INDICATORS.fullmatch(re.sub(r"[（(].*", "", cell.plain))) >= 2:
            return row
    return None


def _to_the_left(matrix: Matrix, cell: Cell) -> list[Cell]:
    found: list[Cell] = []
    for column in range(cell.column):
        other = matrix.at(cell.row, column)
        if other is not None and other.plain and other not in found:
            found.append(other)
    return found


def _is_beside(matrix: Matrix, label: Cell, cell: Cell) -> bool:
    """Whether nothing but blanks stands between a label and a number."""
    return all(matrix.at(cell.row, column) is None for column in range(label.column + label.column_span, cell.column))


def _above(matrix: Matrix, cell: Cell, top: int) -> list[Cell]:
    found: list[Cell] = []
    for row in range(cell.row - 1, top - 1, -1):
        other = matrix.at(row, cell.column)
        if other is None or not other.plain or other.number is not None:
            continue
        if len(other.plain) > _LONG:
            break
        if other not in found:
            found.insert(0, other)
    return found
