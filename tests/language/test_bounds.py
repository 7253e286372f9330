"""Whatever is typed, reading it ends soon and raises nothing."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest

from retrieval.ask import Asker

LONGEST = Decimal("0.6")  # seconds of the processor; 0.2 is what the longest takes where this was written
QUESTION = "示例市教育局2024年公务接待费占三公经费的百分之几"

TEXTS = {
    "ten thousand characters": QUESTION * 420,
    "ten thousand of one character": "多" * 10_000,
    "two hundred numbers": "、".join(f"{number}.5万元" for number in range(200)),
    "two hundred claims": "，".join(f"公务接待费{number}万元" for number in range(200)),
    "two hundred years": "".join(f"{year}年" for year in range(1900, 2100)),
    "nested brackets": "（" * 200 + "公务接待费" + "）" * 200,
    "quotes that do not close": "“《" * 300 + QUESTION,
    "a hundred questions": "？".join([QUESTION] * 100),
    "only cues": "占比多少最多比去年增加减少除了以外哪个项目第几平均一共分别" * 8,
    "only names": "公务接待费会议费培训费差旅费印刷费" * 12,
    "everything without, of everything": "除了公务接待费以外的三公经费占" * 12 + "总支出的百分之几",
    "the largest of the largest": "最大的项目里最大的" * 20 + "项目是哪个",
    "more than more than": "公务接待费比会议费比培训费比差旅费多多少" * 6,
    "marks": "，。？！；：、“”（）《》" * 100,
    "English": "What share of the education bureau's budget went to official receptions in 2024, compared to 2023? " * 20,
    "other scripts": "Сколько денег? كم المبلغ؟ 예산은 얼마입니까? いくらですか ราคาเท่าไร " * 20,
    "letters": "shilishijiaoyujusangongjingfeiduoshao" * 20,
    "control characters": "".join(map(chr, range(0x20))) * 20 + QUESTION + "\u202e\u200b\ufeff\ud800",
    "combining marks and emoji": "钱\u0301\u0302🏛️👩‍👩‍👧‍👦" * 200,
    "a number of a thousand digits": "9" * 1000 + "万元",
    "Chinese numerals": "一二三四五六七八九十百千万亿" * 60,
    "percents": "百分之百分之百分之" * 60 + "%" * 200,
    "SQL": "'; DROP TABLE figures; -- " * 30,
    "regular expression": "(a+)+$" * 100 + "a" * 500,
    "empty": "",
    "blanks": " \t\u3000" * 500,
}


def _nonsense(seed: int) -> str:
    """Names, cues and what is neither, in any order."""
    rng = random.Random(seed)
    words = [
        "公务接待费",
        "三公经费",
        "示例市教育局",
        "2024年",
        "占",
        "比",
        "多",
        "少",
        "除了",
        "最大",
        "项目",
        "里",
        "和",
        "、",
        "，",
        "12万元",
        "30%",
        "？",
        "的",
        "谁",
        "魑魅",
        "x",
    ]
    return "".join(rng.choice(words) for _ in range(rng.choice([5, 20, 60, 200])))


@pytest.fixture(scope="module", autouse=True)
def warm(rules: Asker) -> None:
    """What is read once for all has been read: names, vocabularies, how names are spelled."""
    for text in (QUESTION, "shilishi jiaoyuju sangong", "示例市教鱼局"):
        rules.reader.read(text)


@pytest.mark.parametrize("name", TEXTS)
def test_reading_ends_soon_whatever_is_typed(name: str, rules: Asker) -> None:
    started = time.process_time()
    rules.reader.read(TEXTS[name])
    assert Decimal(time.process_time() - started) < LONGEST
    answer = rules.ask(TEXTS[name])
    assert answer.text
    assert answer.understood is None or len(answer.understood.spans) <= 40


def test_nonsense_is_read_soon_too(rules: Asker) -> None:
    for seed in range(60):
        text = _nonsense(seed)
        started = time.process_time()
        rules.reader.read(text)
        assert Decimal(time.process_time() - started) < LONGEST, text


def test_a_talk_of_a_hundred_turns_ends(rules: Asker) -> None:
    started = time.process_time()
    answer = rules.ask("那去年呢", [QUESTION, "去年呢", "里面最大的", "两个加起来"] * 25)
    assert answer.text
    assert Decimal(time.process_time() - started) < 10
