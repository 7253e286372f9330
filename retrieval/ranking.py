"""Lists and rankings of parts, and comparisons: never with a total or a parent among its own children.

The parts of a thing are taken from one table and one column, so that nothing is counted twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.answer import Point, Step, Value
from retrieval.clues import BY_ECONOMIC, BY_FUNCTION
from retrieval.conditions import meets
from retrieval.draft import Draft
from retrieval.figures import SPENDING_TOTALS, Cell, Reading
from retrieval.parts import PARTS_OF
from retrieval.places import GOAL_TOTALS, Desk, Place, goal_of, is_goal_table
from retrieval.plan import Asked, Plan
from retrieval.rank_series import PLACE, place_among, rank_growth, rank_series, rank_steps
from retrieval.reading import bare, in_numerals
from retrieval.readings import PORTION_OF, addends
from retrieval.sums import may_be_missing
from retrieval.wording import money, percent, say, shown, value_of, what, when
from store.values import Measure

MOST_LISTED = 40
_PROJECT_TABLE = re.compile(r"项目(?:支出|经费|资金)?(?:预算|决算|明细|情况)*表")
THREE_PUBLIC = "三公经费"
VEHICLES = "公务用车购置及运行维护费"
_SHARES = re.compile(r"占|比重|比例|百分")
GOALS = "绩效"  # how a question names the tables of performance targets
_THREE_PUBLIC_PARTS = frozenset(
    ("因公出国（境）费用", "公务接待费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费")
)
CLASSES, DEEPEST = 3, 7  # digits of a code of the functional classification: 类, 项
_DEPTH = {"functional": CLASSES, "economic_department": 5, "economic_government": 5}


def rank(desk: Desk, plan: Plan) -> Draft | None:
    """The largest or smallest of parts, agencies or years."""
    if plan.over == "agencies" and plan.wants_change:
        return rank_growth(desk, plan)
    if plan.over == "years" and plan.wants_change:
        return rank_steps(desk, plan)
    if plan.over in ("agencies", "years"):
        return place_among(desk, plan) if plan.wants_place else rank_series(desk, plan)
    if plan.wants_place:
        return _place_of(desk, plan)
    if plan.items:
        return _rank_named(desk, plan)
    found = parts_of(desk, plan)
    if found is None:
        return None
    place, cells, name = found
    picked = chosen(cells, plan)
    if plan.within == BY_FUNCTION and len(picked) < (plan.limit or 1) and (deeper := parts_of(desk, plan, DEEPEST)) is not None:
        place, cells, name = deeper  # all in one class: the items that it goes to are meant
        picked = chosen(cells, plan)
    if not picked and plan.wants_change:
        return None
    if not picked:
        return Draft(
            say("ranked", "none", who=place.agency.name, when=when(place), within=name),
            (),
            tuple(Reading((cell,)) for cell in cells[:3]),
        )
    if plan.wants_change:  # a column of changes: what rose is no answer to what fell
        picked = [r for r in picked if r.value and (r.value > 0) in ways_asked(plan)]
    ordered = sorted(picked, key=lambda r: abs(r.value) if plan.wants_change else r.value, reverse=plan.order != "least")
    if plan.order == "least" and not any(c.relation == "not_zero" for c in plan.conditions):
        ordered = [r for r in ordered if r.value != 0] or ordered
    count = plan.limit or (len(ordered) if _wants_all(plan) else 1)
    top = ordered[: min(count, MOST_LISTED)]
    values = tuple(value_of(reading, plan.unit) for reading in top)
    parts = "，".join(f"{named(reading)}{shown(value)}" for reading, value in zip(top, values, strict=True))
    fields = {"who": place.agency.name, "when": when(place), "within": name, "count": counted(len(top)), "parts": parts}
    if plan.wants_change:
        fields |= {"against": f"{place.year - 1}年", "verb": verb_asked(plan)}
    text = say("ranked", f"{'changed_' if plan.wants_change else ''}{plan.order or 'most'}", **fields)
    chart = tuple(Point(named(r), v) for r, v in zip(top, values, strict=True))
    if _SHARES.search(plan.text):
        whole = _whole_of(desk, plan, place, top)
        told = Draft(text + ("" if whole else say("ranked", "no_whole")), values, tuple(top), chart=chart)
        return told if whole is None else _with_shares(told, top, whole, plan)
    if len(top) > 1 and re.search("加起来|合计|总共|一共|之和|总和", plan.text):
        total = money(sum((reading.value for reading in top), Decimal(0)), plan.unit or top[0].unit)
        parts_ = tuple((named(reading), value) for reading, value in zip(top, values, strict=True))
        text += say("ranked", "together", amount=shown(total))
        return Draft(text, (total, *values), tuple(top), steps=(Step("sum", total, parts_),), chart=chart)
    return Draft(text, values, tuple(top), chart=chart)


def ways_asked(plan: Plan) -> tuple[bool, ...]:
    """Whether what grew is asked for, or what fell, or either."""
    return {"increase": (True,), "decrease": (False,)}.get(plan.direction or "", (True, False))


def verb_asked(plan: Plan) -> str:
    """增加, 减少, or 变化 where the question leaves the direction open."""
    return say("verbs", plan.direction or "same") or say("verbs", "change")


def _whole_of(desk: Desk, plan: Plan, place: Place, top: Sequence[Reading]) -> Reading | None:
    """The printed total of the column that the parts stand in: the row that is their named parent, else the table's total."""
    first = top[0].first
    column = [
        cell
        for cell in desk.shelf.cells(place.disclosure.disclosure_id)
        if cell.table_id == first.table_id and cell.column_index == first.column_index and cell.amount is not None
    ]
    parent = [cell for cell in column if first.code and cell.code and first.code != cell.code and first.code.startswith(cell.code)]
    parent = [cell for cell in parent if all(one.first.code and one.first.code.startswith(cell.code or "-") for one in top)]
    totals = [cell for cell in column if cell.role == "total"]
    is_named = plan.within is not None and plan.within.item is not None
    found = [cell for cell in (*(parent if is_named else ()), *totals) if cell.value > 0 and all(one.value <= cell.value for one in top)]
    return Reading((found[0],)) if found else None


