"""Lines that a question's own words point at: weighed by rarity, with what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.answer.answer import CitedDocument
from retrieval.prose.by_words import Hit, find, lines_of, under_heading
from retrieval.prose.counts import asked_counter, find_numbers
from retrieval.prose.likeness import Piece, ProseQuestion
from retrieval.prose.passages import GOALS, Prose, citations
from retrieval.words.cues import without_denied

DOCUMENT = CitedDocument("d" * 64, "示例市水利局", 2026, "budget", "budget.pdf")


def passage(place: int, text: str, topic: str | None = None, section: Sequence[str] = ()) -> Prose:
    return Prose(f"p{place}", DOCUMENT, tuple(section), topic, 1, 1, (), text, 0)


PROSE = (
    passage(0, "负责全市水库的安全管理。负责农村水利工作。", "duties"),
    passage(1, "项目名称 水利工程运行管护保险", GOALS, ("绩效目标表",)),
    passage(2, "保险覆盖县（市、区）数量 =14个\n保险覆盖小水库数量 =609座\n赔付及时率 =100%", GOALS, ("绩效目标表",)),
    passage(3, "项目名称 河道保洁", GOALS, ("绩效目标表",)),
    passage(4, "保洁河道数量 =32条\n保洁人员标准 3.2万元/年/人", GOALS, ("绩效目标表",)),
    passage(5, "水利管理12万元，主要包括：水库调度系统运维7万元，用于各水库水情监测设备的维护，以及调度软件的升级、"
               "网络的租用、机房的值守、培训和技术支持；节水宣传5万元，用于节水进校园、进社区、进企业等活动的组织，以及宣传材料的设计、印制、发放和宣传短片的制作。"),
)  # fmt: skip


def best(**words: float) -> Hit:
    return find(list(lines_of(PROSE)), words)[0]


def test_a_rare_word_in_the_line_and_the_project_around_it_find_the_line() -> None:
    hit = best(水库=1.0, 保险=1.0, 覆盖=1.0)
    assert hit.line.span.plain == "保险覆盖小水库数量=609座"
    assert hit.line.is_of_form and hit.score > 0.95


def test_the_project_of_a_form_stands_around_its_lines() -> None:
    assert best(管护=1.0, 赔付=1.0).line.span.plain == "赔付及时率=100%"


def test_a_long_sentence_is_taken_apart() -> None:
    assert best(节水=1.0, 校园=1.0).line.span.plain.startswith("节水宣传5万元")


def test_a_word_that_stands_nowhere_weighs_against_every_line() -> None:
    assert best(水库=1.0, 地铁=1.0, 车站=1.0).score < 0.5


@pytest.mark.parametrize(("asked", "counter"), [("一共几家单位", "家"), ("有多少座水库", "座"), ("花了多少钱", None)])
def test_what_is_counted_by(asked: str, counter: str | None) -> None:
    found = asked_counter().search(asked)
    assert (found[1] if found else None) == counter


CARS = (
    passage(0, "截至2025年底，共有车辆171辆，其中，执法执勤用车60辆、特种专业技术用车37辆。"),
    passage(1, "2026年部门预算安排购置车辆10辆，其中，执法执勤用车5辆、特种专业技术用车2辆。"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("打算新买几辆特种专业技术用车", 2),
        ("现在有几辆特种专业技术用车", 37),
        ("执法执勤用车几辆，要新买的不算", 60),
        ("准备换几辆执法执勤用车", 5),
    ],
)
def test_things_to_be_got_are_not_those_that_are_there(asked: str, number: int) -> None:
    question = ProseQuestion((Piece("车", ("车辆", "用车")),), None, ("辆",), around=without_denied(asked))
    assert find_numbers(CARS, question, ("辆",))[0].number.number == number


BELOW = (
    passage(0, "负责应急管理工作。", "duties", ("一、部门职责",)),
    passage(1, "立足于防。立足于管。", None, ("第一部分 部门概况", "三、2026年主要工作目标")),
    passage(2, "实施学校新建工程。", None, ("（四）重点支出和重大投资项目情况说明", "1.学校新建")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("今年的主要工作目标有哪几条", ["立足于防。", "立足于管。"]),
        ("重大投资和重点花钱项目有哪些", ["实施学校新建工程。"]),
        ("重点项目有哪些", []),
        ("部门职责是什么", []),
    ],
)
def test_what_stands_below_a_heading_that_is_named(asked: str, told: list[str]) -> None:
    assert [span.plain for span in under_heading(BELOW, asked)] == told


def test_a_quote_over_two_pages_is_cited_on_both() -> None:
    text = "2026年收入预算比上年减少，主要原因是一次性安排的修缮\n项目已经结束。"
    lines = ((0, 5, None), (text.index("\n") + 1, 6, None))
    prose = Prose("p", CitedDocument("d", "示例市教育局", 2026, "budget", "a.pdf"), (), None, 5, 6, lines, text, 0)
    first, rest = citations(prose.sentences[0])
    assert (first.page, first.quote) == (5, text.replace("\n", ""))
    assert (rest.page, rest.quote) == (6, "项目已经结束。")
