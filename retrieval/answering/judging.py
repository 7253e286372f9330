"""Truths: whether a claimed figure, a direction, an equality or an absence is as published.

A claimed amount agrees within half a unit of its own last digit, and of the printed one's; rounding words (约, 多, 近) widen it
by what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from retrieval.answer.answer import Value
from retrieval.answer.values import Amount, Judged, Listing, Missing, Result, Words
from retrieval.answer.wording import say, shown, value_of, when
from retrieval.answering.asked import count_of, numbers_beside
from retrieval.evaluating.picks import SPENDING, computed, printed_shares, two
from retrieval.figures.cells import Reading, is_part_of
from retrieval.figures.parts import CARS, INCOME_TOTALS, SPENDING_TOTALS
from retrieval.figures.places import Place
from retrieval.figures.stated import stated_readings
from retrieval.prose.counts import has_rivals, kind_of
from retrieval.prose.likeness import prose_words
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick, Quantity
from retrieval.words.folding import bare
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

WITHIN = {  # between which parts of the amount said the published one may lie, by how it was said
    "about": (Decimal("0.95"), Decimal("1.05")),
    "nearly": (Decimal("0.85"), Decimal(1)),
    "little": (Decimal(1), Decimal("1.15")),
    "around": (Decimal("0.95"), Decimal("1.2")),
}
UNPUBLISHED = frozenset(("unknown_item", "no_words"))
"""Why a claim can't be told where it was understood: nothing is published of it."""
NEAR, SURE = 0.75, 0.9
"""Scores from which a number of the prose may be the claimed one, and from which it refutes another."""
_TOTALS = (*INCOME_TOTALS, *SPENDING_TOTALS)


def agrees(claimed: Quantity, number: Decimal, value: Value) -> bool:
    """Whether a claimed quantity is the published number (元, percent or a count), as far as its digits and its words go."""
    factor = MONEY_UNITS.get(claimed.unit)
    if claimed.unit == "":
        return any(_near(claimed, number, scale, value) for scale in (MONEY_UNITS.get(value.unit, Decimal(1)), Decimal(1)))
    if (factor is None) == (value.unit in MONEY_UNITS) or (claimed.unit == "%") != (value.unit == "%"):
        return False
    return _near(claimed, number, factor or Decimal(1), value)


def _near(claimed: Quantity, number: Decimal, scale: Decimal, value: Value) -> bool:
    said, published = abs(claimed.number) * scale, abs(number)
    step = _digit(claimed.number) * scale
    own = (_digit(value.amount) if _digit(value.amount) < 1 else Decimal(0)) * MONEY_UNITS.get(value.unit, Decimal(1))
    if claimed.rounded == "more":
        return published > 0 if said == 0 else said <= published < said + _digit(said.normalize())
    if claimed.rounded in ("over", "under"):
        return published > said if claimed.rounded == "over" else published <= said
    if claimed.rounded in WITHIN:
        below, above = WITHIN[claimed.rounded]
        slack = step / 2 if claimed.rounded == "about" else 0
        return min(said * below, said - slack) <= published <= max(said * above, said + slack)
    if value.unit == "%" and claimed.number == claimed.number.to_integral() and step == 1:
        return abs(published - said) < Decimal("0.6")
    if value.unit == "%" and 0 <= published - said < step:
        return True  # cut off rather than rounded: 49.46 % said as 49.4 %
    return abs(published - said) <= max(step / 2, own / 2 if step <= own else Decimal(0))


def _digit(amount: Decimal) -> Decimal:
    """The unit of the last digit: 二百多万 (200, normalised) is less than 三百万."""
    exponent = amount.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


def _judge(right: bool, fact: str, amounts: Sequence[Amount], *values: Value) -> Judged:
    return Judged("supported" if right else "refuted", fact, tuple(amounts), values)


