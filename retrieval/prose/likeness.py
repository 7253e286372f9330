"""How alike short Chinese texts are, by pairs of neighbouring characters. Pure; all texts are plain (retrieval.prose.passages.fold)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from retrieval.prose.sought import Piece


@lru_cache(maxsize=20_000)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters (a text of one character is its own pair)."""
    return frozenset(text[place:place + 2] for place in range(len(text) - 1)) if len(text) > 1 else frozenset([text] if text else [])


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


def piece_held(piece: Piece, text: str) -> float:
    """`held` for the best of the words that may be printed for a piece."""
    whole = max((held(words, text) for words in piece.printed), default=0.0)
    if whole == 1.0 or not piece.words:
        return whole
    total = sum(len(word) for word in piece.words)
    return max(whole, 0.9 * sum(len(word) for word in piece.words if word in text) / total)


def coverage(pieces: Sequence[Piece], *texts: tuple[str, float]) -> float:
    """0 … 1: how much of the pieces stands in the texts, each text with the weight that a find in it has; longer pieces weigh more."""
    total = sum(len(piece.said) for piece in pieces)
    if not total:
        return 0.0
    return sum(len(piece.said) * max(weight * piece_held(piece, text) for text, weight in texts) for piece in pieces) / total
