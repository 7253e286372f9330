"""One piece of a file → one `Table`: its figures with paths, codes, units and places, and what could not be placed.

Assumes that the piece is a table (ingest/pieces.py decides). A money figure needs a unit: beside the table, in its
header, or said once for the document; without one the table gives no money figures and a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ingest.captions import says_empty, unit_in, unit_of_title
from ingest.goal_forms import is_goal_form, read_fields
from ingest.headers import Layout, find_layout, is_ordinal_row, is_unit_cell
from ingest.labels import RowLabel, read_labels
from ingest.matrix import Cell, Matrix, is_nothing
from ingest.pieces import Piece
from ingest.units import MEASURE_HEADER, own_unit, stated_unit
from store.money import MONEY_UNITS, to_yuan
from store.values import Figure, HeaderCell, Meaning, Printed, ReadBy, Table, Unread, Warned

_FOR_ALL: Final = re.compile(r"均|统一|一律|都为|都是|各表|本套|全部|所有")
"""Words of a line that states something for all tables."""

_MONEY_LABEL: Final = re.compile(r"资金|金额|总额|拨款|经费|支出|收入|结转")
_GENERIC_LABEL: Final = re.compile(r"项目|科目.*|名称|.*名称|指标.*")


@dataclass(frozen=True, slots=True)
class Built:
    """A table and what came with it. `used_unit` is the unit that its figures were read in."""

    table: Table
    unread: tuple[Unread, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """How this document's tables and figures are named and read."""

    document_id: str
    read_by: ReadBy
    unit: str | None  # stated once for the whole document
    apart: Mapping[int | None, ReadBy] = field(default_factory=dict[int | None, ReadBy])  # pages read otherwise than the rest

    def reading_of(self, page: int | None) -> ReadBy:
        """How a page was read."""
        return self.apart.get(page, self.read_by)


def build_table(piece: Piece, position: int, first_figure: int, naming: Naming) -> Built:
    """The table of one piece. `position` and `first_figure` are 0-based running numbers within the document."""
    if is_goal_form(piece.matrix, piece.caption.title):
        return _build_form(piece, position, first_figure, naming)
    matrix = piece.matrix
    layout = find_layout(matrix)
    rows = tuple(row for row in range(layout.body, matrix.rows) if not _is_counting(matrix, row))
    headings, headers_within = _section_headers(matrix, layout, rows)
    rows = tuple(row for row in rows if row not in headers_within)
    labels = read_labels(matrix, layout, rows)
    unit = piece.caption.unit or unit_of_title(piece.caption.title) or _unit_in_header(matrix, layout) or naming.unit
    measures = _measure_column(matrix, layout.body)
    figures: list[Figure] = []
    unread: list[Unread] = []
    used: set[tuple[int, int]] = set()
    for row in rows:
        for block, labelled in zip(layout.blocks, labels, strict=True):
            for column in block.figures:
                cell = matrix.at(row, column)
                if cell is None or cell.row != row or cell.column != column or cell.number is None:
                    continue
                used.add((cell.row, cell.column))
                path = headings.get(row, {}).get(column) or layout.paths[column]
                units = (unit, _plain_at(matrix, row, measures))
                made = _figure(cell, row - layout.body, layout, column, labelled[row], path, units, naming, first_figure + len(figures))
                if made is None:
                    unread.append(Unread(cell.plain, cell.page, cell.bbox, "unit_unknown"))
                else:
                    figures.append(made)
    unread += _unplaced(matrix, layout, rows, used)
    title = piece.caption.title or _usable(piece.near_title)
    headers = (*_column_headers(layout, naming), *_row_headers(labels, layout, rows, naming))
    table = Table(
        f"{naming.document_id[:12]}-t{position + 1:02d}",
        piece.caption.number,
        title,
        None,
        unit,
        _pages(piece),
        tuple(figures),
        headers,
        piece.notes,
        not figures or (says_empty(piece.notes) and all(figure.number == 0 for figure in figures)),
    )
    return Built(table, tuple(unread), _unit_warning(piece, title, position, unread))


