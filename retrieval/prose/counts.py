"""Numbers that stand in prose with what they count or cost: 公务用车 46 辆, 共 6个科室, 律师服务费120万元.

Takes passages; finds every number with a unit and the words it belongs to (its *label*: the words beside it in its clause),
and tells which of them a question asks for. A number is only given if the question's words stand in its label, its
sentence or its headings: a near miss is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from retrieval.prose.likeness import coverage, held, likeness
from retrieval.prose.passages import Prose, Span
from retrieval.prose.sought import ANY_COUNTER, Piece, ProseQuestion
from retrieval.prose.words import pattern, prose_words
from retrieval.words.cues import load, without_denied
from store.numerals import NUMERALS, read_numeral

PERCENT = "%"
BOUGHT = "购置"
"""What says of a number of things that they are to be bought."""
ENOUGH = 0.6
"""The share of the question's words that must stand around a number."""

_EDGE = re.compile(r"[，；。：、！？\n（）]")
_ALIKE = 0.05   # scores so near do not tell which of two numbers is meant
_ALIKE_COUNTERS = frozenset(("个", "家"))   # units are counted by either
_PRINTED = load("prose.toml")["counts"]
_OTHER_PERIOD = re.compile(_PRINTED["other_period"])
_PART = re.compile(_PRINTED["part"])
_RUNNING = re.compile(_PRINTED["running"])
_WHEN = re.compile(_PRINTED["when"])
_MONTHS: dict[str, str] = _PRINTED["months"]
_BOUGHT = re.compile(_PRINTED["bought"])
_THINGS = ("辆", "台", "套")  # that are there or are bought
_VERBATIM = 4  # characters of a label that, said as it is printed, tells which number is meant
_FILLING = re.compile(_PRINTED["filling"])


@dataclass(frozen=True)
class StatedNumber:
    """A number in a passage. `start` and `end` bound number and unit, in plain offsets."""

    sentence: Span
    start: int
    end: int
    number: Decimal
    unit: str                      # as printed: 辆, 万元
    kind: str                      # its unit's kind: 人 for 名; 元 for all money
    before: str                    # the clause before it
    after: str                     # the clause behind it

    @property
    def label(self) -> str:
        """The words beside the number; a word for counting belongs to them (5个处)."""
        return self.before + ("" if self.kind == "元" else self.unit) + self.after


@dataclass(frozen=True)
class Found:
    """A number with how well it answers, 0 … 1."""

    number: StatedNumber
    score: float


def stated_numbers(prose: Prose) -> Iterator[StatedNumber]:
    """Every number with a unit of counting or of money in the passage."""
    words = prose_words()
    for sentence in prose.sentences:
        plain, last, stop = sentence.plain, "", -1
        for match in _number_pattern().finditer(plain):
            number, unit = read_numeral(match["number"]), match["unit"]
            if number is None or match["number"] == "一" or (match["more"] and unit in words.money_units):
                continue  # 一 is often none, and 4万余元 no amount
            clauses = _EDGE.split(plain[:match.start()])
            own = clauses[-1]
            if not _RUNNING.sub("", own) or match.start() == stop:
                before = last
            elif not _FILLING.sub("", pattern("generic_label").sub("", own)):
                before = (last if clauses[-2:-1] and not clauses[-2] else "".join(clauses[-2:-1])) + own
            else:
                before = own
            last, stop = before, match.end()
            after = _EDGE.split(plain[match.end():], maxsplit=1)[0]
            kind = "元" if unit in words.money_units else words.counters.get(unit, unit)
            yield StatedNumber(sentence, sentence.start + match.start(), sentence.start + match.end(), number, unit, kind, before, after)


def find_numbers(prose: Sequence[Prose], question: ProseQuestion, pieces: Sequence[Piece], kinds: Sequence[str]) -> tuple[Found, ...]:
    """The numbers of these kinds that the pieces of a question are about, the best first; () if none is near enough."""
    counted = ((number, passage.order) for passage in prose for number in stated_numbers(passage) if _counts(number, kinds))
    scored = ((number, order, _score(number, pieces, question)) for number, order in counted)
    found = [Found(number, score - 0.02 * order) for number, order, score in scored if score >= ENOUGH]
    return tuple(sorted(found, key=lambda entry: (-round(entry.score, 1), _is_part(entry.number), -entry.score)))


def _is_part(number: StatedNumber) -> bool:
    """Whether the number stands behind 其中, or behind 包括 and another number: a part of the one before."""
    return _PART.search(number.sentence.prose.plain[number.sentence.start:number.start]) is not None


def _counts(number: StatedNumber, kinds: Sequence[str]) -> bool:
    """Whether a number is of one of the kinds: by its unit, or by the word before it (接待批次为323次)."""
    if number.kind in ("元", PERCENT):
        return number.kind in kinds and not _OTHER_PERIOD.search(number.sentence.plain)
    if number.kind in kinds or ANY_COUNTER in kinds or (number.kind in _ALIKE_COUNTERS and _ALIKE_COUNTERS & set(kinds)):
        return True
    return any(number.before.endswith((kind, f"{kind}为")) for kind in kinds if kind != "元")


