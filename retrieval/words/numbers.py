"""Numbers as people say them: 43万5, 3 亿, 两百来万, 五成多, 百分之十二点五, 一半, 翻番, 5辆, 13092万.

Takes folded text; gives each number with its unit and where it stands. A bare number has the unit "". Numbers of years, codes
and tables are read elsewhere and taken out before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from retrieval.question.expression import Quantity
from retrieval.words.folding import HAN, chinese_number
from retrieval.words.lexicon import general_terms
from store.vocabulary import read_rows

_ZH = "〇零○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_ZH_NUMERAL = rf"[{_ZH}十百千拾佰仟]+"
_SCALES = {"": 1, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_BEFORE = re.compile(r"(大约|大概|约莫|约|将近|接近|近|差不多|超过|不到|足有|整整|仅|达|逾|超)$")
_NEARLY = frozenset(("将近", "接近", "近", "不到"))
_MORE = frozenset(("超过", "逾", "超"))
_BOUND = re.compile(r"超过|逾|超|不到")
_MONEY = re.compile(
    rf"([+-]?\d+(?:\.\d+)?|{_ZH_NUMERAL})(多|余|来|几)?个?(十万|百万|千万|多亿|亿|万|千)(\d+(?:\.\d+)?|[{_ZH}])?"
    rf"(多|余|来|出头|左右)?(元|块钱|块|人民币)?(出头|左右|上下|多点|多)?"
)
_BOTH_SCALES = re.compile(rf"(\d+|{_ZH_NUMERAL})亿([{_ZH}十百千]+)(多|余|来)?万(多|零点儿?|出头|左右|上下)?(元|块钱)?")
_SPELT = re.compile(rf"([{_ZH}十百千]+万[{_ZH}]千[{_ZH}百十]*)(多|余|来|出头|左右|上下)?(元|块钱|块)?(左右|上下)?")
_YUAN = re.compile(rf"([+-]?\d+(?:\.\d+)?|{_ZH_NUMERAL})(多|余|来)?(元|块钱|块(?![儿上里那]))(左右|出头|上下)?")
_PERCENT = re.compile(
    rf"百分之([{_ZH}十百点]+|\d+(?:\.\d+)?)|([+-]?\d+(?:\.\d+)?)(?:%|个百分点|百分点|个点)|([{_ZH}\d])成([{_ZH}\d])?(多|半|左右)?|(一半|对半|半数)((?:还|要)?多)?"
    rf"|([{_ZH}])分之([{_ZH}])|(?<=翻)(了?一?番)|([{_ZH}十]+|\d+(?:\.\d+)?)(几)?倍(多)?"
)
_AND_MORE = re.compile(r"还要?多(?!少)|有余")  # 九成七还多
_PLAIN = re.compile(r"(?<![\d.a-z])[+-]?\d+(?:\.\d+)?(?![\d.])")


def bound(said: str) -> Literal["over", "under"] | None:
    """Whether a quantity is said as a bound: 超过100万元, 不到3万."""
    before = _BOUND.match(said)
    return None if before is None else "under" if before.group() == "不到" else "over"


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
    return re.compile(rf"(\d+(?:\.\d+)?|[{_ZH}十百千]+)(多|来|余)?({words})(车(?!辆))?(?![{HAN}]?元)")
_NO_NUMBER = re.compile(r"[0-9一二三四五六七八九十百千万亿零〇两]{40,}")  # no amount is that long, and to look for one in it takes time


def find_quantities(text: str) -> tuple[Said, ...]:  # noqa: PLR0915  one pattern after another, the first that fits stands
    """The quantities in folded text, left to right, none overlapping."""
    text = _NO_NUMBER.sub(lambda run: " " * len(run.group()), text)
    found: list[Said] = []

    def add(start: int, end: int, number: Decimal | None, unit: str, rounded: bool | str | None = None) -> None:
        if number is None or any(start < one.end and end > one.start for one in found):
            return
        behind = _AND_MORE.match(text, end)
        end, rounded = (behind.end(), True) if behind is not None else (end, rounded)
        before = _BEFORE.search(text[:start])
        how: Literal["about", "more", "nearly"] | None = None
        if before is not None:
            start = before.start()
            how = "nearly" if before.group() in _NEARLY else "more" if before.group() in _MORE else "about"
            if before.group() in ("达", "仅", "整整", "足有"):
                how = None
        if rounded:
            how = "about" if rounded == "about" else "more"
        found.append(Said(start, end, Quantity(number, unit, how)))

    for match in _PERCENT.finditer(text):
        said, digits, tenths, hundredths, some, half, over_half, below, above, twice, times, some_more, and_more = match.groups()
        number: Decimal | None = None
        rounded: bool | str | None = None
        if said:
            number = _percent_words(said)
        elif digits:
            number = Decimal(digits)
        elif tenths:
            whole, part = chinese_number(tenths), chinese_number(hundredths) if hundredths else Decimal(0)
            number = None if whole is None or part is None else whole * 10 + part + (5 if some == "半" else 0)
            rounded = "about" if not hundredths else None
            rounded = True if some == "多" else rounded
        elif half:
            number, rounded = Decimal(50), True if over_half else "about"
        elif below and above:
            one, many = chinese_number(above), chinese_number(below)
            number = None if not one or not many else (one * 100 / many).quantize(Decimal("0.1"))
            rounded = "about"
        elif twice:
            number, rounded = Decimal(100), "about"
        elif times:
            many = chinese_number(times)
            number = None if many is None else many * 100
            add(match.start(), match.end(), many, "倍", bool(some_more or and_more))
            continue
        add(match.start(), match.end(), number, "%", rounded)
    for match in _BOTH_SCALES.finditer(text):
        high, low = chinese_number(match.group(1)), match.group(2)
        about = re.search(rf"([{_ZH}])([{_ZH}])(?=[千百十]?$)", low)  # 一亿七八千万
        part = chinese_number(low[: about.start()] + low[about.end(1) :] if about else low)
        if high is not None and part is not None:
            some = match.group(3) or match.group(4)
            rounded = "about" if about or some in ("左右", "上下") else True if some else None
            add(match.start(), match.end(), high + part / 10_000, "亿元", rounded)
    for match in _SPELT.finditer(text):  # 四万两千块
        number = chinese_number(match.group(1))
        about = match.group(2) in ("左右", "上下") or match.group(4)
        if number is not None:
            add(match.start(), match.end(), number / 10_000, "万元", "about" if about else bool(match.group(2)))
    for match in _MONEY.finditer(text):
        digits, some, scale, tail, more, _, about = match.groups()
        number = chinese_number(digits)
        if number is None:
            continue
        some = some or ("多" if scale.startswith("多") else None)
        scale = scale.lstrip("多")
        if scale == "千" and match.group(6) is None:
            continue
        amount = number * _SCALES[scale]
        end = match.end()
        if tail is not None and not tail[0].isdigit() and ("." in digits or _begins_a_name(text, match.start(4))):
            tail, more, about, end = None, None, None, match.start(4)  # 6.51万|三公: a decimal takes no spoken digit
        if tail is not None:
            part = chinese_number(tail)
            if part is None:
                continue
            # 43万5 is 43.5万, 3亿2 is 3.2亿; 3万5000 is 35,000
            amount += part * (Decimal(_SCALES[scale]) / 10 if len(tail) == 1 else Decimal(1))
        unit = "亿元" if scale == "亿" else "万元" if _SCALES[scale] >= 10_000 else "元"
        rounded = (
            True if some or more in ("多", "余", "来", "出头") or about in ("出头", "多", "多点") else "about" if more or about else None
        )
        add(match.start(), end, amount / {"亿元": 100_000_000, "万元": 10_000, "元": 1}[unit], unit, rounded)
    for match in _YUAN.finditer(text):
        add(
            match.start(),
            match.end(),
            chinese_number(match.group(1)),
            "元",
            True if match.group(2) else "about" if match.group(4) else None,
        )
    for match in _counted().finditer(text):
        if match.group(3) == "分" and match.group(1).endswith(("百", "十", "千")):
            continue  # 百分比
        if not match.group(1)[0].isdigit() and _begins_a_name(text, match.start()):
            continue  # 三公|里: no length
        if (
            match.group(3) in ("个", "家", "项", "位", "类", "处", "条", "份", "起", "种", "所", "场", "次", "期", "件")
            and not match.group(1)[0].isdigit()
        ):
            continue  # 两个, 三家: how many things are meant, not a figure
        start = match.start() - text.endswith(("有车", "共车"), 0, match.start())  # 有车102台
        unit = "辆" if match.group(4) or start < match.start() else match.group(3)
        add(start, match.end(), chinese_number(match.group(1)), unit, True if match.group(2) else None)
    for match in _PLAIN.finditer(text):
        add(match.start(), match.end(), Decimal(match.group()), "")
    return tuple(sorted(found, key=lambda one: one.start))


def _begins_a_name(text: str, at: int) -> bool:
    """Whether a general term begins at a place: 6万|三公."""
    return any(text[at : at + length] in general_terms() for length in range(2, 6))


def _percent_words(words: str) -> Decimal | None:
    whole, _, part = words.partition("点")
    number = chinese_number(whole)
    digits = [chinese_number(c) for c in part]
    if number is None or not part or any(digit is None for digit in digits):
        return number
    return number + Decimal("0." + "".join(str(int(digit or 0)) for digit in digits))
