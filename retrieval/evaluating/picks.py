"""A pick to its printed figure: in the tables of the places where it may stand, else as the prose tells it or as a change gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.values import Amount, Instead, Missing, Result, counted, sure
from retrieval.answer.wording import KIND_NAMES, PORTION_NAMES, money, paired, say, value_of, what
from retrieval.figures.cells import Reading
from retrieval.figures.changes_stated import stated_change
from retrieval.figures.members import is_of_purchases
from retrieval.figures.parts import INCOME_TOTALS, SPENDING_TOTALS, is_of_forms
from retrieval.figures.places import Desk, Fact, Place, title_of
from retrieval.figures.readings import NATURES, says_spending
from retrieval.figures.stated import stated_rank
from retrieval.figures.things import is_of_own_level, is_own_row
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.words.cues import buying, is_bought
from retrieval.words.folding import bare
from retrieval.words.grammar import load
from store.money import MONEY_UNITS
from store.values import Fund

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator


def _whole(name: str) -> Item:
    entry = load("wholes.toml")[name]
    return Item(entry["said"], entry["names"][0], tuple(entry["names"]), flow=entry.get("flow"))


SPENDING, INCOME, PROJECTS = map(_whole, ("spending", "income", "projects"))
TOTALS = (*SPENDING_TOTALS, *INCOME_TOTALS)
_CARS = load("names.toml")["cars"]
_KIND = load("names.toml")["kind"]
_GRANT = load("funds.toml")["grant"]["items"]
_PUBLIC: tuple[Fund, ...] = ("fiscal", "general_public", "government_fund", "state_capital")


def value_of_pick(evaluator: Evaluator, pick: Pick) -> Result:
    """The figure that is printed for a pick."""
    found, item = facts(evaluator, pick), pick.item
    assert item is not None
    counts = item.counter is not None and item.counter not in MONEY_UNITS
    full = [fact for fact in found if fact.readings and not (counts and fact.first.is_money)]
    if not full and pick.kind == "final" and item.measure == "budget":
        return evaluator.value(replace(pick, kind="budget"))  # accounts without a column of what was planned
    if full:
        return amount_of(evaluator, full[0], full[1:])
    for otherwise in (_counted, _cars, _derived, _in_prose):
        for amount in otherwise(evaluator, pick, item):
            if not (counts and amount.is_money):  # 公务用车保有量: no amount of money
                return amount
    return Missing("unknown_item", pick, item.said, tuple(found))


def facts(evaluator: Evaluator, pick: Pick) -> list[Fact]:
    """What is printed for the pick at each of its places, those with figures."""
    if pick.item is None:
        raise Instead(Missing("nothing_asked", pick))
    desk, found = evaluator.desk, list[Fact]()
    for place in sure(evaluator.places(pick)):
        asked = own_level(desk, with_title(desk, pick.item, place), place)
        each = [_fact(evaluator, item, place) for item in asked]
        if place.disclosure.scope == "unit" and asked != [pick.item]:
            each = [replace(fact, asked=pick.item) for fact in each]  # its own: said so
        found += [fact for fact in each if fact.readings][:1] or [fact for fact in each if fact.blank is not None and not found][:1]
    return [fact for fact in found if fact.readings] or found


def _fact(evaluator: Evaluator, item: Item, place: Place) -> Fact:
    """What is printed for an item at a place: in its unit's own row, or wherever it stands."""
    fact = evaluator.desk.find(item, place)
    own = row_of_unit(evaluator.desk, item, place) if item.affiliate is not None and (item.figure is None or not fact.readings) else None
    return own or fact


def _counted(evaluator: Evaluator, pick: Pick, item: Item) -> Iterator[Amount]:
    """The number of things or persons that the prose states under the name asked for: of those to be bought, or of those there are."""
    buys = is_bought(evaluator.question, item.said)
    for place in sure(evaluator.places(pick)) if item.counter else ():
        told = ""
        for one in evaluator.desk.shelf.stated(place.disclosure.disclosure_id):
            told = one.passage_id if buying() in one.item else told  # what else is listed behind it in the passage is to be bought too
            if one.measure == "count" and one.item in item.names and buys is (one.passage_id == told):
                yield amount_of(evaluator, Fact(item, place, (Reading((), stated=one),)))


