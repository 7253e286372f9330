"""A figure says what it is of: item, flow, fund, classification, portion, measure, year and role."""

from __future__ import annotations

import pytest

from ingest.meaning import give_meaning
from store.values import Kind, Meaning, Table
from tests.printed_tables import figure_at, printed_table


def meant(table: Table, label: str, header: str, *, kind: Kind = "budget", year: int = 2024) -> Meaning:
    return figure_at(give_meaning(table, kind=kind, year=year), label, header).meaning


OVERALL = printed_table(
    "部门收支总表",
    ["收入>本年预算", "支出>本年预算"],
    [
        ("一、一般公共预算拨款", ["614.92", ""]),
        ("一、基本支出", ["", "614.92"]),
        ("一、基本支出>工资福利支出", ["", "614.92"]),
        ("二、项目支出", ["", "35.00"]),
        ("七、社会保障和就业支出", ["", "649.92"]),
        ("本年收入合计", ["614.92", ""]),
        ("本年支出合计", ["", "649.92"]),
        ("十一、上年结转（结余）", ["35.00", ""]),
        ("收入总计", ["649.92", ""]),
        ("支出总计", ["", "649.92"]),
    ],
)


@pytest.mark.parametrize(
    ("label", "header", "expected"),
    [
        (
            "一、一般公共预算拨款",
            "收入>本年预算",
            Meaning("一般公共预算拨款收入", "income", "general_public", "source", "total", "budget", 2024, "leaf"),
        ),
        ("二、项目支出", "支出>本年预算", Meaning("项目支出", "expenditure", "all", "nature", "project", "budget", 2024, "leaf")),
        (
            "工资福利支出",
            "支出>本年预算",
            Meaning("工资福利支出", "expenditure", "all", "economic_department", "basic", "budget", 2024, "leaf"),
        ),
        (
            "七、社会保障和就业支出",
            "支出>本年预算",
            Meaning("社会保障和就业支出", "expenditure", "all", "functional", "total", "budget", 2024, "leaf"),
        ),
        ("十一、上年结转（结余）", "收入>本年预算", Meaning("上年结转", "income", "carryover", "source", "total", "budget", 2024, "leaf")),
        ("收入总计", "收入>本年预算", Meaning("收入总计", "income", "all", "summary", "total", "budget", 2024, "total")),
    ],
)
def test_every_line_of_the_overall_form_says_its_side_and_fund(label: str, header: str, expected: Meaning) -> None:
    assert meant(OVERALL, label, header) == expected


def test_the_last_total_is_the_grand_one_whatever_it_is_called() -> None:
    table = printed_table(
        "收支预算总表",
        ["收入>金额", "支出>金额"],
        [
            ("一、财政拨款", ["9", ""]),
            ("一、教育支出", ["", "9"]),
            ("当年收入小计", ["9", ""]),
            ("当年支出小计", ["", "9"]),
            ("收入合计", ["9", ""]),
            ("支出合计", ["", "9"]),
        ],
    )
    assert meant(table, "收入合计", "收入>金额").item == "收入总计"
    assert meant(table, "当年支出小计", "支出>金额").item == "本年支出合计"


def test_income_by_function_keeps_function_and_fund() -> None:
    table = printed_table(
        "部门收入总表",
        ["总计", "一般公共预算拨款>合计", "一般公共预算拨款>经费拨款", "上年结转(结余)"],
        [
            ("合计", ["40", "30", "30", "10"]),
            ("215 资源勘探工业信息等支出", ["40", "30", "30", "10"]),
            ("2159999 资源勘探工业信息等支出>其他资源勘探工业信息等支出", ["40", "30", "30", "10"]),
        ],
    )
    assert meant(table, "其他资源勘探工业信息等支出", "上年结转(结余)") == Meaning(
        "其他资源勘探工业信息等支出", "income", "carryover", "functional", "total", "budget", 2024, "leaf"
    )
    assert meant(table, "合计", "一般公共预算拨款>合计").item == "收入合计"
    assert meant(table, "合计", "一般公共预算拨款>经费拨款").portion == "other"


def test_a_total_over_functions_leaves_fund_and_portion_to_tell_the_rest() -> None:
    table = printed_table(
        "一般公共预算支出表", ["合计", "基本支出", "项目支出"], [("合计", ["5", "3", "2"]), ("208 社会保障和就业支出", ["5", "3", "2"])]
    )
    assert meant(table, "合计", "项目支出") == Meaning(
        "支出合计", "expenditure", "general_public", "functional", "project", "budget", 2024, "total"
    )


def test_years_and_measures_come_from_the_headers() -> None:
    headers = [
        "2023年执行数",
        "2024年预算数>小计",
        "2024年预算数>基本支出",
        "2024年预算数比2023年执行数>增减额",
        "2024年预算数比2023年执行数>增减%",
    ]
    table = printed_table("一般公共预算支出表", headers, [("208 社会保障和就业支出", ["4", "5", "3", "1", "25.00%"])])
    said = {header: meant(table, "社会保障和就业支出", header) for header in headers}
    assert [(m.measure, m.year, m.portion) for m in said.values()] == [
        ("final", 2023, "total"),
        ("budget", 2024, "total"),
        ("budget", 2024, "basic"),
        ("change", 2024, "total"),
        ("change_rate", 2024, "total"),
    ]