def _with_shares(draft: Draft, top: Sequence[Reading], whole: Reading, plan: Plan) -> Draft:
    """Each part with its percentage of the whole behind it."""
    total = (whole.first.row_label or say("ranked", "total"), value_of(whole, plan.unit))
    shares = tuple(percent(one.value / whole.value) for one in top)
    steps = tuple(
        Step("share", value, ((named(one), value_of(one, plan.unit)), total)) for one, value in zip(top, shares, strict=True)
    )
    told = "，".join(f"{named(one)}{shown(value)}" for one, value in zip(top, shares, strict=True))
    text = draft.text + say("ranked", "shares", whole=total[0], amount=shown(total[1]), parts=told)
    return replace(draft, text=text, values=(*draft.values, *shares, total[1]), readings=(*draft.readings, whole), steps=steps)


def _place_of(desk: Desk, plan: Plan) -> Draft | None:
    """Which place one part takes among the parts of its whole."""
    asked = plan.items[0]
    for within in (plan.within, BY_FUNCTION) if plan.within == BY_ECONOMIC else (plan.within,):
        found = parts_of(desk, replace(plan, within=within))
        if found is None:
            continue
        place, cells, name = found
        ordered = sorted(chosen(cells, plan), key=lambda reading: reading.value, reverse=plan.order != "least")
        own = next((r for r in ordered if r.first.item in asked.names or (asked.code and r.first.code == asked.code)), None)
        if own is None:
            continue
        number = 1 + sum(1 for r in ordered if (r.value > own.value if plan.order != "least" else r.value < own.value))
        values = (value_of(own, plan.unit), Value(Decimal(number), PLACE), value_of(ordered[0], plan.unit))
        text = say(
            "ranked",
            f"place_{plan.order or 'most'}",
            where=f"{place.agency.name}{when(place)}{name}中",
            what=named(own),
            place=number,
            count=f"{len(ordered)}项",
            amount=shown(values[0]),
            first=named(ordered[0]),
            first_amount=shown(values[2]),
        )
        return Draft(text, values, tuple(dict.fromkeys((own, *ordered))))
    return None


