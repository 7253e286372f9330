"""Tables whose rules are missing: the columns and rows that alignment shows, as edges.

A page without vertical rules still sets its figures under one another. `edges_for` gives the edges that a printer would
have drawn in an area (`ingest/table_areas.py`), so that `ingest/ruled_grids.py` makes cells of drawn and found edges
alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingest.column_headers import TIGHT, Piece, header_edges
from ingest.ruled_grids import COVER
from ingest.rules import Edge
from ingest.table_areas import ALIGNED, APART, Area, Segment, TextLine, is_figure_row

ORDINAL = re.compile(r"\d{1,2}|\*{1,3}|[甲乙丙丁]|[栏行]次|—+")
CODE_PARTS = frozenset("类款项")
"""Headers of one character over the parts of a classification code."""
RULED = 0.9
"""Share of the rows that must have a rule between them for rules alone to tell the rows."""
WRAPPED = 0.72
"""Share of the row pitch within which a line without figures belongs to the nearest row with figures."""


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
    else:
        if drawn:
            x0, x1 = min(x0, *(edge.first for edge in drawn)), max(x1, *(edge.last for edge in drawn))
            top, bottom = _outer(drawn, top, bottom, size)
        top, bottom = _ends(area, top, bottom)
    between = [_between(left, right, area, size) for left, right in pairwise(columns)]
    walls = _at_rules(_balanced([x0, *between, x1], columns, area, size), area)
    x0, x1 = walls[0], walls[-1]
    head = _head_floor(area, drawn, size) if area.header else top
    found = [Edge(False, y, x0, x1) for y in (head, *_floors(area, drawn, size), bottom)]
    found += [Edge(True, x, head, bottom) for x in walls]
    if area.header:
        found += [Edge(False, top, x0, x1)]
        found += header_edges(_header_pieces(area, walls), walls, (top, head), drawn)
    return [*area.rules, *found]


def _balanced(walls: list[float], columns: Sequence[tuple[float, float]], area: Area, size: float) -> list[float]:
    """Walls in wide gaps moved so that the header to their right stands in the middle of its column.

    Behind labels, which end anywhere, nothing else tells where the column ends; the wall on the other side is close behind figures.
    """
    headers = _lowest(area.header)
    drawn = [edge.at for edge in area.rules if edge.vertical]
    for index in range(len(columns) - 1, 0, -1):
        left, right = columns[index - 1][1], columns[index][0]
        own = [header for header in headers if walls[index] < header[1] and header[0] < walls[index + 1]]
        is_label = any(not s.is_figure and _overlap((s.x0, s.x1), columns[index - 1]) > 0 for line in area.body for s in line)
        ends = [s.x1 for line in area.body for s in line if s.is_figure and _overlap((s.x0, s.x1), columns[index]) > 0]
        centred = max(ends, default=0.0) - median(ends or [0.0]) > ALIGNED
        if not is_label or centred or right - left < 1.5 * size or len(own) != 1 or any(left - 2 <= at <= right + 2 for at in drawn):
            continue
        wall = own[0][0] + own[0][1] - walls[index + 1]
        before = max((header[1] for header in headers if header[1] <= own[0][0]), default=left)
        if max(left, before) < wall < min(right, own[0][0]):
            walls[index] = wall
    return walls


def _at_rules(walls: Sequence[float], area: Area) -> list[float]:
    """Walls moved to the drawn rules that they mean: those along the body's rows, with the middle of no text in between.

    A printer leaves as much room between text and rule as he likes. Were both kept, the guess behind the text and the rule,
    they would part off a column that holds nothing. One rule stands for one wall, the nearest.
    """
    ends = area.body[0][0].baseline - area.body[0][0].size, area.body[-1][0].baseline
    middles = sorted((segment.x0 + segment.x1) / 2 for line in area.lines for segment in line)
    pairs = sorted(
        (abs(at - wall), at, index) for at in _along(area.rules, *ends) for index, wall in enumerate(walls)
        if bisect_left(middles, max(at, wall)) <= bisect_right(middles, min(at, wall))
    )
    moved: dict[int, float] = {}
    for _, at, index in pairs:
        if index not in moved and at not in moved.values():
            moved[index] = at
    return sorted(moved.get(index, wall) for index, wall in enumerate(walls))


def _along(rules: Iterable[Edge], first: float, last: float) -> list[float]:
    """The places of vertical rules that are drawn along most of the height between `first` and `last`."""
    drawn: dict[float, float] = {}
    for edge in rules:
        if edge.vertical:
            drawn[edge.at] = drawn.get(edge.at, 0.0) + max(0.0, min(last, edge.last) - max(first, edge.first))
    return [at for at, length in drawn.items() if length >= COVER * (last - first)]


def _ends(area: Area, top: float, bottom: float) -> tuple[float, float]:
    """Top and bottom of an area moved to the ends of its vertical rules where no other text stands before: the rows go on so far."""
    drawn = [edge for edge in area.rules if edge.vertical]
    above, below = area.clear
    return (
        min([top, *(edge.first for edge in drawn if edge.first > above)]),
        max([bottom, *(edge.last for edge in drawn if edge.last < below)]),
    )


def _outer(drawn: Sequence[Edge], top: float, bottom: float, size: float) -> tuple[float, float]:
    above = [edge.at for edge in drawn if top - 2.5 * size <= edge.at <= top + 0.5 * size]
    below = [edge.at for edge in drawn if bottom - 0.5 * size <= edge.at <= bottom + 2.5 * size]
    return min(above, default=top), max(below, default=bottom)


def _between(left: tuple[float, float], right: tuple[float, float], area: Area, size: float) -> float:
    """Where one column ends and the next begins.

    A drawn rule says so; else close behind the figures, which stand at the right end of their column, or before the
    labels, which stand at the left end of theirs; never through a header if it can be helped.
    """
    for edge in area.rules:
        if edge.vertical and left[1] - 2 <= edge.at <= right[0] + 2:
            return edge.at
    free = [(left[1], right[0])]
    for segment in (segment for line in area.header for segment in line):
        if segment.x0 <= left[1] and segment.x1 >= right[0]:
            continue               # it stands over both
        free = [
            piece for a, b in free for piece in ((a, min(b, segment.x0)), (max(a, segment.x1), b)) if piece[1] - piece[0] > 0.5
        ]
    if not free:
        return (left[1] + right[0]) / 2
    at_left = any(left[1] - 1 < segment.x1 <= left[1] and segment.is_figure for line in area.body for segment in line)
    first, last = free[0] if at_left else free[-1]
    ends = [s.x1 for line in area.body for s in line if s.is_figure and _overlap((s.x0, s.x1), left) > 0]
    step = (last - first) / 2
    if not at_left or left[1] - median(ends or [left[1]]) <= ALIGNED:      # else figures stand in the middle of their column
        step = min(0.5 * size, step)
    return first + step if at_left else last - step


def columns_of(area: Area) -> list[tuple[float, float]]:
    """The columns of an area as stretches (x0, x1) that hold their text, from left to right."""
    ordinals = _ordinals(area.body)
    body = area.body[len(ordinals):]
    figures = _stretches((s.x0, s.x1) for line in body for s in line if s.is_figure)
    labels = [
        (s.x0, s.x1) for line in body for s in line
        if not s.is_figure and not any(_overlap((s.x0, s.x1), stretch) > 0.3 * (s.x1 - s.x0) for stretch in figures)
    ]
    cut: list[tuple[float, float]] = []
    for x0, x1 in _stretches(labels):
        pieces = [(x0, x1)]
        for left, right in figures:
            pieces = [piece for a, b in pieces for piece in ((a, min(b, left)), (max(a, right), b)) if piece[1] - piece[0] > 1.0]
        cut.extend(pieces)
    return _with_headers(sorted([*figures, *cut]), _lowest([*area.header, *ordinals]))


def _ordinals(body: Sequence[TextLine]) -> list[TextLine]:
    """The row of column numbers (** 1 2 3) that a body may begin with: it has something for every column, in its middle."""
    first = list(body[:1])
    return [line for line in first if len(line) > 2 and all(ORDINAL.fullmatch(segment.text) for segment in line)]


def _lowest(header: Sequence[TextLine]) -> list[tuple[float, float]]:
    """The stretches of the header that stand over no other, from left to right; wrapped ones as wide as their widest line.

    What stands above the header's middle has others under it, though none may be just below. Single characters may be
    parts of a word set wide, and make no stretch.
    """
    stacks: list[list[Segment]] = []
    for segment in sorted((segment for line in header for segment in line), key=lambda segment: segment.baseline):
        for stack in stacks:
            above = stack[-1]
            near = 0 < segment.baseline - above.baseline <= TIGHT * segment.size
            if near and abs(segment.x0 + segment.x1 - above.x0 - above.x1) < 1.2 * segment.size:
                stack.append(segment)
                break
        else:
            stacks.append([segment])
    shapes = [
        (min(s.x0 for s in stack), max(s.x1 for s in stack), stack[0].baseline, stack[-1].baseline, "".join(s.text for s in stack))
        for stack in stacks
    ]
    middle = (min((top for _, _, top, _, _ in shapes), default=0.0) + max((bottom for _, _, _, bottom, _ in shapes), default=0.0)) / 2
    size = header[0][0].size if header else 0.0
    parts = CODE_PARTS if len(CODE_PARTS & {text for *_, text in shapes}) > 1 else frozenset[str]()
    lowest = [
        (x0, x1) for x0, x1, top, bottom, text in shapes
        if (top + bottom) / 2 > middle - 0.4 * size and (len(text) > 1 or not text.isalpha() or text in parts)
        and not any(top > bottom + 1.0 and _overlap((x0, x1), (left, right)) > 0 for left, right, top, _, _ in shapes)
    ]
    return sorted(lowest)


def _header_pieces(area: Area, walls: Sequence[float]) -> list[Piece]:
    """The header's segments, those put together that stand close beside one another in one column."""
    pieces: list[Piece] = []
    for line in area.header:
        start = len(pieces)
        for segment in line:
            before = pieces[-1] if len(pieces) > start else None
            close = before is not None and segment.x0 - before[2] <= APART * segment.size
            if before is not None and close and not any(before[2] - 1 <= wall <= segment.x0 + 1 for wall in walls):
                pieces[-1] = f"{before[0]} {segment.text}", before[1], segment.x1, before[3], before[4]
            else:
                pieces.append((segment.text, segment.x0, segment.x1, segment.baseline, segment.size))
    return pieces


