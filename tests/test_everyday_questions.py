"""Questions as people ask them in passing: who is paid, a year's money, labels cut short."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.ask import Asker
from retrieval.figures.places import ALIKE, likeness
from store.snapshot import open_snapshot


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("示例市教育局一年要花多少钱", "支出总计"),
        ("示例市教育局给职工交公积金多少", "住房公积金"),
        ("示例市教育局给员工缴公积金花了多少", "住房公积金"),
        ("示例市教育局办公室电话费", "邮电费"),
        ("示例市教育局吃饭招待花多少", "公务接待费"),
    ],
)
def test_everyday_words_find_what_they_mean(asker: Asker, question: str, item: str) -> None:
    answer = asker.ask(question)
    assert answer.values
    assert answer.plan.items[0].item == item
    assert answer.citations[0].row is None or "办公费" not in answer.citations[0].row


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("示例市教育局2024年实际花了多少钱", "2134.78"),  # what the year spent, not the total with what is carried over
        ("示例市教育局2024年决算总额", "2134.78"),
        ("示例市教育局2024年决算支出总计是多少", "2179.44"),
        ("示例市教育局2024年公务接待费年初批了多少", "4.52"),
        ("示例市教育局2024年决算里差旅费年初批的是多少", "19.16"),
        ("示例市教育局2024年三公经费实际花了多少钱", "30.75"),
        ("示例市教育局2024年公务接待费预算没用完，还剩多少", "0.41"),
        ("示例市教育局2024年公务接待费比预算省了多少", "0.41"),
    ],
)
def test_what_was_planned_and_what_was_spent_are_told_apart(asker: Asker, question: str, amount: str) -> None:
    assert asker.ask(question).values[0].amount == Decimal(amount)


def test_a_year_is_chosen_by_its_budget(asker: Asker) -> None:
    answer = asker.ask("示例市教育局2024和2025年哪年预算高")
    assert answer.plan.operation == "rank"
    assert answer.values[0].amount == max(value.amount for value in answer.values)


@pytest.mark.parametrize(("label", "said"), [("其他城乡社区管理事务支出", "城管支出"), ("办公费", "办公室电话费"), ("电费", "电话费")])
def test_a_label_is_not_meant_by_scattered_characters(label: str, said: str) -> None:
    assert likeness(label, said) < ALIKE


@pytest.mark.parametrize(("label", "said"), [
    ("订阅党报党刊经费", "订党报党刊"), ("医保服务站工作经费", "医保站经费"), ("校舍维修改造", "校舍维修")])
def test_a_label_may_be_cut_short_word_by_word(label: str, said: str) -> None:
    assert likeness(label, said) >= ALIKE


def test_whose_question_is_out_of_place_is_asked_back_or_answered_never_sent_away(asker: Asker) -> None:
    assert "无关" not in asker.ask("示例市教育局买房补贴多少").text


def test_a_ranking_goes_on_over_the_same_agencies(asker: Asker) -> None:
    turns = ("示例市教育局2025年三公经费", "水务局呢", "图书馆呢", "三家哪家最多", "最少的呢")
    answer = asker.ask(turns[-1], turns[:-1])
    amounts = [asker.ask(f"{name}2025年三公经费").values[0].amount for name in ("示例市教育局", "示例市水务局", "示例市图书馆")]
    assert answer.plan.operation == "rank" and answer.values[0].amount == min(amounts)


def test_a_ranking_goes_on_over_the_same_years(asker: Asker) -> None:
    turns = ("示例市教育局三公经费近三年", "哪年最高", "比最低的多多少")
    amounts = [asker.ask(f"示例市教育局{year}年预算三公经费").values[0].amount for year in (2023, 2024, 2025)]
    assert asker.ask(turns[-1], turns[:-1]).values[0].amount == max(amounts) - min(amounts)


def test_final_accounts_after_the_budget_are_told_beside_it(asker: Asker) -> None:
    answer = asker.ask("比预算", ("示例市教育局2024年决算三公经费",))
    assert [value.amount for value in answer.values[:2]] == [
        asker.ask(f"示例市教育局2024年{kind}三公经费").values[0].amount for kind in ("决算", "预算")]


def test_a_share_after_a_sum_is_that_of_the_sum(asker: Asker) -> None:
    turns = ("示例市教育局2025年水费多少", "电费呢", "两个加一起", "占总支出多少")
    together = asker.ask(turns[2], turns[:2]).values[0]
    assert together in asker.ask(turns[-1], turns[:-1]).values


@pytest.mark.parametrize("whole", ["他们总共", "全局预算", "整个盘子"])
def test_a_share_of_all_is_of_all_that_is_spent(asker: Asker, whole: str) -> None:
    plain = asker.ask("示例市教育局2025年差旅费占支出总计的百分之几").values[0]
    assert asker.ask(f"示例市教育局2025年差旅费占{whole}的百分之几").values[0] == plain
    assert asker.ask(f"这个占{whole}的百分之几", ("示例市教育局2025年差旅费多少",)).values[0] == plain


def test_what_is_no_part_of_the_three_public_expenses_is_no_share_of_them(asker: Asker) -> None:
    assert not any(value.unit == "%" for value in asker.ask("示例市教育局2025年差旅费占三公经费的百分之几").values)


def test_by_how_much_more_was_spent_is_a_difference(asker: Asker) -> None:
    plain = asker.ask("示例市教育局2025年差旅费比印刷费多多少").values[0]
    assert asker.ask("示例市教育局2025年差旅费比印刷费多花多少钱").values[0] == plain


def test_cars_are_never_compared_by_money(asker: Asker) -> None:
    for question in ("示例市教育局和示例市水务局谁的车多", "示例市教育局比示例市水务局多几辆车"):
        assert not any(value.unit.endswith("元") for value in asker.ask(question).values)


@pytest.mark.parametrize("word", ["初中", "中介", "高中", "中医"])
def test_a_word_is_not_cut_by_a_filler_in_it(asker: Asker, word: str) -> None:
    answer = asker.ask(f"{word}呢", ("示例市教育局2025年水费多少",))
    assert "水费" not in answer.text
    assert not answer.values or word in answer.text


def test_a_share_without_a_whole_says_so(asker: Asker) -> None:
    turns = ("示例市教育局2025年有哪些项目", "最大的两个", "占项目支出多少")
    answer = asker.ask(turns[-1], turns[:-1])
    assert "占" in answer.text


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("示例市图书馆2025年用电花费多少", "邮电费"),
        ("示例市水务局2025年水利工程花多少", "政府采购工程"),
        ("示例市教育局2025年校园工程多少钱", "政府采购工程"),
    ],
)
def test_a_word_inside_another_is_not_what_is_asked(asker: Asker, question: str, never: str) -> None:
    assert never not in asker.ask(question).text


def test_all_years_between_are_meant_without_saying_year_twice(asker: Asker) -> None:
    assert asker.ask("示例市教育局2023到2025三年差旅费一共多少").plan.years == (2023, 2024, 2025)


@pytest.mark.parametrize("question", [
    "2025年哪个单位三公经费超过20万", "2025年三公经费超过20万的单位", "2025年三公经费超过20万元的部门有哪些"])
def test_agencies_within_a_bound_are_listed(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert answer.route == "tables"
    assert {citation.document.agency for citation in answer.citations} == {"示例市水务局"}


def test_where_final_accounts_and_budget_differ_most(asker: Asker) -> None:
    answer = asker.ask("示例市图书馆2024年决算和预算差最多的是哪项")
    gap, final, budget = answer.values
    assert gap.amount == abs(final.amount - budget.amount)
    assert gap.amount > 0


def test_a_label_that_was_taken_for_the_words_is_said(asker: Asker) -> None:
    answer = asker.ask("示例市水务局2025年水库养护花了多少")
    assert any("水库养护" in said and "小型水库维修养护" in said for said in answer.assumptions)
    assert not asker.ask("示例市水务局2025年河道综合整治花了多少").assumptions


def test_agencies_that_have_none_of_it_are_not_ranked(asker: Asker) -> None:
    answer = asker.ask("2025年哪些单位有国有资本经营预算拨款收入")
    assert "最高的是" not in answer.text or all(value.amount for value in answer.values)


@pytest.mark.parametrize(
    ("question", "words"),
    [("示例市图书馆怎样保护古籍", "古籍的保护"), ("示例市图书馆古籍保护得怎样", "古籍的保护")],
)
def test_what_is_no_item_but_told_in_words_is_quoted(asker: Asker, question: str, words: str) -> None:
    answer = asker.ask(question)
    assert answer.route == "narrative" and not answer.values
    assert words in answer.text and words in (answer.citations[0].quote or "")


@pytest.mark.parametrize(
    "question", ["示例市图书馆2024年预算古籍费多少", "示例市图书馆2024年预算航天费", "示例市教育局2024年安全费花了多少钱"])
def test_words_are_no_answer_where_an_amount_is_asked(asker: Asker, question: str) -> None:
    assert asker.ask(question).route == "decline"


@pytest.mark.parametrize(
    ("before", "question", "amount"),
    [
        ("示例市教育局2025年会议费多少", "再加上培训费一共多少", "19.25"),
        ("示例市教育局2025年会议费多少", "再加上培训费和差旅费，三样一共呢", "40.43"),
        ("", "示例市教育局2025年会议费＋培训费＝？", "19.25"),
        ("", "家长都关心：示例市教育局2025年培训费多少", "10.59"),
    ],
)
def test_what_is_added_to_what_was_told_is_added(asker: Asker, before: str, question: str, amount: str) -> None:
    assert asker.ask(question, [before] if before else []).values[0].amount == Decimal(amount)


@pytest.mark.parametrize(("share", "verdict"), [("一半", "supported"), ("两成", "refuted")])
def test_a_claimed_percentage_of_money_is_a_share(asker: Asker, share: str, verdict: str) -> None:
    assert asker.ask(f"示例市教育局2025年{share}的钱都花在项目上，对吗").verdict == verdict


def test_bodies_that_are_managed_are_units_and_no_duties(asker: Asker) -> None:
    assert "预算单位" in asker.ask("示例市教育局下面管着哪些单位").text


@pytest.mark.parametrize(
    ("dialog", "question", "amounts"),
    [
        ([], "示例市教育局2025年差旅费超过会议费，超了多少", ["12.52"]),
        ([], "示例市教育局2025年三公经费比去年缩了百分之几、少了多少", ["53.29", "17.27"]),  # in the order asked
        ([], "示例市教育局2025年三公经费多少，比去年少了多少", ["15.14", "17.27"]),
        ([], "示例市教育局2025年差旅费一笔，会议费一笔，这两笔加起来多少", ["29.84"]),  # side by side, neither in the other
        ([], "示例市教育局2025年会议费、培训费在基本支出里占百分之几", ["0.75", "0.91"]),
        ([], "占比：示例市教育局2025年差旅费÷基本支出", ["1.82"]),
        ([], "示例市教育局2025年编码为30211的科目是多少", ["21.18"]),
        ([], "示例市教育局2025年302类11款多少", ["21.18"]),
        ([], "示例市教育局2025年30211、01合计多少", ["50.06", "21.18"]),
        ([], "有串号码30211，示例市教育局2025年对应的是多少", ["21.18"]),
        ([], "示例市教育局2024年预算表里，公务接待费上年那一栏是多少", ["4.11"]),
        ([], "示例市教育局2024年预算的材料里给了上年数：三公经费是多少", ["14.23"]),
        ([], "我拿到示例市教育局2024年的预算，要跟前一年对比：2023年三公经费是多少", ["14.23"]),
        ([], "今年也就是2025年示例市教育局三公经费多少", ["15.14"]),
        ([], "示例市教育局三公经费，25比24年初，降了百分之几", ["53.29"]),
        ([], "示例市教育局2025年预算里往年剩下带过来的钱", ["44.66"]),
        ([], "示例市教育局2025年除了人员经费，还有公用经费多少", ["235.56"]),
        (["示例市教育局2025年三公经费多少"], "公务接待费在里头占百分之几", ["28.93"]),
        (["示例市教育局2025年人员经费多少"], "它在整个基本支出里头占百分之多少", ["79.71"]),
        (["示例市教育局2025年项目支出多少"], "这里头最烧钱的是哪一个", ["416.91"]),
    ],
)
def test_what_is_made_of_figures_is_told_as_it_is_asked(asker: Asker, dialog: list[str], question: str, amounts: list[str]) -> None:
    told = [str(value.amount) for value in asker.ask(question, dialog).values]
    assert told[: len(amounts)] == amounts


@pytest.mark.parametrize("narrowing", ["人均", "二季度", "外聘人员的"])
def test_what_narrows_the_column_of_the_year_before_withholds_it(asker: Asker, narrowing: str) -> None:
    assert not asker.ask(f"示例市教育局2024年预算表里，{narrowing}公务接待费上年那一栏是多少").values


def test_a_year_after_one_that_is_only_opened_with_is_the_one_asked_about(asker: Asker) -> None:
    assert asker.ask("示例市教育局2025年预算我有了。那2028年呢，三公经费打算花多少").route == "decline"


def test_what_only_says_a_name_in_other_words_is_passed_over(asker: Asker) -> None:
    plain = asker.ask("示例市教育局2025年预算校舍安全维修是多少")
    assert plain.values
    for told in ("刷墙补漏的，", "给教室补屋顶那个，"):
        assert asker.ask(f"{told}示例市教育局2025年预算校舍安全维修是多少").values == plain.values
    for narrowing in ("外聘人员，", "实验小学，"):
        assert asker.ask(f"{narrowing}示例市教育局2025年预算校舍安全维修是多少").route != "tables"


def test_goods_are_set_against_services(asker: Asker) -> None:
    told = asker.ask("示例市教育局2025年预算采购里，买东西和买服务差多少")
    assert "政府采购货物" in told.text
    assert "政府采购服务" in told.text


def test_the_share_of_the_largest_is_told_first_where_it_is_asked_last(asker: Asker) -> None:
    assert asker.ask("示例市教育局2025年预算项目里哪个最大？占全部项目的几成").values[0].unit == "%"


def test_a_whole_and_its_largest_part_are_both_told(asker: Asker) -> None:
    both = asker.ask("示例市教育局2025年预算三公经费一共多少，哪一样最多")
    plain = asker.ask("示例市教育局2025年预算三公经费一共多少")
    assert both.values[0] == plain.values[0]
    assert "最高的是公务用车购置及运行维护费" in both.text


def test_what_is_only_pointed_at_is_not_all_that_is_spent(asker: Asker) -> None:
    assert not asker.ask("听说有岗位补助。示例市教育局2025年给这块放了多少钱").values


def test_whose_is_meant_is_asked_by_likeness(asker: Asker) -> None:
    asked = asker.ask("水务那边2025年预算三公经费是多少")
    assert asked.values or asked.options[0].startswith("示例市水务局")
