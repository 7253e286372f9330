"""Several named amounts, what is computed of each, and what stands where among them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from retrieval.answer.answer import Value
from retrieval.answer.values import Amount, Listing, Missing, Result, Words, sure
from retrieval.answer.wording import say, value_of
from retrieval.evaluating.picks import SPENDING, amount_of, made_of, named_parts, own_level, with_title, without_own, year_name
from retrieval.figures.cells import Reading
from retrieval.figures.members import members as members_of
from retrieval.figures.places import Place, bears
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.words.folding import bare
from store.money import MONEY_UNITS
from store.values import Kind

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

MOST_ALIKE = 6  # members of one rank that are named
MOST_BESIDE = 6  # members that are told beside the one asked for
MOST_COUNTED = 12  # members that are told beside their number
MOST_MEMBERS = 400
_BODIES = ("agencies", "units", "years", "named")
_WAYS = {"over": (1,), "under": (-1,), "at_least": (0, 1), "at_most": (-1, 0)}


def each(evaluator: Evaluator, node: q.Each, zeros: bool = False) -> Result:
    """The members with their amounts; those of nothing too, where they are all there are or `zeros` are asked for."""
    of, item = node.of, node.of.item
    match node.over:
        case "agencies":
            return _over_agencies(evaluator, of, node.named)
        case "years":
            return _over_years(evaluator, of)
        case "kinds":
            return named(evaluator, q.Named(tuple(replace(of, kind=kind) for kind in get_args(Kind))))
        case "parts" if item is not None and item.parts:
            every = (replace(of, item=part) for part in item.parts)
            return named(evaluator, q.Named(tuple(one for one in every if isinstance(evaluator.value(one), Amount))))
        case "offices":
            return evaluator.value(q.Told("offices", of))
        case _:
            return _below(evaluator, node, zeros)


def _below(evaluator: Evaluator, node: q.Each, zeros: bool) -> Result:
    """The members that a disclosure prints; of what has no rows of its own, what the prose says that it is made of (包括哪些费用)."""
    of, item = node.of, node.of.item
    for place in sure(evaluator.places(of)):
        if pairs := _meant(_printed(evaluator, node, place, zeros), node, place.agency.name):
            amounts = tuple(
                (name, Amount(reading.value, value_of(reading, evaluator.unit), (reading,), name, place, who=place.agency.name))
                for name, reading in pairs[:MOST_MEMBERS]
            )
            return Listing(amounts, (item.item or "") if item is not None else "", place, node.over)
    if node.over == "units":
        words = evaluator.value(q.Told("units", of, (node.named,) if node.named else ()))
        return words if isinstance(words, Words) else Missing("no_members", of)
    words = evaluator.value(q.Told("definition", of)) if node.over == "parts" and item is not None else None
    return words if isinstance(words, Words) and words.cited else Missing("no_members", of)


def _printed(evaluator: Evaluator, node: q.Each, place: Place, zeros: bool) -> list[tuple[str, Reading]]:
    """What a disclosure prints of the members of something."""
    desk, item = evaluator.desk, node.of.item
    asked = with_title(desk, item, place) if item is not None else None
    every = own_level(desk, asked, place) if asked is not None and node.over != "units" else [asked]
    found = next((some for one in every if (some := members_of(desk, one, node.over, place))), [])
    found = [(name, reading) for name, reading in found if reading.value != 0 or zeros] or found
    return sorted(found, key=lambda pair: -pair[1].value) if node.over in ("projects", "goods") else found


def _meant(found: list[tuple[str, Reading]], node: q.Each, agency: str) -> list[tuple[str, Reading]]:
    """The members that are meant, by their name and number."""
    kind, number = node.named, node.number
    alike = [pair for pair in found if kind is None or bears(pair[0], kind)]
    if node.over == "rows":
        return found if number in (None, len(found)) else []  # 两笔合起来, and one or three bear the name
    if node.over != "units":
        return alike
    if kind is not None:
        closing = [pair for pair in alike if bears(pair[0].split("（")[0][-len(kind) - 3 :], kind)]  # 碑林分局, no 碑林分局环境监测站
        ending = [pair for pair in found if pair[0].split("（")[0].endswith(kind[-1])]  # 五家医院: 妇幼保健院 is one of them
        return next((some for some in (closing, alike, ending) if some and number in (None, len(some))), [])
    below = [pair for pair in found if not bare(agency).endswith(without_own(bare(pair[0])))]
    return below if below and len(found) != number and (node.below or len(below) == number) else found


def _over_agencies(evaluator: Evaluator, of: Pick, kind: str | None) -> Result:
    """Every agency (of a place, of a kind) that publishes it for the year: its own, and no unit's."""
    desk = evaluator.desk
    year = of.year if of.year is not None else (desk.directory.latest_year(of.kind) or 0) - (of.earlier or 0)
    places: list[Place] = []
    for agency in desk.directory.named():
        if not agency.affiliate_of and (not of.there or agency.agency_id in of.there) and (kind is None or bears(agency.name, kind)):
            places += [place for place in desk.places(agency, year, of.kind)[:1] if place.is_own and place.disclosure.scope != "unit"]
    facts = [fact for fact in desk.find_each(of.item or SPENDING, places) if fact.readings]
    found = tuple((fact.place.agency.name, amount_of(evaluator, fact)) for fact in facts)
    return Listing(found, found[0][1].label, found[0][1].place, "agencies") if found else Missing("no_members", of)


