"""What tables of performance goals say in words: 聘用人员数量 ≥130人, 大厅冲突事件 ≤2起/年.

Takes the pieces of a disclosure; gives a `Passage` for every project of a table of goals, one printed row a line, its cells
parted by a blank. Their figures are read as those of any table: this keeps the words, which no figure holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.matrix import Cell
from ingest.pieces import Piece
from store.values import Box, Passage

TOPIC = "performance_goals"

_GOALS = ("绩效目标", "绩效指标", "一级指标")   # what the title or a header of such a table says: the form's own name
_INDICATOR = "指标"   # ends the labels inside a project: 产出指标
_HEADER_ROWS = 8
_LONGEST_PASSAGE = 900   # characters, so that a citation stays readable

_Line = tuple[str, int | None, Box | None]


def read_goals(document_id: str, pieces: Sequence[Piece], first: int) -> tuple[Passage, ...]:
    """The passages of all tables of goals, in order; their numbers go on from `first`."""
    passages: list[Passage] = []
    for piece in pieces:
        if not _is_of_goals(piece):
            continue
        title = piece.caption.title or piece.near_title
        for project, lines in _projects(piece):
            passages.append(_passage(f"{document_id[:12]}-p{first + len(passages):03d}", tuple(filter(None, (title, project))), lines))
    return tuple(passages)


def _is_of_goals(piece: Piece) -> bool:
    printed = [cell.plain for row in range(min(_HEADER_ROWS, piece.matrix.rows)) for cell in piece.matrix.row(row)]
    return any(word in text for text in (piece.caption.title, *printed) for word in _GOALS)


def _projects(piece: Piece) -> Iterator[tuple[str, list[_Line]]]:
    """The lines of the table, parted where a cell that spans several rows begins (a project) or where they grow long."""
    project, lines, length = "", list[_Line](), 0
    for row in range(piece.matrix.rows):
        cells = piece.matrix.row(row)
        if not cells:
            continue
        head = cells[0]
        begins = head.row_span > 1 and head.column <= 1 and len(cells) > 2 and not head.plain.endswith(_INDICATOR)
        if lines and (begins or length > _LONGEST_PASSAGE):
            yield project, lines
            lines, length = [], 0
        if begins:
            project = head.plain
        lines.append(_line(cells))
        length += len(lines[-1][0])
    if lines:
        yield project, lines


def _line(cells: Sequence[Cell]) -> _Line:
    boxes = [cell.bbox for cell in cells if cell.bbox is not None]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)) if boxes else None
    return " ".join(cell.plain for cell in cells), cells[0].page, box


def _passage(passage_id: str, section: tuple[str, ...], lines: Sequence[_Line]) -> Passage:
    text, places = "", list[tuple[int, int | None, Box | None]]()
    for words, page, box in lines:
        text = f"{text}\n" if text else text
        places.append((len(text), page, box))
        text += words
    pages = [page for _, page, _ in places if page is not None]
    boxes = tuple((page, box) for _, page, box in places if page is not None and box is not None)
    return Passage(passage_id, section, pages[0] if pages else None, pages[-1] if pages else None, boxes, text, TOPIC, tuple(places))