def holds(evaluator: Evaluator, node: q.Holds) -> Result:
    """The verdict on a claimed quantity."""
    value, of, claimed = evaluator.value(node.of), node.of, node.quantity
    if _is_count(claimed) and isinstance(of, Pick) and not (isinstance(value, Amount) and not value.is_money):
        value = evaluator.value(q.Told("number", of, (), counter=claimed.unit))  # how many there are of what has an amount of money
    if isinstance(value, Missing):
        return _of_another_year(evaluator, node) or value
    if isinstance(value, Words):
        judged = _of_words(value, node)
        one_of_them = isinstance(judged, Judged) and judged.verdict == "refuted" and isinstance(of, Pick) and claimed.number == 1
        return Missing("mixed_units", of) if one_of_them and isinstance(of, Pick) else judged  # 买一辆轿车: no count of all
    if not isinstance(value, Amount):
        return Missing("unknown_item")
    if claimed.unit in load("doubts.toml")["counted_alike"].get(value.value.unit, ()):
        claimed = replace(claimed, unit=value.value.unit)  # ten vehicles by another word for counting
        node = replace(node, quantity=claimed)
    if _is_count(claimed) and (value.is_money or _counted(value.value.unit) != _counted(claimed.unit)):
        return Missing("mixed_units", found=(value,))
    elsewhere = _stated_elsewhere(evaluator, of)
    of_all = claimed.unit == "%" and value.is_money and not value.steps and isinstance(of, Pick)
    if of_all and not any(agrees(claimed, one.value, value_of(one)) for one in elsewhere):
        return evaluator.value(replace(node, of=q.Ratio(node.of, None)))  # 九成的钱是项目支出: of all
    if node.relation in ("over", "under"):
        return _bounded(value, node)
    if isinstance(of, q.Change):
        return _change(evaluator, value, node, of)
    if isinstance(of, q.Quote) and node.relation in ("up", "down") and value.direction not in (node.relation, None):
        return _judge(False, value.text.rstrip("。"), (value,), value.value)
    for reading in _claimable(value):
        if agrees(claimed, reading.value, value_of(reading)):
            return _judge(True, _fact(value, reading), (value,), value_of(reading))
    if (told := _told_as(claimed, value, elsewhere)) is not None:
        return told
    if not value.readings or value.steps:
        return _computed(evaluator, value, node)
    if (_is_implied(of) or _is_loose(of)) and _is_printed(evaluator, (value.place,), claimed):
        return Missing("unknown_item", of if isinstance(of, Pick) else None, found=(value,))  # it may be of something else
    if claimed.unit in ("", value.value.unit) or value.is_money == (claimed.unit in MONEY_UNITS):
        return _judge(False, _fact(value, value.readings[0]), (value,), value.value)
    return Missing("mixed_units", found=(value,))


def _computed(evaluator: Evaluator, value: Amount, node: q.Holds) -> Result:
    """The verdict on a quantity that is reckoned, not printed."""
    right = agrees(node.quantity, value.number, value.value)
    if not right and isinstance(node.of, q.Ratio) and node.of.form == "percent":
        told = _told_as(node.quantity, value, printed_shares(evaluator, value))  # 占本年支出34.27%: of a whole that no table may print
        if told is not None:
            return told
    return _judge(right, value.text.rstrip("。") if isinstance(node.of, q.Quote) else _computed_fact(value), (value,), value.value)


def _told_as(said: Quantity, value: Amount, readings: Sequence[Reading]) -> Judged | None:
    """The verdict by another reading of an amount, where one agrees with what is said."""
    reading = next((one for one in readings if agrees(said, one.value, value_of(one))), None)
    if reading is None:
        return None
    return _judge(True, _fact(value, reading), (replace(value, readings=(reading,)),), value_of(reading))


def _claimable(amount: Amount) -> tuple[Reading, ...]:
    """The readings that a claim can mean: all income and spending are those of all funds, unless a fund is named."""
    if amount.steps:
        return ()
    first = amount.readings[0] if amount.readings else None
    wider = [one for one in amount.others if first is not None and one.cells and first.cells and is_part_of(first, one)]
    readings = (*amount.readings, *(one for one in amount.others if one not in wider))  # 养车 is not 购车和养车
    said = amount.item.said if amount.item is not None and amount.item.item in _TOTALS else None
    named = tuple(one for one in readings if any(cell.row_label == said for cell in one.cells))  # 收入总计: not 本年收入合计
    return _of_all_funds(amount.item, named or readings) or readings[:1]


