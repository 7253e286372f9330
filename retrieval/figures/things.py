"""What an item is by itself: a fund, all income or spending, a portion, what is bought; and two neighbouring names as one thing.

The words are those of data/grammar/phrases.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.figures.parts import CALLED, INCOME_TOTALS, PARTS_OF, PORTION_OF, SPENDING_TOTALS
from retrieval.question.expression import Item
from retrieval.words.folding import bare, chinese_number
from retrieval.words.grammar import load
from retrieval.words.lexicon import fund_named
from store.values import Classification, Portion
from store.vocabulary import vocabulary

LabelKind = Literal["item", "project", "affiliate", "subject", "goal", "source"]

CATEGORY = re.compile(load("labels.toml")["category"])
MIN_LABEL = 3  # characters: shorter words name no project
GOAL_WORDS: dict[str, str] = CALLED["goals"]

_WORDS = load("phrases.toml")
SPENDING = Item(_WORDS["totals"]["expenditure"], SPENDING_TOTALS[0], SPENDING_TOTALS, flow="expenditure")
INCOME = Item(_WORDS["totals"]["income"], INCOME_TOTALS[0], INCOME_TOTALS, flow="income")
PURCHASES = frozenset((_WORDS["purchases"]["name"],))
BOUGHT = frozenset(PARTS_OF[load("stretches.toml")["bought"]["whole"]])
ALL_BOUGHT = PURCHASES | BOUGHT
"""Purchases, as a whole and by kind."""
OWN: str = _WORDS["own"]
"""Stands for the agency itself among its budget units."""
BODIES = frozenset(_WORDS["counted_by"]["bodies"])
COUNTS = frozenset(_WORDS["counted_by"]["named"])
ECONOMIC: Classification = "economic_department"
FUNCTIONAL: Classification = "functional"
SECTION = 5  # digits of its codes that have no parts


def table_number(printed: str | None) -> int | None:
    """The number of a table as printed: 公开03表 → 3, 预算公开表1 → 1; None where it has none."""
    said = re.search(load("stretches.toml")["table"]["number"], printed or "")
    return int(chinese_number(said[said.lastindex or 0]) or 0) if said is not None else None


def is_fund(item: Item) -> bool:
    """Whether an item is a source of money by itself (财政拨款)."""
    return item.fund is not None and item.flow == "income" and not item.parts


def is_total(item: Item) -> bool:
    """Whether an item is all income or all spending."""
    return bool(item.names) and item.names[0] in (*SPENDING_TOTALS, *INCOME_TOTALS)


def portion_of(item: Item) -> Portion | None:
    """The portion of spending that an item is by its name."""
    return PORTION_OF.get(item.item or "") if not item.fund else None


def codes_of(item: Item, classification: Classification) -> list[str]:
    """The codes that a classification has for what the item names."""
    return [code.code for code in vocabulary().codes_by_name.get(item.item or "", ()) if code.classification == classification]


def natures(item: Item) -> set[str]:
    """Of which side of basic spending an item is (人员经费, 办公费)."""
    sides = {_WORDS["sides"].get(code[:3], "") for code in codes_of(item, ECONOMIC)}
    return {item.portion or portion_of(item) or ""} | (sides if len(sides) == 1 else set())


def join(one: Item, other: Item) -> Item | None:
    """Two neighbouring names as one thing, or None where they are two."""
    joined = _joined(one, other)
    return replace(joined, said=one.said + other.said) if joined is not None else None


def _joined(one: Item, other: Item) -> Item | None:
    if one.counter != other.counter:
        return other if other.counter is None and other.item is not None else None  # 车辆|运维
    if one.code is not None and other.code is not None and one.code != other.code:
        return other if other.code.startswith(one.code) else None
    if one.item is not None and one.item == other.item:
        names = tuple(dict.fromkeys((*one.names, *other.names)))
        return replace(one, code=one.code or other.code, names=names, fund=one.fund or other.fund)
    if (inner := _of_basic(one, other)) is not None:
        return replace(inner, fund=one.fund or other.fund)
    if any({one.item, other.item} <= set(inner) - PARTS_OF.keys() for inner in PARTS_OF.values()):
        return None  # 服务，货物: beside each other, and neither in the other
    if (narrowed := _narrowed_by(one, other)) is not None:
        return narrowed
    if (one.code is None) != (other.code is None):
        coded, named = (one, other) if one.code else (other, one)
        whole = fund_named(named.item or "")  # 一般公共预算支出中50201: the one is in the other, no name of it
        names = coded.names if whole else tuple(dict.fromkeys((*coded.names, *named.names)))
        return replace(named, code=coded.code, item=coded.item or named.item, names=names, fund=named.fund or coded.fund or whole)
    if one.item is not None and other.item is not None and _is_leaf(one):
        return None
    inner, outer = (one, other) if _stands_under(one, other) else (other, one)  # 行政运行（城乡社区管理事务）
    return replace(inner, under=bare(outer.item) if outer.item else None, fund=other.fund or one.fund)


def _narrowed_by(one: Item, other: Item) -> Item | None:
    """The one thing with what the other only narrows: all of it, a fund, a portion, purchases, or whose it is."""
    pairs = ((one, other), (other, one))
    for thing, by in pairs:
        if is_total(by):
            return _total_of_fund(thing, by) if is_fund(thing) else by if is_total(thing) and thing.flow is None else thing
    for thing, by in pairs[::-1]:
        if is_fund(by):
            return replace(thing, fund=by.fund, flow="income" if by.fund in ("carryover", "reserve") else thing.flow)
    for thing, by in pairs[::-1]:
        if portion_of(by) is not None and portion_of(thing) is None and not thing.parts:
            return replace(thing, portion=portion_of(by), fund=thing.fund or by.fund)
    for thing, by in pairs:
        if by.item in PURCHASES and thing.item is not None and (thing is one or thing.classification == "project"):
            return replace(thing, table=_WORDS["purchases"]["table"], fund=None)
    for thing, by in pairs[::-1]:
        if by.affiliate is not None and by.item is None:
            return replace(thing, affiliate=by.affiliate)
    return None


def _of_basic(one: Item, other: Item) -> Item | None:
    """Personnel or running costs, where they are said to be in basic spending, before or behind it (基本支出里的人员经费)."""
    portions = [PORTION_OF.get(part.item or "") for part in (one, other)]
    inner = [part for part, portion in zip((one, other), portions, strict=True) if portion in ("personnel", "running")]
    return inner[0] if len(inner) == 1 and "basic" in portions else None


def _stands_under(one: Item, other: Item) -> bool:
    """Whether the classifications put the first under the second, and never the second under the first."""
    mine, its = codes_of(one, FUNCTIONAL), codes_of(other, FUNCTIONAL)
    below = any(a != b and a.startswith(b) for a in mine for b in its)
    return below and not any(b.startswith(a) for a in mine for b in its)


def _total_of_fund(fund: Item, total: Item) -> Item:
    """一般公共预算支出合计: all spending (or income) of that fund."""
    if total.flow == "income" and _WORDS["spending"] not in fund.said + total.said:
        return replace(total, fund=fund.fund, names=(*fund.names, *total.names), item=fund.names[0])
    return replace(total, fund=fund.fund)


def _is_leaf(item: Item) -> bool:
    """Whether the item is a 款 of the economic classification, which has no parts: nothing stands under it."""
    return {len(code) for code in codes_of(item, ECONOMIC)} == {SECTION}


def is_goal_table(title: str) -> bool:
    """Whether the table is one project's 绩效目标表, whose title names the project."""
    return bool(goal_of(title)) and GOAL_WORDS["form"] in title


