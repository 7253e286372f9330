"""Questions that the rules can't plan, each with what a good model replies and what is right.

What is right comes from the plain questions for the same figures, which the rules answer. What a model replies is written here
by hand, a family of questions at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from retrieval.ask import Asker

AGENCIES = ("示例市教育局", "示例市图书馆", "示例市水务局")
YEARS = (2023, 2024, 2025)
ITEMS = ("差旅费", "培训费", "印刷费", "邮电费", "办公费", "电费", "水费", "公务接待费")
EACH = 12  # questions of a family


@dataclass(frozen=True, slots=True)
class Case:
    """A question, a good model's reply to the prompt that suits it, and the values that are right (the first of them first)."""

    family: str
    question: str
    prompt: str  # plan or sql
    reply: str
    right: tuple[Decimal, ...]  # in 万元, or a ratio


def item(name: str) -> dict[str, Any]:
    return {"said": name, "name": name, "fund": None, "portion": None}


def plan(operation: str, *names: str, **more: Any) -> str:
    reply = {
        "operation": operation, "agencies": [], "years": [], "kind": None, "items": [item(name) for name in names], "base": None,
        "within": None, "over": None, "unit": None, "order": None, "limit": None, "wants_reason": False}
    return json.dumps({**reply, **more}, ensure_ascii=False)


def sql(query: str, compute: str) -> str:
    return json.dumps({"sql": query, "compute": compute}, ensure_ascii=False)


def cases(asker: Asker) -> list[Case]:
    """All cases over the bundled samples."""
    truth = Truth(asker)
    return [case for family in (_all, _which_years, _which_agencies, _final_years) for case in family(truth)]


@dataclass(frozen=True, slots=True)
class Truth:
    """Figures by the plain questions for them."""

    asker: Asker
    known: dict[str, Decimal] = field(default_factory=dict)

    def of(self, agency: str, year: int, name: str, kind: str = "预算") -> Decimal:
        question = f"{agency}{year}年{kind}{name}多少"
        if question not in self.known:
            answer = self.asker.ask(question)
            assert answer.values and answer.values[0].unit == "万元", answer.text
            self.known[question] = answer.values[0].amount
        return self.known[question]


def _places() -> Iterator[tuple[int, str, int]]:
    yield from ((number, AGENCIES[number % 3], YEARS[number // 3 % 3]) for number in range(EACH))


def _where(agency: str, year: int, *names: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"agency = '{agency}' AND year = {year} AND kind = 'budget' AND item IN ({listed})"


def _all(truth: Truth) -> Iterator[Case]:
    for words, kind, years in (
        ("几家{}年预算的{}归拢起来多少", "预算", YEARS), ("几家{}年决算的{}归拢起来多少", "决算", YEARS[:2]),
        ("各家{}年决算{}凑一块儿是多少", "决算", YEARS[:2]),
    ):
        for number in range(EACH):
            year, name = years[number % len(years)], ITEMS[number % 8]
            right = sum((truth.of(agency, year, name, kind) for agency in AGENCIES), Decimal(0))
            yield Case("all", words.format(year, name), "plan", plan("sum", name, over="agencies"), (right,))


def _which_years(truth: Truth) -> Iterator[Case]:
    for number, agency, _ in _places():
        one, other = ITEMS[number % 8], ITEMS[(number + 3) % 8]
        higher = [year for year in YEARS if truth.of(agency, year, one) > truth.of(agency, year, other)]
        if not higher:
            one, other = other, one
            higher = [year for year in YEARS if truth.of(agency, year, one) > truth.of(agency, year, other)]
        join = ("SELECT a.year FROM disclosed_figures a JOIN disclosed_figures b ON a.disclosure_id = b.disclosure_id AND "
                f"a.amount > b.amount WHERE a.agency = '{agency}' AND a.kind = 'budget' AND a.item = '{one}' AND b.item = '{other}' "
                "AND a.fund = b.fund")
        order = "DESC" if one > other else "ASC"
        yield Case(
            "which years", f"{agency}预算里哪些年份的{one}高于{other}", "sql",
            sql(f"SELECT figure_id FROM disclosed_figures WHERE agency = '{agency}' AND kind = 'budget' AND item IN ('{one}', '{other}') "
                f"AND year IN ({join}) ORDER BY year, item {order}", "list"),
            tuple(truth.of(agency, year, one) for year in higher))


def _which_agencies(truth: Truth) -> Iterator[Case]:
    for words in ("{year}年预算里哪几家的{one}高于{other}", "{year}年预算里{one}高于{other}的是哪几家"):
        for number in range(EACH):
            year, one, other = YEARS[number % 3], ITEMS[number % 8], ITEMS[(number + 3) % 8]
            higher = [agency for agency in AGENCIES if truth.of(agency, year, one) > truth.of(agency, year, other)]
            if not higher:
                one, other = other, one
                higher = [agency for agency in AGENCIES if truth.of(agency, year, one) > truth.of(agency, year, other)]
            names = ", ".join(f"'{agency}'" for agency in higher)
            yield Case(
                "which agencies", words.format(year=year, one=one, other=other), "sql",
                sql(f"SELECT figure_id FROM disclosed_figures WHERE year = {year} AND kind = 'budget' AND item IN ('{one}', '{other}') "
                    f"AND agency IN ({names}) ORDER BY item {'DESC' if one > other else 'ASC'}, agency", "list"),
                tuple(truth.of(agency, year, one) for agency in sorted(higher)))


def _final_years(truth: Truth) -> Iterator[Case]:
    for number, agency, _ in _places():
        one, other = ITEMS[number % 8], ITEMS[(number + 3) % 8]
        years = [year for year in YEARS[:2] if truth.of(agency, year, one, "决算") < truth.of(agency, year, other, "决算")]
        if not years:
            one, other = other, one
            years = [year for year in YEARS[:2] if truth.of(agency, year, one, "决算") < truth.of(agency, year, other, "决算")]
        yield Case(
            "final years", f"{agency}决算里哪些年份的{one}低于{other}", "sql",
            sql(f"SELECT figure_id FROM disclosed_figures WHERE agency = '{agency}' AND kind = 'final' AND item IN ('{one}', '{other}') "
                f"AND year IN ({', '.join(map(str, years))}) ORDER BY item {'DESC' if one > other else 'ASC'}, year", "list"),
            tuple(truth.of(agency, year, one, "决算") for year in years))
