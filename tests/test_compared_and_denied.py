"""Which of two is more, shares said in other ways, and what is denied or known already, over the samples."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.ask import Asker
from store.snapshot import open_snapshot

EDUCATION = "示例市教育局2024年预算"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize(("question", "amount"), [
    ("公务接待费多还是会议费多", "7.84"),
    ("公务接待费还是会议费高", "7.84"),
    ("差旅费和培训费孰高", "19.16"),
    ("的三公经费多还是示例市水务局的多", "32.41"),
    ("公务接待费少还是会议费少", "4.52"),
    ("各项目按金额从高到低排列，第二名的项目多少钱", "375.12"),
    ("三公经费是基本支出的百分之几", "3.03"),
    ("公务接待费相当于三公经费的几成", "13.95"),
    ("32.41万元的三公经费里，几成是公务接待费", "13.95"),
    ("三十多万的三公经费里，公务接待费占几成", "13.95"),
    ("公务接待费和会议费一块算占商品和服务支出百分之几", "5.78"),
    ("收入里不是财政拨款的、记在其他收入的有多少", "15.39"),
    ("收入，不是财政给的那部分，有多少", "215.68"),
    ("会议费要交掉多少", "7.84"),
    ("会议费我知道了，培训费多少", "9.58"),
])
def test_what_is_asked_is_told_first(asker: Asker, question: str, amount: str) -> None:
    assert asker.ask(EDUCATION + question).values[0].amount == Decimal(amount)


@pytest.mark.parametrize("question", [
    "人均公务接待费多还是会议费多",
    "二季度公务接待费多还是会议费多",
    "三十多万的三公经费里，二季度的公务接待费占几成",
    "人均公务接待费相当于三公经费的几成",
])
def test_what_restricts_a_comparison_withholds_it(asker: Asker, question: str) -> None:
    assert asker.ask(EDUCATION + question).values == ()


@pytest.mark.parametrize("question", ["三公经费比上年多了，理由写的什么", "三公经费从14.23万涨到32.41万，怎么解释的"])
def test_a_change_that_is_to_be_explained_is_no_term(asker: Asker, question: str) -> None:
    assert "外省教育考察团" in asker.ask(EDUCATION + question).text


def test_the_year_before_in_a_reason_is_the_base(asker: Asker) -> None:
    assert "一次性校舍维修项目" in asker.ask("示例市教育局2024年的钱怎么比2023年少").text


def test_what_is_known_from_the_talk_is_not_told_again(asker: Asker) -> None:
    told = asker.ask("接待费记下了，会议费那行呢", [EDUCATION + "公务接待费是多少"])
    assert [value.amount for value in told.values] == [Decimal("7.84")]


def test_a_term_in_formal_words_is_explained(asker: Asker) -> None:
    assert "人员经费和公用经费组成" in asker.ask("示例市教育局预算的基本支出，其含义为何").text


def test_a_year_in_brackets_says_which_one_this_year_is(asker: Asker) -> None:
    said = asker.ask("示例市教育局今年（2025）的三公经费预算比去年多多少")
    assert said.values == asker.ask("示例市教育局2025年三公经费预算比2024年多多少").values != ()


@pytest.mark.parametrize(("corrected", "meant"), [
    ("示例市教育局2023年，哦不，2024年预算的差旅费多少", "示例市教育局2024年预算的差旅费多少"),
    ("示例市教育局2024年预算培训费，说错了，是会议费多少", "示例市教育局2024年预算会议费多少"),
    ("示例市教育局2024年预算培训费多少？打错了，我问的是会议费", "示例市教育局2024年预算会议费多少"),
    ("示例市教育局，不对，示例市水务局2024年预算的培训费", "示例市水务局2024年预算的培训费"),
    ("示例市教育局2024年预算公务接待费和培训费，不对，和会议费一共多少", "示例市教育局2024年预算公务接待费和会议费一共多少"),
    ("示例市教育局2024年预算差旅费多少，不不，2025年的培训费多少", "示例市教育局2025年预算培训费多少"),
    ("示例市教育局2024年预算不是培训费而是会议费多少", "示例市教育局2024年预算会议费多少"),
    ("示例市教育局2024年预算会议费5万，不对，7.84万，是真的吗", "示例市教育局2024年预算会议费7.84万，是真的吗"),
])
def test_what_is_corrected_at_once_is_asked_as_it_is_meant(asker: Asker, corrected: str, meant: str) -> None:
    answer, plain = asker.ask(corrected), asker.ask(meant)
    assert answer.values
    assert (answer.values, answer.verdict) == (plain.values, plain.verdict)


def test_an_unknown_correction_shows_no_figure_of_what_was_wrong(asker: Asker) -> None:
    assert not asker.ask(EDUCATION + "培训费，不对，是烧烤费").values


@pytest.mark.parametrize("doubted", ["，不对吧", "，对不对", "不对吗"])
def test_a_doubt_is_no_correction(asker: Asker, doubted: str) -> None:
    assert asker.ask(f"{EDUCATION}会议费是6万{doubted}").verdict == "refuted"
