"""Readings that no figure is put forward for, however well they read: improbable wholes, and words that did less than they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from retrieval.figures.things import ALL_BOUGHT, is_fund, is_total
from retrieval.language.askew import is_askew
from retrieval.language.segments import Segment, Understood, clauses_of
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.cues import cues, particles
from retrieval.words.folding import chinese_number
from retrieval.words.grammar import load
from retrieval.words.numbers import counters

UNREAD = 0.9  # weight of unread content from which no figure is put forward
DECIDING = frozenset(
    (
        "PERCENTQ", "SHARE", "RATIO", "MOST", "LEAST", "MORE", "FEWER", "DIFF", "SUM", "UP", "DOWN", "CHG", "EXCEPT", "TIMES", "HOW",
        "MANYOF", "DIVIDED", "TOANOTHER", "MEAN", "ORDINAL", "TOPN", "SUBTRACT", "OVER", "UNDER", "COUNTQ", "OVERSPENT", "PERHUNDRED",
        "PEREACH", "PRIOR", "WHY", "PERHEAD", "PLACEQ", "LEFT", "EXEC", "OUTSIDE", "ELSE", "OTHERS", "FORMER", "LATTER", "UNITS",
    )
)  # fmt: skip
"""Cues that change what is asked: where one had no effect, no figure is put forward."""
COMPOSING = frozenset(("DIFF", "SUM", "SUBTRACT", "TIMES", "MEAN", "PERHEAD", "EXCEPT", "OUTSIDE"))
"""Cues that make another number of those that the prose tells: where one had no effect, what is told of each is no answer."""
MOVED = frozenset(("UP", "DOWN", "CHG", "STAYED", "PRIOR"))
_IDLE = frozenset(("NOTIT", "NEWLY", "REF", "AT", "IN", "IS", "UNITKIND", "SAYS", "AND", "SCOPE", "PART"))


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against putting a figure forward for a reading."""

    reasons: frozenset[str]  # of unread, undone, unlikely, assumed
    unread: tuple[Segment, ...]  # words that were not read, with those that the reading passes over
    ignored: tuple[Segment, ...]
    is_told_anyway: bool  # words of the prose, which are quoted as they stand: whoever asks sees what they say


def doubts(understood: Understood, expression: Any, in_talk: bool) -> Doubts:
    """What speaks against a reading: words that were not read, or did less than they say; a whole that is hardly meant."""
    narrowing = (*_passed_over(understood, expression), *_growth_of(understood))
    unread, ignored = (*understood.unread, *narrowing), understood.ignored
    points = re.compile(load("refusals.toml")["narrowing"]["points"])
    unknown = bool(unread) or any(
        (one.is_unread and len(one.text) > 1) or ("REF" in one.cues and points.search(one.text)) for one in understood.segments
    )
    total = isinstance(expression, Pick) and (expression.item is None or is_whole(expression.item))
    found = {
        "unread": weight(unread) >= UNREAD,
        "undone": _is_undone(ignored, expression) or _miscounted(understood, expression),
        "unlikely": _is_unlikely(understood, expression),
        "assumed": total and ((unknown and not in_talk) or _names_a_thing(understood)),  # the total stands for what was not said
    }
    composed = any(one.cues & COMPOSING for one in ignored) or any(one.stranger for one in understood.unread)
    told = isinstance(expression, q.Told) and not (
        (expression.what == "number" and composed) or (narrowing and expression.what in ("number", "amount", "offices", "units"))
    )
    return Doubts(frozenset(name for name, speaks in found.items() if speaks), unread, ignored, told)


def _names_a_thing(understood: Understood) -> bool:
    """Whether a thing is named that is neither a total nor only a source of money, a table or a unit."""
    items = [item for one in understood.segments if not one.is_filler for item in one.items[:1]]
    return any(item.item is not None and not (is_fund(item) or is_total(item)) for item in items)


def is_whole(item: q.Item) -> bool:
    """Whether an item says only of which unit, table or fund, and no thing of it: all that is spent there stands for it."""
    return item.item is None and item.code is None and not item.parts and bool(item.affiliate or item.table or item.fund)


