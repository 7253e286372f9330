"""Agencies and places that a question names and that are not here, where it names nothing that is: a body without its place
(教育局的招待费), a government, or a bare place (武汉的三公经费). A store of one agency must not answer for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from retrieval.names.agencies import ASKS_WHICH, Directory
from retrieval.words.folding import HAN
from retrieval.words.gazetteer import place_at
from retrieval.words.lexicon import contains
from store.vocabulary import read_rows

_AFTER_DEPARTMENT = re.compile(
    r"底下|下[面边头属辖]|手下|局|厅|委(?!托|员)|的|系统|部门|\s|[，,？?。]|$|\d\d|[上去今前本明]年|三公|预算|决算|总|一共|多少|花|有|招待|接待|工资|公车"
)

BODY_BELOW = re.compile(
    r"(?:中心|支队|大队|总队|分局|学校|学院|大学|中学|小学|医院|幼儿园|研究院|研究所|事务所|公证处|管理处|服务站|监测站|档案馆|图书馆|博物馆|站|所|馆|处)$"
)
"""How bodies end that stand below a department."""
LEVELS = frozenset("省市区县州旗")
OFFICES = ("局", "厅", "委")

Span = tuple[int, int]

_BODY = re.compile(
    rf"(?<![{HAN}])(?:请问|那么?|那个|查一?下|看看|还有|以及|和|与|跟|比)?(?![这那该本各我你他她贵咱全某每])"
    rf"((?:[{HAN}]{{2,8}}?(?:委员会|法院|检察院|医院|学院|大学|中学|小学|图书馆|博物馆|档案馆|文化馆|街道|局|厅|委)|医院|学校|法院|检察院))"
    rf"(?=的|\d|[上去今前本明]年|这两年|近|三公|部门|一般|预算|决算|呢|多少|花|有|怎|[^{HAN}]|$)")
_GOVERNMENT = re.compile(
    rf"([{HAN}]{{2,8}}?(?:[省市区县旗州乡镇]|街道)(?:人民)?政府)(?!性|采购|购买|投资|债|收支|经济|预算|决算|补助|办公|信息|信箱)")
_AFTER_PLACE = re.compile(
    r"(?:全[省市区县州])?(?:的|20\d\d|\d\d年|[上去今前本明]年|这两年|近|三公|部门|财政|预算|决算|一般公共|呢|$|[，,？?。\s])")


@cache
def departments() -> dict[str, str]:
    """What every city's departments are called, with what their names hold; data/vocabulary/departments.csv."""
    return {row["word"]: row["name"] for row in read_rows("departments.csv", ("word", "name", "source"), key=("word",))}


@dataclass(frozen=True, slots=True)
class Department:
    """A place that is here with what every city calls a department (泉州公安, 江苏省检), said as whom a question is about."""

    start: int
    end: int
    word: str
    name: str  # what the department's name holds
    there: tuple[str, ...]  # the agencies of the place

    def is_of(self, agency: str) -> bool:
        """Whether an agency's name is this department's: 上海市统计和大数据研究院 is no 统计局, an 档案馆 is what is left of its 档案局."""
        if BODY_BELOW.search(agency) and not any(agency[:-1].endswith(said) for said in (self.name, self.word)):
            return False
        return contains(agency, self.name) or contains(agency, self.word)


def department_behind(text: str, at: int) -> bool:
    """Whether a text names at `at` what every city calls a department, whole."""
    words = (text[at : at + length] for length in (4, 3, 2))
    return any(word in departments() and _AFTER_DEPARTMENT.match(text, at + len(word)) is not None for word in words)


def departments_at(text: str, directory: Directory) -> list[Department]:
    """The departments that a text names behind a place that agencies here bear."""
    found: list[Department] = []
    for start, end, ids in directory.places_in(text):
        elsewhere = text[end - 1] not in LEVELS and text[end : end + 1] in LEVELS  # 示例县教育局, where all that is here is 示例市's
        behind = re.match(r"[市省县区]?(?:人民)?(?:从前|以前|原来)?的?(?:那个)?老?", text[end:])
        at = end + (behind.end() if behind else 0)
        over = (end - 1,) if text[end - 1] in LEVELS else ()  # 江苏|省检
        words = [(place, text[place : place + length]) for place in (at, *over) for length in (4, 3, 2)]
        for place, word in words:
            name = departments().get(word)
            if name is not None and _AFTER_DEPARTMENT.match(text, place + len(word)):
                behind = place + len(word)
                found.append(Department(start, behind + (text[behind : behind + 1] in OFFICES), word, name, () if elsewhere else ids))
                break
    return found


def departments_missing(text: str, directory: Directory) -> tuple[Span, ...]:
    """A place that is here with a department that no agency here has there."""
    return tuple(
        (one.start, one.end)
        for one in departments_at(text, directory)
        if not any(one.is_of(name) for agency in one.there for name in directory[agency].names)
    )


def departments_said(text: str) -> list[tuple[int, int, str]]:
    """The departments that a text names by what every city calls them, with what their names hold: (start, end, name)."""
    found: list[tuple[int, int, str]] = []
    offices = re.compile(r"局|厅|委(?!托|员)|办(?!公|事|理|学|证)|部(?!门|分|委|署|件|队|级|长)|(?<=[省市区县])检(?![查测验修疫索])")
    for match in offices.finditer(text):
        for length in (6, 5, 4, 3, 2, 1):
            word = text[max(0, match.start() - length) : match.start()]
            name = departments().get(word) or departments().get(word + match.group())
            if name is not None and len(word) == length:
                found.append((match.start() - length, match.end(), name))
                break
    return found


def strangers(text: str, directory: Directory) -> tuple[Span, ...]:
    """The spans of folded `text` that name an agency or place that no agency of `directory` bears."""
    return tuple(sorted((*_bodies(text, directory), *_places(text, directory))))


def _bodies(text: str, directory: Directory) -> Iterator[Span]:
    names = [name for agency in directory.alike(text) for name in agency.names]
    for match in (*_BODY.finditer(text), *_GOVERNMENT.finditer(text)):
        said = match.group(1)
        if not ASKS_WHICH.search(said) and not any(contains(name, said) or contains(name, said[:-1]) for name in names):
            yield match.span(1)


def _places(text: str, directory: Directory) -> Iterator[Span]:
    """Places at the beginning of what is said, with nothing of an agency behind them."""
    for start in [0, *(match.end() for match in re.finditer(rf"[^{HAN}]|请问|那", text))]:
        place = place_at(text, start)
        if place is None or not _AFTER_PLACE.match(text, start + len(place)):
            continue
        if not directory.bears(place):
            yield start, start + len(place)
