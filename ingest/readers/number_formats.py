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

_PARTS: Final = re.compile(
    r'"[^"]*"|[\\!].|_.|\*.|\[[^\]]*\]|[#0?]+(?:[,#0?]*[#0?])?(?:\.[#0?]*)?,*|\.[#0?]+|%|@|General|.', re.IGNORECASE | re.DOTALL
)
_DIGITS: Final = re.compile(r"[#0?.]")
_LITERAL_MARKS: Final = '"\\!'
"""Begin literal text in a format: quoted, or one character."""

_DATE: Final = re.compile(r"[ymdhs]", re.IGNORECASE)


def shown(value: float | int, form: str) -> str:
    """The displayed text of `value` in the number format `form` ("General", "0.00", "#,##0;-#,##0;\\"-\\"" …)."""
    number = Decimal(repr(value))
    sections = _sections(form)
    parts, signed = _pick(sections, number)
    placeholders = [part for part in parts if _DIGITS.match(part)]
    literals = "".join(_literal(part) for part in parts)
    if len(placeholders) > 1 and _is_split(parts):
        body = _split(number.copy_abs(), parts)
        return ("-" if signed and any(digit in "123456789" for digit in body) else "") + body
    if len(placeholders) != 1 or _DATE.search(literals):
        return literals.strip() if parts and not placeholders and literals.strip() and not _is_general(parts) else general(number)
    body = _digits(number.copy_abs(), placeholders[0], parts.count("%"))
    if all(character in "0.,%" for character in body):
        signed = False
    texts = [body if part == placeholders[0] else "%" if part == "%" else _literal(part) for part in parts]
    return ("-" if signed else "") + "".join(texts).strip()


def _is_split(parts: tuple[str, ...]) -> bool:
    """Whether literal text alone stands between the digits: `0!.0000` shows 元 as 万元."""
    digits = [index for index, part in enumerate(parts) if _DIGITS.match(part)]
    return all("." not in part if _DIGITS.match(part) else part[0] in _LITERAL_MARKS for part in parts[digits[0] : digits[-1] + 1])


def _split(number: Decimal, parts: tuple[str, ...]) -> str:
    """The digits of a number filled in from the right, the literal text between them where the format has it."""
    last = [part for part in parts if _DIGITS.match(part)][-1]
    scaling = len(last) - len(last.rstrip(","))
    scaled = (number / Decimal(1000) ** scaling).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    places = [sum(part.count(mark) for mark in "0#?") if _DIGITS.match(part) else 0 for part in parts]
    rest = f"{scaled:f}".zfill(sum(part.count("0") for part in parts if _DIGITS.match(part)))
    shown: list[str] = []
    for index in range(len(parts) - 1, -1, -1):
        if not _DIGITS.match(parts[index]):
            shown.append(_literal(parts[index]))
            continue
        kept = len(rest) if not any(places[:index]) else min(places[index], len(rest))
        shown.append(rest[len(rest) - kept :])
        rest = rest[: len(rest) - kept]
    return "".join(reversed(shown)).strip()


def general(number: Decimal) -> str:
    """A number without a format: no trailing zeros, no exponent, at most 15 significant digits."""
    text = f"{number:.15g}" if abs(number) >= Decimal(1) else f"{number:f}"
    plain = f"{Decimal(text):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@lru_cache(maxsize=512)
def _sections(form: str) -> tuple[tuple[str, ...], ...]:
    sections: list[list[str]] = [[]]
    for part in _PARTS.findall(form):
        if part == ";":
            sections.append([])
        else:
            sections[-1].append(part)
    return tuple(tuple(section) for section in sections)


def _pick(sections: tuple[tuple[str, ...], ...], number: Decimal) -> tuple[tuple[str, ...], bool]:
    """The section for a number, and whether the minus sign has to be added."""
    numeric = [section for section in sections if "@" not in section] or [()]
    if number < 0 and len(numeric) > 1:
        return numeric[1], False
    if number == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], number < 0


def _is_general(parts: tuple[str, ...]) -> bool:
    return any(part.casefold() == "general" for part in parts)


def _literal(part: str) -> str:
    if part.startswith('"'):
        return part.strip('"')
    if part[0] in "\\!":
        return part[1:]
    if part.startswith("[$"):
        return part[2:-1].split("-", maxsplit=1)[0]
    if part[0] in "_*[" or part == "%" or part.casefold() == "general":
        return ""
    return "" if _DIGITS.match(part) else part


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
