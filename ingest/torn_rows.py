"""A row that a page break tears: its cells go on at the top of the next page.

Takes the rows above and below the break; gives them with the torn row made whole, in the row above. What proves the tear is
what the table prints elsewhere: the form of its codes, the decimals of its amounts, a code in every row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ingest.captions import starts_numbering
from ingest.headers import Layout, find_layout
from ingest.matrix import Cell, Matrix, is_nothing
from store.money import read_number

_MOSTLY: Final = 0.8
"""Share of the amounts above the break that print the same number of decimals, where a number with fewer is torn."""

_MANY: Final = 0.6
"""Share of the rows that must have a code where amounts that lack decimals prove the tear."""

_CODE_LENGTHS: Final = (3, 5, 7)


def mended(above: Matrix, below: Matrix) -> tuple[Matrix, Matrix]:
    """The rows of two pages with the row that the break tears made whole; as they are where nothing is torn."""
    if below.rows < 1 or above.rows < 2:
        return above, below
    heads, rests = _by_column(above, above.rows - 1), _by_column(below, 0)
    if not heads or not rests:
        return above, below
    if _is_label_torn(heads, rests, below) or _is_row_torn(heads, rests, above):
        return _joined(above, heads, rests), below.slice(1, below.rows)
    return above, below


def _by_column(matrix: Matrix, row: int) -> dict[int, Cell]:
    return {cell.column: cell for cell in matrix.row(row) if not is_nothing(cell.text)}


def _joined(above: Matrix, heads: Mapping[int, Cell], rests: Mapping[int, Cell]) -> Matrix:
    """The rows above with what the torn row prints below the break."""
    row = above.rows - 1
    texts = {cell: cell.text + _between(cell, rests[column]) + rests[column].text for column, cell in heads.items() if column in rests}
    whole = above.with_text(texts)
    added = (replace(cell, row=row, row_span=1) for column, cell in rests.items() if column not in heads)
    return Matrix((*(cell for cell in whole.cells if cell.plain or cell.row != row), *added), above.rows, above.columns)


def _between(head: Cell, rest: Cell) -> str:
    return "" if head.number is not None and rest.number is not None else "\n"


def _is_label_torn(heads: Mapping[int, Cell], rests: Mapping[int, Cell], below: Matrix) -> bool:
    """A numbered label (`八、社会保障和就` / `业支出`): what follows is numbered again."""
    worded = all(cell.number is None and column in heads and heads[column].number is None for column, cell in rests.items())
    if below.rows < 2 or not worded:
        return False
    numbered = all(starts_numbering(heads[column].plain) and not starts_numbering(cell.plain) for column, cell in rests.items())
    follows = all((after := below.at(1, column)) is not None and starts_numbering(after.plain) for column in rests)
    return numbered and follows


def _is_row_torn(heads: Mapping[int, Cell], rests: Mapping[int, Cell], above: Matrix) -> bool:
    """A coded row: the rest has no code of its own, and its amounts are those above that lack decimals."""
    layout = find_layout(above)
    codes = {column for block in layout.blocks for column in block.codes}
    coded = _coded(above, layout, codes)
    if not codes & set(heads) or coded < _MANY:
        return False
    if any(column in rests and not _is_code_torn(heads.get(column), rests[column]) for column in codes):
        return False
    figures = set(layout.figure_columns)
    short, rest = figures & set(heads), figures & set(rests)
    if not rest:
        return coded == 1.0 and (not short or all(_decimals(heads[column]) == _usual(above, layout) for column in short))
    usual = _usual(above, layout)
    whole = all(_decimals(heads[column], rests[column]) == usual for column in short & rest)
    torn = all(_decimals(heads[column]) != usual for column in short)
    return usual > 0 and whole and ((torn and bool(short) and short == rest) or (not short and coded == 1.0))


def _coded(above: Matrix, layout: Layout, codes: set[int]) -> float:
    """The share of rows with a code, the total aside: where all have one, a row without is the rest of the row before."""
    rows = range(layout.body + 1, above.rows)
    coded = [any((cell := above.at(row, column)) is not None and cell.plain for column in codes) for row in rows]
    return sum(coded) / len(coded) if len(coded) > 1 else 0.0


def _is_code_torn(head: Cell | None, rest: Cell) -> bool:
    if head is None:
        return False
    return len(head.plain) not in _CODE_LENGTHS and len(head.plain + rest.plain) in _CODE_LENGTHS and (head.plain + rest.plain).isdigit()


def _decimals(*parts: Cell) -> int:
    """Decimals of the number that the parts print together; -1 if they print none."""
    text = "".join(part.plain for part in parts)
    return -1 if read_number(text) is None else len(text.partition(".")[2].rstrip("%"))


def _usual(above: Matrix, layout: Layout) -> int:
    """How many decimals the amounts above the torn row print; 0 where they differ."""
    columns = set(layout.figure_columns)
    counts = Counter(
        _decimals(cell) for cell in above.cells
        if layout.body <= cell.row < above.rows - 1 and cell.column in columns and cell.number is not None
    )
    most = counts.most_common(1)
    return most[0][0] if most and most[0][1] >= _MOSTLY * sum(counts.values()) else 0
