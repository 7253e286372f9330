"""The text of a question as the rules read it: widths, blanks and numerals folded, amounts found.

Takes what a person typed, of any length and content; gives plain text of at most `MOST_READ` characters and the amounts
in it. Nothing here knows a term of the budget.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from store.numerals import DIGITS, SCALES, STEPS

MOST_READ = 600  # characters: a question is shorter; what lies beyond is not read, so time is bounded

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_DIGITS = {**dict.fromkeys("〇零○", 0), **DIGITS}
_NUMERAL = "".join((*_DIGITS, *STEPS, *SCALES))
_PUNCTUATION = str.maketrans(",?!;:()～~—–−‐「」『』", "，？！；：（）------“”“”")
_KEPT_WIDE = "，？！；：（）"
_YEAR_NUMERALS = re.compile(r"[〇零○一二三四五六七八九]{2,4}(?=年)")
_UNIT_APART = re.compile(r"(?<=\d) (?=[万亿千元年月日%辆个人名次批台家项套])")  # 1.40 万元, as documents are pasted
_SPLIT_CODE = re.compile(r"(?<!\d)(\d{3})[ \-](\d{2})(?:[ \-](\d{2}))?(?!\d)")


def fold(text: str) -> str:
    """`text` with widths, quotes, blanks and year numerals folded, cut to `MOST_READ` characters.

    Commas between digits go (`1,234.5` → `1234.5`); every other comma becomes full-width. Blanks between Han characters
    go where a single character stands alone (三 公 经费) and stay as one blank elsewhere, since they part words.
    """
    plain = "".join(c if c in _KEPT_WIDE else unicodedata.normalize("NFKC", c) for c in text[: MOST_READ * 2])
    plain = "".join(" " if c.isspace() else c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    plain = re.sub(r"[‘’`'\"]", lambda m: {"‘": "“", "’": "”"}.get(m.group(), '"'), plain)
    plain = _pair_quotes(plain)
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    plain = plain.translate(_PUNCTUATION)
    plain = re.sub(r" +", " ", plain).strip()
    plain = _UNIT_APART.sub("", plain)
    plain = re.sub(rf"(?<=年) (?=[{HAN}])|(?<=[{HAN}]) (?=20\d\d年)", "", plain).replace("几多", "多少")
    plain = _SPLIT_CODE.sub(lambda m: "".join(part or "" for part in m.groups()), plain)
    plain = re.sub(rf"(?<=[{HAN}]) (?=[{HAN}](?: |$))|(?<= [{HAN}]) (?=[{HAN}])|(?<=^[{HAN}]) (?=[{HAN}])", "", plain)
    plain = _YEAR_NUMERALS.sub(lambda m: "".join(str(_DIGITS[c]) for c in m.group()), plain)
    return plain.lower()[:MOST_READ]


def _pair_quotes(text: str) -> str:
    """Straight double quotes as opening and closing ones, in turn."""
    out: list[str] = []
    opening = True
    for c in text:
        if c == '"':
            out.append("“" if opening else "”")
            opening = not opening
        else:
            out.append(c)
    return "".join(out)


def bare(text: str) -> str:
    """A label or term with everything dropped that printing varies: blanks, quotes, brackets' width, dashes, case."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s“”\"'‘’《》、·.\-—]", "", plain).replace("(", "（").replace(")", "）").lower()


def in_numerals(number: int) -> str:
    """A whole number under a hundred in Chinese numerals: 3 → 三, 21 → 二十一.

    >>> in_numerals(3), in_numerals(10), in_numerals(21)
    ('三', '十', '二十一')
    """
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones or not tens else "")


def chinese_number(text: str) -> Decimal | None:
    """The number that Chinese numerals or digits write: 两百三十 → 230, 1.5 → 1.5, 三 → 3, 二十万 → 200000; None if neither."""
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    if any(c not in _NUMERAL for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    total, section, digit, place = 0, 0, 0, 1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in STEPS:
            place = STEPS[c]
            section += (digit or 1) * place
            digit = 0
        else:
            total = (total + section + digit) * SCALES[c] if c == "亿" else total + (section + digit) * SCALES[c]
            section, digit, place = 0, 0, SCALES[c]
    trailing = digit * (place // 10) if place >= 100 and digit and text[-2] in "百千万亿佰仟" else digit  # 两百三 = 230
    return Decimal(total + section + trailing)
