"""Lines that a question's own words point at: weighed by rarity, with what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.answer.answer import CitedDocument
from retrieval.answering.told import forms_of
from retrieval.prose.by_words import Hit, find, lines_of
from retrieval.prose.counts import asked_counter
from retrieval.prose.passages import GOALS, Prose

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
    return find(list(lines_of(PROSE)), words, forms_of)[0]


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
