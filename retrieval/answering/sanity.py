"""Readings that no figure is put forward for, however well they read: improbable wholes, and words that did less than they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from retrieval.figures.parts import CARS, VEHICLES
from retrieval.language.askew import is_askew
from retrieval.language.lattice import Segment
from retrieval.language.neighbours import clauses_of
from retrieval.language.phrases import ALL_BOUGHT, is_fund, is_total
from retrieval.language.reader import Understood
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.cues import cues, load, particles
from retrieval.words.folding import chinese_number
from retrieval.words.numbers import counters

_SET_AGAINST = frozenset(("THAN", "MORE", "FEWER", "EQUAL"))
_ASKS = frozenset(("LISTQ", "PURPOSE"))
SAID_AGAIN: tuple[tuple[type[Any], frozenset[str]], ...] = (
    (q.Change, frozenset(("UP", "DOWN", "CHG", "STAYED", "PRIOR"))),
    (q.Turned, frozenset(("UP", "DOWN", "CHG", "STAYED", "PRIOR"))),
    (q.Same, frozenset(("UP", "DOWN", "CHG", "STAYED", "PRIOR"))),
    (q.Minus, frozenset(("UP", "DOWN", "CHG", "STAYED", "PRIOR", "SUBTRACT", "DIFF"))),
)
"""Cues that say again what an expression says: 变动了多少，是增是减; 编制数减实有数，空编几名."""
OF = "的"
UNREAD = 0.9  # weight of unread content from which no figure is put forward
DECIDING = frozenset(
    (
        "PERCENTQ", "SHARE", "RATIO", "MOST", "LEAST", "MORE", "FEWER", "DIFF", "SUM", "UP", "DOWN", "CHG", "EXCEPT", "TIMES", "HOW",
        "MANYOF", "DIVIDED", "TOANOTHER", "MEAN", "ORDINAL", "TOPN", "SUBTRACT", "OVER", "UNDER", "COUNTQ", "OVERSPENT", "PERHUNDRED",
        "PEREACH", "PRIOR", "WHY", "PERHEAD", "PLACEQ", "LEFT", "EXEC", "OUTSIDE", "ELSE", "OTHERS", "FORMER", "LATTER", "UNITS",
    )
)  # fmt: skip
"""Cues that change what is asked: where one had no effect, no figure is put forward."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against putting a figure forward for a reading."""

    reasons: frozenset[str]  # of unread, undone, unlikely, assumed, unsure
    unread: tuple[Segment, ...]  # words that were not read, with those that the reading passes over
    ignored: tuple[Segment, ...]
    is_told_anyway: bool  # words of the prose, which are quoted as they stand: whoever asks sees what they say


def doubts(understood: Understood, expression: Any, in_talk: bool) -> Doubts:
    """What speaks against a reading: words that were not read, or did less than they say; a whole that is hardly meant."""
    growth = _growth_of(understood)
    if growth is not None:
        understood = replace(understood, unread=(*understood.unread, growth), ignored=())
    narrowing = _passed_over(understood, expression)
    understood = replace(understood, unread=(*understood.unread, *narrowing))
    points = any(re.search(load("refusals.toml")["narrowing"]["points"], one.text) for one in understood.segments if "REF" in one.cues)
    total = isinstance(expression, Pick) and (expression.item is None or is_whole(expression.item))
    unknown = understood.unread != () or any(one.is_unread and len(one.text) > 1 for one in understood.segments)
    found = {
        "unread": weight(understood.unread) >= UNREAD,
        "undone": _is_undone(understood, expression),
        "unlikely": _is_unlikely(understood, expression),
        "assumed": total and (unknown or points) and not in_talk,  # the total stands for what was not said
        "unsure": understood.verify and any(not one.is_light for one in understood.unread),  # a verdict is on every word
    }
    another = _counts_a_kind(expression) or _is_reckoned(understood) or _counts_bodies(understood) or _leaves_out(understood)
    told = isinstance(expression, q.Told) and not (
        (expression.what == "number" and another)
        or (narrowing and expression.what in ("number", "amount", "offices", "units"))
        or _is_ranked(understood, expression)
    )
    return Doubts(frozenset(name for name, speaks in found.items() if speaks), understood.unread, understood.ignored, told)


