"""Where to look for what a plan asks: which disclosure, and about which of the years that it prints.

A year's figures stand in that year's own budget or final accounts. Where that is not published, the next year's disclosure
may print them beside its own (上年预算数, 上年执行数), and final accounts print the budget that they are measured against.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from retrieval.figures.agencies import Agency, Directory, Disclosure
from retrieval.figures.cells import FEW, Cell, Reading, Shelf
from retrieval.figures.parts import PORTION_OF, SPENDING_TOTALS
from retrieval.figures.query import Rows, equals, run, select
from retrieval.figures.readings import readings
from retrieval.figures.stated import is_explicit, stated_readings
from retrieval.figures.things import MIN_LABEL, table_number
from retrieval.question.expression import Item
from retrieval.words.folding import bare
from retrieval.words.grammar import load
from store.values import Kind, Measure
from store.vocabulary import vocabulary

ALIKE = 0.8  # likeness from which a label is taken to be the one that was meant
NEAR = Decimal("1.01")  # times a printed figure that prose may come to by rounding
@dataclass(frozen=True, slots=True)
class Place:
    """One disclosure, and the year (and measure) looked for in it."""

    agency: Agency
    disclosure: Disclosure
    year: int  # what the figures are about
    measure: Measure | None = None  # another than the disclosure's own
    is_own: bool = True  # the disclosure is that year's own

    @property
    def kind(self) -> Kind:
        return self.disclosure.kind or "budget"

    @property
    def meant(self) -> Kind:
        """What the figures are: final accounts print what was planned too."""
        if self.measure in ("budget", "adjusted_budget"):
            return "budget"
        return "final" if self.measure == "final" else self.kind


@dataclass(frozen=True, slots=True)
class Blank:
    """A place where the figure would stand, but nothing is printed: an empty cell, or an empty form."""

    table_id: str
    table: str
    label: str
    page: int | None
    box: tuple[float, float, float, float] | None
    is_empty_form: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found for one thing at one place."""

    asked: Item
    place: Place
    readings: tuple[Reading, ...]
    blank: Blank | None = None

    @property
    def first(self) -> Reading:
        return self.readings[0]


