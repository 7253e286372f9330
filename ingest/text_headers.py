"""The words of table headers, to put torn header cells together where a text has lost their lines.

Known cells are those of data/vocabulary/header_cells.csv and the item names of data/vocabulary/items.csv. An unknown
header is still read by its place; knowing the words only decides between places that are equally near.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.text_words import squeeze
from store.vocabulary import read_rows, vocabulary

_YEAR: Final = re.compile(r"(?:19|20)\d{2}年(?:度)?")
_BRACKETS: Final = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A leaf of a header: its text and the cells above it, outermost first."""

    text: str
    under: tuple[str, ...]


@cache
def _cells() -> frozenset[str]:
    return frozenset(plain_header(row["cell"]) for row in read_rows("header_cells.csv", ("cell", "under", "source"), key=("cell",)))


@cache
def _names() -> frozenset[str]:
    return _cells() | frozenset(plain_header(item.variant) for item in vocabulary().items)


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:length] for name in _names() for length in range(1, len(name)))


def parents_of(cell: str) -> tuple[str, ...]:
    """The header cells that a known cell may stand under; () where any or none is known."""
    return _parents().get(plain_header(cell), ())


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    rows = read_rows("header_cells.csv", ("cell", "under", "source"), key=("cell",))
    return {plain_header(row["cell"]): tuple(map(plain_header, row["under"].split("|"))) for row in rows if row["under"]}


def is_header_cell(text: str) -> bool:
    """Whether a text is a whole, known header cell (blanks, brackets' width and a year left aside)."""
    return plain_header(text) in _names()


def may_go_on(text: str) -> bool:
    """Whether a known header cell begins with this text and is longer."""
    return plain_header(text) in _beginnings()


def plain_header(text: str) -> str:
    """A header cell's text for comparing: no blanks, no year, brackets full-width."""
    return _YEAR.sub("", squeeze(text).translate(_BRACKETS))
