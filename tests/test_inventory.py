"""What is here to be asked: agencies, years and tables, told without a figure and with questions to click."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.ask import Asker
from store.snapshot import open_snapshot


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize("question", ["2024年有哪些单位公布了决算", "哪些单位公开了2024年决算"])
def test_the_agencies_that_published_are_named(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert all(name in answer.text for name in ("示例市图书馆", "示例市教育局", "示例市水务局"))
    assert not answer.values
    assert all(asker.ask(option).values for option in answer.options)


def test_nobody_is_named_for_a_year_without_disclosures(asker: Asker) -> None:
    answer = asker.ask("2016年有哪些单位公布了决算")
    assert answer.route == "decline"
    assert "示例市" not in answer.text


@pytest.mark.parametrize("question", ["示例市教育局有哪几年的数据", "示例市教育局公布了哪些年的决算"])
def test_the_years_of_an_agency_are_told(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert "2023年决算" in answer.text
    assert "2024年决算" in answer.text
    assert answer.options


def test_the_tables_of_a_disclosure_are_told(asker: Asker) -> None:
    answer = asker.ask("示例市教育局2024年预算公开了哪些表")
    assert "《部门收支总表》" in answer.text
    assert not answer.values


@pytest.mark.parametrize(
    "question", ["示例市教育局哪年的三公经费最高", "哪些单位的三公经费超过10万元", "示例市教育局2024年预算哪些项目花钱最多"])
def test_questions_about_money_are_no_questions_about_what_is_here(asker: Asker, question: str) -> None:
    assert asker.ask(question).values


@pytest.mark.parametrize("question", ["怎么用", "你能回答什么问题", "数据是哪来的"])
def test_what_can_be_asked_is_said(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert "三公经费" in answer.text
    assert "公开的文件" in answer.text
