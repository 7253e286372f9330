"""Every error, warning and doubt has a sentence in both languages that needs only what is given with it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from store import errors
from store.errors import MingzhangError
from store.messages import caller_language, codes, describe, describe_warning, templates

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("store", "ingest", "retrieval", "serving", "cli", "ui")
DERIVED = {"place", "detail"}          # made by store/messages.py from page and reason
HAN = re.compile(r"[\u4e00-\u9fff]")


def classes(root: type[MingzhangError] = MingzhangError) -> Iterator[type[MingzhangError]]:
    yield root
    for each in root.__subclasses__():
        yield from classes(each)


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Every call and keyword of the program, with its file."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [
        (str(path.relative_to(ROOT)), node)
        for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call | ast.keyword)]


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path, node in nodes():
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == name:
            yield path, node


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", sorted(set(classes()), key=lambda each: each.code), ids=lambda each: each.code)
def test_an_error_says_what_happened_and_what_to_do_in_both_languages(kind: type[MingzhangError]) -> None:
    entry = templates(kind.code)
    assert set(entry) == {"zh", "en"}
    for language, sentences in entry.items():
        assert len(sentences) == 2, f"{kind.code} {language}: what happened, what to do"
        assert all(sentence.strip() for sentence in sentences)
    assert HAN.search("".join(entry["zh"]))
    assert not HAN.search("".join(entry["en"]))
    chinese, english = (placeholders("".join(entry[language])) for language in ("zh", "en"))
    assert chinese == english, "both languages use the same facts"


@pytest.mark.parametrize("kind", sorted(set(classes()), key=lambda each: each.code), ids=lambda each: each.code)
def test_a_message_uses_only_facts_that_every_place_that_raises_it_gives(kind: type[MingzhangError]) -> None:
    needed = placeholders("".join(sentence for sentences in templates(kind.code).values() for sentence in sentences)) - DERIVED
    for path, call in calls(kind.__name__):
        if any(keyword.arg is None for keyword in call.keywords):
            continue                   # facts handed on from another error
        given = {keyword.arg for keyword in call.keywords}
        assert needed <= given, f"{path}:{call.lineno} raises {kind.__name__} without {needed - given}"


@pytest.mark.parametrize("maker", ["Warned", "Unread"])
def test_every_warning_and_every_reason_for_an_unread_number_has_a_sentence(maker: str) -> None:
    for path, call in calls(maker):
        argument = call.args[0 if maker == "Warned" else -1] if call.args else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
            assert argument.value in codes(), f"{path}:{call.lineno} uses {argument.value}"


def test_every_doubt_has_a_sentence() -> None:
    for path, node in nodes():
        if isinstance(node, ast.keyword) and node.arg == "doubt" and isinstance(node.value, ast.Constant) and node.value.value:
            assert node.value.value in codes(), f"{path}:{node.value.lineno}"


def test_showing_an_error_never_fails_for_want_of_a_fact() -> None:
    for code in codes() | {"no_such_code"}:
        for language in ("zh", "en"):
            assert all(describe(code, {}, language))
            assert describe_warning(code, "{}", language)


def test_a_sentence_names_file_place_and_remedy() -> None:
    error = errors.DamagedFile(file="a.pdf", page=3)
    assert describe(error.code, error.where, "zh") == ("a.pdf 第 3 页已损坏或不完整，无法读取。", "请重新下载，确认能正常打开后再导入。")
    assert describe(error.code, error.where, "en")[0] == "a.pdf page 3 is damaged or incomplete and could not be read."


@pytest.mark.parametrize(("environment", "language"), [
    ({}, "zh"), ({"LANG": "C.UTF-8"}, "zh"), ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "en_US.UTF-8"}, "en"),
    ({"LC_ALL": "de_DE", "LANG": "zh_CN"}, "en")])
def test_the_language_is_the_callers_and_chinese_where_none_is_named(environment: dict[str, str], language: str) -> None:
    assert caller_language(environment) == language
