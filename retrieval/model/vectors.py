"""Passages near in meaning, beside those that hold the words: off unless an embedding model is named.

The vectors of a snapshot's passages are worked out once for each model, in a thread of their own, and kept in the store
under vectors/ (numpy, no pickle): a snapshot never changes, so they are never stale. Until they are there, and whenever the
endpoint fails, passages are found by words alone, and `failure` says why. Nobody waits longer than the model's time limit.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.model.embedding import LangChainEmbedder
from retrieval.model.endpoint import ModelFailed
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

if TYPE_CHECKING:
    from store.snapshot import Snapshot

BATCH = 16  # passages sent at a time
MOST_PASSAGES = 50_000  # of a snapshot: 80 MB with vectors of 400 numbers; a larger one is searched by words alone
BATCH_SECONDS = 60.0
FOLDER = "vectors"
_FAILURES = (ModelFailed, ExtraMissing, OSError, ValueError)
_PASSAGES = "SELECT passage_id, document_id, section, text FROM passages ORDER BY passage_id"


@dataclass(slots=True)
class PassageVectors:
    """The vectors of a snapshot's passages. Safe to use from several threads."""

    snapshot: Snapshot
    settings: ModelSettings
    embedder: LangChainEmbedder
    failure: str | None = None  # one word for why the last search was by words alone
    _ids: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # (passage, document)
    _matrix: Any = None  # float32, a row of length 1 for each passage
    _thread: threading.Thread | None = None

    @classmethod
    def of(cls, snapshot: Snapshot, settings: ModelSettings) -> PassageVectors:
        """The vectors of `snapshot`, being made ready in the background."""
        vectors = cls(snapshot, settings, LangChainEmbedder(settings))
        vectors._thread = threading.Thread(target=vectors.make_ready, name="vectors", daemon=True)
        vectors._thread.start()
        return vectors

    def near(self, words: str, documents: Sequence[str], limit: int, seconds: float | None = None) -> list[str]:
        """Passages of the documents by nearness of meaning; [] where that can't be told now, and `failure` says why.

        At the latest after `seconds`, or the model's time limit.
        """
        if self._matrix is None:
            self.failure = self.failure or "not_ready"
            return []
        try:
            limited = float(self.settings.seconds) if seconds is None else seconds
            nearness = self._matrix @ _unit(self.embedder.embed([words], limited))[0]
        except _FAILURES as error:
            self.failure = _word_for(error)
            return []
        self.failure = None
        among = frozenset(documents)
        order = (self._ids[place] for place in nearness.argsort()[::-1])
        return [passage for passage, document in order if document in among][:limit]

    def wait(self, seconds: float) -> bool:
        """Whether the vectors are there, after so many seconds at most."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._matrix is not None

    def make_ready(self) -> None:
        """Reads the vectors, or works them out and keeps them. `failure` says why there are none."""
        rows = self.snapshot.rows(_PASSAGES)
        if len(rows) > MOST_PASSAGES:
            self.failure = "too_many"
            return
        try:
            matrix = _read(self._file, len(rows))
            if matrix is None:
                texts = ["\n".join((*row[2], row[3])) for row in rows]  # under their headings
                parts = [self.embedder.embed(texts[at : at + BATCH], BATCH_SECONDS) for at in range(0, len(texts), BATCH)]
                matrix = _unit([vector for part in parts for vector in part])
                _keep(self._file, matrix)
        except _FAILURES as error:
            self.failure = _word_for(error)
            return
        self._ids = [(row[0], row[1]) for row in rows]
        self.failure, self._matrix = None, matrix

    @property
    def _file(self) -> Path:
        named = "\0".join((self.settings.provider, self.settings.url or "", self.settings.embeddings or ""))
        digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.snapshot.store / FOLDER / self.snapshot.id / f"{digest}.npy"


def _word_for(error: Exception) -> str:
    """One word for what went wrong."""
    return str(error) if isinstance(error, ModelFailed) else "missing" if isinstance(error, ExtraMissing) else "unreadable"


def _unit(vectors: Sequence[Sequence[float]]) -> Any:
    """The vectors as rows of length 1. Raises ValueError where they are not of one length."""
    import numpy as np

    matrix = np.asarray(vectors, dtype=np.float32).reshape(len(vectors), -1)
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)


def _read(file: Path, count: int) -> Any:
    """Kept vectors; None where there are none for so many passages."""
    import numpy as np

    try:
        matrix = np.load(file, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return matrix if matrix.ndim == 2 and len(matrix) == count and matrix.dtype == np.float32 else None


def _keep(file: Path, matrix: Any) -> None:
    """Writes the vectors beside and renames them into place; those of snapshots that are gone go."""
    import numpy as np

    snapshots = file.parent.parent.parent / "snapshots"
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in file.parent.parent.iterdir():
        if old.is_dir() and old != file.parent and not (snapshots / old.name).is_dir():
            shutil.rmtree(old, ignore_errors=True)
    partial = file.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as opened:
        np.save(opened, matrix, allow_pickle=False)
    partial.replace(file)
