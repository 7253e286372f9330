"""Which unread words are content: what is asked about, rather than how it is told.

A noun or a verb that nothing explains may change what is asked, so no figure is put forward over it; so may a single verb right before the
question word (欠了多少). Other verbs of one character, adverbs and particles are light. Parts of speech are rjieba's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from retrieval.language.lattice import Segment
from retrieval.words.cues import load
from store.text_index import parts_of_speech

_NOUNS = ("n", "vn", "an", "j", "l", "i", "eng", "x", "b", "s")
_RANKING = frozenset(("MOST", "LEAST", "TOPN", "ORDINAL"))
_ASKING = frozenset(("HOWMUCH", "PERCENTQ", "WHICH", "LISTQ", "THAN"))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a text with where they stand and their part of speech."""
    out: list[tuple[int, int, str]] = []
    at = 0
    for word, tag in parts_of_speech(text):
        start = text.find(word, at)
        if start >= 0:
            out.append((start, start + len(word), tag))
            at = start + len(word)
    return tuple(out)


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


def lightened(text: str, path: Sequence[Segment]) -> list[Segment]:
    """The path with its unread stretches that are no content marked as light."""
    return [
        replace(one, is_light=True) if one.is_unread and not one.stranger and not _is_content(text, path, at) else one
        for at, one in enumerate(path)
    ]


def _is_content(text: str, path: Sequence[Segment], at: int) -> bool:
    one = path[at]
    if sum(c.isdigit() for c in one.text) >= 5:
        return True  # the number of a unit or a document
    if narrows(one.text):
        return True
    if _is_torn(path, at):
        return True
    if one.text in load("refusals.toml")["narrowing"]["inside"] or _is_of_each(path, at):
        return False
    asked = _before_question(path, at)
    if at and path[at - 1].is_mark and "SHARE" in path[min(at + 1, len(path) - 1)].cues:
        return True  # 三公里头，车|占多少
    for start, end, tag in _words(text):
        shared = min(end, one.end) - max(start, one.start)
        if shared <= 0 or shared * 2 < end - start:
            continue
        if tag.startswith(_NOUNS) or (tag.startswith("v") and shared >= 2):
            return True
        if tag.startswith(("v", "a")) and asked and end == _last_word(text, one):
            return True
    return False


def _is_torn(path: Sequence[Segment], at: int) -> bool:
    """Whether a character with a filler before it says whose a thing is (张|三|的支出): together they are a name."""
    around = path[max(0, at - 1) : at + 3]
    if at == 0 or len(around) < 4:
        return False
    before, one, of, thing = around
    return before.is_filler and len(before.text) == len(one.text) == 1 and of.text == "的" and bool(thing.items)


def _is_of_each(path: Sequence[Segment], at: int) -> bool:
    """Whether the stretch says of what is ranked that each is taken by itself (单项|金额最高的, 单个|最大的)."""
    return path[at].text in load("refusals.toml")["narrowing"]["of_each"] and any(one.cues & _RANKING for one in path[at + 1 :])


def _last_word(text: str, one: Segment) -> int:
    return max((end for start, end, _ in _words(text) if start < one.end and end > one.start), default=one.end)


def _before_question(path: Sequence[Segment], at: int) -> bool:
    """Whether only particles stand between the stretch and a question word."""
    for other in path[at + 1 :]:
        if other.is_filler and not other.items and other.text in "了过着掉出去来到":
            continue
        return bool(other.cues & _ASKING) or other.counter is not None
    return False