def _with_headers(columns: Sequence[tuple[float, float]], headers: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Columns widened by the headers beside them, and those that have a header but nothing under it.

    A header is centred in its column, figures stand at its right end and labels at its left: a header between two
    columns belongs to one of them that has no header of its own, and makes a new column only if neither lacks one.
    """
    own: dict[tuple[float, float], list[tuple[float, float]]] = {column: [] for column in columns}
    between: dict[int, list[tuple[float, float]]] = {}
    for header in headers:
        touched = [column for column in columns if _overlap(header, column) > 0]
        for column in touched:
            own[column].append(header)
        if not touched:
            between.setdefault(sum(column[1] <= header[0] for column in columns), []).append(header)
    extra: list[tuple[float, float]] = []
    for place, found in between.items():
        left = columns[place - 1] if place > 0 and not own[columns[place - 1]] else None
        right = columns[place] if place < len(columns) and not own[columns[place]] else None
        if left and right and len(found) == 1:
            nearer_left = found[0][0] - left[1] < right[0] - found[0][1]
            left, right = (left, None) if nearer_left else (None, right)
        if left:
            own[left].append(found.pop(0))
        if right and found:
            own[right].append(found.pop())
        extra.extend(found)
    widened = [_widened(column, own[column], columns) for column in columns]
    return sorted([*widened, *extra])


def _widened(
    column: tuple[float, float], headers: Sequence[tuple[float, float]], columns: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """A column that takes in its headers, those apart that stand over others too."""
    alone = [header for header in headers if not any(other != column and _overlap(header, other) > 0 for other in columns)]
    return min([column[0], *(x0 for x0, _ in alone)]), max([column[1], *(x1 for _, x1 in alone)])


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


def _floors(area: Area, drawn: Sequence[Edge], size: float) -> list[float]:
    """The heights between the rows of the body."""
    rows = _rows(area.body, size, [edge.at for edge in drawn])
    floors: list[float] = []
    for above, below in pairwise(rows):
        upper, lower = above[-1][0].baseline, below[0][0].baseline - 0.8 * size
        ruled = [edge.at for edge in drawn if upper - 0.3 * size <= edge.at <= below[0][0].baseline]
        floors.append(ruled[0] if ruled else (upper + lower) / 2 + 0.1 * size)
    return floors


def _rows(lines: Sequence[TextLine], size: float, rules: Sequence[float]) -> list[list[TextLine]]:
    """Lines in rows: a line without figures that stands close to one with figures is a part of its wrapped label."""
    if (ruled := _ruled_rows(lines, rules)) is not None:
        return ruled
    figured = [index for index, line in enumerate(lines) if is_figure_row(line)]
    pitches = sorted(lines[second][0].baseline - lines[first][0].baseline for first, second in pairwise(figured))
    pitch = pitches[len(pitches) // 10] if pitches else 2 * size
    owner = {index: index for index in figured}
    for index, line in enumerate(lines):
        if index in owner:
            continue
        near = [other for other in figured if not _is_ruled_off(lines[other][0].baseline, line[0].baseline, rules)]
        nearest = min(near, key=lambda other: abs(lines[other][0].baseline - line[0].baseline), default=None)
        if nearest is not None and abs(lines[nearest][0].baseline - line[0].baseline) < WRAPPED * pitch:
            owner[index] = nearest
        elif index - 1 in owner and len(line) == 1 and line[0].baseline - lines[index - 1][0].baseline < min(1.35 * size, 0.8 * pitch):
            owner[index] = owner[index - 1]
        else:
            owner[index] = index
    rows: dict[int, list[TextLine]] = {}
    for index, line in enumerate(lines):
        rows.setdefault(owner[index], []).append(line)
    return sorted(rows.values(), key=lambda row: row[0][0].baseline)


def _ruled_rows(lines: Sequence[TextLine], rules: Sequence[float]) -> list[list[TextLine]] | None:
    """Lines in the rows that rules part, if there is a rule between almost all lines with figures."""
    figured = [line[0].baseline for line in lines if is_figure_row(line)]
    parted = sum(_is_ruled_off(first, second, rules) for first, second in pairwise(figured))
    if len(figured) < 3 or parted < RULED * (len(figured) - 1):
        return None
    rows: dict[int, list[TextLine]] = {}
    for line in lines:
        rows.setdefault(sum(rule < line[0].baseline for rule in rules), []).append(line)
    return list(rows.values())


def _is_ruled_off(first: float, second: float, rules: Sequence[float]) -> bool:
    return any(min(first, second) <= rule < max(first, second) for rule in rules)


def _head_floor(area: Area, drawn: Sequence[Edge], size: float) -> float:
    """The height between header and body."""
    upper, lower = area.header[-1][0].baseline, area.body[0][0].baseline
    ruled = [edge.at for edge in drawn if upper - 0.2 * size <= edge.at <= lower]
    return ruled[-1] if ruled else (upper + 0.15 * size + lower - 0.9 * size) / 2
