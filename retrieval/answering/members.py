"""The members of a series: the parts of a whole, projects, budget units, classes, sources — each with its printed figure.

All are taken from one column of one table, so that nothing is counted twice: never a total or a parent among its own children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS, Cell, Reading
from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC, VEHICLES
from retrieval.figures.places import GOAL_TOTALS, Desk, Place, goal_of, is_goal_table
from retrieval.figures.readings import PORTION_OF, addends, in_section, named_for
from retrieval.names.labels import CATEGORY, content_words, likeness
from retrieval.question.expression import Item, Over
from retrieval.words.cues import load
from retrieval.words.folding import bare
from store.values import Fund, Measure

NEARLY_ALL = Decimal("0.9")
BOUGHT = frozenset(PARTS_OF["政府采购"])
_THREE_PUBLIC_PARTS = frozenset(PARTS_OF[THREE_PUBLIC])
_PRINTED = load("prose.toml")["members"]
_PROJECT_TABLE = re.compile(_PRINTED["project_table"])
_NO_PROJECT = re.compile(_PRINTED["no_project"])
_NARROW: tuple[Fund, ...] = ("government_fund", "state_capital")  # funds that pay little of what an agency spends
_NO_NAME = re.compile(_PRINTED["no_name"])


def members(desk: Desk, item: Item | None, over: Over, place: Place) -> list[tuple[str, Reading]]:
    """The members with their names, in print order; [] where the disclosure prints none."""
    cells = desk.shelf.cells(place.disclosure.disclosure_id)
    if item is not None and item.figure is not None and (under := _under_pointed(cells, item.figure)):
        return [(cell.row_label or name_of(cell), Reading((cell,))) for cell in under]
    own: Measure = "budget" if place.kind == "budget" else "final"
    usable = [
        cell
        for cell in cells
        if (cell.about_year or place.year) == place.year and cell.measure in (own, None) and cell.amount is not None and cell.item
    ]
    if item is not None and item.table is not None:
        usable = [cell for cell in usable if bare(cell.table_title) == bare(item.table)] or usable
    if item is not None and item.affiliate is not None and over != "units":
        usable = list(dict.fromkeys((*named_for(item.affiliate, usable), *in_section(item.affiliate, usable))))
    found = _members(desk, item, over, place, usable)
    of_one = over == "projects" and item is not None and item.classification == "project"
    if item is not None and (of_one or (over == "parts" and not found)) and (told := _told_below(desk, item, place, own)):
        return told
    of_table = item is not None and item.item is None and item.table is not None
    if over == "rows" or of_table or (over == "units" and all(cell.classification == "project" for cell in found)):
        return [(name_of(cell), Reading((cell,))) for cell in found]
    if item is not None and over == "parts" and (detail := _detailed(desk, item, place, usable)):
        return [(max(cell.row_path, key=len), Reading((cell,))) for cell in detail]
    by_part: dict[tuple[str | None, str], list[Cell]] = defaultdict(list)
    for cell in found:
        by_part[_key(cell)].append(cell)
    return [(name_of(part[0]), Reading(addends(part))) for part in by_part.values()]


def is_category(item: Item) -> bool:
    """Whether a thing is a category of projects (特定目标类), and no one project of it."""
    return item.under is None and item.item not in PORTION_OF and CATEGORY.match(bare(item.item or "")) is not None


def _told_below(desk: Desk, item: Item, place: Place, measure: Measure) -> list[tuple[str, Reading]]:
    """The parts that one passage of the prose tells a thing is made of, where they come to nearly all of it."""
    stated = [
        one
        for one in desk.shelf.stated(place.disclosure.disclosure_id)
        if one.amount is not None and one.change is None and one.measure == measure and (one.about_year or place.year) == place.year
    ]
    for whole in stated:
        if whole.item not in item.names:
            continue
        below = [one for one in stated if one.value and one.passage_id == whole.passage_id and one.context[-1:] == (whole.item,)]
        if len(below) > 1 and whole.value * NEARLY_ALL <= sum(one.value for one in below) <= whole.value:
            return [(one.item, Reading((), stated=one)) for one in below]
    return []


def _under_pointed(cells: Sequence[Cell], figure: str) -> list[Cell]:
    """The rows right under a cell that was pointed at, in its column; under a total, all rows that have none under them."""
    cell = next((one for one in cells if one.figure_id == figure), None)
    if cell is None:
        return []
    column = [one for one in cells if one.table_id == cell.table_id and one.column_index == cell.column_index and one is not cell]
    if cell.role == "total":
        parents = {one.row_path[:-1] for one in column}
        return [one for one in column if one.role != "total" and one.row_path not in parents]
    return [one for one in column if one.row_path[:-1] == cell.row_path]


def _members(desk: Desk, item: Item | None, over: Over, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    fund = item.fund if item is not None else None
    if over == "rows" and item is not None:
        return _without_sums(_rows(usable, item))
    if item is not None and over in ("parts", "projects") and is_category(item):
        return _below_item(desk, item, place, usable) or _rows(usable, item)  # 特定目标类: the projects of that category
    if over == "projects":
        inner = _below_item(desk, item, place, usable) if item is not None and item.classification == "project" else []
        return inner or _projects(usable, item)  # 专项经费下面的子项目, else all
    if over == "goods":
        bought = [cell for cell in usable if (cell.form or "").endswith("procurement") or "采购" in cell.table_title]
        rows = _best_column([cell for cell in bought if cell.role != "total" and not _NO_NAME.search(cell.row_label)], item)
        return [cell for cell in rows if bare(name_of(cell)) not in BOUGHT] or rows  # what is bought, rather than its kinds
    if over == "units":
        return _units(usable, place, item)
    if over == "sections":
        return _sections(usable, item)
    if over == "items":
        coded = [cell for cell in usable if _is_item(cell) and cell.role != "total"]
        if item is not None and PORTION_OF.get(item.item or "") == "project":
            coded = [cell for cell in coded if cell.portion == "project"]  # what basic spending goes to is no answer
        narrow = item is not None and item.item is not None and item.item not in (*SPENDING_TOTALS, *INCOME_TOTALS)
        if item is not None and narrow and (below := _below_item(desk, item, place, usable)):
            return below
        return _best_column(coded, item) or ([] if item is not None and item.item in PORTION_OF else _sections(usable, item))
    if item is None or item.item is None:
        rows = [] if item is None or item.table is None else [cell for cell in usable if cell.role == "leaf"]
        return _sections(usable, item) or _best_column(rows, item)
    if item.item == THREE_PUBLIC:
        parts = [cell for cell in usable if cell.classification == "three_public" and cell.item in _THREE_PUBLIC_PARTS]
        return _without_parts(_best_column(parts, item))
    if item.item == "项目支出" and (projects := _projects(usable, item)):
        return projects
    if item.item in INCOME_TOTALS or (item.flow == "income" and item.item in (*INCOME_TOTALS, *SPENDING_TOTALS)):
        pool = [cell for cell in usable if cell.classification == "source" and cell.flow == "income" and len(cell.row_path) <= 2]
        top = [cell for cell in pool if len(cell.row_path) == 1] or pool
        return _best_column(top, item)
    if item.item in SPENDING_TOTALS and fund is None:
        return _sections(usable, item)
    if below := _below_item(desk, item, place, usable):
        return below
    portion = PORTION_OF.get(item.item)
    return _best_column([cell for cell in usable if _is_item(cell)], item, portion=portion) if portion is not None else []


def _is_item(cell: Cell) -> bool:
    """Whether a cell is of an item of the economic classification: 办公费."""
    return cell.classification == "economic_department" and cell.code is not None and len(cell.code) == 5


def _detailed(desk: Desk, item: Item, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    """The rows of the table that an item has of its own (会议费明细表), where they come to what it is."""
    pool = [cell for cell in usable if cell.role != "total" and cell.item not in item.names and _is_detail(item, cell.table_title)]
    rows = _best_column(pool, None)
    total = sum(cell.value for cell in rows)
    return rows if len(rows) > 1 and any(reading.value == total for reading in desk.find(item, place).readings) else []


def _is_detail(item: Item, title: str) -> bool:
    names = "|".join(re.escape(bare(name)) for name in item.names if len(name) > 2)
    return bool(names) and re.search(rf"(?:^|[年度])(?:{names})(?:支出|预算|经费)*明细", bare(title)) is not None


def _below_item(desk: Desk, item: Item, place: Place, usable: Sequence[Cell]) -> list[Cell]:
    printed = (reading for reading in desk.find(item, place).readings if reading.stated is None)
    below = (_below(parent, usable) for reading in printed for parent in (*reading.cells, *reading.twins))
    return next((children for children in below if children), [])


def _rows(usable: Sequence[Cell], item: Item) -> list[Cell]:
    """Every row that bears the item's words, in the table with most of them: the same project of several units, projects of one kind."""
    said = bare(item.said)
    words = tuple(content_words(said))
    rows = [cell for cell in usable if cell.role != "total"]
    pool = [cell for cell in rows if cell.item in item.names or likeness(said, words, bare(name_of(cell)))[0] >= 0.8]
    if item.table is not None:
        pool = [cell for cell in pool if bare(cell.table_title) == bare(item.table)] or pool
    if item.under is not None:
        stem = _stem(item.under) if bare(item.said) in _stem(item.under) else item.under  # 人才建设资金: also its （预留资金）
        pool = [cell for cell in pool if any(stem in (bare(label), _stem(bare(label))) for label in cell.row_path[:-1])] or pool
    groups: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in pool:
        groups[cell.table_id, cell.column_index].append(cell)

    def worth(cells: list[Cell]) -> tuple[object, ...]:
        return len(cells), cells[0].portion in ("total", None), cells[0].fund in ("all", None), -cells[0].column_index

    return max(groups.values(), key=worth, default=[])


