"""The command line keeps its contract: JSON by its schemas, exit codes, streams, and docs that are the program's own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.main import run
from cli.reference import reference
from retrieval.scoring import judge, same
from store import lake
from store.export import COLUMNS, harmless
from store.snapshot import publish

from .documents import small_document

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one sample, read once for all tests here."""
    folder = tmp_path_factory.mktemp("store")
    assert run(["ingest", str(SAMPLES / "library-2023-budget" / "published.html"), "--store", str(folder), "-q", "--jobs", "1"]) == 0
    return folder


def valid(name: str, value: object) -> Any:
    jsonschema.validate(value, json.loads((ROOT / "docs" / "schemas" / f"{name}.json").read_text("utf-8")))
    return value


def test_ingest_prints_what_became_of_each_file(cli: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    code, out, _ = cli("ingest", SAMPLES / "library-2023-budget", tmp_path / "empty.pdf", tmp_path / "no.pdf", "--store", store, "--json")
    documents = valid("ingest", json.loads(out))["documents"]
    assert code == 1
    assert [each["status"] for each in documents] == ["unchanged", "failed", "failed"]
    assert [each["error"] and each["error"]["code"] for each in documents] == [None, "empty_file", "file_missing"]
    assert documents[0]["agency"] == "示例市图书馆"
    assert str(tmp_path / "empty.pdf") in documents[1]["error"]["message"]


def test_errors_speak_the_callers_language(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    code, out, err = cli("status", "--store", tmp_path / "none")
    assert (code, out) == (2, "")
    assert "还没有数据" in err and "mingzhang ingest" in err
    code, _, err = cli("--lang", "en", "status", "--store", tmp_path / "none")
    assert code == 2 and "There is no data" in err


def test_wrong_use_is_two(cli: Run, store: Path, tmp_path: Path) -> None:
    assert cli("no-such-command")[0] == 2
    assert cli("export", "--store", store)[0] == 2
    assert cli("export", "--store", store, "--to", tmp_path, "--format", "docx")[0] == 2
    assert cli("status", "--store", store, "--document", "nothing")[0] == 2
    (tmp_path / "void").mkdir()
    assert cli("ingest", tmp_path / "void", "--store", store)[0] == 2


def test_an_answer_is_printed_by_its_schema(cli: Run, store: Path) -> None:
    code, out, _ = cli("ask", "2023年收入总计多少", "--store", store, "--json")
    answer = valid("answer", json.loads(out))
    assert code == 0
    assert answer["citations"], answer["answer"]
    code, out, _ = cli("ask", "2023年收入总计多少", "--store", store)
    assert code == 0 and out.startswith(answer["answer"].splitlines()[0])


def test_how_a_question_was_understood_is_explained(cli: Run, store: Path) -> None:
    code, out, _ = cli("ask", "请问2023年预算公务接待费占三公经费的几成", "--store", store, "--explain")
    assert code == 0
    assert "公务接待费 占 三公经费 的比例" in out and "share-of-named-whole" in out
    assert "请问　不影响意思" in out and "占　提示词：SHARE" in out
    code, out, _ = cli("ask", "2023年的飞船费多少", "--store", store, "--explain")
    assert code == 0 and "没有读懂：飞船" in out


def test_the_understanding_in_an_answer_is_bounded(cli: Run, store: Path) -> None:
    long = "，".join(f"2023年公务接待费{number}万元，会议费占三公经费的几成飞船{number}" for number in range(60))
    code, out, _ = cli("ask", long, "--store", store, "--json")
    told = valid("answer", json.loads(out))["understood"]
    assert code == 0 and 30 <= len(told["spans"]) <= 40 and len(told["readings"]) <= 3 and len(json.dumps(told)) < 40_000


def test_batch_answers_a_line_a_case_in_order_and_goes_on_after_a_bad_one(cli: Run, store: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"id": "a", "question": "2023年支出总计多少"}\nnot json\n\n{"id": 7, "question": "今天天气", "dialog": ["你好"]}\n', "utf-8")
    code, out, _ = cli("batch", cases, "--store", store)
    answers = [valid("answer", json.loads(line)) for line in out.splitlines()]
    assert code == 1
    assert [each["id"] for each in answers] == ["a", None, 7]
    assert answers[1]["error"]["code"] == "bad_case"
    assert answers[2]["route"] == "decline"


def test_eval_counts_by_skill(cli: Run, store: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"id": "a", "skill": "decline", "question": "今天天气怎么样", "expect": {"routes": ["decline"]}}\n'
        '{"id": "b", "skill": "lookup", "question": "今天天气怎么样", "expect": {"values": [{"amount": "1", "unit": "元"}]}}\n', "utf-8")
    code, out, _ = cli("eval", cases, "--store", store, "--json")
    score = valid("eval", json.loads(out))
    assert code == 1
    assert score["skills"] == {"decline": {"right": 1, "wrong": 0, "missed": 0}, "lookup": {"right": 0, "wrong": 0, "missed": 1}}
    code, out, _ = cli("eval", cases, "--store", store, "--details")
    assert code == 1 and "b: " in out


def test_status_shows_documents_in_detail_and_finds_a_changed_byte(cli: Run, tmp_path: Path) -> None:
    document, data = small_document()
    lake.write_document(tmp_path, document, data)
    publish(tmp_path)
    code, out, _ = cli("status", "--store", tmp_path, "--document", document.document_id[:8], "--verify", "--json")
    shown = valid("status", json.loads(out))
    assert code == 0 and shown["broken"] == []
    assert [each["text"] for each in shown["unread"]] == ["7"]
    assert "2" in shown["warnings"][0]["message"]
    (tmp_path / "lake" / document.document_id / "source").write_bytes(b"other")
    code, out, _ = cli("status", "--store", tmp_path, "--verify", "--json")
    assert code == 1
    assert valid("status", json.loads(out))["broken"] == [{"document": document.document_id, "name": "source", "problem": "changed"}]


def test_export_has_a_row_a_figure_in_every_format(cli: Run, store: Path, tmp_path: Path) -> None:
    import openpyxl
    from pyarrow import parquet

    counts = set()
    for form in ("csv", "xlsx", "parquet"):
        code, out, _ = cli("export", "--store", store, "--to", tmp_path, "--format", form, "--json")
        assert code == 0
        counts.add(valid("export", json.loads(out))["figures"])
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert counts == {len(rows)} and rows
    assert tuple(rows[0]) == COLUMNS
    sheet = openpyxl.load_workbook(tmp_path / "figures.xlsx", read_only=True).active
    assert sheet is not None
    table = list(sheet.iter_rows(values_only=True))
    assert table[0] == COLUMNS and len(table) == len(rows) + 1
    arrow = parquet.read_table(tmp_path / "figures.parquet")
    assert arrow.column_names == list(COLUMNS) and arrow.num_rows == len(rows)
    total = sum(Decimal(row["amount_yuan"] or 0) for row in rows)
    assert total == sum(amount or 0 for amount in arrow["amount_yuan"].to_pylist())
    assert {row["kind"] for row in rows} == {"budget"} and {row["page"] for row in rows} == {""}


def test_a_file_ingested_under_two_names_is_exported_under_both(cli: Run, tmp_path: Path) -> None:
    document, data = small_document(file="2024/published.pdf")
    lake.write_document(tmp_path, document, data)
    lake.note_copy(tmp_path, document.document_id, "2024-copy/W01.pdf")
    publish(tmp_path)
    cli("export", "--store", tmp_path, "--to", tmp_path)
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["file"] for row in rows] == ["2024-copy/W01.pdf", "2024/published.pdf"]
    assert len({row["figure_id"] for row in rows}) == 1


