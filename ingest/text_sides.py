"""Side-by-side forms (收入 项目 金额 | 支出 项目 金额 | …) in a text that lost both rows and columns.

Takes the lines of one table below its caption, gives a grid. Labels go to blocks by their numbering and by what they
name. A figure printed in one line with the next block's label stands in that label's row; other figures belong to the
label for which the document's settled tables print the same amount, or to a total. A reading counts only if every
figure is used once and the balances hold; labels that several readings fill differently are doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_blocks import read_numeral
from ingest.text_headers import is_header_cell, kind_of, parents_of, plain_header
from ingest.text_settle import ROUNDING
from ingest.text_twins import Twins
from ingest.text_words import AMOUNT, ENUMERATED, FURNITURE, is_row_start, is_total_word
from store.money import read_number
from store.vocabulary import bare_label, vocabulary

BEAM: Final = 60
"""Ways to give the labels so far their blocks that are kept."""

MOST_STEPS: Final = 60_000
MOST_READINGS: Final = 20
WRONG_NUMBER: Final = 4.0
OUT_OF_ORDER: Final = 0.25
WRONG_SIDE: Final = 6.0
AFTER_TOTAL: Final = 8.0

_HEADER_LETTERS: Final = "收入支出"
_BLOCK_LETTERS: Final = "项目"
_LETTER_TOTALS: Final = ("本年支出合计", "本年收入合计", "支出总计", "收入总计", "支出合计", "收入合计", "总计", "合计")
_NUMBERED: Final = re.compile(r"([一二三四五六七八九十]{1,3})、")
_INCOME, _NATURE, _FUNCTION = "income", "nature", "function"


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    line: int
    place: int  # among all words


@dataclass(frozen=True, slots=True)
class _Figure:
    text: str
    amount: Decimal
    before: int | None  # the label printed behind it in its line
    after: int | None  # the last label printed before it


@dataclass(frozen=True, slots=True)
class _Way:
    """Blocks of the labels so far."""

    cost: float
    numbers: tuple[frozenset[int], ...]  # of each block
    ended: tuple[bool, ...]
    blocks: tuple[int, ...]


Reading = dict[int, int]
"""Label → figure."""


def sides_grid(lines: Sequence[str], twins: Twins, page: int | None) -> Grid | None:
    """The grid of a side-by-side form; None if it is none, or if its figures can't be told."""
    parsed = _parse(lines)
    if parsed is None:
        return None
    labels, figures, blocks, header = parsed
    kinds = [(_INCOME, _NATURE, _FUNCTION), (_INCOME, _FUNCTION, _NATURE)] if blocks == 3 else [(_INCOME, _NATURE + _FUNCTION)]
    found: list[tuple[tuple[int, ...], list[Reading]]] = []
    for order in kinds:
        way = _blocks(labels, order)
        if way is not None and (readings := _readings(labels, figures, way, blocks, twins)):
            found.append((way, readings))
    if len(found) != 1:
        return None
    return _grid(labels, figures, found[0][0], found[0][1], blocks, header, page)


def _parse(lines: Sequence[str]) -> tuple[list[_Label], list[_Figure], int, str] | None:
    """Labels, figures, the number of blocks, and the header of their figures."""
    words = list(_words(lines))
    letters = Counter(text for text, _, _ in words if len(text) == 1 and not text.isdigit())
    blocks = letters["目"] + sum(1 for text, _, _ in words if text == "项目")
    headers = Counter(plain_header(text) for text, _, _ in words if is_header_cell(text) and kind_of(text) == "figure")
    header, count = max(((name, count) for name, count in headers.items() if count == blocks), default=("", 0))
    if not 2 <= blocks <= 3 or count != blocks or letters["项"] != letters["目"]:
        return None
    spare = letters - Counter({letter: letters[letter] for letter in _BLOCK_LETTERS}) - Counter(_HEADER_LETTERS)
    total = next((name for name in _LETTER_TOTALS if Counter(name) == spare), None)
    if spare and total is None:
        return None
    labels: list[_Label] = []
    figures: list[_Figure] = []
    waiting: list[tuple[str, Decimal, int | None, int]] = []
    for place, (text, line, _) in enumerate(words):
        amount = read_number(text) if AMOUNT.fullmatch(text) and "." in text else None
        if amount is not None:
            waiting.append((text, amount, len(labels) - 1 if labels else None, line))
            continue
        name = text
        if len(text) == 1:
            if total is None or text in _HEADER_LETTERS or text not in total:
                continue
            name, total = total, None
        elif text == "项目" or plain_header(text) == header or text in ("收入", "支出") or re.fullmatch(r"\d+", text):
            continue
        figures += [_Figure(figure, value, len(labels) if at == line else None, last) for figure, value, last, at in waiting]
        waiting = []
        labels.append(_Label(name, line, place))
    figures += [_Figure(figure, value, None, last) for figure, value, last, _ in waiting]
    return (labels, figures, blocks, header) if labels and figures else None


