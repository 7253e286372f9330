"""What stands beside the things that a question names: does it only tell of the asker and the world, or does it change what is asked?

A question's path is cut into what it names (whose, what, when, numbers, question words, operators) and the stretches between. Of each
stretch the chance is told that it restricts what is asked (那笔按桌算的, 给新来的人的), from where it stands, how much of it is known by
itself, and its characters. The weights are fitted (`make fit`) on questions whose stretches were marked by hand (data/training) and are
kept as data; the model is a logistic regression, so that each weight can be read by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from retrieval.language.lattice import Segment
from retrieval.words.cues import load

ASKING = frozenset(("HOWMUCH", "PERCENTQ", "WHICH", "LISTQ", "WHY", "PURPOSE", "DEFINE", "DUTY", "WHEREQ", "COUNTQ", "MANYOF"))
WEAK = frozenset(("SAYS", "IS", "REF", "AT", "IN", "AND", "VERIFY", "NEWLY", "SCOPE", "PART", "TABLEWORD"))
"""Cues of words that say nothing of their own."""
LIGHT = 0.2  # chance of restricting up to which a stretch beside things that are named for sure changes nothing
GUESSED = 0.08  # the same where a thing is only guessed, so that the words beside it may be its name
APART = 0.03  # the same in a clause of its own, where no thing is named
NARROWS = 0.04  # the same right before a thing (给学生的|三公经费)
ONE = 0.4  # the same of a single character, which is hardly more than a particle
UNNAMED = 0.0  # the same where no thing is named
KNOWN = 0.6  # chance from which a stretch of words that are known by themselves restricts all the same (光|算|头仨月)
SURE = 0.95  # quality from which a thing is named for sure
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
    if one.items:
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
    told = _of_somebody().search
    unread = sum(len(one.text) for one in run if one.kind == "u")
    shape = {
        f"left {left}": 1, f"right {right}": 1, f"between {left} {right}": 1,
        "own clause": is_own, "own clause first": is_own and not before, "own clause last": is_own and before and not behind,
        "own clause between": is_own and before and behind,
        **{f"clause {kind}": kind in clause for kind in "TtWHO"},
        "unread": unread / len(text), "all known": unread == 0,
        "1 long": len(text) == 1, "2 long": len(text) == 2, "4 long": 2 < len(text) < 5, "8 long": 4 < len(text) < 9, "long": len(text) > 8,
        "ends in 的": text.endswith("的"), "的 before a thing": text.endswith("的") and right in "Tt",
        "points": _pointing().search(text) is not None,
        "somebody": told(text) is not None, "somebody in its clause": told("".join(one.text for one in pieces[start:end])) is not None,
        "particle": text[-1] in "吧吗呢啊呀嘛么呗哦哈", "digits": any(c.isdigit() for c in text),
        "things": min(3, sum(one.kind in "Tt" for one in pieces)), "no thing": all(one.kind not in "Tt" for one in pieces),
    }  # fmt: skip
    found = {name: float(value) for name, value in shape.items() if value}
    return found | {c: 1.0 for c in text if "\u4e00" <= c <= "\u9fff"} | {f"first {text[0]}": 1.0, f"last {text[-1]}": 1.0}


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
    """The chance, 0 to 1, that a stretch restricts what is asked."""
    known = weights()
    score = known[""] + sum(known.get(name, 0.0) * value for name, value in features(pieces, first, last).items())
    return 1 / (1 + math.exp(-score))


def weighed(path: Sequence[Segment]) -> list[Segment]:
    """The path without what sentences beside the question tell, with each unread stretch that hardly restricts marked as light, and one
    that very likely does as unread, though its words are known."""
    out = _without_told(path)
    pieces = [piece_of(one) for one in out]
    things = [one.quality for one in out if one.items or one.units]
    for first, last in stretches(pieces):
        likely = chance(pieces, first, last)
        run = range(first, last + 1)
        if any(out[at].is_unread for at in run):
            light = likely < _bound(pieces, first, last, things)
            for at in run:
                if out[at].is_unread and not out[at].stranger:
                    out[at] = replace(out[at], is_light=light)
        elif likely >= KNOWN:
            longest = max(run, key=lambda at: len(out[at].text))
            out[longest] = Segment(out[longest].start, out[longest].end, out[longest].text, out[longest].weight)
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


def _without_told(path: Sequence[Segment]) -> list[Segment]:
    """The path without what sentences tell that ask nothing and name nobody, beside one that names a thing and asks, and points at
    nothing before it (我退休金才五千八。…; 家里水电费涨得肉疼。…)."""
    out = list(path)
    sentences = _sentences(path)
    asking = [
        (start, end)
        for start, end in sentences
        if any(one.items for one in path[start:end]) and any(one.cues & ASKING or one.counter is not None for one in path[start:end])
    ]
    if len(sentences) < 2 or len(asking) != 1 or any("REF" in one.cues for one in path[slice(*asking[0])]):
        return out
    for start, end in sentences:
        told = path[start:end]
        pieces = [piece_of(one) for one in told]
        if (start, end) == asking[0] or any(piece.kind in "WPH" for piece in pieces) or any(one.cues & _TURNS for one in told):
            continue
        if all(chance(pieces, *run) < LIGHT for run in stretches(pieces)):
            out[start:end] = [one if one.is_mark else Segment(one.start, one.end, one.text, one.weight, is_filler=True) for one in told]
    return out


_TURNS = frozenset(("EXCEPT", "OUTSIDE", "NOTIT", "ELSE", "WITHIN", "VERIFY", "SUM", "EACH", "PERHEAD", "MEAN"))
"""Cues of a sentence beside the question that may change what it asks."""


def _sentences(path: Sequence[Segment]) -> list[tuple[int, int]]:
    """Where the sentences of a path begin and end, each with its mark."""
    ends = [at + 1 for at, one in enumerate(path) if one.is_mark and one.text in _STOPS]
    cuts = sorted({0, *ends, len(path)})
    return [(start, end) for start, end in pairwise(cuts)]


@cache
def weights() -> dict[str, float]:
    """The fitted weight of each feature; that of nothing is where all begins."""
    return {name: float(weight) for part in load("beside.toml").values() for name, weight in part.items()}


@cache
def _of_somebody() -> re.Pattern[str]:
    return re.compile(load("refusals.toml")["beside"]["somebody"])


@cache
def _pointing() -> re.Pattern[str]:
    return re.compile(load("refusals.toml")["beside"]["points"])


__all__ = ["Piece", "chance", "features", "piece_of", "stretches", "weighed", "weights"]
