"""Which figures of a disclosure a question means.

`readings` chooses by meaning: year, measure, flow, fund, portion, code. Equal figures of several tables are one reading
with twins; rows that share a code are added; figures that differ by fund, portion or code are different readings, and the
one that is about everything comes before those about a part. A parent is never added to its children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from retrieval.figures.cells import SPENDING_TOTALS, TOTALS, Cell, Reading
from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC
from retrieval.question.expression import Item
from retrieval.words.cues import load
from retrieval.words.folding import bare
from retrieval.words.lexicon import general_terms
from store.money import MONEY_UNITS
from store.values import Fund, Kind, Measure, Portion
from store.vocabulary import vocabulary

_NUMBER = re.compile(r"^[\[（【]?\d{3,}[\]）】]?")
"""What a unit's name may bear before it."""
_FUND_ORDER: tuple[Fund | None, ...] = (
    "all", None, "fiscal", "general_public", "government_fund", "state_capital", "fiscal_account", "business", "operating",
    "superior_subsidy", "affiliate_remittance", "unit_funds", "other", "carryover", "reserve",
)  # fmt: skip
_PORTION_ORDER: tuple[Portion | None, ...] = ("total", None, "basic", "project", "personnel", "running", "operating", "other")
PORTION_OF: dict[str, Portion] = {"基本支出": "basic", "项目支出": "project", "人员经费": "personnel", "公用经费": "running"}
_CLASSIFICATION_ORDER = ("three_public", "economic_department", "functional", "nature", "source", "summary", "economic_government")
_MAIN_FUNDS: tuple[Fund, ...] = ("general_public", "fiscal")
NATURES: tuple[Portion, ...] = ("basic", "project")
_INCOME_FUNDS = frozenset((
    "carryover", "reserve", "business", "operating", "superior_subsidy", "affiliate_remittance", "other", "fiscal_account", "unit_funds",
))  # fmt: skip
_AMOUNTS = frozenset(("budget", "adjusted_budget", "final"))


def readings(asked: Item, cells: Sequence[Cell], kind: Kind, year: int, *, measure: Measure | None = None) -> tuple[Reading, ...]:
    """The readings of `asked` among one disclosure's cells, most direct first; () if it is not printed there.

    `kind` is the disclosure's; `year` the year that the figures are about; `measure` overrides the kind's own measure.
    """
    if asked.parts:
        return _together(asked, cells, kind, year, measure)
    named = _named(asked, cells)
    if not named:
        return ()
    named = _without_repeats(named)
    dated = _of_year(named, year, measure or asked.measure, kind, cells[0].year)
    kept = _narrowed(asked, dated)
    return _ordered(asked, _natures_added(asked, _units_added(asked, _bought_added(asked, _grouped(asked, kept)), cells)))


def _together(asked: Item, cells: Sequence[Cell], kind: Kind, year: int, measure: Measure | None) -> tuple[Reading, ...]:
    """The sum of the parts of a word for several things (五险一金); forms leave out what an agency doesn't pay.

    Of fewer than two parts there is no sum: then only a row that bears the word itself is meant.
    """
    groups: list[tuple[Reading, ...]] = []
    for part in asked.parts:
        narrowed = replace(asked, said=part.said, item=part.item, names=part.names, parts=())
        if found := readings(narrowed, cells, kind, year, measure=measure):
            groups.append(found)
    if len(groups) < 2:
        return readings(replace(asked, parts=()), cells, kind, year, measure=measure)
    added = {cell.figure_id: cell for reading in of_one_table(groups) for cell in reading.cells}
    return (Reading(tuple(added.values())),)


def of_one_table(groups: Sequence[Sequence[Reading]]) -> list[Reading]:
    """One reading of each thing, all from one table where there is such a table."""
    shared = set.intersection(*({table for reading in group for table in tables_of(reading)} for group in groups))
    first = groups[0][0]
    home = next((table for table in (cell.table_id for cell in (*first.cells, *first.twins)) if table in shared), None)
    if home is None:
        return [group[0] for group in groups]
    return [_as_printed_in(home, next(reading for reading in group if home in tables_of(reading))) for group in groups]


