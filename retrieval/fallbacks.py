"""What can still be said where the very thing asked for is not printed: the figure without its comparison, or its parts.

Both are tried after everything else found nothing, and both say what they are: a figure whose earlier value nobody
published, or a sum of the items that make up the one asked for (data/vocabulary/compositions.csv, with the rule behind each).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from retrieval import lookups, over_years, sums
from retrieval.draft import Draft
from retrieval.places import Desk
from retrieval.plan import Asked, Plan
from retrieval.wording import say

THREE_PUBLIC = "三公经费"
_COMPOSITIONS = Path(__file__).parent.parent / "data" / "vocabulary" / "compositions.csv"


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


def made_of(desk: Desk, plan: Plan) -> Draft | None:
    """A sum of the printed items that make up an item which the forms of this disclosure leave out (元, exact)."""
    if plan.operation != "lookup" or len(plan.items) != 1:
        return None
    asked = plan.items[0]
    parts = compositions().get(asked.item or "")
    if parts is None:
        return None
    items = tuple(replace(asked, said=part, item=part, names=(part,), portion="basic") for part in parts)
    found = sums.add(desk, replace(plan, operation="sum", items=items))
    if found is None:
        return None
    note = say("fallback", "made_of", what=asked.item, parts="、".join(parts))
    return replace(found, assumptions=(*found.assumptions, note))


@cache
def compositions() -> Mapping[str, tuple[str, ...]]:
    """Item → the items that it consists of. Raises KeyError if the file lacks a column."""
    with _COMPOSITIONS.open(encoding="utf-8", newline="") as file:
        return {row["item"]: tuple(row["parts"].split("+")) for row in csv.DictReader(file)}
