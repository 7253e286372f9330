"""The books of the fictional agencies: every figure that a disclosure prints, in whole hundredths of 万元 (100 元).

Takes data/samples/agencies.toml and forms.toml; gives `Budget` and `FinalAccounts`, whose parts add up exactly.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
AGENCIES = tomllib.loads((SAMPLES / "agencies.toml").read_text("utf-8"))
FORMS = tomllib.loads((SAMPLES / "forms.toml").read_text("utf-8"))
NAMES: dict[str, str] = FORMS["names"]

TIED = {"2080505": "30108", "2080506": "30109", "2101101": "30110", "2101102": "30110", "2210201": "30113"}
"""Functional items whose basic expenditure is one economic item: pensions, annuities, medical insurance, housing fund."""

Amounts = dict[str, int]


@dataclass(frozen=True)
class Budget:
    """One agency's budget of one year. Amounts are hundredths of 万元."""

    agency: dict[str, Any]
    year: int
    basic: Amounts  # 项 -> 基本支出
    project: Amounts  # 项 -> 项目支出 from the general public budget
    government_fund: Amounts  # 项 -> 项目支出 from government funds
    economic: Amounts  # 款 -> 基本支出 by economic item
    vehicle_purchase: int
    carryover: int  # 上年结转, of the general public budget
    business: int
    other: int
    projects: tuple[tuple[str, str, int], ...]

    @cached_property
    def total(self) -> int:
        """支出总计 = 收入总计."""
        return sum(self.basic.values()) + sum(self.project.values()) + sum(self.government_fund.values())

    @cached_property
    def general_expenditure(self) -> Amounts:
        """项 -> what the general public budget pays: all but what business and other income pay."""
        own = self.business + self.other
        paid = {code: self.basic[code] + self.project[code] for code in self.basic}
        largest = max(self.project, key=lambda code: self.project[code])
        return {code: amount - (own if code == largest else 0) for code, amount in paid.items()}

    @cached_property
    def own_funds_item(self) -> str:
        """The 项 that business and other income pay for."""
        return max(self.project, key=lambda code: self.project[code])

    @cached_property
    def general_income(self) -> int:
        """一般公共预算拨款收入 of the year, without what was carried over."""
        return sum(self.general_expenditure.values()) - self.carryover

    @cached_property
    def three_public(self) -> Amounts:
        """出国, 购置, 运行, 接待 and their sums, keyed as the forms name them."""
        abroad, running, reception = self.economic["30212"], self.economic["30231"], self.economic["30217"]
        vehicles = self.vehicle_purchase + running
        return {
            "total": abroad + vehicles + reception,
            "abroad": abroad,
            "vehicles": vehicles,
            "purchase": self.vehicle_purchase,
            "running": running,
            "reception": reception,
        }

    @cached_property
    def personnel(self) -> int:
        """人员经费: classes 301 and 303."""
        return sum(amount for code, amount in self.economic.items() if code[:3] in ("301", "303"))

    @cached_property
    def running(self) -> int:
        """公用经费: class 302."""
        return sum(amount for code, amount in self.economic.items() if code[:3] == "302")


@dataclass(frozen=True)
class FinalAccounts:
    """One agency's final accounts of one year: what was spent, beside the budget. Amounts are hundredths of 万元."""

    budget: Budget
    spent: Budget  # the same shape, with what was spent
    opening: int  # 年初结转和结余
    closing: int  # 年末结转和结余

    @cached_property
    def general_income(self) -> int:
        """一般公共预算财政拨款收入, such that both sides of the account close."""
        spent = self.spent
        return spent.total + self.closing - self.opening - spent.business - spent.other - sum(spent.government_fund.values())


def roll_up(amounts: Amounts) -> Amounts:
    """Adds 类 and 款 to amounts by 项 (or 类 to amounts by economic 款), in the order of the codes."""
    full = dict(amounts)
    for code, amount in amounts.items():
        for length in (3, 5):
            if length < len(code):
                full[code[:length]] = full.get(code[:length], 0) + amount
    return dict(sorted(full.items()))


