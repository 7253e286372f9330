"""What the question's own words settle, so that a model can't change it.

Agencies, years and kind are those that the rules read; things asked about are those whose words stand in the question. A
model may arrange them and say what is done with them. What it adds is not believed: at most it is offered as a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.lexicon import Found, Lexicon, Words, question_words
from retrieval.operands import asked_of, operands
from retrieval.periods import find_periods
from retrieval.plan import Asked, Plan
from retrieval.planner import Planner
from retrieval.reading import HAN, bare, fold
from store.values import Kind
from store.vocabulary import read_rows

MEANS_SOMETHING = 2  # characters: a run as long as this may be a thing that nobody has read
_BOTH_KINDS = re.compile(r"预算.*决算|决算.*预算")

BORNE_OUT: Mapping[str, frozenset[str]] = {
    "sum": frozenset(("sum",)),
    "average": frozenset(("average",)),
    "difference": frozenset(("difference", "compare", "growth")),
    "share": frozenset(("share", "ratio")),
    "ratio": frozenset(("share", "ratio")),
    "most": frozenset(("rank", "compare", "most", "list")),
    "least": frozenset(("rank", "compare", "least", "list")),
    "count": frozenset(("count", "list", "lookup")),
}
"""What may be done where the question holds a word of that meaning (grounding_words.csv)."""

ALSO_SAID: Mapping[str, frozenset[str]] = {
    "difference": BORNE_OUT["difference"],
    "prior": BORNE_OUT["difference"],
    "percent": frozenset(("share", "ratio", "growth")),
    "share": BORNE_OUT["share"],
    "sum": BORNE_OUT["sum"],
    "rank_most": BORNE_OUT["most"],
    "rank_least": BORNE_OUT["least"],
    "trend": frozenset(("trend", "list")),
    "per_head": frozenset(),
    "explain": frozenset(("explain",)),
    "verify": frozenset(),
}
"""The same for words of question_words.csv."""


@cache
def grounding_words() -> Words:
    """Words that bear out what a model makes of a question: data/vocabulary/grounding_words.csv."""
    found: dict[str, list[str]] = {}
    for row in read_rows("grounding_words.csv", ("word", "says", "source"), key=("word", "says")):
        found.setdefault(row["says"], []).append(row["word"])
    return Words({meaning: tuple(sorted(words, key=lambda w: (-len(w), w))) for meaning, words in found.items()})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a question settles by its words."""

    text: str  # folded
    agencies: frozenset[str]  # agency_id; none named: empty
    years: frozenset[int]
    kind: Kind | None
    names: frozenset[str]  # canonical names of every term that stands in the question
    things: tuple[Asked, ...]  # as the rules read them, modifiers joined to what they modify
    terms: tuple[Asked, ...]  # each by itself
    any_agency: bool  # 三家, 各单位
    any_year: bool  # 哪些年份, 那年: years, none of them named
    any_kind: bool  # 预算和决算
    any_row: bool  # 哪些科目, 几个项目
    unread: tuple[str, ...]  # runs of the question that neither rules nor grounding words account for

    @classmethod
    def of(cls, plan: Plan, planner: Planner) -> Grounds:
        """From the rules' own plan of the question, which holds what the dialog adds."""
        words, text = grounding_words(), plan.text
        masked = text
        for mention in planner.directory.find(text).found:
            masked = masked[: mention.start] + "□" * (mention.end - mention.start) + masked[mention.end :]
        found = planner.lexicon.find(masked)
        periods = find_periods(masked)
        without = masked
        for start, end in periods.spans:
            without = without[:start] + "□" * (end - start) + without[end:]
        years = frozenset(plan.years) | (frozenset((plan.about_year,)) if plan.about_year else frozenset[int]())
        carried = plan.items if "item" in plan.carried else ()
        things = operands(masked, found) or carried
        return cls(
            text, frozenset(plan.agencies), years, plan.kind,
            frozenset(name for one in found for name in one.term.names) | frozenset(n for asked in carried for n in asked.names),
            things, (*things, *(asked_of(one.term) for one in found)),
            any_agency=bool(words.says("all_agencies", masked)) and not plan.agencies,
            any_year=not years and "年" in without,
            any_kind=plan.kind is None and bool(_BOTH_KINDS.search(masked)),
            any_row=bool(words.says("any_row", masked)), unread=_unread(without, found))

    def item(self, said: str, name: str, lexicon: Lexicon) -> Asked | None:
        """The thing that a model names, if the question's own words bear it out; None if they don't."""
        folded = bare(fold(said))
        if not folded or folded not in bare(self.text):
            return None
        asked = self.known(name, lexicon)
        own = [thing for thing in self.terms if bare(thing.said) == folded or (asked is not None and thing.item == asked.item)]
        if own:
            return own[0]
        if asked is None or not (set(asked.names) & self.names or bare(fold(name)) in bare(self.text)):
            return None
        return asked

    def known(self, name: str, lexicon: Lexicon) -> Asked | None:
        """The thing of that name, whether or not the question bears it out."""
        terms = [one.term for one in lexicon.find(fold(name)) if bare(one.term.word) == bare(fold(name))]
        return asked_of(terms[0]) if terms else None

    def left_out(self, named: Iterable[Asked]) -> tuple[str, ...]:
        """The things that stand in the question and are not among `named`."""
        taken = {name for asked in named for name in asked.names}
        return tuple(asked.said for asked in self.things if asked.item is not None and not taken & set(asked.names))

    def against(self, done: str) -> str | None:
        """The word of the question that speaks against doing `done` (an operation, or what is computed); None if none does."""
        words = grounding_words()
        for meaning in ("unanswerable", "not_a_figure"):
            if (word := words.says(meaning, self.text)) is not None:
                return word
        said = [
            (word, fitting) for source, meanings in ((words, BORNE_OUT), (question_words(), ALSO_SAID))
            for meaning, fitting in meanings.items() if (word := source.says(meaning, self.text)) is not None]
        return None if not said or any(done in fitting for _, fitting in said) else said[0][0]


def _unread(text: str, found: Iterable[Found]) -> tuple[str, ...]:
    """Runs of MEANS_SOMETHING characters and more that are no agency, year, term, or word of how one asks."""
    left = text
    for one in found:
        left = left[: one.start] + "□" * (one.end - one.start) + left[one.end :]
    for word in _ways_of_asking():
        left = left.replace(word, "□")
    return tuple(run for run in re.findall(rf"[{HAN}]+", left) if len(run) >= MEANS_SOMETHING)


@cache
def _ways_of_asking() -> tuple[str, ...]:
    """All words of question_words.csv and grounding_words.csv, the longest first."""
    words = {word for source in (question_words(), grounding_words()) for group in source.by_meaning.values() for word in group}
    return tuple(sorted(words | {"预算", "决算"}, key=lambda word: (-len(word), word)))


DONE_WITHOUT_WORDS = frozenset(("lookup", "list", "define", "explain"))


def borne_out(grounds: Grounds, done: str) -> bool:
    """Whether the question asks for `done` by a word of it, or by its years; looking up and listing need no word."""
    if done in DONE_WITHOUT_WORDS:
        return True
    asked, said = question_words(), grounding_words()
    if done == "trend":
        return grounds.any_year or len(grounds.years) > 1
    if done in ("growth", "difference") and any(asked.says(meaning, grounds.text) for meaning in ("prior", "difference")):
        return True
    if done == "compare" and asked.says("compare", grounds.text):
        return True
    return any(said.says(meaning, grounds.text) for meaning, fitting in BORNE_OUT.items() if done in fitting )
