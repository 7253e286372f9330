"""Numbers that stand before headings and list items: 第一部分, 一、, （一）, 1., （1）, ①.

Takes a text, gives the numbering that it begins with. The styles have a usual rank, outermost first; the words of a
heading, and nesting against the usual rank, are read elsewhere (ingest/narrative.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE = "[一二三四五六七八九十百零〇]{1,4}"

_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第\s?({_CHINESE}|\d{{1,2}})\s?部分[\s：:、.．]*")),
    ("chapter", re.compile(rf"第\s?({_CHINESE}|\d{{1,2}})\s?[章篇][\s：:、.．]*")),
    ("section", re.compile(rf"第\s?({_CHINESE}|\d{{1,2}})\s?节[\s：:、.．]*")),
    ("chinese", re.compile(rf"({_CHINESE})\s?(?:[、．]|\.(?!\d))\s*")),
    ("bracketed_chinese", re.compile(rf"[（(]\s?({_CHINESE})\s?[）)][、.．]?\s*")),
    ("arabic", re.compile(r"(\d{1,2})\s?(?:[、．]|\.(?!\d))\s*")),
    ("bracketed_arabic", re.compile(r"(?:[（(]\s?(\d{1,2})\s?[）)]|(\d{1,2})[）)])[、.．]?\s*")),
    ("circled", re.compile(r"([①-⑳])[、.．]?\s*")),
)
"""Every style with its pattern, outermost first. An arabic point followed by a digit is an amount, not a number."""

_OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\s?(?=[一-鿿“（(]|20\d\d\s?年)")

RANK: dict[str, int] = {name: rank for rank, (name, _) in enumerate(_STYLES)}
"""How far in a style stands when nothing else is known: 0 = outermost."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number that a text begins with."""

    style: str                     # a name of RANK, or "outline…" for 4 and 4.1 without a mark
    number: int
    end: int                       # where the words begin

    @property
    def rank(self) -> float:
        """How far in the style usually stands; each point of an outline number goes one step further."""
        return RANK[self.style] if self.style in RANK else RANK["chinese"] + 0.1 * (len(self.style) - len("outline"))

    @property
    def is_upper(self) -> bool:
        """Whether the style numbers headings rather than list items: 第…部分, 一、 and （一）."""
        return self.rank <= RANK["bracketed_chinese"]


def read_numbering(text: str) -> Numbering | None:
    """The numbering that `text` begins with (after blanks); None if it begins with none.

    >>> read_numbering("（二）机构设置").number
    2
    >>> read_numbering("1.40万元") is None
    True
    """
    lead = len(text) - len(text.lstrip())
    for style, pattern in _STYLES:
        if found := pattern.match(text, lead):
            return Numbering(style, _value(next(group for group in found.groups() if group)), found.end())
    return None


def read_outline(text: str) -> Numbering | None:
    """A bare outline number, `4 总体情况` or `4.1 收入预算`; None if there is none.

    Such a number looks like a count (6个科室): only a reader who sees the whole document can tell.
    """
    found = _OUTLINE.match(text.strip())
    if found is None:
        return None
    *outer, last = found.group(1).split(".")
    return Numbering("outline" + "." * len(outer), int(last), found.end() + len(text) - len(text.lstrip()))


def _value(text: str) -> int:
    """一 … 九十九, arabic digits and circled digits as a number."""
    if text.isdecimal():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    tens, found, units = text.rpartition("十")
    if not found:
        return _DIGITS.get(units[-1], 0)
    return (_DIGITS.get(tens[-1], 0) if tens else 1) * 10 + (_DIGITS.get(units[-1], 0) if units else 0)
