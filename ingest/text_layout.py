"""Tables of a text whose columns kept their place: `pdftotext -layout` and its like.

Takes the lines of one table below its caption, gives a grid. Columns come from the header (ingest/text_header_tree.py).
Places are counted in characters and are only nearly right, because a Chinese character is as wide as two digits and
counts as one; so each row's cells are put into columns in order, at the least total distance, and the columns' places
are then learnt from the rows themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_header_tree import NAMES_CODE, NAMES_FIGURE, NAMES_LABEL, Parent, Stack, header_tree
from ingest.text_headers import is_code_name, is_header_cell, plain_header
from ingest.text_places import Word, words_of
from ingest.text_words import CODE, is_figure, is_row_start, is_total_word, squeeze

TEXT_IN_FIGURES: Final = 60.0
"""Distance (characters) that a label in a column of figures, or a figure in a column of labels, counts for."""

SPREAD: Final = 0.3
"""Share of blank lines from which they are the space between all lines, and part nothing."""

WRAP_LINES: Final = 2
"""From one part of a wrapped label to the next: its row's figures may stand in a line between them."""


@dataclass(slots=True)
class _Column:
    """A column of the grid. `place` is where its text begins, or where its figures end."""

    stack: Stack | None
    figures: bool
    place: float
    seen: list[float] = field(default_factory=list[float])


Columns = tuple[_Column, ...]
"""The columns of a table, for the page on which it goes on."""


def layout_grid(lines: Sequence[str], page: int | None, document: str) -> tuple[Grid, Columns] | None:
    """The grid of a table's lines (caption taken off) with its columns, or None if no header with two columns is found.

    `document` is the whole text without blanks: what it prints behind a column's name helps where places are drawn apart.
    """
    if sum(1 for line in lines if not line.strip()) > SPREAD * len(lines):
        lines = [line for line in lines if line.strip()]
    body = next((index for index, line in enumerate(lines) if _begins_body(line)), len(lines))
    header = [words_of(line, header=True) for line in lines[:body]]
    leaves, parents = header_tree(header)
    rows = [words for line in lines[body:] if (words := words_of(line))]
    if len(leaves) < 2:
        return None
    leaves, parents = _with_code_column(leaves, parents, rows)
    if any(len(row) > len(leaves) for row in rows):
        return None  # more cells than columns: the header is not understood
    columns = _columns(leaves, rows)
    paths = [[leaf.text, *(parent.text for parent, _, first, last in parents if first <= at <= last)] for at, leaf in enumerate(leaves)]
    placed = _as_document_says(_joined_rows(_place_rows(rows, columns), columns), columns, paths, document)
    return _grid(columns, parents, placed, page), tuple(columns)


def layout_rows(lines: Sequence[str], columns: Columns, page: int | None, document: str) -> Grid | None:
    """The grid of rows that go on from the page before, bare or under the same header; None if they are no such rows."""
    made = layout_grid(lines, page, document) if lines and not _begins_body(lines[0]) else None
    if made is not None:
        names = [column.stack.text for column in made[1] if column.stack]
        return made[0] if names == [column.stack.text for column in columns if column.stack] else None
    rows = [words for line in lines if (words := words_of(line))]
    if not rows or not all(any(is_figure(word.text) for word in row) or is_row_start(row[0].text) for row in rows[:2]):
        return None
    again = [_Column(column.stack, column.figures, column.place) for column in columns]
    return _grid(again, (), _joined_rows(_place_rows(rows, again), again), page, header=False)


def _begins_body(line: str) -> bool:
    words = line.split()
    if not words:
        return False
    joined = squeeze(line)
    if is_total_word(joined):
        return True
    return is_row_start(words[0]) or (any(is_figure(word) for word in words) and not any("年" in word for word in words))


def _with_code_column(
    leaves: list[Stack], parents: list[Parent], rows: Sequence[Sequence[Word]]
) -> tuple[list[Stack], list[Parent]]:
    """Leaves with two columns under a first header cell below which codes and names stand side by side."""
    coded = [row for row in rows if len(row) > 1 and CODE.fullmatch(row[0].text) and not is_figure(row[1].text)]
    first = leaves[0]
    if 2 * len(coded) < len(rows) or NAMES_CODE.search(first.text) or any(low == 0 for _, _, low, _ in parents):
        return leaves, parents
    sides = [
        Stack([(first.bottom, Word("", int(median(row[at].start for row in coded)), int(median(row[at].end for row in coded))))])
        for at in (0, 1)
    ]
    moved = [(parent, depth, low + 1, high + 1) for parent, depth, low, high in parents]
    return [*sides, *leaves[1:]], [(first, 0, 0, 1), *moved]


