"""What is meant where a question says less than is asked: all spending, a section of the publication, how many there are."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from retrieval.answer.wording import say
from retrieval.figures.things import BODIES, SPENDING, is_total
from retrieval.language.segments import Understood
from retrieval.prose.likeness import prose_words
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.reply.sanity import is_whole

ALL = replace(SPENDING, said=say("assumed", "all_spending"))


def whole(expression: Any, understood: Understood) -> Any:
    """The expression of a question as it is evaluated."""
    return with_totals(_named_alone(_of_section(_number_of(expression, understood), understood)))


def with_totals(node: Any) -> Any:
    """The expression with all spending where an agency or a year alone is asked about."""
    match node:
        case q.Told() | q.Each() | q.Quote() | q.By():  # what is computed of each member says of what by the member
            return node
        case Pick(item=None):
            return replace(node, item=ALL)
        case Pick(item=q.Item() as item):
            whole_of = {"said": item.said, "affiliate": item.affiliate, "table": item.table, "fund": item.fund}
            return replace(node, item=replace(ALL, **whole_of)) if is_whole(item) else node
        case _:
            return replace(node, **{one.name: _filled(getattr(node, one.name)) for one in fields(node)})


def _filled(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_filled, value))
    return with_totals(value) if isinstance(value, q.NODES) else value


def _things_said(node: Any) -> set[Any]:
    """The things that an expression names: items, and words that are sought in the prose."""
    terms = {term for one in q.walk(node) if isinstance(one, q.Told) for term in one.terms}
    return {one.item for one in picks(node) if one.item is not None} | terms


def _of_section(expression: Any, understood: Understood) -> Any:
    """国有资产占用情况: where all that is named is a section of the publication, what it says is asked for, no total."""
    if not isinstance(expression, Pick) or expression.item is not None or any("HOWMUCH" in one.cues for one in understood.segments):
        return expression
    named = [one.text for one in understood.segments if one.is_filler and prose_words().found("topic", one.text) is not None]
    return q.Told("passage", expression, (max(named, key=len),)) if named else expression


def _named_alone(expression: Any) -> Any:
    """Of several parts those that name something: a total that nobody named is no answer beside them (材料里有上年的数，会议费多少)."""
    if not isinstance(expression, q.Both):
        return expression
    named = [one for one in expression.parts if _things_said(one) or isinstance(one, q.Told)]
    if len(named) == 1:
        return named[0]
    return q.Both(tuple(named)) if named else expression


def asked_again(expression: q.Both) -> bool:
    """Whether what the first of several parts names is named by the others too, or it names nothing whose reason could be told."""
    first, *others = expression.parts
    if isinstance(first, q.Told) and first.what == "reason" and first.about.item is None:
        return any(isinstance(one, q.Told) and one.what == "reason" and one.about.agency == first.about.agency for one in others)
    things = _things_said(first)
    return bool(things) and things <= {thing for one in others for thing in _things_said(one)}


def _number_of(expression: Any, understood: Understood) -> Any:
    """How many units there are, where that is asked of them (除了局机关，还有几家下属单位)."""
    asked = any(one.counter in BODIES and not one.is_filler for one in understood.segments)
    series = expression.whole if isinstance(expression, q.Less) else expression
    listed = isinstance(series, q.Each) and series.over == "units" and (series.of.item is None or is_total(series.of.item))
    return q.Count(expression) if asked and listed else expression
