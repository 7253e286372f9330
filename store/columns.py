"""The values of a document as Parquet columns, and back: what the files of the lake hold.

Takes and gives the frozen values of `store/values.py`. Column names and types are those of `store/tables.sql`, so that a
snapshot is compiled by reading the files; a few columns more (how a header was read) make the way back exact.
Money and printed numbers are decimals with `DECIMALS` places: a number that does not fit raises ValueError, none is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from store.values import (
    Box,
    Document,
    Figure,
    HeaderCell,
    Meaning,
    Passage,
    Printed,
    Statement,
    Table,
    Unread,
    Warned,
)

DECIMALS = 10
"""Places kept behind the point. 万元 are printed with up to six, so that 元 need two; a workbook's share may show ten."""

Row = dict[str, Any]
Columns = Mapping[str, Any]            # file name → pyarrow.Table; pyarrow has no types of its own

_text, _integer, _paths = pa.string(), pa.int32(), pa.list_(pa.string())
_decimal = pa.decimal128(38, DECIMALS)
_page_box = [("page", _integer), ("x0", pa.float64()), ("top", pa.float64()), ("x1", pa.float64()), ("bottom", pa.float64())]

SCHEMAS: Columns = {
    "tables": pa.schema([
        ("table_id", _text), ("document_id", _text), ("position", _integer), ("number", _text), ("title", _text), ("form", _text),
        ("unit", _text), ("pages", pa.list_(_integer)), ("notes", _paths), ("is_empty", pa.bool_())]),
    "figures": pa.schema([
        ("figure_id", _text), ("document_id", _text), ("table_id", _text), ("row", _integer), ("column_index", _integer),
        ("row_label", _text), ("row_path", _paths), ("code", _text), ("level", _text), ("column_path", _paths), ("unit", _text),
        ("amount", _decimal), ("number", _decimal), ("cell", _text), *_page_box, ("read_by", _text), ("item", _text), ("flow", _text),
        ("fund", _text), ("classification", _text), ("portion", _text), ("measure", _text), ("about_year", _integer), ("role", _text),
        ("checks", _paths), ("doubt", _text)]),
    "header_cells": pa.schema([
        ("table_id", _text), ("document_id", _text), ("axis", _text), ("first", _integer), ("last", _integer), ("depth", _integer),
        ("text", _text), *_page_box, ("read_by", _text)]),
    "passages": pa.schema([
        ("passage_id", _text), ("document_id", _text), ("position", _integer), ("section", _paths), ("topic", _text), ("page", _integer),
        ("last_page", _integer), ("boxes", pa.list_(pa.struct(_page_box))), ("text", _text),
        ("lines", pa.list_(pa.struct([("start", _integer), *_page_box])))]),
    "statements": pa.schema([
        ("statement_id", _text), ("document_id", _text), ("passage_id", _text), ("subject", _text), ("context", _paths), ("quote", _text),
        ("start", _integer), ("text", _text), ("unit", _text), ("amount", _decimal), ("number", _decimal), ("measure", _text),
        ("change", _text), ("about_year", _integer), ("flow", _text), ("fund", _text), *_page_box, ("reason", _text)]),
    "warnings": pa.schema([("document_id", _text), ("code", _text), ("details", pa.list_(pa.struct([("name", _text), ("value", _text)])))]),
    "unread": pa.schema([("document_id", _text), ("text", _text), *_page_box, ("why", _text)]),
}
"""The Parquet files of a document, by name without suffix."""


def to_columns(document: Document) -> Columns:
    """One Arrow table a file of SCHEMAS. Raises ValueError where a number has more digits than the store keeps."""
    rows: dict[str, list[Row]] = {
        "tables": [_table_row(document, table, position) for position, table in enumerate(document.tables)],
        "figures": [_figure_row(document, table, figure) for table in document.tables for figure in table.figures],
        "header_cells": [_header_row(document, table, cell) for table in document.tables for cell in table.headers],
        "passages": [_passage_row(document, passage, position) for position, passage in enumerate(document.passages)],
        "statements": [_statement_row(document, statement) for statement in document.statements],
        "warnings": [_warning_row(document, warned) for warned in document.warnings],
        "unread": [_unread_row(document, unread) for unread in document.unread],
    }
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in SCHEMAS.items()}


def tables_of(columns: Columns) -> tuple[Table, ...]:
    """The tables with their figures and headers, in the order of print."""
    figures: dict[str, list[Figure]] = {}
    for row in columns["figures"].to_pylist():
        figures.setdefault(row["table_id"], []).append(_figure(row))
    headers: dict[str, list[HeaderCell]] = {}
    for row in columns["header_cells"].to_pylist():
        headers.setdefault(row["table_id"], []).append(
            HeaderCell(row["axis"], row["first"], row["last"], row["depth"], Printed(row["text"], row["page"], _box(row), row["read_by"])))
    return tuple(
        Table(
            row["table_id"], row["number"], row["title"], row["form"], row["unit"], tuple(row["pages"]),
            tuple(figures.get(row["table_id"], ())), tuple(headers.get(row["table_id"], ())), tuple(row["notes"]), row["is_empty"])
        for row in columns["tables"].to_pylist())


