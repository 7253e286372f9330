"""Plain text as it leaves a PDF: encodings, pages, and tables whose columns kept their place, their rows, or nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.text import TextReader, decode
from ingest.reading import read_file
from ingest.source import Grid, Line, Source
from ingest.text_blocks import read_numeral
from ingest.text_headers import HeaderCell
from ingest.text_settle import Row, settle

FLOW = """预算公开表2

部门收入总表
部门：示例市图书馆 单位：万元

功能科目

单位代
码

 科目名称(单位) 总计

一般公共预算拨款

事业收
入

其他收入

上年结
转(结
余)类 款 项 合计 经费拨款

纳入一般
公共预算
管理的非
税收入拨
款

** ** ** ** ** 1 2 3 4 5 6 7

合计 130.00 100.00 100.00 30.00

207 文化旅游体育与传媒支出 100.00 70.00 70.00 30.00

207 01 文化和旅游 100.00 70.00 70.00 30.00

207 01 04 070002
   图书
馆
100.00 70.00 70.00 30.00

208 社会保障和就业支出 30.00 30.00 30.00

208 05 行政事业单位养老支出 30.00 30.00 30.00

208 05 05 070002 机关事业单位基本养老保险缴费支出 30.00 30.00 30.00

注：本表反映收入情况。
"""

BLOCKS = """预算公开表1

部门收支总表
部门：示例市图书馆 单位:万元

收                  入 支                  出

项         目 本年预算 项         目 本年预算 项         目 本年预算

一、一般公共预算拨款 100.00 一、基本支出 90.00 一、一般公共服务支出

　经费拨款 100.00 工资福利支出 80.00 二、教育支出 130.00

二、其他收入 一般商品和服务支出 10.00 三、国防支出

二、项目支出 40.00 四、住房保障支出

本 年 收 入 合 计 100.00 本　年　支　出　合　计 130.00 五、其他支出

三、上年结转（结余） 30.00 三、结转下年 六、预备费

收 入 总 计 130.00 支 出 总 计 130.00 支 出 总 计 130.00
"""

LAYOUT = """表五

                            一般公共预算支出表
                                                          单位：万元
               功能分类科目                     2022年预算数
                                           基本支      项目支
科目编码                 科目名称        小计
                                            出        出
207       文化旅游体育与传媒支出           300.00   100.00   200.00
20701      文化和旅游               300.00   100.00   200.00
2070104     图书馆                100.00   100.00
2070113     旅游宣传               200.00            200.00
                 合计            300.00   100.00   200.00
"""

SCATTERED = """预算公开表3

部门支出总表
部门：示例市图书馆
功能科目
类

款

项

单位：万元

科目名称(单位)

总

计

合计
208

社会保障和就业支出
行政事业单位养老支出

30.00

20.00

30.00

208

05

208

05

05

机关事业单位基本养老保险缴费支出

208

05

06

机关事业单位职业年金缴费支出

30.00

10.00

