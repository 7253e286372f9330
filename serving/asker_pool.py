"""An asker that answers in this process, and in others beside it while this one is busy.

The rules are Python, of which a process runs one thread at a time: threads alone leave the other cores idle. A question that
comes alone is answered here, at no extra cost; the processes beside start when questions first meet.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from store.snapshot import open_snapshot


class AskerPool:
    """Answers questions about one snapshot on all cores. Safe to use from several threads."""

    def __init__(self, rules: Asker, store: Path, cores: int | None = None) -> None:
        """`rules` answers here; `cores` is how many questions are answered at the same time (all cores if not given)."""
        self._rules = rules
        self._store = store
        self._beside = (cores or os.cpu_count() or 1) - 1
        self._here = threading.Lock()
        self._starting = threading.Lock()
        self._processes: ProcessPoolExecutor | None = None

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer of the rules, wherever it is made."""
        if self._beside and not self._here.acquire(blocking=False):
            try:
                return self._started().submit(_ask, question, tuple(dialog)).result()
            except BrokenExecutor:     # a process was killed: answered here, and another is started for the next question
                self._processes = None
                self._here.acquire()
        elif not self._beside:
            self._here.acquire()
        try:
            return self._rules.ask(question, dialog)
        finally:
            self._here.release()

    def close(self) -> None:
        """Ends the processes beside once they have answered what they were asked."""
        if self._processes is not None:
            self._processes.shutdown(wait=False)

    def _started(self) -> ProcessPoolExecutor:
        with self._starting:
            if self._processes is None:
                self._processes = ProcessPoolExecutor(
                    self._beside, get_context("spawn"), initializer=_open, initargs=(self._store, self._rules.snapshot.id))
            return self._processes


_OPENED: list[Asker] = []
"""In a process beside: its asker."""


def _open(store: Path, snapshot_id: str) -> None:
    _OPENED.append(Asker.of(open_snapshot(store, snapshot_id)))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(0)


def _ask(question: str, dialog: Sequence[str]) -> Answer:
    return _OPENED[0].ask(question, dialog)
