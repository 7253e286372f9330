"""Years in a question: 2024年, 24年, 去年, 近三年, 2023—2025年, 十四五期间.

Takes folded text and the years that the store holds; gives the years named, in order, and where they stand. 今年 is the
latest year in the store (of the agency asked about), 去年 the one before: the answers are about what was published, so the
clock plays no part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.words.folding import chinese_number

FIVE_YEAR_PLANS = {"十二五": (2011, 2015), "十三五": (2016, 2020), "十四五": (2021, 2025), "十五五": (2026, 2030)}
_NUMERALS = "一二两三四五六七八九十0-9"
_RANGE = re.compile(r"(?<!\d)(?:(20\d{2})|(\d{2}))年?(?:度)?(?:-|至|到)(?:(20\d{2})|(\d{2}))(?:年|(?=[两三四五六七八九]年))")
_AMOUNT = r"\.\d|[多余来]?[万亿千]|[多余来]?元|块钱?|辆|平方"  # 2060.95万, 2030元: what follows a number that is no year
_YEAR = re.compile(
    rf"(?<!\d)(?:(20\d{{2}}|19\d{{2}})(?!{_AMOUNT})(?=年|预算|决算|度|的|部门|，|。|？| |$|[\u4e00-\u9fff])|(\d{{2}})(?=年)"
    rf"|(20\d{{2}})(?!\d|{_AMOUNT})"
    r"|(?<![^局院办厅委部会馆所心队站处署府社校团，：；（）()\s])([12]\d)(?=单位预|部门预|预算|决算|项目|三公|支出|收入|财[政拨]|基本支|机关运))(?:年度?)?"
)
_RECENT = re.compile(rf"(?:最?近|过去|这|前)([{_NUMERALS}]+)年")
_IN_ALL = re.compile(
    rf"(?<![第\d{_NUMERALS}])([{_NUMERALS}]+)年(?:以?来|间|里|内|下来|的?(?=累计|合计|一?共|总|平均|加起来|年?均|的?变化|的?趋势))"
)
_RELATIVE = (
    ("前年", -2),
    ("去年", -1),
    ("上年度", -1),
    ("上一年度", -1),
    ("上一年", -1),
    ("前一年", -1),
    ("上年", -1),
    ("再往前两年", -2),
    ("往前两年", -2),
    ("再往前一年", -1),
    ("往前一年", -1),
    ("再早一年", -1),
    ("早一年", -1),
    ("头一年", -1),
    ("再往前", -1),
    ("今年", 0),
    ("本年度", 0),
    ("当年", 0),
    ("明年", 1),
)
BEFORE_THAT = frozenset(
    (
        "上年度",
        "上一年度",
        "上一年",
        "上年",
        "前一年",
        "再往前两年",
        "往前两年",
        "再往前一年",
        "往前一年",
        "再早一年",
        "早一年",
        "头一年",
        "再往前",
    )
)
"""Words that count back from the year talked about, where one was said."""
_TOLD = re.compile(r"[（(]20\d{2}年?度?[）)]")  # 今年（2026）: which one it is
_NOT_A_YEAR = re.compile(r"(?:上年|本年|当年)(?:结转|度?(?:收入|支出)(?:合计|总计)|末|初)|[上本]年结余")


@dataclass(frozen=True, slots=True)
class Periods:
    """The years that a question names. `relative` counts from the latest published year: 去年 is -1."""

    years: tuple[int, ...] = ()
    relative: tuple[int, ...] = ()
    recent: int | None = None  # 近三年: 3
    is_range: bool = False  # 2023-2025年, 近三年, 十四五期间: every year between
    spans: tuple[tuple[int, int], ...] = ()


def find_periods(text: str) -> Periods:
    """The years in folded `text`, each once, in the order in which they are named."""
    years: list[int] = []
    relative: list[int] = []
    spans: list[tuple[int, int]] = []
    recent: int | None = None
    is_range = False

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= a or match.start() >= b for a, b in spans)

    for match in _RANGE.finditer(text):
        first, last = (int(a) if a else 2000 + int(b) for a, b in (match.group(1, 2), match.group(3, 4)))
        if first < last <= first + 30:
            years.extend(range(first, last + 1))
            spans.append(match.span())
            is_range = True
    for words, (first, last) in FIVE_YEAR_PLANS.items():
        if (at := text.find(words)) >= 0:
            years.extend(range(first, last + 1))
            spans.append((at, at + len(words)))
            is_range = True
    for match in _YEAR.finditer(text):
        if free(match):
            long, short, bare_year, between = match.groups()
            years.append(int(long or bare_year) if long or bare_year else 2000 + int(short or between))
            spans.append(match.span())
    for match in (*_RECENT.finditer(text), *(_IN_ALL.finditer(text) if not years else ())):
        number = chinese_number(match.group(1))
        if free(match) and number is not None and 2 <= number <= 30:
            recent, is_range = int(number), True
            spans.append(match.span())
    blocked = [match.span() for match in _NOT_A_YEAR.finditer(text)]
    for words, offset in _RELATIVE:
        for match in re.finditer(words, text):
            if free(match) and not any(a <= match.start() < b for a, b in blocked):
                if (told := _TOLD.match(text, match.end())) is None:
                    relative.append(offset)
                spans.append((match.start(), told.end() if told is not None else match.end()))
    return Periods(tuple(dict.fromkeys(years)), tuple(dict.fromkeys(relative)), recent, is_range, tuple(sorted(spans)))
