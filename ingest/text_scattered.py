"""Tables of a text that lost even its rows: `pdftotext` without -layout prints a table cell by cell, often column by column.

Takes the lines of one table below its caption. What is left is the order within each kind of cell: codes, labels and
figures each come from the top down. So they are paired by their counts: as many codes as labels that are no totals, as
many figures as rows times columns. Where the counts don't agree, or the sums of the paired rows don't hold, there is no
grid: nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ingest.text_headers import HeaderCell, is_header_cell, kind_of, parents_of, plain_header
from ingest.text_settle import ROUNDING, Row, column_sums
from ingest.text_words import AMOUNT, CODE, FURNITURE, is_total_word, squeeze
from store.money import read_number
from store.vocabulary import vocabulary

TOTALS: Final = ("合计", "总计", "小计")
KINDS: Final = ("code", "unit", "label", "figure")
"""In the order in which the columns of these forms stand."""

EARLY: Final = 3
"""Codes and figures before which the header's cells must have come."""

MOST_STEPS: Final = 20_000
"""Ways to pick the lowest codes' figures that are tried."""

_PART: Final = re.compile(r"\d{2}")
_UNIT: Final = re.compile(r"\d{6}|\d{9}")
_ORDINAL: Final = re.compile(r"\*+|\d{1,2}")
_ORDINALS: Final = re.compile(r"\s*(?:(?:\*+|\d{1,2})(?:\s+|$))+")
_WHOLE_CODE: Final = re.compile(r"\s*\d{3} \d{2}(?!\d)")
_TORN_WORDS: Final = {"总": "计", "合": "计", "小": "计", "项": "目"}
_TORN: Final = 6
"""Cells that may stand between the two letters of a letterspaced 总 计 or 合 计."""


@dataclass(slots=True)
class _Cells:
    """The body's cells, each kind in its order."""

    codes: list[list[str]] = field(default_factory=list[list[str]])
    parts: list[str] = field(default_factory=list[str])  # every number of two digits
    units: dict[int, str] = field(default_factory=dict[int, str])
    labels: list[str] = field(default_factory=list[str])
    figures: list[str] = field(default_factory=list[str])


def is_scattered(lines: Sequence[str]) -> bool:
    """Whether a table's lines mostly hold one cell each, amounts in lines without a label."""
    printed = [line.split() for line in lines if line.strip()]
    amounts = [words for words in printed if any(AMOUNT.fullmatch(word) for word in words)]
    labelled = [words for words in amounts if any(re.search(r"[\u4e00-\u9fff]", word) for word in words)]
    single = sum(1 for words in printed if len(words) == 1)
    return len(labelled) < 0.4 * len(amounts) and single > 0.6 * len(printed)


def scattered_header(lines: Sequence[str], torn: Sequence[str] = ()) -> list[HeaderCell]:
    """The header's leaf cells: codes, labels, then figures in their order. Known header cells that come early are the header,
    and those of `torn` wherever they come."""
    words = [word for word, _ in _words(lines)]
    totals = [at for at, word in enumerate(words) if word in ("合计", "总计")]
    header: list[str] = []
    numbers = 0
    for at, word in enumerate(words):
        numbers += bool(CODE.fullmatch(word) or AMOUNT.fullmatch(word))
        if numbers > EARLY:
            break
        if is_header_cell(word) and word not in vocabulary().codes_by_name and (word not in TOTALS or _heads(words, at, totals, header)):
            header.append(word)
    header += [cell for cell in torn if cell not in header and kind_of(cell) == "figure"]
    if "合计" in words and "合计" not in header and (first := _first_sibling(header, "合计")) is not None:
        header.insert(first, "合计")
    return sorted(_leaves(header), key=lambda leaf: KINDS.index(kind_of(leaf.text)))


def _first_sibling(header: Sequence[str], total: str) -> int | None:
    """Where the first cell stands that has a parent in the header which `total` may have too."""
    parents = set(parents_of(total)) & set(map(plain_header, header))
    return next((at for at, cell in enumerate(header) if parents & set(parents_of(cell))), None)


def _leaves(header: Sequence[str]) -> Iterator[HeaderCell]:
    """Header cells without children, each with its known parent; cells behind a 小计 stand beside it."""
    plain = [plain_header(word) for word in header]
    under: dict[int, str] = {}
    beside = ""
    for at, word in enumerate(header):
        known = [header[plain.index(parent)] for parent in parents_of(word) if parent in plain]
        if known:
            under[at] = known[0]
            beside = known[0] if word == "小计" else beside
        elif beside and kind_of(word) == "figure":
            under[at] = beside
    parents = set(under.values())
    for at, word in enumerate(header):
        if word not in parents:
            yield HeaderCell(word, (under[at],) if at in under else ())


