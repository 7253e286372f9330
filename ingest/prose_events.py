"""What a passage states, in order: numbers with their units, and clauses that state one in words.

Takes a passage, gives its numbers, its clauses that say nothing changed (与上年持平) and those that say there is none
(无政府性基金安排的支出), each with the place where its clause begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.clauses import SAME, fund_of
from ingest.numbering import read_numbering
from ingest.prose_numbers import ProseNumber, read_chinese_counts, read_numbers, read_zeros
from store.values import Passage
from store.vocabulary import plain_label, vocabulary

_MARKS = "，。；：、,;\n"
OPENING, CLOSING = "（(", "）)"
_NONE = re.compile(
    r"(?P<lead>[^，。；：\n（(]*?)(?P<verb>没有使用|没有安排|没有|未使用|未安排|未编制|不涉及|无(?!增减|变化|变动|关|法|论|偿|障|线|形|人|纸|害|违|需|锡|固))"
    r"(?P<what>(?:[^，。；：\n（）()]|[（(][^（）()\n]{0,20}[）)]){2,50})"
)
_MONEY_WORDS = re.compile(r"支出|收入|收支|拨款|经费|资金|预算|基金|采购|用车|接待|出国|费")
_CONDITION = re.compile(r"举办|[如若凡]|数字|表示|空表|数据|原因|主要|由于|超")
_ARRANGED = re.compile(
    r"(?:预算)?(?:当年)?(?:财政)?(?:拨款)?(?:预算)?(?:安排|使用)?的?(?:支出|收入|收支|资金|拨款)?(?:预算|决算|情况|事项)?$"
)
_COUNTED = re.compile(r"(?:数|量|次|率|额|增加|减少|增减|变化)(?:均|都|全部|各)*为$|[增减比较]")
_COUNT_TOPICS = ("institutions", "budget_units", "staffing")


@dataclass(frozen=True, slots=True)
class Wordless:
    """A clause that states a figure without a number."""

    start: int
    end: int
    word: str                      # "持平", "无"
    named: str                     # the words that say what of
    is_same: bool                  # nothing changed, rather than there is none


def events_of(passage: Passage) -> list[ProseNumber | Wordless]:
    """What the passage states, in order: numbers, and clauses that state one without a number."""
    text = passage.text
    numbers = list(read_numbers(text))
    if passage.topic in _COUNT_TOPICS:
        numbers += read_chinese_counts(text)
    numbers += [zero for zero in read_zeros(text) if _is_of_money(text[clause_start(text, zero.start, 0):zero.start])]
    taken = [(number.start, number.end) for number in numbers]
    events: list[ProseNumber | Wordless] = list(numbers)
    for match in SAME.finditer(text):
        if re.match(r"的?(?:主要)?原因", text[match.end():]):
            continue
        start = clause_start(text, match.start(), 0)
        if re.search(r"上年|去年|上一年|上年度|年初|20\d{2}|预算|同期", text[start:match.start()]) or _follows_comparison(text, start):
            events.append(Wordless(start, match.end(), match.group(), _before_comparison(text[start:match.start()]), True))
    for match in _NONE.finditer(text):
        inside = any(match.start() <= start < match.end() for start, _ in taken)
        excepted = SAME.search(match.group()) or _CONDITION.search(match.group())
        if not inside and not excepted and _MONEY_WORDS.search(match.group("what")):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            events.append(Wordless(start, match.end(), match.group("verb"), match.group("what"), False))
    return sorted(events, key=lambda event: event.start)


def _is_of_money(clause: str) -> bool:
    """Whether a clause before 为零 is about an amount, not about a count or a change."""
    return _MONEY_WORDS.search(clause) is not None and not _COUNTED.search(clause) and not _CONDITION.search(clause)


def _follows_comparison(text: str, start: int) -> bool:
    return bool(re.search(r"[较比与]\s?(?:上年|去年|20\d{2}年?)[^，。；]{0,8}，?$", text[max(0, start - 16):start]))


def _before_comparison(clause: str) -> str:
    return re.split(r"[，,]?\s*(?:与|同|较|比|和)\s*(?=上年|去年|上一|20\d{2}|年初|预算)", clause)[0]


def each_of(what: str) -> list[str]:
    """The things of which there is none: 政府性基金预算支出、国有资本经营预算支出 | …收入和支出."""
    if shared := re.fullmatch(r"(.{2,}?)(?:收入(?:和|与|及|、)支出|收支)(?:预算|决算)?", plain_label(what)):
        return [shared.group(1) + "收入", shared.group(1) + "支出"]
    parts = re.split(r"、|以及|[和及与](?=[一-鿿]{4})", what)
    return parts if all(_MONEY_WORDS.search(part) for part in parts) else [what]


def none_of(what: str) -> str:
    """The item of a "there is none" clause: 政府性基金安排的支出 → 政府性基金."""
    plain = re.sub(r"^(?:使用|安排|当年|本年|20\d{2}年度?)+", "", plain_label(what))
    if plain in vocabulary().item_by_variant:
        return plain
    bare = _ARRANGED.sub("", plain) or plain
    return f"{bare}支出" if "支出" in plain and fund_of(bare) else bare


def clause_start(text: str, end: int, last: int) -> int:
    """Where the clause before `end` begins: behind the last mark outside brackets, or behind the figure before (`last`)."""
    depth, index = 0, end - 1
    while index >= last:
        mark = text[index]
        if mark in CLOSING:
            depth += 1
        elif mark in OPENING:
            if depth == 0:
                return index + 1
            depth -= 1
        elif depth == 0 and mark in _MARKS and not _inner_mark(text, index, last, end):
            return index + 1
        index -= 1
    return last + 1 if last < end and text[last] in CLOSING else last


def _inner_mark(text: str, index: int, last: int, end: int) -> bool:
    """Whether a mark belongs to the clause: 、 within a name, the comma of a number, or the number of a list item."""
    mark = text[index]
    if mark == ",":
        return index + 1 < len(text) and text[index + 1].isdigit() and text[index - 1].isdigit()
    if mark != "、":
        return False
    if read_numbering(text[_line(text, index):index + 1]):
        return True
    return bool(text[last:index].strip())


def _line(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1
