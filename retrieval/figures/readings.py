"""Which figures of a disclosure a question means.

`readings` chooses by meaning: year, measure, flow, fund, portion, code. Equal figures of several tables are one reading
with twins; rows that share a code are added; figures that differ by fund, portion or code are different readings, and the
one that is about everything comes before those about a part. A parent is never added to its children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from retrieval.figures.cells import Cell, Reading
from retrieval.figures.parts import CALLED, PARTS_OF, PORTION_OF, SPENDING_TOTALS, THREE_PUBLIC, TOTALS, is_of_forms
from retrieval.question.expression import Item
from retrieval.words.folding import bare
from retrieval.words.lexicon import fund_named, general_terms
from store.money import MONEY_UNITS
from store.values import Fund, Kind, Measure, Portion
from store.vocabulary import vocabulary

NATURES: tuple[Portion, ...] = ("basic", "project")
_NUMBER = re.compile(r"^[\[（【]?\d{3,}[\]）】]?")
"""What a unit's name may bear before it."""
_FUND_ORDER: tuple[Fund | None, ...] = (
    "all", None, "fiscal", "general_public", "government_fund", "state_capital", "fiscal_account", "business", "operating",
    "superior_subsidy", "affiliate_remittance", "unit_funds", "other", "carryover", "reserve",
)  # fmt: skip
_PORTION_ORDER: tuple[Portion | None, ...] = ("total", None, "basic", "project", "personnel", "running", "operating", "other")
_CLASSIFICATION_ORDER = ("three_public", "economic_department", "functional", "nature", "source", "summary", "economic_government")
_MAIN_FUNDS: tuple[Fund, ...] = ("general_public", "fiscal")
_INCOME_FUNDS = frozenset((*_FUND_ORDER[6:],))
"""Funds of which a form tells what comes in, not what is spent from them."""


def readings(asked: Item, cells: Sequence[Cell], kind: Kind, year: int, *, measure: Measure | None = None) -> tuple[Reading, ...]:
    """The readings of `asked` among one disclosure's cells, most direct first; () if it is not printed there.

    `kind` is the disclosure's; `year` the year that the figures are about; `measure` overrides the kind's own measure.
    """
    if asked.parts:
        return _of_parts(asked, cells, kind, year, measure)
    dated = _of_year(_named(asked, cells), year, measure or asked.measure, kind)
    found = _grouped(asked, _narrowed(asked, dated))
    return _ordered(asked, _natures_added(asked, _bought_added(asked, found)))


def _of_parts(asked: Item, cells: Sequence[Cell], kind: Kind, year: int, measure: Measure | None) -> tuple[Reading, ...]:
    """The sum of the parts of a word for several things (五险一金); forms leave out what an agency doesn't pay.

    Of fewer than two parts there is no sum: then only a row that bears the word itself is meant.
    """
    each = (replace(asked, said=part.said, item=part.item, names=part.names, parts=()) for part in asked.parts)
    groups = [found for part in each if (found := readings(part, cells, kind, year, measure=measure))]
    if len(groups) < 2:
        return readings(replace(asked, parts=()), cells, kind, year, measure=measure)
    return (Reading(tuple(dict.fromkeys(cell for reading in of_one_table(groups) for cell in reading.cells))),)


def of_one_table(groups: Sequence[Sequence[Reading]]) -> list[Reading]:
    """One reading of each thing, all from one table where there is such a table."""
    first = groups[0][0]
    for table in dict.fromkeys(cell.table_id for cell in (*first.cells, *first.twins)):
        chosen = [one for group in groups if (one := next(filter(None, (_as_printed_in(table, each) for each in group)), None))]
        if len(chosen) == len(groups):
            return chosen
    return [group[0] for group in groups]


def _as_printed_in(table: str, reading: Reading) -> Reading | None:
    """The reading with the cell of that table in front; None where it is not printed there."""
    here = next((cell for cell in (*reading.cells, *reading.twins) if cell.table_id == table), None)
    if here is None or here in reading.cells or len(reading.cells) > 1:
        return reading if here is not None else None
    return replace(reading, cells=(here,), twins=(reading.first, *(cell for cell in reading.twins if cell is not here)))


# ── which cells bear the name ──


def _first_of(cells: Sequence[Cell], *tests: Callable[[Cell], object]) -> list[Cell]:
    """The cells that pass the first of the tests that any of them passes."""
    return next((kept for test in tests if (kept := [cell for cell in cells if test(cell)])), [])


