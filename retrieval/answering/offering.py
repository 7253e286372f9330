"""Questions to click where an answer can't be given: each is read whole, and has an answer.

First the question as it was understood, said anew without the words that nothing explains; then its other readings; then the same with
the printed names that come nearest to those words; then such a name by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from retrieval.language.reader import Understood
from retrieval.names.labels import Match
from retrieval.question import expression as q
from retrieval.question.as_question import as_question
from retrieval.question.expression import Item, Pick, picks

MOST_OPTIONS = 4
MOST_TRIED = 9
MOST_TERMS = 3
NEAREST = 3  # printed names that are offered for one stretch of words


def offers(
    understood: Understood, expression: Any, names: Mapping[str, str], agency: str | None, answers: Callable[[str], bool]
) -> tuple[str, ...]:
    """Up to four questions near to one that was not answered. `agency` is whose it is; `answers` tells whether a question has an answer."""
    found: list[str] = []
    for tried, question in enumerate(_each_once(_near(understood, expression, names, agency))):
        if tried == MOST_TRIED or len(found) == MOST_OPTIONS:
            break
        if question != understood.text and answers(question):
            found.append(question)
    return tuple(found)


def _each_once(questions: Iterator[str | None]) -> Iterator[str]:
    seen: set[str] = set()
    for one in questions:
        if one is not None and one not in seen:
            seen.add(one)
            yield one


def _near(understood: Understood, expression: Any, names: Mapping[str, str], agency: str | None) -> Iterator[str | None]:
    """Questions that may have been meant, likeliest first."""
    readings = [expression, *(one.expression for one in sorted(understood.others, key=lambda one: one.cost))]
    readings = [_of(one, agency) for one in readings if one is not None]
    for one in readings[:1]:
        yield as_question(one, names)
    matched = _matched(understood)
    yield _as_printed(understood, expression, names, agency)
    for match in matched[:2]:
        for one in readings[:1]:
            yield as_question(_with(one, match), names)
    for one in readings[1:3]:
        yield as_question(one, names)
    when = next((one for one in picks(expression) if one.year or one.earlier or one.kind), Pick()) if expression is not None else Pick()
    plain = Pick(None, agency, when.year, when.earlier, when.kind)
    for match in matched:
        yield as_question(replace(plain, item=_item_of(match)), names)
    for one in (*readings[:1], *(part for reading in readings[:1] for part in picks(reading))):
        for pick in picks(one):
            if pick.item is not None:
                yield as_question(pick, names)


def _as_printed(understood: Understood, expression: Any, names: Mapping[str, str], agency: str | None) -> str | None:
    """What the disclosure says in words of what was not understood, with the things that were."""
    nodes = list(q.walk(expression)) if expression is not None else []
    terms = [term for node in nodes if isinstance(node, q.Told) for term in node.terms]
    terms += [one.text.strip("的") for one in (*understood.unread, *understood.ignored) if not one.is_light and not one.cues]
    terms = [term for term in dict.fromkeys(terms) if len(term) >= 2][:MOST_TERMS]
    if not terms:
        return None
    said = [one.item.said for one in picks(expression) if one.item is not None] if expression is not None else []
    when = next((one for one in picks(expression) if one.year), Pick()) if expression is not None else Pick()
    return as_question(q.Told("passage", Pick(None, agency, when.year), (*dict.fromkeys(said), *terms)), names)


def _of(expression: Any, agency: str | None) -> Any:
    """The expression about the agency of the talk, where it names none."""
    return q.filled(expression, Pick(agency=agency)) if agency is not None else expression


def _matched(understood: Understood) -> list[Match]:
    """The printed names nearest to words that were not understood, the longest of these first."""
    near = sorted(understood.near, key=lambda pair: (-len(pair[0]), -max((match.score for match in pair[1]), default=0.0)))
    return [match for _, matches in near for match in matches[:NEAREST]]


def _item_of(match: Match) -> Item:
    label = match.label.printed or match.label.text
    return Item(label, label, (label,))


def _with(expression: Any, match: Match) -> Any:
    """The expression asked of a printed name: in place of what is asked for where that is only a total."""
    item = _item_of(match)
    found = [one for one in picks(expression) if one.item is not None]
    if isinstance(expression, Pick):
        return replace(expression, item=item)
    if len({one.item for one in found}) > 1:
        return None

    def named(node: Any) -> Any:
        return replace(node, item=item) if isinstance(node, Pick) else node

    return q.rebuilt(expression, named)


__all__ = ["MOST_OPTIONS", "offers"]
