"""Sentences that answer: the ones nearest to a question, lists of offices and units, duties.

Takes passages and a question; gives exact spans, best first. Nothing is put together from parts of different sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from retrieval.prose.likeness import ProseQuestion, coverage, pattern, printed, prose_words
from retrieval.prose.passages import Prose, Span
from retrieval.words.grammar import load

NEAR = 0.55
"""Of a question's words that a sentence must hold to be quoted for it."""

_AS_NEAR = 0.1
_MOST_DUTIES = 3
_MOST_QUOTES = 6
_SHORT = 60  # characters: an opening so short may be followed by its list
_REACH = 400  # characters within which the members of a list are counted
_NEIGHBOUR = 24  # characters at the beginning of the next sentence in which a mark may stand
_BESIDE = 0.1  # taken off where it stands only there
_COUNTED = re.compile(r"(?<!\d)(\d{1,2})[.、．](?!\d)")


def sentences(prose: Sequence[Prose]) -> Iterator[Span]:
    """All sentences in their order."""
    return (sentence for passage in prose for sentence in passage.sentences)


def nearest(
    prose: Sequence[Prose], question: ProseQuestion, mark: re.Pattern[str] | None = None, *, least: float = NEAR, most: int = 1
) -> list[tuple[float, Span]]:
    """The sentences that hold most of a question's words, each with how much of them, 0 … 1: the best, and those as good; [] without.

    Where there is a `mark`, it stands in the sentence outside the names asked about, or begins the next one, which then belongs to it.
    """
    found: list[tuple[float, Span]] = []
    denies = prose_words().found("negation", question.text) is not None
    for passage in prose:
        for sentence, following in zip_longest(passage.sentences, passage.sentences[1:]):
            if printed("search", "tells_nothing").match(sentence.plain):
                continue
            covered = coverage(question.pieces, (sentence.plain, 1.0), (passage.headings, 0.6)) if question.pieces else 1.0
            span = sentence if mark is None or covered < least else _marked(sentence, following, mark, question)
            if covered < least or span is None or any(one.plain == span.plain for _, one in found):
                continue
            score = covered - 0.03 * passage.order - 0.0002 * len(sentence.plain) + 0.05 * (passage.topic == question.topic)
            score += 0.1 * coverage(question.pieces, (passage.heading, 1.0))
            score += 0.15 * (denies and prose_words().found("negation", sentence.plain) is not None)
            score -= _BESIDE * (mark is not None and mark.search(sentence.plain) is None)
            found.append((score, span))
    found.sort(key=lambda pair: -pair[0])
    return [(min(score, 1.0), span) for score, span in found[:most] if score > found[0][0] - _AS_NEAR]


def _marked(sentence: Span, following: Span | None, mark: re.Pattern[str], question: ProseQuestion) -> Span | None:
    """A sentence with a mark, or with the next one where the mark stands there; None without."""
    plain = sentence.plain
    for name in sorted(question.names, key=len, reverse=True):
        plain = plain.replace(name, "")  # a name may hold a mark itself: 用于社会福利的彩票公益金支出
    own = mark.search(printed("search", "coded").sub("", plain)) is not None
    if own or following is None or not mark.search(following.plain[:_NEIGHBOUR]):
        return with_next(sentence, mark) if own else None
    return sentence.to(following.end)


def with_next(span: Span, mark: re.Pattern[str]) -> Span:
    """A span with the sentence behind it that begins with a mark (75万元。主要用于…)."""
    behind = next((one for one in span.prose.sentences if one.start >= span.end), None)
    return span.to(behind.end) if behind is not None and mark.match(behind.plain) else span


