"""Pages split into tables and prose.

Takes a `Source`; gives `Piece`s (one table each, or the part of one that stands on a page, its caption and notes beside
its matrix) and the prose lines in reading order. Nothing is lost: a grid that is no table (a frame, a list of
contents) gives its text back as prose lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.captions import Caption, clean_title, is_note, is_number_line, is_title, names_agency, read_caption_line
from ingest.grid_captions import CAPTION_LINES, is_page_number, may_end_name, stacked_tables, without_caption
from ingest.headers import Layout, find_layout
from ingest.matrix import Cell, Matrix, matrix_of, squeeze
from ingest.source import Grid, Line, Page, Source

Prose = tuple[int | None, Line]

_NOTE_LINES: Final = 12
_MOST_PAGES: Final = 0.4
"""Share of a file's pages on which a line must stand at the same height to be a running head."""

_ASIDE: Final = re.compile(r"[（(][^（()）]*[^（()）元\d][）)]")
_SLIPPED: Final = 6
"""Characters of a title that slip to a second line, at most."""

_NEAR_LINES: Final = 3
HEADER_ROWS: Final = 4
_SAME_EDGE: Final = 8.0
"""Points within which the sides of one table lie on two pages."""
_HEADING_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One table, or the part of one on a page; joined, perhaps of several pages."""

    caption: Caption
    matrix: Matrix
    notes: tuple[str, ...]
    first_page: int | None
    last_page: int | None
    near_title: str = ""  # a short line or sheet name that serves where no title is printed
    follows_prose: bool = False  # whether prose stands between this piece and the one before


@dataclass(slots=True)
class _Split:
    pieces: list[Piece] = field(default_factory=list[Piece])
    prose: list[Prose] = field(default_factory=list[Prose])
    buffer: list[Line] = field(default_factory=list[Line])
    prose_since: bool = False
    heads: frozenset[str] = frozenset()

    def is_furniture(self, line: Line) -> bool:
        """Whether a line is a page number or a running head: it parts no table from its other half."""
        return is_page_number(line.text) or (line.page is not None and _masked(line.text) in self.heads)

    def flush(self, page: int | None) -> None:
        for line in self.buffer:
            self.prose.append((page if line.page is None else line.page, line))
            self.prose_since = self.prose_since or not self.is_furniture(line)
        self.buffer = []


def split_pages(source: Source) -> tuple[tuple[Piece, ...], tuple[Prose, ...]]:
    """The tables of a file, page by page, and its prose."""
    split = _Split(heads=_running_heads(source.pages))
    for page, after in zip(source.pages, (*source.pages[1:], None), strict=True):
        _split_page(page, split, _grid_at_top(after, split))
    split.flush(None)
    return tuple(split.pieces), tuple(split.prose)


def _masked(text: str) -> str:
    """What a running head prints on every page: the text without the digits of its page number."""
    return re.sub(r"第\d+页|\d{1,3}(?:/\d{1,3})?$", "", squeeze(text))


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that stand at one height on many pages, captions of tables excepted: running heads and watermarks."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        lines = [block for block in page.blocks if isinstance(block, Line) and block.bbox is not None]
        plain = [line for line in lines if read_caption_line(line.text, Caption()) is None]
        counts.update({(_masked(line.text), round(line.bbox[1])) for line in plain if line.bbox})
    least = max(3, _MOST_PAGES * len(pages))
    return frozenset(text for (text, _), count in counts.items() if count >= least and text)


def _grid_at_top(page: Page | None, split: _Split) -> Grid | None:
    """The grid that a page begins with, running heads left out."""
    for block in page.blocks if page else ():
        if isinstance(block, Grid):
            return block
        if not split.is_furniture(block):
            return None
    return None


def _split_page(page: Page, split: _Split, after: Grid | None) -> None:
    in_notes = False
    for index, block in enumerate(page.blocks):
        if isinstance(block, Grid):
            at_foot = all(isinstance(rest, Line) and split.is_furniture(rest) for rest in page.blocks[index + 1 :])
            in_notes = _take_grid(block, page, split, after if at_foot else None)
        elif in_notes and (is_note(block.text) or _continues_note(split.pieces[-1], block)):
            last = split.pieces[-1]
            split.pieces[-1] = replace(last, notes=_with_note(last.notes, block.text))
        else:
            in_notes = in_notes and split.is_furniture(block)
            split.buffer.append(block)


def _continues_note(piece: Piece, line: Line) -> bool:
    """A wrapped note goes on until its full stop; a caption, a heading or a new note ends it."""
    if not piece.notes or line.page is None or len(piece.notes) > _NOTE_LINES:
        return False
    text = squeeze(line.text)
    return (
        piece.notes[-1][-1] not in "。；;.）)"
        and not is_title(text)
        and not is_number_line(text)
        and not is_page_number(text)
        and len(piece.notes[-1]) > 30
    )


def _with_note(notes: tuple[str, ...], text: str) -> tuple[str, ...]:
    if is_note(text) or not notes:
        return (*notes, text.strip())
    return (*notes[:-1], notes[-1] + text.strip())


def _take_grid(grid: Grid, page: Page, split: _Split, after: Grid | None) -> bool:
    """Adds the grid's tables as pieces, or gives its text back as prose. Returns whether the last of it was a table.

    `after` is the grid that goes on on the next page, if this one ends its page.
    """
    matrix = matrix_of(grid)
    if grid.name is not None:
        matrix = matrix.without_blank_columns()
    is_table = False
    for part in stacked_tables(matrix):
        is_table = _take_table(part, grid, page, split, after)
    return is_table


def _take_table(matrix: Matrix, grid: Grid, page: Page, split: _Split, after: Grid | None) -> bool:
    matrix, caption, notes = without_caption(matrix)
    caption, near = _caption_above(caption, split, page.number)
    part = (after is not None and _heads(matrix, grid, after)) or _goes_on(matrix, grid, caption, split)
    if not _is_table(matrix, caption) and not part:
        split.buffer += list(_as_lines(matrix, caption, notes))
        return False
    split.flush(page.number)
    split.pieces.append(Piece(caption, matrix, notes, page.number, page.number, grid.name or near, split.prose_since))
    split.prose_since = False
    return True


def _caption_above(caption: Caption, split: _Split, page: int | None) -> tuple[Caption, str]:
    """Reads the printed lines above the grid upwards for as long as they are caption; they may end the page before."""
    lines, at = split.buffer, len(split.buffer)
    taken: list[int] = []
    found, title_page = caption, page
    while at and len(taken) < CAPTION_LINES:
        line = lines[at - 1]
        if split.is_furniture(line):
            at -= 1
            continue
        if found.title and is_title(squeeze(line.text)):
            if title_page != page and not caption.title:
                found, taken = caption, []  # one title under another at the end of a page: a list of contents
            break
        made = read_caption_line(line.text, found)
        if at > 1 and not found.title and (whole := _torn_title(lines[at - 2], line)):
            found, title_page = replace(made or found, title=clean_title(whole)), line.page
            taken += [at - 1, at - 2]
            at -= 2
            continue
        if made is None and any(_continues_agency(above, line) for above in lines[max(0, at - 3) : at - 1]):
            taken.append(at - 1)
            at -= 1
            continue
        if made is None:
            break
        title_page = line.page if made.title and not found.title else title_page
        found = made
        taken.append(at - 1)
        at -= 1
    split.buffer = [line for index, line in enumerate(lines) if index not in taken]
    return found, _near_title(split.buffer, page)


def _near_title(lines: Sequence[Line], page: int | None) -> str:
    """A heading close above a table that prints no title; for a table at a page's top, at the foot of the page before."""
    last = lines[-1].page if lines else None
    above = page if page is None or last is None else max(last, page - 1)
    for line in reversed(lines[-_NEAR_LINES:]):
        text = squeeze(line.text)
        if line.page != above:
            break
        if len(text) <= _HEADING_LENGTH and text[-1] not in "。；;，,:：、" and not is_page_number(text):
            return text
    return ""


