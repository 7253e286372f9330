"""Printed numbers and units to exact amounts, and back.

Money is `Decimal` in 元. The printed text is never altered: reading folds full-width digits, commas and blanks in a
copy. Rounding happens only in `print_money`, once, for display.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

MONEY_UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
"""元 in one of each unit that a disclosure prints beside its tables or in prose."""

_LONGEST_FIRST = sorted(MONEY_UNITS, key=len, reverse=True)
_NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?|[+-]?\.\d+")
_BRACKETED = re.compile(r"\((.+)\)")
_CURRENCY = re.compile(r"^([+-]?)¥(?=[\d.+-])")
_MINUS = str.maketrans("−–‐△", "----")
"""Printed for minus; △ is what accountants write."""


def read_number(text: str) -> Decimal | None:
    """The number that a cell prints, in its printed unit; None if the cell is not one number.

    Understands `3,200.50`, `-3.20`, `(3.20)` and `△3.20` for minus, full-width digits and signs, a leading `¥` and a trailing `%`.
    `-`, `—`, `/` and blanks are not numbers: such a cell is empty. `3,20` is not a number either, but `1234,567` is one:
    a workbook's format `0,000` parts the last three digits only.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = _CURRENCY.sub(r"\1", re.sub(r"\s", "", plain)).removesuffix("%")
    if bracketed := _BRACKETED.fullmatch(plain):
        inner = read_number(bracketed.group(1))
        return None if inner is None else -inner
    if not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain.replace(",", ""))


def unit_behind(text: str) -> str | None:
    """The unit of money that a text ends with; None if it ends with none: `980.00万元` → 万元."""
    return next((unit for unit in _LONGEST_FIRST if text.endswith(unit)), None)


def to_yuan(number: Decimal, unit: str) -> Decimal | None:
    """`number` of `unit` in 元, exact; None if `unit` is not a unit of money."""
    factor = MONEY_UNITS.get(unit)
    return None if factor is None else number * factor


def in_unit(amount: Decimal, unit: str) -> Decimal:
    """An amount (元) as an exact number of `unit`. Raises KeyError if `unit` is not a unit of money."""
    return amount / MONEY_UNITS[unit]


def print_money(amount: Decimal, unit: str, places: int = 2) -> str:
    """An amount (元) as it is shown: `print_money(Decimal(6499200), "万元") == "649.92"`.

    At most `places` decimals, rounded half up; a figure that is exact with fewer keeps two (元: none if whole).
    """
    number = in_unit(amount, unit)
    shown = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if unit == "元" and shown == shown.to_integral_value():
        shown = shown.quantize(Decimal(1))
    return f"{shown:,f}"
