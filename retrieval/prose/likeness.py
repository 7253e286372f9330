"""What a question wants from the prose, and how much of that a text holds; and the words that such questions are made of.

These are data/vocabulary/prose_words.csv and synonyms.csv: lookups by role, longest words first, so that the most specific one
decides. All texts are plain (retrieval.prose.passages.plain_text).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from retrieval.question.plan import Direction
from retrieval.words.grammar import load
from retrieval.words.lexicon import synonyms
from store.vocabulary import read_rows

COLUMNS = ("role", "word", "meaning", "source")

ANY_COUNTER = ""
"""The counter of a question that asks how many of a thing there are without a word for counting."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the question is about, with the words that disclosures may print for it."""

    said: str
    printed: tuple[str, ...]
    words: tuple[str, ...] = ()  # the words that a long piece is made of, where it is no known term


@dataclass(frozen=True, slots=True)
class ProseQuestion:
    """A question read for its prose answer."""

    pieces: tuple[Piece, ...] = ()
    topic: str | None = None  # of data/vocabulary/topics.csv
    counters: tuple[str, ...] = ()  # the words for counting that it asks with: 辆, 人, 批次
    direction: Direction | None = None
    flows: tuple[str, ...] = ()  # 收入, 支出, 收支: the totals that it is about, where it is about no item
    around: str = ""  # all that was said, plain

    @property
    def text(self) -> str:
        """The pieces as they were said."""
        return "".join(piece.said for piece in self.pieces)

    @property
    def names(self) -> tuple[str, ...]:
        """All that may be printed for the pieces."""
        return tuple(dict.fromkeys(name for piece in self.pieces for name in piece.printed))


@lru_cache(maxsize=20_000)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters (a text of one character is its own pair)."""
    return frozenset(text[place : place + 2] for place in range(len(text) - 1)) if len(text) > 1 else frozenset([text] if text else [])


def likeness(first: str, second: str) -> float:
    """0 … 1: twice the shared pairs over all pairs."""
    one, other = pairs(first), pairs(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def held(words: str, text: str) -> float:
    """0 … 1: how much of `words` stands in `text`; whole words count fully, loose pairs only if at least half are there."""
    if words in text:
        return 1.0
    wanted = pairs(words)
    share = len(wanted & pairs(text)) / len(wanted) if wanted else 0.0
    return 0.8 * share if share >= 0.5 else 0.0


def holds(text: str, word: str) -> bool:
    """Whether a text holds a word, or what disclosures print for it."""
    return any(form in text for form in forms_of(word))


def piece_held(piece: Piece, text: str) -> float:
    """`held` for the best of the words that may be printed for a piece."""
    whole = max((held(words, text) for words in piece.printed), default=0.0)
    if whole == 1.0 or not piece.words:
        return whole
    total = sum(map(len, piece.words))
    return max(whole, 0.9 * sum(len(word) for word in piece.words if holds(text, word)) / total)


def coverage(pieces: Sequence[Piece], *texts: tuple[str, float]) -> float:
    """0 … 1: how much of the pieces stands in the texts, each text with the weight that a find in it has; longer pieces weigh more."""
    total = sum(len(piece.said) for piece in pieces)
    if not total:
        return 0.0
    return sum(len(piece.said) * max(weight * piece_held(piece, text) for text, weight in texts) for piece in pieces) / total


@cache
def prose_words() -> ProseWords:
    """The words, checked for shape and duplicates on loading (store.vocabulary.VocabularyError)."""
    by_role: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("prose_words.csv", COLUMNS, key=("role", "word", "meaning")):
        by_role.setdefault(row["role"], []).append((row["word"], row["meaning"]))
    return ProseWords({role: tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair))) for role, words in by_role.items()})


@cache
def pattern(role: str) -> re.Pattern[str]:
    """A pattern that matches any word of a role, longest first."""
    return re.compile("|".join(map(re.escape, prose_words().of(role))))


@cache
def printed(section: str, name: str) -> re.Pattern[str]:
    """A pattern of what disclosures print, from data/grammar/prose.toml."""
    return re.compile(load("prose.toml")[section][name])


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> tuple[str, ...]:
    """The word, and what disclosures print for it."""
    return (word, *(form for form, _ in synonyms().get(word, ())), *prose_words().synonyms.get(word, ()))


@dataclass(frozen=True)
class ProseWords:
    """Rows of prose_words.csv as (word, meaning), by role, longest word first."""

    by_role: Mapping[str, tuple[tuple[str, str], ...]]

    def of(self, role: str) -> tuple[str, ...]:
        """The words of a role."""
        return tuple(word for word, _ in self.by_role.get(role, ()))

    def found(self, role: str, text: str) -> str | None:
        """The longest word of a role that stands in `text`."""
        return next((word for word in self.of(role) if word in text), None)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """What a question says → what disclosures print for it."""
        said = self.by_role.get("synonym", ())
        return {word: tuple(printed for other, printed in said if other == word) for word, _ in said}

    @cached_property
    def counters(self) -> Mapping[str, str]:
        """A word for counting → the word that its kind is known by (名 → 人)."""
        return dict(self.by_role.get("counter", ()))

    @cached_property
    def money_units(self) -> frozenset[str]:
        return frozenset(self.of("money_unit"))
