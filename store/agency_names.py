"""Agencies that changed their name, so that their years can be compared.

Two names are one agency only on evidence (docs/editions.md): a document says so (原…, 更名为…), or the names agree but for
words put in or left out, both are of one region, the former one's years end before the present one's begin, and what the
present one says of last year is what the former one printed. Likeness of names alone is no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING, Any

from store.editions import normal_name
from store.sql_blocks import sql_blocks
from store.vocabulary import read_rows

if TYPE_CHECKING:
    import duckdb

NEAR = Decimal(150)
"""元: amounts in prose are printed in 万元 with two places, so that a sum of two is off by at most 100."""

TELLING = Decimal(1_000_000)
"""元: smaller amounts agree by chance too easily (NEAR is one in 7,000 of it)."""

SENTENCE = re.compile(r"[。；\n]")
SHORTEST = 5
"""Characters of a name that is looked for in prose: shorter ones stand inside others."""


@dataclass(frozen=True, slots=True)
class _Agency:
    name: str                          # as printed
    region: str | None
    published: frozenset[tuple[int, str]]   # (year, kind)

    @property
    def years(self) -> list[int]:
        return sorted(year for year, _ in self.published)


def renames(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Former → present normalised name, as the documents in the snapshot prove."""
    statements = sql_blocks("agency_names.sql")
    agencies = [
        _Agency(name, region, frozenset((each["year"], each["kind"]) for each in published))
        for name, region, published in connection.execute(statements["agencies"]).fetchall()]
    found = dict(_said(connection, statements, agencies))
    for former, present in _candidates(agencies):
        key = normal_name(former.name)
        if key not in found and _continues(connection, statements, former, present):
            found[key] = normal_name(present.name)
    return found


def _said(connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str], agencies: list[_Agency]) -> Iterator[tuple[str, str]]:
    """Pairs of which a document of the present one says, in one sentence, that it was the former one."""
    words = [row["word"] for row in read_rows("rename_words.csv", ("word", "source"))]
    by_name = {agency.name: agency for agency in agencies}
    for name, text in connection.execute(statements["said"], {"words": words}).fetchall():
        present = by_name.get(name)
        for sentence in SENTENCE.split(text):
            if present is None or not any(word in sentence for word in words):
                continue
            for former in agencies:
                if len(former.name) >= SHORTEST and former.name in sentence.replace(present.name, "") and _precedes(former, present):
                    yield normal_name(former.name), normal_name(present.name)


def _candidates(agencies: list[_Agency]) -> Iterator[tuple[_Agency, _Agency]]:
    """(former, present) of one region whose names agree but for words put in or left out."""
    regions: dict[str, list[_Agency]] = {}
    for agency in agencies:
        if agency.region:
            regions.setdefault(agency.region, []).append(agency)
    for neighbours in regions.values():
        for former, present in permutations(neighbours, 2):
            if _precedes(former, present) and former.name[-2:] == present.name[-2:] and _is_longer_form(former.name, present.name):
                yield former, present


def _precedes(former: _Agency, present: _Agency) -> bool:
    """Whether the years of one end before those of the other begin."""
    return former.name != present.name and former.years[-1] < present.years[0]


def _is_longer_form(one: str, other: str) -> bool:
    """Whether one name is the other with characters put in, all others in order."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return len(short) >= SHORTEST and all(letter in letters for letter in short)


def _continues(
    connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str], former: _Agency, present: _Agency,
) -> bool:
    """Whether the present one's figures of last year are those that the former one printed."""
    if former.years[-1] + 1 != present.years[0]:
        return False
    printed: dict[Any, list[Decimal]] = {}
    for *key, amount in connection.execute(statements["printed"], {"former": former.name}).fetchall():
        printed.setdefault(tuple(key), []).append(amount)
    return any(
        amount >= TELLING and any(abs(amount - other) <= NEAR for other in printed.get(tuple(key), ()))
        for *key, amount in connection.execute(statements["last year's"], {"present": present.name}).fetchall())
