"""Which operation a question asks for, from its cue words and from how many things, agencies, years and kinds it names.

Each rule looks for what must be there for its operation; the first that holds decides. The cue words are data
(data/vocabulary/question_words.csv).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from retrieval import comparing_rules
from retrieval.claims import EQUAL
from retrieval.clues import (
    AVERAGE,
    BUDGET_WORD,
    EACH,
    INCOME,
    PURCHASES,
    SPENDING,
    Clues,
    Decision,
    about_change,
    adds,
    also_change,
    bare_in,
    in_parts,
    items_asked,
    items_or_all,
    whole_of,
)
from retrieval.comparing_rules import EVERY_AGENCY, SAID_AGENCIES
from retrieval.plan import Asked, Over
from retrieval.reading import ASKS_TIMES

_SHARE = re.compile(r"占(?![用地])|比重|比例|占比|百分比")
_WHAT_IS = re.compile(r"(?:[^，。□]{0,8}，)?(?:请问|我?想知道|□)*[^，。、哪多几]{1,16}(?:是什么|是啥|是何)(?:啊|呀|呢)?[？。]?")
_ASKS_WHICH = re.compile(r"多少|几|哪|什么|啥|怎|如何|谁|为何|有没有|列|排|呢|最")
_CLAIMED_QUESTION = re.compile(r"[吗么吧]\s*[？。]?$")
_DENIED = re.compile(r"没有?(?:安排|发生|用|使用|买|花)?|未(?:安排|发生)|无")
_COUNTED = re.compile(
    r"(?:几|多少)(?:辆|个(?!点|百分|钱)|名|台|家|人(?!民币)|批|次|套|所|位|条|艘|处)|人数|保有量|团组|批次|人次|多少在职|实有|"
    r"多少(?:公务用车|公车|车辆|车(?![费补改])|职工|员工|人员(?!经费|支出)|干部|编制|处室|科室|下属|所属)"
)


def operation_of(clues: Clues) -> Decision:
    """The operation, with its operands in their places."""
    decision = next((decided for rule in _RULES if (decided := rule(clues)) is not None), None)
    if decision is None:
        decision = Decision("lookup", items_asked(clues), wants_change=also_change(clues))
    decision = _by_parts(decision, clues)
    return decision if decision.over == "kinds" else replace(decision, kind=decision.kind or clues.kind)


def _by_parts(decision: Decision, clues: Clues) -> Decision:
    """The parts of a word for several things, where the question sets them against each other: 五险一金里最多的是哪项."""
    if decision.within is not None and decision.within.parts:
        return replace(decision, operation="rank" if decision.order else "lookup", items=decision.within.parts, within=None, over="items")
    alone = len(decision.items) == 1 and len(clues.agencies) < 2 and len(clues.periods.years) < 2
    if decision.operation == "lookup" and alone and EACH.search(clues.text):
        return replace(decision, items=in_parts(decision.items))
    return decision


def _personal(clues: Clues) -> Decision | None:
    person = clues.says("person")
    if person and clues.says("pay") and re.search(rf"{person}.{{0,10}}(?:{'|'.join(clues.words['pay'])})", clues.text):
        return Decision("decline", reason="personal")
    return None


def _equal(clues: Clues) -> Decision | None:
    """基本支出加项目支出等于总支出吗, 收入总计和支出总计是否一致: whether things, or their sum, equal the last."""
    if clues.claimed or len(clues.agencies) > 1 or not EQUAL.search(clues.text):
        return None
    things = (INCOME, SPENDING) if len(clues.things) == 1 and "收支" in clues.text else clues.things
    return Decision("verify", things, over="items") if len(things) > 1 else None


def _verify(clues: Clues) -> Decision | None:
    cue = clues.says("verify") or clues.says("hearsay")
    statement = (
        bool(clues.claimed)
        and (not clues.asks or not _ASKS_WHICH.search(clues.text))
        and bool(clues.things or BUDGET_WORD.search(clues.text))
    )
    plain = _CLAIMED_QUESTION.search(clues.text) and not re.search(r"多少|几|哪|什么|有没有|有无", clues.text)
    counted = any(quantity.yuan is None and quantity.unit != "%" for quantity in clues.claimed)
    yes_no = plain and (clues.claimed or clues.bounded or (clues.things and _DENIED.search(clues.text)))
    statement = statement or bool(yes_no and (clues.things or counted or BUDGET_WORD.search(clues.text)))
    if (cue and (clues.claimed or clues.says("hearsay") or re.search(r"买|没有|安排了|取消", clues.text))) or statement:
        return Decision("verify", items_asked(clues))
    return None


def _define(clues: Clues) -> Decision | None:
    asked_plainly = not clues.bounded and _WHAT_IS.fullmatch(clues.text) and not clues.says("rank_most") and not clues.says("rank_least")
    return Decision("define", clues.things) if clues.says("define") or asked_plainly else None


def _explain(clues: Clues) -> Decision | None:
    cue = clues.says("explain")
    if cue is None:
        return None
    if re.search(r"多少.*(?:为什么|为何|为啥|原因)", clues.text) and clues.things:
        over: Over | None = "years" if about_change(clues) else None
        return Decision("difference" if over else "lookup", items_asked(clues), over=over, wants_reason=True)
    return Decision("explain", clues.things)


def _part_of_year(clues: Clues) -> Decision | None:
    """Months and quarters: only whole years are published."""
    if clues.claimed or not (clues.says("part_of_year") or re.search(r"\d月(?!\d*日)", clues.text)) or _COUNTED.search(clues.text):
        return None
    return Decision("decline", clues.things, reason="part_of_year")


def _add_directly(clues: Clues) -> Decision | None:
    if clues.says("add_directly"):
        return Decision("sum", items_asked(clues), over="agencies")
    return None


def _execution(clues: Clues) -> Decision | None:
    cue = clues.says("execution") or (re.search(r"决算.{0,6}占.{0,4}预算|完成.{0,6}预算", clues.text) and "占")
    if re.search(r"决算数?(?:是|为|相当于|达到?).{0,4}预算数?的(?:多少|几|百分)", clues.text):
        cue = "占"
    if not cue:
        return None
    items = tuple(
        asked for asked in items_asked(clues) if not (asked.flow == "expenditure" and len(clues.things) > 1 and asked.item == SPENDING.item)
    )
    return Decision("share", items or (SPENDING,), over="kinds")


def _share(clues: Clues) -> Decision | None:
    cue = _SHARE.search(clues.text)
    plainly = len(clues.things) == 2 and "占" in clues.text and not clues.claimed
    if cue is None or not (plainly or re.search(r"多少|几|多大|比重|比例|占比|百分比|份额", clues.text)):
        return None
    if not clues.things:
        return Decision("share")
    if clues.says("rank_most") and EACH.search(clues.text):
        return None
    at = found.start() if (found := re.search("占(?![用地])", clues.text)) else -1
    before, after = (clues.text[:at], clues.text[at:]) if at >= 0 else (clues.text, "")
    things = clues.things
    if len(things) == 1:
        if things[0].said and bare_in(things[0], after) and not bare_in(things[0], before):
            part = _said_before(clues, before)
            return Decision("share", (Asked(part),) if part else (), base=things[0])
        whole = INCOME if things[0].flow == "income" else SPENDING
        if (things[0].item or "").startswith(PURCHASES.said) and things[0].item != PURCHASES.item:
            whole = PURCHASES
        if things[0].under is not None and things[0].under != things[0].item:
            whole = Asked(things[0].under, things[0].under, (things[0].under,))
        if (unknown := _whole_said(clues, after)) is not None:
            whole = Asked(unknown)
        return Decision("share", things, base=None if "其中" in clues.text else whole)
    if EACH.search(clues.text) and not any(bare_in(thing, after) for thing in things):
        return Decision("share", things, base=INCOME if all(thing.flow == "income" for thing in things) else SPENDING)
    behind = [thing for thing in things if bare_in(thing, after) and not bare_in(thing, before)]
    if at >= 0 and behind and len(behind) < len(things):
        return Decision("share", tuple(thing for thing in things if thing not in behind), base=behind[0])
    return Decision("share", things[:-1], base=things[-1])


def _said_before(clues: Clues, before: str) -> str | None:
    """What stands before 占 and is no term (文化产业专项占总支出): the part that is meant."""
    for start, end in clues.periods.spans:
        before = before[:start] + " " * (end - start) + before[end:]
    said = re.search(r"([\u4e00-\u9fff]{2,12})[ 的]*$", clues.words.contentless.sub(" ", before))
    return said.group(1) if said is not None and said.group(1) not in ("其中", "分别", "它们") else None


def _whole_said(clues: Clues, after: str) -> str | None:
    """What stands behind 占 and is no term (占GDP): the whole that is meant, whether it is published or not."""
    left = clues.words.contentless.sub(" ", after.removeprefix("占"))
    said = re.match(r" *((?:[\u4e00-\u9fff]{2,8}|[a-z]{2,8}))(?= |$|[的，。？])", left)
    return said.group(1) if said is not None and not any(bare_in(thing, said.group(1)) for thing in clues.things) else None


def _per_head(clues: Clues) -> Decision | None:
    if clues.says("per_head") is None:
        return None
    if clues.things and re.search(r"按.{0,12}(?:人数|编制)", clues.text):
        divisor = re.search(r"按(?:照)?([^，。？]{1,12}?(?:人数|编制))", clues.text)
        return Decision("share", clues.things[:1], base=Asked(divisor.group(1) if divisor else "人数", measure="count"), over="items")
    return Decision("decline", clues.things, reason="no_divisor")


def _count(clues: Clues) -> Decision | None:
    of_a_list = clues.bounded and re.search("项目|科目|支出", clues.text)
    if _COUNTED.search(clues.text) and not of_a_list and not re.search(r"多少(?:万|亿|千)?元|多少钱", clues.text):
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
    if len(clues.things) == 1 and EACH.search(text) and len(clues.periods.years) > 1 and not clues.periods.is_range:
        return Decision("trend", clues.things, over="years")
    if len(clues.things) == 1 and EACH.search(text) and len(clues.agencies) > 1:
        return Decision("lookup", clues.things)
    if not clues.things and EACH.search(text) and len(clues.agencies) > 1 and BUDGET_WORD.search(text):
        return Decision("lookup", (SPENDING,))
    if clues.things or re.search(r"支出|收入|花|项目|科目|钱", text):
        return Decision("list", within=whole_of(clues), over="items")
    return Decision("list", ())


def _sum(clues: Clues) -> Decision | None:
    if "其中" in clues.text or not (adds(clues) or AVERAGE.search(clues.text) or not EACH.search(clues.text)):
        return None
    every = EVERY_AGENCY.search(clues.text) or SAID_AGENCIES.search(clues.text)
    in_all = any(re.search("(?:合计|总计|总额|总数|总和)$", asked.said) for asked in clues.things)  # 全部单位三公经费合计
    if not clues.agencies and every and (adds(clues) or in_all or AVERAGE.search(clues.text)):
        return Decision("sum", items_or_all(clues)[:1], over="agencies")
    if len(clues.agencies) > 1 and (clues.says("sum") or AVERAGE.search(clues.text)):
        return Decision("sum", items_asked(clues)[:1], over="agencies")
    together = adds(clues) or AVERAGE.search(clues.text)
    if len(clues.things) < 2 and len(clues.agencies) < 2 and together and (clues.periods.is_range or len(clues.periods.years) > 1):
        return Decision("sum", items_asked(clues)[:1], over="years")
    several = len(clues.things) > 1 and (adds(clues) or re.search(r"[一二两三四五六七八九十\d]项", clues.text))
    if several or (
        len(clues.things) > 2 and len({asked.said for asked in clues.things}) == len(clues.things) and re.search("五险", clues.text)
    ):
        return Decision("sum", in_parts(clues.things), over="items")
    return None


def _times(clues: Clues) -> Decision | None:
    """基本工资是奖金的几倍; of two agencies, two years, or a budget and its final accounts: 教育局的差旅费是图书馆的几倍."""
    if not ASKS_TIMES.search(clues.text) or clues.claimed:
        return None
    if len(clues.things) > 1:  # of several together, in percent: 差旅费和培训费等于几个印刷费
        return Decision("share", clues.things[:-1], base=clues.things[-1])
    periods = clues.periods
    over: Over | None = (
        "agencies" if len(clues.agencies) == 2
        else "kinds" if "预算" in clues.text and "决算" in clues.text
        else "years" if len(periods.years) == 2 or -1 in periods.relative or clues.says("prior")
        else None)
    items = clues.things or ((SPENDING,) if BUDGET_WORD.search(clues.text) else ())
    return Decision("share", items, over=over) if over is not None and len(items) == 1 else None


def _bounded(clues: Clues) -> Decision | None:
    """超过100万元的支出科目: a list, though no word asks for one."""
    if clues.bounded and not clues.claimed and re.search(r"科目|项目|支出|收入|费用|分项", clues.text):
        return Decision("list", within=whole_of(clues), over="items")
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
    _equal,
    _verify,
    _define,
    _explain,
    _part_of_year,
    comparing_rules.figure_and_change,
    _add_directly,
    _per_head,
    _execution,
    _share,
    comparing_rules.spread,
    comparing_rules.placed,
    comparing_rules.rank,
    comparing_rules.growth,
    comparing_rules.compare,
    comparing_rules.difference,
    _sum,
    comparing_rules.trend,
    _kinds,
    _count,
    comparing_rules.every_agency,
    _list,
    _bounded,
    _yes_no,
    comparing_rules.against_last_year,
)