@dataclass(frozen=True)
class Desk:
    """An open snapshot with its directory and shelf: what finding needs."""

    snapshot: Rows
    directory: Directory
    shelf: Shelf
    prose_names: Callable[[Place, set[str]], bool] | None = None  # whether the prose names one of these among the units

    def places(self, agency: Agency, year: int, kind: Kind | None, about: int | None = None, measure: Measure | None = None) -> list[Place]:
        """Where figures of `year` may stand, best first: one place a kind where the kind is left open."""
        if about is not None:
            own = [Place(agency, one, about, measure, False) for one in agency.find(year, kind)]
            return own or self.places(agency, about, kind)
        own = [Place(agency, one, year, measure) for one in _best_scope(agency.find(year, kind))]
        if own:
            return own
        if kind == "budget" and (final := agency.find(year, "final")):
            return [Place(agency, final[0], year, "budget", False)]
        later = list(agency.find(year + 1, None))
        later.sort(key=lambda one: one.kind != kind)
        printed_as: Measure | None = measure or kind  # 上年执行数 is what was spent, 上年预算数 what was planned
        return [Place(agency, one, year, printed_as, False) for one in later]

    def find(self, asked: Item, place: Place) -> Fact:
        """What is printed for `asked` at `place`: in the tables, else in the prose."""
        if asked.figure is not None:
            pointed = self._pointed(asked.figure, place)
            return Fact(asked, place, (pointed,)) if pointed is not None else self.find(replace(asked, figure=None), place)
        cells = self.shelf.cells(place.disclosure.disclosure_id)
        found = readings(asked, cells, place.kind, place.year, measure=place.measure)
        if not found and asked.fund == "fiscal":  # 一般公共预算 may be all of it that is printed
            found = readings(replace(asked, fund="general_public"), cells, place.kind, place.year, measure=place.measure)
        namesake = bool(found) and _is_namesake(asked, found)
        if not found or namesake or _is_of_basic(asked, found):
            stated = self.shelf.stated(place.disclosure.disclosure_id)
            told = stated_readings(asked, stated, place.year, place.disclosure.year or place.year, place.kind, place.measure)
            if found:  # 委托业务费 of basic spending is not all of it
                least = None if namesake else found[0].value * NEAR
                told = [one for one in told if is_explicit(asked, one.stated) and (least is None or one.value > least)]
            found = (*told, *found)
        blank = self.blank(asked, place) if not found and place.is_own and asked.affiliate is None else None  # of all units, no unit's own
        return Fact(asked, place, found, blank)

    def _pointed(self, figure: str, place: Place) -> Reading | None:
        """A cell that was pointed at; for another year, what its own row prints of that year. None where it isn't in this disclosure."""
        cells = self.shelf.cells(place.disclosure.disclosure_id)
        cell = next((one for one in cells if one.figure_id == figure), None)
        if cell is None:
            return None
        alike = [one for one in cells if one.row_path == cell.row_path and _meaning(one) == _meaning(cell)]
        if (cell.about_year or cell.year) != place.year:
            return next((Reading((one,)) for one in alike if one.about_year == place.year and one.table_id == cell.table_id), None)
        same = (cell.flow, cell.measure, cell.about_year, cell.value)
        twins = (one for one in alike if one is not cell and (one.flow, one.measure, one.about_year, one.value) == same)
        return Reading((cell,), tuple(twins))

    def find_each(self, asked: Item, places: Sequence[Place]) -> list[Fact]:
        """`find` for many places, in their order: what their tables print of the item is read in one query."""
        if len(places) <= FEW or asked.affiliate or asked.code or asked.item is None:
            return [self.find(asked, place) for place in places]
        names = {*SPENDING_TOTALS, *(name for part in asked.parts or (asked,) for name in part.names)}
        years = {place.disclosure.year for place in places if place.disclosure.year}
        ids = [place.disclosure.disclosure_id for place in places]
        cells = self.shelf.named(ids, sorted(names), sorted(years), {place.kind for place in places})
        found = [readings(asked, cells[one], place.kind, place.year, measure=place.measure) for one, place in zip(ids, places, strict=True)]
        return [Fact(asked, place, own) if own else self.find(asked, place) for own, place in zip(found, places, strict=True)]

    def includes(self, whole: Place, part: Agency) -> bool:
        """Whether the figures of `whole` include those of `part`: it says so, lists it as a row, or names it among its units."""
        names = {bare(name) for name in part.names}
        parent = part.affiliate_of or next((d.affiliate_of for d in part.disclosures if d.affiliate_of), None)
        if parent is not None and parent in whole.agency.names:
            return True
        cells = self.shelf.cells(whole.disclosure.disclosure_id)
        listed = any(cell.classification == "affiliate" and bare(cell.row_label) in names for cell in cells)
        return listed or (self.prose_names is not None and self.prose_names(whole, names))

    def blank(self, asked: Item, place: Place) -> Blank | None:
        """The empty cell or form where `asked` would stand in this disclosure, if there is one."""
        printed = self.shelf.printed(place.disclosure.disclosure_id)
        if printed.format == "text":
            return None  # plain text loses its blanks: what isn't there may only have been lost
        for table in printed.tables:
            if table.is_empty and asked.fund is not None and vocabulary().word_for("fund", bare(table.title)) == asked.fund:
                note, page = next(iter(table.notes or ()), None), next(iter(table.pages or ()), None)
                return Blank(table.table_id, table.title, asked.said, page, None, True, note)
        if asked.item is None:
            return None
        titles = {table.table_id: table.title for table in printed.tables}
        cells = self.shelf.cells(place.disclosure.disclosure_id)
        for one in self.shelf.headers(place.disclosure.disclosure_id):
            if one.item in asked.names and one.table_id in titles:
                here = ((cell.row if one.axis == "row" else cell.column_index) for cell in cells if cell.table_id == one.table_id)
                if not any(one.first <= at <= one.last for at in here):  # else something is printed there, under another meaning
                    return Blank(one.table_id, titles[one.table_id], one.text, one.page, one.box, False, None)
        return None

    def file_of(self, place: Place) -> tuple[str, str]:
        """The id and file of the disclosure's best edition."""
        printed = self.shelf.printed(place.disclosure.disclosure_id)
        return printed.document_id, printed.file


