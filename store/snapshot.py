"""Compiling the lake into a snapshot, publishing it, and opening the current one for questions.

`<store>/snapshots/<id>/` holds `figures.duckdb`, `passages/` (text index) and `manifest.json`, and is never changed once
it is there. `<store>/current` names the one that questions read and is replaced by rename: an ingest that is killed, or
runs while questions are asked, changes nothing for them. A new snapshot begins as a copy of the last one.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import threading
import time
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store import durable, editions, lake
from store.errors import StoreBusy, StoreMissing, StoreVersion
from store.sql_blocks import sql_blocks

if TYPE_CHECKING:
    import duckdb

    from store.sheets import Sheet
    from store.text_index import PassageIndex

SCHEMA_VERSION = 5
"""Raised with any change to store/tables.sql, views.sql or the text index that older snapshots do not have."""

DATABASE, PASSAGES, MANIFEST, POINTER = "figures.duckdb", "passages", "manifest.json", "current"
MEMORY_LIMIT = "1GB"
THREADS = 2
SECONDS = 10.0
"""After which a query is interrupted."""

KEPT = 2
"""Snapshots that stay: the current one, and the one just replaced, which open readers may still be copying."""

BATCH = 500
"""Documents compiled at a time: bounds memory."""

Parameters = Sequence[object] | Mapping[str, object]
"""Of a query: by position or by name."""

_HERE = Path(__file__).parent


class QueryTooLong(TimeoutError):
    """A query that was interrupted because it ran longer than its limit."""


class Snapshot:
    """An open snapshot: read-only, closed to files and network, one cursor a thread."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        from store.text_index import PassageIndex

        self.id: str = folder.name
        self.folder = folder
        self.store = folder.parent.parent
        self.manifest: Mapping[str, Any] = _manifest(folder)
        self._connection = duckdb.connect(str(folder / DATABASE), read_only=True, config={
            "enable_external_access": False, "memory_limit": MEMORY_LIMIT, "temp_directory": "", "threads": THREADS,
            "lock_configuration": True})
        self._passages = PassageIndex(folder / PASSAGES)
        self._local = threading.local()

    @property
    def passages(self) -> PassageIndex:
        """The text index."""
        return self._passages

    def rows(self, sql: str, parameters: Parameters = (), *, seconds: float = SECONDS) -> list[tuple[Any, ...]]:
        """The result of one query. Raises QueryTooLong after `seconds`, duckdb.Error if the query is wrong."""
        return self.table(sql, parameters, seconds=seconds)[1]

    def table(self, sql: str, parameters: Parameters = (), *, seconds: float = SECONDS) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and rows of one query. Raises as `rows` does."""
        import duckdb

        cursor = self._cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            found = cursor.execute(sql, parameters or None)
            return [column[0] for column in found.description or []], found.fetchall()
        except duckdb.InterruptException as error:
            raise QueryTooLong(f"over {seconds} s") from error
        finally:
            timer.cancel()

    def sheet(self, ordinal: int) -> Sheet:
        """What the document with this ordinal prints; an empty sheet where nothing is kept of it. One value is read at once: no limit."""
        from store.sheets import Sheet

        found = self._cursor().execute("SELECT figures, statements, tables, headers FROM sheets WHERE ordinal = ?", [ordinal]).fetchone()
        return Sheet(*found) if found else Sheet()

    def batches(self, sql: str, size: int = 10_000) -> Generator[list[tuple[Any, ...]]]:
        """All rows of one query, `size` at a time and without a time limit: for exports."""
        cursor = self._connection.cursor()
        found = cursor.execute(sql)
        while rows := found.fetchmany(size):
            yield rows
        cursor.close()

    def search(
        self, words: Sequence[str], *, documents: Sequence[str] | None = None, topics: Sequence[str] | None = None, limit: int = 20,
    ) -> list[tuple[str, float]]:
        """Passage ids and scores, best first: see `PassageIndex.search`."""
        return self._passages.search(words, documents=documents, topics=topics, limit=limit)

    def close(self) -> None:
        """Lets go of the files."""
        self._connection.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        return cursor


def open_snapshot(store: Path, snapshot_id: str | None = None) -> Snapshot:
    """The current snapshot, or the one named. Raises StoreMissing, or StoreVersion if another version made it."""
    folder = store / "snapshots" / (snapshot_id or current_snapshot(store))
    if not (folder / MANIFEST).exists():
        raise StoreMissing(store=store)
    _check_version(store, _manifest(folder))
    return Snapshot(folder)


def current_snapshot(store: Path) -> str:
    """The id of the snapshot that questions read. Raises StoreMissing if nothing was ever published."""
    try:
        return (store / POINTER).read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise StoreMissing(store=store) from error


def publish(store: Path) -> str:
    """Makes the lake's content the current snapshot; gives its id, which is the old one if nothing is new.

    Raises StoreBusy if another process is publishing.
    """
    with _only_publisher(store):
        durable.recover(store / "snapshots")
        entries = {entry.document_id: entry.digest for entry in lake.entries(store)}
        last = _last_usable(store)
        had: dict[str, str] = dict(_manifest(last)["documents"]) if last else {}
        if last and had == entries:
            return last.name
        stale = [document_id for document_id, digest in had.items() if entries.get(document_id) != digest]
        new = [document_id for document_id, digest in entries.items() if had.get(document_id) != digest]
        if last and len(new) > len(had):
            last, stale, new = None, [], list(entries)       # mostly new: compiled in one order, it is faster to read
        snapshot_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f") + "-" + uuid.uuid4().hex[:6]
        with durable.new_folder(store / "snapshots" / snapshot_id) as folder:
            _compile(store, folder, last, stale, new)
            manifest = {**_versions(), "documents": entries, "made": datetime.now(UTC).isoformat(timespec="seconds")}
            (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        durable.write_file(store / POINTER, snapshot_id.encode())
        _prune(store, {snapshot_id, last.name if last else snapshot_id})
        return snapshot_id


def _compile(store: Path, folder: Path, last: Path | None, stale: Sequence[str], new: Sequence[str]) -> None:
    import duckdb

    from store import sheets, text_index

    if last:
        shutil.copyfile(last / DATABASE, folder / DATABASE)
        shutil.copytree(last / PASSAGES, folder / PASSAGES, ignore=shutil.ignore_patterns(".tantivy-*.lock"))
    statements = sql_blocks("compile.sql")
    with duckdb.connect(str(folder / DATABASE), config={"memory_limit": "4GB", "threads": THREADS}) as connection:
        if not last:
            connection.execute((_HERE / "tables.sql").read_text("utf-8"))
            connection.execute((_HERE / "views.sql").read_text("utf-8"))
        if stale:
            for name in [name for name in statements if name.startswith("forget ")]:
                connection.execute(statements[name], {"gone": list(stale)})
        connection.begin()             # a transaction a stage: a document taken out can be put in again in the next one
        _add_documents(connection, statements, store, new)
        connection.commit()
        ordered = [document_id for (document_id,) in connection.execute(statements["new in order"], {"new": list(new)}).fetchall()]
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start:start + BATCH]
            for name in lake.parquet_names():
                connection.execute(statements[f"add {name}"], {"files": lake.parquet_files(store, name, batch)})
            sheets.add(connection, batch)
        connection.begin()
        _place(connection, statements)
        connection.execute(statements["empty labels"])
        connection.execute(statements["add labels"])
        connection.commit()
        text_index.add(folder / PASSAGES, _entries(connection, statements, new), without=stale)


def _add_documents(connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str], store: Path, new: Sequence[str]) -> None:
    """The documents' own rows, and their agency: figures are laid down in its order."""
    columns = ("document_id", "file", "format", "agency", "affiliate_of", "region", "year", "kind", "scope", "title", "page_count", "size")
    for document_id in new:
        record = lake.record_of(store, document_id)
        connection.execute(statements["add document"], {name: record[name] for name in columns})
        connection.execute(statements["add files"], {"document_id": document_id, "files": record["files"]})
    _place(connection, statements)
    connection.execute(statements["order documents"])