def _heads(words: Sequence[str], at: int, totals: Sequence[int], header: Sequence[str]) -> bool:
    """Whether a total stands over a column: 小计 under its known parent, or the first of several 总计 and 合计."""
    if words[at] == "小计":
        return any(parent in map(plain_header, header) for parent in parents_of("小计"))
    return at == totals[0] and len(totals) > 1


def scattered_rows(lines: Sequence[str], leaves: Sequence[HeaderCell], names: Mapping[str, str]) -> list[Row] | None:
    """The rows of a table, each with a figure in every figure column or in none; None where they cannot be told.
    `names` are labels that other tables of the document print for a code."""
    figures = [leaf for leaf in leaves if kind_of(leaf.text) == "figure"]
    cells = _cells(lines, [leaf.text for leaf in leaves] + sorted({above for leaf in leaves for above in leaf.under}))
    labels = cells.labels
    coded = [index for index, label in enumerate(labels) if not is_total_word(label)]
    if not figures or (cells.codes and len(coded) != len(cells.codes)):
        return None
    if cells.codes and (told := _codes_of_names([labels[index] for index in coded], cells, names)) is not None:
        cells.codes = told
    bearing = [index for index in range(len(labels)) if not _is_class(labels, index, figures)]
    if len(cells.figures) == (len(bearing) - 1) * len(figures) and "小计" in labels and labels[-1] != "小计":
        bearing.pop()  # a class whose 小计 is on the next page
    if len(cells.figures) != len(bearing) * len(figures):
        return None
    named = _named(labels, coded, cells.codes) if cells.codes else list(labels)
    of = dict(zip(coded, cells.codes, strict=False)) if cells.codes else {}
    places = dict(zip(coded, range(len(coded)), strict=True))
    runs = [tuple(cells.figures[at : at + len(figures)]) for at in range(0, len(cells.figures), len(figures))]

    def rows_with(order: Sequence[tuple[str, ...]]) -> list[Row]:
        taken = iter(order)
        return [
            Row(
                tuple(of.get(index, ())),
                cells.units.get(places.get(index, -1), ""),
                named[index],
                0.0,
                next(taken) if index in bearing else (),
            )
            for index in range(len(labels))
        ]

    rows = rows_with(runs)
    if _sums_hold(rows, figures) and _codes_agree(rows):
        return rows
    ordered = _in_order(rows, runs) if len(bearing) == len(labels) else None
    rows = rows_with(ordered) if ordered is not None else rows
    return rows if ordered is not None and _sums_hold(rows, figures) and _codes_agree(rows) else None


def bare_rows(lines: Sequence[str], leaves: Sequence[HeaderCell], names: Mapping[str, str]) -> tuple[list[Row], list[str]] | None:
    """The rows without their figures in the order of their codes, and the figures as printed; None where codes and labels
    don't pair. `names` are labels that other tables of the document print for a code."""
    cells = _cells(lines, [leaf.text for leaf in leaves] + sorted({above for leaf in leaves for above in leaf.under}))
    total = [Row((), "", label, 0.0, ()) for label in cells.labels if is_total_word(label)]
    pool = [label for label in cells.labels if not is_total_word(label)]
    codes = ["".join(code) for code in cells.codes]
    if not codes or len(pool) != len(codes) or len(set(codes)) < len(codes) or not cells.figures or len(total) > 1:
        return None
    order = sorted(range(len(codes)), key=codes.__getitem__)
    labels: dict[int, str] = {}
    for at in order:
        published = {entry.name for entry in vocabulary().code_by_number.get(codes[at], ())}
        known = {squeeze(names[codes[at]])} if codes[at] in names else published
        if (label := next((label for label in pool if squeeze(label) in known), None)) is not None:
            labels[at] = label
            pool.remove(label)
    if len(pool) > 1:
        return None
    rows = [Row(tuple(cells.codes[at]), cells.units.get(at, ""), labels.get(at) or pool[0], 0.0, ()) for at in order]
    return [*total, *rows], cells.figures


def _named(labels: Sequence[str], coded: Sequence[int], codes: Sequence[Sequence[str]]) -> list[str]:
    """The labels in the order of the codes: a code whose published name is among the labels takes it, the rest keep their order."""
    pool = [labels[index] for index in coded]
    chosen: list[str | None] = []
    for code in codes:
        names = [entry.name for entry in vocabulary().code_by_number.get("".join(code), ())]
        label = next((label for label in pool if squeeze(label) in names), None)
        chosen.append(label)
        if label is not None:
            pool.remove(label)
    rest = iter(pool)
    named = list(labels)
    for index, label in zip(coded, chosen, strict=True):
        named[index] = label if label is not None else next(rest)
    return named


