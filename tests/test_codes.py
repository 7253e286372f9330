"""The published classifications in data/vocabulary: their shape, their parents, and that a code means one thing in a year."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

VOCABULARY = Path(__file__).parents[1] / "data" / "vocabulary"
LISTS = ("functional_codes.csv", "economic_codes.csv")
LEVELS = {3: "class", 5: "section", 7: "item"}
FIRST_YEAR, LAST_YEAR = 2007, 2100

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (VOCABULARY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def years(row: Row) -> range:
    return range(int(row["valid_from"] or FIRST_YEAR), int(row["valid_to"] or LAST_YEAR) + 1)


@pytest.mark.parametrize("name", LISTS)
def test_every_code_says_where_it_comes_from(name: str) -> None:
    assert [row["code"] for row in rows(name) if not row["source"].strip() or not row["name"].strip()] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_length_of_a_code_tells_its_level(name: str) -> None:
    assert [row["code"] for row in rows(name) if LEVELS.get(len(row["code"])) != row["level"]] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_code_has_one_name_in_a_year(name: str) -> None:
    taken: dict[tuple[str, str], list[range]] = defaultdict(list)
    for row in rows(name):
        key = (row["classification"], row["code"])
        for span in taken[key]:
            assert span.stop <= years(row).start or years(row).stop <= span.start, f"{row['code']} has two names in one year"
        taken[key].append(years(row))


@pytest.mark.parametrize("name", LISTS)
def test_the_parent_of_every_code_exists_in_the_years_of_the_code(name: str) -> None:
    known: dict[str, list[range]] = defaultdict(list)
    for row in rows(name):
        known[row["code"]].append(years(row))
    for row in rows(name):
        if row["level"] == "class":
            continue
        parents = known[row["code"][:-2]]
        assert any(span.start < years(row).stop and years(row).start < span.stop for span in parents), f"{row['code']} has no parent"


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_sorted_so_that_a_change_is_one_line(name: str) -> None:
    keys = [(row["code"], row["name"]) for row in rows(name)]
    assert keys == sorted(keys)


def test_the_first_digit_tells_which_classification_a_code_belongs_to() -> None:
    first = {"functional": "2", "economic_department": "3", "economic_government": "5"}
    for name in LISTS:
        assert all(row["code"].startswith(first[row["classification"]]) for row in rows(name))


def test_everyday_codes_are_known_by_their_official_names() -> None:
    names = {(row["code"], row["valid_to"]): row["name"] for name in LISTS for row in rows(name)}
    assert names["30217", ""] == "公务接待费"
    assert names["2080505", ""] == "机关事业单位基本养老保险缴费支出"
    assert names["210", "2018"] == "医疗卫生与计划生育支出"
    assert names["210", ""] == "卫生健康支出"