def is_whole(item: q.Item) -> bool:
    """Whether an item says only of which unit, table or fund, and no thing of it: all that is spent there stands for it."""
    return item.item is None and item.code is None and not item.parts and bool(item.affiliate or item.table or item.fund)


def weight(segments: Sequence[Segment]) -> float:
    """How much content stands in unread stretches."""
    return float(sum(len(one.text.strip()) for one in segments if not one.is_light))


def _is_undone(understood: Understood, expression: Any) -> bool:
    """Whether words that change what is asked did nothing, or less than they say."""
    again = _said_again(expression)
    counted = {one.item.counter for one in picks(expression) if one.item is not None}  # 扣掉执法车还剩几辆
    return (
        any(
            one.cues & DECIDING - again or one.quantity is not None or (one.counter is not None and one.counter not in counted)
            for one in understood.ignored
        )
        or _lost(understood, expression)
        or _miscounted(understood, expression)
        or _adds_one(understood, expression)
        or _is_narrowed(understood)
        or _counts_bodies(understood)
    )


def _is_unlikely(understood: Understood, expression: Any) -> bool:
    """Whether what was read is hardly what was asked."""
    return (
        is_askew(expression)
        or _judges_a_question(understood, expression)
        or _passes_over_bodies(understood, expression)
        or _is_of_one(understood, expression)
        or _lists_nothing(understood, expression)
        or _ranks_without(understood, expression)
        or _counts_one_stock_twice(expression)
        or _adds_years_apart(understood, expression)
        or _claims_instead(understood, expression)
        or _counts_a_kind(expression)
        or _is_in_itself(understood)
        or re.search(load("refusals.toml")["mine"]["asks"], understood.text) is not None
    )


def _ranks_without(understood: Understood, expression: Any) -> bool:
    """Whether units or agencies are ranked by all that they spend, though a thing is named that does nothing (谁的项目支出最高)."""
    series = [one.of for one in q.walk(expression) if isinstance(one, q.Each) and one.over in ("units", "agencies")]
    if not any(isinstance(one, q.Nth) for one in q.walk(expression)) or not any(of.item is None or is_total(of.item) for of in series):
        return False
    held = {name for one in picks(expression) if one.item is not None for name in (one.item.item, one.item.under, one.item.portion)}
    funds = {one.item.fund for one in picks(expression) if one.item is not None}
    named = [one.items for one in understood.segments if one.items and not one.is_filler and not one.units]

    def does_nothing(item: q.Item) -> bool:
        return item.item not in held and (item.fund not in funds if is_fund(item) else not is_total(item))

    return any(all(map(does_nothing, items)) for items in named)


def _told_before(understood: Understood, expression: Any) -> tuple[Segment, ...]:
    """What is told before the question and was not read, where the question is about that: what it comes to in a thing
    (要修房子？采购里排了多少), or how much goes to it (有岗位补助。给这块多少钱)."""
    said = [one for one in understood.segments if not one.is_filler or "REF" in one.cues]
    total = isinstance(expression, Pick) and (expression.item is None or is_total(expression.item))
    points = re.search(load("refusals.toml")["asides"]["kind"], understood.text) if total else None
    asked = [
        thing.start
        for thing, inside, asks in zip(said, said[1:], said[2:], strict=False)
        if thing.items and "IN" in inside.cues and "HOWMUCH" in asks.cues
    ]
    start: int = min((*asked, *((points.start(),) if points else ())), default=0)
    return tuple(replace(one, is_light=False) for one in said if one.start < start and one.is_unread)