def _any(_: Cell) -> bool:
    return True


def _named(asked: Item, cells: Sequence[Cell]) -> list[Cell]:
    """The cells that bear one of the names or the code."""
    unit = asked.affiliate
    if unit is not None:
        own = named_for(unit, cells)
        if asked.item is None:
            return own
        of_unit = [cell for cell in own if _is_of_unit(asked, unit, cell)]
        by_name = _by_name(asked, list(dict.fromkeys((*own, *in_section(unit, cells)))))
        return by_name or _first_of(of_unit, lambda cell: bare(cell.row_label) == unit, _any)
    if asked.code is not None:
        coded = [cell for cell in cells if cell.code == asked.code]
        if coded:  # what is spent under it, before what is bought with that
            return _first_of(coded, lambda cell: not _is_bought(cell), _any)
        cells = [cell for cell in cells if cell.code is None]
    return _of_whole(_by_name(asked, cells), cells)


def _by_name(asked: Item, cells: Sequence[Cell]) -> list[Cell]:
    portion, fund = PORTION_OF.get(asked.item or ""), fund_named(asked.item or "")
    names = set(asked.names)

    def is_meant(cell: Cell) -> bool:
        if cell.item in names:
            return True
        whole_of_fund = fund is not None and cell.fund == fund and cell.item in SPENDING_TOTALS
        return whole_of_fund or (portion is not None and _is_whole_of(cell, portion))

    said = {bare(asked.said), *map(bare, asked.names)} - {""}
    return _first_of(cells, is_meant, lambda cell: bare(cell.row_label) in said)


def _name_rank(asked: Item, cell: Cell) -> int:
    """The place of the name under which a cell is found, those of the question's own first."""
    if cell.item in asked.names:
        return asked.names.index(cell.item)
    is_of_fund = cell.item in SPENDING_TOTALS and cell.fund is not None and cell.fund == fund_named(asked.item or "")
    return len(asked.names) if is_of_fund else 0


def _is_whole_of(cell: Cell, portion: Portion) -> bool:
    """Whether the cell is the total of that portion: a total row under 基本支出, or the grand total of a table of basic spending."""
    is_total = cell.portion == portion and cell.role == "total" and cell.flow != "income"
    return is_total and (cell.item in SPENDING_TOTALS or PORTION_OF.get(cell.item) == "basic")


def _is_bought(cell: Cell) -> bool:
    return (cell.form or "").endswith("procurement")


# ── budget units ──


def named_for(unit: str, cells: Iterable[Cell]) -> list[Cell]:
    """The cells that stand in a budget unit's row or under it, with its number before its name or not ([242007]仲裁院); of what bears
    its name and more (某局某分局, 某局某运维项目) only where nothing bears it alone."""
    found = [(cell, _NUMBER.sub("", bare(label))) for cell in cells for label in cell.row_path if unit in bare(label)]
    alone = [cell for cell, label in found if label == unit or label.startswith(f"{unit}（")]
    return list(dict.fromkeys(alone or (cell for cell, label in found if label.startswith(unit))))


def in_section(unit: str, cells: Sequence[Cell]) -> list[Cell]:
    """The cells of rows that a form prints between a budget unit's row and that of the next, none more than the unit has in that column.

    A form with rows of things below one unit alone is not parted by units.
    """
    tables: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        tables[cell.table_id].append(cell)
    found: list[Cell] = []
    for table in tables.values():
        sections: dict[str, list[Cell]] = defaultdict(list)
        whole: dict[int, Decimal] = {}  # what the unit has in each column
        name, at = "", -1
        for cell in sorted(table, key=lambda one: one.row):
            if cell.classification == "affiliate":
                whole = {**(whole if cell.row == at else {}), cell.column_index: cell.value}
                name, at = bare(cell.row_label), cell.row
            elif cell.role == "total" and len(cell.row_path) == 1:
                name, whole = "", {}
            elif cell.value <= whole.get(cell.column_index, Decimal(0)):
                sections[name].append(cell)
        if len(sections) > 1:
            found += sections.get(unit) or next((own for name, own in sections.items() if name.startswith(unit)), [])
    return found


