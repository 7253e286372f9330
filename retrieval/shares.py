"""Shares of a whole, rates of execution, multiples and amounts per head: one figure divided by another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.answer import Step, Value
from retrieval.compositions import composed
from retrieval.draft import Draft, told_together
from retrieval.figures import INCOME_TOTALS, SPENDING_TOTALS, Reading, Stated
from retrieval.lookups import both_kinds, one
from retrieval.multiples import TIMES, multiple, times
from retrieval.pairing import divided, first_fact, listed, paired
from retrieval.places import ALIKE, Desk, Fact, likeness
from retrieval.plan import Asked, Plan
from retrieval.reading import ASKS_TIMES, bare
from retrieval.stated import stated_rank
from retrieval.sums import add
from retrieval.wording import money, percent, say, shown, value_of, what, when

COMPLETION = "完成率"  # what statements of a rate of completion end with
_EACH = re.compile(r"分别|各(?:自|是|花|占|安排)?(?:多少|几|占)")
PERSONS = frozenset(("人", "名", "个", "位"))
ROUNDING = Decimal("0.06")  # percentage points: shares are printed with one or two decimals, now and then cut instead of rounded


def per_head(desk: Desk, plan: Plan) -> Draft | None:
    """A figure divided by a number of persons that the question names and the disclosure states."""
    if plan.base is None or not plan.items:
        return None
    fact = first_fact(desk, plan, plan.items[0])
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
        parts=divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (fact.first, count), steps=(Step("per_head", value, parts),), route="both")


def share(desk: Desk, plan: Plan) -> Draft | None:
    """A part of a whole in percent, with two decimals."""
    if plan.over is not None and plan.base is None and ASKS_TIMES.search(plan.text):
        return multiple(desk, plan)
    if plan.over == "kinds":
        return told_together([execution(desk, replace(plan, items=(asked,))) for asked in plan.items])
    if plan.base is not None and plan.base.measure == "count":
        return per_head(desk, plan)
    if not plan.items or plan.base is None:
        return None
    asked, *others = plan.items
    if plan.over is None and len(plan.years) > 1 and not others:
        return told_together([share(desk, replace(plan, years=(year,))) for year in plan.years])
    if others:
        return _shares(desk, plan) if _EACH.search(plan.text) else _share_of_sum(desk, plan, plan.base)
    part, whole = first_fact(desk, plan, asked), first_fact(desk, plan, plan.base)
    if whole is None and plan.base.item is None:
        return nowhere(part, plan.base)
    if part is None or whole is None:
        return _of_composed(desk, plan, asked, plan.base, part, whole)
    upper, lower = paired(part.readings, _whole_readings(whole))
    if lower.value == 0 or (asked == plan.base and upper == lower):
        return None
    place = part.place
    if ASKS_TIMES.search(plan.text) or TIMES in plan.text:
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
        parts=divided(parts),
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


def nowhere(part: Fact | None, whole: Asked) -> Draft | None:
    """Says that the whole is not printed, where the part is."""
    if part is None:
        return None
    text = say("declined", "unknown_item", who=part.place.agency.name, when=when(part.place), named=whole.said)
    return Draft(text, route="decline")


def _shares(desk: Desk, plan: Plan) -> Draft | None:
    """The share of each of several things in one whole."""
    return told_together([share(desk, replace(plan, items=(asked,))) for asked in plan.items])


def _share_of_sum(desk: Desk, plan: Plan, base: Asked) -> Draft | None:
    """Several named things together in percent of a whole."""
    added, whole = add(desk, replace(plan, operation="sum", unit=None)), first_fact(desk, plan, base)
    if added is None or not added.steps or whole is None:
        return None
    lower = next((r for r in _whole_readings(whole) if r.fund == added.readings[0].fund), _whole_readings(whole)[0])
    names = "、".join(name for name, _ in added.steps[0].parts)
    below = one(replace(whole, readings=(lower,)), plan.unit)
    return _quotient(whole, (names, added), (what(whole.asked, lower), below))


def _of_composed(desk: Desk, plan: Plan, asked: Asked, base: Asked, part: Fact | None, whole: Fact | None) -> Draft | None:
    """A share one of whose terms is not printed, but made of printed items (人头费占总支出)."""
    above = one(replace(part, readings=part.readings[:1]), plan.unit) if part is not None else composed(desk, plan, asked)
    below = one(replace(whole, readings=_whole_readings(whole)[:1]), plan.unit) if whole is not None else composed(desk, plan, base)
    there = part or whole or next((fact for fact in desk.facts(plan, asked)), None)
    if above is None or below is None or there is None:
        return None
    name = what(whole.asked, below.readings[0]) if whole is not None else base.item or base.said
    return _quotient(there, (asked.item or asked.said, above), (name, below))


def _quotient(fact: Fact, above: tuple[str, Draft], below: tuple[str, Draft]) -> Draft | None:
    """One drafted amount in percent of another, with the sums that either is."""
    (names, added), (whole, lower) = above, below
    total, base = (sum((reading.value for reading in one.readings), Decimal(0)) for one in (added, lower))
    if base == 0:
        return None
    value = percent(total / base)
    parts = ((names, added.values[0]), (whole, lower.values[0]))
    text = say(
        "computed",
        "share",
        who=fact.place.agency.name,
        when=when(fact.place),
        part=names,
        whole=parts[1][0],
        percent=shown(value),
        parts=divided(parts),
    )
    steps = (*added.steps, *lower.steps, Step("share", value, parts))
    return Draft(
        text,
        (value, added.values[0], lower.values[0]),
        (*added.readings, *lower.readings),
        steps=steps,
        assumptions=(*added.assumptions, *lower.assumptions),
    )


def _multiple(plan: Plan, part: Fact, whole: Fact, upper: Reading, lower: Reading) -> Draft:
    """How many times one figure is the other."""
    value = times(upper, lower)
    parts = ((what(part.asked, upper), value_of(upper, plan.unit)), (what(whole.asked, lower), value_of(lower, plan.unit)))
    text = say(
        "computed",
        "multiple",
        who=part.place.agency.name,
        when=when(part.place),
        part=parts[0][0],
        whole=parts[1][0],
        amount=shown(value),
        parts=divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (upper, lower), steps=(Step("share", value, parts),))


def _whole_readings(whole: Fact) -> Sequence[Reading]:
    """The readings of a whole: all income or spending is that of all funds, unless a fund is named."""
    if whole.asked.item not in (*INCOME_TOTALS, *SPENDING_TOTALS) or whole.asked.fund is not None:
        return whole.readings
    return [reading for reading in whole.readings if reading.fund in ("all", None)] or whole.readings


def _printed_share(desk: Desk, part: Fact, value: Value) -> Reading | None:
    """The percentage that the prose prints for this part, if it is this one but for rounding."""
    for said in desk.shelf.stated(part.place.disclosure.disclosure_id):
        if (
            not part.asked.without
            and part.asked.affiliate is None
            and said.measure == "share"
            and said.unit == "%"
            and stated_rank(part.asked, said) == 0
            and abs(said.number - value.amount) <= ROUNDING
        ):
            return Reading((), stated=said)
    return None


def execution(desk: Desk, plan: Plan) -> Draft | None:
    """决算数 ÷ 预算数."""
    facts = both_kinds(desk, plan, plan.items[0])
    if facts is None:
        return _completed(desk, plan, plan.items[0])
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
        parts=divided(parts),
    )
    return Draft(text, (value, parts[0][1], parts[1][1]), (spent, planned), steps=(Step("share", value, parts),))


def _completed(desk: Desk, plan: Plan, asked: Asked) -> Draft | None:
    """The rate of completion that final accounts print in words (完成年初预算的95.45%), where no budget is here to compare with."""
    if asked.without or asked.portion is not None or asked.affiliate is not None or asked.fund not in (None, "fiscal", "general_public"):
        return None
    for agency_id in plan.agencies:
        agency = desk.directory[agency_id]
        for year in desk.years_of(plan, agency):
            for place in desk.places(agency, year, "final")[:1]:
                stated = desk.shelf.stated(place.disclosure.disclosure_id)
                told = [one for one in stated if one.unit == "%" and one.item.endswith(COMPLETION) and _is_completion_of(asked, one)]
                if told:
                    reading = Reading((), stated=told[0])
                    value = value_of(reading)
                    name = told[0].item.removesuffix(COMPLETION)
                    text = say("computed", "completed", who=agency.name, when=when(place), what=name, percent=shown(value))
                    return Draft(text, (value,), (reading,), route="narrative")
    return None


def _is_completion_of(asked: Asked, one: Stated) -> bool:
    name = one.item.removesuffix(COMPLETION)
    if asked.item in SPENDING_TOTALS:
        return name.endswith("支出") and one.fund in (asked.fund, "fiscal", "general_public") and not one.context and "拨款" in name
    return name in asked.names
