"""The header of a table whose columns kept their place: which words are one wrapped cell, which cell stands over which.

Takes the header's lines as words with places (ingest/text_places.py); gives leaf cells from left to right, one a column,
and the parents over them. Cells are told apart by their centres and by the words that headers are known to print.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.text_headers import is_header_cell, may_go_on, parents_of
from ingest.text_places import Word, is_letter, letterspaced

SAME_CENTRE: Final = 2.0
"""Characters: wrapped lines of one header cell are centred within 1.5 of one another in the samples."""

BROKEN_OFF: Final = 6.0
"""Characters by which the end of a broken word may be off: places drift with the Chinese characters before them."""

SKIPPED_LINES: Final = 2
"""A wrapped header cell may skip this many text lines, because its neighbours wrap at other heights."""

KNOWN_WORD: Final = 3.0
"""Characters of distance that knowing the joined word is worth."""

HIGH: Final = 0.4
"""Lines above the header's middle from which a cell may be a parent."""

REACH: Final = 25
"""Characters to each side in which a parent's leaves may begin."""

MISPLACED: Final = 8.0
"""Characters that a leaf at the wrong height counts for."""

NAMES_CODE: Final = re.compile(r"编码|代码|^[类款项]$|序号|行次|栏次")
NAMES_LABEL: Final = re.compile(r"科目|编码|代码|名称|^项目(?:[（(].*)?$|^[类款项]$|^单位$|备注|说明|行次|栏次|目标|内容|指标")
NAMES_FIGURE: Final = re.compile(r"数$|预算$|决算$|金额|合计|小计|总计|支出$|收入$|经费$|费$|拨款$|结转|结余|基金$|资金$|%|比例|[增减]")


@dataclass(slots=True)
class Stack:
    """A header cell: words under one another."""

    words: list[tuple[int, Word]]

    @property
    def centre(self) -> float:
        return sum(word.centre for _, word in self.words) / len(self.words)

    @property
    def start(self) -> int:
        return min(word.start for _, word in self.words)

    @property
    def end(self) -> int:
        return max(word.end for _, word in self.words)

    @property
    def top(self) -> int:
        return self.words[0][0]

    @property
    def bottom(self) -> int:
        return self.words[-1][0]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return "".join(word.text for _, word in self.words)


Parent = tuple[Stack, int, int, int]
"""A cell over others: itself, its depth (0 = outermost), its first and its last leaf."""


def header_tree(header: Sequence[Sequence[Word]]) -> tuple[list[Stack], list[Parent]]:
    """Leaf cells from left to right, and the parents over them, outermost first."""
    stacks = _stacks(header)
    bottom = max((stack.bottom for stack in stacks), default=0)
    top = min((stack.top for stack in stacks), default=0)
    high = [
        stack for stack in stacks if stack.middle < (top + bottom) / 2 - max(HIGH, 0.1 * (bottom - top + 1)) and _has_below(stack, stacks)
    ]
    leaves = sorted((stack for stack in stacks if stack not in high), key=lambda stack: stack.centre)
    return leaves, _parents(high, leaves, 0, len(leaves), (top, bottom), 0)


def _stacks(header: Sequence[Sequence[Word]]) -> list[Stack]:
    """The header's cells: words joined downwards, the nearest and best known pairs first."""
    words = [(number, word) for number, line in enumerate(header) for word in letterspaced(list(line), _continuing(header, number))]
    pairs = sorted(
        (cost, above, below)
        for above in range(len(words))
        for below in range(above + 1, len(words))
        if (cost := _join_cost(words[above], words[below])) is not None
    )
    next_of: dict[int, int] = {}
    for _, above, below in pairs:
        if above not in next_of and below not in next_of.values() and not _crosses(words, next_of, above, below):
            next_of[above] = below
    stacks: list[Stack] = []
    for index in range(len(words)):
        if index in next_of.values():
            continue
        chain = [index]
        while chain[-1] in next_of:
            chain.append(next_of[chain[-1]])
        stacks += [Stack([words[at] for at in part]) for part in _whole_parts(chain, words)]
    return stacks


def _continuing(header: Sequence[Sequence[Word]], number: int) -> list[Word]:
    """Single characters of a line that end a word begun above, and so belong to no neighbour in their own line."""
    above = [(at, word) for at in range(max(0, number - SKIPPED_LINES), number) for word in header[at]]
    return [
        word
        for word in header[number]
        if len(word.text) == 1
        and any(
            (
                abs(upper.centre - word.centre) <= BROKEN_OFF
                and not is_letter(upper.text)
                and (is_header_cell(upper.text + word.text) or may_go_on(upper.text + word.text))
            )
            or (abs(upper.centre - word.centre) <= SAME_CENTRE and not is_header_cell(upper.text) and len(upper.text) > 1)
            for _, upper in above
        )
    ]


def _join_cost(above: tuple[int, Word], below: tuple[int, Word]) -> float | None:
    """How unlikely it is that a word goes on in another below it, in characters; None if it can't."""
    (line, upper), (under, lower) = above, below
    apart = abs(upper.centre - lower.centre)
    if not 0 < under - line <= SKIPPED_LINES or upper.text in ("**", "类", "款", "项"):
        return None
    both = upper.text + lower.text
    known = is_header_cell(both) or may_go_on(both)
    ends = is_header_cell(upper.text) or (len(upper.text) >= 6 and bool(NAMES_FIGURE.search(upper.text)))
    whole = ends and is_header_cell(lower.text)
    if (whole and not known) or apart > (BROKEN_OFF if known or not is_header_cell(upper.text) else SAME_CENTRE):
        return None
    return apart + (under - line) - (KNOWN_WORD if known else 0.0)


