"""Pages split into tables and prose, and tables joined over pages.

Takes a `Source`; gives `Piece`s (one table each, its caption and notes beside its matrix) and the prose lines in reading
order. Nothing is lost: a grid that is no table (a frame, a list of contents) gives its text back as prose lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.captions import Caption, is_note, is_number_line, is_title, read_caption_line, starts_numbering
from ingest.goal_forms import is_goal_form
from ingest.headers import Layout, find_layout, is_ordinal_row
from ingest.matrix import Matrix, is_nothing, matrix_of, squeeze
from ingest.source import Grid, Line, Page, Source

Prose = tuple[int | None, Line]

_FURNITURE: Final = re.compile(r"[-—–\s]*(?:第?\d{1,3}页?(?:[/,，共]*\d{1,3}页?)?|%d)[-—–\s]*")
_TOTAL: Final = re.compile(r"(?:合计|总计|总合计|支出总计|收入总计)")
_EDGE: Final = 8.0
"""Points within which the same column's edge lies on two pages."""

_CAPTION_LINES: Final = 8
_NOTE_LINES: Final = 12
_ALIKE: Final = 85.0
"""Per cent of characters alike from which two recognised texts are one header."""

_NEAR_LINES: Final = 3
_HEADING_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One table, perhaps of several pages."""

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

    def flush(self, page: int | None) -> None:
        for line in self.buffer:
            self.prose.append((page if line.page is None else line.page, line))
            self.prose_since = self.prose_since or not _FURNITURE.fullmatch(line.text.strip())
        self.buffer = []


def split_pages(source: Source) -> tuple[tuple[Piece, ...], tuple[Prose, ...]]:
    """The tables of a file, joined over its pages, and its prose."""
    split = _Split()
    for page in source.pages:
        _split_page(page, split)
    split.flush(None)
    return tuple(_joined(split.pieces)), tuple(split.prose)


def _split_page(page: Page, split: _Split) -> None:
    in_notes = False
    for block in page.blocks:
        if isinstance(block, Grid):
            in_notes = _take_grid(block, page, split)
        elif in_notes and (is_note(block.text) or _continues_note(split.pieces[-1], block)):
            last = split.pieces[-1]
            split.pieces[-1] = replace(last, notes=_with_note(last.notes, block.text))
        else:
            in_notes = in_notes and bool(_FURNITURE.fullmatch(block.text.strip()))
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
        and not _FURNITURE.fullmatch(text)
        and len(piece.notes[-1]) > 30
    )


def _with_note(notes: tuple[str, ...], text: str) -> tuple[str, ...]:
    if is_note(text) or not notes:
        return (*notes, text.strip())
    return (*notes[:-1], notes[-1] + text.strip())


def _take_grid(grid: Grid, page: Page, split: _Split) -> bool:
    """Adds the grid's tables as pieces, or gives its text back as prose. Returns whether the last of it was a table."""
    matrix = matrix_of(grid)
    if grid.name is not None:
        matrix = matrix.without_blank_columns()
    is_table = False
    for part in _stacked(matrix):
        is_table = _take_table(part, grid, page, split)
    return is_table


def _stacked(matrix: Matrix) -> list[Matrix]:
    """One grid may hold several tables, one under another, each with its caption (a sheet with a whole set of forms)."""
    starts = [0]
    numbers = False
    for row in range(matrix.rows):
        cells = matrix.row(row)
        if numbers and cells and _is_caption_row(matrix, row) and _begins_table(matrix, row):
            starts.append(row)
            numbers = False
        numbers = numbers or any(cell.number is not None for cell in cells)
    return [matrix.slice(first, last) for first, last in zip(starts, [*starts[1:], matrix.rows], strict=True)]


def _begins_table(matrix: Matrix, row: int) -> bool:
    """Whether a caption row names a table (not only its unit), with rows of several cells to follow."""
    named = any(
        (caption := read_caption_line(cell.text, Caption())) is not None and bool(caption.title or caption.number)
        for cell in matrix.row(row)
    )
    return named and any(len(matrix.row(after)) > 1 for after in range(row + 1, min(row + 6, matrix.rows)))


def _take_table(matrix: Matrix, grid: Grid, page: Page, split: _Split) -> bool:
    matrix, caption, notes = _peel(matrix)
    caption, near = _caption_above(caption, split, page.number)
    if not _is_table(matrix, caption):
        split.buffer += list(_as_lines(matrix, caption, notes))
        return False
    split.flush(page.number)
    split.pieces.append(Piece(caption, matrix, notes, page.number, page.number, grid.name or near, split.prose_since))
    split.prose_since = False
    return True


