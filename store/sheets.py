"""What a document prints as one row of packed values, for the questions about one disclosure.

Reading 250 figures of 36 columns out of 2.5 million takes DuckDB 12 ms, its statements, tables and headers as long again, planning
included; reading one row takes one. A sheet repeats what the views say of a document and nothing that its documents row says, so that
it stays true when documents are placed anew. `tests/test_snapshot.py` holds the two equal.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

from store.sql_blocks import sql_blocks

if TYPE_CHECKING:
    import duckdb

Part = Literal["figures", "statements", "tables", "headers"]

COLUMNS: dict[Part, tuple[str, ...]] = {
    "figures": (
        "figure_id", "table_id", "table_position", "table_title", "form", "row", "column_index", "row_label", "row_path", "code",
        "column_path", "unit", "amount", "number", "cell", "page", "x0", "top", "x1", "bottom", "item", "flow", "fund", "classification",
        "portion", "measure", "about_year", "role", "doubt"),
    "statements": (
        "figure_id", "passage_id", "section", "item", "context", "quote", "unit", "amount", "number", "cell", "page", "x0", "top", "x1",
        "bottom", "flow", "fund", "measure", "change", "about_year", "reason"),
    "tables": ("table_id", "table_title", "form", "is_empty", "notes", "pages"),
    "headers": ("table_id", "axis", "first", "last", "text", "page", "x0", "top", "x1", "bottom"),
}  # fmt: skip
"""Of the views `figures_all`, `stated_figures`, `published_tables` and `printed_headers`, in the order of a sheet's rows: figures and
tables in print order, statements by their id."""

_LISTS = frozenset(("row_path", "column_path", "section", "context", "notes", "pages"))
_MONEY = frozenset(("amount", "number"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one document prints. A part is unpacked when it is asked for."""

    figures: bytes = b""
    statements: bytes = b""
    tables: bytes = b""
    headers: bytes = b""

    def rows(self, part: Part) -> list[list[Any]]:
        """The rows of a part: values of COLUMNS, lists as tuples and money as Decimal 元."""
        import orjson

        packed: bytes = getattr(self, part)
        rows: list[list[Any]] = orjson.loads(zlib.decompress(packed)) if packed else []
        lists = [at for at, name in enumerate(COLUMNS[part]) if name in _LISTS]
        money = [at for at, name in enumerate(COLUMNS[part]) if name in _MONEY]
        for row in rows:
            for at in lists:
                row[at] = tuple(row[at] or ())
            for at in money:
                if row[at] is not None:
                    row[at] = Decimal(row[at])
        return rows


def add(connection: duckdb.DuckDBPyConnection, document_ids: Sequence[str]) -> None:
    """Writes the sheets of documents whose figures, statements, tables and headers are in place."""
    import pyarrow as pa

    statements = sql_blocks("compile.sql")
    packed: dict[Part, dict[int, bytes]] = {}
    for part in COLUMNS:
        found = connection.execute(statements[f"{part} of sheets"], {"new": list(document_ids)}).fetchall()
        packed[part] = {ordinal: _pack(row[1:] for row in rows) for ordinal, rows in groupby(found, key=itemgetter(0))}
    ordinals = sorted({ordinal for of_part in packed.values() for ordinal in of_part})
    values = {part: pa.array([of_part.get(ordinal, b"") for ordinal in ordinals], pa.binary()) for part, of_part in packed.items()}
    connection.register("packed", pa.table({"ordinal": pa.array(ordinals, pa.int32()), **values}))
    connection.execute(statements["add sheets"])
    connection.unregister("packed")


def _pack(rows: Iterable[Sequence[Any]]) -> bytes:
    import orjson

    return zlib.compress(orjson.dumps(list(rows), default=str))
