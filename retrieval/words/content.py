"""What a stretch of words is by itself: a name, a statement, or a word that narrows. Parts of speech are rjieba's."""

from __future__ import annotations

from functools import lru_cache

from retrieval.words.grammar import load
from store.text_index import parts_of_speech

_NOUNS = ("n", "vn", "an", "j", "l", "i", "eng", "x", "b", "s")


@lru_cache(maxsize=4096)
def tells(words: str) -> bool:
    """Whether a stretch by itself holds a noun, or a verb or adjective of more than one character (民爆)."""
    return any(tag.startswith(_NOUNS) or (tag.startswith(("v", "a")) and len(word) > 1) for word, tag in parts_of_speech(words))


@lru_cache(maxsize=4096)
def ends_in_a_noun(words: str) -> bool:
    """Whether a stretch may be the name of a thing, and no piece of a sentence (社会处不少于)."""
    said = parts_of_speech(words)
    return bool(said) and said[-1][1].startswith(_NOUNS)


def narrows(words: str) -> bool:
    """Whether a stretch changes which figure is asked for, though it is no noun (每, 追加, 一个月)."""
    return words.strip("的").startswith(tuple(load("refusals.toml")["narrowing"]["words"]))
