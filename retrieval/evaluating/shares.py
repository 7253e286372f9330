"""What part one amount is of another: in percent, in times, or for each of a number of things."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.values import Amount, Missing, Result
from retrieval.answer.wording import money, percent, value_of
from retrieval.evaluating.picks import INCOME, SPENDING
from retrieval.evaluating.rows import TOTALS
from retrieval.evaluating.sums import as_read, in_pair, is_apart, made_of, named_parts
from retrieval.figures.cells import Reading
from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC
from retrieval.figures.readings import NATURES, PORTION_OF
from retrieval.figures.stated import stated_rank
from retrieval.language.lattice import BOUGHT
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick

if TYPE_CHECKING:
    from retrieval.answering.evaluate import Evaluator

ROUNDING = Decimal("0.06")  # percentage points: shares are printed with one or two decimals, now and then cut instead of rounded
_LEAST = Decimal("0.00005")  # less is shown as 0.00%
_MOST = Decimal("1.0005")  # a part may exceed its whole by rounding


def ratio(evaluator: Evaluator, node: q.Ratio) -> Result:
    """Part ÷ whole."""
    whole = node.whole if node.whole is not None else whole_of(node.part)
    if whole is None:
        return Missing("no_base")
    one, other = evaluator.both(node.part, whole)
    nature = PORTION_OF.get(other.item.item or "") if other.item is not None else None
    if one.text == "natures" and nature in NATURES and isinstance(node.part, Pick) and node.part.item is not None:
        one = evaluator.amount(replace(node.part, item=replace(node.part.item, portion=nature)))  # what of it is basic, or for projects
    is_share = node.form == "percent"
    if is_share:
        one = _in_table_of(evaluator, other, one)
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
    parts = named_parts((one, other))
    name = parts[0][0]
    if one.label == other.label and one.label not in name:  # of what the final accounts are set against the budget
        parts = ((one.label + name, parts[0][1]), parts[1])
    if node.form == "each":
        value, number = money(quotient, evaluator.unit or one.value.unit, 2), quotient
    elif node.form == "times":
        value, number = Value(quotient.quantize(Decimal("0.01")), "倍"), quotient
    else:
        value, number = percent(quotient), quotient * 100
        for printed in printed_shares(evaluator, one):
            if 0 < abs(printed.value - value.amount) <= ROUNDING:  # but for rounding it is this one
                told = made_of((one, other), printed.value, value_of(printed), label=name, parts=parts)
                return replace(told, readings=(*told.readings, printed))
    step = Step("per_head" if node.form == "each" else "share", value, parts)
    return made_of((one, other), number, value, step, label=parts[0][0], parts=parts)


def printed_shares(evaluator: Evaluator, part: Amount) -> list[Reading]:
    """The percentages that the prose prints for a part."""
    item = part.item
    if part.place is None or item is None or item.affiliate is not None:
        return []
    stated = evaluator.desk.shelf.stated(part.place.disclosure.disclosure_id)
    return [Reading((), stated=one) for one in stated if one.measure == "share" and one.unit == "%" and stated_rank(item, one) == 0]


def whole_of(part: Any) -> Any:
    """What a part is a part of, where the question does not say: its printed parent, else the total."""
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


def _in_table_of(evaluator: Evaluator, whole: Amount, part: Amount) -> Amount:
    """A part as the table prints it of which the whole is the sum, where it is no other table's (办公费 of 机关运行经费)."""
    if not (whole.is_plain and part.is_plain) or part.item is None or whole.item is None or whole.who != part.who:
        return part
    home, own = whole.readings[0], part.readings[0]
    if home.stated or own.stated or home.first.role == "leaf" or whole.item.item in (*TOTALS, *PORTION_OF):
        return part
    cells = evaluator.desk.shelf.cells(home.first.disclosure_id)
    column = [one for one in cells if (one.table_id, one.column_index) == (home.first.table_id, home.first.column_index)]
    rows = [one for one in column if one.item in part.item.names]
    return as_read(evaluator, part, Reading((rows[0],))) if len(rows) == 1 and home.first.row < rows[0].row else part


def _are_kinds(one: Amount, other: Amount) -> bool:
    """Whether the two are budget and final accounts, where the part may exceed the whole."""
    mine, theirs = one.place, other.place
    return mine is not None and theirs is not None and (mine.kind, mine.measure) != (theirs.kind, theirs.measure)
