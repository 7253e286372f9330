"""Answers that compute: sums, differences, shares, growth, trends. All arithmetic is in Decimal, on figures in 元.

A computed value is shown with its parts, so that it can be followed. Two figures are set against each other only where they
are about the same money: the same table first, else the same fund.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from retrieval.answer import Step, Value
from retrieval.draft import Draft
from retrieval.figures import Cell, Reading
from retrieval.lexicon import general_terms
from retrieval.lookups import both_kinds
from retrieval.over_years import change, series
from retrieval.pairing import listed, paired, tables_of
from retrieval.places import ALIKE, Desk, Fact, likeness
from retrieval.plan import Asked, Plan
from retrieval.rank_series import one_unit, ranked_facts
from retrieval.reading import bare, chinese_number
from retrieval.readings import INCOME_TOTALS, SPENDING_TOTALS, stated_rank
from retrieval.wording import KIND_NAMES, money, percent, say, shown, value_of, what, when
from store.vocabulary import vocabulary

TIMES = "倍"
_EACH = re.compile(r"分别|各(?:自|是|花|占|安排)?(?:多少|几|占)")
_CARS = ("公务用车购置费", "公务用车运行维护费")
PARTS_OF: dict[str, tuple[str, ...]] = {
    "三公经费": ("因公出国（境）费用", "公务接待费", "公务用车购置及运行维护费", *_CARS),
    "公务用车购置及运行维护费": _CARS,
    "基本支出": ("人员经费", "公用经费"),
}
_NUMBER_OF_AGENCIES = re.compile(r"([两三四五六七八九十\d]{1,3})[个家](?:单位|部门|机构)")
PERSONS = frozenset(("人", "名", "个", "位"))
ROUNDING = Decimal("0.06")  # percentage points: shares are printed with one or two decimals, now and then cut instead of rounded


def add(desk: Desk, plan: Plan) -> Draft | None:
    """The sum of named things of one disclosure."""
    facts = [fact for asked in plan.items if (fact := _one(desk, plan, asked)) is not None]
    missing = [asked for asked in plan.items if all(fact.asked != asked for fact in facts)]
    if len(facts) < 2 or not all(_may_be_missing(plan, asked) for asked in missing):
        return None
    facts = _apart(facts)
    for whole in facts:
        for part in facts:
            if part is not whole and is_part_of(part.first, whole.first):
                return _contained_item(whole, part, plan)
    readings = _alike([fact.readings for fact in facts])
    total = sum((reading.value for reading in readings), Decimal(0))
    unit = plan.unit or readings[0].unit
    value = money(total, unit, None if plan.unit else max(reading.places for reading in readings))
    parts = _parts(facts, readings, plan.unit)
    place = facts[0].place
    names = "、".join(name for name, _ in parts)
    text = say("computed", "sum", who=place.agency.name, when=when(place), what=names, amount=shown(value), parts=_added(parts))
    return Draft(text, (value, *(part for _, part in parts)), tuple(readings), steps=(Step("sum", value, parts),))


def _may_be_missing(plan: Plan, asked: Asked) -> bool:
    """Whether `asked` is only a part of one word (五险一金): forms leave out what an agency doesn't pay."""
    return any(term.kind == "several" and term.word in plan.text and asked.item in term.names for term in general_terms().values())


def _apart(facts: list[Fact]) -> list[Fact]:
    """Each thing once: an item named twice, or a child of another item named, is not added again."""
    kept: list[Fact] = []
    for fact in facts:
        mine = {cell.figure_id for cell in fact.first.cells}
        if not any(mine & {cell.figure_id for cell in known.first.cells} for known in kept if mine):
            kept.append(fact)
    return kept


