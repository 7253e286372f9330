"""The lake: one folder a document, written once, holding all that was read and the file it was read from.

`<store>/lake/<document_id>/` has a Parquet file for each of `store.columns.SCHEMAS`, the bytes as `source`, and
`document.json`: identity, reader version, paths it was ingested from, and the SHA-256 of each file beside it. A folder
appears by rename, whole or not at all. Nothing outside this module knows the layout.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store import durable
from store.values import Document

READER_VERSION = "6"
"""Raised when documents already read should be read again, because reading has become better."""

RECORD = "document.json"
SOURCE = "source"
IDENTITY = ("document_id", "file", "format", "size", "page_count", "agency", "affiliate_of", "region", "year", "kind", "title", "scope")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document's record: enough to know what is there without reading it."""

    document_id: str
    reader_version: str
    files: tuple[str, ...]         # every path it was ingested from; the first one names it
    digest: str                    # SHA-256 of document.json: changes when anything of the document does


@dataclass(frozen=True, slots=True)
class Broken:
    """A file of the lake whose bytes are not those that were written."""

    document_id: str
    name: str                      # of the file in the document's folder
    problem: str                   # "missing" or "changed"


@contextmanager
def writing(store: Path) -> Generator[None]:
    """Holds the lake for writing, together with any other writer; the first one cleans up after those that were killed."""
    (store / "lake").mkdir(parents=True, exist_ok=True)
    with (store / "ingesting.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass                       # another ingest is running: what is unfinished may be its own
        else:
            durable.recover(store / "lake")
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def write_document(store: Path, document: Document, data: bytes) -> Entry:
    """Keeps a document and its source bytes; a document of the same bytes is replaced, keeping the paths known for it.

    Raises ValueError where a number has more digits than the store keeps.
    """
    from pyarrow import parquet

    from store.columns import to_columns

    columns = to_columns(document)
    known = entry(store, document.document_id)
    files = _in_order({document.file, *(known.files if known else ())})
    with durable.new_folder(_folder(store, document.document_id)) as folder:
        for name, table in columns.items():
            parquet.write_table(table, folder / f"{name}.parquet", compression="zstd", write_statistics=False)
        (folder / SOURCE).write_bytes(data)
        record = {name: getattr(document, name) for name in IDENTITY} | {
            "file": files[0],
            "page_sizes": document.page_sizes,
            "files": files,
            "counts": {
                "tables": len(document.tables), "figures": columns["figures"].num_rows, "passages": len(document.passages),
                "unread": len(document.unread)},
            "warnings": [(warned.code, dict(warned.where)) for warned in document.warnings],
            "reader_version": READER_VERSION,
            "hashes": {path.name: _hash(path.read_bytes()) for path in sorted(folder.iterdir())},
        }
        text = _record_bytes(record)
        (folder / RECORD).write_bytes(text)
    return Entry(document.document_id, READER_VERSION, tuple(files), _hash(text))


def note_copy(store: Path, document_id: str, file: str) -> bool:
    """Adds a path under which the same bytes were met; False if it was known. Raises KeyError without the document."""
    record = _record(store, document_id)
    if file in record["files"]:
        return False
    record["files"] = _in_order({*record["files"], file})
    record["file"] = record["files"][0]
    durable.write_file(_folder(store, document_id) / RECORD, _record_bytes(record))
    return True


def entry(store: Path, document_id: str) -> Entry | None:
    """The record of one document; None if it is not in the lake."""
    try:
        text = (_folder(store, document_id) / RECORD).read_bytes()
    except FileNotFoundError:
        return None
    record = json.loads(text)
    return Entry(document_id, record["reader_version"], tuple(record["files"]), _hash(text))


def entries(store: Path) -> Iterator[Entry]:
    """The record of every document, in the order of their ids."""
    for document_id in documents(store):
        found = entry(store, document_id)
        if found is not None:
            yield found


def documents(store: Path) -> list[str]:
    """The ids of all documents in the lake, sorted."""
    lake = store / "lake"
    return sorted(path.name for path in lake.iterdir() if not path.name.startswith(".")) if lake.is_dir() else []


def read_document(store: Path, document_id: str) -> Document:
    """A document as it was written. Raises KeyError if it is not in the lake."""
    from pyarrow import parquet

    from store import columns

    record = _record(store, document_id)
    folder = _folder(store, document_id)
    read = {name: parquet.read_table(folder / f"{name}.parquet") for name in columns.SCHEMAS}
    return Document(
        **{name: record[name] for name in IDENTITY},
        tables=columns.tables_of(read), passages=columns.passages_of(read), statements=columns.statements_of(read),
        warnings=columns.warnings_of(read), unread=columns.unread_of(read),
        page_sizes=tuple((width, height) for width, height in record["page_sizes"]))


def record_of(store: Path, document_id: str) -> dict[str, Any]:
    """The identity fields of a document with `files`, `counts` and `warnings`. Raises KeyError if it is not in the lake."""
    return _record(store, document_id)


def source_bytes(store: Path, document_id: str) -> bytes:
    """The file as it was ingested. Raises KeyError if it is not in the lake."""
    try:
        return (_folder(store, document_id) / SOURCE).read_bytes()
    except FileNotFoundError as error:
        raise KeyError(document_id) from error


def parquet_names() -> list[str]:
    """The kinds of Parquet files that a document has."""
    from store.columns import SCHEMAS

    return list(SCHEMAS)


def parquet_files(store: Path, name: str, document_ids: list[str]) -> list[str]:
    """The paths of one kind of Parquet file (a key of SCHEMAS) for the documents given."""
    return [str(_folder(store, document_id) / f"{name}.parquet") for document_id in document_ids]


def forget(store: Path, document_id: str) -> None:
    """Takes a document out of the lake; the next publish takes it out of the answers."""
    import shutil

    shutil.rmtree(_folder(store, document_id), ignore_errors=True)


def verify(store: Path) -> Iterator[Broken]:
    """Reads every byte of the lake again and names each file that is not what was written."""
    for document_id in documents(store):
        folder = _folder(store, document_id)
        try:
            record = _record(store, document_id)
        except (KeyError, ValueError):
            yield Broken(document_id, RECORD, "missing" if not (folder / RECORD).exists() else "changed")
            continue
        for name, expected in record["hashes"].items():
            path = folder / name
            if not path.exists():
                yield Broken(document_id, name, "missing")
            elif _hash(path.read_bytes()) != expected:
                yield Broken(document_id, name, "changed")


def _in_order(files: set[str]) -> list[str]:
    """Shortest path first: copies have the longer names. Never the order of ingestion."""
    return sorted(files, key=lambda file: (len(file), file))


def _folder(store: Path, document_id: str) -> Path:
    return store / "lake" / document_id


def _record(store: Path, document_id: str) -> dict[str, Any]:
    try:
        return json.loads((_folder(store, document_id) / RECORD).read_bytes())
    except FileNotFoundError as error:
        raise KeyError(document_id) from error


def _record_bytes(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1).encode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
