"""Tables in plain text: where they begin and end on a page, and which way of reading fits their lines.

Takes the lines of a page as they stand in the file, gives Lines and Grids. A table begins under a caption (number,
title, unit) and ends at a note, the page's number or the next caption. How much of the columns is left differs by the
program that made the text: some keep the places (ingest/text_layout.py), some only the order of cells in a row
(ingest/text_flow.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ingest.captions import Caption, is_note, is_number_line, is_title, read_caption_line, unit_in
from ingest.source import Block, Grid, Line
from ingest.text_flow import flow_grid
from ingest.text_layout import Columns, layout_grid, layout_rows
from ingest.text_places import keeps_places
from ingest.text_twins import Twins
from ingest.text_words import AMOUNT, squeeze

CAPTION_LINES: Final = 14
"""From a table's number or title down to its unit, at most, blank lines not counted."""

PAGE_NUMBER: Final = re.compile(r"[-—–－]*第?\d{1,4}页?[-—–－]*")
_AGENCY: Final = re.compile(r"(?:编制|填报|公开)?(?:部门|单位)(?:名称)?[:：]")
_SENTENCE: Final = re.compile(r"[。；]|，.{6,}[，。]")


class TextTables:
    """Reads the pages of one text in order, because a table may go on over them without its header."""

    def __init__(self, document: str, twins: Twins | None = None) -> None:
        self.document = document  # the whole text without blanks
        self.twins = twins or Twins(document)  # what an earlier reading of the same text settled
        self.columns: Columns | None = None
        self.left = 0  # tables left as lines

    def page_blocks(self, lines: Sequence[str], page: int | None) -> Iterator[Block]:
        """The blocks of one page in reading order."""
        index = self._bare_rows_end(lines)
        if index:
            yield from self._bare_rows(lines[:index], page)
        while index < len(lines):
            end = _caption_end(lines, index)
            if end is None:
                if lines[index].strip() and not PAGE_NUMBER.fullmatch(squeeze(lines[index])):
                    self.columns = None
                yield from _line(lines[index], page)
                index += 1
                continue
            stop = _table_end(lines, end)
            yield from self._table(lines, index, end, stop, page)
            index = stop

    def _table(self, lines: Sequence[str], start: int, end: int, stop: int, page: int | None) -> Iterator[Block]:
        caption, body = _parted(lines[start:end], lines[end:stop], _figures_behind(lines, stop))
        for line in caption:
            yield from _line(line, page)
        self.columns = None
        grid: Grid | None = None
        if not keeps_places(body):
            grid = flow_grid(body, page, self.twins)
        elif (made := layout_grid(body, page, self.document)) is not None:
            grid, self.columns = made
        if grid is not None:
            yield grid
            return
        self.left += 1
        for line in body:
            yield from _line(line, page)

    def _bare_rows_end(self, lines: Sequence[str]) -> int:
        """How many lines at the top of a page go on with the last page's table."""
        if self.columns is None:
            return 0
        first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
        if first == len(lines) or _caption_end(lines, first) is not None or is_note(squeeze(lines[first])):
            return 0
        blank = next((index for index in range(first, len(lines)) if not lines[index].strip()), len(lines))
        return min(blank, _table_end(lines, first))

    def _bare_rows(self, lines: Sequence[str], page: int | None) -> Iterator[Block]:
        grid = (
            layout_rows([line for line in lines if line.strip()], self.columns, page, self.document) if self.columns is not None else None
        )
        if grid is not None:
            yield grid
            return
        self.columns = None
        for line in lines:
            yield from _line(line, page)


def _parted(head: Sequence[str], below: Sequence[str], behind: Sequence[str]) -> tuple[list[str], list[str]]:
    """Caption lines, and the table's lines: header cells that a scattered text prints between its caption lines are the table's."""
    caption = [line for line in head if not line.strip() or read_caption_line(line, Caption()) is not None or _AGENCY.match(squeeze(line))]
    others = [line for line in head if line not in caption]
    return caption, [*(part for line in others for part in (line, "")), *below, *behind]


def _figures_behind(lines: Sequence[str], stop: int) -> list[str]:
    """Lines of figures alone behind a table's note or the page's number: a scattered text prints its last columns there."""
    found: list[str] = []
    for line in lines[stop:]:
        words = line.split()
        if words and all(AMOUNT.fullmatch(word) and "." in word for word in words):
            found += [line, ""]
        elif words and (is_number_line(squeeze(line)) or _is_title(squeeze(line))):
            break
    return found


def _line(text: str, page: int | None) -> Iterator[Line]:
    if text.strip():
        blanks = text[: len(text) - len(text.lstrip())]
        indent = sum(1.0 if blank == "\u3000" else 0.5 for blank in blanks)
        yield Line(text=" ".join(text.split()), page=page, bbox=None, indent=indent)


def _caption_end(lines: Sequence[str], start: int) -> int | None:
    """The line behind a caption that begins at `start`: a number or title, then a unit soon after. None if there is none."""
    first = squeeze(lines[start])
    if not (is_number_line(first) or _is_title(first)):
        return None
    seen = 0
    for index in range(start, len(lines)):
        text = squeeze(lines[index])
        if not text:
            continue
        seen += 1
        if unit_in(text):
            return index + 1
        if seen > CAPTION_LINES or _SENTENCE.search(text):
            return None
    return None


def _is_title(text: str) -> bool:
    return is_title(text) and not _SENTENCE.search(text)


def _table_end(lines: Sequence[str], start: int) -> int:
    for index in range(start, len(lines)):
        text = squeeze(lines[index])
        if not text:
            continue
        if is_note(text) or (PAGE_NUMBER.fullmatch(text) and _is_last(lines, index)) or _caption_end(lines, index) is not None:
            return index
        if len(text) > 30 and text.endswith("。"):
            return index
    return len(lines)


def _is_last(lines: Sequence[str], index: int) -> bool:
    return not any(line.strip() for line in lines[index + 1 :])
