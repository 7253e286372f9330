"""Whom a question is about: names as people write them, and bodies that are not here."""

from __future__ import annotations

import pytest

from retrieval.agencies import Directory, Disclosure
from retrieval.ask import Asker
from retrieval.names.whom import Whom

AGENCIES = ("云山市文化和旅游局", "云山市财政局", "临江区教育局", "临江新区教育局", "国家信访事务中心", "云山市医疗保障局",
            "云山市东滩街道办事处")


def whom_of(*names: str) -> Whom:
    published = (Disclosure(name, name, name, year, "budget", "department", None, None) for name in names for year in (2023, 2024))
    return Whom.of(Directory.of(published), ())


def named(whom: Whom, said: str) -> list[set[str]]:
    """The agencies of each stretch that names one; a place alone names none."""
    return [{one for body in found.bodies for one in body.agency_ids} for found in whom.find(said) if not found.is_place]


@pytest.fixture(scope="module")
def whom() -> Whom:
    return whom_of(*AGENCIES)


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
def test_an_agency_is_found_by_its_full_and_by_a_shortened_name(whom: Whom, said: str, agency: str) -> None:
    assert named(whom, said) == [{agency}]


def test_a_short_name_that_fits_two_agencies_decides_nothing(whom: Whom) -> None:
    assert named(whom, "临江教育局2024年的差旅费") == [{"临江区教育局", "临江新区教育局"}]


@pytest.mark.parametrize("said", ["武汉市财政局2024年预算", "云山市教育局的三公经费", "样山市文化和旅游局预算"])
def test_an_agency_that_is_not_there_is_not_taken_for_another(whom: Whom, said: str) -> None:
    assert named(whom, said) == []


@pytest.mark.parametrize("body", [
    "文化和旅游局", "文化广电和旅游局", "自然资源和规划局", "发展和改革委员会", "教育局", "财政局", "医疗保障局", "医保局", "文旅局",
    "信访局", "教育工会", "医疗保障服务中心", "文化旅游协会"])
@pytest.mark.parametrize("place", ["长沙市", "武汉", "青岛", "新疆", "延边州", "杭州市余杭区", "安阳县", "云南省"])
def test_no_other_places_agency_is_answered_by_one_of_ours(whom: Whom, place: str, body: str) -> None:
    said = f"{place}{body}2024年三公经费是多少"
    assert named(whom, said) == []
    assert whom.unknown(said, whom.find(said)), "it is seen to be an agency that is not here"


@pytest.mark.parametrize(
    "said", [
    "云山市东滩街道社区卫生服务中心", "东滩街道党群服务中心", "云山市财政学会",
    "云山市发展和改革委员会", "云山市医疗保障服务中心", "临江区教育工会", "云山市财政和审计局"])
def test_another_body_of_the_same_place_is_not_answered_by_ours(whom: Whom, said: str) -> None:
    assert named(whom, f"{said}2024年三公经费") == []


def test_the_body_above_is_not_the_body_below() -> None:
    names = ("清溪市交通局公路养护中心", "白石市公安局巡逻警察支队", "清溪市人大常委会办公室")
    here = whom_of(*names)
    for said in ("清溪市交通局2024年预算多少", "白石市公安局2024年三公经费"):
        assert named(here, said) == [] and here.unknown(said, here.find(said))
    for said, name in (("清溪市公路养护中心预算", 0), ("白石市公安局巡逻警察支队预算", 1), ("清溪市人大常委会2024年预算", 2)):
        assert named(here, said) == [{names[name]}]


@pytest.mark.parametrize("said", ["公安局的招待费多少", "医院三公经费", "武汉2024年三公经费"])
def test_a_body_or_a_place_that_is_not_here_is_said_to_be_missing(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert answer.route == "decline" and not answer.values
    assert "这里没有" in answer.text and said[:2] in answer.text and "示例市教育局" in answer.text
    then = rules.ask(f"那{said[:3]}呢", ("示例市教育局2024年招待费",))
    assert not then.values


@pytest.mark.parametrize("said", ["示例市哪个局三公经费花得最多", "示例市谁的三公经费最少", "示例市哪家单位差旅费最高"])
def test_which_of_a_places_agencies_is_asked_of_all_that_are_there(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert answer.plan.operation == "rank"
    assert {citation.document.agency for citation in answer.citations} == {"示例市教育局", "示例市水务局", "示例市图书馆"}
    amounts = [value.amount for value in answer.values]
    assert amounts == sorted(amounts, reverse="最少" not in said)


@pytest.mark.parametrize(
    "said", ["我们局三公经费", "本单位三公经费", "小学教育支出多少", "示例市的三公经费", "政府性基金预算", "图书馆三公经费"])
def test_what_is_no_name_of_another_body_is_not_taken_for_one(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert "这里没有" not in answer.text
    assert answer.values or answer.route == "clarify"
