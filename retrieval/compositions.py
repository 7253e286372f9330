"""Items that a disclosure's forms leave out, made of the printed items that they consist of.

The rules are in data/vocabulary/compositions.csv, each with its source. A sum is put forward only where the arithmetic proves
it: with the rest of its whole (人员经费 + 公用经费) it equals the whole that is printed (基本支出), or no whole is printed at all.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from retrieval.draft import Draft
from retrieval.lookups import one
from retrieval.pairing import added
from retrieval.places import Desk
from retrieval.plan import Asked, Plan
from retrieval.sums import add
from retrieval.wording import say, shown, when

_COMPOSITIONS = Path(__file__).parent.parent / "data" / "vocabulary" / "compositions.csv"


@dataclass(frozen=True, slots=True)
class Composition:
    """What an item consists of; `may_lack` are parts that many agencies don't have; `rest` fills it up to `whole`."""

    parts: tuple[str, ...]
    may_lack: tuple[str, ...]
    rest: str
    whole: str


def composed(desk: Desk, plan: Plan, asked: Asked) -> Draft | None:
    """The sum of the parts of `asked` (元, exact), each of basic spending; None where a part is missing or it isn't proved."""
    rule = compositions().get(asked.item or "")
    if rule is None:
        return None
    found = _sum_of(desk, plan, asked, rule)
    if found is None or not _is_proved(desk, plan, asked, rule, found):
        return None
    parts = "、".join(reading.first.item for reading in found.readings)
    if found.steps:
        place = next(desk.facts(plan, asked)).place
        fields = {"who": place.agency.name, "when": when(place), "what": asked.item, "amount": shown(found.values[0])}
        told = tuple((reading.first.item, value) for reading, (_, value) in zip(found.readings, found.steps[0].parts, strict=True))
        found = replace(found, text=say("fallback", "composed", parts=added(told), **fields))
    return replace(found, assumptions=(*found.assumptions, say("fallback", "made_of", what=asked.item, parts=parts)))


def _sum_of(desk: Desk, plan: Plan, asked: Asked, rule: Composition) -> Draft | None:
    named = [replace(asked, said=part, item=part, names=(part,), portion="basic") for part in (*rule.parts, *rule.may_lack)]
    there = [item for item in named if any(fact.readings for fact in desk.facts(plan, item))]
    if any(part not in {item.item for item in there} for part in rule.parts):
        return None
    if len(there) > 1:
        return add(desk, replace(plan, operation="sum", items=tuple(there), over="items"))
    fact = next(fact for fact in desk.facts(plan, there[0]) if fact.readings)
    return one(replace(fact, asked=asked, readings=fact.readings[:1]), plan.unit)


def _is_proved(desk: Desk, plan: Plan, asked: Asked, rule: Composition, found: Draft) -> bool:
    """Whether the sum and the rest of its whole equal the printed whole (to a rounding of the last digit)."""
    rest_rule = compositions().get(rule.rest)
    whole = next((fact for fact in desk.facts(plan, Asked(rule.whole, rule.whole, (rule.whole,))) if fact.readings), None)
    if rest_rule is None or whole is None:
        return rule.may_lack == ()
    printed = next((f for f in desk.facts(plan, Asked(rule.rest, rule.rest, (rule.rest,))) if f.readings), None)
    rest = printed.readings[:1] if printed is not None else ()
    if not rest:
        other = _sum_of(desk, plan, replace(asked, item=rule.rest, said=rule.rest, names=(rule.rest,)), rest_rule)
        rest = other.readings if other is not None else ()
    total = sum((reading.value for reading in (*found.readings, *rest)), Decimal(0))
    step = max((cell.step for reading in whole.readings for cell in reading.cells), default=Decimal(1))
    return any(abs(total - reading.value) <= step * 2 for reading in whole.readings)


@cache
def compositions() -> Mapping[str, Composition]:
    """Item → what it consists of. Raises KeyError if the file lacks a column."""
    with _COMPOSITIONS.open(encoding="utf-8", newline="") as file:
        return {
            row["item"]: Composition(_split(row["parts"]), _split(row["may_lack"]), row["rest"], row["whole"])
            for row in csv.DictReader(file)
        }


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("+")) if text else ()