def _of_all_funds(item: q.Item | None, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings of all income or all spending that are of all funds; of anything else every reading."""
    if item is None or item.item not in _TOTALS or item.fund is not None:
        return readings
    return tuple(reading for reading in readings if reading.fund in ("all", None))


def _is_implied(of: object) -> bool:
    """Whether all spending stands for a thing that was not named."""
    return isinstance(of, Pick) and of.item == SPENDING


def _is_loose(of: object) -> bool:
    """Whether a thing was named in words that are neither its name nor a general word for it."""
    if not isinstance(of, Pick) or of.item is None or (of.item.code, of.item.affiliate, of.item.figure) != (None, None, None):
        return False
    said = re.sub(load("numbers.toml")["joining"], "", bare(of.item.said))
    known = said in general_terms() or (of.item.item in general_terms() and of.item.under is not None)  # 政府采购里买的货物
    return not known and not any(bare(name) in said or said in bare(name) for name in of.item.names)


def _is_printed(evaluator: Evaluator, places: Iterable[Place | None], claimed: Quantity) -> bool:
    """Whether one of the disclosures prints a claimed amount anywhere."""
    amount, shelf = claimed.number * MONEY_UNITS.get(claimed.unit, Decimal(1)), evaluator.desk.shelf
    printed = (one.disclosure.disclosure_id for one in places if one is not None)
    return any(found.amount == amount for one in printed for found in (*shelf.cells(one), *shelf.stated(one)))


def _places(evaluator: Evaluator, pick: Pick) -> tuple[Place, ...]:
    """Where a figure is looked for."""
    found = evaluator.places(pick)
    return () if isinstance(found, Missing) else tuple(found)


def prints_claimed(evaluator: Evaluator, claim: object) -> bool:
    """Whether a disclosure that a claim is about prints the claimed amount, of whatever thing."""
    nodes = [node for node in q.walk(claim) if isinstance(node, q.Holds)] if isinstance(claim, q.TRUTHS) else []
    claimed = [(node.of, node.quantity) for node in nodes if isinstance(node.of, Pick) and node.quantity.unit in MONEY_UNITS]
    return any(_is_printed(evaluator, _places(evaluator, of), said) for of, said in claimed)


def _of_another_year(evaluator: Evaluator, node: q.Holds) -> Judged | None:
    """Where nothing is printed for the year that is claimed, and the claimed figure is that of the year before: it is refuted."""
    of = node.of
    agency = evaluator.agency_of(of) if isinstance(of, Pick) else None
    year = evaluator.year_of(of, agency) if isinstance(of, Pick) and not isinstance(agency, Missing | None) else None
    before = evaluator.value(replace(of, year=year - 1, earlier=None)) if isinstance(of, Pick) and year is not None else None
    if not isinstance(before, Amount) or not before.readings or before.text or not agrees(node.quantity, before.number, before.value):
        return None
    said = {"who": before.who, "when": f"{year}{say('verdict', 'year')}", "what": before.label, "amount": shown(before.value)}
    return _judge(False, say("verdict", "fact_other_year", year=(year or 1) - 1, **said), (before,), before.value)


def _counted(unit: str) -> str:
    """What a unit counts, without its variants (台（套） is 台, 名 is 人)."""
    return kind_of(unit.split("（", maxsplit=1)[0])


def _is_count(quantity: Quantity) -> bool:
    return quantity.unit not in ("", "%", load("doubts.toml")["times"]) and quantity.unit not in MONEY_UNITS


def _stated_elsewhere(evaluator: Evaluator, of: object) -> tuple[Reading, ...]:
    """What the prose says of a printed figure: it may take it more widely than the row of a table."""
    if not isinstance(of, Pick) or of.item is None or of.item.table is not None or of.item.affiliate is not None:
        return ()
    found: list[Reading] = []
    for place in _places(evaluator, of):
        stated, published = evaluator.desk.shelf.stated(place.disclosure.disclosure_id), place.disclosure.year or place.year
        readings = stated_readings(of.item, stated, place.year, published, place.kind, place.measure)
        found += [one for one in readings if of.item.fund in (None, one.stated.fund if one.stated is not None else "")]
    return _of_all_funds(of.item, tuple(found)) or tuple(found)


def _of_words(words: Words, node: q.Holds) -> Result:
    if not words.values:
        return Missing("no_words")
    if node.relation in ("over", "under"):
        value = words.values[0]
        return _bounded(Amount(_in_units(value), value, (), words.text.rstrip("。"), cited=words.cited), node)
    own = node.quantity.unit if node.quantity.unit in ("%", *MONEY_UNITS) else None  # what is counted may be counted by another word
    right = (one for one in words.values if agrees(Quantity(node.quantity.number, own or one.unit), _in_units(one), one))
    value = next(right, None)
    told = value or words.values[0]
    return _judge(value is not None, words.text.rstrip("。"), (Amount(_in_units(told), told, (), "", cited=words.cited),), told)


def _in_units(value: Value) -> Decimal:
    """A value in 元, where it is money."""
    return value.amount * MONEY_UNITS.get(value.unit, Decimal(1))


def in_prose(evaluator: Evaluator, about: Pick, words: Sequence[str], claim: q.Holds) -> Judged | None:
    """The verdict on a claim about something that only prose names: by the number beside its words that agrees, else the only one."""
    found = [one for one in numbers_beside(evaluator, about, words, claim.quantity.unit) if one.score >= NEAR]
    values = [Value(one.number.number, one.number.unit) for one in found]
    agreeing = [one for one, value in zip(found, values, strict=True) if agrees(claim.quantity, _in_units(value), value)]
    sure = found[:1] if found and found[0].score >= SURE and not has_rivals(found) else []
    told = count_of((agreeing or sure)[:1]) if agreeing or sure else None
    judged = None if told is None else _of_words(told, claim)
    return judged if isinstance(judged, Judged) else None


def _bounded(value: Amount, node: q.Holds) -> Result:
    if (node.quantity.unit == "%") != (value.value.unit == "%"):
        return Missing("mixed_units", found=(value,))
    bound = node.quantity.number * MONEY_UNITS.get(node.quantity.unit, Decimal(1))
    right = value.number >= bound if node.relation == "over" else value.number <= bound
    fact = value.label if value.place is None else _computed_fact(value)
    return _judge(right, fact, (value,), value.value)


def _change(evaluator: Evaluator, value: Amount, node: q.Holds, of: q.Change) -> Result:
    """A claimed change: its direction, and its amount or rate."""
    claimed, told = node.quantity, (value.value, *value.beside)
    comparable = [one for one in told if (one.unit == "%") == (claimed.unit == "%")]
    right = next((one for one in comparable if agrees(claimed, _in_units(one), one)), None)
    if right is None and (not comparable or (claimed.number == 0 and value.direction not in ("same", node.relation))):
        return Missing("mixed_units", found=(value,))  # 一分没多: nothing is said of a decrease
    way = "down" if node.relation == "down" else "up"
    right_way = (value.direction == "same" and claimed.number == 0) or value.direction == way
    other = not any(agrees(claimed, _in_units(one), one) for one in told)
    if other and _is_implied(of.of) and _is_printed(evaluator, (value.place,), claimed):
        return Missing("unknown_item", of.of if isinstance(of.of, Pick) else None, found=(value,))
    return _judge(right is not None and right_way, _change_fact(value), (value,), right or comparable[0])


def _since(value: Amount) -> str:
    """What a change is measured from, in words: the year before, or the year that was named."""
    before = "" if value.place is None else str(value.place.year - 1)
    named = value.parts[1][0] if len(value.parts) == 2 else before
    return named if re.fullmatch(r"\d{4}\D", named) and not named.startswith(before) else say("verdict", "year_before")


def _said_of(value: Amount) -> dict[str, str]:
    """Whose, when and what an amount is, in words."""
    return {"who": value.who, "when": when(value.place) if value.place else "", "what": value.label}


def _change_fact(value: Amount) -> str:
    if value.direction == "same":
        return say("verdict", "fact_same", since=_since(value), **_said_of(value))
    name = {"up": "increase", "down": "decrease"}.get(value.direction or "", "same")
    told = "、".join(shown(one) for one in sorted((value.value, *value.beside[:1]), key=lambda one: one.unit == "%"))
    return say("verdict", "fact_change", since=_since(value), direction=say("verbs", name), amount=told, **_said_of(value))


def _fact(value: Amount, reading: Reading) -> str:
    return _computed_fact(value) if value.steps else say("verdict", "fact", amount=shown(value_of(reading)), **_said_of(value))


def _computed_fact(value: Amount) -> str:
    parts = "，".join(f"{name}{shown(part)}" for name, part in value.parts)
    return say("verdict", "fact", amount=shown(value.value) + (f"（{parts}）" if parts else ""), **_said_of(value))


def same(evaluator: Evaluator, node: q.Same) -> Result:
    """Whether two amounts are equal, or in the order said."""
    one, other = two(evaluator, node.left, node.right)
    gap = one.number - other.number
    relation, found = {"same": 0, "more": 1, "less": -1}[node.relation], (gap > 0) - (gap < 0)
    sides = [value for side in (node.left, node.right) if isinstance(side, Pick) and isinstance(value := evaluator.value(side), Amount)]
    printed = [(*one.readings, *one.others) for one in sides]
    ways = {(a.value > b.value) - (a.value < b.value) for a, b in product(*printed)} if len(sides) == 2 else set[int]()
    if found != relation and relation in ways:
        return Missing("mixed_units", found=(one, other))  # by another of the printed figures it is true
    said = {"who": one.who, "when": when(one.place) if one.place else "", "left": f"{one.label}{shown(one.value)}"}
    said["right"] = f"{other.who if other.who != one.who else ''}{other.label}{shown(other.value)}"
    apart = () if gap == 0 else (computed(evaluator, abs(gap), one, other),)
    fact = say("verdict", "fact_unequal", gap=shown(apart[0]), **said) if apart else say("verdict", "fact_equal", **said)
    return _judge(found == relation, fact, (one, other), one.value, other.value, *apart)


def turned(evaluator: Evaluator, node: q.Turned) -> Result:
    """Whether an amount moved the way that is said."""
    value = evaluator.value(q.Change(node.of, node.since, "both"))
    if not isinstance(value, Amount):
        return value
    return _judge(value.direction == node.direction, _change_fact(value), (value,), value.value, *value.beside[:1])


def exists(evaluator: Evaluator, node: q.Exists) -> Result:
    """Whether there is any: a printed zero and a row of dashes are none; what isn't printed can't be told."""
    value = evaluator.value(node.of)
    if isinstance(value, Missing) and (elsewhere := _not_in_table(evaluator, node.of)) is not None:
        return _judge(node.absent, elsewhere.text, (elsewhere,), elsewhere.value)
    if isinstance(value, Words) and isinstance(node.of, q.Each):
        there = prose_words().found("negation", "".join(one.quote or "" for one in value.cited)) is None
        return replace(value, verdict="supported" if there != node.absent else "refuted")
    if isinstance(value, Listing) and isinstance(node.of, q.Each) and value.members:
        fact = say("verdict", "there_are", parts="、".join(name for name, _ in value.members))
        return _judge(not node.absent, fact, [one for _, one in value.members])
    if not isinstance(value, Amount):
        return value
    there = value.number != 0
    if node.absent and not there and (bought := _cars_bought(evaluator, node.of)) is not None:
        return _judge(False, _fact(bought, bought.readings[0]), (bought,), bought.value)
    if there == node.absent and any((one.value == 0) is there for one in _stated_elsewhere(evaluator, node.of)):
        return Missing("mixed_units", found=(value,))  # the prose says otherwise than the table
    return _judge(there != node.absent, _fact(value, value.readings[0]), (value,), value.value)


def _cars_bought(evaluator: Evaluator, of: object) -> Amount | None:
    """How many cars are to be bought, where none is paid from the public budget (of which alone the form of the three expenses tells)."""
    if not isinstance(of, Pick) or of.item is None or of.item.item != CARS[0]:
        return None
    cars = load("names.toml")["cars"]
    number = evaluator.value(replace(of, item=Item(cars["bought"][0], cars["bought"][0], tuple(cars["bought"]), counter=cars["counter"])))
    return number if isinstance(number, Amount) and number.readings and number.number > 0 else None


def _not_in_table(evaluator: Evaluator, of: object) -> Amount | None:
    """Where a named table, which is published, does not print an item that other tables do: what they print."""
    if not isinstance(of, Pick) or of.item is None or of.item.table is None:
        return None
    title = evaluator.table_named(of)
    other = evaluator.value(replace(of, item=replace(of.item, table=None)))
    if title is None or not isinstance(other, Amount) or not other.readings:
        return None
    return replace(other, text=say("verdict", "not_in_table", table=title, fact=_fact(other, other.readings[0])))


def all_of(evaluator: Evaluator, node: q.All) -> Result:
    """Several truths: refuted if one is; supported only if all are."""
    values = [(part, evaluator.value(part)) for part in node.parts]
    missing = [value for _, value in values if isinstance(value, Missing)]
    doubtful = {one.pick.item for one in missing if one.pick is not None and one.found}  # claimed of something else
    values = [(part, value) for part, value in values if not (q.picks(part) and all(pick.item in doubtful for pick in q.picks(part)))]
    judged = [value for _, value in values if isinstance(value, Judged)]
    if not judged:
        return missing[0] if missing else Missing("unknown_item")
    wrong = [one for one in judged if one.verdict == "refuted"]
    supported = [one for one in judged if one.verdict == "supported"]
    told = sorted(wrong or judged, key=lambda one: not any(value.is_money and value.direction is None for value in one.amounts))
    amounts = tuple(amount for one in (*wrong, *judged) for amount in one.amounts)
    fact = "；".join(dict.fromkeys(one.fact for one in told))
    values = tuple(dict.fromkeys(value for one in told for value in one.values))
    if wrong:
        return Judged("refuted", fact, amounts, values)
    if missing and all(one.why in UNPUBLISHED and not one.found for one in missing):
        return Judged("not_found", fact + say("verdict", "unknown_one" if len(missing) == 1 else "unknown_several"), amounts, values)
    return Judged(None if missing or len(supported) < len(judged) else "supported", fact, amounts, values)

