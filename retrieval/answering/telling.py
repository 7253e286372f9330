"""A value in a sentence: what was found, of what it is made, and what was assumed. Numbers come from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from retrieval.answer.answer import Point, Value
from retrieval.answer.draft import Draft, as_draft
from retrieval.answer.values import Amount, Judged, Listing, Missing, Result, Words
from retrieval.answer.wording import added, divided, listed, say, shown, value_of, what, when
from retrieval.figures.cells import Reading
from retrieval.figures.parts import INCOME_TOTALS, SPENDING_TOTALS, TOTALS
from retrieval.figures.readings import same_amount
from retrieval.question import expression as q

MOST_LISTED = 40
MOST_READINGS = 3
YEAR = say("verdict", "year")


def tell(node: Any, value: Result) -> Draft | None:
    """The draft of an answer; None for what is missing."""
    if isinstance(value, Missing):
        return None
    if isinstance(value, Words):
        return as_draft(value)
    if isinstance(value, Judged):
        return _judged(value)
    if isinstance(value, Listing):
        return _listing(node, value)
    if isinstance(node, q.Less) and value.text == "beside":
        return _amount(node.whole, replace(value, text=""))
    if isinstance(node, q.Less) and not value.parts:
        whole = _amount(node.whole, replace(value, text=""))  # nothing of what is left out was in it
        return replace(whole, text=whole.text + value.text)
    return _amount(node, value)


def _evidence(amounts: Sequence[Amount]) -> dict[str, Any]:
    readings = tuple(dict.fromkeys(reading for amount in amounts for reading in amount.readings))
    cited = tuple(dict.fromkeys(cited for amount in amounts for cited in amount.cited))
    steps = tuple(dict.fromkeys(step for amount in amounts for step in amount.steps))
    tables = any(reading.stated is None for reading in readings)
    prose = bool(cited) or any(reading.stated is not None for reading in readings)
    route = "both" if tables and prose else "tables" if tables or not prose else "narrative"
    return {"readings": readings, "cited": cited, "steps": steps, "route": route}


def _judged(value: Judged) -> Draft:
    text = say("verdict", value.verdict if value.verdict in ("supported", "refuted") else "partly", facts=value.fact)
    more = tuple(one for amount in value.amounts for one in (amount.value, *amount.beside, *(part for _, part in amount.parts)))
    return Draft(text, tuple(dict.fromkeys((*value.values, *more))), verdict=value.verdict, **_evidence(value.amounts))


def _amount(node: Any, amount: Amount) -> Draft:
    place = amount.place
    fields = {"who": amount.who, "when": when(place) if place else "", "what": amount.label, "amount": shown(amount.value)}
    values = (amount.value, *(part for _, part in amount.parts))
    match node:
        case _ if amount.text == "natures" or (isinstance(node, q.Sum) and amount.parts):
            text = say("computed", "sum", parts=added(amount.parts), **{**fields, **_together(amount)})
        case q.Minus():
            text, values = _apart(amount)
        case q.Less():
            (whole, _), *out = amount.parts
            fields.update(what=whole, without="、".join(name for name, _ in out))
            text = say("computed", "without", parts=" - ".join(f"{name}{shown(part)}" for name, part in amount.parts), **fields)
        case q.Ratio(form="percent") if amount.text:
            fields.update(_together(amount), part=amount.parts[0][0], percent=fields["amount"], quote=amount.text)
            text, values = say("computed", "share_printed", **fields), (amount.value, amount.parts[0][1])
        case q.Ratio(form="percent" | "times"):
            (part, _), (whole, _) = amount.parts
            fields.update(_together(amount), part=part, whole=whole, percent=fields["amount"], parts=divided(amount.parts))
            text = say("computed", "share" if node.form == "percent" else "multiple", **fields)
        case q.Ratio():
            text = say("computed", "each", parts=divided(amount.parts), **{**fields, "what": amount.parts[0][0]})
        case q.Change():
            text, values = _changed(node, amount, fields)
        case q.Mean():
            text = say("computed", "mean", parts=listed(amount.parts), count=len(amount.parts), **fields)
            values = (amount.value, *amount.beside, *(part for _, part in amount.parts))
        case q.Quote():
            text, values = amount.text, (amount.value,)
        case q.Nth():
            return _nth(node, amount)
        case q.Place():
            own, best = amount.parts
            names = {"what": own[0], "amount": shown(own[1]), "first": best[0], "first_amount": shown(best[1])}
            where = {"where": f"{amount.who}{fields['when']}", "place": amount.value.amount, "count": shown(amount.beside[1])}
            text = say("ranked", "place_most", **where, **names)
            values = (own[1], amount.value, best[1])
        case q.Count():
            text, values = say("ranked", "counted", parts=listed(amount.parts), **fields), (amount.value,)
        case _:
            return _plain(amount)
    return Draft(text, values, **_evidence((amount,)))


def _apart(amount: Amount) -> tuple[str, tuple[Value, ...]]:
    """How far two amounts are apart, and which is more."""
    (first, one), (second, _) = amount.parts
    name = {"up": "difference_more", "down": "difference_less"}.get(amount.direction or "", "difference_none")
    told = shown(one if name == "difference_none" else amount.value)
    text = say("computed", name, first=first, second=second, amount=told, parts=listed(amount.parts), **_together(amount))
    return text, (amount.value, *amount.beside, *(value for _, value in amount.parts))


def _together(amount: Amount) -> dict[str, str]:
    """Whose and when, where all parts share it; the parts say it themselves where they differ."""
    place, names = amount.place, "".join(name for name, _ in amount.parts)
    names_it = place is not None and place.agency.name in names
    mixed = YEAR in names or names_it
    return {"who": "" if names_it else amount.who, "when": when(place) if place is not None and not mixed else ""}


def _plain(amount: Amount) -> Draft:
    """One figure, with its other readings where they differ."""
    place, item = amount.place, amount.item
    fields = {"who": amount.who, "year": place.year if place else "", "what": amount.label}
    if amount.text == "derived":
        (now, now_value), (verb, gap) = amount.parts
        base = {"base": now.rstrip(YEAR), "base_amount": shown(now_value), "change": verb + shown(gap)}
        text = say("lookup", "derived", **fields, amount=shown(amount.value), **base)
        return Draft(text, (amount.value, now_value, gap), **_evidence((amount,)))
    if amount.parts:  # budget and final accounts
        text = say("lookup", "both_kinds", **fields, parts=listed(amount.parts))
        return Draft(text, tuple(value for _, value in amount.parts), **_evidence((amount,)))
    text = say("lookup", "one", who=amount.who, when=when(place) if place else "", what=amount.label, amount=shown(amount.value))
    values = [amount.value]
    readings = [amount.readings[0]] if amount.readings else []
    if item is not None and amount.readings and amount.readings[0].stated is None:
        for other in _others(amount):
            told = value_of(other)
            text += say("lookup", "other", what=what(item, other, with_fund=item.item not in TOTALS), amount=shown(told))
            values.append(told)
            readings.append(other)
    evidence = _evidence((amount,))
    evidence["readings"] = tuple(dict.fromkeys((*readings, *amount.readings)))
    return Draft(text, tuple(values), **evidence)


def _others(amount: Amount) -> list[Reading]:
    """Other readings worth telling: another fund or portion of the same name, each amount once."""
    item = amount.item
    found: list[Reading] = []
    first = amount.readings[0]
    for reading in amount.others:
        if reading.stated is not None or not reading.cells:
            continue
        if item is not None and item.item in (*SPENDING_TOTALS, *INCOME_TOTALS) and item.fund is None:
            if first.cells and first.first.kind == "final" and _is_wider(reading, first):
                found.append(reading)
            continue  # all income and spending are those of all funds
        if (reading.first.fund, reading.first.portion) == (first.first.fund, first.first.portion):
            continue
        if any(same_amount(reading, known) for known in (first, *found)):
            continue
        found.append(reading)
    return found[: MOST_READINGS - 1]


def _is_wider(reading: Reading, first: Reading) -> bool:
    """Whether a reading is the total with what is carried over, beside the year's own: 支出总计 beside 本年支出合计."""
    alike = (reading.fund, reading.first.flow, reading.first.table_id) == (first.fund, first.first.flow, first.first.table_id)
    return alike and reading.first.item != first.first.item and reading.value > first.value


