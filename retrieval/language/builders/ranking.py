"""Series, what is ranked in them and how many members they have: the largest, an order, a place, which of two is more, lists, counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from retrieval.figures.parts import PARTS_OF, PORTION_OF
from retrieval.figures.things import ALL_BOUGHT
from retrieval.language.builders.joining import beside, context, how_many, item_of, pair_of, sides_of
from retrieval.language.builders.slots import Slots, is_thing, picked, series
from retrieval.question import expression as q
from retrieval.words.grammar import load


def _ranked(slots: Slots, of: Any) -> Any:
    """What is ranked: the years of one amount where a year is asked for."""
    if isinstance(of, q.Each) and of.over == "units":
        below = any("IN" in one.cues and re.search(load("names.toml")["kind"]["below"], one.text) for one in slots.used)
        return replace(of, below=of.below or below)  # 甲局下面最有钱的是哪家
    if isinstance(of, q.Named):  # 公用经费里，电费、物业费哪样最多: what they stand in, or are bought by, is none of them
        inside = tuple(one for one in of.members if (item := item_of(one)) is None or item.item not in {*PORTION_OF, *ALL_BOUGHT})
        return q.Named(inside) if len(inside) > 1 else of
    if slots.has("YEARS") and (of is None or (isinstance(of, q.Pick) and of.year is None and of.earlier is None)):
        return q.Each(of or q.Pick(), "years")
    return series(of)


def nth(slots: Slots, of: Any) -> Any:
    """The largest or smallest, or the one at a place in order (排第二的)."""
    if (ranked := _ranked(slots, of)) is None:
        return None
    said = next((one.quantity for one in slots.used if "ORDINAL" in one.cues), None)
    named = _shape(slots) == "m=t" and isinstance(ranked, q.Each) and ranked.of.item is not None
    if said is not None:
        return q.Nth(ranked, slots.order(), int(said.number)) if not named else None  # 最大的是甲，第二的是哪个: not of 甲
    if isinstance(of, q.Pick) and not slots.has("YEARS"):
        slots.extra += 0.25
    if named and not slots.has("WHICH", "HOWMUCH"):
        return q.Same(ranked.of, q.Nth(replace(ranked, of=replace(ranked.of, item=None)), slots.order()))  # 最大的项目是甲
    if isinstance(ranked, q.Named) and len(ranked.members) == 2 and _shape(slots) == "t=tm" and slots.stands_before("IN", "MOST"):
        one, other = beside(*ranked.members)
        return q.Same(one, q.Nth(q.Each(other, "parts"), slots.order()))  # 甲是乙里最多的
    return q.Nth(ranked, slots.order())


def _shape(slots: Slots) -> str:
    """How things, words for a rank and 是 stand: 甲|是|乙里|最大的 t=tm, 最大的|是|甲 m=t."""
    marks = (("t" if one.items else "=" if "IS" in one.cues else "m" if one.cues & {"MOST", "LEAST"} else "") for one in slots.segments)
    return "".join(marks)


def top(slots: Slots, of: Any) -> Any:
    """The first few of a series; with the share that each has, where that is asked."""
    count = next((one.quantity for one in slots.used if "TOPN" in one.cues and one.quantity is not None), None)
    if count is None:
        return None
    first = q.Top(of, slots.order(), int(count.number))
    if not slots.has("SHARE"):
        return first
    parts = isinstance(of, q.Each) and of.over == "parts" and slots.has("EACH")  # 加起来占: one share
    return q.Both((first, q.By(first, q.Ratio(q.Hole(), of.of)))) if parts else None


def next_after(slots: Slots, of: Any, member: Any) -> Any:
    """三公里仅次于甲的是哪项: the one right behind a named one."""
    ranked = _ranked(slots, of)
    return q.Nth(ranked, "most", 1, q.filled(member, context(ranked))) if ranked is not None else None


def nth_change(slots: Slots, of: Any) -> Any:
    """Which of a series changed most."""
    if (ranked := _ranked(slots, of)) is None:
        return None
    moved = {one.end + gap for one in slots.used if one.cues & {"UP", "DOWN", "CHG"} for gap in (0, 1)}
    if any("MOST" in one.cues and one.start in moved for one in slots.used):
        slots.extra -= 0.9  # 降得最多: what is ranked is the change
    return q.Nth(q.By(ranked, q.Change(q.Hole(), None, "rate" if slots.form() == "rate" else "amount", slots.direction())), "most")


def furthest_apart(_: Slots, of: q.Named) -> Any:
    """The part whose final accounts are furthest from its budget."""
    kinds = {one.kind: one for one in picked(of)}
    if kinds.keys() != {"budget", "final"}:
        return None
    return q.Nth(q.By(q.Each(kinds["final"], "parts"), q.Change(q.Hole(), q.Pick(kind="budget"), "amount")), "most")


def more_of(slots: Slots, of: Any) -> Any:
    """Which of several is more, and by how much where that is asked; of one alone, it or what was told (跟水务局比谁多)."""
    if "needs" in slots.set and not any(slots.set["needs"] in one.cues for one in slots.segments):
        return None
    ends = {one.end for one in slots.used if one.cues & {"MORE", "FEWER", "UP", "DOWN"}}
    by = slots.has("DIFF") or any(one.start in ends for one in slots.used if "HOWMUCH" in one.cues)
    pair = pair_of(slots, of)
    two = picked(q.Named(pair or ()))
    if two and two[0].kind != two[1].kind and replace(two[0], kind=two[1].kind) == two[1]:  # 预算和决算哪个多
        final, budget = sorted(two, key=lambda one: one.kind == "budget")
        return q.Change(final, budget, "amount")
    if by and pair is not None:
        return q.Minus(*pair)
    if by and isinstance(of, q.Named):
        return q.Minus(q.Nth(of, "most"), q.Nth(of, "least"))
    named = of if isinstance(of, q.Named) else q.Named(pair) if pair is not None else None
    return q.Nth(named, slots.order()) if named is not None and not by else None


def which_more(slots: Slots, left: Any, right: Any) -> Any:
    """甲相比乙，哪个更多: which of the two sides."""
    sides = sides_of(slots, left, right)
    return more_of(slots, q.Named(sides)) if sides is not None else None


def ordered(slots: Slots, of: Any) -> Any:
    """All of a series, in order."""
    return q.Top(of, slots.order(), None) if not isinstance(of, q.Top) else None


def place(_: Slots, of: Any, member: Any) -> Any:
    """Which place one takes among others; of all agencies or years, with what it is of."""
    if member is None and isinstance(of, q.Each) and of.of.agency is not None:
        member = of.of  # 教育局的三公经费在各部门里
    if not isinstance(member, q.Pick) or member.item is None or (isinstance(of, q.Pick) and of.item is None) or (of := series(of)) is None:
        return None
    if isinstance(of, q.Each) and of.over in ("agencies", "years"):
        open_: dict[str, Any] = {"agency": None} if of.over == "agencies" else {"year": None, "earlier": None}
        return q.Place(replace(of, of=replace(q.filled_pick(of.of, member), **open_)), member)
    return q.Place(q.filled(of, context(member)), q.filled(member, context(of)))


def where(slots: Slots, of: Any) -> Any:
    """The members for which a bound holds, or how many they are."""
    said = next((one for one in slots.used if one.quantity is not None), None)
    if isinstance(of, q.Pick) and slots.has("LISTQ", "WHICH"):
        of = q.Each(of, "parts")
    if not isinstance(of, q.SERIES) or said is None or said.quantity is None:
        return None
    relation = "over" if slots.has("OVER") else "under" if slots.has("UNDER") else said.quantity.rounded
    if relation not in ("over", "under"):
        return None
    found = q.Where(of, relation, replace(said.quantity, rounded=None))
    return q.Count(found) if slots.counters() else found


def members(slots: Slots, of: Any) -> Any:
    """What a series or a whole consists of."""
    if not is_thing(of):
        return of if isinstance(of, (q.Each, q.Top, q.Where, q.Named)) else None
    slots.extra += 0.1
    return q.Each(of, "parts")


def each(_: Slots, of: Any) -> Any:
    """Every one of a list, or of the parts that a thing is known to have."""
    item = item_of(of)
    if item is not None and item.item in PARTS_OF:
        return q.Each(of, "parts")
    return of if isinstance(of, (q.Named, q.Each)) else None


def count(slots: Slots, of: Any) -> Any:
    """How many there are of something: members of a series, else what prose tells."""
    counters = slots.counters()
    counter = next(iter(counters), None)
    if isinstance(of, q.Each) and of.over == "units":
        if of.named is not None:
            return of  # 有几座监狱: those of that name are listed; whether all of a kind bear it is not known
        of = of if counter is None or counter in slots.set["bodies"] else of.of
    if isinstance(of, q.Each):
        return how_many(of, slots.terms() if of.over == "offices" else ())
    if of is not None and not isinstance(of, q.Pick):
        return how_many(of)
    if not counter and slots.has("SUM"):
        return None  # 总共送出去多少: how much
    added = (one.text for one in slots.used if "UP" in one.cues)  # 新增几辆: not how many there are
    newly = slots.set["newly"] if slots.has("NEWLY") else ()  # 再添几台
    told = q.Told("number", of or q.Pick(), (*slots.terms(), *added, *newly), counter=counter)
    asked = tuple(dict.fromkeys(counters))
    if len(counters) > len(asked) and told.terms and told.about.item is not None:
        return None  # 车有几台，设备又有几台: each of its own
    return told if len(asked) < 2 else q.Both(tuple(replace(told, counter=one) for one in asked))  # 几批次多少人次
