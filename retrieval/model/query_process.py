"""A checked foreign query in a process of its own: bounded memory, time, files and output, and nothing of our environment.

DuckDB's own limits are not walls (repeat() and range() outrun them), so the kernel sets them here. The child opens the
database read-only, closed to files and network, and gives back rows as JSON. Run as `python -m retrieval.model.query_process`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

MEMORY = 2 * 1024**3  # bytes of address space: DuckDB maps more than it uses
ENGINE_MEMORY = "400MB"
MOST_OUTPUT = 2_000_000  # bytes
START = 5.0  # seconds that a busy machine may need to start Python and DuckDB


class QueryFailed(Exception):
    """The query did not end well: `str` tells why in the engine's words, for a repair."""


def run_limited(database: Path, sql: str, seconds: float, patience: float = 60.0) -> list[tuple[Any, ...]]:
    """The rows of a query that passed `retrieval.foreign_sql.read`: `seconds` for the engine, `patience` with its process's start.

    Raises QueryFailed.
    """
    job = json.dumps({"database": str(database), "sql": sql, "seconds": seconds})
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "retrieval.model.query_process"], input=job.encode(), capture_output=True, check=False,
            timeout=min(seconds + START, patience), env=environment, cwd=Path(__file__).resolve().parent.parent.parent)
    except subprocess.TimeoutExpired as error:
        raise QueryFailed("the query took too long") from error
    if done.returncode != 0 or len(done.stdout) > MOST_OUTPUT:
        raise QueryFailed(done.stderr.decode("utf-8", "replace").strip()[-300:] or "the query needed too much memory or time")
    found = json.loads(done.stdout)
    if "error" in found:
        raise QueryFailed(str(found["error"])[:300])
    return [tuple(row) for row in cast(list[list[Any]], found["rows"])]


def _limit(seconds: float) -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, int(seconds + START)), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY or most <= hard else (hard, hard))


def _main() -> None:
    import threading

    import duckdb

    job = json.load(sys.stdin)
    _limit(float(job["seconds"]))
    try:
        with duckdb.connect(job["database"], read_only=True, config={
                "enable_external_access": False, "memory_limit": ENGINE_MEMORY, "temp_directory": "", "threads": 1,
                "lock_configuration": True}) as connection:
            timer = threading.Timer(float(job["seconds"]), connection.interrupt)
            timer.daemon = True
            timer.start()
            rows = connection.execute(job["sql"]).fetchall()
            timer.cancel()
    except (duckdb.Error, MemoryError) as error:
        json.dump({"error": str(error)}, sys.stdout)
        return
    json.dump({"rows": rows}, sys.stdout, default=str)


if __name__ == "__main__":
    _main()
