"""One figure, or one for each of several things, kinds, years or agencies; and what to say where nothing is printed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from retrieval.answer import Point, Step, Value
from retrieval.changes_stated import stated_change
from retrieval.draft import Draft
from retrieval.evidence import cite_blank
from retrieval.figures import INCOME_TOTALS, SPENDING_TOTALS, Reading
from retrieval.pairing import added, sums_of
from retrieval.places import Blank, Desk, Fact, Place
from retrieval.plan import Asked, Plan
from retrieval.readings import readings, same_amount
from retrieval.stated import stated_readings
from retrieval.wording import KIND_NAMES, PORTION_NAMES, money, say, shown, value_of, what, when
from store.money import MONEY_UNITS
from store.values import Kind

MOST_READINGS = 3
_ASKS_MONEY = re.compile("花|钱|经费|支出|预算|费用")


def lookup(desk: Desk, plan: Plan) -> Draft | None:
    """The figure of each thing asked for; None where nothing is printed in any table or statement."""
    asked, *others = plan.items
    if others:
        return _several(desk, plan)
    facts = list(desk.facts(plan, asked))
    found = [fact for fact in facts if fact.readings]
    if _ASKS_MONEY.search(plan.text) and asked.item is None:  # a label that is a target or a count is no answer to what it cost
        found = [fact for fact in found if fact.first.is_money]
    if not found and asked.parts:
        return _several(desk, replace(plan, items=asked.parts))
    if not found:
        return derived(desk, plan, asked) or _nothing(desk, facts)
    if re.search("一致|相符|吻合|对得上", plan.text):
        compared = _against_prose(desk, found[0], plan.unit)
        if compared is not None:
            return compared
    if len(found) == 1:
        return _with_parts(desk, one(found[0], plan.unit), found[0], plan)
    return _each(found, plan)


def _with_parts(desk: Desk, draft: Draft, fact: Fact, plan: Plan) -> Draft:
    """What belongs beside a total: the other side of 收支, this year's part of it, basic and project spending of a fund."""
    asked, place, cells = fact.asked, fact.place, desk.shelf.cells(fact.place.disclosure.disclosure_id)
    if asked.item not in SPENDING_TOTALS and asked.item not in INCOME_TOTALS:
        return draft
    more: list[Reading] = []
    text = draft.text
    if "收支" in plan.text or "收入支出" in plan.text:
        names = SPENDING_TOTALS if asked.item in INCOME_TOTALS else INCOME_TOTALS
        flow = "expenditure" if asked.item in INCOME_TOTALS else "income"
        other = desk.find(Asked(asked.said, names[0], names[:1], flow=flow, fund=asked.fund), place)
        more = [r for r in (*other.readings[:1], *_stated_wholes(desk, asked, place)) if r.value != fact.first.value][:1]
        text += "".join(say("lookup", "spending_side", amount=shown(value_of(r, plan.unit))) for r in more)
    elif asked.fund is None and place.kind == "final":
        own = {"支出总计": "本年支出合计", "收入总计": "本年收入合计", "本年支出合计": "支出总计", "本年收入合计": "收入总计"}.get(
            asked.item or "", ""
        )
        same = [r for r in readings(Asked(own, own, (own,), flow=asked.flow), cells, place.kind, place.year) if r.fund in ("all", None)]
        more = [r for r in same[:1] if r.value != fact.first.value]
        name = "this_year" if own.startswith("本年") else "with_carried"
        text += "".join(say("lookup", name, what=own, amount=shown(value_of(r, plan.unit))) for r in more)
    elif asked.fund in ("government_fund", "state_capital") and fact.first.stated is None:
        first = fact.first.first
        own = {
            portion: cell
            for portion in ("project", "basic")
            for cell in cells
            if cell.portion == portion
            and cell.fund == asked.fund
            and cell.role == "total"
            and cell.measure == first.measure
            and cell.about_year == first.about_year
            and cell.flow == "expenditure"
        }
        more = [Reading((cell,)) for cell in own.values()]
        told = "，".join(f"{what(Asked('', portion_name(r), (portion_name(r),)))}{shown(value_of(r, plan.unit))}" for r in more)
        text += say("lookup", "portions", parts=told) if told else ""
    values = (*draft.values, *(value_of(r, plan.unit) for r in more))
    return replace(draft, text=text, values=values, readings=(*draft.readings, *more))


