"""Agencies that changed their name, so that their years can be compared.

Two names are one agency only where it is said: in data/vocabulary/agency_renames.csv, or in a document's own prose or notes
(原…局, …更名为…). Likeness of names is no evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def renames(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Former → present normalised name, as the documents in the snapshot say."""
    return {}
