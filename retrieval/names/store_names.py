"""What a store names: whom (agencies, units) and, for the agencies of a question, what their disclosures print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from retrieval.figures.agencies import Directory
from retrieval.figures.cells import Shelf
from retrieval.figures.kept import Kept
from retrieval.figures.query import Rows
from retrieval.names.labels import Labels
from retrieval.words.folding import bare

if TYPE_CHECKING:
    from retrieval.names.whom import Whom

_HOLDING = """
SELECT agency_id, count(*) FROM (
    SELECT d.agency_id FROM (SELECT unnest(?::VARCHAR[]) AS disclosure_id) JOIN documents d USING (disclosure_id)
    JOIN passages p ON p.ordinal = d.ordinal WHERE contains(p.text, ?)
    UNION ALL
    SELECT d.agency_id FROM (SELECT unnest(?::VARCHAR[]) AS disclosure_id) JOIN documents d USING (disclosure_id)
    JOIN figures f ON f.ordinal = d.ordinal WHERE contains(array_to_string(f.row_path, ' '), ?)
) GROUP BY 1
"""
MOST_SEARCHED = 120  # agencies whose texts are searched for a word
LATEST = 2  # disclosures of an agency whose labels are read


@dataclass
class StoreNames:
    """The names of one open snapshot."""

    snapshot: Rows
    directory: Directory
    shelf: Shelf
    whom: Whom
    _labels: Kept[str, Labels] = field(default_factory=Kept[str, Labels])
    _holding: Kept[tuple[str, tuple[str, ...]], dict[str, int]] = field(default_factory=Kept[tuple[str, tuple[str, ...]], dict[str, int]])

    def disclosures(self, agency_id: str) -> list[str]:
        """The ids of an agency's latest disclosures."""
        own = sorted(self.directory[agency_id].disclosures, key=lambda one: (-(one.year or 0), one.kind or "", one.disclosure_id))
        return list(dict.fromkeys(one.disclosure_id for one in own))

    def labels(self, agency_id: str) -> list[Labels]:
        """What an agency's latest disclosures print."""

        def read(disclosure_id: str) -> Labels:
            return Labels.of(self.shelf.cells(disclosure_id), self.shelf.stated(disclosure_id), self.directory[agency_id].name)

        return [self._labels.of(one, partial(read, one)) for one in self.disclosures(agency_id)[:LATEST]]

    def holding(self, word: str, agencies: Iterable[str]) -> dict[str, int]:
        """How often each of these agencies' latest disclosures print a word, in prose or as a row."""
        asked = tuple(dict.fromkeys(agencies))[:MOST_SEARCHED]

        def search() -> dict[str, int]:
            latest = [one for agency_id in asked for one in self.disclosures(agency_id)[:LATEST]]
            return dict(self.snapshot.rows(_HOLDING, (latest, word, latest, word))) if latest else {}

        return self._holding.of((word, asked), search)

    def tables(self, agency_id: str) -> tuple[str, ...]:
        """The bare titles of an agency's latest disclosures' tables."""
        latest = self.disclosures(agency_id)[:LATEST]
        return tuple(dict.fromkeys(bare(table.title) for one in latest for table in self.shelf.printed(one).tables if table.title))