def _columns(leaves: Sequence[Stack], rows: Sequence[Sequence[Word]]) -> list[_Column]:
    """Columns in order. A column holds figures when the figures of the rows stand nearer to it than the labels do."""
    votes = [[0, 0] for _ in leaves]
    for row in rows:
        for word in row:
            nearest = min(range(len(leaves)), key=lambda index: abs(leaves[index].centre - word.centre))
            votes[nearest][is_figure(word.text)] += 1
    columns: list[_Column] = []
    for leaf, (labels, figures) in zip(leaves, votes, strict=True):
        of_figures = bool(leaf.text) and not NAMES_LABEL.search(leaf.text) and (figures >= labels or bool(NAMES_FIGURE.search(leaf.text)))
        columns.append(_Column(leaf, of_figures, leaf.end if of_figures else leaf.start))
    return columns


def _place_rows(rows: Sequence[Sequence[Word]], columns: list[_Column]) -> list[list[tuple[int, Word, bool]]]:
    for _ in range(3):
        for column in columns:
            column.seen = []
        placed = [_place(row, columns) for row in rows]
        for row in placed:
            for index, word, _ in row:
                columns[index].seen.append(word.end if columns[index].figures else word.start)
        for column in columns:
            if column.seen:
                column.place = median(column.seen)
    return [_place(row, columns) for row in rows]


def _cost(word: Word, column: _Column) -> float:
    figure = is_figure(word.text)
    distance = abs((word.end if column.figures else word.start) - column.place)
    if column.stack is not None and not column.seen:
        distance = abs(word.centre - column.stack.centre)
    return distance + (TEXT_IN_FIGURES if figure != column.figures and not (word.text.isdigit() and not column.figures) else 0.0)


def _place(row: Sequence[Word], columns: Sequence[_Column]) -> list[tuple[int, Word, bool]]:
    """Each word's column, in order and each column once, at the least total distance; and whether that is uncertain."""
    width = len(columns)
    words = list(row)[:width]
    best: list[list[float]] = [[0.0] * (width + 1)]
    for word in words:
        line = [float("inf")]
        for index, column in enumerate(columns):
            line.append(min(line[-1], best[-1][index] + _cost(word, column)))
        best.append(line)
    placed: list[tuple[int, Word, bool]] = []
    index = width
    for number in range(len(words), 0, -1):
        while index > 1 and best[number][index - 1] <= best[number][index]:
            index -= 1
        placed.append((index - 1, words[number - 1], False))
        index -= 1
    placed.reverse()
    return placed


def _joined_rows(rows: Sequence[list[tuple[int, Word, bool]]], columns: Sequence[_Column]) -> list[list[tuple[int, Word, bool]]]:
    """Rows whose labels wrap over two or three lines, in one: figures stand in the middle line, other columns may not wrap."""
    group = list(range(len(rows)))
    for column in (index for index, column in enumerate(columns) if not column.figures):
        parts = [(at, word) for at, row in enumerate(rows) for index, word, _ in row if index == column]
        widest = max((len(word.text) for _, word in parts), default=0)
        for (at, word), (below, rest) in pairwise(parts):
            if below - at <= WRAP_LINES and _wraps(word.text, rest.text, widest):
                group[below] = group[at]
                for between in range(at + 1, below):
                    group[between] = group[at]
    joined: list[list[tuple[int, Word, bool]]] = []
    for members in _runs(group):
        merged = _merged([rows[at] for at in members], columns)
        joined += [merged] if merged is not None else [rows[at] for at in members]
    return joined


def _runs(group: Sequence[int]) -> list[list[int]]:
    """Indexes of the rows of each group, groups in order."""
    return [[at for at, _ in run] for _, run in groupby(enumerate(group), key=lambda item: item[1])]


