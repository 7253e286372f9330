"""Expressions that no question means, however well the words fit: a reading of that shape comes behind any other."""

from __future__ import annotations

from typing import Any

from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC, VEHICLES
from retrieval.language.lattice import BOUGHT
from retrieval.language.phrases import PORTION_OF, is_fund, is_total
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.numbers import counters

_REMAINDERS = (q.Minus, q.Less, q.Change, q.Ratio)


def is_askew(expression: Any) -> bool:
    """Whether anything in an expression is of such a shape."""
    return expression is not None and any(_is_askew(node) for node in q.walk(expression))


def _is_askew(node: Any) -> bool:
    """Whether something is set against itself, said to be in a closed list of parts without it (三公里的其他交通费用), left out of a whole
    as what is left of another, added up over the units of one unit, or listed by projects that are listed by no item."""
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
    if isinstance(node, q.Each) and node.over == "projects" and is_no_scope(node.of.item):
        return True  # 修车那块，哪个项目最大
    if isinstance(node, q.Holds) and isinstance(node.of, Pick) and (node.of.item is None or is_total(node.of.item)):
        return node.quantity.unit in counters()  # 有车43辆: no total is counted in vehicles
    item = node.item if isinstance(node, Pick) else None
    return item is not None and item.under in (THREE_PUBLIC, VEHICLES) and item.item not in (None, *PARTS_OF[item.under])


def is_no_scope(item: q.Item | None) -> bool:
    """Whether projects are not listed by an item: it is no fund, total, portion, table, unit or project."""
    if item is None or item.item is None or item.item in PORTION_OF or is_total(item) or is_fund(item):
        return False
    return not (item.classification == "project" or item.table or item.affiliate or item.under)


__all__ = ["is_askew", "is_no_scope"]
