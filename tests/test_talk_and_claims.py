"""Follow-ups and claims, over the samples: each claim as it is true, and changed so that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.ask import Asker
from retrieval.language.numbers import find_quantities
from store.snapshot import open_snapshot

EDUCATION = "示例市教育局"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize(("claim", "verdict"), [
    ("2024年预算三公经费是2023年的两倍还多", "supported"),
    ("2024年预算三公经费是2023年的三倍还多", "refuted"),
    ("2024年预算三公经费是2023年的两倍多", "supported"),
    ("2024年预算三公经费是2023年的3.5倍", "refuted"),
    ("2024年预算三公经费不到2023年的两倍", "refuted"),
    ("2024年预算三公经费不到2023年的三倍", "supported"),
    ("2024年预算三公经费是上一年的两倍多", "supported"),
    ("2024年预算三公经费比2023年增长了一倍多", "supported"),
    ("2024年预算三公经费比2023年增长了两倍", "refuted"),
    ("2024年预算三公经费32.41万，同比多了18.18万、增长127.76%", "supported"),
    ("2024年预算三公经费32.41万，同比多了18.18万、增长172.76%", "refuted"),
    ("2024年预算三公经费32.41万，同比多了18.18万、下降127.76%", "refuted"),
])
def test_a_claim_of_several_figures_or_multiples(asker: Asker, claim: str, verdict: str) -> None:
    for asked in ("，对吗", "，三个数对不对", "，方向没弄反吧"):
        assert asker.ask(EDUCATION + claim + asked).verdict == verdict, claim


@pytest.mark.parametrize("word", ["上年呢", "前一年多少？", "上一年是多少，帮我倒推一下"])
def test_the_year_before_is_that_before_the_year_told(asker: Asker, word: str) -> None:
    wanted = asker.ask(f"{EDUCATION}2023年预算三公经费多少").values
    assert asker.ask(word, (f"{EDUCATION}2024年预算三公经费多少",)).values == wanted


def test_a_fragment_may_leave_off_the_end_of_the_name(asker: Asker) -> None:
    before = (f"{EDUCATION}2025年水费多少",)
    assert asker.ask("电呢", before).values == asker.ask(f"{EDUCATION}2025年电费多少").values
    assert not asker.ask("天气呢", before).values


def test_a_percentage_is_not_taken_off_an_amount(asker: Asker) -> None:
    answer = asker.ask(f"{EDUCATION}2025年预算扣除工资后的差旅费占总支出多少")
    assert all(len({value.unit == "%" for _, value in step.parts}) == 1 for step in answer.steps)


@pytest.mark.parametrize(("text", "number"), [
    ("6.51万三公全是公务接待", "6.51"), ("一千零九十七万三", "1097.3"), ("43万5", "43.5"), ("6万三公经费", "6"), ("43万五险一金", "43")])
def test_no_name_is_read_as_a_spoken_digit(text: str, number: str) -> None:
    assert f"{find_quantities(text)[0].quantity.number.normalize():f}" == number