def _stem(label: str) -> str:
    """A label without what is added in brackets at its end."""
    return re.sub(r"(?<=.)[（(][^（()）]*[）)]$", "", label)


def _projects(usable: Sequence[Cell], item: Item | None) -> list[Cell]:
    pool = [cell for cell in usable if cell.classification == "project" and cell.role != "total" and _is_project(cell)]
    pool = [cell for cell in pool if not is_goal_table(cell.table_title)] or [
        cell for cell in usable if _PROJECT_TABLE.search(cell.table_title) and cell.role != "total" and _is_project(cell)
    ]
    found = _best_column(pool, item)
    if found:
        return _without_sums(found)
    if item is not None and item.fund in _NARROW:
        return []  # forms of projects tell of all funds together
    return [cell for cell in usable if cell.item in GOAL_TOTALS and is_goal_table(cell.table_title)]


def _without_sums(cells: list[Cell]) -> list[Cell]:
    """The cells without those that are the sum of the ones right below them (通用项目 over its projects, where nothing but sums tells)."""
    tops: list[Cell] = []  # what stands below, by its own sums, nearest last
    sums: set[int] = set()
    for at in range(len(cells) - 1, -1, -1):
        total = Decimal(0)
        for many, below in enumerate(reversed(tops), 1):
            total += below.value
            if total >= cells[at].value:
                if many > 1 and total == cells[at].value:
                    sums.add(at)
                    del tops[-many:]
                break
        tops.append(cells[at])
    return [cell for at, cell in enumerate(cells) if at not in sums]


