"""Tables joined over the pages that they run on.

Takes `Piece`s in reading order; a piece on the next page goes on with the table before it if it repeats its title and
header, its header only, or begins with bare rows that fit its columns. Repeated headers and totals are dropped, labels
torn by the page break are made whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ingest.goal_forms import is_goal_form
from ingest.headers import Layout, find_layout, is_ordinal_row
from ingest.matrix import Matrix, is_nothing
from ingest.pieces import HEADER_ROWS, Piece
from ingest.torn_rows import mended

_TOTAL: Final = re.compile(r"(?:合计|总计|总合计|支出总计|收入总计)")
_EDGE: Final = 8.0
"""Points within which the same column's edge lies on two pages."""

_ALIKE: Final = 85.0
"""Per cent of characters alike from which two recognised texts are one header."""


def join_pages(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The same tables, each whole: what goes on over the page is one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        before = _head_over(joined[-1], piece) if joined else None
        if before and (rest := _continuation(before, piece)) is not None:
            above, rest = mended(before.matrix, _without_repeated_total(before.matrix, rest))
            joined[-1] = replace(
                before,
                matrix=rest.below(above),
                last_page=piece.last_page,
                notes=(*before.notes, *piece.notes),
                caption=replace(before.caption, unit=before.caption.unit or piece.caption.unit),
            )
        else:
            joined.append(piece)
    return tuple(joined)


def _continuation(before: Piece, piece: Piece) -> Matrix | None:
    """The rows that `piece` adds to the table before it, without its repeated header; None if it is another table."""
    caption = piece.caption
    if piece.follows_prose or not _may_follow(before, piece):
        return None
    if caption.number and before.caption.number and caption.number != before.caption.number:
        return None
    if caption.agency and before.caption.agency and caption.agency != before.caption.agency and not _is_pictured(before):
        return None
    repeated = _repeated_header(before.matrix, piece.matrix)
    if caption.title and caption.title != before.caption.title and not (repeated and _recognised_as(caption.title, before)):
        return None
    if _is_head(before.matrix) and piece.matrix.columns == before.matrix.columns and not caption.title and not caption.number:
        return _rest_of(piece.matrix, repeated)
    if not caption.title and not caption.number and is_goal_form(before.matrix, before.caption.title):
        return _aligned(before.matrix, piece.matrix) or piece.matrix
    rest = _rest_of(piece.matrix, repeated)
    if piece.matrix.columns != before.matrix.columns:
        aligned = _aligned(before.matrix, rest)
        if aligned is None:
            return None
        rest = aligned
    return rest if repeated or _is_bare(rest, find_layout(before.matrix)) else None


def _rest_of(matrix: Matrix, repeated: int) -> Matrix:
    """The rows below the header that repeats the one before."""
    return matrix.slice(repeated, matrix.rows)


def _is_head(matrix: Matrix) -> bool:
    """Whether a page prints only the header of a table, in words."""
    return all(cell.number is None for cell in matrix.cells) and matrix.rows <= HEADER_ROWS


def _head_over(before: Piece, piece: Piece) -> Piece:
    """A header alone at a page's foot, set over the columns of the rows on the next page."""
    if not _is_head(before.matrix) or piece.matrix.columns <= before.matrix.columns or not _may_follow(before, piece):
        return before
    aligned = _aligned(piece.matrix, before.matrix)
    return before if aligned is None else replace(before, matrix=aligned)


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

    return _is_pictured(before) and Levenshtein.distance(title, before.caption.title) <= max(1, len(title) // 8)


def _is_pictured(piece: Piece) -> bool:
    """Whether its text was read from a picture."""
    return any(cell.sureness < 1 for cell in piece.matrix.cells)


def _may_follow(before: Piece, piece: Piece) -> bool:
    """On the next page; where a format has no pages, the caption must be printed again."""
    if before.last_page is None or piece.first_page is None:
        again = (piece.caption.number, piece.caption.title) == (before.caption.number, before.caption.title)
        return again and bool(piece.caption.title) and before.last_page == piece.first_page
    return piece.first_page == before.last_page + 1


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
