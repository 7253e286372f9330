"""The label path and classification code of each row of a block.

Takes a `Matrix` and its `Layout`; gives, for each block and body row, the path (outermost first) and the printed code.
Hierarchy comes from what the form prints, in this order: classification codes (a code's parents are its prefixes),
several label columns and merged labels, numbering (一、（一）1.（1）), indentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.headers import Block, Layout
from ingest.matrix import Cell, Matrix, is_nothing
from store.values import Level
from store.vocabulary import plain_label, vocabulary

_TOTAL: Final = re.compile(r"(?:.*[^其])?(?:合计|总计|共计)(?:[（(].*[）)])?|(?:合计|总计).{0,4}|.*(?:收入|支出)小计")
_NUMBERINGS: Final = (
    re.compile(r"[一二三四五六七八九十]+[、.．：:]"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)][、.．]?"),
    re.compile(r"\d{1,2}[、．]|\d{1,2}\.(?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)][、.．]?"),
    re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]"),
)
_OF_WHICH: Final = re.compile(r"其中[:：]?|\#?其中[:：]")
_LABEL_CODE: Final = re.compile(
    r"[\[【（(]?(?P<code>[1-9]\d{2}(?:\d{2}){0,3})[\]】）)]?[-－—_:：.、]?(?![\d\s年月日.,，、%万元度辆次台以至\-]|个(?!人)|人(?![员事才民大])|$)"
)
_CENTRED_FROM: Final = 2.5
"""Characters: a long label nearly fills its cell and looks centred although it is set in."""

_INDENT_STEP: Final = 0.6
"""Characters by which a label must stand further in to be a child."""


@dataclass(frozen=True, slots=True)
class RowLabel:
    """A row's labels in one block. `cells` are the printed cells of the path's own columns, for the outlines."""

    path: tuple[str, ...]
    code: str | None
    full_code: str | None
    cells: tuple[Cell, ...]

    @property
    def level(self) -> Level | None:
        """类, 款 or 项 by the length of the whole code."""
        match len(self.full_code or ""):
            case 3:
                return "class"
            case 5:
                return "section"
            case 7:
                return "item"
            case _:
                return None


def read_labels(matrix: Matrix, layout: Layout, rows: tuple[int, ...]) -> list[dict[int, RowLabel]]:
    """For each block: the label of each of these body rows."""
    drafts = [_with_subtotals(matrix, block, _drafts(matrix, block, rows, layout.body)) for block in layout.blocks]
    known: dict[str, list[tuple[int, str]]] = {}
    for block in drafts:
        for row, draft in block.items():
            if draft.full_code and draft.path and draft.path[-1] != "小计":
                known.setdefault(draft.full_code, []).append((row, draft.path[-1]))
    return [_with_parents(matrix, block, known) for block in drafts]


@dataclass(frozen=True, slots=True)
class _Group:
    """Code columns and the columns with the names of those codes."""

    codes: tuple[int, ...]
    names: tuple[int, ...]


def _groups(matrix: Matrix, block: Block, rows: tuple[int, ...]) -> list[_Group]:
    """The classifications of a block (部门经济 beside 政府经济), the most detailed first, of equals the rightmost.

    A block with one classification is one group, with all of its label columns.
    """
    runs: list[tuple[list[int], list[int]]] = []
    for column in sorted((*block.codes, *block.labels)):
        if not runs or (column in block.codes and runs[-1][1]):
            runs.append(([], []))
        runs[-1][column in block.labels].append(column)
    coded = [_Group(tuple(codes), tuple(names)) for codes, names in runs if codes and names]
    if len(coded) < 2:
        return [_Group(block.codes, block.labels)]

    def detail(group: _Group) -> tuple[int, int]:
        values = {tuple(cell.plain if (cell := matrix.at(row, column)) else "" for column in group.codes) for row in rows}
        return len(values), group.codes[0]

    return sorted(coded, key=detail, reverse=True)


def _drafts(matrix: Matrix, block: Block, rows: tuple[int, ...], body: int) -> dict[int, RowLabel]:
    drafts: dict[int, RowLabel] = {}
    groups = _groups(matrix, block, rows)
    parts: dict[_Group, list[str]] = {group: [] for group in groups}
    outer: Cell | None = None
    for row in rows:
        code = full = None
        words: list[Cell] = []
        named: _Group | None = None
        for group in groups:
            codes, found = _code_cells(matrix, group.codes, row, body)
            words += [word for word in found if word not in words]
            printed, whole, parts[group] = _join(codes, parts[group], len(group.codes))
            if printed is not None and len(printed) == 2 and len(group.codes) == 1:
                whole = _completed(matrix, group.codes[0], row, printed)
            if printed is not None and code is None:
                code, full, named = printed, whole, group
        cells = [*words]
        for column in block.labels:
            cell = matrix.at(row, column)
            if cell and not is_nothing(cell.text) and cell.row >= body and cell not in cells:
                cells.append(cell)
        if len(block.labels) > 1 and code is None and cells:
            first = matrix.at(row, block.labels[0])
            if first and first.plain:
                outer = first if len(cells) > 1 and first in cells else None
            elif outer is not None and cells[0].column > block.labels[0] and not _TOTAL.fullmatch(cells[0].plain):
                cells.insert(0, outer)
        if len(groups) > 1 and named is not None:
            own = [cell for cell in cells if any(cell.column <= column < cell.column + cell.column_span for column in named.names)]
            cells = [*(cell for cell in cells if cell not in own), *own]
        path = tuple(dict.fromkeys(cell.plain for cell in cells))
        if code is None and path:
            path, code = _codes_in_labels(path)
            full = code
        drafts[row] = RowLabel(path, code, full, tuple(cells))
    return drafts


def _codes_in_labels(path: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The path with codes that run into their names taken out (`30101基本工资`), and the innermost code.

    A code set off by a sign (`30101-基本工资`) is part of the printed label and stays in it.
    """
    codes = [_LABEL_CODE.match(label) for label in path]
    names = tuple(
        label[found.end() :] if found and found.group("code") == found.group(0) else label for label, found in zip(path, codes, strict=True)
    )
    if codes[-1]:
        return names, codes[-1].group("code")
    if names[-1] == "小计" and len(path) > 1 and codes[-2]:
        return names, codes[-2].group("code")
    return names, None