def _of_whole(found: list[Cell], cells: Sequence[Cell]) -> list[Cell]:
    """Without what is one budget unit's own, where a form has several units: no part is the whole.

    Rows of several units that share a code, or are one project, are kept where nothing else is printed: they are added.
    """
    titles = {cell.table_title for cell in found if len(cell.row_path) > 1}
    units = _unit_labels(cells, titles) if titles else frozenset[str]()
    if not units:
        return found
    above = {cell.figure_id: tuple(label for label in cell.row_path[:-1] if label in units) for cell in found}
    paths: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for cell in found:
        paths[cell.table_title].append(above[cell.figure_id])
    shared = {title: _shared_depth(of_title) for title, of_title in paths.items()}
    whole = [cell for cell in found if len(above[cell.figure_id]) == shared[cell.table_title]]
    if any(not above[cell.figure_id] for cell in whole) and len(units) > 1:
        whole = [cell for cell in whole if all(bare(cell.agency) in bare(label) for label in above[cell.figure_id])]
    return whole or [cell for cell in found if cell.code is not None or cell.classification == "project"]


def _shared_depth(paths: list[tuple[str, ...]]) -> int:
    """How many labels, from the outermost, all the paths have in common."""
    return sum(1 for _ in takewhile(lambda labels: len(set(labels)) == 1, zip(*paths, strict=False)))


def _unit_labels(cells: Sequence[Cell], titles: set[str]) -> frozenset[str]:
    """The labels that stand for budget units: printed as their rows, or at the head of every row of a form printed once for each."""
    units = {cell.row_label for cell in cells if cell.classification == "affiliate"}
    heads: dict[tuple[str, str], set[str]] = defaultdict(set)
    for cell in cells:
        if cell.table_title in titles:
            heads[cell.table_title, cell.table_id].add(cell.row_path[0] if len(cell.row_path) > 1 else "")
    sole: dict[str, set[str]] = defaultdict(set)
    for (title, _), found in heads.items():
        sole[title] |= found - {""} if len(found) == 1 else set()
    return frozenset(units).union(*(found for found in sole.values() if len(found) > 1))


def says_spending(asked: Item) -> bool:
    """Whether spending is asked for in so many words: a unit's income may stand for its budget, never for what it spends."""
    term = general_terms().get(asked.said)
    return term is not None and term.flow == "expenditure" and not any(word in asked.said for word in CALLED["words"]["size"])


def _is_of_unit(asked: Item, unit: str, cell: Cell) -> bool:
    """Whether a cell of a unit's own row is in the column asked for: a total, a portion or a fund, or one headed by the item."""
    if (cell.item != cell.row_label and bare(cell.row_label) != unit) or CALLED["goals"]["any"] in cell.table_title:
        return False  # a form of goals tells whose a project is
    item = asked.item or ""
    if item in TOTALS:
        return not (cell.flow == "income" and says_spending(asked))
    if item in PORTION_OF:
        return cell.portion == PORTION_OF[item] and cell.flow != "income" and bare(cell.row_label).startswith(unit)
    fund = fund_named(item)
    return cell.fund == fund if fund is not None else any(bare(head) in asked.names for head in cell.column_path)


# ── which of them are meant ──


def _of_year(named: list[Cell], year: int, measure: Measure | None, kind: Kind) -> list[Cell]:
    """Those about `year`, measured as asked: in its own year a budget prints 预算数, final accounts 决算数."""
    about = [cell for cell in named if (cell.about_year or cell.year) == year]
    own: Measure = measure or kind
    if measure is not None:
        other = ("adjusted_budget",) if (kind, measure) == ("final", "budget") else ()  # the budget of the whole year
    else:
        other = (None, "count") if about and about[0].year == year else (None, "budget", "adjusted_budget", "final")
    return _first_of(about, lambda cell: cell.measure == own, lambda cell: cell.measure in other)


