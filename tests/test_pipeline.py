"""Taking files in: one bad file never harms the rest, order plays no part, and what is known is not read again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.gather import gather
from ingest.pipeline import IngestReport, ingest
from ingest.progress import Progress
from ingest.workers import Job, read_all
from store import lake
from store.errors import DamagedFile, FileMissing, MingzhangError, TookTooLong, TooLarge
from store.snapshot import open_snapshot

from .reading_stubs import misbehaving

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
PAGE = SAMPLES / "library-2023-budget" / "published.html"
BOOK = SAMPLES / "water-2024-budget" / "published.xlsx"


def statuses(report: IngestReport) -> dict[str, str]:
    return {Path(outcome.file).name: outcome.status for outcome in report.documents}


def write(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.txt").write_bytes(data)
    return folder


def test_a_page_and_a_workbook_become_figures_with_agency_year_and_kind(tmp_path: Path) -> None:
    report = ingest([PAGE, BOOK], tmp_path, jobs=1)
    assert [(outcome.status, outcome.agency, outcome.year, outcome.kind, outcome.format) for outcome in report.documents] == [
        ("ingested", "示例市图书馆", 2023, "budget", "html"), ("ingested", "示例市水务局", 2024, "budget", "xlsx")]
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.id == report.snapshot
        assert snapshot.rows("SELECT count(DISTINCT agency) FROM disclosed_figures") == [(2,)]


def test_what_is_in_the_store_is_not_read_again_under_whatever_name_it_comes(tmp_path: Path) -> None:
    first = ingest([PAGE], tmp_path / "store", jobs=1)
    copy = tmp_path / "W0202403015832.pdf"
    copy.write_bytes(PAGE.read_bytes())
    second = ingest([PAGE, copy], tmp_path / "store", jobs=1)
    assert [outcome.status for outcome in second.documents] == ["unchanged", "unchanged"]
    assert len(lake.documents(tmp_path / "store")) == 1
    one, other = first.documents[0], second.documents[0]
    assert (one.document_id, one.tables, one.figures, one.passages, one.warnings) == (
        other.document_id, other.tables, other.figures, other.passages, other.warnings)
    again = ingest([PAGE, copy], tmp_path / "store", jobs=1)
    assert again.snapshot == second.snapshot


def test_copies_in_one_batch_are_read_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a="示例市教育局".encode(), bb="示例市教育局".encode())
    report = ingest([folder], tmp_path / "store", read=misbehaving)
    assert sorted(outcome.status for outcome in report.documents) == ["ingested", "unchanged"]
    assert len({outcome.document_id for outcome in report.documents}) == 1
    with open_snapshot(tmp_path / "store") as snapshot:
        assert snapshot.rows("SELECT file FROM documents") == [(str(folder / "a.txt"),)]


def test_files_that_hang_die_or_eat_memory_cost_only_themselves() -> None:
    names = ("hang", "die", "eat", "recurse", "raise")
    jobs = [Job(name, name.encode()) for name in names] + [Job(f"good {at}", f"示例市第{at}局".encode()) for at in range(6)]
    results = {done.job.name: done.result for done in read_all(jobs, 2, read=misbehaving, seconds=5)}
    assert len(results) == len(jobs)
    errors = {name: type(result) for name, result in results.items() if isinstance(result, MingzhangError)}
    assert errors == {"hang": TookTooLong, "die": DamagedFile, "eat": TooLarge, "recurse": DamagedFile, "raise": DamagedFile}


def test_a_bad_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", bad=b"raise", good="示例市教育局".encode())
    report = ingest([folder, tmp_path / "nowhere.pdf"], tmp_path / "store", jobs=1, read=misbehaving)
    assert statuses(report) == {"bad.txt": "failed", "good.txt": "ingested", "nowhere.pdf": "failed"}
    failed = {Path(outcome.file).name: outcome.error for outcome in report.failed}
    assert isinstance(failed["nowhere.pdf"], FileMissing)
    assert isinstance(failed["bad.txt"], DamagedFile)
    assert failed["bad.txt"].where["file"] == str(folder / "bad.txt")


def test_the_order_of_ingestion_changes_nothing(tmp_path: Path) -> None:
    agencies = [f"示例市第{at}局" for at in range(5)]
    folder = write(tmp_path / "in", **{f"file{at}": agency.encode() for at, agency in enumerate(agencies)})
    files = sorted(folder.iterdir())
    ingest([folder], tmp_path / "once", read=misbehaving)
    for file in reversed(files):
        ingest([file], tmp_path / "pieces", read=misbehaving, jobs=1)
    contents = []
    for name in ("once", "pieces"):
        with open_snapshot(tmp_path / name) as snapshot:
            kept = [snapshot.rows(f"SELECT * EXCLUDE (ordinal) FROM {table}") for table in ("documents", "figures", "passages")]
            contents.append([sorted(rows, key=repr) for rows in kept])
    assert contents[0] == contents[1]


def test_progress_counts_files_and_tells_the_time_left(tmp_path: Path) -> None:
    seen: list[Progress] = []
    folder = write(tmp_path / "in", a=b"raise", b="局甲".encode(), c="局乙".encode())
    ingest([folder], tmp_path / "store", progress=seen.append, read=misbehaving)
    assert [each.done for each in seen] == [1, 2, 3]
    assert {each.total for each in seen} == {3}
    assert seen[-1].failed == 1
    assert seen[-1].seconds_left == 0
    assert seen[0].files_a_minute > 0


def test_a_folder_is_walked_without_its_junk_and_a_zip_is_looked_into(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("附表.txt", "表")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("2024/预算.txt", "预算")
        archive.writestr("__MACOSX/._预算.txt", "x")
        archive.writestr("more.zip", inner.getvalue())
    (tmp_path / "truth.json").write_text("{}")
    (tmp_path / ".hidden.pdf").write_bytes(b"x")
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "logo.png").write_bytes(b"x")
    (tmp_path / "page.html").write_text("<p>")
    found = {each.file.removeprefix(f"{tmp_path}/"): each.load() for each in gather([tmp_path])}
    assert found == {"all.zip/2024/预算.txt": "预算".encode(), "all.zip/more.zip/附表.txt": "表".encode(), "page.html": b"<p>"}


def test_names_in_a_zip_written_on_a_chinese_system_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # zipfile marks names as UTF-8; archivers of a Chinese system write GBK and no mark.
    monkeypatch.setattr(zipfile.ZipInfo, "_encodeFilenameFlags", lambda info: (info.filename.encode("gb18030"), info.flag_bits))
    with zipfile.ZipFile(tmp_path / "gbk.zip", "w") as archive:
        archive.writestr("部门预算.txt", "x")
    monkeypatch.undo()
    assert [(Path(each.file).name, each.load()) for each in gather([tmp_path / "gbk.zip"])] == [("部门预算.txt", b"x")]


@pytest.mark.parametrize("depth", [4, 30])
def test_archives_within_archives_end_at_a_limit(tmp_path: Path, depth: int) -> None:
    data = b"text"
    name = "a.txt"
    for level in range(depth):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, data)
        data, name = packed.getvalue(), f"{level}.zip"
    (tmp_path / "deep.zip").write_bytes(data)
    found = list(gather([tmp_path / "deep.zip"]))
    with pytest.raises(TooLarge):
        found[0].load()
