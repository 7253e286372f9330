"""The open store of a server: the current snapshot and its asker, renewed when a new snapshot is published.

Whoever is answering from the old snapshot keeps it until the answer is there; nothing is closed under a reader.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from retrieval.ask import Asker
from retrieval.asking import Answers, asker_of
from serving.asker_pool import AskerPool
from store.snapshot import Snapshot, current_snapshot, open_snapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot of a store; what answers from it, with a model where one is configured; and the rules alone, which find."""

    store: Path
    snapshot: Snapshot
    asker: Asker
    answers: Answers


class OpenStore:
    """A store kept open. Safe to use from several threads."""

    def __init__(self, store: Path) -> None:
        """Raises StoreMissing, StoreVersion or BadSetting, so that a server without a store does not start."""
        self._store = store
        self._lock = threading.Lock()
        self._opened = self._open(current_snapshot(store))

    def now(self) -> Opened:
        """The current snapshot: the file that names it is read each time, which costs microseconds."""
        wanted = current_snapshot(self._store)
        with self._lock:
            if self._opened.snapshot.id != wanted:
                replaced, self._opened = self._opened, self._open(wanted)
                if isinstance(replaced.answers, AskerPool):
                    replaced.answers.close()
            return self._opened

    def _open(self, snapshot_id: str) -> Opened:
        snapshot = open_snapshot(self._store, snapshot_id)
        rules = Asker.of(snapshot)
        answers = asker_of(snapshot, rules=rules)
        return Opened(self._store, snapshot, rules, AskerPool(rules, self._store) if answers is rules else answers)
