"""Figures, names and years as words: what the sentences of data/vocabulary/answers.toml are filled with."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from retrieval.answer.answer import Value
from retrieval.figures.cells import TOTALS, Reading
from retrieval.figures.places import Place, goal_of, is_goal_table
from retrieval.names.labels import CATEGORY
from retrieval.question.as_words import words
from retrieval.question.expression import Item
from retrieval.words.folding import bare, in_numerals
from store.money import MONEY_UNITS

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
    if not reading.is_money or unit is None or unit == reading.unit:
        if not reading.is_money:
            number = reading.value.normalize()
            return Value(_plain(number if reading.places == 0 else reading.value.quantize(_step(reading.places))), reading.unit)
        return Value((reading.value / MONEY_UNITS[reading.unit]).quantize(_step(reading.places), rounding=ROUND_HALF_UP), reading.unit)
    return money(reading.value, unit)


def money(amount: Decimal, unit: str, places: int | None = None) -> Value:
    """An amount (元) in `unit`: exact, with at least two decimals for 万元 and none needed for 元; or with `places` decimals."""
    exact = amount / MONEY_UNITS[unit]
    if places is not None:
        return Value(exact.quantize(_step(places), rounding=ROUND_HALF_UP), unit)
    short = exact.normalize()
    exponent = short.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if unit != "元" or decimals:
        decimals = max(decimals, 2)
    return Value(exact.quantize(_step(min(decimals, 6)), rounding=ROUND_HALF_UP), unit)


def percent(ratio: Decimal) -> Value:
    """A ratio as a percentage with two decimals, rounded half up."""
    return Value((ratio * 100).quantize(_step(2), rounding=ROUND_HALF_UP), "%")


def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _plain(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else number


def when(place: Place) -> str:
    """2024年预算 / 2023年（见2024年预算）."""
    own = f"{place.disclosure.year}年{KIND_NAMES[place.kind]}"
    return own if place.is_own else f"{place.year}年（见{own}）"


def what(asked: Item, reading: Reading | None = None, *, with_fund: bool = False) -> str:
    """The item in words: 一般公共预算安排的事业运行, 商品和服务支出（基本支出）."""
    name = _name(asked, reading)
    of_a_fund = name in TOTALS and reading is not None and reading.fund not in ("all", None)
    fund = asked.fund if asked.fund is not None else (reading.fund if (with_fund or of_a_fund) and reading is not None else None)
    own_source = asked.item is not None and asked.flow == "income" and fund is not None and name.startswith(FUND_NAMES[fund][:3])
    if fund is not None and fund != "all" and FUND_NAMES[fund] not in name and not own_source:
        if name in TOTALS:
            name = FUND_NAMES[fund] + re.sub(r"本年|[总合]计", "", name)
        else:
            name = f"{FUND_NAMES[fund]}{name}" if name in PORTION_NAMES.values() else f"{name}（{FUND_NAMES[fund]}）"
    elif with_fund and fund == "all":
        name = f"{name}（全口径）"
    if asked.portion is not None and asked.portion in PORTION_NAMES and PORTION_NAMES[asked.portion] != name:
        name = f"{name}（{PORTION_NAMES[asked.portion]}）"
    if asked.measure == "budget" and reading is not None and reading.cells and reading.first.kind == "final":
        return f"{name}{PLANNED}"
    return f"{name}{SPENT}" if asked.measure == "final" else name


def _name(asked: Item, reading: Reading | None) -> str:
    if asked.affiliate is not None:
        return asked.affiliate if asked.item is None else f"{asked.affiliate}的{asked.item}"
    if asked.parts:
        parts = list(dict.fromkeys(cell.item for cell in reading.cells)) if reading is not None else []
        rest = say("computed", "and_others", count=in_numerals(len(parts))) if len(parts) > MOST_NAMED else ""
        return f"{asked.item}（{parts[0] + rest if rest else '、'.join(parts)}）" if parts else asked.item or asked.said
    if reading is not None and reading.stated is None and is_goal_table(reading.first.table_title):
        return f"{goal_of(reading.first.table_title)}的{reading.first.item}"
    if reading is not None and reading.stated is None and reading.first.item and reading.first.item not in TOTALS:
        first = reading.first
        if asked.item and asked.item in asked.names and len({cell.item for cell in reading.cells}) > 1:
            return asked.item  # rows of several names, bought for one thing
        of_a_kind = first.classification == "project" and len(first.row_path) > 1 and CATEGORY.match(bare(first.item))
        name = bare(list(first.row_path)[-2]) if of_a_kind else first.item  # 其他运转类 only says of which kind the project is
        if asked.item in PORTION_NAMES.values():
            name = asked.item or name
        return f"{name}（{asked.code}）" if asked.code else name
    if reading is not None and reading.cells and reading.first.kind == "final" and asked.item in TOTALS and reading.first.item in TOTALS:
        return reading.first.item  # 本年支出合计 and 支出总计 are two figures of final accounts
    return asked.item or asked.said or (asked.code or "")
