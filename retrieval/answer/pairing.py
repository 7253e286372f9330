"""The figures that a computation is made of: found for each operand, and set against each other only where they are about
the same money (of one table first, else of one fund, else the most direct readings of each).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retrieval.answer.answer import Step, Value
from retrieval.answer.wording import KIND_NAMES, shown, value_of
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


def sums_of(readings: Iterable[Reading], unit: str | None = None) -> tuple[Step, ...]:
    """The readings that are made of several printed rows, each as a sum or a difference that can be followed."""
    added = [reading for reading in readings if len(reading.cells) > 1 or reading.minus]
    steps: list[Step] = []
    for reading in added:
        cells = (*reading.cells, *reading.minus)
        of_units = len({cell.row_label for cell in cells}) == 1 and all(len(cell.row_path) > 1 for cell in cells)  # told apart by whose
        names = [cell.row_path[-2] if of_units else cell.row_label or cell.item for cell in cells]
        parts = tuple((name, value_of(Reading((cell,)), unit)) for name, cell in zip(names, cells, strict=True))
        first = reading.first
        whose = f"{first.agency}{first.year}年{KIND_NAMES[first.kind]}" if len(added) > 1 else ""
        steps.append(Step("difference" if reading.minus else "sum", value_of(reading, unit), parts, whose))
    return tuple(steps)


def added(parts: Sequence[tuple[str, Value]]) -> str:
    """The addends of a sum in words."""
    return " + ".join(f"{name}{shown(value)}" for name, value in parts)


def divided(parts: Sequence[tuple[str, Value]]) -> str:
    """The terms of a quotient in words."""
    return " ÷ ".join(f"{name}{shown(value)}" for name, value in parts)
