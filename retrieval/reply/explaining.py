"""How a question was understood, for whoever reads the answer: the restatement, what each stretch of it did, the next readings; and as
flat fields, for scripts.

Sizes are bounded, whatever was asked: an answer is shown on a page and sent over the wire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import OtherReading, Span, Understanding
from retrieval.question import expression as q
from retrieval.question.as_words import as_words
from retrieval.question.expression import Pick, as_json, picks
from retrieval.question.plan import Operation, Over, Plan

if TYPE_CHECKING:
    from retrieval.language.segments import Segment, Understood

MOST_SPANS = 40
MOST_OTHERS = 3
LONGEST_WORDS = 400
LARGEST = 200  # nodes and fields of an expression that is still given: more comes of a pasted text
_DOES = (
    ("stranger", "stranger"), ("agency", "agencies"), ("unit", "units"), ("year", "period"), ("item", "items"), ("table", "table"),
    ("kind", "kind"), ("quantity", "quantity"), ("counter", "counter"), ("cue", "cues"), ("filler", "is_filler"),
)  # fmt: skip
"""What a stretch does, by the first of these fields that it has."""
_JOINED = frozenset(("filler", "unread", "word"))


def understanding(readings: Sequence[tuple[Understood, Any]], names: Mapping[str, str]) -> Understanding | None:
    """How the first of `readings` (each with its whole expression) was understood, and which come next; None where there is none.

    `names` gives an agency's name by its id.
    """
    if not readings:
        return None
    (best, expression), *later = readings
    given = as_json(expression) if expression is not None else None
    others: dict[str, OtherReading] = {}
    beside = [(one.cost, one.rules, one.expression) for one in best.others]
    for cost, rules, other in sorted((*beside, *((one.cost, one.rules, other) for one, other in later)), key=lambda one: one[0]):
        words = as_words(other, names)[:LONGEST_WORDS]
        if words and other != expression:
            others.setdefault(words, OtherReading(words, round(cost, 2), rules))
    told = as_words(expression, names)
    others.pop(told, None)
    return Understanding(
        told[:LONGEST_WORDS],
        given if _size(given) <= LARGEST else None,
        round(best.cost, 2),
        best.rules,
        spans(best, names),
        tuple(dict.fromkeys(one.text for one in best.unread)),
        tuple(others.values())[:MOST_OTHERS],
    )


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 1


def spans(understood: Understood, names: Mapping[str, str]) -> tuple[Span, ...]:
    """What each stretch of the question did, in order; neighbours that did nothing are one."""
    out: list[Span] = []
    for one in understood.segments:
        if one.is_mark or not one.text.strip():
            continue
        if len(out) > MOST_SPANS:
            break
        does, means = _done(one, understood, names)
        last = out[-1] if out else None
        if last is not None and does in _JOINED and last.does == does and last.end == one.start:
            out[-1] = Span(last.start, one.end, last.text + one.text, does)
        else:
            out.append(Span(one.start, one.end, one.text, does, means))
    return tuple(out[:MOST_SPANS])


def _done(one: Segment, understood: Understood, names: Mapping[str, str]) -> tuple[str, str]:
    """What a stretch did, and what it was taken for."""
    does, meant = next(((does, value) for does, field in _DOES if (value := getattr(one, field)) or value == ""), ("word", None))
    match does:
        case "agency":
            means = names.get(one.agencies[0], one.agencies[0]) if len(one.agencies) == 1 else ""
        case "unit":
            means = one.units[0][1]
        case "item":
            means = one.items[0].item or one.items[0].affiliate or one.items[0].code or ""
        case "table" | "kind" | "counter":
            means = str(meant)
        case "quantity" if one.quantity is not None:
            means = f"{one.quantity.number:f}{one.quantity.unit}"
        case "cue":
            means = " ".join(sorted(one.cues))
        case _:
            means = ""
    if one in understood.unread:
        return "unread", means
    return ("ignored", means) if one in understood.ignored else (does, means)


_OPERATIONS: dict[type[Any], Operation] = {
    q.Sum: "sum", q.Minus: "difference", q.Less: "difference", q.Ratio: "share", q.Change: "growth", q.Mean: "sum", q.Each: "list",
    q.By: "rank", q.Where: "list", q.Top: "rank", q.Nth: "rank", q.Place: "rank", q.Count: "count", q.Quote: "explain",
    **dict.fromkeys(q.TRUTHS, "verify"),
}  # fmt: skip
_TOLD: dict[str, Operation] = {"definition": "define", "number": "count", "units": "list", "offices": "list"}
_OVER: dict[str, Over] = {"agencies": "agencies", "units": "agencies", "years": "years", "kinds": "kinds"}


def plan_of(question: str, understood: Understood, expression: Any) -> Plan:
    """The flat fields that scripts rely on, from the expression."""
    if expression is None:
        return Plan(question, understood.text, "decline")
    is_told, found, nodes = isinstance(expression, q.Told), picks(expression), list(q.walk(expression))
    return Plan(
        question,
        understood.text,
        _TOLD.get(expression.what, "explain") if is_told else _OPERATIONS.get(type(expression), "lookup"),
        agencies=tuple(dict.fromkeys(one.agency for one in found if one.agency)),
        years=tuple(sorted({one.year for one in found if one.year})),
        kind=next((one.kind for one in found if one.kind), None),
        items=tuple(dict.fromkeys(one.item for one in found if one.item is not None)),
        over=_over_of(expression, nodes, found),
        order=next((one.order for one in nodes if isinstance(one, (q.Nth, q.Top))), None),
        unread=tuple(one.text for one in understood.unread),
    )


def _over_of(expression: Any, nodes: Sequence[Any], found: Sequence[Pick]) -> Over | None:
    """What a rank, comparison or change ranges over."""
    each = next((one.over for one in nodes if isinstance(one, q.Each)), None)
    if each is not None:
        return _OVER.get(each, "items")
    if len({one.agency for one in found}) > 1 and not isinstance(expression, (q.Change, q.Turned)):
        return "agencies"
    if isinstance(expression, (q.Change, q.Turned)) or len({(one.year, one.earlier) for one in found}) > 1:
        return "years"
    return "items" if isinstance(expression, (q.Nth, q.Top)) else None
