"""Whether a claim about prose is right: 2批次26人次, 买了新公务车.

Takes passages and a question; a claim with numbers is supported if each is printed for the same thing, and refuted only if
the thing is named beyond doubt with another number. A claim that something is or is not there is judged by the numbers
printed for it: all zero means that it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from retrieval.answer import Verdict
from retrieval.likeness import likeness
from retrieval.passages import CitedDocument, Prose, Span
from retrieval.plan import Plan
from retrieval.prose_numbers import Found, StatedNumber, bare_label, find_numbers, stated_numbers
from retrieval.prose_question import ProseQuestion
from retrieval.prose_search import nearest
from retrieval.prose_words import prose_words
from store.money import to_yuan

_SURE = 0.9
"""A claim is refuted only by a number that its own words name this well."""

_ALIKE = 0.5
_CLOSE = 6   # characters between a negation and what it denies
_JUDGED = re.compile(r"对不对|是不是|属不属实|真不真|有没有|不属实|不对")
_NOWHERE = CitedDocument("", None, None, None, "")


@dataclass(frozen=True)
class Judged:
    verdict: Verdict
    numbers: tuple[StatedNumber, ...]
    spans: tuple[Span, ...]
    score: float


def judge_claim(plan: Plan, question: ProseQuestion, prose: Sequence[Prose]) -> Judged | None:
    """The verdict on the question's claim, with the numbers and sentences that decide it; None if the prose doesn't tell."""
    claimed = _claimed(question.text)
    if claimed:
        return _judge_numbers(claimed, question, prose)
    return _judge_being(question, prose)


def _claimed(text: str) -> tuple[StatedNumber, ...]:
    """The numbers with units that the question itself says."""
    spoken = Prose("", _NOWHERE, (), None, None, None, (), text, 0)
    return tuple(stated_numbers(spoken))


def _judge_numbers(claimed: Sequence[StatedNumber], question: ProseQuestion, prose: Sequence[Prose]) -> Judged | None:
    decided: list[tuple[bool, Found]] = []
    for claim in claimed:
        found = find_numbers(prose, question, question.pieces, (claim.kind,))
        if not found:
            return None
        agreeing = next((entry for entry in found if _same(claim, entry.number)), None)
        if agreeing is not None:
            decided.append((True, agreeing))
        elif found[0].score >= _SURE and _is_named(found[0].number, question):
            decided.append((False, found[0]))
        else:
            return None
    verdict: Verdict = "supported" if all(right for right, _ in decided) else "refuted"
    numbers = tuple(entry.number for _, entry in decided)
    return Judged(verdict, numbers, _sentences(numbers), min(entry.score for _, entry in decided))


def _is_named(number: StatedNumber, question: ProseQuestion) -> bool:
    """Whether the words beside a number are those of the question and hardly more: only then it can refute."""
    labels = (bare_label(number), number.before, number.after)
    words = [word for piece in question.pieces for word in piece.printed if len(word) > 1]
    return any(likeness(word, label) >= _ALIKE for word in words for label in labels)


def _judge_being(question: ProseQuestion, prose: Sequence[Prose]) -> Judged | None:
    """By the numbers whose label names the thing in full: one above zero means that it is there."""
    names = [word for piece in question.pieces for word in piece.printed if len(word) >= 3]
    named = [
        number
        for passage in prose
        for number in stated_numbers(passage)
        if any(_names_alone(name, number.before) for name in names)
    ]
    if not named:
        return _judge_denial(question, prose)
    named.sort(key=lambda number: number.kind == "元")
    present = [number for number in named if number.number > 0]
    deciding = tuple((present or named)[:2])
    claims_absence = any(word in _JUDGED.sub("", question.text) for word in prose_words().of("claim_absent"))
    right = bool(present) != claims_absence
    return Judged("supported" if right else "refuted", deciding, _sentences(deciding), 0.8)


def _judge_denial(question: ProseQuestion, prose: Sequence[Prose]) -> Judged | None:
    """By a sentence that denies the thing itself (没有其他二级预算单位); a sentence that does not deny it decides nothing."""
    found = nearest(prose, question)
    if found is None or found[0] < _SURE:
        return None
    sentence = found[1]
    words = [word for piece in question.pieces for word in piece.printed]
    if not any(_denied(word, sentence.plain) for word in words):
        return None
    claims_absence = any(word in _JUDGED.sub("", question.text) for word in prose_words().of("claim_absent"))
    return Judged("supported" if claims_absence else "refuted", (), (sentence.shortened(),), 0.8)


def _denied(word: str, text: str) -> bool:
    """Whether a negation stands closely before the word."""
    place = text.find(word)
    return place >= 0 and prose_words().found("negation", text[max(0, place - _CLOSE):place]) is not None


def _names_alone(name: str, label: str) -> bool:
    """Whether the label names the thing and not a wider one that begins like it (公务用车购置及运行费)."""
    place = label.find(name)
    return place >= 0 and label[place + len(name):place + len(name) + 1] not in ("及", "和", "与")


def _sentences(numbers: Sequence[StatedNumber]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(number.sentence.shortened() for number in numbers))


def _same(claim: StatedNumber, printed: StatedNumber) -> bool:
    """Equal, or equal once the printed number is rounded to the digits claimed."""
    said, stands = _in_yuan(claim), _in_yuan(printed)
    exponent = claim.number.as_tuple().exponent
    digits = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    step = to_yuan(digits, claim.unit) or digits
    return said == stands or (claim.kind == "元" and abs(said - stands) * 2 <= step)


def _in_yuan(number: StatedNumber) -> Decimal:
    return to_yuan(number.number, number.unit) or number.number
