"""Questions become plans: agencies, years, items and operations by rules, whatever the wording."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from retrieval.planner import Planner

from retrieval.agencies import Directory, Disclosure
from retrieval.ask import Asker
from retrieval.periods import find_periods
from retrieval.plan import Plan
from retrieval.reading import chinese_number, fold, quantities
from store.snapshot import open_snapshot
from tests.properties import examples

AGENCIES = ("云山市文化和旅游局", "云山市财政局", "临江区教育局", "临江新区教育局", "国家信访事务中心", "云山市医疗保障局",
            "云山市东滩街道办事处")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.of(
        Disclosure(f"{name}{year}", name, name, year, "budget", "department", None, None) for name in AGENCIES for year in (2023, 2024)
    )


@pytest.fixture(scope="module")
def planner(sample_store: Path) -> Planner:
    return Asker.of(open_snapshot(sample_store)).planner


def ask(planner: Planner, question: str, *dialog: str) -> Plan:
    return planner.plan(question, dialog)


@pytest.mark.parametrize(
    ("said", "agency"),
    [
        ("云山市文化和旅游局2024年预算多少", "云山市文化和旅游局"),
        ("云山文旅局的三公经费", "云山市文化和旅游局"),
        ("云山医保局 差旅费", "云山市医疗保障局"),
        ("听说云山市财政局2024年预算是一亿", "云山市财政局"),
        ("临江新区教育局", "临江新区教育局"),
        ("临江区教育局2024年", "临江区教育局"),
    ],
)
def test_an_agency_is_found_by_its_full_and_by_a_shortened_name(directory: Directory, said: str, agency: str) -> None:
    assert [m.agency_ids for m in directory.find(said).found] == [(agency,)]


def test_a_short_name_that_fits_two_agencies_decides_nothing(directory: Directory) -> None:
    (mention,) = directory.find("临江教育局2024年的差旅费").found
    assert set(mention.agency_ids) == {"临江区教育局", "临江新区教育局"}


@pytest.mark.parametrize("said", ["武汉市财政局2024年预算", "云山市教育局的三公经费", "样山市文化和旅游局预算"])
def test_an_agency_that_is_not_there_is_not_taken_for_another(directory: Directory, said: str) -> None:
    assert not directory.find(said).found


@pytest.mark.parametrize("body", [
    "文化和旅游局", "文化广电和旅游局", "自然资源和规划局", "发展和改革委员会", "教育局", "财政局", "医疗保障局", "医保局", "文旅局",
    "信访局", "教育工会", "医疗保障服务中心", "文化旅游协会"])
@pytest.mark.parametrize("place", ["长沙市", "武汉", "青岛", "新疆", "延边州", "杭州市余杭区", "安阳县", "云南省"])
def test_no_other_places_agency_is_answered_by_one_of_ours(directory: Directory, place: str, body: str) -> None:
    mentions = directory.find(f"{place}{body}2024年三公经费是多少")
    assert mentions.found == ()
    assert mentions.unknown, "it is seen to be an agency that is not here"


@pytest.mark.parametrize(
    "said", [
    "云山市东滩街道社区卫生服务中心", "东滩街道党群服务中心", "云山市财政学会",
    "云山市发展和改革委员会", "云山市医疗保障服务中心", "临江区教育工会", "云山市财政和审计局"])
def test_another_body_of_the_same_place_is_not_answered_by_ours(directory: Directory, said: str) -> None:
    assert directory.find(f"{said}2024年三公经费").found == ()


@pytest.mark.parametrize(
    ("said", "named"),
    [("公安局的招待费多少", "公安局"), ("医院三公经费", "医院"), ("武汉2024年三公经费", "武汉"), ("示例市政府的三公经费", "示例市政府")])
def test_a_body_or_a_place_that_is_not_here_is_said_to_be_missing(planner: Planner, said: str, named: str) -> None:
    plan = ask(planner, said)
    assert (plan.operation, plan.reason, plan.named) == ("decline", "unknown_agency", named)
    assert ask(planner, f"那{named}呢", "示例市教育局2024年招待费").reason == "unknown_agency"


@pytest.mark.parametrize("said", ["示例市哪个局三公经费花得最多", "示例市谁的三公经费最少", "示例市哪家单位差旅费最高"])
def test_which_of_a_places_agencies_is_asked_of_all_that_are_there(planner: Planner, said: str) -> None:
    plan = ask(planner, said)
    assert (plan.operation, plan.over) == ("rank", "agencies")
    assert set(plan.agencies) == {"示例市教育局", "示例市水务局", "示例市图书馆"}


@pytest.mark.parametrize(
    "said", ["我们局三公经费", "本单位三公经费", "小学教育支出多少", "示例市的三公经费", "政府性基金预算", "图书馆三公经费"])
def test_what_is_no_name_of_another_body_is_not_taken_for_one(planner: Planner, said: str) -> None:
    assert ask(planner, said).reason != "unknown_agency"


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
    (quantity,) = quantities(fold(said))
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
def test_everyday_words_name_the_published_item(planner: Planner, question: str, item: str) -> None:
    assert ask(planner, f"示例市教育局2024年{question}").items[0].item == item


@pytest.mark.parametrize(
    ("question", "operation", "over"),
    [
        ("三公经费是多少", "lookup", None),
        ("办公费和差旅费合计多少", "sum", "items"),
        ("办公费比差旅费少多少", "difference", "items"),
        ("差旅费占商品和服务支出的比重", "share", None),
        ("预算比上年增长百分之几", "growth", "years"),
        ("三公经费比上年增加多少", "difference", "years"),
        ("商品和服务支出里最高的三项", "rank", "items"),
        ("办公费和差旅费哪个多", "compare", "items"),
        ("三公经费包括哪些，各多少", "list", "items"),
        ("三公经费为什么减少", "explain", None),
        ("基本支出是什么意思", "define", None),
        ("公务接待费是14万元，对吗", "verify", None),
        ("差旅费的预算执行率", "share", "kinds"),
        ("近三年三公经费", "trend", "years"),
    ],
)
def test_the_wording_shows_the_operation(planner: Planner, question: str, operation: str, over: str | None) -> None:
    plan = ask(planner, f"示例市教育局{question}")
    assert (plan.operation, plan.over) == (operation, over)


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
def test_a_question_in_other_words_gives_the_same_plan(planner: Planner, ways: tuple[str, ...]) -> None:
    plans = [ask(planner, way) for way in ways]
    seen = {(p.operation, p.agencies, p.years, p.kind, tuple(a.item for a in p.items), p.base.item if p.base else None) for p in plans}
    assert len(seen) == 1


def test_a_follow_up_takes_over_what_it_leaves_open(planner: Planner) -> None:
    first = "示例市教育局2024年预算的三公经费是多少？"
    assert ask(planner, "那2023年呢", first).years == (2023,)
    assert ask(planner, "换成元", first).unit == "元"
    assert ask(planner, "为什么", first).operation == "explain"
    assert ask(planner, "其中公务接待费呢", first).items[0].item == "公务接待费"
    assert ask(planner, "和水务局比呢", first).over == "agencies"
    assert "agency" in ask(planner, "那决算呢", first).carried


@settings(max_examples=examples(150))
@given(text=st.text(max_size=200))
def test_any_text_at_all_gets_a_plan(planner: Planner, text: str) -> None:
    assert isinstance(planner.plan(text), Plan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "？",
        "三" * 10_000,
        "😀😀",
        "\x00\x07",
        "' OR 1=1 --",
        "DROP TABLE documents;--",
        "<b>预算</b>",
        "[[[",
        "a AND",
        "三公:经费(",
    ],
)
def test_hostile_text_gets_a_plan_quickly(planner: Planner, text: str) -> None:
    assert isinstance(planner.plan(text), Plan)


@pytest.mark.parametrize(
    ("turns", "operation", "items"),
    [
        (("示例市教育局2025年水费多少", "电费呢", "两项加起来"), "sum", ("水费", "电费")),
        (("示例市教育局2025年水费和电费多少", "差旅费呢", "这几项一共多少"), "sum", ("水费", "电费", "差旅费")),
        (("示例市教育局2025年水费多少", "电费呢", "差旅费呢", "后两项加起来"), "sum", ("电费", "差旅费")),
        (("示例市教育局2025年水费多少", "电费呢", "差多少"), "difference", ("水费", "电费")),
        (("示例市教育局2025年水费多少", "电费呢", "这两项哪个多"), "rank", ("水费", "电费")),
        (("示例市教育局2025年水费多少", "电费呢", "两项占总支出多少"), "share", ("水费", "电费")),
    ],
)
def test_what_earlier_turns_named_is_taken_together(planner: Planner, turns: tuple[str, ...], operation: str, items: tuple[str, ...]):
    plan = ask(planner, turns[-1], *turns[:-1])
    assert (plan.operation, tuple(asked.item for asked in plan.items)) == (operation, items)
    assert "item" in plan.carried


@pytest.mark.parametrize("question", [
    "示例市教育局2025年差旅费比2023年", "示例市教育局差旅费2025年较2023年", "示例市教育局2025年差旅费跟2023年比"])
def test_two_years_beside_each_other_are_compared(planner: Planner, question: str) -> None:
    plan = ask(planner, question)
    assert (plan.operation, plan.over, plan.years) == ("difference", "years", (2023, 2025))
