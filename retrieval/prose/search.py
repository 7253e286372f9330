"""Sentences that answer: lists of offices and units, duties, and the sentence nearest to a question.

Takes passages and a question; gives exact spans, best first. Nothing is put together from parts of different sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from retrieval.prose.likeness import coverage
from retrieval.prose.passages import Prose, Span
from retrieval.prose.sought import ProseQuestion
from retrieval.prose.words import pattern, prose_words
from retrieval.words.cues import load

_PRINTED = load("prose.toml")["search"]
_LISTED = re.compile(_PRINTED["listed"])
_OPENS_LIST = re.compile(_PRINTED["opens_list"])
_DEFINES = re.compile(_PRINTED["defines"])
_NEAR = 0.55
_AS_NEAR = 0.1
_MOST_DUTIES = 3
_COUNTED = re.compile(r"(?<!\d)(\d{1,2})[.、．](?!\d)")
_MOST_QUOTES = 6
_ITEM = re.compile(_PRINTED["item"])


def find_list(prose: Sequence[Prose], question: ProseQuestion) -> tuple[Span, ...]:
    """The enumeration that the question asks for, whole; () if there is none."""
    best: tuple[float, tuple[Span, ...]] | None = None
    for position, passage in enumerate(prose):
        if passage.topic == "definitions":
            continue
        on_topic = question.topic is not None and passage.topic == question.topic
        before = ""
        for sentence in passage.sentences:
            opens = opens_block(sentence)
            texts = ((sentence.plain, 1.0), (before if opens else "", 0.8), (passage.headings, 0.7))
            near = coverage(question.pieces, *texts) if question.pieces else 0.0
            before = sentence.plain
            if near < _NEAR and not (on_topic and not question.pieces and _opening(sentence) > 0):
                continue
            listed = block(sentence, prose[position + 1:position + 3]) if opens else in_quotes(sentence)
            marks = sum(len(_LISTED.findall(span.plain)) for span in listed)
            if marks < 2 and not on_topic:
                continue
            score = near + 0.4 * on_topic + 0.05 * min(marks, 8) + _opening(sentence) + 0.25 * opens - 0.1 * passage.order
            if best is None or score > best[0] + 1e-9:
                best = (score, listed)
    return best[1] if best else ()


def _opening(sentence: Span) -> float:
    """A bonus for words that open a list, and against those that open a definition."""
    if _DEFINES.search(sentence.plain):
        return -0.4
    return 0.3 if pattern("list_mark").search(sentence.plain) is not None else 0.0


def opens_block(sentence: Span) -> bool:
    """Whether a sentence only opens a list that stands in the lines after it."""
    return _OPENS_LIST.search(sentence.plain.rstrip("。：")) is not None and len(_LISTED.findall(sentence.plain)) < 4


def block(sentence: Span, following: Sequence[Prose]) -> tuple[Span, ...]:
    """The sentence with the lines after it, and the numbered lines with which the next passages go on."""
    spans = list(in_quotes(Span(sentence.prose, sentence.start, len(sentence.prose.plain))))
    for passage in following:
        if (last := _as_item(passage, spans)) is not None:
            spans.append(last)
            break
        numbered = [line for line in passage.sentences if _ITEM.match(line.plain)]
        if passage.document != sentence.prose.document or not numbered or numbered[0].start > 0:
            break
        spans += [line.shortened() for line in numbered]
    return tuple(spans[:_MOST_QUOTES])


def _as_item(passage: Prose, spans: Sequence[Span]) -> Span | None:
    """The heading of the next passage, where it only goes on counting the list: its last item, taken for a heading."""
    counted = [int(number) for span in spans for number in _COUNTED.findall(span.plain)]
    number = _COUNTED.match(passage.heading)
    if passage.document != spans[0].prose.document or not counted or number is None or int(number.group(1)) != counted[-1] + 1:
        return None
    heading = replace(passage, text=passage.section[-1], lines=passage.lines[:1])
    return Span(heading, 0, len(heading.plain))


def in_quotes(span: Span) -> tuple[Span, ...]:
    """A span cut into quotes of readable length, each ending with a clause."""
    spans: list[Span] = []
    start = span.start
    while start < span.end and len(spans) < _MOST_QUOTES:
        piece = Span(span.prose, start, span.end).shortened()
        spans.append(piece)
        start = max(piece.end, start + 1)
    return tuple(spans)


def duties(prose: Sequence[Prose]) -> tuple[Span, ...]:
    """Where no heading says 职责: the first sentences that tell of duties."""
    told = (
        sentence.shortened()
        for passage in prose
        if passage.topic in (None, "other_matters", "institutions")
        for sentence in passage.sentences
        if prose_words().found("duty_word", sentence.plain)
    )
    return tuple(islice(told, _MOST_DUTIES))


def nearest(prose: Sequence[Prose], question: ProseQuestion, *, most: int = 1) -> list[tuple[float, Span]]:
    """The sentences that hold most of the question's words, each with how much of them, 0 … 1: the best, and those as good; [] without."""
    found: list[tuple[float, Span]] = []
    asks_terms = question.wanted == "define"
    denies = prose_words().found("negation", question.text) is not None
    for passage in prose:
        if passage.topic == "definitions" and not asks_terms:
            continue
        for sentence in passage.sentences:
            covered = coverage(question.pieces, (sentence.plain, 1.0), (passage.headings, 0.6))
            score = covered - 0.03 * passage.order - 0.0002 * len(sentence.plain) + (0.05 if passage.topic == question.topic else 0.0)
            score += 0.1 * coverage(question.pieces, (passage.heading, 1.0)) - (0.2 if _is_note(sentence) else 0.0)
            score += 0.15 if denies and prose_words().found("negation", sentence.plain) else 0.0
            if covered >= _NEAR and all(one.plain != sentence.plain for _, one in found):
                found.append((score, sentence))
    found.sort(key=lambda pair: -pair[0])
    return [pair for pair in found[:most] if pair[0] > found[0][0] - _AS_NEAR]


def _is_note(sentence: Span) -> bool:
    """A note below a table says how it was filled in, not what was done."""
    return sentence.plain.startswith(("注：", "备注：", "说明："))