def test_last_year_is_counted_from_the_document() -> None:
    table = printed_table("一般公共预算支出表", ["上年预算数", "本年预算数", "增减额"], [("208 社会保障和就业支出", ["4", "5", "1"])])
    assert (meant(table, "社会保障和就业支出", "上年预算数").measure, meant(table, "社会保障和就业支出", "上年预算数").year) == (
        "budget",
        2023,
    )
    assert meant(table, "社会保障和就业支出", "本年预算数").year == 2024


def test_what_no_word_says_follows_the_kind_of_the_document() -> None:
    table = printed_table("支出决算表", ["本年支出合计"], [("合计", ["5"]), ("208 社会保障和就业支出", ["5"])])
    assert (meant(table, "合计", "本年支出合计", kind="final").measure) == "final"


def test_three_measures_of_one_budget_are_told_apart() -> None:
    table = printed_table(
        "财政拨款“三公”经费支出决算表",
        ["年初预算数", "全年预算数", "决算数"],
        [("合计", ["3", "2", "1"]), ("1、因公出国（境）费", ["1", "1", "0"]), ("2、公务接待费", ["2", "1", "1"])],
    )
    measures = [meant(table, "合计", header, kind="final").measure for header in ("年初预算数", "全年预算数", "决算数")]
    assert measures == ["budget", "adjusted_budget", "final"]


def test_the_three_public_expenses_are_the_same_items_laid_out_in_rows_or_columns() -> None:
    sideways = printed_table(
        "“三公”经费支出表",
        ["合计", "因公出国（境）费", "公务用车购置及运行费>小计", "公务用车购置及运行费>购置费", "公务接待费"],
        [("", ["6", "1", "3", "2", "2"])],
    )
    upright = printed_table(
        "“三公”经费支出表",
        ["预算数"],
        [
            ("合计", ["6"]),
            ("1、因公出国（境）费用", ["1"]),
            ("2、公务接待费", ["2"]),
            ("3、公务用车购置及运行费", ["3"]),
            ("3、公务用车购置及运行费>其中：（1）公务用车购置", ["2"]),
        ],
    )
    items = [{f.meaning.item for f in give_meaning(table, kind="budget", year=2024).figures} for table in (sideways, upright)]
    assert items[0] == items[1] == {"三公经费", "因公出国（境）费用", "公务接待费", "公务用车购置及运行维护费", "公务用车购置费"}


def test_meetings_and_training_are_no_part_of_the_three() -> None:
    table = printed_table(
        "“三公”经费、会议费、培训费支出预算表",
        ["合计", "“三公”经费>小计", "“三公”经费>公务接待费", "会议费", "培训费"],
        [("", ["9", "4", "4", "3", "2"])],
    )
    items = [figure.meaning.item for figure in give_meaning(table, kind="budget", year=2024).figures]
    assert items == ["三公经费、会议费、培训费", "三公经费", "公务接待费", "会议费", "培训费"]


def test_rows_of_years_and_of_a_unit_carry_their_year() -> None:
    table = printed_table(
        "财政拨款“三公”经费支出表",
        ["总计>一般公共预算", "公务接待费>一般公共预算", "因公出国(境)费>一般公共预算"],
        [("某市信访局>2025年", ["3", "2", "1"]), ("某市信访局>2026年", ["4", "2", "2"]), ("某市信访局>增减变化金额", ["1", "0", "1"])],
    )
    said = [meant(table, label, "总计>一般公共预算", year=2026) for label in ("2025年", "2026年", "增减变化金额")]
    assert [(m.item, m.fund, m.measure, m.year) for m in said] == [
        ("三公经费", "general_public", "budget", 2025),
        ("三公经费", "general_public", "budget", 2026),
        ("三公经费", "general_public", "change", 2026),
    ]


def test_rows_of_what_was_planned_and_spent_carry_their_measure() -> None:
    table = printed_table(
        "财政拨款“三公”经费支出决算表",
        ["小计", "公务接待费"],
        [("预算数", ["593.46", "1.86"]), ("决算数", ["587.55", "0.11"])],
    )
    assert [meant(table, label, "公务接待费", kind="final").measure for label in ("预算数", "决算数")] == ["budget", "final"]
    assert meant(table, "决算数", "公务接待费", kind="final").item == "公务接待费"


def test_groups_visits_and_vehicles_are_counted_things() -> None:
    table = printed_table(
        "财政拨款“三公”经费支出决算表",
        ["预算数", "决算数"],
        [
            ("（一）支出合计", ["3", "2"]),
            ("（一）支出合计>1．因公出国（境）费", ["1", "1"]),
            ("（一）支出合计>3．公务接待费", ["2", "1"]),
            ("（二）相关统计数>4．公务用车保有量（辆）", ["", "16"]),
        ],
    )
    assert meant(table, "（一）支出合计", "决算数", kind="final").item == "三公经费"
    vehicles = meant(table, "4．公务用车保有量（辆）", "决算数", kind="final")
    assert (vehicles.item, vehicles.classification, vehicles.measure) == ("公务用车保有量", "statistic", "count")


