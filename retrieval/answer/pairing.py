"""The figures that a computation is made of: found for each operand, and set against each other only where they are about
the same money (of one table first, else of one fund, else the most direct readings of each).
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.answer import Value
from retrieval.answer.wording import shown
from retrieval.figures.cells import Reading
from store.values import Fund


def paired(one: Sequence[Reading], two: Sequence[Reading]) -> tuple[Reading, Reading]:
    """The two readings that are about the same money: of one table, else of one fund, else the most direct ones."""
    for upper in one:
        for lower in two:
            if _columns(upper) & _columns(lower):
                return upper, lower
    funds = {reading.fund for reading in one[:1]}
    for lower in two:
        if lower.fund in funds:
            return one[0], lower
    return one[0], two[0]


def _columns(reading: Reading) -> set[tuple[str, Fund | None]]:
    """The tables that print the reading, with the fund of the column there: a twin may stand under another fund."""
    return {(cell.table_id, cell.fund) for cell in (*reading.cells, *reading.twins)}


def listed(parts: Sequence[tuple[str, Value]]) -> str:
    """Named values in words, parted by commas."""
    return "，".join(f"{name}{shown(value)}" for name, value in parts)


def added(parts: Sequence[tuple[str, Value]]) -> str:
    """The addends of a sum in words."""
    return " + ".join(f"{name}{shown(value)}" for name, value in parts)


def divided(parts: Sequence[tuple[str, Value]]) -> str:
    """The terms of a quotient in words."""
    return " ÷ ".join(f"{name}{shown(value)}" for name, value in parts)
