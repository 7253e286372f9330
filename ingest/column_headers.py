"""The header of a table without rules: which words stand over which columns, as edges.

Takes the header's pieces of text and the columns below; gives the edges that a printer would have drawn. Lines close
under one another are one wrapped header; a header over several columns is centred over them, and what stands under it
is centred on one height.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        _, x0, x1, baseline, size = piece
        for group in groups:
            _, left, right, above, _ = group[-1]
            one = _columns(x0, x1, walls) == _columns(left, right, walls) or abs(x0 + x1 - left - right) < 1.2 * size
            if 0 < baseline - above <= TIGHT * size and min(x1, right) - max(x0, left) > 0.6 * min(x1 - x0, right - left) and one:
                group.append(piece)
                break
        else:
            groups.append([piece])
    blocks: list[Block] = []
    for group in groups:
        x0, x1, size = min(piece[1] for piece in group), max(piece[2] for piece in group), group[0][4]
        blocks.append(Block(x0, x1, group[0][3] - 0.88 * size, group[-1][3] + 0.12 * size, size, *_columns(x0, x1, walls)))
    return blocks


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
    """Blocks with the columns under them that they do not reach: as a short rule says, else by what they are centred over."""
    return [
        Block(block.x0, block.x1, block.top, block.bottom, block.size, *_span(block, blocks, walls, drawn)) for block in blocks
    ]


def _span(block: Block, blocks: Sequence[Block], walls: Sequence[float], drawn: Sequence[Edge]) -> tuple[int, int]:
    children = [other for other in blocks if other.is_under(block)]
    if not children:
        return block.first, block.last
    ruled = _ruled_span(block, walls, drawn)
    if ruled is not None:
        return ruled
    child = min(children, key=lambda other: other.top)

    def is_free(column: int) -> bool:
        here = [other for other in blocks if other.touches(column) and other is not block]
        beside = any(other.bottom > block.top + 0.3 * block.size and other.top < block.bottom - 0.3 * block.size for other in here)
        return not beside and any(abs(other.height - child.height) < LEVEL * block.size for other in here)

    return _centred(block, is_free, walls)


def _ruled_span(block: Block, walls: Sequence[float], drawn: Sequence[Edge]) -> tuple[int, int] | None:
    """The columns over which a rule runs close below a header, if it runs over some and not over all."""
    for edge in drawn:
        near = block.bottom - 0.4 * block.size <= edge.at <= block.bottom + 1.2 * block.size
        if not near or edge.first > block.x0 or edge.last < block.x1:
            continue
        inside = [i for i, (left, right) in enumerate(pairwise(walls)) if edge.first - 3 <= (left + right) / 2 <= edge.last + 3]
        if inside and len(inside) < len(walls) - 1 and inside[0] <= block.first and inside[-1] >= block.last:
            return inside[0], inside[-1]
    return None


def _centred(block: Block, is_free: Callable[[int], bool], walls: Sequence[float]) -> tuple[int, int]:
    """The widest run of free columns round a block that it is centred over; its own columns if it is over none."""
    left, right = block.first, block.last
    while left > 0 and is_free(left - 1):
        left -= 1
    while right < len(walls) - 2 and is_free(right + 1):
        right += 1
    middle = (block.x0 + block.x1) / 2
    runs = [(first, last) for first in range(left, block.first + 1) for last in range(block.last, right + 1)]
    misses = {run: abs((walls[run[0]] + walls[run[1] + 1]) / 2 - middle) for run in runs}
    centred = [run for run in runs if misses[run] <= OFF_CENTRE * block.size]
    if centred:
        return max(centred, key=lambda run: (run[1] - run[0], -misses[run]))
    return min(runs, key=lambda run: misses[run])


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
