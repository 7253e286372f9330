"""All figures of a document as one value, for the questions about one disclosure.

Reading 250 figures of 36 columns out of 2.5 million takes DuckDB 12 ms, planning included; reading one value takes one. A
sheet repeats what the view `figures_all` says of a document and nothing that its documents row says, so that it stays true
when documents are placed anew. `tests/test_snapshot.py` holds the two equal.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from store.sql_blocks import sql_blocks

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "figure_id", "table_id", "table_position", "table_title", "form", "row", "column_index", "row_label", "row_path", "code", "column_path",
    "unit", "amount", "number", "cell", "page", "x0", "top", "x1", "bottom", "item", "flow", "fund", "classification", "portion", "measure",
    "about_year", "role", "doubt")
"""Of `figures_all`, in the order of a sheet's rows; the rows stand in print order."""

_ROW_PATH, _COLUMN_PATH, _AMOUNT, _NUMBER = map(COLUMNS.index, ("row_path", "column_path", "amount", "number"))


def add(connection: duckdb.DuckDBPyConnection, document_ids: Sequence[str]) -> None:
    """Writes the sheets of documents whose figures and tables are in place."""
    import pyarrow as pa

    statements = sql_blocks("compile.sql")
    found = connection.execute(statements["figures of sheets"], {"new": list(document_ids)}).fetchall()
    packed = [(ordinal, _pack(row[1:] for row in rows)) for ordinal, rows in groupby(found, key=itemgetter(0))]
    ordinals, figures = [ordinal for ordinal, _ in packed], [sheet for _, sheet in packed]
    connection.register("packed", pa.table({"ordinal": pa.array(ordinals, pa.int32()), "figures": pa.array(figures, pa.binary())}))
    connection.execute(statements["add sheets"])
    connection.unregister("packed")


def rows_of(sheet: bytes) -> list[list[Any]]:
    """The figures of a sheet: values of COLUMNS, paths as tuples and money as Decimal 元."""
    import orjson

    rows: list[list[Any]] = orjson.loads(zlib.decompress(sheet))
    for row in rows:
        row[_ROW_PATH], row[_COLUMN_PATH] = tuple(row[_ROW_PATH]), tuple(row[_COLUMN_PATH])
        row[_NUMBER] = Decimal(row[_NUMBER])
        if row[_AMOUNT] is not None:
            row[_AMOUNT] = Decimal(row[_AMOUNT])
    return rows


def _pack(rows: Iterable[Sequence[Any]]) -> bytes:
    import orjson

    return zlib.compress(orjson.dumps(list(rows), default=str))
