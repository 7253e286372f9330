"""What a question takes over from the turn before it: 那去年呢, 换成元, 为什么, 其中最大的是哪项, 和教育局比呢.

Only what the question leaves open is taken over, and every part that is gets named in `Plan.carried`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.agencies import Directory
from retrieval.clues import BY_FUNCTION, BY_SOURCE, INCOME, SPENDING
from retrieval.lexicon import Words
from retrieval.plan import Asked, Plan
from retrieval.reading import chinese_number

_AGAINST_PRIOR = re.compile(r"[比较跟与和同](?:去年|上年|上一年|前一年)")
_COMPARE = re.compile(r"[跟和与同].{1,12}比|比呢|相比|比起来|对比|比一下|比较")
_SAYS_WITHIN = re.compile("功能|经济|科目|项目|支出|收入|类|方面|单位|钱")
_OF_IT = re.compile(r"其中|里面|当中|占")
_UNIT_ONLY = re.compile(r"换成|用.{0,2}元|以.{0,2}元|改成|换算|折合|按.{0,2}元|单位")
_ALL_SAID = re.compile(
    r"([两三四五六七八九十\d]+)(?:家|个(?:单位|部门|局)|者)|这几[家个]|[它他她]们|这些(?:单位|部门|局)|谁|哪家|哪个[更最]?[多少高低大小]"
)
_EVERY = re.compile(r"所有|全部|各个?(?:单位|部门)")
_ALL_THINGS = re.compile(r"([两三四五六七八九十\d]+)[项样笔]|[这那]几[项样笔]|[这那]些(?!单位|部门|局|年)|[它他]们")
_CORRECTS = re.compile(
    r"^(?:(?:不对|不是|错了|搞错了|说错了|等等|哦|噢|嗯|好的?|行)(?:[，。！ ]+|(?=我)))?"
    r"(?:我是?(?:想?问|说|要|指)的?(?:是|的)?|应该是)?(?=.)"
)
_WHICH = re.compile(r"^(?:那|它们|他们|两家)?(?:谁|哪[家个])(?:的|更|最|花得|用得)*[多少高低大小贵](?:一?些|一?点)?[呢啊呀？。]?$")
_GAP = re.compile(r"^(?:那|它们|他们|两者|两个|二者|两家|两项)?(?:之间)?(?:相?差|差距|差额|[多少高低贵]出?)(?:了|是)?(?:多少|几)(?!倍)")
_RATE = re.compile(r"^(?:那|也就是)?(?:是|增长|下降|增加|减少|涨|降|多|少)?了?(?:百分之(?:几|多少)|多少个?百分[点比]|[增涨降]幅)")
_EXTREMES = re.compile(r"最[多高大].{0,8}比.{0,4}最[少低小].{0,6}(?:多|高|差|大)")
_CARRIED = ("agency", "year", "kind", "item")
LONGEST_FOLLOW_UP = 16  # characters of a turn that names nothing itself
MOST_SAID = 20  # agencies that a dialog keeps
_FULL_SPAN = re.compile("[比和跟与]最.{1,4}?[多少差高低]")
_PRIOR_YEAR = re.compile(r"去年|上年|上一年|前一年")
_PURCHASES = {"货物": "政府采购货物", "工程": "政府采购工程", "服务": "政府采购服务"}


def all_said(text: str) -> int | None:
    """How many of the agencies of all earlier turns are meant (三家加起来, 它们谁多): many for a word without a number; None if none."""
    match = _ALL_SAID.search(text)
    if match is None:
        return None
    number = chinese_number(match.group(1)) if match.group(1) else None
    return int(number) if number is not None and number > 1 else MOST_SAID


def of_all_things(plan: Plan, turns: Sequence[Plan], words: Words) -> Plan:
    """两项加起来, 这几项一共多少, 差多少: about the things named in the turns before, where these are about one agency."""
    named, rest = _ALL_THINGS.search(plan.text), _ALL_THINGS.sub(" ", plan.text)
    own = [asked for asked in plan.items if asked.item is not None and asked != SPENDING]
    over_time = plan.years or _PRIOR_YEAR.search(plan.text) or words.says("prior", plan.text)
    if own or over_time or plan.within not in (None, BY_FUNCTION) or plan.agencies or len({turn.agencies for turn in turns}) != 1:
        return plan
    said = {asked.item or asked.said: asked for turn in turns for asked in turn.items}
    number = chinese_number(named.group(1)) if named is not None and named.group(1) else None
    items = tuple(said.values())[-int(number) if number else 0 :]
    if len(items) < 2:
        return plan
    plan = replace(plan, items=items, within=None, unread=(), over="items")
    if plan.operation == "share":
        return replace(plan, base=plan.base or SPENDING, over=None)
    if words.says("sum", rest):
        return replace(plan, operation="sum")
    if words.says("difference", rest):
        return replace(plan, operation="difference", items=items[-2:])
    if words.says("rank_least", rest) or words.says("rank_most", rest) or words.says("compare", rest):
        return replace(plan, operation="rank", order="least" if re.search("[少低小]", plan.text) else "most")
    return replace(plan, operation="lookup", over=None)


def points_back(plan: Plan, words: Words) -> bool:
    """Whether the question is about several things together that it doesn't name."""
    text = plan.text
    return bool(_ALL_THINGS.search(text) or words.says("sum", text) or words.says("difference", text) or words.says("compare", text))


