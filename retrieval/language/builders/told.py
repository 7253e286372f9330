"""What is told from the prose: reasons, purposes, duties, definitions, goals, lists of names, the printed words themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from retrieval.figures.things import ALL_BOUGHT
from retrieval.language.builders.slots import Slots, picked
from retrieval.question import expression as q

_SEVERAL = frozenset(("reason", "definition", "purpose"))
_BODIES = frozenset(("units", "offices"))


def told(slots: Slots, about: Any) -> Any:
    """The words about something; `set` says what is told, and of what words: `needs` words (that are no item) or `any`."""
    what, needs = slots.set["what"], slots.set.get("needs")
    if what == "reason" and slots.has("HOWMUCH", "PERCENTQ") and slots.has("UP", "DOWN", "CHG", "MORE", "FEWER"):
        return None  # 少了多少，为什么: two questions
    if what == "reason" and slots.direction() is None and all("DEFINE" in one.cues for one in slots.used if "WHY" in one.cues):
        slots.extra += 1.2  # 怎么解释机关运行经费: what it means
    terms, direction = slots.terms(), slots.direction()
    if what in ("units", "offices"):
        terms = (about.named,) if isinstance(about, q.Each) and about.named is not None else ()
    if isinstance(about, q.Each):
        slots.extra += 0.7 if about.over == "parts" else 0.0  # 由哪些构成 would say nothing
        about = about.of
    if isinstance(about, (q.Change, q.Turned)):
        if what == "purpose":
            what, direction = "reason", about.direction  # 比去年多一千多万，钱干嘛去了
        about = about.of
    if isinstance(about, q.Named) and what == "reason":
        about = _latest_of(about) or about  # 2017年为什么比2016年多: of the later year
    if isinstance(about, q.Named) and what in ("reason", "definition", "purpose") and (several := picked(about)):
        return q.Named(tuple(q.Told(what, one, terms, direction) for one in several))
    about = q.Pick() if about is None else about
    if not isinstance(about, q.Pick) or (needs == "words" and (about.item is not None or not terms)):
        return None
    if needs == "any" and about.item is None and not terms:
        return None
    if what == "purpose" and about.item is not None and about.item.item in ALL_BOUGHT:
        return q.Each(about, "goods")  # 采购货物都买了些啥
    if what == "purpose" and about.item is None and not terms and about.agency is not None:
        what = "duties"
    counter = next(iter(slots.counters()), None) if "counted" in slots.set else None
    if what == "goal":
        counter, direction = "%" if slots.has("PERCENTQ") else counter, None
    named = (one.text for one in slots.used if not one.cues.isdisjoint(slots.set.get("named", ())))
    return q.Told(what, about, (*named, *terms), direction, counter)


def units(slots: Slots, about: Any) -> Any:
    """The budget units by name; as a series those of one name, those below the agency's own level, and where it is asked what each has."""
    of, named = (about.of, about.named) if isinstance(about, q.Each) else (about or q.Pick(), None)
    without = slots.has("EXCEPT", "OUTSIDE")
    if without and any(one.item is not None for one in q.picks(of)):
        return None  # 撇开甲中心，哪家: without what is named
    if any(one.cues & {"MOST", "LEAST"} for one in slots.parsed["about"].ignored):
        return None  # 哪家最多: no list
    each = not isinstance(about, q.Each) and slots.has("EACH") and slots.parsed["about"].asks  # 都叫什么，各拿多少
    if isinstance(of, q.Pick) and (named is not None or each or (without and slots.has("OWNLEVEL"))):  # 局机关除外
        slots.terms()
        return q.Each(of if named is None else replace(of, item=None), "units", named, below=named is None)
    return told(slots, about)


def _latest_of(two: q.Named) -> q.Pick | None:
    """The one of the latest year, where all members are one thing in several years."""
    members = picked(two)
    dated = [one for one in members if one.year is not None]
    now = [one for one in members if one.year is None and not one.earlier]
    things = {one.item for one in members if one.item is not None} or {None}
    if not members or len({replace(one, year=None, earlier=None, item=None) for one in members}) > 1 or len(things) > 1:
        return None
    if not dated and len(now) == 1:
        return replace(now[0], item=things.pop())  # 去年没有，今年忽然有了: of this year
    if len(dated) < len(members):
        return None
    return replace(max(dated, key=lambda one: one.year or 0), item=things.pop())  # 今年的钱怎么比去年多: all of it
