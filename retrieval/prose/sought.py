"""What a question wants from the prose: the kind of answer, the words it is about, and what is to be counted.

Takes a plan and the names of the agencies concerned; reads no document text. The words come from
data/vocabulary/prose_words.csv; the rules here say only how they work together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from retrieval.question.plan import Direction

ANY_COUNTER = ""
"""The counter of a question that says 多少 or 几 with a thing but no word for counting: 多少机构."""

Wanted = Literal["reason", "change", "define", "content", "count", "amount", "list", "topic", "claim", "search", "denial", "listed_count"]

_AND = re.compile(r"(?:以及|[和、与及跟])(?:有)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the question is about, with the words that disclosures may print for it."""

    said: str
    printed: tuple[str, ...]
    words: tuple[str, ...] = ()    # the words that a long piece is made of, where it is no known term


@dataclass(frozen=True, slots=True)
class ProseQuestion:
    """A question read for its prose answer."""

    wanted: Wanted
    text: str                      # plain
    pieces: tuple[Piece, ...]
    topic: str | None              # of data/vocabulary/topics.csv
    counters: tuple[str, ...]      # the words for counting that it asks with: 辆, 人, 批次
    term: str | None               # what is to be defined
    direction: Direction | None
    flows: tuple[str, ...]         # 收入, 支出, 收支: the totals that it is about, where it is about no item
    around: str = ""               # all that was said, plain


def joins(question: ProseQuestion) -> bool:
    """Whether the question asks for several things side by side: 在职人员和离退休人员."""
    places = [(question.text.find(piece.said), len(piece.said)) for piece in question.pieces]
    return len(places) > 1 and all(
        _AND.fullmatch(question.text[place + length:after]) is not None
        for (place, length), (after, _) in pairwise(places)
    )
