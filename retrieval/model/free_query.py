"""Figures chosen by a model's SQL where no plan says what is asked: chosen by it, but read, computed and worded here.

The query passes retrieval.foreign_sql, runs in a process of its own, and gives figure ids; a row without one is not shown. Each
figure must be of an agency, year, kind and thing that the question names, and must be the one that the rules read for that
thing in that disclosure. Sums, averages and shares are computed here, from those.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import cast

from prompts import load
from retrieval.agencies import Agency, Disclosure
from retrieval.answer import Step, Value
from retrieval.draft import Draft
from retrieval.figures import Cell, Reading
from retrieval.foreign_sql import read
from retrieval.model.grounds import Grounds, borne_out
from retrieval.model.query_process import QueryFailed, run_limited
from retrieval.model.replies import Compute, QueryReply
from retrieval.model.session import LEAST_SECONDS, Refused, Session
from retrieval.model.understanding import about
from retrieval.places import Desk, Place
from retrieval.plan import Asked, Plan
from retrieval.planner import Planner
from retrieval.query import DIALECT, FIGURE_COLUMNS, among, run, select
from retrieval.wording import KIND_NAMES, money, shown, value_of
from store.errors import SqlRefused

SENTENCES = Path(__file__).parent.parent.parent / "data" / "vocabulary" / "model_answers.toml"
MOST_FIGURES = 24  # that one answer shows
SECONDS = 3.0  # of one query
TWO = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer in the making, and the SQL that chose its figures."""

    draft: Draft
    sql: str


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """The sentences of data/vocabulary/model_answers.toml."""
    return cast(Mapping[str, Mapping[str, str]], tomllib.loads(SENTENCES.read_text("utf-8")))


def choose(session: Session, desk: Desk, planner: Planner, database: Path, rules: Plan, grounds: Grounds) -> Chosen | None:
    """The figures that the model's query chooses for the question; None where no usable query came."""
    values = about(rules, planner, grounds)
    return session.ask(
        "query", load("sql"), values, QueryReply,
        lambda reply: _chosen(reply, desk, database, rules, grounds, max(LEAST_SECONDS, session.seconds_left)))


def _chosen(reply: QueryReply, desk: Desk, database: Path, rules: Plan, grounds: Grounds, seconds_left: float) -> Chosen:
    if not borne_out(grounds, reply.compute) or grounds.against(reply.compute) is not None:
        raise Refused(f"the question does not ask for {reply.compute}")
    try:
        text = read(reply.sql).sql(dialect=DIALECT)
        rows = run_limited(database, text, min(SECONDS, seconds_left), seconds_left)
    except SqlRefused as error:
        raise Refused(f"not allowed in the query: {error.where.get('what', '')}") from error
    except QueryFailed as error:
        raise Refused(str(error)) from error
    cells = _cells(desk, [str(row[0]) for row in rows if row and row[0] is not None])
    if not cells:
        raise Refused("the query chooses no printed figure")
    readings = _read(cells, desk, grounds)
    return Chosen(_draft(reply.compute, readings, rules), text)


def _cells(desk: Desk, ids: Sequence[str]) -> list[Cell]:
    """The figures of those ids, in their order, each once."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {row[0]: row for row in run(desk.snapshot, select("disclosed_figures", FIGURE_COLUMNS, among("figure_id", wanted)))[1]}
    shelf = {cell.figure_id: cell for row in found.values() for cell in desk.shelf.cells(row[1])}
    own = [shelf[one] for one in wanted if one in shelf]
    return [cell for cell in own if cell.about_year in (None, cell.year)]  # not what a disclosure prints of another year


def _read(cells: Sequence[Cell], desk: Desk, grounds: Grounds) -> tuple[Reading, ...]:
    """The reading that the rules give for each chosen figure's thing in its disclosure, each once. Raises Refused."""
    _check_places(cells, grounds)
    readings: list[Reading] = []
    seen: set[tuple[str, ...]] = set()
    for cell in cells:
        asked = _asked(cell, grounds)
        if asked is None:
            raise Refused(f"{cell.item} is not what the question asks about")
        key = (cell.disclosure_id, *(asked.names or (cell.item,)), asked.code or "")
        if key in seen:
            continue
        seen.add(key)
        fact = desk.find(asked, _place(desk, cell))
        reading = fact.readings[0] if fact.readings else None
        if reading is None or reading.stated is not None or not any(
            cell.value == other.value and cell.unit == other.unit for other in (*reading.cells, *reading.twins)):
            raise Refused(f"of {cell.item} another figure is meant than the one chosen; filter by fund, portion and measure")
        readings.append(reading)
    named = {name for reading in readings for name in (reading.first.item,)}
    left = [asked.said for asked in grounds.things if asked.item is not None and not named & set(asked.names)]
    if left and not grounds.any_row:
        raise Refused(f"the question also names {left[0]}: choose its figures too")
    return tuple(readings)


