"""The figures of a disclosure, in tables and in prose, as questions use them.

Cells come from the semantic views, a disclosure at a time, and stay in memory for the next question about it (a snapshot
never changes). Which of them a question means is chosen in retrieval/figures/readings.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, cast

from retrieval.figures.kept import Kept
from retrieval.figures.parts import PARTS_OF, SPENDING_TOTALS, TOTALS
from retrieval.figures.query import ALL_ROWS, Rows, among, run, select
from store.money import MONEY_UNITS, unit_behind
from store.sheets import Sheet
from store.values import Classification, Flow, Fund, Kind, Measure, Portion
from store.vocabulary import vocabulary

FEW = 12  # disclosures that are read one by one: reading what many print of one item is quicker in one query


class Cell(NamedTuple):
    """A figure with its meaning and place: one row of a semantic view (a tuple: hundreds are made for a question)."""

    figure_id: str
    disclosure_id: str
    document_id: str
    agency: str
    agency_id: str
    year: int
    kind: Kind
    file: str
    table_id: str
    table_position: int
    table_title: str
    form: str | None
    row: int
    column_index: int
    row_label: str
    row_path: tuple[str, ...]
    code: str | None
    column_path: tuple[str, ...]
    unit: str
    amount: Decimal | None
    number: Decimal
    cell: str
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    item: str
    flow: Flow | None
    fund: Fund | None
    classification: Classification | None
    portion: Portion | None
    measure: Measure | None
    about_year: int | None
    role: str
    doubt: str | None

    @property
    def step(self) -> Decimal:
        """元 of one unit in the last printed digit."""
        return Decimal(1).scaleb(-self.printed_places) * MONEY_UNITS.get(self.unit, Decimal(1))

    @property
    def printed_places(self) -> int:
        _, _, decimals = self.cell.removesuffix(unit_behind(self.cell) or "").strip(" %％)）").partition(".")
        return len(decimals) if decimals.isdigit() else 0

    @property
    def value(self) -> Decimal:
        """元 for money, the printed number otherwise."""
        return self.amount if self.amount is not None else self.number


class Stated(NamedTuple):
    """A figure stated in prose: one row of the view of statements."""

    figure_id: str
    disclosure_id: str
    document_id: str
    agency: str
    agency_id: str
    year: int
    kind: Kind
    file: str
    passage_id: str
    section: tuple[str, ...]
    item: str
    context: tuple[str, ...]
    quote: str
    unit: str
    amount: Decimal | None
    number: Decimal
    cell: str
    page: int | None
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    flow: Flow | None
    fund: Fund | None
    measure: Measure | None
    change: str | None
    about_year: int | None
    reason: str | None

    @property
    def value(self) -> Decimal:
        """元 for money, the printed number otherwise."""
        return self.amount if self.amount is not None else self.number


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure that is meant: printed once or in several tables, or the sum of rows that share a code."""

    cells: tuple[Cell, ...]  # the addends; mostly one
    twins: tuple[Cell, ...] = ()  # the same figure elsewhere
    name_rank: int = 0  # index of the name under which it was found
    stated: Stated | None = None  # where only prose says it

    @property
    def first(self) -> Cell:
        return self.cells[0]

    @property
    def printed(self) -> Cell | Stated:
        """The statement, or the first of the cells."""
        return self.stated or self.first

    @property
    def value(self) -> Decimal:
        if self.stated is not None:
            return self.stated.value
        return sum((cell.value for cell in self.cells), Decimal(0))

    @property
    def unit(self) -> str:
        return self.printed.unit

    @property
    def is_money(self) -> bool:
        return self.unit in MONEY_UNITS

    @property
    def fund(self) -> Fund | None:
        return self.printed.fund

    @property
    def places(self) -> int:
        """Decimals as printed."""
        if self.stated is not None:
            return len(self.stated.cell.partition(".")[2].rstrip("%％"))
        return max(cell.printed_places for cell in self.cells)


