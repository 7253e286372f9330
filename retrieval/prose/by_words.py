"""The sentence or form line that a question's own words point at, where no printed name was linked for them.

Takes passages and words; every word weighs as much as it is rare in the disclosure, and may stand as one of its synonyms, in the
line itself or, for less, around it (its heading, the project whose form it is, the opening of its sentence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from retrieval.prose.likeness import forms_of, holds, printed
from retrieval.prose.passages import GOALS, Prose, Span, clauses, plain_text
from retrieval.words.forms import content_words
from retrieval.words.grammar import load
from store.numerals import NUMERALS

AROUND = 0.8  # of a word that stands not in the line but around it
OTHERWISE = 0.8  # of a word for which a synonym stands
UNKNOWN = 0.6  # of a word that stands nowhere in the disclosure: chatter, or a word for something
UNIT = 1.4  # of the unit by which things are counted: a word of two characters
LONG = 120  # characters: a longer sentence is taken apart at its semicolons
NAMED = 0.75  # of a heading's words that a question must say
FEWEST_WORDS, LEAST_HEADING = 3, 4  # words, and characters where it is said as it is printed
MOST_BELOW = 8  # sentences below a heading that are quoted


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, a clause of a long one, or a line of a form, with the words around it that say what it is of."""

    span: Span
    around: str
    is_of_form: bool  # a line of a project's form, all of which is about the project


@dataclass(frozen=True, slots=True)
class Hit:
    """A line with how much of the words' weight it holds, 0 … 1: with what is around it, and by itself."""

    line: Line
    score: float
    own: float
    told: float  # how much its words tell: 1 for a word that stands in no other line
    words: tuple[str, ...]  # that stand in the line itself


def lines_of(prose: Sequence[Prose]) -> Iterator[Line]:
    """All lines but those of the glossary; those of a form stand below the name of its project."""
    project = ""
    for passage in prose:
        goals = passage.topic == GOALS
        project = passage.plain if goals and printed("by_words", "project").match(passage.plain) else project if goals else ""
        for sentence in passage.sentences if passage.topic != "definitions" else ():
            parts = clauses(sentence) if sentence.end - sentence.start > LONG else (sentence,)
            opening = sentence.plain[:LONG].partition("：")[0] if len(parts) > 1 else ""
            form = passage.plain if project else ""
            yield from (Line(part, f"{passage.headings}{project}{form}{opening}", bool(project)) for part in parts)


def find(lines: Sequence[Line], words: Mapping[str, float], counted: Sequence[str] = ()) -> list[Hit]:
    """The lines that hold some of the words, each of which has a weight, best first; a number counted so tells as a word does."""
    count = {word: sum(holds(line.span.plain, word) for line in lines) for word in words}
    most = log(1 + len(lines))
    telling = {word: log(1 + len(lines) / many) for word, many in count.items() if many}
    rare = {word: own * len(word) ** 0.5 * telling.get(word, UNKNOWN * most) for word, own in words.items()}
    numbers = re.compile("|".join(rf"[\d{NUMERALS}]{re.escape(one)}" for one in counted) or "$^")
    counting = [numbers.search(line.span.plain) is not None for line in lines]
    kind = UNIT * log(1 + len(lines) / sum(counting)) if any(counting) else 0.0
    total = sum(rare.values()) + kind
    found: list[Hit] = []
    for line, counts in zip(lines, counting, strict=True) if total else ():
        plain = line.span.plain
        said = [word for word in words if word in plain]
        own = tuple(word for word in words if word in said or any(form in plain and not _shares(form, said) for form in forms_of(word)))
        beside = [word for word in words if word not in own and holds(line.around, word)]
        if own:
            mine = (sum(rare[word] * (1.0 if word in said else OTHERWISE) for word in own) + kind * counts) / total
            tells = sum(telling.get(word, 0.0) for word in (*own, *beside)) / most
            found.append(Hit(line, mine + AROUND * sum(rare[word] for word in beside) / total, mine, tells, own))
    return sorted(found, key=lambda hit: -hit.score)


def _shares(form: str, said: Sequence[str]) -> bool:
    """Whether another form of a word stands where a word is said as printed: 营养 and 午餐 are not both 营养改善."""
    return any(word in form or form in word for word in said)


def under_heading(prose: Sequence[Prose], said: str) -> tuple[Span, ...]:
    """What stands below the heading that a question names, whole or in nearly all of its words; () where it names none."""
    found: dict[tuple[float, int], list[Span]] = {}
    core = re.compile(load("names.toml")["heading"]["core"])
    for passage in prose:
        path = passage.section if passage.topic not in (GOALS, "definitions", "duties") else ()
        named = [match["core"] for one in path if (match := core.fullmatch(plain_text(one))) is not None]
        share, name = max(((_said(one, said), one) for one in named), default=(0.0, ""))
        if share >= NAMED:
            found.setdefault((share * len(name), -passage.order), []).extend(passage.sentences)
    return tuple(one.shortened() for one in found[max(found)][:MOST_BELOW]) if found else ()


def _said(heading: str, said: str) -> float:
    """How much of a heading a question says, 0 … 1; 0 where it has too few words to tell."""
    if len(heading) >= LEAST_HEADING and heading in said:
        return 1.0
    words = [word for word in content_words(heading) if len(word) > 1]
    return sum(word in said for word in words) / len(words) if len(words) >= FEWEST_WORDS else 0.0
