"""What a PDF page says before tables are made of it: its words, what is hidden, turned or a picture, and what is refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from ingest import limits
from ingest.readers import pdf_pages
from ingest.readers.pdf import PdfReader, has_text_layer, laid_out, page_pictures
from ingest.readers.pdf_judge import read_page_with_pdfplumber
from ingest.readers.pdf_pages import opened, printed_on
from ingest.source import Grid, Line, Page, Source
from store.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge, UnreadableFile
from store.pictures import PENS, page_picture
from tests.pdf_writer import Sheet, pdf_of


def read(*sheets: Sheet) -> Source:
    return PdfReader().read(pdf_of(sheets), "page.pdf")


def lines(page: Page) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Line)]


def test_a_word_printed_twice_to_look_bold_is_read_once() -> None:
    sheet = Sheet().text(50, 100, "部门预算").text(50.4, 100, "部门预算")
    assert lines(read(sheet).pages[0]) == ["部门预算"]


def test_text_that_nobody_sees_is_left_out_and_said() -> None:
    sheet = Sheet().text(50, 100, "看得见").text(50, 130, "白字", grey=1.0).text(50, 160, "不画的字", mode=3)
    source = read(sheet)
    assert lines(source.pages[0]) == ["看得见"]
    assert [warned.code for warned in source.warnings] == ["hidden_text"]


def test_white_type_on_a_dark_band_is_read() -> None:
    sheet = Sheet().area(40, 80, 300, 110, 0.2).text(50, 100, "科目名称", grey=1.0)
    source = read(sheet)
    assert lines(source.pages[0]) == ["科目名称"]
    assert source.warnings == ()


def test_text_outside_the_page_and_of_no_size_is_left_out() -> None:
    sheet = Sheet().text(50, 100, "在页内").text(-300, 130, "在页外").text(50, 160, "太小", 0.1)
    assert lines(read(sheet).pages[0]) == ["在页内"]


def test_tiny_type_is_read() -> None:
    assert lines(read(Sheet().text(50, 100, "小字也要读 1,234.56", 2.0)).pages[0]) == ["小字也要读 1,234.56"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_are_in_the_frame_of_the_displayed_page(rotate: int) -> None:
    page = read(Sheet(842, 595, rotate).text(100, 200, "部门预算", 12)).pages[0]
    assert (page.width, page.height, page.rotated) == (842, 595, rotate)
    line = page.blocks[0]
    assert isinstance(line, Line)
    assert line.bbox == pytest.approx((100, 200 - 0.88 * 12, 148, 200 + 0.12 * 12), abs=0.5)
    assert line.size == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_table_printed_sideways_is_read_and_boxed_where_it_is_shown(rotate: int) -> None:
    sheet = Sheet(842, 595, rotate, sideways=True).grid((100, 200, 300), (100, 120, 140)).text(103, 114, "教育支出").right(297, 114, "1.00")
    page = read(sheet).pages[0]
    [grid] = [block for block in page.blocks if isinstance(block, Grid)]
    assert [cell.text for cell in grid.cells] == ["教育支出", "1.00"]
    shown = {90: (100, 642, 120, 742), 180: (642, 475, 742, 495), 270: (475, 100, 495, 200)}[rotate]
    assert grid.cells[0].bbox == pytest.approx(shown, abs=0.5)


def test_a_watermark_over_a_table_is_a_line_and_in_no_cell() -> None:
    sheet = Sheet().grid((50, 300, 550), (100, 120, 140, 160, 180))
    for y in (114, 134, 154, 174):
        sheet.text(53, y, "教育支出").right(547, y, "1.00")
    sheet.text(120, 150, "仅供公开", 60, grey=0.9)
    page = read(sheet).pages[0]
    [grid] = [block for block in page.blocks if isinstance(block, Grid)]
    assert {cell.text for cell in grid.cells} == {"教育支出", "1.00"}
    assert lines(page) == ["仅供公开"]


def test_lines_tell_their_type_size_and_indent() -> None:
    page = read(Sheet().text(50, 100, "第一部分", 16).text(70, 130, "正文从这里开始。", 10)).pages[0]
    first, second = page.blocks
    assert isinstance(first, Line)
    assert isinstance(second, Line)
    assert (first.size, first.indent) == (16, 0)
    assert (second.size, second.indent) == (10, 2)


def test_text_whose_characters_the_font_does_not_tell_is_said_to_be_garbled() -> None:
    data = pdf_of([Sheet().text(50, 100, "".join(map(chr, range(0x200, 0x220))))])
    data = data.replace(b"UniGB-UCS2-H", b"Identity-H\n\n").replace(b"(GB1)", b"(Identity)")
    assert [warned.code for warned in PdfReader().read(data, "page.pdf").warnings] == ["garbled_text"]


def test_a_page_that_is_a_picture_is_named_and_can_be_drawn() -> None:
    sheets = [Sheet().text(50, 100, "有文字的一页，后面一页是图。"), Sheet().picture(0, 0, 595, 842)]
    source = read(*sheets)
    assert [(warned.code, dict(warned.where)) for warned in source.warnings] == [("scanned_page", {"page": "2"})]
    assert has_text_layer(pdf_of(sheets)) == [True, False]
    [(number, picture, width, height)] = page_pictures(pdf_of(sheets), 72, pages=[2])
    assert (number, picture.size, width, height) == (2, (595, 842), 595, 842)


def test_a_page_number_over_a_picture_does_not_make_a_text_page() -> None:
    assert [warned.code for warned in read(Sheet().picture(0, 0, 595, 842).text(290, 820, "— 3 —")).warnings] == ["scanned_page"]


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", EmptyFile), (b"<html>not a PDF</html>", DamagedFile), (pdf_of([Sheet().text(50, 100, "x")])[:300], DamagedFile)],
)
def test_what_is_no_whole_pdf_is_refused_by_name(data: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error) as raised:
        PdfReader().read(data, "预算.pdf")
    assert raised.value.where["file"] == "预算.pdf"


def test_too_many_pages_and_characters_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages.limits, "PAGES", 2)
    with pytest.raises(TooLarge) as raised:
        read(Sheet(), Sheet(), Sheet())
    assert raised.value.where["limit"] == "2"
    monkeypatch.setattr(pdf_pages.limits, "PAGE_CHARACTERS", 3)
    with pytest.raises(TooLarge) as raised:
        read(Sheet().text(50, 100, "四个字呀"))
    assert raised.value.where["page"] == "1"


def test_a_reader_goes_by_content_not_by_name() -> None:
    assert PdfReader().recognises(b"%PDF-1.4 ...", "a.txt")
    assert not PdfReader().recognises(b"<!DOCTYPE html>", "a.pdf")


def test_both_ways_of_reading_a_page_give_the_same() -> None:
    sheet = Sheet().grid((50, 150, 250), (100, 120, 140)).text(50, 80, "一般公共预算支出表", 14)
    sheet.text(53, 114, "教育支出").right(247, 114, "1,234.56")
    data = pdf_of([sheet])
    with opened(data, "page.pdf") as document:
        fast = laid_out(printed_on(document, 0, "page.pdf"), 1)
    judged = read_page_with_pdfplumber(data, 0)
    assert judged is not None
    assert cells_of(fast) == cells_of(laid_out(judged, 1))
    assert lines(fast) == lines(laid_out(judged, 1))


@pytest.mark.parametrize("style", sorted(PENS))
def test_boxes_are_drawn_where_they_are(style: str) -> None:
    from PIL import Image

    drawn = page_picture(pdf_of([Sheet(200, 100)]), 1, [((50, 20, 150, 80), style)], dpi=72)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (200, 100)
        assert any(picture.getpixel((x, 20)) != (255, 255, 255) for x in range(50, 150))
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_a_picture_can_be_cut_to_what_the_boxes_need() -> None:
    from PIL import Image

    drawn = page_picture(pdf_of([Sheet(200, 100)]), 1, [((50, 20, 150, 80), "cell")], dpi=72, crop=5)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (111, 71)


def test_a_page_that_is_not_there_cannot_be_drawn() -> None:
    with pytest.raises(DamagedFile):
        page_picture(pdf_of([Sheet()]), 2, [])


def cells_of(page: Page) -> list[tuple[int, int, int, int, int, int, str]]:
    """Every cell of a page, blanks within texts taken out: the two parsers differ in which blanks they keep."""
    return [
        (grid.rows, grid.columns, cell.row, cell.column, cell.row_span, cell.column_span, "".join(cell.text.split()))
        for grid in page.blocks if isinstance(grid, Grid) for cell in grid.cells
    ]


HOSTILE = {
    "encrypted.pdf": EncryptedFile, "empty.pdf": EmptyFile, "page.pdf": DamagedFile, "truncated.pdf": DamagedFile,
    "deep-tree.pdf": DamagedFile, "page-loop.pdf": DamagedFile,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_refused(shared: Path, name: str) -> None:
    with pytest.raises(HOSTILE[name]):
        PdfReader().read((shared / "disclosures/hostile" / name).read_bytes(), name)


@pytest.mark.parametrize("name", ["owner-locked.pdf", "injection.pdf", "2024年 预算 (终稿) ;--％✓.pdf"])
def test_odd_files_that_can_be_read_are_read(shared: Path, name: str) -> None:
    source = PdfReader().read((shared / "disclosures/hostile" / name).read_bytes(), name)
    assert any(isinstance(block, Grid) for page in source.pages for block in page.blocks)


def test_a_giant_picture_is_never_unpacked(shared: Path) -> None:
    data = (shared / "disclosures/hostile/giant-picture.pdf").read_bytes()
    assert [warned.code for warned in PdfReader().read(data, "giant-picture.pdf").warnings] == ["picture_too_large"]
    assert list(page_pictures(data, 150)) == []
    assert limits.PICTURE_PIXELS < 30_000 * 30_000


def test_both_ways_see_rules_drawn_as_outlines_that_are_filled() -> None:
    sheet = Sheet().text(53, 114, "科目").text(200, 114, "1.00")
    thin = [(x - 0.3, 100.0, x + 0.3, 140.0) for x in (50, 150, 250)] + [(50.0, y - 0.3, 250.0, y + 0.3) for y in (100, 120, 140)]
    for x0, top, x1, bottom in thin:
        y0, y1 = sheet.height - bottom, sheet.height - top
        sheet.parts.append(f"0 g {x0} {y0} m {x1} {y0} l {x1} {y1} l {(x0 + x1) / 2} {y1} l {x0} {y1} l h f")
    data = pdf_of([sheet])
    with opened(data, "page.pdf") as document:
        printed = printed_on(document, 0, "page.pdf")
    judged = read_page_with_pdfplumber(data, 0)
    assert judged is not None
    assert cells_of(laid_out(printed, 1)) == cells_of(laid_out(judged, 1)) != []


def test_both_ways_agree_on_pages_of_real_disclosures(shared: Path) -> None:
    """One page in 29 of every text PDF; with MINGZHANG_EVERY_PAGE=1 all of them, which takes minutes."""
    step = 1 if os.environ.get("MINGZHANG_EVERY_PAGE") else 29
    compared = 0
    for file in sorted(shared.glob("disclosures/*/*/*.pdf")):
        data = file.read_bytes()
        if "hostile" in str(file):
            continue
        with opened(data, file.name) as document:
            for index in range(compared % step, len(document), step):
                printed = printed_on(document, index, file.name)
                if not printed.words:
                    continue
                judged = read_page_with_pdfplumber(data, index)
                assert judged is not None
                assert cells_of(laid_out(printed, index + 1)) == cells_of(laid_out(judged, index + 1)), (file.name, index + 1)
                compared += 1
    assert compared > 20


def test_every_printed_figure_of_the_seed_is_a_cell(shared: Path) -> None:
    import json

    folder = shared / "disclosures/hengyang-sme-2024"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    pages = PdfReader().read((folder / "published.pdf").read_bytes(), "published.pdf").pages
    cells = {page.number: [cell[-1] for cell in cells_of(page)] for page in pages}
    for table in truth["tables"]:
        for cell in table["cells"]:
            assert cell["text"] in cells[cell["page"]["published.pdf"]]
