"""Talk: a fragment filled from what was asked before. The state is the stack of earlier expressions, newest last.

A fragment is read by the same grammar as a question; it fills, replaces or wraps the part of the last expression that has its type:
去年呢 (a year), 换成云山的 (an agency), 里面最大的 (over the series just told), 占几成 (of what was just told), 俩加起来 (the last two).
A whole question stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from retrieval.figures.things import is_fund
from retrieval.language.askew import is_no_scope
from retrieval.language.clauses import all_told, amounts, is_wider, narrowed, talked_about
from retrieval.language.segments import Segment, Understood
from retrieval.question import expression as q
from retrieval.question.expression import Item, Named, Pick, filled, filled_item, picks, rebuilt
from retrieval.words.cues import cues, fillers
from retrieval.words.folding import bare, chinese_number
from retrieval.words.periods import before_that

LONGEST_END = 4  # characters of a name that a fragment may leave off
_LESS = frozenset(("FEWER", "LEAST"))
_COMPARING = _LESS | {"MORE", "MOST"}
_SEVERAL = frozenset(("PAIR", "ALLOF"))


def continued(understood: Understood, before: Sequence[tuple[Understood, Any]]) -> Any:
    """The expression of a turn, whole."""
    node = understood.expression
    earlier = [expression for _, expression in before if expression is not None]
    if not earlier:
        return node
    last, give = earlier[-1], talked_about(earlier) or Pick()
    said = {name for one in understood.segments for name in one.cues}.union(*map(compares, understood.unread))
    if node is None:
        return _by_cues(understood, earlier, said)
    if isinstance(node, q.Both) and q.Minus(Pick(), Pick()) in node.parts:
        return _one_by_one(node, understood, before)
    if isinstance(node, q.Each) and node.of == Pick() and said & _COMPARING and (told := _told_of_several(earlier)) is not None:
        return _ranked(told, said)  # 谁高
    if isinstance(node, Pick) and isinstance(last, q.Told) and "HOWMUCH" in said and last.what == "definition":
        return filled(node, last.about)  # 三公经费是什么？甲局有多少
    if _is_whole(node) or (isinstance(node, Pick) and "HOWMUCH" in said and _names_in_full(understood)):
        return _dated(node, give, said)
    give = _given_to(node, give)
    if not (isinstance(node, q.Told) or is_wider(understood.segments) or any(one.agency for one in picks(node))):
        node = _within(node, give.item)
    node = rebuilt(_counted_back(node, understood.segments, give), lambda one: _over_told(one, earlier, give))
    counted = last if isinstance(last, q.Told) and last.what == "number" else None
    if counted is not None and (again := _counted_too(node, counted, said)) is not None:
        return again
    points = any(one.cues == frozenset(("REF",)) for one in understood.segments)
    if isinstance(node, Pick) and isinstance(last, (q.Nth, q.Top)) and node.agency is None and points:
        return None  # 哪个单位最多？它的会议费呢: which it is stands in the answer
    if isinstance(node, Pick):
        found = _replaced(node, last, give)
        beside = "COMPARED" in said and node.item is None and isinstance(found, Pick)
        return Named((amounts(last)[-1], found)) if beside else found  # 和云山的比呢
    if isinstance(node, q.Told):
        of_body = bool(node.terms) or node.what in ("units", "offices", "duties")
        return replace(node, about=filled(node.about, replace(give, item=None) if of_body else give))
    if isinstance(node, q.Ratio):
        together = _added(earlier, _number_said(understood)) if said & _SEVERAL else amounts(last)[-1]
        return _share(node, last, give, together)
    if node == q.Minus(Pick(), Pick()):
        return last if isinstance(last, q.Minus) else _apart(earlier)
    return filled(_wrapped(node, amounts(last)), give)


def _by_cues(understood: Understood, earlier: Sequence[Any], said: set[str]) -> Any:
    """What a fragment asks that only says what to do with what was told (加起来, 百分之几, 那是多少, 哪个多, 高多少)."""
    last = earlier[-1]
    if "SUM" in said and said & _SEVERAL:
        return _added(earlier, _number_said(understood))
    if "SUM" in said and len(amounts(last)) > 1:
        return q.Sum(amounts(last))
    if "PERCENTQ" in said and isinstance(last, q.Change):
        return replace(last, form="rate")
    if "HOWMUCH" in said and isinstance(last, q.TRUTHS):
        return amounts(last)[-1]
    two = last.series.members if isinstance(last, q.Nth) and isinstance(last.series, Named) else ()
    if len(two) == 2 and said & {"HOWMUCH", "DIFF"} and all(map(compares, understood.unread)):
        return q.Minus(*two)
    if "WHICH" in said and said & (_COMPARING | _SEVERAL):
        told = None if "PAIR" in said else _told_of_several(earlier)
        two = tuple(all_told(earlier)[-2:])
        return _ranked(told or Named(two), said) if told or len(two) == 2 else None
    named = any(one.agencies or one.units or one.items or one.period or one.table for one in understood.segments)
    asked = understood.unit is not None or any(one.cues for one in understood.segments)
    if any("WHOLE" in one.cues and "SUM" not in one.cues for one in understood.segments):  # 全部门呢
        last = rebuilt(last, lambda one: replace(one, item=_without_unit(one.item)) if isinstance(one, Pick) else one)
    elif "WHOLE" in said and isinstance(last, Pick) and last.item is not None and last.item.affiliate:
        return None  # 局里一共呢: of the unit, or of all?
    return last if asked and not named and not understood.unread else None


def _one_by_one(node: q.Both, understood: Understood, before: Sequence[tuple[Understood, Any]]) -> q.Both:
    """Several questions in one follow-up, each a turn of its own (管理处呢？比它多多少)."""
    found: list[Any] = []
    for part in node.parts:
        found.append(continued(replace(understood, expression=part), [*before, *((understood, one) for one in found)]))
    return q.Both(tuple(found))


def left_off(understood: Understood, last: Any) -> list[str]:
    """What a fragment may mean that leaves off the end of the name just told of: 电(费) after 水费, 北郊(监狱) after 南郊监狱."""
    unread = [one.text.strip() for one in understood.unread]
    named = next((one.item for one in reversed(picks(last)) if one.item is not None), None)
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
    return bool(own) and all(one.agency is not None and _is_thing(one.item) for one in own) and not isinstance(node, q.Told)


def _names_in_full(understood: Understood) -> bool:
    """Whether an agency and a unit of it are named as they are printed, as questions that are offered name them: nothing is left open."""
    whose = understood.whose
    said = all(bare(understood.text[one.start : one.end]) in {bare(body.name) for body in one.bodies} for one in whose)
    return said and {body.unit is None for one in whose for body in one.bodies} == {True, False}


def _is_thing(item: Item | None) -> bool:
    """Whether an item says what is asked for, rather than only within which unit, table or fund."""
    return item is not None and bool(item.item or item.code or item.parts or item.names)


def _dated(node: Any, give: Pick, said: set[str]) -> Any:
    """A whole question of the agency that was talked about, or one that is put beside the last (那…呢), is about the same year."""
    same = {one.agency for one in picks(node)} == {give.agency}
    if not (same or "SWITCH" in said) or any(one.year is not None or one.earlier is not None for one in picks(node)):
        return node
    return filled(node, Pick(year=give.year, earlier=give.earlier, kind=give.kind, published=give.published))


def _counted_back(node: Any, segments: Sequence[Segment], give: Pick) -> Any:
    """The expression with 上年 and 前一年 counted back from the year talked about."""
    said = {one.text for one in segments if one.period is not None and one.period.earlier}

    def back(one: Any) -> Any:
        if not isinstance(one, Pick) or one.year is not None or not one.earlier:
            return one
        if give.year is not None:
            return replace(one, year=give.year - one.earlier, earlier=None)
        return replace(one, earlier=one.earlier + (give.earlier or 0))

    return rebuilt(node, back) if said and before_that().issuperset(said) else node


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
    return replace(item, affiliate=None) if _is_thing(item) or item.table or item.fund else None


def _within(node: Any, scope: Item | None) -> Any:
    """The fragment within the unit, table and fund that were talked about; what comes in is of no fund but its own."""
    items = [one.item for one in picks(node) if one.item is not None]
    if scope is not None and any("income" in (one.flow, scope.flow) or is_fund(one) for one in items):
        scope = replace(scope, fund=None)
    return node if scope is None else narrowed(node, scope)


def _over_told(node: Any, earlier: Sequence[Any], give: Pick) -> Any:
    """A rank of what is not said over the series that was told last, else over the parts of what was told (里面最大的)."""
    series = node.series if isinstance(node, (q.Nth, q.Top)) else None
    if not isinstance(series, q.Each) or (series.of.item, series.of.agency) != (None, None):
        return node
    last = earlier[-1]
    amount = amounts(last)[-1]
    told: Any = _told_of_several(earlier) if series.over == "agencies" else None
    if told is None and isinstance(last, (q.Named, q.Each, q.Where)):
        told = last
    elif told is None and isinstance(last, (q.Nth, q.Top)) and series.of == Pick():
        told = last.series
    elif told is None:
        told = replace(series, of=filled(series.of, amount if isinstance(amount, Pick) and series.over != "agencies" else give))
    return replace(node, series=told)


def _counted_too(node: Any, counted: q.Told, said: set[str]) -> Any:
    """A thing, or a thing's share, named after a number of things was told: it is counted too."""
    of = node.part if isinstance(node, q.Ratio) else node
    if not isinstance(of, Pick) or of.item is None or of.agency is not None or said & {"HOWMUCH", "SUM"}:
        return None
    part = replace(counted, about=replace(counted.about, item=None), terms=(of.item.said,))
    return replace(node, part=part, whole=counted) if isinstance(node, q.Ratio) else part