def _in_order(rows: Sequence[Row], runs: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]] | None:
    """The runs of figures in row order, where only sums were printed out of their place: the figures of the lowest codes
    keep their order, each higher code takes the sum of those below it. None if that fits in no way or in several."""
    codes = ["".join(row.codes) for row in rows]
    if len(runs) != len(rows) or not codes or codes[0] or any(not code for code in codes[1:]):
        return None
    lowest = [at for at, code in enumerate(codes) if code and not any(other != code and other.startswith(code) for other in codes)]
    amounts = [tuple(read_number(text) or Decimal(0) for text in run) for run in runs]
    closing = _closing(codes, lowest)
    found: list[list[int]] = []

    def go(at: int, start: int, taken: list[int]) -> None:
        if len(found) > 1 or steps[0] > MOST_STEPS or (at and not _printed(closing[at - 1], taken, amounts)):
            return
        steps[0] += 1
        if at == len(lowest):
            if (order := _completed(codes, lowest, taken, amounts)) is not None:
                found.append(order)
            return
        for index in range(start, len(runs) - (len(lowest) - at) + 1):
            go(at + 1, index + 1, [*taken, index])

    steps = [0]
    go(0, 0, [])
    orders = {tuple(runs[index] for index in order) for order in found}
    return list(orders.pop()) if len(orders) == 1 and steps[0] <= MOST_STEPS else None


def _closing(codes: Sequence[str], lowest: Sequence[int]) -> list[list[tuple[int, ...]]]:
    """For each of the lowest codes those groups, as places among them, that are sums of a higher code and end with it."""
    groups: list[list[tuple[int, ...]]] = [[] for _ in lowest]
    for at, code in enumerate(codes):
        below = tuple(place for place, other in enumerate(lowest) if codes[other].startswith(code))
        if code and at not in lowest and below:
            groups[below[-1]].append(below)
    return groups


def _printed(groups: Sequence[tuple[int, ...]], taken: Sequence[int], amounts: Sequence[tuple[Decimal, ...]]) -> bool:
    """Whether the sum of each group's runs is printed too."""
    for group in groups:
        wanted = [sum((amounts[taken[place]][column] for place in group), Decimal(0)) for column in range(len(amounts[0]))]
        off = ROUNDING * (len(group) + 1)
        if not any(all(abs(have - want) <= off for have, want in zip(run, wanted, strict=True)) for run in amounts):
            return False
    return True


def _completed(
    codes: Sequence[str], lowest: Sequence[int], taken: Sequence[int], amounts: Sequence[tuple[Decimal, ...]]
) -> list[int] | None:
    """For each row the index of its run, when the rows of the lowest codes have `taken`; None if a sum is not printed."""
    own = dict(zip(lowest, taken, strict=True))
    left = [index for index in range(len(amounts)) if index not in taken]
    for at, code in enumerate(codes):
        if at in own:
            continue
        below = [own[other] for other in lowest if codes[other].startswith(code)]
        width = range(len(amounts[0]))
        wanted = [sum((amounts[index][column] for index in below), Decimal(0)) for column in width]
        match = next(
            (
                index
                for index in left
                if all(abs(amounts[index][column] - wanted[column]) <= ROUNDING * (len(below) + 1) for column in width)
            ),
            None,
        )
        if match is None:
            return None
        own[at] = match
        left.remove(match)
    return [own[at] for at in range(len(codes))]


def _codes_of_names(labels: Sequence[str], cells: _Cells, names: Mapping[str, str]) -> list[list[str]] | None:
    """The codes that the labels name, where the parts of the printed ones were torn apart: ascending, of the classes and
    parts that were printed. None if the printed codes are whole, or if the names give no codes or several."""
    printed = ["".join(code) for code in cells.codes]
    if printed == sorted(set(printed)):
        return None
    heads, parts = Counter(code[0] for code in cells.codes), Counter(cells.parts)
    found: list[list[str]] = []

    def go(at: int, taken: list[str]) -> None:
        if at == len(labels):
            if Counter(code[:3] for code in taken) == heads and not Counter(p for c in taken for p in _parts_of(c)[1:]) - parts:
                found.append(taken)
            return
        steps[0] += 1
        if len(found) < 2 and steps[0] < MOST_STEPS:
            name = squeeze(labels[at])
            known = {code for code, label in names.items() if squeeze(label) == name and code}
            for code in sorted(known or {entry.code for entry in vocabulary().codes_by_name.get(name, ())}):
                if code[:3] in heads and (not taken or code > taken[-1]):
                    go(at + 1, [*taken, code])

    steps = [0]
    go(0, [])
    return [_parts_of(code) for code in found[0]] if len(found) == 1 and steps[0] < MOST_STEPS else None


def _parts_of(code: str) -> list[str]:
    return [code[:3], *(code[at : at + 2] for at in range(3, len(code), 2))]


