"""Where questions about figures meet the prose: amounts and changes that only quotes tell, and when a quote may stand for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.answer import Citation, CitedDocument, Value
from retrieval.figures import Stated
from retrieval.places import Place
from retrieval.plan import Asked, Plan
from retrieval.query import Rows, equals, run, select
from retrieval.reading import bare
from retrieval.readings import PORTION_OF
from retrieval.stated import core_of, names_fund
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.prose import ProseEvidence

SURE = 0.6  # prose evidence below this score is not set beside figures of tables
_CHANGE = re.compile(r"(增加|减少|增长|下降|上升|降低|提高|增幅|降幅)了?(?:额)?(?:为)?([\d,]+(?:\.\d+)?)\s*(亿元|万元|元|%|％)")
_OF_FIGURES = frozenset(("lookup", "sum", "share", "difference", "growth", "rank", "compare", "trend"))


def is_about_budgets(plan: Plan) -> bool:
    """Whether the question names anything that a disclosure can tell of: an item, a year, a kind, or a word of its prose."""
    from retrieval.prose_words import prose_words

    named = any(asked.item or asked.code or asked.affiliate for asked in plan.items)
    whole = plan.within is not None and (plan.within.item is not None or re.search("支出|收入|项目|科目|经费|资金|钱", plan.text))
    if named or whole or plan.kind or plan.years or re.search("经费|费用|支出|花费|花了|预算|决算", plan.text):
        return True
    words = prose_words()
    return any(
        len(word) >= 2 and word in plan.text for role in ("topic", "topic_alone", "synonym", "duty_word") for word in words.of(role)
    )


def amount_in_prose(snapshot: Rows, asked: Asked, place: Place) -> Stated | None:
    """The amount of money that free prose gives for `asked`, as a statement with its quote; None if it gives none for sure."""
    from retrieval.prose import answer_from_prose

    plan = Plan(
        asked.said, asked.said, "lookup", agencies=(place.agency.agency_id,), years=(place.year,), kind=place.kind, items=(asked,)
    )
    found = answer_from_prose(plan, snapshot)
    if found is None or found.score < SURE or not found.values or not found.citations:
        return None
    value, cited = found.values[0], found.citations[0]
    factor = MONEY_UNITS.get(value.unit)
    if factor is None or cited.quote is None or not _says_what_narrows(asked, bare(cited.quote)):
        return None
    box = cited.bbox or (None, None, None, None)
    return Stated(
        cited.figure_id or "",
        place.disclosure.disclosure_id,
        cited.document.id,
        place.agency.name,
        place.agency.agency_id,
        place.year,
        place.kind,
        cited.document.file,
        "",
        (cited.section or "",),
        asked.item or asked.said,
        (),
        cited.quote,
        value.unit,
        value.amount * factor,
        value.amount,
        f"{value.amount:f}",
        cited.page,
        *box,
        asked.flow,
        asked.fund,
        None,
        None,
        place.year,
        None,
    )


def _says_what_narrows(asked: Asked, said: str) -> bool:
    """Whether folded words name the portion and the fund that narrow what is asked."""
    words = [name for name, portion in PORTION_OF.items() if portion == asked.portion]
    if asked.affiliate is not None and asked.affiliate not in said:
        return False
    return (not words or any(word in said for word in words)) and (asked.fund is None or names_fund(said, asked.fund))


def changes_in(cited: Sequence[Citation], operation: str) -> tuple[Value, ...]:
    """The changes that a quote tells, the kind asked for first; () where it tells several amounts, for then it is not known which."""
    told = [(number, unit.replace("％", "%")) for citation in cited for _, number, unit in _CHANGE.findall(citation.quote or "")]
    values = tuple(Value(Decimal(number.replace(",", "")), unit) for number, unit in told)
    amounts, rates = [v for v in values if v.unit != "%"], [v for v in values if v.unit == "%"]
    if len(amounts) > 1 or len(rates) > 1:
        return ()
    return tuple(rates + amounts if operation == "growth" else amounts + rates)


def named_in_prose(snapshot: Rows, whole: Place, names: set[str]) -> bool:
    """Whether the disclosure's prose names one of `names`: a department lists the units whose figures it includes."""
    from retrieval.passages import read_prose

    columns = ("document_id", "agency", "year", "kind", "file")
    rows = run(snapshot, select("disclosures", columns, equals("disclosure_id", whole.disclosure.disclosure_id)))[1]
    return any(name in bare(prose.plain) for prose in read_prose(snapshot, [CitedDocument(*row) for row in rows]) for name in names)


def stands_for_figure(plan: Plan, found: ProseEvidence) -> bool:
    """Whether quotes can stand for the figure asked for: they name it, and a share shows a percentage."""
    if plan.operation not in _OF_FIGURES or found.verdict is not None:
        return True
    from retrieval.prose_words import prose_words

    quotes = bare("".join(citation.quote or "" for citation in found.citations))
    if prose_words().found("goal_first", plan.text):  # a project's target stands below the project's name
        quotes += bare("".join(citation.section or "" for citation in found.citations))
    if plan.operation == "share" and not re.search(r"[%％]", quotes):
        return False
    named = [asked for asked in plan.items if asked.item is not None]
    narrowed = [replace(asked, fund=None) for asked in named if asked.portion is not None or asked.affiliate is not None]
    if not all(_says_what_narrows(asked, quotes) for asked in narrowed):
        return False
    return all(any(core_of(name) in quotes for name in (*asked.names, asked.said)) for asked in named)
