"""Workbooks: XLSX and XLSM through openpyxl, XLS (BIFF) through xlrd, XML spreadsheets, one sheet a page.

Takes the bytes; gives one `Grid` a sheet, with the texts as they are DISPLAYED (number formats applied), merged cells and
indents. Nothing is evaluated: a formula without a stored result is reported as unread. Only cells that exist are walked,
so that a far cell costs nothing.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from ingest.limits import TABLE_CELLS, check_size, open_archive
from ingest.readers.number_formats import shown
from ingest.readers.spreadsheet_xml import XmlCell, is_spreadsheet_xml, xml_sheets
from ingest.source import Grid, GridCell, Page, Source
from store.errors import DamagedFile, EncryptedFile, TooLarge
from store.values import Format, Unread

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPAN_LIMIT: Final = 4_096
"""Columns and rows past which a lone cell is taken for a slip, not for a part of the sheet's table."""


@dataclass(frozen=True, slots=True)
class _SheetCell:
    row: int
    column: int
    text: str
    indent: float = 0.0
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    cells: tuple[_SheetCell, ...]
    merged: tuple[tuple[int, int, int, int], ...]  # top, left, bottom, right, inclusive
    unread: tuple[str, ...] = ()


class WorkbookReader:
    """Reads XLSX, XLSM and XLS. Raises DamagedFile, EncryptedFile or TooLarge."""

    def recognises(self, head: bytes, name: str) -> bool:
        if head.startswith(b"PK\x03\x04"):
            return b"xl/workbook" in head or b"xl/worksheets" in head
        if is_spreadsheet_xml(head):
            return True
        workbook, word = "Workbook".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
        package = "EncryptedPackage".encode("utf-16-le")
        return (
            head.startswith(_COMPOUND) and word not in head and (workbook in head or "Book".encode("utf-16-le") in head or package in head)
        )

    def read(self, data: bytes, name: str) -> Source:
        check_size(data, name)
        if data.startswith(_COMPOUND):
            return _source("xls", _xls_sheets(data, name))
        if is_spreadsheet_xml(data):
            return _source("xls", (_xml_sheet(title, cells) for title, cells in xml_sheets(data, name)))
        open_archive(data, name).close()
        return _source("xlsx", _xlsx_sheets(data, name))


def _source(form: Format, sheets: Iterable[_Sheet]) -> Source:
    pages: list[Page] = []
    unread: list[Unread] = []
    for position, sheet in enumerate(sheets, start=1):
        grid = _grid(sheet, position)
        pages.append(Page(position, None, None, (grid,) if grid else ()))
        unread += [Unread(text, position, None, "formula_without_result") for text in sheet.unread]
    return Source(form, "workbook_cell", tuple(pages), unread=tuple(unread))


def _grid(sheet: _Sheet, position: int) -> Grid | None:
    cells = [cell for cell in sheet.cells if cell.text.strip() and cell.row < _SPAN_LIMIT * 16 and cell.column < _SPAN_LIMIT]
    if not cells:
        return None
    last_row, last_column = max(cell.row for cell in cells), max(cell.column for cell in cells)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    made = [_grid_cell(cell, spans.get((cell.row, cell.column)), last_row, last_column) for cell in cells]
    printed = {(cell.row, cell.column) for cell in cells}
    for (top, left), (bottom, right) in spans.items():
        if (top, left) not in printed and top <= last_row and left <= last_column:
            made.append(_grid_cell(_SheetCell(top, left, ""), (bottom, right), last_row, last_column))
    made.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(position, None, last_row + 1, last_column + 1, tuple(made), sheet.name)


def _grid_cell(cell: _SheetCell, span: tuple[int, int] | None, last_row: int, last_column: int) -> GridCell:
    bottom, right = span or (cell.row, cell.column)
    return GridCell(
        cell.row,
        cell.column,
        min(bottom, last_row) - cell.row + 1,
        min(right, last_column) - cell.column + 1,
        cell.text.rstrip(),
        None,
        cell.indent,
        cell.centred,
        cell.bold,
    )


def _xlsx_sheets(data: bytes, name: str) -> Iterator[_Sheet]:
    import io

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError, IndexError)
    try:
        book: Any = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas: Any = load_workbook(io.BytesIO(data), keep_links=False) if _has_formulas(data) else None
    except broken as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error
    walked = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        areas = [(area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1) for area in sheet.merged_cells.ranges]
        merged = (*areas, *_set_across(sheet))
        cells = _without_hidden(_xlsx_cells(sheet), merged, *_hidden(sheet))
        walked += len(cells)
        if walked > TABLE_CELLS:
            raise TooLarge(file=name, what="cells", found=walked, limit=TABLE_CELLS)
        unread = _without_result(sheet, formulas[sheet.title]) if formulas else ()
        yield _Sheet(sheet.title, cells, merged, unread)


