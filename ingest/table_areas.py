"""Where a page sets text as a table without drawing all of its rules: the areas, their headers and their bodies.

`areas_of` looks at words that no grid has taken (no rules at all, or only horizontal ones), `area_within` at the inside
of drawn rules that leave out columns or rows. Only figures with a decimal point, separators or at least four digits
make a table: years, page numbers and lists do not. `ingest/aligned_grids.py` makes edges of an area.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from ingest.captions import is_number_line, is_title
from ingest.matrix import squeeze
from ingest.printed_words import Word, lines_of, text_of
from ingest.ruled_grids import DECIMALS, NUMBER, Lattice, Region, slot
from ingest.rules import Edge
from store.values import Box

APART = 1.0
"""Ems of empty space between what stands in two columns."""
CLOSE = 0.3
"""The same in a header, whose narrow columns leave less; what one column holds is put together again."""
AMOUNT = re.compile(r"[-−－(（¥￥]*(?:\d+(?:[,，]\d{3})+(?:[.．]\d+)?|\d+[.．]\d+|\d{4,})[)）%％]*")
CODE_PART = re.compile(r"\d{2,3}")
"""类, 款 or 项 in a narrow column of its own."""
NOTHING = re.compile(r"[-—－/─―]{1,4}")
UNIT_LINE = re.compile(r"单\s*位\s*[:：]")
NOTE_LINE = re.compile(r"(?:附?注|备注|说明)\s*\d*[:：、.．]")
WIDE = 0.6
"""Share of the page's text width from which an unbroken line is prose."""
TIGHTEST_BREAK = 2.8
"""Ems without text within which a table goes on whatever its pitch."""
PITCHES = 3.2
"""Row pitches without text that end a table."""
ALIGNED = 2.5
"""Points within which figures stand under one another."""
FEWEST_ROWS = 2
FEWEST_AMOUNTS = 2
MOST_IN_PROSE = 3
"""Amounts in places of their own on one line that no prose has: a table of one row."""
SHARED = 0.3
"""Share of a drawn table's amounts that stand in one cell with another, from which its rules are held to be incomplete."""
TIGHT = 1.6
"""Ems between the baselines of one wrapped label."""
HALF_LINE = 0.85
"""Ems: baselines closer than this are not of two rows."""
TITLE = 1.15
"""How much larger than a table's type its title is, at least."""
SENTENCE_UNIT = re.compile(r"[亿万千百]?\s*元\s*(?:[，。；、]|$)")
"""A unit behind a figure, as prose prints it."""
HEADER_LINES = 20


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

    header: tuple[TextLine, ...]   # in the smallest segments
    body: tuple[TextLine, ...]
    rules: tuple[Edge, ...] = ()   # drawn edges within it
    box: Box | None = None         # where rules tell it
    clear: tuple[float, float] = (-inf, inf)   # heights within which no other text stands

    @property
    def lines(self) -> list[TextLine]:
        return [*self.header, *self.body]


def segments_of(line: Sequence[Word], *, in_table: bool = False, apart: float = APART) -> TextLine:
    """The segments of one line of words, from left to right.

    Where the line is known to be of a table, an amount parts from what stands beside it at any blank: prose, too, has
    blanks round its figures. `apart` is the empty space, in ems, between two segments.
    """
    groups: list[list[Word]] = []
    for word in line:
        last = groups[-1][-1] if groups else None
        near = last is not None and word.x0 - last.x1 <= apart * min(word.size, last.size)
        if last is not None and near and not _parted(last, word, in_table):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Segment(text_of(group), group[0].x0, group[-1].x1, group[0].baseline, group[0].size) for group in groups]


def _parted(first: Word, second: Word, in_table: bool) -> bool:
    """Two amounts with any gap between them are two things; in a table, so are an amount and anything else, and parts of a code."""
    amounts = (AMOUNT.fullmatch(first.text) is not None) + (AMOUNT.fullmatch(second.text) is not None)
    codes = CODE_PART.fullmatch(first.text) is not None and CODE_PART.fullmatch(second.text) is not None
    return amounts == 2 or (in_table and (amounts == 1 or codes))