def _crosses(words: Sequence[tuple[int, Word]], next_of: dict[int, int], above: int, below: int) -> bool:
    """Whether joining two words would cross a join already made between the same lines."""
    return any(
        words[upper][0] == words[above][0]
        and words[lower][0] == words[below][0]
        and (words[upper][1].centre < words[above][1].centre) != (words[lower][1].centre < words[below][1].centre)
        for upper, lower in next_of.items()
    )


def _whole_parts(chain: list[int], words: Sequence[tuple[int, Word]]) -> list[list[int]]:
    """A chain of words cut where a whole known cell is followed by another: a parent and its middle child."""
    for cut in range(1, len(chain)):
        first, rest = ("".join(words[at][1].text for at in part) for part in (chain[:cut], chain[cut:]))
        if is_header_cell(first) and is_header_cell(rest) and not is_header_cell(first + rest):
            return [chain[:cut], chain[cut:]]
    return [chain]


def _has_below(stack: Stack, stacks: Sequence[Stack]) -> bool:
    return any(other.top > stack.bottom and other.start <= stack.end + REACH and other.end >= stack.start - REACH for other in stacks)


def _parents(
    high: Sequence[Stack], leaves: Sequence[Stack], first: int, last: int, lines: tuple[int, int], depth: int
) -> list[Parent]:
    """Parents over leaves[first:last], outermost first. Cells are centred in height, which tells whether a leaf stands
    under a parent or beside it; a parent is centred over its leaves, which tells how many it has."""
    outer = sorted(
        (stack for stack in high if not any(_encloses(other, stack, high) for other in high if other is not stack)),
        key=lambda stack: stack.centre,
    )
    found: list[Parent] = []
    for parent, low, end in _ranges(outer, leaves, first, last, lines):
        found.append((parent, depth, low, end - 1))
        inner = [stack for stack in high if stack is not parent and _encloses(parent, stack, high) and stack not in outer]
        if inner:
            found += _parents(inner, leaves, low, end, (parent.bottom + 1, lines[1]), depth + 1)
    return found


def _encloses(outer: Stack, inner: Stack, high: Sequence[Stack]) -> bool:
    """Whether a high cell stands above another, nearer to it than its neighbours in that line."""
    if outer.bottom >= inner.top or bool(NAMES_LABEL.search(inner.text)) != bool(NAMES_LABEL.search(outer.text)):
        return False
    beside = [stack for stack in high if stack.top <= outer.bottom and stack.bottom >= outer.top]
    return min(beside, key=lambda stack: abs(stack.centre - inner.centre)) is outer


def _ranges(
    parents: Sequence[Stack], leaves: Sequence[Stack], first: int, last: int, lines: tuple[int, int]
) -> list[tuple[Stack, int, int]]:
    """Each parent with its run of leaves [low, end), all runs together at the least cost."""
    best: dict[tuple[int, int], tuple[float, list[tuple[Stack, int, int]]]] = {(0, first): (0.0, [])}
    for done in range(len(parents) + 1):
        for at in range(first, last + 1):
            if (done, at) not in best:
                continue
            cost, taken = best[done, at]
            if at < last:
                _offer(best, (done, at + 1), cost + _alone_cost(leaves[at], parents, lines), taken)
            if done < len(parents):
                for end in range(at + 1, last + 1):
                    price = _run_cost(parents[done], leaves[at:end], lines)
                    _offer(best, (done + 1, end), cost + price, [*taken, (parents[done], at, end)])
                _offer(best, (done + 1, at), cost + 3 * MISPLACED, taken)
    return best[len(parents), last][1]


def _offer(
    best: dict[tuple[int, int], tuple[float, list[tuple[Stack, int, int]]]],
    key: tuple[int, int],
    cost: float,
    taken: list[tuple[Stack, int, int]],
) -> None:
    if key not in best or cost < best[key][0]:
        best[key] = (cost, taken)


def _is_low(leaf: Stack, parent: Stack, lines: tuple[int, int]) -> bool:
    """Whether a leaf's height is the middle of what is left below the parent, rather than of the whole header."""
    return abs(leaf.middle - (parent.bottom + 1 + lines[1]) / 2) < abs(leaf.middle - (lines[0] + lines[1]) / 2)


def _alone_cost(leaf: Stack, parents: Sequence[Stack], lines: tuple[int, int]) -> float:
    nearest = min(parents, key=lambda parent: abs(parent.centre - leaf.centre), default=None)
    return MISPLACED if nearest is not None and _is_low(leaf, nearest, lines) else 0.0


def _run_cost(parent: Stack, run: Sequence[Stack], lines: tuple[int, int]) -> float:
    misplaced = sum(1 for leaf in run if not _is_low(leaf, parent, lines))
    names = bool(NAMES_LABEL.search(parent.text))
    misplaced += sum(1 for leaf in run if (names and NAMES_FIGURE.search(leaf.text)) or (not names and NAMES_CODE.search(leaf.text)))
    known = sum(1 for leaf in run if _plain_year(parent.text) in parents_of(leaf.text))
    return (
        abs((run[0].start + run[-1].end) / 2 - parent.centre)
        + MISPLACED * misplaced
        + (MISPLACED / 2 if len(run) == 1 else 0)
        - KNOWN_WORD * known
    )


def _plain_year(text: str) -> str:
    return re.sub(r"^(?:19|20)\d{2}年度?", "", text)
