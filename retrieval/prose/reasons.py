"""Changes told in prose, and the reasons printed for them: 支出预算较上年增加…，主要是….

Takes passages; finds every sentence that tells a change of something, with what it is about and, where one is printed, the
reason. A change is about the words before its verb in the same clause; where these name nothing, about the sentence
before, and always about its headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from retrieval.prose.likeness import ProseQuestion, held, likeness, pattern, printed, prose_words
from retrieval.prose.passages import LONGEST_QUOTE, Prose, Span, ending, plain_text
from retrieval.question.plan import Direction

_CLAUSE = re.compile(r"[。！？；\n]")
_NEAR = 0.35
_MOST = 5  # reasons that are quoted one after the other
_printed = partial(printed, "reasons")


@dataclass(frozen=True)
class Change:
    """A change told in prose, with its reason. `span` runs from the clause that tells it to the end of its reason."""

    span: Span
    about: str  # plain words before the verb
    near: str  # of these, the last part that says something
    before: str  # the sentence before
    direction: Direction


def find_changes(passage: Prose) -> Iterator[Change]:
    """Every change that the passage explains, in order: one for each verb, of which the question decides which one is meant."""
    plain = passage.plain
    bounds = [0, *(match.end() for match in _CLAUSE.finditer(plain)), len(plain)]
    parts = [(start, end) for start, end in pairwise(bounds) if start < end]
    for before, (start, end), after in zip([(0, 0), *parts], parts, [*parts[1:], (0, 0)], strict=False):
        clause, following = plain[start:end], plain[slice(*after)]
        marker = pattern("reason_marker").search(clause)
        goes_on = marker is None and _gives_reason(following)
        span = Span(passage, start, after[1] if goes_on else end)
        for verb in pattern("change").finditer(clause[: marker.start()] if marker else clause):
            causes = list(pattern("cause").finditer(clause, 0, verb.start()))
            if marker or goes_on or causes or pattern("reason_heading").search(passage.heading):
                head = clause[causes[-1].end() if causes else 0 : verb.start()]
                yield Change(span, _subject(head), _nearest_part(head), plain[slice(*before)], _ways()[verb.group()])


def _ways() -> dict[str, Direction]:
    """Which way a verb says that something went."""
    return dict(prose_words().by_role["change"])  # pyright: ignore[reportReturnType]


def _gives_reason(following: str) -> bool:
    """Whether the next clause only goes on to give the reason: 主要是…, 此项数据变动较大的原因是…."""
    marker = pattern("reason_marker").search(following)
    return marker is not None and len(_printed("goes_on").sub("", following[: marker.start()])) <= 1


def _subject(head: str) -> str:
    """The words before the verb without years, amounts, comparisons and words that say nothing."""
    for what in ("amounts", "compared", "numbering"):
        head = _printed(what).sub("", head)
    return head


def _bare(text: str) -> str:
    """A text without the words that say nothing about what changed."""
    return _printed("says_nothing").sub("", text)


def _nearest_part(head: str) -> str:
    """The last part between commas that names something; "" if none does."""
    parts = (_subject(part) for part in reversed(re.split("[，：]", head)))
    return next((part for part in parts if _bare(pattern("change").sub("", part))), "")


def best_change(prose: Sequence[Prose], question: ProseQuestion) -> tuple[float, Change, Span] | None:
    """The explained change that the question is about, with its score (0 … about 2) and its words; None if none is near enough.

    Among equals the first in reading order.
    """
    scored = [(_score(change, question) - 0.05 * passage.order, change) for passage in prose for change in find_changes(passage)]
    score, change = max(scored, key=lambda pair: round(pair[0], 9), default=(0.0, None))
    if change is None or score < _NEAR:
        return None
    start = change.span.start - len(change.before)  # its own clause may not say what it is about
    whole = not _bare(change.about) and bool(change.before) and change.span.end - start <= LONGEST_QUOTE
    return score, change, Span(change.span.prose, start, change.span.end) if whole else change.span


def with_more(span: Span) -> tuple[Span, ...]:
    """A reason, with those that are counted after it (…；二是…)."""
    spans, end = [ending(span)], span.end
    while len(spans) < _MOST and (more := _printed("more").match(span.prose.plain, end)) is not None:
        spans.append(Span(span.prose, end, more.end()).shortened())
        end = more.end()
    return tuple(spans)


def _score(change: Change, question: ProseQuestion) -> float:
    """How well a change fits: its own subject counts most, then its headings, then the sentence before."""
    agency = plain_text(change.span.prose.document.agency or "")
    subject = _bare(change.near.replace(agency, "") if agency else change.near)
    heading = _bare(_printed("numbering").sub("", change.span.prose.heading))
    if names := _names(question):
        score = max(_fits(name, subject, heading, change) for name in names)
    else:
        score = max(_fits_total(flow, subject, heading) for flow in question.flows) - 0.02 * len(subject)
    if {question.direction, change.direction} == {"increase", "decrease"}:
        return score - 0.25
    return score + (0.15 if question.direction == change.direction != "same" else 0.0)


def _names(question: ProseQuestion) -> tuple[str, ...]:
    """What is printed for the things asked about that are no totals."""
    totals = {plain_text(word) for word in prose_words().of("total")}
    return tuple(name for piece in question.pieces if totals.isdisjoint((piece.said, *piece.printed)) for name in piece.printed)


def _fits(name: str, subject: str, heading: str, change: Change) -> float:
    named = max(_named(name, change.near), 0.8 * _named(name, change.about))
    headed = 0.5 * _named(name, change.span.prose.heading) + 0.2 * likeness(name, heading)
    if named:
        return 0.6 * named + 0.6 * likeness(_bare(name) or name, subject) + 0.3 * headed
    if not subject:
        return max(headed, 0.4 * _named(name, change.before))
    return headed if _is_general(subject) else 0.0


def _is_general(subject: str) -> bool:
    """Whether a subject names no item of its own: 支出, 收入合计."""
    return len(_printed("general").sub("", subject)) <= 1


def _named(name: str, text: str) -> float:
    """How surely a text names something; half of its characters are not enough."""
    share = held(name, text)
    return share if share >= 0.6 else 0.0


def _fits_total(flow: str, subject: str, heading: str) -> float:
    """A question about a total wants a change whose subject is the total and nothing narrower."""
    headed = flow in heading
    if not subject:
        return 0.7 if headed else 0.2
    if not _is_general(subject):
        return 0.45 * likeness(flow, subject)
    total = _printed("whole").sub("", subject) or subject
    neutral = 0.0 if _printed("flow").search(total) else 0.4  # 当年财政拨款: income and spending in one
    return max(neutral, 0.9 * likeness(flow, total)) + 0.2 * headed