def without_correction(text: str) -> str:
    """The folded text of a later turn without words that only say that it corrects: 不对，我要决算; 我问的是图书馆."""
    return _CORRECTS.sub("", text) or text


def against_each_other(plan: Plan, turns: Sequence[Plan]) -> Plan | None:
    """谁高, 差多少, 百分之几, 最高的比最低的多多少: what the last turns were about, set against each other.

    `turns` are the earlier plans, oldest first. None if that is not asked, or the question names something itself.
    """
    before = turns[-1]
    others = plan.agencies if plan.agencies != before.agencies else ()
    names = others or plan.years or plan.kind or any(asked.item for asked in plan.items)
    if names or not before.items or len(plan.text) > LONGEST_FOLLOW_UP:
        return None
    same = replace(before, question=plan.question, text=plan.text, unit=plan.unit or before.unit, claims=(), unread=(), carried=_CARRIED)
    both = len(before.agencies) > 1
    if _WHICH.search(plan.text) and both:
        return replace(same, operation="compare", over="agencies", order="least" if re.search("[少低小]", plan.text) else "most")
    if _RATE.search(plan.text) and before.operation in ("difference", "growth") and before.over == "years":
        return replace(same, operation="growth")
    if _EXTREMES.search(plan.text) and len(before.years) > 1 and not both:
        return replace(same, operation="difference", over="years", order="most")
    if not _GAP.search(plan.text) or before.operation not in ("lookup", "compare"):
        return None
    if both:
        return replace(same, operation="difference", over="agencies")
    earlier = turns[-2] if len(turns) > 1 else before
    if earlier.items != before.items or earlier.agencies != before.agencies:
        return None
    if earlier.kind != before.kind and earlier.years == before.years:
        return replace(same, operation="difference", over="kinds", kind=None)
    if earlier.kind == before.kind and earlier.years != before.years:
        return replace(same, operation="difference", over="years", years=tuple(sorted({*earlier.years, *before.years})))
    return None


def carry_over(plan: Plan, before: Plan, words: Words, directory: Directory) -> Plan:
    """`plan` with what it leaves open filled from `before`, the plan of the previous turn."""
    if plan.operation == "decline" and plan.reason not in ("no_divisor",):
        return plan
    carried: list[str] = []
    plan = _placed(_without_default(_of_all_said(plan, before)), directory, carried)
    compares = bool(_COMPARE.search(plan.text)) and bool(plan.agencies)
    if compares and words.says("difference", plan.text):
        both = tuple(dict.fromkeys((*before.agencies, *plan.agencies)))
        plan = replace(plan, agencies=both, operation="difference", over="agencies", items=plan.items or before.items)
        carried.append("agency")
    elif compares:
        plan = replace(
            plan,
            agencies=tuple(dict.fromkeys((*plan.agencies, *before.agencies))),
            operation="compare",
            over="agencies",
            order=plan.order or "most",
        )
        carried.append("agency")
    plan = _who_and_when(plan, before, carried)
    plan = _added(_what(plan, before, carried), before, words)
    return replace(plan, carried=tuple(carried))