def is_part_of(part: Reading, whole: Reading) -> bool:
    """Whether the forms say that one figure is a part of the other: by code, by label path, or by what the items are."""
    if part.stated is not None or whole.stated is not None or part.value > whole.value:
        return False
    one, all_ = part.first, whole.first
    if all_.item in (*SPENDING_TOTALS, *INCOME_TOTALS):
        return one.item not in (*SPENDING_TOTALS, *INCOME_TOTALS) and one.flow in (all_.flow, None)
    if any(len(child) > len(parent) and child.startswith(parent) for child in _codes(one) for parent in _codes(all_)):
        return True
    if one.item in PARTS_OF.get(all_.item, ()):
        return True
    labels = [bare(label) for label in one.row_path[:-1]]
    return one.table_id == all_.table_id and bare(all_.row_label) in labels if all_.row_label else False


def _codes(cell: Cell) -> set[str]:
    """The codes that the cell prints, or that its item bears in the classification."""
    if cell.code is not None:
        return {cell.code}
    return {code.code for code in vocabulary().codes_by_name.get(cell.item, ())}


def _contained_item(whole: Fact, part: Fact, plan: Plan) -> Draft:
    amount, inner = value_of(whole.first, plan.unit), value_of(part.first, plan.unit)
    text = say(
        "computed",
        "contained_item",
        who=whole.place.agency.name,
        when=when(whole.place),
        whole=what(whole.asked, whole.first),
        part=what(part.asked, part.first),
        amount=shown(amount),
        part_amount=shown(inner),
    )
    return Draft(text, (amount, inner), (whole.first, part.first))


def add_years(desk: Desk, plan: Plan) -> Draft | None:
    """The sum of one thing over several years of one kind."""
    facts = series(desk, plan)
    if len(facts) < 2 or (len(plan.years) > len(facts) and not plan.agencies):
        return None
    total = sum((fact.first.value for fact in facts), Decimal(0))
    value = money(total, plan.unit or facts[0].first.unit)
    parts = tuple((f"{fact.place.year}年", value_of(fact.first, plan.unit)) for fact in facts)
    place = facts[0].place
    text = say(
        "computed",
        "sum_years",
        who=place.agency.name,
        kind=KIND_NAMES[place.kind],
        what=what(facts[0].asked, facts[0].first),
        years="、".join(name for name, _ in parts),
        amount=shown(value),
        parts=_added(parts),
    )
    return Draft(text, (value, *(part for _, part in parts)), tuple(fact.first for fact in facts), steps=(Step("sum", value, parts),))


def add_agencies(desk: Desk, plan: Plan) -> Draft | None:
    """The sum over agencies; units that a department's figures include are not added to it."""
    asked = plan.items[0]
    facts = (
        [fact for agency in plan.agencies if (fact := _of_agency(desk, plan, asked, agency)) is not None]
        if plan.agencies
        else ranked_facts(desk, plan)
    )
    said = next((chinese_number(number) for number in _NUMBER_OF_AGENCIES.findall(plan.text)), None)
    if len(facts) < max(len(plan.agencies), 2) or (not plan.agencies and said is not None and said != len(facts)):
        return None
    for whole in facts:
        for part in facts:
            if part is not whole and part.first.value <= whole.first.value and desk.includes(whole.place, part.place.agency):
                return _contained(whole, part, plan)
    if len({fact.place.kind for fact in facts}) > 1:
        return None
    total = sum((fact.first.value for fact in facts), Decimal(0))
    plan = replace(plan, unit=plan.unit or one_unit(facts))
    parts = tuple((fact.place.agency.name, value_of(fact.first, plan.unit)) for fact in facts)
    unit = plan.unit or facts[0].first.unit
    value = money(total, unit)
    text = say(
        "computed",
        "sum_agencies",
        when=when(facts[0].place),
        what=what(asked, facts[0].first),
        amount=shown(value),
        parts=_added(parts),
    )
    return Draft(text, (value, *(part for _, part in parts)), tuple(fact.first for fact in facts), steps=(Step("sum", value, parts),))


