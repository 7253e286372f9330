"""What the headers over a column say about its figures.

Takes a header path (outermost first) and gives a `Column`: fund, portion, measure, year, item … as far as the words of
data/vocabulary/columns.csv and items.csv tell. A word further in refines or replaces what stands above it; 合计 and 小计
leave it as it is. Nothing is assumed here: what no word says stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from store.values import Classification, Flow, Fund, Measure, Portion
from store.vocabulary import ItemName, bare_label, plain_label, vocabulary

_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_LEADING_YEAR = re.compile(r"^(?:(?:19|20)\d\d年?度?)+")
_COMPARED = re.compile(r"比|较")
_IN_BRACKETS = re.compile(r"（[^（）]*）")
_AMONG = "其中"
Part = Literal["among", "aside"]
_THREE_PUBLIC = "三公经费"


@dataclass(frozen=True, slots=True)
class Column:
    """What a header path says. `inner_role` is of the innermost header; `part`: only a part of what stands above it,
    one that adds up with its neighbours (among) or one that does not (aside)."""

    flow: Flow | None = None
    fund: Fund | None = None
    portion: Portion | None = None
    measure: Measure | None = None
    year: int | None = None
    classification: Classification | None = None
    item: ItemName | None = None
    economic: str | None = None
    balance: str | None = None
    inner_role: str | None = None
    part: Part | None = None


def read_column(path: tuple[str, ...], year: int | None) -> Column:
    """What the headers of a column say; `year` is the document's, which 上年 and 本年 count from (None: not known)."""
    column = Column()
    for header in path:
        column = _refined(column, header, year)
    return column


def _refined(column: Column, header: str, year: int | None) -> Column:
    words = vocabulary()
    text = _LEADING_YEAR.sub("", bare_label(header))
    portion = cast(Portion | None, words.word_for("portion", text))
    fund = cast(Fund | None, words.word_for("fund", text))
    item = item_of(text)
    part = cast(Part | None, words.word_for("part", text))
    if plain_label(header).startswith(_AMONG) and len(text) > len(_AMONG) and not (portion or fund or item):
        part = "aside"
    measure = measure_of(header) or column.measure
    if column.measure == "change" and measure not in ("change_rate", "share"):
        measure = "change"
    return Column(
        flow=cast(Flow | None, words.word_for("flow", text)) or column.flow,
        fund=fund or column.fund,
        portion="other" if part else portion or column.portion,
        measure=measure,
        year=year_of(header, year) or column.year,
        classification=cast(Classification | None, words.word_for("classification", text)) or column.classification,
        item=item or column.item,
        economic=economic_item(text) or column.economic,
        balance=words.word_for("balance", text) or column.balance,
        inner_role=words.word_for("role", text) if len(text) <= 4 or text.endswith(("合计", "总计", "小计")) else None,
        part=part or column.part,
    )


def measure_of(text: str) -> Measure | None:
    """The measure that a header or label names; two of them compared are a change."""
    words = vocabulary()
    plain = plain_label(text)
    said = cast(Measure | None, words.word_for("measure", plain))
    if said in ("budget", "final", "adjusted_budget") and _COMPARED.search(plain):
        return "change_rate" if "%" in plain else "change"
    return said


def year_of(text: str, year: int | None) -> int | None:
    """The year that a header or label names, or counts from the document's `year`; of a comparison, the first."""
    plain = plain_label(text)
    if found := _YEAR.search(plain):
        return int(found.group(1))
    words = vocabulary()
    distance = words.word_for("year", plain) or words.word_alone("year_alone", _IN_BRACKETS.sub("", plain))
    return None if distance is None or year is None else year + int(distance)


def economic_item(text: str) -> str | None:
    """The economic item that a header names, where a table spreads functions over economic items; None if none."""
    words = vocabulary()
    name = words.canonical_item(text)
    named = words.codes_by_name.get(text, ()) + words.codes_by_name.get(name, ())
    return name if any(entry.classification != "functional" for entry in named) else None


def item_of(text: str) -> ItemName | None:
    """The item of a "三公" table that a header names, however the header goes on ("三公经费预（决）算数"); None if none."""
    words = vocabulary()
    entry = words.item_by_variant.get(text)
    if entry is not None:
        return entry if entry.classification in ("three_public", "statistic") else None
    return words.item_by_variant[_THREE_PUBLIC] if _THREE_PUBLIC in text else None
