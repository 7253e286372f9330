"""What stands beside the things that a question names: does it only tell of the asker and the world, or does it change what is asked?

A question's path is cut into what it names (whose, what, when, numbers, question words, operators) and the stretches between. Of each
stretch the chance is told that it restricts what is asked (那笔按桌算的, 给新来的人的), from where it stands, how much of it is known by
itself, and its characters. The weights are fitted (`make fit`) on questions whose stretches were marked by hand (data/training) and are
kept as data; the model is a logistic regression, so that each weight can be read by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, takewhile

from retrieval.language.describing import NAMED
from retrieval.language.segments import SURE, Segment
from retrieval.names.bodies import of_name
from retrieval.words.content import narrows
from retrieval.words.folding import is_han
from retrieval.words.grammar import load
from store.money import MONEY_UNITS

ASKING = frozenset(("HOWMUCH", "PERCENTQ", "WHICH", "LISTQ", "WHY", "PURPOSE", "DEFINE", "DUTY", "WHEREQ", "COUNTQ", "MANYOF"))
WEAK = frozenset(("SAYS", "IS", "REF", "AT", "IN", "AND", "VERIFY", "NEWLY", "SCOPE", "PART", "TABLEWORD", "BODIES", "UNITS"))
"""Cues of words that say nothing of their own."""
LIGHT = 0.17  # chance of restricting up to which a stretch beside things that are named for sure changes nothing
GUESSED = 0.1  # the same where a thing is only guessed, so that the words beside it may be its name
APART = 0.05  # the same in a clause of its own, where no thing is named
NARROWS = 0.025  # the same right before a thing (给学生的|三公经费)
ONE = 0.4  # the same of a single character, which is hardly more than a particle
UNNAMED = 0.0  # the same where no thing is named
KNOWN = 0.7  # chance from which a stretch of words that are known by themselves restricts all the same (光|算|头仨月)
LONG = 4  # characters from which a stretch of known words may restrict
LONG_NUMBER = 5  # digits
INCLUDED = 1e-6  # chance of what is only among what is counted
_ENDS = "，。？！；： "
_STOPS = "。？！；："


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a question: what it is, and its text where it names nothing.

    Kinds: W whose, T a thing, t one that is guessed or short, P when, N a number, H asks, O an operator, M a mark; of what names nothing
    f is known by itself, u is not.
    """

    kind: str
    text: str = ""


def piece_of(one: Segment) -> Piece:
    """What a stretch of the path is."""
    if one.is_mark:
        return Piece("M", one.text)
    if one.agencies or one.units:
        return Piece("W")
    if one.items or (one.is_filler and one.how == NAMED):
        return Piece("T" if one.quality >= SURE and len(one.text) > 2 else "t")
    if one.period or one.kind:
        return Piece("P")
    if one.quantity:
        return Piece("N")
    if one.counter is not None or one.cues & ASKING or one.table or one.unit:
        return Piece("H")
    if one.cues - WEAK:
        return Piece("O")
    return Piece("u" if one.is_unread else "f", one.text)


