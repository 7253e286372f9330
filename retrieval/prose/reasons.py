"""Changes told in prose, and the reasons printed for them: 支出预算较上年增加…，主要是….

Takes passages; finds every sentence that tells a change of something, with what it is about and, where one is printed, the
reason. A change is about the words before its verb in the same clause; where these name nothing, about the sentence
before, and always about its headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.prose.likeness import held, likeness
from retrieval.prose.passages import LONGEST_QUOTE, Prose, Span, plain_text
from retrieval.prose.sought import ProseQuestion
from retrieval.prose.words import pattern, prose_words
from retrieval.question.plan import Direction
from retrieval.words.cues import load

_CLAUSE = re.compile(r"[。！？；\n]")
_PRINTED = load("prose.toml")["reasons"]
_AMOUNTS = re.compile(_PRINTED["amounts"])
_COMPARED = re.compile(_PRINTED["compared"])
_SAYS_NOTHING = re.compile(_PRINTED["says_nothing"])
_NUMBERING = re.compile(_PRINTED["numbering"])
_GOES_ON = re.compile(_PRINTED["goes_on"])
_GENERAL = re.compile(_PRINTED["general"])
_GOOD = 0.35
_TOTALS = frozenset(("支出总计", "收入总计"))


@dataclass(frozen=True)
class Change:
    """A change told in prose. `span` runs from the clause that tells it to the end of its reason."""

    span: Span
    about: str                     # plain words before the verb
    near: str                      # of these, the last part that says something
    before: str                    # the sentence before
    direction: Direction
    has_reason: bool


@dataclass(frozen=True)
class Match:
    """A change with how well it fits the question, 0 … about 2."""

    change: Change
    score: float


def find_changes(prose: Prose) -> tuple[Change, ...]:
    """Every change that the passage tells, in order."""
    found: list[Change] = []
    plain = prose.plain
    bounds = [0, *(match.end() for match in _CLAUSE.finditer(plain)), len(plain)]
    for position in range(len(bounds) - 1):
        start, end = bounds[position], bounds[position + 1]
        if start >= end:
            continue
        before = plain[bounds[position - 1]:start] if position else ""
        following = plain[end:bounds[position + 2]] if position + 2 < len(bounds) else ""
        found += _changes_of_clause(prose, start, end, before, following)
    return tuple(found)


def _changes_of_clause(prose: Prose, start: int, end: int, before: str, following: str) -> list[Change]:
    """One change for each verb of the clause: which one names what is asked for is for the question to decide."""
    clause = prose.plain[start:end]
    marker = pattern("reason_marker").search(clause)
    told = clause[:marker.start()] if marker else clause
    stop, has_reason = end, marker is not None
    if not has_reason and _gives_reason(following):
        stop, has_reason = end + len(following), True
    found: list[Change] = []
    for verb in pattern("change").finditer(told):
        direction = prose_words().meaning("change", verb.group())
        if direction in ("increase", "decrease", "same"):
            causes = list(pattern("cause").finditer(told, 0, verb.start()))
            head = clause[causes[-1].end() if causes else 0:verb.start()]
            explained = has_reason or bool(causes) or pattern("reason_heading").search(prose.heading) is not None
            found.append(Change(Span(prose, start, stop), _subject(head), _nearest_part(head), before, direction, explained))
    return found


def _gives_reason(following: str) -> bool:
    """Whether the next clause only goes on to give the reason: 主要是…, 此项数据变动较大的原因是…."""
    marker = pattern("reason_marker").search(following)
    return marker is not None and len(_GOES_ON.sub("", following[:marker.start()])) <= 1


def _subject(head: str) -> str:
    """The words before the verb without years, amounts, comparisons and words that say nothing."""
    return _NUMBERING.sub("", _COMPARED.sub("", _AMOUNTS.sub("", head)))


def _nearest_part(head: str) -> str:
    """The last part between commas that names something; "" if none does."""
    parts = (_subject(part) for part in reversed(re.split("[，：]", head)))
    return next((part for part in parts if _SAYS_NOTHING.sub("", pattern("change").sub("", part))), "")


def best_change(prose: Sequence[Prose], question: ProseQuestion, *, with_reason: bool) -> Match | None:
    """The change that the question is about; None if none is near enough. Among equals the first in reading order."""
    best: Match | None = None
    for passage in prose:
        for change in find_changes(passage):
            if with_reason and not change.has_reason:
                continue
            score = _score(change, question) - 0.05 * passage.order
            if score >= _GOOD and (best is None or score > best.score + 1e-9):
                best = Match(change, score)
    return None if best is None else Match(replace(best.change, span=_with_subject(best.change)), best.score)


def _with_subject(change: Change) -> Span:
    """The span, from the sentence before where its own clause does not say what it is about."""
    start = change.span.start - len(change.before)
    if _SAYS_NOTHING.sub("", change.about) or not change.before or change.span.end - start > LONGEST_QUOTE:
        return change.span
    return Span(change.span.prose, start, change.span.end)


def _score(change: Change, question: ProseQuestion) -> float:
    """How well a change fits: its own subject counts most, then its headings, then the sentence before."""
    names = _names(question)
    agency = plain_text(change.span.prose.document.agency or "")
    subject = _SAYS_NOTHING.sub("", change.near.replace(agency, "") if agency else change.near)
    heading = _SAYS_NOTHING.sub("", _NUMBERING.sub("", change.span.prose.heading))
    if names:
        score = max(_fits(name, subject, heading, change) for name in names)
    else:
        score = max(_fits_total(flow, subject, heading) for flow in question.flows) - 0.02 * len(subject)
    if question.direction in ("increase", "decrease") and change.direction in ("increase", "decrease"):
        score += 0.15 if question.direction == change.direction else -0.25
    return score


def _names(question: ProseQuestion) -> tuple[str, ...]:
    totals = {plain_text(word) for word in prose_words().of("total")}
    pieces = [piece for piece in question.pieces if piece.said not in totals and not _TOTALS & set(piece.printed)]
    return tuple(dict.fromkeys(name for piece in pieces for name in piece.printed))


def _fits(name: str, subject: str, heading: str, change: Change) -> float:
    named = max(_named(name, change.near), 0.8 * _named(name, change.about))
    headed = 0.5 * _named(name, change.span.prose.heading) + 0.2 * likeness(name, heading)
    if named:
        return 0.6 * named + 0.6 * likeness(_SAYS_NOTHING.sub("", name) or name, subject) + 0.3 * headed
    if not subject:
        return max(headed, 0.4 * _named(name, change.before))
    return headed if _is_general(subject) else 0.0


def _is_general(subject: str) -> bool:
    """Whether a subject names no item of its own: 支出, 收入合计."""
    return len(_GENERAL.sub("", subject)) <= 1


def _named(name: str, text: str) -> float:
    """How surely a text names something; half of its characters are not enough."""
    share = held(name, text)
    return share if share >= 0.6 else 0.0


def _fits_total(flow: str, subject: str, heading: str) -> float:
    """A question about a total wants a change whose subject is the total and nothing narrower."""
    if subject and not _is_general(subject):
        return 0.45 * likeness(flow, subject)
    if subject:
        subject = re.sub("总|合计|本年|当年|全年", "", subject) or subject
        neutral = 0.4 if not re.search("收入|支出|收支", subject) else 0.0  # 当年财政拨款: income and spending in one
        return max(neutral, 0.9 * likeness(flow, subject)) + (0.2 if flow in heading else 0.0)
    return 0.7 if flow in heading else 0.2
