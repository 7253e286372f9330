"""What is added, taken off, set apart or averaged: amounts of which each is a printed figure, or is made of such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.pairing import paired
from retrieval.answer.values import Amount, Instead, Listing, Missing, Result
from retrieval.answer.wording import KIND_NAMES, money, say, value_of, what
from retrieval.evaluating.picks import year_name
from retrieval.evaluating.rows import TOTALS, is_own_row
from retrieval.figures.cells import Reading
from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC, VEHICLES, is_part_of
from retrieval.language.lattice import BOUGHT
from retrieval.language.phrases import OWN, is_fund
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick

if TYPE_CHECKING:
    from retrieval.answering.evaluate import Evaluator

MOST_NAMED = 4  # addends that stand in the name of a sum


def made_of(amounts: Sequence[Amount], number: Decimal, value: Value, *steps: Step, **more: Any) -> Amount:
    """What is computed of several amounts, with all that stands behind each; called like the first, if nothing else is said."""
    first = amounts[0]
    readings = dict.fromkeys(reading for one in amounts for reading in one.readings)
    cited = dict.fromkeys(cited for one in amounts for cited in one.cited)
    made = Amount(number, value, tuple(readings), first.label, first.place, first.item, cited=tuple(cited), who=first.who)
    return replace(made, steps=(*(step for one in amounts for step in one.steps), *steps), **more)


def computed(evaluator: Evaluator, number: Decimal, *amounts: Amount) -> Value:
    """A computed number as it is shown: in the unit of what it is computed of, with the digits printed there."""
    unit = amounts[0].value.unit
    if not amounts[0].is_money:
        return Value(number.normalize() if number == number.to_integral() else number, unit)
    free = evaluator.unit is not None or any(one.value.unit != unit for one in amounts)
    return money(number, evaluator.unit or unit, None if free else max(one.decimals for one in amounts))


def total(evaluator: Evaluator, node: q.Sum) -> Result:
    """Amounts added, each figure once."""
    amounts: list[Amount] = []
    for part in node.parts:
        amounts += evaluator.amounts(part, amounts)
    if not amounts:
        return Missing("no_members")
    if len(amounts) == 1 and isinstance(node.parts[0], q.Each):
        return amounts[0]
    if len({"" if amount.is_money else amount.value.unit for amount in amounts}) > 1:
        return Missing("mixed_units", found=tuple(amounts))
    kept: list[Amount] = []
    for amount in amounts:
        if not any(amount.figures & other.figures for other in kept):
            kept.append(amount)
    for whole in kept:
        for part in kept:
            if part is not whole and contains(evaluator, whole, part):
                return Missing("contained", found=(whole, part))
    number = sum((amount.number for amount in kept), Decimal(0))
    value, parts = computed(evaluator, number, *kept), named_parts(kept)
    said = list(dict.fromkeys(name for name, _ in parts))
    label = "、".join(said[:MOST_NAMED]) + (say("computed", "more") if len(said) > MOST_NAMED else "")
    return made_of(kept, number, value, Step("sum", value, parts), label=label, parts=parts)


def contains(evaluator: Evaluator, whole: Amount, part: Amount) -> bool:
    """Whether an amount is in another one already: as its printed part, or as that of a unit of the same department."""
    if part.readings and whole.readings and is_part_of(part.readings[0], whole.readings[0]):
        return True
    if whole.place is None or part.place is None or whole.place.agency is part.place.agency or whole.label != part.label:
        return False
    return evaluator.desk.includes(whole.place, part.place.agency)


def mean(evaluator: Evaluator, node: q.Mean) -> Result:
    """The mean of a series."""
    series = evaluator.listing(node.of)
    amounts = [amount for _, amount in series.members]
    if not amounts:
        return Missing("no_members")
    number = sum((amount.number for amount in amounts), Decimal(0))
    unit, is_money = evaluator.unit or amounts[0].value.unit, amounts[0].is_money
    whole = money(number, unit) if is_money else Value(number, unit)
    value = money(number / len(amounts), unit, 2) if is_money else Value((number / len(amounts)).quantize(Decimal("0.01")), unit)
    parts = tuple((name, amount.value) for name, amount in series.members)
    count = Value(Decimal(len(amounts)), say("computed", "members"))
    steps = (Step("sum", whole, parts), Step("per_head", value, (("", whole), ("", count))))
    return made_of(amounts, number / len(amounts), value, *steps, label=series.label, item=None, parts=parts, beside=(whole,))


def minus(evaluator: Evaluator, node: q.Minus) -> Result:
    """One amount less another."""
    one, other = two(evaluator, node.left, node.right)
    if replace(one, readings=one.readings[:1]).figures & replace(other, readings=other.readings[:1]).figures:
        return Missing("insane", found=(one, other))  # two words for one figure differ by nothing
    gap = one.number - other.number
    number = gap if node.signed else abs(gap)
    value, parts = computed(evaluator, number, one, other), named_parts((one, other))
    step = Step("difference", value, parts if gap >= 0 or node.signed else parts[::-1])
    label = "、".join(name for name, _ in parts)
    return made_of((one, other), number, value, step, label=label, parts=parts, direction=way(gap))


def way(gap: Decimal) -> q.Direction:
    """Which way an amount moved by a gap."""
    return "same" if gap == 0 else "up" if gap > 0 else "down"


def two(evaluator: Evaluator, left: Any, right: Any) -> tuple[Amount, Amount]:
    """Two amounts that can be set against each other. Raises Instead."""
    one, other = in_pair(evaluator, *evaluator.both(left, right))
    if one.is_money != other.is_money:
        raise Instead(Missing("mixed_units", found=(one, other)))
    if left != right and isinstance(left, q.Nth) and one.number == other.number and one.figures & other.figures:
        raise Instead(Missing("unknown_item", found=(one,)))  # the largest of several, and itself
    if isinstance(left, Pick) and isinstance(right, Pick) and left != right and not one.steps and one.figures & other.figures:
        raise Instead(Missing("unknown_item", right, found=(one,)))  # two things, and one figure for both
    return one, other


def in_pair(evaluator: Evaluator, one: Amount, other: Amount) -> tuple[Amount, Amount]:
    """Two printed figures as they are printed about the same money."""
    if not (one.is_plain and other.is_plain):
        return one, other
    upper, lower = paired(_alternatives(one), _alternatives(other))
    return as_read(evaluator, one, upper), as_read(evaluator, other, lower)


def _alternatives(amount: Amount) -> tuple[Reading, ...]:
    """The readings of which the one that suits another amount is taken; all spending is that of all funds, unless a fund is said."""
    whole = amount.item is not None and amount.item.item in TOTALS and amount.item.fund is None
    whole = whole or amount.readings[0].stated is not None  # what prose tells of all of it, before a table's basic spending
    return amount.readings[:1] if whole else (amount.readings[0], *amount.others)


def as_read(evaluator: Evaluator, amount: Amount, reading: Reading) -> Amount:
    """An amount by another of its readings."""
    if reading is amount.readings[0]:
        return amount
    label = what(amount.item, reading) if amount.item else amount.label
    return replace(amount, readings=(reading,), number=reading.value, value=value_of(reading, evaluator.unit), label=label)


def less(evaluator: Evaluator, node: q.Less) -> Result:
    """A whole without some of its parts."""
    if isinstance(node.whole, (q.Each, q.Named)):
        return _series_less(evaluator, node)
    whole = evaluator.amount(node.whole)
    apart = [_of_its_fund(node.whole, part) for part in node.parts if not is_apart(whole.item, part)]
    if not apart:  # nothing of it is in the whole
        return replace(whole, label=whole.label + _left_out(one.item.said for one in q.picks(q.Sum(node.parts)) if one.item))
    parts: list[Amount] = []
    for part in apart:
        parts += evaluator.amounts(part, (whole, *parts))
    if not parts:
        return Missing("unknown_item", found=(whole,))
    if any(_are_siblings(whole, part) for part in parts):
        note = say("computed", "not_taken_off", parts="、".join(part.label for part in parts))
        evaluator.notes.append(note)
        return replace(whole, text=note)
    if all(part.is_plain for part in parts):
        whole, parts[0] = in_pair(evaluator, whole, parts[0])
    number = whole.number - sum((part.number for part in parts), Decimal(0))
    if number < 0 or (number == 0 and len(parts) > 1):  # nothing is asked that way: one of them was meant to stay
        return Missing("insane", found=(whole, *parts))
    value, told = computed(evaluator, number, whole, parts[0]), named_parts((whole, *parts))
    label = whole.label + _left_out(name for name, _ in told[1:])
    return made_of((whole, *parts), number, value, Step("difference", value, told), label=label, parts=told)


def _left_out(names: Any) -> str:
    return say("computed", "less", parts="、".join(names))


def _series_less(evaluator: Evaluator, node: q.Less) -> Result:
    """A series without some of its members, each by the figure that it is or by its name."""
    series, taken = evaluator.listing(node.whole), set[frozenset[str]]()
    for part in node.parts:
        value = evaluator.value(part)
        if isinstance(value, Listing):
            taken |= {amount.figures for _, amount in value.members}
        elif isinstance(value, Amount):  # beside one by its rank, those next to it are told
            taken.add(replace(value, readings=value.readings[:1]).figures if isinstance(part, q.Nth) else value.figures)
    labels = {part.item.affiliate or part.item.said for part in node.parts if isinstance(part, Pick) and part.item is not None}
    agency = series.place.agency.name if series.place is not None else ""

    def is_out(name: str, amount: Amount) -> bool:
        return amount.figures in taken or any(is_own_row(name, agency) if one == OWN else one in name for one in labels if one)

    kept = tuple((name, amount) for name, amount in series.members if not is_out(name, amount))
    already = OWN in labels and (not isinstance(node.whole, q.Each) or node.whole.below)  # its own level was never in it
    if len(series.members) - len(kept) < max(1, sum(isinstance(part, Pick) for part in node.parts)) - already:
        return Missing("unknown_item", named="、".join(labels))  # one of them is no member
    dropped = labels or {name for name, _ in series.members} - {name for name, _ in kept}
    return replace(series, members=kept, label=series.label + ("" if already else _left_out(sorted(dropped))))


def is_apart(whole: Item | None, part: Any) -> bool:
    """Whether a thing that is left out was never in the whole: another fund's money, or none of the parts that make it up."""
    item = part.item if isinstance(part, Pick) else None
    if whole is None or item is None:
        return False
    if whole.fund is not None and item.flow == "income" and item.fund not in (None, whole.fund):
        return True
    if whole.item == item.item:
        return False
    if {whole.item, item.item} <= BOUGHT:
        return True
    inner = PARTS_OF.get(whole.item or "", ())
    if whole.item in (THREE_PUBLIC, VEHICLES):  # the forms list all that they are made of
        return item.item not in inner
    return item.item not in inner and any({whole.item, item.item} <= set(parts) for parts in PARTS_OF.values())  # 养车不算买车


