"""How an amount changed since an earlier one: of two printed figures, else as the prose tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.values import Amount, Instead, Missing, Result, sure
from retrieval.answer.wording import money, paired, percent, say, value_of, what
from retrieval.evaluating.picks import amount_of, computed, facts, made_of, named_parts, own_level, two, way, with_title, year_name
from retrieval.figures.cells import Reading, Stated
from retrieval.figures.changes_stated import stated_change
from retrieval.figures.places import Fact, Place
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

_DIRECTIONS: dict[str | None, q.Direction] = {"increase": "up", "decrease": "down", "same": "same"}


def change(evaluator: Evaluator, node: q.Change) -> Result:
    """How far an amount moved, and which way."""
    of, since = node.of, node.since
    if isinstance(of, Pick) and (since is None or _is_the_year_before(evaluator, since, of)):
        return _of_pick(evaluator, node, of)
    since = since if since is not None else q.rebuilt(of, lambda one: _back(evaluator, one))
    if since == of:
        return Missing("no_earlier")
    try:
        now, then = two(evaluator, of, since)
    except Instead as instead:
        missing = instead.result
        return replace(missing, why="no_earlier") if isinstance(missing, Missing) and missing.found else missing
    return _changed(evaluator, node, now, then)


def _back(evaluator: Evaluator, one: Any) -> Any:
    """A pick of the year before."""
    if not isinstance(one, Pick):
        return one
    year = evaluator.year_of(one, sure(evaluator.agency_of(one)))
    return one if year is None else replace(one, year=year - 1, earlier=None)


def _is_the_year_before(evaluator: Evaluator, since: Any, of: Pick) -> bool:
    """Whether an earlier amount is the same thing a year before: then what the prose says of the change counts too."""
    same = isinstance(since, Pick) and (since.item, since.agency) == (of.item, of.agency)
    if not same or (since.kind or of.kind) not in (of.kind, "budget"):
        return False
    return _back(evaluator, of).year == evaluator.year_of(replace(since, kind=of.kind), sure(evaluator.agency_of(of)))


def _of_pick(evaluator: Evaluator, node: q.Change, of: Pick) -> Result:
    """A printed figure against that of the year before."""
    if of.item is None:
        return Missing("nothing_asked", of)
    fact = next((fact for fact in facts(evaluator, of) if fact.readings), None)
    base = fact.place if fact is not None else sure(evaluator.places(of))[0]
    item = fact.asked if fact is not None else with_title(evaluator.desk, of.item, base)
    item = next(iter(own_level(evaluator.desk, item, base)), item)
    stated = stated_change(evaluator.desk, item, replace(base, measure=None)) if base.is_own else ()
    earlier = _earlier(evaluator, item, base)
    if fact is not None and earlier is not None and _is_as_told(fact, earlier, stated):
        now, then = paired(fact.readings, earlier.readings)
        both = (amount_of(evaluator, replace(one, readings=(reading,))) for one, reading in ((fact, now), (earlier, then)))
        found = _changed(evaluator, node, *both)
        more = tuple(Reading((), stated=one) for one in stated)
        return replace(found, readings=(*found.readings, *more)) if isinstance(found, Amount) else found
    if stated:
        return _as_stated(evaluator, node, item, base, fact, stated)
    if fact is None:
        return Missing("unknown_item", of, item.said)
    return Missing("no_earlier", of, item.said, (amount_of(evaluator, fact),))


def _is_as_told(fact: Fact, earlier: Fact, stated: Sequence[Stated]) -> bool:
    """Whether two figures of one disclosure are as far apart as its prose tells: else they are not of what it tells of."""
    told = next((one.amount for one in stated if one.amount is not None and one.measure != "change_rate"), None)
    apart = earlier.place.disclosure.disclosure_id != fact.place.disclosure.disclosure_id
    now, then = paired(fact.readings, earlier.readings)
    return told is None or apart or told == abs(now.value - then.value)


def _earlier(evaluator: Evaluator, item: Item, later: Place) -> Fact | None:
    """The year before: from its own disclosure of the same kind, else from the later one's column for it."""
    year = later.year - 1
    places = [Place(later.agency, one, year) for one in later.agency.find(year, later.kind)]
    if later.year == later.disclosure.year:
        places.append(Place(later.agency, later.disclosure, year))
    return next((fact for place in places if (fact := evaluator.desk.find(item, place)).readings), None)