def _continues_agency(above: Line, below: Line) -> bool:
    """Whether a short line is the rest of the agency's name in the line above it (`部门：…委员会办` / `公厅`)."""
    labelled = names_agency(above.text) and may_end_name(below.text)
    if not labelled or above.bbox is None or below.bbox is None:
        return False
    size = below.size or above.size or 0.0
    return abs(above.bbox[0] - below.bbox[0]) < size and 0 < below.bbox[1] - above.bbox[1] < 2 * size


def _torn_title(above: Line, below: Line) -> str | None:
    """A title set in two lines: same size, same axis, the first as wide as the second or wider; or the second in brackets.

    Set flush left, what slipped to the second line is a few characters.
    """
    first, second = squeeze(above.text), squeeze(below.text)
    gap = below.bbox[1] - above.bbox[3] if above.bbox and below.bbox else 0.0
    is_aside = _ASIDE.fullmatch(second) and read_caption_line(below.text, Caption()) is None  # a year in brackets is no part of a title
    if is_title(first) and is_aside and above.page == below.page and gap < 1.5 * (above.size or gap):
        return first + second
    if (
        above.bbox is None
        or below.bbox is None
        or above.size is None
        or below.size is None
        or not is_title(first + second)
        or is_title(first)
    ):
        return None
    if (
        is_number_line(above.text)
        or first[-1] in "。；;:："
        or abs(above.size - below.size) > 0.3
        or read_caption_line(above.text, Caption()) is not None
    ):
        return None
    axis = abs((above.bbox[0] + above.bbox[2]) - (below.bbox[0] + below.bbox[2])) / 2
    near = below.bbox[1] - above.bbox[3] < 1.5 * below.size
    flush = len(second) <= _SLIPPED and abs(above.bbox[0] - below.bbox[0]) < below.size / 2
    wider = above.bbox[2] - above.bbox[0] >= below.bbox[2] - below.bbox[0] - 1
    return first + second if (axis < 2 * below.size or flush) and near and wider else None