def portion_name(reading: Reading) -> str:
    """基本支出 or 项目支出, for the portion that the reading is of."""
    return PORTION_NAMES.get(reading.first.portion or "", "")


def _stated_wholes(desk: Desk, asked: Asked, place: Place) -> list[Reading]:
    """What the prose says of income and spending in one (财政拨款收支总预算)."""
    return [
        Reading((), stated=one)
        for one in desk.shelf.stated(place.disclosure.disclosure_id)
        if "收支" in one.item and one.fund == asked.fund and one.change is None and one.unit in MONEY_UNITS and one.measure != "share"
    ]


def derived(desk: Desk, plan: Plan, asked: Asked) -> Draft | None:
    """The earlier year's figure where only this year's and its change are published: this year's minus the change."""
    for agency_id in plan.agencies:
        agency = desk.directory[agency_id]
        year = plan.about_year or (plan.years[0] if plan.years else None)
        if year is None:
            continue
        for one in agency.find(year + 1, plan.kind):
            place = Place(agency, one, year + 1)
            changed = next(iter(stated_change(desk, asked, place)), None)
            now = desk.find(asked, place)
            if changed is None or changed.amount is None or changed.measure == "change_rate" or not now.readings:
                continue
            gap = {"increase": changed.amount, "decrease": -changed.amount}.get(changed.change or "")
            if gap is None:
                continue
            first = now.first
            value = money(first.value - gap, plan.unit or first.unit, None if plan.unit else max(first.places, 2))
            change = Reading((), stated=changed)
            parts = ((f"{year + 1}年", value_of(first)), (say("verbs", changed.change or "same"), value_of(change)))
            text = say(
                "lookup",
                "derived",
                who=agency.name,
                year=year,
                what=what(asked, first),
                amount=shown(value),
                base=year + 1,
                base_amount=shown(parts[0][1]),
                change=parts[1][0] + shown(parts[1][1]),
            )
            return Draft(
                text,
                (value, parts[0][1], parts[1][1]),
                (first, change),
                steps=(Step("difference", value, parts),),
                route="narrative" if first.stated is not None else "both",
            )
    return None


def _against_prose(desk: Desk, fact: Fact, unit: str | None) -> Draft | None:
    """The printed figure beside the one that the prose states, and whether they agree."""
    place = fact.place
    stated = stated_readings(fact.asked, desk.shelf.stated(place.disclosure.disclosure_id), place.year, place.year, place.kind)
    if not stated or fact.first.stated is not None:
        return None
    prose = stated[0]
    verdict = say("lookup", "agree" if same_amount(fact.first, prose) else "disagree")
    values = (value_of(fact.first, unit), value_of(prose, unit))
    text = say(
        "lookup",
        "against_prose",
        who=place.agency.name,
        when=when(place),
        what=what(fact.asked, fact.first),
        amount=shown(values[0]),
        stated=shown(values[1]),
        verdict=verdict,
    )
    return Draft(text, values, (fact.first, prose), route="both")


def one(fact: Fact, unit: str | None) -> Draft:
    """The figure with its other readings, where they differ."""
    chosen = distinct(fact)
    first = chosen[0]
    value = value_of(first, unit)
    if first.stated is not None and first.value == 0 and not re.search(r"\d", first.stated.cell):
        text = say(
            "lookup",
            "none_stated",
            who=fact.place.agency.name,
            when=when(fact.place),
            what=what(fact.asked, first),
            quote=first.stated.quote,
        )
        return Draft(text, (value,), (first,), route="narrative")
    who = fact.place.agency.name if fact.place.is_own else fact.place.disclosure.agency
    if fact.asked.parts and len(first.cells) > 1:
        (step,) = sums_of([first], unit)
        name = what(replace(fact.asked, parts=()))
        text = say("computed", "sum", who=who, when=when(fact.place), what=name, amount=shown(value), parts=added(step.parts))
        return Draft(text, (value, *(part for _, part in step.parts)), (first,), steps=(step,))
    form = f"《{first.first.table_title}》中的" if any(_of_two_forms(first, other) for other in chosen[1:]) else ""
    text = say("lookup", "one", who=who, when=when(fact.place), what=form + what(fact.asked, first), amount=shown(value))
    values = [value]
    for other in chosen[1:]:
        values.append(value_of(other, unit))
        text += say("lookup", "other", what=_apart(fact.asked, first, other), amount=shown(values[-1]))
    return Draft(text, tuple(values), tuple(chosen), route="narrative" if first.stated is not None else "tables")