def _is_in_itself(understood: Understood) -> bool:
    """Whether a part is asked for of which only the whole has a name (奖金里年终奖多少)."""
    said = [one for one in understood.segments if not one.is_mark]
    return any(
        bool(whole.items) and "IN" in inside.cues and bool(part.items) and whole.items[0].item == part.items[0].item is not None
        and whole.items[0].item not in ALL_BOUGHT
        and whole.text not in part.text and part.text not in whole.text
        for whole, inside, part in zip(said, said[1:], said[2:], strict=False)
    )  # fmt: skip


def _counts_a_kind(expression: Any) -> bool:
    """Whether vehicles of a kind are counted that has no number of its own here (执法用车有几辆): that of all is no answer."""
    item = expression.about.item if isinstance(expression, q.Told) and expression.what == "number" else None
    return item is not None and item.item in (VEHICLES, *CARS) and item.under is not None


def _adds_years_apart(understood: Understood, expression: Any) -> bool:
    """Whether one thing is added up over years that are said in clauses of their own (2025年一共多少，2026年那份里该有): the one only says
    where."""
    parts: tuple[Any, ...] = expression.parts if isinstance(expression, q.Sum) else ()
    added = [one for one in parts if isinstance(one, Pick)]
    clauses = [understood.segments[start:end] for start, end in clauses_of(understood.segments)]
    years = [clause for clause in clauses if any(one.period is not None for one in clause)]
    same = len(added) == len(parts) > 1 and len({(one.item, one.agency) for one in added}) == 1
    return same and len(years) > 1


def _claims_instead(understood: Understood, expression: Any) -> bool:
    """Whether a verdict is on what was only said before the question (今年是九万多吧，那去年的收入报的是多少)."""
    if not isinstance(expression, q.TRUTHS):
        return False
    held = {one.item.item for one in picks(expression) if one.item is not None}
    for start, end in clauses_of(understood.segments):
        clause = understood.segments[start:end]
        named = {item.item for one in clause for item in one.items[:1]}
        if named and named.isdisjoint(held) and any("HOWMUCH" in one.cues and not one.is_filler for one in clause):
            return not any(one.quantity is not None for one in clause)
    return False


def _counts_one_stock_twice(expression: Any) -> bool:
    """Whether vehicles are counted, and as another number 公务用车, which may be all of them or those of a kind."""
    said = [one for one in q.walk(expression) if isinstance(one, q.Holds) and isinstance(one.of, Pick) and one.quantity.unit in counters()]
    cars = [one.quantity for one in said if isinstance(one.of, Pick) and one.of.item is not None and one.of.item.item in (VEHICLES, *CARS)]
    return len(said) > 1 and any(one.quantity.unit == two.unit and one.quantity != two for one in said for two in cars)


def _passed_over(understood: Understood, expression: Any) -> tuple[Segment, ...]:
    """The clauses beside what is asked that may say which part of it is meant, and did nothing (真正到手的; 修车那块)."""
    words = load("refusals.toml")["narrowing"]
    picked = [one.item for one in picks(expression) if one.item is not None]
    held = {name for one in picked for name in (one.item, one.code, one.affiliate, one.under, one.fund, one.portion, *one.names) if name}
    clauses = [understood.segments[start:end] for start, end in clauses_of(understood.segments)]
    out: list[Segment] = []
    for clause in clauses if len(clauses) > 1 else ():
        said = "".join(one.text for one in clause).rstrip("".join(particles() - {"的"}))
        names = {name for one in clause for item in one.items for name in (item.item or item.said, item.fund)}
        denies = "NOTIT" in cues().get(clause[0].text, ())  # what of it is not known is unread by itself
        idle = names.isdisjoint(held) and not denies and not any(map(_does, clause))
        if idle and re.search(words["clause"], said) and not re.search(words["tells"], said):
            out.append(Segment(clause[0].start, clause[-1].end, said, 0.0, stranger=True))
    return (*out, *_told_before(understood, expression))


_IDLE = frozenset(("NOTIT", "NEWLY", "REF", "AT", "IN", "IS", "UNITKIND", "SAYS", "AND", "SCOPE", "PART"))


