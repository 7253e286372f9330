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
    return [case for family in (_times, _coins, _years, _all, _average, _which_years, _kinds) for case in family(truth)]


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


def _times(truth: Truth) -> Iterator[Case]:
    for words in ("抵得上多少个", "等于几个"):
        for number, agency, year in _places():
            one, other = ITEMS[number % 8], ITEMS[(number + 3) % 8]
            first, second = truth.of(agency, year, one), truth.of(agency, year, other)
            order = "DESC" if one > other else "ASC"
            yield Case(
                "times", f"{agency}{year}年预算{one}{words}{other}", "sql",
                sql(f"SELECT figure_id FROM disclosed_figures WHERE {_where(agency, year, one, other)} ORDER BY item {order}",
                    "ratio"),
                ((first / second).quantize(Decimal("0.01")),))


def _coins(truth: Truth) -> Iterator[Case]:
    for number, agency, year in _places():
        name = ITEMS[number % 8]
        yield Case("coins", f"{agency}{year}年预算{name}花了几个钱", "plan", plan("lookup", name), (truth.of(agency, year, name),))


def _years(truth: Truth) -> Iterator[Case]:
    for words, order, best in (("最低", "least", min), ("最高", "most", max)):
        for number, agency, _ in _places():
            name = ITEMS[number % 8]
            right = best(truth.of(agency, year, name) for year in YEARS)
            yield Case(
                "years", f"{agency}三年预算里{name}{words}的那年", "plan", plan("rank", name, over="years", order=order), (right,))


def _all(truth: Truth) -> Iterator[Case]:
    for words in ("三家单位{}年预算的{}凑一块儿是多少", "几家{}年预算的{}归拢起来多少"):
        for number, _, year in _places():
            name = ITEMS[number % 8]
            right = sum((truth.of(agency, year, name) for agency in AGENCIES), Decimal(0))
            yield Case("all", words.format(year, name), "plan", plan("sum", name, over="agencies"), (right,))


def _average(truth: Truth) -> Iterator[Case]:
    for number, _, year in _places():
        name = ITEMS[number % 8]
        right = sum((truth.of(agency, year, name) for agency in AGENCIES), Decimal(0)) / 3
        yield Case(
            "average", f"几家{year}年预算{name}的均值", "sql",
            sql(f"SELECT figure_id FROM disclosed_figures WHERE year = {year} AND kind = 'budget' AND item = '{name}' ORDER BY agency",
                "average"),
            (right.quantize(Decimal("0.01")),))


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


def _kinds(truth: Truth) -> Iterator[Case]:
    for number, agency, year in _places():
        if year != 2025:
            name = ("公务接待费", "差旅费")[number % 2]
            pair = truth.of(agency, year, name), truth.of(agency, year, name, "决算")
            yield Case(
                "kinds", f"{agency}{year}年预算和{year}年决算{name}哪个贵", "sql",
                sql(f"SELECT figure_id FROM disclosed_figures WHERE agency = '{agency}' AND year = {year} AND item = '{name}'",
                    "most"),
                (max(pair),))
