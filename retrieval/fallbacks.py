"""What can still be said where the very thing asked for is not printed: the figure without its comparison, or its parts.

All are tried after everything else found nothing, and all say what they are: a figure whose earlier value nobody published,
a sum of the items that make up the one asked for (retrieval/compositions.py), the figures that a question names where
what is to be done with them was not understood.
"""

from __future__ import annotations

from dataclasses import replace

from retrieval import lookups, over_years
from retrieval.clues import INCOME, SPENDING
from retrieval.compositions import composed
from retrieval.draft import Draft, told_together
from retrieval.places import Desk
from retrieval.plan import Asked, Plan
from retrieval.wording import say

THREE_PUBLIC = "三公经费"
_NOT_COMPUTED = frozenset(("verify", "define", "explain", "decline", "clarify"))


def figure_alone(desk: Desk, plan: Plan) -> Draft | None:
    """This year's figure for a question about its change, where no earlier figure and no change is published.

    A part of the 三公 expenses is shown with the change of their total, where that is printed: it is what the document says.
    """
    if plan.operation not in ("difference", "growth", "compare") or plan.over != "years" or len(plan.items) != 1 or len(plan.years) > 1:
        return None
    found = lookups.lookup(desk, replace(plan, operation="lookup", over=None))
    if found is None or not found.readings:
        return None
    if plan.operation != "compare":
        found = replace(found, values=())      # the figure is no answer to by how much it changed
    text = found.text + say("fallback", "no_earlier", what=plan.items[0].item or plan.items[0].said)
    if found.readings[0].stated is None and found.readings[0].first.classification == "three_public" and plan.items[0].item != THREE_PUBLIC:
        total = Asked(said=THREE_PUBLIC, item=THREE_PUBLIC, names=(THREE_PUBLIC,))
        whole = over_years.change(desk, replace(plan, operation="difference", items=(total,)))
        if whole is not None:
            return replace(
                found, text=text + whole.text, readings=(*found.readings, *whole.readings), cited=(*found.cited, *whole.cited), route="both"
            )
    return replace(found, text=text)


def printed_alone(desk: Desk, plan: Plan) -> Draft | None:
    """The printed figures of all that a question names, where nothing was made of them: what is printed is never said not to be."""
    things = [*plan.items, *(one for one in (plan.base, plan.within) if one is not None)]
    if plan.operation in _NOT_COMPUTED or not things or any(one.item is None for one in things) or plan.conditions or plan.claims:
        return None
    years = tuple(sorted({*plan.years, *((plan.about_year,) if plan.about_year is not None else ())}))
    alone = replace(plan, operation="lookup", items=tuple(things), base=None, within=None, over=None, order=None)
    found = lookups.lookup(desk, replace(alone, years=years, about_year=None))
    if found is None or not found.readings:
        return None
    return replace(found, values=(), text=found.text + say("fallback", "only_printed"))


def _income_row(desk: Desk, plan: Plan, asked: Asked) -> Draft | None:
    """The income of a unit below the agency, for a question about its budget where only its income is a row."""
    income = replace(INCOME, affiliate=asked.affiliate)
    found = lookups.lookup(desk, replace(plan, items=(income,)))
    if found is None or not found.values:
        return None
    return replace(found, assumptions=(*found.assumptions, say("assumed", "income_row", who=asked.affiliate)))


def made_of(desk: Desk, plan: Plan) -> Draft | None:
    """A sum of the printed items that make up an item which the forms of this disclosure leave out (元, exact)."""
    if plan.operation != "lookup":
        return None
    if len(plan.items) == 1 and plan.items[0].affiliate is not None and plan.items[0].said == SPENDING.said:
        return _income_row(desk, plan, plan.items[0])
    if len(plan.items) == 1:
        return composed(desk, plan, plan.items[0])
    return told_together([made_of(desk, replace(plan, items=(asked,))) for asked in plan.items])
