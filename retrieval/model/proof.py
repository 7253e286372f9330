"""Whether a clause in a model's words says what a composed answer says, and nothing else.

The composed answer is read as facts, part by part: its numbers with unit and sign, and its other words in order; with them the
agencies, years, kind and things that it names, or that the parts before it named. A part of a model's text must be one of
these facts: the same numbers and words in the same order, of the same agency, year, kind and thing. It may leave out what is
the same for all facts, move what names agency, year and kind, and add words that say nothing (phrasing_words.csv). So a
direction, a negation, a hedge, another unit, a numeral in Chinese or a remark is a difference like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from retrieval.answer import Answer
from retrieval.planner import Planner
from retrieval.reading import HAN, bare, fold
from store.money import MONEY_UNITS
from store.vocabulary import read_rows

Measured = tuple[str, Decimal]  # (unit, number)

MOST_PARTS = 80  # of a composed answer: a longer one is not phrased
_UNITS = "|".join(sorted((*MONEY_UNITS, "个百分点", "百分点", "%", "倍"), key=len, reverse=True))
_MEASURED = re.compile(rf"(?<![\d.])([+-]?)(\d+(?:\.\d+)?) ?({_UNITS})(?![{HAN}]?元)")
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?:年度|年)")
_KIND = re.compile("预算|决算")
_READABLE = re.compile(rf"[{HAN}〇0-9A-Za-z.,%％，、。；：（）()“”《》·+÷×＋\- \n]*")
"""Characters that a clause may be made of: no markup, no link, nothing invisible, nothing that turns the writing around."""

_SILENT = re.compile(r"[\s，、。；：（）()“”\"《》·]")
_BRACKET = re.compile(rf"（([^（）]*\d ?(?:{_UNITS})[^（）]*)）")
_END = re.compile(rf"[，；：。！？\n]+|(?<=[元%点倍])(?:、| [+÷×-] )|(?<=\d)[、](?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text between two marks, as far as it says anything."""

    agencies: frozenset[str]
    years: frozenset[str]
    kinds: frozenset[str]
    things: tuple[str, ...]  # names of things in order, bared
    numbers: tuple[Measured, ...]
    words: tuple[str, ...]  # things, numbers and all other words that are not silent, in order
    rest: tuple[str, ...]  # the same without the things

    @property
    def says_nothing(self) -> bool:
        """Whether it only leads up to something: agency, year and kind at most."""
        return not self.words

    def after(self, before: Part | None) -> Part:
        """The part with what it leaves unsaid taken over from the one before it."""
        if before is None:
            return self
        return replace(
            self, agencies=self.agencies or before.agencies, years=self.years or before.years, kinds=self.kinds or before.kinds,
            things=self.things or before.things)


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of the composed answer with what it takes over; `own` is whether it names its things itself."""

    part: Part
    own: bool
    needed: bool  # False for what stands in brackets: how the answer comes about


@dataclass(frozen=True, slots=True)
class Proof:
    """The facts of a composed answer, and how text is read."""

    facts: tuple[Fact, ...]
    known: str  # the composed answer, bared
    planner: Planner

    @classmethod
    def of(cls, answer: Answer, planner: Planner) -> Proof:
        """From an answer that the rules composed."""
        facts: list[Fact] = []
        known = bare(answer.text)
        before: Part | None = None
        for text, is_aside in _parts(answer.text):
            own = _read(text, planner, known)
            if own is not None:
                before = own.after(before)
                facts.append(Fact(before, bool(own.things), not is_aside and bool(own.rest)))
        return cls(tuple(facts[:MOST_PARTS]), known, planner)

    @property
    def needed(self) -> frozenset[int]:
        """The facts that a text must hold to be the whole answer, by their places."""
        return frozenset(place for place, fact in enumerate(self.facts) if fact.needed)

    def read(self, clause: str) -> list[Part] | None:
        """A clause's own parts; None where it holds characters that a plain sentence does not."""
        if not _READABLE.fullmatch(clause):
            return None
        read = [_read(text, self.planner, self.known) for text, _ in _parts(clause)]
        return [part for part in read if part is not None]

    def bearing_out(self, own: Part, whole: Part) -> int | None:
        """The place of the fact that bears a part out: `own` is what it says, `whole` with what it takes over. None: there is none."""
        for place, fact in enumerate(self.facts):
            if self._same(fact, own, whole):
                return place
        return None

    def leads_up(self, part: Part) -> bool:
        """Whether a part says nothing by itself, and of no agency, year or kind that the answer is not about."""
        return part.says_nothing and all(
            getattr(part, name) <= frozenset(one for fact in self.facts for one in getattr(fact.part, name))
            for name in ("agencies", "years", "kinds"))

    def is_name(self, part: Part) -> bool:
        """Whether a part only names a thing that the answer is about: it may lead up to what is said of it."""
        return not part.rest and any(part.things == fact.part.things for fact in self.facts) and self.leads_up(replace(part, words=()))

    def _same(self, fact: Fact, own: Part, whole: Part) -> bool:
        if own.numbers != fact.part.numbers or own.says_nothing:
            return False
        same_words = own.words == fact.part.words if own.things and fact.own else own.rest == fact.part.rest
        return same_words and all(self._agrees(name, fact, whole) for name in ("agencies", "years", "kinds", "things"))

    def _agrees(self, name: str, fact: Fact, whole: Part) -> bool:
        """Whether both are of the same agency, year, kind or thing; left out, it must be the same for all facts."""
        said, meant = getattr(whole, name), getattr(fact.part, name)
        return said == meant or (not said and len({getattr(one.part, name) for one in self.facts if one.part.numbers}) == 1)


