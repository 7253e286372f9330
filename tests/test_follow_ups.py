"""Half questions: what a later turn means after the turns before it, asked as people talk."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from store.snapshot import open_snapshot

SCHOOLS, WATER = "示例市教育局", "示例市水务局"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


def amount(asker: Asker, question: str) -> Decimal:
    return asker.ask(question).values[0].amount


def after(asker: Asker, *turns: str) -> Answer:
    """The answer to the last of the turns."""
    return asker.ask(turns[-1], turns[:-1])


@pytest.mark.parametrize("who", ["谁高", "哪家更多", "那谁的高呢"])
def test_two_agencies_named_in_turns_are_compared(asker: Asker, who: str) -> None:
    first, second = (amount(asker, f"{one}2024年预算三公经费多少") for one in (SCHOOLS, WATER))
    compared = after(asker, f"{SCHOOLS}2024年预算三公经费多少", f"{WATER}呢", who)
    assert [value.amount for value in compared.values][:2] == [max(first, second), min(first, second)]
    apart = after(asker, f"{SCHOOLS}2024年预算三公经费多少", f"{WATER}呢", who, "高多少")
    assert apart.values[0].amount == abs(first - second)


def test_budget_and_final_accounts_named_in_turns_are_set_against_each_other(asker: Asker) -> None:
    budget, final = (amount(asker, f"{SCHOOLS}2024年{kind}三公经费多少") for kind in ("预算", "决算"))
    assert after(asker, f"{SCHOOLS}2024年预算三公经费多少", "那决算呢", "差多少").values[0].amount == abs(budget - final)


def test_a_rate_is_asked_of_the_change_before_it(asker: Asker) -> None:
    rate = after(asker, f"{WATER}2024年预算差旅费比去年多多少", "百分之几")
    assert rate.values[0].unit == "%"
    assert rate.values[0] in asker.ask(f"{WATER}2024年预算差旅费比2023年变化百分之几").values


def test_the_ends_of_a_series_are_those_of_its_item(asker: Asker) -> None:
    years = [value.amount for value in asker.ask(f"{SCHOOLS}预算三公经费近三年").values]
    apart = after(asker, f"{SCHOOLS}预算三公经费近三年", "哪年最高", "最高的比最低的多多少")
    assert apart.values[0].amount == max(years) - min(years)


def test_after_a_claim_the_figure_is_told_and_nothing_is_confirmed(asker: Asker) -> None:
    told = after(asker, f"{SCHOOLS}2024年预算的公务接待费是50万元对吗", "那是多少")
    assert told.verdict is None
    assert told.values[0].amount == amount(asker, f"{SCHOOLS}2024年预算公务接待费多少")


def test_what_was_left_out_stays_out(asker: Asker) -> None:
    before = asker.ask(f"{SCHOOLS}2023年预算三公经费不含公务接待费多少").values[0]
    assert after(asker, f"{SCHOOLS}2024年预算三公经费不含公务接待费多少", "那2023年呢").values[0] == before


def test_a_ranking_stays_within_what_was_ranked(asker: Asker) -> None:
    ranked = after(asker, f"{SCHOOLS}2024年预算工资福利支出", "里面最大的是什么", "前三名")
    assert [citation.row for citation in ranked.citations] == [
        citation.row for citation in asker.ask(f"{SCHOOLS}2024年预算工资福利支出中最高的三项").citations
    ]


@pytest.mark.parametrize("correction", ["不对，我要决算", "我问的是决算", "我说的是决算"])
def test_a_correction_changes_only_what_it_names(asker: Asker, correction: str) -> None:
    assert after(asker, f"{SCHOOLS}2024年预算差旅费", correction).values[0].amount == amount(asker, f"{SCHOOLS}2024年决算差旅费")


def test_an_agency_named_as_an_answer_to_which_is_the_one_meant(asker: Asker) -> None:
    assert after(asker, "2024年预算差旅费多少", "我问的是示例市图书馆").values[0].amount == amount(asker, "示例市图书馆2024年预算差旅费")


def test_a_full_question_of_the_same_agency_is_about_the_same_year(asker: Asker) -> None:
    kept = after(asker, f"{SCHOOLS}2023年预算差旅费多少", f"{SCHOOLS}的公务接待费多少")
    assert kept.values[0].amount == amount(asker, f"{SCHOOLS}2023年预算公务接待费多少")


def test_what_is_pointed_at_is_set_against_what_is_named(asker: Asker) -> None:
    first, second = (amount(asker, f"{SCHOOLS}2024年预算{one}多少") for one in ("差旅费", "公务接待费"))
    for asked in ("它比公务接待费多还是少", "比公务接待费多多少", "公务接待费比它少多少"):
        assert after(asker, f"{SCHOOLS}2024年预算差旅费多少", asked).values[0].amount == abs(first - second)


def test_a_part_that_comes_to_so_much_money_is_no_share(asker: Asker) -> None:
    told = after(asker, f"{SCHOOLS}2024年预算三公经费多少", "其中公务接待费占了多少钱")
    assert told.values[0].amount == amount(asker, f"{SCHOOLS}2024年预算公务接待费多少")


def test_projects_are_listed_by_nothing_that_was_talked_about_before(asker: Asker) -> None:
    alone = asker.ask("示例市图书馆2025年最花钱的项目是哪个")
    for before in ("示例市水务局2025年电费", "示例市水务局去年和今年的电费差几多"):
        assert asker.ask("图书馆2025年最花钱的项目是哪个", (before,)).values == alone.values != ()


def test_another_year_after_a_change_asks_for_the_change_of_that_year(asker: Asker) -> None:
    whole = asker.ask(f"{SCHOOLS}2025年预算三公经费比上年多多少").values
    assert after(asker, f"{SCHOOLS}2024年预算三公经费比上年多多少", "2025年呢").values == whole


def test_a_source_of_income_is_not_sought_in_the_fund_that_was_talked_about(asker: Asker) -> None:
    told = after(asker, f"{SCHOOLS}2024年预算一般公共预算的培训费多少", "事业收入呢")
    assert told.values[0] in asker.ask(f"{SCHOOLS}2024年预算事业收入多少").values


def test_a_difference_names_the_thing_that_the_talk_told(rules: Asker) -> None:
    talk = ["示例市教育局2025年培训费多少"]
    for question in ("示例市教育局2024年决算比预算少花了多少", "示例市水务局2025年预算比图书馆多多少"):
        assert "培训费" in rules.ask(question, talk).text