def passages_of(columns: Columns) -> tuple[Passage, ...]:
    """The prose, in the order of print."""
    return tuple(
        Passage(
            row["passage_id"], tuple(row["section"]), row["page"], row["last_page"],
            tuple((box["page"], (box["x0"], box["top"], box["x1"], box["bottom"])) for box in row["boxes"]),
            row["text"], row["topic"], tuple((line["start"], line["page"], _box(line)) for line in row["lines"]))
        for row in columns["passages"].to_pylist())


def statements_of(columns: Columns) -> tuple[Statement, ...]:
    """The figures stated in prose, in the order of print."""
    return tuple(
        Statement(
            statement_id=row["statement_id"], passage_id=row["passage_id"], subject=row["subject"], context=tuple(row["context"]),
            quote=row["quote"], start=row["start"], text=row["text"], unit=row["unit"], amount=row["amount"], number=row["number"],
            measure=row["measure"], change=row["change"], year=row["about_year"], page=row["page"], bbox=_box(row), reason=row["reason"],
            fund=row["fund"], flow=row["flow"])
        for row in columns["statements"].to_pylist())


def warnings_of(columns: Columns) -> tuple[Warned, ...]:
    """What somebody should look at."""
    return tuple(
        Warned(row["code"], tuple((detail["name"], detail["value"]) for detail in row["details"]))
        for row in columns["warnings"].to_pylist())


def unread_of(columns: Columns) -> tuple[Unread, ...]:
    """The printed numbers that were not understood."""
    return tuple(Unread(row["text"], row["page"], _box(row), row["why"]) for row in columns["unread"].to_pylist())


def _table_row(document: Document, table: Table, position: int) -> Row:
    return {
        "table_id": table.table_id, "document_id": document.document_id, "position": position, "number": table.number, "title": table.title,
        "form": table.form, "unit": table.unit, "pages": table.pages, "notes": table.notes, "is_empty": table.is_empty}


def _figure_row(document: Document, table: Table, figure: Figure) -> Row:
    printed, meaning = figure.printed, figure.meaning
    return {
        "figure_id": figure.figure_id, "document_id": document.document_id, "table_id": table.table_id, "row": figure.row,
        "column_index": figure.column, "row_label": figure.row_label, "row_path": figure.row_path, "code": figure.code,
        "level": figure.level, "column_path": figure.column_path, "unit": figure.unit, "amount": figure.amount, "number": figure.number,
        "cell": printed.text, **_printed_at(printed.page, printed.bbox), "read_by": printed.read_by, "item": meaning.item,
        "flow": meaning.flow, "fund": meaning.fund, "classification": meaning.classification, "portion": meaning.portion,
        "measure": meaning.measure, "about_year": meaning.year, "role": meaning.role, "checks": figure.checks, "doubt": figure.doubt}


def _figure(row: Row) -> Figure:
    meaning = Meaning(
        row["item"], row["flow"], row["fund"], row["classification"], row["portion"], row["measure"], row["about_year"], row["role"])
    return Figure(
        row["figure_id"], row["row"], row["column_index"], tuple(row["row_path"]), row["code"], row["level"], tuple(row["column_path"]),
        row["unit"], row["amount"], row["number"], Printed(row["cell"], row["page"], _box(row), row["read_by"]), meaning,
        tuple(row["checks"]), row["doubt"])


def _header_row(document: Document, table: Table, cell: HeaderCell) -> Row:
    printed = cell.printed
    return {
        "table_id": table.table_id, "document_id": document.document_id, "axis": cell.axis, "first": cell.first, "last": cell.last,
        "depth": cell.depth, "text": printed.text, **_printed_at(printed.page, printed.bbox), "read_by": printed.read_by}


def _passage_row(document: Document, passage: Passage, position: int) -> Row:
    return {
        "passage_id": passage.passage_id, "document_id": document.document_id, "position": position, "section": passage.section,
        "topic": passage.topic, "page": passage.page, "last_page": passage.last_page,
        "boxes": [_printed_at(page, box) for page, box in passage.boxes], "text": passage.text,
        "lines": [{"start": start, **_printed_at(page, box)} for start, page, box in passage.lines]}


def _statement_row(document: Document, statement: Statement) -> Row:
    return {
        "statement_id": statement.statement_id, "document_id": document.document_id, "passage_id": statement.passage_id,
        "subject": statement.subject, "context": statement.context, "quote": statement.quote, "start": statement.start,
        "text": statement.text, "unit": statement.unit, "amount": statement.amount, "number": statement.number,
        "measure": statement.measure, "change": statement.change, "about_year": statement.year, "flow": statement.flow,
        "fund": statement.fund, **_printed_at(statement.page, statement.bbox), "reason": statement.reason}


def _warning_row(document: Document, warned: Warned) -> Row:
    details = [{"name": name, "value": value} for name, value in warned.where]
    return {"document_id": document.document_id, "code": warned.code, "details": details}


def _unread_row(document: Document, unread: Unread) -> Row:
    return {"document_id": document.document_id, "text": unread.text, **_printed_at(unread.page, unread.bbox), "why": unread.why}


def _printed_at(page: int | None, box: Box | Sequence[None] | None) -> Row:
    x0, top, x1, bottom = box or (None, None, None, None)
    return {"page": page, "x0": x0, "top": top, "x1": x1, "bottom": bottom}


def _box(row: Row) -> Box | None:
    return None if row["x0"] is None else (row["x0"], row["top"], row["x1"], row["bottom"])