def _cars(evaluator: Evaluator, pick: Pick, item: Item) -> Iterator[Amount]:
    """How many cars the prose tells of."""
    if item.item == _CARS["stock"] and item.affiliate is None:
        asked = q.Told("number", replace(pick, item=None), tuple(_CARS["said"][:1]), counter=_CARS["counter"])
        number = counted(replace(evaluator, question="", _done={}).value(asked), asked)  # of all cars, whichever the question names
        if isinstance(number, Amount):
            place = sure(evaluator.places(pick))[0]
            yield replace(number, label=_CARS["stock"], item=item, place=place, who=place.agency.name)


def _derived(evaluator: Evaluator, pick: Pick, item: Item) -> Iterator[Amount]:
    """The earlier year's figure where only this year's and its change are published: this year's less the change."""
    agency = sure(evaluator.agency_of(pick))
    year = evaluator.year_of(pick, agency) or 0
    for one in agency.find(year + 1, pick.kind) if pick.kind != "final" or pick.published is not None else ():
        place = Place(agency, one, year + 1)
        moved = (told for told in stated_change(evaluator.desk, item, place) if told.amount is not None and told.measure != "change_rate")
        change = next((told for told in moved if told.change in ("increase", "decrease")), None)
        now = evaluator.desk.find(item, place)
        if change is None or not now.readings:
            continue
        first, told = now.first, Reading((), stated=change)
        then = first.value - told.value if change.change == "increase" else first.value + told.value
        value = money(then, evaluator.unit or first.unit, None if evaluator.unit else max(first.places, 2))
        verb = say("verbs", change.change or "")
        parts = ((year_name(place.year), value_of(first, evaluator.unit)), (verb, value_of(told, evaluator.unit)))
        yield Amount(
            then, value, (first, told), what(item, first), Place(agency, one, year, None, False), item,
            (Step("difference", value, parts),), parts, who=agency.name, text="derived",
        )  # fmt: skip


def _in_prose(evaluator: Evaluator, pick: Pick, item: Item) -> Iterator[Amount]:
    """The amount that only free prose gives."""
    if item.affiliate or item.code or (item.under is not None and not is_of_forms(item.under)):
        return  # of a code the tables tell; what is told of the whole is not told of what is under one name of it
    for place in sure(evaluator.places(pick)):
        if not place.is_own:
            continue  # another year's amounts stand beside it
        stated = evaluator.amount_told(evaluator.desk.snapshot, item, place)
        if stated is not None and stated.amount is not None:
            whole = evaluator.value(replace(pick, item=SPENDING))
            if not isinstance(whole, Amount) or whole.number >= abs(stated.amount):  # more than all is another's, or in another unit
                yield amount_of(evaluator, Fact(item, place, (Reading((), stated=stated),)))


def amount_of(evaluator: Evaluator, fact: Fact, others: Sequence[Fact] = ()) -> Amount:
    """A fact as an amount; beside it those of other places (final accounts beside the budget)."""
    reading, unit = fact.first, evaluator.unit
    plain = Amount(reading.value, value_of(reading, unit), (reading,), what(fact.asked, reading), fact.place, fact.asked)
    plain = replace(plain, who=fact.place.agency.name)
    parts = () if others else _natures(reading, unit)
    if len(parts) > 1:
        return replace(plain, steps=(Step("sum", plain.value, parts),), parts=parts, text="natures")
    further = tuple(one for one in fact.readings[1:] if one.value != reading.value)
    each = [(year_name(one.place.year) + KIND_NAMES[one.place.meant], value_of(one.first, unit)) for one in (fact, *others)]
    beside = tuple(value for _, value in each[1:])
    readings = (reading, *(other.first for other in others))
    return replace(plain, readings=readings, others=further, beside=beside, parts=tuple(each) if others else ())


def _natures(reading: Reading, unit: str | None) -> tuple[tuple[str, Value], ...]:
    """Basic spending and projects, where a figure is put together of the two."""
    own = [(nature, tuple(cell for cell in reading.cells if cell.portion == nature)) for nature in NATURES]
    return tuple((PORTION_NAMES[nature], value_of(Reading(cells), unit)) for nature, cells in own if cells)


def year_name(year: int) -> str:
    """2025年."""
    return say("understood", "year", year=year)


# ── which table, and which rows of budget units ──


def with_title(desk: Desk, item: Item, place: Place) -> Item:
    """The item with the title of the table that it names."""
    if item.table is None:
        return item
    return replace(item, table=title_of(desk, item.table, place) or item.table.split("|")[-1])