def _replaced(node: Pick, last: Any, give: Pick) -> Any:
    """The last expression with what the fragment says in place of what it said."""
    if _is_thing(node.item) or (node.item is not None and node.agency is None and node.item.affiliate is None):
        return filled(node, give)
    dated = node.year is not None or node.earlier is not None

    def change(one: Any) -> Any:
        if not isinstance(one, Pick):
            return one
        of, when = _without_unit(one.item) if node.agency is not None else one.item, node if dated else one
        return Pick(filled_item(node.item, of), node.agency or one.agency, when.year, when.earlier, node.kind or one.kind)

    return rebuilt(last.parts[-1] if isinstance(last, q.Both) else last, change)


def _share(node: q.Ratio, last: Any, give: Pick, told: Any) -> Any:
    """A share of what was told, or what was told as a share (占全局预算几成); of several that are told as one, what they are together."""
    whole = None if node.whole is None else filled(node.whole, give)
    of_thing = isinstance(node.whole, Pick) and node.whole.item is not None
    if node.part == Pick() or (of_thing and isinstance(node.part, Pick) and node.part == Pick(kind=node.part.kind)):
        part = q.Sum((told,)) if isinstance(told, (q.Top, q.Each, q.Where)) else told
        return None if told is None else replace(node, part=part, whole=whole)
    part = filled(node.part, give)
    if node.whole is None and isinstance(part, Pick):  # 那项目支出占多少呢: of the same whole
        of = last.whole if isinstance(last, q.Ratio) else told
        whole = of if picks(of) and picks(of)[0].item != part.item else None
    return replace(node, part=part, whole=whole)