def _meaning(cell: Cell) -> tuple[object, ...]:
    return (cell.item, cell.fund, cell.portion)


def _is_namesake(asked: Item, found: Sequence[Reading]) -> bool:
    """Whether only projects of another name are printed for a thing: 机构运行经费, a project, is not the 机关运行经费 of the prose."""
    names = {bare(name) for name in asked.names}
    projects = all(one.stated is None and one.first.classification == "project" for one in found)
    named = any(one.stated is None and bare(one.first.row_label) in names for one in found)
    return projects and not named and asked.classification != "project" and asked.item not in PORTION_OF


def _is_of_basic(asked: Item, found: Sequence[Reading]) -> bool:
    """Whether a thing is printed for basic spending alone, though that was not asked."""
    asks_all = asked.portion is None and asked.item not in PORTION_OF and not (asked.affiliate or asked.table or asked.parts or asked.code)
    return asks_all and all(one.first.portion in ("basic", "personnel", "running") for one in found)


def likeness(label: str, said: str) -> float:
    """How well `said` shortens (or repeats) `label`, 0 … 1: the share of its characters that stand in the label in order.

    城|管|支出 is no way to shorten 城乡社区管理事务支出: at most one character of it may stand alone.
    """
    from rapidfuzz.distance import LCSseq

    runs = [op.src_end - op.src_start for op in LCSseq.opcodes(label, said) if op.tag == "equal"]
    common = sum(runs)
    if common == len(said) and (said in label or runs.count(1) <= 1):
        return 0.9 + 0.1 * len(said) / len(label)
    if label in said and len(label) >= MIN_LABEL:
        return 0.8 + 0.1 * len(label) / len(said)
    return min(common / len(said), 0.5 + common / len(label) / 2) * 0.9


def _best_scope(found: tuple[Disclosure, ...]) -> list[Disclosure]:
    """One disclosure a kind: the 部门's, which includes its units, before the 本级's or 单位's own."""
    best: dict[Kind | None, Disclosure] = {}
    for one in found:
        known = best.get(one.kind)
        if known is None or (known.scope == "unit" and one.scope == "department"):
            best[one.kind] = one
    return [best[kind] for kind in sorted(best, key=lambda k: k or "")]


def title_of(desk: Desk, said: str, place: Place) -> str | None:
    """The printed title that words or a number name (several, parted by |: one after the other)."""
    columns, printed_by = ("table_title", "table_number"), equals("disclosure_id", place.disclosure.disclosure_id)
    tree = select("published_tables", columns, printed_by, equals("edition_rank", 1), order=("table_position",))
    printed = [(title, table_number(number)) for title, number in run(desk.snapshot, tree)[1] if title]
    if not any(number for _, number in printed):  # 表十一: where none bears a number, the eleventh
        printed = [(title, at) for at, (title, _) in enumerate(printed, 1)]
    for words in said.split("|"):
        by_number = words.startswith("#")
        named = [title for title, at in printed if at == int(words[1:])] if by_number else _titled(bare(words), [one for one, _ in printed])
        if named:
            return named[0]
    return None


def _titled(words: str, titles: Sequence[str]) -> list[str]:
    """The titles that the words name: printed so, else holding all of them in order, the shortest first."""
    exact = [title for title in titles if words in bare(title) or bare(title) in words]
    if exact:
        return sorted(exact, key=lambda title: abs(len(bare(title)) - len(words)))
    core = re.sub(load("names.toml")["kind"]["table"], "", words)
    return sorted((title for title in titles if bears(bare(title), core)), key=len)


def bears(name: str, kind: str) -> bool:
    """Whether a name says that its bearer is of that kind (高中: 高级中学, and no 高等教育发展服务中心)."""
    return re.search(".{0,3}".join(map(re.escape, kind)), name) is not None
