"""Saying no, and asking back: what is not here, what is, and which readings there are."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval.agencies import Agency
from retrieval.draft import Draft
from retrieval.lexicon import contains
from retrieval.places import Desk, likeness
from retrieval.plan import Plan
from retrieval.wording import KIND_NAMES, say
from store.values import Kind

MOST_OPTIONS = 6
FEW_OPTIONS = 3
MOST_LISTED = 20
LONGEST_FUNCTION = 8  # characters that say which agencies are asked for
WHOLE_PLACE = re.compile(r"[全各][省市区县州国旗]|全(?=[\u4e00-\u9fff]{2,6}?[省市区县州])|全$|各地")
_ASKS_AGENCIES = re.compile(
    r"(?:一共|总共|都|这里|库里|目前|现在|你们|收录了?)*(?:有|是|包括)?(?:哪些|哪几[家个]|多少[家个]?|几[家个]|谁家?)(?:的)?(?:部门|单位|机构|局|委|厅|家)?"
    r"(?:的)?(?:数据|资料|预算|决算)*(?:公开了?|公布了?|可以查|能查)*[呢啊呀？?。]*$"
)
_NO_FUNCTION = re.compile(r"部门|单位|机构|系统|方面|类|的|请问|这里|库里|目前|现在|你们|这个|系统里|有|都|局$|[？?，。]")
LIKE = 0.65  # likeness of names from which the one may be meant by the other


def declined(desk: Desk, plan: Plan) -> Draft:
    """The sentence for the plan's reason, with what there is instead."""
    reason = plan.reason or "not_understood"
    text = say("declined", reason, named=plan.named or "", who="", when="", kind="", there=there(desk, plan.named or ""))
    return Draft(text, route="decline", options=_nearest(desk, plan) if reason == "unknown_agency" else ())


def _nearest(desk: Desk, plan: Plan) -> tuple[str, ...]:
    """The question asked of the agencies whose names are most like the one that is not here."""
    if not plan.named or plan.named not in plan.question:
        return ()
    alike = [(likeness(agency.name, plan.named), agency.name) for agency in desk.directory.alike(plan.named) if agency.is_named]
    near = sorted((pair for pair in alike if pair[0] >= LIKE), reverse=True)[:FEW_OPTIONS]
    return tuple(plan.question.strip().replace(plan.named, name, 1) for _, name in near)


def there(desk: Desk, named: str = "") -> str:
    """The agencies in the store, the first few: those most like `named`, if they are, before the others."""
    alike = [agency for agency in desk.directory.alike(named) if agency.is_named]
    alike.sort(key=lambda agency: (-likeness(agency.name, named), agency.name))
    names = list(dict.fromkeys(agency.name for agency in (*alike, *desk.directory.named())))
    few = "、".join(names[:MOST_OPTIONS])
    return f"{few}等{len(names)}个单位" if len(names) > MOST_OPTIONS else few


def not_published(plan: Plan, agency: Agency, year: int) -> Draft:
    """The agency is here, but not that year or kind."""
    years = agency.years()
    reason = "unknown_kind" if year in years else "unknown_year"
    kind = KIND_NAMES[plan.kind] if plan.kind else "预算或决算"
    text = say("declined", reason, who=agency.name, named=year, kind=kind, there=disclosures(agency))
    asked = (_of_another(plan, agency, year, other.year or year, other.kind or "budget") for other in agency.disclosures)
    return Draft(text, route="decline", options=tuple(dict.fromkeys(asked))[:MOST_OPTIONS])


def _of_another(plan: Plan, agency: Agency, year: int, other: int, kind: Kind) -> str:
    """The question about a year and kind that are published; only these where the question says its year in other words."""
    question = plan.question.strip()
    if str(year) not in question or (plan.kind is not None and plan.kind != kind and KIND_NAMES[plan.kind] not in question):
        return f"{agency.name}{other}年{KIND_NAMES[kind]}"
    question = question.replace(str(year), str(other))
    return question.replace(KIND_NAMES[plan.kind], KIND_NAMES[kind]) if plan.kind is not None else question


