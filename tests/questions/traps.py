"""Questions with a snag: nearly the same name, a part beside its whole, a year or kind that is not here, a premise that is false.

Makers of cases for `tests.questions.write_cases`; answers are computed from the books. Each snag is worded in several ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samples.accounts import AGENCIES, budget_of, final_accounts_of
from tests.questions.forms import Case, case, percent, value

EDUCATION, WATER, LIBRARY = AGENCIES["agency"]
NO: dict[str, Any] = {"routes": ["decline"]}
ASK: dict[str, Any] = {"routes": ["clarify"]}


def trap(skill: str, question: str, **more: Any) -> Case:
    """A case that is a snag."""
    return case(skill, question, **more) | {"trap": True}


def printed(amount: int) -> str:
    """Hundredths of 万元 as an answer prints them."""
    return f"{amount / 100:,.2f}"


def names() -> Iterator[Case]:
    """Agencies that are nearly one of ours, units of ours, and lists that hold one that is not here."""
    for named in (
        "示例市教育和体育局",
        "示例市水利局",
        "示例市少年儿童图书馆",
        "示例省教育厅",
        "示例市第一中学",
        "样例市图书馆",
        "示例区水务局",
        "示例市教育考试中心",
    ):
        yield trap("decline", f"{named}2025年三公经费预算多少", **NO)
    for unit in ("示例市教育局下属的第二小学", "示例市水务局所属的河道管理站", "示例市水务局下属防汛抢险中心"):
        yield trap("decline", f"{unit}2025年预算多少钱", **NO)
    for question in (
        "示例市教育局、示例市水务局和示例市财政局2025年预算三公经费一共多少",
        "示例市图书馆和示例市档案馆2025年预算哪个多",
        "示例市公安局与示例市水务局2024年预算的三公经费差多少",
    ):
        yield trap("decline", question, **NO)
    for question in ("教育局和财政局谁的2025年预算多", "水务局跟民政局2024年预算三公经费差多少"):
        yield trap("decline", question, **NO)
    for question in ("局里2025年花了多少", "这个单位三公经费多少", "2025年差旅费最多的三项", "2024年预算和决算差多少"):
        yield trap("clarify", question, **ASK)


def parts_and_wholes() -> Iterator[Case]:
    """A part is never added to its whole, and is taken from it only where it is in it."""
    for agency in AGENCIES["agency"]:
        name, now = agency["name"], budget_of(agency, 2025)
        public, total = now.three_public, now.total
        both = printed(public["total"] + public["reception"])
        yield trap("sum", f"{name}2025年预算的三公经费加上公务接待费一共多少", contains=["包含"], excludes=[both])
        yield trap("sum", f"{name}2025年预算支出总计和项目支出合起来多少", contains=["包含"])
        yield trap("difference", f"{name}2025年预算三公经费不含公务接待费是多少", amounts=[public["total"] - public["reception"]])
        yield trap("difference", f"{name}2025年预算扣除三公经费还剩多少", amounts=[total - public["total"]])
        yield trap("decline", f"{name}2025年预算不算食堂是多少", **NO)
        yield trap("share", f"{name}2025年预算人头费占总支出多少", values=[percent(now.personnel, total)])
    first, second, third = (agency["name"] for agency in AGENCIES["agency"])
    amounts = [budget_of(agency, 2024).three_public["total"] for agency in AGENCIES["agency"]]
    yield trap("sum", f"{first}、{second}、{third}三家单位2024年预算三公经费凑一块儿是多少", amounts=[sum(amounts)])
    yield trap("sum", "示例市三个部门2024年预算三公经费合计多少", amounts=[sum(amounts)])


def years_and_kinds() -> Iterator[Case]:
    """A year or kind that is not here; months; budgets beside final accounts."""
    for agency in AGENCIES["agency"]:
        name = agency["name"]
        for year in (2018, 2020, 2027):
            yield trap("decline", f"{name}{year}年三公经费预算", **NO)
        yield trap("decline", f"{name}2025年决算比预算多花多少", **NO)
        yield trap("decline", f"{name}2025年三公经费执行率", **NO)
        yield trap("decline", f"{name}2024年上半年差旅费多少", **NO)
        yield trap("decline", f"{name}2024年12月的招待费", **NO)
        budget, final = budget_of(agency, 2024), final_accounts_of(agency, 2024)
        gap = final.spent.three_public["total"] - budget.three_public["total"]
        yield trap("difference", f"{name}2024年三公经费预算和决算哪个多", amounts=[abs(gap)], contains=["少" if gap < 0 else "多"])
        yield trap("lookup", f"{name}2024年决算差旅费，不是预算", amounts=[final.spent.economic["30211"]])


def premises() -> Iterator[Case]:
    """What the question takes for granted is not so."""
    for agency in AGENCIES["agency"]:
        name, now, before = agency["name"], budget_of(agency, 2025), budget_of(agency, 2024)
        more = now.total >= before.total
        wrong, right = ("减少", "增加") if more else ("增加", "减少")
        yield trap("explain", f"为什么{name}2025年支出预算比上年{wrong}了", routes=None, contains=[right])
        more = now.three_public["total"] >= before.three_public["total"]
        wrong, right = ("减少", "增加") if more else ("增加", "减少")
        yield trap("explain", f"{name}2025年三公经费怎么{wrong}了这么多，原因是什么", routes=None, contains=[right])
        yield trap(
            "verify", f"听说{name}2025年三公经费预算{now.three_public['total'] / 100:.2f}亿元，是真的吗", routes=None, verdict="refuted"
        )
        yield trap("verify", f"{name}2025年预算支出是{before.total / 100:.2f}万元吧", routes=None, verdict="refuted")
        said = now.three_public["total"] // 1000 * 10
        yield trap("verify", f"{name}2025年三公经费预算超过{said}万，对吗", routes=None, verdict="supported")
        yield trap("decline", f"{name}2025年平均每名老师多少钱", **NO)
        yield trap("decline", f"{name}2025年人均三公经费", **NO)
        yield trap("decline", f"{name}书记年薪多少", **NO)


def places_taken() -> Iterator[Case]:
    """排第几, shares of the largest, both figures and their change, and chains that forget nothing."""
    totals = {agency["name"]: budget_of(agency, 2025).three_public["total"] for agency in AGENCIES["agency"]}
    order = sorted(totals, key=lambda name: -totals[name])
    for place, name in enumerate(order, start=1):
        yield trap("rank", f"{name}2025年三公经费预算在各部门里排第几", amounts=[totals[name]], contains=[f"第{place}位"])
    yield trap("rank", "2025年三公经费预算前两名的部门", amounts=[totals[order[0]], totals[order[1]]])
    for agency in AGENCIES["agency"]:
        name, now, before = agency["name"], budget_of(agency, 2025), budget_of(agency, 2024)
        new, old = now.three_public["total"], before.three_public["total"]
        yield trap("difference", f"{name}2024年和2025年预算三公经费各多少，变化多少", amounts=[new, old, abs(new - old)])
        goods = sorted((amount for code, amount in now.economic.items() if code.startswith("302")), reverse=True)
        basic = sum(amount for code, amount in now.economic.items() if code.startswith("302"))
        shares = [percent(amount, basic) for amount in goods[:2]]
        yield trap("rank", f"{name}2025年预算商品和服务支出里最大的两项和各占多少", values=[value(goods[0]), value(goods[1]), *shares])
        yield trap(
            "followup", "那有几辆公车", values=[{"amount": str(agency["vehicles"]), "unit": "辆"}], dialog=[f"{name}2025年预算养车的钱"]
        )
    first, second, third = (agency["name"] for agency in AGENCIES["agency"])
    chain = [f"{first}2025年三公经费预算多少", f"那{second}呢", f"{third}呢"]
    yield trap("followup", "三家加起来多少", amounts=[sum(totals.values())], dialog=chain)
    yield trap("followup", "谁最多", amounts=[totals[order[0]]], dialog=chain)
    yield trap("followup", "那2019年呢", dialog=[f"{first}2025年三公经费预算多少"], **NO)
    yield trap("followup", "财政局呢", dialog=["示例市教育局2025年三公经费预算多少"], routes=["decline", "clarify"])


MAKERS = (names, parts_and_wholes, years_and_kinds, premises, places_taken)