注：本表反映支出情况。
"""


def read(text: str) -> Source:
    return TextReader().read(text.encode(), "预算.txt")


def only_grid(source: Source) -> Grid:
    [grid] = [block for page in source.pages for block in page.blocks if isinstance(block, Grid)]
    return grid


def table(grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_any_common_encoding(encoding: str) -> None:
    source = TextReader().read("2024年部门预算\n收入总计 649.92万元\n".encode(encoding), "x.txt")
    assert [block.text for block in source.pages[0].blocks if isinstance(block, Line)] == ["2024年部门预算", "收入总计 649.92万元"]
    assert source.warnings == ()


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_a_whole_text_in_utf_8_loses_nothing(text: str) -> None:
    assert decode(text.encode()).text.lstrip("\ufeff") == text.lstrip("\ufeff")


def test_form_feeds_divide_pages_and_without_them_there_is_no_page_number() -> None:
    assert [page.number for page in read("第一页\f第二页\f").pages] == [1, 2]
    assert [page.number for page in read("没有分页").pages] == [None]


def test_short_rows_are_settled_by_sums_and_by_what_the_document_says() -> None:
    rows = table(only_grid(read("上年结转（结余） 30.00\n经费拨款 100.00\n\f" + FLOW)))
    total = next(row for row in rows if "合计" in row and "130.00" in row)
    assert total[5:] == ["130.00", "100.00", "100.00", "", "", "", "30.00"]
    library = next(row for row in rows if "图书馆" in row)
    assert library[:5] == ["207", "01", "04", "070002", "图书馆"]
    pension = next(row for row in rows if "机关事业单位基本养老保险缴费支出" in row)
    assert pension[5:] == ["30.00", "30.00", "30.00", "", "", "", ""]


def test_a_column_that_nothing_settles_is_marked_doubtful() -> None:
    grid = only_grid(read(FLOW))
    doubtful = {cell.text for cell in grid.cells if cell.doubt == "column_unsettled"}
    assert "30.00" in doubtful
    assert "130.00" not in doubtful


def test_side_by_side_blocks_are_told_apart_by_their_numbering() -> None:
    rows = table(only_grid(read(BLOCKS)))
    assert rows[0] == ["收入", "", "支出", "", "", ""]
    assert rows[3] == ["经费拨款", "100.00", "工资福利支出", "80.00", "二、教育支出", "130.00"]
    assert rows[5] == ["", "", "二、项目支出", "40.00", "四、住房保障支出", ""]
    assert rows[6] == ["本年收入合计", "100.00", "本年支出合计", "130.00", "五、其他支出", ""]
    assert rows[-1] == ["收入总计", "130.00", "支出总计", "130.00", "支出总计", "130.00"]


def test_columns_that_kept_their_place_are_read_by_place() -> None:
    grid = only_grid(read(LAYOUT))
    rows = table(grid)
    assert rows[1] == ["科目编码", "科目名称", "小计", "基本支出", "项目支出"]
    assert ["2070104", "图书馆", "100.00", "100.00", ""] in rows
    assert ["2070113", "旅游宣传", "200.00", "", "200.00"] in rows
    spans = {(cell.text, cell.column, cell.column_span) for cell in grid.cells if cell.column_span > 1}
    assert spans == {("功能分类科目", 0, 2), ("2022年预算数", 2, 3)}


def test_a_table_printed_cell_by_cell_is_paired_and_proved_by_its_sums() -> None:
    rows = table(only_grid(read(SCATTERED)))
    assert rows[2:] == [
        ["", "", "", "合计", "30.00"],
        ["208", "", "", "社会保障和就业支出", "30.00"],
        ["208", "05", "", "行政事业单位养老支出", "30.00"],
        ["208", "05", "05", "机关事业单位基本养老保险缴费支出", "20.00"],
        ["208", "05", "06", "机关事业单位职业年金缴费支出", "10.00"],
    ]


def test_a_scattered_table_whose_sums_do_not_hold_is_left_as_lines() -> None:
    source = read(SCATTERED.replace("20.00", "21.00"))
    assert not [block for page in source.pages for block in page.blocks if isinstance(block, Grid)]
    assert any(isinstance(block, Line) and "21.00" in block.text for block in source.pages[0].blocks)


@given(st.lists(st.integers(1, 10_000), min_size=3, max_size=3, unique=True))
def test_figures_are_never_lost_or_changed_by_settling(parts: list[int]) -> None:
    columns = [HeaderCell("总计", ()), *(HeaderCell(f"来源{index}", ()) for index in range(5))]
    texts = tuple(str(Decimal(number).quantize(Decimal("0.01"))) for number in [sum(parts), *parts])
    [placed] = settle([Row((), "", "合计", 0.0, texts)], columns, "")
    assert tuple(text for _, text, _ in placed) == texts
    columns_taken = [column for column, _, _ in placed]
    assert columns_taken == sorted(set(columns_taken))
    assert placed[0][0] == 0


@pytest.mark.parametrize(("text", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("九十九", 99)])
def test_chinese_numerals_count(text: str, number: int) -> None:
    assert read_numeral(text) == number


DELIVERED = [("hengyang-sme-2024", 0.99), ("fleet/heritage-2022", 0.995), ("fleet/linze-sme-2023", 0.995)]


@pytest.mark.parametrize(("folder", "least"), DELIVERED)
def test_the_delivered_texts_are_read_to_the_cell(shared: Path, folder: str, least: float) -> None:
    path = shared / "disclosures" / folder / "published.txt"
    truth = json.loads((path.parent / "truth.json").read_text("utf-8"))
    wanted = [
        (cell["text"].replace(",", ""), cell["column"][-1] if cell["column"] else "", cell.get("code") or "")
        for one in truth["tables"]
        for cell in one["cells"]
    ]
    document = read_file(path.read_bytes(), str(path))
    got = [
        (figure.printed.text.replace(",", ""), figure.column_path[-1] if figure.column_path else "", figure.code or "")
        for one in document.tables
        for figure in one.figures
    ]
    plain = str.maketrans("()", "（）")
    pool = [(text, column.translate(plain), code) for text, column, code in got]
    right = 0
    for text, column, code in wanted:
        if (key := (text, column.translate(plain), code)) in pool:
            pool.remove(key)
            right += 1
    assert right >= least * len(wanted)
    assert len(got) <= len(wanted)
