"""How questions are read: years, amounts and items however they are written, what is asked of them, and what a later turn takes over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from retrieval.words.folding import chinese_number, fold
from retrieval.words.numbers import find_quantities
from retrieval.words.periods import find_periods
from tests.properties import examples

EDUCATION = "示例市教育局"


def values(answer: Answer) -> list[Decimal]:
    return [value.amount for value in answer.values]


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("2024年", (2024,)),
        ("24年预算", (2024,)),
        ("二〇二四年", (2024,)),
        ("2023—2025年", (2023, 2024, 2025)),
        ("2023至2025年", (2023, 2024, 2025)),
        ("十四五期间", (2021, 2022, 2023, 2024, 2025)),
        ("2025年比2024年", (2025, 2024)),
        ("30217", ()),
    ],
)
def test_years_are_read_in_every_writing(said: str, years: tuple[int, ...]) -> None:
    assert find_periods(fold(said)).years == years


def test_a_carried_over_balance_is_no_question_about_last_year() -> None:
    assert not find_periods("上年结转是多少").relative
    assert find_periods("比上年增加多少").relative == (-1,)


@pytest.mark.parametrize(
    ("said", "number", "unit"),
    [
        ("14万元", "14", "万元"),
        ("二十万", "20", "万元"),
        ("1,234.5万元", "1234.5", "万元"),
        ("百分之二十点五", "20.5", "%"),
        ("22辆", "22", "辆"),
        ("3.5亿", "3.5", "亿元"),
    ],
)
def test_amounts_are_read_in_digits_and_in_chinese_numerals(said: str, number: str, unit: str) -> None:
    (found,) = find_quantities(fold(said))
    quantity = found.quantity
    assert (str(quantity.number), quantity.unit) == (number, unit)


def test_colloquial_numerals_leave_out_the_last_place() -> None:
    assert chinese_number("两百三") == 230
    assert chinese_number("三万五千") == 35000


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("公款吃喝的钱有多少", "公务接待费"),
        ("工务接待费多少", "公务接待费"),
        ("出国花了多少", "因公出国（境）费用"),
        ("公积金要交多少", "住房公积金"),
        ("chailvfei是多少", "差旅费"),
        ("30217", "公务接待费"),
        ("养车的钱", "公务用车运行维护费"),
        ("去年没花完的钱", "上年结转"),
        ("预算总共多少钱", "支出总计"),
    ],
)
def test_everyday_words_name_the_published_item(rules: Asker, question: str, item: str) -> None:
    answer = rules.ask(f"{EDUCATION}2024年{question}")
    assert answer.values and item in answer.text


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("三公经费是多少", "lookup"),
        ("办公费和差旅费合计多少", "sum"),
        ("办公费比差旅费少多少", "difference"),
        ("差旅费占商品和服务支出的比重", "share"),
        ("预算比上年增长百分之几", "growth"),
        ("三公经费比上年增加多少", "growth"),
        ("商品和服务支出里最高的三项", "rank"),
        ("办公费和差旅费哪个多", "rank"),
        ("三公经费包括哪些，各多少", "list"),
        ("三公经费为什么减少", "explain"),
        ("基本支出是什么意思", "define"),
        ("公务接待费是14万元，对吗", "verify"),
        ("差旅费的预算执行率", "share"),
    ],
)
def test_the_wording_shows_the_operation(rules: Asker, question: str, operation: str) -> None:
    answer = rules.ask(f"{EDUCATION}{question}")
    assert answer.plan.operation == operation
    assert answer.citations


def test_the_last_years_are_each_told(rules: Asker) -> None:
    answer = rules.ask(f"{EDUCATION}近三年三公经费")
    assert values(answer) == [rules.ask(f"{EDUCATION}{year}年预算三公经费").values[0].amount for year in (2023, 2024, 2025)]


def test_a_budget_is_executed_by_the_final_accounts_of_its_own_year(rules: Asker) -> None:
    rate, final, budget = values(rules.ask(f"{EDUCATION}差旅费的预算执行率"))
    assert [final, budget] == [rules.ask(f"{EDUCATION}2024年{kind}差旅费").values[0].amount for kind in ("决算", "预算")]
    assert rate == round(final / budget * 100, 2)


@pytest.mark.parametrize(
    "ways",
    [
        (
            "示例市教育局2024年预算的三公经费是多少？",
            "2024年示例市教育局预算三公经费多少",
            "请问示例市教育局24年预算里三公经费有多少钱呀",
            "示例市教育局的“三公”经费，2024年预算是多少",
            "示例市教育局 2024年预算 三公经费",
        ),
        (
            "示例市水务局2025年预算中办公费占商品和服务支出的百分之几？",
            "2025年示例市水务局预算，办公费占商品和服务支出的比重是多少",
            "示例市水务局二〇二五年预算办公费占商品和服务支出多大比例",
        ),
    ],
)
def test_a_question_in_other_words_gives_the_same_answer(rules: Asker, ways: tuple[str, ...]) -> None:
    answers = [rules.ask(way) for way in ways]
    assert len({(answer.text, answer.citations) for answer in answers}) == 1
    assert answers[0].values


def test_a_follow_up_takes_over_what_it_leaves_open(rules: Asker) -> None:
    first = f"{EDUCATION}2024年预算的三公经费是多少？"
    assert rules.ask("那2023年呢", (first,)).text == rules.ask(first.replace("2024", "2023")).text
    assert rules.ask("换成元", (first,)).values[0].unit == "元"
    assert rules.ask("为什么", (first,)).plan.operation == "explain"
    assert values(rules.ask("其中公务接待费呢", (first,))) == values(rules.ask(f"{EDUCATION}2024年预算公务接待费"))
    assert values(rules.ask("和水务局比呢", (first,)))[:2] == [
        rules.ask(f"{one}2024年预算三公经费").values[0].amount for one in (EDUCATION, "示例市水务局")]
    assert values(rules.ask("那决算呢", (first,))) == values(rules.ask(f"{EDUCATION}2024年决算三公经费"))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_at_all_gets_a_reply(rules: Asker, text: str) -> None:
    assert rules.ask(text).text


@pytest.mark.parametrize(
    ("turns", "whole"),
    [
        (("水费多少", "电费呢", "两项加起来"), "水费和电费一共多少"),
        (("水费和电费多少", "差旅费呢", "这几项一共多少"), "水费、电费和差旅费一共多少"),
        (("水费多少", "电费呢", "差旅费呢", "后两项加起来"), "电费和差旅费一共多少"),
        (("水费多少", "电费呢", "差多少"), "水费和电费差多少"),
        (("水费多少", "电费呢", "这两项哪个多"), "水费和电费哪个多"),
        (("水费多少", "电费呢", "两项占总支出多少"), "水费和电费一共占总支出多少"),
    ],
)
def test_what_earlier_turns_named_is_taken_together(rules: Asker, turns: tuple[str, ...], whole: str) -> None:
    first = f"{EDUCATION}2025年{turns[0]}"
    answer = rules.ask(turns[-1], (first, *turns[1:-1]))
    assert answer.values and answer.values[0] == rules.ask(f"{EDUCATION}2025年预算{whole}").values[0], answer.text


@pytest.mark.parametrize("question", [
    "示例市教育局2025年差旅费比2023年", "示例市教育局差旅费2025年较2023年", "示例市教育局2025年差旅费跟2023年比"])
def test_two_years_beside_each_other_are_both_told(rules: Asker, question: str) -> None:
    both = [rules.ask(f"{EDUCATION}{year}年预算差旅费").values[0] for year in (2025, 2023)]
    answer = rules.ask(question)
    assert set(both) <= set(answer.values)
    assert len({citation.document.year for citation in answer.citations}) == 2
