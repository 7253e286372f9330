"""What was understood, as flat fields: they are sent with every answer, for scripts. Terms: docs/glossary.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from retrieval.question.expression import Item, Order
    from store.values import Kind

Operation = Literal[
    "lookup",  # one figure, or one figure for each of several named things
    "sum",  # named things added up
    "difference",  # by how much two things, years, kinds or agencies differ
    "share",  # a part of a whole, in percent; also the rate of execution (决算 ÷ 预算)
    "growth",  # a change against an earlier year, in percent
    "rank",  # the largest or smallest of many
    "list",  # all parts of something, or the members of a list in prose
    "count",  # a number of things: vehicles, offices, persons
    "define",  # what a term means
    "explain",  # why, what for, duties: answered from prose
    "verify",  # is a claim right
    "decline",  # not published, outside the subject, or not to be told from what is published
]

Over = Literal["items", "agencies", "years", "kinds"]
"""What a rank, comparison, difference or growth ranges over."""

Direction = Literal["increase", "decrease", "same"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked. Empty tuples and None mean: not said."""

    question: str  # as typed
    text: str  # folded: widths, numerals, blanks, slips; what the rules read
    operation: Operation
    agencies: tuple[str, ...] = ()  # agency_id
    years: tuple[int, ...] = ()  # ascending
    kind: Kind | None = None
    items: tuple[Item, ...] = ()
    over: Over | None = None
    order: Order | None = None
    unread: tuple[str, ...] = ()  # words of the question that nothing in this plan stands for


LEFT_TO_UNDERSTOOD: dict[str, object] = {
    **dict.fromkeys(("about_year", "base", "within", "unit", "limit", "direction", "reason", "named")),
    **dict.fromkeys(("wants_reason", "wants_change", "wants_place"), False),
    **{one: [] for one in ("without", "without_agencies", "conditions", "claims", "topics", "assumptions", "carried", "options", "extra")},
}
"""Keys that scripts of earlier versions may read: they stay in the JSON, empty; `understood.expression` says these things."""
