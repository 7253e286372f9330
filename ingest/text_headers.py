"""The words of table headers, to put torn header cells together where a text has lost their lines.

Known cells are those of data/vocabulary/header_cells.csv and the item names of data/vocabulary/items.csv. An unknown
header is still read by its place; knowing the words only decides between places that are equally near.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ingest.text_words import squeeze
from store.vocabulary import read_rows, vocabulary

_YEAR: Final = re.compile(r"(?:19|20)\d{2}年(?:度)?")
_BRACKETS: Final = str.maketrans("()", "（）")


@cache
def _cells() -> frozenset[str]:
    return frozenset(_plain(row["cell"]) for row in read_rows("header_cells.csv", ("cell", "under", "source"), key=("cell",)))


@cache
def _names() -> frozenset[str]:
    return _cells() | frozenset(_plain(item.variant) for item in vocabulary().items)


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:length] for name in _names() for length in range(1, len(name)))


def parents_of(cell: str) -> tuple[str, ...]:
    """The header cells that a known cell may stand under; () where any or none is known."""
    return _parents().get(_plain(cell), ())


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    rows = read_rows("header_cells.csv", ("cell", "under", "source"), key=("cell",))
    return {_plain(row["cell"]): tuple(map(_plain, row["under"].split("|"))) for row in rows if row["under"]}


def is_header_cell(text: str) -> bool:
    """Whether a text is a whole, known header cell (blanks, brackets' width and a year left aside)."""
    return _plain(text) in _names()


def may_go_on(text: str) -> bool:
    """Whether a known header cell begins with this text and is longer."""
    return _plain(text) in _beginnings()


def _plain(text: str) -> str:
    return _YEAR.sub("", squeeze(text).translate(_BRACKETS))
