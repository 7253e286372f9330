"""A table's grid as a rectangle: every position knows the cell that covers it, over all pages that the table runs on.

Takes `Grid`s (one a page), gives a `Matrix` that later stages index by row and column. Texts of labels and headers are
squeezed (no white space at all), as Chinese labels are printed with spacing for looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from ingest.source import Grid, GridCell
from store.money import read_number, unit_behind
from store.values import Box

_BLANKS: Final = re.compile(r"\s+")
_WHOLE: Final = 4
"""Digits from which the last line of a cell is a number of its own."""
_AMOUNT_SIGNS: Final = re.compile(r"[-+(¥]*[,.]*\d[\d,.]*[)%]?")
_NOTHING: Final = re.compile(r"[-—–─―－_/\\·.…*]*|无|空|不适用")


def squeeze(text: str) -> str:
    """`text` without any white space."""
    return _BLANKS.sub("", text)


def is_nothing(text: str) -> bool:
    """Whether a cell prints nothing that means something: blank, `-`, `—`, `/`, `────`."""
    return _NOTHING.fullmatch(squeeze(text)) is not None


def _holds_several(text: str) -> bool:
    """Whether lines of a cell are numbers each (the scale of a chart), not one number that is wrapped.

    A wrapped number has one decimal point, or leaves little for its second line.
    """
    if "\n" not in text:
        return False
    lines = [squeeze(line) for line in text.split("\n")]
    whole = all(read_number(line) is not None for line in lines)
    points = sum(line.count(".") for line in lines)
    return whole and (points > 1 or (points == 0 and (len(lines) > 2 or len(lines[-1]) >= _WHOLE)))


@dataclass(frozen=True)
class Cell:
    """One printed cell; `row` and `column` are those of its top left corner in the matrix."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    page: int | None
    bbox: Box | None
    indent: float
    centred: bool
    sureness: float = 1.0
    doubt: str | None = None
    margin: float = 0.0

    @cached_property
    def plain(self) -> str:
        return squeeze(self.text)

    @cached_property
    def number(self) -> Decimal | None:
        """The number it prints; None if it does not print exactly one."""
        plain = self.plain.removesuffix(unit_behind(self.plain) or "")
        if not plain or plain[-1] not in "0123456789%)）０１２３４５６７８９％." or _holds_several(self.text):
            return None
        return read_number(plain)

    @cached_property
    def is_amount_like(self) -> bool:
        """Whether it is written with the signs of an amount alone but prints no number: `12,34`, `1.2.3`."""
        return self.number is None and _AMOUNT_SIGNS.fullmatch(unicodedata.normalize("NFKC", self.plain)) is not None

    @property
    def is_misprint(self) -> bool:
        """An amount that is not well formed: `12,34`. Points alone part the numbers of dates and headings as well."""
        return self.is_amount_like and ("," in self.plain or "，" in self.plain)

    @property
    def depth(self) -> float:
        """Indentation in characters: leading blanks, or the reader's measure."""
        leading = 0.0
        for character in self.text:
            if character in "\u3000\u2003":
                leading += 1.0
            elif character in " \xa0\t":
                leading += 0.5
            else:
                break
        return max(leading, self.indent)


class Matrix:
    """Rows × columns of cells. `at(r, c)` is the cell that covers a position, or None where nothing is printed."""

    def __init__(self, cells: Iterable[Cell], rows: int, columns: int) -> None:
        self.rows = rows
        self.columns = columns
        self.cells = tuple(
            sorted((cell for cell in cells if cell.row < rows and cell.column < columns), key=lambda cell: (cell.row, cell.column))
        )
        self._cover: list[dict[int, Cell]] = [{} for _ in range(rows)]
        for cell in self.cells:
            for row in range(cell.row, min(rows, cell.row + cell.row_span)):
                for column in range(cell.column, min(columns, cell.column + cell.column_span)):
                    self._cover[row].setdefault(column, cell)

    def at(self, row: int, column: int) -> Cell | None:
        return self._cover[row].get(column)

    def row(self, row: int) -> tuple[Cell, ...]:
        """The cells whose top left corner is in this row, that print something."""
        return tuple(cell for cell in self._starts[row] if cell.plain)

    @cached_property
    def _starts(self) -> list[list[Cell]]:
        starts: list[list[Cell]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            starts[cell.row].append(cell)
        return starts

    def texts(self, row: int) -> tuple[str, ...]:
        """What each column of a row shows, spans repeated."""
        return tuple(cell.plain if (cell := self.at(row, column)) else "" for column in range(self.columns))

    def slice(self, first: int, last: int) -> Matrix:
        """Rows first … last - 1 as a matrix of their own; a span is cut at the edges."""
        kept: list[Cell] = []
        for cell in self.cells:
            top, bottom = max(cell.row, first), min(cell.row + cell.row_span, last)
            if top < bottom:
                kept.append(replace(cell, row=top - first, row_span=bottom - top))
        return Matrix(kept, last - first, self.columns)

    def below(self, other: Matrix) -> Matrix:
        """`other` with this matrix's rows underneath."""
        moved = (replace(cell, row=cell.row + other.rows) for cell in self.cells)
        return Matrix((*other.cells, *moved), other.rows + self.rows, max(self.columns, other.columns))

    def with_text(self, texts: dict[Cell, str]) -> Matrix:
        """The same cells, some with another text."""
        return Matrix((replace(cell, text=texts[cell]) if cell in texts else cell for cell in self.cells), self.rows, self.columns)

    def moved_to(self, columns: dict[int, tuple[int, int]], width: int) -> Matrix:
        """The cells at other columns: `columns` gives, for each cell's index in `cells`, its first and last new column."""
        moved = (
            replace(cell, column=columns[index][0], column_span=columns[index][1] - columns[index][0] + 1)
            for index, cell in enumerate(self.cells)
        )
        return Matrix(moved, self.rows, width)

    def without_unused_columns(self) -> Matrix:
        """Columns in which no cell begins or ends are made one with those before them: another table of the grid had them."""
        printed = [cell for cell in self.cells if cell.plain]
        edges = sorted({0, self.columns, *(edge for cell in printed for edge in (cell.column, cell.column + cell.column_span))})
        place = {edge: index for index, edge in enumerate(edges)}
        kept = (
            replace(cell, column=place[cell.column], column_span=place[cell.column + cell.column_span] - place[cell.column])
            for cell in printed
        )
        return Matrix(kept, self.rows, len(edges) - 1)

    def without_blank_columns(self) -> Matrix:
        """Columns that print nothing at all and carry no span's start are taken out."""
        used = {column for cell in self.cells if cell.plain for column in (cell.column, cell.column + cell.column_span - 1)}
        width = max(used, default=-1) + 1
        kept = tuple(replace(cell, column_span=min(cell.column_span, width - cell.column)) for cell in self.cells if cell.column < width)
        return Matrix(kept, self.rows, width)


def matrix_of(grid: Grid) -> Matrix:
    """A page's grid as a matrix."""
    return Matrix((_cell(cell, grid) for cell in grid.cells), grid.rows, grid.columns)


def _cell(cell: GridCell, grid: Grid) -> Cell:
    return Cell(
        cell.row,
        cell.column,
        cell.row_span,
        cell.column_span,
        cell.text,
        grid.page,
        cell.bbox,
        cell.indent,
        cell.centred,
        cell.sureness,
        cell.doubt,
        cell.margin,
    )
