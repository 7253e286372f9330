"""What is here to be asked: which agencies published, for which years, and which tables a disclosure holds. Holds no figure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.answer.draft import Draft
from retrieval.answer.wording import KIND_NAMES, say
from retrieval.figures.agencies import Agency
from retrieval.figures.places import Desk
from retrieval.figures.query import equals, run, select
from retrieval.language.segments import Understood
from retrieval.question.expression import Pick
from retrieval.words.grammar import load

MOST_LISTED = 20
MOST_OPTIONS = 6


def inventory(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The years, agencies or tables that a question asks for; None if it is about something else."""
    text, said = understood.text, load("refusals.toml")["inventory"]
    things = [one for one in understood.segments if one.items and not one.table and one.text not in KIND_NAMES.values()]
    if things or re.search(said["money"], text):
        return None
    agency = desk.directory[about.agency] if about.agency is not None else None
    published = re.search(said["published"], text) is not None
    if agency is not None and re.search(said["tables"], text):
        return _tables(desk, agency, about)
    if re.search(said["years"], text) and (published or about.kind is not None):
        return _years(desk, agency, about)
    if agency is None and re.search(said["agencies"], text) and (published or not understood.strange):
        return _agencies(desk, understood, about)
    return None


def _years(desk: Desk, agency: Agency | None, about: Pick) -> Draft | None:
    if agency is None:
        there = [_when(year, None) for year in desk.directory.years(about.kind)]
        return Draft(say("inventory", "years", kind=_kind(about), years="、".join(there)), route="clarify") if there else None
    own = sorted({(one.year, one.kind) for one in agency.disclosures if one.year and one.kind})
    told = say("inventory", "of_agency", who=agency.name, there="、".join(_when(year, kind) for year, kind in own))
    dated = (_when(year, kind) for year, kind in reversed(own) if about.kind in (None, kind))
    return Draft(told, route="clarify", options=_options((agency.name, when) for when in dated))


def _agencies(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The agencies that published for the year and kind; of one function, where the question says it."""
    function = next((one.text for one in understood.segments if one.is_unread and not one.is_light), "")
    names = [desk.directory[one].name for one in desk.directory.publishing(about.year, about.kind)]
    names = [name for name in names if function[:2] in name]
    when = _when(about.year, None)
    if not names:
        return None if function else Draft(say("inventory", "nobody", when=when, kind=_kind(about)), route="decline")
    listed = "、".join(names[:MOST_LISTED]) + (say("inventory", "more", count=len(names)) if len(names) > MOST_LISTED else "")
    text = say("inventory", "agencies", when=when, kind=_kind(about), count=len(names), names=listed)
    return Draft(text, route="clarify", options=_options((name, _when(about.year, about.kind)) for name in names))


def _tables(desk: Desk, agency: Agency, about: Pick) -> Draft | None:
    years = [about.year] if about.year is not None else reversed(agency.years(about.kind))
    for place in (place for year in years for place in desk.places(agency, year, about.kind) if place.is_own):
        chosen = (equals("disclosure_id", place.disclosure.disclosure_id), equals("edition_rank", 1))
        rows = run(desk.snapshot, select("published_tables", ("table_title",), *chosen, order=("table_position",)))[1]
        if rows:
            titles = "、".join(f"《{row[0]}》" for row in rows)
            when = _when(place.year, place.kind)
            return Draft(say("inventory", "tables", who=agency.name, when=when, count=len(rows), titles=titles), route="clarify")
    return None


def _options(asked: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Questions for what some agencies spend."""
    return tuple(say("inventory", "spending", who=who, when=when) for who, when in asked)[:MOST_OPTIONS]


def _when(year: int | None, kind: str | None) -> str:
    return (say("inventory", "year", year=year) if year else "") + (KIND_NAMES[kind] if kind is not None else "")


def _kind(about: Pick) -> str:
    return KIND_NAMES[about.kind] if about.kind is not None else say("inventory", "either")
