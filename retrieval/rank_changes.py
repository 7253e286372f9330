"""Which parts of an agency's spending (or income) grew or fell most between two years, from two disclosures of one kind."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from retrieval.answer import Step, Value
from retrieval.draft import Draft
from retrieval.figures import Reading
from retrieval.pairing import listed as told_as
from retrieval.places import Desk, Place
from retrieval.plan import Plan
from retrieval.ranking import chosen, counted, named, part_key, parts_of, verb_asked, ways_asked
from retrieval.wording import KIND_NAMES, money, percent, say, shown, value_of, when

_BY_RATE = re.compile(r"最[快慢]|幅|率|比例|百分")


def rank_changes(desk: Desk, plan: Plan) -> Draft | None:
    """The parts whose amounts changed most, by money or by rate; only parts that both years list are set against each other."""
    if plan.within is None or len(plan.agencies) != 1:
        return None
    still = replace(plan, wants_change=False, years=plan.years[-1:])
    against_budget = "预算" in plan.text and "决算" in plan.text
    now = parts_of(desk, replace(still, kind="final") if against_budget else still)
    if now is None:
        return None
    place, cells, name = now
    year = place.year if against_budget else plan.years[0] if len(plan.years) > 1 else place.year - 1
    kind = "budget" if against_budget else place.kind
    then = parts_of(desk, replace(still, years=(year,), kind=kind))
    if then is None or then[0].year != year or then[0].kind != kind:
        return None
    earlier = {part_key(reading.first): reading for reading in chosen(then[1], still)}
    pairs = [(reading, earlier[part_key(reading.first)]) for reading in chosen(cells, still) if part_key(reading.first) in earlier]
    ends = (KIND_NAMES["final"], KIND_NAMES["budget"]) if against_budget else (f"{place.year}年", f"{year}年")
    return _told(plan, place, name, ends, pairs)


def _told(plan: Plan, place: Place, name: str, ends: tuple[str, str], pairs: list[tuple[Reading, Reading]]) -> Draft | None:
    by_rate = bool(_BY_RATE.search(plan.text))
    moved = [(one, two) for one, two in pairs if one.value != two.value and (one.value > two.value) in ways_asked(plan)]
    moved = [pair for pair in moved if not by_rate or pair[1].value]
    if not pairs:
        return None
    fields = {"who": place.agency.name, "when": when(place), "within": name, "against": ends[1], "verb": verb_asked(plan)}
    in_both = (say("assumed", "in_both", count=len(pairs)),)
    if not moved:
        few = tuple(reading for pair in pairs[:3] for reading in pair)
        return Draft(say("ranked", "changed_none", **fields), (), few, assumptions=in_both)
    moved.sort(key=lambda pair: _size(*pair, by_rate=by_rate), reverse=plan.order != "least")
    top = moved[: plan.limit or 1]
    values: list[Value] = []
    steps: list[Step] = []
    told: list[str] = []
    for one, two in top:
        unit = plan.unit or one.unit
        gap = money(abs(one.value - two.value), unit, None if plan.unit or one.unit != two.unit else max(one.places, two.places))
        parts = ((ends[0], value_of(one, plan.unit)), (ends[1], value_of(two, plan.unit)))
        amount = percent(abs(one.value - two.value) / abs(two.value)) if by_rate else gap
        values.append(amount)
        steps.append(Step("growth" if by_rate else "difference", amount, parts, named(one)))
        way = say("verbs", ("increase" if one.value > two.value else "decrease") + ("_rate" if by_rate else ""))
        told.append(f"{named(one)}{way}{shown(amount)}（{told_as(parts)}）")
    text = say("ranked", f"changed_{plan.order or 'most'}", count=counted(len(top)), parts="，".join(told), **fields)
    readings = tuple(reading for pair in top for reading in pair)
    values += [value for step in steps for _, value in step.parts]
    return Draft(text, tuple(values), readings, steps=tuple(steps), assumptions=in_both)


def _size(one: Reading, two: Reading, *, by_rate: bool) -> Decimal:
    gap = abs(one.value - two.value)
    return gap / abs(two.value) if by_rate else gap
