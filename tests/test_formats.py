"""A file's format is told by its content; names lie."""

from __future__ import annotations

import io

import pytest

from ingest.readers import reader_for
from ingest.readers.sheets_text import delimiter_of
from ingest.source import Grid
from tests.pdf_writer import Sheet, pdf_of
from tests.test_hostile import archive, docx

TABLE = (
    "部门收支总表,,,\n单位：万元,,,\n项目,本年预算,项目,本年预算\n"
    '一、一般公共预算拨款,"1,234.50",一、基本支出,100.00\n收入总计,1234.50,支出总计,1234.50\n'
)


def xlsx() -> bytes:
    import openpyxl

    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def png() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("L", (40, 40), 255).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (pdf_of([Sheet().text(50, 100, "部门预算")]), "ScanReader"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><body><p>x</p></body></html>", "WebPageReader"),
        ("<html><head><meta charset=gbk></head><body>部门预算</body></html>".encode("gbk"), "WebPageReader"),
        (docx("<w:p/>"), "WordReader"),
        (TABLE.encode("gb18030"), "CsvReader"),
        ("2024年部门预算\n收入总计 649.92万元\n".encode("utf-16"), "TextReader"),
        ("2024年，收入1,234.56万元，支出1,234.56万元。\n本年增加1,000.00万元。\n".encode(), "TextReader"),
    ],
)
@pytest.mark.parametrize("name", ["表.xlsx", "文.docx", "页.html", "无名"])
def test_the_reader_is_chosen_by_content(data: bytes, reader: str, name: str) -> None:
    assert type(reader_for(data, name)).__name__ == reader


def test_workbooks_and_pictures_are_known_by_their_first_bytes() -> None:
    assert type(reader_for(xlsx(), "x.csv")).__name__ == "WorkbookReader"
    assert type(reader_for(png(), "x.pdf")).__name__ == "ScanReader"


def test_a_csv_is_one_grid_with_its_quoted_amounts_whole() -> None:
    [page] = reader_for(TABLE.encode(), "x").read(TABLE.encode(), "x").pages
    [grid] = page.blocks
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns) == (5, 4)
    assert {cell.text for cell in grid.cells if cell.row == 3} == {"一、一般公共预算拨款", "1,234.50", "一、基本支出", "100.00"}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\nc;d\n", ";"),
        ("a\tb\nc\td\n", "\t"),
        ("只有一列\n第二行\n", None),
        ("合计 1,234.00\n小计 5,678.00\n", None),
        ("", None),
    ],
)
def test_a_csv_is_told_by_lines_of_equally_many_fields(text: str, delimiter: str | None) -> None:
    assert delimiter_of(text) == delimiter


def test_a_zip_that_is_no_document_is_no_single_file() -> None:
    from store.errors import UnsupportedFormat

    with pytest.raises(UnsupportedFormat):
        reader_for(archive({"a.bin": bytes(range(256)) * 4}), "x.docx")
