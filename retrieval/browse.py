"""What is in the store, and the surroundings of a cited figure: for the page, which computes nothing itself.

Takes an open snapshot; gives frozen values. All amounts are as printed; boxes are points from the page's top left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from retrieval.figures.query import Rows
from store.values import Box

DOCUMENTS = """
SELECT d.document_id, d.file, d.format, d.agency, d.year, d.kind, d.title, d.page_count,
       (SELECT count(*) FROM tables t WHERE t.document_id = d.document_id),
       (SELECT count(*) FROM figures f WHERE f.document_id = d.document_id),
       (SELECT count(*) FROM passages p WHERE p.document_id = d.document_id)
FROM documents d ORDER BY d.agency NULLS LAST, d.year DESC, d.kind, d.edition_rank
"""
TABLES = "SELECT table_id, number, title, unit, pages, notes, is_empty FROM tables WHERE document_id = ? ORDER BY position"
ONE_TABLE = "SELECT table_id, number, title, unit, pages, notes, is_empty FROM tables WHERE table_id = ?"
CELLS = """
SELECT figure_id, row, column_index, row_path, code, column_path, cell, page, x0, top, x1, bottom, doubt
FROM figures WHERE table_id = ? ORDER BY row, column_index
"""
PLACE = "SELECT document_id, table_id, row, column_index, page, x0, top, x1, bottom FROM figures WHERE figure_id = ?"
HEADERS = """
SELECT axis, page, x0, top, x1, bottom FROM header_cells
WHERE table_id = ? AND x0 IS NOT NULL
  AND ((axis = 'row' AND first <= ? AND last >= ?) OR (axis = 'column' AND first <= ? AND last >= ?))
"""
WARNINGS = "SELECT code, details FROM warnings WHERE document_id = ?"
UNREAD = "SELECT text, page, why FROM unread WHERE document_id = ? ORDER BY page"


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A file in the store, with how much was read from it."""

    document_id: str
    file: str
    format: str
    agency: str | None
    year: int | None
    kind: str | None
    title: str | None
    page_count: int | None
    tables: int
    figures: int
    passages: int


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of a document, without its figures."""

    table_id: str
    number: str | None
    title: str
    unit: str | None
    pages: tuple[int, ...]
    notes: tuple[str, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A figure at its place in a table."""

    figure_id: str
    cell: str
    page: int | None
    bbox: Box | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a table: its label path and code, and a cell or None for each figure column."""

    label: str
    depth: int
    code: str | None
    cells: tuple[ReadCell | None, ...]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as it was read: header paths of its columns, and its rows that hold figures."""

    entry: TableEntry
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[ReadRow, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What to outline on a page: the cell, its row header, its column headers (some forms print them on another page)."""

    document_id: str
    table_id: str
    page: int | None
    cell: Box | None
    row_headers: tuple[Box, ...]
    column_headers: tuple[Box, ...]


def list_documents(snapshot: Rows) -> list[DocumentEntry]:
    """Every file in the store, by agency, latest year first."""
    return [DocumentEntry(*row) for row in snapshot.rows(DOCUMENTS)]


def list_tables(snapshot: Rows, document_id: str) -> list[TableEntry]:
    """The tables of one document in the order of print."""
    return [_entry(row) for row in snapshot.rows(TABLES, [document_id])]


def read_table(snapshot: Rows, table_id: str) -> ReadTable:
    """One table as read. Raises KeyError if there is none of that id."""
    found = snapshot.rows(ONE_TABLE, [table_id])
    if not found:
        raise KeyError(table_id)
    columns: dict[int, tuple[str, ...]] = {}
    # Side-by-side blocks share a row index but not a label: each label is a line of its own.
    lines: dict[tuple[int, tuple[str, ...]], tuple[str | None, dict[int, ReadCell]]] = {}
    for figure_id, row, column, path, code, header, cell, page, x0, top, x1, bottom, doubt in snapshot.rows(CELLS, [table_id]):
        columns[column] = tuple(header)
        bbox = None if x0 is None else (x0, top, x1, bottom)
        lines.setdefault((row, tuple(path)), (code, {}))[1][column] = ReadCell(figure_id, cell, page, bbox, doubt)
    order = sorted(columns)
    rows = [
        ReadRow(path[-1] if path else "", max(len(path) - 1, 0), code, tuple(cells.get(column) for column in order))
        for (_, path), (code, cells) in lines.items()
    ]
    return ReadTable(_entry(found[0]), tuple(columns[column] for column in order), tuple(rows))


def outline_of(snapshot: Rows, figure_id: str) -> Outline | None:
    """Where a figure and its headers are printed; None if the id is not a table figure's."""
    found = snapshot.rows(PLACE, [figure_id])
    if not found:
        return None
    document_id, table_id, row, column, page, x0, top, x1, bottom = found[0]
    headers = [(axis, (hx0, htop, hx1, hbottom)) for axis, header_page, hx0, htop, hx1, hbottom
               in snapshot.rows(HEADERS, [table_id, row, row, column, column]) if header_page == page]
    return Outline(
        document_id, table_id, page, None if x0 is None else (x0, top, x1, bottom),
        tuple(box for axis, box in headers if axis == "row"), tuple(box for axis, box in headers if axis == "column"))


def list_warnings(snapshot: Rows, document_id: str) -> list[tuple[str, str]]:
    """Message code and its details (JSON) of each warning of a document."""
    return [(code, details) for code, details in snapshot.rows(WARNINGS, [document_id])]


def list_unread(snapshot: Rows, document_id: str) -> list[tuple[str, int | None, str]]:
    """Printed numbers that were not read as figures: text, page, why."""
    return [(text, page, why) for text, page, why in snapshot.rows(UNREAD, [document_id])]


def _entry(row: tuple[Any, ...]) -> TableEntry:
    table_id, number, title, unit, pages, notes, is_empty = row
    return TableEntry(table_id, number, title, unit, tuple(pages or ()), tuple(notes or ()), is_empty)