def without_own(label: str) -> str:
    """A unit's name without the words for an agency's own level."""
    return re.sub(_KIND["own"], "", label)


def own_level(desk: Desk, item: Item, place: Place) -> list[Item]:
    """An item of the agency itself, without the units below it, by the rows that bear its own name: best first; none where units are
    printed but no such row. A disclosure that prints no units is of the agency alone."""
    name = bare(place.agency.name)
    if not is_of_own_level(item, name):
        return [item]
    rows = [cell for cell in desk.shelf.cells(place.disclosure.disclosure_id) if cell.classification == "affiliate"]
    labels = {bare(cell.row_label) for cell in rows}
    own = sorted((label for label in labels if is_own_row(label, name)), key=len, reverse=True)
    if place.disclosure.scope == "unit" or len(labels) == len(own):
        return [replace(item, affiliate=None)]
    deep = {(cell.table_title, len(cell.row_path)) for cell in rows if bare(cell.row_label) not in own}
    parents = {(cell.table_title, bare(label)) for cell in rows for label in cell.row_path[:-1]}
    beside = {  # tables where the plain name stands among the units, and holds none of them
        cell.table_title: None
        for cell in rows
        if bare(cell.row_label) == name and (cell.table_title, len(cell.row_path)) in deep and (cell.table_title, name) not in parents
    }
    plain = [replace(item, affiliate=name, table=title) for title in beside if len(own) > 1 and item.table in (None, title)]
    return [*(replace(item, affiliate=one) for one in own[:1]), *plain]


def row_of_unit(desk: Desk, item: Item, place: Place) -> Fact | None:
    """All that a budget unit spends (or, where only that is printed, takes in): its row in the table of units."""
    grant = item.item in _GRANT
    if item.affiliate is None or not (grant or item.item in TOTALS):
        return None
    name, cells = item.affiliate, desk.shelf.cells(place.disclosure.disclosure_id)
    whole = max((cell.value for cell in cells if cell.amount is not None and cell.classification != "affiliate"), default=Decimal(0))
    rows = [
        cell
        for cell in cells
        if cell.classification == "affiliate" and cell.amount is not None
        and (bare(cell.row_label).startswith(name) or (bare(cell.row_label) == without_own(name) and cell.value < whole))
        and (cell.about_year or place.year) == place.year
        and cell.fund in ((item.fund,) if item.fund else _PUBLIC if grant else ("all", None))
        and cell.portion in ("total", None)
        and cell.measure in ("budget", "final", None)
        and not is_of_purchases(cell)
        and (item.table is None or bare(cell.table_title) == bare(item.table))
    ]  # fmt: skip
    rows = [cell for cell in rows if bare(cell.row_label) == name] or rows  # 梅村高级中学 is not 梅村高级中学空港分校
    rows = [cell for cell in rows if [bare(label) for label in cell.row_path] == [name] * 2] or rows  # itself, in its total
    if not rows or (grant and len({cell.value for cell in rows}) > 1):
        return None
    wanted = "income" if item.item in INCOME_TOTALS else "expenditure"
    best = max(rows, key=lambda cell: (cell.flow == wanted, cell.item in TOTALS, cell.value))
    if best.flow == "income" and says_spending(item) and not grant:
        return None
    return Fact(item, place, (Reading((best,), tuple(cell for cell in rows if cell.value == best.value and cell is not best)),))


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


def way(gap: Decimal) -> q.Direction:
    """Which way an amount moved by a gap."""
    return "same" if gap == 0 else "up" if gap > 0 else "down"


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


def named_pair(one: Amount, other: Amount) -> tuple[tuple[str, Value], ...]:
    """Two amounts with their names, the first with the thing that both are: 培训费决算, 预算; 甲局培训费, 乙局."""
    (first, value), second = named_parts((one, other))
    if one.label != other.label or one.label in first:
        return (first, value), second
    return (f"{first}{one.label}" if one.who != other.who else f"{one.label}{first}", value), second


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


def printed_shares(evaluator: Evaluator, part: Amount) -> list[Reading]:
    """The percentages that the prose prints for a part."""
    item = part.item
    if part.place is None or item is None or item.affiliate is not None:
        return []
    stated = evaluator.desk.shelf.stated(part.place.disclosure.disclosure_id)
    return [Reading((), stated=one) for one in stated if one.measure == "share" and one.unit == "%" and stated_rank(item, one) == 0]