def _sections(usable: Sequence[Cell], item: Item | None) -> list[Cell]:
    pool = [cell for cell in usable if cell.classification == "functional" and cell.role != "total" and cell.item not in SPENDING_TOTALS]
    if item is not None and item.fund is not None:
        pool = [cell for cell in pool if cell.fund == item.fund] or pool
    coded = [cell for cell in pool if cell.code is not None and len(cell.code) == 3]
    return _best_column(coded or [cell for cell in pool if cell.code is None], item)


def _units(usable: Sequence[Cell], place: Place, item: Item | None) -> list[Cell]:
    """The rows of budget units: each once; the agency's own row stays, as it is one of them (本级)."""
    names = {bare(name) for name in place.agency.names}
    rows = [cell for cell in usable if cell.classification == "affiliate" and cell.role != "total"]
    parents = {bare(label) for cell in rows for label in cell.row_path[:-1]}
    rows = [cell for cell in rows if bare(cell.row_label) not in parents or cell.role == "leaf"]
    rows = [cell for cell in rows if not (bare(cell.row_label) in names and len(cell.row_path) == 1 and cell.role != "leaf")]
    if item is not None and item.item is not None and item.item not in (*INCOME_TOTALS, *SPENDING_TOTALS):
        portion = PORTION_OF.get(item.item)
        totals = [cell for cell in rows if portion is not None and cell.portion == portion and cell.item in SPENDING_TOTALS]
        own = [cell for cell in rows if cell.item in item.names or cell in totals]
        each = _rows(usable, item) if not own else []
        unlike = len({bare(cell.row_label) for cell in each}) > 1  # several projects of like names, or rows below none, are no units
        if unlike and (len({cell.row_path[:-1] for cell in each}) < len(each) or any(len(cell.row_path) < 2 for cell in each)):
            each = []
        return _best_column(own, item) or (each if len(each) > 1 else [])  # 各单位的同一个项目: a row for each
    whole = [cell for cell in rows if cell.item in (*INCOME_TOTALS, *SPENDING_TOTALS)]
    plain = [cell for cell in usable if cell.classification is None and len(cell.row_path) == 2 and bare(cell.row_path[0]) in names]
    return _best_column(whole or plain or rows, item)  # plain: 某委员会 › 某医院, told by where they stand


