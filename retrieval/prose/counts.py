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
from itertools import pairwise

from retrieval.prose.likeness import ANY_COUNTER, Piece, ProseQuestion, coverage, held, likeness, pattern, printed, prose_words
from retrieval.prose.passages import EDGE, Prose, Span
from retrieval.words.cues import asks_bought, buying
from retrieval.words.grammar import load
from store.numerals import NUMERALS, read_numeral

PERCENT = "%"
MONEY = "money"
"""The kind of all amounts of money."""
"""What says of a number of things that they are to be bought."""
ENOUGH = 0.6
"""The share of the question's words that must stand around a number."""

_ALIKE = 0.05  # scores so near do not tell which of two numbers is meant
_VERBATIM = 4  # characters of a label that, said as it is printed, tells which number is meant


@dataclass(frozen=True)
class StatedNumber:
    """A number in a passage. `start` and `end` bound number and unit, in plain offsets."""

    sentence: Span
    start: int
    end: int
    number: Decimal
    unit: str  # as printed: 辆, 万元
    kind: str  # its unit's kind: 人 for 名; MONEY for all money
    before: str  # the clause before it
    after: str  # the clause behind it

    @property
    def label(self) -> str:
        """The words beside the number; a word for counting belongs to them (5个处)."""
        return self.before + ("" if self.kind == MONEY else self.unit) + self.after


@dataclass(frozen=True)
class Found:
    """A number with how well it answers, 0 … 1."""

    number: StatedNumber
    score: float


def kind_of(unit: str) -> str:
    """What a unit counts, however it is called: 人 for 名."""
    return MONEY if unit in prose_words().money_units else prose_words().counters.get(unit, unit)


def stated_numbers(prose: Prose) -> Iterator[StatedNumber]:
    """Every number with a unit of counting or of money in the passage."""
    running, filling, generic = printed("counts", "running"), printed("counts", "filling"), pattern("generic_label")
    for sentence in prose.sentences:
        plain, last, stop = sentence.plain, "", -1
        for match in _number_pattern().finditer(plain):
            number, unit = read_numeral(match["number"]), match["unit"]
            kind, is_one = kind_of(unit), number == 1 and not match["number"].isascii()
            named = kind == MONEY and number is not None and number < 10 and not match["number"].isascii()  # 四元桥 is a name
            if number is None or is_one or named or (match["more"] and kind == MONEY):
                continue  # 一 is often none, and 4万余元 no amount
            clauses = EDGE.split(plain[: match.start()])
            before = clauses[-1]
            if not running.sub("", before) or match.start() == stop:
                before = last
            elif not filling.sub("", generic.sub("", before)):
                before = (last if clauses[-2:-1] and not clauses[-2] else "".join(clauses[-2:-1])) + before
            last, stop = before, match.end()
            after = EDGE.split(plain[match.end() :], maxsplit=1)[0]
            yield StatedNumber(sentence, sentence.start + match.start(), sentence.start + match.end(), number, unit, kind, before, after)


def numbers_of(span: Span) -> list[StatedNumber]:
    """The numbers that stand in a span."""
    return [one for one in stated_numbers(span.prose) if span.start <= one.start < span.end]


def find_numbers(
    prose: Sequence[Prose], question: ProseQuestion, kinds: Sequence[str], pieces: Sequence[Piece] | None = None
) -> tuple[Found, ...]:
    """The numbers of these kinds that a question is about (or `pieces` of it), the best first; () if none is near enough."""
    about = question.pieces if pieces is None else pieces
    counted = (number for passage in prose for number in stated_numbers(passage) if _counts(number, kinds))
    scored = ((number, _score(number, about, question)) for number in counted)
    found = [Found(number, score - 0.02 * number.sentence.prose.order) for number, score in scored if score >= ENOUGH]
    return tuple(sorted(found, key=lambda entry: (-round(entry.score, 1), _is_part(entry.number), -entry.score)))


def side_by_side(question: ProseQuestion) -> tuple[Piece, ...]:
    """The pieces in their order where a question asks for all of them side by side (在职人员和离退休人员); else ()."""
    pieces = sorted(question.pieces, key=lambda piece: question.around.find(piece.said))
    places = [(question.around.find(piece.said), len(piece.said)) for piece in pieces]
    between = [question.around[place + length : after] for (place, length), (after, _) in pairwise(places)]
    return tuple(pieces) if between and all(printed("counts", "and").fullmatch(one) for one in between) else ()


def _is_part(number: StatedNumber) -> bool:
    """Whether the number stands behind 其中, or behind 包括 and another number: a part of the one before."""
    return printed("counts", "part").search(number.sentence.to(number.start).plain) is not None


