"""What was understood of a page, drawn over it: the developer's view of a reading.

Figures, column headers, row labels, prose and unread numbers are outlined in the styles of `store/pictures.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from store.pictures import page_picture
from store.values import Box, Document

Outlined = tuple[Box, str]


def understood_boxes(document: Document, page: int) -> list[Outlined]:
    """All boxes of a 1-based page with their style, in the order to draw: labels and headers first, figures over them."""
    boxes: list[Outlined] = []
    for table in document.tables:
        for header in table.headers:
            if header.printed.page == page and header.printed.bbox is not None:
                boxes.append((header.printed.bbox, "column_header" if header.axis == "column" else "row_header"))
        boxes += [
            (figure.printed.bbox, "doubtful" if figure.doubt else "cell")
            for figure in table.figures if figure.printed.page == page and figure.printed.bbox is not None
        ]
    for passage in document.passages:
        boxes += [(box, "line") for place, box in passage.boxes if place == page]
    boxes += [(unread.bbox, "unread") for unread in document.unread if unread.page == page and unread.bbox is not None]
    return boxes


def draw_understanding(document: Document, data: bytes, page: int, *, dpi: float = 130.0) -> bytes:
    """The 1-based `page` of the PDF in `data` as PNG, with what `document` says of it outlined. Raises DamagedFile."""
    return page_picture(data, page, understood_boxes(document, page), dpi=dpi, name=document.file)


def legend() -> Sequence[tuple[str, str]]:
    """Style and meaning, for a caller that explains the picture."""
    return (
        ("cell", "a figure, unbroken"), ("doubtful", "a doubtful figure, long dashes"), ("row_header", "a row label, dashes"),
        ("column_header", "a column header, dots"), ("line", "prose, long dashes"), ("unread", "a number that was not read, short dashes"),
    )
