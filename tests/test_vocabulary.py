"""The vocabularies load, fold names alike for everybody, and say which line is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.vocabulary import DATA, VocabularyError, bare_label, plain_label, read_rows, vocabulary


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "vocabulary", tmp_path / "vocabulary")
    shutil.copytree(DATA / "forms", tmp_path / "forms")
    return tmp_path


def test_the_delivered_vocabularies_are_whole() -> None:
    words = vocabulary()
    assert words.code_by_number["208"][0].name == "社会保障和就业支出"
    assert "budget_overall" in words.forms_of("budget")
    assert "final_three_public" in words.forms_of("final")


@pytest.mark.parametrize(
    ("printed", "item"),
    [
        ("3、公务用车购置及运行费", "公务用车购置及运行维护费"),
        ("其中：（1）公务用车购置", "公务用车购置费"),
        ("因公出国(境)费", "因公出国（境）费用"),
        ("维修(护)费", "维修（护）费"),
        ("十一、上年结转（结余）", "上年结转"),
        ("收 入 总 计", "收入总计"),
        ("“三公”经费合计", "三公经费"),
        ("30101-基本工资", "基本工资"),
        ("[2014001]行政运行", "行政运行"),
        ("1.一般公共预算", "一般公共预算拨款收入"),
    ],
)
def test_a_thing_has_one_name_however_it_is_printed(printed: str, item: str) -> None:
    assert vocabulary().canonical_item(printed) == item


def test_a_year_is_no_code() -> None:
    assert bare_label("2024年预算数") == "2024年预算数"


@given(st.text(alphabet="（()）一二三、.1234567890其中：: \u3000费支出预算", max_size=20))
def test_folding_a_name_twice_changes_nothing(text: str) -> None:
    assert plain_label(plain_label(text)) == plain_label(text)
    assert bare_label(bare_label(text)) == bare_label(text)


def test_a_wrong_header_is_named_with_its_file(copy: Path) -> None:
    path = copy / "vocabulary" / "items.csv"
    path.write_text("name,item\n" + path.read_text("utf-8").split("\n", 1)[1], "utf-8")
    with pytest.raises(VocabularyError, match=r"items\.csv, line 1"):
        vocabulary(copy)


def test_a_duplicate_is_named_with_its_line(copy: Path) -> None:
    path = copy / "vocabulary" / "items.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    with pytest.raises(VocabularyError, match=rf"items\.csv, line {len(lines) + 1}"):
        vocabulary(copy)


def test_a_name_that_leads_nowhere_is_refused(copy: Path) -> None:
    with (copy / "vocabulary" / "items.csv").open("a", encoding="utf-8") as file:
        file.write("新名,没有这个项目,summary,,,,某通知\n")
    with pytest.raises(VocabularyError, match="没有这个项目"):
        vocabulary(copy)


def test_a_code_without_its_upper_code_is_refused(copy: Path) -> None:
    with (copy / "vocabulary" / "functional_codes.csv").open("a", encoding="utf-8") as file:
        file.write("2999901,某项,item,functional,,,某通知\n")
    with pytest.raises(VocabularyError, match="29999"):
        vocabulary(copy)


def test_a_form_with_an_unknown_key_is_named_with_its_line(copy: Path) -> None:
    path = copy / "forms" / "published_forms.toml"
    text = path.read_text("utf-8")
    line = text[: text.index("[[form]]")].count("\n") + 1
    path.write_text(text.replace("[[form]]\n", '[[form]]\nnumber = "表1"\n', 1), "utf-8")
    with pytest.raises(VocabularyError, match=rf"published_forms\.toml, line {line}: unknown keys"):
        vocabulary(copy)


def test_another_vocabulary_is_read_with_its_lines(copy: Path) -> None:
    (copy / "vocabulary" / "some.csv").write_text("a,b\n1,2\n3,4\n", "utf-8")
    rows = read_rows("some.csv", ("a", "b"), key=("a",), root=copy)
    assert [(row.line, row["b"]) for row in rows] == [(2, "2"), (3, "4")]
