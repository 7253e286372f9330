"""Files to lake to snapshot: the whole of an ingest, with a value for what became of each file.

Files are read in limited child processes (`ingest/workers.py`); this process writes each document to the lake as it comes and
publishes once at the end, so that stopping an ingest at any moment keeps what was finished and changes no answer. Bytes that
are in the lake already, read by this version, are not read again, under whatever name they come.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Literal

from ingest.gather import Found, gather
from ingest.progress import Progress
from ingest.reading import read_file
from ingest.regions import region_of
from ingest.workers import Done, Job, Read, read_all
from store import lake
from store.errors import DamagedFile, MingzhangError
from store.snapshot import publish
from store.values import Document, Warned

Status = Literal["ingested", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    status: Status
    seconds: float
    document_id: str | None = None
    agency: str | None = None
    year: int | None = None
    kind: str | None = None
    format: str | None = None
    pages: int | None = None
    tables: int = 0
    figures: int = 0
    passages: int = 0
    warnings: tuple[Warned, ...] = ()
    error: MingzhangError | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of every file, in the order in which they were found, and the snapshot that now answers."""

    documents: tuple[Outcome, ...]
    snapshot: str | None               # None if there is still nothing to publish

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The files that could not be taken in."""
        return tuple(outcome for outcome in self.documents if outcome.status == "failed")


@dataclass(slots=True)
class _Run:
    """The state of one ingest."""

    store: Path
    total: int
    report: Callable[[Progress], None]
    started: float
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reading: dict[str, list[str]] = field(default_factory=dict)    # document_id → the files in this run that hold its bytes
    unnamed: list[Done] = field(default_factory=list)              # read, but naming no agency: a file beside it may

    def finish(self, outcome: Outcome) -> None:
        self.outcomes[outcome.file] = outcome
        failed = sum(each.status == "failed" for each in self.outcomes.values())
        self.report(Progress(len(self.outcomes), self.total, failed, time.monotonic() - self.started, outcome.file))


def ingest(
    paths: Sequence[Path], store: Path, *, jobs: int | None = None, progress: Callable[[Progress], None] = lambda _: None,
    read: Read = read_file,
) -> IngestReport:
    """Takes files, folders and ZIPs into the store and publishes them. `jobs` processes read (default: one a processor).

    A file that cannot be read is an outcome, not an error. Raises StoreBusy if another process is writing.
    """
    found = list(gather(paths))
    run = _Run(store, len(found), progress, time.monotonic())
    with lake.writing(store):
        for done in read_all(_jobs(run, found), max(1, jobs or os.cpu_count() or 1), read=read):
            if isinstance(done.result, Document) and done.result.agency is None:
                run.unnamed.append(done)
            else:
                _keep(run, done)
        for done in run.unnamed:
            _keep(run, _named_by_neighbours(run, done))
        snapshot = publish(store) if lake.documents(store) else None
    return IngestReport(tuple(run.outcomes[each.file] for each in found), snapshot)


def _jobs(run: _Run, found: Iterable[Found]) -> Iterator[Job]:
    """The files that have to be read. The others are finished on the way: failed, known, or a copy of one being read."""
    for each in found:
        started = time.monotonic()
        try:
            data = each.load()
        except MingzhangError as error:
            run.finish(Outcome(each.file, "failed", time.monotonic() - started, error=error))
            continue
        document_id = hashlib.sha256(data).hexdigest()
        if document_id in run.reading:
            run.reading[document_id].append(each.file)
            continue
        entry = lake.entry(run.store, document_id)
        if entry is not None and entry.reader_version == lake.READER_VERSION:
            lake.note_copy(run.store, document_id, each.file)
            run.finish(_known(run.store, document_id, each.file, time.monotonic() - started))
        else:
            run.reading[document_id] = [each.file]
            yield Job(each.file, data)


def _keep(run: _Run, done: Done) -> None:
    """Writes a document that was read, and finishes all files of its bytes."""
    document_id = hashlib.sha256(done.job.data).hexdigest()
    files = run.reading.pop(document_id)
    result = done.result
    if isinstance(result, Document):
        try:
            lake.write_document(run.store, result, done.job.data)
        except ValueError as error:    # text or numbers that no store can hold
            result = DamagedFile(file=done.job.name, reason=type(error).__name__)
    for file in files:
        if isinstance(result, MingzhangError):
            named = type(result)(**{**result.where, "file": file})
            run.finish(Outcome(file, "failed", done.seconds, error=named))
        elif file == done.job.name:
            run.finish(_read(result, file, done.seconds))
        else:
            lake.note_copy(run.store, document_id, file)
            run.finish(_known(run.store, document_id, file, 0.0))


def _named_by_neighbours(run: _Run, done: Done) -> Done:
    """A file that names no agency, with that of its other half in the same folder: tables published apart from their narrative.

    Only if one of the two has the figures and the other has none, and year and kind are the same.
    """
    document = done.result
    if not isinstance(document, Document):
        return done
    filled = any(table.figures for table in document.tables)
    folder = PurePath(done.job.name).parent
    agencies = {
        other.agency for other in (*run.outcomes.values(), *_ingested_before(run.store, folder))
        if other.agency and PurePath(other.file).parent == folder and (other.figures > 0) != filled
        and (other.year, other.kind) == (document.year, document.kind)
    }
    if len(agencies) != 1:
        return done
    agency = agencies.pop()
    return replace(done, result=replace(document, agency=agency, region=document.region or region_of(agency)))


def _ingested_before(store: Path, folder: PurePath) -> Iterator[Outcome]:
    """The files of a folder that the lake holds already."""
    for document_id in lake.documents(store):
        for file in lake.record_of(store, document_id)["files"]:
            if PurePath(file).parent == folder:
                yield _known(store, document_id, file, 0.0)


def _read(document: Document, file: str, seconds: float) -> Outcome:
    return Outcome(
        file, "ingested", seconds, document.document_id, document.agency, document.year, document.kind, document.format,
        document.page_count, len(document.tables), sum(len(table.figures) for table in document.tables), len(document.passages),
        document.warnings)


def _known(store: Path, document_id: str, file: str, seconds: float) -> Outcome:
    record: dict[str, Any] = lake.record_of(store, document_id)
    counts: dict[str, int] = record["counts"]
    warnings = tuple(Warned(code, tuple(where.items())) for code, where in record["warnings"])
    return Outcome(
        file, "unchanged", seconds, document_id, record["agency"], record["year"], record["kind"], record["format"],
        record["page_count"], counts["tables"], counts["figures"], counts["passages"], warnings)
