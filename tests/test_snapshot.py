"""Publishing: what is in the lake is what is asked, however it came there."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from store import lake, sheets
from store.errors import StoreMissing, StoreVersion
from store.snapshot import MANIFEST, QueryTooLong, current_snapshot, open_snapshot, publish
from store.values import Document

from .documents import small_document

Made = tuple[Document, bytes]


def put(store: Path, *made: Made) -> str:
    for document, data in made:
        lake.write_document(store, document, data)
    return publish(store)


def content(store: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_snapshot(store) as snapshot:
        names = [name for (name,) in snapshot.rows("SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")]
        return {name: sorted(snapshot.rows(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_figures_are_asked_for_by_meaning_with_exact_amounts(tmp_path: Path) -> None:
    put(tmp_path, small_document(total="120.50"))
    with open_snapshot(tmp_path) as snapshot:
        rows = snapshot.rows("SELECT amount, cell, page FROM income_by_source WHERE item = '收入总计'")
    assert rows == [(Decimal("1205000.000000"), "120.50", 3)]


def test_publishing_piece_by_piece_or_at_once_in_any_order_gives_the_same(tmp_path: Path) -> None:
    made = [small_document(year=year, total=f"{year}.00") for year in (2021, 2022, 2023, 2024)]
    for each in made:
        put(tmp_path / "pieces", each)
    put(tmp_path / "once", *reversed(made))
    assert content(tmp_path / "pieces") == content(tmp_path / "once")


def test_nothing_new_publishes_nothing(tmp_path: Path) -> None:
    first = put(tmp_path, small_document())
    assert put(tmp_path, small_document()) == first


def test_a_document_taken_out_of_the_lake_is_out_of_the_answers(tmp_path: Path) -> None:
    gone, stays = small_document(year=2023), small_document(year=2024)
    put(tmp_path, gone, stays)
    lake.forget(tmp_path, gone[0].document_id)
    publish(tmp_path)
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT year FROM documents") == [(2024,)]
        for table in ("tables", "figures", "header_cells", "passages", "statements", "warnings", "unread", "document_files"):
            assert snapshot.rows(f"SELECT count(*) FROM {table}") == [(1,)], table
        assert [passage for passage, _ in snapshot.search(["公务接待费"])] == [stays[0].passages[0].passage_id]


def test_an_open_snapshot_goes_on_answering_while_others_are_published(tmp_path: Path) -> None:
    put(tmp_path, small_document(year=2020))
    with open_snapshot(tmp_path) as snapshot:
        for year in range(2021, 2025):
            put(tmp_path, small_document(year=year))
        assert snapshot.rows("SELECT year FROM documents") == [(2020,)]
        assert snapshot.search(["公务接待费"])
    assert len(list((tmp_path / "snapshots").iterdir())) == 2
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.id == current_snapshot(tmp_path)
        assert snapshot.rows("SELECT count(*) FROM documents") == [(5,)]


def test_two_editions_of_a_disclosure_count_once(tmp_path: Path) -> None:
    put(tmp_path, small_document(form="text"), small_document(form="pdf"), small_document(form="scan"))
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT format, edition_rank FROM documents ORDER BY 2") == [("pdf", 1), ("text", 2), ("scan", 3)]
        assert snapshot.rows("SELECT count(DISTINCT disclosure_id) FROM documents") == [(1,)]
        assert snapshot.rows("SELECT sum(amount) FROM disclosed_figures") == [(Decimal(1205000),)]


def test_a_file_with_other_tables_is_a_further_part_not_another_edition(tmp_path: Path) -> None:
    forms = small_document(total="10.00", tables=("部门收支总表",))
    projects = small_document(total="3.00", tables=("项目支出表",), form="xlsx")
    put(tmp_path, forms, projects, small_document(tables=(), form="html"))
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT format, edition_rank FROM documents ORDER BY 1") == [("html", 2), ("pdf", 1), ("xlsx", 1)]


@pytest.mark.parametrize(("former", "present", "last_year", "joined"), [
    ("示例市中小企业服务中心", "示例市中小企业发展服务中心", "120.50", True),
    ("示例市中小企业服务中心", "示例市中小企业发展服务中心", "131.00", False),      # the present one says something else of last year
    ("示例市教育局", "示例新区教育局", "120.50", False),                          # another agency with nearly the same name
])
def test_a_renamed_agency_is_told_by_its_figures_of_last_year(
    tmp_path: Path, former: str, present: str, last_year: str, joined: bool,
) -> None:
    region = "示例新区" if "新区" in present else "示例市"
    earlier = small_document(former, 2023, total="120.50")
    later, data = small_document(present, 2024, total="150.00", region=region)
    table = later.tables[0]
    old = replace(table.figures[0], figure_id="x-1", column=1, amount=Decimal(last_year) * 10_000, number=Decimal(last_year),
                  meaning=replace(table.figures[0].meaning, year=2023))
    later = replace(later, tables=(replace(table, figures=(*table.figures, old)),))
    put(tmp_path, earlier, (later, data))
    with open_snapshot(tmp_path) as snapshot:
        assert (snapshot.rows("SELECT count(DISTINCT agency_id) FROM documents") == [(1,)]) is joined


def test_a_document_that_tells_of_the_former_name_joins_the_two(tmp_path: Path) -> None:
    put(tmp_path, small_document("示例市文化和旅游局", 2021),
        small_document("示例市文旅体育局", 2024, text="2022年机构改革，由示例市文化和旅游局更名为示例市文旅体育局。"))
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT DISTINCT agency_id FROM documents") == [("示例市文旅体育局",)]


def test_a_query_cannot_write_read_files_or_change_settings(tmp_path: Path) -> None:
    put(tmp_path, small_document())
    with open_snapshot(tmp_path) as snapshot:
        for sql in ("DELETE FROM figures", "SELECT * FROM read_text('/etc/passwd')", "SET memory_limit = '9GB'", "ATTACH 'x.db'",
                    "COPY figures TO '/tmp/figures.csv'", "SET enable_external_access = true"):
            with pytest.raises(duckdb.Error):
                snapshot.rows(sql)


def test_a_query_that_runs_too_long_is_stopped_and_the_next_one_answers(tmp_path: Path) -> None:
    put(tmp_path, small_document())
    with open_snapshot(tmp_path) as snapshot:
        with pytest.raises(QueryTooLong):
            snapshot.rows("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3", seconds=0.2)
        assert snapshot.rows("SELECT 1") == [(1,)]


def test_many_threads_ask_at_once(tmp_path: Path) -> None:
    put(tmp_path, *[small_document(year=year) for year in range(2015, 2025)])
    wrong: list[object] = []
    with open_snapshot(tmp_path) as snapshot:
        def ask(year: int) -> None:
            for _ in range(20):
                rows = snapshot.rows("SELECT about_year FROM figures_all WHERE year = ?", [year])
                if rows != [(year,)] or not snapshot.search(["三公经费"], limit=3):
                    wrong.append(rows)

        threads = [threading.Thread(target=ask, args=(year,)) for year in range(2015, 2023)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_store_of_another_version_is_refused_and_compiled_anew_from_the_lake(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_snapshot(tmp_path)
    old = put(tmp_path, small_document())
    manifest = tmp_path / "snapshots" / old / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 0}))
    with pytest.raises(StoreVersion):
        open_snapshot(tmp_path)
    assert publish(tmp_path) != old
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM figures") == [(1,)]


def test_passages_are_found_by_their_words_within_documents_and_topics(tmp_path: Path) -> None:
    one, other = small_document(year=2023), small_document(year=2024, text="购置执法车辆一辆。")
    put(tmp_path, one, other)
    with open_snapshot(tmp_path) as snapshot:
        ids = [passage for passage, _ in snapshot.search(["执法车辆"])]
        assert ids[0] == other[0].passages[0].passage_id
        assert ids[0] not in [passage for passage, _ in snapshot.search(["执法车辆"], documents=[one[0].document_id])]
        assert snapshot.search(["三公经费"], topics=["duties"]) == []
        assert len(snapshot.search(["三公经费"], topics=["three_public"])) == 2
        for hostile in ('text:"x" AND *', "(((", "a OR b NOT", "\x00", "' ; DROP", "😀", ""):
            snapshot.search([hostile])


SHEETS: dict[sheets.Part, tuple[str, str]] = {
    "figures": ("figures_all", "table_position, row, column_index"),
    "statements": ("stated_figures", "figure_id"),
    "tables": ("published_tables", "table_position"),
    "headers": ("printed_headers", "table_id, axis, first, depth"),
}


def test_a_documents_sheet_says_what_its_rows_say(sample_store: Path) -> None:
    with open_snapshot(sample_store) as snapshot:
        for document_id, ordinal in snapshot.rows("SELECT document_id, ordinal FROM disclosures"):
            sheet = snapshot.sheet(ordinal)
            for part, (view, order) in SHEETS.items():
                columns = ", ".join(sheets.COLUMNS[part])
                rows = snapshot.rows(f"SELECT {columns} FROM {view} WHERE document_id = ? ORDER BY {order}", [document_id])
                assert sheet.rows(part) == [[tuple(value) if isinstance(value, list) else value for value in row] for row in rows]
                assert rows or part == "statements"
        assert snapshot.sheet(-1).rows("figures") == []