def _changed(evaluator: Evaluator, node: q.Change, now: Amount, then: Amount) -> Result:
    """The change between two amounts, with its rate where there is one."""
    gap = now.number - then.number
    parts = _dated(now, then)
    points = Value(abs(now.value.amount - then.value.amount), "%")
    amount = points if now.value.unit == "%" else computed(evaluator, abs(gap), now, then)
    rate = percent(abs(gap) / abs(then.number)) if then.number else None
    if node.form == "rate" and rate is None:
        return Missing("no_base", found=(now, then))
    told: dict[str, Any] = {"parts": parts, "direction": way(gap)}
    if node.form == "rate" and rate is not None:
        return made_of((now, then), rate.amount, rate, Step("growth", rate, parts), beside=(amount,), **told)
    step = Step("difference", amount, parts if gap >= 0 else parts[::-1])
    return made_of((now, then), abs(gap), amount, step, beside=(rate,) if rate is not None else (), **told)


def _dated(now: Amount, then: Amount) -> tuple[tuple[str, Value], ...]:
    """Two amounts by their years, where these differ, else by what tells them apart."""
    if now.place is None or then.place is None or now.place.year == then.place.year or now.who != then.who:
        return named_parts((now, then))
    return (year_name(now.place.year), now.value), (year_name(then.place.year), then.value)


def _as_stated(
    evaluator: Evaluator, node: q.Change, item: Item, place: Place, fact: Fact | None, stated: Sequence[Stated]
) -> Result:  # fmt: skip
    """A change as the prose tells it."""
    amount = next((one for one in stated if one.amount is not None and one.measure != "change_rate"), None)
    rate = next((one for one in stated if one.unit == "%"), None)
    told = next((one.change for one in stated if one.change), None)
    direction = "same" if amount is not None and not amount.amount else _DIRECTIONS.get(told)  # 比上年增加0万元
    wanted, other = (rate, amount) if node.form == "rate" else (amount, rate)
    now = amount_of(evaluator, fact) if fact is not None else None
    readings = tuple(Reading((), stated=one) for one in stated)
    said = {one: value_of(Reading((), stated=one), evaluator.unit) for one in (amount, rate) if one is not None}
    label, before = what(item, fact.first if fact is not None else None), now.readings if now is not None else ()

    def told_as(value: Value, **more: Any) -> Amount:
        made = Amount(value.amount, value, (*before, *readings), label, place, item, who=place.agency.name, direction=direction)
        return replace(made, **more)

    if direction == "same":
        unit = now.value.unit if now is not None else "万元"
        return told_as(Value(Decimal(0), "%" if node.form == "rate" else unit))
    if wanted is None and now is not None and amount is not None and direction is not None:  # the rate follows from the two
        was = now.readings[0].value - (amount.value if direction == "up" else -amount.value)
        if was:
            value, then = percent(amount.value / was), money(was, now.value.unit, max(now.readings[0].places, 2))
            parts = ((year_name(place.year), now.value), (year_name(place.year - 1), then))
            gap = Step("difference", then, (parts[0], (say("verbs", told or ""), said[amount])))
            return told_as(value, steps=(gap, Step("growth", value, parts)), parts=parts, beside=(said[amount],))
    wanted, other = (wanted, other) if wanted is not None else (other, None)
    if wanted is None:
        return Missing("no_earlier", found=(now,) if now is not None else ())
    beside = (said[other],) if other is not None else ()
    return told_as(said[wanted], number=wanted.value, readings=(*readings, *before), beside=beside, text="stated")
