"""Writes the tables of a disclosure as a workbook, a sheet a form, with merged header cells and real numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.forms import Form

THIN = Side(style="thin")


def write_workbook(path: Path, title: str, notice: str, agency_line: str, unit_line: str, forms: Sequence[Form]) -> None:
    """One sheet a form: notice, number, title, agency and unit, header, rows, note."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for form in forms:
        sheet: Worksheet = book.create_sheet(form.title[:31].replace("“", "").replace("”", ""))
        sheet.append([form.number])
        sheet.append([f"{title[:-4]} {form.title}" if form is forms[0] else form.title])
        sheet.cell(2, 1).value = form.title
        sheet.cell(2, 1).font = Font(bold=True, size=16)
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=form.columns)
        sheet.append([agency_line, *[None] * (form.columns - 2), unit_line])
        _draw(sheet, form, first=4)
        sheet.append([form.note or notice])
    book.properties.title = title
    book.save(path)


def _draw(sheet: Worksheet, form: Form, first: int) -> None:
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(form.header):
        column = 1
        for text, rows, columns in row:
            while (down, column) in taken:
                column += 1
            sheet.cell(first + down, column, text).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if rows > 1 or columns > 1:
                sheet.merge_cells(
                    start_row=first + down, end_row=first + down + rows - 1, start_column=column, end_column=column + columns - 1
                )
            taken |= {(down + r, column + c) for r in range(rows) for c in range(columns)}
            column += columns
    for down, cells in enumerate(form.rows, start=first + len(form.header)):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(down, column)
            plain = text.replace(",", "")
            if plain.removeprefix("-").replace(".", "", 1).isdigit() and "." in plain:
                cell.value = float(plain)
                cell.number_format = "#,##0.00"
            elif text:
                cell.value = text
            cell.border = Border(THIN, THIN, THIN, THIN)
