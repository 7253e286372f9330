"""Header paths: every figure knows the headers that it stands under."""

from __future__ import annotations

from tests.grids import figure, grid, line, read

TITLE = (line("部门支出总表"), line("单位：万元"))


def test_a_tree_of_three_header_rows_gives_the_whole_path() -> None:
    document = read(*TITLE, grid("""
        科目编码 | 科目名称 | 2026年预算数 | < | < | 2025年\\n执行数
        ^ | ^ | 合计 | 基本支出 | < | ^
        ^ | ^ | ^ | 人员经费 | 公用\\n经费 | ^
        201 | 一般公共服务支出 | 6.00 | 1.00 | 2.00 | 5.50
    """))
    assert figure(document, "2.00").column_path == ("2026年预算数", "基本支出", "公用经费")
    assert figure(document, "6.00").column_path == ("2026年预算数", "合计")
    assert figure(document, "5.50").column_path == ("2025年执行数",)


def test_column_numbers_and_row_numbers_are_no_figures() -> None:
    document = read(*TITLE, grid("""
        收入 | < | < | 支出 | < | <
        项目 | 行次 | 金额 | 项目 | 行次 | 金额
        栏次 | | 1 | 栏次 | | 2
        一、财政拨款收入 | 1 | 10.00 | 一、教育支出 | 32 | 9.00
        二、事业收入 | 2 | 3.00 | 二、科学技术支出 | 33 | 4.00
    """))
    figures = document.tables[0].figures
    assert [f.printed.text for f in figures] == ["10.00", "9.00", "3.00", "4.00"]
    assert {f.column_path for f in figures} == {("收入", "金额"), ("支出", "金额")}
    assert not document.unread


def test_blocks_under_one_heading_are_told_apart_by_their_label_headers() -> None:
    document = read(*TITLE, grid("""
        收入 | < | 支出 | < | < | <
        项目 | 预算数 | 支出功能分类 | 预算数 | 支出经济分类 | 预算数
        一、财政拨款 | 30.00 | 一、教育支出 | 10.00 | 一、工资福利支出 | 20.00
    """))
    assert figure(document, "10.00").column_path == ("支出", "支出功能分类", "预算数")
    assert figure(document, "20.00").column_path == ("支出", "支出经济分类", "预算数")


def test_blocks_with_the_same_label_header_keep_the_short_path() -> None:
    document = read(*TITLE, grid("""
        收入 | < | 支出 | < | < | <
        项目 | 本年预算 | 项目 | 本年预算 | 项目 | 本年预算
        一、财政拨款 | 30.00 | 一、基本支出 | 10.00 | 一、教育支出 | 20.00
    """))
    assert figure(document, "20.00").column_path == ("支出", "本年预算")


def test_one_row_of_figures_without_a_label_has_no_row_path() -> None:
    document = read(line("“三公”经费支出表"), line("单位：万元"), grid("""
        合计 | 因公出国（境）费 | 公务用车购置及运行费 | < | < | 公务接待费
        ^ | ^ | 小计 | 购置费 | 运行费 | ^
        24.02 | 1.00 | 20.00 | 8.00 | 12.00 | 3.02
    """))
    assert figure(document, "24.02").row_path == ()
    assert figure(document, "8.00").column_path == ("公务用车购置及运行费", "购置费")


def test_a_column_may_have_its_own_unit() -> None:
    document = read(*TITLE, grid("""
        项目 | 预算数 | 增减% | 车辆（辆） | 金额（元）
        公务用车运行费 | 3.50 | -8.02 | 4 | 35,000
    """))
    assert [(f.unit, f.amount) for f in document.tables[0].figures] == [("万元", 35000), ("%", None), ("辆", None), ("元", 35000)]


def test_headers_cover_their_columns() -> None:
    document = read(*TITLE, grid("""
        项目 | 本年支出 | < | 上年
        ^ | 基本支出 | 项目支出 | ^
        教育支出 | 1.00 | 2.00 | 3.00
    """))
    spans = {(h.printed.text, h.first, h.last, h.depth) for h in document.tables[0].headers if h.axis == "column"}
    assert spans == {("本年支出", 0, 1, 0), ("基本支出", 0, 0, 1), ("项目支出", 1, 1, 1), ("上年", 2, 2, 0)}


def test_a_header_that_is_only_a_relative_year_dates_the_columns_below_it() -> None:
    document = read(line("“三公”经费支出表"), line("单位：元"), grid("""
        单位名称 | “三公”经费预算 | < | < | < | 增减变化情况 | <
        ^ | 上年 | < | 当年 | < | ^ | ^
        ^ | 小计 | 公务接待费 | 小计 | 公务接待费 | 小计 | 公务接待费
        合计 | 120.00 | 20.00 | 101.00 | 11.00 | -19.00 | -9.00
    """))
    years = {f.printed.text: f.meaning.year for f in document.tables[0].figures}
    assert (years["120.00"], years["20.00"], years["101.00"], years["11.00"]) == (2023, 2023, 2024, 2024)
    assert figure(document, "-9.00").meaning.measure == "change"


def test_what_was_left_last_year_is_of_this_year() -> None:
    document = read(*TITLE, grid("""
        科目编码 | 科目名称 | 上年结转 | 本年收入
        201 | 一般公共服务支出 | 6.00 | 1.00
    """))
    assert {f.meaning.year for f in document.tables[0].figures} == {2024}
