"""The glossary for people: every term explained in our words, with the rule it rests on."""

from __future__ import annotations

from itertools import combinations

import pytest

from retrieval.prose.general_answers import explain_in_general
from retrieval.prose.general_terms import general_terms

ASKED = ("款", "项", "类", "一般公共预算", "政府性基金", "基本支出", "项目支出", "三公经费", "机关运行经费", "结转结余", "财政拨款", "决算")


def test_every_term_has_a_meaning_and_a_source() -> None:
    assert [term.id for term in general_terms().terms if not (term.names and term.meaning and term.source)] == []


def test_no_name_stands_for_two_terms() -> None:
    for first, second in combinations(general_terms().terms, 2):
        assert not set(first.names) & set(second.names), f"{first.id} and {second.id} share a name"


def test_every_difference_is_between_known_terms() -> None:
    for entry in general_terms().differences:
        assert all(general_terms().exactly(name) for name in entry.between), entry.between


@pytest.mark.parametrize("term", ASKED)
def test_what_people_ask_most_is_explained(term: str) -> None:
    text = explain_in_general(f"{term}是什么意思")
    assert text is not None
    assert "通用解释" in text


def test_a_difference_names_both_terms_and_its_rule() -> None:
    text = explain_in_general("一般公共预算和政府性基金有什么区别")
    assert text is not None
    assert "一般公共预算" in text
    assert "政府性基金" in text
    assert "预算法" in text


def test_a_term_of_one_character_is_not_found_inside_other_words() -> None:
    assert explain_in_general("贷款利息") is None
    assert explain_in_general("款项到了吗") is None


def test_a_longer_name_hides_the_shorter_one_inside_it() -> None:
    assert [term.id for term in general_terms().named("公务用车购置及运行维护费是什么")] == ["vehicles"]
