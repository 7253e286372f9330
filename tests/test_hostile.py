"""Files that attack a reader: each is refused or read as docs/limits.md says, and names its file."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from ingest import limits
from ingest.readers import reader_for
from ingest.readers.word import WordReader
from ingest.readers.workbook import WorkbookReader
from ingest.reading import read_file
from store.errors import (
    ConverterMissing,
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    NotADisclosure,
    TooLarge,
    UnreadableFile,
    UnsupportedFormat,
)
from tests.pdf_writer import Sheet, pdf_of

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = '<?xml version="1.0"?>{doctype}<w:document xmlns:w="' + WORD + '"><w:body>{body}</w:body></w:document>'
LIMITS = Path(__file__).resolve().parent.parent / "docs" / "limits.md"


def archive(parts: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name, data)
    return made.getvalue()


def docx(body: str, doctype: str = "") -> bytes:
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": DOCUMENT.format(doctype=doctype, body=body)})


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b"\0" * (60 * limits.MEGABYTE)})
    assert len(bomb) < limits.MEGABYTE
    with pytest.raises(TooLarge) as raised:
        WorkbookReader().read(bomb, "bomb.xlsx")
    assert raised.value.where["file"] == "bomb.xlsx"
    assert raised.value.where["what"] == "ratio"


def test_an_archive_of_very_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_PARTS", 3)
    with pytest.raises(TooLarge):
        limits.open_archive(archive({f"{number}.txt": "x" for number in range(5)}), "many.zip")


def test_a_broken_part_of_an_archive_is_named() -> None:
    data = bytearray(archive({"word/document.xml": "字" * 5000}))
    data[60:80] = b"\xff" * 20
    with limits.open_archive(bytes(data), "broken.docx") as opened, pytest.raises(DamagedFile) as raised:
        limits.read_part(opened, "word/document.xml", "broken.docx")
    assert "word/document.xml" in raised.value.where["reason"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE x>",
    ],
)
def test_a_word_document_that_declares_entities_is_refused(doctype: str) -> None:
    with pytest.raises(DamagedFile) as raised:
        WordReader().read(docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>", doctype), "entities.docx")
    assert raised.value.where["file"] == "entities.docx"


def test_very_deeply_nested_elements_do_not_crash_the_reader() -> None:
    deep = "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    with pytest.raises(DamagedFile):
        WordReader().read(docx(deep), "deep.docx")


def test_a_sheet_with_one_far_cell_is_walked_by_its_cells() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "部门收支总表", 1.0
    made = io.BytesIO()
    book.save(made)
    source = reader_for(made.getvalue(), "far.xlsx").read(made.getvalue(), "far.xlsx")
    assert sum(len(getattr(block, "cells", ())) for page in source.pages for block in page.blocks) <= 2


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"  \r\n"])
def test_a_file_without_content_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        reader_for(data, "空.pdf")


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x7fELF" + bytes(500), b"GIF89a" + bytes(range(256))])
def test_other_binary_files_are_an_unsupported_format(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat) as raised:
        reader_for(data, "程序.pdf")
    assert raised.value.where["file"] == "程序.pdf"


def test_an_encrypted_pdf_is_said_to_be_encrypted() -> None:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    page = Canvas(made, encrypt="secret")
    page.drawString(100, 700, "12")
    page.save()
    with pytest.raises(EncryptedFile):
        read_file(made.getvalue(), "加密.pdf")


def test_a_truncated_pdf_is_not_published_as_whole() -> None:
    whole = pdf_of([Sheet().text(50, 100, "部门预算") for _ in range(3)])
    with pytest.raises(UnreadableFile):
        read_file(whole[: len(whole) * 6 // 10], "断.pdf")


def test_a_web_page_named_pdf_is_read_as_a_web_page() -> None:
    page = "<html><head><title>403</title></head><body><h1>访问被拒绝</h1></body></html>".encode()
    with pytest.raises(NotADisclosure):
        read_file(page, "page.pdf")


def test_a_file_over_the_limit_is_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    with pytest.raises(TooLarge) as raised:
        read_file("部门预算".encode() * 10, "大.txt")
    assert raised.value.where == {"file": "大.txt", "what": "bytes", "found": "120", "limit": "10"}


def test_a_picture_of_very_many_pixels_is_refused() -> None:
    with pytest.raises(TooLarge):
        limits.check_picture(30_000, 30_000, "巨图.png", 1)


def test_without_libreoffice_a_doc_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.readers import word_97

    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConverterMissing) as raised:
        word_97.to_docx(b"x", "旧.doc")
    assert "apt-get install" in raised.value.where["install"]


def test_bytes_of_two_encodings_are_read_with_a_warning() -> None:
    data = "2024年部门预算\n收入总计 123.45 万元\n".encode("gb18030") + b"\x81\x0a\0" + "说明".encode() + b"\xff\n"
    source = reader_for(data, "混.txt").read(data, "混.txt")
    [warned] = source.warnings
    where = dict(warned.where)
    assert (warned.code, where["encoding"]) == ("bytes_unread", "GB18030")
    assert any("123.45" in getattr(block, "text", "") for block in source.pages[0].blocks)


def test_the_page_on_limits_gives_the_figures_that_hold() -> None:
    stated = {name: int(figure) for figure, name in re.findall(r"\| (\d+) \| `([A-Z_]+)` \|", LIMITS.read_text("utf-8"))}
    assert len(stated) >= 13
    assert {name: getattr(limits, name) for name in stated} == stated


@pytest.mark.parametrize(
    "file",
    [
        "encrypted.pdf",
        "truncated.pdf",
        "empty.pdf",
        "page.pdf",
        "deep-tree.pdf",
        "page-loop.pdf",
        "giant-picture.pdf",
        "bomb.xlsx",
        "far-cell.xlsx",
        "entities.docx",
    ],
)
def test_the_delivered_hostile_files_are_refused(shared: Path, file: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_file((shared / "disclosures" / "hostile" / file).read_bytes(), file)
    assert raised.value.where["file"] == file
