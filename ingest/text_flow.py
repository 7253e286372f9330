"""Tables of a text that kept the order of cells in a row and lost everything else: blanks, columns, line breaks.

Takes the lines of one table below its caption, gives a grid. The header's words say which columns there are; a row that
prints fewer figures than there are columns is settled by arithmetic (ingest/text_settle.py). Side-by-side forms
(项目 金额 项目 金额) are in ingest/text_blocks.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.source import Grid, GridCell
from ingest.text_blocks import block_rows
from ingest.text_headers import HeaderCell, is_header_cell, kind_of, may_go_on, parents_of, plain_header
from ingest.text_scattered import bare_rows, is_scattered, scattered_header, scattered_rows
from ingest.text_settle import Row, settle
from ingest.text_sides import sides_grid
from ingest.text_sparse import settle_by_twins
from ingest.text_torn import whole_cells
from ingest.text_twins import Twins
from ingest.text_words import CODE, is_figure, is_row_start, is_total_word, squeeze

_ORDINALS: Final = re.compile(r"(?:\*+|\d{1,2}|栏次|\s)+")
_CODES: Final = re.compile(r"\d{2,9}")
_TRAILING_TOTAL: Final = re.compile(r"(.{2,}?)(小计|合计)")


def flow_grid(lines: Sequence[str], page: int | None, twins: Twins) -> Grid | None:
    """The grid of a table's lines; None if its header isn't understood. `twins` is what the document says elsewhere."""
    if is_scattered(lines):
        return _scattered(lines, page, twins)
    grid = _rows_grid(lines, page, twins)
    return grid if grid is not None else sides_grid(whole_cells(lines)[0], twins, page)


def _rows_grid(lines: Sequence[str], page: int | None, twins: Twins) -> Grid | None:
    """The grid of lines that hold whole rows."""
    body = next((index for index, line in enumerate(lines) if _begins_body(line)), len(lines))
    ordinals = next((index for index in range(body) if _ORDINALS.fullmatch(lines[index]) and re.search(r"\d", lines[index])), None)
    cells = header_cells(lines[: body if ordinals is None else ordinals])
    leaves = header_tree(cells)
    blocks = [index for index, leaf in enumerate(leaves) if leaf.text == "项目"]
    if len(blocks) > 1:
        return block_rows(leaves, blocks, lines[body:], page)
    columns = [kind_of(leaf.text) for leaf in leaves]
    if "label" not in columns or "figure" not in columns:
        return None
    rows = list(read_rows(lines[body:], codes="code" in columns))
    figures = [leaf for leaf, kind in zip(leaves, columns, strict=True) if kind == "figure"]
    if any(len(row.figures) > len(figures) for row in rows):
        return None  # the header or the rows are not understood
    placed = settle(rows, figures, twins.document)
    return _grid(leaves, columns, rows, placed, page)


def _scattered(lines: Sequence[str], page: int | None, twins: Twins) -> Grid | None:
    lines, torn = whole_cells(lines)
    if (grid := sides_grid(lines, twins, page)) is not None:
        return grid
    leaves = scattered_header(lines, torn)
    columns = [kind_of(leaf.text) for leaf in leaves]
    if "label" not in columns or "figure" not in columns:
        return None
    rows = scattered_rows(lines, leaves, twins.labels)
    if rows is not None:
        return _grid(leaves, columns, rows, [[(column, text, False) for column, text in enumerate(row.figures)] for row in rows], page)
    if (bare := bare_rows(lines, leaves, twins.labels)) is None:
        return None
    placed = settle_by_twins(bare[0], [leaf for leaf in leaves if kind_of(leaf.text) == "figure"], bare[1], twins)
    return None if placed is None else _grid(leaves, columns, bare[0], placed, page)


def _begins_body(line: str) -> bool:
    words = line.split()
    if not words or _ORDINALS.fullmatch(line):
        return False
    if is_row_start(words[0]):
        return True
    rest = line
    while start := _TOTAL_START.match(squeeze(rest)):
        rest = re.sub(r"^(?:\s*[-\d.,]+)+(?=\s|$)", "", _after(rest, start.group()))
        if not rest.strip():
            return True
    return False


_TOTAL_START: Final = re.compile(r"(?:本年)?(?:收入|支出)?(?:合计|总计|小计)")


def _after(line: str, start: str) -> str:
    """The rest of a line behind its first letters `start`, which may be letterspaced."""
    at = 0
    for letter in start:
        at = line.index(letter, at) + 1
    return line[at:]


def header_cells(lines: Sequence[str]) -> list[str]:
    """The header's cells in reading order, wrapped ones joined: blank lines part them, known words decide the rest."""
    cells: list[str] = []
    group: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            group.append(line)
            continue
        for cell in _group_cells(group):
            if cells and not is_header_cell(cells[-1]) and is_header_cell(cells[-1] + cell):
                cells[-1] += cell
            else:
                cells.append(cell)
        group = []
    return cells