def distinct(fact: Fact) -> list[Reading]:
    """The readings to state: the most direct, and up to two that are as right and differ."""
    first, *others = fact.readings
    asked = fact.asked
    if asked.item in SPENDING_TOTALS or asked.item in INCOME_TOTALS:
        others = [r for r in others if asked.fund is not None or r.fund in ("all", None)]
    elif first.stated is not None or asked.fund is not None:
        others = [r for r in others if r.stated is None and r.first.code != first.first.code] if first.stated is None else []
    if first.stated is None and first.first.classification is not None:
        others = [r for r in others if r.stated is not None or r.first.classification is not None]
    if first.stated is None and first.first.code is None:
        others = [
            r for r in others if r.stated is not None or r.first.code is None or r.first.classification != first.first.classification
        ]
        others.sort(key=lambda r: r.stated is not None or not _of_two_forms(first, r))
    out = [first]
    for other in others:
        if (
            len(out) < MOST_READINGS
            and other.name_rank == first.name_rank
            and not _is_part(first, other)
            and all(other.value != r.value for r in out)
        ):
            out.append(other)
    return out


def _is_part(first: Reading, other: Reading) -> bool:
    """A portion of the first reading's own row, or another fund's column of it, is no reading of its own."""
    if first.stated is not None or other.stated is not None:
        return first.stated is None
    one, two = first.first, other.first
    if _of_two_forms(first, other):
        return False  # 会议费 of all spending, and of basic spending alone
    if two.classification == "three_public" and other.value == 0 != first.value and one.fund != two.fund:
        return True  # a column that the form has for each fund
    if one.portion != two.portion and one.portion in ("total", None):
        return True
    if one.classification != two.classification and "economic_government" in (one.classification, two.classification):
        return True
    return two.fund in (
        "carryover",
        "reserve",
        "business",
        "operating",
        "other",
        "unit_funds",
        "superior_subsidy",
        "affiliate_remittance",
        "fiscal_account",
        "government_fund",
        "state_capital",
    ) and one.fund in ("all", None)


def _of_two_forms(first: Reading, other: Reading) -> bool:
    """Whether the “三公” form and a table by economic item print an item each, with codes that tell that they are whole rows."""
    one, two = first.first, other.first
    return one.classification == "three_public" and one.code is None and two.classification == "economic_department" and bool(two.code)


def _apart(asked: Asked, first: Reading, other: Reading) -> str:
    """The other reading in words, by what tells it from the first."""
    if other.stated is not None or first.stated is not None:
        return what(asked, other, with_fund=True)
    if _of_two_forms(first, other):
        return f"《{other.first.table_title}》中的{what(replace(asked, portion=other.first.portion), other)}"
    if first.fund != other.fund:
        return what(asked, other, with_fund=True)
    if first.first.code != other.first.code and other.first.code:
        parent = other.first.row_path[-2] if len(other.first.row_path) > 1 else ""
        return f"{parent}{other.first.item}（{other.first.code}）"
    return f"《{other.first.table_title}》中的{what(asked, other)}" if first.first.item == other.first.item else other.first.item


def _several(desk: Desk, plan: Plan) -> Draft | None:
    """工会经费、福利费各是多少."""
    there = {asked: fact for asked in plan.items for fact in _first_of(desk.facts(plan, asked))}
    found = list(there.values())
    if not found:
        return None
    place = found[0].place
    absent = "".join(
        say("lookup", "not_listed", who=place.agency.name, when=when(place), what=asked.said or asked.item)
        for asked in plan.items
        if asked not in there
    )
    if len(found) == 1:
        alone = one(found[0], plan.unit)
        return replace(alone, text=alone.text + absent)
    values = tuple(value_of(fact.first, plan.unit) for fact in found)
    parts = "，".join(f"{what(fact.asked, fact.first)}{shown(value)}" for fact, value in zip(found, values, strict=True))
    text = say("lookup", "several", who=place.agency.name, when=when(place), parts=parts)
    return Draft(text + absent, values, tuple(fact.first for fact in found))


def _first_of(facts: Iterable[Fact]) -> list[Fact]:
    """The first fact that is one, or none."""
    return [fact for fact in facts if fact.readings][:1]


