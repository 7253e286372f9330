"""The text of a question as the rules read it: widths, quotes, blanks and numerals folded; and the value of a number in words, digits or
both (两百三, 五十二点九亿, 七八千万, 十几万), as people say it.

Takes what a person typed, of any length and content; gives plain text of at most `MOST_READ` characters. Nothing here knows a term of
the budget. What is folded into what is data/grammar/folding.toml, how numerals are written numbers.toml.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from itertools import cycle

from retrieval.question.expression import Rounded
from retrieval.words.grammar import load
from store.numerals import DIGITS as COUNTING
from store.numerals import SCALES, STEPS

MOST_READ = 600  # characters: a question is shorter; what lies beyond is not read, so time is bounded

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_FOLDED = load("folding.toml")
_SAME = str.maketrans(_FOLDED["characters"]["written"], _FOLDED["characters"]["read"])
_BARE = str.maketrans(_FOLDED["brackets"]["written"], _FOLDED["brackets"]["read"])

_SAID = load("numbers.toml")
DIGITS = {**dict.fromkeys(_SAID["zeros"], 0), **COUNTING}
SOME = _SAID["more"] + _SAID["around"] + _SAID["several"]
_TEN = next(iter(STEPS))
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
_DECIMALS = re.compile(rf"([{''.join((*DIGITS, *STEPS))}]+){_SAID['point']}([{''.join(DIGITS)}]+)")


@lru_cache(maxsize=1 << 14)
def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return re.fullmatch(f"[{HAN}]", character) is not None


@cache
def _rewritten() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), by) for pattern, by in _FOLDED["rewritten"]]


def fold(text: str) -> str:
    """`text` with widths, quotes, blanks and year numerals folded, cut to `MOST_READ` characters.

    Commas between digits go (`1,234.5` → `1234.5`); every other comma becomes full-width. Blanks between Han characters
    go where a single character stands alone (三 公 经费) and stay as one blank elsewhere, since they part words.
    """
    kept = _FOLDED["characters"]["kept"]
    plain = "".join(c if c in kept else unicodedata.normalize("NFKC", c) for c in text[: MOST_READ * 2])
    plain = "".join(" " if c.isspace() else c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain).translate(_SAME)
    quotes = cycle(_FOLDED["characters"]["quotes"])
    plain = re.sub('"', lambda _: next(quotes), plain).strip()
    for pattern, by in _rewritten():
        plain = pattern.sub(by, plain)
    plain = re.sub(_FOLDED["years"], lambda year: in_digits(year.group()), plain)
    return plain.lower()[:MOST_READ]


@lru_cache(maxsize=1 << 16)  # disclosures print the same names over and over
def bare(text: str) -> str:
    """A label or term with everything dropped that printing varies: blanks, quotes, brackets' width, dashes, case."""
    return re.sub(_FOLDED["varies"], "", unicodedata.normalize("NFKC", text)).translate(_BARE).lower()


@dataclass(frozen=True, slots=True)
class Number:
    """A number as said, with the place of its last digit and how rough it is."""

    value: Decimal
    step: int
    rounded: Rounded | None = None


def in_numerals(number: int) -> str:
    """A whole number under a hundred in Chinese numerals: 3 → 三, 21 → 二十一.

    >>> in_numerals(3), in_numerals(10), in_numerals(21)
    ('三', '十', '二十一')
    """
    digits = _SAID["numerals"]
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + (_TEN if tens else "") + (digits[ones] if ones or not tens else "")


def in_digits(numerals: str) -> str:
    """Numerals of single digits, one by one: 二〇二四 is 2024."""
    return "".join(str(DIGITS[c]) for c in numerals)


def _with_point(text: str) -> str:
    """A text with its numbers that have decimals in digits: 五十二点九亿 is 52.9亿."""
    return _DECIMALS.sub(lambda said: f"{chinese_number(said[1])}.{in_digits(said[2])}", text)


def chinese_number(text: str) -> Decimal | None:
    """The number that Chinese numerals or digits write: 两百三十 → 230, 1.5 → 1.5, 三 → 3, 二十万 → 200000; None if neither."""
    plain = _with_point(text)
    try:
        return Decimal(plain)
    except InvalidOperation:
        pass
    if plain and all(c in DIGITS for c in plain):
        return Decimal(in_digits(plain))
    number = said_number(plain, alone=True) if plain and all(c in DIGITS or c in STEPS or c in SCALES for c in plain) else None
    return number.value if number is not None else None


def said_number(words: str, *, alone: bool = False, over: bool = False) -> Number | None:
    """The number that a run of numerals says; None where it says none.

    A place or scale alone is none (千万 is as good as a name), unless it is known to be one (`alone`) or said to be passed (`over`: 上亿).
    """
    sign = -1 if words[0] == "-" else 1
    tokens = _TOKEN.findall(_with_point(words.lstrip("+-")))
    total = section = Decimal(0)
    current: Decimal | None = None
    step, place, myriad = 1, 1, 0  # of the last digit, of the last word for a place, of the last 万 or 亿
    rounded: Rounded | None = None
    zero = False  # what follows stands in its own place: 三万零五百
    if all(one in STEPS or one in SCALES for one in tokens[: 1 + (len(tokens) > 1)]) and tokens[0] != _TEN:
        if not (alone or over) and (tokens[0] in SCALES or not any(one in SOME for one in tokens)):
            return None
        rounded = "more" if over else None
        current = Decimal(1) if tokens[0] in SCALES else None
    elif tokens[0] in SOME:
        return None
    for at, token in enumerate(tokens):
        if token == _SAID["measure"]:
            continue
        if token[0].isdigit() and token.isascii():
            if current is not None and not zero:
                return None
            current = Decimal(token)
        elif token in DIGITS:
            digit = Decimal(DIGITS[token])
            if current and rounded is None and digit == current + 1 and at + 1 < len(tokens):
                rounded = "more"  # 七八千万: seven and more
            elif current is None or tokens[at - 1] in _SAID["zeros"]:
                current = digit
            elif place > 1 or section or total:
                return None
            else:
                current = current * 10 + digit
            zero = zero or token in _SAID["zeros"]
        elif token in _SAID["several"]:  # 十几万, 三亿几千万: no digit, and more than none
            current, rounded = Decimal(0), "more"
        elif token in SOME:
            rounded = "around" if token in _SAID["around"] else "more"
        elif token in STEPS:
            if section and STEPS[token] >= place and place < min(SCALES.values()):
                return None
            step = place = STEPS[token]
            section, current, zero = section + (Decimal(1) if current is None else current) * place, None, False
        else:
            value = SCALES[token]
            section += current or 0
            total = (total + section) * value if 0 < myriad <= value else total + section * value  # 三万亿, 九万七千多万
            if not total:
                return None
            step = value if current is not None else step * value
            section, current, place, myriad, zero = Decimal(0), None, value, value, False
    if current is not None:
        spoken = place >= 100 and len(tokens[-1]) == 1 and not zero and tokens[-2] not in DIGITS
        step = place // 10 if spoken else 1
        section += current * step
        if not spoken and not (place > 1 or len(tokens) == 1 or all(one in DIGITS for one in tokens)):
            return None
    return Number(sign * (total + section), step, rounded)


def contains(label: str, said: str) -> bool:
    """Whether every character of `said` stands in `label` in order: how people shorten labels (订党报党刊)."""
    rest = iter(bare(label))
    return all(c in rest for c in bare(said))
