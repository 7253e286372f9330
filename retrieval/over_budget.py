"""Which items were overspent: their final figures above the budgeted ones, both as published for the year."""

from __future__ import annotations

from decimal import Decimal

from retrieval.answer import Step, Value
from retrieval.draft import Draft
from retrieval.figures import Reading
from retrieval.places import Desk, Place
from retrieval.plan import Asked, Plan
from retrieval.reading import in_numerals
from retrieval.readings import same_amount
from retrieval.wording import money, say, shown, value_of, when
from store.values import Classification, Portion

MOST_TOLD = 8
ECONOMIC: Classification = "economic_department"
BASIC: frozenset[Portion | None] = frozenset(("basic", "personnel", "running"))
SECTION = 5  # digits of a code: 款 of the economic classification, which has no parts


def over_budget(desk: Desk, plan: Plan) -> Draft | None:
    """The items of the economic classification that cost more than budgeted, the largest excess (元) first.

    Only figures about the same money are set against each other: same code, fund and portion. None where budget and final
    accounts of the year don't both print such items.
    """
    places = _both(desk, plan)
    if places is None:
        return None
    budget, final = places
    over: list[tuple[Decimal, Reading, Reading]] = []
    compared: list[Reading] = []
    for asked in _items(desk, final):
        spent = next((r for r in desk.find(asked, final).readings if _is_item(r)), None)
        planned = next((r for r in desk.find(asked, budget).readings if _is_item(r) and spent is not None and _alike(r, spent)), None)
        if spent is not None and planned is not None:
            compared += [spent, planned]
            if spent.value > planned.value and not same_amount(spent, planned):
                over.append((spent.value - planned.value, spent, planned))
    if not compared:
        return None
    who, year = final.agency.name, final.year
    table = compared[0].first.table_title
    if not over:
        return Draft(say("over_budget", "none", who=who, when=when(final), table=table), (), tuple(compared))
    over.sort(key=lambda one: -one[0])
    told: list[str] = []
    values: list[Value] = []
    steps: list[Step] = []
    for gap, spent, planned in over[:MOST_TOLD]:
        unit = plan.unit or spent.unit
        more, ends = money(gap, unit), (value_of(spent, unit), value_of(planned, unit))
        told.append(say("over_budget", "one", what=spent.first.item, gap=shown(more), final=shown(ends[0]), budget=shown(ends[1])))
        values += [more, *ends]
        steps.append(Step("difference", more, (("决算", ends[0]), ("预算", ends[1])), spent.first.item))
    most = say("over_budget", "most") if len(over) > MOST_TOLD else ""
    text = say("over_budget", "some", who=who, year=year, count=in_numerals(len(over)), table=table, most=most, parts="；".join(told))
    return Draft(text, tuple(values), tuple(r for _, spent, planned in over[:MOST_TOLD] for r in (spent, planned)), steps=tuple(steps))


def _both(desk: Desk, plan: Plan) -> tuple[Place, Place] | None:
    """The year's own budget and final accounts: of the year asked for, else of the latest year with both."""
    for agency_id in plan.agencies[:1]:
        agency = desk.directory[agency_id]
        for year in plan.years[-1:] or sorted(agency.years("final"), reverse=True):
            found = [place for kind in ("budget", "final") for place in desk.places(agency, year, kind)[:1] if place.is_own]
            if len(found) == 2:
                return found[0], found[1]
    return None


def _items(desk: Desk, place: Place) -> list[Asked]:
    """Each 款 that the final accounts print, in their order."""
    cells = desk.shelf.cells(place.disclosure.disclosure_id)
    coded = {c.code: c.item for c in cells if c.classification == ECONOMIC and c.code is not None and len(c.code) == SECTION}
    return [Asked(item, item, (item,), code=code, classification=ECONOMIC) for code, item in coded.items()]


def _is_item(reading: Reading) -> bool:
    return reading.stated is None and reading.is_money and reading.first.classification == ECONOMIC


def _alike(planned: Reading, spent: Reading) -> bool:
    """Whether both are about the same money; what an item costs in basic spending is one figure, however its column is headed."""
    portions = {planned.first.portion, spent.first.portion}
    return planned.fund == spent.fund and (len(portions) == 1 or portions <= BASIC)
