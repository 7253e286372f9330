"""Side-by-side forms in a text without columns: 收入 项目 金额 | 支出 项目 金额 | ….

Takes the header's leaves and the body's lines, gives a grid. A line's labels go to blocks in order; which block a label
belongs to where a line has fewer labels than blocks is told by each block's own numbering (一、 二、 …), by a block not
beginning again once it has ended, and by what a total says it totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_headers import HeaderCell
from ingest.text_words import is_figure, squeeze

WIDTH: Final = 400
"""Readings of the lines so far that are kept."""

WRONG_NUMBER: Final = 4.0
BEGINS_AGAIN: Final = 1.0
WRONG_SIDE: Final = 6.0

_NUMERALS: Final = "零一二三四五六七八九"
_NUMBERED: Final = re.compile(r"([一二三四五六七八九十]{1,3})、")
_TOTAL: Final = re.compile(r"(?:本年)?(收入|支出)?(?:合计|总计)")
_TWO_TOTALS: Final = re.compile(r"(?:本年)?(?:收入|支出)(?:合计|总计)")


@dataclass(frozen=True, slots=True)
class Item:
    """A label with its figures in one line."""

    label: str
    figures: tuple[str, ...]
    indent: float


@dataclass(frozen=True, slots=True)
class _Reading:
    cost: float
    numbers: tuple[int, ...]  # the last 一、二、… of each block
    ended: tuple[bool, ...]  # whether a block had no label in the line before
    lines: tuple[tuple[int, ...], ...]


def block_rows(leaves: Sequence[HeaderCell], starts: Sequence[int], lines: Sequence[str], page: int | None) -> Grid | None:
    """The grid of a side-by-side form. `starts` are the leaves that begin a block (项目)."""
    rows = [items for line in lines if (items := line_items(line))]
    blocks = len(starts)
    if any(len(items) > blocks for items in rows):
        return None
    sides = _sides(blocks, rows)
    readings = [_Reading(0.0, (0,) * blocks, (False,) * blocks, ())]
    for items in rows:
        grown = sorted(
            (_grow(reading, items, way, sides) for reading in readings for way in combinations(range(blocks), len(items))),
            key=lambda reading: reading.cost,
        )
        readings = grown[:WIDTH]
    second = readings[1] if len(readings) > 1 else None
    sure = second is None or second.cost - readings[0].cost > 0
    return _grid(leaves, starts, rows, readings[0].lines, sides, None if sure or second is None else second.lines, page)


def line_items(line: str) -> list[Item]:
    """A line's labels with the figures behind each; letterspaced labels are joined."""
    items: list[Item] = []
    labels: list[str] = []
    figures: list[str] = []
    indent = leading(line)
    for word in [*_words(line), ""]:
        if is_figure(word) and labels:
            figures.append(word)
            continue
        if labels and (figures or word == "" or not _joins(labels[-1], word)):
            items.append(Item("".join(labels), tuple(figures), indent))
            labels, figures, indent = [], [], 0.0
        if word:
            labels.append(word)
    return items


def leading(line: str) -> float:
    """Blanks before a line's first letter, in characters."""
    return sum(1.0 if blank == "\u3000" else 0.5 for blank in line[: len(line) - len(line.lstrip())])


def _words(line: str) -> Iterator[str]:
    yield from re.findall(r"\S+", line)


def _joins(before: str, word: str) -> bool:
    """Letterspaced letters belong together; a label that ends a total does not take another's first letter."""
    return (len(word) == 1 and len(before) == 1 and not is_figure(word)) or bool(re.fullmatch(r"其中[:：]", before))


def _sides(blocks: int, rows: Sequence[Sequence[Item]]) -> tuple[str, ...]:
    """收入 or 支出 for each block: as the fullest line of totals says, else the first block is income."""
    for items in rows:
        names = [match.group(1) for item in items if (match := _TOTAL.search(squeeze(item.label)))]
        if len(items) == blocks and len(names) == blocks and all(names):
            return tuple(names)
    return ("收入", *("支出",) * (blocks - 1))


def _grow(reading: _Reading, items: Sequence[Item], way: tuple[int, ...], sides: tuple[str, ...]) -> _Reading:
    cost, numbers, ended = reading.cost, list(reading.numbers), [True] * len(sides)
    for item, block in zip(items, way, strict=True):
        ended[block] = False
        total = _TOTAL.fullmatch(squeeze(item.label))
        if total:
            cost += WRONG_SIDE if total.group(1) not in (None, sides[block]) else 0.0
            continue
        numbered = _NUMBERED.match(item.label)
        if numbered:
            number = read_numeral(numbered.group(1))
            cost += 0.0 if number == numbers[block] + 1 else WRONG_NUMBER
            numbers[block] = number
        cost += BEGINS_AGAIN if reading.ended[block] and reading.lines else 0.0
    return _Reading(cost, tuple(numbers), tuple(ended), (*reading.lines, way))


def read_numeral(text: str) -> int:
    """`二十一` → 21, up to 99."""
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.index(tens) if tens else 1 if ten else 0) * (10 if ten else 0) + (_NUMERALS.index(ones) if ones else 0)


def _grid(
    leaves: Sequence[HeaderCell],
    starts: Sequence[int],
    rows: Sequence[Sequence[Item]],
    ways: Sequence[tuple[int, ...]],
    sides: tuple[str, ...],
    other: Sequence[tuple[int, ...]] | None,
    page: int | None,
) -> Grid:
    ends = [*starts[1:], len(leaves)]
    cells: list[GridCell] = []
    for block, side in enumerate(sides):
        if block == 0 or sides[block - 1] != side:
            last = max(index for index in range(block, len(sides)) if all(name == side for name in sides[block : index + 1]))
            cells.append(GridCell(0, starts[block], 1, ends[last] - starts[block], side, None, centred=True))
    cells += [GridCell(1, index, 1, 1, leaf.text, None, centred=True) for index, leaf in enumerate(leaves)]
    for number, (items, way) in enumerate(zip(rows, ways, strict=True)):
        doubt = "column_unsettled" if other is not None and other[number] != way else None
        for item, block in zip(items, way, strict=True):
            cells.append(GridCell(number + 2, starts[block], 1, 1, item.label, None, indent=item.indent))
            for offset, text in enumerate(item.figures, start=1):
                if starts[block] + offset < ends[block]:
                    cells.append(GridCell(number + 2, starts[block] + offset, 1, 1, text, None, doubt=doubt))
    return Grid(page, None, len(rows) + 2, len(leaves), tuple(cells))
