"""How a figure changed, as the prose of its own disclosure states it: the amount, and the rate where one is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.figures.cells import Stated
from retrieval.figures.parts import CALLED, TOTALS
from retrieval.figures.stated import is_explicit, stated_rank
from retrieval.question.expression import Item
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.figures.places import Desk, Place

_AGAINST_BUDGET = re.compile(CALLED["words"]["against_budget"])
RATE_ROUNDING = Decimal("0.6")  # percentage points: rates are printed with none to two decimals


def stated_change(desk: Desk, asked: Item, place: Place) -> tuple[Stated, ...]:
    """What the prose of `place` says about how `asked` changed: the amount, the rate."""
    if asked.portion is not None or asked.affiliate is not None:
        return ()  # what is told of the whole is not told of a part of it
    prose = desk.shelf.stated(place.disclosure.disclosure_id)
    is_total = asked.item in TOTALS
    ranked = [
        (rank, one)
        for one in prose
        if (rank := stated_rank(asked, one)) is not None
        and (asked.fund in (None, one.fund) or (one.fund is None and not is_total))
        and (one.about_year or place.year) == place.year
        and not (one.change is not None and _AGAINST_BUDGET.search(one.quote))
    ]
    found = [(rank, one) for rank, one in ranked if one.measure in ("change", "change_rate") or one.change is not None]
    if is_total and asked.fund is None:
        found = [(rank, one) for rank, one in found if one.fund in ("all", None)]
    elif asked.fund is not None:  # what is told of that fund, before what is told without saying of which
        found = [(rank, one) for rank, one in found if one.fund == asked.fund] or found
    if not found:
        return _change_of_equal(desk, asked, place, prose)
    order = [(rank, one.fund not in ("all", None), one.measure == "change_rate", one.figure_id) for rank, one in found]
    rank, home = found[order.index(min(order))]
    together = [one for other, one in found if one.passage_id == home.passage_id and other == rank and one.fund == home.fund]
    before = [one for _, one in ranked if one.figure_id < home.figure_id and one.passage_id == home.passage_id]
    several = len({one.value for one in together if one.measure == "change"}) > 1
    if several and not is_explicit(asked, home) and not (before and is_explicit(asked, before[-1])):
        return ()
    told = _amount_and_rate(together, home)
    now = [reading.value for reading in desk.find(asked, place).readings]
    if _is_consistent(told, now, prose):
        return told
    follows = bool(before) and before[-1].item == home.item and before[-1].change is None and before[-1].measure != "share"
    fits = follows and before[-1].amount in now
    return tuple(one for one in told if one.measure == "change") if fits else ()  # 18.6万元，较上年减少24.5万元（43%）: a wrong rate


def _is_consistent(told: Sequence[Stated], now: Sequence[Decimal], prose: Sequence[Stated]) -> bool:
    """Whether amount and rate of a change fit the figure that changed: else they are told of something else near by."""
    amount = next((one.amount for one in told if one.measure == "change" and one.amount is not None), None)
    rate = next((one for one in told if one.measure == "change_rate"), None)
    if amount is None or rate is None:
        return True
    beside = {one.passage_id for one in told}
    near = (one.amount for one in prose if one.passage_id in beside and one.measure in ("budget", "final") and one.change is None)
    moved = -amount if rate.change == "increase" else amount
    before = [value + moved for value in (*now, *near) if value is not None and value + moved]
    return not before or any(abs(abs(amount / value * 100) - rate.number) <= RATE_ROUNDING for value in before)


def _change_of_equal(desk: Desk, asked: Item, place: Place, prose: Sequence[Stated]) -> tuple[Stated, ...]:
    """The change told of another total that is equal to `asked` this year (all spending is 一般公共预算拨款支出, say)."""
    fact = desk.find(asked, place) if asked.item in TOTALS and asked.fund is None else None
    if fact is None or not fact.readings:
        return ()
    for one in prose:
        is_total = one.measure in ("budget", "final") and one.flow in (asked.flow, None) and one.change is None
        if is_total and is_rounded(one, fact.first.value):
            told = [other for other in prose if (other.passage_id, other.item) == (one.passage_id, one.item) and other.change is not None]
            if told:
                return _amount_and_rate(told, told[0])
    return ()


def is_rounded(one: Stated, amount: Decimal) -> bool:
    """Whether a statement gives an amount, as far as its digits go (12,122万元 of 121,224,000元)."""
    scale = MONEY_UNITS.get(one.unit)
    if one.amount is None or scale is None:
        return False
    return abs(one.amount - amount) <= Decimal(1).scaleb(-len(one.cell.partition(".")[2])) * scale / 2


def _amount_and_rate(together: Sequence[Stated], home: Stated) -> tuple[Stated, ...]:
    """The change from `home` on: its amount, and the rate told of it."""
    later = together[together.index(home) :]
    amount = next((one for one in later if one.measure != "change_rate" and one.unit in MONEY_UNITS), None)
    rate = next((one for one in later if one.measure == "change_rate" and one.change == home.change), None)
    return tuple(one for one in (amount, rate) if one is not None) or (home,)