def _over_years(evaluator: Evaluator, of: Pick) -> Result:
    """Every year that is published."""
    years = sure(evaluator.agency_of(of)).years(of.kind)
    values = [(year_name(year), evaluator.value(replace(of, year=year, earlier=None))) for year in years]
    found = tuple((name, value) for name, value in values if isinstance(value, Amount))
    return Listing(found, found[0][1].label, found[0][1].place, "years") if found else Missing("no_members", of)


def named(evaluator: Evaluator, node: q.Named) -> Result:
    """Amounts that are named one by one."""
    values = [evaluator.value(member) for member in node.members]
    words = [value for value in values if isinstance(value, Words)]
    missing = next((value for value in values if isinstance(value, Missing)), None)
    if words and len(words) == len(values):
        cited, numbers = tuple(one for some in words for one in some.cited), tuple(one for some in words for one in some.values)
        return Words("".join(one.text for one in words), cited, numbers)
    found = [one for value in values if isinstance(value, (Amount, Listing)) for one in amounts_of(value)]
    if missing is not None or not found:
        return replace(missing or Missing("no_members"), found=tuple(found))
    if any(amount.is_money for amount in found):  # 人口管理 is a bare number in a table of goals
        found = [amount for amount in found if amount.value.unit]
    names = [name for name, _ in named_parts(found)]
    return Listing(tuple(zip(names, found, strict=True)), found[0].label, found[0].place, "named")


def amounts_of(value: Amount | Listing) -> list[Amount]:
    """An amount, or those of a series."""
    return [value] if isinstance(value, Amount) else [amount for _, amount in value.members]


def by(evaluator: Evaluator, node: q.By) -> Result:
    """What is computed of each member."""
    series = evaluator.listing(node.series)
    found: list[tuple[str, Amount]] = []
    for name, expression in _expressions(node.series, series):
        function = q.filled(node.function, expression) if isinstance(expression, Pick) else node.function
        value = evaluator.value(q.rebuilt(function, lambda one, own=expression: own if isinstance(one, q.Hole) else one))
        if isinstance(value, Amount):
            found.append((name, value))
    every = tuple(amount for _, amount in found)
    if not found or (isinstance(node.series, q.Named) and len(found) < len(node.series.members)):
        return Missing("no_members", found=every)
    direction = node.function.direction if isinstance(node.function, q.Change) else None
    if direction in ("up", "down"):
        found = [(name, amount) for name, amount in found if amount.direction == direction]
        if not found:
            return Missing("none_moved", named=direction, found=every)
    return Listing(tuple(found), series.label, series.place, series.over, "by" if isinstance(node.function, q.Change) else "")


def _expressions(node: Any, series: Listing) -> list[tuple[str, Any]]:
    """Each member of a series as what would ask for it alone."""
    if isinstance(node, q.Named):
        return list(zip((name for name, _ in series.members), node.members, strict=False))
    while isinstance(node, (q.Top, q.Where, q.Less)):  # the largest of a series are members of it
        node = node.whole if isinstance(node, q.Less) else node.series
    of, over = (node.of, node.over) if isinstance(node, q.Each) else (Pick(), None)
    found: list[tuple[str, Any]] = []
    for name, amount in series.members:
        if over == "agencies" and amount.place is not None:
            found.append((name, replace(of, agency=amount.place.agency.agency_id)))
        elif over == "years" and amount.place is not None:
            found.append((name, replace(of, year=amount.place.year, earlier=None)))
        elif amount.readings and amount.readings[0].stated is None:
            cell = amount.readings[0].first
            item = Item(name, cell.item, (cell.item,))
            if cell.classification == "affiliate":
                item = replace(item, affiliate=name)
            elif over != "projects":  # a project's code is that of the class that it stands in, with others
                item = replace(item, code=cell.code, fund=of.item.fund if of.item else None)
            if of.item is not None and of.item.figure is not None:
                item = replace(item, figure=cell.figure_id)
            found.append((name, replace(of, item=item)))
    return found


