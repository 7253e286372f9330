"""Which columns the figures of a short row stand in, told by arithmetic.

A row that prints k figures under n columns leaves several ways to place them in order. A way is possible when the row's
own sums hold (a total is the sum of the columns it totals); the total row is settled first, with what the document says
elsewhere about its columns; the other rows then use its columns only, and their sums down a column must meet it.
A figure whose column differs between the ways that remain is placed at the likeliest one and marked doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

from ingest.text_headers import HeaderCell, plain_header
from ingest.text_words import squeeze
from store.money import read_number

TOTALS: Final = ("合计", "总计", "小计", "本年收入合计", "本年支出合计", "收入总计", "支出总计")
MOST_WAYS: Final = 20_000
"""Ways to place one row that are looked at; a row with more stays doubtful."""

ROUNDING: Final = Decimal("0.005")
"""Half of the last printed digit of an amount in 万元 with two decimals, for each amount added."""

Placed = list[tuple[int, str, bool]]
"""Figure column, printed text, whether the column is doubtful."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read: the class's codes from the left, its label, its figures in order."""

    codes: tuple[str, ...]
    unit: str
    label: str
    indent: float
    figures: tuple[str, ...]


def settle(rows: Sequence[Row], columns: Sequence[HeaderCell], document: str) -> list[Placed]:
    """Each row's figures with their columns. `document` is its whole text without blanks, for what it says elsewhere."""
    width = len(columns)
    if all(len(row.figures) in (0, width) for row in rows):
        return [[(column, text, False) for column, text in enumerate(row.figures)] for row in rows]
    sums = column_sums(columns)
    total = next((row for row in rows if squeeze(row.label) in TOTALS and row.figures), None)
    used = list(range(width))
    settled: dict[int, Placed] = {}
    if total is not None and len(total.figures) <= width:
        ways = _ranked(total, used, sums, columns, document)
        placed = _placed(total, ways)
        settled[id(total)] = placed
        used = sorted({column for column, _, _ in placed})
    result: list[Placed] = []
    doubtful_columns = {column for column, _, doubtful in settled.get(id(total), []) if doubtful}
    for row in rows:
        placed = settled.get(id(row)) or _placed(row, _ranked(row, used, sums, columns, ""))
        result.append([(column, text, doubtful or column in doubtful_columns) for column, text, doubtful in placed])
    return result


def column_sums(columns: Sequence[HeaderCell]) -> list[tuple[int, tuple[int, ...]]]:
    """(total, parts) among the columns: a group's 合计 over the group's others, and the first 合计 over all groups and single columns."""
    sums: list[tuple[int, tuple[int, ...]]] = []
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault(column.under, []).append(index)
    tops: list[int] = []
    for under, members in groups.items():
        if not under:
            tops += members
        elif columns[members[0]].text in TOTALS:
            sums.append((members[0], tuple(members[1:])))
            tops.append(members[0])
        else:
            tops += members
    tops.sort()
    if tops and columns[tops[0]].text in TOTALS and len(tops) > 1:
        sums.append((tops[0], tuple(tops[1:])))
    return [(total, parts) for total, parts in sums if parts]


def _ways(row: Row, used: Sequence[int], sums: Sequence[tuple[int, tuple[int, ...]]]) -> Iterator[tuple[int, ...]]:
    """The ways to place a row's figures in order in which its sums hold."""
    amounts = [read_number(text) or Decimal(0) for text in row.figures]
    for count, way in enumerate(combinations(used, len(amounts))):
        if count >= MOST_WAYS:
            return
        at = dict(zip(way, amounts, strict=True))
        if all(_holds(at, total, parts) for total, parts in sums):
            yield way


def _holds(at: dict[int, Decimal], total: int, parts: tuple[int, ...]) -> bool:
    added = [at[part] for part in parts if part in at]
    if total not in at:
        return not added
    return abs(at[total] - sum(added, Decimal(0))) <= ROUNDING * (len(added) + 1) if added else at[total] == 0 or not parts


def _ranked(
    row: Row, used: Sequence[int], sums: Sequence[tuple[int, tuple[int, ...]]], columns: Sequence[HeaderCell], document: str
) -> list[tuple[int, ...]]:
    """The possible ways that the rest of the document supports best; all of them where it says nothing."""
    if len(row.figures) > len(used):
        return []
    ways = list(_ways(row, used, sums))
    if not ways and sums:
        ways = list(_ways(row, used, []))
    if not document or len(ways) < 2:
        return ways
    support = [sum(_says(document, columns[column], text) for column, text in zip(way, row.figures, strict=True)) for way in ways]
    return [way for way, said in zip(ways, support, strict=True) if said == max(support)]


def _says(document: str, column: HeaderCell, text: str) -> int:
    """Whether the document prints this figure elsewhere right behind the words of this column's header (2) or its parent's (1)."""
    if len(name := plain_header(column.text)) > 2 and name + text in document:
        return 2
    return int(any(plain_header(parent) + text in document for parent in column.under))


def _placed(row: Row, ways: Sequence[tuple[int, ...]]) -> Placed:
    if not ways:
        return [(index, text, True) for index, text in enumerate(row.figures)]
    return [
        (column, text, any(way[index] != column for way in ways))
        for index, (column, text) in enumerate(zip(ways[0], row.figures, strict=True))
    ]
