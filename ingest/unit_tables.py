"""A form printed once for every budget unit (a sheet a unit): whose each of the tables is.

Takes the pieces of a file with their captions; gives the units whose tables stand apart. Their rows are put under the
unit's name, as those of a table that prints the units as rows are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.identity import official_name
from ingest.pieces import Piece
from store.values import Table
from store.vocabulary import plain_label


def units_of(pieces: Sequence[Piece], agency: str | None) -> tuple[str | None, ...]:
    """For each piece the unit whose table it is; None for the agency's own, and where no form is printed for several."""
    named = [_unit(piece, agency) for piece in pieces]
    units: dict[str, set[str | None]] = defaultdict(set)
    for piece, unit in zip(pieces, named, strict=True):
        if piece.caption.agency and piece.caption.title:
            units[piece.caption.title].add(unit)
    apart = {unit for several in units.values() if len(several) > 1 for unit in several}
    return tuple(unit if unit in apart else None for unit in named)


def under_unit(table: Table, unit: str | None) -> Table:
    """The table with its rows under the unit's name."""
    if unit is None:
        return table
    return replace(table, figures=tuple(replace(figure, row_path=(unit, *figure.row_path)) for figure in table.figures))


def _unit(piece: Piece, agency: str | None) -> str | None:
    printed = plain_label(piece.caption.agency or "")
    return printed if official_name(printed) and printed != agency else None
