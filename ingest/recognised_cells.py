"""What text recognition does to the cells of a grid, undone where the form of a cell leaves one reading only.

Specks before or behind an amount and a colon for its point are taken away (the cell stays doubtful); the row of asterisks
and column numbers under a header, and 一、 1、 2、 in a column of labels, are given the form that their neighbours have. No
digit of an amount is ever changed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ingest.source import Grid, GridCell
from store.money import read_number

SURE: Final = 0.95
"""A figure recognised less surely is marked doubtful. Of the figures of the samples read right, one in 30 is below."""

DOUBT: Final = "recognised_unsurely"

_SPECK_BEFORE: Final = re.compile(r"^[.,:;'`·、’‘_-]{1,2}(?=\d[\d,]*\.\d{2}$)")
_MINUS_BEFORE: Final = re.compile(r"-\d")
_SPECK_BEHIND: Final = re.compile(r"(?<=\d)[.,:;'`·、’‘_]$")
_LABEL_SPECK: Final = re.compile(r"(?<=[\u4e00-\u9fff）])[.,'`·_]$")
_COLON: Final = re.compile(r"(\d)[:;·](\d{2})")
_ORDINAL: Final = re.compile(r"\d{1,2}")
_SHORT: Final = 3
_NUMBERED: Final = re.compile(r"(\d{1,2})、")
_POINTED: Final = re.compile(r"(\d{1,2})[.．,，]\s?(?=[\u4e00-\u9fff])")


def mended(grid: Grid) -> Grid:
    """The grid with its cells mended, unsure figures marked."""
    cells = [_without_specks(cell) for cell in grid.cells]
    ordinals = {row for row in range(grid.rows) if _is_ordinal_row([cell for cell in cells if cell.row == row])}
    numbered = {cell.column for cell in cells if _NUMBERED.match(cell.text.strip())}
    formed = [_in_form(cell, cell.row in ordinals, cell.column in numbered) for cell in cells]
    counted = {cell.column for cell in formed if cell.text.strip().startswith("一、")}
    seconds = {(cell.row - 1, cell.column) for cell in formed if cell.text.strip().startswith("二、") and cell.column not in counted}
    return replace(grid, cells=tuple(_with_one(cell) if (cell.row, cell.column) in seconds else cell for cell in formed))


def _with_one(cell: GridCell) -> GridCell:
    """A label right above 二、: the lone stroke of its 一、 is easily taken for a rule."""
    text = cell.text.lstrip()
    lost = re.match(r"[、\u4e00-\u9fff]", text) and not re.match(r"[一二三四五六七八九十]{1,3}、|[（(]", text)
    return replace(cell, text="一、" + text.removeprefix("、")) if lost and len(text) > _SHORT else cell


def _without_specks(cell: GridCell) -> GridCell:
    text = cell.text.strip()
    if _LABEL_SPECK.search(text):
        return replace(cell, text=_LABEL_SPECK.sub("", cell.text.rstrip()))
    if not re.search(r"\d", text) or len(text) > 24:
        return cell
    clean = _SPECK_BEHIND.sub("", text)
    clean = clean if _MINUS_BEFORE.match(clean) else _SPECK_BEFORE.sub("", clean)
    if _COLON.fullmatch(clean[-4:]) and read_number(clean[:-3]) is not None:
        clean = f"{clean[:-3]}.{clean[-2:]}"
    if read_number(clean) is None:
        return cell
    unsure = cell.sureness < SURE or clean != text
    return replace(cell, text=clean, doubt=DOUBT) if unsure else cell


def _is_ordinal_row(cells: Sequence[GridCell]) -> bool:
    """`** ** ** 1 2 3`: only short cells, some of asterisks, the others numbers of columns that count up."""
    texts = ["".join(cell.text.split()) for cell in cells]
    stars = sum(1 for text in texts if "*" in text)
    numbers = [int(text) for text in texts if _ORDINAL.fullmatch(text)]
    counted = len(numbers) + stars >= len(texts) - 1 and numbers == sorted(numbers)
    return bool(stars) and counted and all(len(text) <= _SHORT for text in texts)


def _in_form(cell: GridCell, ordinal: bool, numbered: bool) -> GridCell:
    text = cell.text.strip()
    if ordinal:
        return replace(cell, text=text if _ORDINAL.fullmatch(text) else "**", doubt=None) if text else cell
    if numbered and _POINTED.match(text):
        return replace(cell, text=_POINTED.sub(r"\1、", text, count=1))
    return cell