def _changed(node: q.Change, amount: Amount, fields: dict[str, str]) -> tuple[str, tuple[Value, ...]]:
    direction = {"up": "increase", "down": "decrease", "same": "same"}[amount.direction or "same"]
    place, since = amount.place, amount.parts[1][0] if len(amount.parts) == 2 else ""
    before = since.rstrip(YEAR) if since.endswith(YEAR) else str(place.year - 1) if place else ""
    beside = "，".join(shown(one) for one in amount.beside)
    if not amount.parts:
        if direction == "same":
            return say("computed", "stated_same", **fields), (amount.value,)
        told = say("verbs", direction) + shown(amount.value) + (f"（{beside}）" if beside else "")
        return say("computed", f"stated_{direction}", **{**fields, "amount": told}), (amount.value, *amount.beside)
    if since and not since.endswith(YEAR):
        return _apart(amount)
    told = shown(amount.value) + (f"（{beside}）" if beside and node.form != "amount" else "")
    name = "growth" if node.form == "rate" else "change"
    fields.update(year=before, amount=told, percent=told, parts=listed(amount.parts))
    text = say("computed", f"{name}_{direction}", **fields)
    return text, (amount.value, *amount.beside, *(value for _, value in amount.parts))


def _nth(node: q.Nth, amount: Amount) -> Draft:
    fields = {"who": "" if amount.who == amount.label else amount.who, "when": when(amount.place) if amount.place else ""}
    within = within_of(node.series)
    others = "，".join(f"{name}{shown(value)}" for name, value in amount.parts[:4])
    by = isinstance(node.series, q.By) and isinstance(node.series.function, q.Change)
    told = _moved(amount) if by else shown(amount.value)
    measure = say("ranked", "measure_share" if amount.value.unit == "%" else "measure_amount" if amount.is_money else "measure_number")
    name = "nth_by" if by else f"nth_{node.order}" if node.place == 1 else f"nth_place_{node.order}"
    if node.after is not None:
        name, fields["after"] = "nth_next", next((pick.item.said for pick in q.picks(node.after) if pick.item is not None), "")
    text = say("ranked", name, within=within, first=amount.label, amount=told, parts=others, measure=measure, place=node.place, **fields)
    shown_parts = tuple(value for _, value in amount.parts[:4] if value != amount.value)
    if node.place > 1:
        shown_parts = (*shown_parts, Value(Decimal(node.place), say("ranked", "place_unit")))
    return Draft(text, (amount.value, *(amount.beside[:1] if by else ()), *shown_parts), **_evidence((amount,)))


