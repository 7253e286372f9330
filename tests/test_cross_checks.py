"""What must add up is checked; a tolerance comes from the printed digits; a misreading is doubted, a misprint is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cross_checks import DOUBT, WARNING, check_document, consistent, load_agreements
from ingest.meaning import give_meaning
from ingest.table_sums import half_digit, sums_of
from store.values import Document, Figure, ReadBy, Table
from store.vocabulary import DATA, VocabularyError
from tests.printed_tables import figure_at, printed_document, printed_table

NATURES = ["合计", "基本支出", "项目支出"]
CLASS = "208 社会保障和就业支出"
SECTION = "20805 社会保障和就业支出>行政事业单位养老支出"
ITEMS = (
    "2080505 社会保障和就业支出>行政事业单位养老支出>机关事业单位基本养老保险缴费支出",
    "2080506 社会保障和就业支出>行政事业单位养老支出>机关事业单位职业年金缴费支出",
)


def spending(cells: list[list[str]], *, read_by: ReadBy = "text_layer", title: str = "一般公共预算支出表", name: str = "t") -> Table:
    labels = ("合计", CLASS, SECTION, *ITEMS)
    return printed_table(title, NATURES, list(zip(labels, cells, strict=True)), read_by=read_by, name=name)


RIGHT = [
    ["66.23", "44.15", "22.08"],
    ["66.23", "44.15", "22.08"],
    ["66.23", "44.15", "22.08"],
    ["44.15", "44.15", ""],
    ["22.08", "", "22.08"],
]


def misread(row: int, column: int, text: str) -> list[list[str]]:
    return [[text if (r, c) == (row, column) else cell for c, cell in enumerate(cells)] for r, cells in enumerate(RIGHT)]


def checked(*tables: Table) -> Document:
    return check_document(printed_document(*(give_meaning(table, kind="budget", year=2024) for table in tables)))


def doubted(document: Document) -> set[str]:
    return {figure.figure_id for table in document.tables for figure in table.figures if figure.doubt == DOUBT}


def test_figures_that_add_up_say_so() -> None:
    document = checked(spending(RIGHT))
    assert figure_at(document.tables[0], "行政事业单位养老支出", "合计").checks == ("hierarchy:pass", "row_sum:pass")
    assert figure_at(document.tables[0], "合计", "合计").checks == ("row_sum:pass", "total:pass")
    assert document.warnings == ()


def test_rounding_in_print_is_no_error() -> None:
    table = printed_table("支出决算表", ["合计", "基本支出", "项目支出", "经营支出"], [("合计", ["434.72", "434.16", "0.00", "0.55"])])
    assert all(found.holds() for found in sums_of(give_meaning(table, kind="final", year=2023)))


def test_a_difference_that_rounding_cannot_make_is_named_with_its_place_and_kept() -> None:
    document = checked(spending(misread(3, 0, "44.51")))
    warnings = [dict(warned.where) for warned in document.warnings if warned.code == WARNING]
    assert {
        "rule": "row_sum",
        "table": "一般公共预算支出表",
        "row": "机关事业单位基本养老保险缴费支出",
        "column": "合计",
        "page": "1",
        "printed": "44.51",
        "computed": "44.15",
    } in warnings
    figure = figure_at(document.tables[0], "机关事业单位基本养老保险缴费支出", "合计")
    assert (figure.doubt, figure.number) == (None, Decimal("44.51"))


@pytest.mark.parametrize("read_by", ["ocr", "plain_text"])
def test_the_misread_figure_is_doubted_and_its_neighbours_are_not(read_by: ReadBy) -> None:
    document = checked(spending(misread(3, 0, "44.51"), read_by=read_by))
    assert doubted(document) == {figure_at(document.tables[0], "机关事业单位基本养老保险缴费支出", "合计").figure_id}
    assert document.warnings == ()


def test_a_doubt_that_the_reader_had_stays() -> None:
    table = spending(misread(3, 0, "44.51"), read_by="ocr")
    table = replace(table, figures=tuple(replace(figure, doubt="column_unsure") for figure in table.figures))
    assert {figure.doubt for figure in checked(table).tables[0].figures} == {"column_unsure"}


def test_the_likelier_reading_of_a_table_holds_more_sums() -> None:
    assert consistent(spending(RIGHT)) > consistent(spending(misread(3, 0, "22.08"))) > 0


def test_a_blank_adds_nothing_and_a_blank_total_is_not_tried() -> None:
    table = printed_table("一般公共预算支出表", NATURES, [("合计", ["", "3", "2"]), (CLASS, ["", "3", "2"])])
    assert {found.total.column for found in sums_of(give_meaning(table, kind="budget", year=2024))} == {1, 2}


def test_a_part_among_others_may_fall_short_but_not_exceed() -> None:
    rows = [
        ("一、其他收入", ["5", ""]),
        ("一、其他收入>其中：捐赠收入", ["2", ""]),
        ("一、教育支出", ["", "5"]),
        ("收入总计", ["5", ""]),
        ("支出总计", ["", "5"]),
    ]
    table = printed_table("收支总表", ["收入>预算数", "支出>预算数"], rows)
    assert all(found.holds() for found in sums_of(give_meaning(table, kind="budget", year=2024)))
    rows[1] = ("一、其他收入>其中：捐赠收入", ["7", ""])
    table = printed_table("收支总表", ["收入>预算数", "支出>预算数"], rows)
    assert not all(found.holds() for found in sums_of(give_meaning(table, kind="budget", year=2024)))


def test_columns_of_another_year_or_a_rate_are_no_parts_of_a_sum() -> None:
    headers = ["2023年执行数", "2024年预算数>小计", "2024年预算数>基本支出", "2024年预算数>项目支出", "2024年预算数比2023年执行数>增减%"]
    table = give_meaning(printed_table("一般公共预算支出表", headers, [(CLASS, ["4", "5", "3", "2", "25.00%"])]), kind="budget", year=2024)
    assert [(found.total.column, [part.column for part in found.parts]) for found in sums_of(table)] == [(1, [2, 3])]


def test_one_code_on_several_rows_is_added() -> None:
    table = printed_table("一般公共预算支出表", ["合计"], [("2010801 行政运行", ["3"]), ("2010801 行政运行", ["4"]), ("合计", ["7"])])
    assert [found.holds() for found in sums_of(give_meaning(table, kind="budget", year=2024))] == [True]


def test_a_figure_printed_in_two_tables_must_be_the_same() -> None:
    overall = printed_table(
        "部门收支总表",
        ["收入>预算数", "支出>预算数"],
        [
            ("一、一般公共预算拨款收入", ["66.23", ""]),
            ("一、社会保障和就业支出", ["", "66.23"]),
            ("收入总计", ["66.23", ""]),
            ("支出总计", ["", "66.23"]),
        ],
        name="a",
    )
    agreeing = checked(overall, spending(RIGHT, title="部门支出总表"))
    assert "expenditure_twice:pass" in figure_at(agreeing.tables[1], "合计", "合计").checks
    other = [[cell.replace("66.23", "66.24") for cell in row] for row in RIGHT]
    assert "expenditure_twice:fail" in figure_at(checked(overall, spending(other, title="部门支出总表")).tables[1], "合计", "合计").checks


def test_two_units_agree_within_half_of_the_coarser_digit() -> None:
    overall = printed_table(
        "部门收支总表",
        ["收入>预算数", "支出>预算数"],
        [
            ("一、一般公共预算拨款收入", ["662,347", ""]),
            ("一、社会保障和就业支出", ["", "662,347"]),
            ("收入总计", ["662,347", ""]),
            ("支出总计", ["", "662,347"]),
        ],
        unit="元",
        name="a",
    )
    document = checked(overall, spending(RIGHT, title="部门支出总表"))
    assert "expenditure_twice:pass" in figure_at(document.tables[1], "合计", "合计").checks


def test_checking_changes_no_figure() -> None:
    before = give_meaning(spending(misread(3, 0, "44.51")), kind="budget", year=2024)
    after = check_document(printed_document(before)).tables[0]
    assert [replace(figure, checks=(), doubt=None) for figure in after.figures] == list(before.figures)


@given(st.lists(st.decimals(min_value=0, max_value=10**7, places=4), min_size=1, max_size=8), st.integers(min_value=0, max_value=2))
def test_rounded_parts_and_their_rounded_total_always_agree(parts: list[Decimal], places: int) -> None:
    digit = Decimal(1).scaleb(-places)
    cells = [f"{part.quantize(digit)}" for part in parts]
    rows = [("合计", [f"{sum(parts, Decimal(0)).quantize(digit)}"])] + [
        (f"2080{n:03d} 某项支出", [cell]) for n, cell in enumerate(cells, 101)
    ]
    table = give_meaning(printed_table("一般公共预算支出表", ["合计"], rows), kind="budget", year=2024)
    assert all(found.holds() for found in sums_of(table))


def test_half_of_the_last_digit_is_told_in_yuan() -> None:
    figure: Figure = spending(RIGHT).figures[0]
    assert half_digit(figure) == Decimal(50)


def test_an_agreement_that_names_nothing_is_refused(tmp_path: Path) -> None:
    text = (DATA / "cross_checks.toml").read_text("utf-8")
    (tmp_path / "cross_checks.toml").write_text(text.replace("left = { form", "left = { number", 1), "utf-8")
    with pytest.raises(VocabularyError, match=r"cross_checks\.toml, line \d+: figures cannot be told by"):
        load_agreements(tmp_path)
