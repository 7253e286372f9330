"""The words of data/grammar: cues by what they do, fillers, and the terms that need no store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import get_args

from retrieval.words.folding import fold, is_han
from retrieval.words.grammar import load, pattern
from retrieval.words.lexicon import general_terms
from retrieval.words.pinyin import syllable
from store.text_index import cut, is_word, parts_of_speech
from store.values import Kind


@cache
def cues() -> Mapping[str, frozenset[str]]:
    """Every cue word with all that it may do: as they are, and put together of a first and a second half (没 · 排)."""
    found: dict[str, set[str]] = {}
    for name, entry in load("cues.toml").items():
        halves = entry.get("halves", ((), ()))
        for word in (*entry["words"], *(one + other for one in halves[0] for other in halves[1])):
            found.setdefault(fold(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def kind_words() -> Mapping[str, Kind]:
    """The words for what was planned and what was spent."""
    kinds: tuple[Kind, ...] = get_args(Kind)
    found: dict[str, Kind] = {fold(word): kind for kind in kinds for word in load("kinds.toml")[kind]}
    for word in adjusted_words():
        found[word] = "budget"
    return found


@cache
def doubts() -> re.Pattern[str]:
    """How a figure that somebody says is doubted (是不是谣言, 我怕记错了)."""
    parts = load("doubts.toml")
    some = ("|".join(sorted(map(re.escape, parts[name]), key=len, reverse=True)) for name in ("openings", "hearts", "endings"))
    opening, heart, ending = some
    return re.compile(rf"(?:{opening})?(?:{heart})(?:{ending})?|{'|'.join(parts[name] for name in ('use', 'account', 'marvel', 'short'))}")


@cache
def adjusted_words() -> frozenset[str]:
    """The words for the budget as it was in the end, beside that of the year's beginning."""
    return frozenset(fold(word) for word in load("kinds.toml")["adjusted_budget"])


@cache
def fillers() -> frozenset[str]:
    """Words that are read and do nothing."""
    return frozenset(fold(word) for words in load("fillers.toml").values() for word in words)


@cache
def particles() -> frozenset[str]:
    """Fillers that are taken for the end of a word: 涨得 is 涨 and 得."""
    return frozenset(load("fillers.toml")["particles"])


@cache
def longest_word() -> int:
    """Characters of the longest cue or filler."""
    return max(map(len, (*cues(), *fillers(), *kind_words())))


@cache
def _by_sound() -> dict[tuple[str, ...], str]:
    """Words of two characters that are often typed, by their sound; a sound that several share tells none of them."""
    found: dict[tuple[str, ...], set[str]] = {}
    for word in {*fillers(), *cues(), *_printed()}:
        if len(word) == 2 and particles().isdisjoint(word) and all(map(is_han, word)):
            found.setdefault(tuple(syllable(c) for c in word), set()).add(word)
    return {sound: next(iter(words)) for sound, words in found.items() if len(words) == 1}


@cache
def _printed() -> frozenset[str]:
    """Words that the standard names of accounts are made of."""
    return frozenset(word for term in general_terms().values() for name in term.names for word in cut(name))


def meant_word(said: str) -> str | None:
    """The word of two characters that a slip of the same sound stands for (预祘: 预算); None for what is a word of the language itself."""
    if len(said) != 2 or said in cut(said):
        return None
    word = _by_sound().get(tuple(syllable(c) for c in said))
    return word if word is not None and word != said and any(a == b for a, b in zip(word, said, strict=True)) else None


def without_slips(text: str, kept: Sequence[tuple[int, int]]) -> str:
    """The text with words of two characters written as they are meant (租房补帖: 租房补贴), each as long as before.

    `kept` are stretches that are names as they stand.
    """
    out = list(text)
    words = [(start, end) for start, end in tokens(text) if end - start <= 2]
    singles = [(one, other + 1) for (one, two), (other, _) in pairwise(words) if two == other == one + 1]
    for start, end in sorted({one for one in (*words, *singles) if one[1] - one[0] == 2}):
        apart = not (is_word(text[end - 1 : end + 1]) or (start and is_word(text[start - 1 : start + 1])))  # 给|初中 is no 给出
        if apart and not any(first < end and start < last for first, last in kept):
            said = "".join(out[start:end])
            word = meant_word(said)
            wrong = next((c for c, meant in zip(said, word or said, strict=True) if c != meant), "")
            if word in _printed() and wrong not in fillers() and wrong not in cues():
                out[start:end] = word
    return "".join(out)


def tokens(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand."""
    found: list[tuple[int, int]] = []
    at = 0
    for word, _ in parts_of_speech(text):
        start = text.find(word, at)
        if start >= 0:
            found.append((start, start + len(word)))
            at = start + len(word)
    return found


def denials(text: str) -> Iterator[re.Match[str]]:
    """Where a text says what it does not ask (现有的不问, 不是办公室的那笔)."""
    return pattern("names.toml", "denied", "is").finditer(text)


def without_denied(text: str) -> str:
    """The text without what it says that it does not ask."""
    return pattern("names.toml", "denied", "is").sub(load("names.toml")["denied"]["instead"], text)


def asks_bought(text: str) -> bool:
    """Whether a question is about things to be got, not about those that are there (现有的不算)."""
    said, words = without_denied(text), load("names.toml")["newly"]
    return re.search(words["asks"], said) is not None and re.search(words["there"], said) is None


def is_bought(text: str, said: str) -> bool:
    """Whether a thing is named among those to be got: by the last words before it that tell, or those of its own clause."""
    ahead, _, behind = text.partition(said)
    words = load("names.toml")["newly"]
    return asks_bought(re.split(words["there"], ahead)[-1] + said + re.split(words["clause"], behind)[0])


def buying() -> str:
    """The word that the prose has for what is to be got."""
    return load("prose.toml")["counts"]["buying"]
