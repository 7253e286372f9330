"""A pick to its printed figure: in the tables of the places where it may stand, else as the prose tells it or as a change gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.answer.answer import Step, Value
from retrieval.answer.values import Amount, Instead, Missing, Result, Words, sure
from retrieval.answer.wording import KIND_NAMES, PORTION_NAMES, money, say, value_of, what
from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS, Reading
from retrieval.figures.changes_stated import stated_change
from retrieval.figures.members import is_of_purchases
from retrieval.figures.places import Desk, Fact, Place
from retrieval.figures.query import equals, run, select
from retrieval.figures.readings import NATURES, is_of_forms, says_spending
from retrieval.language.lattice import table_number
from retrieval.language.phrases import OWN
from retrieval.prose.counts import BOUGHT, is_bought
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.words.cues import load
from retrieval.words.folding import bare
from store.money import MONEY_UNITS
from store.values import Fund

if TYPE_CHECKING:
    from retrieval.answering.evaluate import Evaluator


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
            told = one.passage_id if BOUGHT in one.item else told  # what else is listed behind it in the passage is to be bought too
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


def counted(value: Result, node: object) -> Result:
    """A number that the prose gives, as an amount that can be reckoned with."""
    if not isinstance(value, Words) or not value.values or not isinstance(node, q.Told):
        return value
    number = value.values[0]
    name = "".join(term.removesuffix("的") for term in node.terms) or (node.about.item.said if node.about.item is not None else number.unit)
    return Amount(number.amount * MONEY_UNITS.get(number.unit, Decimal(1)), number, (), name, cited=value.cited)


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


def bears(name: str, kind: str) -> bool:
    """Whether a name says that its bearer is of that kind (高中: 高级中学, and no 高等教育发展服务中心)."""
    return re.search(".{0,3}".join(map(re.escape, kind)), name) is not None


def with_title(desk: Desk, item: Item, place: Place) -> Item:
    """The item with the title of the table that it names."""
    if item.table is None:
        return item
    return replace(item, table=title_of(desk, item.table, place) or item.table.split("|")[-1])


def title_of(desk: Desk, said: str, place: Place) -> str | None:
    """The printed title that words or a number name (several, parted by |: one after the other)."""
    columns, printed_by = ("table_title", "table_number"), equals("disclosure_id", place.disclosure.disclosure_id)
    tree = select("published_tables", columns, printed_by, equals("edition_rank", 1), order=("table_position",))
    printed = [(title, table_number(number)) for title, number in run(desk.snapshot, tree)[1] if title]
    if not any(number for _, number in printed):  # 表十一: where none bears a number, the eleventh
        printed = [(title, at) for at, (title, _) in enumerate(printed, 1)]
    for words in said.split("|"):
        by_number = words.startswith("#")
        named = [title for title, at in printed if at == int(words[1:])] if by_number else _titled(bare(words), [one for one, _ in printed])
        if named:
            return named[0]
    return None


def _titled(words: str, titles: Sequence[str]) -> list[str]:
    """The titles that the words name: printed so, else holding all of them in order, the shortest first."""
    exact = [title for title in titles if words in bare(title) or bare(title) in words]
    if exact:
        return sorted(exact, key=lambda title: abs(len(bare(title)) - len(words)))
    core = re.sub(_KIND["table"], "", words)
    return sorted((title for title in titles if bears(bare(title), core)), key=len)


def is_own_row(label: str, agency: str) -> bool:
    """Whether a row among the budget units bears the agency's own name, and is no unit below it."""
    name = bare(agency)
    return bare(label) == name or re.fullmatch(_KIND["own"], bare(label).removeprefix(name)) is not None


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


def is_of_own_level(item: Item, name: str) -> bool:
    """Whether an item is of the agency of that name itself, and not of the units below it."""
    return item.affiliate == OWN or (item.affiliate not in (None, name) and is_own_row(item.affiliate or "", name))


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
