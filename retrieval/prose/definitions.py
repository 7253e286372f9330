"""What a disclosure says that a term means or covers: 名词解释, and sentences such as 主要是为… and 包括….

Takes passages; gives the sentence that explains the term, best kind first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.prose.passages import Prose, Span, clauses, plain_text
from retrieval.prose.words import pattern, printed
from retrieval.words.grammar import load

_SHORT = 120  # characters: a sentence so short is quoted whole


def find_definition(prose: Sequence[Prose], names: Sequence[str], *, content: bool = False) -> Span | None:
    """The sentence that explains one of the names: a definition proper, else what it is for or what it includes.

    `content`: what it includes is asked, so a sentence that lists it goes before a bare definition.
    """
    plain = [plain_text(name) for name in names if len(name) > 1]
    finders = (_stated_content, _proper) if content else (_proper, _stated_content)
    found = (finder(passage, name) for finder in finders for passage in prose for name in plain)
    return next((span.shortened() for span in found if span is not None), None)


def find_headword(prose: Sequence[Prose], text: str) -> tuple[str, Span] | None:
    """The longest term in 名词解释 that a text names as it is printed, with the sentence that explains it."""
    headword = printed("definitions", "headword")
    terms = (sentence for passage in prose if passage.topic == "definitions" for sentence in passage.sentences)
    found = [(match["name"], sentence) for sentence in terms if (match := headword.match(sentence.plain)) and match["name"] in text]
    longest = max(found, key=lambda one: len(one[0]), default=None)
    return None if longest is None else (longest[0], longest[1].shortened())


def _proper(passage: Prose, name: str) -> Span | None:
    """`name：指…`, `name，是指…`, `name：…` in 名词解释."""
    in_terms = passage.topic == "definitions"
    at_start, heading = (_named(kind, name) for kind in ("proper", "heading"))
    for sentence, following in zip(passage.sentences, (*passage.sentences[1:], None), strict=True):
        match = at_start.match(sentence.plain)
        rest = sentence.plain[match.end() :] if match is not None else ""
        if match is not None and (in_terms or pattern("definition_mark").match(rest)):
            return sentence.to(following.end) if len(rest) < 4 and following is not None else sentence
    return passage.sentences[0] if in_terms and heading.fullmatch(passage.heading) and passage.sentences else None


def _named(kind: str, name: str) -> re.Pattern[str]:
    """A pattern of prose.toml for a name."""
    return re.compile(load("prose.toml")["definitions"][kind].replace("NAME", re.escape(name)))


def _stated_content(passage: Prose, name: str) -> Span | None:
    """A sentence about the name that says what it is for or what it includes; the name stands before those words."""
    if passage.topic == "definitions":
        return None
    mark = pattern("content_mark")
    found: list[tuple[int, Span]] = []
    for sentence in passage.sentences:
        for clause in clauses(sentence):
            place = clause.plain.find(name)
            told = mark.search(clause.plain, place + len(name)) if place >= 0 else None
            if told is not None:
                found.append((told.start() - place, sentence if sentence.end - sentence.start < _SHORT else clause))
    if found:
        return min(found, key=lambda one: one[0])[1]
    told_ = (one for one in passage.sentences if name in passage.heading and mark.search(one.plain.replace(name, "")))
    return next(told_, None)
