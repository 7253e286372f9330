"""The header of a table without rules: which words stand over which columns, as edges.

Takes the header's pieces of text and the columns below; gives the edges that a printer would have drawn. Lines close
under one another are one wrapped header; a header over several columns is centred over them, and what stands under it
is centred on one height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.rules import Edge

Piece = tuple[str, float, float, float, float]
"""Text, x0, x1, baseline, size."""
TIGHT = 1.6
"""Ems between the baselines of one wrapped header."""
LEVEL = 0.6
"""Ems by which the middles of headers of one level differ."""
OFF_CENTRE = 1.2
"""Ems by which a header may miss the middle of the columns that it stands over."""


@dataclass(frozen=True, slots=True)
class Block:
    """A header, wrapped or not, with the columns that it stands over."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    first: int
    last: int

    @property
    def height(self) -> float:
        """Of its middle."""
        return (self.top + self.bottom) / 2

    def touches(self, column: int) -> bool:
        return self.first <= column <= self.last

    def is_under(self, upper: Block) -> bool:
        return self.top > upper.bottom - 0.3 * upper.size and self.first <= upper.last and self.last >= upper.first


def header_edges(pieces: Sequence[Piece], walls: Sequence[float], heights: tuple[float, float], drawn: Sequence[Edge]) -> list[Edge]:
    """Edges within the header between `heights` (top, bottom), whose columns are parted at `walls`, outer ones included."""
    top, bottom = heights
    blocks = _stacked(_widened(_blocks(_spaced_out(pieces, walls), walls), walls, drawn))
    parents = [block for block in blocks if any(other.is_under(block) for other in blocks)]
    floors = {block: _floor(block, parents, blocks) for block in parents}
    ceilings = {block: _ceiling(block, floors, top) for block in parents}
    edges: list[Edge] = []
    for index, x in enumerate(walls):
        opened = sorted((ceilings[block], floors[block]) for block in parents if block.first < index <= block.last)
        opened += [(_ceiling(block, floors, top), bottom) for block in blocks if block not in floors and block.first < index <= block.last]
        at = top
        for start, end in sorted(opened):
            if start > at:
                edges.append(Edge(True, x, at, start))
            at = max(at, end)
        if bottom > at:
            edges.append(Edge(True, x, at, bottom))
    edges.extend(Edge(False, floors[block], walls[block.first], walls[block.last + 1]) for block in parents)
    return edges


def _spaced_out(pieces: Sequence[Piece], walls: Sequence[float]) -> list[Piece]:
    """Pieces with words set wide (收 … 入) put together: single characters over one column, or over other headers."""
    result: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece[3], piece[1])):
        text, x0, x1, baseline, size = piece
        before = result[-1] if result else None
        if before is not None and len(before[0].replace(" ", "")) == 1 and len(text) == 1 and abs(before[3] - baseline) < 0.3 * size:
            lower = [other for other in pieces if other[3] > baseline + 0.8 * size and other[1] < x1 and other[2] > before[1]]
            if _columns(before[1], before[2], walls) == _columns(x0, x1, walls) or lower:
                result[-1] = (f"{before[0]} {text}", before[1], x1, before[3], size)
                continue
        result.append(piece)
    return result


