"""Talk: a fragment filled from what was asked before. The state is the stack of earlier expressions, newest last.

A fragment is read by the same grammar as a question; it fills, replaces or wraps the part of the last expression that has its type:
去年呢 (a year), 换成云山的 (an agency), 里面最大的 (over the series just told), 占几成 (of what was just told), 俩加起来 (the last two).
A whole question stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from retrieval.language.lattice import Segment
from retrieval.language.phrases import is_fund
from retrieval.language.reader import Understood, counted_back
from retrieval.language.words import cues, fillers, load
from retrieval.question import expression as q
from retrieval.question.expression import Named, Pick, filled, picks, rebuilt
from retrieval.reading import chinese_number

LONGEST_END = 4  # characters of a name that a fragment may leave off
_COMPARING = frozenset(("MORE", "FEWER", "MOST", "LEAST"))


def continued(understood: Understood, before: Sequence[tuple[Understood, Any]]) -> Any:
    """The expression of a turn, whole."""
    node = understood.expression
    earlier = [expression for _, expression in before if expression is not None]
    if not earlier:
        return node
    last = earlier[-1]
    said = {name for one in understood.segments for name in one.cues}.union(*map(compares, understood.unread))
    if node is None:
        if "SUM" in said and not said & {"PAIR", "ALLOF"} and len(_amounts(last)) > 1:
            return q.Sum(_amounts(last))
        if said & {"PAIR", "ALLOF"} and "SUM" in said:
            return _added(earlier, _number_said(understood))
        if "PERCENTQ" in said and isinstance(last, q.Change):
            return replace(last, form="rate")
        if "HOWMUCH" in said and isinstance(last, q.TRUTHS):
            return _amounts(last)[-1]  # a claim, then 那是多少
        if (
            said & {"HOWMUCH", "DIFF"}
            and all(map(compares, understood.unread))
            and isinstance(last, q.Nth)
            and isinstance(last.series, Named)
            and len(last.series.members) == 2
        ):
            return q.Minus(*last.series.members)  # 高多少
        of_several = bool(said & {"PAIR", "ALLOF"})
        if "WHICH" in said and (of_several or said & _COMPARING) and (told := _told_together(earlier, said)) is not None:
            return q.Nth(told, "least" if said & {"FEWER", "LEAST"} else "most")
        return _repeated(understood, last)
    if isinstance(node, q.Both) and q.Minus(Pick(), Pick()) in node.parts:
        return _one_by_one(node, understood, before)
    own = picks(node)
    if isinstance(node, q.Each) and node.of == Pick() and said & _COMPARING and (told := _told_of_several(earlier)) is not None:
        return q.Nth(told, "most" if said & {"MORE", "MOST"} else "least")  # 谁高
    if isinstance(node, Pick) and node == Pick():
        return q.Sum(_amounts(last)) if "SUM" in said and len(_amounts(last)) > 1 else last
    if (
        isinstance(last, q.Told)
        and last.what == "number"
        and isinstance(node, Pick)
        and node.item is not None
        and node.agency is None
        and not said & {"HOWMUCH", "SUM"}
    ):
        return replace(last, about=replace(last.about, item=None), terms=(node.item.said,))
    if isinstance(last, q.Told) and last.what == "definition" and isinstance(node, Pick) and "HOWMUCH" in said:
        return filled(node, last.about)
    if isinstance(node, Pick) and isinstance(last, Pick) and _is_like_unit(node, last):
        return replace(filled(node, last), kind=last.kind if node.kind is None else node.kind)
    if _is_whole(node):
        return node
    give = _last_pick(earlier)
    node = counted_back(node, understood.segments, give)
    if (
        isinstance(node, q.Minus)
        and node.left == Pick()
        and isinstance(node.right, Pick)
        and node.right.item is None
        and node.right != Pick()
    ):
        return q.Minus(_amounts(last)[-1], filled(node.right, give))
    if isinstance(node, q.Minus) and node.left == Pick() and node.right == Pick():
        two = _last_two(earlier)
        return q.Minus(*two) if two is not None else None
    if isinstance(node, q.Sum) and Pick() in node.parts:
        rest = tuple(one for one in node.parts if one != Pick())
        return q.Sum((*_amounts(last), *(filled(one, give) for one in rest)))
    if isinstance(node, Pick):
        if (
            node.item is not None
            and is_fund(node.item)
            and node.agency is None
            and give.item is not None
            and give.item.item is not None
            and give.item.flow != "income"
        ):
            node = replace(node, item=replace(give.item, fund=node.item.fund))  # 只算财政拨款的呢: of what was told
        found = _replaced(node, last, give, understood.segments)
        if "COMPARED" in said and node.item is None and isinstance(found, Pick):  # 和云山的比呢
            return Named((_amounts(last)[-1], found))
        return found
    if (
        isinstance(node, q.Ratio)
        and isinstance(last, q.Told)
        and last.what == "number"
        and isinstance(node.part, Pick)
        and node.part.item is not None
    ):
        part = replace(last, about=replace(last.about, item=None), terms=(node.part.item.said,))
        return replace(node, part=part, whole=last)
    if isinstance(node, q.Ratio) and node.part == Pick() and said & {"PAIR", "ALLOF"}:
        both = _added(earlier, _number_said(understood))
        return None if both is None else replace(node, part=both, whole=None if node.whole is None else filled(node.whole, give))
    if isinstance(node, (q.Ratio,)) and node.part == Pick():
        return replace(
            node, part=_amounts(last)[-1], whole=_whole_before(earlier, last) if node.whole is None else filled(node.whole, give)
        )
    if isinstance(node, q.Ratio) and node.whole is None and isinstance(node.part, Pick) and node.part.item is not None:
        part = filled(node.part, give)
        whole = _amounts(last)[-1]
        return replace(node, part=part, whole=whole) if picks(whole) and picks(whole)[0].item != part.item else replace(node, part=part)
    if (ranked := _of_ranks(node, last, give)) is not None:
        return ranked
    if (
        isinstance(node, (q.Nth, q.Top))
        and isinstance(node.series, q.Each)
        and node.series.of.item is None
        and node.series.of.agency is None
    ):
        told = _told_of_several(earlier)
        if node.series.over == "agencies" and told is not None:
            return replace(node, series=told)
        return replace(node, series=_series_of(node.series, last, give))
    if isinstance(node, (q.Change, q.Turned)) and node.of == Pick():
        return _moved(node, _amounts(last)[-1])
    if isinstance(node, q.Less) and node.whole == Pick():
        whole = _amounts(last)[-1]
        return replace(node, whole=whole, parts=tuple(filled(one, give) for one in node.parts))
    if isinstance(node, q.Told):
        return _told(node, give, own)
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
    return (
        bool(own)
        and all(one.agency is not None for one in own)
        and all(one.item is not None for one in own)
        and not isinstance(node, q.Told)
    )


def _is_like_unit(node: Pick, last: Pick) -> bool:
    """Whether a fragment names nothing but another unit of the agency whose unit was told of (梅村高中呢)."""
    return (
        node.item is not None
        and last.item is not None
        and node.item.affiliate is not None
        and last.item.affiliate is not None
        and node.item.item is None
        and not node.item.parts
        and node.agency == last.agency
    )


def _repeated(understood: Understood, last: Any) -> Any:
    asked = understood.unit is not None or any(one.cues for one in understood.segments)
    return last if asked and not understood.unread else None


def _last_pick(earlier: Sequence[Any]) -> Pick:
    """What the talk is about: the newest thing, agency, year and kind."""
    found = Pick()
    for node in reversed(earlier):
        for one in reversed(picks(node)):
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
    if (
        node.item is not None
        and node.agency is None
        and node.item.affiliate is None
        and give.item is not None
        and give.item.affiliate is not None
    ):
        node = replace(node, item=replace(node.item, affiliate=give.item.affiliate))  # of the unit that was talked about
    if node.item is not None and node.agency is None:
        table = give.item.table if give.item is not None and _is_of_the_table(segments) else None
        return filled(replace(node, item=replace(node.item, table=node.item.table or table)), give)
    if node.item is None:
        target = last.parts[-1] if isinstance(last, q.Both) else last

        def change(one: Any) -> Any:
            if not isinstance(one, Pick):
                return one
            dated = node.year is not None or node.earlier is not None
            return Pick(
                one.item,
                node.agency or one.agency,
                node.year if dated else one.year,
                node.earlier if dated else one.earlier,
                node.kind or one.kind,
            )

        if isinstance(target, (q.Change, q.Turned)) and (node.year is not None or node.earlier is not None) and node.agency is None:
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
        case q.Holds(of=of) | q.Turned(of=of) | q.Exists(of=of):
            return _amounts(of)
        case q.Change(of=of):
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


def _last_two(earlier: Sequence[Any]) -> tuple[Any, Any] | None:
    found: list[Any] = []
    for node in reversed(earlier):
        for one in reversed(_amounts(node)):
            if one not in found:
                found.append(one)
        if len(found) >= 2:
            return found[1], found[0]
    return None


def _added(earlier: Sequence[Any], number: int | None) -> Any:
    found: list[Any] = []
    for node in earlier:
        for one in _amounts(node):
            if one not in found:
                found.append(one)
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


def _whole_before(earlier: Sequence[Any], last: Any) -> Any:
    """What the last amount was told as a part of: the amount told before it, where that is another thing of the same agency."""
    if isinstance(last, q.Nth) and isinstance(last.series, q.Each):
        return last.series.of
    if len(earlier) > 1 and isinstance(last, Pick):
        before = _amounts(earlier[-2])[-1]
        mine, other = picks(last), picks(before)
        if mine and other and mine[0].agency == other[0].agency and mine[0].item != other[0].item:
            return before
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


def _within(node: Any, last: Any, give: Pick) -> Any:
    """The node over the series that was told last."""
    return replace(node, series=_series_of(node.series, last, give)) if _is_bare_rank(node) else filled(node, give)


def _of_ranks(node: Any, last: Any, give: Pick) -> Any:
    """A share or a difference of those that take a place in the series told last; None where none is asked for."""
    if isinstance(node, q.Ratio) and node.whole is None and _is_bare_rank(node.part):
        return replace(node, part=_within(node.part, last, give))
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


def _told(node: q.Told, give: Pick, own: Sequence[Pick]) -> Any:
    about = node.about
    if node.terms:
        give = replace(give, item=None)
    if node.what in ("units", "offices", "duties"):
        give = replace(give, item=None)
    return replace(node, about=filled(about, give))


__all__ = ["compares", "continued", "left_off"]
