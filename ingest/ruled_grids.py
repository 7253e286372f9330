"""Rules and words into grids: which cells the ruling lines make, and which words stand in which cell.

`lattices_of` takes edges (drawn, or made by `ingest/aligned_grids.py` from alignment) and gives rectangles of rows ×
columns with merged cells; `filled` puts words into one. Boxes are points from the page's top left corner.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.printed_words import Word, lines_of, part, text_of
from ingest.rules import SNAP, Edge
from ingest.source import Grid, GridCell
from store.values import Box

TOUCH = 3.0
"""Points by which a rule may stop short of the rule it meets."""
COVER = 0.5
"""Share of a cell's side that must be drawn for the cells on both sides to be two."""
OUTER = 6.0
"""Points by which horizontal rules must reach past the outermost vertical one for a column without an outer rule."""
NUMBER = re.compile(r"[-+−－(（¥￥]*[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?[%％)）]*")
"""A printed number, whole."""
MOST_CROSSINGS = 4_000_000
"""Pairs of edges on one page; a plan or a map has more, and is no table."""
MOST_CELLS = 250_000
"""Of one lattice; the largest table met has 1,500."""
LARGE = 1.8
"""How much larger than the middle size type must be that does not belong to a table whose rows are less high."""
WIDER = 1.3
"""How much wider than the middle step between a number's characters a gap must be."""
ALIKE = 1.0
"""Points within which labels begin at one place."""
FILLED = 0.6
"""Characters of empty space at either end of a cell that its text fills."""
DECIMALS = re.compile(r"[-−－]?(?:[\d,，]+[.．]\d+[%％]?|\d+(?:[,，]\d{3})+)")
"""A printed number that has its end in itself."""


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of a lattice, before any text: merged cells are one region."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows and columns made by rules: `xs` and `ys` are the lines between them, outer ones included."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def box_of(self, region: Region) -> Box:
        return (
            self.xs[region.column], self.ys[region.row],
            self.xs[region.column + region.column_span], self.ys[region.row + region.row_span],
        )


