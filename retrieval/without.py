"""A figure without a part of it: 教育局不算实验中学, 三公经费不含公务接待费. Only where the part is proved to be in the whole."""

from __future__ import annotations

from decimal import Decimal

from retrieval import lookups
from retrieval.answer import Step
from retrieval.draft import Draft
from retrieval.pairing import fact_of, first_fact
from retrieval.places import Desk, Fact
from retrieval.plan import Plan
from retrieval.sums import is_part_of
from retrieval.wording import money, say, shown, value_of, what, when


def lookup(desk: Desk, plan: Plan) -> Draft | None:
    """The figure asked for; without the parts that the question leaves out, where there are such parts in it."""
    reduced = _reduced(desk, plan) if len(plan.items) == 1 and (plan.without or plan.without_agencies) else None
    return reduced or lookups.lookup(desk, plan)


def _reduced(desk: Desk, plan: Plan) -> Draft | None:
    whole = first_fact(desk, plan, plan.items[0])
    if whole is None:
        return None
    parts = _parts(desk, plan, whole)
    if not parts:
        return None
    unit = plan.unit or whole.first.unit
    left = money(whole.first.value - sum((fact.first.value for _, fact in parts), Decimal(0)), unit)
    shown_parts = ((_name(whole), value_of(whole.first, plan.unit)), *((name, value_of(fact.first, plan.unit)) for name, fact in parts))
    text = say(
        "computed",
        "without",
        who=whole.place.agency.name,
        when=when(whole.place),
        what=_name(whole),
        without="、".join(name for name, _ in parts),
        amount=shown(left),
        parts=" - ".join(f"{name}{shown(value)}" for name, value in shown_parts),
    )
    readings = (whole.first, *(fact.first for _, fact in parts))
    return Draft(text, (left, *(value for _, value in shown_parts)), readings, steps=(Step("difference", left, shown_parts),))


def _parts(desk: Desk, plan: Plan, whole: Fact) -> list[tuple[str, Fact]]:
    """The parts left out that the whole is proved to hold, each with its name."""
    found: list[tuple[str, Fact]] = []
    for agency in plan.without_agencies:
        fact = fact_of(desk, plan, plan.items[0], agency)
        if fact is not None and fact.first.value <= whole.first.value and desk.includes(whole.place, fact.place.agency):
            found.append((fact.place.agency.name, fact))
    for asked in plan.without:
        fact = first_fact(desk, plan, asked)
        if fact is not None and is_part_of(fact.first, whole.first):
            found.append((_name(fact), fact))
    return found


def _name(fact: Fact) -> str:
    return what(fact.asked, fact.first)
