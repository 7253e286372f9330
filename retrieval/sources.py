"""What stands behind the id of a citation: its place, the boxes to outline on its page, the table around it.

Takes an open snapshot and the id of a figure, a stated figure, a passage or a table; gives frozen values. Boxes are points
from the page's top left; styles are those of store/pictures.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import browse
from retrieval.answer.answer import Citation, CitedDocument
from retrieval.answer.evidence import cite_cell, cite_stated
from retrieval.figures.cells import Cell, Stated, cell_of, stated_of
from retrieval.figures.query import Rows, among, equals, run, select
from retrieval.prose.passages import Span, citation, read_prose
from store.errors import UnknownSource
from store.values import Box

_PASSAGE = """
SELECT d.document_id, d.agency, d.year, d.kind, d.file FROM passages p JOIN documents d USING (document_id) WHERE p.passage_id = ?
"""
_TABLE = ("document_id", "agency", "year", "kind", "file", "table_title", "pages")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited place. `boxes` are on `page`; both are empty where the format has no pages."""

    citation: Citation
    page: int | None
    boxes: tuple[tuple[Box, str], ...]
    table: browse.ReadTable | None


def source_of(snapshot: Rows, source_id: str) -> Source:
    """The source of this id. Raises UnknownSource."""
    for found in (_figure, _stated, _passage, _table):
        source = found(snapshot, source_id)
        if source is not None:
            return source
    raise UnknownSource(id=source_id)


def cells_of(snapshot: Rows, figure_ids: Sequence[str]) -> list[Cell]:
    """The figures of these ids, of any edition, in the order of the ids; ids that are no table figures give none."""
    if not figure_ids:
        return []
    found: dict[str, Cell] = {}
    for row in run(snapshot, select("figures_all", Cell._fields, among("figure_id", figure_ids)))[1]:
        found[row[0]] = cell_of(row)
    return [found[one] for one in figure_ids if one in found]


def boxes_of(snapshot: Rows, cited: Citation) -> tuple[int | None, tuple[tuple[Box, str], ...]]:
    """The page of a citation and what to outline on it: the cell with its headers, or the lines of the quote."""
    outline = browse.outline_of(snapshot, cited.figure_id) if cited.cell and cited.figure_id else None
    if outline and outline.cell and outline.page:
        headers = (*((box, "column_header") for box in outline.column_headers), *((box, "row_header") for box in outline.row_headers))
        return outline.page, (*headers, (outline.cell, "cell"))
    if cited.boxes:
        page = cited.boxes[0][0]
        return page, tuple((box, "line") for number, box in cited.boxes if number == page)
    if cited.bbox and cited.page:
        return cited.page, ((cited.bbox, "line"),)
    return None, ()


def _figure(snapshot: Rows, source_id: str) -> Source | None:
    found = cells_of(snapshot, [source_id])
    if not found:
        return None
    cited = cite_cell(found[0])
    return Source(cited, *boxes_of(snapshot, cited), browse.read_table(snapshot, found[0].table_id))


def _stated(snapshot: Rows, source_id: str) -> Source | None:
    rows = run(snapshot, select("stated_figures", Stated._fields, equals("figure_id", source_id)))[1]
    if not rows:
        return None
    cited = cite_stated(stated_of(rows[0]))
    return Source(cited, *boxes_of(snapshot, cited), None)


def _passage(snapshot: Rows, source_id: str) -> Source | None:
    rows = snapshot.rows(_PASSAGE, [source_id])
    if not rows:
        return None
    prose = next(one for one in read_prose(snapshot, [CitedDocument(*rows[0])]) if one.passage_id == source_id)
    cited = citation(Span(prose, 0, len(prose.plain)))
    return Source(cited, *boxes_of(snapshot, cited), None)


def _table(snapshot: Rows, source_id: str) -> Source | None:
    rows = run(snapshot, select("published_tables", _TABLE, equals("table_id", source_id)))[1]
    if not rows:
        return None
    *document, title, pages = rows[0]
    cited = Citation(CitedDocument(*document), pages[0] if pages else None, table=title, table_id=source_id)
    return Source(cited, None, (), browse.read_table(snapshot, source_id))
