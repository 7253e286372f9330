"""Small made-up documents for the tests of store and pipeline."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from store.values import Document, Figure, HeaderCell, Kind, Meaning, Passage, Printed, Statement, Table, Unread, Warned


def small_document(
    agency: str = "示例市水务局", year: int = 2024, kind: Kind = "budget", total: str = "120.50", *, file: str | None = None,
    form: str = "pdf", tables: tuple[str, ...] = ("部门收支总表",), text: str = "公务接待费减少，原因是压缩会议。", region: str = "示例市",
) -> tuple[Document, bytes]:
    """A document with one table a title and one passage, and the bytes it came from."""
    data = f"{agency}|{year}|{kind}|{total}|{form}|{tables}|{text}".encode()
    document_id = hashlib.sha256(data).hexdigest()
    short = document_id[:12]
    number = Decimal(total)
    figures = tuple(
        Figure(
            f"{short}-{at:05d}", 0, 0, (title, "收入总计"), None, None, ("本年预算",), "万元", number * 10_000, number,
            Printed(total, 3, (1.0, 2.0, 3.0, 4.0), "text_layer"),
            Meaning("收入总计", "income", "all", "summary", "total", "budget", year, "total"), ("row_sum:pass",))
        for at, title in enumerate(tables))
    made = tuple(
        Table(f"{short}-t{at:02d}", f"表{at + 1}", title, None, "万元", (3,), (figures[at],),
              (HeaderCell("column", 0, 0, 0, Printed("本年预算", 3, None, "text_layer")),), ("注：示例",))
        for at, title in enumerate(tables))
    section = ("第二部分 说明", "三公经费")
    passage = Passage(f"{short}-p001", section, 5, 5, ((5, (1.0, 1.0, 2.0, 2.0)),), text, "three_public", ((0, 5, None),))
    statement = Statement(
        f"{short}-s001", passage.passage_id, "公务接待费", ("三公经费",), text[:5], 0, "1.00", "万元", Decimal(10_000), Decimal(1),
        "budget", None, year, 5, None)
    document = Document(
        document_id, file or f"{short}/published.{form}", form, len(data), 8, agency, None, region, year, kind, f"{agency}{year}年部门预算",  # pyright: ignore[reportArgumentType]
        "department", made, (passage,), (statement,), (Warned("scanned_page", (("page", "2"),)),),
        (Unread("7", 4, None, "number_in_text_column"),),
        ((595.0, 842.0),))
    return document, data
