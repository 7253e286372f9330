"""Tables of a text whose columns kept their place: `pdftotext -layout` and its like.

Takes the lines of one table below its caption, gives a grid. Columns come from the header: words that stand under one
another are one wrapped cell, a cell over several lower ones is their parent. Places are counted in characters and are
only nearly right, because a Chinese character is as wide as two digits and counts as one; so each row's cells are put
into columns in order, at the least total distance, and the columns' places are then learnt from the rows themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_headers import is_code_name, is_header_cell, may_go_on, parents_of, plain_header
from ingest.text_words import CODE, is_figure, is_row_start, is_total_word, squeeze

GAP: Final = re.compile(r"\s{2,}")
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

TEXT_IN_FIGURES: Final = 60.0
"""Distance (characters) that a label in a column of figures, or a figure in a column of labels, counts for."""

SPACED: Final = 20
"""Characters between the letters of one letterspaced word, at most."""

SPREAD: Final = 0.3
"""Share of blank lines from which they are the space between all lines, and part nothing."""

WRAP_LINES: Final = 2
"""From one part of a wrapped label to the next: its row's figures may stand in a line between them."""

UNCERTAIN: Final = 1.5
"""Two ways to place a row that differ by less than this distance (characters) are one as good as the other."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text in a line, with its first column and the one behind its last."""

    text: str
    start: int
    end: int

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2


@dataclass(slots=True)
class _Stack:
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


@dataclass(slots=True)
class _Column:
    """A column of the grid. `place` is where its text begins, or where its figures end."""

    stack: _Stack | None
    figures: bool
    place: float
    seen: list[float] = field(default_factory=list[float])


Columns = tuple[_Column, ...]
"""The columns of a table, for the page on which it goes on."""


def keeps_places(lines: Sequence[str]) -> bool:
    """Whether a table's lines show columns by their blanks: most lines with several cells hold wide gaps."""
    full = [line for line in lines if len(line.split()) > 1]
    wide = [line for line in full if re.search(r"\S{2,} {3,}\S{2,}", line)]
    return len(full) >= 2 and len(wide) >= 0.6 * len(full)


