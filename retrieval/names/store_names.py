"""What a store names: whom (agencies, units) and, for the agencies of a question, what their disclosures print."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from retrieval.figures.cells import Shelf
from retrieval.figures.query import Rows, equals, run, select
from retrieval.names.agencies import Directory
from retrieval.names.labels import Labels
from retrieval.names.whom import Whom
from retrieval.words.folding import bare

_HOLDING = """
SELECT agency_id, count(*) FROM (
    SELECT d.agency_id FROM (SELECT unnest(?::VARCHAR[]) AS disclosure_id) JOIN documents d USING (disclosure_id)
    JOIN passages p ON p.ordinal = d.ordinal WHERE contains(p.text, ?)
    UNION ALL
    SELECT d.agency_id FROM (SELECT unnest(?::VARCHAR[]) AS disclosure_id) JOIN documents d USING (disclosure_id)
    JOIN figures f ON f.ordinal = d.ordinal WHERE contains(array_to_string(f.row_path, ' '), ?)
) GROUP BY 1
"""
KEPT = 64  # disclosures whose labels stay in memory
MOST_SEARCHED = 120  # agencies whose texts are searched for a word
LATEST = 2  # disclosures of an agency whose labels are read


@dataclass
class StoreNames:
    """The names of one open snapshot."""

    snapshot: Rows
    directory: Directory
    shelf: Shelf
    whom: Whom
    _labels: OrderedDict[str, Labels] = field(default_factory=OrderedDict[str, Labels])
    _holding: OrderedDict[tuple[str, tuple[str, ...]], dict[str, int]] = field(
        default_factory=OrderedDict[tuple[str, tuple[str, ...]], dict[str, int]]
    )
    _tables: OrderedDict[str, tuple[str, ...]] = field(default_factory=OrderedDict[str, tuple[str, ...]])

    def disclosures(self, agency_id: str) -> list[str]:
        """The ids of an agency's latest disclosures."""
        own = sorted(self.directory[agency_id].disclosures, key=lambda one: (-(one.year or 0), one.kind or "", one.disclosure_id))
        return list(dict.fromkeys(one.disclosure_id for one in own))

    def labels(self, agency_id: str) -> list[Labels]:
        """What an agency's latest disclosures print."""
        out: list[Labels] = []
        for disclosure_id in self.disclosures(agency_id)[:LATEST]:
            kept = self._labels.get(disclosure_id)
            if kept is None:
                cells = self.shelf.cells(disclosure_id)
                kept = Labels.of(cells, self.shelf.stated(disclosure_id), self.directory[agency_id].name)
                self._labels[disclosure_id] = kept
                while len(self._labels) > KEPT:
                    self._labels.popitem(last=False)
            out.append(kept)
        return out

    def holding(self, word: str, agencies: Iterable[str]) -> dict[str, int]:
        """How often each of these agencies' latest disclosures print a word, in prose or as a row."""
        asked = tuple(dict.fromkeys(agencies))[:MOST_SEARCHED]
        if (word, asked) not in self._holding:
            latest = [one for agency_id in asked for one in self.disclosures(agency_id)[:LATEST]]
            found = self.snapshot.rows(_HOLDING, (latest, word, latest, word)) if latest else []
            self._holding[word, asked] = dict(found)
            while len(self._holding) > KEPT:
                self._holding.popitem(last=False)
        return self._holding[word, asked]

    def tables(self, agency_id: str) -> tuple[str, ...]:
        """The bare titles of an agency's latest disclosures' tables."""
        if agency_id not in self._tables:
            titles: list[str] = []
            for disclosure_id in self.disclosures(agency_id)[:LATEST]:
                tree = select("published_tables", ("table_title",), equals("disclosure_id", disclosure_id), equals("edition_rank", 1))
                titles += [bare(row[0]) for row in run(self.snapshot, tree)[1] if row[0]]
            self._tables[agency_id] = tuple(dict.fromkeys(titles))
            while len(self._tables) > KEPT:
                self._tables.popitem(last=False)
        return self._tables[agency_id]