def _counts(number: StatedNumber, kinds: Sequence[str]) -> bool:
    """Whether a number is of one of the kinds: by its unit, or by the word before it (接待批次为323次)."""
    if number.kind in (MONEY, PERCENT):
        return number.kind in kinds and not printed("counts", "other_period").search(number.sentence.plain)
    alike = load("prose.toml")["counts"]["alike"]
    if number.kind in kinds or ANY_COUNTER in kinds or (number.kind in alike and not {*alike}.isdisjoint(kinds)):
        return True
    return printed("counts", "filling").sub("", number.before).endswith(tuple(kinds))


def _score(number: StatedNumber, pieces: Sequence[Piece], question: ProseQuestion) -> float:
    """The pieces must stand around the number; of several, the one whose label says least beside them is meant."""
    prose = number.sentence.prose
    ahead = number.sentence.to(number.start).plain
    names = [name for piece in pieces for name in piece.printed]
    covered = coverage(pieces, (number.label, 1.0), (ahead, 0.65), (prose.headings, 0.75))
    if covered < ENOUGH or not any(held(name, number.label) for name in names):
        return 0.0
    bought = printed("counts", "bought").search(ahead)
    buys = number.kind != MONEY and _is_bought(number, pieces, question, bought)
    if number.kind != MONEY and ((bought is not None) != buys and not (buys and buying() in number.label)):
        return 0.0  # 计划购置车辆1辆…设备6台: not those that are there, nor those for those to be bought
    filling, qualifier = printed("counts", "filling"), pattern("qualifier")
    label = filling.sub("", number.label)
    if not (buys and bought) and _is_unsaid(qualifier.search(label), pieces, question.text):
        return 0.0
    if number.kind != MONEY and not _at_the_time(ahead, question.around):
        return 0.0
    # 计划购置车辆1辆；单价100万元以上设备0台
    planned = 0.15 * _is_unsaid(qualifier.search(ahead), pieces, question.text + question.around)
    extra = max(0, len(label) - max((len(name) for name in names if name in label), default=0))
    named = filling.sub("", number.before)
    topic = 0.1 * (question.topic is not None and prose.topic == question.topic)
    topic += 0.2 * (len(named) >= _VERBATIM and named in question.around)
    return covered + 0.04 * max(likeness(name, label) for name in names) - 0.003 * min(extra, 10) - planned + topic


def _is_bought(number: StatedNumber, pieces: Sequence[Piece], question: ProseQuestion, bought: re.Match[str] | None) -> bool:
    """Whether a question asks for those of the things that are to be bought."""
    things = load("prose.toml")["counts"]["things"]
    return (
        (number.kind in things and asks_bought(question.around))
        or any(piece.said == buying() for piece in pieces)
        or (bought is not None and any(_says(piece, bought["how"]) for piece in pieces))
    )


def _at_the_time(ahead: str, asked: str) -> bool:
    """Whether the date printed last before a number is one that is asked for, where both say one (截至10月有5辆, not 年初9辆)."""
    months: dict[str, str] = load("prose.toml")["counts"]["months"]
    at, wanted = ([months.get(one, one) for one in printed("counts", "when").findall(text)] for text in (ahead, asked))
    return not at or not wanted or at[-1] in wanted


def _is_unsaid(qualifier: re.Match[str] | None, pieces: Sequence[Piece], text: str) -> bool:
    """Whether a qualifier is printed that the words of a question don't ask for."""
    said = None if qualifier is None else qualifier.group()
    if said is None or said in text or any(_says(piece, said) for piece in pieces):
        return False
    return not any(word in text and said in forms for word, forms in prose_words().synonyms.items())


def _says(piece: Piece, qualifier: str) -> bool:
    """Whether the question asks for what the qualifier makes of a thing: 新增的车."""
    return any(qualifier in word for word in (piece.said, *prose_words().synonyms.get(piece.said, ())))


def has_rivals(found: Sequence[Found]) -> bool:
    """Whether the best number is one of several in its sentence that fit alike: 院士 of three kinds, no total of them."""
    if len(found) < 2:
        return False
    best, second = found[0], found[1]
    same_sentence = best.number.sentence == second.number.sentence and _is_part(best.number) == _is_part(second.number)
    return same_sentence and best.number.number != second.number.number and best.score - second.score < _ALIKE


@cache
def asked_counter() -> re.Pattern[str]:
    """Finds what a question asks how many of there are by: 几|家, 多少|辆; its one group is the word for counting."""
    counters = "|".join(map(re.escape, sorted(prose_words().counters, key=len, reverse=True)))
    return re.compile(rf"(?:{pattern('quantity').pattern})({counters})")


@cache
def _number_pattern() -> re.Pattern[str]:
    words = prose_words()
    units = "|".join(map(re.escape, sorted((*words.counters, *words.money_units, PERCENT), key=len, reverse=True)))
    return re.compile(load("prose.toml")["counts"]["number"].format(numerals=NUMERALS, units=units))