def _as_printed_in(table: str, reading: Reading) -> Reading:
    """The reading with the cell of that table in front, where one of its twins is printed there."""
    if len(reading.cells) > 1 or reading.first.table_id == table:
        return reading
    here = next(cell for cell in reading.twins if cell.table_id == table)
    return replace(reading, cells=(here,), twins=(reading.first, *(cell for cell in reading.twins if cell is not here)))


def tables_of(reading: Reading) -> set[str]:
    """The tables that print the reading."""
    return {cell.table_id for cell in (*reading.cells, *reading.twins)}


def _named(asked: Item, cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """The cells that bear one of the names or the code, with the name's rank."""
    if asked.affiliate is not None:
        own = named_for(asked.affiliate, cells)
        if asked.item is None:
            return [(0, cell) for cell in own]
        by_name = _by_name(asked, list(dict.fromkeys((*own, *in_section(asked.affiliate, cells)))))
        of_unit = [(0, cell) for cell in own if _is_of_unit(asked, cell)]
        return by_name or [pair for pair in of_unit if bare(pair[1].row_label) == asked.affiliate] or of_unit
    if asked.code is not None:
        coded = [(0, cell) for cell in cells if cell.code == asked.code]
        if coded:  # what is spent under it, before what is bought with that
            return [pair for pair in coded if not (pair[1].form or "").endswith("procurement")] or coded
        if not asked.names:
            return []
    found = _by_name(asked, cells)
    if asked.code is not None:
        found = [(rank, cell) for rank, cell in found if cell.code is None]
    return _of_whole(found, cells)


def named_for(unit: str, cells: Iterable[Cell]) -> list[Cell]:
    """The cells that stand in a budget unit's row or under it, with its number before its name or not ([242007]仲裁院); of what bears
    its name and more (某局某分局, 某局某运维项目) only where nothing bears it alone."""
    found = [(cell, _NUMBER.sub("", bare(label))) for cell in cells for label in cell.row_path if unit in bare(label)]
    alone = [cell for cell, label in found if label == unit or label.startswith((f"{unit}（", f"{unit}("))]
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
        if not any(cell.classification == "affiliate" for cell in table):
            continue
        sections: dict[str, list[Cell]] = defaultdict(list)
        whole: dict[int, Decimal] = {}
        name, at = "", -1
        for cell in sorted(table, key=lambda one: one.row):
            if cell.classification == "affiliate":
                if cell.row != at:
                    whole = {}
                name, at = bare(cell.row_label), cell.row
                whole[cell.column_index] = cell.value
            elif cell.role == "total" and len(cell.row_path) == 1:
                name, whole = "", {}
            elif cell.value <= whole.get(cell.column_index, Decimal(0)):
                sections[name].append(cell)
        if len(sections) > 1:
            found += sections.get(unit) or next((own for name, own in sections.items() if name.startswith(unit)), [])
    return found


def _of_whole(found: list[tuple[int, Cell]], cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """Without what is one budget unit's own, where a form has several units: no part is the whole.

    Rows of several units that share a code, or are one project, are kept where nothing else is printed: they are added.
    """
    titles = {cell.table_title for _, cell in found if len(cell.row_path) > 1}
    units = _unit_labels(cells, titles) if titles else frozenset[str]()
    if not units:
        return found
    above = {cell.figure_id: tuple(label for label in cell.row_path[:-1] if label in units) for _, cell in found}
    paths: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for _, cell in found:
        paths[cell.table_title].add(above[cell.figure_id])
    shared = {title: _shared_depth(of_title) for title, of_title in paths.items()}
    parts = {cell.figure_id for _, cell in found if len(above[cell.figure_id]) > shared[cell.table_title]}
    whole = [pair for pair in found if pair[1].figure_id not in parts]
    if any(not above[cell.figure_id] for _, cell in whole) and len(units) > 1:
        whole = [pair for pair in whole if all(bare(pair[1].agency) in bare(label) for label in above[pair[1].figure_id])]
    return whole or [pair for pair in found if pair[1].code is not None or pair[1].classification == "project"]


def _shared_depth(paths: set[tuple[str, ...]]) -> int:
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
        if len(found) == 1:
            sole[title] |= found - {""}
    return frozenset(units).union(*(found for found in sole.values() if len(found) > 1))


def says_spending(asked: Item) -> bool:
    """Whether spending is asked for in so many words: a unit's income may stand for its budget, never for what it spends."""
    term = general_terms().get(asked.said)
    return term is not None and term.flow == "expenditure" and not any(word in asked.said for word in load("kinds.toml")["size"]["words"])


def _is_of_unit(asked: Item, cell: Cell) -> bool:
    """Whether a cell of a unit's own row is in the column asked for: a total, a portion or a fund, or one headed by the item."""
    if (cell.item != cell.row_label and bare(cell.row_label) != asked.affiliate) or "绩效" in cell.table_title:
        return False  # a form of goals tells whose a project is
    item = asked.item or ""
    if item in TOTALS:
        return not (cell.flow == "income" and says_spending(asked))
    if item in PORTION_OF:
        return cell.portion == PORTION_OF[item] and cell.flow != "income" and bare(cell.row_label).startswith(asked.affiliate or "")
    fund = fund_named(item)
    return cell.fund == fund if fund is not None else any(bare(head) in asked.names for head in cell.column_path)


def _without_repeats(named: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Without rows that a table prints again on a later page, cell for cell the same: a continued parent or a repeated total."""
    rows: dict[tuple[str, int], dict[int, Decimal]] = defaultdict(dict)
    pages: dict[tuple[str, int], int | None] = {}
    paths: dict[tuple[str, int], tuple[str, ...]] = {}
    for _, cell in named:
        rows[cell.table_id, cell.row][cell.column_index] = cell.value
        pages[cell.table_id, cell.row], paths[cell.table_id, cell.row] = cell.page, cell.row_path
    repeated: set[tuple[str, int]] = set()
    for key in sorted(rows):
        for other in sorted(rows):
            if other >= key or other[0] != key[0] or other in repeated or paths[other] != paths[key]:
                continue
            if rows[other] == rows[key] and pages[other] != pages[key]:
                repeated.add(key)
    return [(rank, cell) for rank, cell in named if (cell.table_id, cell.row) not in repeated]


def _by_name(asked: Item, cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    ranks = {name: rank for rank, name in enumerate(asked.names)}
    portion = PORTION_OF.get(asked.item or "")
    fund = fund_named(asked.item or "")
    found: list[tuple[int, Cell]] = []
    for cell in cells:
        rank = ranks.get(cell.item)
        if rank is None and portion is not None and _is_whole_of(cell, portion):
            rank = 0
        if rank is None and fund is not None and cell.fund == fund and cell.item in SPENDING_TOTALS:
            rank = len(ranks)
        if rank is not None:
            found.append((rank, cell))
    if found:
        return found
    said = {bare(asked.said), *(bare(name) for name in asked.names)} - {""}
    return [(0, cell) for cell in cells if bare(cell.row_label) in said]


def is_of_forms(name: str) -> bool:
    """Whether a name is one of the classifications or forms, under which a thing stands in any disclosure: no unit, no project."""
    return bool(vocabulary().codes_by_name.get(name)) or name in vocabulary().item_by_variant


def fund_named(item: str) -> Fund | None:
    """The fund whose whole spending the item is by its name: 国有资本经营预算支出, which is a function too."""
    stem = general_terms().get(item.removesuffix("支出")) if item.endswith("支出") else None
    return stem.fund if stem is not None and stem.kind == "fund" else None


def _is_whole_of(cell: Cell, portion: Portion) -> bool:
    """Whether the cell is the total of that portion: a total row under 基本支出, or the grand total of a table of basic spending."""
    return cell.portion == portion and cell.role == "total" and cell.flow != "income" and cell.item in (*SPENDING_TOTALS, "基本支出")


def _of_year(named: list[tuple[int, Cell]], year: int, measure: Measure | None, kind: Kind, own_year: int) -> list[tuple[int, Cell]]:
    """Those about `year`, measured as asked: in its own year a budget prints 预算数, final accounts 决算数."""
    about = [(rank, cell) for rank, cell in named if (cell.about_year or own_year) == year]
    if measure is not None:
        measured = [(rank, cell) for rank, cell in about if cell.measure == measure]
        if measured or kind != "final" or measure != "budget":
            return measured
        return [(rank, cell) for rank, cell in about if cell.measure == "adjusted_budget"]  # the budget of the whole year
    own: Measure = "budget" if kind == "budget" else "final"
    exact = [(rank, cell) for rank, cell in about if cell.measure == own]
    if exact:
        return exact
    if year != own_year:
        return [(rank, cell) for rank, cell in about if cell.measure in _AMOUNTS or cell.measure is None]
    return [(rank, cell) for rank, cell in about if cell.measure in (None, "count")]


def _narrowed(asked: Item, named: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Those of the flow, fund, portion, classification, table and parent asked for; by default of spending, and of the whole."""
    kept = named
    if asked.table is not None:
        table = bare(asked.table)
        exact = [pair for pair in kept if bare(pair[1].table_title) == table]
        kept = exact or [pair for pair in kept if table in bare(pair[1].table_title) or bare(pair[1].table_title) in table]
    if asked.under is not None:
        inside = [pair for pair in kept if any(asked.under in bare(label) for label in pair[1].row_path[:-1])]
        inside = inside or [pair for pair in kept if asked.under in bare(pair[1].table_title)]
        # an item of the classifications is itself wherever it stands; what is left of something is not what is left of all
        known = vocabulary().codes_by_name.get(asked.item or "") and is_of_forms(asked.under)
        kept = inside or (kept if known else [])
    if asked.classification is not None:
        kept = [pair for pair in kept if pair[1].classification == asked.classification] or kept
    kept = _of_flow(asked, kept)
    kept = _of_fund(asked, kept)
    return _of_portion(asked, kept)


def _of_flow(asked: Item, kept: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    if asked.flow is not None:
        exact = [pair for pair in kept if pair[1].flow in (asked.flow, None)]
        return exact or (kept if asked.fund in _INCOME_FUNDS else [])  # what of a project comes from last year
    if asked.fund in _INCOME_FUNDS:
        return kept
    spent = [pair for pair in kept if pair[1].flow != "income"]
    return spent or kept


def _of_fund(asked: Item, kept: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    if asked.fund is None:
        return kept
    by_name = fund_named(asked.item or "") == asked.fund

    def is_of_fund(cell: Cell) -> bool:
        return cell.fund == asked.fund or _is_fiscal_form(asked, cell) or (by_name and cell.item == asked.item)

    return [pair for pair in kept if is_of_fund(pair[1])]


def _is_fiscal_form(asked: Item, cell: Cell) -> bool:
    """The “三公” form is about 财政拨款 or 一般公共预算, whichever its title says; both are meant by either."""
    return (
        cell.classification == "three_public"
        and asked.fund in ("fiscal", "general_public")
        and cell.fund in ("fiscal", "general_public", None)
    )


def _of_portion(asked: Item, kept: list[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    portion = asked.portion
    if portion is not None:
        exact = [pair for pair in kept if pair[1].portion == portion]
        return exact or [pair for pair in kept if portion == "basic" and pair[1].portion in ("personnel", "running")]
    if asked.item in PORTION_OF:
        return [pair for pair in kept if pair[1].portion == PORTION_OF[asked.item]] or kept
    whole = [pair for pair in kept if pair[1].portion in ("total", None)]
    if asked.affiliate is not None and asked.item in SPENDING_TOTALS:
        return whole  # a unit's projects are not all that it spends
    part = [pair for pair in kept if pair[1].portion in ("basic", "project", "operating")]
    return whole + [pair for pair in part if not _has_whole(pair[1], whole)] or kept


def _has_whole(cell: Cell, whole: list[tuple[int, Cell]]) -> bool:
    """Whether the same row prints the whole of what this cell is a part of, or another table more of the same thing: 差旅费 in a
    table of basic spending is not all of it, where what the public budget alone spends on it is more."""
    return any(
        (other.table_id == cell.table_id and other.row == cell.row)
        or (other.item == cell.item and other.fund in (cell.fund, *_MAIN_FUNDS) and other.value > cell.value)
        for _, other in whole
    )


def _grouped(asked: Item, kept: list[tuple[int, Cell]]) -> list[Reading]:
    """One reading for each printed column and code: rows that share both are added."""
    groups: dict[tuple[object, ...], list[tuple[int, Cell]]] = defaultdict(list)
    for rank, cell in kept:
        parent = (
            bare(cell.row_path[-2])
            if cell.code is None and len(cell.row_path) > 1 and cell.classification in ("project", "affiliate", None)
            else ""
        )
        groups[cell.table_id, cell.column_index, cell.code, cell.item, parent].append((rank, cell))
    found: list[Reading] = []
    for pairs in groups.values():
        rank = min(rank for rank, _ in pairs)
        cells = [cell for _, cell in pairs]
        found.append(Reading(_of_all_units(cells), name_rank=rank))
    return _parts_added(found)


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


def _parts_added(found: list[Reading]) -> list[Reading]:
    """Where a table prints personnel and running costs of a row but no sum of them, their sum is the reading."""
    by_row: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for reading in found:
        by_row[reading.first.table_id, reading.first.row].append(reading)
    out: list[Reading] = []
    for group in by_row.values():
        parts = [r for r in group if r.first.portion in ("personnel", "running")]
        if len(parts) == 2 and len(group) == 2 and {r.first.portion for r in parts} == {"personnel", "running"}:
            out.append(Reading(tuple(cell for r in parts for cell in r.cells), name_rank=min(r.name_rank for r in parts)))
        else:
            out.extend(group)
    return out


def _units_added(asked: Item, found: list[Reading], cells: Sequence[Cell]) -> list[Reading]:
    """A project of several budget units, each of which prints its own row of it: all of these together are it."""
    parted = [one for one in found if one.first.classification == "project" and one.first.code is None and len(one.first.row_path) > 1]
    if asked.affiliate is not None or len(parted) < 2:
        return found
    units = {bare(label) for label in _unit_labels(cells, {one.first.table_title for one in parted})}
    columns: dict[tuple[object, ...], list[Reading]] = defaultdict(list)
    for one in parted:
        if bare(one.first.row_path[-2]) in units:
            cell = one.first
            columns[cell.table_title, cell.column_path, cell.item].append(one)
    several = [of_units for of_units in columns.values() if len({one.first.row_path[-2] for one in of_units}) > 1]
    own = [one for of_units in several for one in of_units]
    whole = [Reading(tuple(cell for one in of_units for cell in one.cells), name_rank=of_units[0].name_rank) for of_units in several]
    return [*whole, *(one for one in found if one not in own)]


def _bought_added(asked: Item, found: list[Reading]) -> list[Reading]:
    """What is bought in several rows of one form, each for another project: all of these together are it."""
    rows: dict[tuple[object, ...], list[Reading]] = defaultdict(list)
    for one in found:
        cell = one.first
        if (cell.form or "").endswith("procurement") and cell.role == "leaf" and len(one.cells) == 1 and cell.item not in asked.names:
            rows[cell.table_id, cell.column_index, one.name_rank].append(one)
    several = [own for own in rows.values() if len({one.first.row_path[:-1] for one in own}) == len(own) > 1]
    added = [one for own in several for one in own]
    whole = [Reading(tuple(one.first for one in own), name_rank=own[0].name_rank) for own in several]
    return [*whole, *(one for one in found if one not in added)]


def _natures_added(asked: Item, found: list[Reading]) -> list[Reading]:
    """Where an item is printed for basic spending and for projects, and nowhere whole, the two together are it.

    Both must be of one fund and classification; where a nature has several amounts, which of them belong together is not known.
    """
    if asked.portion is not None or asked.table is not None or asked.item in PORTION_OF:
        return found
    if any(reading.first.portion in ("total", None) for reading in found):
        return found
    alike: dict[tuple[object, ...], dict[Portion | None, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    for reading in found:
        cell = reading.first
        kind = (cell.fund, cell.classification, cell.code or cell.item, cell.measure, cell.about_year, cell.unit in MONEY_UNITS)
        alike[kind][cell.portion].append(reading)
    both = [of_kind for of_kind in alike.values() if all(len({one.value for one in of_kind[nature]}) == 1 for nature in NATURES)]
    chosen = [[of_kind[nature][0] for nature in NATURES] for of_kind in both]
    return [*(Reading(tuple(cell for one in parts for cell in one.cells), name_rank=parts[0].name_rank) for parts in chosen), *found]


def _ordered(asked: Item, found: list[Reading]) -> tuple[Reading, ...]:
    """Best first, equal ones joined as twins."""
    ranked = sorted(found, key=lambda reading: _rank(asked, reading))
    out: list[Reading] = []
    for reading in ranked:
        for at, known in enumerate(out):
            about_one = (known.first.about_year, known.first.measure) == (reading.first.about_year, reading.first.measure)
            if about_one and same_amount(known, reading):  # printed again
                out[at] = replace(known, twins=(*known.twins, *reading.cells))
                break
        else:
            out.append(reading)
    return tuple(out)


def _rank(asked: Item, reading: Reading) -> tuple[object, ...]:
    cell = reading.first
    all_of_it = asked.fund is None and asked.item in TOTALS and asked.affiliate is None
    return (
        # the three public expenses are first those of their own form
        asked.item in (THREE_PUBLIC, *PARTS_OF[THREE_PUBLIC])
        and asked.fund is None
        and asked.portion is None
        and cell.classification != "three_public",
        cell.fund not in ("all", None) if all_of_it else False,  # all that is spent is that of all funds, whatever the row is called
        _name_rank(asked, reading),
        cell.classification is None,
        _FUND_ORDER.index(cell.fund),
        0 if asked.code is not None else len(cell.code or ""),  # a parent that bears the same name as its child stands for both
        _PORTION_ORDER.index(cell.portion),
        cell.flow == "income" and asked.flow != "income",
        _CLASSIFICATION_ORDER.index(cell.classification) if cell.classification in _CLASSIFICATION_ORDER else len(_CLASSIFICATION_ORDER),
        cell.table_position,
        cell.row,
    )


def _name_rank(asked: Item, reading: Reading) -> int:
    """The rank of the name; what was spent in a year is the year's own spending, not the total with what is carried over, unless the
    question says the word of that total's row."""
    cell = reading.first
    if cell.kind == "final" and asked.item in SPENDING_TOTALS and cell.item in SPENDING_TOTALS:
        return -1 if bare(cell.row_label) in bare(asked.said) else len(SPENDING_TOTALS) - SPENDING_TOTALS.index(cell.item)
    return reading.name_rank


def same_amount(one: Reading, other: Reading) -> bool:
    """Whether two readings agree as far as their printing allows (half of the last printed digit of the coarser)."""
    if one.is_money != other.is_money:
        return False
    step = max(sum((cell.step for cell in one.cells), Decimal(0)), sum((cell.step for cell in other.cells), Decimal(0)))
    return abs(one.value - other.value) <= step / 2