def _peel(matrix: Matrix) -> tuple[Matrix, Caption, tuple[str, ...]]:
    """Takes the caption rows at the top and the notes at the bottom out of a grid that holds them."""
    top = 0
    while top < matrix.rows - 1 and top < _CAPTION_LINES and _is_caption_row(matrix, top):
        top += 1
    caption = Caption()
    for row in range(top - 1, -1, -1):
        for cell in reversed(matrix.row(row)):
            caption = read_caption_line(cell.text, caption) or _with_title(caption, cell.plain)
    bottom, notes = matrix.rows, []
    while bottom > top + 1:
        cells = matrix.row(bottom - 1)
        if (
            cells
            and not (
                len(cells) == 1
                and (is_note(cells[0].text) or _FURNITURE.fullmatch(cells[0].plain) or _is_long_text(cells[0].plain, matrix, bottom - 1))
            )
            and not all(is_note(cell.text) for cell in cells)
        ):
            break
        notes = ["".join(cell.text.split("\n")).strip() for cell in cells if not _FURNITURE.fullmatch(cell.plain)] + notes
        bottom -= 1
    return matrix.slice(top, bottom), caption, tuple(notes)


def _is_long_text(plain: str, matrix: Matrix, row: int) -> bool:
    """A sentence set across the whole table, under it."""
    return len(plain) > 25 and plain[-1] in "。；" and matrix.columns > 2


def _with_title(caption: Caption, plain: str) -> Caption:
    return caption if caption.title else replace(caption, title=plain)


def _is_caption_row(matrix: Matrix, row: int) -> bool:
    """A row of the grid that is caption, not header: blank; only number, unit or agency; or a lone title."""
    cells = matrix.row(row)
    if not cells:
        return all(cell.row_span == 1 for column in range(matrix.columns) if (cell := matrix.at(row, column)))
    if len(cells) == 1 and (is_title(cells[0].plain) or _heads_captions(matrix, row)):
        return True
    return all(read_caption_line(cell.text, Caption()) is not None for cell in cells) and not any(
        is_title(cell.plain) and cell.row_span > 1 for cell in cells
    )


def _heads_captions(matrix: Matrix, row: int) -> bool:
    """A lone cell above a row of number, unit or agency is the title, however it ends."""
    below = next((matrix.row(after) for after in range(row + 1, min(row + 3, matrix.rows)) if matrix.row(after)), ())
    return (
        bool(below)
        and matrix.row(row)[0].number is None
        and all((caption := read_caption_line(cell.text, Caption())) is not None and not caption.title for cell in below)
    )


def _caption_above(caption: Caption, split: _Split, page: int | None) -> tuple[Caption, str]:
    """Reads the printed lines above the grid upwards for as long as they are caption; they may end the page before."""
    lines, at = split.buffer, len(split.buffer)
    taken: list[int] = []
    found, title_page = caption, page
    while at and len(taken) < _CAPTION_LINES:
        line = lines[at - 1]
        if _FURNITURE.fullmatch(line.text.strip()):
            at -= 1
            continue
        if found.title and is_title(squeeze(line.text)):
            if title_page != page and not caption.title:
                found, taken = caption, []  # one title under another at the end of a page: a list of contents
            break
        made = read_caption_line(line.text, found)
        if at > 1 and not found.title and (whole := _torn_title(lines[at - 2], line)):
            found, title_page = replace(made or found, title=whole), line.page
            taken += [at - 1, at - 2]
            at -= 2
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
    """A heading close above a table that prints no title."""
    for line in reversed(lines[-_NEAR_LINES:]):
        text = squeeze(line.text)
        if line.page != page:
            break
        if len(text) <= _HEADING_LENGTH and text[-1] not in "。；;，,:：、" and not _FURNITURE.fullmatch(text):
            return text
    return ""


def _torn_title(above: Line, below: Line) -> str | None:
    """A title set in two lines: same size, same axis, the first as wide as the second or wider."""
    first, second = squeeze(above.text), squeeze(below.text)
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
    return first + second if axis < 2 * below.size and near and above.bbox[2] - above.bbox[0] >= below.bbox[2] - below.bbox[0] - 1 else None


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
        return True
    return bool(caption.title or caption.number or caption.unit) and len(matrix.row(0)) > 1


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


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and (rest := _continuation(joined[-1], piece)) is not None:
            before = joined[-1]
            above, rest = _mended(before.matrix, _without_repeated_total(before.matrix, rest))
            joined[-1] = replace(
                before,
                matrix=rest.below(above),
                last_page=piece.last_page,
                notes=(*before.notes, *piece.notes),
                caption=replace(before.caption, unit=before.caption.unit or piece.caption.unit),
            )
        else:
            joined.append(piece)
    return joined


def _continuation(before: Piece, piece: Piece) -> Matrix | None:
    """The rows that `piece` adds to the table before it, without its repeated header; None if it is another table."""
    caption = piece.caption
    if piece.follows_prose or not _may_follow(before, piece):
        return None
    if caption.number and before.caption.number and caption.number != before.caption.number:
        return None
    repeated = _repeated_header(before.matrix, piece.matrix)
    if caption.title and caption.title != before.caption.title and not (repeated and _recognised_as(caption.title, before)):
        return None
    if not caption.title and not caption.number and is_goal_form(before.matrix, before.caption.title):
        return _aligned(before.matrix, piece.matrix) or piece.matrix
    rest = piece.matrix.slice(repeated, piece.matrix.rows)
    if piece.matrix.columns != before.matrix.columns:
        aligned = _aligned(before.matrix, rest)
        if aligned is None:
            return None
        rest = aligned
    return rest if repeated or _is_bare(rest, find_layout(before.matrix)) else None


