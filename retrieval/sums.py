"""Sums: over named things, years or agencies; a whole is never added to its part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.answer import Step, Value
from retrieval.clues import AVERAGE
from retrieval.draft import Draft
from retrieval.figures import FEW, Reading
from retrieval.lexicon import general_terms
from retrieval.over_years import series
from retrieval.pairing import added, fact_of, first_fact
from retrieval.parts import is_part_of
from retrieval.places import Desk, Fact
from retrieval.plan import Asked, Plan
from retrieval.query import ALL_ROWS, equals, run, select
from retrieval.rank_series import one_unit, ranked_facts
from retrieval.reading import bare, chinese_number
from retrieval.readings import of_one_table
from retrieval.wording import KIND_NAMES, money, say, shown, value_of, what, when

MOST_ADDED = 40  # addends that a sentence names
_NUMBER_OF_AGENCIES = re.compile(r"([两三四五六七八九十\d]{1,3})(?:[个家](?:单位|部门|机构)|家)")


def add(desk: Desk, plan: Plan) -> Draft | None:
    """The sum of named things of one disclosure."""
    found = {asked: first_fact(desk, plan, asked) for asked in plan.items}
    facts = [fact for fact in found.values() if fact is not None]
    missing = [asked for asked, fact in found.items() if fact is None]
    if len(facts) < 2 or not all(may_be_missing(plan, asked) for asked in missing):
        return None
    facts = _apart(facts)
    for whole in facts:
        for part in facts:
            if part is not whole and is_part_of(part.first, whole.first):
                return _contained_item(whole, part, plan)
    readings = of_one_table([fact.readings for fact in facts])
    total = sum((reading.value for reading in readings), Decimal(0))
    unit = plan.unit or readings[0].unit
    value = money(total, unit, None if plan.unit else max(reading.places for reading in readings))
    parts = _parts(facts, readings, plan.unit)
    place = facts[0].place
    names = "、".join(name for name, _ in parts)
    text = say("computed", "sum", who=place.agency.name, when=when(place), what=names, amount=shown(value), parts=added(parts))
    return Draft(text, (value, *(part for _, part in parts)), tuple(readings), steps=(Step("sum", value, parts),))


def may_be_missing(plan: Plan, asked: Asked) -> bool:
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
        parts=added(parts),
    )
    step = Step("sum", value, parts)
    values = (value, *(part for _, part in parts))
    if not AVERAGE.search(plan.text):
        return Draft(text, values, tuple(fact.first for fact in facts), steps=(step,))
    mean = money(total / len(facts), value.unit, 2)
    text += say("computed", "mean_years", count=len(facts), amount=shown(mean))
    divided = Step("per_head", mean, (("", value), ("", Value(Decimal(len(facts)), "年"))))
    return Draft(text, (mean, *values), tuple(fact.first for fact in facts), steps=(step, divided))


def add_agencies(desk: Desk, plan: Plan) -> Draft | None:
    """The sum over agencies; units that a department's figures include are not added to it."""
    asked = plan.items[0]
    facts = (
        [fact for agency in plan.agencies if (fact := fact_of(desk, plan, asked, agency)) is not None]
        if plan.agencies
        else ranked_facts(desk, plan)
    )
    said = next((chinese_number(number) for number in _NUMBER_OF_AGENCIES.findall(plan.text)), None)
    if len(facts) < max(len(plan.agencies), 2) or (said is not None and said != len(facts)):
        return None
    for whole, part in _may_include(desk, facts):
        if part.first.value <= whole.first.value and desk.includes(whole.place, part.place.agency):
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
        parts=added(parts[:MOST_ADDED]) + (say("computed", "and_agencies", count=len(parts)) if len(parts) > MOST_ADDED else ""),
    )
    values, step = (value, *(part for _, part in parts)), Step("sum", value, parts)
    if not AVERAGE.search(plan.text):
        return Draft(text, values, tuple(fact.first for fact in facts), steps=(step,))
    mean = money(total / len(facts), value.unit, 2)
    text += say("computed", "mean_agencies", count=len(facts), amount=shown(mean))
    divided = Step("per_head", mean, (("", value), ("", Value(Decimal(len(facts)), "个单位"))))
    return Draft(text, (mean, *values), tuple(fact.first for fact in facts), steps=(step, divided))


def _may_include(desk: Desk, facts: Sequence[Fact]) -> Iterable[tuple[Fact, Fact]]:
    """The pairs (whole, part) of which the figures of the first may include those of the second.

    Of a few agencies, all pairs; of many, only those where a disclosure says so in a table or on its cover: reading the prose
    of each for the names of all others would take minutes.
    """
    if len(facts) <= FEW:
        return ((whole, part) for whole in facts for part in facts if part is not whole)
    by_id = {fact.place.agency.agency_id: fact for fact in facts}
    by_name = {bare(name): fact for fact in facts for name in fact.place.agency.names}
    units = select("disclosed_figures", ("row_label", "agency_id"), equals("classification", "affiliate")).distinct()
    printed = run(desk.snapshot, units, ALL_ROWS)[1]
    pairs = [(by_id.get(whole), by_name.get(bare(label).partition("（")[0])) for label, whole in printed]
    pairs += [(by_name.get(bare(fact.place.agency.affiliate_of or "")), fact) for fact in facts]
    return [(whole, part) for whole, part in pairs if whole is not None and part is not None and whole is not part]


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


def _parts(facts: Sequence[Fact], readings: Sequence[Reading], unit: str | None) -> tuple[tuple[str, Value], ...]:
    return tuple((what(fact.asked, reading), value_of(reading, unit)) for fact, reading in zip(facts, readings, strict=True))