def weight(segments: Sequence[Segment]) -> float:
    """How much content stands in unread stretches."""
    return float(sum(len(one.text.strip()) for one in segments if not one.is_light))


def _is_undone(ignored: Iterable[Segment], expression: Any) -> bool:
    """Whether words that change what is asked did nothing; not those that only say again what was read (变动了多少，是增是减)."""
    nodes = list(q.walk(expression))
    again: frozenset[str] = frozenset()
    if any(isinstance(node, (q.Change, q.Turned, q.Same, q.Minus)) for node in nodes):
        again |= MOVED
    if any(isinstance(node, q.Minus) for node in nodes):
        again |= {"SUBTRACT", "DIFF"}
    changes = [node for node in nodes if isinstance(node, q.Change)]
    if changes and len(set(picks(expression))) == 1:  # 变大了还是变小了，相差多少; 涨幅是多少？说百分比
        again |= {"DIFF", "PERCENTQ"} if all(one.form != "amount" for one in changes) else {"DIFF"}
    counted = {one.item.counter for one in picks(expression) if one.item is not None}  # 扣掉执法车还剩几辆
    return any(
        one.cues & DECIDING - again or one.quantity is not None or (one.counter is not None and one.counter not in counted)
        for one in ignored
    )


def _miscounted(understood: Understood, expression: Any) -> bool:
    """Whether more bodies, or more things that are added up, are counted than are named: 甲和乙三家, 甲、乙三份并拢."""
    named = {one.agency for one in picks(expression) if one.agency is not None}
    bodies = len(named) if len(named) > 1 else 0
    listed = [node.parts if isinstance(node, q.Sum) else node.members for node in q.walk(expression) if isinstance(node, (q.Sum, q.Named))]
    added = [sum(map(_things_in, parts)) for parts in listed if len(parts) > 1]
    few = added[0] if len(added) == 1 else 0
    of_bodies = load("refusals.toml")["whose"]["counted"]
    said = [(chinese_number(one.text[0]), one.text.endswith(of_bodies)) for one in understood.segments if "ALLOF" in one.cues]
    return any(number is not None and (1 < few < number or (of_body and bodies not in (0, number))) for number, of_body in said)


def _things_in(node: Any) -> int:
    """How many things a part of a sum is made of: 水电费 is two."""
    return max(len(node.item.parts), 1) if isinstance(node, Pick) and node.item is not None else 1


def _clauses(understood: Understood) -> list[Sequence[Segment]]:
    return [understood.segments[start:end] for start, end in clauses_of(understood.segments)]


def _passed_over(understood: Understood, expression: Any) -> tuple[Segment, ...]:
    """The clauses beside what is asked that may say which part of it is meant, and did nothing (真正到手的; 修车那块)."""
    words = load("refusals.toml")["narrowing"]
    ends = "".join(particles() - {words["of"]})
    picked = [one.item for one in picks(expression) if one.item is not None]
    held = {name for one in picked for name in (one.item, one.code, one.affiliate, one.under, one.fund, one.portion, *one.names) if name}
    clauses = _clauses(understood)
    out: list[Segment] = []
    for clause in clauses if len(clauses) > 1 else ():
        said = "".join(one.text for one in clause).rstrip(ends)
        names = {name for one in clause for item in one.items for name in (item.item or item.said, item.fund)}
        denies = "NOTIT" in cues().get(clause[0].text, ())  # what of it is not known is unread by itself
        idle = names.isdisjoint(held) and not denies and not any(map(_does, clause))
        if idle and re.search(words["clause"], said) and not re.search(words["tells"], said):
            out.append(Segment(clause[0].start, clause[-1].end, said, 0.0, stranger=True))
    return tuple(out)


def _growth_of(understood: Understood) -> tuple[Segment, ...]:
    """The word of growth that narrows a thing whose own change or difference is asked (新增的差旅费): what of it is new is not printed."""
    said, of = [one for one in understood.segments if not one.is_mark], load("refusals.toml")["narrowing"]["of"]
    for at, one in enumerate(said[:-2]):
        if "UP" in one.cues and not one.items and said[at + 1].text == of and said[at + 2].items:
            compared = any(other.cues & {"PRIOR", "COMPARED", "THAN"} for other in said[:at] if not other.is_filler)
            asked = any(other.cues & {"UP", "DOWN", "MORE", "FEWER", "DIFF"} for other in said[at + 3 :])
            return (one,) if asked and not compared else ()
    return ()