def _without_repeated_total(above: Matrix, below: Matrix) -> Matrix:
    """A total that heads every page of a table is printed once more, not another row."""
    body = find_layout(above).body
    if not below.rows or body >= above.rows:
        return below
    first, again = above.texts(body), below.texts(0)
    is_total = any(_TOTAL.fullmatch(text) for text in first) and sum(1 for cell in below.row(0) if cell.number is not None) > 0
    return below.slice(1, below.rows) if is_total and first == again else below


def _recognised_as(title: str, before: Piece) -> bool:
    """Whether a title read from a picture is that of the table before, but for a slip of the recognition."""
    from rapidfuzz.distance import Levenshtein

    pictured = any(cell.sureness < 1 for cell in before.matrix.cells)
    return pictured and Levenshtein.distance(title, before.caption.title) <= max(1, len(title) // 8)


def _may_follow(before: Piece, piece: Piece) -> bool:
    """On the next page; where a format has no pages, the caption must be printed again."""
    if before.last_page is None or piece.first_page is None:
        again = (piece.caption.number, piece.caption.title) == (before.caption.number, before.caption.title)
        return again and bool(piece.caption.title) and before.last_page == piece.first_page
    return piece.first_page == before.last_page + 1


def _mended(above: Matrix, below: Matrix) -> tuple[Matrix, Matrix]:
    """A label torn by the page break (`八、社会保障和就` / `业支出`) made whole, in the row that prints its figures."""
    if below.rows < 2 or above.rows < 2:
        return above, below
    last, first = above.row(above.rows - 1), below.row(0)
    heads = {cell.column: cell for cell in last}
    if not first or any(cell.number is not None or cell.column not in heads or heads[cell.column].number is not None for cell in first):
        return above, below
    numbered = all(starts_numbering(heads[cell.column].plain) and not starts_numbering(cell.plain) for cell in first)
    follows = all((after := below.at(1, cell.column)) is not None and starts_numbering(after.plain) for cell in first)
    if not (numbered and follows):
        return above, below
    return above.with_text({heads[cell.column]: heads[cell.column].text + "\n" + cell.text for cell in first}), below.slice(1, below.rows)


def _aligned(before: Matrix, piece: Matrix) -> Matrix | None:
    """Bare rows whose page has fewer rules, set under the columns of the table before by their edges."""
    lefts: dict[int, float] = {}
    rights: dict[int, float] = {}
    for cell in before.cells:
        if cell.bbox:
            lefts.setdefault(cell.column, cell.bbox[0])
            rights.setdefault(cell.column + cell.column_span - 1, cell.bbox[2])
    places: dict[int, tuple[int, int]] = {}
    for index, cell in enumerate(piece.cells):
        if cell.bbox is None or not lefts or not rights:
            return None
        left = min(lefts, key=lambda column: abs(lefts[column] - cell.bbox[0] if cell.bbox else 0.0))
        right = min(rights, key=lambda column: abs(rights[column] - cell.bbox[2] if cell.bbox else 0.0))
        if right < left or abs(lefts[left] - cell.bbox[0]) > _EDGE or abs(rights[right] - cell.bbox[2]) > _EDGE:
            return None
        places[index] = (left, right)
    return piece.moved_to(places, before.columns)


def _repeated_header(before: Matrix, piece: Matrix) -> int:
    """How many rows at the top of `piece` repeat the header of the table before."""
    header = [_row_text(before, row) for row in range(find_layout(before).body)]
    for skip in range(len(header)):
        wanted = header[skip:]
        found = [_row_text(piece, row) for row in range(min(len(wanted), piece.rows))]
        if len(found) == len(wanted) and any(found) and _same_texts(found, wanted, any(cell.sureness < 1 for cell in piece.cells)):
            return len(wanted)
    return 0


def _same_texts(found: Sequence[str], wanted: Sequence[str], pictured: bool) -> bool:
    """Whether two headers are the same; read from a picture, but for a few slips."""
    if list(found) == list(wanted) or not pictured:
        return list(found) == list(wanted)
    from rapidfuzz.fuzz import ratio

    return all(ratio(one, other) >= _ALIKE for one, other in zip(found, wanted, strict=True))


def _row_text(matrix: Matrix, row: int) -> str:
    return "|".join(cell.plain for cell in matrix.row(row))


def _is_bare(matrix: Matrix, layout: Layout) -> bool:
    """Rows that go on without a header: down to the first number, they print labels only."""
    for row in range(matrix.rows):
        cells = matrix.row(row)
        if any(cell.number is not None for cell in cells):
            return not is_ordinal_row(matrix, row)
        figures = layout.figure_columns
        if any(cell.column in figures for cell in cells if not is_nothing(cell.text)):
            return False
    return matrix.rows > 0 and bool(layout.figure_columns)
