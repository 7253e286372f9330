"""What changes no question changes not what it is read as: order, particles, numerals, units, fillers, one slip of the same sound."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from retrieval.ask import Asker
from retrieval.words.pinyin import syllable

from .generator import canonical

CASES = Path(__file__).parent.parent / "questions"
SAME = 0.98
NAMES = ("示例市教育局", "示例市水务局", "示例市图书馆")
DIGITS = "〇一二三四五六七八九"
COMMON = "公工功共务物误屋费肺飞支知之出处初算酸预玉雨局居举教交叫育宇培陪训迅议义差茶旅吕"
"""Characters that are written for one another."""

Change = Callable[[str, random.Random], str]


def order(question: str, rng: random.Random) -> str:
    """甲局2024年 for 2024年甲局, and the other way round."""
    for name in NAMES:
        question = re.sub(rf"{name}(20\d\d年)(?![初末底到至度])", rf"\1{name}@", question) if "@" not in question else question
    return question.replace("@", "")


def particles(question: str, rng: random.Random) -> str:
    """A particle at the end."""
    bare = question.rstrip("？?。")
    if not bare:
        return question
    if bare[-1] in "吗呢啊吧呀么嘛":
        return bare[:-1] + {"吗": "么", "呢": "呀"}.get(bare[-1], bare[-1])
    return bare + rng.choice(["呢", "啊", "呀"])


def numerals(question: str, rng: random.Random) -> str:
    """Years in Chinese numerals."""
    return re.sub(r"20\d\d(?=年)", lambda match: "".join(DIGITS[int(digit)] for digit in match.group()), question)


def units(question: str, rng: random.Random) -> str:
    """An amount in 元 for one in 万元, which is as exact."""

    def in_yuan(match: re.Match[str]) -> str:
        amount = Decimal(match.group(1)) * 10_000
        return f"{amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize():f}元"

    return re.sub(r"(?<![\d.])(\d+\.\d+)万元", in_yuan, question)


def filler(question: str, rng: random.Random) -> str:
    """Politeness in front or behind."""
    return rng.choice(["请问", "麻烦查一下，", "您好，请问"]) + question


@cache
def alike() -> dict[str, list[str]]:
    """Characters by their sound."""
    found: dict[str, list[str]] = defaultdict(list)
    for c in COMMON:
        found[syllable(c)].append(c)
    return found


def slip(question: str, rng: random.Random) -> str:
    """One character of a long name written for another of the same sound."""
    names = re.findall("公务接待费|公务用车运行维护费|差旅费|会议费|培训费|教育支出|物业管理费|公用经费|收入总计|支出总计", question)
    for name in names:
        places = [at for at, c in enumerate(name) if len(alike().get(syllable(c), ())) > 1]
        if len(name) >= 4 and places:
            at = rng.choice(places)
            other = rng.choice([c for c in alike()[syllable(name[at])] if c != name[at]])
            return question.replace(name, name[:at] + other + name[at + 1 :], 1)
    return question


CHANGES: tuple[Change, ...] = (order, particles, numerals, units, filler, slip)


def denotation(expression: Any) -> Any:
    """The expression without how exactly a claimed quantity was said: 3.5万元 and 35000元 are the same."""

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            if len(value) == 3 and isinstance(value[0], Decimal) and isinstance(value[1], str):
                factor = {"万元": 10_000, "亿元": 100_000_000}.get(value[1], 1)
                return ((value[0] * factor).normalize(), "元" if value[1].endswith("元") else value[1], value[2])
            return tuple(map(plain, value))
        return value

    return plain(canonical(expression))


@pytest.fixture(scope="module")
def questions() -> list[str]:
    """The single questions of the project's cases."""
    found: list[str] = []
    for name in ("samples.jsonl", "unseen.jsonl"):
        for line in (CASES / name).read_text("utf-8").splitlines():
            case = json.loads(line)
            if not case.get("dialog"):
                found.append(case["question"])
    return found[::2]


@pytest.fixture(scope="module")
def read(rules: Asker) -> Callable[[str], Any]:
    """What a question is read as, without how it was said."""
    return cache(lambda question: denotation(rules.reader.read(question)[0].expression))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_that_says_nothing_changes_nothing(change: Change, read: Callable[[str], Any], questions: list[str]) -> None:
    rng = random.Random(change.__name__)
    tried, different = 0, []
    for question in questions:
        other = change(question, rng)
        if other == question:
            continue
        tried += 1
        before, after = read(question), read(other)
        if before != after:
            different.append((question, other, before, after))
    assert tried >= 20
    told = "\n".join(f"{question}\n{other}\n  {before}\n  {after}" for question, other, before, after in different[:8])
    assert len(different) <= (1 - SAME) * tried, f"{len(different)} of {tried}\n{told}"
