"""Rows with blank cells in a text that lost both rows and columns, settled by what its other tables print.

Takes the codes, labels and figures of one table, each in printed order but not which figure is whose. The total row is
what other tables and the prose call its columns; a code's row has the amounts that twin tables print for the code; what
is left of its sum stands in the columns left, with amounts of the table itself. A reading counts only if it uses every
printed amount exactly once. Where several readings do, the cells in which they differ are doubtful.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from typing import Final

from ingest.text_headers import HeaderCell, plain_header
from ingest.text_settle import Placed, Row, column_sums
from ingest.text_twins import Twins
from store.money import read_number

MOST_READINGS: Final = 40
"""Readings compared; a table with more stays lines."""

MOST_STEPS: Final = 1_500
"""Ways to place amounts that are tried for one table."""

MOST_PARTS: Final = 3
"""Columns of unknown amounts that one row may fill."""

Reading = dict[tuple[int, int], Decimal]
"""(row, figure column) → amount."""


@dataclass(slots=True)
class _Task:
    """A row's sum over columns: some of its parts are still unknown."""

    row: int
    total: int
    parts: tuple[int, ...]


def settle_by_twins(rows: Sequence[Row], figures: Sequence[HeaderCell], printed: Sequence[str], twins: Twins) -> list[Placed] | None:
    """Each row's figures with their columns, out of the table's `printed` figures; None where they can't be told."""
    texts = {amount: text for text in printed if (amount := read_number(text)) is not None}
    amounts: list[Decimal] = [amount for text in printed if (amount := read_number(text)) is not None]
    bag = Counter(amounts)
    sums = column_sums(figures)
    if Decimal(0) in bag or not sums or not bag:
        return None
    codes = ["".join(row.codes) for row in rows]
    key = tuple(plain_header(cell.text) for cell in figures)
    if "" in codes:
        whole = _total_row(figures, sums, bag, texts, twins)
        if whole is not None:
            twins.wholes[key] = whole
    else:
        whole = twins.wholes.get(key)
    if whole is None:
        return None
    known = _known(codes, whole, sums, twins)
    readings = _readings(codes, known, whole, sums, bag) if known is not None else []
    return _placed(readings, len(rows), texts) if 0 < len(readings) <= MOST_READINGS else None


def _total_row(
    figures: Sequence[HeaderCell],
    sums: Sequence[tuple[int, tuple[int, ...]]],
    bag: Counter[Decimal],
    texts: Mapping[Decimal, str],
    twins: Twins,
) -> dict[int, Decimal] | None:
    """The total row: the largest amount, parted into amounts that the document gives for its columns' names."""
    top, tops = sums[-1]
    whole = {top: max(bag)}
    groups = dict(sums[:-1])
    for total, parts in [(top, tops), *groups.items()]:
        if total not in whole:
            continue
        offers = [[None, *_offers(figures[part], part in groups, bag, texts, twins)] for part in parts]
        found = [
            way for way in product(*offers) if sum((amount for amount in way if amount is not None), Decimal(0)) == whole[total]
        ]
        if len(found) != 1:
            return None
        whole.update({part: amount for part, amount in zip(parts, found[0], strict=True) if amount is not None})
    return whole


def _offers(cell: HeaderCell, group: bool, bag: Counter[Decimal], texts: Mapping[Decimal, str], twins: Twins) -> list[Decimal]:
    printed = cell.under if group else (cell.text,)
    names = {name for text in printed for name in (text, plain_header(text))}
    amounts = {amount for name in names for amount in twins.amounts_of(name) if amount in bag}
    return sorted(amounts | {amount for amount in bag if any(twins.says(name, texts[amount]) for name in names)})


def _known(
    codes: Sequence[str], whole: Mapping[int, Decimal], sums: Sequence[tuple[int, tuple[int, ...]]], twins: Twins
) -> dict[int, Mapping[str, Decimal]] | None:
    """For each used column the twin table that has its total and all codes; None without one for the row total."""
    known: dict[int, Mapping[str, Decimal]] = {}
    for column, amount in whole.items():
        found = [vector for vector in twins.vectors if vector.get("") == amount and all(code in vector for code in codes)]
        agreed = {tuple(vector[code] for code in codes) for vector in found}
        if len(agreed) == 1 and (column == sums[-1][0] or any(column == total for total, _ in sums)):
            known[column] = found[0]
    return known if sums[-1][0] in known else None


