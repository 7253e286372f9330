"""A store of many disclosures for the benchmark: the bundled samples under other names, written straight into a snapshot.

Takes a store of the samples; gives one whose figures and passages stand `copies` times in it, each copy a city of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from store import sheets, text_index
from store.snapshot import BATCH, DATABASE, MANIFEST, PASSAGES, POINTER, current_snapshot
from store.sql_blocks import sql_blocks

CITY = "示例市"
FIRST, SECOND = "安宝昌成大丰福广海和", "阳山江河平川林溪城州"
KEYED = {
    "documents": ("document_id", "disclosure_id"),
    "tables": ("table_id", "document_id"),
    "figures": ("figure_id", "document_id", "table_id"),
    "header_cells": ("table_id",),
    "passages": ("passage_id", "document_id"),
    "statements": ("statement_id", "document_id", "passage_id"),
}


def city(copy: int) -> str:
    """A made-up city name: 安阳… are fine as words, the figures below them are fictional."""
    digits = "甲乙丙丁戊己庚辛壬癸"
    return FIRST[copy % 10] + SECOND[copy // 10 % 10] + digits[copy // 100 % 10] + "市"


def build(samples: Path, target: Path, copies: int) -> int:
    """Writes the store at `target`; gives the number of disclosures in it."""
    import duckdb

    source = samples / "snapshots" / current_snapshot(samples)
    folder = target / "snapshots" / "crowd"
    folder.mkdir(parents=True)
    root = Path(__file__).parent.parent / "store"
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute((root / "tables.sql").read_text("utf-8"))
        connection.execute((root / "views.sql").read_text("utf-8"))
        connection.execute(f"ATTACH '{source / DATABASE}' AS samples (READ_ONLY)")
        connection.execute("CREATE TEMP TABLE copies (copy INTEGER, city VARCHAR)")
        connection.executemany("INSERT INTO copies VALUES (?, ?)", [(copy, city(copy)) for copy in range(copies)])
        (step,) = connection.execute("SELECT max(ordinal) FROM samples.documents").fetchone()
        for table, keys in KEYED.items():
            changed = [f"s.{key} || '-' || c.copy AS {key}" for key in keys] + [f"s.ordinal + c.copy * {step} AS ordinal"]
            if table == "documents":
                changed += [f"replace(s.{name}, '{CITY}', c.city) AS {name}" for name in ("agency", "agency_id", "title")]
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT s.* REPLACE ({', '.join(changed)}) "
                f"FROM samples.{table} s, copies c ORDER BY c.copy, s.ordinal"
            )
        (documents,) = connection.execute("SELECT count(*) FROM documents").fetchone()
        connection.execute(sql_blocks("compile.sql")["add labels"])
        ids = [document_id for (document_id,) in connection.execute("SELECT document_id FROM documents ORDER BY ordinal").fetchall()]
        for start in range(0, len(ids), BATCH):
            sheets.add(connection, ids[start : start + BATCH])
        text_index.add(folder / PASSAGES, _entries(connection))
    manifest = json.loads((source / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, "documents": {}}), "utf-8")
    (target / POINTER).write_text("crowd", "utf-8")
    return documents


def clear(target: Path) -> None:
    """Takes the store away."""
    shutil.rmtree(target, ignore_errors=True)


def _entries(connection) -> Iterator[text_index.Entry]:
    found = connection.cursor().execute(
        "SELECT p.passage_id, p.document_id, d.agency_id, d.year, d.kind, p.topic, p.section, replace(p.text, ?, d.agency) "
        "FROM passages p JOIN documents d USING (document_id)", [CITY])  # fmt: skip
    while rows := found.fetchmany(1000):
        for row in rows:
            yield text_index.Entry(*row)
