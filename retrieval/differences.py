"""By how much two things, kinds, agencies or years differ. All arithmetic is in Decimal, on figures in 元.

A computed value is shown with its parts, so that it can be followed. Two figures are set against each other only where they
are about the same money: the same table first, else the same fund.
"""

from __future__ import annotations

from retrieval.answer import Step
from retrieval.draft import Draft
from retrieval.figures import Reading
from retrieval.lookups import both_kinds
from retrieval.over_years import change
from retrieval.pairing import fact_of, first_fact, listed, paired
from retrieval.places import Desk, Fact
from retrieval.plan import Plan
from retrieval.wording import money, say, shown, value_of, what, when


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
        found = [fact for agency in plan.agencies if (fact := fact_of(desk, plan, plan.items[0], agency)) is not None]
        if len(found) != 2:
            return None
        one, two = found
        return (one.place.agency.name, one.first, one), (two.place.agency.name, two.first, two)
    if len(plan.items) != 2:
        return None
    one, two = first_fact(desk, plan, plan.items[0]), first_fact(desk, plan, plan.items[1])
    if one is None or two is None:
        return None
    upper, lower = paired(one.readings, two.readings)
    if upper == lower and plan.items[0].table == plan.items[1].table:
        return None
    names = (what(one.asked, upper), what(two.asked, lower))
    if names[0] == names[1]:
        names = (f"《{upper.first.table_title}》的{names[0]}", f"《{lower.first.table_title}》的{names[1]}")
    return (names[0], upper, one), (names[1], lower, two)
