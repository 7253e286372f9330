"""Numbers as people say them: 43万5, 3 亿, 两百来万, 九万七千多万, 五成多, 百分之十二点五, 一半, 翻番, 5辆, 13092万.

Takes folded text; gives each number with its unit and where it stands. A bare number has the unit "". Numbers of years, codes
and tables are read elsewhere and taken out before. How they are said is data/grammar/numbers.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from retrieval.question.expression import Quantity, Rounded
from retrieval.words.folding import chinese_number, said_number
from retrieval.words.grammar import load, pattern
from retrieval.words.lexicon import general_terms
from store.numerals import SCALES
from store.vocabulary import Row, read_rows

_SAID = load("numbers.toml")
_PERCENT = "%"
_Found = tuple[int, int, Decimal | None, str, Rounded | None]


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity where it stands in the text."""

    start: int
    end: int
    quantity: Quantity


def _patterns(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "said", name)


def _how(match: re.Match[str] | None) -> Rounded | None:
    """How rough a number is by the word beside it, which a group of its pattern is called after."""
    return next((one for one in get_args(Rounded) if match is not None and match.lastgroup == one), None)


@cache
def _units_of_count() -> Sequence[Row]:
    return list(read_rows("units_of_count.csv", ("unit", "counts", "not_before", "source"), key=("unit",)))


@cache
def counted_by() -> dict[str, str]:
    """What each unit counts: vehicles by 辆, points by 分."""
    return {row["unit"]: row["counts"] for row in _units_of_count()}


@cache
def counters() -> tuple[str, ...]:
    """The words for counting, longest first."""
    return tuple(sorted({*counted_by(), *_SAID["counted"]["besides"]}, key=lambda word: (-len(word), word)))


@cache
def _counted() -> re.Pattern[str]:
    never = {row["unit"]: f"(?![{row['not_before']}])" for row in _units_of_count() if row["not_before"]}
    words = "|".join(re.escape(word) + never.get(word, "") for word in counters())
    return re.compile(f"{_patterns('count').pattern}(?P<unit>{words}){_patterns('vehicles').pattern}")


def find_quantities(text: str) -> tuple[Said, ...]:
    """The quantities in folded text, left to right, none overlapping."""
    text = _patterns("endless").sub(lambda run: " " * len(run.group()), text)
    found: list[Said] = []

    def add(start: int, end: int, number: Decimal | None, unit: str, rounded: Rounded | None) -> None:
        if number is None or any(start < one.end and end > one.start for one in found):
            return
        before, behind = _patterns("before").search(text[:start]), _patterns("behind").match(text, end) if unit else None
        if behind is not None and rounded in (None, "about"):
            end, rounded = behind.end(), _how(behind)
        if before is not None and (before.lastgroup != "alone" or _patterns("place").match(text, start)):
            start = before.start()
            rounded = (_how(before) or rounded) if rounded in (None, "about") else rounded
        found.append(Said(start, end, Quantity(number, unit, rounded)))

    for name, share in _SAID["percent"].items():
        for match in pattern("numbers.toml", "percent", name, "said").finditer(text):
            add(*match.span(), *_share(share, match.groupdict()))
    for match in _patterns("run").finditer(text):
        if (amount := _amount(text, match)) is not None:
            add(*amount)
    for match in _counted().finditer(text):
        add(*_count(text, match))
    for match in _patterns("plain").finditer(text):
        add(match.start(), match.end(), Decimal(match.group()), "", None)
    return tuple(sorted(found, key=lambda one: one.start))


def _share(share: Mapping[str, Any], said: Mapping[str, str | None]) -> tuple[Decimal | None, str, Rounded | None]:
    """The percentage or the multiple that a pattern says, with its unit and how rough it is."""
    number = Decimal(share["value"]) if "value" in share else chinese_number(said["number"] or "")
    below, part = chinese_number(said.get("below") or ""), said.get("part")
    if number and below:
        number = (number * 100 / below).quantize(Decimal("0.1"))
    elif number is not None:
        number = number * share.get("times", 1) + (chinese_number(_SAID["half"].get(part, part) or "0") or 0)
    usual = share.get("rounded") if part is None or part in _SAID["half"] else None
    return number, share.get("unit", _PERCENT), "over" if said.get("over") else "more" if said.get("more") else usual


def _amount(text: str, run: re.Match[str]) -> _Found | None:
    """The amount of money that a run of numerals says: it has a scale (万, 亿), or 元 stands behind it."""
    words, end = run.group(), run.end()
    names = any(text[end - 1 : end - 1 + length] in general_terms() for length in range(2, 6))
    if _patterns("tail").search(words) and ("." in words or names):
        words, end = words[:-1], end - 1  # 6.51万|三公: no spoken digit
    behind = _patterns("behind").match(text, end)
    money = _patterns("money").match(text, behind.end() if behind is not None else end)
    scale = next((one for one in reversed(SCALES) if one in words), "")
    before = _patterns("before").search(text[: run.start()])
    said = said_number(words, over=before is not None and before.lastgroup == "alone", alone=before is not None)
    if said is None or not (scale or money):
        return None
    rounded = said.rounded
    if money is not None:
        rounded, end = rounded or _how(behind), money.end()
    factor = SCALES.get(scale, 1)
    number = said.value / factor
    digits = number.as_tuple().exponent
    if rounded is None and said.step < factor and isinstance(digits, int):
        number = number.quantize(min(Decimal(said.step) / factor, Decimal(1).scaleb(digits)))  # 1亿2000万 is exact to 万
    return run.start(), end, number, scale + _SAID["unit"], rounded


def _count(text: str, match: re.Match[str]) -> _Found:
    """How many things of a kind are said; no number where something else is meant."""
    said, unit, number = _SAID["counted"], match["unit"], match["number"]
    name = any(text[match.start() : match.start() + length] in general_terms() for length in range(2, 6))  # 三公|里: no length
    hundred = unit == said["part_of_percent"][0] and number[-1] in said["part_of_percent"][1]
    none = hundred or (not number[0].isdigit() and (name or unit in said["no_figure"]))
    start = match.start() - text.endswith(tuple(said["vehicles_before"]), 0, match.start())  # 有车102台
    cars = match["vehicles"] or start < match.start()
    value = None if none else said_number(number, alone=True)
    some: Rounded | None = None if not match["some"] else "around" if match["some"] in _SAID["around"] else "more"
    return start, match.end(), value and value.value, said["of_vehicles"] if cars else unit, some or (value and value.rounded)