def lattices_of(edges: Iterable[Edge]) -> list[Lattice]:
    """The lattices that a page's edges make, one for each set of edges that touch one another, from the top."""
    lattices = [lattice for group in _touching(list(edges)) if (lattice := lattice_of(group)) is not None]
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _touching(edges: list[Edge]) -> Iterable[list[Edge]]:
    """Edges in groups that touch, directly or through others."""
    across = [edge for edge in edges if not edge.vertical]
    down = [edge for edge in edges if edge.vertical]
    if len(across) * len(down) > MOST_CROSSINGS:
        return []
    leader = list(range(len(edges)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for first, h in enumerate(across):
        for second, v in enumerate(down, len(across)):
            if h.first - TOUCH <= v.at <= h.last + TOUCH and v.first - TOUCH <= h.at <= v.last + TOUCH:
                leader[lead(first)] = lead(second)
    groups: dict[int, list[Edge]] = defaultdict(list)
    for index, edge in enumerate((*across, *down)):
        groups[lead(index)].append(edge)
    return groups.values()


def lattice_of(edges: Sequence[Edge]) -> Lattice | None:
    """The lattice of edges that touch one another; None if they enclose nothing."""
    across = [edge for edge in edges if not edge.vertical]
    down = [edge for edge in edges if edge.vertical]
    if not across or not down:
        return None
    xs, ys = _places(down), _places(across)
    xs = _with_ends(xs, min(edge.first for edge in across), max(edge.last for edge in across))
    ys = _with_ends(ys, min(edge.first for edge in down), max(edge.last for edge in down))
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MOST_CELLS:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    walls = _drawn(down, xs, ys)          # walls[x][row]: a rule at xs[x] beside that row
    floors = _drawn(across, ys, xs)       # floors[y][column]
    for outer in (0, columns):
        walls[outer] = [True] * rows
    for outer in (0, rows):
        floors[outer] = [True] * columns
    return Lattice(tuple(xs), tuple(ys), tuple(_regions(rows, columns, walls, floors)))


def _places(edges: Sequence[Edge]) -> list[float]:
    places: list[float] = []
    for at in sorted(edge.at for edge in edges):
        if not places or at - places[-1] > SNAP:
            places.append(at)
    return places


def _with_ends(places: list[float], first: float, last: float) -> list[float]:
    """Places with the table's ends, where no outer rule is drawn there."""
    if places[0] - first > OUTER:
        places = [first, *places]
    if last - places[-1] > OUTER:
        places = [*places, last]
    return places


def _drawn(edges: Sequence[Edge], places: list[float], across: list[float]) -> list[list[bool]]:
    """For each place and each interval between `across`: whether edges there cover enough of it."""
    pieces: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for edge in edges:
        index = min(range(len(places)), key=lambda index: abs(places[index] - edge.at))
        pieces[index].append((edge.first, edge.last))
    result: list[list[bool]] = []
    for index in range(len(places)):
        row: list[bool] = []
        for first, last in pairwise(across):
            covered = sum(max(0.0, min(last, end) - max(first, start)) for start, end in pieces[index])
            row.append(covered >= COVER * (last - first))
        result.append(row)
    return result


def _regions(rows: int, columns: int, walls: list[list[bool]], floors: list[list[bool]]) -> Iterable[Region]:
    """Unit cells with no rule between them joined to rectangles; what is no rectangle is cut into row pieces."""
    seen = [[False] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if seen[row][column]:
                continue
            width = 1
            while column + width < columns and not walls[column + width][row] and not seen[row][column + width]:
                width += 1
            height = 1
            while row + height < rows and _is_open(row + height, column, width, columns, walls, floors):
                height += 1
            for y in range(row, row + height):
                for x in range(column, column + width):
                    seen[y][x] = True
            yield Region(row, column, height, width)


def _is_open(row: int, column: int, width: int, columns: int, walls: list[list[bool]], floors: list[list[bool]]) -> bool:
    """Whether the cells of `row` below a piece belong to it: no rule above them, none between, closed at both ends."""
    if any(floors[row][x] for x in range(column, column + width)):
        return False
    if any(walls[x][row] for x in range(column + 1, column + width)):
        return False
    return walls[column][row] and walls[column + width][row]


def filled(lattice: Lattice, words: Sequence[Word], page: int | None) -> tuple[Grid, list[Word]]:
    """The grid of a lattice with its words, and the words that stand outside it."""
    region_at = {
        (row, column): region
        for region in lattice.regions
        for row in range(region.row, region.row + region.row_span)
        for column in range(region.column, region.column + region.column_span)
    }
    x0, top, x1, bottom = lattice.box
    inside: dict[Region, list[Word]] = defaultdict(list)
    outside: list[Word] = []
    largest = LARGE * median(word.size for word in words) if words else 0.0
    for word in words:
        middle = (word.x0 + word.x1) / 2
        if word.angle != 0 or not (top - 1 <= word.middle <= bottom + 1 and x0 - 1 <= middle <= x1 + 1):
            outside.append(word)
            continue
        row = slot(lattice.ys, word.middle)
        if word.size > largest and word.size > _height(lattice, row):
            outside.append(word)       # a watermark
            continue
        for piece, column in _pieces(word, lattice, row, region_at):
            inside[region_at[row, column]].append(piece)
    cells = _cells(lattice, inside)
    return Grid(page, lattice.box, len(lattice.ys) - 1, len(lattice.xs) - 1, cells), outside


def _height(lattice: Lattice, row: int) -> float:
    return lattice.ys[row + 1] - lattice.ys[row]


def slot(places: Sequence[float], at: float) -> int:
    """The interval between sorted places in which something stands; the first or last if it stands outside all."""
    return min(max(bisect_right(places, at) - 1, 0), len(places) - 2)


def _pieces(word: Word, lattice: Lattice, row: int, region_at: dict[tuple[int, int], Region]) -> Iterable[tuple[Word, int]]:
    """A word, in parts if rules part it, each with a column. Text that merely runs over a rule stays whole."""
    slack = 0.25 * word.size
    first, last = slot(lattice.xs, word.x0 + slack), slot(lattice.xs, max(word.x1 - slack, word.x0 + slack))
    if region_at[row, first] is region_at[row, last]:
        yield word, first
        return
    for column in range(first, last):
        if region_at[row, column] is region_at[row, column + 1]:
            continue
        left, right = lattice.box_of(region_at[row, column]), lattice.box_of(region_at[row, column + 1])
        cut = _cut(word, lattice.xs[column + 1]) or _cut_between(word, left, right)
        if cut:
            yield part(word, 0, cut), column
            yield from _pieces(part(word, cut, len(word.text)), lattice, row, region_at)
            return
    yield word, _home(word, lattice, row, first, last, region_at)


def _cut(word: Word, at: float) -> int:
    """How many characters of a word stand left of a rule that parts it in two printed things; 0 if it does not."""
    here = sum(1 for start, end in zip(word.starts, (*word.starts[1:], word.x1), strict=True) if (start + end) / 2 < at)
    if NUMBER.fullmatch(word.text):
        return here if 0 < here < len(word.text) and _is_gap(word, here) else 0
    for cut in (here, here - 1, here + 1):
        if not 0 < cut < len(word.text):
            continue
        left, right = word.text[:cut], word.text[cut:]
        if cut == here and DECIMALS.fullmatch(left) and right[0] not in "%％)）":
            return cut
        if NUMBER.fullmatch(right) and (NUMBER.fullmatch(left) or not left[-1].isdigit()) and left[-1] not in ".,，．-－(（":
            return cut
        if left.isdigit() and not right[0].isdigit() and right[0] not in ".,，．、年月%％":
            return cut
    return 0


def _cut_between(word: Word, left: Box, right: Box) -> int:
    """How many characters stand left of the rule between two cells that the word fills both: two headers without a gap; else 0."""
    slack = FILLED * word.size
    at_rule = (index for index, start in enumerate(word.starts) if abs(start - right[0]) < slack and start + 0.5 * word.size > right[0])
    cut = next(at_rule, 0)
    if not 0 < cut < len(word.text):
        return 0
    end = word.starts[cut + 1 :]
    ends = next((start for start in (*end, word.x1) if start > right[2] - slack), word.x1)
    fills = abs(word.x0 - left[0]) < slack and right[2] - slack < ends < right[2] + slack
    return cut if fills and not word.text[cut - 1].isdigit() and not word.text[cut].isdigit() else 0


def _is_gap(word: Word, cut: int) -> bool:
    """Whether the step before a character is wider than the word's steps are: two numbers stand in one word."""
    steps = sorted(b - a for a, b in pairwise(word.starts))
    return word.starts[cut] - word.starts[cut - 1] > WIDER * steps[len(steps) // 2]


def _home(word: Word, lattice: Lattice, row: int, first: int, last: int, region_at: dict[tuple[int, int], Region]) -> int:
    """The column of a word that runs over a rule: numbers end in it, labels begin in it, centred ones lie round it."""
    if NUMBER.fullmatch(word.text):
        return last
    middle = slot(lattice.xs, (word.x0 + word.x1) / 2)
    x0, _, x1, _ = lattice.box_of(region_at[row, middle])
    return middle if word.x0 < x0 and word.x1 > x1 else first


def _cells(lattice: Lattice, inside: dict[Region, list[Word]]) -> tuple[GridCell, ...]:
    lines = {region: lines_of(inside[region]) for region in lattice.regions if region in inside}
    margin = _margins(lattice, lines)
    cells: list[GridCell] = []
    for region in sorted(lattice.regions, key=lambda region: (region.row, region.column)):
        spans = region.row, region.column, region.row_span, region.column_span
        box = lattice.box_of(region)
        if region not in lines:
            if region.row_span > 1 or region.column_span > 1:
                cells.append(GridCell(*spans, "", box))
            continue
        here = lines[region]
        words = inside[region]
        left, right = here[0][0].x0 - box[0], box[2] - here[0][-1].x1
        size = here[0][0].size
        ends = right < 0.6 * left and right < size and NUMBER.fullmatch(text_of(here[0])) is not None
        first = min(margin.get(region.column, left), left)       # a label as wide as its cell looks centred and may stand further out
        cells.append(
            GridCell(
                *spans, "\n".join(text_of(line) for line in here), box,
                indent=0.0 if ends else round((left - first) / size, 1),
                margin=round(first / size, 1) if region.column in margin else 0.0,
                centred=abs(left - right) < 0.7 * size and left > 0.4 * size,
                bold=all(word.bold for word in words),
                sureness=min(word.sureness for word in words),
            )
        )
    return tuple(cells)


def _margins(lattice: Lattice, lines: dict[Region, list[list[Word]]]) -> dict[int, float]:
    """For each column: the smallest distance (points) from its left rule to a label that is not centred.

    Labels that look centred but all begin at one place are wide ones set in alike.
    """
    margins: dict[int, float] = {}
    centred: dict[int, list[float]] = defaultdict(list)
    for region, here in lines.items():
        box = lattice.box_of(region)
        line = here[0]
        left, right = line[0].x0 - box[0], box[2] - line[-1].x1
        if NUMBER.fullmatch(text_of(line)):
            continue
        if abs(left - right) < 0.7 * line[0].size:
            centred[region.column].append(left)
            continue
        margins[region.column] = min(left, margins.get(region.column, left))
    alike = {column: min(lefts) for column, lefts in centred.items() if len(lefts) > 2 and max(lefts) - min(lefts) < ALIKE}
    return {**alike, **margins}
