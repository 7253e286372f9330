"""How many times one figure another is, where they are of two agencies, two years, or a budget and its final accounts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from retrieval.answer import Step, Value
from retrieval.draft import Draft
from retrieval.figures import Reading
from retrieval.lookups import both_kinds
from retrieval.over_years import two_years
from retrieval.pairing import divided, fact_of, paired
from retrieval.places import Desk, Fact
from retrieval.plan import Plan
from retrieval.wording import KIND_NAMES, say, shown, value_of, what, when

TIMES = "倍"
_BUDGET_FIRST = re.compile("预算.*决算")

Side = tuple[str, Fact]


def multiple(desk: Desk, plan: Plan) -> Draft | None:
    """The figure that the question names first, divided by the other: 教育局的差旅费是图书馆的几倍. None if either is missing or zero."""
    sides = _sides(desk, plan)
    if sides is None:
        return None
    (first, one), (second, two) = sides
    upper, lower = paired(one.readings, two.readings)
    if lower.value == 0:
        return None
    parts = ((first, value_of(upper, plan.unit)), (second, value_of(lower, plan.unit)))
    value = times(upper, lower)
    who = "" if plan.over == "agencies" else one.place.agency.name
    period = {"agencies": when(one.place), "years": KIND_NAMES[one.place.kind], "kinds": f"{one.place.year}年"}[plan.over or ""]
    text = say(
        "computed", "multiple_between", who=who, when=period, what=what(one.asked, upper), first=first, second=second,
        amount=shown(value), parts=divided(parts))
    return Draft(text, (value, parts[0][1], parts[1][1]), (upper, lower), steps=(Step("share", value, parts),))


def times(upper: Reading, lower: Reading) -> Value:
    """One figure in multiples of another, with two decimals."""
    return Value((upper.value / lower.value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), TIMES)


def _sides(desk: Desk, plan: Plan) -> tuple[Side, Side] | None:
    """The two figures with how they are called, in the question's order."""
    asked = plan.items[0]
    if plan.over == "kinds":
        facts = both_kinds(desk, plan, asked)
        if facts is None:
            return None
        planned, spent = (KIND_NAMES["budget"], facts[0]), (KIND_NAMES["final"], facts[1])
        return (planned, spent) if _BUDGET_FIRST.search(plan.text) else (spent, planned)
    if plan.over == "years":
        found = two_years(desk, replace(plan, wants_change=True))
        if found is None or found[0] is None or found[1] is None:
            return None
        later, earlier = ((f"{fact.place.year}年", fact) for fact in found[:2] if fact is not None)
        return (earlier, later) if _stands_first(earlier[1].place.year, later[1].place.year, plan.text) else (later, earlier)
    for kind in (plan.kind,) if plan.kind is not None else ("budget", "final"):
        facts = [fact_of(desk, replace(plan, kind=kind), asked, agency) for agency in plan.agencies]
        one, two = facts if len(facts) == 2 else (None, None)
        if one is not None and two is not None and one.place.year == two.place.year:
            return (one.place.agency.name, one), (two.place.agency.name, two)
    return None


def _stands_first(earlier: int, later: int, text: str) -> bool:
    """Whether the earlier year is named before the later one."""
    places = [text.find(str(year)) if str(year) in text else text.find(f"{year % 100}年") for year in (earlier, later)]
    return 0 <= places[0] < places[1]
