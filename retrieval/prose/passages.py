"""The prose of the disclosures that a question is about: passages, their sentences, and exact quotes of them.

Takes an open snapshot and document ids; gives frozen values over a *plain* copy of each text (widths folded, quotation
marks and blanks taken out) that remembers where each character stands, so that rules read plain text and quotes stay exact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Any, Protocol

from retrieval.answer.answer import Citation, CitedDocument
from retrieval.words.grammar import load
from store.values import Box

GOALS = "performance_goals"
"""The topic of what tables of goals say in words: each of its lines is a row."""

LONGEST_QUOTE = 240
"""Characters. A longer span is cut at the end of a clause: a source must be read at a glance."""

# Joined by the document's place in the snapshot: the filter reaches the scan, and one document of ten thousand is read alone.
_PASSAGES = """
SELECT p.passage_id, p.document_id, p.section, p.topic, p.page, p.last_page, p.lines, p.text
FROM (SELECT unnest(?::VARCHAR[]) AS document_id) JOIN documents d USING (document_id) JOIN passages p ON p.ordinal = d.ordinal
ORDER BY p.ordinal, p.position
"""
_DROPPED = frozenset("\"“”'‘’「」『』\u200b\ufeff")
_SHAPE = {"(": "（", ")": "）", ":": "：", ";": "；", "!": "！", "?": "？", "．": "."}
EDGE = re.compile(r"[，；。：、！？\n（）]")
"""Ends a clause of a plain text."""

_SENTENCE = re.compile(r"[^。！？\n]*[。！？]|[^。！？\n]+")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_CLOSING = ("。", "；", "：", "！", "？", ":", ";")
_SHORT_LINE = 20  # characters: a line that ends so early is not a wrapped one
_CLAUSE_END = re.compile(r"[，；,;。：:、]")
_Lines = tuple[tuple[int, int | None, Box | None], ...]


class Rows(Protocol):
    """The part of a snapshot that is needed here."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The result of one read-only query."""
        ...


