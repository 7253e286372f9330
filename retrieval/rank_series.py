"""Agencies and years in order of one figure, or of how fast it grew; and comparisons of named things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from retrieval.answer import Point, Step, Value
from retrieval.conditions import meets
from retrieval.draft import Draft
from retrieval.lookups import label
from retrieval.over_years import series
from retrieval.pairing import listed
from retrieval.places import Desk, Fact, Place
from retrieval.plan import Plan
from retrieval.wording import money, percent, say, shown, value_of, what, when
from store.values import Kind

MOST_RANKED = 40
MOST_YEARS = 4  # back from the latest, for a question that names no year
PLACE = "位"
KINDS: tuple[Kind, ...] = ("budget", "final")


def one_unit(facts: Sequence[Fact]) -> str | None:
    """The unit in which several figures are shown together: None where all print the same one, else 万元."""
    return None if len({fact.first.unit for fact in facts}) == 1 else "万元"


def rank_series(desk: Desk, plan: Plan) -> Draft | None:
    """Agencies or years in order of one figure."""
    facts = ranked_facts(desk, plan)
    if not facts:
        return None
    if len(facts) < len(plan.agencies) and plan.over == "agencies" and len(plan.agencies) > 1 and len(facts) < 2:
        return None
    within = [fact for fact in facts if all(meets(fact.first.value, condition) for condition in plan.conditions)]
    if not within:
        return Draft(say("ranked", "none_agency", when=when(facts[0].place)), (), tuple(fact.first for fact in facts[:3]))
    facts = within
    facts = sorted(facts, key=lambda fact: fact.first.value, reverse=plan.order != "least")
    plan = replace(plan, unit=plan.unit or one_unit(facts))
    agencies, years = {fact.place.agency.agency_id for fact in facts}, {fact.place.year for fact in facts}
    shown_ = facts[: plan.limit] if plan.limit else facts[:MOST_RANKED]
    values = tuple(value_of(fact.first, plan.unit) for fact in shown_)
    names = [_called(fact, agencies, years) for fact in shown_]
    parts = "，".join(f"{name}{shown(value)}" for name, value in zip(names, values, strict=True))
    first = facts[0]
    owner = (
        f"{first.place.agency.name}{'预算' if first.place.kind == 'budget' else '决算'}" if len(agencies) == 1 else when(first.place)
    )
    text = say(
        "ranked",
        f"over_{plan.order or 'most'}",
        what=f"{owner}{what(first.asked, first.first)}",
        first=names[0],
        amount=shown(values[0]),
        parts=parts,
    )
    return Draft(
        text, values, tuple(fact.first for fact in shown_), chart=tuple(Point(n, v) for n, v in zip(names, values, strict=True))
    )


def place_among(desk: Desk, plan: Plan) -> Draft | None:
    """Which place one agency takes among all that publish the figure in that year and kind; among units where it is one."""
    asked, own_id = plan.items[0], plan.agencies[0] if len(plan.agencies) == 1 else None
    if own_id is None:
        return rank_series(desk, plan)
    agency = desk.directory[own_id]
    years = desk.years_of(plan, agency)
    kind: Kind | None = plan.kind or next((k for k in KINDS if agency.find(years[-1], k)), None)
    own = next((f for p in desk.places(agency, years[-1], kind)[:1] if (f := desk.find(asked, p)).readings), None)
    if own is None:
        return None
    facts = [own, *(f for f in ranked_facts(desk, replace(plan, agencies=(), years=years[-1:], kind=kind)) if f.place.agency != agency)]
    unit = plan.unit or one_unit(facts)
    ordered = sorted(facts, key=lambda fact: fact.first.value, reverse=plan.order != "least")
    number = 1 + sum(1 for f in facts if (f.first.value > own.first.value if plan.order != "least" else f.first.value < own.first.value))
    values = (value_of(own.first, unit), Value(Decimal(number), PLACE), value_of(ordered[0].first, unit))
    text = say(
        "ranked",
        f"place_{plan.order or 'most'}",
        where=f"{when(own.place)}{what(asked, own.first)}",
        what=agency.name,
        place=number,
        count=f"{len(facts)}个单位",
        amount=shown(values[0]),
        first=ordered[0].place.agency.name,
        first_amount=shown(values[2]),
    )
    chart = tuple(Point(fact.place.agency.name, value_of(fact.first, unit)) for fact in ordered[:MOST_RANKED])
    return Draft(text, values, tuple(dict.fromkeys((own.first, *(fact.first for fact in ordered)))), chart=chart)


def rank_growth(desk: Desk, plan: Plan) -> Draft | None:
    """Agencies by how fast a figure grew (or fell) against the year before, each from its own two disclosures.

    Where no year is named, the latest is meant in which several agencies published both years.
    """
    if plan.years:
        return _grown_in(desk, plan, plan.years[-1])
    years = sorted({year for agency in desk.directory.named() for year in agency.years(plan.kind)}, reverse=True)
    drafts = (_grown_in(desk, plan, year, fewest=2) for year in years[:MOST_YEARS])
    return next((draft for draft in drafts if draft is not None), None)


def _grown_in(desk: Desk, plan: Plan, year: int, fewest: int = 1) -> Draft | None:
    asked, before = plan.items[0], plan.years[0] if len(plan.years) > 1 else year - 1
    agencies = [desk.directory[one] for one in plan.agencies] or desk.directory.named()
    own = [place for agency in agencies for place in desk.places(agency, year, plan.kind)[:1] if place.is_own]
    nows = [fact for fact in desk.find_each(asked, own) if fact.readings]
    earlier = [Place(now.place.agency, d, before) for now in nows for d in now.place.agency.find(before, now.place.kind)]
    thens: dict[str, Fact] = {}
    for fact in desk.find_each(asked, earlier):
        if fact.readings:
            thens.setdefault(fact.place.agency.agency_id, fact)
    grown: list[tuple[Decimal, Fact, Fact]] = []
    for now in nows:
        then = thens.get(now.place.agency.agency_id)
        if then is not None and then.first.value:
            grown.append(((now.first.value - then.first.value) / then.first.value, now, then))
    if len(grown) < fewest:
        return None
    falling = plan.direction == "decrease" or plan.order == "least"
    if plan.direction == "decrease" and any(rate < 0 for rate, _, _ in grown):
        grown = [one for one in grown if one[0] < 0]  # what grew is no answer to what fell
    grown.sort(key=lambda one: one[0], reverse=not falling)
    top = grown[: plan.limit or MOST_RANKED]
    if not top:
        return None
    values = tuple(percent(rate) for rate, _, _ in top)
    names = [now.place.agency.name for _, now, _ in top]
    parts = "，".join(
        f"{name}{shown(value)}（{before}年{shown(value_of(then.first, plan.unit))}，{year}年{shown(value_of(now.first, plan.unit))}）"
        for name, value, (_, now, then) in zip(names, values, top, strict=True)
    )
    name = "growth_least" if falling else "growth_most"
    text = say("ranked", name, when=when(top[0][1].place), what=what(asked, top[0][1].first), year=before, first=names[0], parts=parts)
    steps = tuple(
        Step("growth", value, ((f"{year}年", value_of(now.first)), (f"{before}年", value_of(then.first))))
        for value, (_, now, then) in zip(values, top, strict=True)
    )
    readings = tuple(reading for _, now, then in top for reading in (now.first, then.first))
    return Draft(text, values, readings, steps=steps, chart=tuple(Point(n, v) for n, v in zip(names, values, strict=True)))


def rank_steps(desk: Desk, plan: Plan) -> Draft | None:
    """The years by how much (or how fast) one figure rose or fell against the year before."""
    facts = sorted(series(desk, plan), key=lambda fact: fact.place.year)
    pairs = [(now, then) for then, now in pairwise(facts) if now.place.year == then.place.year + 1 and then.first.value]
    if not pairs:
        return None
    rates = {now.place.year: percent((now.first.value - then.first.value) / then.first.value) for now, then in pairs}
    falling = plan.direction == "decrease" or plan.order == "least"
    ordered = sorted(pairs, key=lambda pair: rates[pair[0].place.year].amount, reverse=not falling)
    steps: list[Step] = []
    for now, then in ordered:
        parts = ((f"{now.place.year}年", value_of(now.first, plan.unit)), (f"{then.place.year}年", value_of(then.first, plan.unit)))
        steps.append(Step("growth", rates[now.place.year], parts))
    first = ordered[0][0].place
    told = "，".join(f"{step.parts[0][0]}{shown(step.result)}（{listed(step.parts)}）" for step in steps)
    name = f"years_{'fell' if falling else 'grew'}"
    text = say("ranked", name, who=first.agency.name, what=what(plan.items[0], ordered[0][0].first), first=f"{first.year}年", parts=told)
    values = (*(step.result for step in steps), *(value_of(fact.first, plan.unit) for fact in facts))
    return Draft(text, values, tuple(fact.first for fact in facts), steps=tuple(steps))


def _called(fact: Fact, agencies: set[str], years: set[int]) -> str:
    return fact.place.agency.name if len(agencies) > 1 and len(years) == 1 else label(fact, agencies, years)


def ranked_facts(desk: Desk, plan: Plan) -> list[Fact]:
    """One fact an agency (of the year asked) or a year. Units that a department includes are not ranked beside it."""
    if plan.over == "years":
        return series(desk, plan)
    asked = plan.items[0]
    years = plan.years or _latest(desk, plan)
    plan = of_one_kind(desk, plan, years)
    ranked: list[Place] = []
    for agency_id in plan.agencies or tuple(agency.agency_id for agency in desk.directory.named()):
        agency = desk.directory[agency_id]
        if (not plan.agencies and agency.affiliate_of) or agency_id in plan.without_agencies:
            continue
        for year in years[-1:] if len(plan.agencies) != len(years) else years:
            for place in desk.places(agency, year, plan.kind)[:1]:
                if place.is_own and (plan.agencies or place.disclosure.scope != "unit"):
                    ranked.append(place)
    facts = [desk.told(asked, place) for place in ranked] if plan.agencies else desk.find_each(asked, ranked)
    return [fact for fact in facts if fact.readings]


def _latest(desk: Desk, plan: Plan) -> tuple[int, ...]:
    """The latest year published; of some agencies, the latest that most of them have published. () where there is none."""
    named = [desk.directory[one] for one in plan.agencies] or desk.directory.named()
    published = Counter(year for agency in named for year in agency.years(plan.kind))
    if not published:
        return ()
    return (max(published, key=lambda year: (published[year], year)) if plan.agencies else max(published),)


def of_one_kind(desk: Desk, plan: Plan, years: Sequence[int]) -> Plan:
    """The plan with the kind that all its agencies have published for the last of `years`, where none is named.

    A budget is not ranked beside final accounts: of all agencies, those of the kind that comes first (预算) are meant.
    """
    if plan.kind is not None or not years:
        return plan
    agencies = [desk.directory[one] for one in plan.agencies]
    if agencies:
        kind = next((kind for kind in KINDS if all(agency.find(years[-1], kind) for agency in agencies)), None)
    else:
        kind = next((kind for kind in KINDS if any(agency.find(years[-1], kind) for agency in desk.directory.named())), None)
    return replace(plan, kind=kind)


def compare(desk: Desk, plan: Plan) -> Draft | None:
    """Which of named things is larger, and by how much."""
    if plan.over == "items":
        facts = [fact for asked in plan.items for fact in list(desk.facts(plan, asked))[:1] if fact.readings]
    else:
        facts = _by_agency(desk, plan)
    if len(facts) < 2:
        return None
    plan = replace(plan, unit=plan.unit or one_unit(facts))
    names = [what(fact.asked, fact.first) if plan.over == "items" else fact.place.agency.name for fact in facts]
    pairs = sorted(zip(names, facts, strict=True), key=lambda pair: pair[1].first.value, reverse=plan.order != "least")
    values = tuple(value_of(fact.first, plan.unit) for _, fact in pairs)
    first, last = pairs[0][1], pairs[-1][1]
    unit = plan.unit or first.first.unit
    gap = money(abs(first.first.value - last.first.value), unit)
    subject = "金额" if plan.over == "items" else f"{when(first.place)}{what(first.asked, first.first)}"
    if first.first.value == last.first.value:
        return Draft(
            say("ranked", "compare_same", what=subject, amount=shown(values[0])), values, tuple(fact.first for _, fact in pairs)
        )
    parts = "，".join(f"{name}为{shown(value)}" for (name, _), value in zip(pairs[1:], values[1:], strict=True))
    text = say(
        "ranked",
        "compare",
        first=f"{first.place.agency.name}{when(first.place)}{pairs[0][0]}" if plan.over == "items" else pairs[0][0],
        what=subject,
        more=("更", "最")[len(facts) > 2] + ("低" if plan.order == "least" else "高"),
        amount=shown(values[0]),
        parts=parts,
        difference=shown(gap),
    )
    step = Step("difference", gap, tuple((name, value) for (name, _), value in zip(pairs, values, strict=True)))
    return Draft(
        text,
        (*values, gap),
        tuple(fact.first for _, fact in pairs),
        steps=(step,),
        chart=tuple(Point(name, value) for (name, _), value in zip(pairs, values, strict=True)),
    )


def _by_agency(desk: Desk, plan: Plan) -> list[Fact]:
    """The figure of each agency, in the year named for it."""
    asked = plan.items[0]
    plan = of_one_kind(desk, plan, plan.years or (desk.directory.latest_year() or 0,))
    found: list[Fact] = []
    for agency_id in plan.agencies:
        agency = desk.directory[agency_id]
        years = [year for year in plan.years if agency.find(year, plan.kind)] or list(plan.years) or list(desk.years_of(plan, agency))
        fact = next(
            (
                fact
                for year in years[:1]
                for place in desk.places(agency, year, plan.kind)
                if (fact := desk.told(asked, place)).readings
            ),
            None,
        )
        if fact is not None:
            found.append(fact)
    return found
