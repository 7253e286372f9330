"""Tables: captions, pages joined, label paths, codes, units, and every number accounted for."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captions import Caption, read_caption_line
from ingest.readers.web import WebPageReader
from ingest.readers.workbook import WorkbookReader
from ingest.source import Grid, Line
from ingest.understand import understand
from store.values import Document
from tests.grids import figure, grid, line, read

UNIT = line("单位：万元")


@pytest.mark.parametrize(
    ("printed", "number", "title", "unit"),
    [
        ("公开01表", "公开01表", "", None),
        ("表1 2026年部门收支总体情况表 单位：万元", "表1", "2026年部门收支总体情况表", "万元"),
        ("收支总表（预算表1）", "预算表1", "收支总表", None),
        ("部门公开表 1", "部门公开表1", "", None),
        ("一、收支预算总表", None, "收支预算总表", None),
        ("金额单位：元", None, "", "元"),
        ("万元", None, "", "万元"),
    ],
)
def test_a_caption_line_gives_number_title_and_unit(printed: str, number: str | None, title: str, unit: str | None) -> None:
    caption = read_caption_line(printed, Caption())
    assert caption is not None
    assert (caption.number, caption.title, caption.unit) == (number, title, unit)


@pytest.mark.parametrize("prose", ["2026年部门预算收入649.92万元，比上年增加。", "本部门无此项支出。", "负责全市信访工作的组织协调"])
def test_prose_above_a_table_is_no_caption(prose: str) -> None:
    assert read_caption_line(prose, Caption()) is None


def test_a_title_and_unit_inside_the_grid_are_its_caption() -> None:
    document = read(
        grid("""
        公开03表 | < | <
        支出决算表 | < | <
        部门：某局 | | 单位：元
        项目 | 基本支出 | 项目支出
        合计 | 10.00 | 20.00
        注：本表反映部门本年度各项支出情况。 | < | <
    """)
    )
    table = document.tables[0]
    assert (table.number, table.title, table.unit) == ("公开03表", "支出决算表", "元")
    assert table.notes == ("注：本表反映部门本年度各项支出情况。",)
    assert figure(document, "20.00").amount == Decimal(20)


def test_a_table_goes_on_over_the_page_with_its_header_repeated() -> None:
    head = "科目编码 | 科目名称 | 合计\n"
    document = read(
        line("部门收入总表", 1),
        line("单位：万元", 1),
        grid(head + "208 | 社会保障和就业支出 | 5.00\n20805 | 行政事业单位养老支出 | 4.00", 1),
        line("— 1 —", 1),
        line("部门收入总表", 2),
        line("单位：万元", 2),
        grid(head + "2080505 | 基本养老保险缴费支出 | 3.00\n合计 | < | 9.00", 2),
    )
    (table,) = document.tables
    assert table.pages == (1, 2)
    assert figure(document, "3.00").row_path == ("社会保障和就业支出", "行政事业单位养老支出", "基本养老保险缴费支出")
    assert figure(document, "9.00").code is None


def test_a_total_that_heads_every_page_counts_once() -> None:
    head = "科目编码 | 科目名称 | 合计\n | 合计 | 9.00\n"
    document = read(
        line("部门收入总表", 1),
        line("单位：万元", 1),
        grid(head + "208 | 社会保障和就业支出 | 5.00", 1),
        line("部门收入总表", 2),
        line("单位：万元", 2),
        grid(head + "210 | 卫生健康支出 | 4.00", 2),
    )
    assert [f.printed.text for table in document.tables for f in table.figures] == ["9.00", "5.00", "4.00"]


def test_a_title_repeated_over_bare_rows_goes_on_with_the_table() -> None:
    document = read(
        line("部门收入总表", 1),
        line("单位：万元", 1),
        grid("科目编码 | 科目名称 | 合计\n208 | 社会保障和就业支出 | 5.00", 1),
        line("部门收入总表", 2),
        line("单位：万元", 2),
        grid("210 | 卫生健康支出 | 4.00", 2),
    )
    (table,) = document.tables
    assert [f.column_path for f in table.figures] == [("合计",), ("合计",)]


def test_bare_rows_on_the_next_page_belong_to_the_table_before() -> None:
    document = read(
        line("收支总表", 1),
        line("单位：万元", 1),
        grid("项目 | 预算数\n一、教育支出 | 1.00\n二、社会保障和就 | 2.00", 1),
        line("5", 1),
        grid("业支出 |\n三、卫生健康支出 | 3.00", 2),
    )
    (table,) = document.tables
    assert [f.row_path for f in table.figures] == [("一、教育支出",), ("二、社会保障和就业支出",), ("三、卫生健康支出",)]


def test_another_title_on_the_next_page_begins_another_table() -> None:
    rows = "科目编码 | 科目名称 | 合计\n205 | 教育支出 | {}"
    document = read(
        line("部门收入总表", 1),
        line("单位：万元", 1),
        grid(rows.format("1.00"), 1),
        line("部门支出总表", 2),
        line("单位：万元", 2),
        grid(rows.format("2.00"), 2),
    )
    assert [table.title for table in document.tables] == ["部门收入总表", "部门支出总表"]


@pytest.mark.parametrize("codes", ["205 | 02 | 05", "205 |  | \n205 | 02 | 05", "2050205 | < | <"])
def test_codes_in_three_columns_are_joined(codes: str) -> None:
    last = codes.splitlines()[-1]
    first = " | ".join(["205", " ", " "])
    document = read(
        line("支出预算表"),
        UNIT,
        grid(f"""
        科目编码 | < | < | 科目名称 | 合计
        类 | 款 | 项 | ^ | ^
        {first} | 教育支出 | 8.00
        {last} | 高等教育 | 7.00
    """),
    )
    assert figure(document, "7.00").code == "2050205"
    assert figure(document, "7.00").level == "item"
    assert figure(document, "7.00").row_path == ("教育支出", "高等教育")


def test_a_code_printed_on_its_own_level_finds_its_parents_from_the_rows_above() -> None:
    document = read(
        line("支出预算表"),
        UNIT,
        grid("""
        类 | 款 | 项 | 科目名称 | 合计
        201 | | | 一般公共服务支出 | 9.00
         | 40 | | 信访事务 | 8.00
         | | 01 | 行政运行 | 7.00
         | | 04 | 信访业务 | 1.00
    """),
    )
    assert figure(document, "1.00").row_path == ("一般公共服务支出", "信访事务", "信访业务")
    assert figure(document, "8.00").code == "40"


def test_a_code_that_runs_into_the_name_is_the_code() -> None:
    document = read(
        line("基本支出表"),
        UNIT,
        grid("""
        经济分类科目 | < | 金额
        301工资福利支出 | 小计 | 9.00
        ^ | 30101 基本工资 | 5.00
        ^ | 30102津贴补贴 | 4.00
    """),
    )
    assert (figure(document, "5.00").code, figure(document, "5.00").row_path) == ("30101", ("工资福利支出", "基本工资"))
    assert (figure(document, "9.00").code, figure(document, "9.00").row_path) == ("301", ("工资福利支出", "小计"))


def test_numbering_and_indentation_give_the_label_path() -> None:
    document = read(
        line("收支总表"),
        UNIT,
        grid("""
        项目 | 预算数
        一、财政拨款收入 | 1.00
        \u30001. 一般公共预算 | 2.00
        \u3000\u3000其中：专项资金 | 3.00
        \u30002. 政府性基金 | 4.00
        二、其他收入 | 5.00
        \u3000捐赠收入 | 6.00
        本年收入合计 | 7.00
        上年结转 | 8.00
        \u3000\u3000\u3000收入总计 | 9.00
    """),
    )
    assert [f.row_path for f in document.tables[0].figures] == [
        ("一、财政拨款收入",),
        ("一、财政拨款收入", "1.一般公共预算"),
        ("一、财政拨款收入", "1.一般公共预算", "其中：专项资金"),
        ("一、财政拨款收入", "2.政府性基金"),
        ("二、其他收入",),
        ("二、其他收入", "捐赠收入"),
        ("本年收入合计",),
        ("上年结转",),
        ("收入总计",),
    ]


def test_a_label_merged_over_rows_or_printed_once_stands_over_them() -> None:
    document = read(
        line("“三公”经费支出表"),
        UNIT,
        grid("""
        预算单位 | 年度 | 合计
        某局 | 2025年 | 5.58
         | 2026年 | 6.00
         | 增减变化金额 | 0.42
    """),
    )
    assert figure(document, "0.42").row_path == ("某局", "增减变化金额")


def test_without_a_unit_there_is_no_money_and_it_is_said() -> None:
    document = read(line("部门支出总表"), grid("项目 | 预算数\n教育支出 | 1.00\n合计 | 1.00"))
    assert document.tables[0].figures == ()
    assert [warned.code for warned in document.warnings] == ["unit_unknown"]
    assert [unread.why for unread in document.unread] == ["unit_unknown", "unit_unknown"]


def test_blank_dash_and_words_are_no_figures_but_zero_is() -> None:
    document = read(line("政府采购表"), UNIT, grid("项目 | 金额 | 是否空表\n甲 | — | 是\n乙 | 0.00 | 否\n丙 | |\n丁 | / |"))
    assert [(f.row_label, f.number) for f in document.tables[0].figures] == [("乙", 0)]


@pytest.mark.parametrize("printed", ["12,34", "１２，３４", "1.2.3", "(12,34)", "1,2345.00"])
def test_what_is_written_like_an_amount_but_is_none_is_listed_as_unread(printed: str) -> None:
    document = read(line("部门支出总表"), UNIT, grid(f"项目 | 预算数\n住房支出 | 2.00\n教育支出 | {printed}\n合计 | 3.00"))
    assert [f.number for f in document.tables[0].figures] == [2, 3]
    assert [unread.why for unread in document.unread] == ["malformed_number"]


def test_a_misprinted_amount_in_the_first_row_is_no_column_header() -> None:
    document = read(line("部门支出总表"), UNIT, grid("项目 | 预算数\n教育支出 | 12,34\n住房支出 | 2.00\n合计 | 3.00"))
    assert [(f.row_label, f.column_path) for f in document.tables[0].figures] == [("住房支出", ("预算数",)), ("合计", ("预算数",))]
    assert [unread.text for unread in document.unread] == ["12,34"]


def test_dates_and_numbers_of_headings_beside_figures_are_not_listed_as_unread() -> None:
    document = read(line("政府采购表"), UNIT, grid("项目 | 金额 | 时间\n甲 | 3.00 | 2026.5.1\n乙 | 4.00 | 2026.6.1"))
    assert not document.unread


def test_counts_stated_in_a_row_label_are_no_money() -> None:
    document = read(line("“三公”经费支出表"), line("单位：元"), grid("项目 | 决算数\n公务接待费 | 4,941.50\n公务用车保有量（辆） | 16"))
    assert (figure(document, "16").amount, figure(document, "16").unit) == (None, "辆")


def test_an_empty_form_is_kept_with_its_note() -> None:
    document = read(
        line("国有资本经营预算支出表"),
        UNIT,
        grid("科目编码 | 科目名称 | 合计\n | |\n合计 | |"),
        line("注：本部门没有使用国有资本经营预算安排的支出，故本表为空。"),
    )
    (table,) = document.tables
    assert table.is_empty
    assert len(table.notes) == 1


def test_a_list_of_contents_is_no_table() -> None:
    document = read(
        line("目录"), grid("序号 | 表名 | 页码\n1 | 部门收支总表 | 3\n2 | 部门收入总表 | 4\n3 | 部门支出总表 | 5\n4 | 财政拨款收支总表 | 6")
    )
    assert document.tables == ()


def test_a_performance_form_gives_its_money_with_the_label_beside_it() -> None:
    document = read(
        line("信访业务培训绩效目标表"),
        line("（2026年度）"),
        grid("""
        项目名称 | < | 信访业务培训 | < | < |
        项目资金\\n（万元） | < | 年度资金总额： | 118.01 | < | 执行率分值（10）
        ^ | ^ | 其中：财政拨款 | 110.00 | < | ^
        绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值（90）
        ^ | 产出指标 | 数量指标 | 培训班次 | ≥3次 | 20
    """),
    )
    money = figure(document, "118.01")
    assert (money.row_path[-1], money.unit, money.amount) == ("年度资金总额", "万元", Decimal(1180100))
    score = figure(document, "20")
    assert (score.row_path[-1], score.column_path, score.amount) == ("培训班次", ("分值（90）",), None)
    assert not document.unread


def test_several_small_tables_in_one_grid_take_their_own_headers() -> None:
    document = read(
        line("相关信息统计表"),
        line("单位：元"),
        grid("""
        项目 | 采购预算 | 采购金额
        货物 | 10.00 | 9.00
        项目 | 统计数 |
        机关运行经费 | 8.00 |
    """),
    )
    assert figure(document, "8.00").column_path == ("统计数",)
    assert figure(document, "9.00").column_path == ("采购金额",)


@given(st.lists(st.decimals(min_value=0, max_value=99999999, places=2), min_size=2, max_size=30))
def test_every_number_of_a_plain_table_is_a_figure_and_none_is_invented(amounts: list[Decimal]) -> None:
    rows = "\n".join(f"项目{chr(0x4E00 + index)} | {amount:,.2f}" for index, amount in enumerate(amounts))
    document = read(line("项目支出表"), UNIT, grid("项目 | 预算数\n" + rows))
    assert [f.number for f in document.tables[0].figures] == amounts
    assert [f.amount for f in document.tables[0].figures] == [amount * 10000 for amount in amounts]


def _read_file(path: Path) -> Document:
    data = path.read_bytes()
    reader = WebPageReader() if path.suffix == ".html" else WorkbookReader()
    return understand(reader.read(data, path.name), document_id="0" * 64, file=path.name, size=len(data))


@pytest.mark.parametrize(
    "name",
    [
        "dongwan-new-education-2024/published.xlsx",
        "yunling-culture-2024-final/published.xlsx",
        "yunling-market-2022/published.xlsx",
        "linze-sme-2024-final/published.html",
        "yunling-culture-2025/published.html",
        "heritage-2024/published.html",
    ],
)
def test_every_cell_of_a_delivered_workbook_or_page_is_read_with_its_paths(shared: Path, name: str) -> None:
    path = shared / "disclosures" / "fleet" / name
    truth = json.loads((path.parent / "truth.json").read_text("utf-8"))

    def plain(text: str) -> str:
        return text.replace("(", "（").replace(")", "）")

    wanted = [
        (
            plain(table["title"]),
            tuple(plain(label) for label in cell["row"] if label),
            cell["code"],
            tuple(plain(head) for head in cell["column"]),
            None if cell["amount"] is None else Decimal(cell["amount"]),
            cell["text"],
        )
        for table in truth["tables"]
        for cell in table["cells"]
    ]
    got = [
        (
            plain(table.title),
            tuple(plain(label) for label in f.row_path),
            f.code,
            tuple(plain(head) for head in f.column_path),
            f.amount,
            f.printed.text,
        )
        for table in _read_file(path).tables
        for f in table.figures
    ]
    assert sorted(got, key=repr) == sorted(wanted, key=repr)


def test_several_forms_on_one_sheet_are_several_tables() -> None:
    document = read(
        grid("""
        表1 | | |
        部门收入总表 | < | < | <
         | | | 单位：万元
        科目编码 | 科目名称 | 合计 | 财政拨款
        205 | 教育支出 | 3.00 | 2.00
         | | |
        表2 | | |
        部门支出总表 | < | < | <
         | | | 单位：元
        科目编码 | 科目名称 | 合计 | 基本支出
        205 | 教育支出 | 4.00 | 1.00
        """)
    )
    assert [(t.number, t.title, t.unit) for t in document.tables] == [("表1", "部门收入总表", "万元"), ("表2", "部门支出总表", "元")]
    assert figure(document, "1.00").column_path == ("基本支出",)


@pytest.mark.parametrize("said", ["本套报表金额单位均为万元。", "（以下各表金额单位：万元）", "金额单位统一为万元"])
def test_a_unit_said_once_for_the_document_holds_for_its_tables(said: str) -> None:
    document = read(line("某局2026年部门预算公开"), line(said), line("部门收入总表"), grid("项目 | 预算数\n教育支出 | 1.00\n合计 | 1.00"))
    assert [f.amount for f in document.tables[0].figures] == [10000, 10000]


@pytest.mark.parametrize("title", ["部门收支总表（千元）", "部门收支总表（单位：千元）"])
def test_a_unit_in_the_title_counts(title: str) -> None:
    document = read(line(title), grid("项目 | 预算数\n教育支出 | 1.50"))
    assert figure(document, "1.50").amount == Decimal(1500)


def test_two_classifications_in_one_row_give_the_finer_code_and_name() -> None:
    document = read(
        line("一般公共预算基本支出表"),
        UNIT,
        grid("""
        部门经济科目编码 | 部门经济科目名称 | 政府经济科目编码 | 政府经济科目名称 | 合计
        301 | 工资福利支出 | | | 9.00
        30101 | 基本工资 | 50101 | 工资奖金津补贴 | 5.00
        30102 | 津贴补贴 | 50101 | 工资奖金津补贴 | 4.00
    """),
    )
    assert (figure(document, "5.00").code, figure(document, "5.00").row_label) == ("30101", "基本工资")
    assert "工资奖金津补贴" in figure(document, "5.00").row_path


def test_the_value_of_an_indicator_is_in_its_own_unit() -> None:
    document = read(
        line("2026年项目绩效目标表"),
        UNIT,
        grid("""
        项目名称 | 预算金额 | 绩效目标 | 指标名称 | 指标性质 | 指标值 | 计量单位 | 指标权重
        热线运行 | 100.00 | 提高办理质量。 | 诉求解决率 | ≥ | 85 | % | 10
         | | | 接听量 | ≥ | 2000 | 次 | 20
    """),
    )
    assert [(f.printed.text, f.unit, f.amount) for f in document.tables[0].figures] == [
        ("100.00", "万元", 1000000),
        ("85", "%", None),
        ("10", "", None),
        ("2000", "次", None),
        ("20", "", None),
    ]


SIDES = "收入 | < | 支出 | <\n项目 | 预算数 | 项目 | 预算数\n"


def test_a_cells_own_unit_and_an_accountants_minus_are_read() -> None:
    rows = ("一、财政拨款收入 | 980.00万元 | 一、教育支出 | 800", "二、事业收入 | △12.00 | 二、其他支出 | 7.00元")
    document = read(line("部门收支总表"), UNIT, grid(SIDES + "\n".join(rows)))
    amounts = {found.printed.text: found.amount for found in document.tables[0].figures}
    assert (amounts["980.00万元"], amounts["△12.00"], amounts["7.00元"]) == (Decimal(9_800_000), Decimal(-120_000), Decimal(7))


def test_a_form_printed_once_a_unit_is_each_units_own() -> None:
    def form(unit: str, amount: str) -> tuple[Line, Line, Grid]:
        rows = f"一、财政拨款收入 | {amount} | 一、教育支出 | {amount}\n收入总计 | {amount} | 支出总计 | {amount}"
        return line("部门收支总表"), line(f"单位名称：{unit}　单位：万元"), grid(SIDES + rows)

    document = read(*form("示例市教育局本级", "500.00"), *form("示例市第一中学", "40.00"), *form("示例市第二中学", "2.00"))
    assert len(document.tables) == 3 and not document.warnings
    heads = [{found.row_path[0] for found in table.figures} for table in document.tables]
    assert heads == [{"示例市教育局本级"}, {"示例市第一中学"}, {"示例市第二中学"}]
    assert {found.meaning.item for found in document.tables[1].figures} >= {"收入总计", "支出总计", "教育支出"}


def test_rows_of_units_in_a_three_public_form_are_units() -> None:
    document = read(line("“三公”经费预算表"), UNIT, grid("""
        单位名称 | 合计 | 因公出国（境）费 | 公务接待费 | 公务用车运行维护费
        合计 | 17 | 0 | 6 | 11
        示例市教育局本级 | 12 | 0 | 4.5 | 7.5
        示例市第一中学 | 5 | 0 | 1.5 | 3.5
    """))
    assert (figure(document, "6").meaning.classification, figure(document, "6").meaning.role) == ("three_public", "total")
    assert (figure(document, "1.5").meaning.classification, figure(document, "1.5").meaning.item) == ("affiliate", "公务接待费")


def test_project_spending_by_economic_item_is_not_the_whole() -> None:
    document = read(
        line("一般公共预算项目支出情况表（按经济分类科目）"), UNIT,
        grid("经济科目 | 预算\n合计 | 150.00\n[302]商品和服务支出 | 150.00\n[30211]差旅费 | 20.00\n[30227]委托业务费 | 130.00"),
    )
    meaning = figure(document, "20.00").meaning
    assert (meaning.portion, meaning.classification) == ("project", "economic_department")


def test_a_title_set_flush_left_over_two_lines_is_one_title() -> None:
    def set_at(text: str, right: float, top: float) -> Line:
        return Line(text, 1, (60.0, top, right, top + 14.0), 14.0)

    rows = "项目 | 预算数\n三公经费合计 | 100.00\n公务接待费 | 40.00"
    document = read(
        set_at("十一、一般公共预算“三公”经费、会议费、培训费支出预", 406.0, 50.0), set_at("算表", 88.0, 70.0),
        Line("单位：万元", 1, (500.0, 92.0, 545.0, 101.0), 9.0), grid(rows, 1),
    )
    assert document.tables[0].title == "一般公共预算“三公”经费、会议费、培训费支出预算表"