def _rank_named(desk: Desk, plan: Plan) -> Draft | None:
    """The things named, in order of their figures."""
    there = {asked: fact for asked in plan.items for fact in list(desk.facts(plan, asked))[:1] if fact.readings}
    facts = list(there.values())
    if len(facts) < 2 or not all(asked in there or may_be_missing(plan, asked) for asked in plan.items):
        return None
    facts.sort(key=lambda fact: fact.first.value, reverse=plan.order != "least")
    values = tuple(value_of(fact.first, plan.unit) for fact in facts)
    names = [what(fact.asked, fact.first) for fact in facts]
    parts = "，".join(f"{name}{shown(value)}" for name, value in zip(names, values, strict=True))
    place = facts[0].place
    subject = f"{place.agency.name}{when(place)}"
    text = say("ranked", f"over_{plan.order or 'most'}", what=subject, first=names[0], amount=shown(values[0]), parts=parts)
    chart = tuple(Point(name, value) for name, value in zip(names, values, strict=True))
    return Draft(text, values, tuple(fact.first for fact in facts), chart=chart)


def _wants_all(plan: Plan) -> bool:
    return any(word in plan.text for word in ("排序", "从高到低", "从大到小", "排一下", "从低到高", "排名", "排行"))


def counted(number: int) -> str:
    """So many parts in words: 两项, 三项."""
    return ("两" if number == 2 else in_numerals(number)) + "项"


def named(reading: Reading) -> str:
    """How a part is called: a project by its label, all else by its item."""
    if reading.first.item in GOAL_TOTALS:
        return goal_of(reading.first.table_title)
    return reading.first.row_label if reading.first.classification in ("project", "affiliate") else reading.first.item


def list_parts(desk: Desk, plan: Plan) -> Draft | None:
    """All parts of something with their amounts, in print order; zeros are left out where non-zero ones are asked for."""
    found = parts_of(desk, plan)
    if found is None:
        return None
    place, cells, name = found
    picked = chosen(cells, plan)
    if not picked:
        return Draft(
            say("ranked", "none", who=place.agency.name, when=when(place), within=name),
            (),
            tuple(Reading((cell,)) for cell in cells[:3]),
        )
    if plan.within is not None and plan.within.classification == "project":
        picked = sorted(picked, key=lambda reading: -reading.value)
    shown_ = picked[:MOST_LISTED]
    values = tuple(value_of(reading, plan.unit) for reading in shown_)
    parts = "，".join(f"{named(reading)}{shown(value)}" for reading, value in zip(shown_, values, strict=True))
    text = say("ranked", "listed", who=place.agency.name, when=when(place), within=name, parts=parts)
    return Draft(text, values, tuple(shown_), chart=tuple(Point(named(r), v) for r, v in zip(shown_, values, strict=True)))