def _of_all_said(plan: Plan, before: Plan) -> Plan:
    """三家加起来, 谁最多: about the agencies named in the turns before, not about all there are."""
    if plan.agencies or len(before.agencies) < 2 or not _ALL_SAID.search(plan.text) or _EVERY.search(plan.text):
        return plan
    items = tuple(asked for asked in plan.items if asked.item is not None or not _ALL_SAID.search(asked.said))
    return replace(plan, agencies=before.agencies, items=items or before.items)


def _placed(plan: Plan, directory: Directory, carried: list[str]) -> Plan:
    """那云山的呢: a place alone names its agency where it has one."""
    if plan.agencies or plan.reason == "unknown_agency":
        return plan
    there = directory.by_place(plan.text)
    if len(there) != 1:
        return plan
    name = directory[there[0]].name
    items = tuple(asked for asked in plan.items if asked.item is not None or asked.said.removeprefix("那") not in name)
    return replace(plan, agencies=there, items=items)


def _who_and_when(plan: Plan, before: Plan, carried: list[str]) -> Plan:
    other_agency = bool(plan.agencies) and plan.agencies != before.agencies
    if not plan.agencies and before.agencies and plan.over != "agencies":
        plan = replace(plan, agencies=before.agencies)
        carried.append("agency")
    if _AGAINST_PRIOR.search(plan.text) and before.years and not plan.items and plan.operation in ("compare", "lookup", "difference"):
        plan = replace(plan, operation="difference", over="years", years=before.years[-1:])
        carried.append("year")
    elif _PRIOR_YEAR.search(plan.text) and before.years and not plan.items:
        plan = replace(plan, years=(before.years[0] - 1,), about_year=None)
    elif plan.operation == "compare" and plan.over == "years" and len(plan.years) == 1 and before.years:
        plan = replace(plan, years=tuple(sorted({*plan.years, *before.years[-1:]})), operation="difference")
        carried.append("year")
    elif not plan.years and before.years:
        plan = replace(plan, years=before.years, about_year=plan.about_year or (None if other_agency else before.about_year))
        carried.append("year")
    if plan.kind is None and before.kind is not None and plan.over != "kinds":
        plan = replace(plan, kind=before.kind)
        carried.append("kind")
    return plan


def _what(plan: Plan, before: Plan, carried: list[str]) -> Plan:
    first = before.items[0] if before.items else before.within
    plan = _purchase(plan, first)
    if plan.operation == "share" and before.operation == "rank" and before.over == "items" and not plan.items:
        carried.append("item")  # 占多少, of what was ranked: the same ranking, with shares
        return replace(before, question=plan.question, text=plan.text, agencies=plan.agencies, years=plan.years, kind=plan.kind)
    if plan.operation == "share" and first is not None and plan.over != "kinds":
        if not plan.items:
            carried.append("item")
            whole = Asked(first.under, first.under, (first.under,)) if first.under is not None else SPENDING
            together = before.operation == "sum" and before.over == "items"
            return replace(plan, items=before.items if together else (first,), base=plan.base or whole)
        if plan.base is None or (_OF_IT.search(plan.text) and "占其中" in plan.text):
            carried.append("item")
            return replace(plan, base=first, items=tuple(_inside(asked, first) for asked in plan.items))
        return plan
    if (again := _ranked_again(plan, before)) is not None:
        carried.append("item")
        return again
    whole = before.within or first
    if whole is not None and whole.item in (SPENDING.item, INCOME.item):  # 其中最大的: by what it is spent on, or where it comes from
        whole = BY_FUNCTION if whole.item == SPENDING.item else BY_SOURCE
    unnamed = plan.within is not None and plan.within.item is None
    unnamed = unnamed and (bool(re.search(r"^那|呢[？。]?$", plan.text)) or not _SAYS_WITHIN.search(plan.text))
    if plan.operation == "rank" and plan.over == "items" and unnamed and whole is not None:
        carried.append("item")
        return replace(plan, within=whole, limit=plan.limit or before.limit)
    if plan.operation == "rank" and plan.over == "items" and re.search("其中|里面|当中", plan.text) and first is not None:
        carried.append("item")
        return replace(plan, within=whole)
    if plan.items and plan.operation == "lookup" and first is not None:
        if _only_budget_word(plan):
            carried.append("item")
            return _as_before(plan, before)
        return replace(plan, items=tuple(_inside(asked, first) for asked in plan.items))
    if not plan.items and plan.within is None and before.items:
        carried.append("item")
        if plan.operation in ("lookup", "compare", "trend", "difference", "growth"):
            return _as_before(plan, before)
        return replace(plan, items=before.items)
    return plan


