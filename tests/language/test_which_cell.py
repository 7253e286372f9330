"""Which printed cell is meant: years and tables beside each other, funds said by what they are not, units that are left out."""

from __future__ import annotations

import pytest

from retrieval.language.lattice import edges, paths
from retrieval.language.neighbours import settled
from retrieval.question.expression import Each, Nth
from retrieval.words.numbers import find_quantities
from retrieval.words.periods import find_periods

from .without_store import AGENCIES, reader_of


def _cut(text: str, tables: tuple[str, ...] = ()) -> list[tuple[str, frozenset[str], tuple[str | None, ...], str | None]]:
    best = settled(paths(text, edges(text, tables=tables))[0][1])
    return [(one.text, one.cues, tuple(item.item for item in one.items[:1]), one.table) for one in best]


@pytest.mark.parametrize("text", ["某市财政局26项目支出多少", "某局26预算", "某院26三公"])
def test_a_year_of_two_digits_stands_between_an_agency_and_what_is_asked(text: str) -> None:
    assert find_periods(text).years == (2026,)
    assert all(said.quantity.unit != "项" for said in find_quantities(text))


@pytest.mark.parametrize("text", ["三公表25年栏", "2017表十一"])
def test_a_year_is_no_number_of_a_table(text: str) -> None:
    assert all(table not in ("#25", "#17") for _, _, _, table in _cut(text))


def test_a_table_is_named_by_a_part_of_its_title() -> None:
    assert "三公表" in [table for _, _, _, table in _cut("三公表里的接待费", ("一般公共预算三公经费支出表",))]
    assert all(table is None for _, _, _, table in _cut("三公表里的接待费"))


@pytest.mark.parametrize("text", ["财政没出的那点有多少", "不是财政给的那部分钱有多少", "财政不拨的钱有多少"])
def test_what_a_fund_does_not_pay_is_taken_off(text: str) -> None:
    cut = _cut(text)
    at = next(at for at, (_, cues, _, _) in enumerate(cut) if "EXCEPT" in cues)
    assert cut[at + 1][2] == ("财政拨款收入",)


@pytest.mark.parametrize("text", ["从财政拿到的钱", "国家拨下来的经费", "用财政的钱的"])
def test_what_a_fund_pays_is_the_fund(text: str) -> None:
    assert ("财政拨款收入",) in [items for _, _, items, _ in _cut(text)]


@pytest.mark.parametrize("text", ["不算下面几个中心", "不含下属单位", "不包括下属事业单位"])
def test_an_agency_without_its_units_is_the_agency_itself(text: str) -> None:
    assert any("OWNLEVEL" in cues for _, cues, _, _ in _cut(text))


def test_a_subsidy_is_no_rent() -> None:
    assert ("提租补贴",) in [items for _, _, items, _ in _cut("租房补贴")]


@pytest.mark.parametrize(
    ("question", "named", "below", "number"),
    [
        ("示例市教育局下属的三家事业单位里预算最多的是哪家", None, True, 3),
        ("示例市教育局各预算单位里预算最多的是哪家", None, False, None),
        ("示例市教育局7个强戒所，收入预算排第一的哪个所", "强戒所", False, 7),
    ],
)
def test_budget_units_are_of_a_kind_below_and_as_many_as_is_said(question: str, named: str | None, below: bool, number: int | None) -> None:
    read = reader_of().read(question, AGENCIES[:1])[0].expression
    assert isinstance(read, Nth) and isinstance(read.series, Each)
    assert (read.series.over, read.series.named, read.series.below, read.series.number) == ("units", named, below, number)
