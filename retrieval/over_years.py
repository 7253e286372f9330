"""Answers about change: growth and difference between years, trends, and the span between the highest and the lowest.

A change that the disclosure itself states is given as stated; else it is computed from the two years' figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.agencies import Agency
from retrieval.answer import Point, Step, Value
from retrieval.changes_stated import stated_change
from retrieval.draft import Draft, told_together
from retrieval.figures import Reading, Stated
from retrieval.lookups import label
from retrieval.pairing import listed, paired
from retrieval.places import Desk, Fact, Place
from retrieval.plan import Asked, Plan
from retrieval.wording import KIND_NAMES, SPENT, money, percent, say, sentences, shown, value_of, what, when


def change(desk: Desk, plan: Plan) -> Draft | None:
    """How a figure changed between two years: as the disclosure says it, else from its two figures."""
    if plan.order is not None:
        return spread(desk, plan)
    if len(plan.items) > 1:
        return told_together([change(desk, replace(plan, items=(asked,))) for asked in plan.items])
    ends = two_years(desk, plan)
    if ends is None:
        return None
    later, earlier, stated = ends
    if stated is not None and later is None:
        return _as_stated(desk, plan, stated)
    if later is None or earlier is None:
        return None
    now, then = paired(later.readings, earlier.readings)
    gap = now.value - then.value
    rate = percent(abs(gap) / abs(then.value)) if then.value else None
    place = later.place
    parts = (
        (_named_year(plan, place, now), value_of(now, plan.unit)),
        (_named_year(plan, earlier.place, then), value_of(then, plan.unit)),
    )
    fields = {
        "who": place.agency.name,
        "when": when(place),
        "what": what(later.asked, now),
        "year": earlier.place.year,
        "parts": listed(parts),
    }
    direction = "same" if gap == 0 else "increase" if gap > 0 else "decrease"
    unit = plan.unit or now.unit
    amount = money(abs(gap), unit, None if plan.unit or now.unit != then.unit else max(now.places, then.places))
    if plan.operation == "growth":
        if rate is None:
            return Draft(
                say("computed", "no_base", who=place.agency.name, year=earlier.place.year, what=what(later.asked, now)), (), (now, then)
            )
        text = say("computed", f"growth_{direction}", percent=shown(rate), **fields)
        return Draft(text, (rate, amount, *(part for _, part in parts)), (now, then), steps=(Step("growth", rate, parts),))
    text = say("computed", f"change_{direction}", amount=shown(amount), **fields)
    values = (amount, *((rate,) if rate else ()), *(part for _, part in parts))
    if plan.wants_change:  # 各多少，变化多少: the two figures come first
        values = (*values[-2:], *values[:-2])
        text = say("computed", "trend", who=place.agency.name, what=fields["what"], parts=listed(parts)) + text
    return Draft(text, values, (now, then), steps=(Step("difference", amount, parts),))


def _named_year(plan: Plan, place: Place, reading: Reading) -> str:
    """2025年; 2025年执行数 for what a budget prints as spent in the year before; with the kind where two kinds are compared."""
    if plan.extra:
        return f"{place.year}年{KIND_NAMES[place.kind]}"
    spent = place.disclosure.year != place.year and place.kind == "budget" and reading.stated is None and reading.first.measure == "final"
    return f"{place.year}年{SPENT if spent else ''}"


def two_years(desk: Desk, plan: Plan) -> tuple[Fact | None, Fact | None, tuple[Stated, ...] | None] | None:
    """The later and the earlier figure of a plan's first thing, and what the later disclosure's prose says of the change."""
    if not plan.agencies:
        return None
    agency = desk.directory[plan.agencies[0]]
    asked = plan.items[0]
    years = plan.years or desk.years_of(plan, agency)
    if not years:
        return None
    last = years[-1]
    first = years[0] if len(years) > 1 else last - 1
    if plan.extra:
        return _of_kinds(desk, plan, asked, agency)
    kind = plan.kind or ("budget" if agency.find(last, "budget") else "final")
    own = [place for place in desk.places(agency, last, kind) if place.year == last]
    stated = stated_change(desk, asked, own[0]) if own and first == last - 1 and not plan.wants_change else ()
    later = next((fact for place in own if (fact := desk.find(asked, place)).readings), None)
    earlier = _earlier(desk, plan, asked, later.place, first) if later is not None else None
    if stated and not _contradicts(stated, later, earlier):
        return None, None, stated
    return None if later is None else (later, earlier, None)


def _contradicts(stated: Sequence[Stated], later: Fact | None, earlier: Fact | None) -> bool:
    """Whether both years stand in tables, and moved the other way than the prose says (增加 misprinted for 减少)."""
    if later is None or earlier is None or later.first.stated is not None or earlier.first.stated is not None:
        return False
    now, then = paired(later.readings, earlier.readings)
    told = next((one for one in stated if one.change in ("increase", "decrease") and one.amount is not None), None)
    gap = now.value - then.value
    return told is not None and told.amount == abs(gap) != 0 and (gap > 0) != (told.change == "increase")


def _of_kinds(desk: Desk, plan: Plan, asked: Asked, agency: Agency) -> tuple[Fact | None, Fact | None, None] | None:
    """The figures of two years, each from the disclosure of the kind named for it (Plan.extra)."""
    found: list[Fact] = []
    for year, kind in sorted(plan.extra, reverse=True):
        own = agency.find(int(year), "budget" if kind == "budget" else "final")
        fact = next((f for one in own if (f := desk.find(asked, Place(agency, one, int(year)))).readings), None)
        if fact is None:
            return None
        found.append(fact)
    return found[0], found[1], None


def _earlier(desk: Desk, plan: Plan, asked: Asked, later: Place, year: int) -> Fact | None:
    """The earlier year's figure: from its own disclosure of the same kind, else from the later one's column for it."""
    for one in later.agency.find(year, later.kind):
        fact = desk.find(asked, Place(later.agency, one, year))
        if fact.readings:
            return fact
    if year == (later.disclosure.year or 0) - 1:
        fact = desk.find(asked, Place(later.agency, later.disclosure, year, None, True))
        if fact.readings:
            return fact
    return None


def _as_stated(desk: Desk, plan: Plan, stated: tuple[Stated, ...]) -> Draft | None:
    amount = next((one for one in stated if one.amount is not None and one.measure != "change_rate"), None)
    rate = next((one for one in stated if one.unit == "%"), None)
    direction = next((one.change for one in stated if one.change), None)
    wanted = rate if plan.operation == "growth" else amount
    if direction is None or (wanted is None and direction != "same"):
        return None
    one = stated[0]
    readings = tuple(Reading((), stated=each) for each in (amount, rate) if each is not None)
    values = [value_of(reading, plan.unit if reading.is_money else None) for reading in readings]
    told = _change_words(values, direction)
    if plan.operation == "growth":
        values.reverse()
    text = say(
        "computed",
        f"stated_{direction}",
        who=one.agency,
        when=f"{one.year}年{KIND_NAMES[one.kind]}",
        what=what(plan.items[0]),
        amount=told,
    )
    return Draft(text, tuple(values), readings or (Reading((), stated=one),), route="narrative")


def _change_words(values: Sequence[Value], direction: str) -> str:
    verbs = sentences()["verbs"]
    amounts = [f"{verbs[direction]}{shown(value)}" for value in values if value.unit != "%"]
    rates = [f"{verbs[f'{direction}_rate']}{shown(value)}" for value in values if value.unit == "%"]
    return "，".join(amounts + rates)


def spread(desk: Desk, plan: Plan) -> Draft | None:
    """The highest year (or agency) against the lowest."""
    facts = series(desk, plan)
    if len(facts) < 2:
        return None
    ordered = sorted(facts, key=lambda fact: fact.first.value)
    low, high = ordered[0], ordered[-1]
    unit = plan.unit or high.first.unit
    value = money(high.first.value - low.first.value, unit, None if plan.unit else max(high.first.places, low.first.places))
    agencies = {fact.place.agency.agency_id for fact in facts}
    years = {fact.place.year for fact in facts}
    text = say(
        "computed",
        "spread",
        who=high.place.agency.name if len(agencies) == 1 else "",
        what=what(high.asked, high.first),
        most=label(high, agencies, years),
        most_amount=shown(value_of(high.first, plan.unit)),
        least=label(low, agencies, years),
        least_amount=shown(value_of(low.first, plan.unit)),
        amount=shown(value),
    )
    values = (value, *(value_of(fact.first, plan.unit) for fact in facts))
    parts = (
        (label(high, agencies, years), value_of(high.first, plan.unit)),
        (label(low, agencies, years), value_of(low.first, plan.unit)),
    )
    return Draft(
        text, values, tuple(fact.first for fact in facts), steps=(Step("difference", value, parts),), chart=_chart(facts, plan)
    )


def trend(desk: Desk, plan: Plan) -> Draft | None:
    """One thing over the years; where only one is published, how it changed against the year before."""
    facts = series(desk, plan)
    if len(facts) < 2 and len(plan.agencies) == 1 and (changed := change(desk, replace(plan, operation="difference"))) is not None:
        return changed
    if not facts:
        return None
    agencies, years = {fact.place.agency.agency_id for fact in facts}, {fact.place.year for fact in facts}
    parts = "，".join(f"{label(fact, agencies, years)}{shown(value_of(fact.first, plan.unit))}" for fact in facts)
    text = say(
        "computed",
        "trend",
        who=facts[0].place.agency.name,
        what=f"{KIND_NAMES[facts[0].place.kind]}{what(facts[0].asked, facts[0].first)}",
        parts=parts,
    )
    return Draft(
        text, tuple(value_of(fact.first, plan.unit) for fact in facts), tuple(fact.first for fact in facts), chart=_chart(facts, plan)
    )


def series(desk: Desk, plan: Plan) -> list[Fact]:
    """The figure of each year (or agency) of one kind, from that year's own disclosure where there is one."""
    asked = plan.items[0]
    found: list[Fact] = []
    for agency_id in plan.agencies:
        agency = desk.directory[agency_id]
        kind = plan.kind or ("budget" if agency.years("budget") else "final")
        years = plan.years or agency.years(kind)
        for year in years:
            places = [place for place in desk.places(agency, year, kind) if place.year == year]
            fact = next((fact for place in places if (fact := desk.find(asked, place)).readings), None)
            if fact is not None:
                found.append(fact)
    return found


def _chart(facts: Sequence[Fact], plan: Plan) -> tuple[Point, ...]:
    agencies, years = {fact.place.agency.agency_id for fact in facts}, {fact.place.year for fact in facts}
    unit = plan.unit or facts[0].first.unit
    return tuple(Point(label(fact, agencies, years), value_of(fact.first, unit)) for fact in facts)