def test_rows_of_units_are_affiliates_and_the_only_unit_is_the_total() -> None:
    several = printed_table(
        "收入预算总表", ["合计", "事业收入"], [("合计", ["9", "4"]), ("某市医疗保障局", ["5", "0"]), ("某市医疗保障中心", ["4", "4"])]
    )
    assert meant(several, "某市医疗保障局", "合计") == Meaning("收入合计", "income", "all", "affiliate", "total", "budget", 2024, "leaf")
    single = printed_table("支出总表", ["支出总计", "基本支出"], [("某市信访局", ["5", "5"]), ("201 一般公共服务支出", ["5", "5"])])
    assert (meant(single, "某市信访局", "支出总计").item, meant(single, "某市信访局", "支出总计").role) == ("支出合计", "total")


def test_a_units_code_that_looks_like_a_function_is_none() -> None:
    table = printed_table(
        "部门支出总表", ["合计"], [("合计", ["5"]), ("201 中共某市委宣传部", ["5"]), ("201001 中共某市委宣传部>中共某市委宣传部", ["5"])]
    )
    figures = give_meaning(table, kind="budget", year=2024).figures
    assert [figure.meaning.classification for figure in figures[1:]] == ["affiliate", "affiliate"]


def test_what_is_carried_over_stands_apart_from_the_years_own() -> None:
    table = printed_table(
        "政府性基金预算财政拨款收入支出决算表",
        ["年初结转和结余", "本年收入", "本年支出>小计", "本年支出>基本支出", "年末结转和结余"],
        [("合计", ["1", "5", "4", "4", "2"]), ("212 城乡社区支出", ["1", "5", "4", "4", "2"])],
    )
    said = [meant(table, "合计", header, kind="final") for header in ("年初结转和结余", "本年收入", "本年支出>小计", "年末结转和结余")]
    assert [m.item for m in said] == ["上年结转", "本年收入合计", "支出合计", "年末结转和结余"]
    assert {m.fund for m in said} == {"government_fund"}
    assert [m.portion for m in said] == ["other", "total", "total", "other"]


def test_a_source_repeated_under_the_carried_over_is_not_counted_as_income() -> None:
    table = printed_table(
        "财政拨款收支总表",
        ["收入>预算数", "支出>预算数"],
        [
            ("一、一般公共预算资金", ["9", ""]),
            ("一、教育支出", ["", "10"]),
            ("本年收入合计", ["9", ""]),
            ("上年结转结余", ["1", ""]),
            ("一、一般公共预算拨款", ["1", ""]),
            ("收入总计", ["10", ""]),
            ("支出总计", ["", "10"]),
        ],
    )
    carried = meant(table, "一、一般公共预算拨款", "收入>预算数")
    assert (carried.item, carried.fund) == ("上年结转", "general_public")


def test_functions_spread_over_economic_items_give_the_items_in_the_total_row() -> None:
    table = printed_table(
        "一般公共预算财政拨款支出决算明细表",
        ["合计", "工资福利支出>小计", "工资福利支出>基本工资"],
        [("合计", ["9", "9", "9"]), ("205 教育支出", ["9", "9", "9"])],
    )
    total = meant(table, "合计", "工资福利支出>基本工资", kind="final")
    assert (total.item, total.classification) == ("基本工资", "economic_department")
    assert meant(table, "教育支出", "工资福利支出>基本工资", kind="final").portion == "other"


def test_what_is_not_known_stays_open_and_the_labels_remain() -> None:
    table = give_meaning(printed_table("其他情况", ["某数"], [("某事", ["5"])]), kind=None, year=None)
    meaning = table.figures[0].meaning
    assert (table.form, meaning.item, meaning.flow, meaning.fund, meaning.measure, meaning.year) == (None, "某事", None, None, None, None)


def test_income_and_spending_in_one_column_are_told_apart() -> None:
    table = printed_table(
        "收支预算总表",
        ["预算数"],
        [("一、财政拨款收入", ["9"]), ("收入总计", ["9"]), ("一、教育支出", ["9"]), ("支出总计", ["9"])],
    )
    flows = [figure.meaning.flow for figure in give_meaning(table, kind="budget", year=2024).figures]
    assert flows == ["income", "income", "expenditure", "expenditure"]


def test_running_costs_of_each_kind_of_unit_are_running_costs() -> None:
    table = printed_table(
        "“三公”经费、行政参公单位机关运行经费情况表",
        ["决算数"],
        [
            ("（一）支出合计", ["2"]),
            ("（一）支出合计>因公出国（境）费", ["1"]),
            ("（一）支出合计>公务接待费", ["1"]),
            ("二、机关运行经费", ["5"]),
            ("二、机关运行经费>（一）行政单位", ["5"]),
        ],
    )
    assert meant(table, "（一）行政单位", "决算数", kind="final").item == "机关运行经费"
