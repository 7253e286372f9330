"""Setting two figures against each other: only where they are about the same money.

Of one table first, else of one fund, else the most direct readings of each.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer import Value
from retrieval.figures import Reading
from retrieval.wording import shown


def paired(one: Sequence[Reading], two: Sequence[Reading]) -> tuple[Reading, Reading]:
    """The two readings that are about the same money: of one table, else of one fund, else the most direct ones."""
    for upper in one:
        for lower in two:
            if tables_of(upper) & tables_of(lower) and upper.fund == lower.fund:
                return upper, lower
    funds = {reading.fund for reading in one[:1]}
    for lower in two:
        if lower.fund in funds:
            return one[0], lower
    return one[0], two[0]


def tables_of(reading: Reading) -> set[str]:
    """The tables that print the reading."""
    return {cell.table_id for cell in (*reading.cells, *reading.twins)}


def listed(parts: Sequence[tuple[str, Value]]) -> str:
    """Named values in words, parted by commas."""
    return "，".join(f"{name}{shown(value)}" for name, value in parts)
