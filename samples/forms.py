"""The books laid out as the forms that departments publish: header cells with spans, and rows of printed text.

A `Form` is the same for every format; the writers only draw it. Layouts and words stand in data/samples/forms.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samples.accounts import FORMS, NAMES, Amounts, Budget, FinalAccounts, roll_up

HeaderRow = tuple[tuple[str, int, int], ...]
"""Cells of a header row: text, rows spanned, columns spanned."""

CODE_LEVELS = {3: 0, 5: 1, 7: 2}


@dataclass(frozen=True)
class Form:
    """One table ready to be drawn. `rows` hold printed text; a label is indented by full-width blanks."""

    number: str
    title: str
    header: tuple[HeaderRow, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return sum(span for _, _, span in self.header[0])


def money(amount: int) -> str:
    """Hundredths of 万元 as printed: 1234567 -> "12,345.67"."""
    return f"{amount / 100:,.2f}"


def budget_forms(budget: Budget, last: Budget) -> list[Form]:
    """The nine forms of a budget; `last` is the budget of the year before, for the 上年 columns."""
    words = FORMS["budget"]
    general, fund = budget.general_expenditure, budget.government_fund
    by_code = roll_up({code: budget.basic[code] + budget.project[code] for code in budget.basic} | fund)
    classes = {code: amount for code, amount in by_code.items() if len(code) == 3}
    sources = {"general": budget.general_income, "government_fund": sum(fund.values()), "business": budget.business, "other": budget.other}

    return [
        _overall(words["overall"], budget.year, sources, classes, budget.carryover, 0),
        _tree(words["income"], budget.year, by_code, _income_columns(budget, roll_up(general), roll_up(fund))),
        _tree(words["expenditure"], budget.year, by_code, [by_code, roll_up(budget.basic), roll_up(budget.project | fund)]),
        _fiscal_overall(words["fiscal_overall"], budget),
        _general(words["general"], budget, last),
        _basic(words["basic"], budget),
        Form(
            "",
            words["three_public"]["title"],
            _header(words["three_public"], budget.year),
            ((*_three_public(last.three_public), *_three_public(budget.three_public)),),
        ),
        _maybe_empty(words["government_fund"], budget.year, roll_up(fund), lambda total: [total, {}, total]),
        Form(
            "",
            words["projects"]["title"],
            _header(words["projects"], budget.year),
            (
                *((name, code, money(amount)) for name, code, amount in budget.projects),
                (FORMS["total"], "", money(sum(amount for _, _, amount in budget.projects))),
            ),
        ),
    ]


def final_forms(accounts: FinalAccounts) -> list[Form]:
    """The nine forms of final accounts, in the central order (财政拨款收入支出决算总表 is left to the budgets)."""
    words, spent, year = FORMS["final"], accounts.spent, accounts.budget.year
    fund = roll_up(spent.government_fund)
    by_code = roll_up({code: spent.basic[code] + spent.project[code] for code in spent.basic} | spent.government_fund)
    classes = {code: amount for code, amount in by_code.items() if len(code) == 3}
    sources = {
        "general": accounts.general_income,
        "government_fund": sum(spent.government_fund.values()),
        "business": spent.business,
        "other": spent.other,
    }
    general = roll_up(spent.general_expenditure)
    projects_general = roll_up({code: spent.general_expenditure[code] - spent.basic[code] for code in spent.basic})
    return [
        _overall(words["overall"], year, sources, classes, accounts.opening, accounts.closing),
        _tree(words["income"], year, _received(accounts), _received_columns(accounts)),
        _tree(
            words["expenditure"], year, by_code, [by_code, roll_up(spent.basic), roll_up(spent.project | spent.government_fund), {}, {}, {}]
        ),
        _tree(words["general"], year, general, [general, roll_up(spent.basic), projects_general]),
        _final_basic(words["basic"], spent),
        Form(
            "",
            words["three_public"]["title"],
            _header(words["three_public"], year),
            ((*_three_public(accounts.budget.three_public), *_three_public(spent.three_public)),),
        ),
        _maybe_empty(words["government_fund"], year, fund, lambda total: [{}, total, total, {}, total, {}]),
        _maybe_empty(words["state_capital"], year, {}, lambda total: [total, total, total]),
    ]


def numbered(forms: Sequence[Form]) -> list[Form]:
    """The forms with their numbers: 公开01表 …, as `number_line` of the writers prints them."""
    return [Form(f"{place:02}", form.title, form.header, form.rows, form.note) for place, form in enumerate(forms, start=1)]


def _header(words: Mapping[str, Any], year: int) -> tuple[HeaderRow, ...]:
    return tuple(tuple((text.format(year=year, last=year - 1), rows, columns) for text, rows, columns in row) for row in words["header"])


def _overall(words: Mapping[str, Any], year: int, sources: Amounts, classes: Amounts, opening: int, closing: int) -> Form:
    income = [(label, money(sources[key]) if key else "") for label, key in words["income"]]
    ordinals = "一二三四五六七八九十"
    spending = [(f"{ordinals[place]}、{NAMES[code]}", money(amount)) for place, (code, amount) in enumerate(classes.items())]
    height = max(len(income), len(spending))
    blank = [("", "")]
    rows = [
        (*left, *right)
        for left, right in zip(income + blank * (height - len(income)), spending + blank * (height - len(spending)), strict=True)
    ]
    received, paid = sum(sources.values()), sum(classes.values())
    rows += [
        (words["income_total"], money(received), words["expenditure_total"], money(paid)),
        (words["carryover"], money(opening), words["carryforward"], money(closing)),
        (words["income_grand_total"], money(received + opening), words["expenditure_grand_total"], money(paid + closing)),
    ]
    return Form("", words["title"], _header(words, year), tuple(rows))


def _tree(words: Mapping[str, Any], year: int, codes: Amounts, columns: Sequence[Amounts]) -> Form:
    """A form by functional code: the 合计 row, then 类, 款, 项; a column without the code stays blank."""
    totals = [sum(amount for code, amount in column.items() if len(code) == 3) for column in columns]
    rows = [("", FORMS["total"], *(money(total) if total else "" for total in totals))]
    for code in codes:
        label = "　" * CODE_LEVELS[len(code)] + NAMES[code]
        rows.append((code, label, *(money(column[code]) if column.get(code) else "" for column in columns)))
    return Form("", words["title"], _header(words, year), tuple(rows))


def _income_columns(budget: Budget, general: Amounts, fund: Amounts) -> list[Amounts]:
    """合计, 上年结转, 一般公共预算, 政府性基金, 事业收入, 其他收入 by code; what is carried over pays the item of own funds."""
    item = budget.own_funds_item
    one = {
        name: roll_up({item: amount}) if amount else {}
        for name, amount in (("carried", budget.carryover), ("business", budget.business), ("other", budget.other))
    }
    received = {code: amount - one["carried"].get(code, 0) for code, amount in general.items()}
    everything = _added(received, fund, *one.values())
    return [everything, one["carried"], received, fund, one["business"], one["other"]]


def _received(accounts: FinalAccounts) -> Amounts:
    return _added(*_received_columns(accounts)[1:])


def _received_columns(accounts: FinalAccounts) -> list[Amounts]:
    """本年收入合计, 财政拨款, 上级补助, 事业, 经营, 附属单位上缴, 其他 by code."""
    spent, item = accounts.spent, accounts.spent.own_funds_item
    general = dict(spent.general_expenditure)
    general[item] += accounts.general_income - sum(general.values())
    fiscal = roll_up(general | spent.government_fund)
    business = roll_up({item: spent.business}) if spent.business else {}
    other = roll_up({item: spent.other}) if spent.other else {}
    return [_added(fiscal, business, other), fiscal, {}, business, {}, {}, other]


def _added(*columns: Amounts) -> Amounts:
    codes = sorted({code for column in columns for code in column})
    return {code: sum(column.get(code, 0) for column in columns) for code in codes}


def _fiscal_overall(words: Mapping[str, Any], budget: Budget) -> Form:
    general = {code: amount for code, amount in roll_up(budget.general_expenditure).items() if len(code) == 3}
    fund = {code: amount for code, amount in roll_up(budget.government_fund).items() if len(code) == 3}
    amounts = {"general": budget.general_income, "government_fund": sum(fund.values())}
    ordinals = "一二三四五六七八九十"
    left = [
        (words["this_year"], money(sum(amounts.values()))),
        *((label, money(amounts[key])) for label, key in words["income"]),
        (words["carryover"], money(budget.carryover)),
    ]

    def line(label: str, of_general: int, of_fund: int) -> tuple[str, ...]:
        return label, money(of_general + of_fund), money(of_general), money(of_fund)

    right = [line(words["expenditure"], sum(general.values()), sum(fund.values()))]
    right += [
        line(f"（{ordinals[place]}）{NAMES[code]}", general.get(code, 0), fund.get(code, 0))
        for place, code in enumerate(sorted({**general, **fund}))
    ]
    right.append((words["carryforward"], "", "", ""))
    height = max(len(left), len(right))
    left += [("", "")] * (height - len(left))
    right += [("", "", "", "")] * (height - len(right))
    rows = [(*a, *b) for a, b in zip(left, right, strict=True)]
    total = sum(amounts.values()) + budget.carryover
    rows.append(
        (words["income_grand_total"], money(total), *line(words["expenditure_grand_total"], sum(general.values()), sum(fund.values())))
    )
    return Form("", words["title"], _header(words, budget.year), tuple(rows))


def _general(words: Mapping[str, Any], budget: Budget, last: Budget) -> Form:
    before, now = roll_up(last.general_expenditure), roll_up(budget.general_expenditure)
    basic = roll_up(budget.basic)
    rows: list[tuple[str, ...]] = []
    totals = [sum(amount for code, amount in column.items() if len(code) == 3) for column in (before, now, basic)]
    for code, label, (was, total, of_basic) in [
        ("", FORMS["total"], totals),
        *((code, "　" * CODE_LEVELS[len(code)] + NAMES[code], [before.get(code, 0), now[code], basic[code]]) for code in now),
    ]:
        rate = f"{(total - was) / was * 100:.2f}%" if was else ""
        rows.append((code, label, money(was), money(total), money(of_basic), money(total - of_basic), money(total - was), rate))
    return Form("", words["title"], _header(words, budget.year), tuple(rows))


def _basic(words: Mapping[str, Any], budget: Budget) -> Form:
    full = roll_up(budget.economic)
    rows = [("", FORMS["total"], money(budget.personnel + budget.running), money(budget.personnel), money(budget.running))]
    for code, amount in full.items():
        split = ("", money(amount)) if code[:3] == "302" else (money(amount), "")
        rows.append((code, ("　" if len(code) == 5 else "") + NAMES[code], money(amount), *split))
    return Form("", words["title"], _header(words, budget.year), tuple(rows))


def _final_basic(words: Mapping[str, Any], spent: Budget) -> Form:
    """人员经费 on the left, 公用经费 on the right, as final accounts print them."""
    full = roll_up(spent.economic)
    sides = [
        [
            (code, ("　" if len(code) == 5 else "") + NAMES[code], money(amount))
            for code, amount in full.items()
            if (code[:3] == "302") is running
        ]
        for running in (False, True)
    ]
    height = max(map(len, sides))
    left, right = (side + [("", "", "")] * (height - len(side)) for side in sides)
    rows = [(*a, *b) for a, b in zip(left, right, strict=True)]
    rows.append(("", words["personnel_total"], money(spent.personnel), "", words["running_total"], money(spent.running)))
    return Form("", words["title"], _header(words, spent.year), tuple(rows))


def _three_public(amounts: Amounts) -> tuple[str, ...]:
    return tuple(money(amounts[key]) for key in ("total", "abroad", "vehicles", "purchase", "running", "reception"))


def _maybe_empty(words: Mapping[str, Any], year: int, codes: Amounts, columns: Any) -> Form:
    """A form that is published empty, with its note, where there is nothing to print (基层政务公开标准目录)."""
    if codes:
        return _tree(words, year, codes, columns(codes))
    blank = ("",) * sum(span for _, _, span in words["header"][0])
    return Form(
        "",
        words["title"],
        _header(words, year),
        (blank, blank),
        words.get("empty_note", FORMS["budget"]["government_fund"]["empty_note"]).format(year=year),
    )
