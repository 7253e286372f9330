"""Texts that lost the rows and columns of their tables: what other tables print settles them, or nothing does."""

from __future__ import annotations

from decimal import Decimal

from ingest.readers.text import TextReader
from ingest.reading import read_file
from ingest.source import Grid, Line
from ingest.text_headers import HeaderCell
from ingest.text_settle import Row
from ingest.text_sides import sides_grid
from ingest.text_sparse import settle_by_twins
from ingest.text_torn import torn_cells, whole_cells
from ingest.text_twins import Twins

COLUMNS = (
    HeaderCell("总计", ()),
    HeaderCell("合计", ("一般公共预算拨款",)),
    HeaderCell("经费拨款", ("一般公共预算拨款",)),
    HeaderCell("事业收入", ()),
    HeaderCell("上年结转（结余）", ()),
)
ROWS = (
    Row((), "", "合计", 0.0, ()),
    Row(("208",), "", "社会保障和就业支出", 0.0, ()),
    Row(("210",), "", "卫生健康支出", 0.0, ()),
)
PROSE = "一般公共预算拨款80.00万元，经费拨款80.00万元，事业收入15.00万元，上年结转（结余）5.00万元。"


def twins(prose: str = PROSE) -> Twins:
    total = {"": Decimal(100), "208": Decimal(65), "210": Decimal(35)}
    general = {"": Decimal(80), "208": Decimal(50), "210": Decimal(30)}
    return Twins(prose, [total, general])


PRINTED = ["100.00", "80.00", "80.00", "15.00", "5.00", "65.00", "50.00", "50.00", "15.00", "35.00", "30.00", "30.00", "5.00"]


def test_blank_columns_are_told_by_the_tables_that_print_the_same_codes() -> None:
    placed = settle_by_twins(ROWS, COLUMNS, PRINTED, twins())
    assert placed == [
        [(0, "100.00", False), (1, "80.00", False), (2, "80.00", False), (3, "15.00", False), (4, "5.00", False)],
        [(0, "65.00", False), (1, "50.00", False), (2, "50.00", False), (3, "15.00", False)],
        [(0, "35.00", False), (1, "30.00", False), (2, "30.00", False), (4, "5.00", False)],
    ]


def test_a_table_is_left_where_nothing_names_its_columns() -> None:
    assert settle_by_twins(ROWS, COLUMNS, PRINTED, twins("")) is None


def test_a_table_is_left_where_an_amount_would_be_used_twice() -> None:
    assert settle_by_twins(ROWS, COLUMNS, PRINTED[:-1], twins()) is None


def test_header_cells_torn_over_lines_are_put_together_in_the_order_of_their_columns() -> None:
    lines = [["政府性", "经营收", "事业收", "附属单"], ["基金拨"], ["入"], ["入"], ["位缴款"], ["款"]]
    assert torn_cells(lines) == ["政府性基金拨款", "经营收入", "事业收入", "附属单位缴款"]


def test_lines_that_are_no_header_stay_as_they_are() -> None:
    lines = ["机关事业单位职业年金缴费", "支出", "", "43.69"]
    assert [line for line in whole_cells(lines)[0] if line] == [line for line in lines if line]


SIDES = """收
项
入
目
支
本年预算
项
目
出
本年预算
80.00 一、一般公共服务支出

一、一般公共预算拨款
二、政府性基金拨款

二、国防支出
三、社会保障和就业支出

65.00

四、卫生健康支出

15.00

收入总计

80.00 支 出 总 计

80.00
"""


def test_a_form_with_two_sides_is_settled_by_rows_names_and_balances() -> None:
    known = Twins("社会保障和就业支出65.00万元，卫生健康支出15.00万元")
    grid = sides_grid(SIDES.split("\n"), known, 3)
    assert grid is not None
    by_place = {(cell.row, cell.column): cell for cell in grid.cells}
    labels = [cell for cell in grid.cells if cell.row > 1 and cell.column % 2 == 0]
    pairs = {cell.text: by_place[cell.row, cell.column + 1].text for cell in labels if (cell.row, cell.column + 1) in by_place}
    assert pairs == {
        "一、一般公共预算拨款": "80.00",
        "三、社会保障和就业支出": "65.00",
        "四、卫生健康支出": "15.00",
        "收入总计": "80.00",
        "支出总计": "80.00",
    }
    assert not any(cell.doubt for cell in grid.cells)


def test_a_form_whose_sides_do_not_balance_is_left() -> None:
    known = Twins("社会保障和就业支出65.00万元，卫生健康支出15.00万元")
    assert sides_grid(SIDES.replace("80.00 支", "81.00 支").split("\n"), known, 3) is None


def test_a_text_without_tables_keeps_all_its_lines() -> None:
    [page] = TextReader().read("甲局2024年部门预算\n收入总计 123.45 万元\n".encode(), "a.txt").pages
    assert [block.text for block in page.blocks if isinstance(block, Line)] == ["甲局2024年部门预算", "收入总计 123.45 万元"]
    assert not [block for block in page.blocks if isinstance(block, Grid)]


def test_a_stated_amount_in_a_short_text_is_found() -> None:
    document = read_file("假山县测试局2024年部门预算\n收入总计 123.45 万元\n支出总计 123.45 万元\n".encode(), "a.txt")
    stated = {one.subject: one.amount for one in document.statements}
    assert stated == {"收入总计": Decimal("1234500.00"), "支出总计": Decimal("1234500.00")}
