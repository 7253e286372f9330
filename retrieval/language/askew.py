"""Expressions that no question means, however well the words fit: a reading of that shape comes behind any other."""

from __future__ import annotations

from typing import Any

from retrieval.figures.parts import PARTS_OF, PORTION_OF, THREE_PUBLIC, VEHICLES
from retrieval.figures.things import BOUGHT, is_fund, is_total
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.numbers import counters


def is_askew(expression: Any) -> bool:
    """Whether anything in an expression is of such a shape."""
    return expression is not None and any(_is_askew(node) for node in q.walk(expression))


def _is_askew(node: Any) -> bool:
    """Whether something is set against itself, said to be in a closed list of parts without it (三公里的其他交通费用), added up over the
    units of one unit, listed by projects that are listed by no item, ranked with what it is spent on, or a total counted in vehicles."""
    match node:
        case q.Minus(left=left, right=right) | q.Same(left=left, right=right):
            return left == right and isinstance(left, Pick) and left.item is not None
        case q.Nth(series=q.Named() as series):  # what is bought is in what it is spent on
            return len({one.item.item in BOUGHT for one in picks(series) if one.item is not None}) > 1
        case q.Each(of=of, over="units"):
            return of.item is not None and of.item.affiliate is not None
        case q.Each(of=of, over="projects"):
            return is_no_scope(of.item)  # 修车那块，哪个项目最大
        case q.Holds(of=Pick(item=item), quantity=quantity):
            return (item is None or is_total(item)) and quantity.unit in counters()  # 有车43辆
        case Pick(item=q.Item(item=item, under=under)):
            return under in (THREE_PUBLIC, VEHICLES) and item not in (None, *PARTS_OF[under])
        case _:
            return False


def is_no_scope(item: q.Item | None) -> bool:
    """Whether projects are not listed by an item: it is no fund, total, portion, table, unit or project."""
    if item is None or item.item is None or item.item in PORTION_OF or is_total(item) or is_fund(item):
        return False
    return not (item.classification == "project" or item.table or item.affiliate or item.under)