def _with_subtotals(matrix: Matrix, block: Block, drafts: dict[int, RowLabel]) -> dict[int, RowLabel]:
    """A bare 小计 belongs to the group above it that prints no figures of its own, and has the group's code."""
    made: dict[int, RowLabel] = {}
    group: RowLabel | None = None
    for row, draft in drafts.items():
        if draft.path == ("小计",) and draft.code is None and group is not None:
            made[row] = RowLabel((*group.path, "小计"), group.code, group.full_code, draft.cells)
            continue
        if draft.path and not any((cell := matrix.at(row, column)) and cell.number is not None for column in block.figures):
            group = draft
        made[row] = draft
    return made


def _code_cells(matrix: Matrix, columns: tuple[int, ...], row: int, body: int) -> tuple[list[tuple[int, str]], list[Cell]]:
    """Codes printed in the row's code columns as (place, text), and words printed there (合计 over code and name)."""
    codes: list[tuple[int, str]] = []
    words: list[Cell] = []
    seen: list[Cell] = []
    for place, column in enumerate(columns):
        cell = matrix.at(row, column)
        if cell is None or is_nothing(cell.text) or cell.row < body or cell in seen:
            continue
        seen.append(cell)
        if re.fullmatch(r"[\d\-.]*\d[\d\-.]*", cell.plain):
            codes.append((place, re.sub(r"\D", "", cell.plain)))
        elif found := _LABEL_CODE.match(cell.plain):
            codes.append((place, found.group("code")))
            words.append(cell)
        else:
            words.append(cell)
    return codes, words


def _join(codes: list[tuple[int, str]], before: list[str], places: int) -> tuple[str | None, str | None, list[str]]:
    """The code as printed with 类款项 joined, the whole code, and its parts (for the rows below that print only their own level)."""
    if not codes:
        return None, None, []
    printed = ""
    for index, (_, text) in enumerate(codes):
        if printed and len(text) > 2 and not text.startswith(printed):
            codes = codes[:index]  # another classification's code
            break
        printed = text if text.startswith(printed) and len(text) > 2 else printed + text
    if places < 2 or codes[0][0] == 0 or len(codes[0][1]) >= 3:
        parts = [""] * places
        for place, text in codes:
            parts[place] = text
        return printed, printed, parts
    first = codes[0][0]
    parts = [*before[:first], *([""] * max(0, first - len(before)))]
    full = "".join(parts) + printed
    return printed, full if len(full) > len(printed) else printed, [*parts, *(text for _, text in codes)]


def _completed(matrix: Matrix, column: int, row: int, own: str) -> str:
    """A 款 that prints its own two digits between a 类 and 项 that are printed whole (208 · 05 · 2080505): with its 类."""
    above = (cell.plain for at in range(row - 1, -1, -1) if (cell := matrix.at(at, column)))
    outer = next((code[:3] for code in above if code.isdigit() and len(code) >= 3), "")
    below = (cell.plain for at in range(row + 1, matrix.rows) if (cell := matrix.at(at, column)))
    inner = next((code for code in below if code.isdigit()), "")
    return outer + own if outer and len(inner) == 7 and inner.startswith(outer + own) else own


def _with_parents(matrix: Matrix, drafts: dict[int, RowLabel], known: dict[str, list[tuple[int, str]]]) -> dict[int, RowLabel]:
    coded = any(draft.full_code for draft in drafts.values())
    if not coded:
        return _by_numbering(drafts)
    made: dict[int, RowLabel] = {}
    for row, draft in drafts.items():
        parents = _code_parents(draft, row, known)
        path = (*(parent for parent in parents if parent not in draft.path[:-1]), *draft.path)
        if parents and len(draft.path) > 1 and draft.path[0] not in parents:
            path = (*draft.path[:-1], *(parent for parent in parents if parent not in draft.path), draft.path[-1])
        made[row] = RowLabel(path, draft.code, draft.full_code, draft.cells)
    return made