def areas_of(words: Iterable[Word], edges: Sequence[Edge], width: float) -> list[Area]:
    """The areas of a page that are set as tables, from the top. `edges` are those that make no grid by themselves."""
    printed = lines_of(word for word in words if word.angle == 0)
    lines = [segments_of(line) for line in printed]
    rules = [edge for edge in edges if not edge.vertical and edge.last - edge.first > 0.3 * width]
    text_width = max((line[-1].x1 for line in lines), default=0.0) - min((line[0].x0 for line in lines), default=0.0)
    areas: list[Area] = []
    start = 0
    for found, last in _runs(lines, text_width):
        first = _from_above(printed, lines, start, found, last, text_width)
        body = lines[first : last + 1]
        top = max((rule.at for rule in rules if rule.at < body[0][0].baseline and _spans(rule, body)), default=None)
        header_first = _header_start(lines, start, first, text_width, top, rules)
        while top is not None and first > header_first and lines[first - 1][0].baseline - 0.3 * lines[first - 1][0].size > top:
            first -= 1                 # the first line of a wrapped label, below the header's rule
        while first > header_first and lines[first][0].baseline - lines[first - 1][0].baseline < HALF_LINE * lines[first][0].size:
            first -= 1                 # the same without a rule: lines of one cell only are that close
        header = tuple(segments_of(line, apart=CLOSE) for line in printed[header_first:first])
        above = lines[header_first - 1][0].baseline if header_first > 0 else -inf
        below = lines[last + 1][0].baseline - lines[last + 1][0].size if last + 1 < len(lines) else inf
        area = Area(header, tuple(segments_of(line, in_table=True) for line in printed[first : last + 1]), clear=(above, below))
        areas.append(replace(area, rules=tuple(_inner_rules(area, edges))))
        start = last + 1
    return areas


def _runs(lines: Sequence[TextLine], text_width: float) -> Iterable[tuple[int, int]]:
    """First and last line of each body: rows of figures, with what stands between them."""
    figure_rows = [index for index, line in enumerate(lines) if is_figure_row(line) and not _is_sentence(line)]
    steps = [lines[second][0].baseline - lines[first][0].baseline for first, second in pairwise(figure_rows)]
    pitch = median(steps) if steps else 0.0
    groups: list[list[int]] = []
    for index in figure_rows:
        if groups and not _is_broken(lines, groups[-1][-1], index, text_width, pitch):
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        amounts = sum(segment.is_amount for index in group for segment in lines[index])
        many = len(group) >= FEWEST_ROWS and amounts >= FEWEST_AMOUNTS and _agree([lines[index] for index in group])
        if many or amounts >= MOST_IN_PROSE:
            yield group[0], _with_labels(lines, group[-1], pitch)


def _from_above(
    printed: Sequence[Sequence[Word]], lines: Sequence[TextLine], start: int, first: int, last: int, text_width: float
) -> int:
    """The first line of a body found from line `first`: rows above may print a figure so close to a label that it was missed."""
    ends = [segment.x1 for line in lines[first : last + 1] for segment in line if segment.is_amount]
    at = first
    for index in range(first - 1, max(start, first - HEADER_LINES) - 1, -1):
        if _ends_table(lines[index], text_width):
            break
        line = segments_of(printed[index], in_table=True)
        if len(line) > 2 and any(segment.is_amount and min(abs(segment.x1 - end) for end in ends) < ALIGNED for segment in line):
            at = index
    return at


def _ends_table(line: TextLine, text_width: float) -> bool:
    """Whether a line is a unit, a note or prose: something that no table has inside."""
    text = " ".join(segment.text for segment in line)
    return UNIT_LINE.search(text) is not None or NOTE_LINE.match(text) is not None or _is_prose(line, text_width)


def _with_labels(lines: Sequence[TextLine], last: int, pitch: float) -> int:
    """The last line of a body whose last row of figures is `last`: rows without figures and the rest of labels follow."""
    while last + 1 < len(lines):
        line, above = lines[last + 1], lines[last]
        gap = line[0].baseline - above[0].baseline
        text = " ".join(segment.text for segment in line)
        if UNIT_LINE.search(text) or NOTE_LINE.match(text) or gap > max(TIGHTEST_BREAK * line[0].size, 1.6 * pitch):
            break
        wraps = len(line) == 1 and gap <= TIGHT * line[0].size and any(
            segment.x0 - 2 <= line[0].x0 and line[0].x1 <= segment.x1 + 2 for segment in above if not segment.is_figure
        )
        if len(line) < 2 and not wraps:
            break
        last += 1
    return last


def is_figure_row(line: TextLine) -> bool:
    """Whether a line is set like a row of a table: a figure in a place of its own beside something else.

    Decimals alone are beside a label of two lines, at half its height.
    """
    if len(line) == 1:
        return DECIMALS.fullmatch(line[0].text) is not None
    return any(segment.is_figure for segment in line)


def _is_sentence(line: TextLine) -> bool:
    """Whether words on a line go on as sentences do: prose set wide has blanks round its figures, but no columns."""
    words = [segment.text for segment in line if not segment.is_figure]
    return any("。" in text or text.endswith(("，", "；")) or SENTENCE_UNIT.match(text) for text in words)


