"""SQL from elsewhere: what is refused, what is let through, and that what is let through can do no harm."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.foreign_sql import LONGEST, MOST_ROWS, read
from retrieval.model.query_process import QueryFailed, run_limited
from store.errors import SqlRefused
from store.snapshot import DATABASE, open_snapshot

LINES = (Path(__file__).parent / "hostile_sql.txt").read_text("utf-8").splitlines()
HOSTILE = [line.replace("\\n", "\n") for line in LINES if line and not line.startswith("#")]
HARMLESS = [
    "SELECT figure_id FROM three_public_expenses WHERE year = 2024 AND item = '公务接待费'",
    "select figure_id, amount from disclosed_figures where item like '%维修%' and not kind = 'final' order by amount desc limit 3",
    "SELECT a.figure_id FROM projects a JOIN projects b ON a.year = b.year AND a.amount > b.amount * 2 WHERE b.item = '差旅费'",
    "SELECT figure_id FROM projects WHERE amount > (SELECT MAX(amount) FROM three_public_expenses WHERE year BETWEEN 2023 AND 2024)",
    "SELECT figure_id FROM projects GROUP BY figure_id HAVING SUM(amount) >= 100000",
]


def test_there_are_enough_hostile_statements() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 200


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_hostile_statement_is_refused(statement: str) -> None:
    with pytest.raises(SqlRefused):
        read(statement)


HARMLESS_INSIDE = ("SELECT amount FROM disclosed_figures", "SELECT sum(amount) FROM disclosed_figures")


@pytest.mark.parametrize("statement", [one for one in HOSTILE if one not in HARMLESS_INSIDE])
def test_a_hostile_statement_inside_a_harmless_one_is_refused(statement: str) -> None:
    with pytest.raises(SqlRefused):
        read(f"SELECT figure_id FROM disclosed_figures WHERE amount > ({statement})")


@pytest.mark.parametrize("statement", HARMLESS)
def test_a_plain_question_passes_with_a_limit_and_reads_back_as_itself(statement: str) -> None:
    text = read(statement).sql(dialect="duckdb")
    assert read(text).sql(dialect="duckdb") == text
    assert "LIMIT" in text


def test_a_query_asks_for_so_many_rows_at_most() -> None:
    assert read(f"SELECT figure_id FROM projects LIMIT {MOST_ROWS + 1}").sql().endswith(f"LIMIT {MOST_ROWS}")


@pytest.mark.parametrize("statement", [
    "SELECT figure_id FROM projects WHERE " + " OR ".join("year = 1" for _ in range(2000)),
    "SELECT figure_id FROM projects WHERE year = " + "(" * 600 + "1" + ")" * 600,
    f"SELECT figure_id FROM projects WHERE item = '{'a' * 100}'",
    "SELECT figure_id FROM projects" + " " * LONGEST,
    "\0", "", "   ", "SELECT", "'", "/*", "\ud800",
])
def test_a_statement_out_of_bounds_is_refused(statement: str) -> None:
    with pytest.raises(SqlRefused):
        read(statement)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except SqlRefused:
        return
    assert "figure_id" in text.lower()


@pytest.mark.parametrize("statement", [
    "SELECT repeat('a', 2000000000)", "SELECT unnest(range(300000000))", "SELECT count(*) FROM range(30000000000)",
    "SELECT content FROM read_text('/etc/passwd')", "CREATE TABLE t (x INT)", "DROP VIEW disclosed_figures",
    "COPY (SELECT 1) TO '/tmp/x.csv'", "ATTACH '/tmp/y.db'", "INSTALL httpfs", "SET enable_external_access = true",
    "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
])
def test_even_unchecked_a_query_stays_within_its_process(sample_store: Path, statement: str) -> None:
    with open_snapshot(sample_store) as snapshot, pytest.raises(QueryFailed):
        run_limited(snapshot.folder / DATABASE, statement, 1.0)


def test_the_process_of_a_query_has_none_of_our_secrets(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGZHANG_MODEL_KEY", "secret")
    with open_snapshot(sample_store) as snapshot:
        rows = run_limited(snapshot.folder / DATABASE, "SELECT count(*) FROM disclosed_figures", 5.0)
        assert rows[0][0] > 1000
        with pytest.raises(QueryFailed, match="getenv"):
            run_limited(snapshot.folder / DATABASE, "SELECT getenv('MINGZHANG_MODEL_KEY')", 5.0)
