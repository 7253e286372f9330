"""The members of a series: the parts of a whole, projects, budget units, classes, sources — each with its printed figure.

All are taken from one column of one table, so that nothing is counted twice: never a total or a parent among its own children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise, takewhile
from typing import TYPE_CHECKING

from retrieval.figures.cells import Cell, Reading
from retrieval.figures.parts import CARS, GOAL_TOTALS, INCOME_TOTALS, PARTS_OF, PORTION_OF, SPENDING_TOTALS, THREE_PUBLIC, TOTALS, VEHICLES
from retrieval.figures.readings import addends, in_section, named_for
from retrieval.figures.things import CATEGORY, goal_of, is_goal_table
from retrieval.question.expression import Item, Over
from retrieval.words.folding import bare
from retrieval.words.forms import content_words, likeness
from retrieval.words.grammar import load
from store.values import Fund, Measure

if TYPE_CHECKING:
    from retrieval.figures.places import Desk, Place

ALIKE = 0.8  # likeness of a row's name to the words said from which it bears them
_PRINTED = load("prose.toml")["members"]
_PROJECT_TABLE = re.compile(_PRINTED["project_table"])
_NO_PROJECT = re.compile(_PRINTED["no_project"])
_OVER_PROJECTS = re.compile(_PRINTED["over_projects"])
_NO_NAME = re.compile(_PRINTED["no_name"])
_BOUGHT = PARTS_OF[_PRINTED["purchases"]["item"]]
_NARROW: tuple[Fund, ...] = ("government_fund", "state_capital")  # funds that pay little of what an agency spends


def members(desk: Desk, item: Item | None, over: Over, place: Place) -> list[tuple[str, Reading]]:
    """The members with their names, in print order; [] where the disclosure prints none."""
    cells = desk.shelf.cells(place.disclosure.disclosure_id)
    own: Measure = "budget" if place.kind == "budget" else "final"
    usable = [
        cell
        for cell in cells
        if (cell.about_year or place.year) == place.year and cell.measure in (own, None) and cell.amount is not None and cell.item
    ]
    item = item or Item("")
    if item.table is not None:
        usable = [cell for cell in usable if bare(cell.table_title) == bare(item.table)] or usable
    if item.affiliate is not None and over != "units":
        usable = list(dict.fromkeys((*named_for(item.affiliate, usable), *in_section(item.affiliate, usable))))
    pointed = _below_item(desk, item, place, usable) if item.figure is not None else []
    found = pointed or _members(desk, item, over, place, usable)
    of_table = item.item is None and item.table is not None
    if over == "rows" or of_table or (over == "units" and all(cell.classification == "project" for cell in found)):
        return [(name_of(cell), Reading((cell,))) for cell in found]
    by_part: dict[tuple[str | None, str], list[Cell]] = defaultdict(list)
    for cell in found:
        by_part[_key(cell)].append(cell)
    return [(name_of(part[0]), Reading(addends(part))) for part in by_part.values()]


def is_category(item: Item) -> bool:
    """Whether a thing is a category of projects (特定目标类), and no one project of it."""
    return item.under is None and item.item not in PORTION_OF and CATEGORY.match(bare(item.item or "")) is not None


def is_of_purchases(cell: Cell) -> bool:
    """Whether a cell stands in a form of what is bought."""
    return (cell.form or "").endswith("procurement") or _PRINTED["purchases"]["title"] in cell.table_title


def name_of(cell: Cell) -> str:
    """What a row is called: of a row that only says the kind of a project, the project above it."""
    if cell.item in GOAL_TOTALS:
        return goal_of(cell.table_title)
    if cell.classification == "project" and len(cell.row_path) > 1 and CATEGORY.match(bare(cell.row_label)):
        return cell.row_path[-2]
    return cell.row_label if cell.classification in ("project", "affiliate") else cell.item


def _key(cell: Cell) -> tuple[str | None, str]:
    """What makes two cells one part: their code; for projects, and where there is no code, their label."""
    if cell.item in GOAL_TOTALS or cell.classification in ("project", "affiliate") or _PROJECT_TABLE.search(cell.table_title):
        return None, name_of(cell) or cell.item
    if cell.code is not None:
        return cell.code, ""
    return None, cell.item if cell.classification == "three_public" else cell.row_label or cell.item


def _members(desk: Desk, item: Item, over: Over, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    """The cells of the members; of several cells with one name or code, all."""
    portion = PORTION_OF.get(item.item or "")
    match over:
        case "rows":
            return _without_sums(_rows(usable, item))
        case "parts" | "projects" if is_category(item):
            return _below_item(desk, item, place, usable) or _rows(usable, item)  # 特定目标类: the projects of that category
        case "projects":
            inner = _below_item(desk, item, place, usable) if item.classification == "project" else []
            return inner or _projects(usable, item)  # 专项经费下面的子项目, else all
        case "goods":
            bought = [cell for cell in usable if is_of_purchases(cell) and cell.role != "total" and not _NO_NAME.search(cell.row_label)]
            rows = _best_column(bought, item)
            return [cell for cell in rows if bare(name_of(cell)) not in _BOUGHT] or rows  # what is bought, rather than its kinds
        case "units":
            return _units(usable, place, item)
        case "items" if item.item in (None, *TOTALS, *PORTION_OF):
            coded = [cell for cell in usable if _is_item(cell) and cell.role != "total"]
            if portion == "project":
                coded = [cell for cell in coded if cell.portion == "project"]  # what basic spending goes to is no answer
            return _best_column(coded, item) or ([] if portion is not None else _sections(usable, item))
        case "sections":
            return _sections(usable, item)
        case _:
            return _parts(desk, item, place, usable)


def _parts(desk: Desk, item: Item, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    """What a thing is made of."""
    if item.item is None:
        return _sections(usable, item) or _best_column([cell for cell in usable if item.table is not None and cell.role == "leaf"], item)
    if item.item == THREE_PUBLIC:
        parts = [cell for cell in usable if cell.classification == "three_public" and cell.item in PARTS_OF[THREE_PUBLIC]]
        return _without_parts(_best_column(parts, item))
    portion = PORTION_OF.get(item.item)
    if portion == "project" and (projects := _projects(usable, item)):
        return projects
    if item.item in INCOME_TOTALS:
        pool = [cell for cell in usable if cell.classification == "source" and cell.flow == "income" and len(cell.row_path) <= 2]
        return _best_column([cell for cell in pool if len(cell.row_path) == 1] or pool, item)
    if item.item in SPENDING_TOTALS and item.fund is None:
        return _sections(usable, item)
    below = _below_item(desk, item, place, usable)
    return below or (_best_column([cell for cell in usable if _is_item(cell)], item, portion) if portion is not None else [])


def _is_item(cell: Cell) -> bool:
    """Whether a cell is of an item of the economic classification: 办公费."""
    return cell.classification == "economic_department" and cell.code is not None and len(cell.code) == 5


def _below_item(desk: Desk, item: Item, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    """The children of a printed parent: by code, else by label path, in its table and column."""
    for parent in (cell for reading in desk.find(item, place).readings for cell in (*reading.cells, *reading.twins)):
        same = [cell for cell in usable if (cell.table_id, cell.column_index) == (parent.table_id, parent.column_index)]
        column = [cell for cell in same if cell.row != parent.row]
        by_code = [cell for cell in column if parent.code is not None and cell.code is not None and cell.code[:-2] == parent.code]
        label = bare(parent.row_label)
        below = [cell for cell in column if label in [bare(part) for part in cell.row_path[:-1]]]
        direct = min((len(cell.row_path) for cell in below), default=0)
        if children := by_code or [cell for cell in below if len(cell.row_path) == direct]:
            return children
    return []


def _rows(usable: Sequence[Cell], item: Item) -> list[Cell]:
    """Every row that bears the item's words, in the table with most of them: the same project of several units, projects of one kind."""
    said = bare(item.said)
    words = tuple(content_words(said))
    rows = [cell for cell in usable if cell.role != "total"]
    alike = [cell for cell in rows if likeness(said, words, bare(name_of(cell)))[0] >= ALIKE]
    pool = [cell for cell in rows if cell.item in item.names or cell in alike]
    if item.under is not None:
        stem = _stem(item.under) if said in _stem(item.under) else item.under  # 人才建设资金: also its （预留资金）
        under = [cell for cell in pool if any(stem in (bare(label), _stem(bare(label))) for label in cell.row_path[:-1])]
        pool = (alike if said != stem else []) or under or pool
    return _best_column(pool, item)