def _is_broken(lines: Sequence[TextLine], first: int, last: int, text_width: float, pitch: float) -> bool:
    """Whether something between two rows of figures says that they are not of one table."""
    if any(_ends_table(line, text_width) for line in lines[first + 1 : last]):
        return True
    gaps = [second[0].baseline - first_[0].baseline for first_, second in pairwise(lines[first : last + 1])]
    size = lines[first][0].size
    return max(gaps, default=0.0) > max(2 * TIGHTEST_BREAK * size, PITCHES * pitch)


def _agree(rows: Sequence[TextLine]) -> bool:
    """Whether figures of different rows stand under one another (right, left or middle)."""
    amounts = [(segment.x0, segment.x1, number) for number, row in enumerate(rows) for segment in row if segment.is_amount]
    ends, starts = sorted((x1, number) for _, x1, number in amounts), sorted((x0, number) for x0, _, number in amounts)
    middles = sorted(((x0 + x1) / 2, number) for x0, x1, number in amounts)
    return any(abs(a - b) < ALIGNED and m != n for places in (ends, starts, middles) for (a, m), (b, n) in pairwise(places))


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
        for rule in sorted({rule.at for rule in rules if rule.at < top - 1}, reverse=True):
            between = [line for line in lines[start:first] if rule < line[0].baseline - 0.3 * line[0].size < highest]
            before = lines[start - 1][0].baseline + 2.5 * lines[start - 1][0].size if start > 0 else 0.0
            if not between or rule < before or any(_ends_table(line, text_width) for line in between):
                break
            if all(len(line) == 1 for line in between) and between[0][0].size > TITLE * lines[first][0].size:
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
        close = below[0].baseline - line[0].baseline <= 1.3 * below[0].size and abs(line[0].size - below[0].size) < 0.1 * below[0].size
        if len(line) >= 2 or (at == index + 1 and at < first and (close or _heads_columns(line, below, lines[first - 1 : first + 1]))):
            at = index
    return at


def _heads_columns(line: TextLine, below: TextLine, around: Sequence[TextLine]) -> bool:
    """Whether a lone text is the header over several columns: of the table's type, a row above the next, beside the labels.

    `around` are the last line of the header and the first of the body.
    """
    above_body, body = around
    size = below[0].size
    text = line[0].text
    pitch = below[0].baseline - line[0].baseline
    near = line[0].size < TITLE * size and pitch <= max(2 * size, 1.2 * (body[0].baseline - above_body[0].baseline))
    return len(line) == 1 and near and line[0].x0 > body[0].x1 and not is_title(squeeze(text)) and not is_number_line(text)


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


def area_within(lattice: Lattice, words: Iterable[Word], edges: Sequence[Edge]) -> Area | None:
    """The inside of drawn rules as an area, where cells hold several figures: rules between them are missing.

    None where the rules part all figures, which is the usual case.
    """
    x0, top, x1, bottom = lattice.box
    inside = [
        word for word in words
        if word.angle == 0 and top - 1 <= word.middle <= bottom + 1 and x0 - 1 <= (word.x0 + word.x1) / 2 <= x1 + 1
    ]
    lines = [segments_of(line, in_table=True) for line in lines_of(inside)]
    amounts = sum(segment.is_amount for line in lines for segment in line)
    if amounts < FEWEST_AMOUNTS or not _holds_several(lattice, lines):
        return None
    rows = [index for index, line in enumerate(lines) if is_figure_row(line)]
    if not rows or (len(rows) < FEWEST_ROWS and amounts < MOST_IN_PROSE):
        return None
    own = [
        edge for edge in edges
        if (x0 - 3 <= edge.at <= x1 + 3 and edge.first >= top - 3 and edge.last <= bottom + 3 if edge.vertical
            else top - 3 <= edge.at <= bottom + 3 and edge.first >= x0 - 3 and edge.last <= x1 + 3)
    ]
    first = rows[0]
    header = tuple(segments_of(line, apart=CLOSE) for line in lines_of(inside)[:first])
    return Area(header, tuple(lines[first:]), tuple(own), lattice.box)


def _holds_several(lattice: Lattice, lines: Sequence[TextLine]) -> bool:
    """Whether a good part of the amounts share a cell with another amount."""
    merged = {
        (row, column): region
        for region in lattice.regions if region.row_span > 1 or region.column_span > 1
        for row in range(region.row, region.row + region.row_span)
        for column in range(region.column, region.column + region.column_span)
    }
    counts: dict[Region | tuple[int, int], int] = {}
    for segment in (segment for line in lines for segment in line if segment.is_amount):
        place = slot(lattice.ys, segment.baseline - 0.36 * segment.size), slot(lattice.xs, (segment.x0 + segment.x1) / 2)
        cell = merged.get(place, place)
        counts[cell] = counts.get(cell, 0) + 1
    shared = sum(count for count in counts.values() if count > 1)
    return shared > SHARED * sum(counts.values())