@dataclass(frozen=True)
class Prose:
    """A passage with its document, its plain text, and where each plain character stands in the printed text."""

    passage_id: str
    document: CitedDocument
    section: tuple[str, ...]
    topic: str | None
    page: int | None
    last_page: int | None
    lines: _Lines  # (offset in text, page, box) of each printed line
    text: str
    order: int                     # rank of the document among those searched, 0 = preferred

    @cached_property
    def _folded(self) -> tuple[str, tuple[int, ...]]:
        return fold(self.text, every_line=self.topic == GOALS)

    @property
    def plain(self) -> str:
        return self._folded[0]

    @property
    def heading(self) -> str:
        """The innermost heading, plain."""
        return plain_text(self.section[-1]) if self.section else ""

    @cached_property
    def headings(self) -> str:
        """The whole heading path, plain."""
        return plain_text(" ".join(self.section))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences, each closed by 。！？ or the end of its paragraph."""
        return tuple(Span(self, *match.span()) for match in _SENTENCE.finditer(self.plain))

    def place(self, plain: int) -> int:
        """Where a plain character stands in the printed text."""
        places = self._folded[1]
        return places[min(plain, len(places) - 1)] if places else 0

    def printed(self, start: int, end: int) -> str:
        """The printed words of a plain span, exactly, with quotation marks that open or close at its edges."""
        places = self._folded[1]
        if start >= end:
            return ""
        first, last = places[start], places[end - 1] + 1
        while first > 0 and self.text[first - 1] in "“\"‘「":
            first -= 1
        return _LINE_BREAK.sub("", self.text[first:last]).strip()


@dataclass(frozen=True)
class Span:
    """Part of a passage, in plain offsets."""

    prose: Prose
    start: int
    end: int

    @property
    def plain(self) -> str:
        return self.prose.plain[self.start:self.end]

    @property
    def quote(self) -> str:
        return self.prose.printed(self.start, self.end)

    def to(self, end: int) -> Span:
        return Span(self.prose, self.start, end)

    def around(self, start: int, end: int, longest: int = 140) -> Span:
        """As many whole clauses around a part of a long span as `longest` characters hold, at least its own."""
        if self.end - self.start <= longest:
            return self
        edges = [self.start, *(self.start + match.end() for match in EDGE.finditer(self.plain)), self.end]
        before = [edge for edge in edges if edge <= start]
        begin = next((edge for edge in before if end - edge <= longest), before[-1])
        after = [edge for edge in edges if edge >= end]
        return Span(self.prose, begin, max((edge for edge in after if edge - begin <= longest), default=after[0]))

    def shortened(self, longest: int = LONGEST_QUOTE) -> Span:
        """The span itself, or its beginning up to the last end of a clause within `longest` characters."""
        if self.end - self.start <= longest:
            return self
        ends = [match.end() for match in _CLAUSE_END.finditer(self.plain[:longest])]
        return self.to(self.start + (ends[-1] - 1 if ends else longest))


def ending(span: Span, longest: int = LONGEST_QUOTE) -> Span:
    """The span itself, or as many of its last clauses as `longest` characters hold: where the point stands at the end."""
    if span.end - span.start <= longest:
        return span
    starts = [span.start + match.end() for match in _CLAUSE_END.finditer(span.plain)]
    near = [start for start in starts if 0 < span.end - start <= longest]
    return Span(span.prose, near[0] if near else span.end - longest, span.end)


def clauses(span: Span) -> tuple[Span, ...]:
    """The parts of a sentence between its semicolons."""
    parts = re.finditer("[^；]*；|[^；]+", span.plain)
    return tuple(Span(span.prose, span.start + match.start(), span.start + match.end()) for match in parts)


def citations(span: Span) -> tuple[Citation, ...]:
    """The span as a source, and what of it stands on each later page as one more: there its point may stand."""
    starts = [(offset, page) for offset, page, _ in _lines_of(span)]
    turns = {offset for (_, one), (offset, other) in pairwise(starts) if one != other}
    tails = (next(at for at in range(span.start, span.end) if span.prose.place(at) >= offset) for offset in sorted(turns))
    return (citation(span), *(citation(Span(span.prose, at, span.end)) for at in tails))


def citation(span: Span) -> Citation:
    """The span as a source: exact words, section, first page, and the boxes of the lines that it stands on."""
    prose = span.prose
    lines = _lines_of(span)
    boxes = tuple((page, box) for _, page, box in lines if page is not None and box is not None)
    return Citation(
        document=prose.document,
        page=lines[0][1] if lines else prose.page,
        section=" / ".join(prose.section) or None,
        quote=span.quote,
        bbox=boxes[0][1] if boxes else None,
        boxes=boxes,
        figure_id=prose.passage_id,
    )


def _lines_of(span: Span) -> _Lines:
    """The printed lines that a span covers."""
    first, last = span.prose.place(span.start), span.prose.place(span.end - 1)
    lines = span.prose.lines
    starts = [line[0] for line in lines]
    return tuple(
        line for position, line in enumerate(lines)
        if line[0] <= last and (position + 1 == len(starts) or starts[position + 1] > first)
    )


def read_prose(snapshot: Rows, documents: Sequence[CitedDocument]) -> tuple[Prose, ...]:
    """All passages of the documents, in the order of `documents`, then of reading."""
    if not documents:
        return ()
    order = {document.id: rank for rank, document in enumerate(documents)}
    found = [
        Prose(row[0], documents[order[row[1]]], tuple(row[2] or ()), row[3], row[4], row[5], _lines(row[6]), row[7], order[row[1]])
        for row in snapshot.rows(_PASSAGES, [list(order)])
    ]
    return tuple(sorted(found, key=lambda prose: prose.order))


def _lines(stored: list[dict[str, Any]] | None) -> _Lines:
    return tuple(
        (line["start"], line["page"], None if line["x0"] is None else (line["x0"], line["top"], line["x1"], line["bottom"]))
        for line in stored or ()
    )


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """`fold` without the places."""
    return fold(text)[0]


@lru_cache(maxsize=2048)
def fold(text: str, *, every_line: bool = False) -> tuple[str, tuple[int, ...]]:
    """The plain text and, for each of its characters, the place in `text`. Paragraph ends stay as line breaks (`every_line`: all do)."""
    plain: list[str] = []
    places: list[int] = []
    paragraph_ends = frozenset(match.start() for match in re.finditer("\n", text)) if every_line else _paragraph_ends(text)
    for place, char in enumerate(text):
        folded = _plain_character(char)
        if not folded and place in paragraph_ends:
            folded = char
        if folded:
            plain.append(folded)
            places.append(place)
    for place in range(1, len(plain) - 1):
        if plain[place] == "," and not (plain[place - 1].isdigit() and plain[place + 1].isdigit()):
            plain[place] = "，"
    return "".join(plain), tuple(places)


@cache
def _plain_character(char: str) -> str:
    """One character folded; "" for a quotation mark or a blank."""
    if char in _DROPPED or char.isspace():
        return ""
    folded = unicodedata.normalize("NFKC", char)
    folded = folded if len(folded) == 1 else char
    return _SHAPE.get(folded, folded)


def _paragraph_ends(text: str) -> frozenset[int]:
    """The line breaks that end a paragraph: after a closing mark or a short line, or before a numbering. Others are wrapped lines."""
    numbered = re.compile(load("prose.toml")["passages"]["numbered"])
    ends: list[int] = []
    start = 0
    for match in re.finditer("\n", text):
        line = text[start:match.start()].rstrip()
        tail = line[line.rfind("。") + 1:]
        is_heading = len(tail) < _SHORT_LINE and numbered.match(tail) is not None
        if line.endswith(_CLOSING) or len(line) < _SHORT_LINE or is_heading or numbered.match(text, match.end()):
            ends.append(match.start())
        start = match.end()
    return frozenset(ends)
