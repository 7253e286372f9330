"""Every figure of a snapshot as one file: Parquet, CSV or XLSX.

A figure a row, of every edition, with the columns of COLUMNS. Amounts are 元. In CSV and XLSX, text that a spreadsheet would
run as a formula is made plain text with a leading apostrophe; numbers, negative ones too, stay as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from store.snapshot import Snapshot

ExportFormat = Literal["parquet", "csv", "xlsx"]

COLUMNS = (
    "document_id", "file", "agency", "year", "kind", "table_number", "table_title", "row_label", "row_path", "code", "column_path",
    "page", "x0", "top", "x1", "bottom", "cell", "unit", "amount_yuan", "figure_id", "read_by", "checks")

SHEET_ROWS = 1_000_000
"""A sheet ends at 1,048,576 rows; more go on in the next."""

RUNS = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[\d,]+(?:\.\d+)?%?")

_SQL = (Path(__file__).parent / "export.sql").read_text("utf-8")
_AMOUNT = COLUMNS.index("amount_yuan")


def export(snapshot: Snapshot, folder: Path, form: ExportFormat) -> tuple[Path, int]:
    """Writes `figures.<form>` into `folder`, which is made if it isn't there; gives its path and the number of figures."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"figures.{form}"
    write = {"parquet": _write_parquet, "csv": _write_csv, "xlsx": _write_xlsx}[form]
    return target, write(target, snapshot.batches(_SQL))


def harmless(text: object) -> object:
    """`text` so that no spreadsheet runs it.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("-3.20"), harmless("-")
    ("'=cmd|' /C calc'!A0", '-3.20', "'-")
    """
    if isinstance(text, str) and RUNS.match(text) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain_amount(amount: Decimal | None) -> str:
    """An amount (元) with at least two places and no idle zeros behind them; "" where there is none.

    >>> plain_amount(Decimal("6499200.000000")), plain_amount(Decimal("0.125000"))
    ('6499200.00', '0.125')
    """
    if amount is None:
        return ""
    whole, _, places = f"{amount:f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"


def _write_csv(target: Path, batches: Iterator[list[tuple[Any, ...]]]) -> int:
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as handle:      # the mark makes spreadsheets read it as UTF-8
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for rows in batches:
            writer.writerows([_cells(row) for row in rows])
            count += len(rows)
    return count


def _write_xlsx(target: Path, batches: Iterator[list[tuple[Any, ...]]]) -> int:
    from openpyxl import Workbook

    book, sheet, count = Workbook(write_only=True), None, 0
    for rows in batches:
        for row in rows:
            if sheet is None or count % SHEET_ROWS == 0:
                sheet = book.create_sheet(f"figures{'' if count == 0 else count // SHEET_ROWS + 1}")
                sheet.append(COLUMNS)
            cells = [_legal(cell) for cell in _cells(row)]
            cells[_AMOUNT] = row[_AMOUNT]      # a number that can be added up
            sheet.append(cells)
            count += 1
    if sheet is None:
        book.create_sheet("figures").append(COLUMNS)
    book.save(target)
    return count


def _write_parquet(target: Path, batches: Iterator[list[tuple[Any, ...]]]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    types = {"year": pa.int32(), "page": pa.int32(), "amount_yuan": pa.decimal128(24, 6)}
    types |= {name: pa.float64() for name in ("x0", "top", "x1", "bottom")}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in batches:
            columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(rows)
    return count


def _cells(row: tuple[Any, ...]) -> list[object]:
    cells: list[object] = [harmless(cell) for cell in row]
    cells[_AMOUNT] = plain_amount(row[_AMOUNT])
    return cells


def _legal(cell: object) -> object:
    """Without the control characters that XLSX cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", cell) if isinstance(cell, str) else cell
