"""Scans: rules and skew found in a picture, words recognised, specks mended, doubts marked. One small page is recognised for real."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ingest import limits
from ingest.picture_rules import edges_of, skew, straightened
from ingest.readers import scan
from ingest.readers.scan import ScanReader
from ingest.recognised_cells import DOUBT, mended
from ingest.source import Grid, GridCell
from store.errors import DamagedFile, TooLarge

SCALE = 2.0


def ruled(turned: float = 0.0) -> Any:
    """A grey picture of a table of three rows and two columns, 400 × 300 points."""
    import cv2
    import numpy as np

    grey = np.full((600, 800), 255, np.uint8)
    for y in (100, 160, 220, 280):
        cv2.line(grey, (100, y), (700, y), 0, 2)
    for x in (100, 400, 700):
        cv2.line(grey, (x, 100), (x, 280), 0, 2)
    for x, y, text in (
        (120, 140, "207"),
        (420, 140, "649.92"),
        (120, 200, "208"),
        (420, 200, "614.92"),
        (120, 260, "221"),
        (420, 260, "35.00"),
    ):
        cv2.putText(grey, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2, cv2.LINE_AA)
    return straightened(grey, turned)


def test_rules_are_found_and_strokes_of_characters_are_none() -> None:
    edges = edges_of(ruled(), SCALE)
    assert sorted(round(edge.at) for edge in edges if not edge.vertical) == [50, 80, 110, 140]
    assert sorted(round(edge.at) for edge in edges if edge.vertical) == [50, 200, 350]


@pytest.mark.parametrize("turned", [-2.0, -0.6, 0.0, 0.6, 2.0])
def test_a_crooked_sheet_is_set_straight(turned: float) -> None:
    crooked = ruled(turned)
    angle = skew(crooked, SCALE)
    assert angle == pytest.approx(-turned, abs=0.15)
    edges = edges_of(straightened(crooked, angle), SCALE)
    assert (sum(not edge.vertical for edge in edges), sum(edge.vertical for edge in edges)) == (4, 3)


def test_a_picture_is_recognised_with_its_cells_in_place() -> None:
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(ruled(0.6)).save(made, "PNG", dpi=(144, 144))
    told: list[int] = []
    token = limits.tell_pictures.set(told.append)
    try:
        source = ScanReader().read(made.getvalue(), "表.png")
    finally:
        limits.tell_pictures.reset(token)
    assert (source.format, source.read_by, told) == ("picture", "ocr", [1])
    [grid] = [block for block in source.pages[0].blocks if isinstance(block, Grid)]
    assert {(cell.row, cell.column): cell.text for cell in grid.cells} == {
        (0, 0): "207",
        (0, 1): "649.92",
        (1, 0): "208",
        (1, 1): "614.92",
        (2, 0): "221",
        (2, 1): "35.00",
    }
    assert all(cell.sureness < 1 for cell in grid.cells)


def cell(column: int, text: str, sureness: float = 0.99, row: int = 0) -> GridCell:
    return GridCell(row, column, 1, 1, text, None, sureness=sureness)


def grid(*cells: GridCell) -> Grid:
    return Grid(1, None, 1 + max(one.row for one in cells), 1 + max(one.column for one in cells), cells)


@pytest.mark.parametrize(
    ("read", "text", "doubt"),
    [
        (".45.09", "45.09", DOUBT),
        (".0.00.", "0.00", DOUBT),
        ("83:96", "83.96", DOUBT),
        ("7.", "7", DOUBT),
        ("649.92", "649.92", None),
        ("-3.20", "-3.20", None),
        ("1,234.56", "1,234.56", None),
        ("2024.1.1", "2024.1.1", None),
        ("公务接待费", "公务接待费", None),
        ("(3.20)", "(3.20)", None),
    ],
)
def test_specks_are_taken_away_and_leave_a_doubt(read: str, text: str, doubt: str | None) -> None:
    [mended_cell] = mended(grid(cell(0, read))).cells
    assert (mended_cell.text, mended_cell.doubt) == (text, doubt)


def test_a_number_lost_from_the_first_label_is_told_by_the_second() -> None:
    labels = mended(
        grid(cell(0, "收入总计"), cell(0, "一般公共预算拨款收入", row=1), cell(0, "二、事业收入", row=2), cell(0, "老年福利.", row=3))
    )
    assert [one.text for one in labels.cells] == ["收入总计", "一、一般公共预算拨款收入", "二、事业收入", "老年福利"]


def test_a_figure_that_was_hardly_legible_is_doubtful() -> None:
    sure, unsure, label = mended(grid(cell(0, "649.92"), cell(1, "649.92", 0.8), cell(2, "合计", 0.8))).cells
    assert (sure.doubt, unsure.doubt, label.doubt) == (None, DOUBT, None)


def test_the_row_that_numbers_the_columns_is_given_its_form() -> None:
    row = mended(grid(cell(0, "*k", 0.6), cell(1, "**"), cell(2, "头*", 0.6), cell(3, "1"), cell(4, "2."), cell(5, "3")))
    assert [one.text for one in row.cells] == ["**", "**", "**", "1", "2", "3"]


def test_a_picture_that_is_none_is_damaged_and_a_huge_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    with pytest.raises(DamagedFile):
        ScanReader().read(b"\x89PNG\r\n\x1a\n" + bytes(50), "坏.png")
    made = io.BytesIO()
    Image.new("L", (200, 200), 255).save(made, "PNG")
    monkeypatch.setattr(limits, "PICTURE_PIXELS", 100)
    with pytest.raises(TooLarge) as raised:
        ScanReader().read(made.getvalue(), "大.png")
    assert raised.value.where["page"] == "1"


def test_a_blank_page_costs_no_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    def never(*_: object) -> None:
        raise AssertionError("recognised")

    monkeypatch.setattr(scan, "recognise", never)
    made = io.BytesIO()
    Image.new("L", (200, 200), 255).save(made, "PNG")
    source = ScanReader().read(made.getvalue(), "白.png")
    assert source.pages[0].blocks == ()
    assert [warned.code for warned in source.warnings] == ["nothing_recognised"]