def _group_cells(group: Sequence[str]) -> list[str]:
    """The cells of lines that stand together. A line's last word goes on in the next line unless both are whole."""
    cells: list[str] = []
    for number, line in enumerate(group):
        words = _join_letters(line.split())
        if number and cells and words and _goes_on(cells[-1], words[0], single=all(len(other.split()) == 1 for other in group)):
            words = [cells.pop() + words[0], *words[1:]]
        for word in words:
            cells += _cut_known(word)
    return cells


def _goes_on(word: str, rest: str, single: bool) -> bool:
    if is_header_cell(word + rest) or may_go_on(word + rest):
        return True
    if any(is_header_cell((word + rest)[:cut]) and is_header_cell((word + rest)[cut:]) for cut in range(len(word) + 1, len(word + rest))):
        return True
    return (single and not (is_header_cell(word) and is_header_cell(rest))) or not is_header_cell(word)


def _join_letters(words: Sequence[str]) -> list[str]:
    """`收 入 支 出` → 收入, 支出; 类 款 项 stay apart."""
    joined: list[str] = []
    for word in words:
        if (
            joined
            and len(word) == 1
            and len(joined[-1]) < 6
            and joined[-1] not in ("类", "款")
            and not is_figure(word)
            and (is_header_cell(joined[-1] + word) or (may_go_on(joined[-1] + word) and len(joined[-1]) == 1))
        ):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _cut_known(word: str) -> list[str]:
    """`上年结转(结余)类` → 上年结转(结余), 类: two known cells that touch."""
    if is_header_cell(word) or may_go_on(word):
        return [word]
    for cut in range(len(word) - 1, 1, -1):
        if is_header_cell(word[:cut]) and is_header_cell(word[cut:]):
            return [word[:cut], word[cut:]]
    return [word]


def header_tree(cells: Sequence[str]) -> list[HeaderCell]:
    """Leaf cells with their parents, in column order.

    A reading order prints the upper row first; lower cells come behind it. The first cell that is known to stand under
    an earlier one begins the lower rows; those that follow stand under the same parent until another's child comes.
    """
    texts = [squeeze(cell) for cell in cells]
    first_child = next(
        (index for index, text in enumerate(texts) if any(parent in map(plain_header, texts[:index]) for parent in parents_of(text))),
        len(texts),
    )
    if texts[:2] == ["收入", "支出"]:
        return [HeaderCell(text, ()) for text in texts[2:]]
    under: dict[int, list[str]] = {}
    parent = -1
    for index in range(first_child, len(texts)):
        known = [at for at in range(first_child) if plain_header(texts[at]) in parents_of(texts[index])]
        if known and (parent not in known):
            parent = known[-1]
        under.setdefault(parent, []).append(texts[index])
    leaves: list[HeaderCell] = []
    for index, text in enumerate(texts[:first_child]):
        leaves += [HeaderCell(child, (text,)) for child in under[index]] if index in under else [HeaderCell(text, ())]
    return leaves


@dataclass(slots=True)
class _Draft:
    codes: list[str] = field(default_factory=list[str])
    unit: str = ""
    label: list[str] = field(default_factory=list[str])
    indent: float = 0.0
    figures: list[str] = field(default_factory=list[str])


