"""What is added, taken off, set apart, averaged or divided: amounts of which each is a printed figure, or is made of such."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.values import Amount, Listing, Missing, Result, sure
from retrieval.answer.wording import money, percent, say, value_of
from retrieval.evaluating.picks import (
    INCOME,
    PROJECTS,
    SPENDING,
    TOTALS,
    computed,
    in_pair,
    made_of,
    named_pair,
    named_parts,
    printed_shares,
    two,
    way,
)
from retrieval.figures.cells import is_part_of
from retrieval.figures.parts import PARTS_OF, PORTION_OF, THREE_PUBLIC, VEHICLES
from retrieval.figures.readings import NATURES
from retrieval.figures.things import BOUGHT, OWN, is_fund, is_own_row
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from store.vocabulary import vocabulary

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

ROUNDING = Decimal("0.06")  # percentage points: shares are printed with one or two decimals, now and then cut instead of rounded
_LEAST = Decimal("0.00005")  # less is shown as 0.00%
_MOST = Decimal("1.0005")  # a part may exceed its whole by rounding
MOST_NAMED = 4  # addends that stand in the name of a sum


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
    value, parts = computed(evaluator, number, one, other), named_pair(one, other)
    step = Step("difference", value, parts if gap >= 0 or node.signed else parts[::-1])
    label = "、".join(name for name, _ in parts)
    return made_of((one, other), number, value, step, label=label, parts=parts, direction=way(gap))


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
    codes = [_codes(each) for each in (one, other)]
    return any(a[0] == b[0] and a[1] != b[1] and len(a[1]) == len(b[1]) for a in codes[0] for b in codes[1])


def _codes(amount: Amount) -> set[tuple[str | None, str]]:
    """The codes of an amount below those of classes: as they are printed, else as its name alone bears one."""
    cells = [cell for reading in (*amount.readings, *amount.others) for cell in (*reading.cells, *reading.twins)]
    named = vocabulary().codes_by_name.get(amount.item.item or "", ()) if amount.item is not None else ()
    printed = {(cell.classification, cell.code) for cell in cells if cell.code and len(cell.code) > 3}
    return printed or {(one.classification, one.code) for one in named if one.classification == "economic_department" and len(one.code) > 3}


# ── shares ──


def _of_one_year(evaluator: Evaluator, part: Any, whole: Any) -> tuple[Any, Any]:
    """Final accounts and the budget of the same year, where none is said: the latest that has both."""
    of_both = isinstance(part, Pick) and isinstance(whole, Pick) and {part.kind, whole.kind} == {"budget", "final"}
    if not of_both or any(said is not None for said in (part.year, part.earlier, whole.year, whole.earlier)):
        return part, whole
    agency = sure(evaluator.agency_of(part))
    both = set(agency.years("budget")) & set(agency.years("final"))
    return (replace(part, year=max(both)), replace(whole, year=max(both))) if both else (part, whole)


def ratio(evaluator: Evaluator, node: q.Ratio) -> Result:
    """Part ÷ whole."""
    whole = node.whole if node.whole is not None else whole_of(node.part)
    if whole is None:
        return Missing("no_base")
    one, other = evaluator.both(*_of_one_year(evaluator, node.part, whole))
    nature = PORTION_OF.get(other.item.item or "") if other.item is not None else None
    if one.text == "natures" and nature in NATURES and isinstance(node.part, Pick) and node.part.item is not None:
        one = evaluator.amount(replace(node.part, item=replace(node.part.item, portion=nature)))  # what of it is basic, or for projects
    is_share = node.form == "percent"
    if node.form != "each":
        if one.is_money != other.is_money:
            return Missing("mixed_units", found=(one, other))
        one, other = in_pair(evaluator, one, other)
    if other.number == 0 or (one.is_plain and other.is_plain and one.figures & other.figures):
        return Missing("no_base", found=(one, other))
    quotient = one.number / other.number
    apart = any(is_apart(other.item, part) for part in q.picks(node.part))  # 会议费占三公
    if is_share and (apart or 0 < quotient < _LEAST or (quotient > _MOST and not _are_kinds(one, other))):
        return Missing("insane", found=(one, other))
    parts = named_pair(one, other)
    if node.form == "each":
        value, number = money(quotient, evaluator.unit or one.value.unit, 2), quotient
    elif node.form == "times":
        value, number = Value(quotient.quantize(Decimal("0.01")), say("computed", "times")), quotient
    else:
        value, number = percent(quotient), quotient * 100
        for printed in printed_shares(evaluator, one):
            if 0 < abs(printed.value - value.amount) <= ROUNDING:  # but for rounding it is this one
                told = made_of((one, other), printed.value, value_of(printed), label=parts[0][0], parts=parts)
                return replace(told, readings=(*told.readings, printed))
    step = Step("per_head" if node.form == "each" else "share", value, parts)
    return made_of((one, other), number, value, step, label=parts[0][0], parts=parts)


def whole_of(part: Any) -> Any:
    """What a part is a part of, where the question does not say: its printed parent, else the total."""
    if isinstance(part, q.Nth) and isinstance(part.series, q.Each):
        return replace(part.series.of, item=part.series.of.item or (PROJECTS if part.series.over == "projects" else SPENDING))
    if isinstance(part, q.Nth):
        return q.Sum((part.series,))
    if not isinstance(part, Pick) or (item := part.item) is None:
        return None
    whole = INCOME if item.flow == "income" else SPENDING
    if item.affiliate is not None:
        return replace(part, item=SPENDING if item.item in (None, *TOTALS) else replace(whole, affiliate=item.affiliate))  # of its own
    inner = next((name for name, parts in PARTS_OF.items() if item.item in parts and (name == THREE_PUBLIC or item.item in BOUGHT)), None)
    if item.under is not None or inner is not None:
        name = item.under or inner or ""
        return replace(part, item=Item(name, name, (name,), fund=item.fund if item.under is not None else None))
    return replace(part, item=whole if item.flow == "income" else replace(whole, fund=item.fund, table=item.table))


def _are_kinds(one: Amount, other: Amount) -> bool:
    """Whether the two are budget and final accounts, where the part may exceed the whole."""
    mine, theirs = one.place, other.place
    return mine is not None and theirs is not None and (mine.kind, mine.measure) != (theirs.kind, theirs.measure)