def _of_its_fund(whole: Any, part: Any) -> Any:
    """What a fund pays of a thing, where the fund alone is taken off it (项目支出里刨掉一般公共预算安排的)."""
    if not (isinstance(whole, Pick) and isinstance(part, Pick) and whole.item is not None and part.item is not None):
        return part
    of_money = is_fund(whole.item) or whole.item.flow == "income" or whole.item.fund is not None
    return part if of_money or not is_fund(part.item) else replace(part, item=replace(whole.item, fund=part.item.fund))


def _are_siblings(one: Amount, other: Amount) -> bool:
    """Whether two printed figures stand beside each other in one classification, so that neither holds the other (差旅费, 水费)."""
    cells = [[cell for reading in (*each.readings, *each.others) for cell in (*reading.cells, *reading.twins)] for each in (one, other)]
    codes = [{(cell.classification, cell.code) for cell in some if cell.code and len(cell.code) > 3} for some in cells]
    return any(a[0] == b[0] and a[1] != b[1] and len(a[1] or "") == len(b[1] or "") for a in codes[0] for b in codes[1])


def named_parts(amounts: Sequence[Amount]) -> tuple[tuple[str, Value], ...]:
    """The amounts with names that tell each from the others: by thing, agency, year or kind, as they differ."""
    places = [amount.place for amount in amounts if amount.place is not None]
    several = [len(set(some)) > 1 for some in (
        [amount.who for amount in amounts], [place.year for place in places], [place.meant for place in places],
        [amount.label for amount in amounts],
    )]  # fmt: skip
    found: list[tuple[str, Value]] = []
    for amount in amounts:
        year = year_name(amount.place.year) if amount.place is not None else ""
        kind = KIND_NAMES[amount.place.meant] if amount.place is not None else ""
        name = "".join(bit for bit, tells in zip((amount.who, year, kind, amount.label), several, strict=True) if tells)
        found.append((name or amount.label, amount.value))
    return tuple(found)