def _each(found: Sequence[Fact], plan: Plan) -> Draft:
    """The same thing in several disclosures: budget and final accounts, years, agencies."""
    values = tuple(value_of(fact.first, plan.unit) for fact in found)
    place = found[0].place
    agencies = {fact.place.agency.agency_id for fact in found}
    years = {fact.place.year for fact in found}
    kinds: set[Kind] = {fact.place.kind for fact in found}
    asked = found[0].asked
    if len(agencies) == 1 and len(years) == 1:
        parts = "，".join(f"{KIND_NAMES[fact.place.kind]}{shown(value)}" for fact, value in zip(found, values, strict=True))
        text = say("lookup", "both_kinds", who=place.agency.name, year=place.year, what=what(asked, found[0].first), parts=parts)
    else:
        parts = "，".join(f"{label(fact, agencies, years, kinds)}{shown(value)}" for fact, value in zip(found, values, strict=True))
        shared = f"{place.year}年{KIND_NAMES[place.kind] if len(kinds) == 1 else ''}" if len(years) == 1 else ""
        who = f"{place.agency.name if len(agencies) == 1 else ''}{shared}"
        text = say("computed", "trend", who=who, what=what(asked, found[0].first), parts=parts)
    chart = tuple(Point(label(fact, agencies, years, kinds), value) for fact, value in zip(found, values, strict=True))
    return Draft(text, values, tuple(fact.first for fact in found), chart=chart)


def label(fact: Fact, agencies: set[str], years: set[int], kinds: Collection[Kind] = ()) -> str:
    """What tells one fact of a series from the others."""
    name = fact.place.agency.name if len(agencies) > 1 else ""
    year = f"{fact.place.year}年" if len(years) > 1 or not name else ""
    return f"{name}{year}{KIND_NAMES[fact.place.kind] if len(kinds) > 1 else ''}"


def by_kind(desk: Desk, plan: Plan) -> Draft | None:
    """预算数和决算数各多少: both measures of one year, whichever disclosures print them."""
    facts = both_kinds(desk, plan, plan.items[0])
    if facts is None:
        return None
    values = tuple(value_of(fact.first, plan.unit) for fact in facts)
    place = facts[0].place
    parts = f"预算数{shown(values[0])}，决算数{shown(values[1])}"
    text = say("lookup", "both_kinds", who=place.agency.name, year=place.year, what=what(plan.items[0], facts[0].first), parts=parts)
    return Draft(text, values, tuple(fact.first for fact in facts))


def both_kinds(desk: Desk, plan: Plan, asked: Asked) -> tuple[Fact, Fact] | None:
    """The budgeted and the final figure of `asked`: the budget's own, else the 预算数 column of the final accounts."""
    if not plan.agencies:
        return None
    agency = desk.directory[plan.agencies[0]]
    year = plan.years[0] if plan.years else (agency.years("final") or agency.years())[-1]
    budget = _first(desk, plan, asked, year, "budget")
    final = _first(desk, plan, asked, year, "final")
    return None if budget is None or final is None else (budget, final)


def _first(desk: Desk, plan: Plan, asked: Asked, year: int, kind: str) -> Fact | None:
    agency = desk.directory[plan.agencies[0]]
    for place in desk.places(agency, year, "budget" if kind == "budget" else "final"):
        if place.year != year or (kind == "final" and place.kind != "final"):
            continue
        fact = desk.find(asked, place)
        if fact.readings:
            return fact
    return None


def _nothing(desk: Desk, facts: Sequence[Fact]) -> Draft | None:
    """An empty cell or form where the figure would stand; None if there is not even that."""
    fact = next((fact for fact in facts if fact.blank is not None), None)
    if fact is None or fact.blank is None:
        return None
    blank, place = fact.blank, fact.place
    file = desk.file_of(place)
    note = f"（{re.sub(r'^[（(]?注?[:：]?|[）)]$', '', blank.note)}）" if blank.note else ""
    name = "empty_form" if blank.is_empty_form else "none_printed"
    text = say("lookup", name, who=place.agency.name, when=when(place), what=_blank_name(fact.asked, blank), table=blank.table, note=note)
    return Draft(text, (), (), cited=(cite_blank(blank, place, file[0], file[1]),))


def _blank_name(asked: Asked, blank: Blank) -> str:
    """What is blank, in the question's words where the form prints them."""
    return asked.said if asked.said and asked.said in blank.label and not blank.is_empty_form else what(asked)


def total_value(values: Sequence[Value]) -> str:
    """The unit in which several values are added or compared: the first one's."""
    return values[0].unit
