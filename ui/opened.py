"""The open store of this server, shared by all sessions and replaced when a new snapshot is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from retrieval.ask import Asker
    from store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot and the asker over it."""

    store: Path
    snapshot: Snapshot
    asker: Asker


def opened() -> Opened:
    """The current snapshot of the store that this server was started with. Raises StoreMissing, StoreVersion."""
    from store.settings import settings
    from store.snapshot import current_snapshot

    store = settings().store
    return _open(store, current_snapshot(store))


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(store: Path, snapshot_id: str) -> Opened:
    """Opened once per snapshot: the id is part of the key, so a newly published one is seen at the next question."""
    from retrieval.ask import Asker
    from store.snapshot import open_snapshot

    snapshot = open_snapshot(store)
    return Opened(store, snapshot, Asker(snapshot))
