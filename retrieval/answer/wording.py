"""Figures, names and years as words: what the sentences of data/vocabulary/answers.toml are filled with.

What a computation is made of is set against each other only where it is about the same money: of one table first, else of one fund,
else the most direct readings of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from retrieval.answer.answer import Value
from retrieval.figures.cells import Reading
from retrieval.figures.parts import TOTALS
from retrieval.figures.things import CATEGORY, goal_of, is_goal_table
from retrieval.question.as_words import words
from retrieval.question.expression import Item
from retrieval.words.folding import bare, in_numerals
from retrieval.words.grammar import load
from store.money import MONEY_UNITS
from store.values import Fund

if TYPE_CHECKING:
    from retrieval.figures.places import Place

MOST_NAMED = 3  # parts of a sum that stand in its name


KIND_NAMES = words()["kind"]
FUND_NAMES = words()["fund"]
PORTION_NAMES = words()["portion"]
PLANNED = words()["computed"]["planned"]  # 预算数: what final accounts print as planned
SPENT = words()["computed"]["spent"]  # 执行数: what a budget prints as spent in the year before


def say(section: str, name: str, **fields: object) -> str:
    """One sentence with its placeholders filled. Raises KeyError for a sentence or field that isn't there."""
    return words()[section][name].format(**fields)


def shown(value: Value) -> str:
    """A value in words: 1,234.50万元, 20.21%, 6个."""
    return f"{value.amount:,f}{value.unit}"


def value_of(reading: Reading, unit: str | None = None) -> Value:
    """A reading as it is shown: with its printed digits, or in the money unit asked for."""
    if reading.is_money:
        return money(reading.value, unit or reading.unit, reading.places if unit in (None, reading.unit) else None)
    number = reading.value.normalize() if reading.places == 0 else reading.value.quantize(_step(reading.places))
    exponent = number.as_tuple().exponent
    return Value(number.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else number, reading.unit)


def money(amount: Decimal, unit: str, places: int | None = None) -> Value:
    """An amount (元) in `unit`: exact, with at least two decimals for 万元 and none needed for 元; or with `places` decimals."""
    exact = amount / MONEY_UNITS[unit]
    if places is not None:
        return Value(exact.quantize(_step(places), rounding=ROUND_HALF_UP), unit)
    short = exact.normalize()
    exponent = short.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if MONEY_UNITS[unit] != 1 or decimals:
        decimals = max(decimals, 2)
    return Value(exact.quantize(_step(min(decimals, 6)), rounding=ROUND_HALF_UP), unit)


def percent(ratio: Decimal) -> Value:
    """A ratio as a percentage with two decimals, rounded half up."""
    return Value((ratio * 100).quantize(_step(2), rounding=ROUND_HALF_UP), "%")


def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def when(place: Place) -> str:
    """2024年预算 / 2023年（见2024年预算）."""
    own = say("lookup", "document", year=place.disclosure.year, kind=KIND_NAMES[place.kind])
    return own if place.is_own else say("lookup", "column", year=place.year, document=own)


def what(asked: Item, reading: Reading | None = None, *, with_fund: bool = False) -> str:
    """The item in words: 一般公共预算安排的事业运行, 商品和服务支出（基本支出）."""
    name = _name(asked, reading)
    of_fund = reading.fund if reading is not None and (with_fund or (name in TOTALS and reading.fund != "all")) else None
    if (fund := asked.fund or of_fund) is not None:
        said = FUND_NAMES[fund]
        own_source = asked.item is not None and asked.flow == "income" and name.startswith(said[:3])
        if fund == "all":
            name = _narrowed(name, said) if with_fund else name
        elif said not in name and not own_source:
            total = said + re.sub(load("labels.toml")["fund_total"], "", name)
            name = total if name in TOTALS else f"{said}{name}" if name in PORTION_NAMES.values() else _narrowed(name, said)
    portion = PORTION_NAMES.get(asked.portion or "", name)
    name = _narrowed(name, portion) if portion != name else name
    if asked.measure == "budget" and reading is not None and reading.cells and reading.first.kind == "final":
        return f"{name}{PLANNED}"
    return f"{name}{SPENT}" if asked.measure == "final" else name


def _narrowed(name: str, how: str) -> str:
    return say("understood", "narrowed", what=name, how=how)


def _name(asked: Item, reading: Reading | None) -> str:
    """What is asked for as it is printed, with whose it is where that is a budget unit."""
    name = asked.item or asked.said or asked.code or ""
    cells = reading.cells if reading is not None else ()
    if asked.affiliate is not None:
        return asked.affiliate if asked.item is None else _of(asked.affiliate, asked.item)
    if asked.parts:
        parts = list(dict.fromkeys(cell.item for cell in cells))
        rest = say("computed", "and_others", count=in_numerals(len(parts))) if len(parts) > MOST_NAMED else ""
        return _narrowed(name, parts[0] + rest if rest else "、".join(parts)) if parts else name
    if not cells:
        return name
    first = cells[0]
    if is_goal_table(first.table_title):
        return _of(goal_of(first.table_title), first.item)
    if not first.item or first.item in TOTALS:  # 本年支出合计 and 支出总计 are two figures of final accounts
        return first.item if first.kind == "final" and asked.item in TOTALS and first.item else name
    if asked.item in PORTION_NAMES.values() or (not asked.under and asked.item in asked.names and len({cell.item for cell in cells}) > 1):
        return name  # rows of several names, bought for one thing
    of_a_kind = first.classification == "project" and len(first.row_path) > 1 and CATEGORY.match(bare(first.item))
    printed = bare(list(first.row_path)[-2]) if of_a_kind else first.item  # 其他运转类 only says of which kind the project is
    return _narrowed(printed, asked.code) if asked.code else printed


def _of(whose: str, name: str) -> str:
    return say("understood", "of_unit", unit=whose, what=name)


def paired(one: Sequence[Reading], two: Sequence[Reading]) -> tuple[Reading, Reading]:
    """The two readings that are about the same money: of one table, else of one fund, else the most direct ones."""
    for upper in one:
        for lower in two:
            if _columns(upper) & _columns(lower):
                return upper, lower
    funds = {reading.fund for reading in one[:1]}
    for lower in two:
        if lower.fund in funds:
            return one[0], lower
    return one[0], two[0]


def _columns(reading: Reading) -> set[tuple[str, Fund | None]]:
    """The tables that print the reading, with the fund of the column there: a twin may stand under another fund."""
    return {(cell.table_id, cell.fund) for cell in (*reading.cells, *reading.twins)}


def listed(parts: Sequence[tuple[str, Value]]) -> str:
    """Named values in words, parted by commas."""
    return "，".join(f"{name}{shown(value)}" for name, value in parts)


def added(parts: Sequence[tuple[str, Value]]) -> str:
    """The addends of a sum in words."""
    return " + ".join(f"{name}{shown(value)}" for name, value in parts)


def divided(parts: Sequence[tuple[str, Value]]) -> str:
    """The terms of a quotient in words."""
    return " ÷ ".join(f"{name}{shown(value)}" for name, value in parts)