def _moved(amount: Amount) -> str:
    name = {"up": "increase", "down": "decrease"}.get(amount.direction or "", "")
    return (say("verbs", name) if name else "") + shown(amount.value)


def _names(nodes: Sequence[Any]) -> list[str]:
    items = [one.item for one in nodes if isinstance(one, q.Pick) and one.item is not None]
    return [one.affiliate if one.affiliate and one.item in (*INCOME_TOTALS, *SPENDING_TOTALS) else one.item or one.said for one in items]


def _without(parts: Sequence[Any]) -> str:
    return say("computed", "less", parts="、".join(_names(parts)))


def within_of(series: Any) -> str:
    """What is ranked, in words: 各项目."""
    match series:
        case q.Each(of=of, over=over):
            named = over == "parts" and of.item is not None and of.item.item
            return say("series", "parts_of", what=named) if named else say("series", over)
        case q.By(series=inner, function=q.Less(parts=parts)):
            return within_of(inner) + next(iter(_names((next(iter(q.picks(inner)), None),))), "") + _without(parts)
        case q.Less(whole=inner, parts=parts):
            return within_of(inner) + _without(parts)
        case q.By(series=inner) | q.Where(series=inner) | q.Top(series=inner):
            return within_of(inner)
        case _:
            return ""


def _listing(node: Any, listing: Listing) -> Draft:
    members = listing.members[:MOST_LISTED]
    place = listing.place
    dated = when(place) if place else ""
    if not members:
        text = say("ranked", "none", who=place.agency.name if place else "", when=dated, within=within_of(node))
        return Draft(text, **_evidence(listing.compared))
    parts = "，".join(f"{name}{_moved(one) if listing.words == 'by' else shown(one.value)}" for name, one in members)
    values = tuple(one.value for _, one in members)
    agencies = {one.who for _, one in members}
    within = within_of(node) or (listing.label if len({one.label for _, one in members}) == 1 else "")
    who = "" if len(agencies) > 1 else members[0][1].who
    if isinstance(node, q.Top) and node.count is not None:
        text = say("ranked", node.order, who=who, when=dated, within=within, count=len(members), parts=parts)
    elif listing.over == "years":
        text = say("computed", "trend", who=who, what=listing.label, parts=parts)
    else:
        of_one = listing.over != "named" or len({one.place.year for _, one in members if one.place}) == 1
        text = say("ranked", "listed", who=who, when=dated if of_one else "", within=within, parts=parts)
    chart = tuple(Point(name, one.value) for name, one in members)
    return Draft(text, values, chart=chart, **_evidence([one for _, one in members]))
