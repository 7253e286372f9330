"""The prose of a sample disclosure, with the same figures as its tables. Words: data/samples/prose.toml."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from typing import Any

from samples.accounts import SAMPLES, Budget, FinalAccounts
from samples.forms import money

PROSE = tomllib.loads((SAMPLES / "prose.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


def budget_prose(budget: Budget, last: Budget) -> list[Section]:
    """The sections of a budget's explanation; amounts in 万元 with two decimals."""
    agency, public = budget.agency, budget.three_public
    general = sum(budget.general_expenditure.values())
    basic = sum(budget.basic.values())
    procurement = {key: round(amount * 100) for key, amount in agency["procurement"].items()}
    facts = {
        **_amounts(
            total=budget.total,
            general=budget.general_income,
            fund=sum(budget.government_fund.values()),
            business=budget.business,
            other=budget.other,
            carryover=budget.carryover,
            general_spending=general,
            basic=basic,
            general_project=general - basic,
            personnel=budget.personnel,
            running=budget.running,
            three_public=public["total"],
            abroad=public["abroad"],
            vehicle_expenses=public["vehicles"],
            purchase=public["purchase"],
            vehicle_running=public["running"],
            reception=public["reception"],
            procurement=sum(procurement.values()),
            **procurement,
            project=sum(budget.project.values()),
        ),
        "change": _change(budget.total, last.total),
        "three_public_change": _change(public["total"], last.three_public["total"]),
        "running_change": _change(budget.running, last.running),
        "reason": agency["reason_up" if budget.total >= last.total else "reason_down"],
        "three_public_reason": agency[
            "three_public_reason_up" if public["total"] >= last.three_public["total"] else "three_public_reason_down"
        ],
        "basic_share": f"{basic / general * 100:.2f}",
        "project_share": f"{(general - basic) / general * 100:.2f}",
        "project_list": PROSE["words"]["joiner"].join(
            PROSE["words"]["project"].format(name=name, amount=money(amount)) for name, _, amount in budget.projects
        ),
    }
    return _sections("budget", agency, budget.year, facts)


def final_prose(accounts: FinalAccounts) -> list[Section]:
    """The sections of the explanation of final accounts."""
    spent, agency = accounts.spent, accounts.budget.agency
    public, planned = spent.three_public, accounts.budget.three_public
    general, basic = sum(spent.general_expenditure.values()), sum(spent.basic.values())
    fund = sum(spent.government_fund.values())
    received = accounts.general_income + fund + spent.business + spent.other
    draw = random.Random(f"{agency['id']}-{spent.year}-guests")  # noqa: S311 - sample figures, no secret
    batches = draw.randrange(8, 40)
    facts = {
        **_amounts(
            grand_total=spent.total + accounts.closing,
            received=received,
            fiscal=accounts.general_income + fund,
            total=spent.total,
            basic=basic,
            project=spent.total - basic,
            opening=accounts.opening,
            closing=accounts.closing,
            general_spending=general,
            general_project=general - basic,
            three_public=public["total"],
            three_public_saved=planned["total"] - public["total"],
            abroad=public["abroad"],
            vehicle_expenses=public["vehicles"],
            reception=public["reception"],
            running=spent.running,
        ),
        "three_public_rate": f"{public['total'] / planned['total'] * 100:.2f}",
        "three_public_reason": agency["three_public_reason_down"],
        "batches": batches,
        "guests": batches * draw.randrange(4, 9),
    }
    return _sections("final", agency, spent.year, facts)


def _sections(kind: str, agency: dict[str, Any], year: int, facts: dict[str, object]) -> list[Section]:
    facts = {**facts, "year": year, "last": year - 1, "staff": agency["staff"], "vehicles": agency["vehicles"]}
    overview, words = PROSE["overview"], PROSE[kind]
    offices = [str(office) for office in agency["offices"]]
    duties = [f"{place}. {duty}" for place, duty in enumerate(agency["duties"], start=1)]
    listed = overview["offices_text"].format(
        agency=agency["name"], office_count=len(offices), offices="、".join(offices), staff=agency["staff"]
    )
    parts = [part.format(year=year) for part in words["parts"]]
    return [
        Section(parts[0], ()),
        Section(overview["duties"], tuple(duties)),
        Section(overview["offices"], (listed,)),
        Section(parts[1], ()),
        *(Section(section["heading"], (section["text"].format(**facts),)) for section in words["sections"]),
        Section(parts[2], tuple(f"{place}. {term}：{meaning}" for place, (term, meaning) in enumerate(PROSE["terms"].items(), start=1))),
        Section(parts[3], ()),
    ]


def _amounts(**amounts: int) -> dict[str, str]:
    return {name: f"{amount / 100:.2f}" for name, amount in amounts.items()}


def _change(now: int, before: int) -> str:
    if now == before:
        return str(PROSE["words"]["same"])
    word = PROSE["words"]["increase" if now > before else "decrease"]
    return str(word.format(amount=f"{abs(now - before) / 100:.2f}", rate=f"{abs(now - before) / before * 100:.2f}"))
