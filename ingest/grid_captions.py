"""The caption and the notes that a grid holds itself, and several tables of one grid told apart by their captions.

Takes a matrix; gives the matrices of its tables, and each of them without its caption rows and notes, beside these.
A sheet or a fully ruled page prints title, number, unit, agency and notes inside the grid, above and below the table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ingest.captions import Caption, is_note, is_title, names_agency, read_caption_line
from ingest.matrix import Cell, Matrix, squeeze

CAPTION_LINES: Final = 8
"""Lines or rows above a table's header that can be its caption, at most."""

_PAGE_NUMBER: Final = re.compile(r"[-—–·]*(?:第?\d{1,3}页?(?:[/,，、]?共?\d{1,3}页?)?|%d)[-—–·]*")
_NAME_REST: Final = 8
"""Characters of an agency's name that may have slipped to the next line, at most."""


def stacked_tables(matrix: Matrix) -> list[Matrix]:
    """One grid may hold several tables, one under another, each with its caption (a sheet with a whole set of forms)."""
    starts = [0]
    numbers = False
    for row in range(matrix.rows):
        cells = matrix.row(row)
        if numbers and cells and _is_caption_row(matrix, row) and _begins_table(matrix, row):
            starts.append(row)
            numbers = False
        numbers = numbers or any(cell.number is not None for cell in cells)
    if len(starts) == 1:
        return [matrix]
    return [matrix.slice(first, last).without_unused_columns() for first, last in zip(starts, [*starts[1:], matrix.rows], strict=True)]


def without_caption(matrix: Matrix) -> tuple[Matrix, Caption, tuple[str, ...]]:
    """Takes the caption rows at the top and the notes at the bottom out of a grid that holds them."""
    top = 0
    while top < matrix.rows - 1 and top < CAPTION_LINES and _is_caption_row(matrix, top):
        top += 1
    caption = Caption()
    for row in range(top - 1, -1, -1):
        for cell in reversed(matrix.row(row)):
            for line in reversed(_lines_of(cell)):
                caption = read_caption_line(line, caption) or _with_title(caption, squeeze(line))
    bottom, notes = matrix.rows, []
    while bottom > top + 1:
        cells = matrix.row(bottom - 1)
        if (
            cells
            and not (
                len(cells) == 1
                and (is_note(cells[0].text) or is_page_number(cells[0].plain) or _is_long_text(cells[0].plain, matrix, bottom - 1))
            )
            and not all(is_note(cell.text) for cell in cells)
        ):
            break
        notes = ["".join(cell.text.split("\n")).strip() for cell in cells if not is_page_number(cell.plain)] + notes
        bottom -= 1
    return matrix.slice(top, bottom), caption, tuple(notes)


def is_page_number(text: str) -> bool:
    """Whether a line prints nothing but the number of its page."""
    return _PAGE_NUMBER.fullmatch(squeeze(text)) is not None


def may_end_name(text: str) -> bool:
    """Whether a line can be the rest of an agency's name: a few characters, nothing but words."""
    rest = squeeze(text)
    return len(rest) <= _NAME_REST and rest.isalpha()


def _begins_table(matrix: Matrix, row: int) -> bool:
    """Whether a caption row names a table (not only its unit), with rows of several cells to follow."""
    named = any(
        (caption := read_caption_line(line, Caption())) is not None and bool(caption.title or caption.number)
        for cell in matrix.row(row) for line in _lines_of(cell)
    )
    return named and any(len(matrix.row(after)) > 1 for after in range(row + 1, min(row + 6, matrix.rows)))


def _is_long_text(plain: str, matrix: Matrix, row: int) -> bool:
    """A sentence set across the whole table, under it."""
    return len(plain) > 25 and plain[-1] in "。；" and matrix.columns > 2


def _with_title(caption: Caption, plain: str) -> Caption:
    return caption if caption.title else replace(caption, title=plain)


def _is_caption_row(matrix: Matrix, row: int) -> bool:
    """A row of the grid that is caption, not header: blank; only number, unit or agency; or a lone title."""
    cells = matrix.row(row)
    if not cells:
        return all(cell.row_span == 1 for column in range(matrix.columns) if (cell := matrix.at(row, column)))
    if len(cells) == 1 and (is_title(cells[0].plain) or _heads_captions(matrix, row)):
        return True
    return all(read_caption_line(line, Caption()) is not None for cell in cells for line in _lines_of(cell)) and not any(
        is_title(cell.plain) and cell.row_span > 1 for cell in cells
    )


def _lines_of(cell: Cell) -> list[str]:
    """The text of a cell as caption lines: one line that is wrapped, or several lines of which one says the unit or the agency."""
    lines = [line for line in cell.text.split("\n") if line.strip()]
    if any(names_agency(line) for line in lines):
        lines = [line for line in lines if read_caption_line(line, Caption()) or not may_end_name(line)]
    said = [read_caption_line(line, Caption()) for line in lines]
    return lines if len(lines) > 1 and all(said) and any(one and (one.unit or one.agency) for one in said) else [cell.text]


def _heads_captions(matrix: Matrix, row: int) -> bool:
    """A lone cell above a row of number, unit or agency is the title, however it ends."""
    below = next((matrix.row(after) for after in range(row + 1, min(row + 3, matrix.rows)) if matrix.row(after)), ())
    return (
        bool(below)
        and matrix.row(row)[0].number is None
        and all((caption := read_caption_line(cell.text, Caption())) is not None and not caption.title for cell in below)
    )
