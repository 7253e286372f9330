"""What somebody says is so: an amount, a change, that one thing is more than another, all of it, none of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from retrieval.figures.parts import CARS, PARTS_OF
from retrieval.figures.things import COUNTS
from retrieval.language.builders.joining import (
    and_before,
    beside,
    context,
    divided,
    ends_of,
    flat,
    how_many,
    item_of,
    later,
    pair_of,
    sides_of,
    truth_of,
)
from retrieval.language.builders.slots import MULTIPLE, ZERO, Slots, amounts, is_thing, picked, series
from retrieval.question import expression as q
from retrieval.words.cues import load
from retrieval.words.numbers import counted_by, counters
from store.money import MONEY_UNITS

_CARS = load("names.toml")["cars"]
BOUGHT_CARS = q.Item(CARS[0], CARS[0], CARS[:1])
_MOVES = ("UP", "DOWN", "MORE", "FEWER")


def _relation(slots: Slots) -> q.Relation:
    return "over" if slots.has("OVER") else "under" if slots.has("UNDER") else "is"


def _changed(of: Any, since: Any, quantity: q.Quantity, way: q.Direction) -> q.Holds:
    """That an amount went up or down by a quantity."""
    change = q.Change(of, since, "rate" if quantity.unit == "%" else "amount", way)
    return q.Holds(change, "down" if way == "down" else "up", quantity)


def _apart(slots: Slots) -> int:
    """How many characters stand between quantities at most."""
    said = [one for one in slots.used if one.quantity is not None]
    return max((after.start - before.end for before, after in pairwise(said)), default=0)


def holds(slots: Slots, of: Any) -> Any:
    """That an amount is so much, or a number of things so many."""
    said = slots.quantities()
    quantity, money = said[0], [one.unit in MONEY_UNITS for one in said]
    each = isinstance(of, q.Named) and len(said) == len(of.members) > 1 and (all(money) or len({one.unit for one in said}) == 1)
    if each and _apart(slots) <= 1 and not slots.has("SUM", "SHARE", "LEFT", "OVER", "UNDER"):  # 分别是97万、103万、270万
        return q.All(tuple(q.Holds(one, "is", claimed) for one, claimed in zip(of.members, said, strict=True)))
    if len({one.unit for one in said}) < len(said) or sum(money) > 1 or (slots.has("SHARE") and not money[0]):
        return None  # 占三成: of something; 货物占1303万元 is an amount
    if len(said) > 1 and (any(money) or _apart(slots) or not isinstance(of, q.Pick)):
        return None  # 有11台车，10台是机要用车: of two things
    if any(one.unit == MULTIPLE for one in said) and not isinstance(of, q.Ratio):
        return None  # 是上年的三倍: no amount
    if any(one.counter for parsed in slots.parsed.values() for one in parsed.ignored):
        return None  # 50万元以上的设备有几台: it asks
    if slots.has("LEFT") and not isinstance(of, q.Less):
        return None  # 其余都是…: of what is left
    if slots.has("SUM"):
        of = q.Sum(flat(q.Pick() if of is None else of)) if of is None or isinstance(of, q.Named) else of  # 三项合计60万
    elif isinstance(of, q.Named):
        return q.All(tuple(q.Holds(one, "is", quantity) for one in of.members)) if slots.has("EACH") else None
    elif isinstance(of, q.SERIES) and not (isinstance(of, q.Top) and quantity.unit in COUNTS):
        many = how_many(of) if quantity.unit in counters() else None
        return q.Holds(many, "is", quantity) if many is not None else None
    if (of is None or (isinstance(of, q.Pick) and of.item is None)) and counted_by().get(quantity.unit) == "vehicles":
        of = replace(of or q.Pick(), item=q.Item(_CARS["stock"], _CARS["stock"], (_CARS["stock"],), counter=_CARS["counter"]))  # 有7辆车
    if isinstance(of, (q.Sum, q.Top, q.Nth)) and quantity.unit in COUNTS:
        return None  # 2项合计: how many are named, no amount
    of = amounts(of)
    if of is None or isinstance(of, q.Change) or (isinstance(of, q.Ratio) and quantity.unit not in ("%", MULTIPLE) and of.form != "each"):
        return None
    if slots.has("HOWMUCH") and not isinstance(of, q.Sum):
        return of  # 一亿八上下，准数是多少: the figure is asked for, what is said of it is hearsay
    return truth_of([q.Holds(of, _relation(slots), one) for one in said])


def to_be_got(slots: Slots, of: q.Pick) -> Any:
    """打算买7辆车、花126万: how many are to be got, and what vehicles are to cost."""
    said = slots.quantities()
    many, cost = [one for one in said if one.unit in counters()], [one for one in said if one.unit in MONEY_UNITS]
    if len(many) != 1 or len(cost) > 1 or len(said) > 1 + len(cost) or (cost and counted_by().get(many[0].unit) != "vehicles"):
        return None
    got = q.Told("number", of, tuple(slots.set["newly"]), counter=many[0].unit)
    return truth_of([q.Holds(got, "is", many[0]), *(q.Holds(replace(of, item=BOUGHT_CARS), "is", one) for one in cost)])


def claimed_change(slots: Slots, of: Any, since: q.Pick | None = None) -> Any:
    """比去年增加2万元、增长12%: by how much an amount changed; what it is, where that stands before it (52.9亿，比上年涨3%)."""
    said, ways = slots.quantities(), _ways(slots)
    numbers, moved, compared = slots.at("QTY"), slots.at(*_MOVES), slots.at("PRIOR", "THAN")
    behind = numbers[0] > moved[0]
    first = compared or (moved if len(said) > 1 and numbers[1] > moved[0] else [])
    itself = said[:1] if said[0].unit != "%" and first and numbers[0] < first[0] <= moved[0] else []
    changes = list(zip(said, ways, strict=True))[len(itself) :]
    rates = [one.unit in ("%", MULTIPLE) for one, _ in changes]
    multiple = any(one.unit == MULTIPLE for one, _ in changes)
    if slots.has("ROSETO", "FELLTO") or len(changes) > 2 or (len(changes) == 2 and rates[0] is rates[1]):
        return None
    if (len(changes) > 1 and not itself and not behind) or (multiple and (len(changes) > 1 or not slots.has("UP", "MORE") or not behind)):
        return None
    if slots.has("OVER", "UNDER") and since is None and not slots.has("PRIOR", "THAN", "UP", "DOWN"):
        return None  # 低于1万元: a bound
    if (ends := ends_of(slots, of, since)) is None:
        return None
    of, since = ends
    truths: list[Any] = [_changed(of, since, _as_rate(one), way) for one, way in changes]
    if itself:
        truths = [q.Holds(of, "is", itself[0]), *(truths or [q.Turned(of, ways[0], since)])]
    return truth_of(truths)


def _as_rate(one: q.Quantity) -> q.Quantity:
    """增长了一倍: a hundred percent."""
    return replace(one, number=one.number * 100, unit="%", rounded=one.rounded or "about") if one.unit == MULTIPLE else one


def _ways(slots: Slots) -> list[q.Direction]:
    """Which way each quantity is said to go: that of the last word before it that says so, else of the first in the clause."""
    way: q.Direction = "down" if slots.direction() == "down" else "up"
    found: list[q.Direction] = []
    for one in slots.used:
        if one.quantity is not None:
            found.append(way)
        elif found and not one.cues.isdisjoint(_MOVES):
            way = "down" if one.cues & {"DOWN", "FEWER"} else "up"
    return found


def claimed_from(slots: Slots, of: q.Pick, since: q.Pick | None = None) -> Any:
    """比上年的X万元增加Y万元: what it was, and by how much it changed."""
    was, by = slots.quantities()[:2]
    if since is None and of.year is not None and not slots.has("PRIOR"):
        return None  # the year said is that of what it was
    now, before = and_before(of) if since is None else (of, q.filled(since, q.Pick(of.item, of.agency, None, None, of.kind)))
    return q.All((q.Holds(before, "is", was), _changed(now, since, by, slots.direction() or "up")))


def reached(slots: Slots, of: Any) -> Any:
    """从5万涨到7万, 降到零, 由去年的5万变成今年的7万: what it was and is, and which way it went."""
    moved = slots.at("ROSETO", "FELLTO", "BECAME")[0]
    was, is_ = ([one.quantity for one in part if one.quantity is not None] for part in (slots.used[:moved], slots.used[moved:]))
    is_ = [ZERO] if slots.has("ABSENT") and not is_ else is_
    two = sorted(picked(of), key=later)
    if any(one.unit in ("%", MULTIPLE) for one in (*was, *is_)) or len(was) > 1 or len(is_) != 1 or not 0 < len(two) < 3:
        return None
    if len(two) == 2 and (two[0].item != two[1].item or not was):
        return None
    before, now = two if len(two) == 2 else reversed(and_before(two[0]))
    ways: list[q.Direction] = ["up"] if slots.has("ROSETO") else ["down"] if slots.has("FELLTO") else []
    claims = (*(q.Holds(before, "is", one) for one in was), q.Holds(now, "is", is_[0]))
    return q.All((*claims, *(q.Turned(now, way, before if len(two) == 2 else None) for way in ways)))


def claimed_times(slots: Slots, part: Any, whole: Any) -> Any:
    """提租补贴是上年的三倍还多: how many times the one is the other."""
    relation = "over" if slots.has("MORE") else "under" if slots.has("FEWER") else _relation(slots)
    of, quantity = divided(part, whole), slots.quantity()
    return q.Holds(of, relation, quantity) if of is not None and quantity is not None else None


def is_more(slots: Slots, left: Any, right: Any) -> Any:
    """That the one side is more or less than the other."""
    sides = sides_of(slots, left, right)
    return _more(slots, *sides) if sides is not None else None


def _more(slots: Slots, left: Any, right: Any) -> q.Same:
    return q.Same(left, right, "less" if slots.has("FEWER", "DOWN") and not slots.has("MORE", "UP") else "more")


def more_by(slots: Slots, left: Any, right: Any) -> Any:
    """甲比乙多5万元: which is more, and by how much; or what the one is (甲651万，低于乙), and what both are together (两者合计747万)."""
    said, numbers = slots.quantities(), slots.at("QTY")
    sides = sides_of(slots, left, right)
    if sides is None or not all(isinstance(one, q.AMOUNTS) for one in sides) or any(one.unit in ("", "%", MULTIPLE) for one in said):
        return None
    if len(said) > 1 + slots.has("SUM") or not any(one.item is not None or one.agency is not None for one in q.picks(right)):
        return None  # 比2023年多5万元: a change
    truths: list[Any] = [_more(slots, *sides)]
    if numbers[0] < max(slots.at("THAN")):
        if slots.has("UP", "DOWN"):
            return None  # 甲增加19万，增幅高于乙
        truths.append(q.Holds(sides[0], "is", said.pop(0)))
    told = q.Sum(sides) if slots.has("SUM") else q.Minus(*sides)
    return q.All((*truths, *(q.Holds(told, "is", one) for one in said)))


def same(slots: Slots, pair: Any) -> Any:
    """That two things are equal; of one alone, that it is what was told (跟基本支出一样多吗)."""
    if is_thing(pair) and (pair.agency, pair.year, pair.earlier) == (None, None, None) and slots.has("THAN"):
        return q.Same(q.Pick(), pair)
    return q.Same(*two) if (two := pair_of(slots, pair)) is not None else None


def equals(slots: Slots, left: Any, right: Any) -> Any:
    """甲加乙等于丙: what stands on either side of the word is one amount; and that it is so much, where that is claimed."""
    quantity = slots.quantity()
    if isinstance(left, q.Named):
        pair = pair_of(slots, left) if slots.has("DIFF") else None
        left = q.Sum(left.members) if slots.has("SUM") else q.Minus(*pair) if pair is not None else None
    elif quantity is not None and left in (None, q.Pick()):
        left = q.Minus(q.Pick(), q.Pick()) if slots.has("DIFF") else q.Sum((q.Pick(),)) if slots.has("SUM") else q.Pick()
    if quantity is not None and isinstance(right, q.Turned):
        right = q.Change(right.of, right.since, "amount", right.direction)
        return q.All((q.Same(left, right), _changed(right.of, right.since, quantity, right.direction or "up"))) if left else None
    if not isinstance(left, q.AMOUNTS) or not isinstance(right, q.AMOUNTS):
        return None
    if quantity is not None and isinstance(right, q.Pick) and right.item is None and right.agency is None:
        return None  # 会议费=2万元，2026年: the amount itself is claimed
    left, right = beside(left, right)
    if left == right:
        return None
    return q.Same(left, right) if quantity is None else q.All((q.Same(left, right), q.Holds(right, "is", quantity)))


def accounts(slots: Slots, left: Any, right: q.Pick) -> Any:
    """出国2万＋公车3万＋接待4万＝三公9万: each of the amounts, and that those before the word make up that behind it."""
    parts, split = flat(left), slots.at("EQUAL")[0]
    said, before = slots.quantities(), sum(at < split for at in slots.at("QTY"))
    if before != len(parts) or before < 2 or len(said) > before + 1 or any(item_of(one) is None for one in parts):
        return None
    total, whole = beside(q.Sum(tuple(q.filled(one, context(parts[0])) for one in parts)), right)
    claims = (q.Holds(one, "is", quantity) for one, quantity in zip((*total.parts, whole), said, strict=False))
    return q.All((*claims, q.Same(total, whole)))


def all_of(slots: Slots, whole: Any, part: Any) -> Any:
    """三公经费全是接待费: the whole is its part; how much it is, where that is claimed too."""
    whole, part = beside(whole, part)
    roughly = slots.has("ROUGHLY")
    if roughly or all(one.item is not None and one.item.counter for one in q.picks(part)):  # 购置车辆23辆，均为一般公务用车: may be no part
        wholly: Any = q.Holds(q.Ratio(part, whole), "is", q.Quantity(Decimal(100), "%", "nearly" if roughly else None))
    else:
        wholly = q.Same(part, whole)
    return truth_of([*(q.Holds(whole, "is", one) for one in slots.quantities()[:1]), wholly])


def exists(_: Slots, of: Any) -> Any:
    """Whether there is any of it."""
    return q.Exists(of) if isinstance(of, q.Pick) and of != q.Pick() else None


def absent(slots: Slots, of: Any) -> Any:
    """Whether there is none of it; which of several have none."""
    asks = slots.has("LISTQ", "WHICH")
    if isinstance(of, q.Each) and of.over in ("agencies", "units"):
        none = of.over == "units" and of.of.item is None and not asks  # 没有下属单位
        return q.Exists(of, absent=True) if none else q.Where(of, "is", ZERO)
    if asks:
        every = series(of) if not slots.has("ALLAG") else None  # 为零的是哪家: the series is the agencies
        return q.Where(every, "is", ZERO) if every is not None else None
    said = slots.quantity()
    item = item_of(of)
    if slots.has("NOTBOUGHT") and isinstance(of, q.Pick):  # 公车没买, 一辆车都没买: not that there are any, nor what they cost
        vehicles = said is not None and counted_by().get(said.unit) == "vehicles"
        if (item is None and vehicles) or (item is not None and CARS[0] in PARTS_OF.get(item.item or "", ())):
            of = replace(of, item=BOUGHT_CARS)
    if of in (None, q.Pick()) or (said is not None and not (isinstance(of, q.Pick) and _is_one(slots))):
        return None
    if said is not None and not slots.has("NOTBOUGHT"):  # 一辆公车都没有
        return q.Holds(of, "is", replace(said, number=Decimal(0)))
    return q.Exists(of, absent=True) if isinstance(of, (q.Pick, q.Named)) else None


def _is_one(slots: Slots) -> bool:
    """Whether one, and nothing else, is said, before what there is none of: 一辆都没有."""
    said = [one for one in slots.used if one.quantity is not None]
    one = said[0].quantity
    if len(said) > 1 or one is None or one.number != 1 or counted_by().get(one.unit) == "points":
        return False
    return not said[0].text[0].isdigit() or any("ABSENT" in other.cues and other.start > said[0].end for other in slots.used)