def stretches(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Where the pieces name nothing: first and last of each run of them."""
    first: int | None = None
    for at, one in enumerate([*pieces, Piece("M")]):
        if one.kind in "fu":
            first = at if first is None else first
        elif first is not None:
            yield first, at - 1
            first = None


def features(pieces: Sequence[Piece], first: int, last: int) -> dict[str, float]:
    """What is known of the stretch from piece `first` to piece `last`."""
    run = pieces[first : last + 1]
    text = "".join(one.text for one in run)
    left, right = _beside(pieces, first - 1, "^"), _beside(pieces, last + 1, "$")
    start, end = _clause(pieces, first, last)
    clause = {one.kind for one in pieces[start:end]}
    is_own = clause.isdisjoint("WTtPNHO")
    before = any(one.kind in "TtW" for one in pieces[:start])
    behind = any(one.kind in "TtW" for one in pieces[end:])
    unread = sum(len(one.text) for one in run if one.kind == "u")
    shape = {
        f"left {left}": 1, f"right {right}": 1, f"between {left} {right}": 1,
        "own clause": is_own, "own clause first": is_own and not before, "own clause last": is_own and before and not behind,
        "own clause between": is_own and before and behind,
        **{f"clause {kind}": kind in clause for kind in "TtWHO"},
        "unread": unread / len(text), "all known": unread == 0,
        "1 long": len(text) == 1, "2 long": len(text) == 2, "4 long": 2 < len(text) < 5, "8 long": 4 < len(text) < 9, "long": len(text) > 8,
        "ends in 的": has("of", text), "的 before a thing": has("of", text) and right in "Tt",
        "points": has("points", text), "narrows": has("narrows", text),
        "somebody": has("somebody", text), "somebody in its clause": has("somebody", "".join(one.text for one in pieces[start:end])),
        "particle": has("particle", text), "digits": any(c.isdigit() for c in text),
        "things": min(3, sum(one.kind in "Tt" for one in pieces)), "no thing": all(one.kind not in "Tt" for one in pieces),
    }  # fmt: skip
    found = {name: float(value) for name, value in shape.items() if value}
    return found | {c: 1.0 for c in text if is_han(c)} | {f"first {text[0]}": 1.0, f"last {text[-1]}": 1.0}


def _beside(pieces: Sequence[Piece], at: int, none: str) -> str:
    """What the piece beside a stretch is: S the end of a sentence, _ a blank."""
    if not 0 <= at < len(pieces):
        return none
    one = pieces[at]
    if one.kind != "M":
        return one.kind
    return "_" if one.text == " " else "S" if one.text in _STOPS else "M"


def _clause(pieces: Sequence[Piece], first: int, last: int) -> tuple[int, int]:
    """The clause that a stretch stands in."""

    def ends(at: int) -> bool:
        return pieces[at].kind == "M" and pieces[at].text in _ENDS

    start = next((at + 1 for at in range(first - 1, -1, -1) if ends(at)), 0)
    return start, next((at for at in range(last + 1, len(pieces)) if ends(at)), len(pieces))


def chance(pieces: Sequence[Piece], first: int, last: int) -> float:
    """The chance, 0 to 1, that a stretch restricts what is asked. It does for sure where unknown words are said to be left out or meant
    (利息我不要; of what is named, the grammar reads that), or always narrow, or hold the number of a unit or a document."""
    run = pieces[first : last + 1]
    text = "".join(one.text for one in run)
    unread = [one.text for one in run if one.kind == "u"]
    if any(map(narrows, unread)) or sum(c.isdigit() for c in text) >= LONG_NUMBER:
        return 1.0
    start, end = _clause(pieces, first, last)
    if unread and has("leaves_out", text) and not any(one.kind in "TtPO" for one in pieces[start:end]):
        return 1.0
    if _beside(pieces, first - 1, "^") == "W" and run[0].kind == "u":  # a name that is not here: 某市|少年儿童|图书馆, 某区|环境监测站
        between = len(unread) == len(run) and _beside(pieces, last + 1, "$") == "W"
        if between or of_name("whole").search(run[0].text[2:]) is not None:
            return 1.0
    if any(one.kind == "H" for one in pieces) and has("includes", text):
        return INCLUDED
    if has("nothing", text):
        return 0.0
    known = weights()
    score = known[""] + sum(known.get(name, 0.0) * value for name, value in features(pieces, first, last).items())
    return 1 / (1 + math.exp(-score))


def weighed(path: Sequence[Segment], doubted: Sequence[Segment] = ()) -> list[Segment]:
    """The path without what clauses beside the question tell, with each unread stretch that hardly restricts marked as light, and one that
    very likely does as unread, though its words are known. What a better cut of the same question has `doubted` stays in doubt."""

    def is_doubted(start: int, end: int) -> bool:
        return any(one.start < end and start < one.end for one in doubted)

    out = _without_told(path, is_doubted)
    pieces = [piece_of(one) for one in out]
    things = [one.quality for one in out if one.items or one.units]
    for first, last in stretches(pieces):
        likely = chance(pieces, first, last)
        run = range(first, last + 1)
        if is_doubted(out[first].start, out[last].end):
            likely = 1.0
        if likely == INCLUDED:  # 含办公室: among what is counted
            out[first : last + 1] = map(_as_told, out[first : last + 1])
        if any(out[at].is_unread for at in run):
            light = likely < _bound(pieces, first, last, things)
            for at in run:
                if out[at].is_unread and not out[at].stranger:
                    out[at] = replace(out[at], is_light=light)
        elif likely >= KNOWN and out[last].end - out[first].start >= LONG and (said := [at for at in run if not out[at].cues]):
            longest = max(said, key=lambda at: len(out[at].text))
            out[longest] = Segment(out[longest].start, out[longest].end, out[longest].text, out[longest].weight, stranger=True)
    return out


def _bound(pieces: Sequence[Piece], first: int, last: int, things: Sequence[float]) -> float:
    """Up to which chance a stretch changes nothing, where things are named as surely as `things` says."""
    if first == last and len(pieces[first].text) == 1:
        return ONE
    start, end = _clause(pieces, first, last)
    if all(one.kind in "fuM" for one in pieces[start:end]):
        return LIGHT if things else APART
    if _beside(pieces, last + 1, "$") in "Tt":
        return NARROWS
    return UNNAMED if not things else LIGHT if min(things) >= SURE else GUESSED


def _without_told(path: Sequence[Segment], is_doubted: Callable[[int, int], bool]) -> list[Segment]:
    """The path without what clauses tell that ask nothing, beside one that names a thing, asks, and points at nothing before it: sentences
    (我退休金才五千八。…) and clauses of which something is not known (老伴说接待费涨得凶，…). Whose they are, they still say."""
    out = list(path)
    clauses = _cut(path, _ENDS.strip())
    asks: list[bool] = []
    for one in path:  # 甲费多少？乙费呢？
        asks.append(bool(one.cues & ASKING) or one.counter is not None or (any(asks) and has("asks", one.text)))
    asking = [one for one in clauses if any(seg.items or seg.units for seg in path[slice(*one)]) and any(asks[slice(*one)])]
    points = any("REF" in seg.cues for one in asking for seg in takewhile(lambda seg: not seg.items, path[slice(*one)]))
    says_whose = any(one.agencies or one.units for clause in asking for one in path[slice(*clause)])
    if not asking or points:  # 这笔钱里…
        return out
    apart = [one for one in _cut(path, _STOPS) if not any(one[0] <= start < one[1] for start, _ in asking)]
    pieces = [piece_of(one) for one in path]
    likely = {first: chance(pieces, first, last) for first, last in stretches(pieces)}
    for start, end in [*apart, *(one for one in clauses if one not in asking and any(seg.is_unread for seg in path[slice(*one)]))]:
        told = path[start:end]
        claims = any(one.quantity is not None and one.quantity.unit in ("", "%", *MONEY_UNITS) for one in told)
        if claims or any(piece.kind in "PH" for piece in pieces[start:end]) or any(one.cues & _TURNS for one in told):
            continue
        if not any(one.is_unread for one in told) and any(piece.kind == "O" for piece in pieces[start:end]):
            continue  # 比上年多吗？
        if not told or is_doubted(told[0].start, told[-1].end):
            continue
        if all(likely.get(at, 0.0) < LIGHT for at in range(start, end)):
            out[start:end] = [one if one.units and not says_whose else _as_told(one) for one in told]
    return out


def _as_told(one: Segment) -> Segment:
    return one if one.is_mark or one.agencies else Segment(one.start, one.end, one.text, one.weight, is_filler=True)


def _cut(path: Sequence[Segment], marks: str) -> list[tuple[int, int]]:
    """Where the parts of a path begin and end that these marks cut."""
    ends = [at + 1 for at, one in enumerate(path) if one.is_mark and one.text in marks]
    return list(pairwise(sorted({0, *ends, len(path)})))


_TURNS = frozenset(("EXCEPT", "OUTSIDE", "NOTIT", "ELSE", "WITHIN", "VERIFY", "SUM", "EACH", "PERHEAD", "MEAN"))
"""Cues of a sentence beside the question that may change what it asks."""


@cache
def weights() -> dict[str, float]:
    """The fitted weight of each feature; that of nothing is where all begins."""
    return {name: float(weight) for part in load("beside.toml").values() for name, weight in part.items()}


def has(kind: str, text: str) -> bool:
    """Whether a text has words of a kind of `refusals.toml`."""
    return re.search(load("refusals.toml")["beside"][kind], text) is not None