def _is_table(matrix: Matrix, caption: Caption) -> bool:
    if matrix.columns < 2 or matrix.rows < 1 or caption.title.endswith("目录"):
        return False
    layout = find_layout(matrix)
    figures = [
        cell
        for column in layout.figure_columns
        for row in range(layout.body, matrix.rows)
        if (cell := matrix.at(row, column)) and cell.row == row and cell.column == column and cell.number is not None
    ]
    if _is_contents(matrix, len(figures)):
        return False
    if figures:
        return bool(caption.title or caption.number) or 2 * sum(_is_named(matrix, layout, cell) for cell in figures) > len(figures)
    return bool(caption.title or caption.number or caption.unit) and any(len(matrix.row(row)) > 1 for row in range(min(2, matrix.rows)))


def _heads(matrix: Matrix, grid: Grid, after: Grid) -> bool:
    """Whether a grid without figures is the header, alone at a page's foot, of the grid on the next page."""
    if grid.bbox is None or after.bbox is None or matrix.rows > HEADER_ROWS or not 2 <= matrix.columns <= after.columns:
        return False
    edges = abs(grid.bbox[0] - after.bbox[0]) < _SAME_EDGE and abs(grid.bbox[2] - after.bbox[2]) < _SAME_EDGE
    worded = all(cell.number is None for cell in matrix.cells) and len(matrix.row(0)) > 1
    return edges and worded and any(cell.number is not None for cell in matrix_of(after).cells)


def _goes_on(matrix: Matrix, grid: Grid, caption: Caption, split: _Split) -> bool:
    """Whether a grid of words at a page's top is the rest of a long cell of the table that the page before ends with."""
    before = split.pieces[-1] if split.pieces else None
    alone = caption.is_blank and not split.prose_since and all(split.is_furniture(line) for line in split.buffer)
    if before is None or before.last_page is None or grid.page != before.last_page + 1 or grid.bbox is None or not alone:
        return False
    boxes = [cell.bbox for cell in before.matrix.cells if cell.bbox is not None and cell.page == before.last_page]
    left, right = min((box[0] for box in boxes), default=0.0) - grid.bbox[0], grid.bbox[2] - max((box[2] for box in boxes), default=0.0)
    same = min(left, right) > -_SAME_EDGE and min(abs(left), abs(right)) < _SAME_EDGE      # blank cells at a side tell nothing
    return same and matrix.columns == before.matrix.columns and all(cell.number is None for cell in matrix.cells)


def _is_named(matrix: Matrix, layout: Layout, figure: Cell) -> bool:
    """Whether a label or a header says what a number is of: the scale of a chart has neither."""
    labels = (matrix.at(figure.row, column) for block in layout.blocks for column in block.labels)
    names = (*layout.paths[figure.column], *(cell for cell in labels if cell is not None))
    return any(cell.plain and cell.number is None for cell in names)


def _is_contents(matrix: Matrix, figures: int) -> bool:
    """A list of tables with their page numbers."""
    titles = sum(1 for cell in matrix.cells if is_title(cell.plain))
    numbers = [cell for cell in matrix.cells if cell.number is not None]
    return titles >= 4 and titles * 2 >= figures and all(cell.plain.isdigit() for cell in numbers)


def _as_lines(matrix: Matrix, caption: Caption, notes: Sequence[str]) -> Iterator[Line]:
    """The text of a grid that is no table, as lines of prose."""
    page = next((cell.page for cell in matrix.cells), None)
    for text in (caption.number, caption.title, caption.agency):
        if text:
            yield Line(text, page, None)
    for row in range(matrix.rows):
        cells = matrix.row(row)
        for part in " ".join(cell.text.strip() for cell in cells).split("\n"):
            if part.strip():
                yield Line(part.strip(), page, cells[0].bbox)
    for note in notes:
        yield Line(note, page, None)
