"""What the tables of a text that could be read say about those that could not yet: the same codes and names with amounts.

Takes the grids read so far, gives amounts by code (one column of figures a table) and by name. A table whose rows lost
their columns is then settled by them (ingest/text_sparse.py, ingest/text_sides.py): the expenditure of a code in one
table is the total of its row in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_words import AMOUNT, is_total_word, squeeze
from store.money import read_number
from store.vocabulary import vocabulary

_CODE_PART: Final = re.compile(r"\d{2,3}|\d{5}|\d{7}")
_LETTER: Final = re.compile(r"[\u4e00-\u9fff]")
_UNITS: Final = ("万元", "元")

Vector = Mapping[str, Decimal]
"""Code → the row's first amount; "" → that of the total row."""


@dataclass(slots=True)
class Twins:
    """Amounts of a document's settled tables, and its whole text without blanks."""

    document: str
    vectors: list[Vector] = field(default_factory=list[Vector])
    names: dict[str, set[Decimal]] = field(default_factory=dict[str, set[Decimal]])
    labels: dict[str, str] = field(default_factory=dict[str, str])
    """Code → its label as printed."""

    wholes: dict[tuple[str, ...], dict[int, Decimal]] = field(default_factory=dict[tuple[str, ...], dict[int, Decimal]])
    """The settled total row of a table by its header, for the pages on which it goes on."""

    def amounts_of(self, name: str) -> set[Decimal]:
        """The amounts that settled tables print for a name: 一、 before it, brackets and variants left aside."""
        return self.names.get(vocabulary().canonical_item(squeeze(name)), set())

    def says(self, name: str, figure: str) -> bool:
        """Whether the prose prints an amount with its unit right behind a name, which it may write without its brackets."""
        texts = {name, re.sub("[（）]", "", name)}
        return len(name) > 2 and any(text + figure + unit in self.document for text in texts for unit in _UNITS)


def twins_of(grids: Iterable[Grid], document: str) -> Twins:
    """What settled grids say; cells in doubt say nothing."""
    twins = Twins(document)
    for grid in grids:
        vector: dict[str, Decimal] = {}
        for _, row in groupby(sorted(grid.cells, key=lambda cell: (cell.row, cell.column)), key=lambda cell: cell.row):
            _learn(row, vector, twins)
        if len(vector) > 1:
            _add(twins.vectors, vector)
    return twins


def _add(vectors: list[Vector], vector: Mapping[str, Decimal]) -> None:
    """Keeps a table's column; the pages of one table, which share no code, are kept both alone and with the page before."""
    last = vectors[-1] if vectors else None
    vectors.append(vector)
    if last is not None and "" in last and "" not in vector and not last.keys() & vector.keys():
        vectors[-1] = {**last, **vector}


def _learn(row: Iterable[GridCell], vector: dict[str, Decimal], twins: Twins) -> None:
    code, label, fresh = "", "", False
    for cell in row:
        text = squeeze(cell.text)
        if _LETTER.search(text):
            label, fresh = text, True
        elif not label and _CODE_PART.fullmatch(text):
            code += text
        elif fresh and cell.doubt is None and AMOUNT.fullmatch(text):
            amount = read_number(text)
            fresh = False
            if amount is None:
                continue
            twins.names.setdefault(vocabulary().canonical_item(label), set()).add(amount)
            if code or is_total_word(label):
                vector.setdefault(code, amount)
                twins.labels.setdefault(code, label)
