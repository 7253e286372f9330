"""A form is known by its title, its headers and what stands in it; its number says nothing."""

from __future__ import annotations

import pytest

from ingest.forms import name_form
from tests.printed_tables import printed_table

BY_FUNCTION = [("合计", ["5", "3", "2"]), ("208 社会保障和就业支出", ["5", "3", "2"])]
NATURES = ["合计", "基本支出", "项目支出"]
BY_ECONOMIC_ITEM = [("合计", ["5"]), ("301 工资福利支出", ["5"]), ("30101 工资福利支出>基本工资", ["5"])]
TWO_SIDES = (
    ["收入>预算数", "支出>预算数"],
    [("一、一般公共预算拨款收入", ["5", ""]), ("一、教育支出", ["", "5"]), ("收入总计", ["5", ""]), ("支出总计", ["", "5"])],
)
THREE_PUBLIC = (["合计", "因公出国（境）费", "公务用车购置及运行费>小计", "公务接待费"], [("", ["5", "1", "3", "1"])])


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("部门收支总表", "budget_overall"),
        ("2026年度收支预算总表", "budget_overall"),
        ("部门财务收支预算总表", "budget_overall"),
        ("部门收入总表", "budget_income"),
        ("收入预算表", "budget_income"),
        ("部门支出总体情况表", "budget_expenditure"),
        ("财政拨款收支总表", "budget_fiscal_overall"),
        ("一般公共预算支出表", "budget_general_public_expenditure"),
        ("一般公共预算基本支出表", "budget_basic_expenditure_department"),
        ("一般公共预算“三公”经费支出情况表", "budget_three_public"),
        ("政府性基金预算支出表", "budget_government_fund"),
        ("国有资本经营预算支出表", "budget_state_capital"),
        ("项目支出绩效目标表", "budget_performance"),
        ("政府采购预算表", "budget_procurement"),
    ],
)
def test_an_empty_form_is_known_by_its_title(title: str, form: str) -> None:
    assert name_form(printed_table(title, [], []), "budget") == form


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("收入支出决算总表", "final_overall"),
        ("收入决算表", "final_income"),
        ("支出决算表", "final_expenditure"),
        ("财政拨款收入支出决算总表", "final_fiscal_overall"),
        ("一般公共预算财政拨款支出决算表", "final_general_public_expenditure"),
        ("一般公共预算财政拨款基本支出决算明细表", "final_basic_expenditure_department"),
        ("政府性基金预算财政拨款收入支出决算表", "final_government_fund"),
        ("国有资本经营预算财政拨款支出决算表", "final_state_capital"),
        ("财政拨款“三公”经费支出决算表", "final_three_public"),
        ("国有资产使用情况表", "final_assets"),
        ("一般公共预算财政拨款项目支出决算表", "final_general_public_projects"),
        ("财政拨款支出决算明细表", "final_fiscal_expenditure"),
    ],
)
def test_the_forms_of_final_accounts_are_known(title: str, form: str) -> None:
    assert name_form(printed_table(title, [], []), "final") == form


@pytest.mark.parametrize("title", ["一般公共预算财政拨款出决算表", "般公共预算财政拨款支出决算表", "一般公共预算财政拔款支出决算表"])
def test_a_misprinted_title_is_still_known(title: str) -> None:
    assert name_form(printed_table(title, NATURES, BY_FUNCTION), "final") == "final_general_public_expenditure"


def test_a_table_without_a_title_is_known_by_what_stands_in_it() -> None:
    assert name_form(printed_table("", *TWO_SIDES), "budget") == "budget_overall"
    assert name_form(printed_table("", *THREE_PUBLIC), "budget") == "budget_three_public"
    assert name_form(printed_table("", NATURES, BY_FUNCTION), "budget") == "budget_expenditure"


def test_content_rules_out_what_the_title_alone_would_say() -> None:
    government = [("总计", ["5"]), ("501 机关工资福利支出", ["5"]), ("50101 机关工资福利支出>工资奖金津补贴", ["5"])]
    title = "一般公共预算基本支出表"
    assert name_form(printed_table(title, ["金额"], BY_ECONOMIC_ITEM), "budget") == "budget_basic_expenditure_department"
    assert name_form(printed_table(title, ["金额"], government), "budget") == "budget_basic_expenditure_government"


def test_without_a_kind_the_title_decides_and_else_nothing_is_said() -> None:
    assert name_form(printed_table("收入决算表", [], []), None) == "final_income"
    assert name_form(printed_table("部门收支总表", *TWO_SIDES), None) is None


def test_something_else_is_no_form() -> None:
    assert name_form(printed_table("通讯录", ["电话"], [("张三", ["12345678"])]), "budget") is None
