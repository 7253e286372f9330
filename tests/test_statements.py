"""Figures stated in prose: what they are about, of which year, and how they changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clauses import item_of, read_clause
from ingest.narrative import topic_of
from ingest.prose_numbers import read_chinese_counts, read_numbers
from ingest.statements import read_statements
from store.values import Kind, Passage, Statement

DOCUMENT = "0" * 64


def stated(text: str, *section: str, year: int = 2024, kind: Kind = "budget") -> tuple[Statement, ...]:
    passage = Passage("p", section, None, None, (), text, topic_of(section))
    return read_statements(DOCUMENT, [passage], year=year, kind=kind)


def about(statements: tuple[Statement, ...]) -> list[tuple[str, str]]:
    return [(statement.subject, statement.text + statement.unit) for statement in statements]


def test_numbers_are_read_with_their_units() -> None:
    found = read_numbers("支出40,051,558.64元、1.2亿元，增长97.29%，0.39 万（含外宾），接待2批次、26人次，3个处（室）")
    assert [(n.text, n.unit) for n in found] == [
        ("40,051,558.64", "元"),
        ("1.2", "亿元"),
        ("97.29", "%"),
        ("0.39", "万元"),
        ("2", "批次"),
        ("26", "人次"),
        ("3", "个"),
    ]
    assert found[1].amount == Decimal("120000000")


@pytest.mark.parametrize(
    "text", ["2024年12月31日", "财预〔2016〕143号", "单位价值50万元以上设备", "7×24小时", "15分钟生活圈", "第3项", "2013301"]
)
def test_dates_codes_and_thresholds_are_no_figures(text: str) -> None:
    assert read_numbers(text) == ()


def test_counts_may_be_printed_in_words() -> None:
    assert [(n.number, n.unit) for n in read_chinese_counts("下设五个科室，编制十二名，同一个系统")] == [(5, "个"), (12, "名")]


@pytest.mark.parametrize(
    ("clause", "name", "measure", "year"),
    [
        ("2024年本部门收入预算", "收入总计", "budget", 2024),
        ("其中，公务用车购置及运行费", "公务用车购置及运行维护费", None, None),
        ("2024年某市档案局机关运行经费财政拨款预算", "机关运行经费", "budget", 2024),
        ("支出决算为", "支出总计", "final", None),
        ("（1）行政运行（2013301）", "行政运行", None, None),
        ("完成年初预算的", "", "share", None),
        ("较上年减少", "", "change", None),
    ],
)
def test_a_clause_says_what_its_number_is_about(clause: str, name: str, measure: str | None, year: int | None) -> None:
    read = read_clause(clause)
    assert (read.name, read.measure, read.year) == (name, measure, year)


def test_codes_and_levels_in_prose_give_the_innermost_name_and_the_outer_ones() -> None:
    outer = ("社会保障和就业支出", "行政事业单位养老支出")
    assert item_of("社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）") == ("行政单位离退休", outer)
    found = stated("2080501社会保障和就业支出-行政事业单位养老支出-行政单位离退休2,520,000.00元，主要用于离退休支出。")
    assert (found[0].subject, found[0].context, found[0].amount) == ("行政单位离退休", outer, Decimal("2520000.00"))


def test_what_stands_behind_among_which_and_in_brackets_keeps_its_context() -> None:
    found = stated(
        "2024年“三公”经费预算数为 1.40万元，其中，公务接待费 1.40万元，公务用车购置及运行费 0.00万元（其中，公务用车购置费 0.00万元，"
        "公务用车运行费 0.00万元），因公出国（境）费 0.00万元。"
    )
    assert [(s.subject, s.context) for s in found] == [
        ("三公经费", ()),
        ("公务接待费", ("三公经费",)),
        ("公务用车购置及运行维护费", ("三公经费",)),
        ("公务用车购置费", ("三公经费", "公务用车购置及运行维护费")),
        ("公务用车运行维护费", ("三公经费", "公务用车购置及运行维护费")),
        ("因公出国（境）费用", ("三公经费",)),
    ]


def test_a_change_has_its_subject_direction_and_reason() -> None:
    text = "2024年本部门收入预算649.92万元。收入预算较去年增加320.50万元，上升97.29%。主要是机构改革，人员增加。"
    budget, change, rate = stated(text, "（一）收入预算")
    assert (change.subject, change.measure, change.change, change.amount) == ("收入总计", "change", "increase", Decimal("3205000.00"))
    assert (rate.subject, rate.measure, rate.number, rate.unit) == ("收入总计", "change_rate", Decimal("97.29"), "%")
    assert change.reason == rate.reason == "机构改革，人员增加"
    assert budget.reason is None
    assert text[change.start : change.start + len(change.quote)] == change.quote


def test_a_reason_belongs_to_the_change_before_it_and_to_no_other() -> None:
    found = stated(
        "“三公”经费预算8万元，其中：公务接待费3万元，与2023年持平；公务用车运行维护费5万元，较2023年减少1万元，主要原因是压减开支。"
    )
    assert [(s.subject, s.change, s.reason) for s in found if s.change] == [
        ("公务接待费", "same", None),
        ("公务用车运行维护费", "decrease", "压减开支"),
    ]


def test_a_reason_in_several_points_is_kept_whole() -> None:
    found = stated("收入预算10万元，较上年减少1万元，主要原因：一是项目减少；二是人员调出。")
    assert found[1].reason == "一是项目减少；二是人员调出"


def test_unchanged_is_a_change_of_zero() -> None:
    same = stated("2024年“三公”经费预算较2023年持平。")[0]
    assert (same.subject, same.change, same.number, same.text) == ("三公经费", "same", 0, "持平")


def test_last_years_figure_is_of_last_year() -> None:
    found = stated("2024年支出预算649.92万元。（上年预算329.42万元）支出较去年增加320.50万元。", "（二）支出预算")
    assert [(s.subject, s.year, s.measure) for s in found] == [
        ("支出总计", 2024, "budget"),
        ("支出总计", 2023, "budget"),
        ("支出总计", 2024, "change"),
    ]
    base = stated("2026年度收入预算32852.05万元，比2025年年初预算数30385.62万元增加2466.43万元。", year=2026)[1]
    assert (base.year, base.measure, base.text) == (2025, "budget", "30385.62")


def test_a_share_and_a_completion_are_told_apart() -> None:
    found = stated("一般公共预算财政拨款支出614.92万元，其中，卫生健康支出47.01万元，占7.64%；住房保障支出37.23万元，占6.05%。")
    assert [s.subject for s in found if s.measure == "share"] == ["卫生健康支出", "住房保障支出"]
    assert found[2].context == ("一般公共预算财政拨款支出",) and found[2].fund == "general_public"
    final = stated("“三公”经费支出年初预算为2.85万元，支出决算为0.39万元，完成预算的13.68%。", kind="final")
    assert [(s.subject, s.measure) for s in final] == [("三公经费", "budget"), ("三公经费", "final"), ("三公经费完成率", "share")]


@pytest.mark.parametrize(
    ("text", "subject", "fund"),
    [
        ("2024年本部门无政府性基金安排的支出。", "政府性基金支出", "government_fund"),
        ("本单位为事业单位，无机关运行经费。", "机关运行经费", None),
        ("本部门没有使用国有资本经营预算拨款安排的支出。", "国有资本经营支出", "state_capital"),
    ],
)
def test_a_clause_that_says_there_is_none_states_zero(text: str, subject: str, fund: str | None) -> None:
    none = stated(text)[0]
    assert (none.subject, none.amount, none.fund) == (subject, Decimal(0), fund)
    assert none.quote in text


@pytest.mark.parametrize("text", ["未举办节庆、晚会等活动。", "如无数字则表示单位无该项支出。", "无变化的主要原因是2023年无该项支出。"])
def test_not_everything_with_no_in_it_is_a_figure(text: str) -> None:
    assert stated(text) == ()


def test_carried_over_money_is_not_taken_for_the_thing_itself() -> None:
    assert stated("本部门无2020年结转的“三公”经费支出。")[0].subject != "三公经费"


def test_things_are_counted_with_their_names_and_date() -> None:
    found = stated(
        "截至 2023年12月底，本部门共有公务用车3辆，其中，机要通信用车1辆；单位价值50万元以上通用设备2台。2024年拟新增配置公务用车0辆。",
        "（六）国有资产占用情况",
    )
    assert [(s.subject, s.number, s.unit, s.year, s.context) for s in found] == [
        ("公务用车", 3, "辆", 2023, ()),
        ("机要通信用车", 1, "辆", 2023, ("公务用车",)),
        ("单位价值50万元以上通用设备", 2, "台", 2023, ()),
        ("新增配置公务用车", 0, "辆", 2024, ()),
    ]
    offices = stated("内设机构包括：综合科、法规科共 6个科室。", "（二）机构设置")
    assert (offices[0].subject, offices[0].quote.endswith("共 6个科室")) == ("科室", True)
    visits = stated("公务接待2批次、26人次。")
    assert about(visits) == [("国内公务接待批次", "2批次"), ("国内公务接待人次", "26人次")]


def test_a_clause_without_a_name_takes_that_of_its_heading_or_list_item() -> None:
    assert stated("2024年预算数2.98万元。", "五、“三公”经费情况", "2.公务接待费")[0].subject == "公务接待费"
    item = stated(
        "7、卫生健康支出（类）行政事业单位医疗（款）事业单位医疗（项）。主要用于：医疗保险。年初预算为196.40万元。", kind="final"
    )[0]
    assert (item.subject, item.context, item.measure) == ("事业单位医疗", ("卫生健康支出", "行政事业单位医疗"), "budget")


def test_a_heading_of_several_things_is_not_the_name_of_its_last() -> None:
    heading = "九、一般公共预算“三公”经费、会议费、培训费支出预算情况"
    told = stated("2024年一般公共预算拨款安排的培训费预算支出3万元，比上年减少1万元。", heading)
    assert {one.subject for one in told} == {"培训费"}


def test_figures_of_definitions_are_no_statements() -> None:
    assert stated("住房公积金：按职工工资的12%缴存。", "七、名词解释") == ()


def test_a_statement_stands_on_the_line_of_its_number() -> None:
    text = "收入预算10万元，支出预算20万元。"
    lines = ((0, 3, (1.0, 2.0, 3.0, 4.0)), (9, 4, (5.0, 6.0, 7.0, 8.0)))
    passage = Passage("p", ("一、收支情况",), 3, 4, (), text, "balance", lines)
    first, second = read_statements(DOCUMENT, [passage], year=2024, kind="budget")
    assert (first.page, second.page, second.bbox) == (3, 4, (5.0, 6.0, 7.0, 8.0))


@given(st.text(alphabet="收入预算支出其中，。；：（）、增加比上年2024年1.5万元%个辆无持平占的\n", max_size=80))
def test_any_prose_gives_statements_that_quote_it_exactly(text: str) -> None:
    for statement in stated(text, "一、收入预算"):
        assert statement.quote and text[statement.start : statement.start + len(statement.quote)] == statement.quote


def test_in_a_paragraph_on_one_code_the_years_execution_is_of_that_code() -> None:
    text = (
        "1. “教育支出（类）普通教育（款）小学教育（项）”120.50万元，主要用于小学教育。2023年当年预算执行数为118.20万元。\n"
        "2. “教育支出（类）普通教育（款）初中教育（项）”80.00万元，主要用于初中教育。2023年当年预算执行数为75.10万元。"
    )
    found = stated(text, "（八）机关运行经费")
    assert about(found) == [
        ("小学教育", "120.50万元"),
        ("小学教育", "118.20万元"),
        ("初中教育", "80.00万元"),
        ("初中教育", "75.10万元"),
    ]
    assert [statement.year for statement in found] == [2024, 2023, 2024, 2023]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("收入总预算叁佰贰拾万元", "3200000"),
        ("经费预算伍万叁仟元", "53000"),
        ("预算一十二万五千元", "125000"),
        ("预算12万五千元", "125000"),
        ("预算总额3 500 000元", "3500000"),
        ("预算1亿2000万元", "120000000"),
        ("预算两百万元", "2000000"),
    ],
)
def test_an_amount_in_numerals_is_read_whole(text: str, amount: str) -> None:
    (number,) = read_numbers(text)
    assert number.amount == Decimal(amount)


@pytest.mark.parametrize("text", ["约4万余元", "五百三元", "五十元五角", "35 00 000元", "二〇二五元", "十万元以上设备", "三万五元"])
def test_a_number_that_is_not_wholly_understood_is_none_not_a_part_of_itself(text: str) -> None:
    assert read_numbers(text) == ()


def test_tenths_are_percents_and_zero_may_be_a_word() -> None:
    found = stated("“三公”经费预算5万元，比上年减少三成。其中：公务接待费1.3万元，因公出国（境）费为零。")
    assert [(one.subject, one.number, one.unit) for one in found] == [
        ("三公经费", Decimal(5), "万元"),
        ("三公经费", Decimal(30), "%"),
        ("公务接待费", Decimal("1.3"), "万元"),
        ("因公出国（境）费用", Decimal(0), "元"),
    ]
    assert found[1].change == "decrease"


@pytest.mark.parametrize("text", ["公务用车保有数为0。", "比上年增加（减少）为0。", "占收入的三成员。"])
def test_a_zero_of_something_else_is_no_amount(text: str) -> None:
    assert not [one for one in stated(text) if one.amount is not None]
