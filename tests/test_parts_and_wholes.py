"""Parts that are no whole, units below an agency, and who of several: answers from small disclosures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import ingest
from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from store.snapshot import open_snapshot


def table(title: str, *rows: str) -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    return f"<p>{title}</p><p>单位：万元</p><table border=1>{cells}</table>"


def page(agency: str, *tables: str) -> str:
    return f"<html><head><meta charset=utf-8></head><body><h1>{agency}2026年部门预算</h1>{''.join(tables)}</body></html>"


BY_ITEM = ("经济科目|预算", "合计|300.00", "[302]商品和服务支出|300.00", "[30211]差旅费|10.00", "[30227]委托业务费|290.00")
OF_PROJECTS = ("经济科目|预算", "合计|150.00", "[302]商品和服务支出|150.00", "[30211]差旅费|20.00", "[30227]委托业务费|130.00")
OF_ALL = ("经济科目|预算", "合计|900.00", "[301]工资福利支出|700.00", "[302]商品和服务支出|200.00")
BY_UNIT = (
    "支出项目类别（资金使用单位）|总计|财政拨款",
    "合计|900.00|900.00",
    "云麓县水利局（本级）|400.00|400.00",
    "　工资福利支出|300.00|300.00",
    "　商品和服务支出|100.00|100.00",
    "云麓县水文站|500.00|500.00",
    "　工资福利支出|400.00|400.00",
    "　商品和服务支出|100.00|100.00",
)
UNITS = ("单位名称|合计|因公出国（境）费|公务接待费", "合计|17|0|6", "云麓县气象局本级|10|0|4", "云麓县气象台|7|0|2")


def three_public(amount: str) -> tuple[str, ...]:
    return "项目|预算数", "合计|1.00" if amount == "0.00" else f"合计|{amount}", f"公务接待费|{amount}"


PAGES = {
    "archives": page(
        "云麓县档案局",
        table("表6 一般公共预算基本支出情况表（按经济分类科目）", *BY_ITEM),
        table("表7 一般公共预算项目支出情况表（按经济分类科目）", *OF_PROJECTS),
    ),
    "water": page(
        "云麓县水利局",
        table("表6 一般公共预算基本支出情况表（按经济分类科目）", *OF_ALL),
        table("表11 部门预算基本支出预算表", *BY_UNIT),
    ),
    "weather": page("云麓县气象局", table("财政拨款“三公”经费支出预算表", *UNITS)),
    "disabled": page("云麓县残联", table("表7 一般公共预算“三公”经费支出情况表", *three_public("4.00"))),
    "writers": page("云麓县文联", table("表7 一般公共预算“三公”经费支出情况表", *three_public("4.00"))),
    "returned": page("云麓县侨联", table("表7 一般公共预算“三公”经费支出情况表", *three_public("0.00"))),
    "elsewhere": page("清溪市文联", table("表7 一般公共预算“三公”经费支出情况表", *three_public("9.00"))),
}


def workbook() -> bytes:
    """A sheet a unit with the same form, and no sheet of the whole."""
    from openpyxl import Workbook

    book: Any = Workbook()
    book.remove(book.active)
    for unit, amount in (("云麓县教育局本级", 1050), ("云麓县第一中学", 420)):
        sheet = book.create_sheet(unit)
        for row in (
            ("表1 部门收支总表", None, None, None),
            (f"单位名称：{unit}", None, None, "单位：万元"),
            ("收入", None, "支出", None),
            ("项目", "预算数", "项目", "预算数"),
            ("一、一般公共预算拨款收入", amount, "一、教育支出", amount),
            ("收入总计", amount, "支出总计", amount),
        ):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    folder: Path = tmp_path_factory.mktemp("parts")
    for name, text in PAGES.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    (folder / "云麓县教育局2026年部门预算.xlsx").write_bytes(workbook())
    ingest(sorted(folder.glob("*.*")), folder / "store", jobs=1)
    return Asker.of(open_snapshot(folder / "store"))


def amounts(answer: Answer) -> list[str]:
    return [f"{value.amount:f}{value.unit}" for value in answer.values]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云麓县档案局2026年差旅费多少", ["30.00万元", "10.00万元", "20.00万元"]),
        ("云麓县档案局2026年委托业务费一共多少", ["420.00万元", "290.00万元", "130.00万元"]),
        ("云麓县档案局2026年基本支出里的差旅费", ["10.00万元"]),
    ],
)
def test_the_basic_and_the_project_part_of_an_item_are_together_what_it_costs(asker: Asker, question: str, expected: list[str]) -> None:
    assert amounts(asker.ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云麓县水利局2026年工资福利支出多少", "700.00万元"),
        ("云麓县水利局本级2026年工资福利支出多少", "300.00万元"),
        ("云麓县水文站2026年工资福利支出多少", "400.00万元"),
        ("云麓县气象局2026年公务接待费多少", "6万元"),
        ("云麓县气象台2026年公务接待费多少", "2万元"),
    ],
)
def test_what_is_a_units_own_and_what_is_the_whole_agencys(asker: Asker, question: str, expected: str) -> None:
    assert amounts(asker.ask(question))[:1] == [expected]


def test_one_unit_is_not_given_for_the_agency_where_the_whole_is_not_printed(asker: Asker) -> None:
    assert not asker.ask("云麓县教育局2026年支出总计多少").values


def test_equal_amounts_are_both_the_highest(asker: Asker) -> None:
    answer = asker.ask("云麓县残联、文联、侨联2026年哪家公务接待费最高")
    assert amounts(answer)[:1] == ["4.00万元"] and "云麓县残联、云麓县文联" in answer.text


def test_who_prints_zero_spends_least(asker: Asker) -> None:
    answer = asker.ask("云麓县残联、文联、侨联2026年哪家公务接待费最低")
    assert amounts(answer)[:1] == ["0.00万元"] and "云麓县侨联" in answer.text


def test_the_share_of_a_part_in_basic_spending_is_of_its_basic_part(asker: Asker) -> None:
    assert amounts(asker.ask("云麓县档案局2026年差旅费占基本支出多少"))[:1] == ["3.33%"]


def test_at_a_place_only_its_agencies_are_ranked(asker: Asker) -> None:
    answer = asker.ask("云麓县2026年哪家单位公务接待费最高")
    assert amounts(answer)[:1] == ["6万元"] and "清溪" not in answer.text


def test_who_has_none_of_it_prints_zero(asker: Asker) -> None:
    answer = asker.ask("云麓县2026年公务接待费为零的是哪家")
    assert "云麓县侨联" in answer.text and {value.amount for value in answer.values} == {0}
    assert [citation.cell for citation in answer.citations] == ["0.00"]


BASIC_BY_UNIT = (
    "单位|基本支出合计",
    "合计|900.00",
    "云麓县水利局本级|400.00",
    "　工资福利支出|300.00",
    "云麓县水文站|500.00",
    "　工资福利支出|420.00",
    "　商品和服务支出|80.00",
)


def test_what_a_unit_spends_is_its_own_row_not_one_below_it(tmp_path: Path) -> None:
    (tmp_path / "bureau.html").write_text(page("云麓县水利局", table("部门预算基本支出预算表", *BASIC_BY_UNIT)), "utf-8")
    ingest([tmp_path / "bureau.html"], tmp_path / "store", jobs=1)
    asker = Asker.of(open_snapshot(tmp_path / "store"))
    answer = asker.ask("云麓县水文站2026年预算基本支出是多少")
    assert not answer.values or str(answer.values[0].amount) == "500.00"


@pytest.mark.parametrize(
    "question",
    ["示例市教育局2025年预算各单位合计占总预算的比重", "示例市水务局2025年预算编制数和实有人数差多少人"],
)
def test_what_nothing_was_made_of_puts_no_figure_forward(sample_store: Path, question: str) -> None:
    assert Asker.of(open_snapshot(sample_store)).ask(question).values == ()


def test_the_largest_of_several_is_none_that_holds_the_others(sample_store: Path) -> None:
    question = "示例市水务局2025年预算公用经费里，电费、差旅费、工会经费哪样最多"
    assert Asker.of(open_snapshot(sample_store)).ask(question).values[0].to_json()["amount"] == "14.18"


@pytest.fixture(scope="module")
def samples(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("示例市教育局2025年预算政府采购服务占几成", "21.57"),
        ("示例市教育局采购，买服务的比买东西的少多少", "24.20"),
        ("示例市教育局采购里买东西的多还是买服务的多，差多少", "24.20"),
    ],
)
def test_a_kind_of_what_is_bought_is_set_against_all_or_another_kind(samples: Asker, question: str, amount: str) -> None:
    assert str(samples.ask(question).values[0].amount) == amount


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("会议费8.66万元，高于公务接待费", "supported"),
        ("会议费8.66万元，低于公务接待费", "refuted"),
        ("会议费高于公务接待费，两者合计13.04万元", "supported"),
        ("会议费高于公务接待费，两者合计4.28万元", "refuted"),
    ],
)
def test_a_level_and_a_sum_beside_a_comparison_are_no_difference(samples: Asker, claim: str, verdict: str) -> None:
    assert samples.ask(f"核实：示例市教育局2025年预算{claim}").verdict == verdict


@pytest.mark.parametrize(
    "question",
    [
        "我表妹在村里教书，说有山区补助。示例市教育局今年给这块安排多少钱？",
        "示例市教育局2025年预算三公里头，猫占多少",
        "示例市教育局今年预算一亿多是吧，那去年的会议费报的是多少",
        "示例市教育局2025年预算奖金里年终奖多少",
    ],
)
def test_no_whole_stands_for_what_was_asked_of_it(samples: Asker, question: str) -> None:
    assert not samples.ask(question).values


def test_projects_are_ranked_without_the_rows_above_them(tmp_path: Path) -> None:
    """A kind over its projects, a class over its one project."""
    text = page(
        "白石市渔政局",
        table(
            "部门综合预算专项业务经费支出表",
            "单位（项目）名称|项目金额",
            "合计|90.00", "全额|90.00", "通用项目|40.00", "大型活动|15.00", "渔业开放日|15.00", "购买服务|25.00", "水域清淤服务|25.00",
            "专用项目|50.00", "履职业务费|50.00", "禁捕巡查|32.00", "增殖放流|18.00",
        ),
    )  # fmt: skip
    (tmp_path / "published.html").write_text(text, "utf-8")
    ingest([tmp_path / "published.html"], tmp_path / "store", jobs=1)
    asker = Asker.of(open_snapshot(tmp_path / "store"))
    assert amounts(asker.ask("白石市渔政局2026年排第一的项目是哪个"))[0] == "32.00万元"
    assert amounts(asker.ask("白石市渔政局2026年最小的项目是哪个"))[0] == "15.00万元"
