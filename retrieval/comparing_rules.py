"""Which questions set figures against each other: rank, compare, difference, growth, trend."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from retrieval.clues import (
    BUDGET_WORD,
    BY_ECONOMIC,
    EACH,
    ECONOMIC_CLASS,
    FUNCTION_CLASS,
    INCOME,
    SPENDING,
    Clues,
    Decision,
    about_change,
    also_change,
    bare_in,
    items_asked,
    items_or_all,
    whole_of,
)
from retrieval.plan import Asked, Over

_AGAINST_BUDGET = re.compile(r"[比较](?:年初)?预算数?(?:[多少高低增减超呢？。]|节约|节省|下降|$)|"
    r"超(?:没超)?(?:出|过|了)?(?:年初)?预算|超支")
_FASTEST = re.compile(
    r"(?:增长|增幅|增速|涨幅|上涨|增加|涨|上升|下降|降幅|减少|降低|下滑|压减|缩减|降|减|跌|变化|增减)(?:额|率|幅度|得)?(?:比例)?最")
_SUPERLATIVE = re.compile(r"最|大头|哪(?:个|家|项|类|一|年)|谁|排|前[一二两三四五六七八九十\d]")
_CHANGE_ASKED = re.compile(r"多少|几|百分之|差|幅|率")
_WHICH_ITEMS = re.compile(r"(?:哪些|哪个|哪几个|什么)(?:科目|支出|项目|费用|钱|地方|方面)")
EVERY_AGENCY = re.compile(
    r"(?:各个?|所有|全部|全体|每个)(?:的)?(?:单位|部门|机构)|哪些(?:单位|部门|机构)|(?:单位|部门|机构)(?:都)?[有是](?:哪些|谁)"
)
SAID_AGENCIES = re.compile(r"[两三四五六七八九十几\d]{1,3}(?:[个家](?:单位|部门|机构)|家)")
_WHICH_YEARS = re.compile("哪[些几]个?年")
_THAN = re.compile("[高低大小多少]于")
_WHICH_YEAR = re.compile(r"哪一?年|哪个年[度头份]|哪一年度|最[高多大低少小贵省]的?(?:那|是)?[一个]?年[份头度]?(?!\d|预算|决算)")
_WHICH_AGENCY = re.compile(
    r"(?:前[一二两三四五六七八九十\d]+[个名位家]?的?|最[高多大低少小贵快慢]的?[几一二两三四五六七八九十\d]?[个家]?)(?:部门|单位|机构)|"
    r"前[一二两三四五六七八九十\d]+家|哪[两三四五六七八九十\d]?(?:个|家|一家|些)?(?:部门|单位|机构|局|委|厅)|哪[两三四五六七八九十\d]?家|谁"
)
_TOP = re.compile(r"前[一二两三四五六七八九十\d]+[个名位家项大类]")
_PLACE_ASKED = re.compile(r"第几|(?<!安)排(?:名|行)?(?:在)?(?:第)?(?:几|多少)|名次|什么位置|啥位置")
_AGENCIES = re.compile(r"部门|单位|机构|家(?!庭)|各局")
_AGAINST_YEAR = re.compile(r"[比较](?:20)?\d\d年")
_WHICH_PART = re.compile(r"哪[几一]?[项类个些]|(?:的|前)[几一两三四五六七八九十\d]*[个大]?[项类]|科目|项目")
_THOSE_AGENCIES = re.compile(r"的(?:部门|单位|机构)(?:都?[有是](?:哪些|谁))?[？。]?$")
_APART = re.compile(r"(?:预算.{0,3}决算|决算.{0,3}预算).{0,6}(?:差|偏|超|多|少)")
_AMONG = re.compile(r"在(.{2,20}?)(?:里|中|当中|之中|内)")


def figure_and_change(clues: Clues) -> Decision | None:
    """招待费花了多少？比去年多吗？"""
    if clues.claimed or not re.search(r"(?:多少|几)[^，。？]{0,6}[，。？].*(?:比|较|同比|去年|上年)", clues.text):
        return None
    return Decision("lookup", items_asked(clues)[:1], wants_change=True) if clues.says("prior") or -1 in clues.periods.relative else None


def spread(clues: Clues) -> Decision | None:
    """最高的一年比最低的一年多多少."""
    if clues.says("rank_most") and clues.says("rank_least") and clues.says("difference") and clues.things:
        over: Over = "agencies" if len(clues.agencies) > 1 else "years"
        return Decision("difference", clues.things[:1], over=over, order="most")
    return None


def placed(clues: Clues) -> Decision | None:
    """排第几: which place a thing takes among the parts of its whole, or an agency among the others."""
    if not _PLACE_ASKED.search(clues.text) or clues.claimed:
        return None
    order: Literal["most", "least"] = "least" if clues.says("rank_least") else "most"
    first, *others = items_or_all(clues)
    among = _AMONG.search(clues.text)
    if among is not None and first.under is not None and not bare_in(first, clues.text[: among.start()]):
        part = Asked(first.under, first.under, (first.under,))  # 差旅费在商品和服务支出里: the whole stands behind
        return Decision("rank", (part,), within=replace(first, under=None), over="items", order=order, wants_place=True)
    if others and among is not None:
        return Decision("rank", (first,), within=others[-1], over="items", order=order, wants_place=True)
    whole = first.item in (SPENDING.item, INCOME.item, "三公经费")
    if whole or _AGENCIES.search(clues.text) or (among is None and first.code is None and not ECONOMIC_CLASS.search(clues.text)):
        return Decision("rank", (first,), over="agencies", order=order, wants_place=True)
    return Decision("rank", (first,), within=BY_ECONOMIC, over="items", order=order, wants_place=True)


def rank(clues: Clues) -> Decision | None:
    """哪个最多, 前三名: parts, agencies or years in order."""
    most = clues.says("rank_most") or _TOP.search(clues.text)
    order: Literal["most", "least"] | None = "least" if clues.says("rank_least") else "most" if most else None
    if order is None or not _SUPERLATIVE.search(clues.text):
        return None
    if _WHICH_YEAR.search(clues.text) or (clues.periods.is_range and len(clues.agencies) == 1 and not FUNCTION_CLASS.search(clues.text)):
        return Decision("rank", items_asked(clues)[:1], over="years", order=order, wants_change=bool(_FASTEST.search(clues.text)))
    changes = bool(_FASTEST.search(clues.text))
    if _APART.search(clues.text) and len(clues.agencies) < 2 and _WHICH_PART.search(clues.text):  # 决算和预算差最多的是哪项
        return Decision("rank", (), within=whole_of(clues), over="items", order=order, wants_change=True)
    named = {asked.item for asked in clues.things if asked.item is not None and asked.under is None}
    if changes and len(named) > 1 and len(named) == len(clues.things) and len(clues.agencies) < 2:
        return Decision("growth", clues.things, over="years")
    of_parts = not clues.things or _WHICH_PART.search(clues.text)
    if changes and of_parts and len(clues.agencies) < 2 and not _WHICH_AGENCY.search(clues.text):
        return Decision("rank", (), within=whole_of(clues), over="items", order=order, wants_change=True)
    if len(clues.agencies) > 1 or ((_WHICH_AGENCY.search(clues.text) or EVERY_AGENCY.search(clues.text)) and not clues.agencies):
        return Decision("rank", items_or_all(clues)[:1], over="agencies", order=order, wants_change=changes)
    if (
        len(clues.things) > 1
        and len({asked.item for asked in clues.things}) == len(clues.things)
        and all(a.under is None for a in clues.things)
    ):
        return Decision("rank", clues.things, over="items", order=order)
    return Decision("rank", (), within=whole_of(clues), over="items", order=order)


def compare(clues: Clues) -> Decision | None:
    """哪个多, 相比: named things, agencies, years or kinds set side by side."""
    if clues.says("compare") is None or clues.bounded or (len(clues.things) > 1 and _WHICH_YEARS.search(clues.text)):
        return None
    if -1 in clues.periods.relative and _THAN.search(clues.text) and len(clues.agencies) < 2:
        return Decision("difference", items_or_all(clues)[:1], over="years")
    two_years = len(clues.agencies) < 2 and len(clues.periods.years) == 2 and not clues.claimed
    if two_years and about_change(clues) and not _WHICH_YEAR.search(clues.text):
        return Decision("difference", items_or_all(clues)[:1], over="years")
    if len(clues.agencies) > 1:
        return Decision("compare", items_asked(clues)[:1], over="agencies", order=_which_end(clues))
    if len(clues.things) > 1 and not clues.says("prior"):
        return Decision("compare", clues.things, over="items", order=_which_end(clues))
    if not clues.things and re.search(r"[比较跟和](?:20)?\d\d年", clues.text):
        operation = "rank" if BUDGET_WORD.search(clues.text) else "compare"
        return Decision(operation, items_asked(clues)[:1], over="years", order=_which_end(clues))
    if len(clues.periods.years) > 1 and not clues.says("prior"):
        return Decision("rank", items_asked(clues)[:1], over="years", order=_which_end(clues))
    if clues.says("prior") or len(clues.periods.relative) > 1 or len(clues.periods.years) > 1:
        return Decision("compare", items_asked(clues)[:1], over="years")
    if "预算" in clues.text and "决算" in clues.text:
        return Decision("difference", items_or_all(clues)[:1], over="kinds")
    return None


def _which_end(clues: Clues) -> Literal["most", "least"]:
    return "least" if re.search(r"[更哪谁个家].{0,2}[少低小]", clues.text) else "most"


def growth(clues: Clues) -> Decision | None:
    """增长了百分之几: a change in percent."""
    moved = clues.says("increase") or clues.says("decrease") or clues.says("change") or about_change(clues)
    if clues.says("percent") and moved and len(clues.agencies) < 2:
        return Decision("growth", items_or_all(clues)[:1], over="years")
    return None


def difference(clues: Clues) -> Decision | None:
    """多多少: a change, or a gap between two things, in money."""
    asked = clues.says("difference")
    side_by_side = len(clues.periods.years) == 2 and not clues.asks and not clues.claimed
    changed = about_change(clues) and (_CHANGE_ASKED.search(clues.text) or side_by_side)
    against_budget = _AGAINST_BUDGET.search(clues.text)
    if asked is None and not against_budget and not changed:
        return None
    of_all = all(asked.item == SPENDING.item for asked in clues.things) and len(clues.agencies) < 2
    if against_budget and of_all and _WHICH_ITEMS.search(clues.text):
        return Decision("list", within=BY_ECONOMIC, over="kinds")
    if len(clues.agencies) > 1:
        return Decision("difference", items_or_all(clues)[:1], over="agencies")
    if ("预算" in clues.text and "决算" in clues.text) or against_budget:
        return Decision("difference", items_asked(clues)[:1], over="kinds")
    if len(clues.things) == 1 and len(clues.tables) == 2:
        return Decision("difference", tuple(replace(clues.things[0], table=table) for table in clues.tables), over="items")
    if len(clues.things) > 1 and not about_change(clues):
        return Decision("difference", clues.things[:2], over="items")
    if also_change(clues):
        return None
    if about_change(clues) or clues.says("increase") or clues.says("decrease"):
        return Decision("difference", items_or_all(clues)[:1], over="years", wants_change=bool(EACH.search(clues.text)))
    return None


def trend(clues: Clues) -> Decision | None:
    """逐年: one thing over the years."""
    text = re.sub(r"(?<=\d)年(?=年)", "", clues.text)  # 2016年年末 is not 年年
    if clues.words.says("trend", text) or (clues.periods.is_range and len(clues.agencies) < 2):
        return Decision("trend", items_asked(clues)[:1], over="years")
    return None


def every_agency(clues: Clues) -> Decision | None:
    """各单位三公经费, 哪些单位三公经费超过100万: all agencies in order, or those within the bound."""
    if re.search(r"包含|包括|下属|所属|范围|组成|构成", clues.text):
        return None
    every = EVERY_AGENCY.search(clues.text) or SAID_AGENCIES.search(clues.text)
    if clues.bounded and not clues.claimed:
        every = every or _WHICH_AGENCY.search(clues.text) or _THOSE_AGENCIES.search(clues.text)
    if clues.agencies or "平均" in clues.text or not every or not (clues.things or BUDGET_WORD.search(clues.text)):
        return None
    return Decision("rank", items_asked(clues)[:1], over="agencies", order="most")


def against_last_year(clues: Clues) -> Decision | None:
    """三公经费比去年, 差旅费比2023年: how it changed."""
    two_years = len(clues.periods.years) == 2 and _AGAINST_YEAR.search(clues.text)
    if (clues.says("prior") or two_years) and (clues.things or BUDGET_WORD.search(clues.text)) and not clues.claimed:
        return Decision("difference", items_or_all(clues)[:1], over="years")
    return None
