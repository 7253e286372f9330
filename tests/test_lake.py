"""What is written to the lake comes back the same, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from store import lake
from store.snapshot import open_snapshot
from store.values import (
    Classification,
    Document,
    Figure,
    Flow,
    Format,
    Fund,
    HeaderCell,
    Kind,
    Level,
    Meaning,
    Measure,
    Passage,
    Portion,
    Printed,
    ReadBy,
    Statement,
    Table,
    Unread,
    Warned,
)

from .documents import small_document
from .properties import examples

texts = some.text(some.characters(exclude_categories=("Cs",)), max_size=12)
maybe_text = some.none() | texts
pages = some.none() | some.integers(1, 3000)
boxes = some.none() | some.tuples(*[some.floats(-1e4, 1e4)] * 4)
amounts = some.decimals(-10**15, 10**15, places=6)
paths = some.lists(texts, max_size=3).map(tuple)
years = some.none() | some.integers(1990, 2100)


def one_of(kind: object) -> some.SearchStrategy[str]:
    return some.sampled_from(get_args(kind))


def maybe(kind: object) -> some.SearchStrategy[str | None]:
    return some.none() | one_of(kind)


printed = some.builds(Printed, texts, pages, boxes, one_of(ReadBy))
meanings = some.builds(
    Meaning, texts, maybe(Flow), maybe(Fund), maybe(Classification), maybe(Portion), maybe(Measure), years,
    some.sampled_from(["total", "subtotal", "leaf"]))
figures = some.builds(
    Figure, texts, some.integers(0, 9999), some.integers(0, 99), paths, maybe_text, maybe(Level), paths, texts, some.none() | amounts,
    amounts, printed, meanings, paths, maybe_text)
places = some.integers(0, 99)
headers = some.builds(HeaderCell, some.sampled_from(["column", "row"]), places, places, places, printed)
tables = some.builds(
    Table, texts, maybe_text, texts, maybe_text, maybe_text, some.lists(some.integers(1, 99), max_size=3).map(tuple),
    some.lists(figures, max_size=3).map(tuple), some.lists(headers, max_size=2).map(tuple), paths, some.booleans())
line_boxes = some.lists(some.tuples(some.integers(1, 99), some.tuples(*[some.floats(0, 1e4)] * 4)), max_size=2).map(tuple)
lines = some.lists(some.tuples(some.integers(0, 999), pages, boxes), max_size=2).map(tuple)
passages = some.builds(Passage, texts, paths, pages, pages, line_boxes, texts, maybe_text, lines)
statements = some.builds(
    Statement, texts, texts, texts, paths, texts, some.integers(0, 999), texts, texts, some.none() | amounts, amounts, maybe(Measure),
    some.none() | some.sampled_from(["increase", "decrease", "same"]), years, pages, boxes, maybe_text, maybe(Fund), maybe(Flow))
warned = some.builds(Warned, texts, some.dictionaries(texts, texts, max_size=2).map(lambda each: tuple(each.items())))
unread = some.builds(Unread, texts, pages, boxes, texts)
documents = some.builds(
    Document, some.just("d" * 64), some.text("abc/.pdf", min_size=1, max_size=9), one_of(Format), some.integers(0, 10**9), pages,
    maybe_text, maybe_text, maybe_text, years, maybe(Kind), maybe_text, some.none() | some.sampled_from(["department", "unit"]),
    some.lists(tables, max_size=2, unique_by=lambda table: table.table_id).map(tuple), some.lists(passages, max_size=2).map(tuple),
    some.lists(statements, max_size=2).map(tuple), some.lists(warned, max_size=2).map(tuple), some.lists(unread, max_size=2).map(tuple),
    some.lists(some.tuples(some.floats(1, 9999), some.floats(1, 9999)), max_size=2).map(tuple))


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(document=documents)
def test_a_document_comes_back_from_the_lake_as_it_was_written(document: Document, tmp_path: Path) -> None:
    lake.forget(tmp_path, document.document_id)
    lake.write_document(tmp_path, document, b"bytes")
    assert lake.read_document(tmp_path, document.document_id) == document
    assert lake.source_bytes(tmp_path, document.document_id) == b"bytes"
    assert list(lake.verify(tmp_path)) == []


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    document, data = small_document()
    lake.write_document(tmp_path, document, data)
    path = tmp_path / "lake" / document.document_id / "figures.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    (tmp_path / "lake" / document.document_id / "source").unlink()
    assert {(broken.name, broken.problem) for broken in lake.verify(tmp_path)} == {("figures.parquet", "changed"), ("source", "missing")}


def test_a_copy_under_another_name_is_the_same_document_and_the_shortest_name_is_shown(tmp_path: Path) -> None:
    document, data = small_document(file="budget-2024/copy-of-published.pdf")
    lake.write_document(tmp_path, document, data)
    assert lake.note_copy(tmp_path, document.document_id, "budget-2024/published.pdf")
    assert not lake.note_copy(tmp_path, document.document_id, "budget-2024/published.pdf")
    assert lake.read_document(tmp_path, document.document_id).file == "budget-2024/published.pdf"
    assert lake.documents(tmp_path) == [document.document_id]


def test_a_number_with_more_digits_than_the_store_keeps_is_refused_not_rounded(tmp_path: Path) -> None:
    document, data = small_document()
    figure = replace(document.tables[0].figures[0], number=Decimal("0.12345678901"))
    with pytest.raises(ValueError, match="Decimal"):
        lake.write_document(tmp_path, replace(document, tables=(replace(document.tables[0], figures=(figure,)),)), data)
    assert lake.documents(tmp_path) == []


WRITER = """
import sys, itertools
from pathlib import Path
from store import lake
from store.snapshot import publish
from tests.documents import small_document
store, seed = Path(sys.argv[1]), sys.argv[2]
print("started", flush=True)
with lake.writing(store):
    for at in itertools.count():
        for year in range(2020, 2024):
            document, data = small_document(f"示例市第{seed}{at % 3}局", year, total=f"{at + 1}.00", file=f"{seed}-{at % 3}-{year}.pdf")
            lake.write_document(store, document, data)
            # The same bytes read again, as after a new reader version: one folder takes the place of another.
            lake.write_document(store, document, data)
        publish(store)
"""


def test_an_ingest_killed_at_any_moment_leaves_the_old_answers(tmp_path: Path) -> None:
    document, data = small_document()
    lake.write_document(tmp_path, document, data)
    from store.snapshot import publish

    publish(tmp_path)
    root, random = Path(__file__).resolve().parent.parent, Random(4)
    for kill in range(10):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(kill)], cwd=root, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0.05, 1.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with open_snapshot(tmp_path) as snapshot:
            assert snapshot.rows("SELECT count(*) FROM figures WHERE document_id = ?", [document.document_id]) == [(1,)]
            assert snapshot.search(["公务接待费"])
            assert snapshot.rows("SELECT count(*) FROM documents")[0][0] == len(snapshot.manifest["documents"])
    with lake.writing(tmp_path):
        assert list(lake.verify(tmp_path)) == []
    publish(tmp_path)
    with open_snapshot(tmp_path) as snapshot:
        assert set(snapshot.manifest["documents"]) == set(lake.documents(tmp_path))
    assert not list((tmp_path / "lake").glob(".*"))


def test_the_id_of_a_document_is_the_hash_of_its_bytes() -> None:
    document, data = small_document()
    assert document.document_id == hashlib.sha256(data).hexdigest()
