"""What the planner has read of a question, and which operation it decided on: what the rules of the operations share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.lexicon import Words
from retrieval.periods import Periods
from retrieval.plan import Asked, Operation, Over, Reason
from retrieval.reading import Quantity
from retrieval.readings import PORTION_OF
from store.values import Kind

SPENDING = Asked("预算", "支出总计", ("支出总计", "支出合计", "本年支出合计"), flow="expenditure")
INCOME = Asked("收入", "收入总计", ("收入总计", "收入合计", "本年收入合计"), flow="income")
BY_FUNCTION = Asked("功能分类", None, (), flow="expenditure", classification="functional")
BY_ECONOMIC = Asked("经济科目", None, (), classification="economic_department")
BY_PROJECT = Asked("项目", None, (), classification="project")
BY_SOURCE = Asked("收入来源", None, (), flow="income", classification="source")
BY_UNIT = Asked("所属单位", None, (), classification="affiliate")
PURCHASES = Asked("政府采购", "政府采购", ("政府采购",))
THREE_PUBLIC = Asked("三公经费", "三公经费", ("三公经费",), classification="three_public")
LEFT_OVER = re.compile(r"没有?[花用]|未[花用]|剩|结转|结余|节余")
BUDGET_WORD = re.compile(r"预算|执行数|决算|收支|经费总额|资金总额|总额|花.{0,4}钱|花[了掉费]")
_NAMED_TOTAL = re.compile(r"(?:收入|支出|收支)(?:合计|总计|总额)")
_SIDE_BY_SIDE = re.compile(
    r"[和与跟同较比].{2,24}(?:比一?比?|相比|对比|比较)(?:一下|下)?(?:呢|吧|看看)?[？。]?$|(?:预算|决算)比.{0,8}(?:预算|决算)[？。]?$"
)
AVERAGE = re.compile("平均|年均|均值")
EACH = re.compile(r"分别|各(?:自|是|花|占|安排)?(?:多少|几|占)")
PROJECTS = re.compile(r"项目(?!支出|经费|资金)")
UNITS = re.compile(r"(?:下属|所属|下级|二级)(?:预算)?单位")
FUNCTION_CLASS = re.compile(r"功能|哪一?类|几类|方面|类别|哪类")
ECONOMIC_CLASS = re.compile(r"经济(?:分类|科目)|款级|科目")
SOURCES = re.compile(r"来自|打哪儿?来|钱从哪|收入.{0,2}从哪|(?:钱|收入).{0,3}哪.{0,2}来|收入.{0,4}(?:来源|构成|组成|有哪些)|来源")


@dataclass(frozen=True, slots=True)
class Clues:
    """What the planner has read of a question."""

    text: str
    words: Words
    things: tuple[Asked, ...]
    agencies: tuple[str, ...]
    periods: Periods
    kind: Kind | None
    claimed: tuple[Quantity, ...]
    asks: bool  # it has an interrogative word
    bounded: bool = False  # it sets a bound on amounts (超过100万)
    tables: tuple[str, ...] = ()  # titles named
    topics: tuple[str, ...] = ()  # content words that are no term

    def says(self, meaning: str) -> str | None:
        return self.words.says(meaning, self.text)


@dataclass(frozen=True, slots=True)
class Decision:
    operation: Operation
    items: tuple[Asked, ...] = ()
    base: Asked | None = None
    within: Asked | None = None
    over: Over | None = None
    order: Literal["most", "least"] | None = None
    kind: Kind | None = None
    reason: Reason | None = None
    wants_reason: bool = False
    wants_change: bool = False
    wants_place: bool = False


def items_asked(clues: Clues) -> tuple[Asked, ...]:
    """The things named; all spending where only 预算 or 决算 is said."""
    if clues.things and not (only_by_asking(clues.things) and clues.topics):
        return clues.things
    if clues.topics:
        return (Asked(max(clues.topics, key=len)),)
    return (SPENDING,) if BUDGET_WORD.search(clues.text) and not LEFT_OVER.search(clues.text) else ()


def items_or_all(clues: Clues) -> tuple[Asked, ...]:
    """The things named; all spending where none is (今年比去年多多少)."""
    return items_asked(clues) or (SPENDING,)


def in_parts(things: Iterable[Asked]) -> tuple[Asked, ...]:
    """The things, with the parts of a word for several (五险一金) in its place."""
    return tuple(part for thing in things for part in thing.parts or (thing,))


def only_by_asking(things: tuple[Asked, ...]) -> bool:
    """花多少钱 asks for all spending only where nothing else is named (请律师花多少钱)."""
    return len(things) == 1 and things[0].item == SPENDING.item and "钱" in things[0].said


def also_change(clues: Clues) -> bool:
    """多少钱，比去年少了多少: the figure, and how it changed."""
    return bool(clues.says("prior") and re.search(r"多少.*[，、].*多少", clues.text))


def bare_in(asked: Asked, text: str) -> bool:
    """Whether the words of `asked` stand in `text`."""
    return bool(asked.said) and asked.said in text


def whole_of(clues: Clues) -> Asked:
    """What a ranking or list takes its parts from."""
    text = clues.text
    if UNITS.search(text):
        return BY_UNIT
    named = next((asked for asked in clues.things if asked.item not in (SPENDING.item, INCOME.item, "项目支出")), None)
    about_projects = PROJECTS.search(text) or any(asked.item == "项目支出" for asked in clues.things)
    if named is not None and not (named.item in PORTION_OF and (ECONOMIC_CLASS.search(text) or FUNCTION_CLASS.search(text))):
        return named
    portion = PORTION_OF.get(named.item or "") if named else None
    if ECONOMIC_CLASS.search(text) and "功能" not in text:
        return replace(BY_ECONOMIC, portion=portion)
    if about_projects and not FUNCTION_CLASS.search(text):
        return replace(BY_PROJECT, said="绩效目标表项目") if any("绩效" in said for said in (text, *clues.tables)) else BY_PROJECT
    if SOURCES.search(text) or (any(asked.flow == "income" for asked in clues.things) and "支出" not in text):
        return BY_SOURCE
    return replace(BY_FUNCTION, portion=portion)


def about_change(clues: Clues) -> bool:
    """Whether the question is about a change over time."""
    ends = len(clues.periods.years) == 2 or (clues.periods.is_range and clues.says("difference"))
    two_years = ends and re.search(r"比|较|与|和|到|至|-", clues.text) and (not clues.periods.is_range or clues.says("difference"))
    moved = clues.says("increase") or clues.says("decrease") or clues.says("change")
    return bool(
        clues.says("prior")
        or (two_years and moved)
        or (two_years and clues.says("difference"))
        or (len(clues.periods.years) == 2 and _SIDE_BY_SIDE.search(clues.text))
        or (-1 in clues.periods.relative and re.search(r"[比较]", clues.text))
    )


def adds(clues: Clues) -> bool:
    """Whether a word asks to add up: 总计 within 支出总计 is part of a name, and 分别 wants each by itself."""
    rest = _NAMED_TOTAL.sub(" ", clues.text) if EACH.search(clues.text) else clues.text
    for thing in clues.things:
        rest = rest.replace(thing.said, " ") if thing.said else rest
    return bool(clues.words.says("sum", rest))
