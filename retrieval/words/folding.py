"""The text of a question as the rules read it: widths, blanks and numerals folded, amounts found.

Takes what a person typed, of any length and content; gives plain text of at most `MOST_READ` characters and the amounts
in it. Nothing here knows a term of the budget.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from store.money import MONEY_UNITS

MOST_READ = 600  # characters: a question is shorter; what lies beyond is not read, so time is bounded

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = "".join(_DIGITS) + "".join(_PLACES) + "".join(_MYRIADS)
_PUNCTUATION = str.maketrans(
    {
        ",": "，",
        "?": "？",
        "!": "！",
        ";": "；",
        ":": "：",
        "(": "（",
        ")": "）",
        "～": "-",
        "~": "-",
        "—": "-",
        "–": "-",
        "−": "-",
        "‐": "-",
        "「": "“",
        "」": "”",
        "『": "“",
        "』": "”",
    }
)
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
        elif c in _PLACES:
            place = _PLACES[c]
            section += (digit or 1) * place
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[c] if c == "亿" else total + (section + digit) * _MYRIADS[c]
            section, digit, place = 0, 0, _MYRIADS[c]
    trailing = digit * (place // 10) if place >= 100 and digit and text[-2] in "百千万亿佰仟" else digit  # 两百三 = 230
    return Decimal(total + section + trailing)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as said in a question. `number` is in `unit`."""

    number: Decimal
    unit: str  # "万元", "元", "%", or a word for counting
    start: int
    end: int

    @property
    def yuan(self) -> Decimal | None:
        factor = MONEY_UNITS.get(self.unit)
        return None if factor is None else self.number * factor


_COUNTED = "批次|人次|辆|台套|台|套|个|人|名|家|批|次|平方米|起|艘|架"
_MONEY = re.compile(rf"([+-]?\d+(?:\.\d+)?|[{_NUMERAL}]+)(多|余|来)?(亿|千万|百万|万|千)?(多|余)?(元|块钱|块(?!儿)|人民币)?")
_PERCENT = re.compile(rf"百分之([{_NUMERAL}点]+|\d+(?:\.\d+)?)|([+-]?\d+(?:\.\d+)?)\s*(?:%|个?百分点)")
_TIMES = re.compile(rf"(?:增长|增加|涨|上升|上涨)了?([{_NUMERAL}]+|\d+)倍|翻了?一番")  # more by that many times: a change of n × 100 %
ASKS_TIMES = re.compile(
    r"(?<!增长)(?<!增加)(?<![涨多翻了])[几多少]+倍|之比|比值|除以|(?:抵得?上?|抵上|相当于|等于|顶得?上?|折合)[^，。]{0,2}?(?:几|多少)个"
)
"""抵得上几个, 是…的几倍; not 增长了几倍, which asks for a change."""
_COUNT = re.compile(rf"(\d+|[{_NUMERAL}]+)\s*({_COUNTED})(?![{HAN}]?元)")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Amounts of money, percentages and counts in folded text, in order. A bare number without a unit is none."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= a or start >= b for a, b in taken)

    for match in _PERCENT.finditer(text):
        words = match.group(1)
        number = _percent_words(words) if words else Decimal(match.group(2))
        if number is not None:
            found.append(Quantity(number, "%", match.start(), match.end()))
            taken.append(match.span())
    for match in _TIMES.finditer(text):
        times = chinese_number(match.group(1)) if match.group(1) else Decimal(1)
        if times is not None:
            found.append(Quantity(times * 100, "%", match.start(1) if match.group(1) else match.start(), match.end()))
            taken.append(match.span())
    for match in _MONEY.finditer(text):
        if not free(*match.span()):
            continue
        quantity = _money(match)
        if quantity is not None:
            found.append(quantity)
            taken.append(match.span())
    for match in _COUNT.finditer(text):
        number = chinese_number(match.group(1))
        if number is not None and free(*match.span()):
            found.append(Quantity(number, match.group(2), match.start(), match.end()))
    return tuple(sorted(found, key=lambda q: q.start))


def _percent_words(words: str) -> Decimal | None:
    whole, _, part = words.partition("点")
    number = chinese_number(whole)
    decimals = "".join(str(_DIGITS[c]) for c in part if c in _DIGITS)
    return number + Decimal(f"0.{decimals}") if number is not None and decimals else number


def _money(match: re.Match[str]) -> Quantity | None:
    digits, _, scale, _, yuan = match.groups()
    numeric = digits[0] in "+-0123456789"
    if not numeric and digits[-1] in _MYRIADS and not scale:  # 二十万(元): the scale stands in the numeral
        scale, digits = digits[-1], digits[:-1]
    if not (scale or yuan) or not digits:
        return None
    if scale == "千" and not yuan:
        return None
    number = chinese_number(digits)
    if number is None:
        return None
    return Quantity(number, f"{scale or ''}元", match.start(), match.end())