def _words(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Labels, figures and single letters in their order, with line and paragraph; wrapped labels are joined."""
    words: list[tuple[str, int, int]] = []
    paragraph = 0
    for number, line in enumerate(lines):
        if not line.strip() or FURNITURE.fullmatch(line.strip()):
            paragraph += 1
            continue
        for index, text in enumerate(_pieces(line)):
            if index == 0 and words and words[-1][2] == paragraph and _goes_on(words[-1][0], text):
                words[-1] = (words[-1][0] + text, number, paragraph)
            elif index == 0 and len(words) > 1 and words[-2][2] == paragraph and _parted_by_figure(words[-2][0], words[-1][0], text):
                words[-2] = (words[-2][0] + text, *words[-2][1:])
            else:
                words.append((text, number, paragraph))
    yield from words


def _pieces(line: str) -> list[str]:
    pieces: list[str] = []
    run = ""
    for word in [*line.split(), ""]:
        if len(word) == 1 and not word.isdigit():
            run += word
            continue
        pieces += [run] if is_total_word(run) or run in ("收入", "支出", "项目") else list(run)
        run = ""
        pieces += [word] if word else []
    return pieces


def _goes_on(label: str, rest: str) -> bool:
    """Whether a label goes on in the next line: it is no whole name, or both together are one."""
    if len(label) < 3 or is_row_start(rest) or any(AMOUNT.fullmatch(text) or is_total_word(text) for text in (label, rest)):
        return False
    if _is_name(label + rest):
        return True
    return not _is_name(label) and not _is_name(rest) and not is_header_cell(rest)


def _parted_by_figure(label: str, figure: str, rest: str) -> bool:
    """Whether a wrapped label's figure was printed between its two lines."""
    return bool(AMOUNT.fullmatch(figure)) and not AMOUNT.fullmatch(label) and not _is_name(label) and _is_name(label + rest)


def _is_name(text: str) -> bool:
    bare = bare_label(text)
    return bare in vocabulary().codes_by_name or bare in vocabulary().item_by_variant or is_header_cell(ENUMERATED.sub("", text, count=1))


def _sides_of(text: str) -> frozenset[str]:
    """The kinds of block in which a label may stand; all where nothing is known of it."""
    if is_total_word(text):
        return frozenset({_INCOME} if "收入" in text else {_NATURE, _FUNCTION} if "支出" in text else {_INCOME, _NATURE, _FUNCTION})
    bare = bare_label(text)
    sides = {
        _FUNCTION if code.classification == "functional" else _NATURE
        for code in vocabulary().codes_by_name.get(bare, ())
        if len(code.code) == 3
    }
    if (item := vocabulary().item_by_variant.get(bare)) is not None and item.flow is not None:
        sides |= {_INCOME} if item.flow == "income" else {_NATURE}
    return frozenset(sides or {_INCOME, _NATURE, _FUNCTION})


def _blocks(labels: Sequence[_Label], kinds: Sequence[str]) -> tuple[int, ...] | None:
    """The block of each label at the least cost."""
    ways = [_Way(0.0, (frozenset[int](),) * len(kinds), (False,) * len(kinds), ())]
    for label in labels:
        sides = _sides_of(label.text)
        numbered = _NUMBERED.match(label.text)
        number = read_numeral(numbered.group(1)) if numbered else 0
        ends = is_total_word(label.text) and label.text.endswith("总计")
        grown: list[_Way] = []
        for way in ways:
            for block, kind in enumerate(kinds):
                cost = way.cost + (0.0 if any(side in kind for side in sides) else WRONG_SIDE) + AFTER_TOTAL * way.ended[block]
                numbers, ended = list(way.numbers), list(way.ended)
                if number:
                    cost += WRONG_NUMBER if number in numbers[block] else 0.0 if number - 1 in {0, *numbers[block]} else OUT_OF_ORDER
                    numbers[block] |= {number}
                ended[block] = ended[block] or ends
                grown.append(_Way(cost, tuple(numbers), tuple(ended), (*way.blocks, block)))
        ways = sorted(grown, key=lambda way: way.cost)[:BEAM]
    whole = [way for way in ways if all(numbers == frozenset(range(1, len(numbers) + 1)) for numbers in way.numbers)]
    return whole[0].blocks if whole and whole[0].cost < WRONG_NUMBER else None


def _from_above(labels: Sequence[_Label], column: Sequence[int]) -> list[int]:
    """A block's labels in their order: by their numbers; one without a number below its known parent, or where it was printed."""
    keys: dict[int, tuple[int, int]] = {}
    names = {at: plain_header(bare_label(labels[at].text)) for at in column}
    numbers = {names[at]: read_numeral(found.group(1)) for at in column if (found := _NUMBERED.match(labels[at].text))}
    last = 0
    for at in column:
        number = numbers[names[at]] if _NUMBERED.match(labels[at].text) else 0
        parent = next((numbers[name] for name in parents_of(labels[at].text) if name in numbers), 0)
        last = max(last, number)
        keys[at] = (number, -1) if number else (parent or last, at)
    return sorted(column, key=keys.__getitem__)


def _readings(labels: Sequence[_Label], figures: Sequence[_Figure], blocks: Sequence[int], count: int, twins: Twins) -> list[Reading]:
    """All ways to give every figure a label in which the balances hold; ways that fill the labels alike count once."""
    columns = [_from_above(labels, [at for at, block in enumerate(blocks) if block == number]) for number in range(count)]
    totals = [at for at, label in enumerate(labels) if is_total_word(label.text)]
    offers = [_offers(figure, labels, blocks, columns, totals, twins) for figure in figures]
    if any(not offer for offer in offers):
        return []
    order = sorted(range(len(figures)), key=lambda at: len(offers[at]))
    found: dict[tuple[tuple[int, Decimal], ...], Reading] = {}
    steps = [MOST_STEPS]

    def go(at: int, reading: Reading) -> None:
        steps[0] -= 1
        if steps[0] < 0 or len(found) > MOST_READINGS:
            return
        if at == len(order):
            amounts = {label: figures[figure].amount for label, figure in reading.items()}
            if _in_rows(figures, reading, blocks, columns) and _balances(labels, columns, amounts):
                found.setdefault(tuple(sorted(amounts.items())), dict(reading))
            return
        for label in offers[order[at]]:
            if label not in reading:
                go(at + 1, {**reading, label: order[at]})

    go(0, {})
    if steps[0] < 0 or len(found) > MOST_READINGS:
        return []
    readings = list(found.values())

    def holds(reading: Reading) -> bool:
        amounts = {label: figures[figure].amount for label, figure in reading.items()}
        return _in_rows(figures, reading, blocks, columns) and _balances(labels, columns, amounts)

    free = [at for at in range(len(labels)) if at not in totals]
    guessed = [at for at, figure in enumerate(figures) if not _has_row(figure, blocks) and not _said(figure, labels, totals, twins)]
    others = [other for reading in readings for other in _moved(reading, guessed, offers, free) if holds(other)]
    if others:  # a label may be off its row: figures that have a choice of rows are then as doubtful as the guess
        choice = [at for at, figure in enumerate(figures) if _has_row(figure, blocks) and len(offers[at]) > 1]
        others.append({at: figure for at, figure in readings[0].items() if at in totals or figure not in choice})
    return [*readings, *others]


def _moved(reading: Reading, guessed: Sequence[int], offers: Sequence[Sequence[int]], free: Sequence[int]) -> Iterator[Reading]:
    """The readings in which a figure that only stood near its label belongs to another, or gives its label to a figure
    whose row that is: what must be ruled out before such a place is sure."""
    for label, figure in reading.items():
        if figure not in guessed or label not in free:
            continue
        rest = {at: other for at, other in reading.items() if at != label}
        for at in free:
            if at in reading:
                continue
            yield {**rest, at: figure}
            for place, other in rest.items():
                if label in offers[other]:
                    yield {**{row: value for row, value in rest.items() if row != place}, label: other, at: figure}


def _has_row(figure: _Figure, blocks: Sequence[int]) -> bool:
    """Whether a figure was printed in one line with the label to its right."""
    return figure.before is not None and blocks[figure.before] > 0


def _said(figure: _Figure, labels: Sequence[_Label], totals: Sequence[int], twins: Twins) -> list[int]:
    """The labels for which tables or prose print a figure."""
    return [
        at
        for at, label in enumerate(labels)
        if at not in totals
        and (figure.amount in twins.amounts_of(label.text) or twins.says(plain_header(bare_label(label.text)), figure.text))
    ]


def _in_rows(figures: Sequence[_Figure], reading: Reading, blocks: Sequence[int], columns: Sequence[Sequence[int]]) -> bool:
    """Whether the figures that stand in the rows of the next block's labels come in the same order as these."""
    for block, column in enumerate(columns[:-1]):
        right = columns[block + 1]
        placed = [figures[reading[at]].before for at in column if at in reading]
        rows = [right.index(before) for before in placed if before is not None and blocks[before] == block + 1]
        if rows != sorted(rows):
            return False
    return True


def _offers(
    figure: _Figure, labels: Sequence[_Label], blocks: Sequence[int], columns: Sequence[Sequence[int]], totals: Sequence[int], twins: Twins
) -> list[int]:
    """The labels that a figure may belong to: by the row of the label behind it, else by what tables and prose say, else
    a total or the label of some block that was printed last before it."""
    if figure.before is not None and (block := blocks[figure.before]) > 0:
        place = columns[block].index(figure.before)
        left = columns[block - 1]
        rows = {left[place]} if place < len(left) else set[int]()
        from_below = len(columns[block]) - place
        rows |= {left[-from_below]} if from_below <= len(left) else set()
        return sorted(rows)
    named = _said(figure, labels, totals, twins)
    if figure.after is not None and not named:
        before = [[at for at in column if at <= figure.after and at not in totals] for column in columns]
        named = sorted({max(column) for column in before if column}, reverse=True)
    return [*named, *totals]


def _balances(labels: Sequence[_Label], columns: Sequence[Sequence[int]], amounts: dict[int, Decimal]) -> bool:
    """Whether all 总计 agree, 合计 are the sum of the items above, 总计 of all items, and items of their parts below."""
    grand = {amounts.get(at) for column in columns for at in column if labels[at].text.endswith("总计")}
    if len(grand) > 1 or None in grand:
        return False
    return all(_column_holds(column, labels, amounts) for column in columns)


def _column_holds(column: Sequence[int], labels: Sequence[_Label], amounts: dict[int, Decimal]) -> bool:
    """Whether a block's items add up to its totals. A block of which only a part is balanced by another's rows (结转下年)
    may stay below its 总计, but no item may exceed it."""
    added, count, part, parts = Decimal(0), 0, Decimal(0), 0
    item: Decimal | None = None
    closed = False
    for at in [*column, None]:
        text = labels[at].text if at is not None else ""
        amount = amounts.get(at, Decimal(0)) if at is not None else Decimal(0)
        if at is None or _NUMBERED.match(text) or is_total_word(text):
            if parts and abs((item or Decimal(0)) - part) > ROUNDING * (parts + 1):
                return False
            item, part, parts = amount, Decimal(0), 0
        if is_total_word(text):
            off = abs(amount - added) > ROUNDING * (count + 1)
            if off and (not text.endswith("总计") or closed or amount < added):
                return False
            closed = closed or not text.endswith("总计")
        elif _NUMBERED.match(text) or item is None:
            added, count = added + amount, count + 1
        else:
            part, parts = part + amount, parts + (at in amounts)
    return True


def _grid(
    labels: Sequence[_Label],
    figures: Sequence[_Figure],
    blocks: Sequence[int],
    readings: Sequence[Reading],
    count: int,
    header: str,
    page: int | None,
) -> Grid:
    cells = [GridCell(0, 0, 1, 2, "收入", None, centred=True), GridCell(0, 2, 1, 2 * count - 2, "支出", None, centred=True)]
    for block in range(count):
        cells.append(GridCell(1, 2 * block, 1, 1, "项目", None, centred=True))
        cells.append(GridCell(1, 2 * block + 1, 1, 1, header, None, centred=True))
    columns = [_from_above(labels, [at for at, own in enumerate(blocks) if own == block]) for block in range(count)]
    depth = max(map(len, columns))
    chosen = readings[0]
    for block, column in enumerate(columns):
        for place, at in enumerate(column):
            row = 2 + (place if place < len(column) - 1 else depth - 1)
            cells.append(GridCell(row, 2 * block, 1, 1, labels[at].text, None, indent=0.0 if _NUMBERED.match(labels[at].text) else 1.0))
            if at in chosen:
                amount = figures[chosen[at]].amount
                unsure = any(at not in other or figures[other[at]].amount != amount for other in readings)
                text = figures[chosen[at]].text
                cells.append(GridCell(row, 2 * block + 1, 1, 1, text, None, doubt="column_unsettled" if unsure else None))
    return Grid(page, None, depth + 2, 2 * count, tuple(cells))
