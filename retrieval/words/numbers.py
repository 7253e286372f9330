"""Numbers as people say them: 43万5, 3 亿, 两百来万, 九万七千多万, 五成多, 百分之十二点五, 一半, 翻番, 5辆, 13092万.

Takes folded text; gives each number with its unit and where it stands. A bare number has the unit "". Numbers of years, codes
and tables are read elsewhere and taken out before. How they are said is data/grammar/numbers.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, get_args

from retrieval.question.expression import Quantity, Rounded
from retrieval.words.cues import load
from retrieval.words.folding import HAN, chinese_number
from retrieval.words.lexicon import general_terms
from store.vocabulary import read_rows

_SAID = load("numbers.toml")
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_PLACE, _MYRIAD, _ZH = "".join(_PLACES), "".join(_MYRIADS), _SAID["digits"]
_SOME = _SAID["more"] + _SAID["around"] + _SAID["several"]


def _how(match: re.Match[str] | None) -> Rounded | None:
    """How rough a number is by the word beside it, which a group of its pattern is called after."""
    return match.lastgroup if match is not None and match.lastgroup in get_args(Rounded) else None  # pyright: ignore[reportReturnType]


def _pattern(text: str) -> str:
    return text.replace("<digits>", _ZH)


_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
_RUN = re.compile(
    rf"[+-]?(?:\d+(?:\.\d+)?|[{_ZH}{_PLACE}{_MYRIAD}]|(?<=[{_ZH}{_PLACE}]){_SAID['point']}(?=[{_ZH}])"
    rf"|[{_SOME}](?={_SAID['measure']}?[{_PLACE}{_MYRIAD}])|{_SAID['measure']}(?=[{_SOME}]?[{_MYRIAD}]))+"
)
_MONEY = re.compile(_SAID["money"])
_BEHIND = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _SAID["behind"].items()))
_BEFORE = re.compile(
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _SAID['before'].items())}|(?P<exact>{'|'.join(_SAID['exact'])}))$"
)
_BOUND = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _SAID["bound"].items()))
_PERCENT = tuple(re.compile(_pattern(pattern)) for pattern in _SAID["percent"].values())
_PLAIN = re.compile(r"(?<![\d.a-z])[+-]?\d+(?:\.\d+)?(?![\d.])")
_NO_NUMBER = re.compile(rf"[0-9{_ZH}{_PLACE}{_MYRIAD}]{{40,}}")  # no amount is that long, and to look for one in it takes time


def bound(said: str) -> Literal["over", "under"] | None:
    """Whether a quantity is said as a bound: 超过100万元, 不到3万."""
    before = _BOUND.match(said)
    return None if before is None else "over" if before.lastgroup == "over" else "under"


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity where it stands in the text."""

    start: int
    end: int
    quantity: Quantity


@cache
def counted_by() -> dict[str, str]:
    """What each unit counts: vehicles by 辆, points by 分."""
    rows = read_rows("units_of_count.csv", ("unit", "counts", "not_before", "source"), key=("unit",))
    return {row["unit"]: row["counts"] for row in rows}


@cache
def counters() -> tuple[str, ...]:
    """The words for counting, longest first."""
    return tuple(sorted({*counted_by(), "部", "间"}, key=lambda word: (-len(word), word)))


@cache
def _counted() -> re.Pattern[str]:
    rows = read_rows("units_of_count.csv", ("unit", "counts", "not_before", "source"), key=("unit",))
    never = {row["unit"]: f"(?![{row['not_before']}])" for row in rows if row["not_before"]}
    words = "|".join(re.escape(word) + never.get(word, "") for word in counters())
    said = _SAID["counted"]
    return re.compile(rf"{_pattern(said['number'])}({words}){said['vehicles']}(?![{HAN}]?元)")


