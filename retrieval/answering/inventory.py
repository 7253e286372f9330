"""What is here to be asked: which agencies published, for which years, and which tables a disclosure holds. Holds no figure."""

from __future__ import annotations

import re

from retrieval.answer.draft import Draft
from retrieval.answer.wording import KIND_NAMES, say
from retrieval.figures.places import Desk
from retrieval.figures.query import equals, run, select
from retrieval.language.reader import Understood
from retrieval.names.agencies import Agency
from retrieval.question.expression import Pick
from retrieval.words.cues import load

MOST_LISTED = 20
MOST_OPTIONS = 6


def inventory(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The years, agencies or tables that a question asks for; None if it is about something else."""
    text, said = understood.text, load("refusals.toml")["inventory"]
    if re.search(said["money"], text) or any(
        one.items and not one.table and one.text not in ("预算", "决算") for one in understood.segments
    ):
        return None
    agency = desk.directory[about.agency] if about.agency is not None else None
    published = re.search(said["published"], text) is not None
    if agency is not None and re.search(said["tables"], text):
        return _tables(desk, agency, about)
    if re.search(said["years"], text) and (published or about.kind is not None):
        return _years(desk, agency, about)
    if agency is None and re.search(said["agencies"], text):
        return _agencies(desk, understood, about) if published or not understood.strange else None
    return None


def _years(desk: Desk, agency: Agency | None, about: Pick) -> Draft | None:
    if agency is None:
        years = "、".join(f"{year}年" for year in desk.directory.years(about.kind))
        return Draft(say("inventory", "years", kind=_kind(about), years=years), route="clarify") if years else None
    there = sorted({(d.year, d.kind) for d in agency.disclosures if d.year and d.kind})
    told = say("inventory", "of_agency", who=agency.name, there="、".join(f"{year}年{KIND_NAMES[kind]}" for year, kind in there))
    options = tuple(f"{agency.name}{year}年{KIND_NAMES[kind]}支出多少" for year, kind in reversed(there) if about.kind in (None, kind))
    return Draft(told, route="clarify", options=options[:MOST_OPTIONS])


def _agencies(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The agencies that published for the year and kind; of one function, where the question says it."""
    names = [desk.directory[one].name for one in desk.directory.publishing(about.year, about.kind)]
    when = f"{about.year}年" if about.year else ""
    function = next((one.text for one in understood.segments if one.is_unread and not one.is_light), "")
    names = [name for name in names if function[:2] in name]
    if not names:
        return None if function else Draft(say("inventory", "nobody", when=when, kind=_kind(about)), route="decline")
    listed = "、".join(names[:MOST_LISTED]) + ("等" if len(names) > MOST_LISTED else "")
    text = say("inventory", "agencies", when=when, kind=_kind(about), count=len(names), names=listed)
    what = KIND_NAMES[about.kind] if about.kind is not None else ""
    return Draft(text, route="clarify", options=tuple(f"{name}{when}{what}支出多少" for name in names[:MOST_OPTIONS]))


def _tables(desk: Desk, agency: Agency, about: Pick) -> Draft | None:
    years = [about.year] if about.year is not None else reversed(agency.years(about.kind))
    for year in years:
        for place in desk.places(agency, year, about.kind):
            chosen = (equals("disclosure_id", place.disclosure.disclosure_id), equals("edition_rank", 1))
            rows = run(desk.snapshot, select("published_tables", ("table_title",), *chosen, order=("table_position",)))[1]
            if rows and place.is_own:
                titles = "、".join(f"《{row[0]}》" for row in rows)
                when = f"{year}年{KIND_NAMES[place.kind]}"
                return Draft(say("inventory", "tables", who=agency.name, when=when, count=len(rows), titles=titles), route="clarify")
    return None


def _kind(about: Pick) -> str:
    return KIND_NAMES[about.kind] if about.kind is not None else say("inventory", "either")
