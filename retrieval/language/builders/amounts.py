"""Amounts made of amounts: shares, what was spent of a plan, changes, how far two sides are apart, sums, a whole without some parts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

from retrieval.figures.parts import PORTION_OF
from retrieval.figures.things import INCOME, SPENDING, is_total, join
from retrieval.language.builders.joining import (
    beside,
    context,
    divided,
    each_of,
    ends_of,
    flat,
    item_of,
    later,
    pair_of,
    sides_of,
    thing_of,
)
from retrieval.language.builders.slots import ZERO, Slots, figures, picked, series
from retrieval.question import expression as q
from retrieval.words.folding import chinese_number
from retrieval.words.lexicon import general_terms


def ratio(slots: Slots, part: Any, whole: Any = None) -> Any:
    """A share; the amount of the part, where money is asked for in so many words (事业收入占了多少钱)."""
    share = _share(slots, part, whole)
    if not slots.has("MONEYQ") or slots.has("PERCENTQ", "RATIO", "PERHUNDRED"):
        return share
    if not isinstance(share, q.Ratio) or not isinstance(mine := share.part, q.Pick) or mine.item is None:
        return None
    of = share.whole
    if whole is None or not isinstance(of, q.Pick) or of.item is None:
        return mine
    return q.filled(replace(mine, item=join(of.item, mine.item) or mine.item), replace(of, item=None))  # 三公经费里公务接待费占了多少钱


def _share(slots: Slots, part: Any, whole: Any) -> Any:
    if slots.stands_before("AT", "IN"):  # 接待费在里头占几成: of what was told
        return each_of(part, _within_portion)
    if whole is None and slots.stands_before("IN", "SHARE") and not any(one.item and one.item.under for one in q.picks(part)):
        return None  # 它在基本支出里占几成: of basic spending
    named = whole
    if isinstance(whole, q.Each) and whole.over == "agencies":
        whole = whole.of  # 基本支出占总支出的比重哪家最高: each has a whole of its own
    if whole is not None and ((whole := figures(whole)) is None or isinstance(whole, q.Named)):
        return None
    if isinstance(whole, q.Nth) and isinstance(whole.series, q.Named):
        return None  # 占比，甲、乙、丙谁最高: whose share is the largest, no share of the largest
    if isinstance(whole, q.Pick) and whole.item is None:
        if whole.kind == "budget" and all(one.kind == "final" for one in q.picks(part)):
            whole = q.filled(whole, thing_of(part))  # 决算占预算: of the same thing
        elif isinstance(part, (q.Pick, q.Named)):  # only whose and when, no whole
            slots.extra += 0.4
            part, whole = q.filled(part, whole), None
    if whole is None:
        return each_of(part, _within_portion)
    own = not slots.has("WHOLE") and not (isinstance(named, q.Pick) and named.agency is not None)
    return each_of(part, lambda one: _of_its_own(*beside(one, whole)) if own else q.Ratio(*beside(one, whole)))


def _of_its_own(part: Any, whole: Any) -> q.Ratio:
    """甲中心的工资占总预算的比重: of what that unit has, unless the whole department is named."""
    mine, of = item_of(part), item_of(whole)
    if mine is None or of is None or mine.affiliate is None or mine.item is None or is_total(mine) or not is_total(of):
        return q.Ratio(part, whole)
    return q.Ratio(part, replace(whole, item=replace(of, affiliate=of.affiliate or mine.affiliate)))


def _within_portion(one: Any) -> q.Ratio:
    """A share whose whole is not said: of the portion that the part is of (项目支出里甲工程占几成), else of what it is part of."""
    item = item_of(one)
    name = next((name for name, portion in PORTION_OF.items() if item is not None and portion == item.portion), None)
    if item is None or name is None:
        return q.Ratio(one, None)
    return q.Ratio(replace(one, item=replace(item, portion=None)), replace(one, item=q.Item(name, name, (name,), fund=item.fund)))


def share_of_all(slots: Slots, part: Any, whole: q.Pick) -> Any:
    """占他们总共的几成, 占全局预算的几成: of all that is spent or taken in, not of what the part stands in."""
    of = replace(whole, item=INCOME if _is_income(part) else SPENDING)
    return ratio(slots, part, of) if whole.item is None else None


def _is_income(value: Any) -> bool:
    """Whether all that it is of is taken in."""
    return all(one.item is not None and one.item.flow == "income" for one in q.picks(value))


def _as_kind(value: Any, kind: Literal["budget", "final"]) -> Any:
    """The value as planned, or as spent."""

    def made(node: Any) -> Any:
        if not isinstance(node, q.Pick):
            return node
        item = replace(node.item, measure=None) if kind == "final" and node.item is not None else node.item
        return replace(node, kind=kind, item=item)

    return q.rebuilt(value, made)


def execution(_: Slots, of: Any) -> Any:
    """What was spent of what was planned."""
    return each_of(of, lambda one: q.Ratio(_as_kind(one, "final"), _as_kind(one, "budget")))


def overspent(slots: Slots, of: Any) -> Any:
    """How much more was spent than planned; which parts, where that is asked."""
    of = q.Pick() if of is None else of
    if slots.has("WHICH", "LISTQ") and (parts := series(of)) is not None:
        return q.Where(q.By(_as_kind(parts, "final"), q.Change(q.Hole(), q.Pick(kind="budget"), "amount")), "over", ZERO)
    return q.Minus(_as_kind(of, "final"), _as_kind(of, "budget")) if isinstance(of, q.Pick) else None


def unspent(_: Slots, of: q.Pick) -> Any:
    """How much of the plan is left."""
    return q.Minus(_as_kind(of, "budget"), _as_kind(of, "final"), signed=True)


def per_each(slots: Slots, of: Any) -> Any:
    """An amount for each of a number of things (平均每辆)."""
    if isinstance(of, q.Sum) and isinstance(every := of.parts[0], q.Each) and every.over in ("agencies", "units"):
        return q.Mean(every)  # 平均每个单位: of those whose figures are added up
    said = "".join(one.text for one in slots.used if "PEREACH" in one.cues)
    counter = next((counter for counter, marks in slots.set["counters"].items() if not set(marks).isdisjoint(said)), "")
    return q.Ratio(of, q.Told("number", context(of), tuple(slots.set["terms"].get(counter, ())), counter=counter), "each")


def per_head(_: Slots, of: q.Named) -> Any:
    """An amount for each of the persons that are named beside it; where none are, nobody knows for whom."""
    counted = [one for one in of.members if (item := item_of(one)) is not None and item.counter]
    paid = [one for one in of.members if one not in counted]
    return q.Ratio(paid[0], counted[0], "each") if len(counted) == len(paid) == 1 else None


def change(slots: Slots, of: Any, since: q.Pick | None = None) -> Any:
    """How an amount changed; of two years of one thing, from the one to the other."""
    if (ends := ends_of(slots, of, since)) is None:
        return None
    of, before = ends
    if before is None and not slots.has("PRIOR") and isinstance(of, q.Nth) and len(picked(of.series)) == 2:
        return None  # 甲和乙哪家多，多出多少: more than the other, not than before
    if isinstance(of, q.Pick) and (before is None or isinstance(before, q.Pick)) and _asks_itself(slots):
        return q.Both((of, q.Change(of, before, replace(slots, used=slots.used[1:]).form(), slots.direction())))
    if not slots.has("HOWMUCH", "PERCENTQ", "TIMES", "CHG", "WHICH") and slots.direction() is not None:
        slots.extra += 0.9  # 比去年增加了: that it did is said, not asked by how much
    if isinstance(of, q.Named) and len(two := picked(of)) == 2 and before is None and _is_same(*two) and two[0] != two[1]:
        before, of = sorted(two, key=later)
    return each_of(of, lambda one: q.Change(one, before, slots.form(), slots.direction()))


def _is_same(one: q.Pick, other: q.Pick) -> bool:
    """Whether two picks are of one thing of one agency."""
    return (one.item, one.agency) == (other.item, other.agency)


def _asks_itself(slots: Slots) -> bool:
    """Whether the amount itself is asked for before its change is: 花了多少，比上年增加还是减少; 多少，比上年多了多少."""
    asked, moved, compared = slots.at("HOWMUCH", "EACH", "PERCENTQ"), slots.at("CHG"), slots.at("PRIOR")
    if not asked or not (moved or (compared and asked[-1:] > compared)):
        return False
    return asked[0] < min((*moved, *compared)) and "PERCENTQ" not in slots.used[asked[0]].cues


def turned(slots: Slots, of: Any, since: q.Pick | None = None) -> Any:
    """Whether an amount rose, fell or stayed."""
    if (direction := slots.direction()) is None:
        return None
    if slots.asks_rate():  # 增幅: asked for, not said to be so
        return each_of(of, lambda one: q.Change(one, None, "rate", direction))
    if since is None:
        return each_of(of, lambda one: q.Turned(one, direction))
    if any(parsed.asks for parsed in slots.parsed.values()) or not isinstance(of, q.Pick) or since.item is not None:
        return None  # 2026较2025降幅是多少
    ends = ends_of(slots, of, since)
    return q.Turned(ends[0], direction, ends[1]) if ends is not None else None


def deduced(_: Slots, of: Any) -> Any:
    """照减少额推回去，上一年是多少: the figure of the earlier of the years that are said, else of the year before."""
    said = picked(of)
    items = {one.item for one in said if one.item is not None}
    if not said or len(items) > 1:
        return None
    years = [one.year for one in said if one.year is not None]
    back = max(one.earlier or 0 for one in said)
    when = {"year": max(years) - back if back else min(years), "earlier": None} if years else {"earlier": back or 1}
    return replace(said[0], item=items.pop() if items else None, **when)


def trend(_: Slots, of: Any) -> Any:
    """An amount over the years, each without what is taken off of it."""
    if isinstance(of, q.Less) and isinstance(of.whole, q.Pick):
        parts = tuple(replace(one, year=None, earlier=None) for one in of.parts if isinstance(one, q.Pick))
        return q.By(q.Each(of.whole, "years"), q.Less(q.Hole(), parts))
    return q.Each(of, "years") if isinstance(of, q.Pick) else of if isinstance(of, q.By) else None


def difference(slots: Slots, left: Any, right: Any) -> Any:
    """How much more the one side is than the other; of one thing of one agency, how it changed."""
    if left in (None, q.Pick()) and right in (None, q.Pick()):
        return q.Minus(q.Pick(), q.Pick()) if slots.parsed["right"].refers else None  # 比它多多少
    sides = sides_of(slots, left, right)
    if sides is None or isinstance(sides[0], (q.Minus, q.Change, q.Ratio)) or isinstance(sides[1], (q.Minus, q.Change)):
        return None
    of_one = len(two := picked(q.Named(sides))) == 2 and _is_same(*two) and q.Pick() not in two
    return q.Change(*sides, slots.form(), slots.direction()) if of_one or slots.has("PERCENTQ") else q.Minus(*sides)


def difference_of(slots: Slots, pair: Any) -> Any:
    """How far two things that are named side by side are apart."""
    if pair is None:
        return q.Minus(q.Pick(), q.Pick()) if slots.has("PAIR", "DIFF") else None
    return q.Minus(*two) if (two := pair_of(slots, pair)) is not None else None


def subtraction(_: Slots, left: Any, right: Any) -> Any:
    """One amount less another, or less each of a list."""
    if isinstance(right, q.Named):
        return q.Less(left, tuple(q.filled(one, context(left)) for one in right.members))
    other_kind = isinstance(right, q.Pick) and right.item is None and right.kind not in (None, context(left).kind)
    return q.Minus(*beside(left, right, items=other_kind), signed=True)  # 年初批的减去实际花的: of the same thing


def vacant(slots: Slots, of: Any) -> Any:
    """The posts approved less the persons who hold them."""
    posts, held = slots.set["posts"], slots.set["held"]
    said = picked(of)
    counted = [one.item.said for one in said if one.item is not None]
    counted += [one.text for one in slots.used if one.counter is not None and re.fullmatch(held, one.text)]  # 实际|人数
    if not said or not all(re.fullmatch(f"(?:{posts}|{held})+", one) for one in counted):
        return None
    unread = "".join(one.text for parsed in slots.parsed.values() for one in parsed.unread)
    text = " ".join((unread, *counted))
    asked = [one for one in slots.used if one.text not in counted and (one.counter is not None or "HOWMUCH" in one.cues)]
    both = re.search(posts, text) and re.search(held, re.sub(posts, "", text))
    if not both and (len(asked) > 1 or not slots.has("VACANT")):
        return None
    if re.fullmatch(f"(?:{posts}|{held}|{slots.set['beside']})+", unread):
        slots.terms()  # read by what they stand for
    items = (q.Item(name, name, (name,), counter=slots.set["counter"]) for name in slots.set["terms"])
    approved, taken = (q.Told("number", replace(said[0], item=item), counter=item.counter) for item in items)
    return q.Minus(approved, taken)


def times(slots: Slots, part: Any, whole: Any) -> Any:
    """How many times the one amount is the other."""
    return q.Ratio(part, whole, "times") if slots.points(part=part, whole=whole) else divided(part, whole)


def times_of(slots: Slots, pair: Any) -> Any:
    """The first of two things that are named side by side, divided by the other."""
    return divided(*two) if (two := pair_of(slots, pair)) is not None else None


def sum_(slots: Slots, of: Any) -> Any:
    """What is said, added up; of a row that several may bear the name of, all of them."""
    if of is None:
        return q.Pick() if slots.has("SUM") and not slots.has("PAIR", "ALLOF") else None
    if isinstance(of, q.Named):
        first = of.members[0]
        return q.Sum((first, *(q.filled(one, context(first)) for one in of.members[1:])))
    if isinstance(of, (q.Each, q.Top, q.Where)):
        slots.extra += 0.2
        return q.Sum((of,))
    if isinstance(of, q.Pick) and of.item is not None and _is_row(of.item):
        return q.Sum((q.Each(of, "rows", number=_number_of(slots)),))
    return of if isinstance(of, (q.Sum, q.Pick)) else None


def _number_of(slots: Slots) -> int | None:
    """How many things are said to be added up (两笔, 三样)."""
    said = (character for one in slots.used if "ALLOF" in one.cues for character in one.text)
    numbers = (int(number) for character in said if (number := chinese_number(character)) is not None)
    return 2 if slots.has("PAIR") else next(numbers, None)


def _is_row(item: q.Item) -> bool:
    """Whether an item is known only as printed rows: several may bear its name."""
    plain = item.item is not None and not item.parts and (item.code, item.fund, item.affiliate, item.counter) == (None, None, None, None)
    return plain and (item.classification == "project" or item.item not in general_terms())


def plus(_: Slots, left: Any, right: Any) -> Any:
    """One added to another; what is only a unit's, a table's or a fund's is of the thing that another names."""
    left = q.Pick() if left is None else left
    if not isinstance(right, (*q.AMOUNTS, q.Named)) or not isinstance(left, (*q.AMOUNTS, q.Named)):
        return None
    parts = (*flat(left), *(q.filled(one, context(left)) for one in flat(right)))
    thing = next((one for one in q.picks(q.Named(parts)) if one.item is not None and one.item.item is not None), q.Pick()).item

    def whole(one: Any) -> Any:
        is_open = any(pick.item is not None and pick.item.item is None for pick in q.picks(one))
        return q.filled(one, replace(context(right), item=thing if is_open else None))

    return q.Sum(tuple(map(whole, parts)))