def _place(connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str]) -> None:
    """Gives every document its agency, disclosure and rank; writes only what is new."""
    from store.agency_names import renames

    def contents(document_id: str) -> editions.Contents:
        tables, amounts = connection.execute(statements["contents"], {"document_id": document_id}).fetchall()[0]
        return editions.Contents(frozenset(tables or ()), frozenset(amounts or ()))

    rows = connection.execute(statements["known documents"]).fetchall()
    known = [editions.Known(*row[:8], placed=editions.Placed(*row[8:])) for row in rows]
    placed = editions.place(known, renames(connection), contents)
    for document in known:
        now = placed[document.document_id]
        if now != document.placed:
            connection.execute(statements["place document"], {
                "document_id": document.document_id, "agency_id": now.agency_id, "disclosure_id": now.disclosure_id,
                "edition_rank": now.edition_rank})


def _entries(connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str], new: Sequence[str]) -> Iterator[Any]:
    from store.text_index import Entry

    found = connection.cursor().execute(statements["passages to index"], {"new": list(new)})
    while rows := found.fetchmany(1000):
        for row in rows:
            yield Entry(*row)


def _versions() -> dict[str, object]:
    import duckdb

    return {"schema": SCHEMA_VERSION, "engine": duckdb.__version__}


def _manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def _check_version(store: Path, manifest: Mapping[str, Any]) -> None:
    found, own = {"schema": manifest.get("schema"), "engine": manifest.get("engine")}, _versions()
    if found != own:
        raise StoreVersion(store=store, found=f"{found['schema']}/{found['engine']}", expected=f"{own['schema']}/{own['engine']}")


def _last_usable(store: Path) -> Path | None:
    """The current snapshot, if this version made it: another version's is compiled anew from the lake."""
    try:
        folder = store / "snapshots" / current_snapshot(store)
        _check_version(store, _manifest(folder))
    except (StoreMissing, StoreVersion, FileNotFoundError):
        return None
    return folder


def _prune(store: Path, keep: set[str]) -> None:
    """Takes away all but the newest KEPT snapshots; never those in `keep`."""
    folders = sorted((path for path in (store / "snapshots").iterdir() if not path.name.startswith(".")), key=lambda path: path.name)
    for folder in folders[:-KEPT]:
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _only_publisher(store: Path, patience: float = 30.0) -> Generator[None]:
    """Holds the store's lock. The system lets go of it when a process dies."""
    (store / "snapshots").mkdir(parents=True, exist_ok=True)
    with (store / "publishing.lock").open("w") as handle:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise StoreBusy(store=store) from error
                time.sleep(0.1)
        yield
