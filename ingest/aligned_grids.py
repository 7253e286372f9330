"""Tables whose rules are missing: the columns and rows that alignment shows, as edges.

A page without vertical rules still sets its figures under one another. `areas_of` finds where a page does that
(no rules at all, or only horizontal ones), `edges_for` gives the edges that a printer would have drawn there, so that
`ingest/ruled_grids.py` makes cells of drawn and found edges alike. Only figures with a decimal point, separators or at
least four digits make a table: years, page numbers and lists do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.column_headers import header_edges
from ingest.glyphs import Word, lines_of, text_of
from ingest.ruled_grids import NUMBER, Lattice, Region
from ingest.rules import Edge
from store.values import Box

APART = 1.0
"""Ems of empty space between what stands in two columns."""
AMOUNT = re.compile(r"[-−－(（]*(?:\d{1,3}(?:[,，]\d{3})+(?:[.．]\d+)?|\d+[.．]\d+|\d{4,})[)）%％]*")
NOTHING = re.compile(r"[-—－/─―]{1,4}")
UNIT_LINE = re.compile(r"单\s*位\s*[:：]")
NOTE_LINE = re.compile(r"(?:附?注|备注|说明)\s*\d*[:：、.．]")
WIDE = 0.6
"""Share of the page's text width from which an unbroken line is prose."""
PITCHES = 2.6
"""Row pitches without text that end a table."""
FEWEST_ROWS = 2
FEWEST_AMOUNTS = 2
SHARED = 0.3
"""Share of a drawn table's amounts that stand in one cell with another, from which its rules are held to be incomplete."""
HEADER_LINES = 10


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line with no wide gap between them: what stands in one cell."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float

    @property
    def is_figure(self) -> bool:
        return NUMBER.fullmatch(self.text) is not None or NOTHING.fullmatch(self.text) is not None

    @property
    def is_amount(self) -> bool:
        return AMOUNT.fullmatch(self.text) is not None


