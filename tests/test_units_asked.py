"""Rows of budget units, asked for by name: whose they are, and what they print."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from retrieval.answer.wording import paired
from retrieval.ask import Asker
from retrieval.figures.cells import Cell, Reading
from retrieval.figures.readings import in_section, readings
from retrieval.question.expression import Item
from store.snapshot import open_snapshot
from store.values import Fund

PAGE = """<html><body><h1>清溪市林草局2024年部门预算</h1>
<h2>部门收入预算总表</h2><p>单位：万元</p>
<table><tr><th>单位名称</th><th>总计</th><th>一般公共预算拨款收入</th><th>事业收入</th></tr>
<tr><td>合计</td><td>800.00</td><td>700.00</td><td>100.00</td></tr>
<tr><td>林草局</td><td>500.00</td><td>450.00</td><td>50.00</td></tr>
<tr><td>清溪市种苗培育中心</td><td>300.00</td><td>250.00</td><td>50.00</td></tr></table>
<h2>一般公共预算基本支出表</h2><p>单位：万元</p>
<table><tr><th>科目编码</th><th>科目名称</th><th>合计</th><th>人员经费</th><th>公用经费</th></tr>
<tr><td></td><td>合计</td><td>44.00</td><td>40.00</td><td>4.00</td></tr>
<tr><td>30101</td><td>基本工资</td><td>40.00</td><td>40.00</td><td></td></tr>
<tr><td>30207</td><td>邮电费</td><td>3.00</td><td></td><td>3.00</td></tr>
<tr><td>30216</td><td>培训费</td><td>1.00</td><td></td><td>1.00</td></tr></table>
<h2>一般公共预算支出表</h2><p>单位：万元</p>
<table><tr><th>科目编码</th><th>科目名称</th><th>合计</th><th>基本支出</th><th>项目支出</th></tr>
<tr><td></td><td>合计</td><td>700.00</td><td>44.00</td><td>656.00</td></tr>
<tr><td>205</td><td>教育支出</td><td>9.00</td><td>2.00</td><td>7.00</td></tr>
<tr><td>20508</td><td>进修及培训</td><td>9.00</td><td>2.00</td><td>7.00</td></tr>
<tr><td>2050803</td><td>培训支出</td><td>9.00</td><td>2.00</td><td>7.00</td></tr>
<tr><td>213</td><td>农林水支出</td><td>691.00</td><td>42.00</td><td>649.00</td></tr></table>
<h2>政府采购预算表</h2><p>单位：万元</p>
<table><tr><th>科目编码</th><th>采购项目</th><th>采购数量</th><th>预算金额</th></tr>
<tr><td></td><td>合计</td><td></td><td>8.00</td></tr>
<tr><td>2050803</td><td>培训用计算机</td><td>4</td><td>3.00</td></tr>
<tr><td>2050803</td><td>培训用投影机</td><td>1</td><td>5.00</td></tr></table></body></html>"""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    folder = tmp_path_factory.mktemp("units")
    (folder / "published.html").write_text(PAGE, "utf-8")
    ingest([folder / "published.html"], folder / "store", jobs=1)
    return Asker.of(open_snapshot(folder / "store"))


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("清溪市林草局2024年邮电费是多少", "3.00"),
        ("清溪市林草局30207多少", "3.00"),
        ("清溪市林草局2024年基本支出多少", "44.00"),
        ("清溪市种苗培育中心2024年收入多少", "300.00"),
        ("清溪市种苗培育中心2024年事业收入多少", "50.00"),
    ],
)
def test_an_agency_that_stands_as_a_row_without_its_place_is_the_agency_itself(asker: Asker, question: str, amount: str) -> None:
    assert [f"{value.amount:f}" for value in asker.ask(question).values][:1] == [amount]


@pytest.mark.parametrize(
    "question",
    ["清溪市种苗培育中心2024年邮电费是多少", "清溪市种苗培育中心30207多少", "清溪市种苗培育中心2024年培训费多少"],
)
def test_what_a_unit_does_not_print_is_not_answered_with_its_total(asker: Asker, question: str) -> None:
    assert not asker.ask(question).values


@pytest.mark.parametrize("question", ["白石市林草局2024年邮电费是多少", "长沙市林草局2024年预算多少"])
def test_another_places_agency_is_not_answered_by_a_row_of_ours(asker: Asker, question: str) -> None:
    assert not asker.ask(question).values


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("清溪市林草局2024年培训支出是多少", "9.00"),
        ("清溪市林草局2024年培训费是多少", "1.00"),
        ("清溪市林草局2024年培训支出的基本支出是多少", "2.00"),
        ("清溪市林草局2024年培训支出项目支出多少", "7.00"),
        ("清溪市林草局2024年基本支出里的培训费", "1.00"),
    ],
)
def test_a_word_that_is_a_printed_name_means_that_before_its_everyday_meaning(asker: Asker, question: str, amount: str) -> None:
    assert [f"{value.amount:f}" for value in asker.ask(question).values][:1] == [amount]


def test_a_share_is_of_the_column_with_money_not_of_an_empty_fund() -> None:
    def cell(table: str, item: str, fund: Fund, amount: str) -> Cell:
        where = ("f", "d", "d", "某局", "某局", 2024, "budget", "published.pdf", table, 0, "表", None, 0, 0, item, (item,), None, ("合计",))
        printed = ("万元", Decimal(amount) * 10_000, Decimal(amount), amount, 1, None, None, None, None)
        return Cell(*where, *printed, item, "expenditure", fund, "three_public", "total", "budget", 2024, "leaf", None)

    part = (
        Reading((cell("basic", "公务接待费", "all", "3"),), twins=(cell("cars", "公务接待费", "general_public", "3"),)),
        Reading((cell("cars", "公务接待费", "government_fund", "0"),)),
    )
    whole = (
        Reading((cell("cars", "三公经费", "general_public", "6"),)),
        Reading((cell("cars", "三公经费", "government_fund", "0"),)),
    )
    assert [reading.value for reading in paired(part, whole)] == [Decimal(30_000), Decimal(60_000)]


def test_what_is_denied_is_not_answered_with_its_opposite(asker: Asker) -> None:
    assert not asker.ask("清溪市林草局2024年非一般公共预算拨款收入多少").values
    assert not asker.ask("清溪市林草局2024年非财政拨款收入是多少").values


def test_units_below_an_agency_are_ranked_among_themselves_or_not_at_all(asker: Asker) -> None:
    answer = asker.ask("清溪市林草局2024年哪个下属单位预算最多")
    assert [f"{value.amount:f}" for value in answer.values] == ["300.00"] and "种苗培育中心" in answer.text


def test_a_code_means_the_spending_before_what_is_bought_under_it(asker: Asker) -> None:
    assert [f"{value.amount:f}" for value in asker.ask("清溪市林草局2050803多少").values][:1] == ["9.00"]


def test_several_codes_are_each_answered(asker: Asker) -> None:
    assert [f"{value.amount:f}" for value in asker.ask("清溪市林草局 30207 30216 各多少").values] == ["3.00", "1.00"]


def test_what_a_form_prints_between_two_units_is_the_first_ones() -> None:
    def cell(row: int, label: str, amount: str, is_unit: bool = False) -> Cell:
        head = ("f", "d", "d", "某局", "某局", 2024, "budget", "published.pdf", "t", 0, "表", None)
        where = (*head, row, 0, label, (label,), None, ("金额",))
        printed = ("万元", Decimal(amount) * 10_000, Decimal(amount), amount, 1, None, None, None, None)
        kind = "affiliate" if is_unit else "project"
        return Cell(*where, *printed, label, "expenditure", None, kind, "total", "budget", 2024, "leaf", None)

    rows = (
        cell(1, "种苗中心", "7", is_unit=True),
        cell(2, "办公设备购置", "7"),
        cell(3, "林业站", "5", is_unit=True),
        cell(4, "办公设备购置", "5"),
        cell(5, "全市造林", "900"),
    )
    assert [one.row for one in in_section("种苗中心", rows)] == [2]
    assert [one.row for one in in_section("林业站", rows)] == [4]  # 900 is no part of 5
    assert in_section("种苗中心", rows[:2]) == []  # one unit alone: all may be the whole agency's
    whole = Item("办公设备购置", "办公设备购置", ("办公设备购置",), affiliate="林业站")
    assert [reading.first.row for reading in readings(whole, rows, "budget", 2024)] == [4]


@pytest.mark.parametrize("said", ["下面有个培育种苗的中心，它", "底下管种苗培育那个中心", "种苗培育中心，归林草局管的，"])
def test_a_unit_is_known_by_what_it_is_for_and_whose_it_is(asker: Asker, said: str) -> None:
    answer = asker.ask(f"清溪市林草局{said}2024年事业收入多少")
    assert [f"{value.amount:f}" for value in answer.values] == ["50.00"]


def test_bodies_that_are_counted_are_added_up_where_their_total_is_asked(tmp_path: Path) -> None:
    (tmp_path / "published.html").write_text(PAGE.replace("<td>林草局</td>", "<td>清溪市林业站</td>"), "utf-8")
    ingest([tmp_path / "published.html"], tmp_path / "store", jobs=1)
    asker = Asker.of(open_snapshot(tmp_path / "store"))
    added = asker.ask("清溪市林草局2024年林业站和种苗培育中心两家收入合计多少")
    assert "800.00" in [f"{value.amount:f}" for value in added.values]
    each = asker.ask("清溪市林草局2024年林业站和种苗培育中心两家收入各多少")
    assert [f"{value.amount:f}" for value in each.values][:2] == ["500.00", "300.00"]


@pytest.mark.parametrize("said", ["种培中心", "加上种苗中心"])
def test_a_unit_is_known_by_its_characters_in_order_behind_whatever_words(asker: Asker, said: str) -> None:
    answer = asker.ask(f"清溪市林草局2024年{said}的事业收入")
    assert "50.00" in [f"{value.amount:f}" for value in answer.values]


@pytest.mark.parametrize(("turns", "amount"), [
    (["我侄子在清溪市种苗培育中心上班，林草局底下的，中心今年收入总计多少"], "300.00"),
    (["我去过清溪市种苗培育中心，这单位今年收入总计多少"], "300.00"),
    (["我在清溪市种苗培育中心上班，林草局今年收入总计多少"], "800.00"),
    (["清溪市种苗培育中心收入总计多少，其中一般公共预算拨款收入多少"], "300.00 250.00"),
    (["清溪市种苗培育中心收入总计多少", "这中心一般公共预算拨款收入多少"], "250.00"),
    (["清溪市种苗培育中心收入总计多少", "全部门呢"], "800.00"),
    (["清溪市种苗培育中心收入总计多少", "局里一共呢"], ""),
])
def test_a_unit_is_meant_until_more_is_said(asker: Asker, turns: list[str], amount: str) -> None:
    answer = asker.ask(turns[-1], turns[:-1])
    assert [value.amount for value in answer.values] == [Decimal(one) for one in amount.split()]
