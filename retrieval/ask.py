"""One question in, one answer out: the function that page, command line and tools call.

Plan → figures and passages → sentence → number check. Holds an open snapshot and what was read of it; a question, whatever
it contains, ends in an `Answer`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from retrieval import differences, fallbacks, lookups, over_years, rank_series, ranking, refusals, shares, sums, verifying, without
from retrieval.agencies import AGENCY_LIKE, UNNAMED, Directory, Disclosure
from retrieval.answer import Answer, Citation
from retrieval.clues import SPENDING
from retrieval.draft import Draft
from retrieval.evidence import citations, query_of, sum_of
from retrieval.figures import Shelf
from retrieval.figures_in_prose import amount_in_prose, changes_in, is_about_budgets, named_in_prose, stands_for_figure
from retrieval.goal_answers import goals
from retrieval.inventory import inventory
from retrieval.lexicon import Lexicon, contains, question_words
from retrieval.nameless import Nameless
from retrieval.number_check import allowed, without_unproved
from retrieval.over_budget import over_budget
from retrieval.pairing import first_fact, sums_of
from retrieval.places import Desk
from retrieval.plan import Plan
from retrieval.planner import Planner
from retrieval.prose_words import prose_words
from retrieval.query import ALL_ROWS, Rows, equals, run, select
from retrieval.question_reader import QuestionReader
from retrieval.rank_changes import rank_changes
from retrieval.reading import bare
from retrieval.unread import not_taken_off, taken_for, told_beside
from retrieval.wording import KIND_NAMES, say
from store.errors import SqlRefused

if TYPE_CHECKING:
    pass

LOG = logging.getLogger(__name__)
SURE_ENOUGH = 0.3  # prose evidence below this score is no answer

Answering = Callable[[Desk, Plan], Draft | None]

_BY_TABLES: dict[str, Answering] = {
    "lookup": without.lookup,
    "share": shares.share,
    "difference": differences.difference,
    "growth": over_years.change,
    "trend": over_years.trend,
    "rank": ranking.rank,
    "compare": rank_series.compare,
    "list": ranking.list_parts,
    "verify": verifying.verify,
}
_AS_OF = re.compile(r"截[至止]到?(?:20)?\d\d年(?:年?[底末]| ?\d{1,2}月)")
_TELLING = re.compile(r"^[^多少几]*(?:情况|说明|介绍|安排)[^多少几]*$")  # 国有资产占用情况: what the section of that name tells
_TARGET = re.compile("目标值|指标值|上限")
_PROSE_FIRST = frozenset(("define", "explain", "count"))


def _first_of(one: Answering, other: Answering) -> Answering:
    """The answer of `one`, else that of `other`."""
    return lambda desk, plan: one(desk, plan) or other(desk, plan)


def units_of(printed: Iterable[tuple[str, str]], directory: Directory) -> dict[str, tuple[str, ...]]:
    """Budget units that stand as rows, by their folded name without a bracket, with the agencies that print them.

    A row that bears an agency's name, or its end without the place, is that agency itself.
    """
    agencies = {bare(name)[at:] for agency in directory.agencies.values() for name in agency.names for at in range(len(bare(name)))}
    found: dict[str, set[str]] = {}
    for label, agency_id in printed:
        unit = bare(label).partition("（")[0]
        if len(unit) >= 5 and unit not in agencies and AGENCY_LIKE.search(unit):
            found.setdefault(unit, set()).add(agency_id)
    return {unit: tuple(sorted(ids)) for unit, ids in found.items()}


def _unnamed(row: Sequence[Any]) -> Disclosure:
    """A disclosure that prints no agency, known by the folder that it lay in."""
    folder = PurePath(row[9]).parent.name or PurePath(row[9]).name
    return Disclosure(row[0], f"{UNNAMED}{row[0]}", say("assumed", "folder", folder=folder), row[3], row[4], row[5], None, None)


def _nameless(snapshot: Rows, rows: Sequence[Sequence[Any]]) -> tuple[Nameless, ...]:
    found: list[Nameless] = []
    for row in rows:
        tree = select("disclosed_figures", ("item", "amount"), equals("disclosure_id", row[0]), equals("classification", "functional"))
        amounts: dict[str, Decimal] = {}
        for item, amount in run(snapshot, tree)[1]:
            amounts[item] = max(amounts.get(item, Decimal(0)), amount or Decimal(0))
        found.append(Nameless.of(f"{UNNAMED}{row[0]}", row[9], amounts))
    return tuple(found)


def _plainer(plan: Plan, draft: Draft) -> tuple[str, ...]:
    """Says that what was asked for by a narrower name is answered by a plainer one, as that is all that is printed."""
    labels = [f"{cell.table_title}{cell.row_label}" for reading in draft.readings for cell in reading.cells]
    return tuple(
        say("assumed", "plainer", named=asked.fuller, item=asked.said)
        for asked in (*plan.items, plan.base, plan.within)
        if asked is not None and asked.fuller is not None and labels and not any(contains(label, asked.fuller) for label in labels)
    )


@dataclass(slots=True)
class Asker:
    """Answers questions about one open snapshot."""

    snapshot: Rows
    desk: Desk
    planner: Planner

    @classmethod
    def of(cls, snapshot: Rows) -> Asker:
        """An asker with its directory and lexicon read from the snapshot."""
        columns = ("disclosure_id", "agency_id", "agency", "year", "kind", "scope", "affiliate_of", "region", "title", "file")
        in_order = select("disclosures", columns, equals("edition_rank", 1), order=("agency", "year", "kind", "disclosure_id"))
        rows = run(snapshot, in_order, ALL_ROWS)[1]
        unnamed = [row for row in rows if row[1] is None or row[2] is None]
        own = [Disclosure(*row[:9]) for row in rows if row[1] is not None and row[2] is not None]
        directory = Directory.of([*own, *map(_unnamed, unnamed)])
        labels = run(snapshot, select("printed_labels", ("item", "classification", "code")), ALL_ROWS)[1]
        of_units = select("disclosed_figures", ("row_label", "agency_id"), equals("classification", "affiliate")).distinct()
        printed = run(snapshot, of_units, ALL_ROWS)[1]
        named = dict.fromkeys((item, kind) for item, kind, _ in labels if kind != "affiliate")
        coded = dict.fromkeys((code, item) for item, _, code in labels if code)
        lexicon = Lexicon.of(named, coded)
        reader = QuestionReader(directory, lexicon, question_words(), units_of(printed, directory), _nameless(snapshot, unnamed))
        planner = Planner(reader)
        return cls(
            snapshot,
            Desk(snapshot, directory, Shelf(snapshot), partial(amount_in_prose, snapshot), partial(named_in_prose, snapshot)),
            planner,
        )

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `dialog` holds the earlier user turns, oldest first."""
        started = time.perf_counter()
        answer = self.answer_to(self.planner.plan(question, dialog))
        return replace(answer, milliseconds=(time.perf_counter() - started) * 1000)

    def answer_to(self, plan: Plan) -> Answer:
        """The answer to a plan, whoever made it."""
        plan = self._placed(plan)
        try:
            answer = self._checked(plan, self._draft(plan))
        except (ArithmeticError, LookupError, TypeError, ValueError, TimeoutError, SqlRefused):
            LOG.exception("a question could not be answered", extra={"operation": plan.operation})
            answer = Answer("decline", say("declined", "not_understood"), plan)
        return replace(answer, snapshot=self.snapshot.id)

    def dressed(self, plan: Plan, draft: Draft) -> Answer:
        """A draft that was made elsewhere as an answer, through the same number check."""
        return replace(self._checked(plan, draft), snapshot=self.snapshot.id)

    def _placed(self, plan: Plan) -> Plan:
        """The plan with the only agency there is, where none is named; a budget tells of the end of the year before it."""
        agencies = self.desk.directory.named() or tuple(self.desk.directory.agencies.values())
        if not plan.agencies and plan.reason is None and len(agencies) == 1:
            plan = replace(plan, agencies=(agencies[0].agency_id,))
        if not plan.agencies and plan.reason is None:
            plan = self._at_place(plan)
        if len(plan.years) == 1 and _AS_OF.search(plan.text):
            (year,) = plan.years
            published = [self.desk.directory[one].years(plan.kind) for one in plan.agencies]
            if published and all(year not in years and year + 1 in years for years in published):
                return replace(plan, years=(year + 1,))
        return plan

    def _draft(self, plan: Plan) -> Draft:
        if plan.reason is None and (held := inventory(self.desk, plan)) is not None:
            return held
        if plan.operation == "verify" and plan.reason == "unknown_agency":
            return replace(refusals.declined(self.desk, plan), route="decline", verdict="not_found")
        if plan.operation == "decline":
            return refusals.declined(self.desk, plan)
        if plan.operation == "clarify":
            return refusals.which_agency(self.desk, plan, tuple(value for key, value in plan.extra if key == "agency"))
        if not plan.agencies and plan.over != "agencies" and plan.operation != "define":
            return self._without_agency(plan)
        missing = self._missing(plan)
        if missing is not None:
            return replace(missing, verdict="not_found" if plan.operation == "verify" else None)
        return self._answered(plan)

    def _without_agency(self, plan: Plan) -> Draft:
        if (listed := refusals.agencies_asked(self.desk, plan)) is not None:
            return listed
        there = self.desk.directory.by_place(plan.text)
        if there and not plan.carried and plan.reason is None:
            return refusals.which_at_place(self.desk, plan, self.desk.directory.places_in(plan.text)[0][:2], there)
        if len(there) == 1:
            return self._draft(replace(plan, agencies=there))
        if (general := self._in_general(plan)) is not None:
            return general
        if is_about_budgets(plan):
            return refusals.which_agency(self.desk, plan)
        return refusals.declined(self.desk, replace(plan, reason="off_subject"))

    def _at_place(self, plan: Plan) -> Plan:
        """For a place that has one agency here: the plan for that agency, which says so; a whole place is not one agency's."""
        there = self.desk.directory.by_place(plan.text)
        if len(there) != 1 or plan.carried or plan.over == "agencies" or refusals.WHOLE_PLACE.search(plan.text):
            return plan
        start, end, _ = self.desk.directory.places_in(plan.text)[0]
        name = self.desk.directory[there[0]].name
        own = self.planner.plan(f"{plan.text[:start]}{name}{plan.text[end:]}")
        if own.agencies != there:
            return plan
        said = say("assumed", "only_here", place=plan.text[start:end], agency=name)
        return replace(own, question=plan.question, assumptions=(*own.assumptions, said))

    def _in_general(self, plan: Plan) -> Draft | None:
        """For a question that names no agency and no year: what its terms or its code mean."""
        from retrieval.general_answers import general_answer

        found = general_answer(plan.question, self.snapshot) if not plan.years else None
        if found is None:
            return None
        return Draft(found.text, cited=found.citations, route="narrative", general_knowledge=True)

    def _missing(self, plan: Plan) -> Draft | None:
        """Declines a year or kind that an agency has not published; None where there is somewhere to look."""
        for agency_id in plan.agencies:
            agency = self.desk.directory[agency_id]
            if plan.over == "kinds":
                continue
            if plan.years and not any(self.desk.places(agency, year, plan.kind, plan.about_year) for year in plan.years):
                return refusals.not_published(plan, agency, plan.years[-1])
            if not plan.years and plan.kind is not None and not agency.years(plan.kind):
                return refusals.not_published(plan, agency, (agency.years() or (0,))[-1])
        return None

    def _answered(self, plan: Plan) -> Draft:
        if (aims := goals(self.desk, plan, self.snapshot)) is not None:
            return aims
        first = plan.operation in _PROSE_FIRST or (any(claim.what in ("exists", "absent") for claim in plan.claims) and not plan.conditions)
        first = first or (plan.operation == "lookup" and prose_words().found("goal_first", plan.text) is not None)
        order = (self._from_prose, self._from_tables) if first else (self._from_tables, self._from_prose)
        if plan.operation == "lookup" and _TARGET.search(plan.text):
            order = (self._from_prose,)  # what a project may cost at most is not what it costs
        for source in order:
            draft = source(plan)
            if draft is not None:
                return draft
        if plan.operation == "compare" and plan.over == "years" and plan.items:
            changed = over_years.change(self.desk, replace(plan, operation="difference"))
            if changed is not None:
                return changed
        is_telling = plan.operation == "lookup" and _TELLING.search(plan.text) and all(asked.item is None for asked in plan.items)
        if is_telling and (told := self._from_prose(replace(plan, operation="explain"))) is not None:
            return told
        in_part = verifying.partly(self.desk, plan) if plan.operation == "verify" else None
        return in_part or fallbacks.figure_alone(self.desk, plan) or self._nothing(plan)

    def _from_tables(self, plan: Plan) -> Draft | None:
        if plan.operation == "sum":
            adding = {"agencies": sums.add_agencies, "years": sums.add_years}.get(plan.over or "", sums.add)
            return adding(self.desk, plan)
        if plan.operation == "list" and plan.over == "kinds":
            return lookups.by_kind(self.desk, plan) if plan.items else over_budget(self.desk, plan)
        if plan.operation == "count":
            counted = lookups.lookup(self.desk, plan) if plan.items else None
            return (
                counted
                if counted is not None and not any(reading.is_money for reading in counted.readings) and counted.values
                else None
            )
        operation = _BY_TABLES.get(plan.operation)
        if operation is None or (plan.operation in ("lookup", "share", "difference", "growth", "trend") and not plan.items):
            return None
        if plan.operation == "rank" and plan.over == "items" and plan.wants_change:
            operation = _first_of(rank_changes, operation)
        draft = operation(self.desk, plan) or fallbacks.made_of(self.desk, plan)
        return self._with_reason(plan, draft) if draft is not None else None

    def _with_reason(self, plan: Plan, draft: Draft) -> Draft:
        """The figure, and behind it the change or the printed reason where they were asked for too."""
        if plan.wants_change and plan.operation == "lookup":
            question = replace(plan, operation="difference", items=plan.items[:1], over="years", wants_change=False)
            changed = over_years.change(self.desk, question) or self._from_prose(question)
            alone = fallbacks.figure_alone(self.desk, question) if changed is None else None
            if alone is not None:
                return replace(draft, text=alone.text, readings=alone.readings, cited=alone.cited, route=alone.route)
            if changed is not None:
                return replace(
                    draft,
                    text=draft.text + changed.text,
                    values=(*draft.values[:1], *changed.values, *draft.values[1:]),
                    readings=(*draft.readings, *changed.readings),
                    cited=(*draft.cited, *changed.cited),
                    route="both",
                )
        if plan.wants_reason:
            reason = self._from_prose(replace(plan, operation="explain"))
            if reason is not None:
                return replace(draft, text=draft.text + reason.text, cited=(*draft.cited, *reason.cited), route="both")
        return draft

    def _from_prose(self, plan: Plan) -> Draft | None:
        from retrieval.prose import answer_from_prose

        if plan.over == "kinds" and plan.operation == "difference":
            return None  # why spending changed is no answer to how far it is from its budget
        found = answer_from_prose(plan, self.snapshot)
        if found is None or found.score < SURE_ENOUGH or not stands_for_figure(plan, found):
            return None
        values = found.values or (changes_in(found.citations, plan.operation) if plan.operation in ("difference", "growth") else ())
        return Draft(
            found.text,
            values,
            cited=found.citations,
            verdict=found.verdict,
            route="narrative",
            general_knowledge=found.general_knowledge,
        )

    def _nothing(self, plan: Plan) -> Draft:
        """Nothing is printed for what was asked: said so, never zero."""
        named = "、".join(asked.said for asked in plan.items) or (plan.within.said if plan.within else "") or "、".join(plan.topics)
        if not named and not plan.agencies:
            return refusals.declined(self.desk, replace(plan, reason="not_understood"))
        who = self.desk.directory[plan.agencies[0]].name if plan.agencies else ""
        if (elsewhere := refusals.only_beside(self.desk, plan)) is not None:
            return replace(elsewhere, verdict="not_found" if plan.operation == "verify" else None)
        if (printed := fallbacks.printed_alone(self.desk, plan)) is not None:
            return printed
        if plan.operation == "sum" and not plan.agencies:  # 四家 where three publish: whose figures are meant is for the asker to say
            return refusals.which_agency(self.desk, plan)
        when = f"{plan.years[-1]}年{KIND_NAMES[plan.kind] if plan.kind else ''}" if plan.years else ""
        asks_reason = plan.operation == "explain" and plan.direction is not None
        reason = "no_reason" if asks_reason else "unknown_item" if named else "no_answer"
        items = "、".join(asked.said for asked in plan.items) or SPENDING.said
        if len(plan.items) > 1 and not asks_reason:
            named = "、".join(asked.said for asked in plan.items if first_fact(self.desk, plan, asked) is None) or named
        text = say("declined", reason, who=who, when=when, named=f"“{items}”" if asks_reason else named)
        return Draft(text, route="decline", verdict="not_found" if plan.operation == "verify" else None)

    def _checked(self, plan: Plan, draft: Draft) -> Answer:
        """The answer, with its citations, and without any number that they do not prove.

        Raises ValueError if a figure is added to itself.
        """
        for reading in draft.readings:
            if len(reading.cells) > 1 and len({cell.figure_id for cell in reading.cells}) < len(reading.cells):
                raise ValueError(f"a figure stands twice in a sum: {reading.first.figure_id}")
        draft = replace(draft, text=draft.text + not_taken_off(plan, draft.text, draft.readings))
        cited = (*citations(draft.readings), *draft.cited)
        steps = tuple(dict.fromkeys((*sums_of(draft.readings, plan.unit), *draft.steps)))
        sql = self._sql(draft)
        names = [*(agency.name for agency in map(self.desk.directory.__getitem__, plan.agencies)), str(len(draft.values))]
        names += [asked.code for asked in plan.items if asked.code is not None]
        if draft.route in ("clarify", "decline"):
            text = draft.text
        else:
            years = [str(citation.document.year) for citation in cited]
            proved = allowed(draft.values, steps, cited, [*self._labels(draft), *years, *names])
            text = draft.text if draft.general_knowledge else without_unproved(draft.text, proved)
        if not text:
            LOG.warning("an answer held a number that nothing proves", extra={"operation": plan.operation})
            return Answer("decline", say("declined", "not_understood"), plan)
        return Answer(
            draft.route,
            text,
            plan,
            draft.values,
            cited,
            steps,
            draft.chart,
            sql,
            draft.verdict,
            draft.options,
            (*plan.assumptions, *draft.assumptions, *self._left_open(plan, draft), *self._assumed(plan, cited)),
            draft.general_knowledge,
        )

    def _left_open(self, plan: Plan, draft: Draft) -> tuple[str, ...]:
        """Which words of the question the answer leaves out."""
        return (*_plainer(plan, draft), *taken_for(plan, draft.readings), *told_beside(plan, draft.readings))

    def _assumed(self, plan: Plan, cited: Sequence[Citation]) -> tuple[str, ...]:
        """What the question left open and was taken for granted: the latest year, what the dialog said, a doubtful reading."""
        said: list[str] = []
        if not plan.years and plan.over != "years" and cited and cited[0].document.year is not None:
            said.append(say("assumed", "latest", year=cited[0].document.year))
        items = "、".join(asked.item or asked.said for asked in (*plan.items, *((plan.within,) if plan.within else ())))
        kind = KIND_NAMES[plan.kind] if plan.kind else ""
        carried = {
            "agency": "、".join(self.desk.directory[one].name for one in plan.agencies),
            "kind": kind,
            "item": items,
            "year": "、".join(map(str, plan.years)),
        }
        said += [say("assumed", f"carried_{part}", value=carried[part]) for part in plan.carried if carried.get(part)]
        if any(not self.desk.directory[one].is_named for one in plan.agencies):
            said.append(say("assumed", "unnamed"))
        if any(citation.doubt for citation in cited):
            said.append(say("assumed", "doubtful"))
        return tuple(said)

    def _labels(self, draft: Draft) -> list[str]:
        """Names that may hold digits: labels, codes, years of the readings."""
        labels: list[str] = [str(len(draft.readings))]
        for reading in draft.readings:
            for cell in (*reading.cells, *reading.minus, *reading.twins):
                labels += [
                    cell.row_label,
                    cell.code or "",
                    cell.item,
                    cell.table_title,
                    cell.agency,
                    str(cell.year),
                    str(cell.about_year or cell.year),
                ]
            if reading.stated is not None:
                labels += [reading.stated.item, reading.stated.agency, str(reading.stated.year), str(reading.stated.about_year or "")]
        return labels

    def _sql(self, draft: Draft) -> str | None:
        added = next((reading for reading in draft.readings if len(reading.cells) > 1 and not reading.minus), None)
        if added is not None:
            return sum_of(self.snapshot, added.cells)[0]
        return query_of(draft.readings)
