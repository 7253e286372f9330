"""SQL is a tree with a list of what may appear: everything else is refused, and sums prove their addends."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlglot

from retrieval.figures.query import MOST_ROWS, among, checked, equals, figures_behind, rendered, run, select, total
from store.errors import SqlRefused
from store.snapshot import open_snapshot


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM documents",
        "SELECT * FROM figures",
        "SELECT read_text('/etc/passwd')",
        "SELECT * FROM read_csv('x')",
        "SELECT repeat('a', 1000000000)",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM disclosures UNION SELECT * FROM disclosures",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "SELECT (SELECT 1) FROM disclosures",
        "SELECT * FROM disclosures, figures_all",
        "SELECT * FROM disclosures JOIN figures_all USING (document_id)",
        "SELECT * FROM main.disclosures",
        "SELECT getenv('HOME') FROM disclosures",
        "SELECT * FROM duckdb_settings()",
        "SELECT unnest(range(9)) FROM disclosures",
        "INSERT INTO disclosures VALUES (1)",
        "DELETE FROM disclosures",
        "DROP VIEW disclosures",
        "ATTACH 'x'",
        "COPY disclosures TO 'x'",
        "PRAGMA database_list",
        "SET memory_limit='9GB'",
        "CALL pragma_version()",
        "EXPLAIN SELECT * FROM disclosures",
        "CREATE TABLE x AS SELECT 1",
        "SELECT CASE WHEN 1 = 1 THEN 1 END FROM disclosures",
        "SELECT CAST(year AS VARCHAR) FROM disclosures",
        "SELECT agency || file FROM disclosures",
    ],
)
def test_what_is_not_on_the_list_is_refused(sql: str) -> None:
    with pytest.raises(SqlRefused):
        for tree in sqlglot.parse(sql, dialect="duckdb"):
            assert tree is not None
            checked(tree)


def test_a_plain_question_to_a_view_passes_and_is_limited() -> None:
    text = rendered(select("three_public_expenses", ("agency", "amount"), equals("year", 2024), among("item", ["公务接待费"])))
    assert text.endswith(f"LIMIT {MOST_ROWS}")
    assert "公务接待费" in text


def test_a_quote_in_a_name_stays_inside_its_text() -> None:
    text = rendered(select("disclosures", ("agency",), equals("agency", "x' OR '1'='1")))
    assert "'x'' OR ''1''=''1'" in text


def test_the_figures_behind_a_sum_add_up_to_it(sample_store: Path) -> None:
    with open_snapshot(sample_store) as snapshot:
        for item in ("公务接待费", "差旅费", "支出合计"):
            tree = total("disclosed_figures", equals("item", item), equals("measure", "budget"))
            whole = run(snapshot, tree)[1][0][0]
            ids = [row[0] for row in run(snapshot, figures_behind(tree))[1]]
            parts = run(snapshot, select("figures_all", ("amount",), among("figure_id", ids)))[1]
            assert sum((row[0] for row in parts), Decimal(0)) == whole