def mean(slots: Slots, of: Any) -> Any:
    """The mean of a series; of one thing, over its years, or over all agencies."""
    if isinstance(of, q.Pick):
        said = "".join(one.text for one in slots.used)
        over = next((over for over, mark in slots.set["over"].items() if mark in said), None)
        return q.Mean(q.Each(of, over)) if over is not None else None
    return q.Mean(of) if isinstance(of, q.SERIES) else None


def less(slots: Slots, parts: Any, whole: Any) -> Any:
    """A whole, or a series, without some of its parts."""
    whole = q.Pick() if whole is None else whole
    if not isinstance(parts, (*q.AMOUNTS, q.Named)):
        return None
    if isinstance(whole, q.Pick) and whole.item is None and _is_income(parts):
        whole = replace(whole, item=INCOME)  # 不是财政给的那部分: of what is taken in
    if isinstance(whole, q.Each) and isinstance(parts, q.Nth) and isinstance(parts.series, q.Each) and _is_unit(parts.series):
        return replace(parts, series=_cut(whole, (parts.series.of,)))  # 各分局里，撇开甲分局谁最多: of the others
    if isinstance(whole, (q.Nth, q.Top)):
        return replace(whole, series=_cut(whole.series, flat(parts)))
    if isinstance(whole, q.Each) or (isinstance(whole, q.Named) and _is_one_thing(whole)):
        return _cut(whole, flat(parts))
    if not isinstance(whole, q.AMOUNTS):
        return None
    return q.Less(q.filled(whole, context(parts)), tuple(q.filled(one, context(whole)) for one in flat(parts)))


def _cut(whole: Any, parts: tuple[Any, ...]) -> Any:
    """A series without some members; where it is one thing of several agencies or years, each without some of its parts."""
    of_each = whole.over in ("agencies", "years") if isinstance(whole, q.Each) else isinstance(whole, q.Named) and _is_one_thing(whole)
    if of_each:
        return q.By(whole, q.Less(q.Hole(), parts))
    return q.Less(whole, tuple(q.filled(one, context(whole)) for one in parts))


def _is_one_thing(whole: q.Named) -> bool:
    """Whether several amounts are one thing of several agencies or years."""
    things = {one.item for one in whole.members if isinstance(one, q.Pick)}
    return len(things) == 1 and None not in things and all(isinstance(one, q.Pick) for one in whole.members)


def _is_unit(value: q.Each) -> bool:
    """Whether a series is of one budget unit, which is then what is left out, and no series."""
    return value.of.item is not None and value.of.item.affiliate is not None
