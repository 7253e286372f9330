"""The forms of a word (itself, its synonyms, what it is an everyday word for) and how well words fit a printed name.

Words are linked to names exactly, by a shortened form, by other words, or by sound; data/vocabulary/synonyms.csv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from retrieval.words.folding import bare
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms, synonyms
from retrieval.words.pinyin import syllable
from store.text_index import cut, is_word

GENERAL = frozenset[str](load("labels.toml")["general"])
"""Words that so many names bear that they tell none."""

WEAK = frozenset[str](load("labels.toml")["weak"])
"""Characters that tell nothing by themselves."""
_OTHER_YEARS: dict[str, str] = load("labels.toml")["other_years"]


@lru_cache(maxsize=4096)
def content_words(said: str) -> list[str]:
    """The words of `said` that say what it is about."""
    return [word for word in cut(said) if word.strip() and not (len(word) == 1 and word in WEAK)] or [w for w in cut(said) if w.strip()]


@lru_cache(maxsize=4096)
def forms_of(word: str) -> tuple[tuple[str, float], ...]:
    """The word itself, its synonyms, and the items that it is an everyday word for, each with a weight."""
    term = general_terms().get(word)
    named = tuple((bare(name), 0.9) for name in term.names) if term is not None else ()
    return ((word, 1.0), *synonyms().get(word, ()), *named)


def likeness(said: str, words: Sequence[str], label: str) -> tuple[float, str]:
    """How well words fit a label, 0 … 1, and how.

    What counts most is that every word of the question stands for something in the label; then, how much of the label is said.
    """
    if said == label:
        return 1.0, "exact"
    total, explained, covered, how = sum(map(len, words)), 0.0, 0.0, "short"
    other_number = any(word.isdigit() and len(word) >= 3 and word not in label for word in words)  # 12345热线 is no other one
    other_year = any(one in said and other in label for one, other in _OTHER_YEARS.items())
    if not label or other_year or total < 2 or other_number:
        return 0.0, "none"
    for word in words:
        part, used, way = _explained(word, label)
        explained += part * len(word)
        covered += used
        if way != "short":
            how = way
    share = 1.0 if said in label else explained / total
    return share * (0.78 + 0.22 * min(1.0, covered / len(label))), how


def _explained(word: str, label: str) -> tuple[float, float, str]:
    """How far the label explains a word (0 … 1), with how many of its characters, and how."""
    if word in label:
        return 1.0, len(word), "short"
    best = (0.0, 0.0, "none")
    for form, weight in synonyms().get(word, ()):
        if form in label and weight * 0.95 > best[0]:
            best = (0.95 * weight, len(form), "words")
    if best[0]:
        return best
    if len(word) >= 2:
        if _in_order(word, label):
            return 0.85, len(word), "short"
        if not is_word(word) and (heard := _sounds_in(word, label)) is not None:
            return heard, len(word), "sound"
    shared = sum(1 for c in word if c in label and c not in WEAK)
    return 0.4 * shared / len(word), shared, "words"


def _in_order(word: str, label: str) -> bool:
    """Whether all characters of the word stand in the label, in order and not far apart (六高 in 第六高级中学)."""
    return re.search(".{0,3}?".join(map(re.escape, word)), label) is not None


@lru_cache(maxsize=65536)
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(syllable(c) for c in text)


def _sounds_in(word: str, label: str) -> float | None:
    """0.9 where a stretch of the label sounds like the word, 0.75 where one character of three or more differs."""
    stretches = [label[at : at + len(word)] for at in range(len(label) - len(word) + 1)]
    shared = [(one, sum(a == b for a, b in zip(word, one, strict=True))) for one in stretches]
    if any((len(word) >= 3 or same) and _syllables(one) == _syllables(word) for one, same in shared):
        return 0.9
    return 0.75 if len(word) >= 3 and any(same == len(word) - 1 for _, same in shared) else None