def _wrapped(node: Any, told: Sequence[Any]) -> Any:
    """The fragment with what was told last where it says nothing of what it is made of (再加上…, 比它多多少, 降了没有, 不算…)."""
    if isinstance(node, q.Sum) and Pick() in node.parts:
        return q.Sum((*told, *(one for one in node.parts if one != Pick())))
    if isinstance(node, (q.Change, q.Turned)) and node.of == Pick():
        return replace(node, of=told[-1])
    if isinstance(node, q.Less) and node.whole == Pick():
        return replace(node, whole=told[-1])
    if isinstance(node, q.Minus):
        return replace(node, **{side: told[-1] for side in ("left", "right") if getattr(node, side) == Pick()})
    return node


def _ranked(told: Named, said: set[str]) -> q.Nth:
    return q.Nth(told, "least" if said & _LESS else "most")


def _told_of_several(earlier: Sequence[Any]) -> q.Named | None:
    """What the talk told of one thing for several agencies, turn by turn."""
    found = [one for node in earlier for one in amounts(node) if isinstance(one, Pick) and one.item is not None]
    same = {one.agency: one for one in found if one.item == found[-1].item} if found else {}
    return Named(tuple(same.values())) if len(same) > 1 else None


def _apart(earlier: Sequence[Any]) -> Any:
    """How far the last two amounts are apart."""
    two = all_told(earlier)[-2:]
    return q.Minus(*two) if len(two) == 2 else None


def _added(earlier: Sequence[Any], number: int | None) -> Any:
    """As many of the amounts that were told as are said, together; all of them where no number is said."""
    chosen = list(dict.fromkeys(one for node in earlier for one in amounts(node)))[-(number or 0) :]
    return q.Sum(tuple(chosen)) if len(chosen) >= (number or 2) else None


def _number_said(understood: Understood) -> int | None:
    """How many of those just told are meant: 俩, 四家."""
    for one in understood.segments:
        digits = [2] if "PAIR" in one.cues else [chinese_number(c) for c in one.text if "ALLOF" in one.cues]
        for number in digits:
            if number is not None:
                return int(number)
    return None


def unheard(understood: Understood, node: Any) -> tuple[Segment, ...]:
    """The words of a fragment that say whom or when, and had no effect on what it became."""
    found = picks(node)
    whose = {agency for one in found for agency in (one.agency, *one.there)}
    years = {year for one in found for year in (one.year, one.published)}

    def is_lost(one: Segment) -> bool:
        named = {*one.agencies, *(agency for agency, _ in one.units)}
        of = named or (set(one.period.years) if one.period is not None else set())
        return bool(of) and (whose if named else years).isdisjoint(of)

    return tuple(one for one in understood.segments if not (one.is_filler or one.is_place) and is_lost(one)) if found else ()