def _contained(whole: Fact, part: Fact, plan: Plan) -> Draft:
    amount, inner = value_of(whole.first, plan.unit), value_of(part.first, plan.unit)
    text = say(
        "computed",
        "contained",
        whole=whole.place.agency.name,
        part=part.place.agency.name,
        when=when(whole.place),
        what=what(whole.asked, whole.first),
        amount=shown(amount),
        part_amount=shown(inner),
    )
    return Draft(text, (amount, inner), (whole.first, part.first))


def per_head(desk: Desk, plan: Plan) -> Draft | None:
    """A figure divided by a number of persons that the question names and the disclosure states."""
    if plan.base is None or not plan.items:
        return None
    fact = _one(desk, plan, plan.items[0])
    if fact is None:
        return None
    said = bare(plan.base.said)
    heads = [one for one in desk.shelf.stated(fact.place.disclosure.disclosure_id) if one.unit in PERSONS and one.number > 0]
    best = max(heads, key=lambda one: likeness(bare(one.quote), said), default=None)
    if best is None or likeness(bare(best.quote), said) < ALIKE:
        return None
    count = Reading((), stated=best)
    value = money(fact.first.value / best.number, plan.unit or fact.first.unit, 2)
    parts = ((what(fact.asked, fact.first), value_of(fact.first, plan.unit)), (plan.base.said, value_of(count)))
    text = say(
        "computed",
        "per_head",
        who=fact.place.agency.name,
        when=when(fact.place),
        what=what(fact.asked, fact.first),
        amount=shown(value),
        parts=_divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (fact.first, count), steps=(Step("per_head", value, parts),), route="both")


def share(desk: Desk, plan: Plan) -> Draft | None:
    """A part of a whole in percent, with two decimals."""
    if plan.over == "kinds":
        return execution(desk, plan)
    if plan.base is not None and plan.base.measure == "count":
        return per_head(desk, plan)
    if not plan.items or plan.base is None:
        return None
    asked, *others = plan.items
    if plan.over is None and len(plan.years) > 1 and not others:
        return _told_together([share(desk, replace(plan, years=(year,))) for year in plan.years])
    if others:
        return _shares(desk, plan) if _EACH.search(plan.text) else _share_of_sum(desk, plan, plan.base)
    part, whole = _one(desk, plan, asked), _one(desk, plan, plan.base)
    if part is None or whole is None:
        return None
    upper, lower = paired(part.readings, _whole_readings(whole))
    if lower.value == 0:
        return None
    place = part.place
    if "倍" in plan.text:
        return _multiple(plan, part, whole, upper, lower)
    value = percent(upper.value / lower.value)
    printed = _printed_share(desk, part, value)
    parts = ((what(part.asked, upper), value_of(upper, plan.unit)), (what(whole.asked, lower), value_of(lower, plan.unit)))
    text = say(
        "computed",
        "share",
        who=place.agency.name,
        when=when(place),
        part=parts[0][0],
        whole=parts[1][0],
        percent=shown(value),
        parts=_divided(parts),
    )
    if printed is not None and value_of(printed) != value:
        value = value_of(printed)
        text = say(
            "computed",
            "share_printed",
            who=place.agency.name,
            when=when(place),
            part=parts[0][0],
            whole=parts[1][0],
            percent=shown(value),
            parts=listed(parts),
        )
    readings = (upper, lower) if printed is None else (upper, lower, printed)
    return Draft(text, (value, parts[0][1], parts[1][1]), readings, steps=(Step("share", value, parts),))


def _shares(desk: Desk, plan: Plan) -> Draft | None:
    """The share of each of several things in one whole."""
    return _told_together([share(desk, replace(plan, items=(asked,))) for asked in plan.items])


def _told_together(found: Sequence[Draft | None]) -> Draft | None:
    """Several answers as one; None if any is missing: half an answer misleads."""
    told = [draft for draft in found if draft is not None]
    if len(told) < len(found):
        return None
    readings = tuple(dict.fromkeys(reading for draft in told for reading in draft.readings))
    values = (*(draft.values[0] for draft in told), *(value for draft in told for value in draft.values[1:]))
    return Draft("".join(draft.text for draft in told), values, readings, steps=tuple(step for draft in told for step in draft.steps))


