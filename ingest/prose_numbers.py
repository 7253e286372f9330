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
from store.numerals import MULTIPLIERS, NUMERALS, read_numeral
from store.vocabulary import read_rows

_UNIT_COLUMNS = ("unit", "counts", "not_before", "source")
_RATE_UNITS = ("个百分点", "百分点", "%", "％")
_THRESHOLD = re.compile(r"\s*(?:[（(]\s?(?:含|不含)[^（）()]{0,6}[）)])?\s*(?:及|或)?(?:以上|以下|以内|以外|之内|起)")
_BARE_TEN_THOUSAND = re.compile(r"\s*万(?=\s*[（(，,。；;、）)]|$)")
_GAP = "[ \u00a0\u2009\u202f]"
_NUMBER = rf"[-−－]?(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)|\d+)(?:\.\d+)?"
_BEHIND_GAP = re.compile(rf"\d{_GAP}$")
_IN_GROUPS = re.compile(rf"0\d|\d{{3}}(?!\d)|\d+{_GAP}")
"""Begins a part of a number that is printed in groups."""

_WRITTEN = re.compile(rf"(?<![\d.,{NUMERALS}第])(?P<number>[\d.,]*[{NUMERALS}][\d.,{NUMERALS}]*)(?P<unit>元)(?![{NUMERALS}\d]{{1,2}}角)")
_TENTHS = re.compile(r"(?<=[加少长降低高减增升了达为的])(?P<number>[一二两三四五六七八九]|[1-9])(?P<unit>成)(?=[，。；、）)\n]|$)")
_ZERO = re.compile(r"(?<=为)(?:零|0)(?=[，。；、）)\n]|$)")
_ONE_TO_NINE = "[一二三四五六七八九]"
_CHINESE_NUMBER = re.compile(
    rf"(?<![一二三四五六七八九十百第每各])(十{_ONE_TO_NINE}?|{_ONE_TO_NINE}十{_ONE_TO_NINE}?|[两二三四五六七八九])(?=个|家|名|辆|台)"
)
_SCALED = {"万元": MONEY_UNITS["万元"], "亿元": MONEY_UNITS["亿元"]}
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
        if _THRESHOLD.match(text, found.end()) or (_BEHIND_GAP.search(text[: found.start()]) and _IN_GROUPS.match(digits)):
            continue
        number = _value(digits)
        unit = "%" if unit == "％" else unit
        yield ProseNumber(found.start(), found.end(), digits, unit, number, to_yuan(number, unit))
    for found in _WRITTEN.finditer(text):
        written = found.group("number")
        value = read_numeral(written)
        if value is None or _is_digits_alone(written) or _THRESHOLD.match(text, found.end()):
            continue
        scale = written[-1] if f"{written[-1]}元" in _SCALED else ""
        unit = f"{scale}元"
        yield ProseNumber(found.start(), found.end(), written.removesuffix(scale), unit, value / _SCALED.get(unit, 1), value)
    for found in _TENTHS.finditer(text):
        tenths = read_numeral(found.group("number"))
        if tenths is not None:
            yield ProseNumber(found.start(), found.end(), found.group(), "%", tenths * 10, None)
    for found in re.finditer(rf"(?<![\d.,])({_NUMBER})(?={_BARE_TEN_THOUSAND.pattern})", text):
        number = _value(found.group(1))
        end = text.index("万", found.end()) + 1
        yield ProseNumber(found.start(), end, found.group(1), "万元", number, to_yuan(number, "万元"))


def read_zeros(text: str) -> tuple[ProseNumber, ...]:
    """Every 为零 and 为0 that ends a clause. Only for clauses about money: what else is zero has a unit of its own."""
    return tuple(ProseNumber(found.start(), found.end(), found.group(), "元", Decimal(0), Decimal(0)) for found in _ZERO.finditer(text))


def _value(digits: str) -> Decimal:
    return Decimal(re.sub(rf",|{_GAP}", "", re.sub(r"[−－]", "-", digits)))


def _is_digits_alone(written: str) -> bool:
    """Whether digits stand before one unit of money, 320万元: read as such."""
    return not any(character in NUMERALS for character in written[:-1])


@cache
def _pattern() -> re.Pattern[str]:
    """A number and a unit: money first, then rates, then the units of data/vocabulary/units_of_count.csv."""
    counts = {row["unit"]: row["not_before"] for row in read_rows("units_of_count.csv", _UNIT_COLUMNS, key=("unit",))}
    units = sorted((*MONEY_UNITS, *_RATE_UNITS, *counts), key=len, reverse=True)
    alternatives = "|".join(re.escape(unit) + (f"(?![{counts[unit]}])" if counts.get(unit) else "") for unit in units)
    return re.compile(rf"(?<![\d.,A-Za-z〔\[第{MULTIPLIERS}])(?P<number>{_NUMBER})\s*(?P<unit>{alternatives})")


def _chinese_value(text: str) -> int:
    tens, found, units = text.rpartition("十")
    if not found:
        return _CHINESE_DIGITS[units]
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[units] if units else 0)
