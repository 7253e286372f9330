"""Words beside the name of one budget unit that only say that it is one, or whose."""

from __future__ import annotations

import pytest

from retrieval.language.describing import belonging
from retrieval.language.segments import Segment
from retrieval.words.cues import cues

UNIT = Segment(20, 23, "老人院", 0.0, units=(("a", "某市老人院"),))
AGENCY = Segment(0, 3, "民政局", 0.0, agencies=("a",))


def said(*words: str) -> list[Segment]:
    return [Segment(at, at + 1, word, 0.0, cues=cues().get(word, frozenset())) for at, word in enumerate(words)]


@pytest.mark.parametrize("below", ["下属", "所属", "下属单位"])
def test_that_a_unit_is_below_is_no_series_of_units(below: str) -> None:
    assert [one.is_filler for one in belonging([AGENCY, *said(below), UNIT])] == [False, True, False]


def test_whose_a_unit_is_narrows_nothing() -> None:
    assert belonging([AGENCY, *said("管的"), UNIT])[1].is_filler


def test_units_without_a_name_are_a_series() -> None:
    assert belonging([AGENCY, *said("下属单位", "差旅费")]) == [AGENCY, *said("下属单位", "差旅费")]


def test_what_follows_a_unit_is_kept() -> None:
    assert belonging([UNIT, *said("下属单位")])[1].cues