def _has_formulas(data: bytes) -> bool:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            b"<f>" in archive.read(part) or b"<f " in archive.read(part) for part in archive.namelist() if part.startswith("xl/worksheets/")
        )


def _xlsx_cells(sheet: Any) -> tuple[_SheetCell, ...]:
    cells: list[_SheetCell] = []
    for (row, column), cell in sheet._cells.items():  # openpyxl's map of the cells that exist: iterating rows would walk the rectangle
        if cell.value is None:
            continue
        alignment = cell.alignment
        centred = alignment is not None and alignment.horizontal in ("center", "centerContinuous", "distributed")
        indent = float(alignment.indent or 0) if alignment is not None else 0.0
        text = _shown(cell.value, str(cell.number_format or "General"))
        cells.append(_SheetCell(row - 1, column - 1, text, indent, centred, bool(cell.font and cell.font.b)))
    return tuple(cells)


def _set_across(sheet: Any) -> Iterator[tuple[int, int, int, int]]:
    """Texts centred across the blank cells to their right (跨列居中), which look merged and are not."""

    def is_across(cell: Any) -> bool:
        return cell is not None and cell.alignment is not None and cell.alignment.horizontal == "centerContinuous"

    for (row, column), cell in sheet._cells.items():
        if cell.value is None or not is_across(cell):
            continue
        last = column
        while is_across(after := sheet._cells.get((row, last + 1))) and after.value is None:
            last += 1
        if last > column:
            yield row - 1, column - 1, row - 1, last - 1


def _hidden(sheet: Any) -> tuple[frozenset[int], frozenset[int]]:
    """The rows and columns, from 0, that the sheet does not show."""
    rows = frozenset(number - 1 for number, row in sheet.row_dimensions.items() if row.hidden)
    shut = [column for column in sheet.column_dimensions.values() if column.hidden and column.min and column.max]
    return rows, frozenset(number - 1 for column in shut for number in range(column.min, min(column.max, _SPAN_LIMIT) + 1))


def _without_hidden(
    cells: Iterable[_SheetCell], merged: Iterable[tuple[int, int, int, int]], rows: frozenset[int], columns: frozenset[int]
) -> tuple[_SheetCell, ...]:
    """The cells that a reader of the sheet sees: what is hidden was not published. A merged cell shows if any part of it does."""
    if not rows and not columns:
        return tuple(cells)
    ends = {(top, left): (bottom, right) for top, left, bottom, right in merged}

    def shows(cell: _SheetCell) -> bool:
        bottom, right = ends.get((cell.row, cell.column), (cell.row, cell.column))
        return any(row not in rows for row in range(cell.row, bottom + 1)) and any(
            column not in columns for column in range(cell.column, right + 1)
        )

    return tuple(cell for cell in cells if shows(cell))


def _without_result(shown_sheet: Any, formula_sheet: Any) -> tuple[str, ...]:
    return tuple(
        f"{cell.coordinate}: {str(cell.value)[:80]}"
        for key, cell in formula_sheet._cells.items()
        if cell.data_type == "f" and (key not in shown_sheet._cells or shown_sheet._cells[key].value is None)
    )


def _shown(value: object, form: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown(value, form)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _xml_sheet(title: str, cells: list[XmlCell]) -> _Sheet:
    made = tuple(_SheetCell(row, column, text, indent, centred, bold) for row, column, _, _, text, indent, centred, bold in cells)
    merged = tuple((row, column, bottom, right) for row, column, bottom, right, *_ in cells if (bottom, right) != (row, column))
    return _Sheet(title, made, merged)


def _xls_sheets(data: bytes, name: str) -> Iterator[_Sheet]:
    import io

    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile(file=name)
    broken = (CompDocError, AssertionError, IndexError, KeyError, ValueError, TypeError, AttributeError, OverflowError, struct.error)
    try:
        book: Any = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except XLRDError as error:
        raise (EncryptedFile(file=name) if "ncrypt" in str(error) else DamagedFile(file=name, reason=str(error))) from error
    except broken as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error
    for sheet in book.sheets():
        if sheet.visibility == 0:
            merged = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
            rows = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
            columns = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden)
            yield _Sheet(sheet.name, _without_hidden(_xls_cells(book, sheet), merged, rows, columns), merged)


def _xls_cells(book: Any, sheet: Any) -> Iterator[_SheetCell]:
    import xlrd

    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                continue
            style = book.xf_list[cell.xf_index]
            if cell.ctype == xlrd.XL_CELL_TEXT:
                text = str(cell.value)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                text = "TRUE" if cell.value else "FALSE"
            elif cell.ctype == xlrd.XL_CELL_DATE:
                text = _shown(xlrd.xldate_as_datetime(cell.value, book.datemode), "")
            else:
                known = book.format_map.get(style.format_key)
                text = shown(cell.value, known.format_str if known else "General")
            alignment = style.alignment
            yield _SheetCell(row, column, text, float(alignment.indent_level), alignment.hor_align in (2, 6, 7), False)