def _narrowed(asked: Item, kept: list[Cell]) -> list[Cell]:
    """Those of the flow, fund, portion, classification, table and parent asked for; by default of spending, and of the whole."""
    if asked.table is not None:
        table = bare(asked.table)
        titles = {cell.table_title: bare(cell.table_title) for cell in kept}
        kept = _first_of(
            kept,
            lambda cell: titles[cell.table_title] == table,
            lambda cell: table in titles[cell.table_title] or titles[cell.table_title] in table,
        )
    if asked.under is not None:
        under = asked.under
        # an item of the classifications is itself wherever it stands; what is left of something is not what is left of all
        known = bool(vocabulary().codes_by_name.get(asked.item or "")) and is_of_forms(under)
        kept = _first_of(
            kept,
            lambda cell: any(under in bare(label) for label in cell.row_path[:-1]),
            lambda cell: under in bare(cell.table_title),
            lambda _: known,
        )
    if asked.classification is not None:
        kept = _first_of(kept, lambda cell: cell.classification == asked.classification, _any)
    if asked.flow is not None:  # what of a project comes from last year is printed as spending
        kept = _first_of(kept, lambda cell: cell.flow in (asked.flow, None), lambda _: asked.fund in _INCOME_FUNDS)
    elif asked.fund not in _INCOME_FUNDS:
        kept = _first_of(kept, lambda cell: cell.flow != "income", _any)
    if asked.fund is not None:
        fund = asked.fund
        kept = [cell for cell in kept if cell.fund == fund or (cell.classification == "three_public" and _are_fiscal(cell.fund, fund))]
    return _of_portion(asked, kept)


def _are_fiscal(printed: Fund | None, asked: Fund) -> bool:
    """The “三公” form is about 财政拨款 or 一般公共预算, whichever its title says; both are meant by either."""
    return asked in _MAIN_FUNDS and printed in (*_MAIN_FUNDS, None)


def _of_portion(asked: Item, kept: list[Cell]) -> list[Cell]:
    if asked.portion is not None:
        parts = ("personnel", "running") if asked.portion == "basic" else ()
        return _first_of(kept, lambda cell: cell.portion == asked.portion, lambda cell: cell.portion in parts)
    if asked.item in PORTION_OF:
        return _first_of(kept, lambda cell: cell.portion == PORTION_OF.get(asked.item or ""), _any)
    whole = [cell for cell in kept if cell.portion in ("total", None)]
    if asked.affiliate is not None and asked.item in SPENDING_TOTALS:
        return whole  # a unit's projects are not all that it spends
    part = [cell for cell in kept if cell.portion in ("basic", "project", "operating")]
    return whole + [cell for cell in part if not _has_whole(cell, whole)] or kept


def _has_whole(cell: Cell, whole: list[Cell]) -> bool:
    """Whether the same row prints the whole of what this cell is a part of, or another table more of the same thing: 差旅费 in a
    table of basic spending is not all of it, where what the public budget alone spends on it is more."""
    return any(
        (other.table_id == cell.table_id and other.row == cell.row)
        or (other.item == cell.item and other.fund in (cell.fund, *_MAIN_FUNDS) and other.value > cell.value)
        for other in whole
    )


# ── which of them are added ──


def _grouped(asked: Item, kept: list[Cell]) -> list[Reading]:
    """One reading for each printed column and code: rows that share both are added, but for one that is printed again on a later page."""
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in kept:
        is_free = cell.code is None and cell.classification in ("project", "affiliate", None)
        parent = bare(cell.row_path[-2]) if is_free and len(cell.row_path) > 1 else ""
        kind = "" if parent and parent == bare(asked.under or "") and cell.classification == "project" else cell.item
        group = groups[cell.table_id, cell.column_index, cell.code, kind, parent]
        if not any((one.row_path, one.value) == (cell.row_path, cell.value) and one.page != cell.page for one in group):
            group.append(cell)
    return [Reading(_of_all_units(cells), name_rank=min(_name_rank(asked, cell) for cell in cells)) for cells in groups.values()]