def chosen(cells: Sequence[Cell], plan: Plan) -> list[Reading]:
    """The parts that meet the conditions; rows that share a code are one part."""
    by_part: dict[tuple[str | None, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_part[part_key(cell)].append(cell)
    left_out = {name for asked in plan.without for name in asked.names}
    readings = [Reading(addends(part)) for part in by_part.values() if part[0].item not in left_out]
    kept = [reading for reading in readings if all(meets(reading.value, condition) for condition in plan.conditions)]
    return (
        kept
        if any(r.value == 0 for r in kept) and not plan.conditions and len(kept) <= 8
        else [r for r in kept if r.value != 0 or plan.conditions]
    )


def part_key(cell: Cell) -> tuple[str | None, str]:
    """What makes two cells one part: their code; for projects, and where there is no code, their label."""
    if cell.item in GOAL_TOTALS:
        return None, goal_of(cell.table_title)
    if cell.classification == "three_public":
        return None, cell.item
    if cell.classification == "project" or _PROJECT_TABLE.search(cell.table_title):
        return None, cell.row_label or cell.item
    return (cell.code, "") if cell.code is not None else (None, cell.row_label or cell.item)


def parts_of(desk: Desk, plan: Plan, depth: int = CLASSES) -> tuple[Place, list[Cell], str] | None:
    """The place, the parts and what they are parts of."""
    within = plan.within
    if within is None or not plan.agencies:
        return None
    agency = desk.directory[plan.agencies[0]]
    for year in desk.years_of(plan, agency):
        for place in desk.places(agency, year, plan.kind):
            cells = desk.shelf.cells(place.disclosure.disclosure_id)
            parts = _children(within, cells, place, desk, changes=plan.operation == "rank" and plan.wants_change, depth=depth)
            if plan.operation == "rank":
                parts = _without_parts(parts)
            if parts:
                return place, parts, _within_name(within) + _left_out(parts, plan)
    return None


def _left_out(parts: Sequence[Cell], plan: Plan) -> str:
    """Which of the parts the question leaves out, in words."""
    items = {cell.item for cell in parts}
    return "".join(say("computed", "less", parts=asked.item) for asked in plan.without if items & set(asked.names))


def _within_name(within: Asked) -> str:
    if within.item is not None:
        return within.item
    portion = {v: k for k, v in PORTION_OF.items()}.get(within.portion) if within.portion else None
    return f"{portion}的{within.said}" if portion else within.said


def _children(within: Asked, cells: Sequence[Cell], place: Place, desk: Desk, *, changes: bool = False, depth: int = CLASSES) -> list[Cell]:
    """The direct parts of `within`, all of one column of one table."""
    own: Measure = "budget" if place.kind == "budget" else "final"
    if changes:
        own = "change"
    usable = [
        cell
        for cell in cells
        if (cell.about_year or place.year) == place.year
        and cell.measure in ((own,) if changes else (own, None))
        and cell.amount is not None
        and cell.item
    ]
    if within.item == THREE_PUBLIC:
        parts = [cell for cell in usable if cell.classification == "three_public" and cell.item in _THREE_PUBLIC_PARTS]
        return _best_column(parts, within)
    if within.item is None:
        return _units(usable, place) if within.classification == "affiliate" else _by_class(within, usable, depth)
    fact = desk.find(within, place)
    for reading in fact.readings:
        if reading.stated is not None:
            continue
        for parent in (*reading.cells, *reading.twins):
            children = _below(parent, usable)
            if children:
                return children
    if within.item in PORTION_OF:
        return _by_class(Asked(within.said, None, classification="economic_department", portion=PORTION_OF[within.item]), usable)
    return []


def _units(usable: Sequence[Cell], place: Place) -> list[Cell]:
    """The rows of budget units below the agency: neither the agency's own row nor one that has others below it."""
    rows = [cell for cell in usable if cell.classification == "affiliate" and cell.role == "leaf"]
    rows = [cell for cell in rows if not any(bare(name).endswith(bare(cell.row_label).partition("（")[0]) for name in place.agency.names)]
    return _best_column(rows, Asked("所属单位"))


def _below(parent: Cell, usable: Sequence[Cell]) -> list[Cell]:
    """The children of a printed parent: by code, else by label path, in its table and column."""
    same = [cell for cell in usable if cell.table_id == parent.table_id]
    column = [cell for cell in same if cell.column_index == parent.column_index and cell.row != parent.row]
    if parent.code is not None:
        by_code = [cell for cell in column if cell.code is not None and cell.code[:-2] == parent.code]
        if by_code:
            return by_code
        # parts printed in other columns of the same table (人员经费 | 公用经费 side by side): the child's own whole
        by_row: dict[int, Cell] = {}
        for cell in same:
            if cell.code is not None and cell.code[:-2] == parent.code and cell.measure == parent.measure:
                by_row.setdefault(cell.row, cell)
        if by_row:
            return list(by_row.values())
    label_ = bare(parent.row_label)
    below = [cell for cell in column if label_ in [bare(part) for part in cell.row_path[:-1]]]
    direct = min((len(cell.row_path) for cell in below), default=0)
    return [cell for cell in below if len(cell.row_path) == direct]


def _by_class(within: Asked, usable: Sequence[Cell], functions: int = CLASSES) -> list[Cell]:
    """The parts of all spending (or income) by one classification, at its first level."""
    depth = _DEPTH.get(within.classification or "")
    pool = [
        cell
        for cell in usable
        if cell.classification == within.classification and cell.role != "total" and cell.item not in SPENDING_TOTALS
    ]
    if within.flow is not None:
        pool = [cell for cell in pool if cell.flow in (within.flow, None)]
    if within.classification == "project":
        goals = [cell for cell in usable if cell.item in GOAL_TOTALS and is_goal_table(cell.table_title)]
        pool = [cell for cell in pool if _is_project(cell) and not is_goal_table(cell.table_title)] or [
            cell for cell in usable if _PROJECT_TABLE.search(cell.table_title) and cell.role != "total" and _is_project(cell)
        ]
        if goals and (within.said.startswith(GOALS) or not pool):
            return goals
    if within.classification == "functional":
        coded = [cell for cell in pool if cell.code is not None and len(cell.code) == functions]
        pool = coded or [cell for cell in pool if cell.code is None]
    elif depth is not None:
        pool = [cell for cell in pool if cell.code is not None and len(cell.code) == depth]
    elif within.classification == "source":
        pool = [cell for cell in pool if len(cell.row_path) == 1]
    return _best_column(pool, within)


def _without_parts(cells: list[Cell]) -> list[Cell]:
    """公务用车购置及运行维护费 is the sum of two rows below it: it stands for them where it is printed."""
    if cells and cells[0].classification != "three_public":
        return cells
    if not any(cell.item == VEHICLES and cell.value for cell in cells):
        return [cell for cell in cells if cell.item != VEHICLES]
    return [cell for cell in cells if cell.item not in PARTS_OF[VEHICLES]]


def _each_once(cells: Sequence[Cell]) -> list[Cell]:
    """Of each item the cell of the whole agency: its total row, or the largest where units stand below each other."""
    best: dict[str, Cell] = {}
    for cell in cells:
        known = best.get(cell.item)
        if known is None or (cell.role == "total", cell.value) > (known.role == "total", known.value):
            best[cell.item] = cell
    return list(best.values())


def _is_project(cell: Cell) -> bool:
    """Whether the cell is an amount of a project, not a target value beside it or the line of the agency."""
    columns = "".join(cell.column_path)
    return (
        not re.search("指标|备注|分值|权重|说明|结转", columns)
        and not re.search("成本|合计|小计|总计", cell.row_label)
        and cell.row_label != cell.agency
    )


def _best_column(pool: Sequence[Cell], within: Asked) -> list[Cell]:
    """The cells of the one column that shows the parts best: the whole of all funds, in the table with most parts."""
    groups: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in pool:
        sideways = cell.classification == "three_public" and within.item == THREE_PUBLIC
        groups[cell.table_id, cell.measure if sideways else cell.column_index].append(cell)
    if not groups:
        return []
    if within.item == THREE_PUBLIC:
        groups = {key: _each_once(cells) for key, cells in groups.items()}

    def worth(cells: list[Cell]) -> tuple[object, ...]:
        cell = cells[0]
        portion = cell.portion in ("total", None) if within.portion is None else cell.portion == within.portion
        fund = cell.fund == within.fund if within.fund else cell.fund in ("all", None)
        return (portion, fund, cell.portion == "basic", len({c.item for c in cells}), -cell.table_position)

    return max(groups.values(), key=worth)
