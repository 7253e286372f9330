"""Years in a question: 2024年, 24年, 去年, 近三年, 2023—2025年, 十四五期间.

Takes folded text and the years that the store holds; gives the years named, in order, and where they stand. 今年 is the
latest year in the store (of the agency asked about), 去年 the one before: the answers are about what was published, so the
clock plays no part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from retrieval.words.folding import chinese_number
from retrieval.words.grammar import load


@dataclass(frozen=True, slots=True)
class Periods:
    """The years that a question names. `relative` counts from the latest published year: 去年 is -1."""

    years: tuple[int, ...] = ()
    relative: tuple[int, ...] = ()
    recent: int | None = None  # 近三年: 3
    spans: tuple[tuple[int, int], ...] = ()


@cache
def before_that() -> frozenset[str]:
    """Words that count back from the year talked about, where one was said."""
    return frozenset(load("periods.toml")["before_that"])


def find_periods(text: str) -> Periods:
    """The years in folded `text`, each once, in the order in which they are named."""
    years: list[int] = []
    relative: list[int] = []
    spans: list[tuple[int, int]] = []
    recent: int | None = None
    said = load("periods.toml")

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= a or match.start() >= b for a, b in spans)

    for match in re.finditer(said["range"], text):
        first, last = (int(a) if a else 2000 + int(b) for a, b in (match.group(1, 2), match.group(3, 4)))
        if first < last <= first + 30:
            years.extend(range(first, last + 1))
            spans.append(match.span())
    for words, (first, last) in said["plans"].items():
        if (at := text.find(words)) >= 0:
            years.extend(range(first, last + 1))
            spans.append((at, at + len(words)))
    for match in re.finditer(said["year"], text):
        if free(match):
            long, short, bare_year, between = match.groups()
            years.append(int(long or bare_year) if long or bare_year else 2000 + int(short or between))
            spans.append(match.span())
    for match in (*re.finditer(said["recent"], text), *(re.finditer(said["in_all"], text) if not years else ())):
        number = chinese_number(match.group(1))
        if free(match) and number is not None and 2 <= number <= 30:
            recent = int(number)
            spans.append(match.span())
    blocked = [match.span() for match in re.finditer(said["no_year"], text)]
    for words, offset in said["relative"].items():
        for match in re.finditer(words, text):
            if free(match) and not any(a <= match.start() < b for a, b in blocked):
                relative.append(offset)
                spans.append(match.span())
    return Periods(tuple(dict.fromkeys(years)), tuple(dict.fromkeys(relative)), recent, tuple(sorted(spans)))
