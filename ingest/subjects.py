"""What figures in prose are about: the subject that a clause, a heading, a list item or a named group gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ingest.clauses import WHOLE, fund_of, item_of
from ingest.numbering import read_numbering
from ingest.prose_numbers import read_numbers
from store.values import Flow, Fund, Measure, Passage
from store.vocabulary import plain_label, vocabulary

_CODED = re.compile(r"[（(][类款项][）)]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about, as the next ones may refer to it."""

    name: str
    context: tuple[str, ...]
    year: int | None
    measure: Measure | None
    fund: Fund | None
    flow: Flow | None
    unit: str = ""                 # of a count: 公务用车 in 辆 is not above 设备 in 台


def heading_subject(passage: Passage) -> Subject | None:
    """What the innermost heading that names an item is about, with the fund that the headings name."""
    fund = _first_fund(reversed(passage.section))
    for label in reversed(passage.section):
        name = _heading_name(label)
        if name and (name in _known_names() or not re.match(r"第.{1,3}[部章篇]", label)):
            return Subject(name, (), None, None, fund, flow_of(name, label))
    return None


def _first_fund(labels: Iterable[str]) -> Fund | None:
    for label in labels:
        fund = fund_of(label)
        if fund is not None:
            return fund
    return None


@cache
def _known_names() -> frozenset[str]:
    return frozenset({item.item for item in vocabulary().items} | WHOLE)


def _heading_name(label: str) -> str:
    plain = plain_label(label)
    numbering = read_numbering(plain)
    words = plain[numbering.end:] if numbering else plain
    words = re.sub(r"(?:增减)?(?:变化|总体|执行|安排|具体|规模|编制)?(?:情况)?(?:的)?(?:及原因)?(?:说明|情况)?$", "", words)
    return item_of(words)[0]


def lead_subject(paragraph: str) -> Subject | None:
    """What a numbered paragraph is about, by its first phrase: 7、卫生健康支出（类）…（项）。主要用于…"""
    line = paragraph.split("\n", 1)[0]
    numbering = read_numbering(line)
    if numbering is None:
        return None
    phrase = re.split(r"[。：:，；]", line[numbering.end:], maxsplit=1)[0]
    numbers = read_numbers(phrase)
    if numbers and _CODED.search(phrase):  # “城乡社区支出（类）…（项）”1660.32万元: what the whole paragraph is about
        phrase = phrase[: numbers[0].start]
    elif numbers or len(phrase) > 60:
        return None
    name, outer = item_of(phrase)
    return Subject(name, outer, None, None, fund_of(phrase), flow_of(name, phrase)) if name else None


def flow_of(name: str, words: str) -> Flow | None:
    """Whether a name, or the words around it, speak of income or of expenditure; None where they say neither or both."""
    for text in (name, words):
        income, expenditure = "收入" in text, "支出" in text
        if income != expenditure:
            return "income" if income else "expenditure"
    if re.search(r"(?:经费|费|费用|采购)$", name):
        return "expenditure"
    item = vocabulary().item_by_variant.get(plain_label(name))
    return item.flow if item else None


def named_group(said: str) -> Subject | None:
    """The group that words before a colon open: ②公用经费：商品和服务支出126万元. None for 其中： and its like."""
    found = re.search(r"(?:^|[，。；\n])\s*([^，。；：\n]{2,24})[:：]\s*$", said)
    if found is None or found.group(1).startswith("其中") or read_numbers(found.group(1)):
        return None
    words = re.sub(r"(?:主要|具体|分别)?(?:包括|包含|为|是)$", "", found.group(1))
    name, outer = item_of(words)
    return Subject(name, outer, None, None, fund_of(words), flow_of(name, "")) if name in _group_names() else None


@cache
def _group_names() -> frozenset[str]:
    return frozenset({entry.item for entry in vocabulary().items} | {code.name for code in vocabulary().codes} | WHOLE)