def _below(parent: Cell, usable: Sequence[Cell]) -> list[Cell]:
    """The children of a printed parent: by code, else by label path, in its table and column."""
    same = [cell for cell in usable if (cell.table_id, cell.column_index) == (parent.table_id, parent.column_index)]
    column = [cell for cell in same if cell.row != parent.row]
    by_code = [cell for cell in column if cell.code is not None and cell.code[:-2] == parent.code]
    if parent.code is not None and by_code:
        return by_code
    label = bare(parent.row_label)
    below = [cell for cell in column if label in [bare(part) for part in cell.row_path[:-1]]]
    direct = min((len(cell.row_path) for cell in below), default=0)
    return [cell for cell in below if len(cell.row_path) == direct]


def _without_parts(cells: list[Cell]) -> list[Cell]:
    """公务用车购置及运行维护费 is the sum of two rows below it: it stands for them where it is printed."""
    if not any(cell.item == VEHICLES and cell.value for cell in cells):
        return [cell for cell in cells if cell.item != VEHICLES]
    return [cell for cell in cells if cell.item not in PARTS_OF[VEHICLES]]


def _is_project(cell: Cell) -> bool:
    """Whether the cell is an amount of a project, not a target value beside it, a category or the line of the agency."""
    if _NO_PROJECT.search("".join(cell.column_path)) or _NO_NAME.search(cell.row_label) or cell.row_label == cell.agency:
        return False
    return not CATEGORY.match(bare(cell.row_label)) or len(cell.row_path) > 1


def _key(cell: Cell) -> tuple[str | None, str]:
    """What makes two cells one part: their code; for projects, and where there is no code, their label."""
    if cell.item in GOAL_TOTALS:
        return None, goal_of(cell.table_title)
    if cell.classification == "three_public":
        return None, cell.item
    if cell.classification in ("project", "affiliate") or _PROJECT_TABLE.search(cell.table_title):
        return None, name_of(cell) or cell.item
    return (cell.code, "") if cell.code is not None else (None, cell.row_label or cell.item)


def name_of(cell: Cell) -> str:
    """What a row is called: of a row that only says the kind of a project, the project above it."""
    if cell.item in GOAL_TOTALS:
        return goal_of(cell.table_title)
    if cell.classification == "project" and len(cell.row_path) > 1 and CATEGORY.match(bare(cell.row_label)):
        return cell.row_path[-2]
    return cell.row_label if cell.classification in ("project", "affiliate") else cell.item


def _each_once(cells: Sequence[Cell]) -> list[Cell]:
    """Of each item the cell of the whole agency: its total row, or the largest where units stand below each other."""
    best: dict[str, Cell] = {}
    for cell in cells:
        known = best.get(cell.item)
        if known is None or (cell.role == "total", cell.value) > (known.role == "total", known.value):
            best[cell.item] = cell
    return list(best.values())


def _best_column(pool: Sequence[Cell], item: Item | None, portion: str | None = None) -> list[Cell]:
    """The cells of the one column that shows the parts best: the whole of all funds, in the table with most parts."""
    three_public = item is not None and item.item == THREE_PUBLIC and any(cell.classification == "three_public" for cell in pool)
    groups: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in pool:
        sideways = cell.classification == "three_public" and three_public
        groups[cell.table_id, cell.measure if sideways else cell.column_index].append(cell)
    if not groups:
        return []
    if three_public:
        groups = {key: _each_once(cells) for key, cells in groups.items()}
    wanted_fund = item.fund if item is not None else None
    wanted_portion = portion or (item.portion if item is not None else None)
    wanted_flow = item.flow if item is not None else None

    def worth(cells: list[Cell]) -> tuple[object, ...]:
        cell = cells[0]
        right_portion = cell.portion in ("total", None) if wanted_portion is None else cell.portion == wanted_portion
        right_fund = cell.fund == wanted_fund if wanted_fund else cell.fund in ("all", None)
        right_flow = wanted_flow is None or cell.flow in (wanted_flow, None)
        many, place = len({_key(c) for c in cells}), (-cell.table_position, -cell.column_index)
        return right_flow, right_portion, right_fund, cell.portion == "basic", many, *place

    best = max(groups.values(), key=worth)
    other_fund = wanted_fund in _NARROW and best[0].fund != wanted_fund
    others = other_fund or (portion == "project" and best[0].portion in ("basic", "total", None))
    return [] if others else best  # parts of another whole