class _Document(NamedTuple):
    """A document of a disclosure: its place in the snapshot, its edition, and what a figure says of its document."""

    ordinal: int
    edition_rank: int
    format: str
    said: tuple[Any, ...]


class PrintedTable(NamedTuple):
    """A table as it is printed."""

    table_id: str
    title: str
    form: str | None
    is_empty: bool
    notes: Sequence[str] | None
    pages: Sequence[int] | None


class Header(NamedTuple):
    """The header of rows or columns that names an item."""

    item: str  # by its canonical name
    table_id: str
    axis: str
    first: int
    last: int
    text: str
    page: int | None
    x0: float | None
    top: float
    x1: float
    bottom: float

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Where it stands on its page."""
        return None if self.x0 is None else (float(self.x0), float(self.top), float(self.x1), float(self.bottom))


@dataclass(frozen=True, slots=True)
class Printed:
    """What a disclosure's best edition prints beside figures."""

    document_id: str
    file: str
    format: str
    tables: tuple[PrintedTable, ...]


_in_print_order = attrgetter("table_position", "row", "column_index")


@dataclass(slots=True)
class Shelf:
    """Cells and statements of disclosures, read a document at a time (store/sheets.py) and kept for the next question.

    Safe to use from several threads: what is kept is put in its place whole, so that two that read the same agree.
    """

    snapshot: Rows
    _documents: dict[str, list[_Document]] | None = None
    _sheets: Kept[int, Sheet] = field(default_factory=Kept[int, Sheet])
    _cells: Kept[str, tuple[Cell, ...]] = field(default_factory=Kept[str, tuple[Cell, ...]])
    _stated: Kept[str, tuple[Stated, ...]] = field(default_factory=Kept[str, tuple[Stated, ...]])
    _printed: Kept[str, Printed] = field(default_factory=Kept[str, Printed])

    def cells(self, disclosure_id: str) -> tuple[Cell, ...]:
        """All figures of the disclosure's best edition, in print order."""
        return self._cells.of(disclosure_id, lambda: self._read(disclosure_id))

    def _read(self, disclosure_id: str) -> tuple[Cell, ...]:
        best = self._best(disclosure_id)
        cells = _with_whole_codes(Cell(row[0], *one.said, *row[1:]) for one in best for row in self._sheet(one).rows("figures"))
        return tuple(sorted(cells, key=_in_print_order) if len(best) > 1 else cells)

    def stated(self, disclosure_id: str) -> tuple[Stated, ...]:
        """All figures that the disclosure's prose states, those of its best edition first."""

        def read() -> tuple[Stated, ...]:
            documents = sorted(self._of(disclosure_id), key=attrgetter("edition_rank"))
            found = ((one, row) for one in documents for row in self._sheet(one).rows("statements"))
            return tuple(Stated(row[0], *one.said, *row[1:]) for one, row in found)

        return self._stated.of(disclosure_id, read)

    def printed(self, disclosure_id: str) -> Printed:
        """What the disclosure's best edition prints beside figures: its tables."""

        def read() -> Printed:
            best = self._best(disclosure_id)
            tables = tuple(PrintedTable(*row) for one in best for row in self._sheet(one).rows("tables"))
            return Printed(best[0].said[1], best[0].said[-1], best[0].format, tables)

        return self._printed.of(disclosure_id, read)

    def headers(self, disclosure_id: str) -> list[Header]:
        """The headers of the rows and columns of its tables."""
        return [Header(vocabulary().canonical_item(row[4]), *row) for row in self._sheet(self._best(disclosure_id)[0]).rows("headers")]

    def _best(self, disclosure_id: str) -> list[_Document]:
        """The documents of a disclosure's best edition: several where it was published in parts."""
        return [one for one in self._of(disclosure_id) if one.edition_rank == 1]

    def _of(self, disclosure_id: str) -> list[_Document]:
        if self._documents is None:
            documents: dict[str, list[_Document]] = defaultdict(list)
            columns = ("ordinal", "edition_rank", "format", "disclosure_id", "document_id", "agency", "agency_id", "year", "kind", "file")
            for ordinal, rank, form, disclosure, document, agency, agency_id, *others in run(
                self.snapshot, select("disclosures", columns), ALL_ROWS
            )[1]:
                said = (disclosure, document, agency or "", agency_id or "", *others)
                documents[disclosure].append(_Document(ordinal, rank, form, said))
            self._documents = dict(documents)
        return self._documents.get(disclosure_id, [])

    def _sheet(self, document: _Document) -> Sheet:
        return self._sheets.of(document.ordinal, lambda: self.snapshot.sheet(document.ordinal))

    def across(self, disclosure_ids: Sequence[str], names: Iterable[str]) -> dict[str, tuple[Cell, ...]]:
        """The cells of many disclosures whose item is one of `names` (or a total), by disclosure."""
        if len(disclosure_ids) <= FEW:
            return {disclosure_id: self.cells(disclosure_id) for disclosure_id in disclosure_ids}
        return self.named(disclosure_ids, [*names, *SPENDING_TOTALS])

    def named(
        self, disclosure_ids: Sequence[str], names: Iterable[str], years: Iterable[int] = (), kinds: Iterable[Kind] = ()
    ) -> dict[str, tuple[Cell, ...]]:
        """The cells whose item is one of `names`, in print order, by disclosure; `years` and `kinds` are those of the disclosures."""
        found: dict[str, list[Cell]] = {one: [] for one in disclosure_ids}
        narrowed = [among(column, some) for column, values in (("year", years), ("kind", kinds)) if (some := list(values))]
        for row in run(self.snapshot, select("disclosed_figures", Cell._fields, among("item", list(names)), *narrowed), ALL_ROWS)[1]:
            if row[1] in found:
                found[row[1]].append(cell_of(row))
        return {disclosure_id: tuple(sorted(cells, key=_in_print_order)) for disclosure_id, cells in found.items()}