def _build_form(piece: Piece, position: int, first_figure: int, naming: Naming) -> Built:
    """A form of labelled fields. Numbers that no label calls money are kept as plain numbers."""
    unit = piece.caption.unit or _unit_in_labels(piece.matrix) or naming.unit
    fields = list(read_fields(piece.matrix))
    columns = sorted({field.cell.column for field in fields})
    figures: list[Figure] = []
    unread: list[Unread] = []
    headers: dict[tuple[str, Cell, int, int], HeaderCell] = {}
    for one in fields:
        cell, number = one.cell, one.cell.number
        if number is None:
            continue
        labels = tuple(label.plain.rstrip(":：") for label in one.labels)
        path = tuple(header.plain for header in one.headers)
        stated = own_unit(cell.plain, labels, path, one.measured)
        if stated is None:
            stated = next((found for text in reversed(labels) if (found := stated_unit(text))), None)
        money = any(_MONEY_LABEL.search(text) for text in (*labels, *path))
        if stated is None and money and unit is None:
            unread.append(Unread(cell.plain, cell.page, cell.bbox, "unit_unknown"))
            continue
        printed_unit = stated if stated is not None else unit if money and unit else ""
        column = columns.index(cell.column)
        figures.append(
            Figure(
                f"{naming.document_id[:12]}-{first_figure + len(figures):05d}",
                cell.row,
                column,
                labels,
                None,
                None,
                path,
                printed_unit,
                to_yuan(number, printed_unit),
                number,
                Printed(cell.plain, cell.page, cell.bbox, naming.reading_of(cell.page)),
                Meaning(labels[-1] if labels else ""),
                (),
                cell.doubt,
            )
        )
        for depth, label in enumerate(one.labels):
            headers["row", label, cell.row, depth] = HeaderCell("row", cell.row, cell.row, depth, _printed(label, naming))
        for depth, header in enumerate(one.headers):
            headers["column", header, column, depth] = HeaderCell("column", column, column, depth, _printed(header, naming))
    title = piece.caption.title or _usable(piece.near_title)
    table = Table(
        f"{naming.document_id[:12]}-t{position + 1:02d}",
        piece.caption.number,
        title,
        None,
        unit,
        _pages(piece),
        tuple(figures),
        tuple(headers.values()),
        piece.notes,
        not figures,
    )
    return Built(table, tuple(unread), _unit_warning(piece, title, position, unread))


def _unit_in_labels(matrix: Matrix) -> str | None:
    return next((found for cell in matrix.cells if len(cell.plain) <= 20 and (found := stated_unit(cell.plain)) in MONEY_UNITS), None)


def _printed(cell: Cell, naming: Naming) -> Printed:
    return Printed(cell.plain, cell.page, cell.bbox, naming.reading_of(cell.page))


def _pages(piece: Piece) -> tuple[int, ...]:
    return tuple(sorted({cell.page for cell in piece.matrix.cells if cell.page is not None})) or (
        (piece.first_page,) if piece.first_page else ()
    )


def _unit_warning(piece: Piece, title: str, position: int, unread: list[Unread]) -> tuple[Warned, ...]:
    if not any(item.why == "unit_unknown" for item in unread):
        return ()
    return (Warned("unit_unknown", (("table", title or str(position + 1)), ("page", str(piece.first_page or "")))),)


def _usable(near: str) -> str:
    return re.sub(r"^[\d.．、\s]+", "", near)


def _is_counting(matrix: Matrix, row: int) -> bool:
    """A row of column ordinals that a continuation page repeats."""
    return any(cell.plain == "栏次" or cell.plain.startswith("**") for cell in matrix.row(row)) and is_ordinal_row(matrix, row)


def _unit_in_header(matrix: Matrix, layout: Layout) -> str | None:
    for row in range(layout.body):
        for cell in matrix.row(row):
            if is_unit_cell(cell):
                return unit_in(cell.text)
    return None


def _section_headers(
    matrix: Matrix, layout: Layout, rows: tuple[int, ...]
) -> tuple[dict[int, dict[int, tuple[Cell, ...]]], frozenset[int]]:
    """Header rows within the body (a form of several small tables), and for each row below them its column names."""
    headers: set[int] = set()
    found: dict[int, dict[int, tuple[Cell, ...]]] = {}
    current: dict[int, tuple[Cell, ...]] = {}
    for row in rows:
        cells = {column: cell for column in layout.figure_columns if (cell := matrix.at(row, column)) and cell.row == row and cell.plain}
        words = {column: cell for column, cell in cells.items() if cell.number is None and not is_nothing(cell.text)}
        names = [cell for block in layout.blocks for column in block.labels if (cell := matrix.at(row, column)) and cell.plain]
        if words and len(words) == len(cells) and any(_GENERIC_LABEL.fullmatch(cell.plain) for cell in names):
            current = {column: (cell,) for column, cell in words.items()}
            headers.add(row)
        elif current:
            found[row] = current
    return found, frozenset(headers)


