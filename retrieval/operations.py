"""Which operation a question asks for, from its cue words and from how many things, agencies, years and kinds it names.

Each rule looks for what must be there for its operation; the first that holds decides. The cue words are data
(data/vocabulary/question_words.csv).
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
THREE_PUBLIC = Asked("三公经费", "三公经费", ("三公经费",), classification="three_public")

_SHARE = re.compile(r"占|比重|比例|占比|百分比")
_LEFT_OVER = re.compile(r"没有?[花用]|未[花用]|剩|结转|结余|节余")
_WHAT_IS = re.compile(r"(?:[^，。□]{0,8}，)?(?:请问|我?想知道|□)*[^，。、哪多几]{1,16}(?:是什么|是啥|是何)(?:啊|呀|呢)?[？。]?")
_AGAINST_BUDGET = re.compile(r"[比较](?:年初)?预算数?(?:多|少|高|低|增|减|超|节约|节省|下降)")
_ASKS_WHICH = re.compile(r"多少|几|哪|什么|啥|怎|如何|谁|为何|有没有|列|排|呢|最")
_FASTEST = re.compile(r"(?:增长|增幅|增速|涨幅|上涨|增加|涨|下降|降幅|减少|降低|变化|增减)(?:额|率|幅度|得)?最")
_CLAIMED_QUESTION = re.compile(r"[吗么吧]\s*[？。]?$")
_DENIED = re.compile(r"没有?(?:安排|发生|用|使用|买|花)?|未(?:安排|发生)|无")
_SUPERLATIVE = re.compile(r"最|哪(?:个|家|项|类|一|年)|谁|排|前[一二两三四五六七八九十\d]")
_BUDGET_WORD = re.compile(r"预算|决算|收支|经费总额|资金总额|总额|花.{0,4}钱")
_CHANGE_ASKED = re.compile(r"多少|几|百分之|差|幅|率")
_EVERY_AGENCY = re.compile(r"(?:各个?|所有|全部|全体|每个)(?:的)?(?:单位|部门|机构)|哪些(?:单位|部门|机构)")
_SAID_AGENCIES = re.compile(r"[两三四五六七八九十\d]{1,3}[个家](?:单位|部门|机构)")
_EACH = re.compile(r"分别|各(?:自|是|花|占|安排)?(?:多少|几|占)")
_WHICH_YEAR = re.compile(r"哪一?年|哪个年度|哪一年度")
_WHICH_AGENCY = re.compile(
    r"(?:前[一二两三四五六七八九十\d]+个?|最[高多大低少小贵]的?[几一二两三四五六七八九十\d]?个?)(?:部门|单位|机构)|哪(?:个|家|一家|些)?(?:部门|单位|机构|局|委|厅)|哪家|谁"
)
_PROJECTS = re.compile(r"项目(?!支出|经费|资金)")
_COUNTED = re.compile(
    r"(?:几|多少)(?:辆|个(?!点|百分)|名|台|家|人(?!民币)|批|次|套|所|位|条|艘|处)|人数|保有量|团组|批次|人次|多少在职|实有"
)
_FUNCTION_CLASS = re.compile(r"功能|哪一?类|几类|方面|类别|哪类")
_ECONOMIC_CLASS = re.compile(r"经济(?:分类|科目)|款级|科目")
_SOURCES = re.compile(r"钱从哪|收入.{0,4}(?:来源|构成|组成|有哪些)|来源")


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
    compound: bool = False  # it has a word for several items (五险一金)
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


def operation_of(clues: Clues) -> Decision:
    """The operation, with its operands in their places."""
    for rule in _RULES:
        decision = rule(clues)
        if decision is not None:
            return replace(decision, kind=decision.kind or clues.kind) if decision.over != "kinds" else decision
    return Decision("lookup", _items(clues), kind=clues.kind, wants_change=_also_change(clues))


def _items(clues: Clues) -> tuple[Asked, ...]:
    """The things named; all spending where only 预算 or 决算 is said."""
    if clues.things and not (_only_by_asking(clues.things) and clues.topics):
        return clues.things
    if clues.topics:
        return (Asked(max(clues.topics, key=len)),)
    return (SPENDING,) if _BUDGET_WORD.search(clues.text) and not _LEFT_OVER.search(clues.text) else ()


def _items_or_all(clues: Clues) -> tuple[Asked, ...]:
    """The things named; all spending where none is (今年比去年多多少)."""
    return _items(clues) or (SPENDING,)


def _only_by_asking(things: tuple[Asked, ...]) -> bool:
    """花多少钱 asks for all spending only where nothing else is named (请律师花多少钱)."""
    return len(things) == 1 and things[0].item == SPENDING.item and "钱" in things[0].said


def _also_change(clues: Clues) -> bool:
    """多少钱，比去年少了多少: the figure, and how it changed."""
    return bool(clues.says("prior") and re.search(r"多少.*[，、].*多少", clues.text))


def _personal(clues: Clues) -> Decision | None:
    person = clues.says("person")
    if person and clues.says("pay") and re.search(rf"{person}.{{0,10}}(?:{'|'.join(clues.words['pay'])})", clues.text):
        return Decision("decline", reason="personal")
    return None


def _verify(clues: Clues) -> Decision | None:
    cue = clues.says("verify") or clues.says("hearsay")
    statement = (
        bool(clues.claimed)
        and (not clues.asks or not _ASKS_WHICH.search(clues.text))
        and bool(clues.things or _BUDGET_WORD.search(clues.text))
    )
    plain = _CLAIMED_QUESTION.search(clues.text) and not re.search(r"多少|几|哪|什么|有没有|有无", clues.text)
    counted = any(quantity.yuan is None and quantity.unit != "%" for quantity in clues.claimed)
    yes_no = plain and (clues.claimed or clues.bounded or (clues.things and _DENIED.search(clues.text)))
    statement = statement or bool(yes_no and (clues.things or counted or _BUDGET_WORD.search(clues.text)))
    if (cue and (clues.claimed or clues.says("hearsay") or re.search(r"买|没有|安排了|取消", clues.text))) or statement:
        return Decision("verify", _items(clues))
    return None


def _define(clues: Clues) -> Decision | None:
    asked_plainly = (
        not clues.bounded and _WHAT_IS.fullmatch(clues.text) and not clues.says("rank_most") and not clues.says("rank_least")
    )
    return Decision("define", clues.things) if clues.says("define") or asked_plainly else None


def _explain(clues: Clues) -> Decision | None:
    cue = clues.says("explain")
    if cue is None:
        return None
    if re.search(r"多少.*(?:为什么|为何|为啥|原因)", clues.text) and clues.things:
        over: Over | None = "years" if _about_change(clues) else None
        return Decision("difference" if over else "lookup", _items(clues), over=over, wants_reason=True)
    return Decision("explain", clues.things)


def _part_of_year(clues: Clues) -> Decision | None:
    """Months and quarters: only whole years are published."""
    if clues.claimed or not (clues.says("part_of_year") or re.search(r"\d月(?!\d*日)", clues.text)) or _COUNTED.search(clues.text):
        return None
    return Decision("decline", clues.things, reason="part_of_year")


def _figure_and_change(clues: Clues) -> Decision | None:
    """招待费花了多少？比去年多吗？"""
    if clues.claimed or not re.search(r"(?:多少|几)[^，。？]{0,6}[，。？].*(?:比|较|同比|去年|上年)", clues.text):
        return None
    return Decision("lookup", _items(clues)[:1], wants_change=True) if clues.says("prior") or -1 in clues.periods.relative else None


def _add_directly(clues: Clues) -> Decision | None:
    if clues.says("add_directly"):
        return Decision("sum", _items(clues), over="agencies")
    return None


def _execution(clues: Clues) -> Decision | None:
    cue = clues.says("execution") or (re.search(r"决算.{0,6}占.{0,4}预算|完成.{0,6}预算", clues.text) and "占")
    if not cue:
        return None
    items = tuple(
        asked for asked in _items(clues) if not (asked.flow == "expenditure" and len(clues.things) > 1 and asked.item == SPENDING.item)
    )
    return Decision("share", items or (SPENDING,), over="kinds")


def _share(clues: Clues) -> Decision | None:
    cue = _SHARE.search(clues.text)
    plainly = len(clues.things) == 2 and "占" in clues.text and not clues.claimed
    if cue is None or not (plainly or re.search(r"多少|几|多大|比重|比例|占比|百分比|份额", clues.text)):
        return None
    if not clues.things:
        return Decision("share")
    if clues.says("rank_most") and _EACH.search(clues.text):
        return None
    at = clues.text.find("占")
    before, after = (clues.text[:at], clues.text[at:]) if at >= 0 else (clues.text, "")
    things = clues.things
    if len(things) == 1:
        if things[0].said and bare_in(things[0], after) and not bare_in(things[0], before):
            return Decision("share", (), base=things[0])
        whole = INCOME if things[0].flow == "income" else SPENDING
        if things[0].under is not None and things[0].under != things[0].item:
            whole = Asked(things[0].under, things[0].under, (things[0].under,))
        return Decision("share", things, base=None if "其中" in clues.text else whole)
    if _EACH.search(clues.text) and not any(bare_in(thing, after) for thing in things):
        return Decision("share", things, base=INCOME if all(thing.flow == "income" for thing in things) else SPENDING)
    behind = [thing for thing in things if bare_in(thing, after) and not bare_in(thing, before)]
    if at >= 0 and behind and len(behind) < len(things):
        return Decision("share", tuple(thing for thing in things if thing not in behind), base=behind[0])
    return Decision("share", things[:-1], base=things[-1])


def bare_in(asked: Asked, text: str) -> bool:
    """Whether the words of `asked` stand in `text`."""
    return bool(asked.said) and asked.said in text


def _per_head(clues: Clues) -> Decision | None:
    if clues.says("per_head") is None:
        return None
    if clues.things and re.search(r"按.{0,12}(?:人数|编制)", clues.text):
        divisor = re.search(r"按(?:照)?([^，。？]{1,12}?(?:人数|编制))", clues.text)
        return Decision("share", clues.things[:1], base=Asked(divisor.group(1) if divisor else "人数", measure="count"), over="items")
    return Decision("decline", clues.things, reason="no_divisor")


def _spread(clues: Clues) -> Decision | None:
    """最高的一年比最低的一年多多少."""
    if clues.says("rank_most") and clues.says("rank_least") and clues.says("difference") and clues.things:
        over: Over = "agencies" if len(clues.agencies) > 1 else "years"
        return Decision("difference", clues.things[:1], over=over, order="most")
    return None


def _rank(clues: Clues) -> Decision | None:
    order: Literal["most", "least"] | None = "least" if clues.says("rank_least") else "most" if clues.says("rank_most") else None
    if order is None or not _SUPERLATIVE.search(clues.text):
        return None
    if _WHICH_YEAR.search(clues.text) or (
        clues.periods.is_range and len(clues.agencies) == 1 and not _FUNCTION_CLASS.search(clues.text)
    ):
        return Decision("rank", _items(clues)[:1], over="years", order=order)
    changes = bool(_FASTEST.search(clues.text))
    if changes and not clues.things and len(clues.agencies) < 2 and not _WHICH_AGENCY.search(clues.text):
        return Decision("rank", (), within=_whole(clues), over="items", order=order, wants_change=True)
    if len(clues.agencies) > 1 or ((_WHICH_AGENCY.search(clues.text) or _EVERY_AGENCY.search(clues.text)) and not clues.agencies):
        return Decision("rank", _items_or_all(clues)[:1], over="agencies", order=order, wants_change=changes)
    if (
        len(clues.things) > 1
        and len({asked.item for asked in clues.things}) == len(clues.things)
        and all(a.under is None for a in clues.things)
    ):
        return Decision("rank", clues.things, over="items", order=order)
    return Decision("rank", (), within=_whole(clues), over="items", order=order)


def _whole(clues: Clues) -> Asked:
    """What a ranking or list takes its parts from."""
    text = clues.text
    named = next((asked for asked in clues.things if asked.item not in (SPENDING.item, INCOME.item, "项目支出")), None)
    about_projects = _PROJECTS.search(text) or any(asked.item == "项目支出" for asked in clues.things)
    if named is not None and not (named.item in PORTION_OF and (_ECONOMIC_CLASS.search(text) or _FUNCTION_CLASS.search(text))):
        return named
    portion = PORTION_OF.get(named.item or "") if named else None
    if _ECONOMIC_CLASS.search(text) and "功能" not in text:
        return replace(BY_ECONOMIC, portion=portion)
    if about_projects and not _FUNCTION_CLASS.search(text):
        return replace(BY_PROJECT, said="绩效目标表项目") if any("绩效" in said for said in (text, *clues.tables)) else BY_PROJECT
    if _SOURCES.search(text) or (any(asked.flow == "income" for asked in clues.things) and "支出" not in text):
        return BY_SOURCE
    return replace(BY_FUNCTION, portion=portion)


def _compare(clues: Clues) -> Decision | None:
    if clues.says("compare") is None:
        return None
    if len(clues.agencies) > 1:
        return Decision("compare", _items(clues)[:1], over="agencies", order=_which_end(clues))
    if len(clues.things) > 1 and not clues.says("prior"):
        return Decision("compare", clues.things, over="items", order=_which_end(clues))
    if not clues.things and re.search(r"[比较跟和](?:20)?\d\d年", clues.text):
        return Decision("compare", (), over="years")
    if len(clues.periods.years) > 1 and not clues.says("prior"):
        return Decision("rank", _items(clues)[:1], over="years", order=_which_end(clues))
    if clues.says("prior") or len(clues.periods.relative) > 1 or len(clues.periods.years) > 1:
        return Decision("compare", _items(clues)[:1], over="years")
    if "预算" in clues.text and "决算" in clues.text:
        return Decision("compare", _items(clues)[:1], over="kinds")
    return None


def _which_end(clues: Clues) -> Literal["most", "least"]:
    return "least" if re.search(r"[更哪谁个家].{0,2}[少低小]", clues.text) else "most"


def _about_change(clues: Clues) -> bool:
    """Whether the question is about a change over time."""
    ends = len(clues.periods.years) == 2 or (clues.periods.is_range and clues.says("difference"))
    two_years = ends and re.search(r"比|较|与|和|到|至|-", clues.text) and (not clues.periods.is_range or clues.says("difference"))
    moved = clues.says("increase") or clues.says("decrease") or clues.says("change")
    return bool(
        clues.says("prior")
        or (two_years and moved)
        or (two_years and clues.says("difference"))
        or (-1 in clues.periods.relative and re.search(r"[比较]", clues.text))
    )


def _growth(clues: Clues) -> Decision | None:
    moved = clues.says("increase") or clues.says("decrease") or clues.says("change") or _about_change(clues)
    if clues.says("percent") and moved and len(clues.agencies) < 2:
        return Decision("growth", _items_or_all(clues)[:1], over="years")
    return None


def _difference(clues: Clues) -> Decision | None:
    asked = clues.says("difference")
    if asked is None and not (_about_change(clues) and _CHANGE_ASKED.search(clues.text)):
        return None
    if len(clues.agencies) > 1:
        return Decision("difference", _items_or_all(clues)[:1], over="agencies")
    if ("预算" in clues.text and "决算" in clues.text) or _AGAINST_BUDGET.search(clues.text):
        return Decision("difference", _items(clues)[:1], over="kinds")
    if len(clues.things) == 1 and len(clues.tables) == 2:
        return Decision("difference", tuple(replace(clues.things[0], table=table) for table in clues.tables), over="items")
    if len(clues.things) > 1 and not _about_change(clues):
        return Decision("difference", clues.things[:2], over="items")
    if _also_change(clues):
        return None
    if _about_change(clues) or clues.says("increase") or clues.says("decrease"):
        return Decision("difference", _items_or_all(clues)[:1], over="years")
    return None


def _trend(clues: Clues) -> Decision | None:
    if clues.says("trend") or (clues.periods.is_range and len(clues.agencies) < 2):
        return Decision("trend", _items(clues)[:1], over="years")
    return None


def _count(clues: Clues) -> Decision | None:
    if _COUNTED.search(clues.text) and not re.search(r"多少(?:万|亿|千)?元|多少钱", clues.text):
        return Decision("count", clues.things)
    return None


def _list(clues: Clues) -> Decision | None:
    if clues.says("list") is None:
        return None
    text = clues.text
    if "预算" in text and "决算" in text and clues.things:
        return Decision("list", clues.things[:1], over="kinds")
    if len(clues.things) > 1 and re.search(r"各|分别", text):
        return Decision("lookup", clues.things)
    if len(clues.things) == 1 and _EACH.search(text) and len(clues.periods.years) > 1 and not clues.periods.is_range:
        return Decision("trend", clues.things, over="years")
    if len(clues.things) == 1 and _EACH.search(text) and len(clues.agencies) > 1:
        return Decision("lookup", clues.things)
    if clues.things or re.search(r"支出|收入|花|项目|科目|钱", text):
        return Decision("list", within=_whole(clues), over="items")
    return Decision("list", ())


def _adds(clues: Clues) -> bool:
    """Whether a word asks to add up: 总计 within 支出总计 is part of a name, and 分别 wants each by itself."""
    rest = clues.text
    for thing in clues.things:
        rest = rest.replace(thing.said, " ") if thing.said else rest
    return bool(clues.words.says("sum", rest))


def _sum(clues: Clues) -> Decision | None:
    if "其中" in clues.text or not (_adds(clues) or not _EACH.search(clues.text)):
        return None
    every = _EVERY_AGENCY.search(clues.text) or _SAID_AGENCIES.search(clues.text)
    if not clues.agencies and every and _adds(clues):
        return Decision("sum", _items_or_all(clues)[:1], over="agencies")
    if len(clues.agencies) > 1 and (clues.says("sum") or re.search("和|与|、", clues.text)) and clues.says("sum"):
        return Decision("sum", _items(clues)[:1], over="agencies")
    if (
        len(clues.things) < 2
        and len(clues.agencies) < 2
        and _adds(clues)
        and (clues.periods.is_range or len(clues.periods.years) > 1)
    ):
        return Decision("sum", _items(clues)[:1], over="years")
    if clues.compound and len(clues.things) > 1:
        return Decision("sum", clues.things, over="items")
    several = len(clues.things) > 1 and (_adds(clues) or re.search(r"[一二两三四五六七八九十\d]项", clues.text))
    if several or (
        len(clues.things) > 2 and len({asked.said for asked in clues.things}) == len(clues.things) and re.search("五险", clues.text)
    ):
        return Decision("sum", clues.things, over="items")
    return None


def _times(clues: Clues) -> Decision | None:
    """基本工资是奖金的几倍."""
    if len(clues.things) == 2 and re.search(r"[几多少]+倍", clues.text):
        return Decision("share", clues.things[:1], base=clues.things[1])
    return None


def _every_agency(clues: Clues) -> Decision | None:
    """各单位三公经费, 哪些单位三公经费超过100万: all agencies in order, or those within the bound."""
    if re.search(r"包含|包括|下属|所属|范围|组成|构成", clues.text):
        return None
    every = _EVERY_AGENCY.search(clues.text) or _SAID_AGENCIES.search(clues.text)
    if clues.agencies or "平均" in clues.text or not every or not (clues.things or _BUDGET_WORD.search(clues.text)):
        return None
    return Decision("rank", _items(clues)[:1], over="agencies", order="most")


def _bounded(clues: Clues) -> Decision | None:
    """超过100万元的支出科目: a list, though no word asks for one."""
    if clues.bounded and not clues.claimed and re.search(r"科目|项目|支出|收入|费用|分项", clues.text):
        return Decision("list", within=_whole(clues), over="items")
    return None


def _against_last_year(clues: Clues) -> Decision | None:
    """三公经费比去年: how it changed."""
    if clues.says("prior") and clues.things and not clues.claimed:
        return Decision("difference", clues.things[:1], over="years")
    return None


def _yes_no(clues: Clues) -> Decision | None:
    """有没有下属单位: about what the prose tells, where no figure is named."""
    if clues.things or not clues.topics or re.search(r"多少|几|钱|金额|花费", clues.text):
        return None
    return Decision("explain") if re.search(r"有没有|有无|是否|是不是|吗|怎么|如何|找谁|哪里", clues.text) else None


def _kinds(clues: Clues) -> Decision | None:
    if re.search(r"预算数?[和与、及]决算|决算数?[和与、及]预算", clues.text) and clues.things:
        return Decision("list", clues.things[:1], over="kinds")
    return None


_RULES: tuple[Callable[[Clues], Decision | None], ...] = (
    _personal,
    _times,
    _verify,
    _define,
    _explain,
    _part_of_year,
    _figure_and_change,
    _add_directly,
    _per_head,
    _execution,
    _share,
    _spread,
    _rank,
    _growth,
    _compare,
    _difference,
    _sum,
    _trend,
    _kinds,
    _count,
    _every_agency,
    _list,
    _bounded,
    _yes_no,
    _against_last_year,
)
