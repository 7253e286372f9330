"""Questions in words that rules don't know, each with the reading of a good model and what is right.

What is right comes from the plain questions for the same figures, which the grammar answers. What a model replies is written here
by hand, a family of questions at a time, over the rows that its request lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from retrieval.ask import Asker
from tests.model_server import Listed, Request, rows_of

AGENCIES = ("示例市教育局", "示例市图书馆", "示例市水务局")
YEARS = (2023, 2024, 2025)
SLANG = {"差旅费": "跑外差的开销", "培训费": "学本事上课的花销", "印刷费": "印材料的开支", "邮电费": "打电话寄信的开销"}
ITEMS = tuple(SLANG)
EACH = 12  # questions of a family


def reading(text: str) -> str:
    return json.dumps({"do": "read", "text": text, "unread": []}, ensure_ascii=False)


def reply(do: str, text: str = "", *unread: str) -> str:
    return json.dumps({"do": do, "text": text, "unread": list(unread)}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A question, a good model's reply to the request for it, and the value that is right."""

    family: str
    question: str
    reply: Callable[[Request], str]
    right: Decimal  # in 万元, or percent


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


def cases(asker: Asker) -> list[Case]:
    """All cases over the bundled samples."""
    truth = Truth(asker)
    return [case for family in (_in_slang, _added_up, _over_all, _shares, _claims) for case in family(truth)]


def row(request: Request, name: str, where: str = "") -> Listed:
    """The first row of that name, in the disclosures that are meant."""
    return next(one for one in rows_of(request) if name in one.label and where in one.disclosure)


def cell(request: Request, name: str, where: str = "") -> str:
    found = row(request, name, where)
    return found.id + found.columns[0]


def _places() -> Iterator[tuple[int, str, int, str]]:
    yield from ((n, AGENCIES[n % 3], YEARS[n // 3 % 3], ITEMS[n % 4]) for n in range(EACH))


def _in_slang(truth: Truth) -> Iterator[Case]:
    for _, agency, year, name in _places():
        question = f"{agency}{year}年预算里{SLANG[name]}有几何"

        def one_of(asked: Request, name: str = name, year: int = year) -> str:
            return reading(cell(asked, name, f"{year} 预算"))

        yield Case("slang", question, one_of, truth.of(agency, year, name))


def _added_up(truth: Truth) -> Iterator[Case]:
    for number, agency, year, name in _places():
        other = ITEMS[(number + 1) % 4]
        right = truth.of(agency, year, name) + truth.of(agency, year, other)

        def sum_of(asked: Request, name: str = name, other: str = other, year: int = year) -> str:
            return reading(f"sum({cell(asked, name, f'{year} 预算')}, {cell(asked, other, f'{year} 预算')})")

        yield Case("added up", f"{agency}{year}年预算，{SLANG[name]}同{SLANG[other]}归拢起来几多", sum_of, right)


def _over_all(truth: Truth) -> Iterator[Case]:
    for _, _, year, name in _places():
        right = sum((truth.of(agency, year, name) for agency in AGENCIES), Decimal(0))
        text = f'sum(agencies("{name}", year={year}, kind="budget"))'
        yield Case("over all", f"各家{year}年预算的{SLANG[name]}归拢起来几多", lambda _, text=text: reading(text), right)


def _shares(truth: Truth) -> Iterator[Case]:
    for number, agency, year, name in _places():
        other = ITEMS[(number + 2) % 4]
        part, whole = sorted((name, other), key=lambda one: truth.of(agency, year, one))
        right = (truth.of(agency, year, part) / truth.of(agency, year, whole) * 100).quantize(Decimal("0.01"))

        def share_of(asked: Request, part: str = part, whole: str = whole, year: int = year) -> str:
            return reading(f"share({cell(asked, part, f'{year} 预算')}, {cell(asked, whole, f'{year} 预算')})")

        yield Case("shares", f"{agency}{year}年预算里{SLANG[part]}抵得上{SLANG[whole]}的几成", share_of, right)


def _claims(truth: Truth) -> Iterator[Case]:
    for number, agency, year, name in _places():
        amount = truth.of(agency, year, name) + (number % 2)  # every other one is wrong
        question = f"有人讲{agency}{year}年预算里{SLANG[name]}是{amount}万元，靠谱不"

        def claim_of(asked: Request, name: str = name, amount: Decimal = amount, year: int = year) -> str:
            return reading(f'claim({cell(asked, name, f"{year} 预算")}, "{amount}万元")')

        yield Case("claims", question, claim_of, truth.of(agency, year, name))
