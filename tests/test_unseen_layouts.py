"""One table printed in many layouts reads the same: every amount under its row, code and whole header path.

`printed` draws a table of known truth with a given set of rules, header depth, code columns, wrapped labels and pages; the
layouts are those that departments use, and none of them is any published document.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from ingest.readers import reader_for
from ingest.understand import understand
from store.values import Document
from tests.pdf_writer import Sheet, pdf_of, text_width

SIZE = 9.0
WIDTH = 842.0
RULES = ("all", "horizontal", "three", "none", "bands", "header", "frame")

Spanned = tuple[str, int, int, int, int]
"""A header cell: text, first row, first column, rows and columns that it spans."""


@dataclass(frozen=True)
class Plan:
    """Columns of a table: their widths, header cells, and which columns hold codes, labels and amounts."""

    widths: tuple[float, ...]
    header: tuple[Spanned, ...]
    depth: int
    labels: tuple[int, ...] = (1,)
    codes: tuple[int, ...] = (0,)


FLAT = Plan(
    (60, 220, 110, 110, 110, 110),
    tuple((text, 0, at, 1, 1) for at, text in enumerate(("科目编码", "科目名称", "合计", "基本支出", "项目支出", "经营支出"))), 1,
)
TWO = Plan(
    (60, 200, 90, 90, 90, 90, 90),
    (
        ("科目编码", 0, 0, 2, 1), ("科目名称", 0, 1, 2, 1), ("合计", 0, 2, 2, 1), ("基本支出", 0, 3, 1, 3), ("小计", 1, 3, 1, 1),
        ("人员经费", 1, 4, 1, 1), ("公用经费", 1, 5, 1, 1), ("项目支出", 0, 6, 2, 1),
    ), 2,
)
YEARS = Plan(
    (60, 200, 90, 80, 80, 80, 80, 70),
    (
        ("科目编码", 0, 0, 2, 1), ("科目名称", 0, 1, 2, 1), ("2023年执行数", 0, 2, 2, 1), ("2024年预算数", 0, 3, 1, 3),
        ("小计", 1, 3, 1, 1),
        ("基本支出", 1, 4, 1, 1), ("项目支出", 1, 5, 1, 1), ("2024年比2023年", 0, 6, 1, 2), ("增减额", 1, 6, 1, 1), ("结余", 1, 7, 1, 1),
    ), 2,
)
DEEP = Plan(
    (55, 170, 75, 75, 75, 110, 75, 75, 75),
    (
        ("科目编码", 0, 0, 4, 1), ("科目名称", 0, 1, 4, 1), ("资金来源", 0, 2, 1, 7), ("总计", 1, 2, 3, 1), ("财政拨款", 1, 3, 1, 4),
        ("小计", 2, 3, 2, 1), ("一般公共预算", 2, 4, 1, 2), ("经费拨款", 3, 4, 1, 1), ("非税收入拨款", 3, 5, 1, 1),
        ("政府性基金", 2, 6, 2, 1),
        ("非财政拨款", 1, 7, 1, 2), ("事业收入", 2, 7, 2, 1), ("其他收入", 2, 8, 2, 1),
    ), 4,
)
PARTS = Plan(
    (26, 26, 26, 220, 110, 110, 110),
    (
        ("科目编码", 0, 0, 1, 3), ("类", 1, 0, 1, 1), ("款", 1, 1, 1, 1), ("项", 1, 2, 1, 1), ("科目名称", 0, 3, 2, 1),
        ("合计", 0, 4, 2, 1),
        ("基本支出", 0, 5, 2, 1), ("项目支出", 0, 6, 2, 1),
    ), 2, (3,), (0, 1, 2),
)
PLANS = {"flat": FLAT, "two": TWO, "years": YEARS, "deep": DEEP, "parts": PARTS}
ITEMS = (
    ("205", "教育支出"), ("20502", "普通教育"), ("2050202", "小学教育"), ("2050203", "初中教育"), ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"), ("2080505", "机关事业单位基本养老保险缴费支出"), ("221", "住房保障支出"),
    ("22102", "住房改革支出"), ("2210201", "住房公积金"),
)

Truth = set[tuple[str | None, str, tuple[str, ...], str]]


def body_of(plan: Plan) -> tuple[list[list[str]], Truth]:
    """Rows of text, some cells blank, and what a careful person reads in them."""
    rows: list[list[str]] = []
    truth: Truth = set()
    for number, (code, label) in enumerate(ITEMS):
        row = [""] * len(plan.widths)
        row[plan.labels[0]] = label
        parts = [code] if len(plan.codes) == 1 else [code[:3], code[3:5], code[5:7]]
        for column, part in zip(plan.codes, parts, strict=True):
            row[column] = part
        for column in range(plan.labels[0] + 1, len(plan.widths)):
            if (number + column) % 4 == 0 and column > plan.labels[0] + 1:
                continue
            row[column] = f"{(number + 1) * 1234.5 * 7 ** (column % 4) / 10:,.2f}"
            path = tuple(
                text for text, _, first, _, columns in sorted(plan.header, key=lambda cell: cell[1]) if first <= column < first + columns
            )
            truth.add((code, label, path, row[column]))
        rows.append(row)
    return rows, truth


def printed(plan: Plan, rows: Sequence[Sequence[str]], rules: str, *, pitch: float = 15.0, wrapped: bool = False) -> Sheet:
    """A page with the table: headers centred in their cells, labels to the left, amounts to the right."""
    sheet = Sheet(WIDTH, 595.0)
    xs = [40.0]
    for width in plan.widths:
        xs.append(xs[-1] + width)
    sheet.text(40, 60, "公开03表").text(370, 75, "支出预算表", 14.0)
    sheet.text(40, 92, "部门：示例市教育局").right(xs[-1], 92, "单位：万元", SIZE)
    tops = [100.0 + row * pitch for row in range(plan.depth + 1)]
    for text, row, column, down, across in plan.header:
        middle, height = (xs[column] + xs[column + across]) / 2, (tops[row] + tops[row + down]) / 2
        sheet.text(middle - text_width(text, SIZE) / 2, height + 0.36 * SIZE, text, SIZE)
    ys = [tops[-1]]
    for row in rows:
        two = wrapped and len(row[plan.labels[0]]) > 6
        top, bottom = ys[-1], ys[-1] + pitch + (11.0 if two else 0.0)
        ys.append(bottom)
        baseline = (top + bottom) / 2 + 0.36 * SIZE
        for column, text in enumerate(row):
            if column in plan.codes:
                sheet.text((xs[column] + xs[column + 1] - text_width(text, SIZE)) / 2, baseline, text, SIZE)
            elif column in plan.labels and two:
                sheet.text(xs[column] + 3, baseline - 5.5, text[:6], SIZE).text(xs[column] + 3, baseline + 5.5, text[6:], SIZE)
            elif column in plan.labels:
                sheet.text(xs[column] + 3, baseline, text, SIZE)
            elif text:
                sheet.right(xs[column + 1] - 3, baseline, text, SIZE)
    draw_rules(sheet, plan, xs, tops, ys, rules)
    return sheet


def draw_rules(sheet: Sheet, plan: Plan, xs: Sequence[float], tops: Sequence[float], ys: Sequence[float], rules: str) -> None:
    if rules in ("all", "horizontal", "header"):
        for _, row, column, down, across in plan.header:
            x0, x1, top, bottom = xs[column], xs[column + across], tops[row], tops[row + down]
            sheet.line(x0, top, x1, top).line(x0, bottom, x1, bottom)
            if rules != "horizontal":
                sheet.line(x0, top, x0, bottom).line(x1, top, x1, bottom)
    if rules == "all":
        sheet.grid(xs, ys)
    if rules == "horizontal":
        for y in ys:
            sheet.line(xs[0], y, xs[-1], y)
    if rules in ("three", "frame"):
        for y in (tops[0], tops[-1], ys[-1]):
            sheet.line(xs[0], y, xs[-1], y)
    if rules == "frame":
        sheet.line(xs[0], tops[0], xs[0], ys[-1]).line(xs[-1], tops[0], xs[-1], ys[-1])
    if rules == "bands":
        bands = Sheet(WIDTH, 595.0).area(xs[0], tops[0], xs[-1], tops[-1], 0.8)
        for number, (top, bottom) in enumerate(pairwise(ys)):
            if number % 2:
                bands.area(xs[0], top, xs[-1], bottom, 0.9)
        sheet.parts[:0] = bands.parts


def read(data: bytes, name: str) -> Document:
    return understand(reader_for(data, name).read(data, name), document_id="0" * 64, file=name, size=len(data))


def cover() -> Sheet:
    return Sheet(WIDTH, 595.0).text(300, 200, "示例市教育局", 22.0).text(300, 240, "2024年部门预算", 22.0)


def said(document: Document) -> Truth:
    return {
        (figure.code, figure.row_label or "", figure.column_path, figure.printed.text)
        for table in document.tables for figure in table.figures
    }


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("name", PLANS)
def test_a_table_reads_the_same_whatever_its_rules(name: str, rules: str) -> None:
    rows, truth = body_of(PLANS[name])
    document = read(pdf_of([cover(), printed(PLANS[name], rows, rules)]), "published.pdf")
    assert said(document) == truth
    assert document.unread == ()


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("pitch", [13.0, 22.0])
def test_rows_set_tight_or_wide_read_the_same(pitch: float, rules: str) -> None:
    rows, truth = body_of(DEEP)
    assert said(read(pdf_of([cover(), printed(DEEP, rows, rules, pitch=pitch)]), "published.pdf")) == truth


@pytest.mark.parametrize("rules", ["all", "horizontal", "three", "none"])
def test_labels_of_two_lines_stand_round_their_figures(rules: str) -> None:
    rows, truth = body_of(TWO)
    assert said(read(pdf_of([cover(), printed(TWO, rows, rules, wrapped=True)]), "published.pdf")) == truth


@pytest.mark.parametrize("rules", ["all", "horizontal", "none"])
def test_running_heads_watermarks_and_page_numbers_part_no_table(rules: str) -> None:
    rows, truth = body_of(TWO)
    pages = [cover(), printed(TWO, rows[:4], rules), printed(TWO, rows[4:7], rules), printed(TWO, rows[7:], rules)]
    for number, page in enumerate(pages, start=1):
        if number > 2:
            page.parts = [part for at, part in enumerate(page.parts) if at >= 8]      # no number, title, agency and unit
        page.text(330, 30, "示例市教育局2024年部门预算", 8.0).text(380, 570, f"第 {number} 页 共 4 页", 8.0)
    document = read(pdf_of(pages), "published.pdf")
    assert said(document) == truth
    assert len(document.tables) == 1


def page_of(table: str, before: str = "") -> Document:
    head = "<html><head><meta charset=utf-8></head><body><h1>示例市教育局2024年部门预算</h1>"
    text = f"{head}{before}<h3>项目支出表</h3>{table}</body></html>"
    return read(text.encode(), "published.html")


PROJECTS = (
    "<table><tr><th>序号</th><th>项目名称</th><th>项目单位</th><th>合计</th></tr>"
    "<tr><td>1</td><td>校舍维修</td><td>示例市第一中学</td><td>¥1,200.00</td></tr>"
    "<tr><td>2</td><td>5G+智慧校园</td><td>示例市第一中学</td><td>¥-30.50</td></tr></table>"
)


def test_the_unit_that_carries_out_a_project_does_not_name_it() -> None:
    figures = page_of(PROJECTS, "<p>单位：万元</p>").tables[0].figures
    assert [figure.row_label for figure in figures] == ["校舍维修", "5G+智慧校园"]


def test_an_amount_with_a_currency_sign_is_an_amount() -> None:
    assert [str(figure.amount) for figure in page_of(PROJECTS, "<p>单位：万元</p>").tables[0].figures] == ["12000000.00", "-305000.00"]


def test_a_unit_told_for_all_tables_holds_though_it_stands_above_the_first() -> None:
    other = PROJECTS.replace("校舍", "操场")
    document = page_of(f"{PROJECTS}<h3>基本支出表</h3>{other}", "<p>本套报表金额单位均为万元</p>")
    assert [table.unit for table in document.tables] == ["万元", "万元"]


def workbook(edit: Any) -> Document:
    from openpyxl import Workbook

    book: Any = Workbook()
    sheet = book.active
    for row in (
        ["示例市教育局2024年部门预算支出表"], ["单位：万元"], ["科目名称", "支出", None], [None, "基本支出", "项目支出"],
        ["教育支出", 10.5, 20.5], ["草稿", 77777.77, 88888.88], ["住房保障支出", 1.5, 2.5],
    ):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    edit(sheet)
    data = io.BytesIO()
    book.save(data)
    return read(data.getvalue(), "published.xlsx")


def test_rows_that_a_workbook_hides_are_not_published() -> None:
    def hide(sheet: Any) -> None:
        sheet.merge_cells("B3:C3")
        sheet.row_dimensions[6].hidden = True

    assert {figure.row_label for figure in workbook(hide).tables[0].figures} == {"教育支出", "住房保障支出"}


def test_columns_that_a_workbook_hides_are_not_published() -> None:
    def hide(sheet: Any) -> None:
        sheet.merge_cells("B3:C3")
        sheet.column_dimensions["C"].hidden = True

    assert {figure.column_path for figure in workbook(hide).tables[0].figures} == {("支出", "基本支出")}


def test_text_centred_across_columns_is_the_header_of_all_of_them() -> None:
    from openpyxl.styles import Alignment

    def centre(sheet: Any) -> None:
        for place in ("B3", "C3"):
            sheet[place].alignment = Alignment(horizontal="centerContinuous")

    assert {figure.column_path for figure in workbook(centre).tables[0].figures} == {("支出", "基本支出"), ("支出", "项目支出")}