def _code_parents(draft: RowLabel, row: int, known: dict[str, list[tuple[int, str]]]) -> list[str]:
    code = draft.full_code or ""
    parents: list[str] = []
    for length in range(3, len(code)):
        rows = known.get(code[:length])
        if rows:
            above = [label for at, label in rows if at <= row]
            parents.append(above[-1] if above else rows[0][1])
    return parents


@dataclass(frozen=True, slots=True)
class _Open:
    """A label that later rows may stand under."""

    rank: int | None
    depth: float
    path: tuple[str, ...]
    column: int


def _by_numbering(drafts: dict[int, RowLabel]) -> dict[int, RowLabel]:
    made: dict[int, RowLabel] = {}
    stack: list[_Open] = []
    margins: dict[int, float] = {}
    for cell in (draft.cells[-1] for draft in drafts.values() if draft.cells):
        margins[cell.column] = min(cell.margin, margins.get(cell.column, cell.margin))
    labels = [draft.cells[-1] for draft in drafts.values() if draft.cells and not draft.cells[-1].centred]
    steps = [cell.depth + cell.margin - margins[cell.column] for cell in labels]
    for row, draft in drafts.items():
        if not draft.path:
            made[row] = draft
            continue
        label, outer = draft.path[-1], draft.path[:-1]
        depth = _depth(draft.cells[-1], margins, steps) + _hanging(label)
        rank, of_which = _rank(label)
        if outer or _is_total(label, rank):
            stack = []
        elif rank is None and (kept := _known_parents(stack, label)) is not None:
            stack = kept
            depth = max(depth, stack[-1].depth + _INDENT_STEP) if stack else 0.0
        else:
            stack = _open_parents(stack, rank, of_which, depth, draft.cells[-1].column)
        path = (*(stack[-1].path if stack else ()), *outer, label)
        if not _is_total(label, rank):
            stack.append(_Open(rank, depth, path, draft.cells[-1].column))
        made[row] = RowLabel(path, draft.code, draft.full_code, draft.cells)
    return made


def _known_parents(stack: list[_Open], label: str) -> list[_Open] | None:
    """Where the label is a name of the published classification: under the name of its 类 or 款, if that is open.

    Such names keep their place although a page break or a full cell takes their indentation away. None if it can't be told.
    """
    codes = _codes_named(label)
    if not codes:
        return None
    for index in range(len(stack) - 1, -1, -1):
        above = _codes_named(stack[index].path[-1])
        under = [len(code) - len(parent) for code in codes for parent in above if code.startswith(parent) and len(code) > len(parent)]
        if under and min(under) > 2 and index + 1 < len(stack):
            return None            # a 项 whose 款 is open but not listed with it: its indentation tells
        if under:
            return stack[: index + 1]
        if any(len(code) == len(beside) and code[:-2] == beside[:-2] for code in codes for beside in above):
            return stack[:index]
    return None


@lru_cache(maxsize=4096)
def _codes_named(label: str) -> tuple[str, ...]:
    """The published codes that bear this name, whatever the year."""
    return tuple({entry.code for entry in vocabulary().codes_by_name.get(plain_label(label), ())})


def _depth(cell: Cell, margins: dict[int, float], steps: list[float]) -> float:
    """A label's indentation in its column, over all pages: one may begin with labels that are all set in.

    Centred text has none, unless it stands as far in as labels that are not centred.
    """
    depth = cell.depth + cell.margin - margins[cell.column]
    if cell.centred and cell.depth > _CENTRED_FROM and not any(abs(depth - step) < _INDENT_STEP / 2 for step in steps):
        return 0.0
    return depth


def _hanging(label: str) -> float:
    """其中：A is aligned with a B that is printed below A, so its depth is that of A."""
    found = _OF_WHICH.match(label)
    return float(len(found.group(0))) if found else 0.0


def _is_total(label: str, rank: int | None) -> bool:
    return rank is None and bool(_TOTAL.fullmatch(label))


def _rank(label: str) -> tuple[int | None, bool]:
    """How deep the label's numbering is, and whether it begins with 其中：."""
    found = _OF_WHICH.match(label)
    rest = label[found.end() :] if found else label
    for rank, pattern in enumerate(_NUMBERINGS):
        if pattern.match(rest):
            return rank, found is not None
    return None, found is not None


def _open_parents(stack: list[_Open], rank: int | None, of_which: bool, depth: float, column: int) -> list[_Open]:
    """The labels that this one stands under: none in a column further right."""
    kept = list(stack)
    while kept and (column < kept[-1].column or not _stands_under(kept[-1], rank, of_which, depth)):
        kept.pop()
    return kept


def _stands_under(parent: _Open, rank: int | None, of_which: bool, depth: float) -> bool:
    deeper = depth >= parent.depth + _INDENT_STEP
    if rank is not None:
        if parent.rank is not None:
            return rank > parent.rank
        return deeper or (rank >= 2 and depth >= parent.depth)
    if of_which:
        return deeper or (depth >= parent.depth and parent.rank is not None)
    return deeper
