"""A figure without a part of it: 教育局不算实验中学, 三公经费不含公务接待费. Only where the part is proved to be in the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from retrieval import lookups
from retrieval.answer import Step
from retrieval.draft import Draft
from retrieval.pairing import fact_of, first_fact
from retrieval.parts import is_addend, is_part_of
from retrieval.places import Desk, Fact
from retrieval.plan import Plan
from retrieval.wording import money, say, shown, value_of, what, when


def lookup(desk: Desk, plan: Plan) -> Draft | None:
    """The figure asked for; without the parts that the question leaves out, where there are such parts in it."""
    if len(plan.items) != 1 or not (plan.without or plan.without_agencies):
        return lookups.lookup(desk, plan)
    whole = first_fact(desk, plan, plan.items[0])
    parts = _parts(desk, plan, whole) if whole is not None else {}
    found = [(name, fact) for name, fact in parts.items() if fact is not None]
    draft = _reduced(plan, whole, found) if whole is not None and found else lookups.lookup(desk, plan)
    kept = "、".join(name for name, fact in parts.items() if fact is None)
    return replace(draft, text=draft.text + say("computed", "not_taken_off", parts=kept)) if draft is not None and kept else draft


def _reduced(plan: Plan, whole: Fact, parts: list[tuple[str, Fact]]) -> Draft:
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


def _parts(desk: Desk, plan: Plan, whole: Fact) -> dict[str, Fact | None]:
    """What is left out, by name; None where it is not proved that the whole holds it."""
    parts: dict[str, Fact | None] = {}
    for agency in plan.without_agencies:
        fact = fact_of(desk, plan, plan.items[0], agency)
        is_in = fact is not None and fact.first.value <= whole.first.value and desk.includes(whole.place, fact.place.agency)
        parts[desk.directory[agency].name] = fact if is_in else None
    for asked in plan.without:
        fact = first_fact(desk, plan, asked)
        is_in = fact is not None and (is_part_of(fact.first, whole.first) or is_addend(fact.first, whole.first))
        parts[asked.said if fact is None else _name(fact)] = fact if is_in else None
    return parts


def _name(fact: Fact) -> str:
    return what(fact.asked, fact.first)