def _figure(
    cell: Cell,
    row: int,
    layout: Layout,
    column: int,
    label: RowLabel,
    path: tuple[Cell, ...],
    units: tuple[str | None, str | None],
    naming: Naming,
    running: int,
) -> Figure | None:
    """The figure of a cell; None if it is money whose unit can't be told. `units`: the table's, and what the row's 计量单位 prints."""
    number = cell.number
    if number is None:
        return None
    unit, measured = units
    own = own_unit(cell.plain, label.path, [header.plain for header in path], measured)
    printed_unit = own if own is not None else unit
    if printed_unit is None:
        return None
    column_path = tuple(header.plain for header in path if header.plain)
    printed = Printed(" ".join(cell.text.split()) if " " in cell.plain else cell.plain, cell.page, cell.bbox, naming.reading_of(cell.page))
    return Figure(
        f"{naming.document_id[:12]}-{running:05d}",
        row,
        layout.figure_columns.index(column),
        label.path,
        label.code,
        label.level,
        column_path,
        printed_unit,
        to_yuan(number, printed_unit),
        number,
        printed,
        Meaning(label.path[-1] if label.path else (column_path[-1] if column_path else "")),
        (),
        cell.doubt,
    )


def _measure_column(matrix: Matrix, body: int) -> int | None:
    """The column that prints each row's unit (计量单位), where a form of indicators has one."""
    for row in range(body):
        for cell in matrix.row(row):
            if cell.column > 0 and MEASURE_HEADER.fullmatch(cell.plain) and cell.column_span == 1:
                return cell.column
    return None


def _plain_at(matrix: Matrix, row: int, column: int | None) -> str | None:
    cell = matrix.at(row, column) if column is not None else None
    return cell.plain if cell and cell.plain and cell.number is None else None


def _unplaced(matrix: Matrix, layout: Layout, rows: tuple[int, ...], used: set[tuple[int, int]]) -> Iterator[Unread]:
    """Numbers of the body that are neither figure nor code, line number or ordinal, and what is written like one."""
    body = set(rows)
    for cell in matrix.cells:
        if cell.row not in body or (cell.row, cell.column) in used:
            continue
        kind = layout.kinds[cell.column] if cell.column < len(layout.kinds) else "blank"
        if kind in ("code", "unit_code", "line", "label"):
            continue
        if cell.number is None:
            if cell.is_misprint or (cell.is_amount_like and cell.column in layout.figure_columns):
                yield Unread(cell.plain, cell.page, cell.bbox, "malformed_number")
            continue
        yield Unread(cell.plain, cell.page, cell.bbox, "number_in_text_column" if kind == "text" else "number_outside_columns")


def _column_headers(layout: Layout, naming: Naming) -> Iterator[HeaderCell]:
    order = layout.figure_columns
    covered: dict[Cell, list[tuple[int, int]]] = {}
    for position, column in enumerate(order):
        for depth, cell in enumerate(layout.paths[column]):
            covered.setdefault(cell, []).append((position, depth))
    for cell, places in covered.items():
        positions = [position for position, _ in places]
        printed = Printed(cell.plain, cell.page, cell.bbox, naming.reading_of(cell.page))
        yield HeaderCell("column", min(positions), max(positions), places[0][1], printed)


def _row_headers(labels: list[dict[int, RowLabel]], layout: Layout, rows: tuple[int, ...], naming: Naming) -> Iterator[HeaderCell]:
    for labelled in labels:
        for row in rows:
            label = labelled[row]
            outer = len(label.path) - len(label.cells)
            for depth, cell in enumerate(label.cells):
                yield HeaderCell(
                    "row",
                    row - layout.body,
                    row - layout.body,
                    max(0, outer + depth),
                    Printed(cell.plain, cell.page, cell.bbox, naming.reading_of(cell.page)),
                )


def document_unit(prose: Iterable[str], printed: Iterable[str]) -> str | None:
    """The money unit stated once for all tables (`本套报表金额单位均为万元`); None if none or several.

    `prose` are the lines outside captions; among all `printed` lines only those count that speak of all tables.
    """
    general = {unit for line in printed if _FOR_ALL.search(line) and (unit := _stated(line))}
    found = general if len(general) == 1 else {unit for line in prose if (unit := _stated(line))}
    return found.pop() if len(found) == 1 else None


def _stated(line: str) -> str | None:
    return unit_in(line) if "单位" in line and len(line) <= 60 else None
