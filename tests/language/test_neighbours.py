"""Neighbouring stretches of a question and what they make of each other: the rows of data/grammar/neighbours.toml."""

from __future__ import annotations

import pytest

from retrieval.language.lattice import edges, paths
from retrieval.language.neighbours import AROUND, settled
from retrieval.language.segments import Segment
from retrieval.words.grammar import load


def settled_of(text: str) -> list[Segment]:
    return settled(paths(text, edges(text))[0][1])


def does(text: str) -> set[str]:
    """All that the stretches of a question can do."""
    return {cue for one in settled_of(text) for cue in one.cues}


@pytest.mark.parametrize("text", ["三公经费比去年多", "三公经费跟上年比", "三公经费和去年相比", "三公经费同上年一样多"])
def test_the_year_before_is_compared_with(text: str) -> None:
    assert "PRIOR" in does(text) and all(one.period is None for one in settled_of(text))


@pytest.mark.parametrize("text", ["2024年和去年的三公经费", "2023年与去年的会议费"])
def test_two_years_beside_each_other_are_a_list(text: str) -> None:
    assert "PRIOR" not in does(text)


@pytest.mark.parametrize(("text", "way"), [("会议费较上年+12.5%", "UP"), ("培训费同比-3%", "DOWN"), ("差旅费比去年+8万元", "UP")])
def test_a_sign_says_which_way(text: str, way: str) -> None:
    assert way in does(text) and any(one.quantity is not None for one in settled_of(text))


@pytest.mark.parametrize("text", ["公务接待费省了没", "会议费涨了没？", "培训费少了没有"])
def test_whether_it_moved_denies_nothing(text: str) -> None:
    assert "ABSENT" not in does(text)


@pytest.mark.parametrize("text", ["谁的公车多", "甲的车比乙的多几辆", "哪家的公车最少"])
def test_cars_that_are_compared_are_counted(text: str) -> None:
    assert "公务用车保有量" in [item.item for one in settled_of(text) for item in one.items[:1]]


@pytest.mark.parametrize("text", ["会议费及培训费合计", "会议费和公务接待费合计多少"])
def test_what_is_added_up_is_all_that_is_named(text: str) -> None:
    assert "SUM" in does(text)


@pytest.mark.parametrize("text", ["科目编码为2050201", "2050201这个科目编码", "2050201项级科目"])
def test_that_digits_are_a_code_does_nothing_else(text: str) -> None:
    assert all(one.items or one.is_filler or one.cues for one in settled_of(text))


@pytest.mark.parametrize("text", ["非财政拨款的差旅费多少", "不是一般公共预算的培训费有多少"])
def test_what_only_narrows_is_not_read(text: str) -> None:
    assert any(one.is_unread for one in settled_of(text))


def test_each_row_tells_of_stretches_and_what_becomes_of_them() -> None:
    parts = {name: rows for name, rows in load("neighbours.toml").items() if isinstance(rows, list) and name != "goes_on"}
    for row in (row for rows in parts.values() for row in rows):
        assert row["said"] and ("becomes" in row or "joined" in row)
        assert len(row.get("becomes", ())) <= len(row["said"])
        assert row.keys() <= {"said", "becomes", "joined", "from", "to", "together", *AROUND}
