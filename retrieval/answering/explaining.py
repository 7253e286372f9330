"""How a question was understood, for whoever reads the answer: the restatement, what each stretch of it did, and the next readings.

Sizes are bounded, whatever was asked: an answer is shown on a page and sent over the wire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import OtherReading, Span, Understanding
from retrieval.question.as_json import as_json
from retrieval.question.as_words import as_words

if TYPE_CHECKING:
    from retrieval.language.lattice import Segment
    from retrieval.language.reader import Understood

MOST_SPANS = 40
MOST_OTHERS = 3
LONGEST_WORDS = 400
LARGEST = 200  # nodes and fields of an expression that is still given: more comes of a pasted text
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
    means = ""
    if one.stranger:
        does = "stranger"
    elif one.agencies:
        does, means = "agency", names.get(one.agencies[0], one.agencies[0]) if len(one.agencies) == 1 else ""
    elif one.units:
        does, means = "unit", one.units[0][1]
    elif one.period is not None:
        does = "year"
    elif one.items:
        does, means = "item", one.items[0].item or one.items[0].affiliate or one.items[0].code or ""
    elif one.table is not None:
        does, means = "table", one.table
    elif one.kind is not None:
        does, means = "kind", one.kind
    elif one.quantity is not None:
        does, means = "quantity", f"{one.quantity.number:f}{one.quantity.unit}"
    elif one.counter is not None:
        does, means = "counter", one.counter
    elif one.cues:
        does, means = "cue", " ".join(sorted(one.cues))
    elif one.is_filler:
        does = "filler"
    else:
        does = "word"
    if one in understood.unread:
        return "unread", means
    return ("ignored", means) if one in understood.ignored else (does, means)


__all__ = ["understanding"]
