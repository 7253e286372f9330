"""How the tables of a PDF page become grids: by rules, by alignment, and with text that keeps to neither."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.pdf import PdfReader
from ingest.source import Grid, Line
from tests.pdf_writer import Sheet, pdf_of, text_width
from tests.properties import examples

XS = (50.0, 250.0, 350.0, 450.0)
YS = (100.0, 125.0, 150.0, 175.0, 200.0, 225.0)
HEADER = ("科目名称", "合计", "基本支出")
ROWS = (
    ("教育支出", "1,234.56", "1,000.00"), ("普通教育", "1,200.00", "1,000.00"), ("小学教育", "1,100.50", "999.50"),
    ("卫生健康支出", "34.56", "0.00"),
)


def grids(sheet: Sheet) -> list[Grid]:
    return [block for block in PdfReader().read(pdf_of([sheet]), "page.pdf").pages[0].blocks if isinstance(block, Grid)]


def lines(sheet: Sheet) -> list[str]:
    return [block.text for block in PdfReader().read(pdf_of([sheet]), "page.pdf").pages[0].blocks if isinstance(block, Line)]


def only_grid(sheet: Sheet) -> Grid:
    found = grids(sheet)
    assert len(found) == 1, [grid.cells for grid in found]
    return found[0]


def rows_of(grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text.replace(" ", "")
    return rows


def filled_sheet() -> Sheet:
    sheet = Sheet()
    sheet.text(230, 60, "一般公共预算支出表", 14).right(450, 90, "单位：万元")
    for text, x0, x1 in zip(HEADER, XS, XS[1:], strict=False):
        sheet.text((x0 + x1 - text_width(text, 10)) / 2, YS[1] - 8, text)
    for (label, *amounts), bottom in zip(ROWS, YS[2:], strict=True):
        sheet.text(XS[0] + 3, bottom - 8, label)
        for amount, x1 in zip(amounts, XS[2:], strict=True):
            sheet.right(x1 - 3, bottom - 8, amount)
    return sheet


def horizontals(sheet: Sheet, ys: tuple[float, ...] = YS) -> None:
    for y in ys:
        sheet.line(XS[0], y, XS[-1], y)


def verticals(sheet: Sheet, xs: tuple[float, ...] = XS) -> None:
    for x in xs:
        sheet.line(x, YS[0], x, YS[-1])


def ruled(sheet: Sheet) -> None:
    horizontals(sheet)
    verticals(sheet)


def dashed(sheet: Sheet) -> None:
    sheet.grid(XS, YS, dash="2 2")


def in_small_pieces(sheet: Sheet) -> None:
    for y in YS:
        for x0, x1 in pairwise(XS):
            sheet.line(x0 + 1, y, x1 - 1, y)
    for x in XS:
        for y0, y1 in pairwise(YS):
            sheet.line(x + 0.8, y0 + 1, x + 0.8, y1 - 1)


def as_thin_areas(sheet: Sheet) -> None:
    for y in YS:
        sheet.area(XS[0], y - 0.5, XS[-1], y + 0.5)
    for x in XS:
        sheet.area(x - 0.5, YS[0], x + 0.5, YS[-1])


def twice_a_hair_apart(sheet: Sheet) -> None:
    ruled(sheet)
    for y in YS:
        sheet.line(XS[0], y + 1.5, XS[-1], y + 1.5)


def only_outer_frame(sheet: Sheet) -> None:
    horizontals(sheet, (YS[0], YS[-1]))
    verticals(sheet, (XS[0], XS[-1]))


def only_three_lines(sheet: Sheet) -> None:
    horizontals(sheet, (YS[0], YS[1], YS[-1]))


def no_rules(sheet: Sheet) -> None:
    del sheet


def open_at_the_sides(sheet: Sheet) -> None:
    horizontals(sheet)
    verticals(sheet, XS[1:-1])


def no_rules_between_rows(sheet: Sheet) -> None:
    horizontals(sheet, (YS[0], YS[1], YS[-1]))
    verticals(sheet)


def coloured_bands(sheet: Sheet) -> None:
    sheet.parts.insert(0, "q")
    for top, bottom in ((YS[0], YS[1]), (YS[2], YS[3]), (YS[4], YS[5])):
        sheet.parts.insert(1, f"0.85 g {XS[0]} {842 - bottom} {XS[-1] - XS[0]} {bottom - top} re f")
    sheet.parts.insert(4, "Q")


WAYS = (
    ruled, dashed, in_small_pieces, as_thin_areas, twice_a_hair_apart, only_outer_frame, horizontals, verticals, only_three_lines, no_rules,
    open_at_the_sides, no_rules_between_rows, coloured_bands,
)


@pytest.mark.parametrize("draw", WAYS, ids=lambda draw: draw.__name__)
def test_a_table_reads_the_same_however_it_is_ruled(draw: Callable[[Sheet], None]) -> None:
    sheet = filled_sheet()
    draw(sheet)
    assert rows_of(only_grid(sheet)) == [list(HEADER), *(list(row) for row in ROWS)]
    assert lines(sheet) == ["一般公共预算支出表", "单位：万元"]


def test_title_and_unit_come_before_the_grid_and_notes_after_it() -> None:
    sheet = filled_sheet().text(50, 245, "注：本表为示例。", 9)
    ruled(sheet)
    blocks = PdfReader().read(pdf_of([sheet]), "page.pdf").pages[0].blocks
    assert [block.text if isinstance(block, Line) else "grid" for block in blocks] == [
        "一般公共预算支出表", "单位：万元", "grid", "注：本表为示例。",
    ]


@pytest.mark.parametrize("rotate", [0, 90])
def test_merged_header_cells_have_spans(rotate: int) -> None:
    sheet = Sheet(842, 595, rotate)
    for y in (100, 150, 175):
        sheet.line(50, y, 350, y)
    sheet.line(150, 125, 350, 125)
    for x in (50, 150, 350):
        sheet.line(x, 100, x, 175)
    sheet.line(250, 125, 250, 175)
    sheet.text(80, 130, "项目").text(220, 117, "本年支出").text(180, 142, "基本").text(280, 142, "项目").right(247, 167, "1.00")
    grid = only_grid(sheet)
    assert [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells] == [
        ("项目", 0, 0, 2, 1), ("本年支出", 0, 1, 1, 2), ("基本", 1, 1, 1, 1), ("项目", 1, 2, 1, 1), ("1.00", 2, 1, 1, 1),
    ]
    assert grid.cells[1].bbox == pytest.approx((150, 100, 350, 125), abs=0.5)


def test_headers_over_several_columns_are_found_without_rules() -> None:
    sheet = Sheet()
    for x, text in ((50, "科目名称"), (200, "合计"), (400, "上年结转")):
        sheet.text(x, 122, text)
    sheet.text(295, 112, "本年支出").text(260, 132, "基本支出").text(330, 132, "项目支出")
    for y, label in ((150, "教育支出"), (170, "科学支出"), (190, "卫生支出")):
        sheet.text(50, y, label)
        for x in (220, 300, 370, 440):
            sheet.right(x, y, "1,234.50")
    spans = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in only_grid(sheet).cells}
    assert spans["本年支出"] == (0, 2, 1, 2)
    assert spans["基本支出"] == (1, 2, 1, 1)
    assert spans["科目名称"] == (0, 0, 2, 1)
    assert spans["上年结转"] == (0, 4, 2, 1)


def test_indents_are_told_in_characters_and_centred_text_is_marked() -> None:
    sheet = Sheet().grid((50, 250, 350), (100, 120, 140, 160, 180))
    sheet.text(140, 114, "项目").text(53, 134, "教育支出").text(73, 154, "普通教育").text(53, 174, "　　小学教育").right(347, 134, "5.00")
    cells = {cell.text.strip("　"): cell for cell in only_grid(sheet).cells}
    assert cells["教育支出"].indent == 0
    assert cells["普通教育"].indent == pytest.approx(2.0, abs=0.1)
    assert cells["小学教育"].indent == pytest.approx(2.0, abs=0.1)
    assert cells["项目"].centred
    assert not cells["教育支出"].centred
    assert cells["5.00"].indent == 0


def test_numbers_and_labels_that_touch_are_parted_at_the_rule() -> None:
    sheet = Sheet().grid((50, 100, 150, 250), (100, 120, 140))
    sheet.text(51, 114, "2080505").text(60, 134, "1,935.36")
    sheet.text(100, 134, "1,935.36")
    sheet.text(150, 134, "一、教育支出")
    assert rows_of(only_grid(sheet))[1] == ["1,935.36", "1,935.36", "一、教育支出"]


def test_a_label_that_runs_over_its_border_stays_whole() -> None:
    sheet = Sheet().grid((50, 150, 250), (100, 120, 140))
    sheet.text(53, 114, "机关事业单位基本养老保险").text(53, 134, "教育支出").right(247, 134, "1.00")
    assert rows_of(only_grid(sheet)) == [["机关事业单位基本养老保险", ""], ["教育支出", "1.00"]]


def test_a_wrapped_label_that_touches_its_rules_stays_in_its_row() -> None:
    sheet = Sheet().grid((50, 150, 250), (100, 120, 140, 160))
    for top in (100, 120, 140):
        sheet.text(53, top + 9, "机关事业单位").text(53, top + 20.5, "职业年金").right(247, top + 14, "1.00")
    assert rows_of(only_grid(sheet)) == [["机关事业单位\n职业年金", "1.00"]] * 3


def test_characters_that_sit_lower_do_not_tear_a_number() -> None:
    sheet = Sheet().grid((50, 150, 250), (100, 120, 140))
    sheet.text(53, 114, "一、支出").text(160, 114, "19,230.18").text(160, 134, "5.00")
    assert rows_of(only_grid(sheet))[0] == ["一、支出", "19,230.18"]


def test_a_header_written_downwards_is_one_cell() -> None:
    sheet = Sheet().grid((50, 70, 150), (100, 160, 180))
    sheet.text(55, 115, "支").text(55, 135, "出").text(75, 130, "合计").right(147, 174, "9.00")
    assert rows_of(only_grid(sheet))[0] == ["支\n出", "合计"]


def test_two_tables_on_a_page_are_two_grids() -> None:
    sheet = Sheet().grid((50, 150, 250), (100, 120, 140)).grid((50, 200, 250), (300, 320, 340))
    sheet.text(53, 114, "甲").text(53, 314, "乙").text(53, 280, "第二张表")
    assert len(grids(sheet)) == 2


def test_prose_in_a_box_and_prose_with_figures_are_no_tables() -> None:
    sheet = Sheet().grid((50, 545), (100, 200))
    sheet.text(60, 120, "2024年收入预算649.92万元，其中一般公共预算拨款614.92万元，上年结转")
    sheet.text(60, 140, "35.00万元。支出预算 649.92 万元，比上年增加 12.30 万元，增长 1.93%。")
    sheet.text(60, 300, "基本支出 614.92 万元，占 94.61%；项目支出 35.00 万元，占 5.39%。")
    sheet.text(60, 320, "公务接待费 0.50 万元，与上年 0.50 万元持平；会议费 1.20 万元。")
    assert grids(sheet) == []
    assert len(lines(sheet)) == 4


def test_a_list_of_contents_is_no_table() -> None:
    sheet = Sheet()
    for number, y in enumerate(range(100, 300, 20)):
        sheet.text(60, y, f"{number}、部门预算表").text(500, y, str(number + 3))
    assert grids(sheet) == []


def table_of(
    amounts: list[list[str]], draw: str, room: float = 3.0, pitch: float = 22.0, *, low: bool = True, centred: bool = False
) -> Sheet:
    """A table of amounts under headers, `room` points from its side rules, with all rules, none, or those across or down."""
    sheet = Sheet(842, 595)
    xs = [50.0, 250.0, *(250.0 + 90 * (index + 1) for index in range(len(amounts[0])))]
    ys = [80.0 + pitch * index for index in range(len(amounts) + 2)]
    up = 7 if low else pitch / 2 - 3.6
    for x0, x1, text in zip(xs, xs[1:], ["科目名称", "合计", "基本支出", "项目支出", "其他支出", "上年结转"], strict=False):
        sheet.text((x0 + x1 - text_width(text, 10)) / 2, ys[1] - up, text)
    for row, bottom in zip(amounts, ys[2:], strict=True):
        sheet.text(xs[0] + max(room, 1), bottom - up, "教育支出")
        for amount, x0, x1 in zip(row, xs[1:-1], xs[2:], strict=True):
            sheet.right((x0 + x1 + text_width(amount, 10)) / 2 if centred else x1 - room, bottom - up, amount)
    if draw in ("all", "across"):
        for y in ys:
            sheet.line(xs[0], y, xs[-1], y)
    if draw in ("all", "down"):
        for x in xs:
            sheet.line(x, ys[0], x, ys[-1])
    return sheet


@pytest.mark.parametrize(
    ("amounts", "layout"),
    [
        ([["0.00", "0.00"], ["0.00", "4.74"]], {}),
        ([["1.00", "2.00"], ["3.00", "4.00"]], {"room": 0.5}),
        ([["1.00", "2.00"], ["3.00", "4.00"]], {"room": 14.0}),
        ([["1.00", "2.00"], ["3.00", "4.00"]], {"room": 14.0, "pitch": 34.0, "low": False}),
    ],
    ids=["figures of two widths", "close to the rule", "far from the rule", "in high rows"],
)
def test_rules_between_columns_alone_add_no_column_and_no_row(amounts: list[list[str]], layout: dict[str, float]) -> None:
    assert [row[1:] for row in rows_of(only_grid(table_of(amounts, "down", **layout)))[1:]] == amounts


def test_rules_at_the_sides_alone_end_the_table_there() -> None:
    sheet = table_of([["1.00", "2.00"], ["3.00", "4.00"]], "none", room=14.0)
    for x in (50, 430):
        sheet.line(x, 80, x, 150)
    grid = only_grid(sheet)
    assert (grid.rows, grid.columns) == (3, 3)
    assert grid.bbox == pytest.approx((50, 80, 430, 150), abs=1)


def test_figures_that_run_over_their_rule_stay_in_their_column() -> None:
    sheet = table_of([["1,000.00", "2.00"], ["3.00", "4.00"]], "down", room=-2.0)
    assert rows_of(only_grid(sheet))[1:] == [["教育支出", "1,000.00", "2.00"], ["教育支出", "3.00", "4.00"]]


def test_a_row_under_the_figures_but_within_the_rules_is_a_row() -> None:
    sheet = table_of([["1.00", "2.00"], ["3.00", "4.00"]], "down")
    for x in (50, 250, 340, 430):
        sheet.line(x, 146, x, 172)
    sheet.text(53, 165, "补充说明")
    assert rows_of(only_grid(sheet))[1:] == [["教育支出", "1.00", "2.00"], ["教育支出", "3.00", "4.00"], ["补充说明", "", ""]]


AMOUNTS = st.decimals(0, 99999, places=2).map(lambda amount: f"{amount:,}")


@settings(max_examples=examples(40))
@given(
    amounts=st.integers(2, 5).flatmap(
        lambda columns: st.lists(st.lists(AMOUNTS, min_size=columns, max_size=columns), min_size=2, max_size=12)
    ),
    draw=st.sampled_from(["all", "none", "across", "down"]),
    room=st.sampled_from([3.0, 0.0, 1.0, 6.0, 15.0]),
    pitch=st.sampled_from([22.0, 17.0, 30.0, 34.0]),
    low=st.booleans(),
    centred=st.booleans(),
)
def test_every_figure_keeps_its_row_and_column(
    amounts: list[list[str]], draw: str, room: float, pitch: float, low: bool, centred: bool
) -> None:
    sheet = table_of(amounts, draw, room, pitch, low=low, centred=centred)
    assert [row[1:] for row in rows_of(only_grid(sheet))[1:]] == amounts
