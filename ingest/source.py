"""What a reader hands on: the lines and grids of a file in reading order, with nothing interpreted.

A reader knows one format and its library; everything after it (`ingest/understand.py`) is written once over these
values. A reader reports what is on the page: it does not know what a budget is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from store.values import Box, Format, ReadBy, Unread, Warned


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line outside any grid."""

    text: str                      # words joined; a gap wider than a character becomes one blank
    page: int | None
    bbox: Box | None
    size: float | None = None      # glyph height in points, to tell headings; None where not known
    heading: int | None = None     # 1 … where the format itself says so (h1, Word heading style)
    indent: float = 0.0            # in characters, from the left edge of the text column
    ends_paragraph: bool | None = None   # where the format knows (html, docx): True on a paragraph's last line


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid. A merged cell appears once, at its top left corner, with its spans."""

    row: int                       # 0-based
    column: int                    # 0-based
    row_span: int
    column_span: int
    text: str                      # lines joined with "\n", leading blanks kept (they show hierarchy)
    bbox: Box | None               # of the cell, not of its text
    indent: float = 0.0            # of the text within the cell, in characters, from the leftmost label of its column on the page
    margin: float = 0.0            # of that leftmost label, in characters, from the column's left edge
    centred: bool = False
    bold: bool = False
    sureness: float = 1.0          # 0 … 1; below 1 only for OCR
    doubt: str | None = None       # set by a reader that could not settle a column (plain text): a message code


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of rows × columns as ruled or aligned on ONE page (or sheet); pages are joined later."""

    page: int | None
    bbox: Box | None
    rows: int
    columns: int
    cells: tuple[GridCell, ...]    # blank cells are left out, unless merged (span > 1)
    name: str | None = None        # a sheet's name


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """One page in reading order. HTML, DOCX and plain text without form feeds are one Page with number None."""

    number: int | None
    width: float | None
    height: float | None
    blocks: tuple[Block, ...]
    rotated: int = 0               # degrees; boxes are in the displayed (rotated) frame
    read_by: ReadBy | None = None  # where it differs from the source's: a scanned page within a PDF of text


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: format, pages, and what the reader could not read."""

    format: Format
    read_by: ReadBy
    pages: tuple[Page, ...]
    warnings: tuple[Warned, ...] = field(default=())
    unread: tuple[Unread, ...] = field(default=())


class Reader(Protocol):
    """A format. Raises a subclass of `store.errors.UnreadableFile` with file, page and remedy."""

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether a file that begins with `head` (8 KiB) is of this format: by content; names lie."""
        ...

    def read(self, data: bytes, name: str) -> Source: ...