def _share_of_sum(desk: Desk, plan: Plan, base: Asked) -> Draft | None:
    """Several named things together in percent of a whole."""
    added, whole = add(desk, replace(plan, operation="sum", unit=None)), _one(desk, plan, base)
    if added is None or not added.steps or whole is None:
        return None
    total = sum((reading.value for reading in added.readings), Decimal(0))
    lower = next((r for r in _whole_readings(whole) if r.fund == added.readings[0].fund), _whole_readings(whole)[0])
    if lower.value == 0:
        return None
    value = percent(total / lower.value)
    names = "、".join(name for name, _ in added.steps[0].parts)
    parts = ((names, added.steps[0].result), (what(whole.asked, lower), value_of(lower, plan.unit)))
    text = say(
        "computed",
        "share",
        who=whole.place.agency.name,
        when=when(whole.place),
        part=names,
        whole=parts[1][0],
        percent=shown(value),
        parts=_divided(parts),
    )
    steps = (*added.steps, Step("share", value, parts))
    return Draft(text, (value, added.values[0], parts[1][1]), (*added.readings, lower), steps=steps)


def _multiple(plan: Plan, part: Fact, whole: Fact, upper: Reading, lower: Reading) -> Draft:
    """How many times one figure is the other."""
    value = Value((upper.value / lower.value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), TIMES)
    parts = ((what(part.asked, upper), value_of(upper, plan.unit)), (what(whole.asked, lower), value_of(lower, plan.unit)))
    text = say(
        "computed",
        "multiple",
        who=part.place.agency.name,
        when=when(part.place),
        part=parts[0][0],
        whole=parts[1][0],
        amount=shown(value),
        parts=_divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (upper, lower), steps=(Step("share", value, parts),))


def _whole_readings(whole: Fact) -> Sequence[Reading]:
    """The readings of a whole: all income or spending is that of all funds, unless a fund is named."""
    if whole.asked.item not in (*INCOME_TOTALS, *SPENDING_TOTALS) or whole.asked.fund is not None:
        return whole.readings
    return [reading for reading in whole.readings if reading.fund in ("all", None)] or whole.readings


def _printed_share(desk: Desk, part: Fact, value: Value) -> Reading | None:
    """The percentage that the prose prints for this part, if it is this one but for rounding."""
    for one in desk.shelf.stated(part.place.disclosure.disclosure_id):
        if (
            one.measure == "share"
            and one.unit == "%"
            and stated_rank(part.asked, one) == 0
            and abs(one.number - value.amount) <= ROUNDING
        ):
            return Reading((), stated=one)
    return None


def execution(desk: Desk, plan: Plan) -> Draft | None:
    """决算数 ÷ 预算数."""
    facts = both_kinds(desk, plan, plan.items[0])
    if facts is None:
        return None
    budget, final = facts
    planned, spent = paired(budget.readings, final.readings)
    if planned.value == 0:
        return None
    value = percent(spent.value / planned.value)
    parts = (("决算数", value_of(spent, plan.unit)), ("预算数", value_of(planned, plan.unit)))
    text = say(
        "computed",
        "execution",
        who=budget.place.agency.name,
        year=final.place.year,
        what=what(final.asked, spent),
        percent=shown(value),
        parts=_divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (spent, planned), steps=(Step("share", value, parts),))


