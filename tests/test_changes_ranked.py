"""Which part, year or thing grew or fell most: by change, never by size."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.ask import Asker
from store.snapshot import open_snapshot

SCHOOLS = "示例市教育局"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


def listed(asker: Asker, year: int, whole: str) -> dict[str, Decimal]:
    answer = asker.ask(f"{SCHOOLS}{year}年预算{whole}有哪些，各多少")
    return {point.label: point.value.amount for point in answer.chart}


@pytest.mark.parametrize("whole", ["商品和服务支出", "项目", "按功能分类的支出"])
@pytest.mark.parametrize(("way", "sign"), [("增加", 1), ("减少", -1)])
def test_the_part_that_changed_most_is_the_one_between_two_years(asker: Asker, whole: str, way: str, sign: int) -> None:
    now, then = listed(asker, 2025, whole), listed(asker, 2024, whole)
    gaps = {name: (now[name] - then[name]) * sign for name in now.keys() & then.keys()}
    answer = asker.ask(f"{SCHOOLS}2025年预算{whole}中哪项比上年{way}最多")
    largest = max(gaps.values())
    if largest > 0:
        assert answer.values[0].amount == largest
        assert answer.text.count(way) >= 1
    else:
        assert not answer.values
        assert f"没有比2024年{way}" in answer.text


def test_the_year_that_grew_most_is_not_the_largest_year(asker: Asker) -> None:
    answer = asker.ask(f"{SCHOOLS}三公经费预算哪年增长最快")
    assert answer.values[0].unit == "%"
    assert answer.values[0].amount == max(value.amount for value in answer.values if value.unit == "%")
    fell = asker.ask(f"{SCHOOLS}三公经费预算哪一年下降最快")
    now, then = (asker.ask(f"{SCHOOLS}{year}年预算三公经费多少").values[0].amount for year in (2025, 2024))
    assert fell.values[0].unit == "%" and fell.values[0].amount == ((then - now) / then * 100).quantize(Decimal("0.01"))
    assert "减少" in fell.text


def test_of_two_things_the_growth_of_each_is_told(asker: Asker) -> None:
    answer = asker.ask(f"{SCHOOLS}2025年预算差旅费和水费哪个增长最快")
    assert [value.unit for value in answer.values].count("%") == 2


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("示例市教育局2024年支出中仅次于教育支出的是哪一类，多少", "134.54"),
        ("示例市教育局2024年支出里只次于社会保障和就业支出的是哪一类", "77.21"),
        ("示例市教育局2024年项目里仅次于校舍安全维修的是哪个", "375.12"),
        ("我知道示例市教育局2024年最大的项目是校舍安全维修，排第二的项目有多少钱", "375.12"),
        ("示例市教育局2024年养人办公的基本支出是多少", "1069.51"),
        ("同在示例市，教育局2024年的三公经费比水务局高多少", "15.30"),
        ("示例市教育局2024年的三公经费跟水务局2023年的三公经费，谁多", "32.41"),
    ],
)
def test_what_is_next_to_a_named_one(rules: Asker, question: str, amount: str) -> None:
    assert f"{rules.ask(question).values[0].amount:f}" == amount


def test_what_is_said_to_be_the_largest_is_checked(rules: Asker) -> None:
    assert rules.ask("示例市教育局2024年最大的项目是校舍安全维修，对吗").verdict == "supported"
    assert rules.ask("示例市教育局2024年最大的项目是普通高中实验室建设，对吗").verdict == "refuted"


@pytest.mark.parametrize("narrow", ["只算二季度的", "给新来的人的"])
def test_what_is_next_in_a_narrower_thing_is_not_told(rules: Asker, narrow: str) -> None:
    assert not rules.ask(f"示例市教育局2024年{narrow}支出中仅次于教育支出的是哪一类").values
