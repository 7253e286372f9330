"""How values are put together: what one of two sides leaves open (agency, year, thing) is taken from the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from retrieval.language.builders import COUNTED
from retrieval.language.builders.slots import Slots, amounts, is_dated
from retrieval.question import expression as q


def item_of(node: Any) -> q.Item | None:
    """What a single pick is of."""
    return node.item if isinstance(node, q.Pick) else None


def context(value: Any) -> q.Pick:
    """Whose and when a value is, without what it is of."""
    agency = year = earlier = kind = None
    for one in q.picks(value):
        agency = agency if agency is not None else one.agency
        if year is None and earlier is None:
            year, earlier = one.year, one.earlier
        kind = kind if kind is not None else one.kind
    return q.Pick(None, agency, year, earlier, kind)


def thing_of(value: Any, other: Any = None) -> q.Pick:
    """What a value is of, without whose and when; beside another agency's, without the unit of its own that it may be of."""
    first = next((one for one in q.picks(value) if one.item is not None), q.Pick())
    elsewhere = any(one.agency not in (None, first.agency) for one in q.picks(other))
    if first.item is None or first.item.affiliate is None or not elsewhere:
        return q.Pick(first.item)
    return q.Pick(replace(first.item, affiliate=None) if first.item.item is not None else None)


def beside(one: Any, other: Any, *, items: bool = False) -> tuple[Any, Any]:
    """Two sides with what each leaves open taken from the other."""
    if isinstance(one, q.Nth) and isinstance(other, q.Nth) and isinstance(other.series, q.Each) and other.series.of.item is None:
        return one, replace(other, series=one.series)  # 最高的一年比最低的一年: where it says no series
    first, second = q.filled(one, context(other)), q.filled(other, context(one))
    return (_of(first, second), _of(second, first)) if items else (first, second)


def _of(one: Any, other: Any) -> Any:
    """One of two sides, of what the other is of, unless a series is in it that needs no thing (最大的项目)."""
    ranges = any(isinstance(node, q.Each) and node.over != "parts" for node in q.walk(one))
    return one if ranges else q.filled(one, thing_of(other, one))


def pair_of(slots: Slots, value: Any) -> tuple[Any, Any] | None:
    """Two things side by side; of one alone that something is compared with, what was told and it (跟水务局比)."""
    if isinstance(value, q.Named):
        return beside(*value.members, items=True) if len(value.members) == 2 else None
    alone = isinstance(value, q.Pick) and value.agency is not None and value.item is None
    return (q.Pick(), value) if alone and slots.has("COMPARED") else None


def each_of(value: Any, make: Callable[[Any], Any]) -> Any:
    """`make` of the value, or of every member of a list: truths of each of them are one truth (甲、乙双双增长)."""
    if isinstance(value, q.Named):
        made = tuple(make(member) for member in value.members)
        return q.All(made) if all(isinstance(one, q.TRUTHS) for one in made) else q.Named(made)
    return make(value)


def truth_of(truths: Sequence[Any]) -> Any:
    """Several truths as one."""
    return truths[0] if len(truths) == 1 else q.All(tuple(truths))


def later(one: q.Pick) -> int:
    """The year of a pick, for the order of two: the latest is later than any that is said."""
    return one.year if one.year is not None else 3000 - (one.earlier or 0)


def and_before(of: q.Pick) -> tuple[q.Pick, q.Pick]:
    """A thing now, and the same a year before; where that one is said, it is now that is asked about."""
    now = replace(of, earlier=None) if of.earlier == 1 else of
    return now, replace(now, year=now.year - 1) if now.year is not None else replace(now, earlier=(now.earlier or 0) + 1)


def ends_of(slots: Slots, of: Any, since: q.Pick | None) -> tuple[Any, Any] | None:
    """A change's two ends, where an earlier one is said; None of the year before. No ends: it is of two agencies."""
    if since is None:
        return of, None
    if since.agency is not None and any(one.agency not in (None, since.agency) for one in q.picks(of)):
        return None  # which of two agencies has more, not what changed
    of, since = _since(of, since)
    joined = any(one.cues >= {"THAN", "AND"} for one in slots.used)
    if joined and isinstance(of, q.Pick) and isinstance(since, q.Pick) and later(since) > later(of):
        return since, of  # 2024年和2025年: side by side
    return of, since


def _since(of: Any, since: q.Pick) -> tuple[Any, Any]:
    """A change's two ends: the earlier one takes thing and agency from the later, and is left out where it is the year before."""
    of = q.filled(of, q.Pick(since.item, since.agency, None, None, since.kind)) if of != q.Pick() else of
    if isinstance(of, q.Pick):
        last, first = (of.year, since.year) if of.year is not None else (since.earlier, of.earlier or 0)
        year_before = last is not None and first is not None and last == first + 1 and since.kind in (None, of.kind)
        return of, None if year_before else q.filled(since, q.Pick(of.item, of.agency, None, None, of.kind))
    if since.item is None and isinstance(of, (q.Less, q.Sum)):  # what is left out is left out of both, what is added is added in both
        when = {"year": since.year, "earlier": since.earlier}
        return of, q.rebuilt(of, lambda one: replace(one, **when, kind=since.kind or one.kind) if isinstance(one, q.Pick) else one)
    return of, q.filled(since, context(of))


def _only_lists(slots: Slots) -> bool:
    """Whether the word between two sides only joins them: 甲和乙, and not 甲跟乙比."""
    words = [one for one in slots.used if "THAN" in one.cues]
    return bool(words) and all("AND" in one.cues for one in words) and not slots.has("COMPARED", "DIFF")


def sides_of(slots: Slots, left: Any, right: Any) -> tuple[Any, Any] | None:
    """Two single amounts that are compared, the left of them what was told where nothing is said (比公务接待费多).

    None where the word between them only joins them, or one is only asked for (跟谁比).
    """
    told = slots.points(left=left, right=right) or (left is None and isinstance(right, q.Pick) and right != q.Pick() and not right.earlier)
    left, right = amounts(left), amounts(right)
    anyone = isinstance(right, q.Sum) and isinstance(every := right.parts[0], q.Each) and every.over == "agencies" and every.of.item is None
    if _only_lists(slots) or anyone or left is None or right is None or isinstance(left, q.Named) or isinstance(right, q.Named):
        return None
    left, right = (left, right) if told else beside(left, right, items=True)
    return (left, right) if left != right and isinstance(left, q.Ratio) is isinstance(right, q.Ratio) else None


def divided(part: Any, whole: Any) -> Any:
    """How many times the one amount is the other, which may be the same thing at another time."""
    if isinstance(part, q.Pick) and isinstance(whole, q.Pick) and whole.item is None and is_dated(whole):
        whole = q.filled(whole, part)
    else:
        part, whole = beside(part, whole, items=True)
    return q.Ratio(part, whole, "times") if part != whole else None


def flat(value: Any) -> tuple[Any, ...]:
    """What a list names or a sum adds, or the one amount."""
    return value.members if isinstance(value, q.Named) else value.parts if isinstance(value, q.Sum) else (value,)


def how_many(of: Any, terms: tuple[str, ...] = ()) -> Any:
    """How many members a series has, where tables or prose tell it."""
    if isinstance(of, q.Each) and of.over in COUNTED:
        return q.Told("number", of.of, (*COUNTED[of.over], *terms), counter="个")
    if isinstance(of, (q.Top, q.Where)) or (isinstance(of, q.Each) and of.over in ("projects", "goods", "years")):
        return q.Count(of)
    return None