def _does(one: Segment) -> bool:
    """Whether a stretch says whom, when or what by itself."""
    named = one.agencies or one.units or one.table or one.quantity or one.period or one.kind or one.unit or one.counter is not None
    return bool(named) or (not one.is_filler and bool(one.cues - _IDLE))


def _judges_a_question(understood: Understood, expression: Any) -> bool:
    """Whether a question for an amount became a verdict on one (12345热线花多少钱: nothing is claimed)."""
    if understood.verify or not isinstance(expression, q.TRUTHS):
        return False
    asking = tuple(word for word, does in cues().items() if "HOWMUCH" in does)
    clauses = [understood.segments[start:end] for start, end in clauses_of(understood.segments)]
    return any(
        any(one.text.endswith(asking) or one.cues & _ASKS for one in clause)
        and any(one.quantity is not None or one.cues & _SET_AGAINST for one in clause)
        for clause in clauses
    )


def _passes_over_bodies(understood: Understood, expression: Any) -> bool:
    """Whether a kind of body that is named (派出所|修缮) did nothing: what its department spends is not what it spends."""
    said = [one for one in understood.segments if one.text != "的"]
    named = any("UNITKIND" in one.cues and not (one.items or one.units or one.agencies) and bool(two.items) for one, two in pairwise(said))
    asked = {one.agency or "" for one in picks(expression)}
    pointed = [two.text for one, two in pairwise(said) if "REF" in one.cues and "UNITKIND" in two.cues]  # 这家|医院
    named = named or any(not any(kind in name for name in asked) for kind in pointed)
    told = any(isinstance(node, q.Told) or (isinstance(node, q.Each) and node.over in ("units", "agencies")) for node in q.walk(expression))
    return named and not told and not any(one.item is not None and one.item.affiliate for one in picks(expression))


def _lists_nothing(understood: Understood, expression: Any) -> bool:
    """Whether members or reasons of what was not named are asked for, and the whole was read (设了哪些部门): its amount is no answer."""
    whole = isinstance(expression, Pick) and expression.item is None
    return whole and any(one.cues & {"LISTQ", "WHY", "DUTY", "PURPOSE", "DEFINE"} for one in understood.ignored)


def _is_of_one(understood: Understood, expression: Any) -> bool:
    """Whether it is asked what one of several costs (一台公务车一年花多少): what all of them cost is no answer."""
    ones = [one for one in understood.segments if one.quantity is not None and one.quantity.number == 1 and one.quantity.unit in counters()]
    return bool(ones) and not any(isinstance(node, (*q.TRUTHS, q.Told, q.Where, q.Top)) for node in q.walk(expression))


def _said_again(expression: Any) -> frozenset[str]:
    """The cues that only say again what was read; of the change of one thing also that it differs, and that it is told in percent
    (变大了还是变小了，相差多少; 涨幅是多少？说百分比)."""
    nodes = list(q.walk(expression))
    again = frozenset(cue for kind, said in SAID_AGAIN if any(isinstance(node, kind) for node in nodes) for cue in said)
    changes = [node for node in nodes if isinstance(node, q.Change)]
    if len(set(picks(expression))) != 1 or not changes:
        return again
    return again | {"DIFF"} | ({"PERCENTQ"} if all(one.form in ("rate", "both") for one in changes) else frozenset[str]())


def _growth_of(understood: Understood) -> Segment | None:
    """The word of growth that narrows a thing whose own change or difference is asked (新增的差旅费): what of it is new is not printed."""
    said = [one for one in understood.segments if not one.is_mark]
    for at, one in enumerate(said[:-2]):
        narrows = "UP" in one.cues and not one.items and said[at + 1].text == OF and bool(said[at + 2].items)
        if narrows and not any(other.cues & {"PRIOR", "COMPARED", "THAN"} for other in said[:at] if not other.is_filler):
            return one if any(other.cues & {"UP", "DOWN", "MORE", "FEWER", "DIFF"} for other in said[at + 3 :]) else None
    return None


