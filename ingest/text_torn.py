"""Header cells whose wrapped lines a text printed row by row: `上级主 纳入一 | 般公共 管部门 | …`.

Takes the words of one paragraph (lines without a blank one between), gives the known header cells that they make
together, in the order of their columns. Every word must be used once: an exact cover by known cells, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ingest.text_headers import is_header_cell, may_go_on

MOST_STEPS: Final = 20_000
"""Ways to put words together that are tried."""

_ORDINAL: Final = re.compile(r"\*+|\d{1,2}")

FEWEST: Final = 6
"""Words from which a paragraph may be a torn header: fewer are one wrapped cell, which other modules join."""


def torn_cells(lines: Sequence[Sequence[str]]) -> list[str] | None:
    """The header cells that the words of a paragraph's lines make, from left to right; None if they make none."""
    words = [(number, word) for number, line in enumerate(lines) for word in line if not _ORDINAL.fullmatch(word)]
    if len(words) < FEWEST or not any(len(line) > 1 for line in lines):
        return None
    cover = next(_covers(words, frozenset(), [MOST_STEPS]), None)
    return None if cover is None else ["".join(words[at][1] for at in cell) for cell in _from_left(cover, words)]


def _covers(words: Sequence[tuple[int, str]], used: frozenset[int], steps: list[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Ways to use all words in known cells; a cell takes one word of a line, and its lines from the top down."""
    first = next((at for at in range(len(words)) if at not in used), None)
    if first is None:
        yield ()
        return
    for cell in _cells_from(words, (first,), words[first][1], used, steps):
        for rest in _covers(words, used | set(cell), steps):
            yield (cell, *rest)


def _cells_from(
    words: Sequence[tuple[int, str]], taken: tuple[int, ...], text: str, used: frozenset[int], steps: list[int]
) -> Iterator[tuple[int, ...]]:
    steps[0] -= 1
    if steps[0] < 0:
        return
    if is_header_cell(text):
        yield taken
    if not may_go_on(text):
        return
    tried: set[str] = set()
    for at in range(taken[-1] + 1, len(words)):
        line, word = words[at]
        if at in used or line == words[taken[-1]][0] or word in tried:
            continue
        if is_header_cell(text + word) or may_go_on(text + word):
            tried.add(word)
            yield from _cells_from(words, (*taken, at), text + word, used, steps)


def _from_left(cells: Sequence[tuple[int, ...]], words: Sequence[tuple[int, str]]) -> list[tuple[int, ...]]:
    """The cells in an order that agrees with every line that shows several of them; earlier printed ones first where none says."""
    before = {
        (first, second)
        for first in range(len(cells))
        for second in range(len(cells))
        if any(words[one][0] == words[other][0] and one < other for one in cells[first] for other in cells[second])
    }
    left = list(range(len(cells)))
    ordered: list[tuple[int, ...]] = []
    while left:
        free = [at for at in left if not any((other, at) in before for other in left)] or left
        at = free[0]
        left.remove(at)
        ordered.append(cells[at])
    return ordered



def whole_cells(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """A table's lines with torn header cells put together, each in a line apart; and the cells that were torn."""
    whole: list[str] = []
    found: list[str] = []
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line)
            continue
        words = [part.split() for part in paragraph]
        cells = torn_cells(words) or _single_cell(words)
        if cells:
            found += cells
            whole += [text for cell in cells for text in (cell, "")]
            whole += [text for part in words for word in part if _ORDINAL.fullmatch(word) for text in (word, "")]
        else:
            whole += _pairs_joined(paragraph)
        whole.append("")
        paragraph = []
    return whole, found


def _single_cell(words: Sequence[Sequence[str]]) -> list[str] | None:
    """One wrapped header cell: lines of one word each that are known together, and are no cells each."""
    text = "".join(word for line in words for word in line)
    whole = len(words) > 1 and all(len(line) == 1 for line in words) and is_header_cell(text)
    return [text] if whole and not all(is_header_cell(line[0]) for line in words) else None


def _pairs_joined(paragraph: Sequence[str]) -> list[str]:
    """A paragraph's lines, two lines that make one header cell (`单位代` above `码`) as one."""
    lines: list[str] = []
    for line in paragraph:
        text = line.strip()
        if lines and is_header_cell(lines[-1].strip() + text) and not (is_header_cell(lines[-1]) and is_header_cell(text)):
            lines[-1] = lines[-1].strip() + text
        else:
            lines.append(line)
    return lines
