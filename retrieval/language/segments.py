"""What the steps of reading hand on: a stretch of the question with all that it may mean, a reading of some of them, a question read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrieval.figures.parts import GOAL_TOTALS
from retrieval.question.expression import Item
from retrieval.words.folding import is_han
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms, sounds
from retrieval.words.pinyin import syllable
from store.vocabulary import vocabulary

if TYPE_CHECKING:
    from retrieval.figures.things import Label, Match
    from retrieval.names.bodies import Whose
    from retrieval.question.expression import Expression, Quantity
    from retrieval.words.lexicon import Term
    from store.values import Kind

SURE = 0.95  # likeness from which a name is as good as said
LOOSELY = frozenset(("described", "short", "words"))
"""How a name was linked that was not said as it is printed."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time: a year, or years before the latest; several where a range is said."""

    years: tuple[int, ...] = ()
    earlier: int | None = None
    recent: int | None = None  # the last so many


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the question with all that it may mean. None and () mean: not that."""

    start: int
    end: int
    text: str
    weight: float
    agencies: tuple[str, ...] = ()
    period: Period | None = None
    kind: Kind | None = None
    quantity: Quantity | None = None
    items: tuple[Item, ...] = ()  # best first
    term: Term | None = None
    table: str | None = None
    counter: str | None = None  # 几辆: what is counted by
    unit: str | None = None  # 用元表示: what the answer is wanted in
    units: tuple[tuple[str, str], ...] = ()  # budget units: (agency_id that prints it, bare row label)
    is_place: bool = False  # only a place is named: the agencies are all that are there
    is_each: bool = False  # each of its agencies or units is meant
    cues: frozenset[str] = frozenset()
    is_filler: bool = False
    is_mark: bool = False
    is_light: bool = False  # unread, but no content
    stranger: bool = False  # looks like an agency that is not here
    how: str = "exact"
    quality: float = 1.0

    @property
    def is_unread(self) -> bool:
        """Whether nothing known explains it."""
        names = self.agencies or self.units or self.items or self.table or self.period or self.kind or self.quantity
        return not (names or self.unit or self.counter is not None or self.cues or self.is_filler or self.is_mark)


def item_of_term(term: Term) -> Item:
    """What a general term asks for, by itself."""
    if term.kind == "several":
        name = next(known.word for known in general_terms().values() if known.names == term.names)
        return Item(term.word, name, (name,), parts=tuple(Item(part, part, (part,)) for part in term.names))
    flow = "income" if term.kind == "fund" else term.flow if term.kind == "total" else None
    fund, counter = term.fund if term.kind == "fund" else None, "" if term.kind == "count" else None
    return Item(term.word, term.names[0] if term.names else None, term.names, term.code, flow, fund, counter=counter)


def item_of_label(label: Label, said: str, kinds: tuple[str, ...] | None = None) -> Item:
    """What a printed label asks for; of a project in `kinds` of rows, all of them."""
    if label.kind == "affiliate":
        return Item(said, affiliate=label.text)
    if label.table is not None:
        return Item(said, label.item, GOAL_TOTALS, table=label.table)
    entry = vocabulary().item_by_variant.get(label.item)
    if entry is not None and entry.classification == "source" and entry.fund is not None:
        return Item(said, label.item, (label.item,), flow="income", fund=entry.fund)
    kind = "project" if label.kind == "project" else None
    names = kinds or (label.item,)
    return Item(said, names[0], names, classification=kind, under=label.under, counter=label.counter)


def linked(segment: Segment, matches: Sequence[Match]) -> Segment:
    """An unread stretch with the labels that it may mean."""
    best = matches[0].score
    found = (item_of_label(match.label, segment.text) for match in matches if match.score >= best - 0.02)
    items = tuple(sorted(found, key=lambda item: item.item in load("names.toml")["cars"]["bought"]))  # 车辆: those that there are
    return replace(segment, items=items, how=matches[0].how, quality=best)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reading of some segments: what they mean, at what cost, and what of them had no effect."""

    expression: Expression | None
    cost: float
    unread: tuple[Segment, ...] = ()
    ignored: tuple[Segment, ...] = ()  # cues without effect
    rules: tuple[str, ...] = ()
    refers: bool = False  # a pointing word stands for what was told before
    lists: bool = False  # several things named
    asks: bool = False  # it asks in so many words
    is_bare: bool = False  # it names nothing: neither whose nor when nor what


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood."""

    text: str
    expression: Any
    cost: float
    segments: tuple[Segment, ...]
    unread: tuple[Segment, ...] = ()
    ignored: tuple[Segment, ...] = ()
    rules: tuple[str, ...] = ()
    verify: bool = False
    whose: tuple[Whose, ...] = ()
    strange: tuple[str, ...] = ()
    near: tuple[tuple[str, tuple[Match, ...]], ...] = ()  # unread stretches with the labels nearest to them
    others: tuple[Parsed, ...] = ()  # next readings
    unit: str | None = None  # that the answer is wanted in
    reasons: tuple[str, ...] = ()  # what a claim says of why and what for, which no figure can prove

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Agencies that fit what was said equally well, where they are several."""
        several = [one for one in self.whose if not one.is_each and len({body.agency_ids for body in one.bodies}) > 1]
        return tuple(dict.fromkeys(body.agency_ids[0] for one in several for body in one.bodies))


def clauses_of(path: Sequence[Segment]) -> list[tuple[int, int]]:
    """From where to where the clauses go: between marks other than those of lists and quotes."""
    edges = [at for at, one in enumerate(path) if one.is_mark and one.text in "，。？！；：（）—-"]
    starts = [0, *(at + 1 for at in edges)]
    return [(start, end) for start, end in zip(starts, [*edges, len(path)], strict=True) if start < end]


def heard(said: str) -> Item | None:
    """The general term that a stretch sounds like (工积金, 总预祘), or is written like but for one character of four or more."""
    if len(said) < 3 or not all(map(is_han, said)) or said[1:] in general_terms():  # 决算里|退休费 is no 离退休费
        return None
    term = sounds().get(tuple(syllable(c) for c in said))
    return item_of_term(term) if term is not None else None