def goal_of(title: str) -> str:
    """The project that a 绩效目标表 is about; "" where its title names none."""
    stem = re.sub(GOAL_WORDS["before"], "", bare(title).partition(GOAL_WORDS["form"])[0])
    return stem if len(stem) >= MIN_LABEL else ""


@dataclass(frozen=True, slots=True)
class Label:
    """One printed name, and the canonical item by which its figures are found."""

    text: str  # bare
    kind: LabelKind
    item: str
    code: str | None = None
    printed: str = ""
    under: str | None = None  # where the row's own label is only a category: the name above it
    counter: str | None = None  # of a number of things: what it is counted by
    table: str | None = None  # of a project that only its 绩效目标表 names: that table's title


@dataclass(frozen=True, slots=True)
class Match:
    """A label with how well words fit it, and how (exact, short, words, sound)."""

    label: Label
    score: float
    how: str


def is_own_row(label: str, agency: str) -> bool:
    """Whether a row among the budget units bears the agency's own name, and is no unit below it."""
    name = bare(agency)
    return bare(label) == name or re.fullmatch(load("names.toml")["kind"]["own"], bare(label).removeprefix(name)) is not None


def is_of_own_level(item: Item, name: str) -> bool:
    """Whether an item is of the agency of that name itself, and not of the units below it."""
    return item.affiliate == OWN or (item.affiliate not in (None, name) and is_own_row(item.affiliate or "", name))
