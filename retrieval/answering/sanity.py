"""Readings that no figure is put forward for, however well they read: improbable wholes, and words that did less than they say."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from retrieval.answering.members import THREE_PUBLIC, VEHICLES
from retrieval.figures.parts import PARTS_OF
from retrieval.language.lattice import BOUGHT, Segment
from retrieval.language.reader import Understood
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.cues import cues, load
from retrieval.words.numbers import counters

_SET_AGAINST = frozenset(("THAN", "MORE", "FEWER", "EQUAL"))
_ASKS = frozenset(("LISTQ", "PURPOSE"))
_REMAINDERS = (q.Minus, q.Less, q.Change, q.Ratio)


def is_unlikely(understood: Understood, expression: Any) -> bool:
    """Whether what was read is hardly what was asked."""
    return (
        any(_is_askew(node) for node in q.walk(expression))
        or _judges_a_question(understood, expression)
        or _passes_over_bodies(understood, expression)
        or _is_of_one(understood, expression)
        or _lists_nothing(understood, expression)
        or re.search(load("refusals.toml")["mine"]["asks"], understood.text) is not None
    )


def _is_askew(node: Any) -> bool:
    """Whether something is set against itself, said to be in a closed list of parts without it (三公里的其他交通费用), left out of a whole
    as what is left of another, or added up over the units of one unit."""
    if isinstance(node, (q.Minus, q.Same)) and node.left == node.right and isinstance(node.left, Pick) and node.left.item is not None:
        return True
    if isinstance(node, q.Less) and any(isinstance(part, _REMAINDERS) for part in node.parts):
        return True
    if isinstance(node, q.Nth) and any(isinstance(one, q.Nth) for one in q.walk(node.series)):
        return True
    if isinstance(node, q.Nth) and isinstance(node.series, q.Named):
        bought = {pick.item.item in BOUGHT for pick in picks(node.series) if pick.item is not None}
        if len(bought) > 1:
            return True  # what is bought is in what it is spent on
    if isinstance(node, q.Each) and node.over == "units" and node.of.item is not None and node.of.item.affiliate is not None:
        return True
    item = node.item if isinstance(node, Pick) else None
    return item is not None and item.under in (THREE_PUBLIC, VEHICLES) and item.item not in (None, *PARTS_OF[item.under])


def _judges_a_question(understood: Understood, expression: Any) -> bool:
    """Whether a question for an amount became a verdict on one (12345热线花多少钱: nothing is claimed)."""
    if understood.verify or not isinstance(expression, q.TRUTHS):
        return False
    asking = tuple(word for word, does in cues().items() if "HOWMUCH" in does)
    clauses: list[list[Segment]] = [[]]
    for one in understood.segments:
        if one.is_mark and one.text != "、":
            clauses.append([])
        else:
            clauses[-1].append(one)
    return any(
        any(one.text.endswith(asking) or one.cues & _ASKS for one in clause)
        and any(one.quantity is not None or one.cues & _SET_AGAINST for one in clause)
        for clause in clauses
    )


def _passes_over_bodies(understood: Understood, expression: Any) -> bool:
    """Whether a kind of body that is named (派出所|修缮) did nothing: what its department spends is not what it spends."""
    said = [one for one in understood.segments if one.text != "的"]
    named = any(
        "UNITKIND" in one.cues and not (one.items or one.units or one.agencies) and bool(two.items) for one, two in pairwise(said)
    )
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


__all__ = ["is_unlikely"]