def _blocks(pieces: Sequence[Piece], walls: Sequence[float]) -> list[Block]:
    """The lines of one wrapped header put together."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece[3]):
        for group in groups:
            if _continues(group[-1], piece, walls) and not _stands_over(group[-1], piece, pieces, walls):
                group.append(piece)
                break
        else:
            groups.append([piece])
    blocks: list[Block] = []
    for group in groups:
        x0, x1, size = min(piece[1] for piece in group), max(piece[2] for piece in group), group[0][4]
        blocks.append(Block(x0, x1, group[0][3] - 0.88 * size, group[-1][3] + 0.12 * size, size, *_columns(x0, x1, walls)))
    return blocks


def _continues(upper: Piece, lower: Piece, walls: Sequence[float]) -> bool:
    """Whether a line may be the next one of a wrapped header: close below, in the same columns or on the same axis."""
    _, left, right, above, _ = upper
    _, x0, x1, baseline, size = lower
    one = _columns(x0, x1, walls) == _columns(left, right, walls) or abs(x0 + x1 - left - right) < 1.2 * size
    return one and 0 < baseline - above <= TIGHT * size and min(x1, right) - max(x0, left) > 0.6 * min(x1 - x0, right - left)


def _stands_over(upper: Piece, lower: Piece, pieces: Sequence[Piece], walls: Sequence[float]) -> bool:
    """Whether a line close above another is the header over it and its neighbours, not the first line of the same header.

    The neighbours of a wrapped header's last line are wrapped too, or stand higher; those under one header stand as low as it or,
    with nothing under them, lower.
    """
    size, baseline = lower[4], lower[3]

    def is_near(piece: Piece, other: Piece) -> bool:
        return abs(other[3] - piece[3]) <= TIGHT * size and min(piece[2], other[2]) > max(piece[1], other[1])

    if any(_continues(lower, other, walls) and not _stands_over(lower, other, pieces, walls) for other in pieces):
        return False
    taken = _columns(lower[1], lower[2], walls)
    beside, under = set[int](), set(range(taken[0], taken[1] + 1))
    for piece in pieces:
        span = _columns(piece[1], piece[2], walls)
        columns = range(span[0], span[1] + 1)
        if piece is lower or piece[3] < baseline - 0.15 * size:
            continue
        under.update(columns)
        alone = not any(other is not upper and other is not piece and is_near(piece, other) for other in pieces)
        if piece[3] <= baseline + 0.85 * size and alone:
            beside.update(columns)
    middle = (upper[1] + upper[2]) / 2
    low, high = taken
    while low - 1 in under:
        low -= 1
    while high + 1 in under:
        high += 1
    return any(
        beside & set(range(first, last + 1)) and abs((walls[first] + walls[last + 1]) / 2 - middle) <= OFF_CENTRE * size
        for first in range(low, taken[0] + 1)
        for last in range(taken[1], high + 1)
    )


def _columns(x0: float, x1: float, walls: Sequence[float]) -> tuple[int, int]:
    """First and last column in which a good part of a stretch lies; that of its middle if it lies well in none."""
    touched = [
        index for index, (left, right) in enumerate(pairwise(walls))
        if min(x1, right) - max(x0, left) > 0.3 * min(x1 - x0, right - left)
    ]
    if not touched:
        middle = (x0 + x1) / 2
        nearest = min(range(len(walls) - 1), key=lambda index: abs((walls[index] + walls[index + 1]) / 2 - middle))
        return nearest, nearest
    return touched[0], touched[-1]


def _widened(blocks: Sequence[Block], walls: Sequence[float], drawn: Sequence[Edge]) -> list[Block]:
    """Blocks with the columns under them that they do not reach, level by level from the top.

    The headers of one level share the columns that have something under them: each stands over the middle of its share,
    within that of the header above it, and where a short rule runs close below it, over the columns of that rule.
    """
    spans = {block: (block.first, block.last) for block in blocks}
    parents = sorted((block for block in blocks if any(other.is_under(block) for other in blocks)), key=lambda block: block.height)
    wide: list[tuple[int, int]] = []
    while parents:
        level = [block for block in parents if block.height - parents[0].height < LEVEL * parents[0].size]
        parents = [block for block in parents if block not in level]
        shares = _shares(level, [_choices(block, level, blocks, walls, drawn, wide) for block in level])
        spans.update(zip(sorted(level, key=lambda block: block.x0 + block.x1), shares, strict=True))
        wide.extend(shares)
    return [Block(block.x0, block.x1, block.top, block.bottom, block.size, *spans[block]) for block in blocks]


Choice = tuple[int, int, float]
"""First and last column, and what speaks against it."""


def _shares(level: Sequence[Block], choices: Sequence[Sequence[Choice]]) -> list[tuple[int, int]]:
    """For each header of a level, from the left, its columns: no two headers share one, and least speaks against them all."""
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {-1: (0.0, [])}
    for _, options in sorted(zip(level, choices, strict=True), key=lambda pair: pair[0].x0 + pair[0].x1):
        found: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for end, (cost, taken) in best.items():
            for first, last, against in options:
                if first > end and (last not in found or cost + against < found[last][0]):
                    found[last] = cost + against, [*taken, (first, last)]
        if not found:
            return [(block.first, block.last) for block in sorted(level, key=lambda block: block.x0 + block.x1)]
        best = found
    return min(best.values(), key=lambda entry: entry[0])[1]


def _choices(
    block: Block, level: Sequence[Block], blocks: Sequence[Block], walls: Sequence[float], drawn: Sequence[Edge],
    wide: Sequence[tuple[int, int]],
) -> list[Choice]:
    """The runs of columns that a header may stand over. `wide` are those that headers above it stand over."""
    child = min((other for other in blocks if other.is_under(block)), key=lambda other: other.top)
    gains = [_gain(column, block, child, level, blocks) for column in range(len(walls) - 1)]
    middle = (block.x0 + block.x1) / 2
    centre = next((index for index, wall in enumerate(walls[1:-1]) if middle < wall), len(walls) - 2)
    if gains[centre] <= 0:
        centre = min((index for index, gain in enumerate(gains) if gain > 0), key=lambda index: abs(index - centre), default=block.first)
    ruled = _ruled_span(block, child, walls, drawn)
    if ruled is not None:
        gains = [gain if ruled[0] <= column <= ruled[1] else 0.0 for column, gain in enumerate(gains)]
    around = [span for span in wide if span[0] <= centre <= span[1]]
    low, high = max((first for first, _ in around), default=0), min((last for _, last in around), default=len(walls) - 2)
    result: list[Choice] = [(centre, centre, abs((walls[centre] + walls[centre + 1]) / 2 - middle) / block.size + OFF_CENTRE)]
    first = centre
    while first >= low and (first == centre or gains[first] > 0):
        last = centre
        while last <= high and (last == centre or gains[last] > 0):
            miss = abs((walls[first] + walls[last + 1]) / 2 - middle) / block.size
            left_out = sum(not first <= column <= last for column in range(block.first, block.last + 1))
            result.append((first, last, miss + 3 * max(0.0, miss - OFF_CENTRE) + left_out - sum(gains[first : last + 1])))
            last += 1
        first -= 1
    return result


def _gain(column: int, block: Block, child: Block, level: Sequence[Block], blocks: Sequence[Block]) -> float:
    """What speaks for a column to stand under a header: what stands there is as high as the header's own child.

    Where that child has headers under it, what has none stands lower, in the middle of the rows that it goes over.
    """
    here = [other for other in blocks if other.touches(column) and other not in level]
    if any(other.bottom > block.top + 0.3 * block.size and other.top < block.bottom - 0.3 * block.size for other in here):
        return 0.0
    has_own = any(other.is_under(child) for other in blocks)
    gains = [0.0]
    for other in here:
        lower = (other.height - child.height) / block.size
        is_parent = any(another.is_under(other) for another in here if another is not other)
        if abs(lower) < LEVEL:
            gains.append(0.5 if is_parent or not has_own else 0.1)
        elif lower > 0 and other.top > block.bottom - 0.3 * block.size:
            gains.append(0.4 if has_own else 0.1)
    return max(gains)


def _ruled_span(block: Block, child: Block, walls: Sequence[float], drawn: Sequence[Edge]) -> tuple[int, int] | None:
    """The columns over which a rule runs between a header and its child, if it runs over some and not over all."""
    for edge in drawn:
        near = block.bottom - 0.4 * block.size <= edge.at <= min(block.bottom + 1.2 * block.size, child.top + 0.4 * block.size)
        if not near or edge.first > block.x0 + 1 or edge.last < block.x1 - 1:
            continue
        inside = [i for i, (left, right) in enumerate(pairwise(walls)) if edge.first - 3 <= (left + right) / 2 <= edge.last + 3]
        if inside and len(inside) < len(walls) - 1 and inside[0] <= block.first and inside[-1] >= block.last:
            return inside[0], inside[-1]
    return None


def _stacked(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with those over one same column, one above the other, put together: a wrapped header set with wide lines."""
    result: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.top):
        above = next((other for other in result if (other.first, other.last) == (block.first, block.last)), None)
        if above is None or block.first != block.last:
            result.append(block)
            continue
        x0, x1 = min(above.x0, block.x0), max(above.x1, block.x1)
        result[result.index(above)] = Block(x0, x1, above.top, block.bottom, block.size, block.first, block.last)
    return result


def _floor(block: Block, parents: Sequence[Block], blocks: Sequence[Block]) -> float:
    """Where the cell of a header ends: between it and what stands under it; headers of one level end at one height."""
    level = [other for other in parents if abs(other.height - block.height) < LEVEL * block.size]
    return min((other.bottom + min(lower.top for lower in blocks if lower.is_under(other))) / 2 for other in level)


def _ceiling(block: Block, floors: dict[Block, float], top: float) -> float:
    """Where the cell of a header begins: below the header above it, else at the top."""
    above = [floors[other] for other in floors if other is not block and block.is_under(other)]
    return max(above, default=top)