def _ranked_again(plan: Plan, before: Plan) -> Plan | None:
    """最少的呢, 比最低的多多少, after agencies or years were ranked: about the same ranking."""
    if before.operation != "rank" or before.over not in ("agencies", "years") or plan.operation != "rank" or plan.over != "items":
        return None
    if plan.items or plan.order is None or (plan.within is not None and plan.within.item is not None) or _OF_IT.search(plan.text):
        return None
    if _FULL_SPAN.search(plan.text):
        years = before.years if before.over == "years" else plan.years
        return replace(plan, operation="difference", over=before.over, order="most", items=before.items, within=None, years=years)
    agencies, years = (before.agencies, plan.years) if before.over == "agencies" else (plan.agencies, before.years)
    return replace(plan, over=before.over, items=before.items, within=None, agencies=agencies, years=years, limit=plan.limit)


def _without_default(plan: Plan) -> Plan:
    """Without the whole spending that stands in where a question names nothing: in a dialog, what was named before is meant."""
    if not plan.items or any(asked != SPENDING for asked in plan.items) or re.search("预算|决算|支出|总", plan.text):
        return plan
    return replace(plan, items=())


def _added(plan: Plan, before: Plan, words: Words) -> Plan:
    """一共多少, after several things or agencies were named: their sum."""
    if not words.says("sum", plan.text) or plan.items != before.items or plan.operation not in ("lookup", "list", "compare"):
        return plan
    if len(plan.items) > 1:
        return replace(plan, operation="sum", over="items")
    return replace(plan, operation="sum", over="agencies") if len(plan.agencies) > 1 else plan


def _as_before(plan: Plan, before: Plan) -> Plan:
    """The same question about another agency, year, kind or unit."""
    if plan.operation != "lookup":
        return replace(plan, items=before.items)
    operation = before.operation if before.operation not in ("clarify", "decline", "compare", "verify") else "lookup"
    over = before.over
    if operation in ("growth", "difference") and over == "years" and _PRIOR_YEAR.search(plan.text):
        operation, over = before.operation, before.over
    return replace(
        plan,
        items=before.items,
        operation=operation,
        over=over,
        base=before.base,
        within=before.within,
        order=before.order,
        limit=plan.limit or before.limit,
        conditions=before.conditions,
        unit=plan.unit or before.unit,
        direction=before.direction,
        without=plan.without or before.without,
        without_agencies=plan.without_agencies or before.without_agencies,
    )


def _only_budget_word(plan: Plan) -> bool:
    """那决算呢, 那2024年的预算呢: 预算 and 决算 say the kind, not a new thing."""
    return (
        len(plan.items) == 1
        and plan.items[0].said in ("预算", "收入")
        and plan.items[0].item in ("支出总计", "收入总计")
        and not re.search(r"收入|支出|多少", plan.text)
    )


def _purchase(plan: Plan, first: Asked | None) -> Plan:
    """那工程呢, after a question about 政府采购."""
    if plan.items or first is None or not (first.item or "").startswith("政府采购"):
        return plan
    item = next((item for word, item in _PURCHASES.items() if word in plan.text), None)
    return plan if item is None else replace(plan, items=(replace(first, said=item, item=item, names=(item,)),))


def _inside(asked: Asked, whole: Asked) -> Asked:
    """A part asked for behind its whole is of the whole's fund and classification."""
    if whole.classification in ("functional",) and asked.classification is None:
        return replace(asked, classification="functional")
    if asked.flow == "income":
        return asked
    if whole.item == "三公经费":
        return replace(asked, under=whole.item) if asked.item != whole.item else asked
    if (
        whole.item is not None
        and whole.item.endswith("支出")
        and whole.fund is None
        and asked.code is None
        and asked.item is not None
        and whole.item not in ("基本支出", "项目支出")
    ):
        return replace(asked, under=whole.item)
    return asked