def read_rows(lines: Sequence[str], codes: bool = True) -> list[Row]:
    """The rows of a body: a row begins at a code, a numbered label, a total, or a label after figures."""
    drafts: list[_Draft] = []
    for line in lines:
        for words in _row_parts(line.split()):
            current = drafts[-1] if drafts else None
            if current is None or _starts_row(words, current):
                current = _Draft(indent=(len(line) - len(line.lstrip())) / 2)
                drafts.append(current)
            _take(words, current)
    return [Row(tuple(draft.codes), draft.unit, "".join(draft.label), draft.indent, tuple(draft.figures)) for draft in drafts]


def _row_parts(words: list[str]) -> list[list[str]]:
    """A line's rows: a second code, or a 小计 behind a label, begins another row (a merged cell's class before its first row)."""
    parts: list[list[str]] = [[]]
    for word in words:
        labelled = any(not _CODES.fullmatch(other) and not is_figure(other) for other in parts[-1])
        if (
            labelled
            and ((CODE.fullmatch(word) and len(word) >= 5) or word in ("小计", "合计"))
            and not any(is_figure(other) for other in parts[-1])
        ):
            parts.append([])
        parts[-1].append(word)
    return [part for part in parts if part]


def _starts_row(words: Sequence[str], current: _Draft) -> bool:
    if current.figures:
        return True
    joined = squeeze("".join(words))
    total = _TOTAL_START.match(joined)
    starts = (
        bool(CODE.fullmatch(words[0]))
        or is_row_start(words[0])
        or bool(
            total
            and is_total_word(total.group())
            and joined.startswith(total.group())
            and not re.search(r"[\u4e00-\u9fff]", joined[total.end() :])
        )
    )
    return starts and bool(current.codes or current.label)


def _take(words: Sequence[str], draft: _Draft) -> None:
    for word in words:
        if not draft.label and not draft.figures and _CODES.fullmatch(word):
            if draft.codes and len(word) >= 6 and not CODE.fullmatch(word):
                draft.unit = word
            elif draft.codes or CODE.fullmatch(word):
                draft.codes.append(word)
            else:
                draft.figures.append(word)
        elif is_figure(word):
            draft.figures.append(word)
        else:
            draft.label.append(word)


def _grid(
    leaves: Sequence[HeaderCell],
    columns: Sequence[str],
    rows: Sequence[Row],
    placed: Sequence[Sequence[tuple[int, str, bool]]],
    page: int | None,
) -> Grid:
    """Header and body as cells. Codes printed under a label's header get a column of their own beneath it."""
    coded = any(row.codes for row in rows) and "code" not in columns
    positions: list[int] = []
    width = 0
    for kind in columns:
        positions.append(width)
        width += 2 if coded and kind == "label" else 1
    depth = 2 if any(leaf.under for leaf in leaves) else 1
    cells: list[GridCell] = []
    for index, leaf in enumerate(leaves):
        span = 2 if coded and columns[index] == "label" else 1
        if leaf.under and (index == 0 or leaves[index - 1].under != leaf.under):
            run = next((at for at in range(index, len(leaves)) if leaves[at].under != leaf.under), len(leaves))
            cells.append(GridCell(0, positions[index], 1, run - index, leaf.under[0], None, centred=True))
        top = 1 if leaf.under else 0
        cells.append(GridCell(top, positions[index], depth - top, span, leaf.text, None, centred=True))
    of = {
        kind: [position for position, at in zip(positions, columns, strict=True) if at == kind]
        for kind in ("code", "unit", "label", "figure")
    }
    for number, (row, figures) in enumerate(zip(rows, placed, strict=True), start=depth):
        label = of["label"][0]
        code_columns = [label] if coded else of["code"]
        for position, code in zip(code_columns, row.codes if len(code_columns) > 1 else ("".join(row.codes),), strict=False):
            cells += [GridCell(number, position, 1, 1, code, None)] if code else []
        if row.unit and of["unit"]:
            cells.append(GridCell(number, of["unit"][0], 1, 1, row.unit, None))
        if row.label:
            cells.append(GridCell(number, label + (1 if coded else 0), 1, 1, row.label, None, indent=row.indent))
        for column, text, doubtful in figures:
            cells.append(GridCell(number, of["figure"][column], 1, 1, text, None, doubt="column_unsettled" if doubtful else None))
    return Grid(page, None, depth + len(rows), width, tuple(cells))