def _check_places(cells: Sequence[Cell], grounds: Grounds) -> None:
    agencies, years, kinds = (frozenset(getattr(cell, name) for cell in cells) for name in ("agency_id", "year", "kind"))
    if grounds.agencies and agencies != grounds.agencies:
        raise Refused("the figures are not all, and only, of the agencies that the question names")
    if not grounds.agencies and not grounds.any_agency and len(agencies) > 1:
        raise Refused("the question does not range over agencies")
    if not grounds.agencies and not grounds.any_agency:
        raise Refused("the question names no agency")
    if grounds.years and years - grounds.years:
        raise Refused("the figures are of other years than the question names")
    if not grounds.years and not grounds.any_year and len(years) > 1:
        raise Refused("the question does not range over years")
    if grounds.kind is not None and kinds != frozenset((grounds.kind,)):
        raise Refused("the figures are of another kind than the question names")
    if grounds.kind is None and not grounds.any_kind and len(kinds) > 1:
        raise Refused("the question does not ask about both budget and final accounts")
    if any(cell.doubt for cell in cells):
        raise Refused("a figure is doubtful")


def _asked(cell: Cell, grounds: Grounds) -> Asked | None:
    """The thing of the question that the figure is of; where 哪些科目 is asked, the figure's own row."""
    for asked in grounds.terms:
        if cell.item in asked.names:
            return asked
    if grounds.any_row and cell.role not in ("total", "subtotal"):
        return Asked(cell.item, cell.item, (cell.item,), code=cell.code)
    return None


def _place(desk: Desk, cell: Cell) -> Place:
    agency: Agency = desk.directory[cell.agency_id]
    disclosure: Disclosure = next(one for one in agency.disclosures if one.disclosure_id == cell.disclosure_id)
    return Place(agency, disclosure, cell.year)


def _draft(compute: Compute, readings: tuple[Reading, ...], rules: Plan) -> Draft:
    """The figures as an answer. Raises Refused where they can't be computed with."""
    if len(readings) > MOST_FIGURES and compute != "count":
        raise Refused(f"{len(readings)} figures are too many to show; choose fewer")
    units = {reading.unit for reading in readings}
    unit = rules.unit or readings[0].unit
    if not all(reading.is_money for reading in readings) and len(units) > 1:
        raise Refused("figures in different units can't be put together")
    values = [value_of(reading, unit if reading.is_money else None) for reading in readings]
    labels = [_label(reading) for reading in readings]
    parts = "；".join(label + shown(value) for label, value in zip(labels, values, strict=True))
    amounts = [reading.value for reading in readings]
    if compute in ("difference", "share", "ratio") and len(readings) != TWO:
        raise Refused(f"{compute} needs exactly two figures")
    match compute:
        case "list":
            return Draft(_say("list", count=len(values), parts=parts), tuple(values), readings)
        case "count":
            counted = Value(Decimal(len(values)), "项")
            few = parts if len(readings) <= MOST_FIGURES else ""
            return Draft(_say("count", count=len(values), parts=few), (counted, *values), readings)
        case "most" | "least":
            order = sorted(range(len(values)), key=lambda i: amounts[i], reverse=compute == "most")
            ordered = "；".join(labels[i] + shown(values[i]) for i in order)
            first = labels[order[0]] + shown(values[order[0]])
            return Draft(
                _say(compute, first=first, parts=ordered), tuple(values[i] for i in order), tuple(readings[i] for i in order))
        case _:
            computed = _computed(compute, amounts, unit, readings)
            step = Step(
                "sum" if compute in ("sum", "average") else "difference" if compute == "difference" else "share", computed,
                tuple(zip(labels, values, strict=True)))
            text = _say(compute, amount=shown(computed), parts=parts, count=len(values))
            return Draft(text, (computed, *values), readings, steps=(step,))


def _computed(compute: Compute, amounts: Sequence[Decimal], unit: str, readings: Sequence[Reading]) -> Value:
    places = max(reading.places for reading in readings)
    if compute in ("share", "ratio"):
        if not amounts[1]:
            raise Refused("the second figure is zero")
        factor = Decimal(100) if compute == "share" else Decimal(1)
        rate = (amounts[0] * factor / amounts[1]).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return Value(rate, "%" if compute == "share" else "倍")
    total = sum(amounts, Decimal(0))
    if compute == "difference":
        total = abs(amounts[0] - amounts[1])
    if compute == "average":
        total /= len(amounts)
    if readings[0].is_money:
        return money(total, unit, max(places, TWO) if compute == "average" or unit == readings[0].unit else None)
    return Value(total.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), readings[0].unit)


def _label(reading: Reading) -> str:
    cell = reading.first
    return sentences()["query"]["part"].format(
        agency=cell.agency, year=cell.year, kind=KIND_NAMES[cell.kind], item=cell.item, amount="")


def _say(name: str, **fields: object) -> str:
    return sentences()["query"][name].format(**fields)
