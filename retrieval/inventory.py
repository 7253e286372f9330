"""What is here to be asked: which agencies published, for which years, and which tables a disclosure holds."""

from __future__ import annotations

import re

from retrieval.agencies import Agency
from retrieval.draft import Draft
from retrieval.places import Desk
from retrieval.plan import Plan
from retrieval.query import equals, run, select
from retrieval.refusals import disclosures
from retrieval.wording import KIND_NAMES, say

MOST_LISTED = 20
MOST_OPTIONS = 6
_YEARS = re.compile(r"(?:哪[几些]个?|什么|几个?)年(?:份|度)?")
_AGENCIES = re.compile(r"(?:哪[些几]?[个家]?|什么)(?:部门|单位|机构|局|委|厅)")
_TABLES = re.compile(r"(?:哪[些几]|几|什么|多少)张?(?:表格?|报表)(?![现明示])")
_PUBLISHED = re.compile(r"公布|公开|收录|发布|数据|资料|文件|可以?查|能查")
_ABOUT_MONEY = re.compile(r"钱|元|多少(?!个|家|张|年)|最|比|增|减|变|超|占|排|高|低|花|为什么|项目|科目|怎么")


def inventory(desk: Desk, plan: Plan) -> Draft | None:
    """The years, agencies or tables that a question asks for; None if it is about something else. Holds no figure."""
    text = plan.text
    if _ABOUT_MONEY.search(text) or any(asked.item is not None and asked.said not in ("预算", "决算") for asked in plan.items):
        return None
    if _TABLES.search(text) and len(plan.agencies) == 1:
        return _tables(desk, plan, desk.directory[plan.agencies[0]])
    kinds = bool(re.search("预算|决算", text))
    if _YEARS.search(text) and (_PUBLISHED.search(text) or kinds):
        return _years(desk, plan)
    if _AGENCIES.search(text) and _PUBLISHED.search(text) and not plan.agencies:
        return _agencies(desk, plan)
    return None


def _years(desk: Desk, plan: Plan) -> Draft | None:
    if not plan.agencies:
        years = "、".join(f"{year}年" for year in desk.directory.years(plan.kind))
        return Draft(say("inventory", "years", kind=_kind(plan), years=years), route="clarify") if years else None
    told = [say("inventory", "of_agency", who=desk.directory[one].name, there=disclosures(desk.directory[one])) for one in plan.agencies]
    first = desk.directory[plan.agencies[0]]
    return Draft("".join(told), route="clarify", options=_options(first, plan))


def _options(agency: Agency, plan: Plan) -> tuple[str, ...]:
    """A question about each disclosure of the agency, the latest first."""
    there = [(d.year, d.kind) for d in agency.disclosures if d.year and d.kind and plan.kind in (None, d.kind)]
    return tuple(f"{agency.name}{year}年{KIND_NAMES[kind]}支出多少" for year, kind in dict.fromkeys(there))[:MOST_OPTIONS]


def _agencies(desk: Desk, plan: Plan) -> Draft:
    year = plan.years[-1] if plan.years else None
    names = [desk.directory[one].name for one in desk.directory.publishing(year, plan.kind)]
    when = f"{year}年" if year else ""
    if not names:
        return Draft(say("inventory", "nobody", when=when, kind=_kind(plan)), route="decline")
    listed = "、".join(names[:MOST_LISTED]) + ("等" if len(names) > MOST_LISTED else "")
    text = say("inventory", "agencies", when=when, kind=_kind(plan), count=len(names), names=listed)
    return Draft(text, route="clarify", options=tuple(f"{name}{when}{_kind(plan)}支出多少" for name in names[:MOST_OPTIONS]))


def _tables(desk: Desk, plan: Plan, agency: Agency) -> Draft | None:
    for year in desk.years_of(plan, agency):
        for place in desk.places(agency, year, plan.kind):
            chosen = (equals("disclosure_id", place.disclosure.disclosure_id), equals("edition_rank", 1))
            tree = select("published_tables", ("table_title",), *chosen, order=("table_position",))
            titles = [f"《{row[0]}》" for row in run(desk.snapshot, tree)[1]]
            if titles and place.is_own:
                kind = KIND_NAMES[place.kind]
                text = say("inventory", "tables", who=agency.name, when=f"{year}年{kind}", count=len(titles), titles="、".join(titles))
                return Draft(text, route="clarify")
    return None


def _kind(plan: Plan) -> str:
    return KIND_NAMES[plan.kind] if plan.kind else say("inventory", "either")