def find_list(prose: Sequence[Prose], question: ProseQuestion, kind: str | None = None) -> tuple[Span, ...]:
    """The enumeration that a question asks for, whole: of units or offices (a `kind` of prose.toml), or of its own words; () if none."""
    best: tuple[float, tuple[Span, ...]] = (0.0, ())
    for position, passage in enumerate(prose):
        on_topic = question.topic is not None and passage.topic in (question.topic, "institutions", "budget_units")
        before = ""
        for sentence in passage.sentences:
            opens = opens_block(sentence)
            text = passage.plain[sentence.start :][:_REACH] if opens or kind else sentence.plain
            marks = len(printed("search", "listed").findall(text))
            members = len(printed(kind, "members").findall(text)) if kind else 0
            if question.pieces or not kind:
                texts = ((sentence.plain, 1.0), (before if opens else "", 0.8), (passage.headings, 0.7))
                near = coverage(question.pieces, *texts)
                fits = near >= NEAR and (marks > 1 or on_topic)
            else:
                named = printed(kind, "named").search(sentence.plain) is not None
                near = float(named) - 0.8 * (printed(kind, "other").search(sentence.plain) is not None)
                fewest = load("prose.toml")[kind]["fewest"]
                fits = (named and marks + members > 0 and members >= fewest) or (on_topic and opens and members > 1)
            before = sentence.plain
            score = near + 0.4 * on_topic + 0.05 * min(marks, 8) + 0.1 * min(members, 6) + 0.25 * opens + _opening(sentence)
            if fits and score - 0.1 * passage.order > best[0] + 1e-9:
                whole = opens or (kind is not None and sentence.end - sentence.start < _SHORT)
                listed = block(sentence, prose[position + 1 : position + 3] if opens else ()) if whole else in_quotes(sentence)
                best = (score - 0.1 * passage.order, listed)
    return best[1]


def _opening(sentence: Span) -> float:
    """A bonus for words that open a list, and against those that open a definition."""
    if printed("search", "defines").search(sentence.plain):
        return -0.4
    return 0.3 if pattern("list_mark").search(sentence.plain) is not None else 0.0


def opens_block(sentence: Span) -> bool:
    """Whether a sentence only opens a list that stands in the lines after it."""
    opens = printed("search", "opens_list").search(sentence.plain.rstrip("。：")) is not None
    return opens and len(printed("search", "listed").findall(sentence.plain)) < 4


def block(sentence: Span, following: Sequence[Prose]) -> tuple[Span, ...]:
    """The sentence with the lines after it, and the numbered lines with which the next passages go on."""
    spans = list(in_quotes(Span(sentence.prose, sentence.start, len(sentence.prose.plain))))
    for passage in following:
        if (last := _as_item(passage, spans)) is not None:
            spans.append(last)
            break
        numbered = [line for line in passage.sentences if printed("search", "item").match(line.plain)]
        if passage.document != sentence.prose.document or not numbered or numbered[0].start > 0:
            break
        spans += [line.shortened() for line in numbered]
    return tuple(spans[:_MOST_QUOTES])


def _as_item(passage: Prose, spans: Sequence[Span]) -> Span | None:
    """The heading of the next passage, where it only goes on counting the list: its last item, taken for a heading."""
    counted = [int(number) for span in spans for number in _COUNTED.findall(span.plain)]
    number = _COUNTED.match(passage.heading)
    if passage.document != spans[0].prose.document or not counted or number is None or int(number[1]) != counted[-1] + 1:
        return None
    heading = replace(passage, text=passage.section[-1], lines=passage.lines[:1])
    return Span(heading, 0, len(heading.plain))


def in_quotes(span: Span) -> tuple[Span, ...]:
    """A span cut into quotes of readable length, each ending with a clause."""
    spans: list[Span] = []
    start = span.start
    while start < span.end and len(spans) < _MOST_QUOTES:
        spans.append(Span(span.prose, start, span.end).shortened())
        start = max(spans[-1].end, start + 1)
    return tuple(spans)


def duties(prose: Sequence[Prose]) -> tuple[Span, ...]:
    """Where no heading says 职责: the first sentences that tell of duties."""
    general = sentences([passage for passage in prose if passage.topic in (None, "other_matters", "institutions")])
    return tuple(islice((one.shortened() for one in general if prose_words().found("duty_word", one.plain)), _MOST_DUTIES))
