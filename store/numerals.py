"""Numbers written in Chinese numerals, alone or among digits: 叁佰贰拾万, 一十二万五千, 1亿2000万.

Takes a numeral as printed, gives its value, or None where it is not wholly understood: never a part of it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = {
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
STEPS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SCALES: Final = {"万": 10_000, "亿": 100_000_000}
_ZERO: Final = "零〇"
_ENDLESS: Final = 10**12
_SPELLED_OUT: Final = 3
"""Digits that a remainder in digits must have: 1万5 may be 15,000 or 10,005."""

MULTIPLIERS: Final = "".join((*STEPS, *SCALES))
NUMERALS: Final = "".join((*DIGITS, *_ZERO, *STEPS, *SCALES))
_ARABIC: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TOKEN: Final = re.compile(rf"{_ARABIC}|[{NUMERALS}]")


def read_numeral(text: str) -> Decimal | None:
    """The value of a whole numeral.

    >>> read_numeral("一十二万五千"), read_numeral("叁佰贰拾万"), read_numeral("五百三"), read_numeral("二〇二五")
    (Decimal('125000'), Decimal('3200000'), None, None)
    """
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text or (any("." in token for token in tokens) and len(tokens) > 2):
        return None
    total, section, current = Decimal(0), Decimal(0), None
    step, scale = _ENDLESS, _ENDLESS
    for before, token in zip(("", *tokens), tokens, strict=False):
        if token in STEPS:
            if STEPS[token] >= step or (current is None and (before or STEPS[token] != 10)):
                return None
            step = STEPS[token]
            section, current = section + (Decimal(1) if current is None else current) * step, None
        elif token in SCALES:
            section += current or 0
            if SCALES[token] >= scale or not section:
                return None
            scale, step = SCALES[token], _ENDLESS
            total, section, current = total + section * scale, Decimal(0), None
        elif token in _ZERO:
            if current is not None:
                return None
        elif current is not None:
            return None
        else:
            current = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token.replace(",", ""))
    if current is not None and len(tokens) > 1 and not _may_end(tokens[-1], tokens[-2]):
        return None
    return total + section + (current or 0)


def _may_end(last: str, before: str) -> bool:
    """Whether the last digits are ones: behind 十 or 零, or written out."""
    return before in ("十", "拾", *_ZERO) or (last[0].isdigit() and len(last) >= _SPELLED_OUT)