def _stem(label: str) -> str:
    """A label without what is added in brackets at its end."""
    return re.sub(r"(?<=.)[（(][^（()）]*[）)]$", "", label)


def _projects(usable: Sequence[Cell], item: Item) -> list[Cell]:
    """The projects, in the table that prints most of them; where there is none, the total of each form of goals."""
    rows = [cell for cell in usable if cell.role != "total" and _is_project(cell)]
    pool = [cell for cell in rows if cell.classification == "project" and not is_goal_table(cell.table_title)]
    if found := _best_column(pool or [cell for cell in rows if _PROJECT_TABLE.search(cell.table_title)], item):
        return [cell for cell in _without_sums(found) if not _OVER_PROJECTS.search(cell.row_label)]
    if item.fund in _NARROW:
        return []  # forms of goals tell of all funds together
    return [cell for cell in usable if cell.item in GOAL_TOTALS and is_goal_table(cell.table_title)]


def _is_project(cell: Cell) -> bool:
    """Whether the cell is an amount of a project, not a target value beside it, a category or the line of the agency."""
    if _NO_PROJECT.search("".join(cell.column_path)) or _NO_NAME.search(cell.row_label) or cell.row_label == cell.agency:
        return False
    return not CATEGORY.match(bare(cell.row_label)) or len(cell.row_path) > 1


