"""The places where an answer's figures are printed, and the query that chooses exactly those figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from retrieval.answer.answer import Citation, CitedDocument
from retrieval.figures.cells import Cell, Reading, Stated
from retrieval.figures.query import Rows, among, equals, figures_behind, run, select, shown_sql, total
from store.values import Box

if TYPE_CHECKING:
    from retrieval.figures.places import Blank, Place

MOST_CITED = 60


def citations(readings: Iterable[Reading]) -> tuple[Citation, ...]:
    """The cells and quotes behind the readings, each once, in order."""
    found: dict[str | None, Citation] = {}
    for reading in readings:
        also = tuple(dict.fromkeys(twin.table_title for twin in reading.twins))
        for citation in [cite_stated(reading.stated)] if reading.stated is not None else [cite_cell(cell, also) for cell in reading.cells]:
            found.setdefault(citation.figure_id, citation)
    return tuple(found.values())[:MOST_CITED]


def cite_cell(cell: Cell, also_in: tuple[str, ...] = ()) -> Citation:
    """The cell as it is printed."""
    return Citation(
        CitedDocument(cell.document_id, cell.agency, cell.year, cell.kind, cell.file),
        cell.page,
        table=cell.table_title,
        row=cell.row_label,
        column=" / ".join(cell.column_path),
        cell=cell.cell,
        unit=cell.unit,
        bbox=_box(cell),
        figure_id=cell.figure_id,
        table_id=cell.table_id,
        also_in=tuple(title for title in also_in if title != cell.table_title),
        doubt=cell.doubt,
    )


def cite_stated(stated: Stated) -> Citation:
    """The clause of the prose that states the figure."""
    return Citation(
        CitedDocument(stated.document_id, stated.agency, stated.year, stated.kind, stated.file),
        stated.page,
        section=" / ".join(stated.section),
        quote=stated.quote,
        unit=stated.unit,
        bbox=_box(stated),
        figure_id=stated.figure_id,
    )


def cite_blank(blank: Blank, place: Place, document_id: str, file: str) -> Citation:
    """The empty cell's header, or the empty form."""
    return Citation(
        CitedDocument(document_id, place.disclosure.agency, place.disclosure.year, place.kind, file),
        blank.page,
        table=blank.table,
        row=None if blank.is_empty_form else blank.label,
        bbox=blank.box,
        table_id=blank.table_id,
        quote=blank.note,
    )


def _box(printed: Cell | Stated) -> Box | None:
    if printed.x0 is None or printed.top is None or printed.x1 is None or printed.bottom is None:
        return None
    return (printed.x0, printed.top, printed.x1, printed.bottom)


def view_of(cell: Cell) -> str:
    """The semantic view that a cell belongs to, the most exact one."""
    match cell.classification:
        case "three_public":
            return "three_public_expenses"
        case "economic_department" | "economic_government":
            return "spending_by_economic_item"
        case "functional" if cell.flow == "expenditure":
            return "spending_by_function"
        case "project":
            return "projects"
        case "statistic":
            return "counted_things"
        case _:
            return "disclosed_figures"


def query_of(readings: Sequence[Reading]) -> str | None:
    """The SQL, as checked, that gives exactly the figures of the first reading by what they mean, not by their ids."""
    if not readings:
        return None
    printed = [reading.first for reading in readings if reading.stated is None]
    if not printed:
        columns = ("agency", "year", "kind", "item", "amount", "unit", "quote")
        chosen = (equals(column, getattr(readings[0].stated, column)) for column in ("agency_id", "year", "kind", "item"))
        return shown_sql(select("stated_figures", columns, *chosen))
    views = {view_of(cell) for cell in printed}
    several = {column: dict.fromkeys(getattr(cell, column) for cell in printed) for column in ("agency_id", "year", "kind", "item")}
    agencies = several.pop("agency_id")
    shared = ("about_year", "fund", "portion", "measure", "code")
    return shown_sql(
        select(
            views.pop() if len(views) == 1 else "disclosed_figures",
            ("agency", "year", "kind", "table_title", "row_label", "code", "cell", "unit", "amount", "figure_id"),
            among("agency_id", agencies) if all(agencies) else equals("disclosure_id", printed[0].disclosure_id),
            *(among(column, values) for column, values in several.items()),
            *(equals(column, getattr(printed[0], column)) for column in shared if len({getattr(cell, column) for cell in printed}) == 1),
        )
    )


def sum_of(snapshot: Rows, cells: Sequence[Cell]) -> tuple[str, bool]:
    """The SQL of a sum over several printed rows, and whether the store's own sum and figure ids agree with `cells`."""
    tree = total("disclosed_figures", among("figure_id", (cell.figure_id for cell in cells)))
    text, rows = run(snapshot, tree)
    _, behind = run(snapshot, figures_behind(tree))
    agrees = rows[0][0] == sum(cell.value for cell in cells) and {row[0] for row in behind} == {cell.figure_id for cell in cells}
    return text, agrees
