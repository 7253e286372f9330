"""What a spreadsheet shows for a stored number: `shown(1234.5, "#,##0.00") == "1,234.50"`.

A workbook stores 1234.5 and a format; the printed text exists only on screen. Covers the parts of a format that
disclosures use: sections for plus, minus and zero, decimals, thousands, scaling, per cent, literal text, text and general.
Fractions, exponents and dates are shown as the stored number, as General would.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

_TOKENS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[#0?]+(?:[,#0?]*[#0?])?(?:\.[#0?]*)?,*|\.[#0?]+|%|@|General|.', re.IGNORECASE | re.DOTALL)
_DIGITS: Final = re.compile(r"[#0?.]")
_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)


def shown(value: float | int, form: str) -> str:
    """The displayed text of `value` in the number format `form` ("General", "0.00", "#,##0;-#,##0;\\"-\\"" …)."""
    number = Decimal(repr(value))
    sections = _sections(form)
    tokens, signed = _pick(sections, number)
    placeholders = [token for token in tokens if _DIGITS.match(token)]
    literals = "".join(_literal(token) for token in tokens)
    if len(placeholders) != 1 or _DATE.search(literals):
        return literals.strip() if tokens and not placeholders and literals.strip() and not _is_general(tokens) else general(number)
    body = _digits(number.copy_abs(), placeholders[0], tokens.count("%"))
    if all(character in "0.,%" for character in body):
        signed = False
    parts = [body if token == placeholders[0] else "%" if token == "%" else _literal(token) for token in tokens]
    return ("-" if signed else "") + "".join(parts).strip()


def general(number: Decimal) -> str:
    """A number without a format: no trailing zeros, no exponent, at most 15 significant digits."""
    text = f"{number:.15g}" if abs(number) >= Decimal(1) else f"{number:f}"
    plain = f"{Decimal(text):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@lru_cache(maxsize=512)
def _sections(form: str) -> tuple[tuple[str, ...], ...]:
    sections: list[list[str]] = [[]]
    for token in _TOKENS.findall(form):
        if token == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(tuple(section) for section in sections)


def _pick(sections: tuple[tuple[str, ...], ...], number: Decimal) -> tuple[tuple[str, ...], bool]:
    """The section for a number, and whether the minus sign has to be added."""
    numeric = [section for section in sections if "@" not in section] or [()]
    if number < 0 and len(numeric) > 1:
        return numeric[1], False
    if number == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], number < 0


def _is_general(tokens: tuple[str, ...]) -> bool:
    return any(token.casefold() == "general" for token in tokens)


def _literal(token: str) -> str:
    if token.startswith('"'):
        return token.strip('"')
    if token.startswith("\\"):
        return token[1:]
    if token.startswith("[$"):
        return token[2:-1].split("-")[0]
    if token[0] in "_*[" or token == "%" or token.casefold() == "general":
        return ""
    return "" if _DIGITS.match(token) else token


def _digits(number: Decimal, placeholder: str, percents: int) -> str:
    scaling = len(placeholder) - len(placeholder.rstrip(","))
    pattern = placeholder.rstrip(",")
    whole, _, fraction = pattern.partition(".")
    scaled = number * Decimal(100) ** percents / Decimal(1000) ** scaling
    rounded = scaled.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    integer, point, decimals = text.partition(".")
    missing = whole.count("0") - len(integer.replace(",", ""))
    if missing > 0:
        integer = "0" * missing + integer
    if integer == "0" and "0" not in whole:
        integer = ""
    return integer + (point + decimals if decimals else "")
