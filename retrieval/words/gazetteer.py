"""The country's places (data/vocabulary/regions.csv): whether words begin with one, for agencies that are not in the store."""

from __future__ import annotations

from functools import cache

from retrieval.words.grammar import pattern
from store.vocabulary import read_rows

LONGEST = 12


def begins_with_place(words: str) -> bool:
    """Whether `words` begin with a place of China, or with a province or prefecture without its level.

    >>> begins_with_place("青岛自然资源和规划局"), begins_with_place("安阳县文旅局"), begins_with_place("自然资源局")
    (True, True, False)
    """
    return place_at(words, 0) is not None


def place_at(text: str, start: int) -> str | None:
    """The longest place that `text` names from `start`."""
    places = _places()
    ends = range(min(len(text), start + LONGEST), start + 1, -1)
    return next((text[start:end] for end in ends if text[start:end] in places), None)


@cache
def _places() -> frozenset[str]:
    return frozenset((*_codes().values(), *(short for short in _without_level() if len(short) >= 2)))


@cache
def cities() -> tuple[str, ...]:
    """The provinces and prefectures, without their level."""
    return tuple(one for one in _without_level() if 2 <= len(one) <= 3)


def without_level(place: str) -> str:
    """A place without its level: 云山市 is 云山."""
    return pattern("bodies.toml", "place", "level").sub("", place)


@cache
def _codes() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_rows("regions.csv", ("code", "name", "source"), key=("code",))}


def _without_level() -> tuple[str, ...]:
    """The provinces and prefectures; an autonomous place by its own two characters: the names of peoples behind are of any length."""
    names = [name for code, name in _codes().items() if code.endswith("00")]
    peoples = pattern("bodies.toml", "place", "peoples")
    return tuple(dict.fromkeys(name[:2] if peoples.search(name) else without_level(name) for name in names))