def _is_narrowed(understood: Understood) -> bool:
    """Whether a character that was not read says whose or which a thing is (张|三|的支出): no slip of the pen."""
    said = [one for one in understood.segments if not one.is_mark]
    return any(
        one in understood.unread and not one.is_light and of.text == OF and bool(thing.items)
        for one, of, thing in zip(said, said[1:], said[2:], strict=False)
    )


def _counts_bodies(understood: Understood) -> bool:
    """Whether what is counted has the name of an agency (管着几个区县气象局): no number that is told of anything else answers that."""
    said = [one for one in understood.segments if not one.is_mark and not one.is_unread]
    return any(one.counter is not None and bool(two.agencies) and not two.is_place for one, two in pairwise(said))


def _lost(understood: Understood, expression: Any) -> bool:
    """Whether a claim holds fewer quantities than were said: one of them went unjudged."""
    said = sum(
        1
        for one in understood.segments
        if one.quantity is not None and not one.cues & {"TOPN", "ORDINAL"} and not one.is_filler and not one.items
    )
    held = sum(1 for node in q.walk(expression) if isinstance(node, (q.Holds, q.Where, q.Top)))
    return held > 0 and said > held + sum(1 for one in understood.ignored if one.quantity is not None)


def _miscounted(understood: Understood, expression: Any) -> bool:
    """Whether more bodies, or more things that are added up, are counted than are named: 甲和乙三家, 甲、乙三份并拢."""
    named = {one.agency for one in picks(expression) if one.agency is not None}
    said = [(chinese_number(one.text[0]), one.text.endswith("家")) for one in understood.segments if "ALLOF" in one.cues]
    listed = [node.parts if isinstance(node, q.Sum) else node.members for node in q.walk(expression) if isinstance(node, (q.Sum, q.Named))]
    added = [sum(len(_things_of(one)) for one in parts) for parts in listed if len(parts) > 1]
    few = min(added, default=0) if len(added) == 1 else 0
    bodies = len(named) if len(named) > 1 else 0
    return any(number is not None and (1 < few < number or (of_bodies and bodies not in (0, number))) for number, of_bodies in said)


def _adds_one(understood: Understood, expression: Any) -> bool:
    """Whether two things are to be added up, and one was read (机关那份和企业那份，加起来)."""
    adding = re.compile(load("refusals.toml")["narrowing"]["adds"])
    end = next((one.start for one in understood.segments if "SUM" in one.cues and adding.search(one.text)), 0)
    joined = any("AND" in one.cues and not one.items and one.text != "、" for one in understood.segments if one.start < end)
    return joined and isinstance(expression, Pick) and not (expression.item is not None and expression.item.parts)


def _leaves_out(understood: Understood) -> bool:
    """Whether something is to be left out, and was not: how many there are with it is no answer."""
    return any(one.cues & {"EXCEPT", "OUTSIDE"} for one in understood.ignored) or any(one.stranger for one in understood.unread)


def _is_ranked(understood: Understood, expression: q.Told) -> bool:
    """Whether a list of the prose is to be ranked or told with amounts, and was not (金额最大的三家各多少)."""
    named = expression.what in ("units", "offices", "listing")
    return named and any(one.cues & {"TOPN", "MOST", "LEAST", "ORDINAL", "HOWMUCH"} for one in understood.ignored)


def _is_reckoned(understood: Understood) -> bool:
    """Whether numbers of the prose are to be set against each other, and nothing was: what the prose tells of each is no answer."""
    return any(one.cues & {"DIFF", "SUM", "SUBTRACT", "TIMES", "MEAN", "PERHEAD"} for one in understood.ignored)


def _things_of(node: Any) -> tuple[Any, ...]:
    """What a part of a sum is made of: 水电费 is two."""
    return node.item.parts or (node,) if isinstance(node, Pick) and node.item is not None else (node,)


__all__ = ["Doubts", "doubts", "is_whole", "weight"]