def _with_whole_codes(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, where a code of which each level has a column of its own (215 | 05 | 99) is put together."""
    above: dict[tuple[str, tuple[str, ...]], str] = {}
    out: list[Cell] = []
    for cell in cells:
        code = above.get((cell.table_id, cell.row_path[:-1]), "") + cell.code if cell.code and len(cell.code) == 2 else cell.code
        if code:
            above[cell.table_id, cell.row_path] = code
        out.append(cell if code == cell.code else cell._replace(code=code))
    return out


def cell_of(row: Sequence[Any]) -> Cell:
    """A row of a view of figures as a cell."""
    return Cell._make(_values(row))


def stated_of(row: Sequence[Any]) -> Stated:
    """A row of the view of statements."""
    return Stated._make(_values(row))


def _values(row: Sequence[Any]) -> list[Any]:
    """A row with its lists as tuples, and an empty name for an agency that is not known."""
    values = [tuple(cast(list[Any], value)) if isinstance(value, list) else value for value in row]
    values[3:5] = (value or "" for value in values[3:5])
    return values


def is_part_of(part: Reading, whole: Reading) -> bool:
    """Whether the forms say that one figure is a part of the other, so that it may be taken off it and must not be added to it: by
    code, by label path, or by what the items are."""
    if part.stated is not None or whole.stated is not None or part.value > whole.value:
        return False
    one, all_ = part.first, whole.first
    if all_.item in TOTALS:
        is_portion = one.portion in ("basic", "project") and all_.portion in ("total", None)
        return (is_portion and all_.item in SPENDING_TOTALS) or (one.item not in TOTALS and one.flow in (all_.flow, None))
    below = any(len(child) > len(parent) and child.startswith(parent) for child in _codes(one) for parent in _codes(all_))
    inside = one.table_id == all_.table_id and all_.row_label in one.row_path[:-1]
    return below or inside or one.item in PARTS_OF.get(all_.item, ())


def _codes(cell: Cell) -> set[str]:
    """The codes that the cell prints, or that its item bears in the classification."""
    return {cell.code} if cell.code is not None else {code.code for code in vocabulary().codes_by_name.get(cell.item, ())}