@pytest.mark.parametrize(("text", "shown"), [
    ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|x", "'+cmd|x"), ("-2+3", "'-2+3"), ("-3.20", "-3.20"),
    ("+1,234.50%", "+1,234.50%"), ("公务接待费", "公务接待费"), ("", "")])
def test_no_spreadsheet_runs_what_a_cell_prints(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_store_is_found_by_option_environment_file_and_user_folder(tmp_path: Path) -> None:
    from store.settings import settings

    (tmp_path / "mingzhang.toml").write_text('store = "data/here"\n')
    assert settings("a", environment={"MINGZHANG_STORE": "b"}, folder=tmp_path).store == Path("a")
    assert settings(environment={"MINGZHANG_STORE": "b"}, folder=tmp_path).store == Path("b")
    assert settings(environment={}, folder=tmp_path).store == tmp_path / "data" / "here"
    assert settings(environment={}, folder=tmp_path / "none").store.is_absolute()


def test_the_docs_say_what_the_program_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference(), "run: python -m cli.reference > docs/commands.md"


def test_help_starts_without_loading_what_it_does_not_need() -> None:
    script = "import sys\nfrom cli.main import run\nrun(['--help'])\nprint(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    heavy = ("duckdb", "pyarrow", "streamlit", "pandas", "tantivy", "rjieba", "openpyxl", "lxml", "pdfplumber", "langchain", "sqlglot")
    assert not [name for name in heavy if f"'{name}'" in done.stderr]
    assert "mingzhang" in done.stdout


def test_a_closed_pipe_ends_quietly(store: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": 1, "question": "今天天气"}\n' * 3000, "utf-8")
    command = f"'{sys.executable}' -c 'from cli.main import main; main()' batch '{cases}' --store '{store}' | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout)["route"] == "decline"
    assert done.stderr == ""


def test_the_page_is_served_from_the_store_that_was_named(store: Path) -> None:
    port = 8600 + os.getpid() % 300
    command = [sys.executable, "-c", "from cli.main import main; main()", "serve", "--store", str(store), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        from urllib.error import URLError
        from urllib.request import urlopen

        for _ in range(150):
            time.sleep(0.2)
            try:
                with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as reply:
                    assert reply.read() == b"ok"
                    break
            except (URLError, ConnectionError):
                assert process.poll() is None, process.stdout and process.stdout.read()
        else:
            pytest.fail("the page did not start")
        environment = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
        assert f"MINGZHANG_STORE={store.resolve()}".encode() in environment
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(("answer", "outcome"), [
    ({"route": "tables", "values": [{"amount": "649.92", "unit": "万元"}], "citations": [{"cell": "649.92"}]}, "right"),
    ({"route": "tables", "values": [{"amount": "6499200", "unit": "元"}], "citations": [{"cell": "649.92"}]}, "right"),
    ({"route": "tables", "values": [{"amount": "649.92", "unit": "元"}], "citations": [{"cell": "649.92"}]}, "wrong"),
    ({"route": "tables", "values": [{"amount": "649.92", "unit": "万元"}], "citations": [{"cell": "6.49"}]}, "missed"),
    ({"route": "decline", "values": []}, "missed")])
def test_an_answer_is_right_wrong_or_missed(answer: dict[str, Any], outcome: str) -> None:
    case = {"id": "1", "skill": "lookup", "expect": {
        "routes": ["tables"], "values": [{"amount": "649.92", "unit": "万元"}], "cites": [{"cell": "649.92"}]}}
    assert judge(case, answer).outcome == outcome


def test_quantities_agree_as_far_as_they_are_printed() -> None:
    assert same({"amount": "1.23", "unit": "亿元"}, {"amount": "12345.67", "unit": "万元"})
    assert not same({"amount": "1.23", "unit": "亿元"}, {"amount": "12365.67", "unit": "万元"})
    assert not same({"amount": "5", "unit": "%"}, {"amount": "5", "unit": "万元"})