def addends(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The rows to add: each once, a repeated total or parent not again."""
    if len(cells) == 1 or (len({cell.value for cell in cells}) == 1 and cells[0].code is None):
        return (cells[0],)
    if all(cell.role != "leaf" for cell in cells) or any(cell.code is None or cell.classification == "project" for cell in cells):
        return (max(cells, key=lambda cell: abs(cell.value)),)
    return tuple(cells)


def _of_all_units(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The rows of one project of several units, none of which is named; rows without anything above them may be levels of each other."""
    alone = addends(cells)
    several = len(alone) == 1 < len({cell.value for cell in cells})
    if several and all(cell.classification == "project" and cell.code is None and len(cell.row_path) > 1 for cell in cells):
        return alone if alone[0].value * 2 == sum(cell.value for cell in cells) else tuple(cells)
    return alone


def _added(found: list[Reading], key: Callable[[Cell], Hashable], chosen: Callable[[list[Reading]], list[Reading]]) -> list[Reading]:
    """Readings with sums in front: of those with the same `key`, what is `chosen` is added and no longer stands alone."""
    groups: dict[Hashable, list[Reading]] = defaultdict(list)
    for one in found:
        if (of := key(one.first)) is not None:
            groups[of].append(one)
    several = [parts for group in groups.values() if (parts := chosen(group))]
    added = [one for parts in several for one in parts]
    whole = [Reading(tuple(cell for one in parts for cell in one.cells), name_rank=parts[0].name_rank) for parts in several]
    return [*whole, *(one for one in found if one not in added)]


def _bought_added(asked: Item, found: list[Reading]) -> list[Reading]:
    """What is bought in several rows of one form, each for another project: all of these together are it."""

    def column(cell: Cell) -> Hashable:
        is_row = _is_bought(cell) and cell.role == "leaf" and cell.item not in asked.names
        return (cell.table_id, cell.column_index) if is_row else None

    return _added(found, column, lambda rows: rows if len({one.first.row_path[:-1] for one in rows}) == len(rows) > 1 else [])


def _natures_added(asked: Item, found: list[Reading]) -> list[Reading]:
    """Where an item is printed for basic spending and for projects, and nowhere whole, the two together are it.

    Both must be of one fund and classification; where a nature has several amounts, which of them belong together is not known.
    """
    if asked.portion or asked.table or asked.item in PORTION_OF or any(one.first.portion in ("total", None) for one in found):
        return found

    def thing(cell: Cell) -> Hashable:
        return (cell.fund, cell.classification, cell.code or cell.item, cell.measure, cell.about_year, cell.unit in MONEY_UNITS)

    def both(alike: list[Reading]) -> list[Reading]:
        natures = [[one for one in alike if one.first.portion == nature] for nature in NATURES]
        return [of[0] for of in natures] if all(len({one.value for one in of}) == 1 for of in natures) else []

    return _added(found, thing, both)


# ── which comes first ──


def _ordered(asked: Item, found: list[Reading]) -> tuple[Reading, ...]:
    """Best first, equal ones joined as twins."""
    out: list[Reading] = []
    for reading in sorted(found, key=lambda one: _rank(asked, one)):
        about = (reading.first.about_year, reading.first.measure)
        same = (known for known in out if (known.first.about_year, known.first.measure) == about and same_amount(known, reading))
        if (known := next(same, None)) is not None:  # printed again
            out[out.index(known)] = replace(known, twins=(*known.twins, *reading.cells))
        else:
            out.append(reading)
    return tuple(out)


def _rank(asked: Item, reading: Reading) -> tuple[object, ...]:
    cell, rank = reading.first, reading.name_rank
    is_all = asked.fund is None and asked.item in TOTALS and asked.affiliate is None
    of_three_public = asked.item in (THREE_PUBLIC, *PARTS_OF[THREE_PUBLIC]) and asked.fund is None and asked.portion is None
    if cell.kind == "final" and asked.item in SPENDING_TOTALS and cell.item in SPENDING_TOTALS:
        # what was spent in a year is the year's own, not the total with what is carried over, unless that row's word is said
        rank = -1 if bare(cell.row_label) in bare(asked.said) else len(SPENDING_TOTALS) - SPENDING_TOTALS.index(cell.item)
    return (
        of_three_public and cell.classification != "three_public",  # they are first those of their own form
        is_all and cell.fund not in ("all", None),  # all that is spent is that of all funds, whatever the row is called
        rank,
        cell.classification is None,
        _FUND_ORDER.index(cell.fund),
        0 if asked.code is not None else len(cell.code or ""),  # a parent that bears the same name as its child stands for both
        _PORTION_ORDER.index(cell.portion),
        cell.flow == "income" and asked.flow != "income",
        _CLASSIFICATION_ORDER.index(cell.classification) if cell.classification in _CLASSIFICATION_ORDER else len(_CLASSIFICATION_ORDER),
        cell.table_position,
        cell.row,
    )


def same_amount(one: Reading, other: Reading) -> bool:
    """Whether two readings agree as far as their printing allows (half of the last printed digit of the coarser)."""
    step = max(sum((cell.step for cell in each.cells), Decimal(0)) for each in (one, other))
    return one.is_money == other.is_money and abs(one.value - other.value) <= step / 2
