"""Asks each case in other ways and compares the answers: word order, particles, numerals, blanks, widths, slips, units.

`python -m tests.questions.paraphrase STORE [CASES.jsonl …]` measures all cases and prints what differs; a test does the same
with a seeded sample. A way that doesn't apply to a question (no year in it, no item that can be misspelt) is left out.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from retrieval.answer.answer import Answer
from retrieval.ask import Asker

HERE = Path(__file__).parent
WAYS_EACH = 5
SLIPS = {
    "接待费": "接代费",
    "差旅费": "差履费",
    "办公费": "办工费",
    "会议费": "会意费",
    "培训费": "陪训费",
    "邮电费": "邮店费",
    "福利费": "福力费",
    "基本工资": "基本公资",
    "基本支出": "基本之出",
    "项目支出": "项目之出",
    "三公经费": "三公经废",
    "工会经费": "公会经费",
    "退休费": "退修费",
    "运行维护费": "运行维户费",
}
"""Item words with one character mistaken for another of the same sound."""

_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_YEAR = re.compile(r"(?<!\d)20(\d\d)年")
_AGENCY_YEAR = re.compile(r"^(示例市\w{2,3}?[局馆])(20\d\d年)(?=预算|决算|度|部门|三公|公务|支出|收入|一般|基本|政府)")
_YEAR_AGENCY = re.compile(r"^(20\d\d年)(示例市\w{2,3}?[局馆])(?=预算|决算|度|部门|三公|公务|支出|收入|一般|基本|政府)")
_HOW_MUCH = re.compile(r"(是|有|花|安排了)?多少(钱)?[？?]?$")


def _bare(text: str) -> str:
    return re.sub(r"[？?。]+$", "", text)


def _asked(text: str, particle: str) -> str:
    """With a particle where the sentence has none yet."""
    return text if text.endswith(("吗", "吧", "呢", "么", "元", "%", "核对")) else text + particle


def _slip(text: str) -> str:
    for word, wrong in SLIPS.items():
        if word in text:
            return text.replace(word, wrong, 1)
    return text


def _unit(text: str) -> str:
    """多少 → 多少万元, where no unit is named and money is asked for; the amount in 万元 is what was published anyway."""
    return (
        text
        if "元" in text or re.search(r"多少(?:辆|个|人|台|家)", text)
        else _HOW_MUCH.sub(lambda m: f"{m.group(1) or ''}多少钱啊？", text)
    )


WAYS: dict[str, Callable[[str], str]] = {
    "please": lambda text: _asked(f"请问{_bare(text)}", "呀？"),
    "trouble": lambda text: f"麻烦查一下，{text}",
    "know": lambda text: _asked(f"我想知道{_bare(text)}", "呢"),
    "short year": lambda text: _YEAR.sub(r"\1年", text),
    "numerals": lambda text: _YEAR.sub(lambda m: m.group().translate(_CHINESE), text),
    "widths": lambda text: text.translate(_WIDE),
    "blanks": lambda text: re.sub(r"(20\d\d年)", r" \1 ", text),
    "agency last": lambda text: _AGENCY_YEAR.sub(r"\2\1", text),
    "agency first": lambda text: _YEAR_AGENCY.sub(r"\2\1", text),
    "jiduo": lambda text: _HOW_MUCH.sub("几多？", text),
    "money": _unit,
    "what": lambda text: re.sub(r"是多少(?=[？?]?$)", "有多少钱", text),
    "slip": _slip,
}


def ways(question: str, draw: random.Random) -> list[tuple[str, str]]:
    """Up to five other ways of asking, each with the name of the way, drawn without repetition."""
    made = [(name, way(question)) for name, way in WAYS.items()]
    different = list({text: name for name, text in made if text != question}.items())
    draw.shuffle(different)
    return [(name, text) for text, name in different[:WAYS_EACH]]


def meant(answer: Answer) -> tuple[object, ...]:
    """What an answer says, whatever the words: its figures and its verdict."""
    return answer.route in ("decline", "clarify"), answer.verdict, answer.values


def cases(*files: Path) -> Iterator[dict[str, Any]]:
    """The cases of the files, in order."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def compare(asker: Asker, asked: Sequence[dict[str, Any]], seed: int = 1) -> tuple[int, list[tuple[str, str, str]]]:
    """How many ways were tried, and (way, question, other wording) of those whose answer differs."""
    draw = random.Random(seed)
    tried, different = 0, []
    for case in asked:
        question, dialog = str(case["question"]), tuple(case.get("dialog", ()))
        told = meant(asker.ask(question, dialog))
        for name, text in ways(question, draw):
            tried += 1
            if meant(asker.ask(text, dialog)) != told:
                different.append((name, question, text))
    return tried, different


def main() -> None:
    """Measures all cases over the store named on the command line."""
    from store.snapshot import open_snapshot

    store, *files = sys.argv[1:]
    asker = Asker.of(open_snapshot(Path(store)))
    tried, different = compare(asker, list(cases(*(map(Path, files) if files else [HERE / "samples.jsonl"]))))
    for name, question, text in different:
        print(f"{name:12} {question}  →  {text}")
    print(f"{tried} ways, the same answer {1 - len(different) / max(tried, 1):.2%}, by way {dict(Counter(name for name, *_ in different))}")


if __name__ == "__main__":
    main()