def _wraps(first: str, rest: str, widest: int) -> bool:
    """Whether a label goes on in the next line of its column: the first part fills the column, the rest begins no row."""
    if is_row_start(rest) or is_total_word(rest) or not re.match(r"[\u4e00-\u9fff（(]", rest):
        return False
    return (
        is_header_cell(first + rest)
        or is_code_name(first + rest)
        or (len(first) >= widest - 1 and len(first) > 4 and not is_code_name(first) and not is_header_cell(re.sub(r"^.{1,3}、", "", first)))
    )


def _merged(rows: Sequence[Sequence[tuple[int, Word, bool]]], columns: Sequence[_Column]) -> list[tuple[int, Word, bool]] | None:
    """One row out of several lines; None if two of them print a figure in the same column."""
    cells: dict[int, tuple[Word, bool]] = {}
    for row in rows:
        for index, word, doubtful in row:
            if index not in cells:
                cells[index] = (word, doubtful)
            elif columns[index].figures:
                return None
            else:
                above = cells[index][0]
                cells[index] = (Word(above.text + word.text, above.start, above.end), doubtful)
    return [(index, word, doubtful) for index, (word, doubtful) in sorted(cells.items())]


def _as_document_says(
    rows: list[list[tuple[int, Word, bool]]], columns: Sequence[_Column], paths: Sequence[Sequence[str]], document: str
) -> list[list[tuple[int, Word, bool]]]:
    """The rows with columns of figures moved to where the document says that their total belongs.

    A column whose header the document nowhere prints before the total row's figure gives it up to the one free column
    nearby whose header is printed before that figure.
    """
    total = next((row for row in rows if any(is_total_word(word.text) for _, word, _ in row)), [])
    body = [row for row in rows if not _counts_columns(row)]
    filled = {index for row in body for index, _, _ in row}
    moves: dict[int, int] = {}
    for index, word, _ in total:
        if not columns[index].figures or "." not in word.text or _said(document, paths[index], word.text):
            continue
        nearby = [
            other
            for other in range(max(0, index - 2), min(len(columns), index + 3))
            if columns[other].figures
            and other not in filled
            and _said(document, paths[other][:1], word.text)
            and not any(min(index, other) < between < max(index, other) for between in filled)
        ]
        if len(nearby) == 1:
            moves[index] = nearby[0]
    if not moves:
        return rows
    return [row if _counts_columns(row) else [(moves.get(index, index), word, doubtful) for index, word, doubtful in row] for row in rows]


def _counts_columns(row: Sequence[tuple[int, Word, bool]]) -> bool:
    """`** ** 1 2 3`: the row that numbers the columns."""
    return all(re.fullmatch(r"\*+|\d{1,2}|栏次", word.text) for _, word, _ in row)


def _said(document: str, names: Sequence[str], figure: str) -> bool:
    return any(len(plain_header(name)) > 2 and plain_header(name) + figure in document for name in names)


def _grid(
    columns: Sequence[_Column],
    parents: Sequence[Parent],
    rows: Sequence[Sequence[tuple[int, Word, bool]]],
    page: int | None,
    header: bool = True,
) -> Grid:
    if not header:
        return Grid(page, None, len(rows), len(columns), tuple(_body_cells(columns, rows, 0)))
    depth = 1 + max((depth + 1 for _, depth, _, _ in parents), default=0)
    cells: list[GridCell] = []
    level = [0] * len(columns)
    for parent, at, first, last in parents:
        for index in range(first, last + 1):
            level[index] = max(level[index], at + 1)
        cells.append(GridCell(at, first, 1, last - first + 1, parent.text, None, centred=True))
    for index, column in enumerate(columns):
        if column.stack is not None:
            cells.append(GridCell(level[index], index, depth - level[index], 1, column.stack.text, None, centred=True))
    return Grid(page, None, depth + len(rows), len(columns), (*cells, *_body_cells(columns, rows, depth)))


def _body_cells(columns: Sequence[_Column], rows: Sequence[Sequence[tuple[int, Word, bool]]], first: int) -> Iterator[GridCell]:
    left = {index: min((word.start for row in rows for at, word, _ in row if at == index), default=0) for index in range(len(columns))}
    for number, row in enumerate(rows, start=first):
        for index, word, doubtful in row:
            indent = 0.0 if columns[index].figures else float(word.start - left[index])
            yield GridCell(number, index, 1, 1, word.text, None, indent=indent, doubt="column_unsettled" if doubtful else None)