def _readings(
    codes: Sequence[str],
    known: Mapping[int, Mapping[str, Decimal]],
    whole: Mapping[int, Decimal],
    sums: Sequence[tuple[int, tuple[int, ...]]],
    bag: Counter[Decimal],
) -> list[Reading]:
    """All ways to give every row its columns, with every printed amount used once."""
    start: Reading = {}
    for row, code in enumerate(codes):
        start.update({(row, column): amount for column, amount in whole.items() if not code})
        start.update({(row, column): vector[code] for column, vector in known.items() if code and vector[code]})
    left = bag - Counter(start.values())
    if Counter(start.values()) - bag:
        return []
    every = next(iter(known.values()))
    lowest = {code for code in every if code and not any(other != code and other.startswith(code) for other in every)}
    above = [row for row, code in enumerate(codes) if code and code not in lowest and _below(code, codes, lowest, every) is not None]
    order = [(total, tuple(part for part in parts if part in whole)) for total, parts in reversed(sums) if total in whole]
    tasks = [_Task(row, total, parts) for row, code in enumerate(codes) if code and row not in above for total, parts in order]
    found: dict[tuple[tuple[tuple[int, int], Decimal], ...], Reading] = {}
    steps = [MOST_STEPS]
    for reading, rest in _solve(tasks, start, left, steps):
        whole_reading = _with_sums(above, codes, lowest, every, order, reading, rest)
        if whole_reading is not None and _columns_hold(whole_reading, codes, whole, every):
            found[tuple(sorted(whole_reading.items()))] = whole_reading
        if len(found) > MOST_READINGS:
            break
    return list(found.values()) if steps[0] > 0 else []


def _solve(
    tasks: Sequence[_Task], reading: Reading, left: Counter[Decimal], steps: list[int]
) -> Iterator[tuple[Reading, Counter[Decimal]]]:
    steps[0] -= 1
    if steps[0] < 0:
        return
    if not tasks:
        yield reading, left
        return
    task = tasks[0]
    unknown = [part for part in task.parts if (task.row, part) not in reading]
    given = sum((reading.get((task.row, part), Decimal(0)) for part in task.parts), Decimal(0))
    rest = reading.get((task.row, task.total), Decimal(0)) - given
    for amounts in _parted(rest, len(unknown), left):
        steps[0] -= 1
        used = Counter(amount for amount in amounts if amount is not None)
        if used - left:
            continue
        own = {(task.row, part): amount for part, amount in zip(unknown, amounts, strict=True) if amount is not None}
        yield from _solve(tasks[1:], {**reading, **own}, left - used, steps)


def _parted(rest: Decimal, count: int, left: Counter[Decimal]) -> Iterator[tuple[Decimal | None, ...]]:
    """Ways to part an amount over `count` columns, blank ones included, with amounts that are left."""
    if rest == 0:
        yield (None,) * count
        return
    for size in range(1, min(count, MOST_PARTS) + 1):
        for columns in combinations(range(count), size):
            for amounts in product([amount for amount in sorted(left) if amount < rest], repeat=size - 1):
                last = rest - sum(amounts, Decimal(0))
                if last in left:
                    at = dict(zip(columns, (*amounts, last), strict=True))
                    yield tuple(at.get(column) for column in range(count))


def _below(code: str, codes: Sequence[str], lowest: set[str], every: Mapping[str, Decimal]) -> list[int] | None:
    """The rows of the lowest codes under a code; None if one of them is on another page."""
    below = [other for other in every if other in lowest and other.startswith(code)]
    return [codes.index(other) for other in below] if all(other in codes for other in below) else None


def _with_sums(
    above: Sequence[int],
    codes: Sequence[str],
    lowest: set[str],
    every: Mapping[str, Decimal],
    order: Sequence[tuple[int, tuple[int, ...]]],
    reading: Reading,
    left: Counter[Decimal],
) -> Reading | None:
    """The reading with the rows of higher codes, the sums of those below; None unless that uses all that is left."""
    result = dict(reading)
    columns = sorted({column for _, parts in order for column in parts})
    for row in above:
        for column in columns:
            amount = sum((result.get((at, column), Decimal(0)) for at in _below(codes[row], codes, lowest, every) or ()), Decimal(0))
            if (row, column) not in result and amount:
                result[row, column] = amount
                left = left - Counter([amount]) if left[amount] else Counter({Decimal(-1): 1})
    return None if +left else result


def _columns_hold(reading: Reading, codes: Sequence[str], whole: Mapping[int, Decimal], every: Mapping[str, Decimal]) -> bool:
    """Whether the classes add up to the total row, where all of them are here."""
    classes = [code for code in every if len(code) == 3]
    if "" not in codes or not all(code in codes for code in classes):
        return True
    rows = [codes.index(code) for code in classes]
    return all(sum((reading.get((row, column), Decimal(0)) for row in rows), Decimal(0)) == amount for column, amount in whole.items())


def _placed(readings: Sequence[Reading], count: int, texts: Mapping[Decimal, str]) -> list[Placed]:
    """The first reading's cells by row; those that another reads otherwise are doubtful."""
    placed: list[Placed] = [[] for _ in range(count)]
    for (row, column), amount in sorted(readings[0].items()):
        placed[row].append((column, texts[amount], any(other.get((row, column)) != amount for other in readings)))
    return placed
