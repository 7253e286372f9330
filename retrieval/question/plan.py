"""The typed question: everything after it is shared, whoever made it (the rules here, or a model).

A plan holds what was asked, never what was found: it is made from the question, the dialog and the lexicon of the open
snapshot, and reads no document text. Terms: docs/glossary.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from retrieval.question.expression import Item
from store.values import Kind

Operation = Literal[
    "lookup",  # one figure, or one figure for each of several named things
    "sum",  # named things added up
    "difference",  # by how much two things, years, kinds or agencies differ
    "share",  # a part of a whole, in percent; also the rate of execution (决算 ÷ 预算)
    "growth",  # a change against an earlier year, in percent
    "trend",  # one thing over several years
    "rank",  # the largest or smallest of many
    "compare",  # which of named things is larger
    "list",  # all parts of something, or the members of a list in prose
    "count",  # a number of things: vehicles, offices, persons
    "define",  # what a term means
    "explain",  # why, what for, duties: answered from prose
    "verify",  # is a claim right
    "clarify",  # readings differ too much: ask back
    "decline",  # not published, outside the subject, or not to be told from what is published
]

Over = Literal["items", "agencies", "years", "kinds"]
"""What a rank, comparison, difference or growth ranges over."""

Reason = Literal[
    "empty",  # nothing was asked
    "not_a_question",  # symbols, SQL, markup, commands
    "greeting",  # 你好
    "off_subject",  # weather, poems, other languages' small talk
    "personal",  # one person's pay
    "part_of_year",  # a month or a quarter
    "no_divisor",  # per head, but no headcount is published
    "unknown_agency",
    "unknown_year",
    "unknown_kind",
    "unknown_item",
    "unknown_part",  # what is to be left out is not published by itself
    "which_agency",  # clarify
    "which_item",  # clarify
    "which_disclosure",  # clarify
    "not_understood",
]

Direction = Literal["increase", "decrease", "same"]


Asked = Item


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound on the amounts of a list: `than` in 元."""

    relation: Literal["more", "at_least", "less", "at_most", "not_zero", "zero"]
    than: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the asker says is so."""

    about: int  # index in Plan.items; -1: what it is about was not recognised
    number: Decimal | None  # as said, in `unit`; None: a claim of being or not being (买了新公务车)
    unit: str  # "万元", "元", "%", "辆" …; "" for a claim without a number
    what: Literal["value", "change", "rate", "share", "exists", "absent", "equal"] = "value"  # equal: the last item is the others together
    direction: Direction | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked. Empty tuples and None mean: not said, and nothing was assumed."""

    question: str  # as typed
    text: str  # folded: widths, numerals, blanks, slips; what the rules read
    operation: Operation
    agencies: tuple[str, ...] = ()  # agency_id
    years: tuple[int, ...] = ()  # years of disclosures asked about, ascending
    about_year: int | None = None  # the figure's own year, where another than the disclosure's was named (2023年执行数)
    kind: Kind | None = None
    items: tuple[Asked, ...] = ()
    base: Asked | None = None  # the whole of a share
    within: Asked | None = None  # the parent whose parts are listed or ranked
    over: Over | None = None
    without: tuple[Asked, ...] = ()  # parts to be left out (不含公务接待费)
    without_agencies: tuple[str, ...] = ()  # units to be left out (不算实验中学)
    unit: str | None = None  # unit that the answer is wanted in
    order: Literal["most", "least"] | None = None
    limit: int | None = None
    conditions: tuple[Condition, ...] = ()
    claims: tuple[Claim, ...] = ()
    direction: Direction | None = None  # as asked: 增加了多少, 下降百分之几
    wants_reason: bool = False  # the figure and why (减少多少，为什么)
    wants_change: bool = False  # the figure and how it changed (多少钱，比去年少了多少)
    wants_place: bool = False  # which place it takes among the others (排第几)
    unread: tuple[str, ...] = ()  # words of the question that nothing in this plan stands for: an answer must account for them
    topics: tuple[str, ...] = ()  # content words for the search in prose
    assumptions: tuple[str, ...] = ()  # Chinese, a few words each: "未指明年份，按最新的2024年"
    carried: tuple[str, ...] = ()  # what was taken over from the dialog: "agency", "year", "item" …
    reason: Reason | None = None  # of clarify and decline
    options: tuple[str, ...] = ()  # questions offered with clarify
    named: str | None = None  # what was named but is not here: an agency, a year, an item
    extra: tuple[tuple[str, str], ...] = field(default=())  # further facts for wording, by placeholder
