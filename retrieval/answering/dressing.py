"""A draft as the answer that is given: with what was taken for granted, and without any number that its evidence does not prove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.answer.answer import Answer, Citation, Value
from retrieval.answer.draft import Draft
from retrieval.answer.evidence import citations, query_of, sum_of
from retrieval.answer.number_check import allowed, without_unproved
from retrieval.answer.wording import say
from retrieval.figures.places import Desk
from retrieval.language.segments import LOOSELY, Understood
from retrieval.question.plan import Plan
from retrieval.words.grammar import load


def dressed(desk: Desk, plan: Plan, draft: Draft, understood: Understood) -> Answer:
    """The draft as an answer."""
    cited = (*citations(draft.readings), *draft.cited)
    text = draft.text
    if draft.route not in ("clarify", "decline") and not draft.general_knowledge:
        names = [*_labels(draft), *(desk.directory[one].name for one in plan.agencies), *map(str, plan.years)]
        names += [str(len(draft.values)), *(item.code or "" for item in plan.items)]
        parts = [value for step in draft.steps for _, value in step.parts]
        text = without_unproved(text, allowed((*draft.values, *parts), draft.steps, cited, names))
    if not text:  # it held a number that nothing proves
        return Answer("decline", say("declined", "not_understood"), plan)
    added = next((reading for reading in draft.readings if len(reading.cells) > 1), None)
    sql = sum_of(desk.snapshot, added.cells)[0] if added is not None else query_of(draft.readings)
    assumed = dict.fromkeys(_assumed(desk, understood, plan, draft)) if draft.values else ()
    return Answer(
        draft.route, text, plan, draft.values, cited, draft.steps, draft.chart, sql, draft.verdict, draft.options,
        (*draft.assumptions, *assumed), draft.general_knowledge,
    )  # fmt: skip


def _assumed(desk: Desk, understood: Understood, plan: Plan, draft: Draft) -> Iterator[str]:
    """What was taken for granted: an agency for its place or government, a printed name for other words, a unit's income for its budget."""
    office = load("refusals.toml")["whose"]["government"]
    for one in understood.whose:
        said, body = understood.text[one.start : one.end], one.bodies[0]
        if len(one.bodies) == 1 and (one.is_place or said.endswith(office)) and not body.name.endswith((office, said)):
            name = "only_here" if one.is_place else "by_office"
            yield say("assumed", name, place=said, named=said, agency=desk.directory[body.agency_ids[0]].name)
    for one in understood.segments:
        label = one.items[0].item if one.items else None
        if label is not None and one.how in LOOSELY and one.text != label and not one.items[0].affiliate:
            yield say("assumed", "taken_for", said=one.text, label=label)
    cells = [cell for reading in draft.readings for cell in reading.cells]
    units = [item.affiliate for item in plan.items if item.affiliate is not None and item.flow != "income"]
    if units and cells and all(cell.classification == "affiliate" and cell.flow == "income" for cell in cells):
        yield say("assumed", "income_row", who="、".join(units))


def _labels(draft: Draft) -> list[str]:
    """Names that may hold digits: labels, codes, years of the readings."""
    labels: list[str] = [str(len(draft.readings))]
    for reading in draft.readings:
        for cell in (*reading.cells, *reading.twins):
            about, printed = cell.about_year or cell.year, (cell.code or "", cell.item, cell.table_title, cell.agency)
            labels += [cell.row_label, *cell.row_path, *printed, str(cell.year), str(about), str(about - 1)]
        if (stated := reading.stated) is not None:
            labels += [stated.item, stated.agency, str(stated.year), str(stated.about_year or ""), stated.quote]
    return labels


def joined(drafts: Sequence[Draft]) -> Draft:
    """Several answers, one behind the other: the first value of each first."""
    said = [draft for draft in drafts if draft.route not in ("decline", "clarify")] or list(drafts[:1])
    if len(said) == 1:
        return said[0]
    values: list[Value] = [draft.values[0] for draft in said if draft.values]
    values += [value for draft in said for value in draft.values[1:]]
    cited: list[Citation] = [cited for draft in said for cited in draft.cited]
    return Draft(
        "".join(draft.text for draft in said),
        tuple(values),
        tuple(dict.fromkeys(reading for draft in said for reading in draft.readings)),
        tuple(cited),
        tuple(step for draft in said for step in draft.steps),
        verdict=next((draft.verdict for draft in said if draft.verdict), None),
        route=said[0].route if len({draft.route for draft in said}) == 1 else "both",
    )
