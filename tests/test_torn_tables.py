"""Tables over page breaks and beside one another: what a printer tears, reading makes whole."""

from __future__ import annotations

from ingest.matrix import Matrix, matrix_of
from ingest.source import Grid, GridCell
from ingest.torn_rows import mended
from store.money import read_number


def matrix(*rows: tuple[str, ...]) -> Matrix:
    cells = tuple(
        GridCell(row, column, 1, 1, text, None) for row, texts in enumerate(rows) for column, text in enumerate(texts) if text
    )
    return matrix_of(Grid(1, None, len(rows), max(map(len, rows)), cells))


ABOVE = (
    ("科目编码", "科目名称", "合计", "基本支出"), ("", "合计", "1,366.41", "1,366.41"), ("205", "教育支出", "700.20", "700.20"),
    ("20502", "普通教育", "700.20", "700.20"), ("2050202", "小学教育", "700.20", "700.20"),
)


def test_an_amount_that_a_page_break_tears_is_one_amount() -> None:
    rest = matrix(("", "保障支出", ".21", ".21"), ("22102", "住房改革支出", "666.21", "666.21"))
    above, below = mended(matrix(*ABOVE, ("221", "住房", "666", "666")), rest)
    assert [cell.plain for cell in above.row(above.rows - 1)] == ["221", "住房保障支出", "666.21", "666.21"]
    assert [cell.plain for cell in below.row(0)] == ["22102", "住房改革支出", "666.21", "666.21"]


def test_a_row_of_its_own_is_not_taken_for_the_rest_of_the_row_before() -> None:
    above, below = matrix(*ABOVE, ("221", "住房保障支出", "666.21", "666.21")), matrix(("", "小计", "666.21", "666.21"))
    assert mended(above, below) == (above, below)


def test_the_scale_of_a_chart_is_no_amount_but_a_wrapped_amount_is() -> None:
    cells = matrix(("220000\n200000", "640.0\n6", "60\n40\n20")).row(0)
    assert [str(cell.number) for cell in cells] == ["None", "640.06", "None"]


def test_an_amount_with_its_last_comma_only_is_an_amount() -> None:
    assert str(read_number("120258,600")) == "120258600"
    assert read_number("12,34") is None