@cache
def _silent_words() -> re.Pattern[str]:
    """Words that say nothing of a figure, the longest first: data/vocabulary/phrasing_words.csv."""
    words = sorted((row["word"] for row in read_rows("phrasing_words.csv", ("word", "source"), key=("word",))), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text, brackets with a figure in them as parts of their own, and whether each stands in brackets."""
    at = 0
    for aside in _BRACKET.finditer(text.replace("(", "（").replace(")", "）")):
        yield from ((part, False) for part in _END.split(text[at : aside.start()]) if part.strip())
        yield from ((part, True) for part in _END.split(aside[1]) if part.strip())
        at = aside.end()
    yield from ((part, False) for part in _END.split(text[at:]) if part.strip())


def _read(text: str, planner: Planner, known: str) -> Part | None:
    """One part; None where nothing is left of it."""
    folded = fold(text)
    spans: list[tuple[int, int, str, str]] = []  # (start, end, what, content)

    def add(start: int, end: int, what: str, content: str) -> None:
        if all(end <= a or start >= b for a, b, _, _ in spans):
            spans.append((start, end, what, content))

    for match in _MEASURED.finditer(folded):
        add(*match.span(), "number", match[0])
    for match in _YEAR.finditer(folded):
        add(*match.span(), "year", match[1])
    for mention in planner.directory.find(folded).found:
        if bare(folded[mention.start : mention.end]) in known:  # a looser fit might swallow a word
            add(mention.start, mention.end, "agency", ",".join(mention.agency_ids))
    for one in planner.lexicon.find(folded):
        add(one.start, one.end, "thing", bare(folded[one.start : one.end]))
    for match in _KIND.finditer(folded):
        add(*match.span(), "kind", match[0])
    if not folded:
        return None
    return _part(folded, sorted(spans))


def _part(folded: str, spans: Sequence[tuple[int, int, str, str]]) -> Part:
    words: list[tuple[str, str]] = []
    numbers: list[Measured] = []
    at = 0
    several = {what for what in ("agency", "year", "kind") if len({content for _, _, kind, content in spans if kind == what}) > 1}
    for start, end, what, content in [*spans, (len(folded), len(folded), "end", "")]:
        words += [("word", word) for word in (_silent_words().sub("", _SILENT.sub("", folded[at:start])),) if word]
        at = end
        if what == "number":
            numbers.append(_measured(content))
            words.append((what, f"{numbers[-1][1]:f} {numbers[-1][0]}"))
        elif what == "thing" or what in several:  # A比B, 2023年比2024年: which comes first tells
            words.append((what, content))

    def named(wanted: str) -> frozenset[str]:
        return frozenset(content for _, _, what, content in spans if what == wanted)

    return Part(
        named("agency"), named("year"), named("kind"), tuple(text for what, text in words if what == "thing"), tuple(numbers),
        _joined(words), _joined([one for one in words if one[0] != "thing"]))


def _joined(words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The words in order, neighbours that are no number or thing joined: what was moved from between them leaves no trace."""
    found: list[str] = []
    joins = False
    for what, text in words:
        if what == "word" and joins:
            found[-1] += text
        else:
            found.append(text)
        joins = what == "word"
    return tuple(found)


def _measured(text: str) -> Measured:
    match = _MEASURED.fullmatch(text)
    assert match is not None, text
    return match[3].removeprefix("个"), Decimal(match[1] + match[2]).normalize()


def worth(measured: Measured) -> Measured:
    """Money in 元, so that a figure is known again in another unit; all else as it is."""
    unit, number = measured
    return ("元", (number * MONEY_UNITS[unit]).normalize()) if unit in MONEY_UNITS else measured


def measured_in(text: str) -> set[Measured]:
    """The numbers with units in a text."""
    return {_measured(match[0]) for match in _MEASURED.finditer(fold(text))}