def difference(desk: Desk, plan: Plan) -> Draft | None:
    """By how much two things, kinds, agencies or years differ."""
    if plan.over == "years":
        return change(desk, plan)
    pair = _pair(desk, plan)
    if pair is None:
        return None
    (one_name, one, one_fact), (two_name, two, _) = pair
    gap = one.value - two.value
    unit = plan.unit or one.unit
    value = money(abs(gap), unit, None if plan.unit or one.unit != two.unit else max(one.places, two.places))
    parts = ((one_name, value_of(one, plan.unit)), (two_name, value_of(two, plan.unit)))
    who = "" if plan.over == "agencies" else one_fact.place.agency.name
    period = f"{one_fact.place.year}年" if plan.over == "kinds" else when(one_fact.place)
    name = "difference_none" if gap == 0 else "difference_more" if gap > 0 else "difference_less"
    suffix = "" if plan.over == "items" else f"的{what(one_fact.asked, one)}" if plan.over == "agencies" else ""
    first = f"{one_name}{suffix}" if plan.over != "kinds" else f"{what(one_fact.asked, one)}{one_name}"
    text = say(
        "computed",
        name,
        who=who,
        when=period,
        first=first,
        second=two_name,
        amount=shown(value if gap else parts[0][1]),
        parts=listed(parts),
    )
    return Draft(text, (value, *(part for _, part in parts)), (one, two), steps=(Step("difference", value, parts),))


def _pair(desk: Desk, plan: Plan) -> tuple[tuple[str, Reading, Fact], tuple[str, Reading, Fact]] | None:
    """The two figures that are set against each other, with how they are called."""
    if plan.over == "kinds":
        facts = both_kinds(desk, plan, plan.items[0])
        if facts is None:
            return None
        planned, spent = paired(facts[0].readings, facts[1].readings)
        return ("决算", spent, facts[1]), ("预算", planned, facts[0])
    if plan.over == "agencies":
        found = [fact for agency in plan.agencies if (fact := _of_agency(desk, plan, plan.items[0], agency)) is not None]
        if len(found) != 2:
            return None
        one, two = found
        return (one.place.agency.name, one.first, one), (two.place.agency.name, two.first, two)
    if len(plan.items) != 2:
        return None
    one, two = _one(desk, plan, plan.items[0]), _one(desk, plan, plan.items[1])
    if one is None or two is None:
        return None
    upper, lower = paired(one.readings, two.readings)
    if upper == lower and plan.items[0].table == plan.items[1].table:
        return None
    names = (what(one.asked, upper), what(two.asked, lower))
    if names[0] == names[1]:
        names = (f"《{upper.first.table_title}》的{names[0]}", f"《{lower.first.table_title}》的{names[1]}")
    return (names[0], upper, one), (names[1], lower, two)


def _one(desk: Desk, plan: Plan, asked: Asked) -> Fact | None:
    return next((fact for fact in desk.facts(plan, asked) if fact.readings), None)


def _of_agency(desk: Desk, plan: Plan, asked: Asked, agency_id: str) -> Fact | None:
    agency = desk.directory[agency_id]
    years = (
        plan.years if len(plan.years) == 1 else tuple(y for y in plan.years if agency.find(y, plan.kind)) or desk.years_of(plan, agency)
    )
    for year in years:
        for place in desk.places(agency, year, plan.kind):
            fact = desk.told(asked, place)
            if fact.readings:
                return fact
    return None


def _alike(groups: Sequence[Sequence[Reading]]) -> list[Reading]:
    """One reading of each thing, all from one table where there is such a table."""
    shared = set.intersection(*({table for reading in group for table in tables_of(reading)} for group in groups))
    first = groups[0][0]
    home = next((table for table in (cell.table_id for cell in (*first.cells, *first.twins)) if table in shared), None)
    if home is None:
        return [group[0] for group in groups]
    return [next(reading for reading in group if home in tables_of(reading)) for group in groups]


def _parts(facts: Sequence[Fact], readings: Sequence[Reading], unit: str | None) -> tuple[tuple[str, Value], ...]:
    return tuple((what(fact.asked, reading), value_of(reading, unit)) for fact, reading in zip(facts, readings, strict=True))


def _added(parts: Sequence[tuple[str, Value]]) -> str:
    return " + ".join(f"{name}{shown(value)}" for name, value in parts)


def _divided(parts: Sequence[tuple[str, Value]]) -> str:
    return " ÷ ".join(f"{name}{shown(value)}" for name, value in parts)