def _is_class(labels: Sequence[str], index: int, figures: Sequence[HeaderCell]) -> bool:
    """Whether a label is a class whose figure stands in the 小计 that follows."""
    return len(figures) == 1 and index + 1 < len(labels) and labels[index + 1] == "小计" and labels[index] != "小计"


def _cells(lines: Sequence[str], header: Sequence[str]) -> _Cells:
    cells = _Cells()
    left = [plain_header(text) for text in header]
    if any(_WHOLE_CODE.match(line) for line in lines):  # a code's parts stand in one line: numbers alone are ordinals
        lines = [line for line in lines if not _ORDINALS.fullmatch(line)]
    for word, joins in _words(lines):
        if _PART.fullmatch(word):
            cells.parts.append(word)
        if plain_header(word) in left:
            left.remove(plain_header(word))
        elif AMOUNT.fullmatch(word) and "." in word:
            cells.figures.append(word)
        elif CODE.fullmatch(word):
            cells.codes.append([word])
        elif _PART.fullmatch(word) and cells.codes and len(cells.codes[-1]) < 3 and len(cells.codes[-1][0]) == 3:
            cells.codes[-1].append(word)
        elif _UNIT.fullmatch(word):
            cells.units[len(cells.codes) - 1] = word
        elif _ORDINAL.fullmatch(word):
            continue
        elif joins and cells.labels and _is_torn(cells.labels[-1], word):
            cells.labels[-1] += word
        else:
            cells.labels.append(word)
    return cells


def _words(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The body's cells in their order, and whether each stands right below the last; torn 总 计 are put together."""
    words: list[tuple[str, bool]] = []
    blank = True
    for line in lines:
        if not line.strip() or FURNITURE.fullmatch(line.strip()):
            blank = True
            continue
        for index, word in enumerate(_spoken(line)):
            words.append((word, index == 0 and not blank))
        blank = False
    for at, (word, _) in enumerate(words):
        rest = _TORN_WORDS.get(word)
        other = next((later for later in range(at + 1, min(at + 1 + _TORN, len(words))) if words[later][0] == rest), None)
        if rest and other is not None:
            words[at], words[other] = (word + rest, False), ("", False)
    return ((word, joins) for word, joins in words if word)


def _spoken(line: str) -> list[str]:
    """A line's cells: parted at blanks beside figures, codes and known header cells, so that a label keeps its own blanks out."""
    cells: list[str] = []
    for word in line.split():
        alone = bool(re.fullmatch(r"[\d.,*%-]+", word)) or is_header_cell(word)
        if cells and not alone and not re.fullmatch(r"[\d.,*%-]+", cells[-1]) and not is_header_cell(cells[-1]):
            cells[-1] += word
        else:
            cells.append(word)
    return cells


def _is_torn(label: str, rest: str) -> bool:
    """Whether a line goes on in the next: together a known name, or the first unknown and the rest too short for a label."""
    names = vocabulary().codes_by_name
    both = squeeze(label + rest)
    return (
        both in names
        or (len(rest) <= 2 and label not in names and not is_total_word(rest))
        or (label not in names and rest not in names and not is_total_word(rest) and not is_total_word(label))
    )


def _sums_hold(rows: Sequence[Row], figures: Sequence[HeaderCell]) -> bool:
    """Whether every row's own sums hold, and a code's figure is the sum of the codes right below it."""
    for row in rows:
        amounts = {column: read_number(text) or Decimal(0) for column, text in enumerate(row.figures)}
        for total, parts in column_sums(figures):
            if amounts and abs(amounts[total] - sum(amounts[part] for part in parts)) > ROUNDING * (len(parts) + 1):
                return False
    return all(_adds_up(rows, parent, len(figures)) for parent in range(len(rows)))


def _adds_up(rows: Sequence[Row], parent: int, width: int) -> bool:
    code = "".join(rows[parent].codes)
    children = [row for row in rows if "".join(row.codes)[:-2] == code and row.figures] if len(code) in (3, 5) else []
    if not rows[parent].figures or not children:
        return True
    return all(
        abs(
            (read_number(rows[parent].figures[column]) or Decimal(0))
            - sum(read_number(row.figures[column]) or Decimal(0) for row in children)
        )
        <= ROUNDING * (len(children) + 1)
        for column in range(width)
    )


def _codes_agree(rows: Sequence[Row]) -> bool:
    """Whether the codes ascend and, where their names are known, stand beside those names (two in three at least)."""
    codes = ["".join(row.codes) for row in rows if row.codes]
    known = [(row, vocabulary().code_by_number[code]) for row in rows if (code := "".join(row.codes)) in vocabulary().code_by_number]
    named = sum(1 for row, entries in known if squeeze(row.label) in {entry.name for entry in entries})
    return codes == sorted(codes) and 3 * named >= 2 * len(known)