def only_beside(desk: Desk, plan: Plan) -> Draft | None:
    """A year that is not published itself, whose figures were looked for beside another year's: what is there instead."""
    if len(plan.agencies) != 1 or plan.about_year is not None:
        return None
    agency = desk.directory[plan.agencies[0]]
    if plan.over == "kinds":
        year = (plan.years or agency.years() or (0,))[-1]
        absent: list[Kind] = [kind for kind in ("budget", "final") if not agency.find(year, kind)]
        return not_published(replace(plan, kind=absent[0]), agency, year) if absent else None
    if not plan.years:
        return None
    places = [place for year in plan.years for place in desk.places(agency, year, plan.kind)]
    return None if any(place.is_own for place in places) else not_published(plan, agency, plan.years[-1])


def disclosures(agency: Agency) -> str:
    """What is published of an agency: 2023年预算、2023年决算."""
    known = sorted({(d.year or 0, d.kind or "budget") for d in agency.disclosures})
    return "、".join(f"{year}年{KIND_NAMES[kind]}" for year, kind in known)


def which_agency(desk: Desk, plan: Plan, among: tuple[str, ...] = ()) -> Draft:
    """Asks back which agency is meant, with the question as it would then read."""
    ids = among or _likely(desk, plan)
    names = [desk.directory[one].name for one in ids[:MOST_OPTIONS]]
    options = tuple(f"{name}{plan.question.strip()}" if not among else _with_name(plan, name) for name in names)
    listed = "、".join(names) + ("等" if len(ids) > MOST_OPTIONS else "")
    return Draft(say("clarify", "which_agency") + f"可选：{listed}。", route="clarify", options=options)


def which_at_place(desk: Desk, plan: Plan, span: tuple[int, int], there: tuple[str, ...]) -> Draft:
    """Asks back which agency of a place is meant: what all of them spend together is not published here."""
    start, end = span
    names = [desk.directory[one].name for one in there[:MOST_OPTIONS]]
    rest = WHOLE_PLACE.sub("", plan.text[end:])
    options = tuple(f"{WHOLE_PLACE.sub('', plan.text[:start])}{name}{rest}" for name in names)
    listed = "、".join(names) + ("等" if len(there) > MOST_OPTIONS else "")
    return Draft(say("clarify", "no_whole", place=plan.text[start:end], there=listed), route="clarify", options=options)


def agencies_asked(desk: Desk, plan: Plan) -> Draft | None:
    """教育部门有哪几家, 这里有哪些单位: the agencies of a function, or all there are; None where the question asks for anything else."""
    asked = _ASKS_AGENCIES.search(plan.text)
    if asked is None or plan.years or any(one.item is not None for one in plan.items):
        return None
    said = _NO_FUNCTION.sub("", _ASKS_AGENCIES.sub("", plan.text))
    found = [agency for agency in desk.directory.named() if not said or contains(agency.name, said)]
    if not found or len(said) > LONGEST_FUNCTION:
        return None
    names = [agency.name for agency in found]
    few = "、".join(names[:MOST_LISTED]) + ("等" if len(names) > MOST_LISTED else "")
    options = tuple(f"{agency.name}{agency.years()[-1]}年支出预算多少" for agency in found[:MOST_OPTIONS] if agency.years())
    text = say("clarify", "agencies", count=len(names), function=f"“{said}”" if said else "", there=few)
    return Draft(text, route="clarify", options=options)


def _with_name(plan: Plan, name: str) -> str:
    return f"{name}：{plan.question.strip()}"


def _likely(desk: Desk, plan: Plan) -> tuple[str, ...]:
    year = plan.years[-1] if plan.years else None
    return desk.directory.publishing(year, plan.kind) or desk.directory.publishing(None, None)
