"""Numbers with their units as prose prints them: 649.92万元, 97.29%, 6个, 26人次.

Takes a text, gives every number that counts, measures or costs something, with its place. Years, dates, codes,
paragraph numbers and thresholds (单位价值50万元以上) are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from store.money import MONEY_UNITS, to_yuan
from store.vocabulary import read_rows

_UNIT_COLUMNS = ("unit", "counts", "not_before", "source")
_RATE_UNITS = ("个百分点", "百分点", "%", "％")
_THRESHOLD = re.compile(r"\s*(?:[（(]\s?(?:含|不含)[^（）()]{0,6}[）)])?\s*(?:及|或)?(?:以上|以下|以内|以外|之内|起)")
_BARE_TEN_THOUSAND = re.compile(r"\s*万(?=\s*[（(，,。；;、）)]|$)")
_NUMBER = r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_ONE_TO_NINE = "[一二三四五六七八九]"
_CHINESE_NUMBER = re.compile(
    rf"(?<![一二三四五六七八九十百第每各])(十{_ONE_TO_NINE}?|{_ONE_TO_NINE}十{_ONE_TO_NINE}?|[两二三四五六七八九])(?=个|家|名|辆|台)"
)
_CHINESE_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True, slots=True)
class ProseNumber:
    """A number in prose: where its digits begin, where its unit ends, and what it is."""

    start: int
    end: int
    text: str                      # the digits as printed
    unit: str                      # as printed; "%" for every way of printing per cent
    number: Decimal
    amount: Decimal | None         # 元, if it is money

    @property
    def is_rate(self) -> bool:
        return self.unit in _RATE_UNITS

    @property
    def is_count(self) -> bool:
        return self.amount is None and not self.is_rate


def read_numbers(text: str) -> tuple[ProseNumber, ...]:
    """Every number with a unit in `text`, in order.

    >>> [(n.text, n.unit) for n in read_numbers("共接待2批次26人次，支出1.40万元")]
    [('2', '批次'), ('26', '人次'), ('1.40', '万元')]
    """
    return tuple(sorted(_numbers(text), key=lambda number: number.start))


def read_chinese_counts(text: str) -> tuple[ProseNumber, ...]:
    """Small counts printed in words, 五个 or 十二名. Only for text that is about counts: 一个 is often no number."""
    found: list[ProseNumber] = []
    for match in _CHINESE_NUMBER.finditer(text):
        number = Decimal(_chinese_value(match.group(1)))
        found.append(ProseNumber(match.start(), match.end() + 1, match.group(1), text[match.end()], number, None))
    return tuple(found)


def _numbers(text: str) -> Iterator[ProseNumber]:
    for found in _pattern().finditer(text):
        digits, unit = found.group("number"), found.group("unit")
        if _THRESHOLD.match(text, found.end()):
            continue
        number = Decimal(re.sub(r"[−－]", "-", digits).replace(",", ""))
        unit = "%" if unit == "％" else unit
        yield ProseNumber(found.start(), found.end(), digits, unit, number, to_yuan(number, unit))
    for found in re.finditer(rf"(?<![\d.,])({_NUMBER})(?={_BARE_TEN_THOUSAND.pattern})", text):
        number = Decimal(re.sub(r"[−－]", "-", found.group(1)).replace(",", ""))
        end = text.index("万", found.end()) + 1
        yield ProseNumber(found.start(), end, found.group(1), "万元", number, to_yuan(number, "万元"))


@cache
def _pattern() -> re.Pattern[str]:
    """A number and a unit: money first, then rates, then the units of data/vocabulary/units_of_count.csv."""
    counts = {row["unit"]: row["not_before"] for row in read_rows("units_of_count.csv", _UNIT_COLUMNS, key=("unit",))}
    units = sorted((*MONEY_UNITS, *_RATE_UNITS, *counts), key=len, reverse=True)
    alternatives = "|".join(re.escape(unit) + (f"(?![{counts[unit]}])" if counts.get(unit) else "") for unit in units)
    return re.compile(rf"(?<![\d.,A-Za-z〔\[第])(?P<number>{_NUMBER})\s*(?P<unit>{alternatives})")


def _chinese_value(text: str) -> int:
    tens, found, units = text.rpartition("十")
    if not found:
        return _CHINESE_DIGITS[units]
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[units] if units else 0)
