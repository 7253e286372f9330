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
