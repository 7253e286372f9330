"""Is a claim right: each claimed figure against what is published. One claim that fails refutes the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from retrieval.answer import Value, Verdict
from retrieval.clues import INCOME, SPENDING
from retrieval.conditions import meets
from retrieval.draft import Draft
from retrieval.figures import Reading
from retrieval.over_years import change
from retrieval.pairing import added, first_fact
from retrieval.places import Desk, Fact
from retrieval.plan import Claim, Plan
from retrieval.reading import in_numerals
from retrieval.readings import of_one_table
from retrieval.shares import share
from retrieval.wording import WHOLE, money, say, shown, value_of, what, when
from store.money import MONEY_UNITS


@dataclass(frozen=True, slots=True)
class Judged:
    """One claim with its verdict and the fact that decided it."""

    verdict: Verdict
    fact: str
    readings: tuple[Reading, ...] = ()
    values: tuple[Value, ...] = ()


def verify(desk: Desk, plan: Plan) -> Draft | None:
    """The verdict on all claims; None where nothing published is about them (prose may know)."""
    judged = [one for claim in plan.claims if (one := _judge(desk, plan, claim)) is not None]
    return _summed_up(judged) if judged and len(judged) == len(plan.claims) else None


def partly(desk: Desk, plan: Plan) -> Draft | None:
    """The verdict where only some of the claims can be told: one that is wrong refutes, but what is unknown leaves open."""
    judged = [_judge(desk, plan, claim) for claim in plan.claims]
    known = [one for one in judged if one is not None]
    if not known:
        return None
    draft = _summed_up(known, right="partly")
    verdict: Verdict = "refuted" if draft.verdict == "refuted" else "not_found"
    return replace(draft, text=draft.text + say("verdict", "unknown", count=in_numerals(len(judged) - len(known))), verdict=verdict)


def _summed_up(judged: list[Judged], right: str = "supported") -> Draft:
    wrong = [one for one in judged if one.verdict == "refuted"]
    verdict: Verdict = "refuted" if wrong else "supported"
    told = wrong or judged
    text = say("verdict", "refuted" if wrong else right, facts="；".join(dict.fromkeys(one.fact for one in told)))
    readings = tuple(reading for one in (*wrong, *judged) for reading in one.readings)
    values = tuple(dict.fromkeys(value for one in told for value in one.values))
    return Draft(text, values, readings, verdict=verdict)


def _judge(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    if claim.about < 0 or claim.about >= len(plan.items):
        return None
    if plan.conditions and claim.number is None:
        return _bounded(desk, plan, claim)
    if claim.what == "equal":
        return _equal(desk, plan)
    if claim.what in ("exists", "absent"):
        return _existence(desk, plan, claim)
    if claim.what == "share":
        return _share(desk, plan, claim)
    if claim.what in ("change", "rate"):
        return _change(desk, plan, claim)
    return _value(desk, plan, claim)


def _facts(desk: Desk, plan: Plan, claim: Claim) -> list[Fact]:
    return [fact for fact in desk.facts(plan, plan.items[claim.about]) if fact.readings]


def _value(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    """A claimed amount is right if one of the readings prints it, as far as its digits go."""
    facts = _facts(desk, plan, claim)
    if claim.number is None:
        return None
    if not facts:
        return _of_other_year(desk, plan, claim)
    money_claimed = claim.unit in MONEY_UNITS
    facts = [fact for fact in facts if fact.first.is_money == money_claimed]
    if not facts:
        return None
    for fact in facts:
        for reading in claimable(fact):
            if _agrees(claim.number, claim.unit, reading):
                return _told("supported", fact, reading)
    return _told("refuted", facts[0], facts[0].first)


def claimable(fact: Fact) -> tuple[Reading, ...]:
    """The readings that a bare claim can mean: all income and spending are those of all funds, unless a fund is named."""
    if fact.asked.item not in WHOLE or fact.asked.fund is not None:
        return fact.readings
    return tuple(reading for reading in fact.readings if reading.fund in ("all", None)) or fact.readings[:1]


def _of_other_year(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    """A figure that the disclosure prints only for the year before is not this year's."""
    asked = plan.items[claim.about]
    for agency_id in plan.agencies:
        agency = desk.directory[agency_id]
        for year in desk.years_of(plan, agency):
            for place in desk.places(agency, year, plan.kind):
                earlier = desk.find(asked, replace(place, year=year - 1))
                for reading in earlier.readings:
                    if claim.number is not None and _agrees(claim.number, claim.unit, reading):
                        value = value_of(reading)
                        fact = say(
                            "verdict",
                            "fact_other_year",
                            who=agency.name,
                            when=when(place),
                            what=what(asked, reading),
                            amount=shown(value),
                            year=year - 1,
                        )
                        return Judged("refuted", fact, (reading,), (value,))
    return None


def _told(verdict: Verdict, fact: Fact, reading: Reading) -> Judged:
    value = value_of(reading)
    sentence = say(
        "verdict", "fact", who=fact.place.agency.name, when=when(fact.place), what=what(fact.asked, reading), amount=shown(value)
    )
    return Judged(verdict, sentence, (reading,), (value,))


