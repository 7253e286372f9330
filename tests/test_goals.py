"""Tables of performance goals: their words become passages, a row a line, under the project that they belong to."""

from __future__ import annotations

from ingest.captions import Caption
from ingest.goals import TOPIC, read_goals
from ingest.matrix import Cell, Matrix
from ingest.pieces import Piece
from ingest.source import Line
from tests.grids import grid, read


def piece(title: str, rows: list[list[tuple[str, int, int]]]) -> Piece:
    """A table whose cells are (text, column, row span)."""
    cells = [
        Cell(row, column, span, 1, text, 7, (10.0 * column, 10.0 * row, 10.0 * column + 9, 10.0 * row + 9), 0.0, False)
        for row, printed in enumerate(rows)
        for text, column, span in printed
    ]
    return Piece(Caption(title=title), Matrix(cells, len(rows), 5), (), 7, 7)


GOALS = piece(
    "项目支出绩效目标表",
    [
        [("项目名称", 0, 1), ("一级指标", 1, 1), ("三级指标", 2, 1), ("指标值", 3, 1)],
        [("服务站工作经费", 0, 2), ("产出指标", 1, 1), ("聘用人员数量", 2, 1), ("≥130人", 3, 1)],
        [("效益指标", 1, 1), ("投诉次数", 2, 1), ("≤20次", 3, 1)],
        [("热线经费", 0, 2), ("产出指标", 1, 1), ("接通率", 2, 1), ("≥90%", 3, 1)],
        [("效益指标", 1, 1), ("满意度", 2, 1), ("≥95%", 3, 1)],
    ],
)


def test_every_row_of_a_table_of_goals_is_a_line_with_its_box() -> None:
    passages = read_goals("d" * 64, [GOALS], 12)
    lines = [line for passage in passages for line in passage.text.split("\n")]
    assert "服务站工作经费 产出指标 聘用人员数量 ≥130人" in lines
    assert "效益指标 投诉次数 ≤20次" in lines
    assert passages[0].passage_id.endswith("p012")
    assert all(passage.page == 7 and passage.topic == TOPIC and len(passage.lines) == len(passage.text.split("\n")) for passage in passages)


def test_a_goal_stands_under_its_project() -> None:
    sections = [passage.section for passage in read_goals("d" * 64, [GOALS], 0)]
    assert ("项目支出绩效目标表", "服务站工作经费") in sections
    assert ("项目支出绩效目标表", "热线经费") in sections


def test_the_offset_of_each_line_is_where_its_words_begin() -> None:
    for passage in read_goals("d" * 64, [GOALS], 0):
        starts = [start for start, _, _ in passage.lines]
        assert [passage.text[start:].split("\n")[0] for start in starts] == passage.text.split("\n")


def test_a_table_of_money_gives_no_passages() -> None:
    money = piece("收支总表", [[("项目", 0, 1), ("本年预算", 1, 1)], [("收入总计", 0, 1), ("649.92", 1, 1)]])
    assert read_goals("d" * 64, [money], 0) == ()


def test_a_long_title_over_the_kind_of_table_and_a_year_in_brackets_names_the_project() -> None:
    def set_at(text: str, top: float, width: float) -> Line:
        return Line(text, 7, (300.0 - width / 2, top, 300.0 + width / 2, top + 16.0), size=16.0)

    goals = grid("""
        项目名称|示例专项设备购置
        主管部门|示例部
        年度资金总额：|80.50
        其中：财政拨款|80.50
        绩效指标|指标值
        产出指标|购置设备≥10台""", page=7)
    title = (set_at("示例-改善办学条件专项-设备资料购置", 80, 320), set_at("项目绩效目标表", 104, 110), set_at("（2024年度）", 130, 90))
    document = read(*title, goals)
    assert [table.title for table in document.tables] == ["示例-改善办学条件专项-设备资料购置项目绩效目标表"]
