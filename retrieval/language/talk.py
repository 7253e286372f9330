"""Talk: a fragment filled from what was asked before. The state is the stack of earlier expressions, newest last.

A fragment is read by the same grammar as a question; it fills, replaces or wraps the part of the last expression that has its type:
去年呢 (a year), 换成云山的 (an agency), 里面最大的 (over the series just told), 占几成 (of what was just told), 俩加起来 (the last two).
A whole question stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from retrieval.language.askew import is_no_scope
from retrieval.language.lattice import Segment
from retrieval.language.phrases import INCOME, PORTION_OF, SPENDING, is_fund
from retrieval.language.reader import Understood, counted_back, subjects
from retrieval.question import expression as q
from retrieval.question.expression import Item, Named, Pick, filled, filled_item, picks, rebuilt
from retrieval.words.cues import cues, fillers, load
from retrieval.words.folding import bare, chinese_number

LONGEST_END = 4  # characters of a name that a fragment may leave off
_WIDER = frozenset(("UNITS", "UNITKIND", "BODIES", "ALLAG", "OWNLEVEL", "WHOLE"))
"""Cues of a fragment that is about more than the unit talked about."""
_COMPARING = frozenset(("MORE", "FEWER", "MOST", "LEAST"))


def continued(understood: Understood, before: Sequence[tuple[Understood, Any]]) -> Any:  # noqa: PLR0915  each kind of fragment in turn
    """The expression of a turn, whole."""
    node = understood.expression
    earlier = [expression for _, expression in before if expression is not None]
    if not earlier:
        return node
    last = earlier[-1]
    give = _last_pick(earlier)
    said = {name for one in understood.segments for name in one.cues}.union(*map(compares, understood.unread))
    if "OTHERS" in said and not _names_something(understood) and (rest := _others(earlier, last, said)) is not None:
        return rest
    if said >= {"FORMER", "LATTER"}:
        return _two_by_two(understood, earlier, said)
    if node is None:
        if "SUM" in said and not said & {"PAIR", "ALLOF"} and len(_amounts(last)) > 1:
            return q.Sum(_amounts(last))
        if said & {"PAIR", "ALLOF"} and "SUM" in said:
            return _added(earlier, _number_said(understood))
        if "PERCENTQ" in said and isinstance(last, q.Change):
            return replace(last, form="rate")
        if "HOWMUCH" in said and isinstance(last, q.TRUTHS):
            return _amounts(last)[-1]  # a claim, then 那是多少
        two = last.series.members if isinstance(last, q.Nth) and isinstance(last.series, Named) else ()
        if len(two) == 2 and said & {"HOWMUCH", "DIFF"} and all(map(compares, understood.unread)):
            return q.Minus(*two)  # 高多少
        if "ORDINAL" in said and isinstance(last, (q.Nth, q.Top)) and (place := _place_said(understood)) is not None:
            return q.Nth(last.series, last.order, place)  # 第二名呢
        of_several = bool(said & {"PAIR", "ALLOF"})
        if "WHICH" in said and (of_several or said & _COMPARING) and (told := _told_together(earlier, said)) is not None:
            return q.Nth(told, "least" if said & {"FEWER", "LEAST"} else "most")
        return _repeated(understood, last)
    if isinstance(node, q.Both) and q.Minus(Pick(), Pick()) in node.parts:
        return _one_by_one(node, understood, before)
    if node == q.Each(Pick(), "projects") and said == {"PROJECTS"} and give.item is not None and give.item.item in PORTION_OF:
        node = Pick(Item("项目", "项目支出", ("项目支出",)))  # 人员支出占多少？项目呢
    if isinstance(node, q.Each) and node.of == Pick() and said & _COMPARING and (told := _told_of_several(earlier)) is not None:
        return q.Nth(told, "most" if said & {"MORE", "MOST"} else "least")  # 谁高
    if isinstance(node, Pick) and node == Pick():
        return q.Sum(_amounts(last)) if "SUM" in said and len(_amounts(last)) > 1 else last
    counted = last if isinstance(last, q.Told) and last.what == "number" else None
    if counted is not None and isinstance(node, Pick) and node.item is not None and node.agency is None and not said & {"HOWMUCH", "SUM"}:
        return replace(counted, about=replace(counted.about, item=None), terms=(node.item.said,))
    asks = {"definition": "HOWMUCH", "number": "MONEYQ"}.get(last.what) if isinstance(last, q.Told) else None
    if isinstance(last, q.Told) and isinstance(node, Pick) and asks in said:
        return filled(node, last.about)
    if isinstance(node, Pick) and "HOWMUCH" in said and _names_in_full(understood):
        return _dated(node, give, said)
    if isinstance(node, Pick) and isinstance(last, Pick) and _is_like_unit(node, last):
        return replace(filled(node, last), kind=last.kind if node.kind is None else node.kind)
    if _is_whole(node):
        return _dated(node, give, said)
    give = _given_to(node, give)
    node = _of_unit(node, give, said)
    node = counted_back(node, understood.segments, give)
    sides = (node.left, node.right) if isinstance(node, q.Minus) else ()
    if sides.count(Pick()) == 1 and all(isinstance(one, Pick) for one in sides):
        left, right = (_amounts(last)[-1] if one == Pick() else filled(one, give) for one in sides)
        return q.Minus(left, right)
    if sides.count(Pick()) == 2:
        if isinstance(last, q.Minus):
            return last  # told already
        two = _last_two(earlier)
        return q.Minus(*two) if two is not None else None
    if isinstance(node, q.Sum) and Pick() in node.parts:
        rest = tuple(one for one in node.parts if one != Pick())
        return q.Sum((*_amounts(last), *(filled(one, give) for one in rest)))
    if isinstance(node, Pick):
        of = give.item if give.item is not None and give.item.item is not None and give.item.flow != "income" else None
        if of is not None and node.item is not None and is_fund(node.item) and node.agency is None:
            node = replace(node, item=replace(of, fund=node.item.fund))  # 只算财政拨款的呢: of what was told
        found = _replaced(node, last, give, understood.segments)
        if said & {"COMPARED", "THAN"} and replace(node, year=None, earlier=None) == Pick() and isinstance(found, Pick):
            return q.Change(_amounts(last)[-1], found) if isinstance(_amounts(last)[-1], Pick) else found  # 比2025年呢
        if "COMPARED" in said and node.item is None and isinstance(found, Pick):  # 和云山的比呢
            return Named((_amounts(last)[-1], found))
        return found
    if counted is not None and isinstance(node, q.Ratio) and isinstance(node.part, Pick) and node.part.item is not None:
        part = replace(counted, about=replace(counted.about, item=None), terms=(node.part.item.said,))
        return replace(node, part=part, whole=last)
    if _is_part_unsaid(node):
        node = replace(node, part=Pick())  # 占全局预算几成: what was told is the part
    if isinstance(node, q.Ratio) and node.part == Pick() and said & {"PAIR", "ALLOF"}:
        both = _added(earlier, _number_said(understood))
        return None if both is None else replace(node, part=both, whole=None if node.whole is None else filled(node.whole, give))
    if isinstance(node, (q.Ratio,)) and node.part == Pick():
        told = _amounts(last)[-1]
        part = q.Sum((told,)) if isinstance(told, (q.Top, q.Each, q.Where)) else told  # 最大的两个，占几成: together
        return replace(node, part=part, whole=_whole_before(earlier, last) if node.whole is None else filled(node.whole, give))
    if isinstance(node, q.Ratio) and node.whole is None and isinstance(node.part, Pick) and node.part.item is not None:
        part = filled(node.part, give)
        whole = last.whole if isinstance(last, q.Ratio) else _amounts(last)[-1]  # 那项目支出占多少呢: of the same whole
        return replace(node, part=part, whole=whole) if picks(whole) and picks(whole)[0].item != part.item else replace(node, part=part)
    if (found := _of_ranks(node, last, give)) is not None:
        return found
    series = node.series if isinstance(node, (q.Nth, q.Top)) else None
    if isinstance(series, q.Each) and (series.of.item, series.of.agency) == (None, None):
        told = _told_of_several(earlier)
        if series.over == "agencies" and told is not None:
            return replace(node, series=told)
        return replace(node, series=_series_of(series, last, give))
    if isinstance(node, (q.Change, q.Turned)) and node.of == Pick():
        return _moved(node, _amounts(last)[-1])
    if isinstance(node, q.Less) and node.whole == Pick():
        return replace(node, whole=_amounts(last)[-1], parts=tuple(filled(one, give) for one in node.parts))
    if isinstance(node, q.Told):
        of_body = bool(node.terms) or node.what in ("units", "offices", "duties")
        return replace(node, about=filled(node.about, replace(give, item=None) if of_body else give))
    return filled(node, give)


def _one_by_one(node: q.Both, understood: Understood, before: Sequence[tuple[Understood, Any]]) -> q.Both:
    """Several questions in one follow-up, each a turn of its own (管理处呢？比它多多少)."""
    found: list[Any] = []
    for part in node.parts:
        found.append(continued(replace(understood, expression=part), [*before, *((understood, one) for one in found)]))
    return q.Both(tuple(found))


def left_off(understood: Understood, last: Any) -> list[str]:
    """What a fragment may mean that leaves off the end of the name just told of: 电(费) after 水费, 北郊(监狱) after 南郊监狱."""
    unread = [one.text.strip() for one in understood.unread]
    named = next((one.item for one in reversed(picks(last)) if one.item is not None), None) if last is not None else None
    if understood.expression is not None or len(unread) != 1 or named is None:
        return []
    name = named.affiliate or named.said
    return [unread[0] + name[-length:] for length in range(min(LONGEST_END, len(name) - 1), 0, -1)]


def compares(one: Segment) -> frozenset[str]:
    """What a single word of comparison says that no rule could use: 高(多少), 高(呢)."""
    said = one.text.strip()
    while said and said[-1] in fillers():
        said = said[:-1]
    return cues().get(said, frozenset()) & _COMPARING


def _is_whole(node: Any) -> bool:
    """Whether a question says whom and what by itself."""
    own = picks(node)
    return bool(own) and all(one.agency is not None and is_thing(one.item) for one in own) and not isinstance(node, q.Told)


def _names_in_full(understood: Understood) -> bool:
    """Whether an agency and a unit of it are named as they are printed, as questions that are offered name them: nothing is left open."""
    whose = understood.whose
    said = all(bare(understood.text[one.start : one.end]) in {bare(body.name) for body in one.bodies} for one in whose)
    return said and {body.unit is None for one in whose for body in one.bodies} == {True, False}


def is_thing(item: Item | None) -> bool:
    """Whether an item says what is asked for, rather than only within which unit, table or fund."""
    return item is not None and bool(item.item or item.code or item.parts or item.names)


def _dated(node: Any, give: Pick, said: set[str]) -> Any:
    """A whole question of the agency that was talked about, or one that is put beside the last (那…呢), is about the same year."""
    same = {one.agency for one in picks(node)} == {give.agency}
    if not (same or "SWITCH" in said) or any(one.year is not None or one.earlier is not None for one in picks(node)):
        return node
    return filled(node, Pick(year=give.year, earlier=give.earlier, kind=give.kind, published=give.published))


def _given_to(node: Any, give: Pick) -> Pick:
    """What the talk is about, without the unit that was told of where the fragment names an agency, and without a thing by which
    projects are not listed where it asks for projects (电费, 哪个项目最花钱)."""
    if any(isinstance(one, q.Each) and one.over == "projects" for one in q.walk(node)) and is_no_scope(give.item):
        give = replace(give, item=None)
    return replace(give, item=_without_unit(give.item)) if any(one.agency for one in picks(node)) else give


def _without_unit(item: Item | None) -> Item | None:
    """The item of the agency as a whole; None where it was nothing but the unit."""
    if item is None or item.affiliate is None:
        return item
    return replace(item, affiliate=None) if is_thing(item) or item.table or item.fund else None


def _of_unit(node: Any, give: Pick, said: set[str]) -> Any:
    """The fragment with its things within the unit, fund, table and column that were talked about, where it names no other."""
    before = give.item
    if before is None or isinstance(node, q.Told) or said & _WIDER or any(one.agency for one in picks(node)):
        return node

    def placed(one: Any) -> Any:
        if not isinstance(one, Pick) or one.item is None or not is_thing(one.item):
            return one
        item = one.item
        fund = None if is_fund(item) or "income" in (item.flow, before.flow) else before.fund
        kept = replace(item, affiliate=item.affiliate or before.affiliate, table=item.table or before.table, fund=item.fund or fund)
        return replace(one, item=kept)

    return rebuilt(node, placed)


def _two_by_two(understood: Understood, earlier: Sequence[Any], said: set[str]) -> Any:
    """前者是后者的几倍, 后者占前者几成: the two last told, in the order in which they are pointed at."""
    two = _last_two(earlier)
    if two is None:
        return None
    first = next(one for one in understood.segments if one.cues & {"FORMER", "LATTER"})
    part, whole = two if "FORMER" in first.cues else two[::-1]
    if "TIMES" in said or said & {"SHARE", "RATIO", "PERCENTQ"}:
        return q.Ratio(part, whole, "times" if "TIMES" in said else "percent")
    return q.Minus(part, whole) if said & {"DIFF", "MORE", "FEWER"} else None


def _names_something(understood: Understood) -> bool:
    """Whether a fragment names whom or what by itself."""
    return any((one.items and not one.cues) or one.agencies or one.units for one in understood.segments)


def _others(earlier: Sequence[Any], last: Any, said: set[str]) -> Any:
    """另外两个项目, 剩下的: what was told last was one of a series, or a part of what was told before it; the rest of that."""
    amount = _amounts(last)[-1]
    rest: Any = None
    if isinstance(last, (q.Nth, q.Top)):
        rest = q.Less(last.series, (last,))
    elif isinstance(last, q.Ratio) and last.whole is not None:
        rest = q.Less(last.whole, (last.part,))
    elif isinstance(amount, Pick) and amount.item is not None and ("PROJECTS" in said or amount.item.classification == "project"):
        rest = q.Less(q.Each(replace(amount, item=None), "projects"), (amount,))
    elif (whole := _whole_before(earlier, last)) is not None:
        rest = q.Less(whole, (amount,))
    return q.Sum((rest,)) if "SUM" in said and isinstance(rest, q.Less) and isinstance(rest.whole, q.SERIES) else rest


def _is_like_unit(node: Pick, last: Pick) -> bool:
    """Whether a fragment names nothing but another unit of the agency whose unit was told of (梅村高中呢)."""
    if node.item is None or last.item is None or node.item.affiliate is None or last.item.affiliate is None:
        return False
    return node.item.item is None and not node.item.parts and node.agency == last.agency


def _repeated(understood: Understood, last: Any) -> Any:
    named = any(one.agencies or one.units or one.items or one.period or one.table for one in understood.segments)
    asked = understood.unit is not None or any(one.cues for one in understood.segments)
    return last if asked and not named and not understood.unread else None


def _last_pick(earlier: Sequence[Any]) -> Pick:
    """What the talk is about: the newest thing, agency, year and kind."""
    found = Pick()
    for node in reversed(earlier):
        told = subjects(node)
        compared = isinstance(node, (q.Minus, q.Ratio, q.Same)) and len({one.agency for one in told}) == 1
        for one in told if compared else reversed(told):
            found = filled(found, one)
    return found


def _moved(node: Any, of: Any) -> Any:
    """A change of an amount that was told, since the year that is said."""
    since = node.since if isinstance(node, q.Change) else None
    if isinstance(since, Pick) and since.item is None:
        return replace(node, of=of, since=rebuilt(of, lambda one: filled(since, one) if isinstance(one, Pick) else one))
    return replace(node, of=of)


def _is_of_the_table(segments: Sequence[Segment]) -> bool:
    """Whether a fragment asks for another column of the table that was talked about (培训费那栏？)."""
    return any(re.search(load("names.toml")["table"]["part"], one.text) for one in segments if one.is_filler)


def _replaced(node: Pick, last: Any, give: Pick, segments: Sequence[Segment]) -> Any:
    """The last expression with what the fragment says in place of what it said."""
    unit = give.item.affiliate if give.item is not None else None
    if unit is not None and node.item is not None and (node.agency, node.item.affiliate) == (None, None):
        node = replace(node, item=replace(node.item, affiliate=unit))  # of the unit that was talked about
    if is_thing(node.item) or (node.item is not None and node.agency is None and node.item.affiliate is None):
        table = give.item.table if give.item is not None and _is_of_the_table(segments) else None
        item = node.item if node.item is None else replace(node.item, table=node.item.table or table)
        return filled(replace(node, item=item), give)
    if node.item is None or node.item.affiliate is not None:
        target = last.parts[-1] if isinstance(last, q.Both) else last

        dated = node.year is not None or node.earlier is not None

        def change(one: Any) -> Any:
            if not isinstance(one, Pick):
                return one
            of, when = _without_unit(one.item) if node.agency is not None else one.item, node if dated else one
            return Pick(filled_item(node.item, of), node.agency or one.agency, when.year, when.earlier, node.kind or one.kind)

        if isinstance(target, (q.Change, q.Turned)) and dated and node.agency is None:
            return change(target.of) if isinstance(target.of, Pick) else target
        if isinstance(target, Named):
            return change(target.members[-1])
        return rebuilt(target, change)
    return filled(node, give)


def _amounts(node: Any) -> tuple[Any, ...]:
    """The amounts that an expression told."""
    match node:
        case q.Both(parts=parts):
            return tuple(amount for one in parts for amount in _amounts(one)) or (node,)
        case q.Named(members=members):
            return members
        case q.Holds(of=of) | q.Turned(of=of) | q.Exists(of=of) | q.Change(of=of):
            return _amounts(of)
        case q.Told(about=about):
            return (about,)
        case q.Each():
            return (node.of,)
        case _:
            return (node,)


def _told_of_several(earlier: Sequence[Any]) -> q.Named | None:
    """What the talk told of one thing for several agencies, turn by turn."""
    found = [one for node in earlier for one in _amounts(node) if isinstance(one, Pick) and one.item is not None]
    same = {one.agency: one for one in found if one.item == found[-1].item} if found else {}
    return Named(tuple(same.values())) if len(same) > 1 else None


def _all_told(earlier: Sequence[Any]) -> list[Any]:
    """The amounts that the talk told, each once, where it stands last."""
    return list(dict.fromkeys(one for node in reversed(earlier) for one in reversed(_amounts(node))))[::-1]


def _last_two(earlier: Sequence[Any]) -> tuple[Any, Any] | None:
    found = _all_told(earlier)
    return (found[-2], found[-1]) if len(found) > 1 else None


def _added(earlier: Sequence[Any], number: int | None) -> Any:
    found = list(dict.fromkeys(one for node in earlier for one in _amounts(node)))
    chosen = found[-number:] if number else found
    return q.Sum(tuple(chosen)) if len(chosen) >= (number or 2) else None


def _number_said(understood: Understood) -> int | None:
    """How many of those just told are meant: 俩, 四家."""
    for one in understood.segments:
        if "PAIR" in one.cues:
            return 2
        number = next((found for c in one.text if (found := chinese_number(c)) is not None), None) if "ALLOF" in one.cues else None
        if number is not None:
            return int(number)
    return None


def _place_said(understood: Understood) -> int | None:
    """Which place in an order is asked for."""
    return next((int(one.quantity.number) for one in understood.segments if "ORDINAL" in one.cues and one.quantity is not None), None)


def _whole_before(earlier: Sequence[Any], last: Any) -> Any:
    """What the last amount was told as a part of: the amount told before it, where that is another thing of the same agency."""
    if isinstance(last, q.Nth) and isinstance(last.series, q.Each):
        return last.series.of
    if len(earlier) > 1 and isinstance(last, Pick):
        before = _amounts(earlier[-2])[-1]
        mine, other = picks(last), picks(before)
        if mine and other and mine[0].agency == other[0].agency and mine[0].item != other[0].item:
            return before
    if isinstance(last, Pick) and last.item is not None and last.item.affiliate is not None and is_thing(last.item):
        return replace(last, item=_without_unit(last.item))  # a unit's share of all the agency has
    return None


def _told_together(earlier: Sequence[Any], said: set[str]) -> q.Named | None:
    """What the talk told that is compared now: one thing of several agencies, else the last two amounts."""
    if "PAIR" not in said and (told := _told_of_several(earlier)) is not None:
        return told
    two = _last_two(earlier)
    return Named(two) if two is not None else None


def _is_bare_rank(node: Any) -> bool:
    """Whether one of a series is asked for that is not said."""
    return isinstance(node, q.Nth) and isinstance(node.series, q.Each) and node.series.of == Pick()


def _is_part_unsaid(node: Any) -> TypeGuard[q.Ratio]:
    """Whether a share of a named whole is asked for, and not whose: 占全局预算几成."""
    named = isinstance(node, q.Ratio) and isinstance(node.whole, Pick) and node.whole.item is not None
    return named and isinstance(node.part, Pick) and node.part == Pick(kind=node.part.kind)


def _is_all(node: Any) -> TypeGuard[Pick]:
    """Whether all that is spent is meant."""
    return isinstance(node, Pick) and node.item == SPENDING


def _within(node: Any, last: Any, give: Pick) -> Any:
    """The node over the series that was told last."""
    return replace(node, series=_series_of(node.series, last, give)) if _is_bare_rank(node) else filled(node, give)


def _of_ranks(node: Any, last: Any, give: Pick) -> Any:
    """A share or a difference of those that take a place in the series told last; None where none is asked for."""
    if isinstance(node, q.Ratio) and _is_bare_rank(node.part) and (node.whole is None or _is_all(node.whole)):
        of = node.whole
        if isinstance(of, Pick) and give.item is not None and give.item.flow == "income":
            of = replace(of, item=INCOME)
        return replace(node, part=_within(node.part, last, give), whole=None if of is None else filled(of, replace(give, item=None)))
    if isinstance(node, q.Minus) and any(_is_bare_rank(one) for one in (node.left, node.right)):
        left = _amounts(last)[-1] if node.left == Pick() else _within(node.left, last, give)
        return replace(node, left=left, right=_within(node.right, last, give))
    return None


def _series_of(series: q.Each, last: Any, give: Pick) -> Any:
    """The series that a fragment ranks: what was just told, else the parts of what was told."""
    if isinstance(last, (q.Named, q.Each, q.Where)):
        return last
    if isinstance(last, (q.Nth, q.Top)) and series.of == Pick():
        return last.series
    if series.over == "agencies":
        return series if series.of.item is not None else replace(series, of=replace(filled(series.of, give), agency=None))
    amount = _amounts(last)[-1]
    if isinstance(amount, Pick):
        return q.Each(filled(series.of, amount), series.over)
    return replace(series, of=filled(series.of, give))


def unheard(understood: Understood, node: Any) -> tuple[Segment, ...]:
    """The words of a fragment that say whom or when, and had no effect on what it became."""
    found = picks(node)
    whose = {one.agency for one in found} | {agency for one in found for agency in one.there}
    years = {year for one in found for year in (one.year, one.published)}

    def is_lost(one: Segment) -> bool:
        if one.is_filler or one.is_place:
            return False
        if one.agencies and not one.units:
            return not whose & set(one.agencies)
        if one.units:
            return not whose & {*one.agencies, *(agency for agency, _ in one.units)}
        return one.period is not None and bool(one.period.years) and not years & set(one.period.years)

    return tuple(one for one in understood.segments if is_lost(one)) if node is not None else ()


__all__ = ["compares", "continued", "left_off", "unheard"]
