"""Small tables for tests, written as they look: one line a row, `|` between cells, `<` covered from the left, `^` from above."""

from __future__ import annotations

from ingest.source import Grid, GridCell, Line, Page, Source
from ingest.understand import understand
from store.values import Document, Figure


def grid(text: str, page: int | None = None) -> Grid:
    """The grid that `text` draws. Leading blanks of a cell are kept as full-width blanks would be (use \\u3000)."""
    drawn = [[cell.strip(" ") for cell in row.strip(" ").split("|")] for row in text.strip(" \n").splitlines()]
    width = max(len(row) for row in drawn)
    rows = [row + [""] * (width - len(row)) for row in drawn]
    cells: list[GridCell] = []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value in ("<", "^"):
                continue
            across = 1
            while c + across < len(row) and row[c + across] == "<":
                across += 1
            down = 1
            while r + down < len(rows) and rows[r + down][c] == "^":
                down += 1
            if value or across > 1 or down > 1:
                cells.append(GridCell(r, c, down, across, value.replace("\\n", "\n"), None))
    return Grid(page, None, len(rows), max(len(row) for row in rows), tuple(cells))


def line(text: str, page: int | None = None) -> Line:
    return Line(text, page, None)


def read(*blocks: Grid | Line) -> Document:
    """What is understood of these blocks; those with the same page number stand on one page. A cover line is put before them."""
    blocks = (Line("示例市教育局2024年部门预算", blocks[0].page, None, heading=1), *blocks)
    numbers = list(dict.fromkeys(block.page for block in blocks))
    pages = tuple(Page(number, None, None, tuple(block for block in blocks if block.page == number)) for number in numbers)
    return understand(Source("html", "web_cell", pages), document_id="0" * 64, file="示例.html", size=1)


def figure(document: Document, printed: str) -> Figure:
    """The one figure that prints `printed`."""
    (found,) = [figure for table in document.tables for figure in table.figures if figure.printed.text == printed]
    return found
