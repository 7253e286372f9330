"""The open store of this server, shared by all sessions and replaced when a new snapshot is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from threading import Thread

    from retrieval.ask import Asker
    from retrieval.asking import Answers
    from store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A store and its current snapshot."""

    store: Path
    snapshot: Snapshot

    @property
    def asker(self) -> Answers:
        """What answers questions from this snapshot; made at the first question."""
        return _asker(self.snapshot.id, self.snapshot)

    def warm_up(self, questions: list[str]) -> None:
        """Makes ready what the first answers need, beside the page, once per snapshot; `questions` are likely ones."""
        _warm(self.snapshot.id, self.snapshot, questions)


def opened() -> Opened:
    """The current snapshot of the store that this server was started with. Raises StoreMissing, StoreVersion."""
    from store.settings import settings
    from store.snapshot import current_snapshot

    store = settings().store
    return Opened(store, _open(store, current_snapshot(store)))


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(store: Path, snapshot_id: str) -> Snapshot:
    """Opened once per snapshot: the id is part of the key, so a newly published one is seen at the next question."""
    from store.snapshot import open_snapshot

    return open_snapshot(store, snapshot_id)


@st.cache_resource(max_entries=2, show_spinner=False)
def _rules(snapshot_id: str, _snapshot: Snapshot) -> Asker:
    from retrieval.ask import Asker

    return Asker.of(_snapshot)


@st.cache_resource(max_entries=2, show_spinner=False)
def _asker(snapshot_id: str, _snapshot: Snapshot) -> Answers:
    from retrieval.asking import asker_of

    return asker_of(_snapshot, rules=_rules(snapshot_id, _snapshot))


@st.cache_resource(max_entries=2, show_spinner=False)
def _warm(snapshot_id: str, _snapshot: Snapshot, _questions: list[str]) -> Thread:
    from retrieval.asking import warm_up

    return warm_up(_rules(snapshot_id, _snapshot), _questions)
