"""Which table, and which rows of budget units, are meant in one disclosure: by a table's title or number, by the agency's own name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS, Reading
from retrieval.figures.members import is_of_purchases
from retrieval.figures.places import Desk, Fact, Place
from retrieval.figures.query import equals, run, select
from retrieval.language.lattice import table_number
from retrieval.language.phrases import OWN
from retrieval.question.expression import Item
from retrieval.words.cues import load
from retrieval.words.folding import bare
from store.values import Fund

TOTALS = (*SPENDING_TOTALS, *INCOME_TOTALS)
_KIND = load("names.toml")["kind"]
_GRANT = load("funds.toml")["grant"]["items"]
_PUBLIC: tuple[Fund, ...] = ("fiscal", "general_public", "government_fund", "state_capital")


def bears(name: str, kind: str) -> bool:
    """Whether a name says that its bearer is of that kind (高中: 高级中学, and no 高等教育发展服务中心)."""
    return re.search(".{0,3}".join(map(re.escape, kind)), name) is not None


def with_title(desk: Desk, item: Item, place: Place) -> Item:
    """The item with the title of the table that it names."""
    if item.table is None:
        return item
    return replace(item, table=title_of(desk, item.table, place) or item.table.split("|")[-1])


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
    core = re.sub(_KIND["table"], "", words)
    return sorted((title for title in titles if bears(bare(title), core)), key=len)


def is_own_row(label: str, agency: str) -> bool:
    """Whether a row among the budget units bears the agency's own name, and is no unit below it."""
    name = bare(agency)
    return bare(label) == name or re.fullmatch(_KIND["own"], bare(label).removeprefix(name)) is not None


def without_own(label: str) -> str:
    """A unit's name without the words for an agency's own level."""
    return re.sub(_KIND["own"], "", label)


def own_level(desk: Desk, item: Item, place: Place) -> list[Item]:
    """An item of the agency itself, without the units below it, by the rows that bear its own name: best first; none where units are
    printed but no such row. A disclosure that prints no units is of the agency alone."""
    name = bare(place.agency.name)
    if not is_of_own_level(item, name):
        return [item]
    rows = [cell for cell in desk.shelf.cells(place.disclosure.disclosure_id) if cell.classification == "affiliate"]
    labels = {bare(cell.row_label) for cell in rows}
    own = sorted((label for label in labels if is_own_row(label, name)), key=len, reverse=True)
    if place.disclosure.scope == "unit" or len(labels) == len(own):
        return [replace(item, affiliate=None)]
    deep = {(cell.table_title, len(cell.row_path)) for cell in rows if bare(cell.row_label) not in own}
    parents = {(cell.table_title, bare(label)) for cell in rows for label in cell.row_path[:-1]}
    beside = {  # tables where the plain name stands among the units, and holds none of them
        cell.table_title: None
        for cell in rows
        if bare(cell.row_label) == name and (cell.table_title, len(cell.row_path)) in deep and (cell.table_title, name) not in parents
    }
    plain = [replace(item, affiliate=name, table=title) for title in beside if len(own) > 1 and item.table in (None, title)]
    return [*(replace(item, affiliate=one) for one in own[:1]), *plain]


def is_of_own_level(item: Item, name: str) -> bool:
    """Whether an item is of the agency of that name itself, and not of the units below it."""
    return item.affiliate == OWN or (item.affiliate not in (None, name) and is_own_row(item.affiliate or "", name))


def row_of_unit(desk: Desk, item: Item, place: Place) -> Fact | None:
    """All that a budget unit spends (or, where only that is printed, takes in): its row in the table of units."""
    grant = item.item in _GRANT
    if item.affiliate is None or not (grant or item.item in TOTALS):
        return None
    name, cells = item.affiliate, desk.shelf.cells(place.disclosure.disclosure_id)
    whole = max((cell.value for cell in cells if cell.amount is not None and cell.classification != "affiliate"), default=Decimal(0))
    rows = [
        cell
        for cell in cells
        if cell.classification == "affiliate" and cell.amount is not None
        and (bare(cell.row_label).startswith(name) or (bare(cell.row_label) == without_own(name) and cell.value < whole))
        and (cell.about_year or place.year) == place.year
        and cell.fund in ((item.fund,) if item.fund else _PUBLIC if grant else ("all", None))
        and cell.portion in ("total", None)
        and cell.measure in ("budget", "final", None)
        and not is_of_purchases(cell)
        and (item.table is None or bare(cell.table_title) == bare(item.table))
    ]  # fmt: skip
    rows = [cell for cell in rows if bare(cell.row_label) == name] or rows  # 梅村高级中学 is not 梅村高级中学空港分校
    rows = [cell for cell in rows if [bare(label) for label in cell.row_path] == [name] * 2] or rows  # itself, in its total
    if not rows or (grant and len({cell.value for cell in rows}) > 1):
        return None
    wanted = "income" if item.item in INCOME_TOTALS else "expenditure"
    best = max(rows, key=lambda cell: (cell.flow == wanted, cell.item in TOTALS, cell.value))
    return Fact(item, place, (Reading((best,), tuple(cell for cell in rows if cell.value == best.value and cell is not best)),))