def budget_of(agency: dict[str, Any], year: int) -> Budget:
    """The budget of `year`; the year before the first one is computed too, for the 上年 columns."""
    step = year - AGENCIES["first_year"]
    draw = random.Random(f"{agency['id']}-{year}")  # noqa: S311 - sample figures, no secret

    def grow(amount: float) -> int:
        return round(amount * 100 * 1.035**step * draw.uniform(0.94, 1.07)) if amount else 0

    basic = {item["code"]: grow(item["basic"]) for item in agency["items"]}
    project = {item["code"]: grow(item["project"]) for item in agency["items"]}
    tied = {TIED[code]: amount for code, amount in basic.items() if code in TIED}
    named = {code: grow(amount) for code, amount in agency["running"]}
    rest = sum(basic.values()) - sum(tied.values()) - sum(named.values())
    weights: dict[str, float] = FORMS["economic_weights"]
    whole = sum(weights.values())
    economic = {code: int(rest * weight / whole) for code, weight in weights.items()}
    economic["30101"] += rest - sum(economic.values())
    economic = dict(sorted({**economic, **tied, **named}.items()))
    purchases = agency["vehicle_purchase"]
    return Budget(
        agency,
        year,
        basic,
        project,
        {fund["code"]: grow(fund["project"]) for fund in agency["government_fund"]},
        economic,
        vehicle_purchase=round(purchases[step] * 100) if 0 <= step < len(purchases) else 0,
        carryover=carried_into(agency, year),
        business=grow(agency["business_income"]),
        other=grow(agency["other_income"]),
        projects=_projects(agency, project),
    )


def final_accounts_of(agency: dict[str, Any], year: int) -> FinalAccounts:
    """The final accounts of `year`: each item spent near its budget, totals closing with the balances carried."""
    budget = budget_of(agency, year)
    draw = random.Random(f"{agency['id']}-{year}-final")  # noqa: S311 - sample figures, no secret

    def spend(amount: int) -> int:
        return round(amount * draw.uniform(0.9, 1.0))

    economic = {code: spend(amount) for code, amount in budget.economic.items()}
    tied = {code: economic[TIED[code]] for code in budget.basic if code in TIED}
    main = next(code for code in budget.basic if code not in TIED and budget.basic[code])
    basic = {code: tied.get(code, 0) for code in budget.basic} | {main: sum(economic.values()) - sum(tied.values())}
    project = {code: spend(amount) for code, amount in budget.project.items()}
    fund = {code: spend(amount) for code, amount in budget.government_fund.items()}
    spent = Budget(
        budget.agency,
        year,
        basic,
        project,
        fund,
        economic,
        spend(budget.vehicle_purchase),
        budget.carryover,
        spend(budget.business),
        spend(budget.other),
        _projects(agency, project),
    )
    return FinalAccounts(budget, spent, carried_into(agency, year), carried_into(agency, year + 1))


def carried_into(agency: dict[str, Any], year: int) -> int:
    """What is carried from the year before into `year`: final accounts and the next budget print the same figure."""
    return random.Random(f"{agency['id']}-{year}-carried").randrange(2_000, 6_000)  # noqa: S311


def _projects(agency: dict[str, Any], project: Amounts) -> tuple[tuple[str, str, int], ...]:
    rows: list[tuple[str, str, int]] = []
    for code in dict.fromkeys(code for _, code, _ in agency["projects"]):
        shares = [(name, share) for name, of, share in agency["projects"] if of == code]
        amounts = [int(project[code] * share) for _, share in shares]
        amounts[-1] += project[code] - sum(amounts)
        rows += [(name, code, amount) for (name, _), amount in zip(shares, amounts, strict=True)]
    return tuple(rows)