def _without_sums(cells: list[Cell]) -> list[Cell]:
    """The cells without those that are the sum of the ones right below them (通用项目 over its projects, where nothing but sums tells), or
    stand over such a sum alone."""
    tops: list[Cell] = []  # what stands below, by its own sums, nearest last
    sums: set[Cell] = set()
    for cell in reversed(cells):
        beside = len(cell.row_path) - 1
        below = list(takewhile(lambda one, of=cell.row_path[:beside], at=beside: one.row_path[:at] == of, reversed(tops)))
        doubled = {two for one, two in pairwise(below) if two.value == one.value}  # each over the one thing that it holds
        for every in (below, [one for one in below if one not in doubled]):
            reached = list(accumulate(one.value for one in every))
            many = reached.index(cell.value) + 1 if cell.value in reached else 0
            if many > 1 or (many and every[0] in sums):
                last = below.index(every[many - 1]) + 1
                last += last < len(below) and below[last] in doubled
                sums |= {cell, *(one for one, two in pairwise(below[:last]) if every is not below and two in doubled)}
                del tops[-last:]
                break
        tops.append(cell)
    return [cell for cell in cells if cell not in sums]


def _without_parts(cells: list[Cell]) -> list[Cell]:
    """公务用车购置及运行维护费 is the sum of two rows below it: it stands for them where it is printed."""
    printed = any(cell.item == VEHICLES and cell.value for cell in cells)
    return [cell for cell in cells if cell.item not in (CARS if printed else (VEHICLES,))]


def _sections(usable: Sequence[Cell], item: Item) -> list[Cell]:
    """Functional classes, as they are coded, else as they are called."""
    pool = [cell for cell in usable if cell.classification == "functional" and cell.role != "total" and cell.item not in SPENDING_TOTALS]
    coded = [cell for cell in pool if cell.code is not None and len(cell.code) == 3]
    return _best_column(coded or [cell for cell in pool if cell.code is None], item)


def _units(usable: Sequence[Cell], place: Place, item: Item) -> list[Cell]:
    """The rows of budget units: each once; the agency's own row stays, as it is one of them (本级)."""
    names = {bare(name) for name in place.agency.names}
    rows = [cell for cell in usable if cell.classification == "affiliate" and cell.role != "total"]
    parents = {bare(label) for cell in rows for label in cell.row_path[:-1]}
    parents |= {bare(cell.row_label) for cell in rows if bare(cell.row_label) in names and len(cell.row_path) == 1}
    rows = [cell for cell in rows if bare(cell.row_label) not in parents or cell.role == "leaf"]
    if item.item not in (None, *TOTALS):
        portion = PORTION_OF.get(item.item or "")
        own = [
            cell for cell in rows
            if cell.item in item.names or (portion is not None and cell.portion == portion and cell.item in SPENDING_TOTALS)
        ]  # fmt: skip
        each = _rows(usable, item) if not own else []
        return _best_column(own, item) or (each if len(each) > 1 else [])  # 各单位的同一个项目: a row for each
    whole = [cell for cell in rows if cell.item in TOTALS]
    plain = [cell for cell in usable if cell.classification is None and len(cell.row_path) == 2 and bare(cell.row_path[0]) in names]
    return _best_column(whole or plain or rows, item)  # plain: 某委员会 › 某医院, told by where they stand


def _best_column(pool: Sequence[Cell], item: Item, portion: str | None = None) -> list[Cell]:
    """The cells of the one column that shows the parts best: the whole of all funds, in the table with most parts."""
    groups: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in pool:
        sideways = cell.classification == "three_public" and item.item == THREE_PUBLIC  # a column for each
        groups[cell.table_id, cell.measure if sideways else cell.column_index].append(cell)
    if not groups:
        return []
    wanted = portion or item.portion

    def worth(cells: list[Cell]) -> tuple[object, ...]:
        cell = cells[0]
        right_portion = cell.portion in ("total", None) if wanted is None else cell.portion == wanted
        right_fund = cell.fund == item.fund if item.fund else cell.fund in ("all", None)
        right_flow = item.flow is None or cell.flow in (item.flow, None)
        many, place = len({_key(c) for c in cells}), (-cell.table_position, -cell.column_index)
        return right_flow, right_portion, right_fund, cell.portion == "basic", many, *place

    best = max(groups.values(), key=worth)
    of_others = item.fund in _NARROW and best[0].fund != item.fund
    return [] if of_others or (portion == "project" and best[0].portion in ("basic", "total", None)) else best  # parts of another whole
