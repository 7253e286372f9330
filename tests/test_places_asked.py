"""A place is not one agency: what is answered says whose it is, and a whole place is asked back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.ask import Asker
from retrieval.figures.agencies import Directory
from retrieval.language.reader import Reader
from retrieval.names.store_names import StoreNames
from retrieval.names.whom import Whom
from store.snapshot import open_snapshot


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.fixture(scope="module")
def alone(asker: Asker) -> Asker:
    """The bundled samples with the library as the only agency of a place of its own: a government's office."""
    known = [one for agency in asker.desk.directory.agencies.values() for one in agency.disclosures]
    office = "远山市人民政府办公室"
    directory = Directory.of(replace(one, agency=office, agency_id=office) if "图书馆" in one.agency else one for one in known)
    names = StoreNames(asker.snapshot, directory, asker.desk.shelf, Whom.of(directory, ()))
    return Asker(asker.snapshot, replace(asker.desk, directory=directory), Reader(names))


@pytest.mark.parametrize("question", ["示例市2025年三公经费多少", "示例全市2025年三公经费一共多少", "全示例市2025年三公经费"])
def test_a_place_with_several_agencies_is_asked_back_with_each_of_them(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert answer.route == "clarify"
    assert [asker.ask(option).plan.agencies for option in answer.options] == [(name,) for name in sorted(
        agency.agency_id for agency in asker.desk.directory.named())]


def test_a_place_with_one_agency_is_answered_by_it_and_that_is_said(alone: Asker) -> None:
    answer = alone.ask("远山市2025年三公经费多少")
    assert answer.plan.agencies == ("远山市人民政府办公室",)
    assert any("远山市" in said and "汇总" in said for said in answer.assumptions)
    whole = alone.ask("远山全市2025年三公经费多少")
    assert (whole.route, whole.options) == ("clarify", ("远山市人民政府办公室2025年三公经费多少",))


def test_a_government_answered_by_its_office_is_said(alone: Asker) -> None:
    answer = alone.ask("远山市人民政府2025年三公经费多少")
    assert any("远山市人民政府办公室" in said for said in answer.assumptions)
    assert not alone.ask("远山市人民政府办公室2025年三公经费多少").assumptions


@pytest.mark.parametrize("question", ["教育部门有哪几家", "这里有哪些单位", "有多少家单位"])
def test_the_agencies_that_are_here_are_listed(asker: Asker, question: str) -> None:
    answer = asker.ask(question)
    assert "示例市教育局" in answer.text
    assert ("示例市水务局" in answer.text) == ("教育" not in question)


@pytest.mark.parametrize(("question", "part"), [
    ("五险一金是什么", "住房公积金"), ("水电费包括什么", "电费"), ("三险一金指什么", "职工基本医疗保险缴费"),
    ("示例市教育局五险一金是什么", "住房公积金")])
def test_a_word_for_several_things_is_explained_by_its_parts(asker: Asker, question: str, part: str) -> None:
    answer = asker.ask(question)
    assert answer.general_knowledge
    assert part in answer.text


def test_where_income_comes_from_is_told_with_amounts(asker: Asker) -> None:
    answer = asker.ask("示例市教育局2025年收入来自哪里")
    assert answer.plan.operation == "list"
    assert len(answer.values) > 2
    assert not answer.assumptions
