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


_CODE_CELL: Final = re.compile(r"[类款项]|.*(?:编码|代码)")
_UNIT_CODE_CELL: Final = re.compile(r"(?:预算)?(?:单位|部门)(?:代码|编码)")
_LABEL_CELL: Final = re.compile(r"项目|.*科目|.*名称.*|.*分类|单位|部门")


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


def kind_of(text: str) -> str:
    """What a column with this header holds: "code", "unit" (codes of budget units), "label" or "figure"."""
    if _UNIT_CODE_CELL.fullmatch(text):
        return "unit"
    if _CODE_CELL.fullmatch(text):
        return "code"
    return "label" if _LABEL_CELL.fullmatch(text) else "figure"


def is_header_cell(text: str) -> bool:
    """Whether a text is a whole, known header cell (blanks, brackets' width and a year left aside)."""
    return plain_header(text) in _names()


def is_code_name(text: str) -> bool:
    """Whether a text is the published name of a classification code."""
    return squeeze(text) in vocabulary().codes_by_name


def may_go_on(text: str) -> bool:
    """Whether a known header cell begins with this text and is longer."""
    return plain_header(text) in _beginnings()


def plain_header(text: str) -> str:
    """A header cell's text for comparing: no blanks, no year, brackets full-width."""
    return _YEAR.sub("", squeeze(text).translate(_BRACKETS))
