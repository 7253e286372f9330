"""Readings that no figure is put forward for, however well they read: improbable wholes, and words that did less than they say."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from retrieval.language.askew import is_askew
from retrieval.language.lattice import Segment
from retrieval.language.reader import Understood
from retrieval.question import expression as q
from retrieval.question.expression import picks
from retrieval.words.cues import cues, load
from retrieval.words.numbers import counters

_SET_AGAINST = frozenset(("THAN", "MORE", "FEWER", "EQUAL"))


def is_unlikely(understood: Understood, expression: Any) -> bool:
    """Whether what was read is hardly what was asked."""
    return (
        is_askew(expression)
        or _judges_a_question(understood, expression)
        or _passes_over_bodies(understood, expression)
        or _is_of_one(understood, expression)
        or re.search(load("refusals.toml")["mine"]["asks"], understood.text) is not None
    )


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
        any(one.text.endswith(asking) for one in clause) and any(one.quantity is not None or one.cues & _SET_AGAINST for one in clause)
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


def _is_of_one(understood: Understood, expression: Any) -> bool:
    """Whether it is asked what one of several costs (一台公务车一年花多少): what all of them cost is no answer."""
    ones = [one for one in understood.segments if one.quantity is not None and one.quantity.number == 1 and one.quantity.unit in counters()]
    return bool(ones) and not any(isinstance(node, (*q.TRUTHS, q.Told, q.Where, q.Top)) for node in q.walk(expression))


__all__ = ["is_unlikely"]