def where(evaluator: Evaluator, node: q.Where) -> Result:
    """The members for which a bound holds; of changes, a fall is less than nothing."""
    value = each(evaluator, node.series, zeros=True) if isinstance(node.series, q.Each) else evaluator.value(node.series)
    if not isinstance(value, Listing):
        return value
    bound = node.than.number * MONEY_UNITS.get(node.than.unit, Decimal(1))
    kept: list[tuple[str, Amount]] = []
    for name, amount in value.members:
        number = -abs(amount.number) if amount.direction == "down" else amount.number
        if number.compare(bound) in _WAYS.get(node.relation, (0,)):
            kept.append((name, amount))
    return replace(value, members=tuple(kept), compared=() if kept else tuple(amounts_of(value)))


def _ordered(evaluator: Evaluator, node: q.Top | q.Nth) -> Listing | Missing:
    """The members in order."""
    series = evaluator.listing(node.series)
    bodies = node.order == "least" and series.over in _BODIES  # who spends nothing spends least; a part of nothing is no part
    members = [pair for pair in series.members if bodies or pair[1].number != 0] or list(series.members)
    if len({amount.is_money for _, amount in members}) > 1:
        return Missing("mixed_units", found=tuple(amount for _, amount in members))
    members.sort(key=lambda pair: pair[1].number, reverse=node.order == "most")
    return replace(series, members=tuple(members))


def top(evaluator: Evaluator, node: q.Top) -> Result:
    """The first members of a series in order."""
    series = sure(_ordered(evaluator, node))
    return replace(series, members=series.members[: node.count], words=f"top_{node.order}")


def nth(evaluator: Evaluator, node: q.Nth) -> Result:
    """One member by its place in order, with those that share it, and the first ones beside it."""
    series, place = sure(_ordered(evaluator, node)), node.place
    if node.after is not None:
        place += 1 + series.members.index(_own(series, evaluator.amount(node.after)))
    below = isinstance(node.series, q.Each) and node.series.below
    alone = 1 if below or isinstance(node.series, q.By) else 2  # of one alone nothing is the largest, but one alone may have grown
    if len(series.members) < max(place, alone):
        return Missing("no_members")
    name, amount = series.members[place - 1]
    alike = [other for other, one in series.members if one.number == amount.number]
    if isinstance(node.series, q.By) and isinstance(node.series.function, q.Change) and node.series.function.since is not None:
        return replace(amount, label="、".join(alike[:MOST_ALIKE]), beside=())  # 决算和预算: the two figures tell more than the other gaps
    beside = series.members[:MOST_BESIDE]
    readings = dict.fromkeys((*amount.readings, *(reading for _, one in beside for reading in one.readings)))
    return replace(
        amount,
        label="、".join(alike[:MOST_ALIKE]) if len(alike) > 1 else name,
        parts=tuple((other, one.value) for other, one in beside),
        who="" if len(alike) > 1 and amount.who in alike else amount.who,
        readings=tuple(readings),
    )


def place_of(evaluator: Evaluator, node: q.Place) -> Result:
    """Which place one takes in a series, from the most."""
    series, member = evaluator.listing(node.series), evaluator.amount(node.member)
    name, own = _own(series, member)
    rank = Decimal(1 + sum(amount.number > own.number for _, amount in series.members))
    first, best = max(series.members, key=lambda pair: pair[1].number)
    value, many = Value(rank, say("ranked", "place_unit")), Value(Decimal(len(series.members)), say("ranked", "member_unit"))
    said = {"label": name, "place": member.place, "item": member.item, "who": member.who}
    parts = ((name, own.value), (first, best.value))
    return made_of((own, *amounts_of(series)), rank, value, parts=parts, beside=(own.value, many), **said)


def _own(series: Listing, told: Amount) -> tuple[str, Amount]:
    """The member of a series that an amount is."""
    own = next((pair for pair in series.members if pair[1].figures & told.figures or pair[0] == told.label), None)
    return sure(own or Missing("no_members", found=(told,)))


def count(evaluator: Evaluator, node: q.Count) -> Result:
    """How many members a series has."""
    series = evaluator.listing(node.series)
    number, unit = Decimal(len(series.members)), say("ranked", "unit_unit" if series.over == "units" else "count_unit")
    readings = tuple(reading for _, amount in series.members for reading in amount.readings)
    parts = tuple((name, amount.value) for name, amount in series.members[:MOST_COUNTED])
    who = series.place.agency.name if series.place else ""
    return Amount(number, Value(number, unit), readings, series.label, series.place, None, parts=parts, who=who)