def words_of(line: str, header: bool = False) -> list[Word]:
    """The cells of a line: parted at wide gaps, in a header at every gap, in a body also on both sides of a figure."""
    words = [Word(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", line.replace("\u3000", " "))]
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        apart = (
            last is None
            or word.start - last.end > 1
            or header
            or is_figure(word.text)
            or is_figure(last.text)
            or last.text.isdigit()
            or "*" in word.text
        )
        if last is None or apart:
            joined.append(word)
        else:
            joined[-1] = Word(last.text + " " + word.text, last.start, word.end)
    return joined if header else _letterspaced(joined, [])


def _letterspaced(words: list[Word], apart: Sequence[Word]) -> list[Word]:
    """Joins `收   入`, `项     目` and `本 年 支 出 合 计`: single characters that make a known header cell, a total, or that
    stand closer together than to their neighbours. `apart` stay alone."""
    joined: list[Word] = []
    at = 0
    while at < len(words):
        end = at + 1
        while (
            end < len(words)
            and _is_letter(words[end].text)
            and _is_letter(words[at].text)
            and words[end].start - words[end - 1].end < SPACED
        ):
            end += 1
        run = [] if any(word in apart for word in words[at:end]) else words[at:end]
        length = next((size for size in range(len(run), 1, -1) if _is_word(run[:size], words, at)), 1)
        joined.append(Word("".join(word.text for word in words[at : at + length]), words[at].start, words[at + length - 1].end))
        at += length
    return joined


def _is_word(run: Sequence[Word], words: Sequence[Word], at: int) -> bool:
    text = "".join(word.text for word in run)
    if set(text) & set("类款"):
        return False
    if is_header_cell(text) or is_total_word(text) or is_code_name(text):
        return True
    widest = max(second.start - first.end for first, second in pairwise(run))
    before = run[0].start - words[at - 1].end if at else widest
    after = words[at + len(run)].start - run[-1].end if at + len(run) < len(words) else widest
    return widest < min(before, after)


def _is_letter(text: str) -> bool:
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"


def layout_grid(lines: Sequence[str], page: int | None, document: str) -> tuple[Grid, Columns] | None:
    """The grid of a table's lines (caption taken off) with its columns, or None if no header with two columns is found.

    `document` is the whole text without blanks: what it prints behind a column's name helps where places are drawn apart.
    """
    if sum(1 for line in lines if not line.strip()) > SPREAD * len(lines):
        lines = [line for line in lines if line.strip()]
    body = next((index for index, line in enumerate(lines) if _begins_body(line)), len(lines))
    header = [words_of(line, header=True) for line in lines[:body]]
    stacks = _stacks(header)
    leaves, parents = _tree(stacks)
    rows = [words for line in lines[body:] if (words := words_of(line))]
    if len(leaves) < 2:
        return None
    leaves, parents = _with_code_column(leaves, parents, rows)
    if any(len(row) > len(leaves) for row in rows):
        return None  # more cells than columns: the header is not understood
    columns = _columns(leaves, rows)
    paths = [[leaf.text, *(parent.text for parent, _, first, last in parents if first <= at <= last)] for at, leaf in enumerate(leaves)]
    placed = _as_document_says(_joined_rows(_place_rows(rows, columns), columns), columns, paths, document)
    return _grid(columns, parents, placed, page), tuple(columns)


def layout_rows(lines: Sequence[str], columns: Columns, page: int | None, document: str) -> Grid | None:
    """The grid of rows that go on from the page before, bare or under the same header; None if they are no such rows."""
    made = layout_grid(lines, page, document) if lines and not _begins_body(lines[0]) else None
    if made is not None:
        names = [column.stack.text for column in made[1] if column.stack]
        return made[0] if names == [column.stack.text for column in columns if column.stack] else None
    rows = [words for line in lines if (words := words_of(line))]
    if not rows or not all(any(is_figure(word.text) for word in row) or is_row_start(row[0].text) for row in rows[:2]):
        return None
    again = [_Column(column.stack, column.figures, column.place) for column in columns]
    return _grid(again, (), _joined_rows(_place_rows(rows, again), again), page, header=False)


def _as_document_says(
    rows: list[list[tuple[int, Word, bool]]], columns: Sequence[_Column], paths: Sequence[Sequence[str]], document: str
) -> list[list[tuple[int, Word, bool]]]:
    """The rows with columns of figures moved to where the document says that their total belongs.

    A column whose header the document nowhere prints before the total row's figure gives it up to the one free column
    nearby whose header is printed before that figure.
    """
    total = next((row for row in rows if any(is_total_word(word.text) for _, word, _ in row)), [])
    body = [row for row in rows if not _counts_columns(row)]
    filled = {index for row in body for index, _, _ in row}
    moves: dict[int, int] = {}
    for index, word, _ in total:
        if not columns[index].figures or "." not in word.text or _said(document, paths[index], word.text):
            continue
        nearby = [
            other
            for other in range(max(0, index - 2), min(len(columns), index + 3))
            if columns[other].figures
            and other not in filled
            and _said(document, paths[other][:1], word.text)
            and not any(min(index, other) < between < max(index, other) for between in filled)
        ]
        if len(nearby) == 1:
            moves[index] = nearby[0]
    if not moves:
        return rows
    return [row if _counts_columns(row) else [(moves.get(index, index), word, doubtful) for index, word, doubtful in row] for row in rows]


def _counts_columns(row: Sequence[tuple[int, Word, bool]]) -> bool:
    """`** ** 1 2 3`: the row that numbers the columns."""
    return all(re.fullmatch(r"\*+|\d{1,2}|栏次", word.text) for _, word, _ in row)


def _said(document: str, names: Sequence[str], figure: str) -> bool:
    return any(len(plain_header(name)) > 2 and plain_header(name) + figure in document for name in names)


def _with_code_column(
    leaves: list[_Stack], parents: list[tuple[_Stack, int, int, int]], rows: Sequence[Sequence[Word]]
) -> tuple[list[_Stack], list[tuple[_Stack, int, int, int]]]:
    """Leaves with two columns under a first header cell below which codes and names stand side by side."""
    coded = [row for row in rows if len(row) > 1 and CODE.fullmatch(row[0].text) and not is_figure(row[1].text)]
    first = leaves[0]
    if 2 * len(coded) < len(rows) or _NAMES_CODE.search(first.text) or any(low == 0 for _, _, low, _ in parents):
        return leaves, parents
    sides = [
        _Stack([(first.bottom, Word("", int(median(row[at].start for row in coded)), int(median(row[at].end for row in coded))))])
        for at in (0, 1)
    ]
    moved = [(parent, depth, low + 1, high + 1) for parent, depth, low, high in parents]
    return [*sides, *leaves[1:]], [(first, 0, 0, 1), *moved]


def _begins_body(line: str) -> bool:
    words = line.split()
    if not words:
        return False
    joined = squeeze(line)
    if is_total_word(joined):
        return True
    return is_row_start(words[0]) or (any(is_figure(word) for word in words) and not any("年" in word for word in words))


def _stacks(header: Sequence[Sequence[Word]]) -> list[_Stack]:
    """The header's cells: words joined downwards, the nearest and best known pairs first."""
    words = [(number, word) for number, line in enumerate(header) for word in _letterspaced(list(line), _continuing(header, number))]
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
    stacks: list[_Stack] = []
    for index in range(len(words)):
        if index in next_of.values():
            continue
        chain = [index]
        while chain[-1] in next_of:
            chain.append(next_of[chain[-1]])
        stacks += [_Stack([words[at] for at in part]) for part in _whole_parts(chain, words)]
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
                and not _is_letter(upper.text)
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
    ends = is_header_cell(upper.text) or (len(upper.text) >= 6 and bool(_NAMES_FIGURE.search(upper.text)))
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


def _tree(stacks: Sequence[_Stack]) -> tuple[list[_Stack], list[tuple[_Stack, int, int, int]]]:
    """Leaf cells from left to right, and parents with (depth, first leaf, last leaf)."""
    bottom = max((stack.bottom for stack in stacks), default=0)
    top = min((stack.top for stack in stacks), default=0)
    high = [
        stack for stack in stacks if stack.middle < (top + bottom) / 2 - max(HIGH, 0.1 * (bottom - top + 1)) and _has_below(stack, stacks)
    ]
    leaves = sorted((stack for stack in stacks if stack not in high), key=lambda stack: stack.centre)
    return leaves, _parents(high, leaves, 0, len(leaves), (top, bottom), 0)


def _has_below(stack: _Stack, stacks: Sequence[_Stack]) -> bool:
    return any(other.top > stack.bottom and other.start <= stack.end + REACH and other.end >= stack.start - REACH for other in stacks)


def _parents(
    high: Sequence[_Stack], leaves: Sequence[_Stack], first: int, last: int, lines: tuple[int, int], depth: int
) -> list[tuple[_Stack, int, int, int]]:
    """Parents over leaves[first:last], outermost first. Cells are centred in height, which tells whether a leaf stands
    under a parent or beside it; a parent is centred over its leaves, which tells how many it has."""
    outer = sorted(
        (stack for stack in high if not any(_encloses(other, stack, high) for other in high if other is not stack)),
        key=lambda stack: stack.centre,
    )
    found: list[tuple[_Stack, int, int, int]] = []
    for parent, low, end in _ranges(outer, leaves, first, last, lines):
        found.append((parent, depth, low, end - 1))
        inner = [stack for stack in high if stack is not parent and _encloses(parent, stack, high) and stack not in outer]
        if inner:
            found += _parents(inner, leaves, low, end, (parent.bottom + 1, lines[1]), depth + 1)
    return found


def _encloses(outer: _Stack, inner: _Stack, high: Sequence[_Stack]) -> bool:
    """Whether a high cell stands above another, nearer to it than its neighbours in that line."""
    if outer.bottom >= inner.top or bool(_NAMES_LABEL.search(inner.text)) != bool(_NAMES_LABEL.search(outer.text)):
        return False
    beside = [stack for stack in high if stack.top <= outer.bottom and stack.bottom >= outer.top]
    return min(beside, key=lambda stack: abs(stack.centre - inner.centre)) is outer


def _ranges(
    parents: Sequence[_Stack], leaves: Sequence[_Stack], first: int, last: int, lines: tuple[int, int]
) -> list[tuple[_Stack, int, int]]:
    """Each parent with its run of leaves [low, end), all runs together at the least cost."""
    best: dict[tuple[int, int], tuple[float, list[tuple[_Stack, int, int]]]] = {(0, first): (0.0, [])}
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
    best: dict[tuple[int, int], tuple[float, list[tuple[_Stack, int, int]]]],
    key: tuple[int, int],
    cost: float,
    taken: list[tuple[_Stack, int, int]],
) -> None:
    if key not in best or cost < best[key][0]:
        best[key] = (cost, taken)


def _is_low(leaf: _Stack, parent: _Stack, lines: tuple[int, int]) -> bool:
    """Whether a leaf's height is the middle of what is left below the parent, rather than of the whole header."""
    return abs(leaf.middle - (parent.bottom + 1 + lines[1]) / 2) < abs(leaf.middle - (lines[0] + lines[1]) / 2)


def _alone_cost(leaf: _Stack, parents: Sequence[_Stack], lines: tuple[int, int]) -> float:
    nearest = min(parents, key=lambda parent: abs(parent.centre - leaf.centre), default=None)
    return MISPLACED if nearest is not None and _is_low(leaf, nearest, lines) else 0.0


def _run_cost(parent: _Stack, run: Sequence[_Stack], lines: tuple[int, int]) -> float:
    misplaced = sum(1 for leaf in run if not _is_low(leaf, parent, lines))
    names = bool(_NAMES_LABEL.search(parent.text))
    misplaced += sum(1 for leaf in run if (names and _NAMES_FIGURE.search(leaf.text)) or (not names and _NAMES_CODE.search(leaf.text)))
    known = sum(1 for leaf in run if _plain_year(parent.text) in parents_of(leaf.text))
    return (
        abs((run[0].start + run[-1].end) / 2 - parent.centre)
        + MISPLACED * misplaced
        + (MISPLACED / 2 if len(run) == 1 else 0)
        - KNOWN_WORD * known
    )


def _plain_year(text: str) -> str:
    return re.sub(r"^(?:19|20)\d{2}年度?", "", text)


def _columns(leaves: Sequence[_Stack], rows: Sequence[Sequence[Word]]) -> list[_Column]:
    """Columns in order. A column holds figures when the figures of the rows stand nearer to it than the labels do."""
    votes = [[0, 0] for _ in leaves]
    for row in rows:
        for word in row:
            nearest = min(range(len(leaves)), key=lambda index: abs(leaves[index].centre - word.centre))
            votes[nearest][is_figure(word.text)] += 1
    columns: list[_Column] = []
    for leaf, (labels, figures) in zip(leaves, votes, strict=True):
        of_figures = bool(leaf.text) and not _NAMES_LABEL.search(leaf.text) and (figures >= labels or bool(_NAMES_FIGURE.search(leaf.text)))
        columns.append(_Column(leaf, of_figures, leaf.end if of_figures else leaf.start))
    return columns


_NAMES_CODE: Final = re.compile(r"编码|代码|^[类款项]$|序号|行次|栏次")
_NAMES_LABEL: Final = re.compile(r"科目|编码|代码|名称|^项目(?:[（(].*)?$|^[类款项]$|^单位$|备注|说明|行次|栏次|目标|内容|指标")
_NAMES_FIGURE: Final = re.compile(r"数$|预算$|决算$|金额|合计|小计|总计|支出$|收入$|经费$|费$|拨款$|结转|结余|基金$|资金$|%|比例|[增减]")


def _place_rows(rows: Sequence[Sequence[Word]], columns: list[_Column]) -> list[list[tuple[int, Word, bool]]]:
    for _ in range(3):
        for column in columns:
            column.seen = []
        placed = [_place(row, columns) for row in rows]
        for row in placed:
            for index, word, _ in row:
                columns[index].seen.append(word.end if columns[index].figures else word.start)
        for column in columns:
            if column.seen:
                column.place = median(column.seen)
    return [_place(row, columns) for row in rows]


def _cost(word: Word, column: _Column) -> float:
    figure = is_figure(word.text)
    distance = abs((word.end if column.figures else word.start) - column.place)
    if column.stack is not None and not column.seen:
        distance = abs(word.centre - column.stack.centre)
    return distance + (TEXT_IN_FIGURES if figure != column.figures and not (word.text.isdigit() and not column.figures) else 0.0)


def _place(row: Sequence[Word], columns: Sequence[_Column]) -> list[tuple[int, Word, bool]]:
    """Each word's column, in order and each column once, at the least total distance; and whether that is uncertain."""
    width = len(columns)
    words = list(row)[:width]
    best: list[list[float]] = [[0.0] * (width + 1)]
    for word in words:
        line = [float("inf")]
        for index, column in enumerate(columns):
            line.append(min(line[-1], best[-1][index] + _cost(word, column)))
        best.append(line)
    placed: list[tuple[int, Word, bool]] = []
    index = width
    for number in range(len(words), 0, -1):
        while index > 1 and best[number][index - 1] <= best[number][index]:
            index -= 1
        placed.append((index - 1, words[number - 1], False))
        index -= 1
    placed.reverse()
    return placed


def _joined_rows(rows: Sequence[list[tuple[int, Word, bool]]], columns: Sequence[_Column]) -> list[list[tuple[int, Word, bool]]]:
    """Rows whose labels wrap over two or three lines, in one: figures stand in the middle line, other columns may not wrap."""
    group = list(range(len(rows)))
    for column in (index for index, column in enumerate(columns) if not column.figures):
        parts = [(at, word) for at, row in enumerate(rows) for index, word, _ in row if index == column]
        widest = max((len(word.text) for _, word in parts), default=0)
        for (at, word), (below, rest) in pairwise(parts):
            if below - at <= WRAP_LINES and _wraps(word.text, rest.text, widest):
                group[below] = group[at]
                for between in range(at + 1, below):
                    group[between] = group[at]
    joined: list[list[tuple[int, Word, bool]]] = []
    for members in _runs(group):
        merged = _merged([rows[at] for at in members], columns)
        joined += [merged] if merged is not None else [rows[at] for at in members]
    return joined


def _runs(group: Sequence[int]) -> list[list[int]]:
    """Indexes of the rows of each group, groups in order."""
    return [[at for at, _ in run] for _, run in groupby(enumerate(group), key=lambda item: item[1])]


def _wraps(first: str, rest: str, widest: int) -> bool:
    """Whether a label goes on in the next line of its column: the first part fills the column, the rest begins no row."""
    if is_row_start(rest) or is_total_word(rest) or not re.match(r"[\u4e00-\u9fff（(]", rest):
        return False
    return (
        is_header_cell(first + rest)
        or is_code_name(first + rest)
        or (len(first) >= widest - 1 and len(first) > 4 and not is_code_name(first) and not is_header_cell(re.sub(r"^.{1,3}、", "", first)))
    )


def _merged(rows: Sequence[Sequence[tuple[int, Word, bool]]], columns: Sequence[_Column]) -> list[tuple[int, Word, bool]] | None:
    """One row out of several lines; None if two of them print a figure in the same column."""
    cells: dict[int, tuple[Word, bool]] = {}
    for row in rows:
        for index, word, doubtful in row:
            if index not in cells:
                cells[index] = (word, doubtful)
            elif columns[index].figures:
                return None
            else:
                above = cells[index][0]
                cells[index] = (Word(above.text + word.text, above.start, above.end), doubtful)
    return [(index, word, doubtful) for index, (word, doubtful) in sorted(cells.items())]


def _grid(
    columns: Sequence[_Column],
    parents: Sequence[tuple[_Stack, int, int, int]],
    rows: Sequence[Sequence[tuple[int, Word, bool]]],
    page: int | None,
    header: bool = True,
) -> Grid:
    if not header:
        return Grid(page, None, len(rows), len(columns), tuple(_body_cells(columns, rows, 0)))
    depth = 1 + max((depth + 1 for _, depth, _, _ in parents), default=0)
    cells: list[GridCell] = []
    level = [0] * len(columns)
    for parent, at, first, last in parents:
        for index in range(first, last + 1):
            level[index] = max(level[index], at + 1)
        cells.append(GridCell(at, first, 1, last - first + 1, parent.text, None, centred=True))
    for index, column in enumerate(columns):
        if column.stack is not None:
            cells.append(GridCell(level[index], index, depth - level[index], 1, column.stack.text, None, centred=True))
    return Grid(page, None, depth + len(rows), len(columns), (*cells, *_body_cells(columns, rows, depth)))


def _body_cells(columns: Sequence[_Column], rows: Sequence[Sequence[tuple[int, Word, bool]]], first: int) -> Iterator[GridCell]:
    left = {index: min((word.start for row in rows for at, word, _ in row if at == index), default=0) for index in range(len(columns))}
    for number, row in enumerate(rows, start=first):
        for index, word, doubtful in row:
            indent = 0.0 if columns[index].figures else float(word.start - left[index])
            yield GridCell(number, index, 1, 1, word.text, None, indent=indent, doubt="column_unsettled" if doubtful else None)