TextLine = list[Segment]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page that is set as a table."""

    header: tuple[TextLine, ...]
    body: tuple[TextLine, ...]
    rules: tuple[Edge, ...] = ()   # drawn edges within it
    box: Box | None = None         # where rules tell it

    @property
    def lines(self) -> list[TextLine]:
        return [*self.header, *self.body]


def segments_of(line: Sequence[Word]) -> TextLine:
    """The segments of one line of words, from left to right."""
    groups: list[list[Word]] = []
    for word in line:
        if groups and word.x0 - groups[-1][-1].x1 <= APART * min(word.size, groups[-1][-1].size) and not _parted(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Segment(text_of(group), group[0].x0, group[-1].x1, group[0].baseline, group[0].size) for group in groups]


def _parted(first: Word, second: Word) -> bool:
    """Two whole amounts, or a label and an amount, with any gap between them, are two things."""
    return AMOUNT.fullmatch(second.text) is not None and AMOUNT.fullmatch(first.text) is not None


def areas_of(words: Iterable[Word], edges: Sequence[Edge], width: float) -> list[Area]:
    """The areas of a page that are set as tables, from the top. `edges` are those that make no grid by themselves."""
    lines = [segments_of(line) for line in lines_of(word for word in words if word.angle == 0)]
    rules = [edge for edge in edges if not edge.vertical and edge.last - edge.first > 0.3 * width]
    text_width = max((line[-1].x1 for line in lines), default=0.0) - min((line[0].x0 for line in lines), default=0.0)
    areas: list[Area] = []
    start = 0
    for first, last in _runs(lines, text_width):
        body = lines[first : last + 1]
        top = max((rule.at for rule in rules if rule.at < body[0][0].baseline and _spans(rule, body)), default=None)
        header_first = _header_start(lines, start, first, text_width, top, rules)
        area = Area(tuple(lines[header_first:first]), tuple(body))
        areas.append(replace(area, rules=tuple(_inner_rules(area, edges))))
        start = last + 1
    return areas


def _runs(lines: Sequence[TextLine], text_width: float) -> Iterable[tuple[int, int]]:
    """First and last line of each body: rows of figures, with what stands between them."""
    figure_rows = [index for index, line in enumerate(lines) if is_figure_row(line)]
    groups: list[list[int]] = []
    for index in figure_rows:
        if groups and not _is_broken(lines, groups[-1][-1], index, text_width):
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        amounts = sum(segment.is_amount for index in group for segment in lines[index])
        if len(group) >= FEWEST_ROWS and amounts >= 2 and _agree([lines[index] for index in group]):
            yield group[0], group[-1]


def is_figure_row(line: TextLine) -> bool:
    """Whether a line is set like a row of a table: a figure in a place of its own beside something else."""
    return len(line) >= 2 and any(segment.is_figure for segment in line)


def _is_broken(lines: Sequence[TextLine], first: int, last: int, text_width: float) -> bool:
    """Whether something between two rows of figures says that they are not of one table."""
    for line in lines[first + 1 : last]:
        text = " ".join(segment.text for segment in line)
        if UNIT_LINE.search(text) or NOTE_LINE.match(text):
            return True
        if len(line) == 1 and line[0].x1 - line[0].x0 > WIDE * text_width:
            return True
    gaps = [second[0].baseline - first_[0].baseline for first_, second in pairwise(lines[first : last + 1])]
    size = lines[first][0].size
    return max(gaps, default=0.0) > PITCHES * 2.2 * size


def _agree(rows: Sequence[TextLine]) -> bool:
    """Whether figures of different rows stand under one another (right, left or middle)."""
    for key in (lambda s: s.x1, lambda s: s.x0, lambda s: (s.x0 + s.x1) / 2):  # type: ignore[misc]
        places = sorted((key(segment), number) for number, row in enumerate(rows) for segment in row if segment.is_amount)
        if any(abs(a - b) < 2.5 and m != n for (a, m), (b, n) in pairwise(places)):
            return True
    return False


def _spans(rule: Edge, body: Sequence[TextLine]) -> bool:
    x0, x1 = min(line[0].x0 for line in body), max(line[-1].x1 for line in body)
    return rule.first <= x0 + 0.2 * (x1 - x0) and rule.last >= x1 - 0.2 * (x1 - x0)


def _header_start(
    lines: Sequence[TextLine], start: int, first: int, text_width: float, top: float | None, rules: Sequence[Edge]
) -> int:
    """The first line of the header above the body that begins at line `first`."""
    if top is not None:
        # several full rules lie above one another between header rows: take the highest with a header's look below it
        highest = top
        for rule in sorted((rule.at for rule in rules if rule.at < top), reverse=True):
            between = [line for line in lines[start:first] if rule < line[0].baseline - 0.3 * line[0].size < highest]
            text = " ".join(segment.text for line in between for segment in line)
            if not between or UNIT_LINE.search(text) or all(len(line) == 1 for line in between):
                break
            highest = rule
        inside = [index for index in range(start, first) if lines[index][0].baseline - 0.3 * lines[index][0].size > highest]
        above = [index for index in range(start, first) if index not in inside]
        if inside or not above or highest < lines[first][0].baseline - 4 * lines[first][0].size:
            return min(inside, default=first)
    candidates = range(first - 1, max(start - 1, first - 1 - HEADER_LINES), -1)
    units = [index for index in candidates if UNIT_LINE.search(" ".join(segment.text for segment in lines[index]))]
    if units and not any(_is_prose(lines[index], text_width) for index in range(units[0] + 1, first)):
        return units[0] + 1
    at = first
    for index in candidates:
        line, below = lines[index], lines[index + 1]
        if _is_prose(line, text_width) or below[0].baseline - line[0].baseline > 4 * below[0].size:
            break
        if len(line) >= 2:
            at = index
    return at


def _is_prose(line: TextLine, text_width: float) -> bool:
    return len(line) == 1 and line[0].x1 - line[0].x0 > WIDE * text_width


def _inner_rules(area: Area, edges: Sequence[Edge]) -> Iterable[Edge]:
    """The drawn edges that belong to an area: within it, or its own top and bottom rule."""
    lines = area.lines
    size = lines[0][0].size
    top, bottom = lines[0][0].baseline - 3.5 * size, lines[-1][0].baseline + 2.5 * size
    x0, x1 = min(line[0].x0 for line in lines), max(line[-1].x1 for line in lines)
    for edge in edges:
        if edge.vertical:
            if edge.first >= top - size and edge.last <= bottom + size and x0 - 2 * size <= edge.at <= x1 + 2 * size:
                yield edge
        elif top <= edge.at <= bottom and edge.last > x0 and edge.first < x1:
            yield edge


def edges_for(area: Area) -> list[Edge]:
    """The edges of an area: those drawn in it, and those that alignment shows."""
    columns = columns_of(area)
    if len(columns) < 2:
        return []
    size = median(segment.size for line in area.lines for segment in line)
    x0, x1 = columns[0][0] - 0.5 * size, columns[-1][1] + 0.5 * size
    lines = area.lines
    top, bottom = lines[0][0].baseline - 1.3 * size, lines[-1][0].baseline + 0.6 * size
    drawn = [edge for edge in area.rules if not edge.vertical]
    if area.box is not None:
        x0, top, x1, bottom = area.box
    elif drawn:
        x0, x1 = min(x0, *(edge.first for edge in drawn)), max(x1, *(edge.last for edge in drawn))
        top, bottom = _outer(drawn, top, bottom, size)
    between = [_between(left, right, area.rules) for left, right in pairwise(columns)]
    walls = [x0, *between, x1]
    floors = _floors(area, drawn, top, bottom, size)
    head = _head_floor(area, drawn, floors, size) if area.header else top
    found = [Edge(False, y, x0, x1) for y in floors if y >= head - 1]
    found += [Edge(True, x, head, bottom) for x in walls]
    if area.header:
        found += [Edge(False, top, x0, x1)]
        found += header_edges(
            [(segment.text, segment.x0, segment.x1, segment.baseline, segment.size) for line in area.header for segment in line],
            walls, (top, head), drawn,
        )
    return [*area.rules, *found]


def _outer(drawn: Sequence[Edge], top: float, bottom: float, size: float) -> tuple[float, float]:
    above = [edge.at for edge in drawn if top - 2.5 * size <= edge.at <= top + 0.5 * size]
    below = [edge.at for edge in drawn if bottom - 0.5 * size <= edge.at <= bottom + 2.5 * size]
    return min(above, default=top), max(below, default=bottom)


def _between(left: tuple[float, float], right: tuple[float, float], rules: Sequence[Edge]) -> float:
    for edge in rules:
        if edge.vertical and left[1] - 2 <= edge.at <= right[0] + 2:
            return edge.at
    return (left[1] + right[0]) / 2


def columns_of(area: Area) -> list[tuple[float, float]]:
    """The columns of an area as stretches (x0, x1) that hold their text, from left to right."""
    figures = _stretches((s.x0, s.x1) for line in area.body for s in line if s.is_figure)
    labels = [
        (s.x0, s.x1) for line in area.body for s in line
        if not s.is_figure and not any(_overlap((s.x0, s.x1), stretch) > 0.3 * (s.x1 - s.x0) for stretch in figures)
    ]
    cut: list[tuple[float, float]] = []
    for x0, x1 in _stretches(labels):
        pieces = [(x0, x1)]
        for left, right in figures:
            pieces = [piece for a, b in pieces for piece in ((a, min(b, left)), (max(a, right), b)) if piece[1] - piece[0] > 1.0]
        cut.extend(pieces)
    columns = sorted([*figures, *cut])
    for segment in (s for line in reversed(area.header) for s in line):
        if not any(_overlap((segment.x0, segment.x1), column) > 0 for column in columns):
            columns = sorted([*columns, (segment.x0, segment.x1)])
    return columns


def _stretches(pieces: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    result: list[tuple[float, float]] = []
    for x0, x1 in sorted(pieces):
        if result and x0 < result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], x1)
        else:
            result.append((x0, x1))
    return result


def _overlap(first: tuple[float, float], second: tuple[float, float]) -> float:
    return min(first[1], second[1]) - max(first[0], second[0])


def _floors(area: Area, drawn: Sequence[Edge], top: float, bottom: float, size: float) -> list[float]:
    """The heights between the rows of the body, outer ones included."""
    rows = _rows(area.body, size, [edge.at for edge in drawn])
    floors: list[float] = []
    for above, below in pairwise(rows):
        upper, lower = above[-1][0].baseline, below[0][0].baseline - 0.8 * size
        ruled = [edge.at for edge in drawn if upper - 0.3 * size <= edge.at <= below[0][0].baseline]
        floors.append(ruled[0] if ruled else (upper + lower) / 2 + 0.1 * size)
    first = area.body[0][0].baseline - 1.3 * size
    return [first if area.header else top, *floors, bottom]


def _rows(lines: Sequence[TextLine], size: float, rules: Sequence[float]) -> list[list[TextLine]]:
    """Lines in rows: a line without figures close to one with figures is the rest of a wrapped label."""
    figured = [line[0].baseline for line in lines if is_figure_row(line)]
    pitches = [b - a for a, b in pairwise(figured)]
    pitch = median(pitches) if pitches else 2 * size
    near = min(0.72 * pitch, 1.6 * size) if pitch > 1.5 * size else 0.0
    rows: list[list[TextLine]] = []
    for line in lines:
        gap = line[0].baseline - rows[-1][-1][0].baseline if rows else 0.0
        has = any(is_figure_row(other) for other in rows[-1]) if rows else False
        parted = bool(rows) and any(rows[-1][-1][0].baseline <= rule < line[0].baseline for rule in rules)
        if rows and not parted and gap < near and not (is_figure_row(line) and has):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _head_floor(area: Area, drawn: Sequence[Edge], floors: Sequence[float], size: float) -> float:
    """The height between header and body."""
    upper, lower = area.header[-1][0].baseline, area.body[0][0].baseline
    ruled = [edge.at for edge in drawn if upper - 0.2 * size <= edge.at <= lower]
    return ruled[-1] if ruled else (upper + 0.15 * size + lower - 0.9 * size) / 2


def area_within(lattice: Lattice, words: Iterable[Word], edges: Sequence[Edge]) -> Area | None:
    """The inside of drawn rules as an area, where cells hold several figures: rules between them are missing.

    None where the rules part all figures, which is the usual case.
    """
    x0, top, x1, bottom = lattice.box
    inside = [
        word for word in words
        if word.angle == 0 and top - 1 <= word.middle <= bottom + 1 and x0 - 1 <= (word.x0 + word.x1) / 2 <= x1 + 1
    ]
    lines = [segments_of(line) for line in lines_of(inside)]
    if sum(segment.is_amount for line in lines for segment in line) < FEWEST_AMOUNTS or not _holds_several(lattice, lines):
        return None
    rows = [index for index, line in enumerate(lines) if is_figure_row(line)]
    if len(rows) < FEWEST_ROWS:
        return None
    own = [
        edge for edge in edges
        if (x0 - 3 <= edge.at <= x1 + 3 and edge.first >= top - 3 and edge.last <= bottom + 3 if edge.vertical
            else top - 3 <= edge.at <= bottom + 3 and edge.first >= x0 - 3 and edge.last <= x1 + 3)
    ]
    first = rows[0]
    return Area(tuple(lines[:first]), tuple(lines[first:]), tuple(own), lattice.box)


def _holds_several(lattice: Lattice, lines: Sequence[TextLine]) -> bool:
    """Whether a good part of the amounts share a cell with another amount."""
    counts: dict[Region, int] = {}
    for segment in (segment for line in lines for segment in line if segment.is_amount):
        x, y = (segment.x0 + segment.x1) / 2, segment.baseline - 0.36 * segment.size
        for region in lattice.regions:
            x0, top, x1, bottom = lattice.box_of(region)
            if x0 <= x <= x1 and top <= y <= bottom:
                counts[region] = counts.get(region, 0) + 1
                break
    shared = sum(count for count in counts.values() if count > 1)
    return shared > SHARED * sum(counts.values())