def _does(one: Segment) -> bool:
    """Whether a stretch says whom, when or what by itself."""
    named = one.agencies or one.units or one.table or one.quantity or one.period or one.kind or one.unit or one.counter is not None
    return bool(named) or (not one.is_filler and bool(one.cues - _IDLE))


def _is_unlikely(understood: Understood, expression: Any) -> bool:
    """Whether what was read is hardly what was asked."""
    return (
        is_askew(expression)
        or _passes_over_bodies(understood, expression)
        or _is_of_one(understood, expression)
        or _adds_years_apart(understood, expression)
        or _is_in_itself(understood)
        or _judges_what_was_told(understood, expression)
        or re.search(load("refusals.toml")["mine"]["asks"], understood.text) is not None
    )


def _passes_over_bodies(understood: Understood, expression: Any) -> bool:
    """Whether a kind of body that is named (派出所|修缮) did nothing: what its department spends is not what it spends."""
    nodes, found = list(q.walk(expression)), picks(expression)
    if any(isinstance(node, q.Told) or (isinstance(node, q.Each) and node.over in ("units", "agencies")) for node in nodes):
        return False
    of = load("refusals.toml")["narrowing"]["of"]
    said = list(pairwise(one for one in understood.segments if one.text != of))
    named = any("UNITKIND" in one.cues and not (one.items or one.units or one.agencies) and two.items for one, two in said)
    pointed = [two.text for one, two in said if "REF" in one.cues and "UNITKIND" in two.cues]  # 这家|医院
    another = any(not any(kind in (one.agency or "") for one in found) for kind in pointed)
    return (named or another) and not any(one.item is not None and one.item.affiliate for one in found)


def _judges_what_was_told(understood: Understood, expression: Any) -> bool:
    """Whether a verdict is on what was only said before the question (今年是九万多吧，那去年的收入报的是多少)."""
    if not isinstance(expression, q.TRUTHS):
        return False
    held = {one.item.item for one in picks(expression) if one.item is not None}
    for clause in _clauses(understood):
        named = {item.item for one in clause for item in one.items[:1]}
        if named and named.isdisjoint(held) and any("HOWMUCH" in one.cues and not one.is_filler for one in clause):
            return not any(one.quantity is not None for one in clause)
    return False


def _is_of_one(understood: Understood, expression: Any) -> bool:
    """Whether it is asked what one of several costs (一台公务车一年花多少): what all of them cost is no answer."""
    ones = [one for one in understood.segments if one.quantity is not None and one.quantity.number == 1 and one.quantity.unit in counters()]
    return bool(ones) and not any(isinstance(node, (*q.TRUTHS, q.Told, q.Where, q.Top)) for node in q.walk(expression))


def _adds_years_apart(understood: Understood, expression: Any) -> bool:
    """Whether one thing is added up over years that are said in clauses of their own (2025年一共多少，2026年那份里该有): the one only says
    where."""
    parts = expression.parts if isinstance(expression, q.Sum) else ()
    things = {(one.item, one.agency) if isinstance(one, Pick) else None for one in parts}
    dated = sum(any(one.period is not None for one in clause) for clause in _clauses(understood))
    return len(parts) > 1 and len(things) == 1 and None not in things and dated > 1


def _is_in_itself(understood: Understood) -> bool:
    """Whether a part is asked for of which only the whole has a name (奖金里年终奖多少)."""
    said = [one for one in understood.segments if not one.is_mark]
    for whole, inside, part in zip(said, said[1:], said[2:], strict=False):
        names = [one.items[0].item for one in (whole, part) if one.items]
        if "IN" in inside.cues and len(names) == 2 and names[0] == names[1] is not None and names[0] not in ALL_BOUGHT:
            return whole.text not in part.text and part.text not in whole.text
    return False