def _score(number: StatedNumber, pieces: Sequence[Piece], question: ProseQuestion) -> float:
    """The pieces must stand around the number; of several, the one whose label says least beside them is meant."""
    prose = number.sentence.prose
    ahead = prose.plain[number.sentence.start:number.start]
    covered = coverage(pieces, (number.label, 1.0), (ahead, 0.65), (prose.headings, 0.75))
    if covered < ENOUGH:
        return covered
    label = _FILLING.sub("", number.label)
    exact = max((likeness(word, label) for piece in pieces for word in piece.printed), default=0.0)
    beside = max((held(word, number.label) for piece in pieces for word in piece.printed), default=0.0)
    if beside == 0.0:
        return 0.0
    bought = _BOUGHT.search(ahead)
    buys = number.kind in _THINGS and asks_bought(question.around)
    if bought is not None and number.kind != "元" and not buys and not any(_says(piece, bought["how"]) for piece in pieces):
        return 0.0  # 计划购置车辆1辆…设备6台: not those that are there
    buys = buys or (number.kind != "元" and any(piece.said == BOUGHT for piece in pieces))
    if bought is None and buys and BOUGHT not in number.label:
        return 0.0  # nor those that are there for those to be bought
    if not (buys and bought) and _is_unsaid(pattern("qualifier").search(label), pieces, question.text):
        return 0.0
    # 计划购置车辆1辆；单价100万元以上设备0台
    planned = 0.15 * _is_unsaid(pattern("qualifier").search(ahead), pieces, question.text + question.around)
    extra = max(0, len(label) - max((len(word) for piece in pieces for word in piece.printed if word in label), default=0))
    if number.kind != "元" and not _at_the_time(ahead, question.around):
        return 0.0
    topic = 0.1 if question.topic and prose.topic == question.topic else 0.0
    named = _FILLING.sub("", number.before)
    topic += 0.2 if len(named) >= _VERBATIM and named in question.around else 0.0
    return covered + 0.04 * exact - 0.003 * min(extra, 10) - planned + topic


def _at_the_time(printed: str, asked: str) -> bool:
    """Whether the date printed last before a number is one that is asked for, where both say one (截至10月有5辆, not 年初9辆)."""
    at, wanted = (_WHEN.findall(one) for one in (printed, asked))
    return not at or not wanted or at[-1] in wanted or _MONTHS.get(at[-1], at[-1]) in [_MONTHS.get(one, one) for one in wanted]


def _is_unsaid(qualifier: re.Match[str] | None, pieces: Sequence[Piece], text: str) -> bool:
    """Whether a qualifier is printed that the words of a question don't ask for."""
    said = None if qualifier is None else qualifier.group()
    if said is None or said in text or any(_says(piece, said) for piece in pieces):
        return False
    return not any(word in text and said in printed for word, printed in prose_words().synonyms.items())


def _says(piece: Piece, qualifier: str) -> bool:
    """Whether the question asks for what the qualifier makes of a thing: 新增的车."""
    return any(qualifier in word for word in (piece.said, *prose_words().synonyms.get(piece.said, ())))


def answer_numbers(prose: Sequence[Prose], question: ProseQuestion, kinds: Sequence[str]) -> tuple[Found, ...]:
    """The best number that answers the question, and the next best."""
    return find_numbers(prose, question, question.pieces, kinds)[:2]


def has_rivals(found: Sequence[Found]) -> bool:
    """Whether the best number is one of several in its sentence that fit alike: 院士 of three kinds, no total of them."""
    if len(found) < 2:
        return False
    best, second = found[0], found[1]
    same_sentence = best.number.sentence == second.number.sentence and _is_part(best.number) == _is_part(second.number)
    return same_sentence and best.number.number != second.number.number and best.score - second.score < _ALIKE


def asks_bought(text: str) -> bool:
    """Whether a question is about things to be got, not about those that are there (现有的不算)."""
    said, words = without_denied(text), load("names.toml")["newly"]
    return re.search(words["asks"], said) is not None and re.search(words["there"], said) is None


@cache
def asked_counter() -> re.Pattern[str]:
    """Finds what a question asks how many of there are by: 几|家, 多少|辆; its one group is the word for counting."""
    words = prose_words()
    counters = "|".join(map(re.escape, sorted(words.counters, key=len, reverse=True)))
    return re.compile(rf"(?:{words.pattern('quantity').pattern})({counters})")


@cache
def _number_pattern() -> re.Pattern[str]:
    words = prose_words()
    units = "|".join(map(re.escape, sorted((*words.counters, *words.money_units, PERCENT), key=len, reverse=True)))
    number = rf"\d[\d,]*(?:\.\d+)?|[\d,.]*[{NUMERALS}][\d,.{NUMERALS}]*"
    return re.compile(rf"(?<![\d.A-Za-z第{NUMERALS}])(?P<number>{number})(?P<more>余|多)?(?P<unit>{units})")