def _agrees(number: Decimal, unit: str, reading: Reading) -> bool:
    """Whether a number as said is the printed one, rounded to the coarser of the two."""
    factor = MONEY_UNITS.get(unit, Decimal(1))
    exponent = number.as_tuple().exponent
    said_step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0) * factor
    if number * factor == reading.value:
        return True
    printed_step = Decimal(1).scaleb(-reading.places) * MONEY_UNITS.get(reading.unit, Decimal(1))
    is_rounded = isinstance(exponent, int) and exponent < 0
    tolerance = max(said_step if is_rounded else Decimal(0), printed_step) / 2
    return abs(number * factor - reading.value) <= tolerance


def _share(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    part = plan.items[claim.about]
    whole = next((asked for asked in plan.items[claim.about + 1 :]), INCOME if part.flow == "income" else SPENDING)
    computed = share(desk, replace(plan, operation="share", items=(part,), base=whole, over=None))
    if computed is None or claim.number is None:
        return None
    value = computed.values[0]
    right = claim.number == value.amount or _same_percent(claim.number, value.amount)
    return Judged("supported" if right else "refuted", computed.text.rstrip("。"), computed.readings, computed.values)


def _same_percent(said: Decimal, true: Decimal) -> bool:
    exponent = said.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    step = Decimal(1).scaleb(-min(places, 2))
    return abs(said - true) <= step / 2 + Decimal("0.005") if places < 2 else abs(said - true) <= Decimal("0.01")


def _change(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    operation = "growth" if claim.what == "rate" else "difference"
    computed = change(desk, replace(plan, operation=operation, items=(plan.items[claim.about],), over="years", order=None))
    if computed is None:
        return None
    direction = "increase" if "增" in computed.text else "decrease" if ("减" in computed.text or "下降" in computed.text) else "same"
    if claim.number is None:
        right = direction == claim.direction
    elif not computed.values:
        if direction != "same" or not claim.number:
            return None
        right = False  # printed as unchanged, whatever the amount
    elif claim.what == "rate":
        rate = next((value for value in computed.values if value.unit == "%"), None)
        if rate is None:
            return None
        right = _same_percent(claim.number, rate.amount)
    else:
        amount = next((value for value in computed.values if value.unit in MONEY_UNITS), None)
        factor = MONEY_UNITS.get(claim.unit)
        if amount is None or factor is None:
            return None
        exponent = amount.amount.as_tuple().exponent
        step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) * MONEY_UNITS[amount.unit]
        right = abs(claim.number * factor - amount.amount * MONEY_UNITS[amount.unit]) <= step / 2
    if claim.direction in ("increase", "decrease") and direction != claim.direction:
        right = False
    return Judged("supported" if right else "refuted", computed.text.rstrip("。"), computed.readings, computed.values)


def _equal(desk: Desk, plan: Plan) -> Judged | None:
    """Whether the things named before the last are together what the last is, as printed."""
    facts = [fact for asked in plan.items if (fact := first_fact(desk, plan, asked)) is not None]
    if len(facts) < len(plan.items) or not all(fact.first.is_money for fact in facts):
        return None
    readings = of_one_table([fact.readings for fact in facts])
    *parts, whole = readings
    total = sum((reading.value for reading in parts), Decimal(0))
    gap = total - whole.value
    unit = plan.unit or whole.unit
    apart = (money(abs(gap), unit),) if gap else ()
    values = (money(total, unit), value_of(whole, unit), *apart, *(value_of(reading, unit) for reading in parts))
    named = [(what(fact.asked, reading), value_of(reading, unit)) for fact, reading in zip(facts, readings, strict=True)]
    left = added(named[:-1]) + (f" = {shown(values[0])}" if len(parts) > 1 else "")
    sentence = say("verdict", "fact_equal" if gap == 0 else "fact_unequal", who=facts[0].place.agency.name, when=when(facts[0].place),
                   left=left, right=f"{named[-1][0]}{shown(values[1])}", gap="".join(map(shown, apart)))
    return Judged("supported" if gap == 0 else "refuted", sentence, tuple(readings), values)


def _bounded(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    """超过100万了吧: true where the published amount lies within every bound."""
    facts = [fact for fact in _facts(desk, plan, claim) if fact.first.is_money]
    if not facts:
        return None
    reading = claimable(facts[0])[0]
    right = all(meets(reading.value, condition) for condition in plan.conditions)
    return _told("supported" if right else "refuted", facts[0], reading)


def _existence(desk: Desk, plan: Plan, claim: Claim) -> Judged | None:
    """买了新公务车: true where the published amount is above zero."""
    facts = _facts(desk, plan, claim)
    if not facts:
        return None
    fact = facts[0]
    spent = fact.first.value != 0
    right = spent if claim.what == "exists" else not spent
    return _told("supported" if right else "refuted", fact, fact.first)
