"""The country's places (data/vocabulary/regions.csv): whether words begin with one, for agencies that are not in the store."""

from __future__ import annotations

import re
from functools import cache

from store.vocabulary import read_rows

_LEVEL = re.compile(r"(?:特别行政区|地区|省|市|盟)$")
_AUTONOMOUS = re.compile(r"自治[区州]$")
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
    found: set[str] = set()
    for row in read_rows("regions.csv", ("code", "name", "source"), key=("code",)):
        found.add(row["name"])
        # the peoples' names behind an autonomous place are as long as they like: its first two characters are its own
        short = row["name"][:2] if _AUTONOMOUS.search(row["name"]) else _LEVEL.sub("", row["name"])
        if row["code"].endswith("00") and len(short) >= 2:
            found.add(short)
    return frozenset(found)


@cache
def cities() -> tuple[str, ...]:
    """The provinces and prefectures, without their level."""
    rows = read_rows("regions.csv", ("code", "name", "source"), key=("code",))
    names = [row["name"] for row in rows if row["code"].endswith("00")]
    short = (name[:2] if _AUTONOMOUS.search(name) else _LEVEL.sub("", name) for name in names)
    return tuple(dict.fromkeys(one for one in short if 2 <= len(one) <= 3))
