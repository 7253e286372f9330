"""The header of a table without rules: which words stand over which columns, as edges.

Takes the header's segments and the columns below; gives the edges that a printer would have drawn. Lines close under one
another are one wrapped header; a header over several columns is centred over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.rules import Edge

Piece = tuple[str, float, float, float, float]
"""Text, x0, x1, baseline, size."""
TIGHT = 1.5
"""Ems between the baselines of one wrapped header."""
OFF_CENTRE = 1.2
"""Ems by which a header may miss the middle of the columns that it stands over."""


@dataclass(frozen=True, slots=True)
class Block:
    """A header, wrapped or not, with the columns that its text touches."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    first: int
    last: int


def header_edges(pieces: Sequence[Piece], walls: Sequence[float], heights: tuple[float, float], drawn: Sequence[Edge]) -> list[Edge]:
    """Edges within the header between `heights` (top, bottom), whose columns are parted at `walls`, outer ones included."""
    top, bottom = heights
    blocks = _blocks(pieces, walls)
    parents = [block for block in blocks if any(_is_under(other, block) for other in blocks) or block.last > block.first]
    spans = {id(block): _span(block, blocks, walls, drawn) for block in parents}
    floors = {id(block): _floor(block, blocks, bottom) for block in parents}
    for block in parents:                      # headers of one level end at one height
        level = [other for other in parents if abs(other.bottom - block.bottom) < 0.5 * block.size]
        floors[id(block)] = min(floors[id(other)] for other in level)
    edges: list[Edge] = []
    for index, x in enumerate(walls):
        open_ = [
            (_ceiling(block, parents, spans, floors, top), floors[id(block)])
            for block in parents if spans[id(block)][0] < index <= spans[id(block)][1]
        ]
        at = top
        for start, end in sorted(open_):
            if start > at:
                edges.append(Edge(True, x, at, start))
            at = max(at, end)
        if bottom > at:
            edges.append(Edge(True, x, at, bottom))
    for block in parents:
        first, last = spans[id(block)]
        if floors[id(block)] < bottom - 1:
            edges.append(Edge(False, floors[id(block)], walls[first], walls[last + 1]))
    return edges


def _blocks(pieces: Sequence[Piece], walls: Sequence[float]) -> list[Block]:
    blocks: list[Block] = []
    for _, x0, x1, baseline, size in sorted(pieces, key=lambda piece: piece[3]):
        touched = [
            index for index in range(len(walls) - 1)
            if min(x1, walls[index + 1]) - max(x0, walls[index]) > min(0.4 * size, 0.5 * (x1 - x0))
        ] or [min(range(len(walls) - 1), key=lambda index: abs((walls[index] + walls[index + 1]) / 2 - (x0 + x1) / 2))]
        new = Block(x0, x1, baseline - 0.88 * size, baseline + 0.12 * size, size, touched[0], touched[-1])
        for index, block in enumerate(blocks):
            same = (block.first, block.last) == (new.first, new.last)
            if same and baseline - (block.bottom - 0.12 * block.size) <= TIGHT * size:
                blocks[index] = Block(min(x0, block.x0), max(x1, block.x1), block.top, new.bottom, size, block.first, block.last)
                break
        else:
            blocks.append(new)
    return blocks


def _is_under(lower: Block, upper: Block) -> bool:
    return lower is not upper and lower.top > upper.bottom - 0.3 * upper.size and lower.first <= upper.last and lower.last >= upper.first


def _span(block: Block, blocks: Sequence[Block], walls: Sequence[float], drawn: Sequence[Edge]) -> tuple[int, int]:
    """First and last column under a header: as a short rule below it says, else the columns that it is centred over."""
    for edge in drawn:
        if block.bottom - 0.4 * block.size <= edge.at <= block.bottom + 1.2 * block.size and edge.first < block.x1 and edge.last > block.x0:
            inside = [i for i in range(len(walls) - 1) if edge.first - 3 <= (walls[i] + walls[i + 1]) / 2 <= edge.last + 3]
            if inside and len(inside) < len(walls) - 1 and inside[0] <= block.first and inside[-1] >= block.last:
                return inside[0], inside[-1]
    free = [
        all(
            other is block or _is_under(other, block) or other.bottom < block.top + 0.3 * block.size
            for other in blocks if other.first <= index <= other.last
        ) and any(_is_under(other, block) or other is block for other in blocks if other.first <= index <= other.last)
        or any(other.first <= index <= other.last and other.top > block.bottom - 0.3 * block.size for other in blocks)
        and not any(other.first <= index <= other.last and abs(other.bottom - block.bottom) < block.size and other is not block for other in blocks)
        for index in range(len(walls) - 1)
    ]
    left, right = block.first, block.last
    while left > 0 and free[left - 1]:
        left -= 1
    while right < len(walls) - 2 and free[right + 1]:
        right += 1
    middle = (block.x0 + block.x1) / 2
    best, miss = (block.first, block.last), float("inf")
    for first in range(left, block.first + 1):
        for last in range(block.last, right + 1):
            off = abs((walls[first] + walls[last + 1]) / 2 - middle)
            if off < miss - 0.5 * block.size or (off <= OFF_CENTRE * block.size and last - first > best[1] - best[0]):
                best, miss = (first, last), off
    return best


def _floor(block: Block, blocks: Sequence[Block], bottom: float) -> float:
    under = [other.top for other in blocks if _is_under(other, block)]
    return (block.bottom + min(under)) / 2 if under else bottom


def _ceiling(
    block: Block, parents: Sequence[Block], spans: dict[int, tuple[int, int]], floors: dict[int, float], top: float
) -> float:
    """Where a header's cell begins: below the header above it, else at the top."""
    first, last = spans[id(block)]
    above = [
        floors[id(other)] for other in parents
        if other is not block and other.bottom <= block.top + 0.3 * block.size and spans[id(other)][0] <= first and spans[id(other)][1] >= last
    ]
    return max(above, default=top)
