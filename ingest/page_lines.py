"""The words outside every grid as lines, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.printed_words import Word, lines_of, text_of
from ingest.source import Block, Grid, Line
from store.values import Box

WIDE_GAP = 2.0
"""Ems of the larger type between two things that only happen to stand at one height."""
OTHER_SIZE = 1.3
"""How much larger one type is than another that cannot be of one line with it."""


def box_of(words: Sequence[Word]) -> Box:
    """The box round all words. Raises ValueError if there are none."""
    return (
        min(word.x0 for word in words), min(word.top for word in words),
        max(word.x1 for word in words), max(word.bottom for word in words),
    )


def lines_from(words: Sequence[Word], page: int | None) -> list[Line]:
    """Lines from the top down; type that is turned (watermarks, margins) makes lines of its own, at the end."""
    level = [part for line in lines_of([word for word in words if word.angle == 0]) for part in _parts(line)]
    margin = min((line[0].x0 for line in level), default=0.0)
    result = [
        Line(
            text_of(line), page, box_of(line), round(max(word.size for word in line), 2),
            indent=round(max(0.0, line[0].x0 - margin) / line[0].size, 1),
        )
        for line in level
    ]
    turned: list[Word] = []
    for word in [word for word in words if word.angle != 0]:
        if turned and (word.angle != turned[-1].angle or abs(word.size - turned[-1].size) > 0.5):
            result.append(_turned_line(turned, page))
            turned = []
        turned.append(word)
    if turned:
        result.append(_turned_line(turned, page))
    return result


def _parts(line: Sequence[Word]) -> list[list[Word]]:
    """A line in parts where type of another size follows after a wide gap: a menu beside a headline is no part of it."""
    parts: list[list[Word]] = [[line[0]]]
    for before, word in pairwise(line):
        small, large = sorted((before.size, word.size))
        if word.x0 - before.x1 > WIDE_GAP * large and large > OTHER_SIZE * small:
            parts.append([])
        parts[-1].append(word)
    return parts


def _turned_line(words: Sequence[Word], page: int | None) -> Line:
    return Line("".join(word.text for word in words), page, box_of(words), round(words[0].size, 2))


def in_reading_order(lines: Sequence[Line], grids: Sequence[Grid]) -> tuple[Block, ...]:
    """Lines and grids from the top down; what begins at the same height, from the left."""
    blocks: list[Block] = [*lines, *grids]

    def place(block: Block) -> tuple[float, float]:
        box = block.bbox or (0.0, 0.0, 0.0, 0.0)
        return ((box[1] + box[3]) / 2 if isinstance(block, Line) else box[1]), box[0]

    return tuple(sorted(blocks, key=place))