def find_quantities(text: str) -> tuple[Said, ...]:
    """The quantities in folded text, left to right, none overlapping."""
    text = _NO_NUMBER.sub(lambda run: " " * len(run.group()), text)
    found: list[Said] = []

    def add(start: int, end: int, number: Decimal | None, unit: str, rounded: Rounded | None = None) -> None:
        if number is None or any(start < one.end and end > one.start for one in found):
            return
        before, behind = _BEFORE.search(text[:start]), _BEHIND.match(text, end) if unit else None
        if behind is not None and rounded is None:
            end, rounded = behind.end(), _how(behind)
        if before is not None and (before.lastgroup != "alone" or text[start] in _MYRIAD + _PLACE.replace("十", "")):
            start = before.start()
            rounded = rounded or _how(before)
        found.append(Said(start, end, Quantity(number, unit, rounded)))

    for pattern in _PERCENT:
        for match in pattern.finditer(text):
            add(*match.span(), *_percentage(match.groupdict()))
    for match in _RUN.finditer(text):
        if (amount := _amount(text, match)) is not None:
            add(*amount)
    for match in _counted().finditer(text):
        add(*_count(text, match))
    for match in _PLAIN.finditer(text):
        add(match.start(), match.end(), Decimal(match.group()), "")
    return tuple(sorted(found, key=lambda one: one.start))


def _percentage(said: dict[str, str | None]) -> tuple[Decimal | None, str, Rounded | None]:
    """The percentage or the multiple that the parts of a pattern say, with its unit and how rough it is."""
    rounded = "more" if said.get("more") or said.get("more_too") or said.get("several") else None
    if words := said.get("words"):
        return chinese_number(_in_digits(words)), "%", rounded
    if number := said.get("number"):
        return Decimal(number), "%", None
    if tenths := said.get("tenths"):
        part = said.get("hundredths")
        whole, hundredths = chinese_number(tenths), Decimal(0) if part is None else Decimal(5) if part == "半" else chinese_number(part)
        number = None if whole is None or hundredths is None else whole * 10 + hundredths
        return number, "%", rounded or (None if part and part != "半" else "about")
    if said.get("half"):
        return Decimal(50), "%", rounded or "about"
    if (below := said.get("below")) and (above := said.get("above")):
        one, many = chinese_number(above), chinese_number(below)
        return None if not one or not many else (one * 100 / many).quantize(Decimal("0.1")), "%", "about"
    if said.get("doubled"):
        return Decimal(100), "%", "about"
    return chinese_number(said.get("times") or ""), "倍", rounded


def _amount(text: str, run: re.Match[str]) -> tuple[int, int, Decimal, str, Rounded | None] | None:
    """The amount of money that a run of numerals says: it has a scale (万, 亿), or 元 stands behind it."""
    words, end = run.group(), run.end()
    tail = re.search(rf"(?<=[{_MYRIAD}])[{_ZH}]$", words)
    if tail is not None and ("." in words or any(text[end - 1 : end - 1 + length] in general_terms() for length in range(2, 6))):
        words, end = words[:-1], end - 1  # 6.51万|三公: no spoken digit
    behind = _BEHIND.match(text, end)
    money = _MONEY.match(text, behind.end() if behind is not None else end)
    scale = next((one for one in reversed(_MYRIADS) if one in words), "")
    if not scale and money is None:
        return None
    if (spoken := _spoken(words, text[: run.start()])) is None:
        return None
    number, step, rounded = spoken
    if money is not None:
        rounded, end = rounded or _how(behind), money.end()
    factor = _MYRIADS.get(scale, 1)
    digits = (number := number / factor).as_tuple().exponent
    if rounded is None and step < factor and isinstance(digits, int):
        number = number.quantize(min(Decimal(step) / factor, Decimal(1).scaleb(digits)))  # 1亿2000万 is exact to 万
    return run.start(), end, number, f"{scale}元", rounded


