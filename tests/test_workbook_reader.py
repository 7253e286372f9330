"""Workbooks: what a sheet shows, not what it stores."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.number_formats import shown
from ingest.readers.workbook import WorkbookReader
from ingest.source import Grid
from store.errors import DamagedFile, TooLarge
from store.money import read_number


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (4881.9, "0.00", "4881.90"),
        (0, "0.00", "0.00"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (-3.2, "#,##0.00_);(#,##0.00)", "(3.20)"),
        (-5, "0.00_ ;[Red]-0.00\\ ", "-5.00"),
        (0.1234, "0.00%", "12.34%"),
        (16.0, "General", "16"),
        (42575058.26, "General", "42575058.26"),
        (1234567, "#,##0,", "1,235"),
        (0.125, "0.00", "0.13"),
        (7, "000", "007"),
        (5, '0"辆"', "5辆"),
        (32365.090089, "#,##0.000000", "32,365.090089"),
        (180000, "0!.0000", "18.0000"),
        (215000, "0!.0,", "21.5"),
        (-500, "0\\.0000", "-0.0500"),
        (0, "0!.0000", "0.0000"),
        (0.5, "# ?/?", "0.5"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, form: str, text: str) -> None:
    assert shown(value, form) == text


@given(st.decimals(min_value="-9999999999", max_value="9999999999", places=2))
def test_two_decimals_and_thousands_show_the_same_number(number: object) -> None:
    assert read_number(shown(float(str(number)), "#,##0.00")) == number


def _workbook(fill: Callable[[Any], object]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_merged_cells_indents_and_formats_are_kept() -> None:
    from openpyxl.styles import Alignment

    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["C1"] = "收入", "支出"
        sheet.merge_cells("A1:B1")
        sheet["A2"] = "一、财政拨款收入"
        sheet["B2"], sheet["B2"].number_format = 1234.5, "#,##0.00"
        sheet["A3"], sheet["A3"].alignment = "其中：一般公共预算", Alignment(indent=2)

    source = WorkbookReader().read(_workbook(fill), "表.xlsx")
    grid = source.pages[0].blocks[0]
    assert isinstance(grid, Grid)
    cells = {(cell.row, cell.column): cell for cell in grid.cells}
    assert (cells[0, 0].text, cells[0, 0].column_span) == ("收入", 2)
    assert cells[1, 1].text == "1,234.50"
    assert cells[2, 0].indent == 2
    assert source.read_by == "workbook_cell"


def test_a_formula_without_a_stored_result_is_reported_and_not_evaluated() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"] = "合计", "=1+1"

    source = WorkbookReader().read(_workbook(fill), "公式.xlsx")
    assert [unread.why for unread in source.unread] == ["formula_without_result"]
    assert [cell.text for block in source.pages[0].blocks if isinstance(block, Grid) for cell in block.cells] == ["合计"]


def test_a_sheet_that_claims_the_whole_rectangle_costs_its_two_cells() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["XFD1048576"] = "部门收支总表", "9"

    grid = WorkbookReader().read(_workbook(fill), "far.xlsx").pages[0].blocks[0]
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns) == (1, 1)


def test_a_torn_workbook_is_refused_by_name() -> None:
    whole = _workbook(lambda sheet: None)
    with pytest.raises(DamagedFile) as caught:
        WorkbookReader().read(whole[: len(whole) // 2], "半个.xlsx")
    assert caught.value.where["file"] == "半个.xlsx"


def test_a_bomb_is_refused_before_it_is_unpacked(shared: Path) -> None:
    bomb = shared / "disclosures" / "hostile" / "bomb.xlsx"
    with pytest.raises(TooLarge):
        WorkbookReader().read(bomb.read_bytes(), bomb.name)


def test_an_old_workbook_shows_its_formats(shared: Path) -> None:
    path = shared / "disclosures" / "real" / "ty-fgw-2016-final" / "embedded.xls"
    grid = WorkbookReader().read(path.read_bytes(), path.name).pages[0].blocks[0]
    assert isinstance(grid, Grid)
    assert "42,575,058.26" in {cell.text for cell in grid.cells}


XML_SHEET = """<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Standard"/></Style></Styles>
<Worksheet ss:Name="收支总表"><Table><Row><Cell ss:MergeAcross="1"><Data ss:Type="String">收入</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">一、财政拨款</Data></Cell>
<Cell ss:StyleID="s1"><Data ss:Type="Number">1234.5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_an_xml_spreadsheet_named_xls_is_a_workbook() -> None:
    data = XML_SHEET.encode()
    assert WorkbookReader().recognises(data, "报表.xls")
    grid = WorkbookReader().read(data, "报表.xls").pages[0].blocks[0]
    assert isinstance(grid, Grid)
    assert [(cell.row, cell.column, cell.column_span, cell.text) for cell in grid.cells] == [
        (0, 0, 2, "收入"),
        (2, 0, 1, "一、财政拨款"),
        (2, 1, 1, "1,234.50"),
    ]


def test_entities_of_an_xml_spreadsheet_are_refused() -> None:
    data = XML_SHEET.replace("<Workbook", '<!DOCTYPE Workbook [<!ENTITY a "aaaa">]><Workbook').encode()
    with pytest.raises(DamagedFile):
        WorkbookReader().read(data, "报表.xls")
