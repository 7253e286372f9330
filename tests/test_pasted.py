"""Sentences as staff paste them from documents to have them checked, and other ways of putting a question that must not change it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.ask import Asker
from store.snapshot import open_snapshot

EDUCATION = "示例市教育局"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


def amount(asker: Asker, item: str, year: int = 2024) -> Decimal:
    """万元 of the item in the education bureau's budget."""
    return asker.ask(f"{EDUCATION}{year}年预算{item}是多少").values[0].amount


@pytest.mark.parametrize(
    "sentence", ["{who}2024 年预算公务接待费 {amount} 万元，对吗", "{who} 2024 年 公务接待费预算为 {amount} 万元。是否正确？"])
def test_blanks_around_numbers_and_units_change_nothing(asker: Asker, sentence: str) -> None:
    right = amount(asker, "公务接待费")
    assert asker.ask(sentence.format(who=EDUCATION, amount=right)).verdict == "supported"
    assert asker.ask(sentence.format(who=EDUCATION, amount=right + 1)).verdict == "refuted"


def test_one_wrong_figure_refutes_though_another_cannot_be_told(asker: Asker) -> None:
    right = amount(asker, "差旅费")
    told = f"{EDUCATION}2024年预算差旅费{{}}万元，专用燃料费比上年增加3万元，对吗"
    assert asker.ask(told.format(right + 1)).verdict == "refuted"
    half = asker.ask(told.format(right))
    assert half.verdict == "not_found"
    assert "另有一处说法" in half.text
    assert half.values[0].amount == right


def test_a_change_claimed_without_its_amount_is_judged_too(asker: Asker) -> None:
    now, before = amount(asker, "差旅费"), amount(asker, "差旅费", 2023)
    assert now != before
    true, false = ("增加", "减少") if now > before else ("减少", "增加")
    claim = f"{EDUCATION}2024年预算差旅费{now}万元，比上年有所{{}}，对吗"
    assert asker.ask(claim.format(true)).verdict == "supported"
    assert asker.ask(claim.format(false)).verdict == "refuted"


def test_two_items_side_by_side_are_both_answered(asker: Asker) -> None:
    both = asker.ask(f"{EDUCATION}2024年预算会议费培训费多少")
    assert [value.amount for value in both.values[:2]] == [amount(asker, "会议费"), amount(asker, "培训费")]


def test_what_is_zero_is_listed_where_zeros_are_asked_for(asker: Asker) -> None:
    zeros = asker.ask(f"{EDUCATION}2024年预算三公经费里哪些是零")
    assert all(value.amount == 0 for value in zeros.values)
    assert {citation.cell for citation in zeros.citations} <= {"0.00", "0"} or not zeros.values


def test_the_end_of_last_year_stands_in_this_years_budget(asker: Asker) -> None:
    asked = asker.ask("示例市水务局截至2022年底有几辆公务用车")
    assert asked.route != "decline"
    assert all(citation.document.year == 2023 for citation in asked.citations)


def test_a_question_for_the_situation_is_answered_by_the_section_of_that_name(asker: Asker) -> None:
    answer = asker.ask(f"{EDUCATION}2024年预算国有资产占用情况")
    assert answer.route == "narrative"
    assert any("国有资产" in (citation.section or "") + (citation.quote or "") for citation in answer.citations)


def test_a_total_is_checked_against_its_parts(asker: Asker) -> None:
    right = asker.ask(f"{EDUCATION}2024年预算基本支出+项目支出=总支出吗")
    assert right.verdict == "supported"
    assert right.values[0].amount == sum(value.amount for value in right.values[1:])
    wrong = asker.ask(f"{EDUCATION}2024年预算差旅费和会议费相等吗")
    assert wrong.verdict == "refuted"
    assert wrong.values[2].amount == abs(amount(asker, "差旅费") - amount(asker, "会议费"))


@pytest.mark.parametrize("question", ["{who}2024年三公经费决算是否超预算", "{who}2024年三公经费超支了吗", "{who}2024年三公经费超没超预算"])
def test_whether_the_budget_was_exceeded_is_told_from_both(asker: Asker, question: str) -> None:
    answer = asker.ask(question.format(who=EDUCATION))
    budget, final = (asker.ask(f"{EDUCATION}2024年{kind}三公经费多少").values[0].amount for kind in ("预算", "决算"))
    assert answer.values[0].amount == abs(budget - final)
    assert ("少" if final < budget else "多") in answer.text


def test_the_mean_of_several_years_comes_with_the_years(asker: Asker) -> None:
    answer = asker.ask(f"{EDUCATION}2023到2025年预算差旅费年均多少")
    years = [amount(asker, "差旅费", year) for year in (2023, 2024, 2025)]
    assert answer.values[0].amount == round(sum(years) / 3, 2)
    assert [value.amount for value in answer.values[2:]] == years


def test_which_items_were_overspent_is_told_from_both_publications(asker: Asker) -> None:
    answer = asker.ask(f"{EDUCATION}2024年哪些科目超预算了")
    assert answer.route == "tables"
    assert answer.citations
    compared = {citation.row for citation in answer.citations}
    over = {
        item for item in ("差旅费", "会议费", "培训费", "办公费", "基本工资", "工会经费")
        if item in compared and amount(asker, item) < asker.ask(f"{EDUCATION}2024年决算{item}是多少").values[0].amount
    }
    assert all(item in answer.text for item in over)
    assert over or "没有" in answer.text