def _spoken(words: str, before: str) -> tuple[Decimal, int, Rounded | None] | None:
    """The number that a run of numerals says, the place of its last digit, and how rough it is. None where it says none."""
    sign, tokens = (-1 if words[0] == "-" else 1), _TOKEN.findall(_in_digits(words.lstrip("+-")))
    total = section = Decimal(0)
    current: Decimal | None = None
    step, place, myriad = 1, 1, 0  # of the last digit, of the last word for a place, of the last 万 or 亿
    rounded: Rounded | None = None
    zero = False  # what follows stands in its own place: 三万零五百
    if all(one in _PLACES or one in _MYRIADS for one in tokens[: 1 + (len(tokens) > 1)]) and tokens[0] != "十":
        alone = _BEFORE.search(before)  # 上亿, 近百万; 千万 alone is as good as a name
        if alone is None and (tokens[0] in _MYRIADS or not any(one in _SOME for one in tokens)):
            return None
        rounded = "more" if alone is not None and alone.lastgroup == "alone" else None
        current = Decimal(1) if tokens[0] in _MYRIADS else None
    elif tokens[0] in _SOME:
        return None
    for at, token in enumerate(tokens):
        if token == _SAID["measure"]:
            continue
        if token[0].isdigit() and token.isascii():
            if current is not None and not zero:
                return None
            current = Decimal(token)
        elif token in _ZH:
            digit = chinese_number(token) or Decimal(0)
            if current and rounded is None and digit == current + 1 and at + 1 < len(tokens):
                rounded = "more"  # 七八千万: seven and more
            elif current is not None and tokens[at - 1] not in _SAID["zeros"]:
                if place > 1 or section or total:
                    return None
                current = current * 10 + digit
            else:
                current = digit
            zero = zero or token in _SAID["zeros"]
        elif token in _SAID["several"]:  # 十几万, 三亿几千万: no digit, and more than none
            current, rounded = Decimal(0), "more"
        elif token in _SOME:
            rounded = "around" if token in _SAID["around"] else "more"
        elif token in _PLACES:
            if section and _PLACES[token] >= place and place < _MYRIADS["万"]:
                return None
            step = place = _PLACES[token]
            section, current, zero = section + (Decimal(1) if current is None else current) * place, None, False
        else:
            value = _MYRIADS[token]
            section += current or 0
            total = (total + section) * value if 0 < myriad <= value else total + section * value  # 三万亿, 九万七千多万
            if not total:
                return None
            step = value if current is not None else step * value
            section, current, place, myriad, zero = Decimal(0), None, value, value, False
    if current is not None:
        tail = tokens[-1]
        spoken = place >= 100 and len(tail) == 1 and not zero and tokens[-2] in (*_PLACES, *_MYRIADS, _SAID["measure"])
        step = place // 10 if spoken else 1
        section += current * step
        if not spoken and not (place > 1 or len(tokens) == 1 or all(one in _ZH for one in tokens)):
            return None
    return sign * (total + section), step, rounded


def _count(text: str, match: re.Match[str]) -> tuple[int, int, Decimal | None, str, Rounded | None]:
    """How many things of a kind are said; no number where something else is meant."""
    said, unit, in_words = _SAID["counted"], match.group(3), not match.group(1)[0].isdigit()
    name = any(text[match.start() : match.start() + length] in general_terms() for length in range(2, 6))  # 三公|里: no length
    hundred = unit == said["part_of_percent"][0] and match.group(1)[-1] in said["part_of_percent"][1]
    number = None if hundred or (in_words and (name or unit in said["no_figure"])) else chinese_number(match.group(1))
    start = match.start() - text.endswith(tuple(said["vehicles_before"]), 0, match.start())  # 有车102台
    some = match.group(2)
    rounded = None if not some else "around" if some in _SAID["around"] else "more"
    return start, match.end(), number, "辆" if match.group(4) or start < match.start() else unit, rounded


def _in_digits(words: str) -> str:
    """Words with a number that has decimals in digits: 五十二点九亿 is 52.9亿."""

    def written(match: re.Match[str]) -> str:
        return f"{chinese_number(match.group(1))}." + "".join(str(chinese_number(one)) for one in match.group(2))

    return re.sub(rf"([{_ZH}{_PLACE}]+){_SAID['point']}([{_ZH}]+)", written, words)
