"""What the words of a plain-text table are by their form: figures, codes, the beginnings of rows."""

from __future__ import annotations

import re
from typing import Final

FIGURE: Final = re.compile(r"[-+−－]?\d+(?:,\d{3})*(?:\.\d+)?%?|[（(]\d[\d,]*\.\d+[）)]|[-—─]{1,6}")
"""A printed amount, count or rate, or the dash that stands for none."""

AMOUNT: Final = re.compile(r"[-+−－]?\d+(?:,\d{3})*\.\d+%?|[-+−－]?\d+(?:,\d{3})+|[（(]\d[\d,]*\.\d+[）)]|0")
"""A figure that cannot be a code."""

FURNITURE: Final = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+")
"""A page's number between dashes."""

CODE: Final = re.compile(r"[1-9]\d{2}(?:\d{2}){0,3}")
"""类 (3 digits), 款 (5), 项 (7); an economic code likewise."""

ENUMERATED: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|[（(]?\d{1,2}[)）、.．](?!\d)|其中[:：])"
)
_TOTAL: Final = re.compile(r"(?:本年)?(?:收入|支出)?(?:合计|总计|小计)")
_BLANKS: Final = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """The text without any blank."""
    return _BLANKS.sub("", text)


def is_figure(word: str) -> bool:
    """A word that a figure column may hold: an amount, a dash for none, or a plain number that is no code."""
    return bool(AMOUNT.fullmatch(word)) or (
        bool(FIGURE.fullmatch(word)) and not CODE.fullmatch(word) and not re.fullmatch(r"0\d+|\d{2}|\d{6}", word)
    )


def is_row_start(word: str) -> bool:
    """A word that begins a row: a code, or a numbered label (一、 （一） 1、)."""
    return bool(CODE.fullmatch(word)) or bool(ENUMERATED.match(word))


def is_total_word(text: str) -> bool:
    """合计, 总计, 小计, 本年收入合计 … alone."""
    return bool(_TOTAL.fullmatch(squeeze(text)))
